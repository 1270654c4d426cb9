//! Short names and short values, which is what most of an event consists of.
//!
//! They are read from a block of which it is known that all of it is text. So nothing is held against the end of the text, and
//! where things end is found by few branches, since a processor does not foresee them.

use crate::json::Kind;
use crate::json::number;
use crate::simd::vectors::Vectors;

/// What a short name and a short value take, with what stands around and behind them.
pub(super) type Block = [u8; 80];

/// A leaf that is short: less than 32 bytes, and a string without escapes if it is one.
pub(super) struct Leaf {
    pub(super) kind: Kind,
    /// Where its text begins.
    pub(super) start: usize,
    /// The length of its text, if it is a string.
    pub(super) length: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// The length of the name that a member begins with, if that is less than 32, it is spelled without escapes, and its value follows
/// a colon. If it `may_have_dots`, it is also spelled without these.
#[inline(always)]
pub(super) fn name(vectors: impl Vectors, text: &Block, may_have_dots: bool) -> Option<usize> {
    let stops = vectors.stops(text[1..].first_chunk()?);
    let others = if may_have_dots { stops.others | stops.dots } else { stops.others };
    let length = length(stops.quotes, others)?;
    (text[0] == b'"' && text[length + 2] == b':').then_some(length)
}

/// The leaf that stands behind a short name.
#[inline(always)]
pub(super) fn leaf(vectors: impl Vectors, text: &Block, start: usize) -> Option<Leaf> {
    let text: &[u8; 36] = text[start..].first_chunk()?;
    if text[0] == b'"' {
        let stops = vectors.stops(text[1..].first_chunk()?);
        let length = length(stops.quotes, stops.others)?;
        return Some(Leaf { kind: Kind::String, start: 1, length, end: length + 2 });
    }
    if text[0] < b'A' {
        let end = number::short_end(text, vectors.digits(text.first_chunk()?))?;
        return Some(Leaf { kind: Kind::Number, start: 0, length: 0, end });
    }
    // Whether it is one of them at all is said by its end.
    let kind = match text[0] {
        b't' => Kind::True,
        b'f' => Kind::False,
        _ => Kind::Null,
    };
    Some(Leaf { kind, start: 0, length: 0, end: number::scalar_end(text)? })
}

/// The length of a string, if these say where it ends: bits for quotes, and for what it must not have before.
#[inline(always)]
pub(super) fn length(quotes: u32, others: u32) -> Option<usize> {
    (quotes != 0 && others & (quotes ^ quotes.wrapping_sub(1)) == 0)
        .then_some(quotes.trailing_zeros() as usize)
}
