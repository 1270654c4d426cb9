// Runs the examples of `LANGUAGE.md`, each of whose code blocks includes this file. No part of the crate.
//
// An example is a line of columns with two or more blanks between them; the second column says what it claims. Before a
// pattern, a plus sign allows all extensions.
// Where an error is claimed, a last column may give the text at its place.

use galop::{BuildErrorKind, EventErrorKind, JsonErrorKind, PatternErrorKind};
use galop::{EventError, Extensions, Matcher, PatternError, PatternLimits, RuleSet, Scratch};

/// Checks a block of examples.
pub fn examples(block: &str) {
    let mut count = 0;
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let columns: Vec<&str> =
            line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect();
        match columns[..] {
            [pattern, "matches", event] => assert!(fits(pattern, event).unwrap(), "should match: {line}"),
            [pattern, "misses", event] => assert!(!fits(pattern, event).unwrap(), "should not match: {line}"),
            [pattern, "refused", code] => refused(pattern, code, None),
            [pattern, "refused", code, place] => refused(pattern, code, Some(place)),
            [pattern, "rejects", event, code] => rejected(pattern, event, code, None),
            [pattern, "rejects", event, code, place] => rejected(pattern, event, code, Some(place)),
            // What is no JSON object is refused as a pattern and as an event alike.
            [text, "invalid", code] => {
                refused(text, code, None);
                rejected(ANY, text, code, None);
            }
            [text, "invalid", code, place] => {
                refused(text, code, Some(place));
                rejected(ANY, text, code, Some(place));
            }
            _ => panic!("not an example: {line}"),
        }
        count += 1;
    }
    assert!(count > 0, "a block without examples");
}

/// Checks that the table in the section on errors names every code that the crate has, and that each of its
/// examples has the code of its row.
pub fn errors(specification: &str) {
    let start = specification.find("\n## 10. Errors").unwrap();
    let end = specification.find("\n## 11. ").unwrap();
    let mut listed = Vec::new();
    for row in specification[start..end].lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [code, _, example] = cells[..] else { panic!("not a row of three: {row}") };
        let code = code.trim_matches('`');
        listed.push(code);
        if example.starts_with('`') {
            refused(example.trim_matches('`'), code, None);
        } else {
            assert!(example.starts_with("[section"), "no example: {row}");
        }
    }
    let codes = [JsonErrorKind::CODES, PatternErrorKind::CODES, EventErrorKind::CODES, BuildErrorKind::CODES];
    let codes = codes.concat();
    for code in &codes {
        assert!(listed.contains(code), "not in the tables: {code}");
    }
    for code in &listed {
        assert!(codes.contains(code), "no such code: {code}");
    }
}

/// A pattern for events of which only the text counts.
const ANY: &str = r#"{"any":[{"exists":true}]}"#;

fn fits(pattern: &str, event: &str) -> Result<bool, EventError> {
    let (mut rules, pattern) = rules_for(pattern);
    rules.add(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    Matcher::new(&rules).unwrap().is_match(&mut Scratch::new(), event.as_bytes())
}

/// A set for the pattern of an example, and the pattern itself.
fn rules_for(pattern: &str) -> (RuleSet, &str) {
    let mut limits = PatternLimits::default();
    if pattern.starts_with('+') {
        limits.extensions = Extensions::ALL;
    }
    (RuleSet::with_limits(limits), pattern.strip_prefix('+').unwrap_or(pattern))
}

fn refused(pattern: &str, code: &str, place: Option<&str>) {
    let (mut rules, pattern) = rules_for(pattern);
    let error: PatternError = rules.add(pattern).expect_err(pattern);
    assert_eq!(error.code(), code, "{pattern}");
    if let Some(place) = place {
        assert_eq!(&pattern[error.span().start..error.span().end], place, "{pattern}");
    }
}

fn rejected(pattern: &str, event: &str, code: &str, place: Option<&str>) {
    let error = fits(pattern, event).expect_err(event);
    assert_eq!(error.code(), code, "{event}");
    if let Some(place) = place {
        assert!(event[error.offset().unwrap()..].starts_with(place), "{event}: {error}");
    }
}
