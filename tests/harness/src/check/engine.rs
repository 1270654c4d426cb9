//! The laws of the engine: its results are right, and depend only on the rule and the event.

use std::thread;

use galop::{EventError, MatcherBuilder, PatternError, RuleSet, Scratch};

use super::reproduction::{Argument, corpus_case, law};
use super::{
    Answer, Configuration, Texts, answer, build, bytes, configurations, is_moved, limits, lossy, rule_set,
    valid,
};
use crate::oracle;

/// The oracle counts branches up to another limit. It is not made to, since it writes all of them out.
const LIMITS_OF_OUR_OWN: [&str; 3] = ["too-many-combinations", "pattern-too-long", "regexp-too-large"];

/// The engine and the oracle accept the same patterns and events, and find the same matches. Their
/// error codes agree as far as the oracle gives one.
pub fn engine_agrees_with_oracle(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    let arguments = [Argument::Texts(&rules), Argument::Texts(&events)];
    law("engine_agrees_with_oracle", &arguments, || {
        let mut accepted = Texts::new();
        let mut patterns = Vec::new();
        for text in &rules {
            if let Some(pattern) = read_pattern(text) {
                accepted.push(text);
                patterns.push(pattern);
            }
        }
        let expected: Vec<Result<Vec<usize>, oracle::Reject>> = events
            .iter()
            .map(|event| {
                let event = oracle::Event::parse(event)?;
                Ok((0..patterns.len()).filter(|&rule| patterns[rule].matches(&event)).collect())
            })
            .collect();
        for configuration in configurations() {
            let Configuration { name, builder, .. } = &configuration;
            let matcher = build(builder, &rule_set(&accepted));
            for (event, expected) in events.iter().zip(&expected) {
                if !configuration.admits(event) {
                    continue;
                }
                match (answer(&matcher, &mut Scratch::new(), event), expected) {
                    (Ok(found), Ok(expected)) if found == *expected => {}
                    (Ok(found), Ok(expected)) => {
                        let case = corpus_case(&accepted, &[event], std::slice::from_ref(expected));
                        panic!(
                            "{name}: {} fits {expected:?} and is said to fit {found:?}\n{}",
                            lossy(event),
                            case.unwrap_or_default()
                        );
                    }
                    (Err(found), Err(expected)) => assert!(
                        same_reason(expected.code, found.code()),
                        "{name}: {} is refused for {found}, by the oracle for {}",
                        lossy(event),
                        expected.code
                    ),
                    (found, expected) => {
                        panic!("{name}: {} gives {found:?}, by the oracle {expected:?}", lossy(event))
                    }
                }
            }
        }
    });
}

/// Reads a pattern with the engine and the oracle. Returns none if both refuse it, or the engine
/// refuses it by one of its own limits.
pub(super) fn read_pattern(text: &[u8]) -> Option<oracle::Pattern> {
    let found = RuleSet::with_limits(limits()).add_bytes(text);
    if found.as_ref().is_err_and(|error| LIMITS_OF_OUR_OWN.contains(&error.code())) {
        return None;
    }
    match (found, oracle::Pattern::parse(text)) {
        (Ok(_), Ok(pattern)) => Some(pattern),
        (Err(found), Err(expected)) => {
            assert!(
                same_reason(expected.code, found.code()),
                "{} is refused for {found}, by the oracle for {}",
                lossy(text),
                expected.code
            );
            None
        }
        (found, expected) => {
            let show = |result: Result<(), &str>| result.map_or_else(str::to_owned, |()| "valid".to_owned());
            let found = show(found.as_ref().map(|_| ()).map_err(PatternError::code));
            let expected = show(expected.as_ref().map(|_| ()).map_err(|reject| reject.code));
            panic!("the pattern {} is {found}, by the oracle {expected}", lossy(text))
        }
    }
}

/// Returns true if two codes can be those of one fault. The oracle returns `json` for all text that
/// is not JSON, before any other code. The oracle does not read past the root. If the root is a
/// number or a word, the oracle takes the valid prefix, and the engine takes the whole run of
/// characters.
pub(super) fn same_reason(oracle: &str, engine: &str) -> bool {
    match oracle {
        "json" => true,
        "trailing-text" => ["trailing-text", "invalid-utf8"].contains(&engine),
        "root-not-object" => ["root-not-object", "invalid-number", "invalid-literal"].contains(&engine),
        _ => oracle == engine,
    }
}

