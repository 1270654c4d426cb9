//! The C interface. The header `galop.h` beside this file is generated from here by `cbindgen`, comments included, so
//! what is public says what C has to know; the contract as a whole stands at the top of the header (`cbindgen.toml`).
//!
//! This module uses nothing of the crate but its public interface.
//!
//! | file | what it knows |
//! |---|---|
//! | `rules`, `matcher`, `scratch` | the objects: making, reading and freeing them |
//! | `matching`, `batch` | one event, many events |
//! | `options`, `status`, `detail` | the structures and numbers that C sees |
//! | `boundary` | pointers, exclusive use and panics; nothing else looks behind a pointer |

#![allow(unsafe_code, reason = "C names functions by symbol and values by pointer; neither can be checked")]
#![allow(unreachable_pub, reason = "cbindgen reads only what is public; Rust has an interface of its own")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the contract is that of the header, for all functions the same"
)]

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

mod boundary;

#[cfg(test)]
mod tests;

/// What galop_abi_version returns, and the header has as GALOP_ABI_VERSION.
const ABI_VERSION: u32 = 1;

/// The version of the interface that the library has. If it is not GALOP_ABI_VERSION, the program was compiled for
/// another library. It does not change for new functions, statuses, details and options.
#[unsafe(no_mangle)]
pub extern "C" fn galop_abi_version() -> u32 {
    ABI_VERSION
}

/// The version of the library, ending with a NUL: "1.2.3". The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}
