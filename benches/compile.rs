//! The time to compile rules: `parse/W2/rules=10000` parses the patterns, `compile/…` parses and
//! compiles them. The figures are rules per second, and bytes of pattern text per second.

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use criterion::{Criterion, SamplingMode, Throughput};
use std::time::Duration;
use workload::check::assert_right;
use workload::{Workload, builder, event_count};

/// Sets of different size, and of different kinds of work.
const NAMES: [&str; 10] = [
    "W2/rules=100",
    "W2/rules=1000",
    "W2/rules=10000",
    "W2/rules=100000",
    "W2/exact-only/rules=10000",
    "W2/wildcard-heavy/rules=10000",
    "W2/negative-only/rules=10000",
    "adversarial/ranges/rules=5000",
    "recorded/patterns",
    "recorded/sigma",
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for stage in ["parse", "compile"] {
        let mut group = criterion.benchmark_group(stage);
        group.sample_size(10).sampling_mode(SamplingMode::Flat);
        group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
        for name in NAMES {
            let Some(workload) = Workload::named(name, event_count()) else {
                continue;
            };
            let bytes = workload.rules.iter().map(String::len).sum::<usize>() as u64;
            group.throughput(Throughput::ElementsAndBytes { elements: workload.rules.len() as u64, bytes });
            let mut checked = false;
            group.bench_function(name, |bencher| {
                if stage == "parse" {
                    assert_eq!(workload.rule_set().len(), workload.rules.len());
                    bencher.iter_with_large_drop(|| workload.rule_set());
                } else {
                    if !checked {
                        assert_right(&workload, &workload.matcher(&builder()));
                        checked = true;
                    }
                    bencher.iter_with_large_drop(|| workload.matcher(&builder()));
                }
            });
        }
        group.finish();
    }
    criterion.final_summary();
}
