//! Percentiles of the time that one event takes.

use std::time::Instant;

use galop::{Matcher, Scratch};
use serde::{Deserialize, Serialize};

use super::events::Workload;

/// The maximum number of measured events, which take four bytes each.
const SAMPLES: usize = 1 << 22;

/// The time of one event in nanoseconds. The time of reading the clock is included and given.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Latency {
    pub(super) p50: u32,
    pub(super) p90: u32,
    pub(super) p99: u32,
    pub(super) p999: u32,
    pub(super) max: u32,
    /// The median time between two readings of the clock.
    pub(super) clock: u32,
    pub(super) samples: usize,
}

impl Latency {
    /// Measures each event by itself, in several passes over small workloads.
    pub(super) fn measure(matcher: &Matcher, workload: &Workload) -> Latency {
        let passes = (1_usize << 16).div_ceil(workload.len()).min(100);
        let mut scratch = Scratch::new();
        let mut times = Vec::with_capacity(SAMPLES.min(passes * workload.len()));
        for event in (0..passes).flat_map(|_| workload.iter()).take(SAMPLES) {
            let start = Instant::now();
            // A refused event is not in the workload, so the result has no error.
            let _ = std::hint::black_box(matcher.matches(&mut scratch, event));
            times.push(nanoseconds(start));
        }
        let mut clock: Vec<u32> = (0..1001).map(|_| nanoseconds(Instant::now())).collect();
        times.sort_unstable();
        clock.sort_unstable();
        let rank =
            |share: f64| times[((times.len() as f64 * share).ceil() as usize).clamp(1, times.len()) - 1];
        Latency {
            p50: rank(0.5),
            p90: rank(0.9),
            p99: rank(0.99),
            p999: rank(0.999),
            max: rank(1.0),
            clock: clock[clock.len() / 2],
            samples: times.len(),
        }
    }
}

fn nanoseconds(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX)
}
