//! The laws of `galop_harness::check` over generated patterns and events, and over random sets of
//! patterns of the corpus.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use galop::{Matcher, RuleSet, Scratch};
use galop_harness::cases::{self, Case, Expect, Limits};
use galop_harness::generate::{broken_json, combined_rules_and_events, rule_set, rules_and_events};
use galop_harness::{check, kernel};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

/// The message of a failure has the reproduction, which is added to the corpus or to
/// `regressions.rs`. No seeds are stored in files, because a change of the generators changes the
/// meaning of seeds.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 20_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn unexpanded_combinations_agree_with_the_oracle((rules, events) in combined_rules_and_events(2, 4)) {
        check::engine_agrees_with_oracle(&rules, &events);
    }

    #[test]
    fn engine_agrees_with_the_oracle((rules, events) in rules_and_events(6, 4)) {
        check::engine_agrees_with_oracle(&rules, &events);
    }

    #[cfg(all(feature = "serde_json", feature = "simd-json"))]
    #[test]
    fn parsed_events_equal_their_texts((rules, events) in rules_and_events(6, 4)) {
        check::parsed_events_equal_their_texts(&rules, &events);
    }

    #[test]
    fn examples_are_right(patterns in rule_set(2)) {
        for pattern in &patterns {
            check::examples_are_right(pattern.as_bytes());
        }
    }

    #[test]
    fn examples_of_combinations_are_right((patterns, _) in combined_rules_and_events(1, 1)) {
        for pattern in &patterns {
            check::examples_are_right(pattern.as_bytes());
        }
    }

    #[test]
    fn any_broken_pattern_gets_an_answer(text in broken_json()) {
        check::any_pattern_gets_an_answer(&text);
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_pattern_gets_an_answer(patterns in rule_set(4)) {
        for pattern in &patterns {
            check::pattern(pattern.as_bytes());
        }
    }

    #[test]
    fn any_broken_event_gets_an_answer(text in broken_json()) {
        check::event(&text);
    }

    #[test]
    fn any_bytes_get_an_answer(text in prop::collection::vec(any::<u8>(), 0..40)) {
        check::pattern(&text);
        check::event(&text);
    }

    #[test]
    fn tokens_in_any_order_get_an_answer(tokens in prop::collection::vec(select(TOKENS.to_vec()), 0..12)) {
        let text = format!("{{{}", tokens.concat());
        check::pattern(text.as_bytes());
        check::event(text.as_bytes());
    }

    #[test]
    fn any_event_gets_an_answer_and_its_prefixes_are_refused((_, events) in rules_and_events(2, 1)) {
        check::event(events[0].as_bytes());
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn order_of_rules_does_not_matter((rules, events) in rules_and_events(8, 4)) {
        check::order_of_rules_does_not_matter(&rules, &events);
    }

    #[test]
    fn layout_does_not_matter((rules, events) in rules_and_events(4, 4)) {
        check::layout_does_not_matter(&rules, &events);
    }

    #[test]
    fn explanations_are_true((rules, events) in rules_and_events(6, 4)) {
        check::explanations_are_true(&rules, &events);
    }

    #[test]
    fn explanations_of_combinations_are_true((rules, events) in combined_rules_and_events(2, 4)) {
        check::explanations_are_true(&rules, &events);
    }

    #[test]
    fn printed_patterns_match_the_same_events((rules, events) in rules_and_events(6, 6)) {
        check::printed_patterns_match_the_same_events(&rules, &events);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn rules_do_not_influence_each_other((rules, events) in rules_and_events(6, 6)) {
        check::rules_do_not_influence_each_other(&rules, &events);
    }

    #[test]
    fn place_of_an_event_does_not_matter((rules, events) in rules_and_events(4, 2), text in broken_json()) {
        let events: Vec<&[u8]> = events.iter().map(String::as_bytes).chain([text.as_slice()]).collect();
        check::place_does_not_matter(&rules, &events);
    }

    #[test]
    fn kernels_equal_the_portable_kernel((rules, events) in rules_and_events(4, 2), text in broken_json()) {
        let events: Vec<&[u8]> = events.iter().map(String::as_bytes).chain([text.as_slice()]).collect();
        check::kernels_equal_the_portable_kernel(&rules, &events);
    }

    #[test]
    fn used_scratch_equals_new_scratch((rules, events) in rules_and_events(6, 4)) {
        check::used_scratch_equals_new_scratch(&rules, &events);
    }

    #[test]
    fn threads_share_a_matcher((rules, events) in rules_and_events(6, 6)) {
        check::threads_share_a_matcher(&rules, &events);
    }

    #[test]
    fn limits_of_events_hold((rules, events) in rules_and_events(3, 2)) {
        check::event_limits_hold(&rules, &events);
    }

    /// More rules than a word has bits, so that groups are wide, and switches and indexes are made
    /// without being forced.
    #[test]
    fn sets_of_many_rules_agree_with_the_oracle((rules, events) in rules_and_events(160, 4)) {
        check::engine_agrees_with_oracle(&rules, &events);
    }

    #[test]
    fn limits_of_events_hold_for_combinations((rules, events) in combined_rules_and_events(1, 1)) {
        check::event_limits_hold(&rules, &events);
    }

    #[test]
    fn size_limit_holds(rules in rule_set(6)) {
        check::size_limit_holds(&rules);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    /// Rules of unrelated cases in one set, and the events of each.
    #[test]
    fn random_sets_of_the_corpus_agree_with_the_oracle(picks in prop::collection::vec(any::<[Index; 3]>(), 1..40)) {
        let pool = &*POOL;
        let picked: Vec<_> = picks.iter().map(|[pattern, _, _]| &pool[pattern.index(pool.len())]).collect();
        let rules: Vec<&[u8]> = picked.iter().map(|(pattern, _)| *pattern).collect();
        let events: Vec<&[u8]> = picks
            .iter()
            .zip(&picked)
            .flat_map(|([_, first, second], (_, events))| [first, second].map(|at| events[at.index(events.len())]))
            .collect();
        check::engine_agrees_with_oracle(&rules, &events);
        #[cfg(all(feature = "serde_json", feature = "simd-json"))]
        check::parsed_events_equal_their_texts(&rules, &events);
    }
}

/// Tokens of JSON, and fragments that are invalid.
const TOKENS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"a\"",
    "\"b\":",
    "\"a\":[",
    "\"\\u00e9\"",
    "\"\\ud83d\"",
    "\"é",
    "\\\"",
    "1",
    "-0.5e+7",
    "01",
    "1.",
    "true",
    "nul",
    "null",
    " ",
    "\n",
    "\u{b}",
    "//",
];

/// A pattern and its events.
type Picked = (&'static [u8], Vec<&'static [u8]>);

/// The valid patterns of the corpus and their events, without the cases that test sizes.
static POOL: LazyLock<Vec<Picked>> = LazyLock::new(|| {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases");
        cases::read(&directory).expect("the corpus can be read")
    });
    let mut pool: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
    for case in CASES.iter().filter(|case| case.limits == Limits::Default && case.pattern.len() < 1_000) {
        match (&case.expect, &case.event) {
            (Expect::PatternRejected { .. }, _) | (_, None) => {}
            (_, Some(event)) if event.len() < 2_000 => pool.entry(&case.pattern).or_default().push(event),
            (_, Some(_)) => {}
        }
    }
    assert!(pool.len() > 1_000, "the corpus has {} patterns", pool.len());
    pool.into_iter().collect()
});

