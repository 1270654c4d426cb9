//! The kernel of tests without an explicit kernel: the library's default, or the one that
//! `GALOP_TEST_KERNEL` names.
//!
//! The default is the fastest kernel of the machine, so most tests run with one kernel. With the
//! variable, the same programs run with other kernels. The library does not read the variable.
//! Matchers that are built without this module ignore it: unit tests and doctests of the library,
//! the command line, and programs in C.

use std::env;
use std::sync::LazyLock;

use galop::tuning::Kernel;
use galop::{BuildError, EventLimits, Matcher, MatcherBuilder, RuleSet};

const VARIABLE: &str = "GALOP_TEST_KERNEL";

/// An unavailable kernel is an error with the name of the variable, before any matcher is built.
static KERNEL: LazyLock<Kernel> = LazyLock::new(|| {
    let Some(name) = env::var_os(VARIABLE) else { return Kernel::detect() };
    let named = |kernel: &Kernel| format!("{kernel:?}").eq_ignore_ascii_case(&name.to_string_lossy());
    let kernel = Kernel::ALL.into_iter().find(named);
    let kernel = kernel.unwrap_or_else(|| panic!("{VARIABLE} names no kernel: {}", name.display()));
    assert!(kernel.is_available(), "{VARIABLE}: this machine cannot run {kernel:?}");
    kernel
});

/// Returns a builder with every default but the kernel.
pub fn builder() -> MatcherBuilder {
    let mut builder = MatcherBuilder::new();
    builder.kernel(*KERNEL);
    builder
}

/// Returns the default limits of an event, with a change.
pub fn event_limits(change: impl FnOnce(&mut EventLimits)) -> EventLimits {
    let mut limits = EventLimits::default();
    change(&mut limits);
    limits
}

/// Compiles a rule set with every default but the kernel.
pub fn matcher(rules: &RuleSet) -> Result<Matcher, BuildError> {
    builder().build(rules)
}

#[cfg(test)]
mod tests {
    use super::{KERNEL, RuleSet, matcher};

    #[test]
    fn matchers_read_with_the_kernel() {
        assert_eq!(matcher(&RuleSet::new()).expect("no rules compile").kernel(), *KERNEL);
    }
}