/// The order of the rules does not change results.
pub fn order_of_rules_does_not_matter(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("order_of_rules_does_not_matter", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (patterns, _) = valid(&rules);
        let forwards: Vec<usize> = (0..patterns.len()).collect();
        let backwards: Vec<usize> = (0..patterns.len()).rev().collect();
        let mut turned = forwards.clone();
        turned.rotate_left(patterns.len() / 2);
        for configuration in configurations() {
            let (name, builder, events) = configuration.over(&events);
            let expected = answers(builder, &patterns, &events);
            for order in [&backwards, &turned] {
                let moved: Texts = order.iter().map(|&rule| patterns[rule]).collect();
                for ((event, found), expected) in
                    events.iter().zip(answers(builder, &moved, &events)).zip(&expected)
                {
                    let found = found.map(|rules| {
                        let mut rules: Vec<usize> = rules.into_iter().map(|rule| order[rule]).collect();
                        rules.sort_unstable();
                        rules
                    });
                    assert_eq!(found, *expected, "{name}: added in the order {order:?}, {}", lossy(event));
                }
            }
        }
    });
}

fn answers(builder: &MatcherBuilder, patterns: &[&[u8]], events: &[&[u8]]) -> Vec<Answer> {
    let matcher = build(builder, &rule_set(patterns));
    events.iter().map(|event| answer(&matcher, &mut Scratch::new(), event)).collect()
}

/// A rule alone, in a set, and in a crowd matches the same events. The validity of an event does
/// not depend on the rules.
pub fn rules_do_not_influence_each_other(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("rules_do_not_influence_each_other", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (patterns, _) = valid(&rules);
        let crowd = crowd(&patterns);
        let in_crowd: Texts = crowd.iter().map(|(text, _)| text.as_slice()).collect();
        for configuration in configurations() {
            let (name, builder, events) = configuration.over(&events);
            let alone: Vec<Vec<Answer>> = patterns
                .iter()
                .map(|pattern| answers(builder, std::slice::from_ref(pattern), &events))
                .collect();
            let together = answers(builder, &patterns, &events);
            let crowded = answers(builder, &in_crowd, &events);
            let without = answers(builder, &[], &events);
            for (at, event) in events.iter().enumerate() {
                let expected = alone.iter().enumerate().try_fold(Vec::new(), |mut all, (rule, alone)| {
                    let fits = !alone[at].as_ref().map_err(EventError::clone)?.is_empty();
                    all.extend(fits.then_some(rule));
                    Ok(all)
                });
                // A matcher without rules returns nothing but errors.
                let expected = without[at].clone().and(expected);
                assert_eq!(together[at], expected, "{name}: as one of the set, {}", lossy(event));
                let found = crowded[at].clone().map(|found| {
                    found.into_iter().map(|rule| crowd[rule].1).filter(|rule| rule.is_some()).flatten()
                });
                // Each rule is in the crowd twice, before and after all others.
                let expected = expected.map(|rules| rules.iter().flat_map(|&rule| [rule; 2]).collect());
                let found = found.map(|rules| {
                    let mut rules: Vec<usize> = rules.collect();
                    rules.sort_unstable();
                    rules
                });
                assert_eq!(found, expected, "{name}: in the crowd, {}", lossy(event));
            }
        }
    });
}

/// Returns the patterns among decoys, with their indices: forwards before the decoys, and backwards
/// after them.
fn crowd(patterns: &[&[u8]]) -> Vec<(Vec<u8>, Option<usize>)> {
    let own = patterns.iter().enumerate().map(|(rule, text)| (text.to_vec(), Some(rule)));
    own.clone().chain(decoys().into_iter().map(|text| (text, None))).chain(own.rev()).collect()
}

