//! Portable kernel: the definition of the operations, in plain code.

use crate::simd::generic::{self, Masks, Stops};

use super::vectors::Vectors;

#[derive(Clone, Copy, Debug)]
pub(super) struct Portable;

impl Vectors for Portable {
    #[inline(always)]
    fn stops(self, block: &[u8; 32]) -> Stops {
        stops(block)
    }

    #[inline(always)]
    fn digits(self, block: &[u8; 32]) -> u32 {
        digits(block)
    }

    #[inline(never)]
    fn string(self, text: &[u8]) -> Option<(usize, bool)> {
        generic::string(text, stops)
    }

    #[inline(never)]
    fn bracket(self, text: &[u8]) -> Option<usize> {
        generic::bracket(text, classify, prefix_xor)
    }
}

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGHEST: u64 = ONES << 7;

#[inline(always)]
fn stops(block: &[u8; 32]) -> Stops {
    let (words, _) = block.as_chunks::<8>();
    let mut stops = Stops::default();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let bits = |highest: u64| u32::from(gathered(highest)) << (8 * at);
        stops.quotes |= bits(equal(word, b'"'));
        stops.others |= bits(equal(word, b'\\') | below(word, 0x20));
        stops.dots |= bits(equal(word, b'.'));
    }
    stops
}

#[inline(always)]
fn digits(block: &[u8; 32]) -> u32 {
    let (words, _) = block.as_chunks::<8>();
    let mut digits = 0;
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        digits |= u32::from(gathered(below(word ^ (ONES * u64::from(b'0')), 10))) << (8 * at);
    }
    digits
}

/// Returns the highest bit of each byte that equals `byte`.
#[inline(always)]
fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * u64::from(byte)), 1)
}

/// Returns the highest bit of each byte that is less than a limit of at most 128.
#[inline(always)]
fn below(word: u64, limit: u8) -> u64 {
    // The sum sets the highest bit if the lower seven bits are at least the limit. It does not
    // carry into the next byte.
    !(((word & !HIGHEST) + ONES * u64::from(128 - limit)) | word) & HIGHEST
}

/// Collects the highest bits of eight bytes in one byte.
#[inline(always)]
fn gathered(highest: u64) -> u8 {
    // The product moves bit 7 of byte `i` to bit 56 + `i`; no two of its terms overlap.
    ((highest >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}

/// Returns the classes of the 64 bytes of a block.
#[inline(always)]
pub(super) fn classify(block: &[u8; 64]) -> Masks {
    const QUOTE: u8 = 1;
    const BACKSLASH: u8 = 2;
    const OPEN: u8 = 4;
    const CLOSE: u8 = 8;
    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        classes[b'"' as usize] = QUOTE;
        classes[b'\\' as usize] = BACKSLASH;
        classes[b'{' as usize] = OPEN;
        classes[b'[' as usize] = OPEN;
        classes[b'}' as usize] = CLOSE;
        classes[b']' as usize] = CLOSE;
        classes
    };
    let mut masks = Masks::default();
    for (at, &byte) in block.iter().enumerate() {
        let class = CLASSES[byte as usize];
        if class != 0 {
            let bit = |of: u8| u64::from(class & of != 0) << at;
            masks.quote |= bit(QUOTE);
            masks.backslash |= bit(BACKSLASH);
            masks.open |= bit(OPEN);
            masks.close |= bit(CLOSE);
        }
    }
    masks
}

/// Returns for each bit the exclusive or of the bit with all lower bits. For quotes, the result is
/// the strings that they enclose.
pub(super) fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
