//! Numbers with their units, for a page.

use crate::bench::units;

/// Returns a number of seconds with three digits and its unit.
pub(super) fn time(seconds: f64) -> String {
    // The space does not end a line.
    units::time(seconds).replace("us", "µs").replace(' ', "\u{a0}")
}

pub(super) fn nanoseconds(count: f64) -> String {
    time(count / 1e9)
}

/// Returns a number of bytes with three digits and its unit.
pub(super) fn size(bytes: usize) -> String {
    units::size(bytes).replace(' ', "\u{a0}")
}

/// Returns the time of a tick, which has few digits.
pub(super) fn tick_time(seconds: f64) -> String {
    if seconds == 0.0 {
        return "0".to_owned();
    }
    // A hair more, because a tick such as 1e-6 can be a little less than a microsecond.
    let (number, unit) = split(&time(seconds * (1.0 + 1e-9)));
    let number =
        if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { &number };
    format!("{number}\u{a0}{unit}")
}

fn split(text: &str) -> (String, String) {
    let (number, unit) = text.split_once('\u{a0}').unwrap_or((text, ""));
    (number.to_owned(), unit.to_owned())
}

/// Returns a count in few characters, for a tick.
pub(super) fn tick_count(count: f64) -> String {
    let (value, unit) = match count {
        count if count >= 1e6 => (count / 1e6, "M"),
        count if count >= 1e4 => (count / 1e3, "k"),
        count => (count, ""),
    };
    let text = format!("{value:.2}");
    format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", share * 100.0)
}

/// Returns the percentage of a tick, which has few digits.
pub(super) fn tick_percent(share: f64) -> String {
    let text = format!("{:.6}", share * 100.0);
    format!("{}\u{a0}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::{nanoseconds, tick_count, tick_percent, tick_time};

    #[test]
    fn ticks_have_few_digits() {
        assert_eq!(
            [0.0, 1e-7, 5e-7, 1e-6, 2.5e-3].map(tick_time),
            ["0", "100\u{a0}ns", "500\u{a0}ns", "1\u{a0}µs", "2.5\u{a0}ms"]
        );
        assert_eq!([1.0, 1000.0, 2e4, 1e6].map(tick_count), ["1", "1000", "20k", "1M"]);
        assert_eq!([1.0, 0.1, 1e-6].map(tick_percent), ["100\u{a0}%", "10\u{a0}%", "0.0001\u{a0}%"]);
        assert_eq!(nanoseconds(1500.0), "1.50\u{a0}µs");
    }
}
