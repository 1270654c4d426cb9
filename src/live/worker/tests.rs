use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, Extent, Shared, Writer};
use crate::builder::MatcherBuilder;
use crate::live::{LiveScratch, Snapshot};
use crate::matcher::Matcher;
use crate::pattern::limits::PatternLimits;
use crate::rules::RuleSet;
use crate::scratch::Scratch;

fn shared() -> Shared<u32, ()> {
    let builder = MatcherBuilder::new();
    let events = builder.event_options().expect("the kernel is available");
    Shared::new(Writer::new(builder, PatternLimits::default()), events)
}

fn insert(shared: &Shared<u32, ()>, key: u32) {
    let pattern = format!(r#"{{"a":[{key}]}}"#);
    shared.apply(vec![Change::Insert(key, pattern.into(), ())]).expect("the rule is within the limits");
}

#[test]
fn failed_merge_changes_nothing() {
    let shared = shared();
    (0..40).for_each(|key| insert(&shared, key));
    assert_eq!(shared.writer().layers.len(), 2);

    let builder = shared.writer().builder.clone();
    shared.state().writer.builder.size_limit(1);
    assert_eq!(shared.merge(Extent::All).unwrap_err().code(), "size-limit");
    shared.state().writer.builder = builder;
    assert!(shared.state().failed && shared.writer().merge_failed);
    // The open layer is still open: no insertion adds a layer.
    (40..60).for_each(|key| insert(&shared, key));
    assert_eq!((shared.writer().layers.len(), shared.current.load().len()), (2, 60));

    assert!(!shared.state().failed);
    assert_eq!(shared.merge(Extent::All), Ok(()));
    let writer = shared.writer();
    assert_eq!((writer.layers.len(), writer.enabled, writer.merge_failed), (1, 60, false));
}

#[test]
fn end_of_a_snapshot_frees_neither_layers_nor_paths() {
    let shared = shared();
    (0..40).for_each(|key| insert(&shared, key));
    let snapshot = shared.current.load_full();
    assert_eq!(shared.merge(Extent::All), Ok(()));
    let layer = Arc::downgrade(&snapshot.layers[0].layer);
    let vocabulary = Arc::downgrade(&snapshot.vocabulary);
    drop(snapshot);
    assert!(layer.strong_count() == 1 && vocabulary.strong_count() == 1);
    shared.free();
    assert!(layer.strong_count() == 0 && vocabulary.strong_count() == 0);
}

/// Returns a rule that some of the events match.
fn pattern(number: u32) -> String {
    let (path, value) = (number % 37, number % 5);
    match number % 3 {
        0 => format!(r#"{{"p{path}":["v{value}"],"kind":[{{"prefix":"k"}}]}}"#),
        1 => format!(r#"{{"items":{{"id":[{value}],"p{path}":[{{"exists":false}}]}}}}"#),
        _ => format!(r#"{{"$or":[{{"p{path}":[{value}]}},{{"items":{{"p{path}":["v{value}"]}}}}]}}"#),
    }
}

fn events() -> Vec<String> {
    let event = |number: u32| {
        let (path, value) = (number * 7 % 37, number % 5);
        format!(
            r#"{{"kind":"k","p{path}":["v{value}",{value}],"items":[{{"id":{value},"p{path}":"v{value}"}},{{"id":1}}]}}"#
        )
    };
    (0..10).map(event).collect()
}

/// Returns the keys that match each event.
fn answers(snapshot: &Snapshot<u32, ()>, events: &[String]) -> Vec<Vec<u32>> {
    let mut scratch = LiveScratch::new();
    let answer = |event: &String| {
        let matches = snapshot.matches(&mut scratch, event.as_bytes()).expect("the event is valid");
        let mut keys: Vec<u32> = matches.iter().map(|rule| *rule.key()).collect();
        keys.sort_unstable();
        keys
    };
    events.iter().map(answer).collect()
}

/// Returns the keys that match each event in a fresh build of the rules.
fn expected(model: &BTreeMap<u32, String>, events: &[String]) -> Vec<Vec<u32>> {
    let (keys, mut rules): (Vec<u32>, _) = (model.keys().copied().collect(), RuleSet::new());
    for pattern in model.values() {
        rules.add(pattern).expect("the pattern is valid");
    }
    let (matcher, mut scratch) = (Matcher::new(&rules).expect("the rules compile"), Scratch::new());
    let answer = |event: &String| {
        let ids = matcher.matches(&mut scratch, event.as_bytes()).expect("the event is valid");
        ids.iter().map(|id| keys[id.as_usize()]).collect()
    };
    events.iter().map(answer).collect()
}

/// Returns a random change, and applies it to the model.
fn change(model: &mut BTreeMap<u32, String>, random: u64) -> Change<u32, ()> {
    let (key, number) = ((random >> 16) as u32 % 1_500, (random >> 32) as u32);
    if random.is_multiple_of(4) {
        model.remove(&key);
        return Change::Remove(key);
    }
    model.insert(key, pattern(number));
    Change::Insert(key, pattern(number).into(), ())
}

#[test]
fn merges_of_any_layers_change_no_answer() {
    let (shared, events) = (shared(), events());
    let mut model: BTreeMap<u32, String> = (0..1_300).map(|key| (key, pattern(key))).collect();
    let first = model.iter().map(|(key, pattern)| Change::Insert(*key, pattern.as_str().into(), ()));
    shared.apply(first.collect()).expect("the rules compile");
    let mut seed = 7_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 8
    };
    let mut kept = Vec::new();
    let (mut partial, mut most) = (0, 0);
    for round in 0..60 {
        let mut run = |count: u64| {
            for _ in 0..count {
                shared.apply(vec![change(&mut model, random())]).expect("the rules compile");
            }
        };
        run(40);
        most = most.max(shared.writer().layers.len());
        let extent = [Extent::Small, Extent::Recent, Extent::Small, Extent::All][round % 4];
        let merge = shared.state().writer.merge(extent);
        let generation = shared.current.load().generation();
        // Changes while layers are compiled.
        run(round as u64 % 7);
        if let Some(merge) = merge {
            partial += u32::from(!merge.has_first);
            shared.run(merge).expect("the rules compile");
        }
        shared.free();
        let snapshot = shared.current.load_full();
        assert!(snapshot.generation() >= generation);
        assert_eq!((snapshot.len(), snapshot.rules().count()), (model.len(), model.len()));
        let expected = expected(&model, &events);
        assert_eq!(answers(&snapshot, &events), expected, "round {round}, {extent:?}");
        kept.push((snapshot, expected));
    }
    for (snapshot, expected) in &kept {
        assert_eq!(&answers(snapshot, &events), expected, "{snapshot:?}");
    }
    let matching: usize = kept.iter().flat_map(|(_, answers)| answers).map(Vec::len).sum();
    assert!(partial > 20 && most > 2 && matching > 1_000, "{partial}, {most}, {matching}");
    drop(kept);
    shared.free();
    assert!(shared.state().replaced.is_empty());
    assert_eq!(Arc::strong_count(&shared.current.load_full()), 2);
}
