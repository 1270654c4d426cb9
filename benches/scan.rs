//! The time to read an event, with very few rules to decide: `scan/W2/paths=9` and similar ones.
//!
//! `no-rule-fits` has one rule, whose source no event has. `paths=n` has n rules of one field each.
//! Every one of these fields must be read, and none has the tested value. Each is measured with the
//! default kernel and with the other available kernels. Each is also measured with events that are
//! known to be valid, and with events that need not be read to their end.

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use criterion::{Criterion, SamplingMode, Throughput};
use galop::tuning::Kernel;
use galop::{RuleSet, Scratch};
use std::hint::black_box;
use std::time::Duration;
use workload::fields::FIELDS;
use workload::{Workload, builder, event_count, total};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));

    for (family, workload) in [("W1", "W1/exact"), ("W2", "W2/rules=1"), ("W3", "W3/end")] {
        let events = Workload::named(workload, event_count()).expect("made, not recorded").events;
        let mut sets = vec![("no-rule-fits".to_owned(), vec![r#"{"source":["nobody"]}"#.to_owned()])];
        if family == "W2" {
            sets.extend(
                [1, 9, FIELDS.len()].map(|paths| (format!("paths={paths}"), one_rule_per_path(paths))),
            );
        }
        for (name, rules) in sets {
            bench(&mut group, &format!("{family}/{name}"), &rules, &events);
        }
    }
    for (name, event) in shapes() {
        bench(
            &mut group,
            &format!("{name}/no-rule-fits"),
            &[r#"{"source":["nobody"]}"#.to_owned()],
            &[event],
        );
    }
    group.finish();
    criterion.final_summary();
}

fn bench(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    name: &str,
    rules: &[String],
    events: &[Vec<u8>],
) {
    let mut set = RuleSet::new();
    for rule in rules {
        set.add(rule).expect("the rules are valid");
    }
    let bytes = events.iter().map(Vec::len).sum::<usize>() as u64;
    group.throughput(Throughput::ElementsAndBytes { elements: events.len() as u64, bytes });

    let others =
        Kernel::ALL.into_iter().filter(|kernel| kernel.is_available() && *kernel != Kernel::detect());
    let mut builders = vec![
        (String::new(), builder()),
        ("/trusted".to_owned(), builder().trusted(true).clone()),
        ("/trusted,distinct".to_owned(), builder().trusted(true).distinct_names(true).clone()),
    ];
    builders.extend(
        others.map(|kernel| (format!("/{kernel:?}").to_lowercase(), builder().kernel(kernel).clone())),
    );
    for (mode, builder) in builders {
        let matcher = builder.build(&set).expect("the rules are within the limits");
        let mut scratch = Scratch::new();
        assert_eq!(total(&matcher, &mut scratch, events), 0, "{name}{mode}: no rule fits");
        let cut_short = &events[0][..events[0].len() - 1];
        let is_read = mode.starts_with("/trusted") || matcher.matches(&mut scratch, cut_short).is_err();
        assert!(is_read, "{name}{mode}: an event is read up to its end");
        group.bench_function(format!("{name}{mode}"), |bencher| {
            bencher.iter(|| total(&matcher, &mut scratch, black_box(events)));
        });
    }
}

/// Returns rules on fields from all parts of the details of W2's events.
fn one_rule_per_path(paths: usize) -> Vec<String> {
    let fields = (0..paths).map(|at| &FIELDS[at * FIELDS.len() / paths]);
    // A name with dots is the path of its parts.
    fields.map(|field| format!(r#"{{"detail.{}":["nobody has this"]}}"#, field.path)).collect()
}

/// Returns single events of 64 KB that repeat one kind of value.
fn shapes() -> [(&'static str, Vec<u8>); 6] {
    let filled = |open: &str, piece: &str, close: &str| {
        let times = (64 << 10) / piece.len();
        format!("{open}{}{close}", piece.repeat(times)).into_bytes()
    };
    let depth = 500;
    let nested = format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    [
        ("one-string", filled(r#"{"a":""#, "abcdefg ", r#""}"#)),
        ("escapes", filled(r#"{"a":""#, r#"\\\"\n\u00e9"#, r#""}"#)),
        ("unicode", filled(r#"{"a":""#, "größer 東京 😀 ", r#""}"#)),
        ("numbers", filled(r#"{"a":["#, "-122.42916360922355,", "0]}")),
        ("brackets", filled(r#"{"a":["#, "[{}],", "0]}")),
        ("nested", filled(r#"{"a":["#, &format!("{nested},"), "0]}")),
    ]
}
