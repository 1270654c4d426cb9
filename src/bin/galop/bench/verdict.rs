//! [`Verdict`]: whether two series of rounds differ by more than their noise.

use serde::Serialize;

use super::measure::Speed;
use super::rounds::quantile;

/// A smaller difference is never reported: the layout of code and memory changes the time as much.
const LEAST: f64 = 0.04;

/// The time of one rule set as a ratio to the time of another.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Verdict {
    /// The median time of this set, divided by the median time of the other.
    pub(super) ratio: f64,
    /// The range of the ratio between the quartiles of both series.
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) verdict: Difference,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Difference {
    Faster,
    Slower,
    /// The difference is within the noise.
    None,
}

impl Verdict {
    /// Compares rounds that were measured in turn: the rounds of a pair had the same conditions.
    pub(super) fn of_pairs(this: &[f64], other: &[f64]) -> Verdict {
        let ratios: Vec<f64> = this.iter().zip(other).map(|(this, other)| this / other).collect();
        Verdict::new(quantile(&ratios, 0.5), quantile(&ratios, 0.25), quantile(&ratios, 0.75))
    }

    /// Compares two runs, each in units of its yardstick.
    pub(super) fn of_runs(this: &Speed, other: &Speed) -> Verdict {
        let units = |speed: &Speed| -> Vec<f64> {
            speed.one_thread.0.iter().zip(&speed.yardstick.0).map(|(time, unit)| time / unit).collect()
        };
        let (this, other) = (units(this), units(other));
        let at = |this_share, other_share| quantile(&this, this_share) / quantile(&other, other_share);
        Verdict::new(at(0.5, 0.5), at(0.25, 0.75), at(0.75, 0.25))
    }

    fn new(ratio: f64, low: f64, high: f64) -> Verdict {
        let verdict = if low > 1.0 && ratio > 1.0 + LEAST {
            Difference::Slower
        } else if high < 1.0 && ratio < 1.0 - LEAST {
            Difference::Faster
        } else {
            Difference::None
        };
        Verdict { ratio, low, high, verdict }
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, Verdict};

    fn noisy(scale: f64, noise: f64) -> Vec<f64> {
        (0..11).map(|i| scale * (1.0 + noise * f64::from(i * 7 % 11 - 5) / 5.0)).collect()
    }

    #[test]
    fn difference_within_the_noise_is_none() {
        let of = |this: Vec<f64>, other: Vec<f64>| Verdict::of_pairs(&this, &other).verdict;
        assert_eq!(of(noisy(1.0, 0.1), noisy(1.0, 0.1)), Difference::None);
        assert_eq!(of(noisy(1.02, 0.0), noisy(1.0, 0.0)), Difference::None);
        assert_eq!(
            of(noisy(1.05, 0.0), vec![0.5, 2.0, 1.5, 0.7, 1.2, 0.6, 1.4, 0.9, 2.0, 0.4, 1.0]),
            Difference::None
        );
    }

    #[test]
    fn difference_beyond_the_noise_is_reported() {
        let of = |this: Vec<f64>, other: Vec<f64>| Verdict::of_pairs(&this, &other).verdict;
        assert_eq!(of(noisy(1.1, 0.02), noisy(1.0, 0.02)), Difference::Slower);
        assert_eq!(of(noisy(0.9, 0.02), noisy(1.0, 0.0)), Difference::Faster);
    }
}
