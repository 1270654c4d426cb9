//! Reader of parsed events: stores the same leaves as the [`reference`](super::reference) reader
//! for the text of the event.
//!
//! The values of a parser are read through [`Parsed`](view::Parsed). The open objects and arrays
//! are iterators on a stack, so deep events need no recursion. The strings on paths that some rule
//! names are copied to a buffer, which has the role of the text of the event. The later stages
//! therefore do not depend on the source of an event. Numbers are stored without text if their value
//! determines them.

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

/// A parsed event: the argument of [`Matcher::matches_parsed`](crate::Matcher::matches_parsed).
///
/// The trait is sealed. It is implemented for the types of two parsers:
///
/// | type | feature |
/// |---|---|
/// | [`serde_json::Value`](::serde_json::Value), [`serde_json::Map`](::serde_json::Map) | `serde_json` |
/// | `simd_json::BorrowedValue`, `simd_json::OwnedValue`, `simd_json::Tape` | `simd-json` |
///
/// One method takes all types, because the result of a matcher does not depend on the type.
///
/// # Differences from text
///
/// The result is the result for the text of the event, except where the parser has changed the
/// event:
///
/// - **Repeated names of an object.** In a text all occurrences count. A tape stores all of them. A
///   value of `serde_json` has only the last one. A value of `simd_json` sometimes has all and
///   sometimes only the last one.
/// - **Integers** from -2^63 to 2^64-1 are stored exactly. `9007199254740993` equals its own
///   spelling, as in a text.
/// - **Other numbers** are stored as the nearest double, which is read as the decimal that the
///   double prints as. Numbers that are comparable in a text (for example every number of up to 15
///   digits) do not change. Numbers that are not comparable in a text equal only their own spelling
///   there. Examples are `9007199254740993.0`, `0.1234567890123456789`, integers beyond 64 bits and
///   `1e-400`. As doubles, these numbers are comparable.
/// - **Rounding.** For more than 15 digits or powers of ten above 22, `serde_json` rounds to the
///   nearest double only with its feature `float_roundtrip`. Without the feature, the result may be
///   a neighbour of the nearest double.
/// - With the feature `arbitrary_precision` of `serde_json`, numbers keep their spelling except for
///   the exponent: `1E400` and `1e400` are stored as `1e+400`.
/// - **Texts that a parser rejects** and a matcher accepts: unpaired surrogates, and numbers beyond
///   the range of doubles.
///
/// Programs can also build values that no parser returns: NaN, infinities, and a
/// `serde_json::Number` whose text is not a number. On a path that a rule names, such a value is an
/// error with the code `invalid-number`.
pub trait ParsedEvent: reading::Readable {}

/// Reads a parsed event into the builder. The texts of its leaves have at most `limit` bytes and
/// are stored in [`ParsedScratch::text`], which has the role of the text of the event.
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
