//! The structure of a text, found 64 bytes at a time: strings, brackets, colons, and whether all of it is valid.
//!
//! How strings are told from structure is simdjson's idea (Langdale and Lemire, "Parsing gigabytes of JSON per second",
//! VLDB Journal 2019); how one gets from a name to the end of its value without looking at what is between is
//! Mison's (Li et al., "Mison: a fast JSON parser for data analytics", PVLDB 2017). The [`grammar`] is checked with a few
//! operations on whole blocks, so nobody has to visit the tokens for its sake.
//!
//! An index can be made piece by piece, as far as somebody wants to look.

mod block;
mod grammar;

use crate::json::{number, string};

use block::{Block, Strings};
use grammar::Grammar;

/// What a kernel says of 64 bytes: in each word, bit `i` is about byte `i`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Masks {
    /// `"`
    pub(crate) quote: u64,
    /// `\`
    pub(crate) backslash: u64,
    /// `:`
    pub(crate) colon: u64,
    /// `,`
    pub(crate) comma: u64,
    /// `{` and `[`
    pub(crate) open: u64,
    /// `}` and `]`
    pub(crate) close: u64,
    /// Space, tab, line feed, carriage return.
    pub(crate) white: u64,
    /// Bytes below 0x20.
    pub(crate) control: u64,
    /// Whether a byte is not ASCII.
    pub(crate) high: bool,
}

/// A bracket outside of strings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    /// Where it stands.
    pub(crate) at: u32,
    /// How many colons stand before it.
    pub(crate) colons: u32,
    /// The number of the bracket that closes this one; [`Bracket::OPEN`] if none is found yet, and for one that closes.
    pub(crate) close: u32,
}

impl Bracket {
    pub(crate) const OPEN: u32 = u32::MAX;
}

/// How an index is to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// The most levels of brackets.
    pub(crate) depth: usize,
    /// The index has to be made up to here at least.
    pub(crate) upto: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Index {
    /// For each block of 64 bytes, which of them are quotes that open or close a string.
    quotes: Vec<u64>,
    /// Where colons stand, in the first `colon_count` entries.
    colons: Vec<u32>,
    colon_count: usize,
    brackets: Vec<Bracket>,
    /// The brackets that are open behind what is indexed.
    open: Vec<u32>,
    /// How much of the text is indexed.
    length: usize,
    strings: Strings,
    grammar: Grammar,
    /// Something is wrong with the text; where, it is not known.
    pub(crate) is_broken: bool,
    /// A byte is a backslash.
    pub(crate) has_backslash: bool,
    /// A byte is not ASCII, if that is looked for.
    pub(crate) has_high: bool,
}

impl Index {
    /// Forgets the last text.
    pub(crate) fn clear(&mut self) {
        self.quotes.clear();
        self.colon_count = 0;
        self.brackets.clear();
        self.open.clear();
        self.length = 0;
        self.strings = Strings::default();
        self.grammar = Grammar::default();
        self.is_broken = false;
        self.has_backslash = false;
        self.has_high = false;
    }

    /// Goes on with the index of a text, given what makes masks of a block, and what fills in between quotes.
    ///
    /// With `CHECKED`, the text is valid if the index is finished and not broken, and if it is UTF-8. Otherwise only
    /// its brackets are paired.
    #[inline(always)]
    pub(crate) fn extend<const CHECKED: bool>(
        &mut self,
        text: &[u8],
        plan: Plan,
        classify: impl Fn(&[u8; 64]) -> Masks,
        prefix_xor: impl Fn(u64) -> u64,
    ) {
        let (blocks, tail) = text.as_chunks::<64>();
        let first = self.length / 64;
        let end = plan.upto.div_ceil(64).clamp(first, blocks.len());
        // Copies, so that they can stay in registers.
        let (mut strings, mut grammar) = (self.strings, self.grammar);
        for (block, at) in blocks[first..end].iter().zip((first * 64..).step_by(64)) {
            let masks = classify(block);
            self.block::<CHECKED>(text, at, &masks, plan.depth, &mut strings, &mut grammar, &prefix_xor);
            // Nobody asks for more of a text that is refused, and it could be one that takes much memory.
            if self.is_broken || CHECKED && grammar.is_wrong() {
                self.is_broken = true;
                return;
            }
        }
        self.length = end * 64;
        if end == blocks.len() && plan.upto > self.length {
            // Blanks behind the end change nothing.
            let mut block = [b' '; 64];
            block[..tail.len()].copy_from_slice(tail);
            let masks = classify(&block);
            let at = self.length;
            self.block::<CHECKED>(text, at, &masks, plan.depth, &mut strings, &mut grammar, &prefix_xor);
            self.length = text.len();
        }
        self.strings = strings;
        self.grammar = grammar;
        if self.is_finished(text) {
            self.is_broken |= strings.is_open() || !self.open.is_empty() || CHECKED && !self.is_valid(text);
        }
    }

