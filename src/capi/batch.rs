//! Many events through a matcher in one call.

use std::ffi::c_char;
use std::ptr;

use super::boundary::{self, Exclusive, Output, Shared, Slice, Text};
use super::matcher::{CompiledRules, MatcherHandle};
use super::scratch::{BatchResults, ScratchHandle, Workspace};
use super::status::{Error, Status};

/// The rules that the events of a batch fit. All of it stands in the scratch until it is used again or freed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The ids of all events, one event after the other; for each, in ascending order.
    pub ids: *const u32,
    /// Where the ids of each event begin: those of event i are ids[starts[i]] up to, but not including,
    /// ids[starts[i + 1]]. There is one start more than events.
    pub starts: *const usize,
    /// The events that are refused, in their order: index names the event, and places are offsets in that event.
    pub errors: *const Error,
    /// The number of ids.
    pub id_count: usize,
    /// The number of errors.
    pub error_count: usize,
}

/// Finds the rules that each event of a batch fits.
///
/// The events stand in one buffer: event i is its bytes from offsets[i] up to, but not including, offsets[i + 1], so
/// there is one offset more than events. Offsets must not descend, nor leave the buffer. An event that is refused fits
/// no rule and is among the errors of the batch; it does not fail the call. White space around an event belongs to
/// JSON: of lines, the line feeds may stay.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_match_batch(
    matcher: *const MatcherHandle,
    scratch: *mut ScratchHandle,
    events: *const c_char,
    events_length: usize,
    offsets: *const usize,
    event_count: usize,
    batch: *mut Batch,
) -> Status {
    // Of so many events that no number is one more, there is no array either.
    let offsets = Slice(offsets, event_count.saturating_add(1));
    let arguments =
        (Shared(matcher), Exclusive(scratch), Text(events, events_length), offsets, Output(batch));
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call(arguments, ptr::null_mut(), |(matcher, mut workspace, events, offsets, batch)| {
            let is_inside = offsets.is_sorted() && offsets.last().is_some_and(|&last| last <= events.len());
            if !is_inside {
                return Err(Status::InvalidArgument.into());
            }
            run(matcher, &mut workspace, events, offsets);
            let BatchResults { ids, starts, errors } = &workspace.batch;
            batch.set(Batch {
                ids: ids.as_ptr(),
                starts: starts.as_ptr(),
                errors: errors.as_ptr(),
                id_count: ids.len(),
                error_count: errors.len(),
            });
            Ok(())
        })
    }
}

/// The offsets ascend and are inside the events.
fn run(compiled: &CompiledRules, workspace: &mut Workspace, events: &[u8], offsets: &[usize]) {
    let Workspace { scratch, batch: BatchResults { ids, starts, errors } } = workspace;
    ids.clear();
    starts.clear();
    errors.clear();
    starts.push(0);
    for (index, ends) in offsets.windows(2).enumerate() {
        match compiled.matcher.matches(scratch, &events[ends[0]..ends[1]]) {
            Ok(found) => ids.extend(found.iter().map(|rule| rule.as_u32())),
            Err(error) => errors.push(Error { index, ..Error::from(error) }),
        }
        starts.push(ids.len());
    }
}
