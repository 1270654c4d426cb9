//! The C interface. `cbindgen` generates the header `galop.h` in this folder from these files,
//! comments included. Comments of public items are thus for users of C. The contract as a whole is
//! at the top of the header, and comes from `cbindgen.toml`.
//!
//! The module uses only the public interface of the crate.
//!
//! - An object begins with a tag and a flag. The tag tells a matcher from a scratch in languages
//!   with untyped pointers. The flag is set while a call uses rules or a scratch, and a second
//!   caller is refused. Waiting was rejected: it would hide the mistake, and a callback would wait
//!   for itself. A matcher never changes and has no flag, so threads share no memory that is
//!   written.
//! - An answer is borrowed from the scratch. A `RuleId` is laid out as its number, so nothing is
//!   copied. The values of the rules are a table of the matcher, not a part of every answer.
//! - Nothing is remembered between calls: there is no last error and no state of a thread. The
//!   report of a pattern is made by parsing it again, at the cost of the caller who wants a report.
//! - Options are structures that begin with their size, and zero is the default of each field. A
//!   shorter structure is from an older header. Fields that a longer structure has beyond are
//!   refused unless they are zero, because ignoring an option would do something else than asked.
//! - Panics end in one place, as a status. An object that was in use is replaced by a fresh one.
//!   The type of a callback may unwind, so an exception of C++ ends the process and is not
//!   undefined behaviour.
//! - The name of the shared library has the version of the interface (`libgalop.so.1`), which new
//!   functions, statuses and options do not change. `[lib]` has no `crate-type`: cargo-c and
//!   `tests/capi` ask for the libraries, and builds of Rust programs do not make them.
//!
//! | file | contents |
//! |---|---|
//! | `rules`, `matcher`, `scratch` | the objects: functions to make, read and free them |
//! | `matching`, `batch` | one event, many events |
//! | `explanation` | the reasons why an event matches a rule, or does not match |
//! | `options`, `status`, `detail` | the structures and numbers that C sees |
//! | `boundary` | pointers, exclusive use and panics; only this file dereferences pointers from C |

#![allow(unsafe_code, reason = "C names functions by symbol and values by pointer; neither can be checked")]
#![allow(unreachable_pub, reason = "cbindgen reads only what is public; Rust has an interface of its own")]
#![allow(clippy::missing_safety_doc, reason = "the header states the contract once, for all functions")]

use std::ffi::{CStr, c_char};

// In the order of the header.
mod status;

mod detail;

mod options;

mod rules;

mod matcher;

mod scratch;

mod callback;

mod matching;

mod batch;

mod explanation;

mod boundary;

#[cfg(test)]
mod tests;

/// The result of galop_abi_version, and the value of GALOP_ABI_VERSION in the header.
const ABI_VERSION: u32 = 1;

/// Returns the version of the interface of the library. If the result is not GALOP_ABI_VERSION, the
/// program was compiled for another library. New functions, statuses, details and options do not
/// change the version.
#[unsafe(no_mangle)]
pub extern "C" fn galop_abi_version() -> u32 {
    ABI_VERSION
}

/// Returns the version of the library, NUL-terminated: "1.2.3". The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}
