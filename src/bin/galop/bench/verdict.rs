//! [`Verdict`]: whether two series of rounds differ by more than their noise.

use serde::Serialize;

use super::measure::Speed;
use super::rounds::quantile;

/// The standard deviation of a run that its rounds do not show: they share the layout of code and memory, and the
/// programs that run beside them. Runs under load differ by about as much (benches/EXPERIMENTS.md; `benches/verdict.py`
/// measures how often the verdict is right). A greater value would miss a slowdown of a tenth.
const LAYOUT: f64 = 0.015;

/// Half the width of a range in standard deviations. Unchanged rules leave it once in 80 comparisons,
/// if the noise is normal.
const WIDTH: f64 = 2.5;

/// The time of one rule set as a ratio to the time of another.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Verdict {
    /// The median time of this set, divided by the median time of the other.
    pub(super) ratio: f64,
    /// The range in which the noise puts the ratio.
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
        let ratios = Median::of(this.iter().zip(other).map(|(this, other)| this / other));
        Verdict::new(ratios.logarithm, &[ratios.error, LAYOUT, LAYOUT])
    }

    /// Compares two runs, each in units of its yardstick.
    pub(super) fn of_runs(this: &Speed, other: &Speed) -> Verdict {
        let units = |speed: &Speed| {
            Median::of(speed.one_thread.0.iter().zip(&speed.yardstick.0).map(|(time, unit)| time / unit))
        };
        let (this, other) = (units(this), units(other));
        Verdict::new(this.logarithm - other.logarithm, &[this.error, other.error, LAYOUT, LAYOUT])
    }

    /// Returns the verdict on the logarithm of a ratio, with the standard deviations of its independent errors.
    fn new(logarithm: f64, errors: &[f64]) -> Verdict {
        let width = WIDTH * errors.iter().map(|error| error * error).sum::<f64>().sqrt();
        let [low, high] = [logarithm - width, logarithm + width].map(f64::exp);
        let verdict = if low > 1.0 {
            Difference::Slower
        } else if high < 1.0 {
            Difference::Faster
        } else {
            Difference::None
        };
        Verdict { ratio: logarithm.exp(), low, high, verdict }
    }
}

/// The median of a series.
struct Median {
    logarithm: f64,
    /// The standard deviation of the logarithm.
    error: f64,
}

impl Median {
    fn of(values: impl Iterator<Item = f64>) -> Median {
        let logarithms: Vec<f64> = values.map(f64::ln).collect();
        let logarithm = quantile(&logarithms, 0.5);
        let deviations: Vec<f64> = logarithms.iter().map(|value| (value - logarithm).abs()).collect();
        // In a normal distribution, the median deviation is 0.6745 standard deviations. A median
        // has 1.2533 times the standard deviation of a mean.
        let deviation = quantile(&deviations, 0.5) / 0.6745;
        Median { logarithm, error: 1.2533 * deviation / (deviations.len() as f64).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, LAYOUT, Median, Verdict};

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

    /// Normal numbers, each the sum of twelve uniform ones (xorshift, Marsaglia 2003).
    struct Normal(u64);

    impl Normal {
        fn next(&mut self) -> f64 {
            let uniform = |_| {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                self.0 as f64 / u64::MAX as f64
            };
            (0..12).map(uniform).sum::<f64>() - 6.0
        }

        /// Returns the rounds of a run with its own layout. Other programs disturb every fifth round.
        fn run(&mut self, time: f64) -> Median {
            let layout = 1.0 + LAYOUT * self.next();
            Median::of((0..10).map(|round| {
                let disturbed = if round % 5 == 0 { 1.6 } else { 1.0 };
                time * layout * disturbed * (1.0 + 0.01 * self.next())
            }))
        }
    }

    #[test]
    fn unchanged_runs_agree_and_a_tenth_is_found() {
        let mut normal = Normal(1);
        let mut differences = |time: f64| {
            let mut verdict = || {
                let (this, other) = (normal.run(time), normal.run(1.0));
                let errors = [this.error, other.error, LAYOUT, LAYOUT];
                Verdict::new(this.logarithm - other.logarithm, &errors).verdict
            };
            (0..1000).filter(|_| verdict() != Difference::None).count()
        };
        let (unchanged, slower) = (differences(1.0), differences(1.1));
        assert!(unchanged <= 20 && slower >= 900, "{unchanged} {slower}");
    }
}
