//! Tests inside a rule file: `"tests": {"matches": […], "misses": […]}` beside the pattern of a rule.

use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::rule_entry::Fault;
use crate::test_event::EventText;
use crate::test_model::{Expected, Places, Test, fault, json_fault};

/// The members of a rule that are read here. The others belong to the rule.
#[derive(Deserialize)]
struct Rule<'t> {
    #[serde(borrow)]
    id: Option<&'t RawValue>,
    #[serde(borrow)]
    name: Option<&'t RawValue>,
    #[serde(borrow, rename = "Name")]
    aws_name: Option<&'t RawValue>,
    #[serde(borrow)]
    pattern: Option<&'t RawValue>,
    #[serde(borrow, rename = "EventPattern")]
    aws_pattern: Option<&'t RawValue>,
    #[serde(borrow)]
    tests: Option<&'t RawValue>,
}

/// The events beside a rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Events<'t> {
    #[serde(borrow, default)]
    matches: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    misses: Vec<&'t RawValue>,
}

/// Returns the values of a text of JSON, one after the other.
pub(crate) fn values(text: &str) -> impl Iterator<Item = serde_json::Result<&RawValue>> {
    serde_json::Deserializer::from_str(text).into_iter::<&RawValue>()
}

/// Returns the tests beside the rules of a file, in the order of the text. The rules themselves are
/// checked by the reader of rule files.
pub(crate) fn read(text: &str, directory: &Path) -> Result<Vec<Test>, Fault> {
    let places = Places::new(text);
    let mut tests = Vec::new();
    for value in values(text) {
        // The reader of rule files reports text that is not JSON.
        let Ok(value) = value else { break };
        match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            Ok(elements) => {
                for element in elements {
                    of_rule(&places, element, directory, &mut tests)?;
                }
            }
            Err(_) => of_rule(&places, value, directory, &mut tests)?,
        }
    }
    Ok(tests)
}

fn of_rule(
    places: &Places<'_>,
    value: &RawValue,
    directory: &Path,
    tests: &mut Vec<Test>,
) -> Result<(), Fault> {
    // The reader of rule files reports other values.
    if !value.get().starts_with('{') {
        return Ok(());
    }
    let rule: Rule<'_> =
        serde_json::from_str(value.get()).map_err(|error| json_fault(places, value.get(), &error))?;
    // Without a pattern beside it, `tests` is a field of a pattern.
    let has_pattern = rule.pattern.is_some() || rule.aws_pattern.is_some();
    let Some(events) = rule.tests.filter(|_| has_pattern) else { return Ok(()) };
    let id = [rule.id, rule.name, rule.aws_name].into_iter().flatten().find_map(scalar);
    let Some(id) = id else {
        return Err(fault(places.of(value.get()), "missing-id", "a rule with tests has no `id`"));
    };
    let events: Events<'_> =
        serde_json::from_str(events.get()).map_err(|error| json_fault(places, events.get(), &error))?;
    for (is_match, verb, events) in [(true, "matches", events.matches), (false, "misses", events.misses)] {
        for (index, event) in events.into_iter().enumerate() {
            let ids = vec![id.clone()];
            let expected = if is_match {
                Expected { matches: ids, ..Expected::default() }
            } else {
                Expected { misses: ids, ..Expected::default() }
            };
            tests.push(Test {
                name: format!("{id} {verb} {}", index + 1),
                place: places.of(event.get()),
                event: EventText::of_json(event, directory),
                expected,
            });
        }
    }
    Ok(())
}

/// Returns the text of a string or a number.
fn scalar(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'"' => serde_json::from_str(value.get()).ok(),
        b'-' | b'0'..=b'9' => Some(value.get().to_owned()),
        _ => None,
    }
}
