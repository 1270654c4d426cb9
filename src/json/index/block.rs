//! Strings told from structure.

use super::Masks;

/// The structure of 64 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Quotes that open or close a string.
    pub(super) quotes: u64,
    /// The bytes of strings, from the opening quote up to, but not including, the closing one.
    pub(super) inside: u64,
    pub(super) string_start: u64,
    pub(super) string_end: u64,
    /// The first bytes of runs of other bytes: numbers and names like `true`, if the text is valid.
    pub(super) scalar_start: u64,
    /// The bytes behind these runs.
    pub(super) after_scalar: u64,
    /// These, and what follows, outside of strings.
    pub(super) white: u64,
    pub(super) colon: u64,
    pub(super) comma: u64,
    pub(super) open: u64,
    pub(super) close: u64,
    /// The bytes behind an odd number of backslashes.
    pub(super) escaped: u64,
}

/// What one block hands to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Strings {
    /// All bits if the next block begins inside a string, or none.
    inside: u64,
    /// One if the first byte of the next block is escaped.
    escaped: u64,
    /// One if the last byte belonged to a run of bytes that are neither structure nor blank.
    run: u64,
}

impl Strings {
    #[inline(always)]
    pub(super) fn next<const CHECKED: bool>(
        &mut self,
        masks: &Masks,
        prefix_xor: impl Fn(u64) -> u64,
    ) -> Block {
        let escaped = self.escaped_bytes(masks.backslash);
        let quotes = masks.quote & !escaped;
        let inside = prefix_xor(quotes) ^ self.inside;
        self.inside = ((inside as i64) >> 63) as u64;
        let outside = !(inside | quotes);
        let structure = masks.colon | masks.comma | masks.open | masks.close | masks.white;
        let run = outside & !structure;
        let behind = run << 1 | self.run;
        // Nobody else asks for these.
        if CHECKED {
            self.run = run >> 63;
        }
        Block {
            quotes,
            inside,
            string_start: quotes & inside,
            string_end: quotes & !inside,
            scalar_start: run & !behind,
            after_scalar: behind & !run,
            white: masks.white & outside,
            colon: masks.colon & outside,
            comma: masks.comma & outside,
            open: masks.open & outside,
            close: masks.close & outside,
            escaped,
        }
    }

    /// Whether a string has no end yet.
    pub(super) fn is_open(&self) -> bool {
        self.inside != 0
    }

    /// The bytes behind an odd number of backslashes.
    #[inline(always)]
    fn escaped_bytes(&mut self, backslash: u64) -> u64 {
        if backslash == 0 {
            return std::mem::take(&mut self.escaped);
        }
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslash = backslash & !self.escaped;
        let behind = backslash << 1 | self.escaped;
        // Adding a run of backslashes to its first bit carries into the byte behind it. Runs that begin at an odd
        // place are added, so behind them the places of escaped bytes are the other ones.
        let odd_starts = backslash & !EVEN & !behind;
        let (sum, carry) = odd_starts.overflowing_add(backslash);
        self.escaped = u64::from(carry);
        (EVEN ^ sum << 1) & behind
    }
}
