//! Rules that change while events are matched: every answer is the answer of a fresh build of the rules of
//! its generation.

#![cfg(feature = "live")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use galop::live::{
    LiveError, LiveOptions, LiveRule, LiveRules, LiveScratch, LiveStats, Matches, Snapshot, SnapshotGuard,
    Transaction,
};
use galop::{EventLimits, MatcherBuilder, PatternLimits, RuleSet, Scratch};
use galop_harness::kernel;
use proptest::prelude::*;

/// The rules that should be in a generation: the pattern of each key, and whether it is enabled.
type Model = BTreeMap<u8, (String, bool)>;

/// The keys that match each event.
type Answers = Vec<Option<BTreeSet<u8>>>;

fn expected(model: &Model, events: &[String]) -> Answers {
    let mut rules = RuleSet::new();
    let enabled = model.iter().filter(|(_, (_, enabled))| *enabled);
    let keys: Vec<u8> = enabled
        .map(|(key, (pattern, _))| {
            rules.add(pattern).expect("only valid patterns are in the model");
            *key
        })
        .collect();
    let (matcher, mut scratch) = (kernel::matcher(&rules).expect("few rules compile"), Scratch::new());
    let answer = |event: &String| {
        let ids = matcher.matches(&mut scratch, event.as_bytes()).ok()?;
        Some(ids.iter().map(|id| keys[id.as_usize()]).collect())
    };
    events.iter().map(answer).collect()
}

