//! The examples of `LANGUAGE.md`, the specification of the pattern language.
//!
//! An example is a line of a block with the fence `pattern`; a line that begins with blanks
//! continues it. Its columns have two or more blanks between them, and the second column is the
//! claim. For an error, a last column may give the text at its place. A plus sign before a pattern
//! allows all extensions. The blocks of Rust in `LANGUAGE.md` are doctests of the library.

use galop::error::{BuildErrorKind, EventErrorKind, JsonErrorKind, PatternErrorKind};
use galop::{EventError, Extensions, PatternError, PatternLimits, RuleSet, Scratch};
use galop_harness::kernel;

const SPECIFICATION: &str = include_str!("../src/pattern/LANGUAGE.md");

/// A pattern for examples that test the text of an event.
const ANY: &str = r#"{"any":[{"exists":true}]}"#;

#[test]
fn every_example_holds() {
    let (blocks, mut failures) = (blocks(SPECIFICATION, "pattern"), Vec::new());
    assert!(blocks.len() > 30, "only {} blocks were found", blocks.len());
    for block in blocks {
        let block = block.replace("\n  ", "  ");
        let examples: Vec<_> = block.lines().filter(|line| !line.trim().is_empty()).collect();
        assert!(!examples.is_empty(), "a block without examples");
        let wrong =
            examples.iter().filter_map(|line| check(line).err().map(|why| format!("{line}\n    {why}")));
        failures.extend(wrong);
    }
    assert!(failures.is_empty(), "{} examples are wrong:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_fence_is_known() {
    for line in SPECIFICATION.lines().filter(|line| line.starts_with("```")) {
        assert!(matches!(line, "```" | "```pattern" | "```rust" | "```text"), "unknown fence: {line}");
    }
}

#[test]
fn wrong_examples_are_found() {
    for line in [
        r#"{"a":[1]}  matches  {"a":2}"#,
        r#"{"a":[1]}  misses  {"a":1}"#,
        r#"{"a":[1]}  refused  empty-list"#,
        r#"{"a":[]}  refused  empty-object"#,
        r#"{"a":[]}  refused  empty-list  {"#,
        r#"{"a":[]}  matches  {"a":1}"#,
        r#"{"a":[1]}  rejects  {"a":1}  invalid-number"#,
        r#"{"a":[1]}  rejects  {"a":01}  invalid-literal"#,
        r#"{"a":[1]}  rejects  {"a":01}  invalid-number  1"#,
        r#"{"a":[01]}  invalid  invalid-literal"#,
        r#"{"a":[]}  invalid  empty-list"#,
        r#"{"a":[1]}  fits  {"a":1}"#,
        r#"{"a":[1]} matches {"a":1}"#,
    ] {
        assert!(check(line).is_err(), "{line}");
    }
}

#[test]
fn error_tables_list_every_code() {
    let listed: Vec<&str> = error_rows().map(|(code, _)| code).collect();
    let codes = [JsonErrorKind::CODES, PatternErrorKind::CODES, EventErrorKind::CODES, BuildErrorKind::CODES];
    let codes = codes.concat();
    for code in &codes {
        assert!(listed.contains(code), "not in the tables: {code}");
    }
    for code in &listed {
        assert!(codes.contains(code), "no such code: {code}");
    }
}

#[test]
fn examples_of_the_error_tables_have_the_code_of_their_row() {
    for (code, example) in error_rows() {
        if example.starts_with('`') {
            assert_eq!(refused(example.trim_matches('`'), code, None), Ok(()), "{example}");
        } else {
            assert!(example.starts_with("[section"), "no example: {code}");
        }
    }
}

/// Returns the code and the example of each row of the tables in the section on errors.
fn error_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let start = SPECIFICATION.find("\n## 10. Errors").expect("there is a section on errors");
    let end = SPECIFICATION.find("\n## 11. ").expect("there is a section after it");
    SPECIFICATION[start..end].lines().filter(|line| line.starts_with("| `")).map(|row| {
        let cells: Vec<&str> = row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [code, _, example] = cells[..] else { panic!("not a row of three: {row}") };
        (code.trim_matches('`'), example)
    })
}

/// Returns the text of each block with a fence.
fn blocks<'t>(text: &'t str, fence: &str) -> Vec<&'t str> {
    let opening = format!("\n```{fence}\n");
    let blocks = text.split(opening.as_str()).skip(1);
    blocks.map(|rest| rest.split_once("```").expect("the block ends").0).collect()
}

/// Fails if an example does not hold.
fn check(line: &str) -> Result<(), String> {
    let columns: Vec<&str> = line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect();
    match columns[..] {
        [pattern, "matches", event] => fits(pattern, event, true),
        [pattern, "misses", event] => fits(pattern, event, false),
        [pattern, "refused", code] => refused(pattern, code, None),
        [pattern, "refused", code, place] => refused(pattern, code, Some(place)),
        [pattern, "rejects", event, code] => rejected(pattern, event, code, None),
        [pattern, "rejects", event, code, place] => rejected(pattern, event, code, Some(place)),
        // A text that is no JSON object is refused as a pattern and as an event alike.
        [text, "invalid", code] => refused(text, code, None).and(rejected(ANY, text, code, None)),
        [text, "invalid", code, place] => {
            refused(text, code, Some(place)).and(rejected(ANY, text, code, Some(place)))
        }
        _ => Err("not an example".to_owned()),
    }
}

fn fits(pattern: &str, event: &str, expected: bool) -> Result<(), String> {
    match is_match(pattern, event)? {
        Ok(found) if found == expected => Ok(()),
        Ok(found) => Err(format!("is_match returns {found}")),
        Err(error) => Err(format!("the event is rejected: {error}")),
    }
}

fn refused(pattern: &str, code: &str, place: Option<&str>) -> Result<(), String> {
    let (mut rules, pattern) = rules_for(pattern);
    let Err(error): Result<_, PatternError> = rules.add(pattern) else {
        return Err("the pattern is valid".to_owned());
    };
    let found = &pattern[error.span().start..error.span().end];
    if error.code() != code || place.is_some_and(|place| place != found) {
        return Err(format!("the pattern is refused with {} at {found}", error.code()));
    }
    Ok(())
}

fn rejected(pattern: &str, event: &str, code: &str, place: Option<&str>) -> Result<(), String> {
    let Err(error) = is_match(pattern, event)? else { return Err("the event is valid".to_owned()) };
    let rest = error.offset().map(|offset| &event[offset..]);
    if error.code() != code || place.is_some_and(|place| !rest.is_some_and(|rest| rest.starts_with(place))) {
        return Err(format!("the event is rejected with {}: {error}", error.code()));
    }
    Ok(())
}

/// Returns the answer for a pattern that is valid.
fn is_match(pattern: &str, event: &str) -> Result<Result<bool, EventError>, String> {
    let (mut rules, pattern) = rules_for(pattern);
    rules.add(pattern).map_err(|error| format!("the pattern is refused: {error}"))?;
    let matcher = kernel::matcher(&rules).expect("the set is within the limits");
    Ok(matcher.is_match(&mut Scratch::new(), event.as_bytes()))
}

/// Returns an empty set that takes the pattern of an example, and the pattern without its sign.
fn rules_for(pattern: &str) -> (RuleSet, &str) {
    let mut limits = PatternLimits::default();
    let Some(extended) = pattern.strip_prefix('+') else { return (RuleSet::with_limits(limits), pattern) };
    limits.extensions = Extensions::ALL;
    (RuleSet::with_limits(limits), extended)
}
