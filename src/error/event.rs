//! Errors of events.

use std::error::Error;
use std::fmt;

use super::report::{Report, Severity};
use super::{EventErrorKind, JsonError, Span};

/// An event was rejected. The error has a kind and an offset.
///
/// A rejected event has no result: it neither matches nor fails to match. A broker should put the
/// event aside.
///
/// The error does not store the text of the event, which may be long or secret. A caller that has
/// the text can turn the error into a [report](EventError::report) that shows the position.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventError {
    kind: EventErrorKind,
    /// The offset, or [`NOWHERE`].
    offset: usize,
}

/// Sentinel: no offset. An `Option` would enlarge the result of every match by a word.
const NOWHERE: usize = usize::MAX;

impl EventError {
    pub(crate) fn new(kind: EventErrorKind, offset: usize) -> EventError {
        EventError { kind, offset }
    }

    /// Returns an error without an offset: of the event as a whole, or of an event that has no
    /// text.
    pub(crate) fn without_place(kind: EventErrorKind) -> EventError {
        EventError { kind, offset: NOWHERE }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &EventErrorKind {
        &self.kind
    }

    /// Returns the offset of the invalid byte, or the length of the event if it ends too early.
    ///
    /// `None` if there is no offset: for [`TooMuchWork`](EventErrorKind::TooMuchWork), and for a
    /// parsed event, which has no text.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        (self.offset != NOWHERE).then_some(self.offset)
    }

    /// Returns the stable name of the error, for instance `unexpected-end`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns a report: the message, the line and column, and the line itself with the position
    /// marked. Without a position, the report is the message alone. `event` is the rejected text.
    ///
    /// Columns count characters. Only a part of a long line is shown. Bytes that are not UTF-8 are
    /// shown as `\u{FFFD}`, and control characters as blanks. Takes time in proportion to the text
    /// before the end of the line.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let matcher = Matcher::new(&RuleSet::new())?;
    /// let event = b"{\n  \"source\": tru\n}";
    /// let error = matcher.is_match(&mut Scratch::new(), event).unwrap_err();
    /// assert_eq!(
    ///     error.report(event).to_string(),
    ///     concat!(
    ///         "error[invalid-literal]: unknown word, expected `true`, `false` or `null`\n",
    ///         " --> 2:13\n",
    ///         "  |\n",
    ///         "2 |   \"source\": tru\n",
    ///         "  |             ^",
    ///     ),
    /// );
    /// # Ok::<(), galop::BuildError>(())
    /// ```
    #[must_use]
    pub fn report<'a>(&'a self, event: &'a [u8]) -> impl fmt::Display + 'a {
        Report {
            severity: Severity::Error,
            code: self.code(),
            message: &self.kind,
            help: None,
            text: event,
            span: self.offset().map(|offset| Span::new(offset, offset)),
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(offset) = self.offset() {
            write!(f, " at byte {offset}")?;
        }
        write!(f, " [{}]", self.code())
    }
}

impl Error for EventError {}

impl From<JsonError> for EventError {
    fn from(error: JsonError) -> EventError {
        EventError::new(EventErrorKind::Json(error.kind), error.span.start)
    }
}
