//! [`Rounds`]: the times of repeated rounds, with their median and spread.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

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

/// Repeats `pass`, which matches `events` events, until a round takes `length`. Returns the seconds
/// of one event.
pub(super) fn round(length: Duration, events: usize, mut pass: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut passes = 0;
    loop {
        pass();
        passes += 1;
        let elapsed = start.elapsed();
        if elapsed >= length {
            return elapsed.as_secs_f64() / (passes as f64 * events as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Rounds, quantile};

    #[test]
    fn quantiles_are_interpolated() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.5, 1.0].map(|share| quantile(&values, share)), [1.0, 2.5, 4.0]);
        assert_eq!(quantile(&[7.0], 0.25), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
        let rounds = Rounds(vec![1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!((rounds.spread() - 2.0 / 3.0).abs() < 1e-12 && rounds.events_per_second() == 1.0 / 3.0);
    }
}
