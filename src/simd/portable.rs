//! What the operations mean, in plain code.

use crate::json::index::{Index, Masks, Plan};

use super::prefix_xor;

pub(super) fn extend<const CHECKED: bool>(text: &[u8], plan: Plan, index: &mut Index) {
    index.extend::<CHECKED>(text, plan, classify, prefix_xor);
}

/// The classes of the 64 bytes of a block.
#[inline(always)]
pub(super) fn classify(block: &[u8; 64]) -> Masks {
    const QUOTE: u8 = 1;
    const BACKSLASH: u8 = 2;
    const COLON: u8 = 4;
    const COMMA: u8 = 8;
    const OPEN: u8 = 16;
    const CLOSE: u8 = 32;
    const WHITE: u8 = 64;
    const CONTROL: u8 = 128;
    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            classes[byte] = match byte as u8 {
                b'"' => QUOTE,
                b'\\' => BACKSLASH,
                b':' => COLON,
                b',' => COMMA,
                b'{' | b'[' => OPEN,
                b'}' | b']' => CLOSE,
                b' ' => WHITE,
                b'\t' | b'\n' | b'\r' => WHITE | CONTROL,
                0..=0x1F => CONTROL,
                _ => 0,
            };
            byte += 1;
        }
        classes
    };
    let mut masks = Masks { high: !block.is_ascii(), ..Masks::default() };
    for (at, &byte) in block.iter().enumerate() {
        let class = CLASSES[byte as usize];
        if class != 0 {
            let bit = |of: u8| u64::from(class & of != 0) << at;
            masks.quote |= bit(QUOTE);
            masks.backslash |= bit(BACKSLASH);
            masks.colon |= bit(COLON);
            masks.comma |= bit(COMMA);
            masks.open |= bit(OPEN);
            masks.close |= bit(CLOSE);
            masks.white |= bit(WHITE);
            masks.control |= bit(CONTROL);
        }
    }
    masks
}
