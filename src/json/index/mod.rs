//! The structure of a text, found 64 bytes at a time: strings, brackets, colons, and whether all of it is valid.
//!
//! How strings are told from structure is simdjson's idea (Langdale and Lemire, "Parsing gigabytes of JSON per second",
//! VLDB Journal 2019); how one gets from a name to the end of its value without looking at what is between is
//! Mison's (Li et al., "Mison: a fast JSON parser for data analytics", PVLDB 2017). The [`grammar`] is checked with a few
//! operations on whole blocks, so nobody has to visit the tokens for its sake.
//!
//! An index can be made piece by piece, as far as somebody wants to look.

mod block;
mod brackets;
mod grammar;

use crate::json::{number, string};

use block::Strings;
use brackets::{Around, Brackets};
use grammar::Grammar;

pub(crate) use brackets::Bracket;

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
    /// Where colons stand, in as many entries as the state says.
    colons: Vec<u32>,
    brackets: Brackets,
    /// How much of the text is indexed.
    length: usize,
    state: State,
}

/// What one block hands to the next, apart from the index, so that it can stay in registers.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    strings: Strings,
    grammar: Grammar,
    /// How many colons there are.
    colons: usize,
    is_broken: bool,
    has_backslash: bool,
    has_high: bool,
}

impl Index {
    /// Forgets the last text.
    pub(crate) fn clear(&mut self) {
        self.quotes.clear();
        self.brackets.clear();
        self.length = 0;
        self.state = State::default();
    }

    /// Whether something is wrong with the text; where, is not known.
    pub(crate) fn is_broken(&self) -> bool {
        self.state.is_broken
    }

    /// Whether a byte is a backslash.
    pub(crate) fn has_backslash(&self) -> bool {
        self.state.has_backslash
    }

    /// Whether a byte is not ASCII, if that is looked for.
    pub(crate) fn has_high(&self) -> bool {
        self.state.has_high
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
        let mut state = self.state;
        for (block, at) in blocks[first..end].iter().zip((first * 64..).step_by(64)) {
            let masks = classify(block);
            self.block::<CHECKED>(text, at, &masks, plan.depth, &mut state, &prefix_xor);
            // Nobody asks for more of a text that is refused, and it could be one that takes much memory.
            if state.is_broken {
                self.state = state;
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
            self.block::<CHECKED>(text, at, &masks, plan.depth, &mut state, &prefix_xor);
            self.length = text.len();
        }
        self.state = state;
        if self.is_finished(text) {
            let is_open = state.strings.is_open() || self.brackets.are_open();
            self.state.is_broken |= is_open || CHECKED && !self.is_valid(text);
        }
    }

    #[inline(always)]
    fn block<const CHECKED: bool>(
        &mut self,
        text: &[u8],
        at: usize,
        masks: &Masks,
        depth: usize,
        state: &mut State,
        prefix_xor: impl Fn(u64) -> u64,
    ) {
        let block = state.strings.next::<CHECKED>(masks, prefix_xor);
        state.has_high |= CHECKED && masks.high;
        state.has_backslash |= masks.backslash != 0;
        self.quotes.push(block.quotes);
        let around = Around { text, at, colons: state.colons, depth };
        state.colons = self.push_colons(state.colons, at as u32, block.colon);
        match self.brackets.pair::<CHECKED>(&block, around, state.grammar.in_object) {
            Some(in_object) => state.grammar.in_object = in_object,
            None => state.is_broken = true,
        }
        if CHECKED {
            state.grammar.check(&block);
            state.is_broken |=
                state.grammar.is_wrong() | (masks.control & (block.inside | !masks.white) != 0);
            let mut scalars = block.scalar_start;
            while scalars != 0 {
                state.is_broken |= scalar_end(text, at + scalars.trailing_zeros() as usize).is_none();
                scalars &= scalars - 1;
            }
            if block.escaped != 0 {
                state.is_broken |= !are_escapes(text, at, block.escaped);
            }
        }
    }

    /// Puts the places of the colons of a block behind the others. How many there are then.
    #[inline(always)]
    fn push_colons(&mut self, count: usize, base: u32, mut bits: u64) -> usize {
        if self.colons.len() < count + 64 {
            self.colons.resize((count + 64).next_power_of_two(), 0);
        }
        let out = &mut self.colons[count..count + 64];
        let all = count + bits.count_ones() as usize;
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
        all
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
        let Some(root) = self.bracket(0) else { return false };
        let Some(close) = self.bracket(root.close) else { return false };
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        text[root.at as usize] == b'{'
            && text[close.at as usize + 1..].iter().all(is_blank)
            && self.state.grammar.is_complete()
    }

    pub(crate) fn view(&self) -> View<'_> {
        View {
            quotes: &self.quotes,
            colons: &self.colons[..self.state.colons],
            brackets: self.brackets.all(),
            has_backslash: self.has_backslash(),
        }
    }

    #[inline(always)]
    pub(crate) fn bracket(&self, number: u32) -> Option<Bracket> {
        self.brackets.all().get(number as usize).copied()
    }

    /// The first quote from `at` on.
    #[inline(always)]
    pub(crate) fn quote_from(&self, at: usize) -> Option<usize> {
        first_from(&self.quotes, at)
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.quotes.capacity() * size_of::<u64>()
            + self.colons.capacity() * size_of::<u32>()
            + self.brackets.memory_usage()
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

/// Whether the bytes that are escaped in a block make escapes with what follows.
#[cold]
fn are_escapes(text: &[u8], base: usize, mut escaped: u64) -> bool {
    let mut all = true;
    while escaped != 0 {
        let at = base + escaped.trailing_zeros() as usize;
        escaped &= escaped - 1;
        all &= string::is_escape(&text[at.min(text.len())..]);
    }
    all
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
