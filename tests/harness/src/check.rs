//! The laws: one function for each property of all patterns and all events.
//!
//! A law takes texts, returns nothing, and panics if the property does not hold. A law accepts any
//! bytes. For invalid patterns and events, the law checks that they are refused everywhere alike.
//! Property tests, fuzz targets and regressions share the laws. The message of a broken law
//! contains a call that can be pasted into a test.
//!
//! The laws of the engine run over all [configurations of a matcher](configuration).

pub mod configuration;
mod engine;
mod examples;
mod explain;
mod kernel;
mod layout;
mod limits;
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
mod parsed;
mod reproduction;
mod text;

pub use engine::{
    engine_agrees_with_oracle, order_of_rules_does_not_matter, place_does_not_matter,
    printed_patterns_match_the_same_events, rules_do_not_influence_each_other, threads_share_a_matcher,
    used_scratch_equals_new_scratch,
};
pub use examples::examples_are_right;
pub use explain::explanations_are_true;
pub use kernel::kernels_equal_the_portable_kernel;
pub use layout::layout_does_not_matter;
pub use limits::{
    event_limits_hold, pattern_limits_hold, size_limit_holds, work_is_proportional_to_elements,
};
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
pub use parsed::parsed_events_equal_their_texts;
pub use text::{any_event_gets_an_answer, any_pattern_gets_an_answer, prefixes_are_refused};

use configuration::{Configuration, configurations};
use galop::error::EventErrorKind;
use galop::{EventError, Extensions, Matcher, MatcherBuilder, PatternLimits, RuleId, RuleSet, Scratch};

/// Checks the laws of a pattern of any bytes.
pub fn pattern(text: &[u8]) {
    any_pattern_gets_an_answer(text);
    pattern_limits_hold(text);
}

/// Checks the laws of an event of any bytes.
pub fn event(text: &[u8]) {
    any_event_gets_an_answer(text);
    prefixes_are_refused(text);
}

/// Checks the laws that each single result is right.
pub fn differential(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    engine_agrees_with_oracle(rules, events);
    printed_patterns_match_the_same_events(rules, events);
    layout_does_not_matter(rules, events);
    #[cfg(all(feature = "serde_json", feature = "simd-json"))]
    parsed_events_equal_their_texts(rules, events);
}

/// Checks the law that results depend neither on the kernel nor on the place of an event in memory.
pub fn kernels(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    kernels_equal_the_portable_kernel(rules, events);
}

/// Checks the laws that a result depends only on the rule and the event.
pub fn independence(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    rules_do_not_influence_each_other(rules, events);
    order_of_rules_does_not_matter(rules, events);
    used_scratch_equals_new_scratch(rules, events);
}

/// Checks [`independence`] over one configuration in eight, selected by the bytes of the rules. A
/// fuzzer makes many similar cases, and finds the faults of a configuration sooner if each case
/// takes little time.
pub fn independence_in_part(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let sum: usize = rules.iter().flat_map(|rule| rule.as_ref()).map(|&byte| usize::from(byte)).sum();
    configuration::in_part(sum % 8, 8, || independence(rules, events));
}

/// The limits of trusted rules, with all extensions. The oracle has the same limits.
pub fn limits() -> PatternLimits {
    let mut limits = PatternLimits::wide();
    limits.extensions = Extensions::ALL;
    limits
}

type Texts<'a> = Vec<&'a [u8]>;

fn bytes<T: AsRef<[u8]>>(texts: &[T]) -> Texts<'_> {
    texts.iter().map(AsRef::as_ref).collect()
}

/// Returns the valid patterns, and the set of them. Ids are indices into the list.
fn valid<'a>(patterns: &[&'a [u8]]) -> (Texts<'a>, RuleSet) {
    let mut rules = RuleSet::with_limits(limits());
    let valid = patterns.iter().copied().filter(|pattern| rules.add_bytes(pattern).is_ok()).collect();
    (valid, rules)
}

/// Returns a set of valid patterns.
fn rule_set(patterns: &[&[u8]]) -> RuleSet {
    let mut rules = RuleSet::with_limits(limits());
    for pattern in patterns {
        rules.add_bytes(pattern).expect("a valid pattern is valid in every set");
    }
    rules
}

fn build(builder: &MatcherBuilder, rules: &RuleSet) -> Matcher {
    builder.build(rules).expect("a small set is within every default limit")
}

/// The indices of the matching rules of an event, or the error.
pub type Answer = Result<Vec<usize>, EventError>;

/// Returns the result of `matches`. Checks `is_match`, and the properties of every result.
pub fn answer(matcher: &Matcher, scratch: &mut Scratch, event: &[u8]) -> Answer {
    let any = matcher.is_match(scratch, event);
    agreed(matcher, any, matcher.matches(scratch, event))
}

/// Returns the result of both methods, if they agree.
pub fn agreed(
    matcher: &Matcher,
    any: Result<bool, EventError>,
    all: Result<&[RuleId], EventError>,
) -> Answer {
    match (&any, &all) {
        (Ok(any), Ok(all)) => assert_eq!(*any, !all.is_empty(), "is_match and matches disagree"),
        // A search for the first rule may take less work than a search for all.
        (Ok(true), Err(error)) => {
            assert!(matches!(error.kind(), EventErrorKind::TooMuchWork { .. }), "only matches gives {error}");
        }
        (any, all) => assert_eq!(any.as_ref().err(), all.as_ref().err(), "is_match and matches disagree"),
    }
    let ids = all?;
    assert!(ids.is_sorted_by(|a, b| a < b), "the ids {ids:?} are not ascending or not unique");
    assert!(ids.iter().all(|id| id.as_usize() < matcher.stats().rules), "there are no such rules: {ids:?}");
    Ok(ids.iter().copied().map(RuleId::as_usize).collect())
}

/// Returns true if the results are equal, apart from places that are `by` bytes further.
fn is_moved(found: &Answer, unmoved: &Answer, by: usize) -> bool {
    match (found, unmoved) {
        (Ok(found), Ok(unmoved)) => found == unmoved,
        (Err(found), Err(unmoved)) => {
            found.kind() == unmoved.kind() && found.offset() == unmoved.offset().map(|offset| offset + by)
        }
        _ => false,
    }
}

pub fn lossy(text: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(text)
}
