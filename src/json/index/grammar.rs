//! Whether the tokens of a text stand where the grammar of RFC 8259 wants them, for 64 bytes at once.
//!
//! The grammar says of each token what may come next: behind a colon a value, behind a value a comma or the end of what
//! it stands in. The place of the next token is found by an addition: a bit that is added to the first of some blanks
//! carries to what is behind them. So the places where a value must stand can be compared with those where one does,
//! all of a block in a few operations, and nothing is left to say but that brackets are paired.

use super::block::Block;

/// What one block hands to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    /// The bytes that stand in an object rather than in an array; of a bracket, what holds behind it.
    pub(super) in_object: u64,
    /// Where a name must stand, or the end of an empty object.
    name: Next,
    /// Where a value must stand, or the end of an empty array.
    value: Next,
    /// What follows a bracket that opens.
    opened: Next,
    /// Where a colon must stand.
    colon: Next,
    /// Where a comma must stand, or a bracket that closes.
    end: Next,
    /// One if a name goes on in the next block.
    in_name: u64,
    /// The places that were wrong in any block.
    wrong: u64,
}

impl Default for Grammar {
    fn default() -> Grammar {
        let none = Next { pending: 0 };
        Grammar {
            in_object: 0,
            name: none,
            // The text is a value.
            value: Next { pending: 1 },
            opened: none,
            colon: none,
            end: none,
            in_name: 0,
            wrong: 0,
        }
    }
}

impl Grammar {
    #[inline(always)]
    pub(super) fn check(&mut self, block: &Block) {
        // Most texts have no blanks between tokens.
        if block.white == 0 { self.check_tokens::<false>(block) } else { self.check_tokens::<true>(block) }
    }

    #[inline(always)]
    fn check_tokens<const BLANKS: bool>(&mut self, block: &Block) {
        let Block { string_start, string_end, scalar_start, white, colon, comma, open, close, .. } = *block;
        let openers = open | comma;
        let names = self.name.behind::<BLANKS>(openers & self.in_object, 0, white);
        let values = self.value.behind::<BLANKS>(colon | openers & !self.in_object, 0, white);
        let opened = self.opened.behind::<BLANKS>(open, 0, white);
        // A bit that is added to the first byte of a string carries to its closing quote.
        let name_start = string_start & names;
        let (sum, carry) = (name_start | self.in_name).overflowing_add(block.inside);
        self.in_name = u64::from(carry);
        let name_end = sum & string_end;
        let colons = self.colon.behind::<BLANKS>(name_end, 0, white);
        let ends = self.end.behind::<BLANKS>(string_end & !name_end | close, block.after_scalar, white);

        let value_start = string_start & !name_start | scalar_start | open;
        let wrong = names & !(string_start | close)
            | values & !(value_start | close)
            | value_start & !values
            | colons ^ colon
            // What closes an empty object or array stands behind no value.
            | ends ^ (comma | close & !opened);
        self.wrong |= wrong;
        // Only the last bit is looked at in the next block.
        self.in_object = ((self.in_object as i64) >> 63) as u64;
    }

    /// Whether anything was wrong so far.
    #[inline(always)]
    pub(super) fn is_wrong(&self) -> bool {
        self.wrong != 0
    }

    /// Whether a text may end here: nothing was wrong, and nothing is missing but what would follow the root.
    pub(super) fn is_complete(&self) -> bool {
        let missing = self.name.pending | self.value.pending | self.opened.pending | self.colon.pending;
        self.wrong | missing | self.in_name == 0
    }
}

/// The place of the next token behind each of some others.
#[derive(Clone, Copy, Debug)]
struct Next {
    /// One if the first byte of the next block is such a place, or a blank before it.
    pending: u64,
}

impl Next {
    /// Where tokens stand that follow the bytes `last`, each the last of a token, or begin at the bytes `first`; `white` are
    /// the blanks between tokens.
    #[inline(always)]
    fn behind<const BLANKS: bool>(&mut self, last: u64, first: u64, white: u64) -> u64 {
        let next = last << 1 | first | self.pending;
        if !BLANKS {
            self.pending = last >> 63;
            return next;
        }
        let sum = next.wrapping_add(white);
        // Out of the last blank something is carried if it is gone.
        self.pending = (last | white & !sum) >> 63;
        sum & !white
    }
}
