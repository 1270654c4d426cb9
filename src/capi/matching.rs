//! Matching of one event.

use std::ffi::{c_char, c_void};

use super::boundary::{self, Callback, Exclusive, Output, Shared, Text};
use super::callback::OnMatch;
use super::matcher::MatcherHandle;
use super::scratch::ScratchHandle;
use super::status::{Error, Status};

/// Finds the rules that an event matches. Returns their ids in ascending order, without duplicates,
/// and their number.
///
/// The ids are stored in the scratch until its next use. The error may be NULL.
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
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(matcher, mut workspace, event, ids, count)| {
            let found = matcher.matcher.matches(&mut workspace.scratch, event)?;
            // A `RuleId` has the layout of a `u32`.
            ids.set(found.as_ptr().cast::<u32>());
            count.set(found.len());
            Ok(())
        })
    }
}

/// Finds if an event matches any rule, which can be faster than finding all rules. The error may be
/// NULL.
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
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(matcher, mut workspace, event, found)| {
            found.set(matcher.matcher.is_match(&mut workspace.scratch, event)?);
            Ok(())
        })
    }
}

/// Calls the callback for each rule that an event matches, in ascending order of the ids. Its
/// arguments are the context, and the id and value of the rule.
///
/// Matching stops with the status GALOP_STATUS_STOPPED if the callback does not return zero. The
/// callback must not throw, or leave with longjmp. The scratch is in use while the callback runs.
/// The context and the error may be NULL.
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
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(matcher, mut workspace, event, visitor)| {
            let mut found = matcher.matcher.matches(&mut workspace.scratch, event)?.iter();
            let all = found.all(|rule| visitor.visit(rule.as_u32(), matcher.values[rule.as_usize()]));
            if all { Ok(()) } else { Err(Status::Stopped.into()) }
        })
    }
}
