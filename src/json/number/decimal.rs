//! Decimals: the digits and the exponent of a number.

use super::digits::{ONES, digits_of};

/// A number with at most 19 digits and no exponent: an integer and a number of decimal places.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Plain {
    pub(super) negative: bool,
    /// All digits as an integer.
    pub(super) mantissa: u64,
    /// The number of digits after the point.
    pub(super) places: usize,
    /// The length of the text in bytes.
    length: usize,
}

impl Plain {
    /// The largest number of digits. Every integer with 19 digits fits in 64 bits.
    const DIGITS: usize = 19;

    /// Returns the valid number at the start of a text, if it is plain.
    #[inline]
    pub(super) fn read(text: &[u8]) -> Option<Plain> {
        let negative = text.first() == Some(&b'-');
        let start = usize::from(negative);
        let (mut mantissa, whole) = digits(text.get(start..)?, 0);
        let (mut length, mut places) = (start + whole, 0);
        if text.get(length) == Some(&b'.') {
            (mantissa, places) = digits(&text[length + 1..], mantissa);
            length += 1 + places;
        }
        let is_plain = whole + places <= Plain::DIGITS && !matches!(text.get(length), Some(b'e' | b'E'));
        is_plain.then_some(Plain { negative, mantissa, places, length })
    }
}

/// Appends the leading digits of a text to an integer. Returns the integer and the number of
/// digits. The integer is correct if it fits in 64 bits.
#[inline]
fn digits(text: &[u8], mut integer: u64) -> (u64, usize) {
    const POWERS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    let (words, _) = text.as_chunks::<8>();
    let mut count = 0;
    for word in words {
        let values = u64::from_le_bytes(*word) ^ (ONES * u64::from(b'0'));
        let leading = digits_of(values);
        if leading == 0 {
            return (integer, count);
        }
        // The shift removes the bytes after the digits, and leading zeros do not change the value.
        let value = eight(values << (64 - 8 * leading));
        integer = integer.wrapping_mul(POWERS[leading]).wrapping_add(value);
        count += leading;
        if leading < 8 {
            return (integer, count);
        }
    }
    for &byte in &text[count..] {
        if !byte.is_ascii_digit() {
            break;
        }
        integer = integer.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        count += 1;
    }
    (integer, count)
}

/// Returns the integer of eight digits, the first in the lowest byte. Pairs of digits are combined
/// first, then pairs of pairs.
#[inline]
fn eight(values: u64) -> u64 {
    let pairs = (values * 10 + (values >> 8)) & 0x00FF_00FF_00FF_00FF;
    let quads = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    (quads * 10_000 + (quads >> 32)) & 0xFFFF_FFFF
}

/// A number as an integer, which does not end with a zero, times a power of ten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// The integer. It is `u64::MAX` if it does not fit in 64 bits, and zero for zero.
    pub(super) mantissa: u64,
    pub(super) exponent: i64,
}

impl Decimal {
    /// Returns the decimal of a valid text.
    pub(super) fn read(text: &[u8]) -> Decimal {
        let decimal = match Plain::read(text) {
            Some(Plain { negative, mantissa, places, length }) if length == text.len() => {
                Decimal { negative, mantissa, exponent: -(places as i64) }
            }
            _ => Decimal::read_any(text),
        };
        decimal.without_zeros()
    }

    /// Reads a number of any length, one digit at a time.
    #[cold]
    fn read_any(text: &[u8]) -> Decimal {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let end = text.iter().position(|b| matches!(b, b'e' | b'E')).unwrap_or(text.len());
        let (significand, exponent) = (&text[..end], text.get(end + 1..).unwrap_or_default());
        let (mut zeros, mut mantissa, mut places) = (0_usize, 0_u64, 0_i64);
        let mut fraction = false;
        for &byte in significand {
            if byte == b'.' {
                fraction = true;
                continue;
            }
            places += i64::from(fraction);
            if byte == b'0' {
                // A zero is significant only if there are other digits before and after it.
                zeros += usize::from(mantissa > 0);
            } else {
                for _ in 0..zeros.min(Plain::DIGITS + 1) {
                    mantissa = mantissa.saturating_mul(10);
                }
                mantissa = mantissa.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                zeros = 0;
            }
        }
        let power = read_exponent(exponent).saturating_sub(places).saturating_add(zeros as i64);
        Decimal { negative, mantissa, exponent: power }
    }

    fn without_zeros(mut self) -> Decimal {
        while self.mantissa > 0 && self.mantissa.is_multiple_of(10) {
            self.mantissa /= 10;
            self.exponent += 1;
        }
        self
    }
}

/// Returns the value of an exponent, limited to a range. No text that fits in memory can tell the
/// values outside the range apart.
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

#[cfg(test)]
mod tests {
    use super::{Decimal, Plain};

    #[test]
    fn plain_read_equals_read_any() {
        let mut plain = 0;
        for whole in
            ["0", "7", "10", "1234567", "12345678", "123456789", "9007199254740993", "9999999999999999999"]
        {
            for places in ["", ".0", ".5", ".050", ".1234567", ".12345678", ".98765432109", ".000000000001"] {
                for sign in ["", "-"] {
                    let number = format!("{sign}{whole}{places}");
                    let expected = Decimal::read_any(number.as_bytes()).without_zeros();
                    for suffix in ["", ",", "}", "]\"", " 12345678", ",\"1234567\":0"] {
                        let text = format!("{number}{suffix}");
                        let Some(read) = Plain::read(text.as_bytes()) else { continue };
                        let Plain { negative, mantissa, places, length } = read;
                        let decimal = Decimal { negative, mantissa, exponent: -(places as i64) };
                        assert_eq!((decimal.without_zeros(), length), (expected, number.len()), "{text}");
                        plain += 1;
                    }
                }
            }
        }
        assert!(plain > 500, "{plain}");
    }

    #[test]
    fn mantissas_above_64_bits_are_the_largest_integer() {
        for text in
            ["123456789012345678901234567890", "1000000000000000000000000000001", "0.12345678901234567890123"]
        {
            assert_eq!(Decimal::read(text.as_bytes()).mantissa, u64::MAX, "{text}");
        }
    }
}
