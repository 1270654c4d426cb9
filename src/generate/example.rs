//! [`Examples`]: the events of a pattern, and the reasons where there is none.

use std::fmt;

use crate::error::Span;
use crate::pattern::JsonString;

/// The extent of the examples.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// The maximum number of events besides the one for the pattern as a whole; 1,000 by default. Two
    /// events belong to each alternative, and alternatives beyond the limit have no examples.
    pub events: usize,
    /// The maximum number of bytes of all events that are tried, including the events that are
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
