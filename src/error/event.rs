//! Why an event was refused.

use std::error::Error;
use std::fmt;

use super::report::{Report, Severity};
use super::{JsonError, JsonErrorKind, Span};

/// An event was refused: what is wrong, and where.
///
/// A refused event matched nothing and missed nothing: its answer is unknown. A broker will want to put it aside.
///
/// The error does not keep the text of the event, which may be long, or secret. Whoever has the text can turn the error
/// into a [report](EventError::report) that shows the place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventError {
    kind: EventErrorKind,
    /// [`NOWHERE`] if there is no place.
    offset: usize,
}

/// No offset of an event. An `Option` would make the result of every match a word longer.
const NOWHERE: usize = usize::MAX;

/// What is wrong with an event.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum EventErrorKind {
    /// The text is not a JSON object.
    Json(JsonErrorKind),
    /// The event has more bytes than the limit allows.
    EventTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The event has more values on paths that some rule names than the limit allows.
    TooManyLeaves {
        /// The limit, in strings, numbers, `true`s, `false`s and `null`s.
        limit: usize,
    },
    /// The arrays of the event that some rule looks into have more elements together than the limit allows.
    TooManyElements {
        /// The limit, in elements.
        limit: usize,
    },
    /// To decide on the event takes more steps than the limit allows.
    TooMuchWork {
        /// The limit, in steps.
        limit: u64,
    },
}

impl EventError {
    pub(crate) fn new(kind: EventErrorKind, offset: usize) -> EventError {
        EventError { kind, offset }
    }

    /// A fault of the event as a whole, or of an event that has no text.
    pub(crate) fn without_place(kind: EventErrorKind) -> EventError {
        EventError { kind, offset: NOWHERE }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &EventErrorKind {
        &self.kind
    }

    /// Returns where it is wrong: the offset of a byte of the event, or its length where it ends too early.
    ///
    /// `None` if there is no place: for [`TooMuchWork`](EventErrorKind::TooMuchWork), and for an event that was parsed
    /// before, which has no text.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        (self.offset != NOWHERE).then_some(self.offset)
    }

    /// The stable name of what is wrong: `unexpected-end`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns a report for people: the message, the line and column, and the line itself with the place marked; without a
    /// place, the message alone. `event` is the text that was refused.
    ///
    /// Columns count characters. Of a long line only a part is shown. Bytes that are not UTF-8 are shown as `\u{FFFD}`, and
    /// control characters as blanks. Takes time in proportion to the text before the end of the line.
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

impl EventErrorKind {
    /// The stable name of this kind of error: `unexpected-end`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            EventErrorKind::Json(kind) => kind.code(),
            EventErrorKind::EventTooLong { .. } => "event-too-long",
            EventErrorKind::TooManyLeaves { .. } => "too-many-leaves",
            EventErrorKind::TooManyElements { .. } => "too-many-elements",
            EventErrorKind::TooMuchWork { .. } => "too-much-work",
        }
    }
}

impl fmt::Display for EventErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventErrorKind::Json(kind) => kind.fmt(f),
            EventErrorKind::EventTooLong { limit } => write!(f, "longer than {limit} bytes"),
            EventErrorKind::TooManyLeaves { limit } => {
                write!(f, "more than {limit} values on paths that rules name")
            }
            EventErrorKind::TooManyElements { limit } => {
                write!(f, "more than {limit} elements in arrays that rules look into")
            }
            EventErrorKind::TooMuchWork { limit } => {
                write!(f, "too much work: over {limit} steps")
            }
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
