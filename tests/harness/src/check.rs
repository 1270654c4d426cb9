//! The laws: what holds for all patterns and all events, one function for each.
//!
//! A law takes texts, returns nothing and panics where it is broken. It takes whatever it is given: of patterns
//! and events that are refused it checks that they are refused everywhere alike. Property tests, fuzz targets and
//! regressions share the laws, and whoever breaks one finds in the message a call to paste into a test.
//!
//! The engine laws run over all [ways to build a matcher](configuration).

pub mod configuration;
mod engine;
mod kernel;
mod layout;
mod limits;
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
mod parsed;
mod reproduction;
mod text;

pub use engine::{
    engine_agrees_with_oracle, order_of_rules_does_not_matter, place_does_not_matter,
    printed_patterns_mean_the_same, rules_do_not_influence_each_other, scratch_has_no_memory,
    threads_share_a_matcher,
};
pub use kernel::kernels_repeat_the_portable_one;
pub use layout::layout_does_not_matter;
pub use limits::{
    event_limits_hold, pattern_limits_hold, size_limit_holds, work_is_proportional_to_elements,
};
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
pub use parsed::parsed_events_are_their_texts;
pub use text::{any_event_gets_an_answer, any_pattern_gets_an_answer, prefixes_are_refused};

use configuration::{Configuration, configurations};
use galop::error::EventErrorKind;
use galop::{EventError, Matcher, MatcherBuilder, PatternLimits, RuleId, RuleSet, Scratch};

/// The laws of a pattern of any bytes.
pub fn pattern(text: &[u8]) {
    any_pattern_gets_an_answer(text);
    pattern_limits_hold(text);
}

/// The laws of an event of any bytes.
pub fn event(text: &[u8]) {
    any_event_gets_an_answer(text);
    prefixes_are_refused(text);
}

/// The laws by which every single answer is right.
pub fn differential(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    engine_agrees_with_oracle(rules, events);
    printed_patterns_mean_the_same(rules, events);
    layout_does_not_matter(rules, events);
    #[cfg(all(feature = "serde_json", feature = "simd-json"))]
    parsed_events_are_their_texts(rules, events);
}

/// The law by which an answer depends neither on the kernel nor on where in its blocks an event stands.
pub fn kernels(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    kernels_repeat_the_portable_one(rules, events);
}

/// The laws by which an answer depends on nothing but the rule and the event.
pub fn independence(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    rules_do_not_influence_each_other(rules, events);
    order_of_rules_does_not_matter(rules, events);
    scratch_has_no_memory(rules, events);
}

/// The same over one configuration in eight, which depends on the bytes of the rules, for a fuzzer: it makes many cases that are
/// nearly alike, and what one configuration gets wrong it finds sooner if each takes little time.
pub fn independence_in_part(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let sum: usize = rules.iter().flat_map(|rule| rule.as_ref()).map(|&byte| usize::from(byte)).sum();
    configuration::in_part(sum % 8, 8, || independence(rules, events));
}

type Texts<'a> = Vec<&'a [u8]>;

fn bytes<T: AsRef<[u8]>>(texts: &[T]) -> Texts<'_> {
    texts.iter().map(AsRef::as_ref).collect()
}

/// The patterns that are valid, and the set of them; ids are indices into the list.
fn valid<'a>(patterns: &[&'a [u8]]) -> (Texts<'a>, RuleSet) {
    let mut rules = RuleSet::with_limits(PatternLimits::wide());
    let valid = patterns.iter().copied().filter(|pattern| rules.add_bytes(pattern).is_ok()).collect();
    (valid, rules)
}

/// A set of patterns that are known to be valid.
fn rule_set(patterns: &[&[u8]]) -> RuleSet {
    let mut rules = RuleSet::with_limits(PatternLimits::wide());
    for pattern in patterns {
        rules.add_bytes(pattern).expect("a valid pattern is valid in every set");
    }
    rules
}

fn build(builder: &MatcherBuilder, rules: &RuleSet) -> Matcher {
    builder.build(rules).expect("a small set is within every default limit")
}

/// The rules that an event fits, as indices, or the error that it is.
pub type Answer = Result<Vec<usize>, EventError>;

/// Asks for the answer in both ways that there are, and checks what holds for every answer.
pub fn answer(matcher: &Matcher, scratch: &mut Scratch, event: &[u8]) -> Answer {
    let any = matcher.is_match(scratch, event);
    agreed(matcher, any, matcher.matches(scratch, event))
}

/// The answer that both ways to ask agree on.
pub fn agreed(
    matcher: &Matcher,
    any: Result<bool, EventError>,
    all: Result<&[RuleId], EventError>,
) -> Answer {
    match (&any, &all) {
        (Ok(any), Ok(all)) => assert_eq!(*any, !all.is_empty(), "is_match and matches disagree"),
        // To find the first rule may take less work than to find them all.
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

/// Whether an answer is the same for an event so many bytes further on.
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
