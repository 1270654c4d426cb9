//! What the operations mean, in plain code.

use crate::json::index::Index;

use super::{Masks, prefix_xor};

pub(super) fn index(text: &[u8], index: &mut Index) {
    index.build(text, classify, prefix_xor);
}

/// The classes of the 64 bytes of a block.
#[inline(always)]
pub(super) fn classify(block: &[u8; 64]) -> Masks {
    const QUOTE: u8 = 1;
    const BACKSLASH: u8 = 2;
    const OPERATOR: u8 = 4;
    const WHITE: u8 = 8;
    const CONTROL: u8 = 16;
    const HIGH: u8 = 32;
    const DOT: u8 = 64;
    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            classes[byte] = match byte as u8 {
                b'"' => QUOTE,
                b'\\' => BACKSLASH,
                b'{' | b'}' | b'[' | b']' | b':' | b',' => OPERATOR,
                b'.' => DOT,
                b' ' => WHITE,
                b'\t' | b'\n' | b'\r' => WHITE | CONTROL,
                0..=0x1F => CONTROL,
                0x80.. => HIGH,
                _ => 0,
            };
            byte += 1;
        }
        classes
    };
    let mut masks = Masks::default();
    for (at, &byte) in block.iter().enumerate() {
        let class = CLASSES[byte as usize];
        if class != 0 {
            let bit = |of: u8| u64::from(class & of != 0) << at;
            masks.quote |= bit(QUOTE);
            masks.backslash |= bit(BACKSLASH);
            masks.special |= bit(BACKSLASH | DOT);
            masks.operator |= bit(OPERATOR);
            masks.white |= bit(WHITE);
            masks.control |= bit(CONTROL);
            masks.high |= bit(HIGH);
        }
    }
    masks
}
