//! Code that tests, fuzz targets and benchmarks of galop share: the oracle, the laws, generated
//! cases, and the reader of the corpus.
//!
//! The crate depends on galop, and galop's tests depend on the crate. Unit tests in `src` cannot
//! use the parts with types of galop, because galop is compiled a second time there.

extern crate galop;

pub mod alternatives;
#[cfg(feature = "capi")]
#[path = "../../../src/capi/tests/calls.rs"]
mod calls;
pub mod case;
#[path = "../../../src/bin/galop/cases.rs"]
pub mod cases;
pub mod check;
pub mod generate;
pub mod kernel;
pub mod oracle;
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
pub mod parsed;
pub mod process;

/// Checks the law of the C interface, over the calls that the bytes encode.
#[cfg(feature = "capi")]
pub fn any_calls_get_an_answer(bytes: &[u8]) {
    calls::any_calls_get_an_answer(bytes);
}
