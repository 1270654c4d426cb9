use std::cell::Cell;
use std::thread;
use std::time::Duration;

use galop::{MatcherBuilder, Pattern, RuleSet, Scratch};
use galop_harness::generate::Dice;
use proptest::test_runner::{Config, TestRunner};

use super::literals::{Need, needs};
use super::{Prefilter, ScreenMemory, Screened};
use crate::cases;
use crate::judge::Judge;
use crate::prefilter::Screen;

fn prefilter(patterns: &[Pattern], sample: &[&[u8]]) -> Option<Prefilter> {
    let rules: Vec<Vec<Need>> = patterns.iter().map(needs).collect();
    Prefilter::new(&rules, sample, false)
}

/// An event with the names that most cases have.
const NAMES: &[u8] = br#"{"a":{"b":{"c":1}},"source":"x","detail":{"state":1}}"#;

/// Returns the prefilter of a pattern on `state`.
fn of(pattern: &str) -> Prefilter {
    let pattern = Pattern::parse(pattern).expect("the pattern is valid");
    prefilter(&[pattern], &[NAMES]).expect("the pattern has literals")
}

#[test]
fn events_without_literals_are_ruled_out() {
    let prefilter = of(r#"{"state":["stopped","a\"b"]}"#);
    for event in [r#"{"state":"running"}"#, r#"{"x":"stopped2"}"#, " {} \r", r#"{"a":"\n}"}"#] {
        assert!(prefilter.rules_out(event.as_bytes()), "{event}");
    }
    for event in [r#"{"state":"stopped"}"#, r#"{"x":"stopped"}"#, r#"{"state":"a\"b"}"#] {
        assert!(!prefilter.rules_out(event.as_bytes()), "{event}");
    }
}

#[test]
fn events_with_other_spellings_are_not_ruled_out() {
    let prefilter = of(r#"{"state":["stop/ped"]}"#);
    for event in [r#"{"state":"\u0073top/ped"}"#, r#"{"state":"stop\/ped"}"#, r#"{"x":"\\u"}"#] {
        assert!(!prefilter.rules_out(event.as_bytes()), "{event}");
    }
}

#[test]
fn texts_that_are_not_one_object_are_not_ruled_out() {
    let mut prefilter = of(r#"{"state":["stopped"]}"#);
    for text in ["", "x", "[]", r#"{"state":"sto"#, "{}{}", "{} \t{}", "{}[]", "{} x"] {
        assert!(!prefilter.rules_out(text.as_bytes()), "{text}");
    }
    prefilter.is_one_value = true;
    assert!(prefilter.rules_out(b"{}{}"));
}

#[test]
fn cases_of_the_corpus_that_match_are_not_ruled_out() {
    let (mut ruled_out, mut matching) = (0, 0);
    for case in cases::read("corpus/cases".as_ref()).expect("the corpus is readable") {
        let (Ok(text), Some(event)) = (std::str::from_utf8(&case.pattern), case.event) else { continue };
        let Ok(pattern) = Pattern::parse(text) else { continue };
        let Some(prefilter) = prefilter(std::slice::from_ref(&pattern), &[NAMES]) else { continue };
        let mut rules = RuleSet::new();
        rules.add_pattern(pattern).expect("one rule fits");
        let matcher = MatcherBuilder::new().build(&rules).expect("one rule compiles");
        let Ok(matches) = matcher.is_match(&mut Scratch::new(), &event) else { continue };
        let is_ruled_out = prefilter.rules_out(&event);
        assert!(!(matches && is_ruled_out), "{}", case.name);
        ruled_out += u32::from(is_ruled_out);
        matching += u32::from(matches);
    }
    assert!(ruled_out > 500 && matching > 500, "{ruled_out} ruled out, {matching} matching");
}

#[test]
fn random_events_that_match_are_not_ruled_out() {
    let (ruled_out, left) = (Cell::new(0), Cell::new(0));
    TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(2_000) })
        .run(&galop_harness::generate::rules_and_events(4, 12), |(rules, events)| {
            let patterns: Vec<Pattern> = rules.iter().filter_map(|rule| Pattern::parse(rule).ok()).collect();
            let events: Vec<&[u8]> = events.iter().map(|event| event.as_bytes()).collect();
            let Some(prefilter) = prefilter(&patterns, &events[..events.len() / 2]) else { return Ok(()) };
            let mut set = RuleSet::new();
            for pattern in patterns {
                set.add_pattern(pattern).expect("few rules fit");
            }
            let matcher = MatcherBuilder::new().build(&set).expect("few rules compile");
            let mut scratch = Scratch::new();
            for event in events {
                let Ok(matches) = matcher.matches(&mut scratch, event) else { continue };
                let is_ruled_out = prefilter.rules_out(event);
                let text = String::from_utf8_lossy(event);
                assert!(matches.is_empty() || !is_ruled_out, "{rules:?} rule out {text}");
                let counter = if is_ruled_out { &ruled_out } else { &left };
                counter.set(counter.get() + 1);
            }
            Ok(())
        })
        .expect("the law holds");
    assert!(ruled_out.get() > 1_000 && left.get() > 1_000, "{ruled_out:?} ruled out, {left:?} left");
}

/// Returns true if the text of an event satisfies a need.
fn is_satisfied(need: &Need, event: &[u8]) -> bool {
    match need {
        Need::AnyOf(literals) => {
            literals.iter().any(|literal| memchr::memmem::find(event, literal).is_some())
        }
        Need::Either(alternatives) => {
            alternatives.iter().any(|needs| needs.iter().all(|need| is_satisfied(need, event)))
        }
    }
}

/// Compares the needs of a pattern with the events that match it and have no other spellings. Returns the
/// number of comparisons.
fn check_needs<'e>(text: &str, events: impl IntoIterator<Item = &'e String>) -> usize {
    let Ok(pattern) = Pattern::parse(text) else { return 0 };
    let needs = needs(&pattern);
    let mut rules = RuleSet::new();
    rules.add_pattern(pattern).expect("one rule fits");
    let matcher = MatcherBuilder::new().build(&rules).expect("one rule compiles");
    let mut scratch = Scratch::new();
    let mut checked = 0;
    for event in events {
        let matches = matcher.is_match(&mut scratch, event.as_bytes()).unwrap_or(false);
        if matches && !event.contains("\\u") && !event.contains("\\/") {
            for need in &needs {
                assert!(is_satisfied(need, event.as_bytes()), "{text} needs {need:?}: {event}");
            }
            checked += needs.len();
        }
    }
    checked
}

