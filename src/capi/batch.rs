//! Matching of many events in one call.

use std::ffi::c_char;
use std::ptr;

use super::boundary::{self, Exclusive, Output, Shared, Slice, Text};
use super::matcher::{CompiledRules, MatcherHandle};
use super::scratch::{BatchResults, ScratchHandle, Workspace};
use super::status::{Error, Status};

/// The matching rules of the events of a batch. All arrays are stored in the scratch until its next
/// use.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The ids of all events, one event after the other. The ids of one event are in ascending
    /// order.
    pub ids: *const u32,
    /// The start of the ids of each event. Event i has ids[starts[i]] up to, but not including,
    /// ids[starts[i + 1]]. There is one start more than events.
    pub starts: *const usize,
    /// The errors of the refused events, in the order of the events. index is the event, and places
    /// are offsets in the event.
    pub errors: *const Error,
    /// The number of ids.
    pub id_count: usize,
    /// The number of errors.
    pub error_count: usize,
}

/// Finds the matching rules of each event of a batch.
///
/// The events are concatenated in one buffer. Event i is the bytes from offsets[i] up to, but not
/// including, offsets[i + 1]. There is one offset more than events. Offsets must not descend, and
/// must not exceed the length of the buffer.
///
/// A refused event matches no rule, and is among the errors of the batch. A refused event does not
/// fail the call. An event may have white space around it: lines may keep their line feeds.
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
    // The sum saturates. A saturated length is then refused, because it exceeds the address space.
    let offsets = Slice(offsets, event_count.saturating_add(1));
    let arguments =
        (Shared(matcher), Exclusive(scratch), Text(events, events_length), offsets, Output(batch));
    // SAFETY: the caller keeps the contract of the header.
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

/// Matches the events. The caller has checked that the offsets ascend and are inside the events.
fn run(compiled: &CompiledRules, workspace: &mut Workspace, events: &[u8], offsets: &[usize]) {
    let Workspace { scratch, batch } = workspace;
    batch.clear();
    let BatchResults { ids, starts, errors } = batch;
    starts.push(0);
    for (index, ends) in offsets.windows(2).enumerate() {
        match compiled.matcher.matches(scratch, &events[ends[0]..ends[1]]) {
            Ok(found) => ids.extend(found.iter().map(|rule| rule.as_u32())),
            Err(error) => errors.push(Error { index, ..Error::from(error) }),
        }
        starts.push(ids.len());
    }
}
