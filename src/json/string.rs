//! Strings: their ends, and their decoded form.
//!
//! A JSON string is a sequence of UTF-16 code units: `\u` escapes name code units, and the grammar
//! allows unpaired surrogates. Decoded strings are stored as [WTF-8](https://wtf-8.codeberg.page/).
//! WTF-8 is UTF-8 with a three-byte form for unpaired surrogates. Two strings are equal if and only
//! if their WTF-8 bytes are equal.

use std::fmt;

use crate::error::{JsonError, JsonErrorKind, Span};

/// A string of a pattern, decoded.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JsonString(Box<[u8]>);

impl JsonString {
    /// Decodes the text between two quotes, which [`scan`] must have accepted.
    pub(crate) fn decode(content: &[u8]) -> JsonString {
        let mut bytes = Vec::with_capacity(content.len());
        decode(content, &mut bytes);
        JsonString(bytes.into_boxed_slice())
    }

    /// Returns the string that a text in WTF-8 spells.
    pub(crate) fn from_wtf8(text: &[u8]) -> JsonString {
        JsonString(text.into())
    }

    /// Returns the string, or `None` if it has an unpaired surrogate.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Returns the string in [WTF-8](https://wtf-8.codeberg.page/), which is UTF-8 unless the
    /// string has an unpaired surrogate.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns true if the string has no characters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for JsonString {
    fn from(text: &str) -> JsonString {
        JsonString(text.as_bytes().into())
    }
}

/// Writes the string as JSON with quotes and with the fewest escapes that JSON allows.
impl fmt::Display for JsonString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        let mut rest = &self.0[..];
        while !rest.is_empty() {
            // Only an unpaired surrogate, which has three bytes, can end a run of UTF-8.
            let (plain, end) = match std::str::from_utf8(rest) {
                Ok(plain) => (plain, rest.len()),
                Err(fault) => {
                    let end = fault.valid_up_to();
                    (std::str::from_utf8(&rest[..end]).unwrap_or_default(), end)
                }
            };
            write_escaped(plain, f)?;
            rest = &rest[end..];
            if let [lead, middle, last, after @ ..] = rest {
                let bits = |byte: &u8| u32::from(byte & 0x3F);
                write!(f, "\\u{:04x}", u32::from(lead & 0x0F) << 12 | bits(middle) << 6 | bits(last))?;
                rest = after;
            }
        }
        f.write_str("\"")
    }
}

fn write_escaped(mut text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    while let Some(plain) = text.as_bytes().iter().position(is_special) {
        f.write_str(&text[..plain])?;
        match text.as_bytes()[plain] {
            b'"' => f.write_str("\\\"")?,
            b'\\' => f.write_str("\\\\")?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            byte => write!(f, "\\u{byte:04x}")?,
        }
        text = &text[plain + 1..];
    }
    f.write_str(text)
}

impl fmt::Debug for JsonString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An error at an offset from the opening quote.
pub(crate) struct Fault {
    kind: JsonErrorKind,
    start: usize,
    length: usize,
}

impl Fault {
    /// Returns the error for a text whose opening quote is at the offset `quote`.
    pub(crate) fn at(self, quote: usize) -> JsonError {
        let start = quote + self.start;
        JsonError { kind: self.kind, span: Span::new(start, start + self.length) }
    }
}

/// Reads the string whose opening quote is the first byte. Returns its length with both quotes, and
/// true if it has escapes.
pub(crate) fn scan(text: &[u8]) -> Result<(usize, bool), Fault> {
    let mut escaped = false;
    let mut at = 1;
    loop {
        match text.get(at) {
            None => return Err(Fault { kind: JsonErrorKind::UnexpectedEnd, start: at, length: 0 }),
            Some(b'"') => return Ok((at + 1, escaped)),
            Some(b'\\') => {
                escaped = true;
                at += escape_length(text, at)?;
            }
            Some(0..=0x1F) => {
                return Err(Fault { kind: JsonErrorKind::ControlCharacter, start: at, length: 1 });
            }
            Some(_) => at += 1,
        }
    }
}

/// Returns the length of the escape whose backslash is at `at`.
fn escape_length(text: &[u8], at: usize) -> Result<usize, Fault> {
    let end = || Fault { kind: JsonErrorKind::UnexpectedEnd, start: text.len(), length: 0 };
    let invalid = |length| Fault { kind: JsonErrorKind::InvalidEscape, start: at, length };
    match text.get(at + 1).ok_or_else(end)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(2),
        b'u' => {
            let digits = &text[at + 2..text.len().min(at + 6)];
            match digits.iter().position(|b| !b.is_ascii_hexdigit()) {
                Some(wrong) => Err(invalid(2 + wrong)),
                None if digits.len() < 4 => Err(end()),
                None => Ok(6),
            }
        }
        // The span contains the whole character if the character has several bytes.
        first => Err(invalid(1 + if *first < 0xC0 { 1 } else { first.leading_ones() as usize })),
    }
}