fn answers(snapshot: &Snapshot<u8, u8>, scratch: &mut LiveScratch, events: &[String]) -> Answers {
    let answer = |event: &String| {
        let matches = snapshot.matches(scratch, event.as_bytes()).ok()?;
        assert_eq!(matches.generation(), snapshot.generation());
        let ids: Vec<u64> = matches.iter().map(|rule| rule.id()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        let keys: BTreeSet<u8> = matches.iter().map(|rule| *rule.key()).collect();
        assert!(matches.iter().all(|rule| rule.value() == rule.key()));
        assert_eq!(keys.len(), matches.len());
        Some(keys)
    };
    let all: Answers = events.iter().map(answer).collect();
    for (event, answer) in events.iter().zip(&all) {
        let any = snapshot.is_match(scratch, event.as_bytes()).ok();
        assert_eq!(any, answer.as_ref().map(|keys| !keys.is_empty()), "{event}");
    }
    all
}

/// Applies a change to the rules and to the model.
fn change(rules: &LiveRules<u8, u8>, model: &mut Model, (way, key, pattern): (u8, u8, &str)) {
    match way % 10 {
        0..5 => match rules.insert(key, pattern, key) {
            Ok(_) => drop(model.insert(key, (pattern.to_owned(), true))),
            Err(error) => assert!(pattern.parse::<galop::Pattern>().is_err(), "{pattern}: {error}"),
        },
        5 | 6 => assert_eq!(rules.remove(&key), model.remove(&key).is_some()),
        7 | 8 => {
            let enabled = way % 10 == 7;
            let known = model.get_mut(&key).map(|rule| rule.1 = enabled).is_some();
            assert_eq!(rules.set_enabled(&key, enabled), Ok(known));
        }
        _ => rules.merge().expect("a small set has no limit"),
    }
}

fn without_background() -> LiveRules<u8, u8> {
    LiveOptions::new().background(false).matcher(kernel::builder()).build().expect("the kernel is available")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn every_generation_equals_a_fresh_build(
        (patterns, events) in galop_harness::generate::rules_and_events(12, 6),
        changes in prop::collection::vec((any::<u8>(), 0_u8..60, any::<u8>()), 1..150),
    ) {
        let (rules, mut model) = (without_background(), Model::new());
        let mut scratch = LiveScratch::new();
        let mut kept: Vec<(Arc<Snapshot<u8, u8>>, Answers)> = Vec::new();
        for (index, (way, key, pattern)) in changes.into_iter().enumerate() {
            let pattern = &patterns[usize::from(pattern) % patterns.len()];
            let before = rules.snapshot().generation();
            change(&rules, &mut model, (way, key, pattern));
            let snapshot = rules.snapshot();
            prop_assert!(snapshot.generation() - before <= 1);
            let enabled = model.values().filter(|(_, enabled)| *enabled).count();
            prop_assert_eq!(snapshot.len(), enabled);
            prop_assert_eq!(snapshot.rules().count(), enabled);
            if index % 8 == 0 {
                let expected = expected(&model, &events);
                prop_assert_eq!(&answers(&snapshot, &mut scratch, &events), &expected);
                kept.push((snapshot.into_arc(), expected));
            }
        }
        // No later change changes a snapshot.
        for (snapshot, expected) in kept {
            prop_assert_eq!(answers(&snapshot, &mut scratch, &events), expected);
        }
    }

    #[test]
    fn transaction_equals_its_changes_one_by_one(
        (patterns, events) in galop_harness::generate::rules_and_events(6, 4),
        changes in prop::collection::vec((any::<u8>(), 0_u8..6, any::<u8>()), 1..30),
    ) {
        let (rules, one_by_one) = (without_background(), without_background());
        let mut model = Model::new();
        for part in changes.chunks(7) {
            let mut transaction = rules.transaction();
            for (way, key, pattern) in part.iter().filter(|(way, ..)| way % 10 != 9) {
                let pattern = &patterns[usize::from(*pattern) % patterns.len()];
                match way % 10 {
                    0..5 => drop(transaction.insert(*key, pattern, *key)),
                    5 | 6 => transaction.remove(*key),
                    way => transaction.set_enabled(*key, way == 7),
                }
                change(&one_by_one, &mut model, (*way, *key, pattern));
            }
            let before = rules.snapshot().generation();
            let after = transaction.commit().expect("a small set has no limit");
            prop_assert!(after - before <= 1);
            let mut scratch = LiveScratch::new();
            let expected = expected(&model, &events);
            prop_assert_eq!(answers(&rules.snapshot(), &mut scratch, &events), expected);
            let ids = |rules: &LiveRules<u8, u8>| {
                let ids = |key: &u8| rules.get(key).map(|rule| rule.pattern().to_owned());
                (0..6).map(|key| ids(&key)).collect::<Vec<_>>()
            };
            prop_assert_eq!(ids(&rules), ids(&one_by_one));
        }
    }
}

/// Returns a rule that some of the events match.
fn pattern(number: usize) -> String {
    match number % 4 {
        0 => format!(r#"{{"kind":["k{}"],"size":[{{"numeric":[">",{}]}}]}}"#, number % 7, number % 50),
        1 => {
            format!(r#"{{"detail":{{"n{}":[{{"exists":true}}],"state":["s{}"]}}}}"#, number % 11, number % 5)
        }
        2 => format!(r#"{{"items":{{"id":[{}],"tag":[{{"prefix":"t{}"}}]}}}}"#, number % 9, number % 3),
        _ => format!(
            r#"{{"$or":[{{"kind":["k{}"]}},{{"detail":{{"state":["s{}"]}}}}]}}"#,
            number % 7,
            number % 5
        ),
    }
}

fn events() -> Vec<String> {
    let event = |n: usize| {
        format!(
            r#"{{"kind":"k{}","size":{},"detail":{{"n{}":1,"state":"s\u006{}"}},"items":[{{"id":{},"tag":"t{}x"}},{{"id":{}}}]}}"#,
            n % 7,
            n * 7 % 60,
            n % 11,
            n % 10,
            n % 9,
            n % 3,
            (n + 1) % 9
        )
    };
    (0..8).map(event).collect()
}

#[test]
fn threads_see_the_rules_of_their_generation() {
    let rules: Arc<LiveRules<u8, u8>> = Arc::new(LiveRules::new());
    let events = Arc::new(events());
    let history: Arc<RwLock<HashMap<u64, Answers>>> = Arc::default();
    history.write().unwrap().insert(0, expected(&Model::new(), &events));
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (rules, events, history) = (Arc::clone(&rules), Arc::clone(&events), Arc::clone(&history));
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                let (mut scratch, mut seen) = (LiveScratch::new(), BTreeSet::new());
                while !stop.load(Ordering::Relaxed) {
                    let snapshot = rules.snapshot();
                    let found = answers(&snapshot, &mut scratch, &events);
                    let history = history.read().unwrap();
                    assert_eq!(&found, &history[&snapshot.generation()], "{}", snapshot.generation());
                    seen.insert(snapshot.generation());
                }
                seen.len()
            })
        })
        .collect();
    let (mut model, mut scratch) = (Model::new(), LiveScratch::new());
    let start = Instant::now();
    let mut number = 0_usize;
    while start.elapsed() < Duration::from_secs(3) {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (way, key, pattern) = (number >> 40, (number >> 48) as u8, pattern(number >> 33));
        let before = rules.snapshot().generation();
        let mut after = model.clone();
        match way % 8 {
            0..5 => drop(after.insert(key, (pattern.clone(), true))),
            5 | 6 => drop(after.remove(&key)),
            _ => drop(after.get_mut(&key).map(|rule| rule.1 = !rule.1)),
        }
        // The answers are known before the generation is visible.
        history.write().unwrap().insert(before + 1, expected(&after, &events));
        match way % 8 {
            0..5 => assert_eq!(rules.insert(key, &pattern, key), Ok(before + 1)),
            5 | 6 => drop(rules.remove(&key)),
            _ => {
                let enabled = after.get(&key).is_some_and(|rule| rule.1);
                assert_eq!(rules.set_enabled(&key, enabled), Ok(after.contains_key(&key)));
            }
        }
        model = after;
        // The change is visible to the thread that made it.
        let snapshot = rules.snapshot();
        assert_eq!(answers(&snapshot, &mut scratch, &events), expected(&model, &events));
    }
    stop.store(true, Ordering::Relaxed);
    let seen: Vec<usize> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    let generations = rules.snapshot().generation();
    assert!(
        generations > 100 && seen.iter().all(|seen| *seen > 20),
        "{generations} generations, {seen:?} seen"
    );
}