/// Compares each of ten thousand rules alone with the set of all.
#[test]
fn rule_alone_equals_rule_among_ten_thousand() {
    const RULES: usize = 10_000;
    let mut runner = TestRunner::deterministic();
    let mut rules = RuleSet::with_limits(check::limits());
    let mut alone: Vec<Matcher> = Vec::with_capacity(RULES);
    let mut events: Vec<Vec<u8>> = Vec::new();
    for (pattern, of_pattern) in POOL.iter() {
        rules.add_bytes(pattern).expect("the patterns of the pool are valid");
        let mut one = RuleSet::with_limits(check::limits());
        one.add_bytes(pattern).expect("the patterns of the pool are valid");
        alone.push(kernel::matcher(&one).expect("one rule is within the limits"));
        if alone.len().is_multiple_of(50) {
            events.extend(of_pattern.iter().take(1).map(|event| event.to_vec()));
        }
    }
    while alone.len() < RULES {
        let tree = rules_and_events(6, 2).new_tree(&mut runner).expect("there are rules");
        let (patterns, more) = tree.current();
        for pattern in patterns {
            let mut one = RuleSet::with_limits(check::limits());
            if one.add_bytes(pattern.as_bytes()).is_ok() {
                rules.add_bytes(pattern.as_bytes()).expect("it was valid alone");
                alone.push(kernel::matcher(&one).expect("one rule is within the limits"));
            }
        }
        if events.len() < 120 {
            events.extend(more.into_iter().map(|event| event.as_bytes().to_vec()));
        }
    }
    let together = kernel::matcher(&rules).expect("the rules are within the limits");
    let (mut scratch, mut matches) = (Scratch::new(), 0);
    for event in &events {
        let mut small = Scratch::new();
        let Ok(found) = together.matches(&mut scratch, event).map(<[_]>::to_vec) else {
            let refused = alone[0].is_match(&mut small, event);
            assert!(refused.is_err(), "{}", String::from_utf8_lossy(event));
            continue;
        };
        for (rule, matcher) in alone.iter().enumerate() {
            let fits = matcher.is_match(&mut small, event).expect("the event is valid");
            let is_found = found.binary_search_by_key(&rule, |id| id.as_usize()).is_ok();
            assert_eq!(
                is_found,
                fits,
                "rule {rule} {:?}, {}",
                rules.iter().nth(rule),
                String::from_utf8_lossy(event)
            );
        }
        matches += found.len();
    }
    assert!(matches > 1_000, "{matches} matches in {} events", events.len());
}

