//! The steps of a decision: every loop spends steps for each item, and ends soon after the limit.

use super::DecisionScratch;
use crate::id::DecisionNodeId;
use crate::tuning::{Toggle, Tuning};
use crate::work::TEST;
use crate::{EventLimits, Matcher, RuleSet, Scratch};

/// Rules and an event that keep one loop busy.
struct Scenario {
    name: &'static str,
    tuning: Tuning,
    patterns: fn(usize) -> Vec<String>,
    event: fn(usize) -> String,
    /// The steps of each further rule, value or alternative.
    least: u64,
    /// No payment is large: deciding ends soon after the limit.
    is_even: bool,
}

/// A tuning that has only what is changed.
fn only(change: impl FnOnce(&mut Tuning)) -> Tuning {
    let mut tuning = Tuning::default();
    (tuning.switches, tuning.gates, tuning.groups) = (Toggle::Off, Toggle::Off, Toggle::Off);
    (tuning.indexes, tuning.choices) = (Toggle::Off, Toggle::Off);
    change(&mut tuning);
    tuning
}

/// As many texts, each with its number in the place of `%`.
fn numbered(count: usize, text: &str) -> Vec<String> {
    (0..count).map(|number| text.replace('%', &number.to_string())).collect()
}

fn list(count: usize, text: &str) -> String {
    numbered(count, text).join(",")
}

fn object(count: usize, field: &str) -> String {
    format!("{{{}}}", list(count, field))
}

