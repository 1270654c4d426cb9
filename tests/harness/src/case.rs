//! A case as text: the patterns and events of a broken law, in a file for people and fuzzers.
//!
//! ```text
//! {"a":[1]}
//! ---
//! {"b":[{"exists":false}]}
//! ===
//! {"a":1,"b":2}
//! ```
//!
//! The patterns are above the double line, and the events below. Single lines separate them.
//! Neither line can be part of valid JSON, so every valid case has a text.

use std::fmt;

const BETWEEN: &[u8] = b"\n---\n";
const EVENTS: &[u8] = b"\n===\n";

/// Patterns and events.
#[derive(Clone, Eq, PartialEq)]
pub struct Case {
    pub rules: Vec<Vec<u8>>,
    pub events: Vec<Vec<u8>>,
}

impl Case {
    /// Reads the output of [`Display`](fmt::Display). Any other text is a case as well. A line feed
    /// at the end is not part of the last event.
    pub fn parse(text: &[u8]) -> Case {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let (rules, events) = match find(text, EVENTS) {
            Some(at) => (&text[..at], Some(&text[at + EVENTS.len()..])),
            None => (text, None),
        };
        Case { rules: split(rules), events: events.map(split).unwrap_or_default() }
    }
}

fn find(text: &[u8], separator: &[u8]) -> Option<usize> {
    text.windows(separator.len()).position(|window| window == separator)
}

fn split(mut text: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while let Some(at) = find(text, BETWEEN) {
        parts.push(text[..at].to_vec());
        text = &text[at + BETWEEN.len()..];
    }
    parts.push(text.to_vec());
    parts
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |texts: &[Vec<u8>]| String::from_utf8_lossy(&texts.join(BETWEEN)).into_owned();
        writeln!(f, "{}\n===\n{}", join(&self.rules), join(&self.events))
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn parse_reverses_display() {
        let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        for (rules, events) in [
            (&["{\"a\":[1]}"][..], &["{}"][..]),
            (&["{\"a\":[1]}", "{\n\"---\":[\"===\"]\n}\n", ""], &["\n{}\n", "", "{\"a\":\"\\n===\\n\"}"]),
        ] {
            let case = Case { rules: texts(rules), events: texts(events) };
            assert!(Case::parse(case.to_string().as_bytes()) == case, "{case}");
        }
    }

    #[test]
    fn any_bytes_are_a_case() {
        for (text, rules, events) in [
            (&b""[..], 1, 0),
            (b"{}", 1, 0),
            (b"{}\n---\n\xff\n===\n{}\n===\n\n---\n", 2, 1),
            (b"\n===\n", 1, 0),
            (b"\n===\n\n", 1, 1),
        ] {
            let case = Case::parse(text);
            assert_eq!((case.rules.len(), case.events.len()), (rules, events), "{}", text.escape_ascii());
        }
    }
}
