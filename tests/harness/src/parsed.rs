//! Parsed events of several parsers, and the parts of a text that they store.

use std::collections::HashSet;
use std::fmt::Write;

use galop::{EventError, Matcher, ParsedEvent, RuleId, Scratch};
use serde_json::{Number, Value};
use simd_json::prelude::*;
use simd_json::{BorrowedValue, OwnedValue, tape};

use crate::oracle::number::comparable;

/// A parsed event of any type.
pub trait Event {
    fn matches<'s>(&self, matcher: &Matcher, scratch: &'s mut Scratch) -> Result<&'s [RuleId], EventError>;
    fn is_match(&self, matcher: &Matcher, scratch: &mut Scratch) -> Result<bool, EventError>;
}

impl<E: ParsedEvent> Event for E {
    fn matches<'s>(&self, matcher: &Matcher, scratch: &'s mut Scratch) -> Result<&'s [RuleId], EventError> {
        matcher.matches_parsed(scratch, self)
    }

    fn is_match(&self, matcher: &Matcher, scratch: &mut Scratch) -> Result<bool, EventError> {
        matcher.is_match_parsed(scratch, self)
    }
}

/// The parsed form of a text.
pub struct Kept<'a> {
    /// The name in messages.
    pub parser: &'static str,
    pub event: &'a dyn Event,
    /// The stored values as text. Numbers are written with their documented value.
    pub written: &'a str,
    /// True if the stored values have all information of the text.
    pub is_all: bool,
}

/// Calls `see` with the parsed form of each parser that accepts the text.
pub fn parsers(text: &[u8], mut see: impl FnMut(Kept)) {
    let mut room = text.to_vec();
    let tape = simd_json::to_tape(&mut room).ok();
    let mut repeats = None;
    if let Some(tape) = &tape {
        let mut written = Written::default();
        write_tape(tape.as_value(), &mut written);
        repeats = Some(written.repeats);
        let is_all = keeps_numbers(text, of_simd_json);
        see(Kept { parser: "simd_json::Tape", event: tape, written: &written.text, is_all });
    }
    let is_all = repeats == Some(false) && keeps_numbers(text, of_simd_json);
    let mut room = text.to_vec();
    if let Ok(event) = simd_json::to_borrowed_value(&mut room) {
        let mut written = Written::default();
        write_borrowed(&event, &mut written);
        see(Kept { parser: "simd_json::BorrowedValue", event: &event, written: &written.text, is_all });
    }
    let mut room = text.to_vec();
    if let Ok(event) = simd_json::to_owned_value(&mut room) {
        let mut written = Written::default();
        write_owned(&event, &mut written);
        see(Kept { parser: "simd_json::OwnedValue", event: &event, written: &written.text, is_all });
    }
    if let Ok(event) = serde_json::from_slice::<Value>(text) {
        let mut written = String::new();
        write_value(&event, &mut written);
        let is_all = repeats == Some(false) && keeps_numbers(text, of_serde_json);
        see(Kept { parser: "serde_json::Value", event: &event, written: &written, is_all });
        if let Value::Object(members) = &event {
            see(Kept { parser: "serde_json::Map", event: members, written: &written, is_all });
        }
    }
}

/// Returns true if every number of a valid text equals its stored value.
fn keeps_numbers(text: &[u8], kept: impl Fn(&str) -> Option<String>) -> bool {
    let text = std::str::from_utf8(text).expect("what a parser accepts is UTF-8");
    numbers(text).into_iter().all(|number| {
        kept(number).is_some_and(|kept| {
            kept == number || comparable(number).is_some_and(|value| comparable(&kept) == Some(value))
        })
    })
}

/// Returns the numbers of a valid text.
fn numbers(text: &str) -> Vec<&str> {
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        rest = &rest[at..];
        let mut end = rest.find([',', ':', ']', '}', ' ', '\t', '\n', '\r']).unwrap_or(rest.len());
        if rest.starts_with('"') {
            let mut escaped = false;
            let close = rest.bytes().skip(1).position(|byte| {
                let closes = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                closes
            });
            end = close.expect("a string ends") + 2;
        } else {
            numbers.push(&rest[..end]);
        }
        rest = &rest[end..];
    }
    numbers
}

fn of_serde_json(number: &str) -> Option<String> {
    Some(spelled(&number.parse().ok()?))
}

fn of_simd_json(number: &str) -> Option<String> {
    let mut room = format!("[{number}]").into_bytes();
    let mut written = Written::default();
    write_tape(simd_json::to_tape(&mut room).ok()?.as_value(), &mut written);
    Some(written.text[1..written.text.len() - 1].to_owned())
}