fn values(count: usize, value: &str) -> String {
    format!(r#"{{"z":[{}]}}"#, list(count, value))
}

/// An array of one element, then `count` copies of another element.
fn elements(first: &str, count: usize, element: &str) -> String {
    format!(r#"{{"a":[{first},{}]}}"#, list(count, element))
}

/// Rules that ask for two fields of an element, each with another list for the first of them.
fn of_elements(count: usize) -> Vec<String> {
    numbered(count, r#"{"a":{"b":[1,-%],"c":[1]}}"#)
}

fn with(mut patterns: Vec<String>, pattern: &str) -> Vec<String> {
    patterns.push(pattern.to_owned());
    patterns
}

/// A rule with `count` alternatives that do not hold in an element, before one that holds.
fn alternatives(count: usize) -> Vec<String> {
    vec![format!(r#"{{"a":{{"x":[1],"$or":[{},{{"y":[1]}}]}}}}"#, list(count, r#"{"p%":[1]}"#))]
}

fn matched(scenario: &Scenario, count: usize, limit: u64) -> (bool, u64) {
    let mut rules = RuleSet::new();
    for pattern in (scenario.patterns)(count) {
        rules.add(&pattern).unwrap();
    }
    let limits = EventLimits { work: limit, ..EventLimits::default() };
    let mut builder = Matcher::builder();
    let matcher = builder.tuning(scenario.tuning).event_limits(limits).build(&rules).unwrap();
    let mut scratch = Scratch::new();
    let event = (scenario.event)(count);
    let is_decided = match matcher.matches(&mut scratch, event.as_bytes()) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), "too-much-work", "{}", scenario.name);
            false
        }
    };
    (is_decided, scratch.steps())
}

fn scenarios() -> Vec<Scenario> {
    let always = Toggle::On;
    let alone = only(|_| {});
    let switch = only(|it| it.switches = always);
    let indexed_switch = only(|it| (it.switches, it.indexes) = (always, always));
    let gate = only(|it| (it.gates, it.groups) = (always, always));
    let group = only(|it| it.groups = always);
    let indexed_group = only(|it| (it.groups, it.indexes) = (always, always));
    let choices = only(|it| it.choices = always);
    let even = |name, tuning, patterns, event, least| Scenario {
        name,
        tuning,
        patterns,
        event,
        least,
        is_even: true,
    };
    let uneven = |name, tuning, patterns, event, least| Scenario {
        is_even: false,
        ..even(name, tuning, patterns, event, least)
    };
    vec![
        // A node, and its place in a list.
        uneven("rules", alone, |n| numbered(n, r#"{"p":[%]}"#), |_| "{}".to_owned(), TEST + 1),
        uneven(
            "branches",
            alone,
            |n| numbered(n, r#"{"p%":[{"exists":true}]}"#),
            |n| object(n, r#""p%":1"#),
            2 * TEST + 1,
        ),
        uneven(
            "paths of a gate",
            gate,
            |n| with(numbered(n, r#"{"p%":[1]}"#), r#"{"z":[1]}"#),
            |_| values(1_000, "0"),
            1,
        ),
        uneven(
            "paths of a switch",
            switch,
            |n| with(numbered(n, r#"{"p%":[1]}"#), r#"{"z":[1]}"#),
            |_| values(1_000, "0"),
            1,
        ),
        // The digest of a value, and the look at it.
        even("values at a switch", switch, |_| numbered(10, r#"{"z":[-%]}"#), |n| values(n, "7"), 2 * TEST),
        even(
            "values at the tests of a switch",
            switch,
            |_| numbered(100, r#"{"z":[{"prefix":"%"}]}"#),
            |n| values(n, r#""x""#),
            TEST + 100,
        ),
        // 64 tests are 8 looks, apart from what the index takes.
        uneven(
            "tests of an index at a switch",
            indexed_switch,
            |n| numbered(64 * n, r#"{"z":[{"prefix":"%"}]}"#),
            |_| values(1, r#""x""#),
            8,
        ),
        // A column without a leaf, for one word and for several.
        uneven(
            "absent paths of a word",
            group,
            |n| vec![object(n, r#""p%":[{"exists":false}]"#)],
            |_| "{}".to_owned(),
            1,
        ),
        uneven(
            "absent paths of words",
            group,
            |n| {
                let pattern = object(n, r#""p%":[{"exists":false}]"#);
                (0..200)
                    .map(|rule| {
                        format!(r#"{},"r{rule}":[{{"exists":false}}]}}"#, &pattern[..pattern.len() - 1])
                    })
                    .collect()
            },
            |_| "{}".to_owned(),
            4,
        ),
        even("values at a word", group, |_| numbered(60, r#"{"z":[-%]}"#), |n| values(n, "7"), 2 * TEST),
        even(
            "values at words",
            group,
            |_| numbered(640, r#"{"z":[7,-%],"zz":[1]}"#),
            |n| values(n, "7"),
            2 * TEST + 20,
        ),
        even(
            "values at the tests of a word",
            group,
            |_| numbered(60, r#"{"z":[{"prefix":"%"}]}"#),
            |n| values(n, r#""x""#),
            2 * TEST + 60,
        ),
        uneven(
            "tests of an index at words",
            indexed_group,
            |n| numbered(n, r#"{"z":[{"prefix":"%"}]}"#),
            |_| values(1, r#""x""#),
            1,
        ),
        // Listed, and tested.
        even(
            "leaves in elements",
            alone,
            |_| of_elements(1),
            |n| elements(r#"{"b":1,"c":1}"#, n, r#"{"b":2}"#),
            3 * TEST,
        ),
        // The array is marked, and looked at once more.
        even(
            "arrays in elements",
            alone,
            |_| of_elements(1),
            |n| elements(r#"{"b":1,"c":1}"#, n, r#"[{"b":2}]"#),
            4 * TEST + 1,
        ),
        even(
            "elements with one of two fields",
            alone,
            |_| of_elements(1),
            |n| elements(r#"{"c":1}"#, n, r#"{"b":1}"#),
            13 * TEST + 4,
        ),
        uneven(
            "field tests",
            alone,
            of_elements,
            |_| elements(r#"{"b":1,"c":2}"#, 1, r#"{"b":2,"c":1}"#),
            24 * TEST + 1,
        ),
        uneven(
            "leaves that are sorted",
            alone,
            |_| of_elements(8),
            |n| elements(r#"{"b":1,"c":1}"#, n, r#"{"b":2}"#),
            10 * TEST,
        ),
        uneven(
            "leaves that are named",
            alone,
            |_| of_elements(8),
            |n| elements(r#"{"b":1,"c":1}"#, n, r#"{"b":1}"#),
            18 * TEST,
        ),
        // Each alternative is visited by `holds_alone`, `is_settled` and `awaits_elements`, and then
        // executed.
        uneven(
            "alternatives",
            choices,
            alternatives,
            |_| elements(r#"{"x":1,"y":1}"#, 1, r#"{"x":2,"y":2}"#),
            3 * 3 + 2 * TEST,
        ),
        // The choice of each rule, at each position among the others.
        uneven(
            "choices",
            choices,
            |n| numbered(n, r#"{"a":{"x":[1],"$or":[{"y":[1]},{"p%":[1]}]}}"#),
            |_| elements(r#"{"x":1,"y":1}"#, 1, r#"{"x":2,"y":2}"#),
            16 * TEST + 5,
        ),
        // A failure in the last array does not depend on the other arrays.
        even(
            "elements of arrays apart",
            alone,
            |_| vec![r#"{"a":{"x":[1]},"b":{"x":[1]},"c":{"x":[1],"y":[1]}}"#.to_owned()],
            |n| {
                let list = list(n, r#"{"x":1}"#);
                format!(r#"{{"a":[{list}],"b":[{list}],"c":[{{"x":1}},{{"y":1}}]}}"#)
            },
            14 * TEST + 5,
        ),
        uneven(
            "leaves that are sorted behind others",
            alone,
            |_| numbered(8, r#"{"a":{"a":[1],"b":[1,-%]}}"#),
            |n| elements(r#"{"b":1,"a":1}"#, n, r#"{"a":2,"b":2}"#),
            13 * TEST,
        ),
        uneven(
            "fields beside a choice",
            choices,
            |n| {
                let fields = list(n, r#""x%":[1]"#);
                vec![format!(
                    r#"{{"a":{{"y":[1]}},{fields},"$or":[{{"a":{{"u":[1]}}}},{{"a":{{"v":[1]}}}}]}}"#
                )]
            },
            |n| format!(r#"{{"a":[{{"y":1,"v":1}},{{"y":2,"v":2}}],{}}}"#, list(n, r#""x%":1"#)),
            11 * TEST + 4,
        ),
    ]
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn every_loop_spends_steps() {
    for scenario in scenarios() {
        let [one, two] = [100, 200].map(|count| matched(&scenario, count, u64::MAX).1);
        let each = (two - one) / 100;
        assert!((scenario.least..=scenario.least * 5 / 4).contains(&each), "{}: {each}", scenario.name);
    }
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn deciding_ends_soon_after_the_limit() {
    for scenario in scenarios().iter().filter(|scenario| scenario.is_even) {
        let (is_decided, all) = matched(scenario, 200, u64::MAX);
        assert!(is_decided, "{}", scenario.name);
        for part in 0..20 {
            let limit = all * part / 20;
            let (is_decided, steps) = matched(scenario, 200, limit);
            assert!(!is_decided, "{}: decided in {all} steps, and in {limit}", scenario.name);
            assert!((limit + 1..=limit + all / 10).contains(&steps), "{}: {steps} of {limit}", scenario.name);
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn one_rule_is_enough_for_is_match() {
    let mut rules = RuleSet::new();
    for pattern in numbered(1_000, r#"{"p%":[{"exists":true}]}"#) {
        rules.add(&pattern).unwrap();
    }
    let matcher = Matcher::builder().tuning(only(|_| {})).build(&rules).unwrap();
    let (mut scratch, event) = (Scratch::new(), object(1_000, r#""p%":1"#));
    assert_eq!(matcher.matches(&mut scratch, event.as_bytes()).unwrap().len(), 1_000);
    let all = scratch.steps();
    assert_eq!(matcher.is_match(&mut scratch, event.as_bytes()), Ok(true));
    assert!(scratch.steps() < all / 5, "{} of {all}", scratch.steps());
}

/// An event that takes every part of a decision.
#[test]
fn memory_usage_is_the_sum_of_the_parts() {
    let mut tuning = only(|it| it.choices = Toggle::On);
    tuning.groups = Toggle::On;
    let mut rules = RuleSet::new();
    for pattern in alternatives(10).into_iter().chain(of_elements(10)) {
        rules.add(&pattern).unwrap();
    }
    let matcher = Matcher::builder().tuning(tuning).build(&rules).unwrap();
    let mut scratch = Scratch::new();
    let event = elements(r#"{"x":1,"y":1,"b":1,"c":2}"#, 3, r#"{"x":2,"y":2,"b":2,"c":1}"#);
    assert_eq!(matcher.matches(&mut scratch, event.as_bytes()).unwrap().len(), 1);
    let parts = &scratch.decide.decision;
    let DecisionScratch { matched, nodes, visited, group, choice, consistency } = parts;
    let usages = [
        matched.memory_usage(),
        nodes.capacity() * size_of::<DecisionNodeId>(),
        visited.memory_usage(),
        group.memory_usage(),
        choice.memory_usage(),
        consistency.memory_usage(),
    ];
    assert!(usages.iter().all(|usage| *usage > 0), "{usages:?}");
    assert_eq!(parts.memory_usage(), usages.iter().sum::<usize>());
}