#[test]
fn transaction_is_visible_as_a_whole() {
    let rules: LiveRules<u32, u32> = LiveRules::new();
    let event = br#"{"a":1}"#;
    rules.insert(0, r#"{"a":[1]}"#, 0).unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut scratch = LiveScratch::new();
            while !stop.load(Ordering::Relaxed) {
                let snapshot = rules.snapshot();
                let keys: Vec<u32> =
                    snapshot.matches(&mut scratch, event).unwrap().iter().map(|rule| *rule.key()).collect();
                assert_eq!(keys, [snapshot.generation() as u32 - 1]);
            }
        });
        for key in 1..2_000 {
            let mut transaction = rules.transaction();
            transaction.remove(key - 1);
            transaction.insert(key, r#"{"a":[1]}"#, key).unwrap();
            assert_eq!(transaction.commit(), Ok(u64::from(key) + 1));
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn ids_are_stable_and_values_are_replaced() {
    let rules = without_background();
    for key in [7, 3, 5] {
        rules.insert(key, r#"{"a":[1]}"#, 0).unwrap();
    }
    rules.insert(7, r#"{"a":[{"exists":true}]}"#, 9).unwrap();
    let mut scratch = LiveScratch::new();
    let found = |scratch: &mut LiveScratch| {
        let snapshot = rules.snapshot();
        let matches = snapshot.matches(scratch, br#"{"a":1}"#).unwrap();
        matches.iter().map(|rule| (*rule.key(), *rule.value(), rule.id())).collect::<Vec<_>>()
    };
    assert_eq!(found(&mut scratch), [(7, 9, 0), (3, 0, 1), (5, 0, 2)]);
    rules.set_enabled(&7, false).unwrap();
    rules.merge().unwrap();
    assert_eq!(found(&mut scratch), [(3, 0, 1), (5, 0, 2)]);
    assert_eq!(
        rules.get(&7).map(|rule| rule.pattern().to_owned()).as_deref(),
        Some(r#"{"a":[{"exists":true}]}"#)
    );
    rules.set_enabled(&7, true).unwrap();
    rules.remove(&3);
    rules.insert(3, r#"{"a":[1]}"#, 1).unwrap();
    assert_eq!(found(&mut scratch), [(7, 9, 0), (5, 0, 2), (3, 1, 3)]);
}

#[test]
fn refused_changes_change_nothing() {
    let mut options = LiveOptions::new();
    let mut builder = kernel::builder();
    builder.rule_limit(2).rule_size_limit(2_000);
    options.background(false).matcher(builder);
    let rules: LiveRules<&str, ()> = options.build().unwrap();
    rules.insert("a", r#"{"a":[1]}"#, ()).unwrap();
    let long = format!(r#"{{"a":["{}"]}}"#, "x".repeat(5_000));
    assert_eq!(rules.insert("b", &long, ()).unwrap_err().code(), "rule-size-limit");
    assert_eq!(rules.insert("b", "{", ()).unwrap_err().code(), "unexpected-end");
    let mut transaction = rules.transaction();
    transaction.remove("a");
    transaction.insert("b", r#"{"a":[2]}"#, ()).unwrap();
    transaction.insert("c", &long, ()).unwrap();
    let error = transaction.commit().unwrap_err();
    assert!(matches!(error, galop::live::LiveError::Build { rule: Some(1), .. }), "{error:?}");
    rules.insert("b", r#"{"a":[2]}"#, ()).unwrap();
    assert_eq!(rules.insert("c", r#"{"a":[3]}"#, ()).unwrap_err().code(), "too-many-rules");
    rules.insert("b", r#"{"a":[1]}"#, ()).unwrap();
    let mut scratch = LiveScratch::new();
    let snapshot = rules.snapshot();
    assert_eq!((snapshot.generation(), snapshot.matches(&mut scratch, br#"{"a":1}"#).unwrap().len()), (3, 2));
}

#[test]
fn limits_of_events_hold_for_all_layers_together() {
    let rules = |limits: EventLimits| {
        let mut options = LiveOptions::new();
        let mut builder = kernel::builder();
        builder.event_limits(limits);
        options.background(false).matcher(builder).pattern_limits(PatternLimits::wide());
        let rules: LiveRules<usize, ()> = options.build().unwrap();
        for key in 0..200 {
            rules.insert(key, &format!(r#"{{"a":[{{"wildcard":"*{key}*x*"}}]}}"#), ()).unwrap();
        }
        rules
    };
    let event = format!(r#"{{"a":"{}"}}"#, "0".repeat(1_000));
    let free = rules(EventLimits::default());
    let mut scratch = LiveScratch::new();
    assert!(free.stats().layers > 3);
    assert_eq!(free.snapshot().matches(&mut scratch, event.as_bytes()).unwrap().len(), 0);
    let mut limits = EventLimits::default();
    limits.work = scratch.steps() * 3 / 4;
    let bound = rules(limits);
    assert_eq!(bound.snapshot().matches(&mut scratch, event.as_bytes()).unwrap_err().code(), "too-much-work");
    assert_eq!(
        bound.snapshot().is_match(&mut scratch, event.as_bytes()).unwrap_err().code(),
        "too-much-work"
    );
}

#[test]
fn layers_after_the_reader_spend_steps_for_each_leaf() {
    let rules = without_background();
    for key in 0..100 {
        rules.insert(key, &format!(r#"{{"n{key}":[1]}}"#), key).unwrap();
    }
    let layers = rules.stats().layers as u64;
    assert!(layers > 3);
    let event = format!(r#"{{"n0":[0{}]}}"#, ",0".repeat(999));
    let mut scratch = LiveScratch::new();
    let mut steps = || {
        assert_eq!(rules.snapshot().is_match(&mut scratch, event.as_bytes()), Ok(false));
        scratch.steps()
    };
    let several = steps();
    rules.merge().unwrap();
    let one = steps();
    assert!(several >= one + (layers - 1) * 1_000, "{several} steps of {layers} layers, {one} of one layer");
}

#[test]
fn background_merges_layers_and_leaves_out_ended_rules() {
    let rules: LiveRules<usize, ()> = LiveRules::new();
    for key in 0..3_000 {
        rules.insert(key, &pattern(key), ()).unwrap();
    }
    for key in 0..2_990 {
        assert!(rules.remove(&key));
    }
    let start = Instant::now();
    while rules.stats().ended > 0 || rules.stats().layers > 1 {
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", rules.stats());
        thread::sleep(Duration::from_millis(10));
    }
    let stats = rules.stats();
    assert_eq!((stats.rules, stats.ended), (10, 0));
    let fresh = with_size_limit(MatcherBuilder::MAX_SIZE_LIMIT, false);
    for key in 2_990..3_000 {
        fresh.insert(key, &pattern(key), ()).unwrap();
    }
    let (bytes, expected) = (stats.compiled_bytes, fresh.stats().compiled_bytes);
    assert!(bytes < 30_000 && bytes.abs_diff(expected) <= expected / 10, "{bytes} bytes, {expected} fresh");
}

#[test]
fn types_are_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<LiveRules<String, String>>();
    check::<LiveRule<String, String>>();
    check::<Snapshot<String, String>>();
    check::<SnapshotGuard<String, String>>();
    check::<Matches<'_, String, String>>();
    check::<Transaction<'_, String, String>>();
    check::<(LiveOptions, LiveScratch, LiveStats, LiveError)>();
}

#[test]
fn generation_begins_only_if_a_rule_begins_or_ends() {
    let rules = without_background();
    rules.insert(1, r#"{"a":[1]}"#, 1).unwrap();
    assert_eq!(rules.set_enabled(&1, false), Ok(true));
    assert_eq!(rules.snapshot().generation(), 2);
    assert_eq!(rules.set_enabled(&1, false), Ok(true));
    assert_eq!(rules.set_enabled(&2, true), Ok(false));
    assert!(rules.remove(&1));
    assert!(!rules.remove(&1));
    assert!(rules.get(&1).is_none());
    assert_eq!(rules.transaction().commit(), Ok(2));
    assert_eq!((rules.snapshot().generation(), rules.stats().generation), (2, 2));
}

fn with_size_limit(bytes: usize, background: bool) -> LiveRules<usize, ()> {
    let (mut options, mut builder) = (LiveOptions::new(), kernel::builder());
    builder.size_limit(bytes);
    options.background(background).matcher(builder);
    options.build().expect("the kernel is available")
}

#[test]
fn layer_that_an_insertion_replaces_does_not_count_for_the_limit() {
    let insert = |rules: &LiveRules<usize, ()>| {
        (0..20).try_for_each(|key| rules.insert(key, &pattern(key), ()).map(drop))
    };
    let free = with_size_limit(MatcherBuilder::MAX_SIZE_LIMIT, false);
    insert(&free).unwrap();
    let bytes = free.stats().compiled_bytes;
    assert_eq!(insert(&with_size_limit(bytes, false)), Ok(()));
    assert_eq!(insert(&with_size_limit(bytes / 2, false)).unwrap_err().code(), "size-limit");
}
