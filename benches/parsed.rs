//! The time to match parsed events, compared with their text: `parsed/W2/rules=10000/text`,
//! `…/serde_json` for an event that is already a value, and `…/serde_json/parse` with the parsing
//! included.
//!
//! One iteration matches a hundred events. Their values fit the caches, as they do after parsing.
//! The answers for a thousand events are checked before time is measured, and compared between
//! parsers.

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use galop::{Matcher, ParsedEvent, RuleId, Scratch};
use simd_json::{Buffers, to_borrowed_value_with_buffers, to_tape_with_buffers};
use std::hint::black_box;
use std::time::Duration;
use workload::check::{COUNTED, assert_right};
use workload::{Workload, builder, total, trial};

/// The number of events in an iteration.
const HOT: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("parsed");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let name = if trial() { "W2/rules=100" } else { "W2/rules=10000" };
    let workload = Workload::named(name, COUNTED).expect("it is made, not recorded");
    let all = &workload.events;
    let events = &all[..HOT];
    let (elements, bytes) = (HOT as u64, events.iter().map(Vec::len).sum::<usize>() as u64);
    group.throughput(Throughput::ElementsAndBytes { elements, bytes });

    let values: Vec<serde_json::Value> = all.iter().map(|event| value(event)).collect();
    let mut rooms = all.clone();
    let borrowed: Vec<_> = rooms
        .iter_mut()
        .map(|room| simd_json::to_borrowed_value(room).expect("the events are valid"))
        .collect();
    let mut rooms = all.clone();
    let tapes: Vec<_> =
        rooms.iter_mut().map(|room| simd_json::to_tape(room).expect("the events are valid")).collect();

    for (mode, trusted) in [("", false), ("/trusted", true)] {
        let matcher = &workload.matcher(builder().trusted(trusted));
        assert_right(&workload, matcher);
        assert_same(matcher, all, &values);
        assert_same(matcher, all, &borrowed);
        assert_same(matcher, all, &tapes);
        let id = |way: &str| BenchmarkId::from_parameter(format!("{name}/{way}{mode}"));
        let scratch = &mut Scratch::new();
        group.bench_function(id("text"), |bencher| {
            bencher.iter(|| total(matcher, scratch, black_box(events)));
        });
        group.bench_function(id("serde_json"), |bencher| {
            bencher.iter(|| total_parsed(matcher, scratch, black_box(&values[..HOT])));
        });
        group.bench_function(id("simd_json/value"), |bencher| {
            bencher.iter(|| total_parsed(matcher, scratch, black_box(&borrowed[..HOT])));
        });
        group.bench_function(id("simd_json/tape"), |bencher| {
            bencher.iter(|| total_parsed(matcher, scratch, black_box(&tapes[..HOT])));
        });
        if trusted {
            continue;
        }
        group.bench_function(id("serde_json/parse"), |bencher| {
            bencher.iter(|| {
                black_box(events).iter().map(|event| count(matcher, scratch, &value(event))).sum::<usize>()
            });
        });
        // The parser writes into the text, so it gets a copy.
        let (mut room, mut buffers) = (Vec::new(), Buffers::default());
        group.bench_function(id("simd_json/value/parse"), |bencher| {
            bencher.iter(|| {
                let parse_and_match = |event: &Vec<u8>| {
                    room.clear();
                    room.extend_from_slice(event);
                    let event = to_borrowed_value_with_buffers(&mut room, &mut buffers).expect("valid");
                    count(matcher, scratch, &event)
                };
                black_box(events).iter().map(parse_and_match).sum::<usize>()
            });
        });
        group.bench_function(id("simd_json/tape/parse"), |bencher| {
            bencher.iter(|| {
                let parse_and_match = |event: &Vec<u8>| {
                    room.clear();
                    room.extend_from_slice(event);
                    let event = to_tape_with_buffers(&mut room, &mut buffers).expect("valid");
                    count(matcher, scratch, &event)
                };
                black_box(events).iter().map(parse_and_match).sum::<usize>()
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

fn value(event: &[u8]) -> serde_json::Value {
    serde_json::from_slice(event).expect("the events are valid")
}

/// Returns the number of rules that the event matches.
fn count(matcher: &Matcher, scratch: &mut Scratch, event: &impl ParsedEvent) -> usize {
    matcher.matches_parsed(scratch, event).expect("the events are valid").len()
}

/// Returns the total number of matches of the events.
fn total_parsed(matcher: &Matcher, scratch: &mut Scratch, events: &[impl ParsedEvent]) -> usize {
    events.iter().map(|event| count(matcher, scratch, event)).sum()
}

/// Panics unless every event matches the same rules as its text.
fn assert_same(matcher: &Matcher, texts: &[Vec<u8>], events: &[impl ParsedEvent]) {
    let mut scratch = Scratch::new();
    assert_eq!(texts.len(), events.len());
    for (text, event) in texts.iter().zip(events) {
        let expected: Vec<RuleId> = matcher.matches(&mut scratch, text).expect("valid").to_vec();
        let found = matcher.matches_parsed(&mut scratch, event).expect("valid");
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(text));
    }
}
