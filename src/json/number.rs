//! Numbers: their grammar, and the one form in which they compare.
//!
//! A number is *comparable* if it converts to a finite double and is the decimal that the double prints as: the
//! shortest one that converts to it, with at least two digits where that tells more (`4.9e-324`, not `5e-324`).
//! So every decimal of up to 15 digits in the normal range is comparable, and so are the integers up to 2^53.
//! Comparable numbers compare by value. The others equal only what is spelled alike.

use std::fmt::{self, Write};

/// A number of a pattern: its text and, if it has one, its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Number {
    text: Box<str>,
    value: Option<Comparable>,
}

impl Number {
    /// The number that this text spells, which [`is_valid`] accepts.
    pub(crate) fn new(text: &[u8]) -> Number {
        Number { text: String::from_utf8_lossy(text).into(), value: Comparable::parse(text) }
    }

    /// The text of the number, as the pattern spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The value of the number, if it is comparable: numbers that are not compare by their text alone.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.value.map(Comparable::as_f64)
    }

    pub(crate) fn comparable(&self) -> Option<Comparable> {
        self.value
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The value of a comparable number, as an integer with the same order.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Comparable(u64);

impl Comparable {
    /// The value of a finite double. Both zeros are one.
    pub(crate) fn from_f64(value: f64) -> Comparable {
        let bits = (value + 0.0).to_bits();
        // Negative doubles order by descending bits, positive ones by ascending bits.
        Comparable(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
    }

    /// The two halves of the value, the lower first.
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    pub(crate) fn halves(self) -> (u32, u32) {
        (self.0 as u32, (self.0 >> 32) as u32)
    }

    /// The value of which these are the halves.
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    pub(crate) fn from_halves(lower: u32, upper: u32) -> Comparable {
        Comparable(u64::from(lower) | u64::from(upper) << 32)
    }

    /// The value as an integer: that of a larger number is larger, and those of neighbouring doubles are neighbours.
    pub(crate) fn ordinal(self) -> u64 {
        self.0
    }

    /// The value that this integer is.
    pub(crate) fn from_ordinal(ordinal: u64) -> Comparable {
        Comparable(ordinal)
    }

    pub(crate) fn as_f64(self) -> f64 {
        f64::from_bits(if self.0 >> 63 == 1 { self.0 & !(1 << 63) } else { !self.0 })
    }

    /// The value of the valid number that a text begins with, if it is short: at most 15 digits and no exponent.
    /// Such a number is comparable.
    #[inline]
    pub(crate) fn parse_short(text: &[u8]) -> Option<Comparable> {
        let negative = text.first() == Some(&b'-');
        let (mut mantissa, mut digits, mut places) = (0_u64, 0, 0);
        let mut point = None;
        for &byte in text[usize::from(negative)..].iter().take(17) {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    digits += 1;
                }
                b'.' if point.is_none() => point = Some(digits),
                b'e' | b'E' => return None,
                _ => break,
            }
        }
        if digits > 15 {
            return None;
        }
        if let Some(before) = point {
            places = digits - before;
        }
        // Both operands are exact, so one operation rounds correctly.
        let magnitude = mantissa as f64 / POWERS[places];
        Some(Comparable::from_f64(if negative { -magnitude } else { magnitude }))
    }

    /// The value of a number, unless it is not comparable. The text is one that [`is_valid`] accepts.
    ///
    /// Linear in the length of the text, and free of allocation.
    pub(crate) fn parse(text: &[u8]) -> Option<Comparable> {
        let decimal = Decimal::read(text);
        if decimal.digits == 0 {
            return Some(Comparable::from_f64(0.0));
        }
        // Distinct decimals of at most 15 digits in the normal range convert to distinct doubles, so each of them
        // is the shortest for its own.
        if decimal.digits <= 15 {
            // Both operands are exact, so one operation rounds correctly.
            let magnitude = decimal.mantissa as f64;
            let signed = if decimal.negative { -magnitude } else { magnitude };
            match decimal.exponent {
                power @ 0..=22 => return Some(Comparable::from_f64(signed * POWERS[power as usize])),
                power @ -22..0 => return Some(Comparable::from_f64(signed / POWERS[-power as usize])),
                _ => {}
            }
        }
        let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        if !value.is_finite() || value == 0.0 {
            return None;
        }
        decimal.equals(&printed(value)?).then(|| Comparable::from_f64(value))
    }
}

/// The powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// The decimal that a double prints as.
fn printed(value: f64) -> Option<Buffer> {
    let mut shortest = Buffer::default();
    write!(shortest, "{value:e}").ok()?;
    if Decimal::read(shortest.bytes()).digits == 1 {
        let mut two = Buffer::default();
        write!(two, "{value:.1e}").ok()?;
        if std::str::from_utf8(two.bytes()).ok()?.parse() == Ok(value) {
            return Some(two);
        }
    }
    Some(shortest)
}

/// Text of a double in exponent form, which takes at most 25 bytes.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 32],
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

/// A number read as decimal: its significant digits, without zeros at either end, times a power of ten.
struct Decimal<'a> {
    negative: bool,
    /// How many significant digits there are; none for zero.
    digits: usize,
    /// The significant digits as an integer, right only if there are at most 19.
    mantissa: u64,
    /// The power of ten by which the integer of the significant digits is multiplied.
    exponent: i64,
    /// The text up to the exponent, in which the digits are found again.
    significand: &'a [u8],
}

