//! Files of tests: TOML, YAML or JSON, and tests beside the rules of a rule file.
//!
//! The three formats have one data model. The extension of a file decides on its format, and the text
//! does if the extension is another one. Each test has its place in the file.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::test_event::{EventText, NativeEvent};
use crate::test_model::{Expected, Places, Suite, Test, fault, invalid, json_fault};
use crate::tests_beside_rules as beside;

/// The members of a file of tests.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<T> {
    rules: Names,
    #[serde(rename = "test", alias = "tests")]
    tests: Vec<T>,
}

/// One name or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a string or a list of strings")]
enum Names {
    One(String),
    Several(Vec<String>),
}

/// The members of a test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<E> {
    name: Option<String>,
    event: E,
    #[serde(default)]
    matches: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
    exactly: Option<Vec<String>>,
    rejected: Option<String>,
}

impl<E> Entry<E> {
    fn test(self, place: Place, number: usize, event: impl FnOnce(E) -> EventText) -> Test {
        let Entry { name, matches, misses, exactly, rejected, .. } = self;
        let name = name.unwrap_or_else(|| format!("test {number}"));
        Test {
            name,
            place,
            event: event(self.event),
            expected: Expected { matches, misses, exactly, rejected },
        }
    }
}

/// Returns the tests of a file. `path` is its path, relative to which rule files and events are named.
pub(crate) fn read(text: &[u8], path: &Path, file: &Arc<str>) -> Result<Suite, Fault> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let valid = String::from_utf8_lossy(&text[..error.valid_up_to()]);
        let place = Places::new(&valid).at(usize::MAX);
        fault(place, "invalid-utf8", "the text is not UTF-8")
    })?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let (names, tests) = match format(text, path) {
        Format::Toml => toml(text, directory)?,
        Format::Yaml => yaml(text, directory)?,
        Format::Json => match json(text, directory)? {
            Some(found) => found,
            None => {
                let tests = beside::read(text, directory)?;
                return Ok(Suite { file: Arc::clone(file), rules: vec![path.to_owned()], tests });
            }
        },
    };
    let names = match names {
        Names::One(name) => vec![name],
        Names::Several(names) => names,
    };
    let rules = names.iter().map(|name| directory.join(name)).collect();
    Ok(Suite { file: Arc::clone(file), rules, tests })
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Format {
    Toml,
    Yaml,
    Json,
}

fn format(text: &str, path: &Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => Format::Toml,
        Some("yaml" | "yml") => Format::Yaml,
        Some("json" | "jsonl" | "ndjson") => Format::Json,
        // A table of TOML begins with a bracket, too, but is no value of JSON.
        _ if text.trim_start().starts_with('{')
            || beside::values(text).next().is_some_and(|value| value.is_ok()) =>
        {
            Format::Json
        }
        _ => Format::Toml,
    }
}

type Found = (Names, Vec<Test>);

fn toml(text: &str, directory: &Path) -> Result<Found, Fault> {
    let places = Places::new(text);
    let members: Members<toml::Spanned<Entry<NativeEvent>>> = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        invalid(places.at(at), "invalid-toml", error.message())
    })?;
    let tests = members.tests.into_iter().enumerate().map(|(index, entry)| {
        let place = places.at(entry.span().start);
        entry.into_inner().test(place, index + 1, |event| event.text(directory))
    });
    Ok((members.rules, tests.collect()))
}

fn yaml(text: &str, directory: &Path) -> Result<Found, Fault> {
    let located =
        |at: serde_saphyr::Location| Place { line: at.line() as usize, column: at.column() as usize };
    let members: Members<serde_saphyr::Spanned<Entry<NativeEvent>>> =
        serde_saphyr::from_str(text).map_err(|error| {
            let at = error.location().map_or(Place { line: 1, column: 1 }, located);
            let message = error.without_snippet().to_string();
            let message = message.lines().next().unwrap_or_default();
            let message = message.split(" at line ").next().unwrap_or(message);
            invalid(at, "invalid-yaml", message)
        })?;
    let tests = members.tests.into_iter().enumerate().map(|(index, entry)| {
        entry.value.test(located(entry.referenced), index + 1, |event| event.text(directory))
    });
    Ok((members.rules, tests.collect()))
}

/// Returns `None` if the text is a rule file.
fn json(text: &str, directory: &Path) -> Result<Option<Found>, Fault> {
    let Some(Ok(first)) = beside::values(text).next() else { return Ok(None) };
    // In a rule, the tests are an object.
    let has_tests = serde_json::from_str::<HasTests<'_>>(first.get())
        .is_ok_and(|members| members.tests.is_some_and(|tests| tests.get().starts_with('[')));
    if !has_tests {
        return Ok(None);
    }
    let places = Places::new(text);
    let members: Members<&RawValue> =
        serde_json::from_str(text).map_err(|error| json_fault(&places, text, &error))?;
    let mut tests = Vec::with_capacity(members.tests.len());
    for (index, value) in members.tests.iter().enumerate() {
        let entry: Entry<&RawValue> =
            serde_json::from_str(value.get()).map_err(|error| json_fault(&places, value.get(), &error))?;
        let place = places.of(value.get());
        let event = entry.event;
        tests.push(entry.test(place, index + 1, |_| EventText::of_json(event, directory)));
    }
    Ok(Some((members.rules, tests)))
}

/// The member that tells a file of tests from a file of rules.
#[derive(Deserialize)]
struct HasTests<'t> {
    #[serde(borrow, rename = "test", alias = "tests")]
    tests: Option<&'t RawValue>,
}
