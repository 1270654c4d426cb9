use std::cell::Cell;
use std::thread;
use std::time::Duration;

use galop::{MatcherBuilder, Pattern, RuleSet, Scratch};
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
