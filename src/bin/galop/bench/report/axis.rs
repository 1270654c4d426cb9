//! [`Axis`]: from values to places on a line, and the ticks of the line.

/// The scale of one direction of a plot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    is_logarithmic: bool,
}

impl Axis {
    /// Returns a linear axis from zero to a multiple of its ticks that is at least `high`.
    pub(super) fn from_zero(high: f64) -> Axis {
        let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
        let step = step(high / 5.0);
        // A value at the last tick needs no further tick.
        Axis { low: 0.0, high: (high / step - 1e-9).ceil() * step, is_logarithmic: false }
    }

    /// Returns a logarithmic axis. Values of zero or less are at its start.
    pub(super) fn logarithmic(low: f64, high: f64) -> Axis {
        let low = if low.is_finite() && low > 0.0 { low } else { 1.0 };
        let high = if high.is_finite() && high > low { high } else { low };
        // A single value is in the middle.
        let (low, high) = if high > low * 1.0001 { (low, high) } else { (low / 2.0, low * 2.0) };
        Axis { low, high, is_logarithmic: true }
    }

    /// Returns the place of a value, from 0 at the start to 1 at the end.
    pub(super) fn place(&self, value: f64) -> f64 {
        let place = if self.is_logarithmic {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        place.clamp(0.0, 1.0)
    }

    /// Returns two to eleven round values in ascending order.
    pub(super) fn ticks(&self) -> Vec<f64> {
        if !self.is_logarithmic {
            return multiples(self.low, self.high, step((self.high - self.low) / 5.0));
        }
        let powers = |factors: &[f64]| {
            let decades = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
            let values =
                decades.flat_map(|decade| factors.iter().map(move |factor| factor * 10_f64.powi(decade)));
            values.filter(|value| self.contains(*value)).collect::<Vec<_>>()
        };
        let candidates = [powers(&[1.0]), powers(&[1.0, 2.0, 5.0])];
        let enough = candidates.into_iter().find(|ticks| ticks.len() >= 3);
        enough.unwrap_or_else(|| multiples(self.low, self.high, step((self.high - self.low) / 4.0)))
    }

    fn contains(&self, value: f64) -> bool {
        (self.low * (1.0 - 1e-9)..=self.high * (1.0 + 1e-9)).contains(&value)
    }
}

/// Returns the smallest of 1, 2 and 5 times a power of ten that is at least `least`.
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0];
    let factor = factors.into_iter().find(|factor| factor * power >= least * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    let count = ((high / step + 1e-9).floor() - first).clamp(0.0, 20.0) as usize;
    (0..=count).map(|at| (first + at as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::Axis;

    fn rounded(axis: Axis) -> Vec<String> {
        axis.ticks().iter().map(|tick| format!("{tick:.4}").trim_end_matches(['0', '.']).to_owned()).collect()
    }

    #[test]
    fn linear_axis_begins_at_zero() {
        let axis = Axis::from_zero(1.35);
        assert_eq!(rounded(axis), ["", "0.5", "1", "1.5"]);
        assert_eq!([0.0, 0.75, 1.5, 9.0].map(|value| axis.place(value)), [0.0, 0.5, 1.0, 1.0]);
        assert_eq!(Axis::from_zero(2.0).place(2.0), 1.0);
        assert_eq!(Axis::from_zero(0.0).ticks().len(), 6);
    }

    #[test]
    fn logarithmic_axis_has_powers_of_ten() {
        let axis = Axis::logarithmic(1.0, 1e4);
        assert_eq!(axis.ticks().len(), 5);
        assert!((axis.place(100.0) - 0.5).abs() < 1e-12);
        assert_eq!([0.0, -1.0, f64::MAX].map(|value| axis.place(value)), [0.0, 0.0, 1.0]);
        assert_eq!(rounded(Axis::logarithmic(1.0, 20.0)), ["1", "2", "5", "1", "2"]);
        assert_eq!(rounded(Axis::logarithmic(0.95, 1.15)), ["0.95", "1", "1.05", "1.1", "1.15"]);
    }

    #[test]
    fn every_axis_has_ticks_in_its_range() {
        for low in [1e-9, 0.3, 1.0, 7.0, 323.0, 9.9e5] {
            for factor in [1.0, 1.001, 1.3, 4.0, 33.0, 1e3, 1e9] {
                for axis in [Axis::logarithmic(low, low * factor), Axis::from_zero(low * factor)] {
                    let ticks = axis.ticks();
                    assert!((2..=12).contains(&ticks.len()), "{axis:?} {ticks:?}");
                    assert!(ticks.is_sorted_by(|a, b| a < b), "{ticks:?}");
                    let single = Axis::logarithmic(low, low).place(low);
                    assert!((single - 0.5).abs() < 1e-12, "{single}");
                }
            }
        }
    }
}
