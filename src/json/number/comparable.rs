//! [`Comparable`]: the form in which numbers are compared.

use std::fmt::{self, Write};

use super::decimal::{Decimal, Plain};

/// The value of a comparable number, as an integer with the same order.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Comparable(u64);

impl Comparable {
    /// Returns the value of a finite double. Both zeros have the same value.
    pub(crate) fn from_f64(value: f64) -> Comparable {
        let bits = (value + 0.0).to_bits();
        // Negative doubles order by descending bits, positive ones by ascending bits.
        Comparable(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
    }

    /// Returns the value as an integer. The integers have the order of the values, and neighbouring
    /// doubles have neighbouring integers.
    pub(crate) fn ordinal(self) -> u64 {
        self.0
    }

    /// Returns the value with this ordinal.
    pub(crate) fn from_ordinal(ordinal: u64) -> Comparable {
        Comparable(ordinal)
    }

    pub(crate) fn as_f64(self) -> f64 {
        f64::from_bits(if self.0 >> 63 == 1 { self.0 & !(1 << 63) } else { !self.0 })
    }

    /// Returns the value of the valid number at the start of a text, if the number is short. A
    /// short number has no exponent and a mantissa below 10^15. Every short number is comparable.
    #[inline]
    pub(crate) fn parse_short(text: &[u8]) -> Option<Comparable> {
        let plain = Plain::read(text)?;
        // Both operands are exact, so one operation rounds correctly.
        (plain.mantissa < MOST_EXACT)
            .then(|| Comparable::signed(plain.negative, plain.mantissa as f64 / POWERS[plain.places]))
    }

    #[inline]
    fn signed(negative: bool, magnitude: f64) -> Comparable {
        Comparable::from_f64(if negative { -magnitude } else { magnitude })
    }

    /// Returns the value of a number if it is comparable. [`is_valid`](super::is_valid) must accept
    /// the text.
    ///
    /// The time is linear in the length of the text. The function does not allocate.
    pub(crate) fn parse(text: &[u8]) -> Option<Comparable> {
        let decimal = Decimal::read(text);
        if decimal.mantissa == 0 {
            return Some(Comparable::from_f64(0.0));
        }
        // Distinct decimals of at most 15 digits in the normal range convert to distinct doubles.
        // Each of them is therefore the shortest decimal of its double.
        if decimal.mantissa < MOST_EXACT {
            let mantissa = decimal.mantissa as f64;
            match decimal.exponent {
                power @ 0..=22 => {
                    return Some(Comparable::signed(decimal.negative, mantissa * POWERS[power as usize]));
                }
                power @ -22..0 => {
                    return Some(Comparable::signed(decimal.negative, mantissa / POWERS[-power as usize]));
                }
                _ => {}
            }
        }
        // Doubles print with at most 17 digits.
        if decimal.mantissa > MOST_PRINTED {
            return None;
        }
        let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        if !value.is_finite() || value == 0.0 {
            return None;
        }
        (decimal == printed(value)).then(|| Comparable::from_f64(value))
    }
}

/// The least integer of 16 digits.
const MOST_EXACT: u64 = 1_000_000_000_000_000;

/// The largest integer of 17 digits.
const MOST_PRINTED: u64 = 99_999_999_999_999_999;

/// Returns the decimal that a double prints as.
fn printed(value: f64) -> Decimal {
    let shortest = Decimal::read(zmij::Buffer::new().format_finite(value).as_bytes());
    if shortest.mantissa < 10 {
        // A decimal with two digits may be nearer. Few doubles print with one digit, so the slow
        // path is rare.
        let mut two = Buffer::default();
        if write!(two, "{value:.1e}").is_ok()
            && std::str::from_utf8(two.bytes()).is_ok_and(|two| two.parse() == Ok(value))
        {
            return Decimal::read(two.bytes());
        }
    }
    shortest
}

/// The text of a double in exponent form with two digits. The text has at most nine bytes.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 16],
    length: usize,
}

impl Buffer {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// The powers of ten that a double represents exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

#[cfg(test)]
mod tests {
    use super::{Comparable, printed};

