//! The kernel of tests that do not name one: the library's default, or the one that `GALOP_TEST_KERNEL` names.
//!
//! The default is the fastest kernel of the machine, so a machine runs most tests with one kernel. The variable repeats
//! the same programs with the others; the library does not know it. What builds a matcher itself is not reached: unit
//! tests and doctests of the library, the command line, and programs in C.

use std::env;
use std::sync::LazyLock;

use galop::tuning::Kernel;
use galop::{BuildError, EventLimits, Matcher, MatcherBuilder, RuleSet};

const VARIABLE: &str = "GALOP_TEST_KERNEL";

/// A kernel that is not there is a failure with the name of the variable, before any matcher is built.
static KERNEL: LazyLock<Kernel> = LazyLock::new(|| {
    let Some(name) = env::var_os(VARIABLE) else { return Kernel::detect() };
    let named = |kernel: &Kernel| format!("{kernel:?}").eq_ignore_ascii_case(&name.to_string_lossy());
    let kernel = Kernel::ALL.into_iter().find(named);
    let kernel = kernel.unwrap_or_else(|| panic!("{VARIABLE} names no kernel: {}", name.display()));
    assert!(kernel.is_available(), "{VARIABLE}: this machine cannot run {kernel:?}");
    kernel
});

/// A builder with every default but the kernel.
pub fn builder() -> MatcherBuilder {
    let mut builder = MatcherBuilder::new();
    builder.kernel(*KERNEL);
    builder
}

/// The default limits of an event, with a change.
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

    /// The only place where a matcher shows its kernel is the output of `Debug`.
    #[test]
    fn matchers_read_with_the_kernel() {
        let shown = format!("{:?}", matcher(&RuleSet::new()).expect("no rules compile"));
        assert!(shown.contains(&format!("kernel: {:?},", *KERNEL)), "{shown}");
    }
}
