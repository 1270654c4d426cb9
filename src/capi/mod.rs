//! The C interface. `cbindgen` generates the header `galop.h` in this folder from these files,
//! comments included. Comments of public items are thus for users of C. The contract as a whole is
//! at the top of the header, and comes from `cbindgen.toml`.
//!
//! The module uses only the public interface of the crate.
//!
//! | file | contents |
//! |---|---|
//! | `rules`, `matcher`, `scratch` | the objects: functions to make, read and free them |
//! | `matching`, `batch` | one event, many events |
//! | `options`, `status` | the structures and numbers of the interface |
//! | `boundary` | pointers, exclusive use and panics; only this file dereferences pointers from C |

#![allow(unsafe_code, reason = "C names functions by symbol and values by pointer; neither can be checked")]
#![allow(unreachable_pub, reason = "cbindgen reads only what is public; Rust has an interface of its own")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the contract is that of the header, for all functions the same"
)]

use std::ffi::{CStr, c_char};

// In the order of the header.
mod status;

mod options;

mod rules;

mod matcher;

mod scratch;

mod callback;

mod matching;

mod batch;

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