    fn value(text: &str) -> Option<f64> {
        assert!(crate::json::number::is_valid(text.as_bytes()), "{text}");
        Comparable::parse(text.as_bytes()).map(Comparable::as_f64)
    }

    #[test]
    fn short_parse_equals_parse() {
        let mut short = 0;
        for text in [
            "0",
            "-0",
            "1",
            "-12",
            "300",
            "0.5",
            "-0.050",
            "123456789012345",
            "1234567890123456",
            "0.123456789012345",
            "12345678.1234567",
            "1234567.12345678901",
            "-999999999999999",
            "0.00000000000001",
            "1e5",
            "1.5E3",
            "10.0e1",
            "9007199254740993",
            "000",
            "4.35",
            "0.1",
            "2.675",
            "-122.449564008911",
            "37.738985940464005",
        ] {
            for suffix in ["", ",", "}", " ", "]"] {
                if let Some(value) = Comparable::parse_short(format!("{text}{suffix}").as_bytes()) {
                    assert_eq!(Some(value), Comparable::parse(text.as_bytes()), "{text}");
                    short += 1;
                }
            }
        }
        assert_eq!(short, 17 * 5);
    }

    #[test]
    fn spellings_of_one_value_are_equal() {
        for group in [
            &["300", "3e2", "300.000", "3.0E2", "0.3e3", "30000e-2"][..],
            &["0", "-0", "0.0", "0e400", "-0.000e-999999999999999999999"],
            &["9007199254740992", "9007199254740992.0", "9007199254740.992e3"],
            &["1.7976931348623157e308"],
            &["4.9e-324", "0.49e-323"],
            &["2e23", "200000000000000000000000"],
            &["1e22", "10000000000000000000000"],
            &["1e-7", "0.0000001"],
        ] {
            let first = value(group[0]);
            assert!(first.is_some(), "{}", group[0]);
            for text in group {
                assert_eq!(value(text), first, "{text}");
            }
        }
        let long = format!("1{}e-400", "0".repeat(400));
        assert_eq!(value(&long), Some(1.0));
    }

    #[test]
    fn decimals_that_no_double_prints_as_are_not_comparable() {
        for text in [
            "9007199254740993",
            "12345678901234567890",
            "1152921504606846976",
            "1e400",
            "-1e400",
            "1e-400",
            "0.1234567890123456789",
            "0.10000000000000000555",
            "5e-324",
            "1e-323",
            "1.7976931348623158e308",
            "1e99999999999999999999",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
        assert_eq!(value("1152921504606847000"), Some(1152921504606847000.0));
        assert_eq!(value("9.9e-324"), Some(1e-323));
        assert_eq!(value("0.10000000000000002"), Some(0.10000000000000002));
    }

    #[test]
    fn order_equals_order_of_values() {
        let ascending = [
            "-1.7976931348623157e308",
            "-5e9",
            "-1",
            "-0.5",
            "-4.9e-324",
            "0",
            "4.9e-324",
            "1e-300",
            "0.1",
            "0.10000000000000002",
            "1",
            "9007199254740992",
            "1e300",
            "1.7976931348623157e308",
        ];
        let values: Vec<_> =
            ascending.iter().map(|text| Comparable::parse(text.as_bytes()).unwrap()).collect();
        assert!(values.is_sorted_by(|a, b| a < b));
        for (value, text) in values.iter().zip(ascending) {
            assert_eq!(value.as_f64(), text.parse::<f64>().unwrap());
        }
    }

    #[test]
    fn every_printed_double_is_comparable() {
        // Visits bit patterns of doubles with a stride that reaches every exponent.
        let mut bits = 1_u64;
        while bits < f64::INFINITY.to_bits() {
            let double = f64::from_bits(bits);
            let decimal = printed(double);
            let text = format!("{}e{}", decimal.mantissa, decimal.exponent);
            assert_eq!(value(&text), Some(double), "{text}");
            bits = bits.saturating_add(0x0003_7A5B_9C3D_1E4F << if cfg!(miri) { 6 } else { 0 });
        }
    }
}
