//! Every limit: a case at the limit passes, and a case one past it is refused with the code of the
//! limit and the place.
//!
//! `properties` tests the laws of limits with other sets and events. The tests here show the
//! figures, the defaults included.

mod events;
mod patterns;

use galop::tuning::Kernel;
use galop::{EventError, Matcher, RuleSet, Scratch};
use galop_harness::kernel;

/// Returns `count` items, separated by commas.
fn repeated(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn rules(patterns: &[&str]) -> RuleSet {
    let mut rules = RuleSet::new();
    for pattern in patterns {
        rules.add(pattern).expect("the pattern is valid");
    }
    rules
}

/// Returns the number of rules that an event matches.
fn matches(matcher: &Matcher, event: &str) -> Result<usize, EventError> {
    matcher.matches(&mut Scratch::new(), event.as_bytes()).map(<[_]>::len)
}

#[test]
fn rules_of_a_set_are_limited() {
    let set = rules(&[r#"{"a":[1]}"#; 3]);
    assert!(kernel::builder().rule_limit(3).build(&set).is_ok());
    let error = kernel::builder().rule_limit(2).build(&set).expect_err("a rule too many");
    assert_eq!((error.code(), error.rule().expect("a rule").as_usize()), ("too-many-rules", 2));
    assert!(kernel::builder().rule_limit(0).build(&RuleSet::new()).is_ok());
}

/// Each machine lacks some kernel: none has the vectors of both x86-64 and AArch64.
#[test]
fn missing_kernels_are_errors() {
    let set = rules(&[r#"{"a":[1]}"#]);
    let missing: Vec<_> = Kernel::ALL.into_iter().filter(|kernel| !kernel.is_available()).collect();
    assert!(!missing.is_empty());
    for kernel in missing {
        let mut builder = kernel::builder();
        let error = builder.kernel(kernel).build(&set).expect_err("there is no such kernel");
        assert_eq!((error.code(), error.rule()), ("kernel-unavailable", None));
        assert_eq!(error.to_string(), format!("{} [kernel-unavailable]", error.kind()));
        let (matcher, errors) = builder.rule_limit(0).build_within_limits(&set);
        assert_eq!(
            errors.iter().map(|error| error.code()).collect::<Vec<_>>(),
            [error.code(), "too-many-rules"]
        );
        assert_eq!(matcher.kernel(), Kernel::Portable);
        assert_eq!(matches(&matcher, r#"{"a":1}"#), Ok(0));
    }
}
