//! Examples of a pattern: events that just match, and events that just miss.
//!
//! ```
//! let pattern = galop::Pattern::parse(r#"{"source":["aws.ec2"],"detail":{"cpu":[{"numeric":[">",90]}]}}"#)?;
//! let examples = galop::generate::examples(&pattern);
//! assert_eq!(examples.matching.as_deref(), Ok(r#"{"source":"aws.ec2","detail":{"cpu":91}}"#));
//!
//! let cpu = &examples.fields[1];
//! assert_eq!(cpu.path.as_str(), Some("detail.cpu"));
//! let above = &cpu.alternatives[0];
//! assert_eq!(above.missing.as_deref(), Ok(r#"{"source":"aws.ec2","detail":{"cpu":90}}"#));
//! # Ok::<(), galop::PatternError>(())
//! ```
//!
//! For every alternative of every field there are two events. The first one matches, and its value on
//! the path of the field satisfies the alternative. If possible, the value satisfies no other
//! alternative of the field. The second one has another value on this path, or none, and is otherwise
//! equal. The field does not hold, and the event does not match.
//!
//! Each event is verified by a [`Matcher`](crate::Matcher) before it is returned. If there is no
//! event, there is [a reason](NotFound). Values are proposed by the forms of the alternatives, so a
//! value that only a search could find may be missed. `$or`s are expanded as in
//! [`MatcherBuilder::build`](crate::MatcherBuilder::build). A field that is in no branch has no
//! examples.
//!
//! The same pattern always has the same examples. The number of events and the bytes that are tried
//! for them are limited, see [`Options`].

mod composed;
mod event;
mod judge;
mod maker;
mod number;
mod satisfy;
mod select;
mod text;
mod violate;

use std::fmt;

use crate::error::Span;
use crate::pattern::{JsonString, Pattern};

/// The extent of the examples.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// The maximum number of events; 1,000 by default. Two events belong to each alternative, and
    /// alternatives beyond the limit have no examples.
    pub events: usize,
    /// The maximum number of bytes of all events, of those that are tried and of those that are
    /// returned; 64 MiB by default.
    pub bytes: usize,
    /// True if the members of the envelope of EventBridge are added where the pattern does not name
    /// them: `version`, `id`, `detail-type`, `source`, `account`, `time`, `region`, `resources` and
    /// `detail`. A member that would change the answer is left out. False by default.
    pub envelope: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { events: 1_000, bytes: 64 << 20, envelope: false }
    }
}

/// The examples of a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Examples {
    /// An event that matches, with the fewest fields.
    pub matching: Result<String, NotFound>,
    /// The fields that are in some branch, in the order of the text.
    pub fields: Vec<FieldExamples>,
    /// True if alternatives were left out because of a limit.
    pub is_cut: bool,
}

/// The examples of a field.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FieldExamples {
    /// The names on the path, joined by dots.
    pub path: JsonString,
    /// The position of the name in the pattern.
    pub span: Span,
    /// The examples of its alternatives, in the order of the text.
    pub alternatives: Vec<AlternativeExamples>,
}

/// The examples of an alternative.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AlternativeExamples {
    /// The alternative as JSON.
    pub text: String,
    /// The position of the alternative in the pattern.
    pub span: Span,
    /// An event that matches, with a value that satisfies the alternative.
    pub matching: Result<String, NotFound>,
    /// The same event with a value that fails the field. The event does not match.
    pub missing: Result<String, NotFound>,
}

/// The reason why there is no event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotFound {
    /// No value is known that satisfies the alternative.
    NoValue,
    /// No value is known that satisfies another field of the same branch.
    OtherField,
    /// The field holds for every value that was tried, and for absence.
    AlwaysHolds,
    /// The event matches, because another branch of the pattern holds.
    OtherBranch,
    /// The pattern or the event exceeds a limit, which has this code.
    Refused(&'static str),
    /// One of the limits of [`Options`] is reached.
    Limit,
}

impl NotFound {
    /// Returns the stable code of the reason: `always-holds`.
    ///
    /// ```
    /// let pattern = galop::Pattern::parse(r#"{"a":[{"exists":true},{"exists":false}]}"#)?;
    /// let examples = galop::generate::examples(&pattern);
    /// let reason = examples.fields[0].alternatives[0].missing.as_ref().unwrap_err();
    /// assert_eq!(reason.code(), "always-holds");
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            NotFound::NoValue => "no-value",
            NotFound::OtherField => "other-field",
            NotFound::AlwaysHolds => "always-holds",
            NotFound::OtherBranch => "other-branch",
            NotFound::Refused(code) => code,
            NotFound::Limit => "limit",
        }
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotFound::NoValue => f.write_str("no value is known that satisfies the alternative"),
            NotFound::OtherField => f.write_str("no value is known that satisfies another field"),
            NotFound::AlwaysHolds => {
                f.write_str("the field holds for every value that was tried, and for absence")
            }
            NotFound::OtherBranch => f.write_str("the event still matches, because another branch holds"),
            NotFound::Refused(code) => write!(f, "a limit of patterns or events is exceeded [{code}]"),
            NotFound::Limit => f.write_str("the limit of the examples is reached"),
        }
    }
}

impl std::error::Error for NotFound {}

/// Returns the examples of a pattern, with the default [`Options`].
#[must_use]
pub fn examples(pattern: &Pattern) -> Examples {
    examples_with(pattern, &Options::default())
}

/// Returns the examples of a pattern.
///
/// The pattern is compiled, and so is each field. The time is in proportion to the length of the
/// pattern after expansion, to the number of events, and to the bytes that are tried.
///
/// ```
/// use galop::generate::{Options, examples_with};
///
/// let pattern = galop::Pattern::parse(r#"{"source":["a","b"]}"#)?;
/// let mut options = Options::default();
/// options.envelope = true;
/// let event = examples_with(&pattern, &options).matching?;
/// assert!(event.contains(r#""source":"a","account":"123456789012""#));
///
/// options.events = 2;
/// let examples = examples_with(&pattern, &options);
/// assert!(examples.is_cut && examples.fields[0].alternatives.len() == 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn examples_with(pattern: &Pattern, options: &Options) -> Examples {
    maker::examples(pattern, options)
}

#[cfg(test)]
mod tests;
