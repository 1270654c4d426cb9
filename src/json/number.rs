//! Numbers: their grammar, and the form in which they are compared.
//!
//! A number is *comparable* if it converts to a finite double and is the decimal that the double
//! prints as. The printed decimal is the shortest one that converts to the double. It has two
//! digits if two digits are more exact than one (`4.9e-324`, not `5e-324`).
//!
//! Every decimal of up to 15 digits in the normal range is comparable, and so is every integer up
//! to 2^53. Comparable numbers are compared by value. Any other number equals only numbers with the
//! same spelling.

mod comparable;
mod decimal;
mod digits;

use std::fmt;

use digits::{ONES, digits_of};

pub(crate) use comparable::Comparable;

/// A number of a pattern: its text, and its value if the number is comparable.
///
/// Numbers are ordered by their texts.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Number {
    text: Box<str>,
    value: Option<Comparable>,
}

impl Number {
    /// Returns the number with the spelling `text`, which [`is_valid`] must accept.
    pub(crate) fn new(text: &[u8]) -> Number {
        Number { text: String::from_utf8_lossy(text).into(), value: Comparable::parse(text) }
    }

    /// Returns the text of the number, as the pattern spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the value of the number if the number is comparable. Other numbers are compared by
    /// their text alone.
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

/// Returns the number of leading bytes that can occur in a number.
pub(crate) fn run(text: &[u8]) -> usize {
    let inside = |b: &u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    text.iter().position(|b| !inside(b)).unwrap_or(text.len())
}

/// Returns true if a text is a number in the grammar of RFC 8259.
pub(crate) fn is_valid(text: &[u8]) -> bool {
    end(text) == Some(text.len())
}

/// Returns the length of the number at the start of a text, in the grammar of RFC 8259.
pub(crate) fn end(text: &[u8]) -> Option<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    // Returns the end of the digits from `at` on, if there is at least one digit.
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

/// Returns the same length as [`end`] if it is less than 32 and the number has no exponent.
///
/// `digits` has one bit for each of the first 32 bytes, which is set if the byte is a digit. The
/// function has no loop and few branches, because the parts of a number are hard for branch
/// prediction.
#[inline(always)]
pub(crate) fn short_end(text: &[u8; 36], digits: u32) -> Option<usize> {
    let sign = u32::from(text[0] == b'-');
    let point = sign + (!digits >> sign).trailing_zeros();
    let has_point = text[point as usize % 32] == b'.';
    let fraction = (u64::from(!digits) | 1 << 32) >> (point + 1).min(32);
    let fraction_digits = fraction.trailing_zeros();
    let end = if has_point { point + 1 + fraction_digits } else { point };
    let is_valid = point > sign
        && !(text[sign as usize] == b'0' && point > sign + 1)
        && !(has_point && fraction_digits == 0)
        && end < 32
        && text[end as usize % 32] | 0x20 != b'e';
    is_valid.then_some(end as usize)
}

/// Returns the length of the number, `true`, `false` or `null` at the start of a text.
#[inline(always)]
pub(crate) fn scalar_end(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'-' | b'0'..=b'9' => end(text),
        b't' if text.starts_with(b"true") => Some(4),
        b'f' if text.starts_with(b"false") => Some(5),
        b'n' if text.starts_with(b"null") => Some(4),
        _ => None,
    }
}

/// Returns the number of digits before the first byte that is not a digit.
#[inline(always)]
fn leading_digits(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    digits_of(u64::from_le_bytes(words[0]) ^ (ONES * u64::from(b'0')))
}

#[cfg(test)]
mod tests {
    use super::{Number, is_valid};

    #[test]
    fn numbers_follow_the_grammar() {
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
    fn short_end_equals_end() {
        // Every text of up to `most` of these characters, followed by each of some others.
        let most = if cfg!(miri) { 3 } else { 6 };
        let mut texts = vec![String::new()];
        let mut at = 0;
        while at < texts.len() {
            if texts[at].len() < most {
                let longer: Vec<String> =
                    ["0", "7", "-", ".", "e"].iter().map(|more| texts[at].clone() + more).collect();
                texts.extend(longer);
            }
            at += 1;
        }
        // Numbers whose length is near the 32 bytes that `short_end` reads.
        texts.extend((1..40).flat_map(|digits| {
            let digits = "8".repeat(digits);
            [format!("-{digits}"), format!("1.{digits}"), format!("{digits}.{digits}"), digits]
        }));
        let mut seen = 0;
        for text in texts {
            for suffix in [",", "}", "]", " ", "e", "E5", "x", "\"", "\n"] {
                let text = format!("{text}{suffix}{}", "5".repeat(40));
                let text: [u8; 36] = *text.as_bytes().first_chunk().expect("it is long enough");
                let digits = (0..32).filter(|&at| text[at].is_ascii_digit()).map(|at| 1 << at).sum();
                let end = super::end(&text);
                let short = end.filter(|&end| {
                    let is_plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
                    end < 32 && text[..end].iter().all(is_plain) && !matches!(text[end], b'e' | b'E')
                });
                // `end` stops after a leading zero; `short_end` rejects a digit after it.
                let zeros = short.is_some_and(|end| text[end].is_ascii_digit());
                assert_eq!(super::short_end(&text, digits), short.filter(|_| !zeros), "{text:?}");
                seen += usize::from(short.is_some());
            }
        }
        assert!(seen > if cfg!(miri) { 100 } else { 1_000 }, "{seen}");
    }

    #[test]
    fn comparable_numbers_have_a_value() {
        for (text, value) in [("2.50", Some(2.5)), ("-4e1", Some(-40.0)), ("9007199254740993", None)] {
            let number = Number::new(text.as_bytes());
            assert_eq!((number.as_str(), number.value(), number.to_string().as_str()), (text, value, text));
        }
    }

    #[test]
    fn leading_digits_are_counted() {
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
}
