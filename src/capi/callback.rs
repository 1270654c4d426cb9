//! [`OnMatch`]: the function that a caller is told of matches by.

use std::ffi::c_void;

/// What is called for a rule that an event fits: with the context given by the caller, the id and the value of the rule.
/// Anything but zero stops.
// Unwinding is part of the type since C++ can throw: that must end the process, and not be undefined.
pub type OnMatch = Option<unsafe extern "C-unwind" fn(context: *mut c_void, id: u32, value: u64) -> i32>;