#[test]
fn work_is_proportional_to_elements() {
    for (pattern, elements) in [
        // Both fields in every element, but never with matching values.
        (r#"{"a":{"b":[1],"c":[1]}}"#, &[r#"{"b":1,"c":2}"#, r#"{"b":2,"c":1}"#][..]),
        // Each field in a separate element.
        (r#"{"a":{"b":[1],"c":[1]}}"#, &[r#"{"b":1}"#, r#"{"c":1}"#]),
        (r#"{"a":{"b":[1],"c":[1],"d":[1]}}"#, &[r#"{"b":1,"c":1}"#, r#"{"c":1,"d":1}"#, r#"{"d":1,"b":1}"#]),
        // Several leaves of one path in each element.
        (r#"{"a":{"b":[1],"c":[2]}}"#, &[r#"{"b":[1,1,1],"c":[3,3]}"#, r#"{"b":3,"c":[2,2]}"#]),
        // Elements of elements.
        (r#"{"a":{"b":{"c":[1],"d":[2]}}}"#, &[r#"{"b":[{"c":1},{"d":2}]}"#]),
        (r#"{"a":{"b":[1],"c":[2]}}"#, &[r#"[{"b":1},{"c":2}]"#]),
        // Absence, tested before the choice and after it.
        (r#"{"a":{"b":[{"exists":false}],"c":[1]}}"#, &[r#"{"b":1,"c":1}"#]),
        (r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#, &[r#"{"b":1,"c":1}"#]),
        (r#"{"a":{"b":[1],"c":[{"exists":false}],"d":[2]}}"#, &[r#"{"b":1}"#, r#"{"d":2,"c":1}"#]),
        // All fields but the last in one element.
        (r#"{"a":{"b":[1],"c":[2],"d":[3]}}"#, &[r#"{"b":1,"c":2}"#, r#"{"d":3}"#]),
        // Either branch.
        (r#"{"a":{"b":[1],"$or":[{"c":[2]},{"d":[3]}]}}"#, &[r#"{"b":1}"#, r#"{"c":2,"d":3}"#]),
    ] {
        check::work_is_proportional_to_elements(pattern, elements);
    }
}