/// Returns true if `rest` begins with a valid escape without its backslash. `rest` may extend past
/// the end of the string.
pub(crate) fn is_escape(rest: &[u8]) -> bool {
    match rest.first() {
        Some(b'u') => rest.get(1..5).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => true,
        _ => false,
    }
}

/// Appends the decoded string in WTF-8. `content` is the valid text between the quotes; for an
/// invalid text the appended bytes are unspecified.
pub(crate) fn decode(content: &[u8], out: &mut Vec<u8>) {
    let mut rest = content;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let (plain, length) = match rest.get(at + 1).copied().unwrap_or_default() {
            b'u' => {
                let unit = hex(rest.get(at + 2..at + 6));
                let (code, length) = match (unit, rest.get(at + 6..at + 12)) {
                    (0xD800..0xDC00, Some(next @ [b'\\', b'u', ..])) => match hex(next.get(2..)) {
                        low @ 0xDC00..0xE000 => (0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12),
                        _ => (unit, 6),
                    },
                    _ => (unit, 6),
                };
                push_code_point(code, out);
                rest = rest.get(at + length..).unwrap_or_default();
                continue;
            }
            b'b' => (0x08, 2),
            b'f' => (0x0C, 2),
            b'n' => (b'\n', 2),
            b'r' => (b'\r', 2),
            b't' => (b'\t', 2),
            other => (other, 2),
        };
        out.push(plain);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

fn hex(digits: Option<&[u8]>) -> u32 {
    digits
        .unwrap_or_default()
        .iter()
        .fold(0, |value, &digit| value << 4 | (digit as char).to_digit(16).unwrap_or(0))
}

/// Appends a code point or an unpaired surrogate in WTF-8.
fn push_code_point(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => push_unit(code as u16, out),
    }
}

/// Appends a code unit above U+07FF in the three bytes of a character with the same number.
fn push_unit(unit: u16, out: &mut Vec<u8>) {
    out.extend_from_slice(&[
        0xE0 | (unit >> 12) as u8,
        0x80 | (unit >> 6 & 0x3F) as u8,
        0x80 | (unit & 0x3F) as u8,
    ]);
}

/// Returns true if a WTF-8 string has an unpaired surrogate.
pub(crate) fn has_surrogate(wtf8: &[u8]) -> bool {
    wtf8.windows(2).any(|pair| pair[0] == 0xED && pair[1] >= 0xA0)
}

/// Appends a WTF-8 string in [CESU-8](https://www.unicode.org/reports/tr26/), which encodes each
/// code unit separately.
///
/// A CESU-8 string has a prefix, suffix or substring if and only if its code units have it. The
/// equivalence includes a substring that begins or ends with half of a surrogate pair.
pub(crate) fn to_cesu8(wtf8: &[u8], out: &mut Vec<u8>) {
    let mut rest = wtf8;
    while let Some(at) = first_supplementary(rest) {
        out.extend_from_slice(&rest[..at]);
        let Some(&[first, second, third, fourth]) = rest[at..].first_chunk() else {
            // A text that is not WTF-8 may end inside a character.
            rest = &rest[at..];
            break;
        };
        let bits = |byte: u8| u32::from(byte & 0x3F);
        let code = u32::from(first & 0x07) << 18 | bits(second) << 12 | bits(third) << 6 | bits(fourth);
        let above = code.saturating_sub(0x10000);
        push_unit(0xD800 | (above >> 10) as u16, out);
        push_unit(0xDC00 | (above & 0x3FF) as u16, out);
        rest = &rest[at + 4..];
    }
    out.extend_from_slice(rest);
}

/// Returns the offset of the first character above U+FFFF in a WTF-8 string. CESU-8 encodes only
/// these characters differently.
pub(crate) fn first_supplementary(wtf8: &[u8]) -> Option<usize> {
    wtf8.iter().position(|&byte| byte >= 0xF0)
}

