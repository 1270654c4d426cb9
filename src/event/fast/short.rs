//! Short names and short values, which are most of an event.
//!
//! Short names and values are read from a block of text of fixed length. The fixed length
//! removes bounds checks, and most branches that are hard for branch prediction.

use crate::json::Kind;
use crate::json::number;
use crate::simd::vectors::Vectors;

/// The bytes that hold a short name, a short value, and the bytes around and after them.
pub(super) type Block = [u8; 80];

/// A short leaf: one with less than 32 bytes. A string has no escapes.
pub(super) struct Leaf {
    pub(super) kind: Kind,
    /// The offset of its text.
    pub(super) start: usize,
    /// The length of its text if it is a string.
    pub(super) length: usize,
    /// The offset of its end.
    pub(super) end: usize,
}

/// Returns the length of the name at the start of a member if the name is short. A short name has
/// less than 32 bytes and no escapes, and a colon directly follows it. With `excludes_dots`, the
/// name also has no dots.
#[inline(always)]
pub(super) fn name(vectors: impl Vectors, text: &Block, excludes_dots: bool) -> Option<usize> {
    let stops = vectors.stops(text[1..].first_chunk()?);
    let others = if excludes_dots { stops.others | stops.dots } else { stops.others };
    let length = length(stops.quotes, others)?;
    (text[0] == b'"' && text[length + 2] == b':').then_some(length)
}

/// Returns the leaf at `start`, if it is short.
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
    // `scalar_end` rejects other words.
    let kind = match text[0] {
        b't' => Kind::True,
        b'f' => Kind::False,
        _ => Kind::Null,
    };
    Some(Leaf { kind, start: 0, length: 0, end: number::scalar_end(text)? })
}

/// Returns the length of a string whose closing quote is among the bits of `quotes`, if no bit of
/// `others` is before the quote.
#[inline(always)]
pub(super) fn length(quotes: u32, others: u32) -> Option<usize> {
    (quotes != 0 && others & (quotes ^ quotes.wrapping_sub(1)) == 0)
        .then_some(quotes.trailing_zeros() as usize)
}
