//! Percentiles of the time that one event takes.

use std::time::Instant;

use galop::{Matcher, Scratch};
use serde::{Deserialize, Serialize};

use super::events::Workload;

/// The maximum number of measured events, which take four bytes each.
const SAMPLES: usize = 1 << 22;

/// The time of one event in nanoseconds. The time of reading the clock is included and given.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Latency {
    pub(super) p50: u32,
    pub(super) p90: u32,
    pub(super) p99: u32,
    pub(super) p999: u32,
    pub(super) max: u32,
    /// The median time between two readings of the clock.
    pub(super) clock: u32,
    pub(super) samples: usize,
    /// The distribution: the intervals that have events, in ascending order.
    pub(super) histogram: Vec<Interval>,
}

/// Times from `from` nanoseconds to below `to`. There are [`INTERVALS`] for each doubling.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Interval {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) events: usize,
}

/// An interval is narrow enough to show two kinds of events that differ by a tenth.
const INTERVALS: f64 = 8.0;

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
            histogram: histogram(&times),
        }
    }
}

/// Counts sorted times in intervals. A clock of coarse resolution returns zero, which counts as one nanosecond.
fn histogram(times: &[u32]) -> Vec<Interval> {
    let number = |time: u32| (f64::from(time.max(1)).log2() * INTERVALS).floor();
    let interval = |times: &[u32]| {
        let number = number(times[0]);
        let [from, to] = [number, number + 1.0].map(|number| (number / INTERVALS).exp2());
        Interval { from, to, events: times.len() }
    };
    times.chunk_by(|a, b| number(*a) == number(*b)).map(interval).collect()
}

fn nanoseconds(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::histogram;

    #[test]
    fn intervals_contain_their_times() {
        let times = [0, 1, 7, 8, 8, 1000, 1001, 4_000_000_000];
        let intervals = histogram(&times);
        let counts: Vec<usize> = intervals.iter().map(|interval| interval.events).collect();
        assert_eq!(counts, [2, 1, 2, 2, 1]);
        assert!(intervals.windows(2).all(|pair| pair[0].to <= pair[1].from));
        for (interval, time) in intervals.iter().zip([1.0, 7.0, 8.0, 1000.0, 4e9]) {
            assert!(interval.from <= time && time < interval.to, "{interval:?} {time}");
            assert!((interval.to / interval.from - 2_f64.powf(0.125)).abs() < 1e-9);
        }
    }
}
