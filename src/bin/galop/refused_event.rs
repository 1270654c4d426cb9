//! [`RefusedEvent`]: the line of JSON about an event that is refused.

use galop::EventError;
use serde::Serialize;

use crate::event_file::EventPlace;

/// A refused event, as JSON output names it.
#[derive(Serialize)]
pub(crate) struct RefusedEvent<'a> {
    file: &'a str,
    line: u64,
    /// The number of the event in its file.
    event: u64,
    /// The number of bytes of the file before the event.
    offset: u64,
    error: Reason,
}

#[derive(Serialize)]
struct Reason {
    code: &'static str,
    /// The place in the event, in bytes.
    offset: Option<usize>,
    message: String,
}

impl<'a> RefusedEvent<'a> {
    pub(crate) fn new(file: &'a str, event: u64, place: EventPlace, error: &EventError) -> RefusedEvent<'a> {
        let (code, offset, message) = (error.code(), error.offset(), error.kind().to_string());
        let error = Reason { code, offset, message };
        RefusedEvent { file, line: place.line, event, offset: place.offset, error }
    }
}
