//! Rules that change while events are matched: the events per second of one thread under no, few and many
//! changes a second, the latency of a change, and the memory after the changes.
//!
//! ```text
//! cargo bench --features live --bench live
//! cargo bench --features live --bench live -- 10000
//! ```
//!
//! A round of each kind follows a round of the other kinds, because the speed of a machine changes with time.
//! The figures are medians of the rounds. One thread matches and one changes, and the thread in the
//! background merges, so the machine should have three processors.

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use galop::live::{LiveOptions, LiveRules, LiveScratch};
use galop::{Matcher, PatternLimits, RuleSet, Scratch};
use workload::{Workload, trial};

const EVENTS: usize = 1_000;

/// Changes per second.
const RATES: [u32; 3] = [0, 10, 1_000];

fn main() {
    let chosen: Vec<usize> = std::env::args().skip(1).filter_map(|count| count.parse().ok()).collect();
    let sizes = match (trial(), chosen.is_empty()) {
        (true, _) => vec![100],
        (false, true) => vec![10_000, 100_000],
        (false, false) => chosen,
    };
    for size in sizes {
        measure(size);
    }
}

fn measure(size: usize) {
    // The second half replaces rules of the first.
    let workload =
        Workload::named(&format!("W2/rules={}", 2 * size), EVENTS).expect("a workload of this size");
    let patterns = &workload.rules;
    let (first, events) = (&patterns[..size], &workload.events);

    let mut set = RuleSet::with_limits(PatternLimits::default());
    for pattern in first {
        set.add(pattern).expect("the pattern is valid");
    }
    let start = Instant::now();
    let matcher = Matcher::new(&set).expect("the rules compile");
    let compiled = start.elapsed();

    let rules: LiveRules<usize, ()> = LiveRules::new();
    let start = Instant::now();
    insert(&rules, first);
    let loaded = start.elapsed();
    let before = rules.stats();
    assert_right(&rules, &matcher, events);
    println!(
        "{size} rules: built in {:.3} s, inserted in {:.3} s, {} compiled bytes per rule",
        compiled.as_secs_f64(),
        loaded.as_secs_f64(),
        before.compiled_bytes / size
    );

    let rounds = if trial() { 1 } else { 7 };
    layers_of_32(&workload, size, rounds);
    let round = if trial() { Duration::from_millis(20) } else { Duration::from_secs(3) };
    let mut speeds = vec![Vec::new(); RATES.len() + 1];
    let (mut latencies, mut layers) = (vec![Vec::new(); RATES.len()], 0);
    let mut next = size;
    for _ in 0..rounds {
        let mut scratch = Scratch::new();
        speeds[RATES.len()].push(speed(round, events, |event| {
            matcher.matches(&mut scratch, event).expect("the event is valid").len()
        }));
        for (kind, rate) in RATES.into_iter().enumerate() {
            let stop = AtomicBool::new(false);
            let (rules, stop) = (&rules, &stop);
            let result = thread::scope(|scope| {
                let writer = scope.spawn(move || change(rules, patterns, (size, next), rate, stop));
                let mut scratch = LiveScratch::new();
                let speed = speed(round, events, |event| {
                    rules.snapshot().matches(&mut scratch, event).expect("the event is valid").len()
                });
                stop.store(true, Ordering::Relaxed);
                (speed, writer.join().expect("the changes are accepted"))
            });
            speeds[kind].push(result.0);
            next += result.1.len();
            latencies[kind].extend(result.1);
            layers = layers.max(rules.stats().layers);
        }
    }
    let alone = median(&mut speeds[RATES.len()]);
    println!("  a matcher alone: {alone:.0} events/s");
    for (kind, rate) in RATES.into_iter().enumerate() {
        let speed = median(&mut speeds[kind]);
        print!("  {rate} changes/s: {speed:.0} events/s ({:.3} of a matcher alone)", speed / alone);
        let latencies = &mut latencies[kind];
        latencies.sort_unstable();
        match latencies.last() {
            None => println!(),
            Some(most) => {
                let at =
                    |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_secs_f64() * 1e3;
                let most = most.as_secs_f64() * 1e3;
                println!(
                    "; a change takes {:.2} ms (median), {:.2} ms (99 %), {most:.2} ms (maximum); {} changes",
                    at(50),
                    at(99),
                    latencies.len()
                );
            }
        }
    }
    rules.merge().expect("the rules compile");
    let after = rules.stats();
    println!(
        "  up to {layers} layers; after merging {} layer, {} compiled bytes per rule",
        after.layers,
        after.compiled_bytes / after.rules
    );
}