/// Compares two WTF-8 strings as sequences of UTF-16 code units. The order differs from the order
/// of the bytes.
pub(crate) fn compare_units(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    let Some(differ) = a.iter().zip(b).position(|(a, b)| a != b) else {
        return a.len().cmp(&b.len());
    };
    // Supplementary characters begin with 0xF0 to 0xF4. Their surrogates are greater than all
    // characters with a lower first byte, except U+E000 to U+FFFF. The exceptions begin with 0xEE
    // and 0xEF.
    let rank = |byte: u8| match byte {
        0xEE | 0xEF => byte + 0x10,
        _ => byte,
    };
    match (a[differ], b[differ]) {
        // An unpaired surrogate has to be compared with the first unit of a surrogate pair.
        (0xED, 0xF0..) | (0xF0.., 0xED) => units_from(a, differ).cmp(units_from(b, differ)),
        (x, y) => rank(x).cmp(&rank(y)),
    }
}

/// Returns the code units of a WTF-8 string from the offset `at`, at which a character begins.
fn units_from(wtf8: &[u8], at: usize) -> impl Iterator<Item = u16> {
    let mut cesu8 = Vec::new();
    to_cesu8(&wtf8[at..], &mut cesu8);
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = *cesu8.get(at)?;
        let bits = |i: usize| u16::from(cesu8[at + i] & 0x3F);
        let (unit, length) = match first {
            0xE0.. => (u16::from(first & 0x0F) << 12 | bits(1) << 6 | bits(2), 3),
            0xC0.. => (u16::from(first & 0x1F) << 6 | bits(1), 2),
            _ => (u16::from(first), 1),
        };
        at += length;
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{JsonString, compare_units, has_surrogate, to_cesu8};

    fn string(content: &str) -> JsonString {
        JsonString::decode(content.as_bytes())
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(string(r#"a\"\\\/\b\f\n\r\tz"#).as_str(), Some("a\"\\/\u{8}\u{c}\n\r\tz"));
        assert_eq!(string(r"\u0041\u00e9\uD83D\uDE00!").as_str(), Some("Aé😀!"));
        assert_eq!(string("").as_str(), Some(""));
    }

    #[test]
    fn unpaired_surrogates_are_stored() {
        for content in [r"\ud800", r"x\udc00y", r"\ud800\ud800", r"\udc00\ud800", r"\ud83d\u0041"] {
            let decoded = string(content);
            assert_eq!(decoded.as_str(), None, "{content}");
            assert!(has_surrogate(decoded.as_bytes()));
        }
        assert!(!has_surrogate(string(r"\ud83d\ude00퟿").as_bytes()));
        assert_ne!(string(r"\ud800"), string(r"\ud801"));
    }

    #[test]
    fn displayed_strings_decode_to_themselves() {
        for content in [r#"a\"\\\n\u0001é😀"#, r"\ud83dx\ude00", r"\udfff", "plain"] {
            let decoded = string(content);
            let shown = decoded.to_string();
            assert_eq!(string(&shown[1..shown.len() - 1]), decoded, "{content}");
        }
        let shown = r#""\"/\\ \u0008\t\n\u000c\r\u001f é😀\ud83dx""#;
        let decoded = string(&shown[1..shown.len() - 1]);
        assert_eq!(decoded.to_string(), shown);
        assert_eq!(format!("{decoded:?}"), shown);
    }

    #[test]
    fn cesu8_has_halves_of_pairs_as_affixes() {
        let cesu8 = |text: &JsonString| {
            let mut out = Vec::new();
            to_cesu8(text.as_bytes(), &mut out);
            out
        };
        let pair = cesu8(&string("😀"));
        assert_eq!(pair.len(), 6);
        assert!(pair.starts_with(&cesu8(&string(r"\ud83d"))));
        assert!(pair.ends_with(&cesu8(&string(r"\ude00"))));
        assert_eq!(cesu8(&string("aé大")), "aé大".as_bytes());
    }

    #[test]
    fn order_equals_order_of_code_units() {
        let texts =
            ["", "a", "aa", "b", "é", "大", "퟿", r"\ud7ff\ud800", r"\ud800", "𐀀", "😀", r"\udbff", r"\udfff"];
        let more = ["\u{e000}", "\u{ffff}", "😀a", r"\ud83d", r"\ud83da", "\u{10ffff}", "𐀀\u{e000}"];
        let units =
            |content: &str| -> Vec<u16> { super::units_from(string(content).as_bytes(), 0).collect() };
        let all_lengths = "a~\u{80}é\u{7ff}\u{800}大\u{ffff}😀\u{10ffff}";
        assert_eq!(units(all_lengths), all_lengths.encode_utf16().collect::<Vec<_>>());
        for a in texts.iter().chain(&more) {
            for b in texts.iter().chain(&more) {
                let expected: Ordering = units(a).cmp(&units(b));
                assert_eq!(compare_units(string(a).as_bytes(), string(b).as_bytes()), expected, "{a} {b}");
            }
        }
    }
}
