//! Texts of patterns and events as one line of bounded length, for a terminal.

use crate::json::JsonString;

/// The maximum number of characters of a text that is shown.
pub(crate) const WIDTH: usize = 100;

/// Returns a text without control characters and with at most [`WIDTH`] characters. An ellipsis
/// replaces the rest.
///
/// Control characters become escapes of JSON. In a JSON text they occur in strings only.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == WIDTH {
            shown.push('…');
            break;
        }
        push(c, &mut shown);
    }
    shown
}

fn push(c: char, shown: &mut String) {
    // The directional marks can reorder the line that they are in.
    let is_mark = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || is_mark || matches!(c, '\u{2028}' | '\u{2029}') {
        shown.push_str(&format!("\\u{:04x}", u32::from(c)));
    } else {
        shown.push(c);
    }
}

/// Returns bytes as text in the form of [`shown`].
pub(crate) fn shown_bytes(text: &[u8]) -> String {
    // A character has at most four bytes.
    let beginning = &text[..text.len().min(4 * (WIDTH + 1))];
    shown(&String::from_utf8_lossy(beginning))
}

/// Returns a decoded string as a JSON string in the form of [`shown`].
pub(crate) fn quoted(text: &str) -> String {
    let end = text.char_indices().nth(WIDTH + 1).map_or(text.len(), |(at, _)| at);
    shown(&JsonString::from(&text[..end]).to_string())
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, quoted, shown, shown_bytes};

    #[test]
    fn shown_text_is_one_line_of_bounded_length() {
        assert_eq!(shown("a\u{1b}[31m\u{9b}\n\u{202e}é"), "a\\u001b[31m\\u009b\\u000a\\u202eé");
        let long = "é".repeat(1_000_000);
        assert_eq!(shown(&long), format!("{}…", "é".repeat(WIDTH)));
        assert_eq!(shown_bytes(long.as_bytes()), shown(&long));
        assert_eq!(quoted("a\"\n"), r#""a\"\n""#);
        assert!(quoted(&long).ends_with('…'));
    }
}
