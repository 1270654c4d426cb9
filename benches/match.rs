//! The time of an event with a compiled set of rules: `match/W2/rules=10000`, or
//! `match/W2/rules=10000/trusted` for events that are known to be valid.
//!
//! One iteration matches all events of a workload once. The figures are events and bytes per
//! second. The answers are checked before time is measured.

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use criterion::{Criterion, SamplingMode, Throughput};
use galop::Scratch;
use std::hint::black_box;
use std::time::Duration;
use workload::check::assert_right;
use workload::{Workload, builder, event_count, total};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("match");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for name in Workload::names() {
        let Some(workload) = Workload::named(&name, event_count()) else {
            continue;
        };
        let (elements, bytes) = (workload.events.len() as u64, workload.bytes() as u64);
        group.throughput(Throughput::ElementsAndBytes { elements, bytes });
        for (mode, trusted) in [("", false), ("/trusted", true)] {
            let mut prepared = None;
            group.bench_function(format!("{name}{mode}"), |bencher| {
                // The matcher is made here, so workloads that a filter excludes cost nothing, and
                // once for all samples.
                let (matcher, scratch) = prepared.get_or_insert_with(|| {
                    let matcher = workload.matcher(builder().trusted(trusted));
                    assert_right(&workload, &matcher);
                    (matcher, Scratch::new())
                });
                bencher.iter(|| total(matcher, scratch, black_box(&workload.events)));
            });
        }
    }
    group.finish();
    criterion.final_summary();
}