fn insert(rules: &LiveRules<usize, ()>, patterns: &[String]) {
    let mut transaction = rules.transaction();
    for (key, pattern) in patterns.iter().enumerate() {
        transaction.insert(key, pattern, ()).expect("the pattern is valid");
    }
    transaction.commit().expect("the rules compile");
}

/// Prints the time of an event with layers of 32 rules after the first layer: the fastest of some rounds
/// over all events, which alternate.
fn layers_of_32(workload: &Workload, size: usize, rounds: usize) {
    let counts = [0, 1, 2, 4, 8];
    let snapshots = counts.map(|layers| {
        let rules = LiveOptions::new().background(false).build().expect("the kernel is available");
        insert(&rules, &workload.rules[..size]);
        for key in size..(size + 32 * layers).min(workload.rules.len()) {
            rules.insert(key, &workload.rules[key], ()).expect("the pattern is valid");
        }
        rules.snapshot().into_arc()
    });
    let (mut scratch, mut best) = (LiveScratch::new(), [f64::INFINITY; 5]);
    for _ in 0..2 * rounds {
        for (snapshot, best) in snapshots.iter().zip(&mut best) {
            let start = Instant::now();
            for event in &workload.events {
                std::hint::black_box(
                    snapshot.matches(&mut scratch, event).expect("the event is valid").len(),
                );
            }
            *best = best.min(start.elapsed().as_secs_f64() * 1e6 / workload.events.len() as f64);
        }
    }
    for (layers, best) in counts.iter().zip(best) {
        println!("  {layers} small layers: {best:.2} µs for an event");
    }
}

/// Compares the rules that each event matches.
fn assert_right(rules: &LiveRules<usize, ()>, matcher: &Matcher, events: &[Vec<u8>]) {
    let (mut live, mut scratch) = (LiveScratch::new(), Scratch::new());
    let snapshot = rules.snapshot();
    for event in events {
        let matches = snapshot.matches(&mut live, event).expect("the event is valid");
        let ids = matcher.matches(&mut scratch, event).expect("the event is valid");
        assert!(matches.iter().map(|rule| *rule.key()).eq(ids.iter().map(|id| id.as_usize())));
    }
}

/// Returns the events per second.
fn speed(round: Duration, events: &[Vec<u8>], mut run: impl FnMut(&[u8]) -> usize) -> f64 {
    let (start, mut count, mut matches) = (Instant::now(), 0, 0);
    while start.elapsed() < round {
        matches += events.iter().map(|event| run(event)).sum::<usize>();
        count += events.len();
    }
    std::hint::black_box(matches);
    count as f64 / start.elapsed().as_secs_f64()
}

/// Replaces rules at a rate until the flag is set. Returns the latency of each change.
fn change(
    rules: &LiveRules<usize, ()>,
    patterns: &[String],
    (size, mut next): (usize, usize),
    rate: u32,
    stop: &AtomicBool,
) -> Vec<Duration> {
    let mut latencies = Vec::new();
    let start = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        if rate == 0 || start.elapsed().as_secs_f64() * f64::from(rate) < latencies.len() as f64 {
            thread::sleep(Duration::from_micros(200));
            continue;
        }
        // A prime step visits the keys in no order.
        let key = next * 7_919 % size;
        let begin = Instant::now();
        rules.insert(key, &patterns[next % patterns.len()], ()).expect("the pattern is valid");
        latencies.push(begin.elapsed());
        next += 1;
    }
    latencies
}

fn median(speeds: &mut [f64]) -> f64 {
    speeds.sort_unstable_by(f64::total_cmp);
    speeds[speeds.len() / 2]
}
