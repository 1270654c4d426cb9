//! One event through a matcher.

use std::ffi::{c_char, c_void};

use super::boundary::{self, Callback, Exclusive, Output, Shared, Text};
use super::callback::OnMatch;
use super::matcher::MatcherHandle;
use super::scratch::ScratchHandle;
use super::status::{Error, Status};

/// Finds the rules that an event fits: their ids in ascending order, each once, and their number.
///
/// The ids stand in the scratch until it is used again or freed. The error may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_match(
    matcher: *const MatcherHandle,
    scratch: *mut ScratchHandle,
    event: *const c_char,
    event_length: usize,
    ids: *mut *const u32,
    count: *mut usize,
    error: *mut Error,
) -> Status {
    let arguments =
        (Shared(matcher), Exclusive(scratch), Text(event, event_length), Output(ids), Output(count));
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(matcher, mut workspace, event, ids, count)| {
            let found = matcher.matcher.matches(&mut workspace.scratch, event)?;
            // A `RuleId` is laid out as a `u32`.
            ids.set(found.as_ptr().cast::<u32>());
            count.set(found.len());
            Ok(())
        })
    }
}

/// Finds whether an event fits any rule, which can take less time than to find all of them. The error may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_is_match(
    matcher: *const MatcherHandle,
    scratch: *mut ScratchHandle,
    event: *const c_char,
    event_length: usize,
    found: *mut bool,
    error: *mut Error,
) -> Status {
    let arguments = (Shared(matcher), Exclusive(scratch), Text(event, event_length), Output(found));
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(matcher, mut workspace, event, found)| {
            found.set(matcher.matcher.is_match(&mut workspace.scratch, event)?);
            Ok(())
        })
    }
}

/// Calls back for each rule that an event fits, in ascending order of their ids, with the context, the id and the value
/// of the rule.
///
/// A callback that returns anything but zero stops: then the status is GALOP_STATUS_STOPPED. It must not throw, or jump
/// out in another way, and the scratch is in use while it runs. The context may be NULL, and so may the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_match_each(
    matcher: *const MatcherHandle,
    scratch: *mut ScratchHandle,
    event: *const c_char,
    event_length: usize,
    on_match: OnMatch,
    context: *mut c_void,
    error: *mut Error,
) -> Status {
    let arguments =
        (Shared(matcher), Exclusive(scratch), Text(event, event_length), Callback(on_match, context));
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(matcher, mut workspace, event, visitor)| {
            let mut found = matcher.matcher.matches(&mut workspace.scratch, event)?.iter();
            let all = found.all(|rule| visitor.visit(rule.as_u32(), matcher.values[rule.as_usize()]));
            if all { Ok(()) } else { Err(Status::Stopped.into()) }
        })
    }
}
