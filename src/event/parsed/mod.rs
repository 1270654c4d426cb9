//! Reads an event that was parsed before, by whatever parser: the same leaves as [`scan`](super::reference) finds in its text.
//!
//! A parser's values are seen through [`Parsed`]. What is open stands on a stack of iterators, so nesting costs no
//! recursion. Of the strings that stand on paths which some rule names, copies are made, as if they were the text of the
//! event; so nothing behind the reader has to know where an event came from. Numbers keep no text where their value
//! says all.

#[cfg(feature = "serde_json")]
mod serde_json;
#[cfg(feature = "simd-json")]
mod simd_json;

use std::io::Write;

use crate::error::{EventError, EventErrorKind, JsonErrorKind};
use crate::json::Kind;
use crate::json::number::{self, Comparable};
use crate::predicate::Predicates;

use super::ReadOptions;
use super::fields::Place;
use super::leaves::{EventScratch, Leaf, NONE, State};

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
#[cfg_attr(docsrs, doc(cfg(any(feature = "serde_json", feature = "simd-json"))))]
pub trait ParsedEvent: sealed::Readable {}

mod sealed {
    use super::{EventError, Reading};

    /// What a [`ParsedEvent`](super::ParsedEvent) can do for a matcher.
    pub trait Readable {
        /// Finds the leaves on paths that some rule names.
        fn read(&self, reading: Reading<'_>) -> Result<(), EventError>;
    }
}

pub(super) use sealed::Readable;

/// A value as its parser keeps it.
pub(super) trait Parsed<'e>: Copy {
    type Name: AsRef<str>;
    type Members: Iterator<Item = (Self::Name, Self)>;
    type Elements: Iterator<Item = Self>;

    fn view(self) -> View<'e, Self>;

    /// Whether it can be told at a prefilter that this value has at most so many levels of objects and arrays.
    #[inline(always)]
    fn has_at_most(self, _levels: usize) -> bool {
        false
    }
}

/// What a value is.
pub(super) enum View<'e, P: Parsed<'e>> {
    Object(P::Members),
    Array(P::Elements),
    String(&'e str),
    Number(Number<'e>),
    True,
    False,
    Null,
}

/// A number as its parser keeps it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number<'e> {
    Integer {
        is_negative: bool,
        magnitude: u128,
    },
    Double(f64),
    #[cfg_attr(not(feature = "serde_json"), expect(dead_code, reason = "no other parser keeps text"))]
    Text(&'e str),
}

impl Number<'_> {
    /// The value, unless it is not comparable, or takes more than a look.
    #[inline]
    fn value(self) -> Option<Comparable> {
        /// All integers up to here are doubles.
        const EXACT: u128 = 1 << 53;
        match self {
            Number::Integer { is_negative, magnitude: magnitude @ ..=EXACT } => {
                let value = magnitude as u64 as f64;
                Some(Comparable::from_f64(if is_negative { -value } else { value }))
            }
            Number::Double(value) if value.is_finite() => Some(Comparable::from_f64(value)),
            _ => None,
        }
    }

    /// Appends what the number is spelled as, and something that ends it; nothing if it is none.
    fn spell(self, out: &mut Vec<u8>) -> Option<()> {
        match self {
            Number::Integer { is_negative, magnitude } => {
                let sign = if is_negative { "-" } else { "" };
                write!(out, "{sign}{magnitude} ").ok()
            }
            Number::Double(_) => None,
            Number::Text(text) => {
                number::is_valid(text.as_bytes()).then_some(())?;
                write!(out, "{text} ").ok()
            }
        }
    }
}

/// An object or array that is open.
pub(super) struct Frame<'e, P: Parsed<'e>> {
    rest: Rest<P::Members, P::Elements>,
    /// Where what is inside stands; nowhere where no rule looks.
    inside: Option<Place>,
}

/// What of an object or array is still to be read.
enum Rest<M, E> {
    Members(M),
    Elements(E),
}

/// The memory for reading parsed events.
#[derive(Default)]
pub(crate) struct ParsedScratch {
    /// The texts of the leaves, one after the other: the text of the event as far as it matters.
    pub(crate) text: Vec<u8>,
    #[cfg(feature = "serde_json")]
    serde_json: serde_json::Stack,
    #[cfg(feature = "simd-json")]
    simd_json: simd_json::Stacks,
}

impl ParsedScratch {
    pub(super) fn memory_usage(&self) -> usize {
        let mut bytes = self.text.capacity();
        #[cfg(feature = "serde_json")]
        {
            bytes += stack_size(&self.serde_json);
        }
        #[cfg(feature = "simd-json")]
        {
            bytes += self.simd_json.memory_usage();
        }
        bytes
    }
}

fn stack_size<T>(stack: &Vec<T>) -> usize {
    stack.capacity() * size_of::<T>()
}

/// Iterators over values have no text to show, and are not kept between events.
impl std::fmt::Debug for ParsedScratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParsedScratch").field("text", &self.text).finish_non_exhaustive()
    }
}

/// The memory of a stack, for values that live for another time.
fn recycled<A, B>(mut stack: Vec<A>) -> Vec<B> {
    stack.clear();
    // Nothing is left to be converted. What is collected takes the place of what it is collected from if both have the
    // same layout, as frames have that differ in lifetimes alone.
    stack.into_iter().filter_map(|_| None).collect()
}

