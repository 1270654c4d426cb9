//! Numbers near a number, in a short spelling.

/// Returns the number in the shortest spelling without needless digits.
pub(super) fn spelled(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1e-7..1e21).contains(&magnitude) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// Returns the nearest readable number above, and then nearer ones: one more in the last place of the
/// decimal, and the next double.
pub(super) fn above(value: f64) -> Vec<String> {
    near(value, 1.0, value.next_up())
}

/// Returns the nearest readable number below, and then nearer ones.
pub(super) fn below(value: f64) -> Vec<String> {
    near(value, -1.0, value.next_down())
}

fn near(value: f64, step: f64, next: f64) -> Vec<String> {
    let text = spelled(value);
    let places = match text.split_once('.') {
        Some((_, places)) if !text.contains('e') => places.len() as i32,
        _ => 0,
    };
    let scale = 10_f64.powi(places);
    let readable = ((value * scale).round() + step) / scale;
    [readable, value + step, value + value.abs() * step / 2.0, next]
        .into_iter()
        .filter(|number| number.is_finite())
        .map(spelled)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{above, below, spelled};

    #[test]
    fn nearest_number_is_one_in_the_last_place() {
        assert_eq!(above(5.0)[0], "6");
        assert_eq!(below(0.0)[0], "-1");
        assert_eq!(above(0.25)[0], "0.26");
        assert_eq!(below(-1.5)[0], "-1.6");
        assert_eq!(above(1e300).last().map(String::as_str), Some("1.0000000000000002e300"));
        assert!(above(f64::MAX).iter().all(|number| number.parse::<f64>().is_ok_and(f64::is_finite)));
    }

    #[test]
    fn spelling_is_short() {
        assert_eq!(spelled(-0.0), "0");
        assert_eq!(spelled(1e300), "1e300");
        assert_eq!(spelled(100_000.0), "100000");
        assert_eq!(spelled(0.5), "0.5");
    }
}
