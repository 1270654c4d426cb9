//! Errors, one type for each stage. Every error has a kind with a stable code. An error in a text
//! has a position.
//!
//! | error | of | place |
//! |---|---|---|
//! | [`PatternError`] | a pattern that is rejected | a [`Span`] of its text |
//! | [`BuildError`] | a rule set that cannot be compiled | the responsible rule |
//! | [`EventError`] | an event that is rejected | an offset in its text |
//! | [`JsonError`] | any other text that is not JSON | a [`Span`] of the text |
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
pub(crate) mod codes;
mod event;
mod expected;
pub(crate) mod hint;
mod json;
mod operator;
mod pattern;
pub(crate) mod report;
mod table;

pub use build::BuildError;
pub use codes::{BuildErrorKind, EventErrorKind, JsonErrorKind, PatternErrorKind};
pub use event::EventError;
pub use expected::Expected;
pub(crate) use hint::Hint;
pub use json::JsonError;
pub use operator::Operator;
pub use pattern::PatternError;

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
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the span from `start` up to, but not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// Returns the number of bytes in the span.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Returns true if the span is empty. An empty span marks a position between two bytes, or the
    /// end of the text.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the span from the start of `self` to the end of `end`, which is not before it.
    #[must_use]
    pub(crate) fn to(self, end: Span) -> Span {
        Span::new(self.start, end.end)
    }
}