/// Returns true if `serde_json` was built with `arbitrary_precision`.
fn keeps_text() -> bool {
    "1e400".parse::<Number>().is_ok()
}

/// Returns the documented value of a number.
fn spelled(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if !keeps_text() && number.is_f64() => decimal(value),
        _ => number.to_string(),
    }
}

/// Returns the decimal that a double is printed as.
fn decimal(value: f64) -> String {
    let shortest = format!("{value:e}");
    if comparable(&shortest) == Some(value) { shortest } else { format!("{value:.1e}") }
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push('{');
            for (name, value) in members {
                out.push_str(if out.ends_with('{') { "" } else { "," });
                write!(out, "{}:", Value::from(name.as_str())).expect("a string takes all");
                write_value(value, out);
            }
            out.push('}');
        }
        Value::Array(elements) => {
            out.push('[');
            for value in elements {
                out.push_str(if out.ends_with('[') { "" } else { "," });
                write_value(value, out);
            }
            out.push(']');
        }
        Value::Number(number) => out.push_str(&spelled(number)),
        scalar => write!(out, "{scalar}").expect("a string takes all"),
    }
}

/// The stored values as text.
#[derive(Default)]
struct Written {
    text: String,
    /// True if an object repeats a name.
    repeats: bool,
}

/// The types of `simd_json` have the same methods but no common trait, so a macro makes one
/// function for each.
macro_rules! writer {
    ($name:ident, $value:ty) => {
        fn $name(value: $value, out: &mut Written) {
            let text = &mut out.text;
            if let Some(members) = value.as_object() {
                text.push('{');
                let mut names = HashSet::new();
                for (name, value) in members.iter() {
                    let name: &str = name.as_ref();
                    out.repeats |= !names.insert(name.to_owned());
                    out.text.push_str(if names.len() == 1 && out.text.ends_with('{') { "" } else { "," });
                    write!(out.text, "{}:", Value::from(name)).expect("a string takes all");
                    $name(value, out);
                }
                out.text.push('}');
            } else if let Some(elements) = value.as_array() {
                text.push('[');
                for value in elements.iter() {
                    out.text.push_str(if out.text.ends_with('[') { "" } else { "," });
                    $name(value, out);
                }
                out.text.push(']');
            } else if let Some(string) = value.as_str() {
                write!(text, "{}", Value::from(string)).expect("a string takes all");
            } else if let Some(number) = value.as_u64() {
                write!(text, "{number}").expect("a string takes all");
            } else if let Some(number) = value.as_i64() {
                write!(text, "{number}").expect("a string takes all");
            } else if let Some(number) = value.as_f64() {
                text.push_str(&decimal(number));
            } else if let Some(truth) = value.as_bool() {
                write!(text, "{truth}").expect("a string takes all");
            } else {
                text.push_str("null");
            }
        }
    };
}

writer!(write_tape, tape::Value<'_, '_>);
writer!(write_borrowed, &BorrowedValue<'_>);
writer!(write_owned, &OwnedValue);

#[cfg(test)]
mod tests {
    use super::{keeps_text, numbers, parsers};

    #[test]
    fn numbers_are_found() {
        let text = r#"{"a1":[-1.5e+3,"2",{"\"3":4} ,5],"6":0 , "b":true}"#;
        assert_eq!(numbers(text), ["-1.5e+3", "4", "5", "0"]);
    }

    #[test]
    fn stored_values_are_written() {
        for (text, serde, tape, is_all) in [
            (r#"{"b":[1,-2,1.50,-0],"a":{"\u0061\"":null}}"#, true, true, true),
            (r#"{"a":18446744073709551615,"b":-9223372036854775808}"#, true, true, true),
            (r#"{"a":{"b":1,"b":2}}"#, true, true, false),
            (r#"{"a":9007199254740993.0}"#, true, true, false),
            (r#"{"a":5e-324}"#, true, true, false),
            (r#"{"a":"\ud800"}"#, false, false, false),
            (r#"{"a":1e400}"#, keeps_text(), false, false),
            (r#"{"a":1"#, false, false, false),
        ] {
            let mut kept = Vec::new();
            parsers(text.as_bytes(), |it| kept.push((it.parser, it.written.to_owned(), it.is_all)));
            let of = |parser: &str| kept.iter().find(|it| it.0.ends_with(parser));
            let repeats = text.contains(r#""b":1,"b""#);
            assert_eq!(of("::Tape").map(|it| it.2), tape.then_some(is_all || repeats), "{text}");
            let is_all = is_all || keeps_text() && tape && !repeats;
            assert_eq!(of("::Value").map(|it| it.2), serde.then_some(is_all), "{text}");
        }
    }
}
