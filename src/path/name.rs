//! [`Name`]: two words of a name, so that most names are compared with two comparisons.

use crate::word::word;

/// The first sixteen bytes of a name. Shorter names are padded with zeros.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Name(pub(super) u64, pub(super) u64);

/// The longest name that a [`Name`] and the length determine completely.
pub(super) const SHORT: usize = 16;

impl Name {
    /// Returns the name with this length at the start of a text.
    #[inline(always)]
    pub(super) fn new(text: &[u8], length: usize) -> Name {
        /// The masks that keep the first `length` of sixteen bytes.
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

    /// Returns the name that consists of the whole text `name`.
    #[inline(always)]
    pub(super) fn of(name: &[u8]) -> Name {
        Name(word(name), word(name.get(8..).unwrap_or_default()))
    }

    /// Returns true if a byte is one of the bytes of the name.
    #[inline(always)]
    pub(super) fn has(self, byte: u8) -> bool {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        // A zero byte borrows from its highest bit.
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
        let differs = ONES * u64::from(byte);
        (zeros(self.0 ^ differs) | zeros(self.1 ^ differs)) & ONES << 7 != 0
    }
}

/// Returns sixteen bytes as two words. A vector would have to be split into words again.
#[inline(always)]
fn words(bytes: &[u8; SHORT]) -> (u64, u64) {
    let (words, _) = bytes.as_chunks::<8>();
    (u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1]))
}

/// Returns the rest of a text, padded with zeros.
#[cold]
#[inline(never)]
fn near_the_end(text: &[u8]) -> (u64, u64) {
    let Name(first, second) = Name::of(text);
    (first, second)
}