/// Returns patterns on the paths of generated patterns, with operators of all kinds, and with all
/// combinations of two paths. Many rules then share parts of the compiled set.
pub(super) fn decoys() -> Vec<Vec<u8>> {
    const NAMES: [&str; 6] = ["a", "b", "c", "d", "a.b", "b.c"];
    const TESTS: [&str; 16] = [
        r#""a""#,
        r#""b","ab""#,
        "1",
        "null,true",
        r#"{"prefix":"a"}"#,
        r#"{"suffix":"b"}"#,
        r#"{"equals-ignore-case":"AB"}"#,
        r#"{"prefix":{"equals-ignore-case":"B"}}"#,
        r#"{"suffix":{"equals-ignore-case":"A"}}"#,
        r#"{"suffix":{"equals-ignore-case":"bA"}}"#,
        r#"{"wildcard":"*a*b"}"#,
        r#"{"numeric":[">=",0,"<",10]}"#,
        r#"{"cidr":"10.0.0.0/8"}"#,
        r#"{"exists":true}"#,
        r#"{"exists":false}"#,
        r#"{"anything-but":["a","b"]}"#,
    ];
    let mut decoys = Vec::new();
    for (at, name) in NAMES.iter().enumerate() {
        for (number, test) in TESTS.iter().enumerate() {
            decoys.push(format!(r#"{{"{name}":[{test}]}}"#).into_bytes());
            let (other, with) = (NAMES[(at + number) % NAMES.len()], TESTS[(at * 5 + number) % TESTS.len()]);
            if other != *name {
                decoys.push(format!(r#"{{"{name}":[{test}],"{other}":[{with}]}}"#).into_bytes());
            }
        }
    }
    decoys
}

/// An event that is refused after much of it has been read.
const BROKEN: &[u8] = br#"{"a":[{"b":1},{"a":"\u0061","b":{"c":null}},{"d":[[]]},"#;

/// The result in a new scratch equals the result in a scratch that was used with other events,
/// other matchers and errors.
pub fn used_scratch_equals_new_scratch(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("used_scratch_equals_new_scratch", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (patterns, set) = valid(&rules);
        let crowd: Vec<Vec<u8>> = crowd(&patterns).into_iter().map(|(text, _)| text).collect();
        for configuration in configurations() {
            let (name, builder, events) = configuration.over(&events);
            let matcher = build(builder, &set);
            let larger = build(builder, &rule_set(&bytes(&crowd)));
            let smaller = build(builder, &rule_set(&patterns[..patterns.len() / 2]));
            let hasty = build(
                builder.clone().event_limits(super::super::kernel::event_limits(|it| it.work = 0)),
                &set,
            );
            let expected = answers(builder, &patterns, &events);
            let mut used = Scratch::new();
            let order = (0..events.len()).chain((0..events.len()).rev());
            for (turn, at) in order.enumerate() {
                let event = events[at];
                // The intermediate call changes from turn to turn. Other laws check its results.
                match turn % 4 {
                    0 => drop(larger.matches(&mut used, event)),
                    1 => drop(smaller.matches(&mut used, event)),
                    2 => drop(hasty.matches(&mut used, event)),
                    _ => {}
                }
                let is_refused = matcher.matches(&mut used, BROKEN).is_err();
                assert!(is_refused || configuration.stops(), "{name}: the array is still open");
                let found = answer(&matcher, &mut used, event);
                assert_eq!(found, expected[at], "{name}: in turn {turn}, {}", lossy(event));
                assert_eq!(answer(&matcher, &mut used, event), found, "{name}: once more, {}", lossy(event));
            }
        }
    });
}

/// Threads that share a matcher get the results of a single thread.
pub fn threads_share_a_matcher(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    const THREADS: usize = 4;
    let (rules, events) = (bytes(rules), bytes(events));
    law("threads_share_a_matcher", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (patterns, set) = valid(&rules);
        for configuration in configurations() {
            let (name, builder, events) = configuration.over(&events);
            let expected = answers(builder, &patterns, &events);
            let matcher = build(builder, &set);
            thread::scope(|scope| {
                for thread in 0..THREADS {
                    let (matcher, events, expected) = (&matcher, &events, &expected);
                    scope.spawn(move || {
                        let mut scratch = Scratch::new();
                        for turn in 0..events.len() * 3 {
                            let at = (turn + thread) % events.len();
                            let found = answer(matcher, &mut scratch, events[at]);
                            assert_eq!(found, expected[at], "{name}: thread {thread}, {}", lossy(events[at]));
                        }
                    });
                }
            });
        }
    });
}

/// The place of an event in the blocks of a kernel does not change the result, and the place of an
/// error moves along.
pub fn place_does_not_matter(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("place_does_not_matter", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (_, set) = valid(&rules);
        for configuration in configurations() {
            let (name, builder, events) = configuration.over(&events);
            let matcher = build(builder, &set);
            let mut scratch = Scratch::new();
            for event in events {
                let expected = answer(&matcher, &mut scratch, event);
                for blanks in 1..=64 {
                    let moved = [&[b' '; 64][..blanks], event].concat();
                    let found = answer(&matcher, &mut scratch, &moved);
                    assert!(
                        is_moved(&found, &expected, blanks),
                        "{name}: {} gives {expected:?}, after {blanks} blanks {found:?}",
                        lossy(event)
                    );
                }
            }
        }
    });
}

/// A pattern that is printed and parsed again matches the same events.
pub fn printed_patterns_match_the_same_events(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law(
        "printed_patterns_match_the_same_events",
        &[Argument::Texts(&rules), Argument::Texts(&events)],
        || {
            let (patterns, set) = valid(&rules);
            let printed: Vec<Vec<u8>> =
                set.iter().map(|(_, pattern)| pattern.to_string().into_bytes()).collect();
            for configuration in configurations() {
                let (name, builder, events) = configuration.over(&events);
                let expected = answers(builder, &patterns, &events);
                let found = answers(builder, &bytes(&printed), &events);
                for (at, event) in events.iter().enumerate() {
                    assert_eq!(found[at], expected[at], "{name}: printed, {}", lossy(event));
                }
            }
        },
    );
}
