//! Reads the events of a source one after the other, for commands that need no threads.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use crate::Failure;
use crate::event_file::{EventPlace, Events, cut_line};
use crate::foreign::Foreign;
use crate::output::{Report, complain};
use crate::source::Source;
use crate::unwrap::{self, Text};

/// The maximum number of values into which a line is cut.
const LINE_EVENTS: usize = 1 << 18;

/// Calls `found` with the number, the place and the text of each event of a source, until `found`
/// breaks. Returns the reason if the source cannot be read to its end. One event, or one line of
/// events, is in memory at a time.
pub(crate) fn each_event(
    source: &Source,
    mut found: impl FnMut(u64, EventPlace, &[u8]) -> Result<ControlFlow<()>, Failure>,
) -> Result<Option<Report>, Failure> {
    let mut events = match source.open(&Arc::default()) {
        Ok((input, offset)) => Events::new(input, offset),
        Err(report) => return Ok(Some(report)),
    };
    let (mut number, mut text) = (0, Vec::new());
    loop {
        text.clear();
        let place = match events.next_into(&mut text) {
            Ok(Some(place)) => place,
            Ok(None) => return Ok(None),
            Err(report) => return Ok(Some(report)),
        };
        let (mut ranges, rest) =
            if place.is_line { cut_line(&text, LINE_EVENTS) } else { (Vec::new(), None) };
        if ranges.is_empty() {
            ranges.push(0..text.len());
        }
        for Range { start, end } in ranges {
            number += 1;
            if number == 1
                && let Some(foreign) = Foreign::of_head(&text[start..end])
            {
                return Ok(Some(foreign.report()));
            }
            if found(number, place.within_line(start), &text[start..end])?.is_break() {
                return Ok(None);
            }
        }
        if let Some(reason) = rest {
            return Ok(Some(Report { line: Some(place.line), ..reason }));
        }
    }
}

/// Calls `found` with the place and the text of each event of a source, as [`each_event`] does. With
/// `unwraps`, the records of wrappers are the events; otherwise a wrapper at the begin of the source is
/// hinted at.
pub(crate) fn each_record(
    source: &Source,
    unwraps: bool,
    mut found: impl FnMut(EventPlace, &[u8]) -> ControlFlow<()>,
) -> Result<Option<Report>, Failure> {
    each_event(source, |number, place, event| {
        if !unwraps {
            if number == 1
                && let Some(hint) = unwrap::hint(&source.label, event)
            {
                complain(hint);
            }
            return Ok(found(place, event));
        }
        let Some(records) = unwrap::records(event, place, usize::MAX) else {
            return Ok(found(place, event));
        };
        Ok(records.iter().try_for_each(|record| match &record.text {
            Text::Written(start, end) => found(record.place, &event[*start..*end]),
            Text::Decoded(text) => found(record.place, text),
        }))
    })
}
