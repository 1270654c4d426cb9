//! Errors, one type per stage: every one has a kind with a stable code, and every one that comes from a text has
//! a position in it.
//!
//! | error | of | place |
//! |---|---|---|
//! | [`PatternError`] | a pattern that is refused | a [`Span`] of its text |
//! | [`BuildError`] | a rule set that cannot be compiled | the rule to blame |
//! | [`EventError`] | an event that is refused | an offset in its text |
//!
//! Kinds may be added in any version. A code never changes its meaning; the messages may change.
//!
//! ```
//! use galop::error::{Expected, JsonErrorKind, PatternErrorKind};
//!
//! let error = galop::RuleSet::new().add(r#"{"source"}"#).unwrap_err();
//! let expected = Expected::Colon;
//! assert_eq!(*error.kind(), PatternErrorKind::Json(JsonErrorKind::UnexpectedCharacter { expected }));
//! assert_eq!((error.code(), error.span().start), ("unexpected-character", 9));
//! ```

mod build;
mod event;
mod json;
mod operator;
mod pattern;
pub(crate) mod report;

pub use build::{BuildError, BuildErrorKind};
pub use event::{EventError, EventErrorKind};
pub(crate) use json::JsonError;
pub use json::{Expected, JsonErrorKind};
pub use operator::Operator;
pub use pattern::{PatternError, PatternErrorKind};

/// A range of bytes of a text: from `start` up to, but not including, `end`.
///
/// ```
/// let text = r#"{"source":"aws.s3"}"#;
/// let span = galop::Pattern::parse(text).unwrap_err().span();
/// assert_eq!((&text[span.start..span.end], span.len()), (r#""aws.s3""#, 8));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the first byte that is no longer inside.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, but not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The number of bytes inside.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether no byte is inside: such a span marks a place between two bytes, or the end of the text.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The smallest span that holds both.
    #[must_use]
    pub(crate) fn to(self, end: Span) -> Span {
        Span::new(self.start, end.end)
    }
}