#[test]
fn random_events_that_match_satisfy_all_needs() {
    let checked = Cell::new(0);
    TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(500) })
        .run(&galop_harness::generate::rules_and_events(3, 8), |(rules, events)| {
            for rule in &rules {
                checked.set(checked.get() + check_needs(rule, &events));
            }
            Ok(())
        })
        .expect("the law holds");
    assert!(checked.get() > 1_000, "{checked:?} comparisons");
}

/// Returns a random object of fields, with names and values of unusual spellings.
fn object(dice: &mut Dice, depth: usize) -> String {
    const NAMES: [&str; 14] =
        ["a", "b", "c", "a.b", "b.c", ".a", "a.", ".", "", r"\ud800", "é", r#"\""#, "/", r"a\nb"];
    const TEXTS: [&str; 14] = [
        "x", "xy", "", "10.0.0.1", "::a", "ab:cd", r#"\""#, r"\\", "a/b", r"\ud83d", r"\n", "é", r"\u0001",
        "ß",
    ];
    let member = |dice: &mut Dice| {
        let name = dice.pick(&NAMES);
        match dice.below(8) {
            6 if depth < 3 => format!(r#""{name}":{}"#, object(dice, depth + 1)),
            7 if depth < 3 => {
                let all: Vec<String> = (0..2 + dice.below(2)).map(|_| object(dice, depth + 1)).collect();
                format!(r#""$or":[{}]"#, all.join(","))
            }
            _ => {
                let alternative = |dice: &mut Dice| {
                    let text = dice.pick(&TEXTS);
                    match dice.below(14) {
                        0 => "1".to_owned(),
                        1 => dice.pick(&["true", "false", "null"]).to_owned(),
                        2 => format!(r#"{{"prefix":"{text}"}}"#),
                        3 => format!(r#"{{"suffix":"{text}"}}"#),
                        4 => format!(
                            r#"{{"wildcard":"{}*{}"}}"#,
                            dice.pick(&["", "x", "a/", r"\\\\"]),
                            dice.pick(&["", "y", r"\\*z"])
                        ),
                        5 => format!(r#"{{"exactly":"{text}"}}"#),
                        6 => format!(r#"{{"equals-ignore-case":"{text}"}}"#),
                        7 => format!(r#"{{"anything-but":"{text}"}}"#),
                        8 => format!(r#"{{"exists":{}}}"#, dice.percent(50)),
                        9 => r#"{"cidr":"10.0.0.0/8"}"#.to_owned(),
                        10 => r#"{"numeric":[">",1]}"#.to_owned(),
                        _ => format!(r#""{text}""#),
                    }
                };
                let all: Vec<String> = (0..1 + dice.below(3)).map(|_| alternative(dice)).collect();
                format!(r#""{name}":[{}]"#, all.join(","))
            }
        }
    };
    let members: Vec<String> = (0..1 + dice.below(4)).map(|_| member(dice)).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn examples_of_unusual_patterns_satisfy_all_needs() {
    let (mut dice, mut checked) = (Dice::new(1), 0);
    for _ in 0..2_000 {
        let text = object(&mut dice, 0);
        let Ok(pattern) = Pattern::parse(&text) else { continue };
        let examples = galop::generate::examples(&pattern);
        let alternatives = examples.fields.iter().flat_map(|field| &field.alternatives);
        let events = alternatives.filter_map(|alternative| alternative.matching.as_ref().ok());
        checked += check_needs(&text, events.chain(&examples.matching));
    }
    assert!(checked > 2_000, "{checked} comparisons");
}

#[test]
fn literals_are_chosen_from_the_first_events_and_pause_if_they_are_frequent() {
    let pattern = Pattern::parse(r#"{"state":["stopped"]}"#).expect("the pattern is valid");
    let mut rules = RuleSet::new();
    rules.add_pattern(pattern.clone()).expect("one rule fits");
    let screened = Screened {
        matcher: MatcherBuilder::new().trusted(true).build(&rules).expect("one rule compiles"),
        screen: Screen::new([&pattern], true),
    };
    let screen = screened.screen.as_ref().expect("the rule has literals");
    let (rare, frequent) = (&b"{\"state\":\"running\"}"[..], &b"{\"state\":\"stopped\"}"[..]);
    let mut memory = ScreenMemory::default();
    let slow = |_: &[u8]| thread::sleep(Duration::from_micros(10));
    let counts = |memory: &mut ScreenMemory, event, count| {
        (0..count).filter(|_| screen.rules_out(memory, event, slow)).count()
    };
    assert_eq!(counts(&mut memory, rare, 512), 0);
    assert_eq!(counts(&mut memory, rare, 1_024), 1_024);
    assert_eq!(counts(&mut memory, frequent, 1_024), 0);
    // The pause lasts for 15 windows.
    assert_eq!(counts(&mut memory, rare, 15 * 1_024), 0);
    assert_eq!(counts(&mut memory, rare, 100), 100);
    let mut ids = Vec::new();
    let mut memory = Default::default();
    screened.judge(&mut memory, frequent, &mut ids).expect("an event");
    screened.judge(&mut memory, rare, &mut ids).expect("an event");
    assert_eq!(ids.len(), 1);
}
