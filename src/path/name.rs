//! Names as two words, so that most of them are compared in one go.

use crate::word::word;

/// The first sixteen bytes of a name, with zeros behind them if there are fewer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Name(pub(super) u64, pub(super) u64);

/// The longest name of which a [`Name`] and the length say all.
pub(super) const SHORT: usize = 16;

impl Name {
    /// The name of this length that a text begins with.
    #[inline(always)]
    pub(super) fn new(text: &[u8], length: usize) -> Name {
        /// For each length what to keep of sixteen bytes.
        const MASKS: [(u64, u64); SHORT + 1] = {
            let mut masks = [(u64::MAX, u64::MAX); SHORT + 1];
            let mut length = 0;
            while length < SHORT {
                let bits = u128::MAX >> (128 - 8 * length - (length == 0) as usize) >> (length == 0) as usize;
                masks[length] = (bits as u64, (bits >> 64) as u64);
                length += 1;
            }
            masks
        };
        let words = match text.first_chunk() {
            Some(bytes) => words(bytes),
            None => near_the_end(text),
        };
        let masks = MASKS[length.min(SHORT)];
        Name(words.0 & masks.0, words.1 & masks.1)
    }

    /// The name that is all of the text, or that it begins with.
    #[inline(always)]
    pub(super) fn of(name: &[u8]) -> Name {
        Name(word(name), word(name.get(8..).unwrap_or_default()))
    }

    /// Whether a byte is among those of the name.
    #[inline(always)]
    pub(super) fn has(self, byte: u8) -> bool {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        // A byte that is zero borrows from its highest bit.
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
        let differs = ONES * u64::from(byte);
        (zeros(self.0 ^ differs) | zeros(self.1 ^ differs)) & ONES << 7 != 0
    }
}

/// Sixteen bytes, as two words and not as one vector, which would have to be taken apart.
#[inline(always)]
fn words(bytes: &[u8; SHORT]) -> (u64, u64) {
    let (words, _) = bytes.as_chunks::<8>();
    (u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1]))
}

/// What is left of a text, and zeros.
#[cold]
#[inline(never)]
fn near_the_end(text: &[u8]) -> (u64, u64) {
    let Name(first, second) = Name::of(text);
    (first, second)
}
