//! [`OnMatch`]: the callback for matches.

use std::ffi::c_void;

/// A function that is called for each matching rule, with the caller's context, the id and the
/// value of the rule. Matching stops if the function does not return zero.
// The type allows unwinding because C++ functions can throw. The exception then ends the process,
// without undefined behaviour.
pub type OnMatch = Option<unsafe extern "C-unwind" fn(context: *mut c_void, id: u32, value: u64) -> i32>;
