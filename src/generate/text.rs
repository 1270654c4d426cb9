//! Changes of texts: another case, one character more or less, JSON text.

use crate::json::JsonString;

/// Returns a text in WTF-8 as a JSON string. Unpaired surrogates become escapes.
pub(super) fn quoted(text: &[u8]) -> String {
    JsonString::from_wtf8(text).to_string()
}

/// Returns the length of the first character of a text in WTF-8, in bytes.
fn first_length(text: &[u8]) -> usize {
    let length = match text.first() {
        None => 0,
        Some(0..0xC0) => 1,
        Some(0xC0..0xE0) => 2,
        Some(0xE0..0xF0) => 3,
        Some(0xF0..) => 4,
    };
    length.min(text.len())
}

/// Returns the start of the last character of a text in WTF-8.
fn last_start(text: &[u8]) -> usize {
    text.iter().rposition(|byte| byte & 0xC0 != 0x80).unwrap_or(0)
}

/// Returns the text without its first character.
pub(super) fn without_first(text: &[u8]) -> &[u8] {
    &text[first_length(text)..]
}

/// Returns the text without its last character.
pub(super) fn without_last(text: &[u8]) -> &[u8] {
    &text[..last_start(text)]
}

/// Returns the text with one character more at its end.
pub(super) fn longer(text: &[u8]) -> Vec<u8> {
    [text, b"x"].concat()
}

/// Returns the text with another last character.
pub(super) fn other_last(text: &[u8]) -> Vec<u8> {
    let last = if text.ends_with(b"x") { b"y" } else { b"x" };
    [without_last(text), last].concat()
}

/// Returns the text with another first character.
pub(super) fn other_first(text: &[u8]) -> Vec<u8> {
    let first = if text.starts_with(b"x") { b"y" } else { b"x" };
    [first, without_first(text)].concat()
}

/// Returns the text with its first cased letter in the other case, or `None` if there is none.
pub(super) fn other_case(text: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    while at < text.len() {
        let length = first_length(&text[at..]);
        if let Some(letter) = std::str::from_utf8(&text[at..at + length]).ok().and_then(|c| c.chars().next())
        {
            let other: String = if letter.is_lowercase() {
                letter.to_uppercase().collect()
            } else {
                letter.to_lowercase().collect()
            };
            if other.as_bytes() != &text[at..at + length] {
                return Some([&text[..at], other.as_bytes(), &text[at + length..]].concat());
            }
        }
        at += length;
    }
    None
}

/// Returns the text with every character in its lower case, or every one in its upper case.
pub(super) fn in_case(text: &[u8], upper: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (character, after) = rest.split_at(first_length(rest));
        match std::str::from_utf8(character).ok().and_then(|c| c.chars().next()) {
            Some(c) if upper => out.extend(c.to_uppercase().flat_map(|c| c.to_string().into_bytes())),
            Some(c) => out.extend(c.to_lowercase().flat_map(|c| c.to_string().into_bytes())),
            None => out.extend_from_slice(character),
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{in_case, longer, other_case, other_first, other_last, quoted, without_first, without_last};

    #[test]
    fn changes_keep_whole_characters() {
        assert_eq!(without_first("éa".as_bytes()), b"a");
        assert_eq!(without_last("a😀".as_bytes()), b"a");
        assert_eq!(without_last(b""), b"");
        assert_eq!(longer(b"a"), b"ax");
        assert_eq!((other_last(b"ax"), other_last("é".as_bytes())), (b"ay".to_vec(), b"x".to_vec()));
        assert_eq!((other_first(b"xa"), other_first(b"")), (b"ya".to_vec(), b"x".to_vec()));
    }

    #[test]
    fn first_cased_letter_changes_its_case() {
        assert_eq!(other_case(b"1aB"), Some(b"1AB".to_vec()));
        assert_eq!(other_case("É".as_bytes()), Some("é".into()));
        assert_eq!(other_case("大1".as_bytes()), None);
        assert_eq!(in_case("aß".as_bytes(), true), b"ASS");
        assert_eq!(in_case("AÉ".as_bytes(), false), "aé".as_bytes());
    }

    #[test]
    fn unpaired_surrogates_are_escapes() {
        assert_eq!(quoted(b"\xED\xA0\xBDx"), r#""\ud83dx""#);
        assert_eq!(other_case(b"\xED\xA0\xBDx"), Some(b"\xED\xA0\xBDX".to_vec()));
        assert_eq!(without_first(b"\xED\xA0\xBDx"), b"x");
    }
}
