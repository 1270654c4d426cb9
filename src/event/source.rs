//! The text of an event and its index, which grows as somebody reads.

use crate::json::index::{Bracket, Index, Plan};

use super::Reader;

/// How much of an event is indexed at a time, if not all of it has to be: where the walk may stop, as much as is indexed
/// already, within these bounds; otherwise the most.
const PIECES: (usize, usize) = (128, 4096);

/// The text, and how far it has been read.
pub(super) struct Source<'a> {
    pub(super) text: &'a [u8],
    pub(super) index: &'a mut Index,
    pub(super) reader: Reader,
    /// The number of the next colon.
    pub(super) colons: u32,
    /// The number of the next bracket.
    pub(super) brackets: u32,
}

impl<'a> Source<'a> {
    /// Goes on with the index, if there is more of the text.
    #[cold]
    #[inline(never)]
    pub(super) fn more(&mut self) -> Option<()> {
        if self.index.is_broken() || self.index.is_finished(self.text) {
            return None;
        }
        let length = self.index.length();
        let piece = if self.reader.stops() { length.clamp(PIECES.0, PIECES.1) } else { PIECES.1 };
        let plan = Plan { depth: self.reader.depth, upto: length + piece };
        self.reader.kernel.extend::<false>(self.text, plan, self.index);
        (!self.index.is_broken()).then_some(())
    }

    /// Takes the bracket at `at`, which is the next one: its number.
    #[inline(always)]
    pub(super) fn take_bracket(&mut self, at: usize) -> Option<u32> {
        let number = self.brackets;
        while self.index.bracket(number).is_none() {
            self.more()?;
        }
        self.brackets += 1;
        (self.index.bracket(number)?.at as usize == at).then_some(number)
    }

    /// The bracket that closes another.
    #[inline(always)]
    pub(super) fn close_of(&mut self, number: u32) -> Option<Bracket> {
        loop {
            let close = self.index.bracket(number)?.close;
            if close != Bracket::OPEN {
                return self.index.bracket(close);
            }
            self.more()?;
        }
    }

    /// Goes to behind an object or array. Where its last bracket stands.
    #[inline(always)]
    pub(super) fn skip(&mut self, number: u32) -> Option<usize> {
        let close = self.close_of(number)?;
        self.brackets = self.index.bracket(number)?.close + 1;
        self.colons = close.colons;
        Some(close.at as usize)
    }

    /// What stands behind the blanks from `at` on, if there are any: where, and with which byte it begins.
    #[inline(always)]
    pub(super) fn token(&self, mut at: usize) -> Option<(usize, u8)> {
        loop {
            let byte = *self.text.get(at)?;
            if !is_blank(byte) {
                return Some((at, byte));
            }
            at += 1;
        }
    }

    /// The string whose opening quote is at `open`.
    #[inline(always)]
    pub(super) fn string(&mut self, open: usize) -> Option<&'a [u8]> {
        loop {
            if let Some(close) = self.index.quote_from(open + 1) {
                return self.text.get(open + 1..close);
            }
            self.more()?;
        }
    }
}

#[inline(always)]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
