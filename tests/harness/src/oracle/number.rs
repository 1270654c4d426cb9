//! Section 3.3: numbers.

/// The value `± 0.digits × 10^exponent`, with neither leading nor trailing zeros; zero has no digits.
#[derive(Eq, PartialEq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i128,
}

impl Decimal {
    fn read(literal: &str) -> Decimal {
        let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
        // An exponent that exceeds 128 bits cannot be compensated by any mantissa that fits in
        // memory.
        let far = if exponent.starts_with('-') { -i128::MAX / 2 } else { i128::MAX / 2 };
        let exponent: i128 = exponent.parse().unwrap_or(far);
        let (whole, fraction) = mantissa
            .trim_start_matches('-')
            .split_once('.')
            .unwrap_or((mantissa.trim_start_matches('-'), ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        if digits.is_empty() {
            return Decimal { negative: false, digits: String::new(), exponent: 0 };
        }
        Decimal {
            negative: mantissa.starts_with('-'),
            digits: digits.trim_end_matches('0').to_owned(),
            exponent: exponent + whole.len() as i128 - (all.len() - digits.len()) as i128,
        }
    }
}

/// Returns the double that equals a comparable literal.
pub fn comparable(literal: &str) -> Option<f64> {
    let exact = Decimal::read(literal);
    if exact.digits.is_empty() {
        return Some(0.0);
    }
    // Doubles end near 10^308 and 10^-324.
    if exact.exponent.abs() > 400 {
        return None;
    }
    let sign = if exact.negative { "-" } else { "" };
    let nearest: f64 = format!("{sign}0.{}e{}", exact.digits, exact.exponent).parse().expect("a decimal");
    if nearest.is_infinite() {
        return None;
    }
    let mut shortest = Decimal::read(&format!("{nearest:e}"));
    if shortest.digits.len() == 1 {
        // At least two digits are printed. Only the smallest subnormals change their value:
        // 4.9e-324, not 5e-324.
        shortest = Decimal::read(&format!("{nearest:.1e}"));
    }
    (shortest == exact).then_some(nearest)
}