impl<'a> Decimal<'a> {
    fn read(text: &'a [u8]) -> Decimal<'a> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let end = text.iter().position(|b| matches!(b, b'e' | b'E')).unwrap_or(text.len());
        let (significand, exponent) = (&text[..end], text.get(end + 1..).unwrap_or_default());

        let (mut digits, mut zeros, mut mantissa, mut places) = (0, 0, 0_u64, 0_i64);
        let mut fraction = false;
        for &byte in significand {
            if byte == b'.' {
                fraction = true;
                continue;
            }
            places += i64::from(fraction);
            if byte == b'0' {
                // A zero counts only if another digit stands on either side of it.
                zeros += usize::from(digits > 0);
            } else {
                for _ in 0..zeros.min(20) {
                    mantissa = mantissa.wrapping_mul(10);
                }
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                digits += zeros + 1;
                zeros = 0;
            }
        }
        let power = read_exponent(exponent).saturating_sub(places).saturating_add(zeros as i64);
        Decimal { negative, digits, mantissa, exponent: power, significand }
    }

    /// Whether the printed form of a double with the same sign has the same value.
    fn equals(&self, printed: &Buffer) -> bool {
        let other = Decimal::read(printed.bytes());
        self.digits == other.digits
            && self.exponent == other.exponent
            && self.significant().eq(other.significant())
    }

    fn significant(&self) -> impl Iterator<Item = u8> {
        let digits = self.significand.iter().copied().filter(u8::is_ascii_digit);
        digits.skip_while(|&digit| digit == b'0').take(self.digits)
    }
}

/// The value of an exponent, bounded: beyond these bounds it makes no difference to any text that fits in memory.
fn read_exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let bound = i64::MAX / 4;
    let value = digits.iter().fold(0_i64, |value, &digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(bound)
    });
    if negative { -value } else { value }
}

/// The length of the run of bytes, from the first on, that numbers consist of.
pub(crate) fn run(text: &[u8]) -> usize {
    let inside = |b: &u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    text.iter().position(|b| !inside(b)).unwrap_or(text.len())
}

/// Whether a text is a number as RFC 8259 spells them.
pub(crate) fn is_valid(text: &[u8]) -> bool {
    end(text) == Some(text.len())
}

/// The length of the number that a text begins with, as RFC 8259 spells them.
pub(crate) fn end(text: &[u8]) -> Option<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    // The digits from `at` on, of which there must be one.
    let digits = |at: usize| {
        let mut end = at;
        while let Some(bytes) = text.get(end..end + 8) {
            let count = leading_digits(bytes);
            end += count;
            if count < 8 {
                return (end > at).then_some(end);
            }
        }
        while byte(end).is_ascii_digit() {
            end += 1;
        }
        (end > at).then_some(end)
    };
    let start = usize::from(byte(0) == b'-');
    let mut at = if byte(start) == b'0' { start + 1 } else { digits(start)? };
    if byte(at) == b'.' {
        at = digits(at + 1)?;
    }
    if matches!(byte(at), b'e' | b'E') {
        at = digits(at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-')))?;
    }
    Some(at)
}

/// How many of eight bytes are digits, up to the first that is none.
#[inline(always)]
fn leading_digits(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let (words, _) = bytes.as_chunks::<8>();
    // Digits become 0 to 9, so adding 118 reaches the highest bit of all other bytes below 128, and those from 128 on
    // have it. What is carried into the next byte comes from a byte that is no digit, and stands before it.
    let values = u64::from_le_bytes(words[0]) ^ (ONES * u64::from(b'0'));
    let others = (values.wrapping_add(ONES * 118) | values) & ONES << 7;
    others.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::{Comparable, is_valid};

    fn value(text: &str) -> Option<f64> {
        assert!(is_valid(text.as_bytes()), "{text}");
        Comparable::parse(text.as_bytes()).map(Comparable::as_f64)
    }

    #[test]
    fn grammar() {
        for text in ["0", "-0", "1", "-12", "1.5", "0.0", "1e5", "1E+5", "1.25e-10", "10"] {
            assert!(is_valid(text.as_bytes()), "{text}");
        }
        for text in
            ["", "-", "+1", "01", "-01", ".5", "1.", "1.e5", "1e", "1e+", "1e5.5", "1-2", "--1", "1e5e5"]
        {
            assert!(!is_valid(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn short_numbers_are_read_alike() {
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
            for behind in ["", ",", "}", " ", "]"] {
                if let Some(value) = Comparable::parse_short(format!("{text}{behind}").as_bytes()) {
                    assert_eq!(Some(value), Comparable::parse(text.as_bytes()), "{text}");
                    short += 1;
                }
            }
        }
        assert_eq!(short, 16 * 5);
    }

    #[test]
    fn digits_are_counted() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut bytes = *b"90817263";
                bytes[at] = byte;
                let expected = if byte.is_ascii_digit() { 8 } else { at };
                assert_eq!(super::leading_digits(&bytes), expected, "{byte} {at}");
                bytes[7] = 0xFF;
                assert_eq!(super::leading_digits(&bytes), expected.min(7), "{byte} {at}");
            }
        }
        for length in 1..40 {
            let number = "7".repeat(length);
            assert_eq!(super::end(number.as_bytes()), Some(length));
            assert_eq!(
                super::end(format!("-{number}.{number}e+{number},1").as_bytes()),
                Some(3 * length + 4)
            );
        }
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
    fn numbers_that_no_double_spells_are_not_comparable() {
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
    fn order_is_that_of_the_values() {
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
    fn every_double_is_comparable_as_it_prints() {
        // A walk over the bit patterns of doubles with a stride that reaches every exponent.
        let mut bits = 1_u64;
        while bits < f64::INFINITY.to_bits() {
            let double = f64::from_bits(bits);
            let text = String::from_utf8(super::printed(double).unwrap().bytes().to_vec()).unwrap();
            assert_eq!(value(&text), Some(double), "{text}");
            bits = bits.saturating_add(0x0003_7A5B_9C3D_1E4F);
        }
    }
}
