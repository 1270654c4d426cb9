//! Rules and events that are deliberately slow, like `adversarial/rules/ranges`.
//!
//! The answers are checked before time is measured. Besides the figures of the harness, the bench
//! prints a table. For each case, the table has the time per byte, and its ratio to the time of
//! ordinary events. The ordinary events are from W2 with 1,000 rules, in the same run. The least
//! time of all passes counts, because other processes affect it least.
//!
//! ```text
//! cargo bench --bench adversarial
//! cargo bench --bench adversarial -- events/
//! cargo bench --bench adversarial -- --test
//! ```

mod arrays;
mod events;
mod hashes;
mod rules;
#[allow(dead_code, reason = "each bench uses its part of it")]
#[path = "../workload/mod.rs"]
mod workload;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput};
use galop::{Matcher, MatcherBuilder, PatternLimits, RuleSet, Scratch};
use workload::check::assert_right;
use workload::{Workload, trial};

/// The workload that the others are compared with.
const ORDINARY: &str = "W2/rules=1000";

/// Rules, events, and the expected answer.
struct Case {
    name: String,
    rules: Vec<String>,
    events: Vec<Vec<u8>>,
    expected: Expected,
}

enum Expected {
    /// The total number of matches over all events.
    Matches(usize),
    /// The oracle checks samples of the answers.
    Right,
    /// Every event is refused with this code.
    Refused(&'static str),
}

impl Case {
    /// Returns a case in which each event matches `matches` rules.
    fn new(name: &str, rules: Vec<String>, events: Vec<String>, matches: usize) -> Case {
        let expected = Expected::Matches(matches * events.len());
        let events = events.into_iter().map(String::into_bytes).collect();
        Case { name: name.to_owned(), rules, events, expected }
    }

    /// Returns a case of a workload that other benches use too.
    fn of(workload: Workload) -> Case {
        let Workload { name, rules, events } = workload;
        Case { name, rules, events, expected: Expected::Right }
    }

    fn bytes(&self) -> usize {
        self.events.iter().map(Vec::len).sum()
    }

    /// Returns the matcher with the default limits of a builder. Checks its answers.
    fn matcher(&self) -> Matcher {
        let mut set = RuleSet::with_limits(PatternLimits::wide());
        for rule in &self.rules {
            set.add(rule).unwrap_or_else(|error| panic!("{error}: {rule}"));
        }
        let matcher = MatcherBuilder::new().build(&set).expect("the rules are within the limits");
        match self.expected {
            Expected::Matches(expected) => {
                assert_eq!(pass(&matcher, &mut Scratch::new(), &self.events), expected, "{}", self.name);
            }
            Expected::Right => {
                let Case { name, rules, events, .. } = self;
                let workload = Workload { name: name.clone(), rules: rules.clone(), events: events.clone() };
                assert_right(&workload, &matcher);
            }
            Expected::Refused(code) => {
                for event in &self.events {
                    let error = matcher.matches(&mut Scratch::new(), event).expect_err("too much");
                    assert_eq!(error.code(), code, "{}", self.name);
                }
            }
        }
        matcher
    }
}

/// Matches all events. Returns the total number of matches. A refused event has none.
fn pass(matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> usize {
    events.iter().map(|event| matcher.matches(scratch, event).map_or(0, <[_]>::len)).sum()
}

/// Returns the least time of a pass among `passes`, and the total time.
fn least(passes: u64, matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> (Duration, Duration) {
    let (mut least, started) = (Duration::MAX, Instant::now());
    for _ in 0..passes {
        let started = Instant::now();
        black_box(pass(matcher, scratch, black_box(events)));
        least = least.min(started.elapsed());
    }
    (least, started.elapsed())
}

/// Returns nanoseconds per byte.
fn per_byte(least: Duration, bytes: usize) -> f64 {
    least.as_secs_f64() * 1e9 / bytes as f64
}

fn ordinary() -> f64 {
    let workload = Workload::named(ORDINARY, if trial() { 10 } else { 2_000 }).expect("made, not recorded");
    let matcher = workload.matcher(&MatcherBuilder::new());
    let passes = if trial() { 1 } else { 50 };
    let (least, _) = least(passes, &matcher, &mut Scratch::new(), &workload.events);
    per_byte(least, workload.bytes())
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("adversarial");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    let mut table = Vec::new();
    for (name, case) in cases() {
        let mut prepared = None;
        let mut best = Duration::MAX;
        group.bench_function(&name, |bencher| {
            // The case is made here, so cases that a filter excludes cost nothing, and once for all
            // samples.
            let (case, matcher, scratch) = prepared.get_or_insert_with(|| {
                let case = case();
                let matcher = case.matcher();
                (case, matcher, Scratch::new())
            });
            bencher.iter_custom(|passes| {
                let (least, all) = least(passes, matcher, scratch, &case.events);
                best = best.min(least);
                all
            });
        });
        if let Some((case, matcher, scratch)) = prepared {
            group.throughput(Throughput::Bytes(case.bytes() as u64));
            table.push((name, case, best, matcher.memory_usage(), scratch.memory_usage()));
        }
    }
    group.finish();
    criterion.final_summary();
    if !trial() && !table.is_empty() {
        print_table(&table);
    }
}

fn print_table(table: &[(String, Case, Duration, usize, usize)]) {
    let ordinary = ordinary();
    println!("\n{:<34} {:>9} {:>12} {:>9} {:>8}", "", "B/event", "ns/event", "ns/B", "ratio");
    println!("{ORDINARY:<34} {:>9} {:>12} {ordinary:>9.2} {:>8}", "", "", "1.0");
    for (name, case, best, set, scratch) in table {
        let (events, bytes) = (case.events.len(), case.bytes());
        let per_byte = per_byte(*best, bytes);
        let note = if let Expected::Refused(code) = case.expected { code } else { "" };
        println!(
            "{name:<34} {:>9} {:>12.0} {per_byte:>9.2} {:>8.1}   {} KB of rules, {} KB of scratch {note}",
            bytes / events,
            best.as_secs_f64() * 1e9 / events as f64,
            per_byte / ordinary,
            set / 1024,
            scratch / 1024,
        );
    }
}

type Make = Box<dyn Fn() -> Case>;

/// Returns the cases with their names.
fn cases() -> Vec<(String, Make)> {
    let mut cases: Vec<(String, Make)> = Vec::new();
    for name in ["W2/hot/rules=10000", "W2/negative-only/rules=10000"] {
        let make = move || {
            // The recorded totals are for this number of events.
            let events = if trial() { 1_000 } else { 2_000 };
            Case::of(Workload::named(name, events).expect("made, not recorded"))
        };
        cases.push((name.replace("W2/", "rules/").replace("/rules=10000", ""), Box::new(make)));
    }
    for all in [rules::all(), arrays::all(), events::all(), hashes::all()] {
        cases.extend(all.into_iter().map(|(name, make)| {
            let made = move || make(name);
            (name.to_owned(), Box::new(made) as Make)
        }));
    }
    cases
}