    #[inline(always)]
    #[expect(
        clippy::too_many_arguments,
        reason = "the state is apart from the index, so that it can stay in registers"
    )]
    fn block<const CHECKED: bool>(
        &mut self,
        text: &[u8],
        at: usize,
        masks: &Masks,
        depth: usize,
        strings: &mut Strings,
        grammar: &mut Grammar,
        prefix_xor: impl Fn(u64) -> u64,
    ) {
        let block = strings.next::<CHECKED>(masks, prefix_xor);
        self.has_high |= CHECKED && masks.high;
        self.has_backslash |= masks.backslash != 0;
        self.quotes.push(block.quotes);
        let colons_before = self.colon_count;
        self.push_colons(at as u32, block.colon);
        if block.open | block.close != 0 {
            grammar.in_object =
                self.pair::<CHECKED>(text, at, &block, colons_before, depth, grammar.in_object);
        }
        if CHECKED {
            grammar.check(&block);
            if masks.control & (block.inside | !masks.white) != 0 {
                self.is_broken = true;
            }
            let mut scalars = block.scalar_start;
            while scalars != 0 {
                self.is_broken |= scalar_end(text, at + scalars.trailing_zeros() as usize).is_none();
                scalars &= scalars - 1;
            }
            if block.escaped != 0 {
                self.check_escapes(text, at, block.escaped);
            }
        }
    }

    /// Appends the places of the colons of a block.
    #[inline(always)]
    fn push_colons(&mut self, base: u32, mut bits: u64) {
        let count = self.colon_count;
        if self.colons.len() < count + 64 {
            self.colons.resize((count + 64).next_power_of_two(), 0);
        }
        let out = &mut self.colons[count..count + 64];
        self.colon_count += bits.count_ones() as usize;
        let mut at = 0;
        while bits != 0 {
            // Four at a time, so that the end of the loop is easier to foresee; what is written too many is
            // overwritten.
            for entry in &mut out[at..at + 4] {
                *entry = base + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
            at += 4;
        }
    }

    /// Pairs the brackets of a block. Which of its bytes stand in an object rather than in an array, given the same
    /// for the block before it.
    #[inline(always)]
    fn pair<const CHECKED: bool>(
        &mut self,
        text: &[u8],
        base: usize,
        block: &Block,
        colons_before: usize,
        depth: usize,
        before: u64,
    ) -> u64 {
        let mut in_object = ((before as i64) >> 63) as u64;
        let mut bits = block.open | block.close;
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            let offset = bits.trailing_zeros();
            bits ^= bit;
            let at = base + offset as usize;
            let number = self.brackets.len() as u32;
            let colons = colons_before as u32 + (block.colon & (bit - 1)).count_ones();
            self.brackets.push(Bracket { at: at as u32, colons, close: Bracket::OPEN });
            let mut around = Some(number);
            if block.open & bit != 0 {
                self.is_broken |= self.open.len() >= depth;
                self.open.push(number);
            } else {
                let Some(open) = self.open.pop() else {
                    self.is_broken = true;
                    continue;
                };
                let open = &mut self.brackets[open as usize];
                open.close = number;
                // Both brackets that open stand two before those that close.
                self.is_broken |= CHECKED && text[open.at as usize] + 2 != text[at];
                around = self.open.last().copied();
            }
            if CHECKED {
                let opened = |number: u32| text[self.brackets[number as usize].at as usize];
                let is_object = around.is_some_and(|number| opened(number) == b'{');
                let changes = in_object >> offset & 1 != u64::from(is_object);
                in_object ^= u64::from(changes).wrapping_neg() << offset;
            }
        }
        in_object
    }

    #[cold]
    fn check_escapes(&mut self, text: &[u8], base: usize, mut escaped: u64) {
        while escaped != 0 {
            let at = base + escaped.trailing_zeros() as usize;
            escaped &= escaped - 1;
            self.is_broken |= !string::is_escape(&text[at.min(text.len())..]);
        }
    }

    /// Whether the index goes up to the end of the text.
    pub(crate) fn is_finished(&self, text: &[u8]) -> bool {
        self.length == text.len()
    }

    /// How much of the text is indexed.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Whether a text whose brackets are paired is an object and nothing else.
    fn is_valid(&self, text: &[u8]) -> bool {
        let Some(root) = self.brackets.first() else { return false };
        let Some(close) = self.brackets.get(root.close as usize) else { return false };
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        text[root.at as usize] == b'{'
            && text[close.at as usize + 1..].iter().all(is_blank)
            && self.grammar.is_complete()
    }

    pub(crate) fn view(&self) -> View<'_> {
        View {
            quotes: &self.quotes,
            colons: &self.colons[..self.colon_count],
            brackets: &self.brackets,
            has_backslash: self.has_backslash,
        }
    }

    #[inline(always)]
    pub(crate) fn bracket(&self, number: u32) -> Option<Bracket> {
        self.brackets.get(number as usize).copied()
    }

    /// The first quote from `at` on.
    #[inline(always)]
    pub(crate) fn quote_from(&self, at: usize) -> Option<usize> {
        first_from(&self.quotes, at)
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.quotes.capacity() * size_of::<u64>()
            + (self.colons.capacity() + self.open.capacity()) * size_of::<u32>()
            + self.brackets.capacity() * size_of::<Bracket>()
    }
}

