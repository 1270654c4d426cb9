//! The only CPU-specific code: which bytes of a text matter to its structure, 64 at a time.
//!
//! [`portable`] defines what a kernel gives; the others repeat it with vector instructions. A [`Kernel`] is a value,
//! chosen when a matcher is built: there is no global state, and a test can ask for any kernel.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use crate::json::index::Index;

/// An implementation of the vector operations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kernel {
    /// No vector instructions; for every CPU.
    Portable,
    /// AVX2 and carry-less multiplication, on x86-64.
    Avx2,
}

impl Kernel {
    /// Every kernel, whether this CPU can run it or not.
    pub const ALL: [Kernel; 2] = [Kernel::Portable, Kernel::Avx2];

    /// The fastest kernel that this CPU can run.
    #[must_use]
    pub fn detect() -> Kernel {
        Kernel::ALL.into_iter().rev().find(|kernel| kernel.is_available()).unwrap_or(Kernel::Portable)
    }

    /// Whether this CPU can run the kernel.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Kernel::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => x86_64::Avx2::detect().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Kernel::Avx2 => false,
        }
    }

    /// Finds the structure of a text. A kernel that this CPU cannot run is the portable one.
    pub(crate) fn index(self, text: &[u8], index: &mut Index) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => match x86_64::Avx2::detect() {
                Some(avx2) => avx2.index(text, index),
                None => portable::index(text, index),
            },
            _ => portable::index(text, index),
        }
    }
}

/// What a kernel says of 64 bytes: in each word, bit `i` is about byte `i`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Masks {
    /// `"`
    pub(crate) quote: u64,
    /// `\`
    pub(crate) backslash: u64,
    /// `\` and `.`
    pub(crate) special: u64,
    /// `{` `}` `[` `]` `:` `,`; kernels may count U+000C and U+001A among them.
    pub(crate) operator: u64,
    /// Space, tab, line feed, carriage return.
    pub(crate) white: u64,
    /// Bytes below 0x20.
    pub(crate) control: u64,
    /// Bytes from 0x80 on.
    pub(crate) high: u64,
}

/// The exclusive or of each bit with all bits below it: from quotes to what they enclose.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{Kernel, Masks, portable};

    /// Every byte at every place of a block, and runs of mixed bytes.
    fn blocks() -> impl Iterator<Item = [u8; 64]> {
        let single = (0..=255_u8).flat_map(|byte| {
            (0..64).map(move |at| {
                let mut block = [b'x'; 64];
                block[at] = byte;
                block
            })
        });
        let mixed = (0..2_000_u64).map(|seed| {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            std::array::from_fn(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                match state % 3 {
                    0 => b"{}[]:,\"\\ .\n\r\x0b\x1f\x7f\x80"[(state >> 8) as usize % 16],
                    _ => (state >> 16) as u8,
                }
            })
        });
        single.chain(mixed)
    }

    #[test]
    fn portable_masks_say_what_they_mean() {
        for block in blocks() {
            let masks = portable::classify(&block);
            for (at, byte) in block.into_iter().enumerate() {
                let bit = |mask: u64| mask >> at & 1 == 1;
                assert_eq!(bit(masks.quote), byte == b'"');
                assert_eq!(bit(masks.backslash), byte == b'\\');
                assert_eq!(bit(masks.special), matches!(byte, b'\\' | b'.'));
                assert_eq!(bit(masks.operator), b"{}[]:,".contains(&byte));
                assert_eq!(bit(masks.white), b" \t\n\r".contains(&byte));
                assert_eq!(bit(masks.control), byte < 0x20);
                assert_eq!(bit(masks.high), byte >= 0x80);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn avx2_repeats_portable() {
        let Some(avx2) = super::x86_64::Avx2::detect() else {
            eprintln!("this CPU has no AVX2: its kernel is not tested");
            return;
        };
        for block in blocks() {
            let expected = portable::classify(&block);
            let masks = avx2.classify(&block);
            // U+000C and U+001A count as operators here, and are no valid text outside of strings anyway.
            let extra = masks.operator & !expected.operator;
            assert!((0..64).all(|at| extra >> at & 1 == 0 || matches!(block[at], 0x0C | 0x1A)));
            assert_eq!(Masks { operator: masks.operator & !extra, ..masks }, expected);
        }
    }

    #[test]
    fn some_kernel_is_available() {
        assert!(Kernel::detect().is_available());
        assert!(Kernel::Portable.is_available());
    }

    #[test]
    fn prefix_xor_fills_between_quotes() {
        assert_eq!(super::prefix_xor(0b1000_0100), 0b0111_1100);
        assert_eq!(super::prefix_xor(1), u64::MAX);
    }
}
