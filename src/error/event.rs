//! Why an event was refused.

use std::error::Error;
use std::fmt;

use super::{EventErrorKind, JsonError};

/// An event was refused: what is wrong, and where.
///
/// A refused event matched nothing and missed nothing: its answer is unknown. A broker will want to put it aside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventError {
    kind: EventErrorKind,
    offset: usize,
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