/// A matcher that reads a parsed event.
pub struct Reading<'a> {
    predicates: &'a Predicates,
    reader: &'a ReadOptions,
    /// The most bytes of text.
    limit: usize,
    scratch: &'a mut EventScratch,
}

impl ReadOptions {
    /// Reads a parsed event, as [`ReadOptions::read`] reads a text. What its leaves say is left in the scratch too, and stands
    /// for the text of the event.
    pub(crate) fn read_parsed(
        &self,
        predicates: &Predicates,
        event: &(impl ParsedEvent + ?Sized),
        limit: usize,
        scratch: &mut EventScratch,
    ) -> Result<(), EventError> {
        scratch.next_event(self, predicates);
        scratch.parsed.text.clear();
        event.read(Reading { predicates, reader: self, limit, scratch })
    }
}

/// A fault of an event that has no text to show the place in.
fn fault(kind: JsonErrorKind) -> EventError {
    EventError::without_place(EventErrorKind::Json(kind))
}

impl Reading<'_> {
    /// Reads the root, with a stack that is empty.
    fn read<'e, P: Parsed<'e>>(
        &mut self,
        root: View<'e, P>,
        stack: &mut Vec<Frame<'e, P>>,
    ) -> Result<(), EventError> {
        let View::Object(members) = root else { return Err(fault(JsonErrorKind::RootNotObject)) };
        let paths = &self.predicates.paths;
        let ReadOptions { depth, trusted, .. } = *self.reader;
        let too_deep = || fault(JsonErrorKind::TooDeep { limit: depth });
        if depth == 0 {
            return Err(too_deep());
        }
        let mut open = Frame::<P> { rest: Rest::Members(members), inside: Some(Place::ROOT) };
        loop {
            let next = match &mut open.rest {
                Rest::Members(members) => members.next().map(|(name, value)| {
                    (open.inside.and_then(|inside| inside.member(paths, name.as_ref().as_bytes())), value)
                }),
                Rest::Elements(elements) => elements.next().map(|value| (open.inside, value)),
            };
            let Some((at, value)) = next else {
                let Some(outer) = stack.pop() else { return Ok(()) };
                if let Some(inside) = open.inside {
                    self.scratch.leave(inside, outer.inside.unwrap_or(Place::ROOT).scope);
                    self.check_length()?;
                }
                open = outer;
                continue;
            };
            if matches!(open.rest, Rest::Elements(_)) && open.inside.is_some() {
                self.scratch.element();
                self.check_limits()?;
            }
            // Where no rule looks, only the depth is of interest.
            let levels = depth - 1 - stack.len();
            if at.is_none() && (trusted || value.has_at_most(levels)) {
                continue;
            }
            let (rest, is_array) = match value.view() {
                View::Object(members) => (Rest::Members(members), false),
                View::Array(elements) => (Rest::Elements(elements), true),
                leaf => {
                    if let Some(at) = at {
                        self.leaf(at, leaf)?;
                    }
                    continue;
                }
            };
            if levels == 0 {
                return Err(too_deep());
            }
            // The elements of an array stand at its own path.
            let at = at.filter(|at| is_array || paths.below(at.node).count > 0);
            let inside = at.map(|at| self.scratch.enter(at, is_array));
            stack.push(std::mem::replace(&mut open, Frame { rest, inside }));
        }
    }

    /// Keeps a leaf, if a rule names its path.
    #[inline]
    fn leaf<'e, P: Parsed<'e>>(&mut self, at: Place, leaf: View<'e, P>) -> Result<(), EventError> {
        let Some(path) = self.predicates.paths.path(at.node) else { return Ok(()) };
        let text = &mut self.scratch.parsed.text;
        let mut start = text.len();
        let mut length = 0;
        let mut state = State::Raw;
        let kind = match leaf {
            View::String(string) => {
                text.extend_from_slice(string.as_bytes());
                length = string.len();
                Kind::String
            }
            View::Number(number) => {
                if let Some(value) = number.value() {
                    let ordinal = value.ordinal();
                    (start, length) = (ordinal as u32 as usize, (ordinal >> 32) as usize);
                    state = State::Valued;
                } else {
                    number.spell(text).ok_or_else(|| fault(JsonErrorKind::InvalidNumber))?;
                }
                Kind::Number
            }
            View::True => Kind::True,
            View::False => Kind::False,
            View::Null | View::Object(_) | View::Array(_) => Kind::Null,
        };
        let (start, length) = (start as u32, length as u32);
        self.scratch.push(Leaf { path, scope: at.scope, start, length, next: NONE, kind, state });
        self.check_limits()?;
        self.check_length()
    }

    /// Refuses an event with too many leaves or elements.
    #[inline]
    fn check_limits(&self) -> Result<(), EventError> {
        self.scratch.crossed.clone().map_or(Ok(()), |limit| Err(EventError::without_place(limit)))
    }

    /// Refuses an event of which more has been kept than a text within the limit can have: no text is shorter than the
    /// strings in it, its scalars and its brackets.
    #[inline]
    fn check_length(&self) -> Result<(), EventError> {
        let EventScratch { leaves, scopes, arrays, parsed, .. } = &*self.scratch;
        let least = parsed.text.len() + leaves.len() + scopes.len() + arrays.len();
        if least > self.limit {
            return Err(EventError::without_place(EventErrorKind::EventTooLong { limit: self.limit }));
        }
        Ok(())
    }
}
