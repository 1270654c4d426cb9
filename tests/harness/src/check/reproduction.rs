//! The reproduction of a broken law, as code and as a case of the corpus.

use std::any::Any;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An argument of a law.
pub(super) enum Argument<'a> {
    Text(&'a [u8]),
    Texts(&'a [&'a [u8]]),
}

/// Runs the body of a law. A panic of the body is reported with the call that reproduces it.
pub(super) fn law(name: &str, arguments: &[Argument], body: impl FnOnce()) {
    // The body owns its data, or the data is not used again.
    if let Err(panic) = catch_unwind(AssertUnwindSafe(body)) {
        panic!("{}\nreproduce it with\n    check::{}", message(&*panic), call(name, arguments));
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(message), _) => message,
        (None, Some(message)) => message,
        (None, None) => "a panic without a message",
    }
}

fn call(name: &str, arguments: &[Argument]) -> String {
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| match argument {
            Argument::Text(text) => byte_literal(text),
            // The type of an empty array could not be inferred.
            Argument::Texts([]) => r#"&[""; 0]"#.to_owned(),
            Argument::Texts(texts) => format!("&[{}]", literals(texts).join(", ")),
        })
        .collect();
    format!("{name}({});", arguments.join(", "))
}

/// Returns all texts as strings. If a text is not UTF-8, returns all as bytes.
fn literals(texts: &[&[u8]]) -> Vec<String> {
    match texts.iter().map(|text| std::str::from_utf8(text)).collect::<Result<Vec<_>, _>>() {
        Ok(texts) => texts.into_iter().map(string_literal).collect(),
        Err(_) => texts.iter().map(|text| format!("b\"{}\".as_slice()", text.escape_ascii())).collect(),
    }
}

fn byte_literal(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => format!("{}.as_bytes()", string_literal(text)),
        Err(_) => format!("b\"{}\"", text.escape_ascii()),
    }
}

/// Returns a raw literal if it is readable, and an escaped one otherwise.
fn string_literal(text: &str) -> String {
    if text.chars().any(|char| char != '"' && char != '\\' && char.escape_debug().len() > 1) {
        return format!("{text:?}");
    }
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// Returns the case in the format of the corpus, if all texts are UTF-8. `matching` lists the
/// matching rules of each event.
pub(super) fn corpus_case(rules: &[&[u8]], events: &[&[u8]], matching: &[Vec<usize>]) -> Option<String> {
    let mut case = String::from("[[case]]\ntopic = \"regression\"\n");
    for (rule, text) in rules.iter().enumerate() {
        writeln!(case, "rules.r{rule} = {}", toml_string(std::str::from_utf8(text).ok()?)).ok()?;
    }
    case.push_str("events = [\n");
    for (event, matching) in events.iter().zip(matching) {
        let event = toml_string(std::str::from_utf8(event).ok()?);
        let rules: Vec<String> = matching.iter().map(|rule| format!("\"r{rule}\"")).collect();
        writeln!(case, "  {{ event = {event}, matches = [{}] }},", rules.join(", ")).ok()?;
    }
    case.push_str("]\n");
    Some(case)
}

/// Returns a literal string if TOML allows it.
fn toml_string(text: &str) -> String {
    if text.chars().all(|char| char != '\'' && char.escape_debug().len() == 1 || ['"', '\\'].contains(&char))
    {
        return format!("'{text}'");
    }
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            _ if char == '\'' || char.escape_debug().len() == 1 => quoted.push(char),
            _ => quoted.push_str(&format!("\\U{:08X}", u32::from(char))),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::{Argument, call, corpus_case, law};

    #[test]
    fn call_is_valid_rust() {
        let call = |arguments: &[Argument]| call("law", arguments);
        assert_eq!(
            call(&[Argument::Texts(&[b"{\"a\":[1]}", b"\"#"]), Argument::Texts(&[])]),
            "law(&[r#\"{\"a\":[1]}\"#, r##\"\"#\"##], &[\"\"; 0]);"
        );
        assert_eq!(call(&[Argument::Text(b"\n")]), "law(\"\\n\".as_bytes());");
        assert_eq!(call(&[Argument::Text(b"\"\xff")]), "law(b\"\\\"\\xff\");");
        assert_eq!(
            call(&[Argument::Texts(&[b"{}", b"\xff"])]),
            "law(&[b\"{}\".as_slice(), b\"\\xff\".as_slice()]);"
        );
    }

    #[test]
    fn case_is_valid_toml() {
        let case = corpus_case(&[b"{\"a\":[\"'\"]}"], &[b"{\n}", b"{}"], &[vec![], vec![0]]);
        let expected = "[[case]]\ntopic = \"regression\"\nrules.r0 = \"{\\\"a\\\":[\\\"'\\\"]}\"\nevents = [\n  \
                        { event = \"{\\U0000000A}\", matches = [] },\n  { event = '{}', matches = [\"r0\"] },\n]\n";
        assert_eq!(case.as_deref(), Some(expected));
        assert_eq!(corpus_case(&[b"\xff"], &[], &[]), None);
    }

    #[test]
    fn broken_law_reports_its_reproduction() {
        let broken = std::panic::catch_unwind(|| law("odd", &[Argument::Text(b"1")], || panic!("even")));
        let message = broken.expect_err("a panic").downcast::<String>().expect("a message");
        assert_eq!(*message, "even\nreproduce it with\n    check::odd(r#\"1\"#.as_bytes());");
    }
}
