//! Numbers with their units, for people.

use std::fmt::Display;

/// Returns a number with commas between groups of three digits.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a number of seconds with three digits and its unit.
pub(super) fn time(seconds: f64) -> String {
    scaled(seconds, &[(1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")])
}

/// Returns a number of bytes with three digits and its unit.
pub(super) fn size(bytes: usize) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    scaled(bytes as f64, &[(1e9, "GB"), (1e6, "MB"), (1e3, "kB")])
}

fn scaled(value: f64, units: &[(f64, impl Display)]) -> String {
    let unit = units.iter().find(|(unit, _)| value >= *unit).or(units.last());
    let Some((unit, name)) = unit else { return value.to_string() };
    let value = value / unit;
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$} {name}")
}

#[cfg(test)]
mod tests {
    use super::{grouped, size, time};

    #[test]
    fn figures_have_units() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0, 999, 1000, 12_345, 1_234_567].map(size),
            ["0 B", "999 B", "1.00 kB", "12.3 kB", "1.23 MB"]
        );
        assert_eq!(
            [2.5, 0.0125, 1.5e-6, 230e-9, 0.0].map(time),
            ["2.50 s", "12.5 ms", "1.50 us", "230 ns", "0.00 ns"]
        );
    }
}
