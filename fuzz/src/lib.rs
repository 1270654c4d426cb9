//! The bodies of the fuzz targets: the laws of `tests/harness/src/check.rs`.

use galop::pattern::Pattern;
use galop_harness::check;

mod input;

pub use input::Input;

/// Checks a pattern of any bytes.
pub fn pattern(text: &[u8]) {
    if is_cheap(text) {
        check::pattern(text);
    }
}

/// Checks the examples of a pattern of any bytes.
pub fn generate(text: &[u8]) {
    if is_cheap(text) {
        check::examples_are_right(text);
    }
}

/// Checks an event of any bytes.
pub fn event(text: &[u8]) {
    check::event(text);
}

/// Checks that the answers are right.
pub fn differential(input: &Input) {
    if input.0.rules.iter().all(|rule| is_cheap(rule)) {
        check::differential(&input.0.rules, &input.0.events);
    }
}

/// Checks that the answers depend only on the rule and the event.
pub fn independence(input: &Input) {
    if input.0.rules.iter().all(|rule| is_cheap(rule)) {
        check::independence_in_part(&input.0.rules, &input.0.events);
    }
}

/// Checks that explanations are true.
pub fn explain(input: &Input) {
    if input.0.rules.iter().all(|rule| is_cheap(rule)) {
        check::explanations_are_true(&input.0.rules, &input.0.events);
    }
}

/// Checks that the answers do not depend on the kernel.
pub fn kernels(input: &Input) {
    check::kernels(&input.0.rules, &input.0.events);
}

/// Checks calls of the C interface.
pub fn capi(bytes: &[u8]) {
    galop_harness::any_calls_get_an_answer(bytes);
}

/// Returns true if the oracle, which expands all branches, is fast for the pattern.
fn is_cheap(pattern: &[u8]) -> bool {
    const BRANCHES: usize = 256;
    let pattern = Pattern::parse_with(pattern, &galop_harness::check::limits()).ok();
    pattern.is_none_or(|pattern| pattern.combinations() <= BRANCHES)
}
