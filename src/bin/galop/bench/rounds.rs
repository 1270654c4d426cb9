//! [`Rounds`]: the times of repeated rounds, with their median and spread.
//!
//! A round passes over the workload several times, and takes the first quartile of the times of each part. A part is
//! short, so the operating system interrupts few of the passes over it. The mean of a round would contain the
//! interruptions, and so would the median if other programs take most of the machine.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::events::Workload;

/// The seconds that one event takes, in each round.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Rounds(pub(super) Vec<f64>);

impl Rounds {
    pub(super) fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }

    /// Returns the difference between the quartiles, as a share of the median.
    pub(super) fn spread(&self) -> f64 {
        (quantile(&self.0, 0.75) - quantile(&self.0, 0.25)) / self.median()
    }

    pub(super) fn events_per_second(&self) -> f64 {
        1.0 / self.median()
    }
}

/// Returns a quantile, interpolated between the two nearest values. Returns NaN without values.
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = share * last as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

/// The number of events of a part, which takes 30 microseconds to some milliseconds.
const PART: usize = 128;

/// Calls `each` with every event of the workload, until `length` has passed. Returns the seconds of
/// one event: the sum of the first quartiles of the parts' times, divided by the number of events.
pub(super) fn round(length: Duration, workload: &Workload, mut each: impl FnMut(&[u8])) -> f64 {
    let start = Instant::now();
    let parts = (workload.len() / PART).max(1);
    // A short workload is repeated, because the clock does not measure a single event well.
    let repeats = PART.div_ceil(workload.len());
    let mut times = vec![Vec::new(); parts];
    while times[0].is_empty() || start.elapsed() < length {
        for (part, times) in times.iter_mut().enumerate() {
            let begin = Instant::now();
            (0..repeats).for_each(|_| workload.part(part, parts).for_each(&mut each));
            times.push(begin.elapsed().as_secs_f64());
        }
    }
    let sum: f64 = times.iter().map(|times| quantile(times, 0.25)).sum();
    sum / (workload.len() * repeats) as f64
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;
    use std::time::Duration;

    use super::{PART, Rounds, quantile, round};
    use crate::bench::events::Workload;

    #[test]
    fn quantiles_are_interpolated() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.5, 1.0].map(|share| quantile(&values, share)), [1.0, 2.5, 4.0]);
        assert_eq!(quantile(&[7.0], 0.25), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
        let rounds = Rounds(vec![1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!((rounds.spread() - 2.0 / 3.0).abs() < 1e-12 && rounds.events_per_second() == 1.0 / 3.0);
    }

    #[test]
    fn interruption_of_a_round_does_not_count() {
        for events in [1, 3 * PART] {
            let workload = Workload::of((0..events).map(|_| "{}"));
            let mut calls = 0;
            // Other programs can take most of the time of the round.
            let seconds = round(Duration::from_millis(400), &workload, |_| {
                calls += 1;
                if calls == 2 * PART {
                    sleep(Duration::from_millis(40));
                }
            });
            assert!(calls >= 5 * PART && seconds > 0.0 && seconds < 0.02 / PART as f64, "{calls} {seconds}");
        }
    }
}
