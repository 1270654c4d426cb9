//! Why an event was refused.

use std::error::Error;
use std::fmt;

use super::{JsonError, JsonErrorKind};

/// An event was refused: what is wrong, and where.
///
/// A refused event matched nothing and missed nothing: its answer is unknown. A broker will want to put it aside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventError {
    kind: EventErrorKind,
    offset: usize,
}

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

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &EventErrorKind {
        &self.kind
    }

    /// Where it is wrong: the offset of a byte of the event, or its length where it ends too early. Zero if it has no text,
    /// because it was parsed before.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The stable name of what is wrong: `unexpected-end`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
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
        write!(f, "{} at byte {} [{}]", self.kind, self.offset, self.code())
    }
}

impl Error for EventError {}

impl From<JsonError> for EventError {
    fn from(error: JsonError) -> EventError {
        EventError::new(EventErrorKind::Json(error.kind), error.span.start)
    }
}
