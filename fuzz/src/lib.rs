//! What the fuzz targets run: the laws of `tests/support/check.rs`.

extern crate galop;

use galop::pattern::Pattern;

#[path = "../../src/capi/tests/calls.rs"]
mod calls;
#[allow(dead_code, reason = "fuzzers read cases, and only people write them")]
#[path = "../../tests/support/case.rs"]
mod case;
#[allow(dead_code, unused_imports, reason = "not every law has a target")]
#[path = "../../tests/support/check.rs"]
mod check;
mod input;
#[allow(dead_code, reason = "tests build most of their matchers with it")]
#[path = "../../tests/support/kernel.rs"]
mod kernel;
#[allow(dead_code, reason = "the oracle serves tests too")]
#[path = "../../tests/support/oracle.rs"]
mod oracle;
#[path = "../../tests/support/parsed.rs"]
mod parsed;

pub use input::Input;

/// A pattern of any bytes.
pub fn pattern(text: &[u8]) {
    if is_cheap(text) {
        check::pattern(text);
    }
}

/// An event of any bytes.
pub fn event(text: &[u8]) {
    check::event(text);
}

/// Rules and events whose answers must be right.
pub fn differential(input: &Input) {
    if input.0.rules.iter().all(|rule| is_cheap(rule)) {
        check::differential(&input.0.rules, &input.0.events);
    }
}

/// Rules and events whose answers must not depend on anything else.
pub fn independence(input: &Input) {
    if input.0.rules.iter().all(|rule| is_cheap(rule)) {
        check::independence_in_part(&input.0.rules, &input.0.events);
    }
}

/// Rules and events whose answers must not depend on the kernel.
pub fn kernels(input: &Input) {
    check::kernels(&input.0.rules, &input.0.events);
}

/// Calls of the C interface.
pub fn capi(bytes: &[u8]) {
    calls::any_calls_get_an_answer(bytes);
}

/// Whether the oracle, which writes every branch out, is done with it soon.
fn is_cheap(pattern: &[u8]) -> bool {
    const BRANCHES: usize = 256;
    let pattern = Pattern::parse_bytes(pattern, &check::limits()).ok();
    pattern.is_none_or(|pattern| pattern.combinations() <= BRANCHES)
}
