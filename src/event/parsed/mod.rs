//! Reads an event that was parsed before, by whatever parser: the same leaves as [`scan`](super::reference) finds in its text.
//!
//! A parser's values are seen through [`Parsed`]. What is open stands on a stack of iterators, so nesting costs no
//! recursion. Of the strings that stand on paths which some rule names, copies are made, as if they were the text of the
//! event; so nothing behind the reader has to know where an event came from. Numbers keep no text where their value
//! says all.

mod reading;
#[cfg(feature = "serde_json")]
mod serde_json;
#[cfg(feature = "simd-json")]
mod simd_json;
mod stack;
#[cfg(feature = "simd-json")]
mod tape;
mod view;

use crate::error::EventError;
use crate::path::trie::PathTrie;

use super::builder::EventBuilder;
use super::options::ReadOptions;
use reading::Reading;

pub(crate) use stack::ParsedScratch;

/// An event that was parsed before: what [`Matcher::matches_parsed`](crate::Matcher::matches_parsed) takes.
///
/// It is implemented for what the parsers make, and for nothing else:
///
/// | type | feature |
/// |---|---|
/// | [`serde_json::Value`](::serde_json::Value), [`serde_json::Map`](::serde_json::Map) | `serde_json` |
/// | `simd_json::BorrowedValue`, `simd_json::OwnedValue`, `simd_json::Tape` | `simd-json` |
///
/// One method takes them all, since they differ in nothing that a matcher's answer depends on, and a method for each
/// would have to be learned for each.
///
/// # What a parser keeps
///
/// The answer is that for the event's text, as far as the parser has kept what the text says. It has not everywhere:
///
/// - **Names that an object repeats.** In a text all occurrences count. A tape keeps them all; of values that `serde_json`
///   has parsed only the last is left, and of those that `simd_json` has parsed sometimes all and sometimes the last.
/// - **Integers** from -2^63 to 2^64-1 are kept as they are spelled, so that `9007199254740993` equals its own spelling, as
///   it does in a text.
/// - **Other numbers** are kept as the nearest double, and a double is taken for the decimal that it fingerprints as. So
///   numbers that are comparable in a text (every one of up to 15 digits, for a start) are what they were. Those
///   that are not, such as `9007199254740993.0`, `0.1234567890123456789`, integers beyond 64 bits or `1e-400`, equal only
///   their own spelling in a text; here they are comparable, as the doubles that they became. Beyond 15 digits or powers of
///   ten above 22, `serde_json` rounds to the nearest double only if its feature `float_roundtrip` is on; without, it may keep
///   a neighbour.
/// - With the feature `arbitrary_precision` of `serde_json`, numbers keep their spelling, but for the exponent: `1E400` and
///   `1e400` are kept as `1e+400`.
/// - **Texts that a parser refuses** and a matcher does not: unpaired surrogates, and numbers beyond the range of doubles.
///
/// Values that no parser makes, but programs can: NaN and infinities, and what is not a number in a `serde_json::Number`.
/// Where a rule names their path, they are an error with the code `invalid-number`.
pub trait ParsedEvent: reading::Readable {}

/// Reads a parsed event of at most `limit` bytes into the builder. The texts of its leaves are stored in
/// [`ParsedScratch::text`], which has the role of the text of the event.
pub(super) fn read(
    options: &ReadOptions,
    paths: &PathTrie,
    (event, limit): (&(impl ParsedEvent + ?Sized), usize),
    builder: &mut EventBuilder,
    ParsedScratch { text, stacks }: &mut ParsedScratch,
) -> Result<(), EventError> {
    builder.begin(paths.path_count(), options.leaves, options.elements);
    text.clear();
    event.read(Reading { paths, options, limit, builder, text }, stacks)
}