/// An index as far as it is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'i> {
    /// For each block of 64 bytes, which of them are quotes that open or close a string.
    pub(crate) quotes: &'i [u64],
    /// Where colons stand.
    pub(crate) colons: &'i [u32],
    pub(crate) brackets: &'i [Bracket],
    pub(crate) has_backslash: bool,
}

/// The last bit before `at` in blocks of 64.
#[inline(always)]
pub(crate) fn last_before(blocks: &[u64], at: usize) -> Option<usize> {
    let mut block = at / 64;
    let mut bits = blocks.get(block)? & !(u64::MAX << (at % 64));
    while bits == 0 {
        block = block.checked_sub(1)?;
        bits = blocks[block];
    }
    Some(block * 64 + 63 - bits.leading_zeros() as usize)
}

/// The first bit from `at` on.
#[inline(always)]
pub(crate) fn first_from(blocks: &[u64], at: usize) -> Option<usize> {
    let mut block = at / 64;
    let mut bits = blocks.get(block)? & u64::MAX << (at % 64);
    while bits == 0 {
        block += 1;
        bits = *blocks.get(block)?;
    }
    Some(block * 64 + bits.trailing_zeros() as usize)
}

/// The end of the number, `true`, `false` or `null` that begins at `at`.
#[inline(always)]
pub(crate) fn scalar_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let length = match rest.first()? {
        b'-' | b'0'..=b'9' => number::end(rest)?,
        b't' if rest.starts_with(b"true") => 4,
        b'f' if rest.starts_with(b"false") => 5,
        b'n' if rest.starts_with(b"null") => 4,
        _ => return None,
    };
    let is_end = matches!(rest.get(length), None | Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'));
    is_end.then_some(at + length)
}

#[cfg(test)]
mod tests;
