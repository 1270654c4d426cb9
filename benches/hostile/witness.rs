//! Events that match hostile rules.

use serde_json::{Map, Value, json};

/// Returns an event that satisfies the first alternative of each field and of each `$or`.
///
/// The function knows the rules of this bench only: no exclusion covers the text `neither`.
pub(crate) fn witness(rule: &str) -> String {
    // `serde_json` refuses unpaired surrogates. They only occur in exclusions.
    let rule: Value = serde_json::from_str(&rule.replace("\\ud800", "?")).expect("the rule is JSON");
    let mut event = Map::new();
    fill(&rule, &mut event);
    Value::Object(event).to_string()
}

fn fill(rule: &Value, event: &mut Map<String, Value>) {
    for (name, test) in rule.as_object().expect("a rule is an object") {
        match test {
            Value::Array(alternatives) if name == "$or" => fill(&alternatives[0], event),
            Value::Array(tests) => {
                if let Some(value) = value(&tests[0]) {
                    event.insert(name.clone(), value);
                }
            }
            Value::Object(_) => {
                let inner = event.entry(name.clone()).or_insert_with(|| json!({}));
                fill(test, inner.as_object_mut().expect("the rule has an object here"));
            }
            _ => panic!("{rule} is no rule"),
        }
    }
}

/// Returns a value that satisfies a test, or none if absence does.
fn value(test: &Value) -> Option<Value> {
    let Value::Object(operator) = test else {
        return Some(test.clone());
    };
    let (name, argument) = operator.iter().next().expect("an operator has a name");
    Some(match &**name {
        "exists" => return argument.as_bool().expect("it is true or false").then(|| json!("there")),
        "anything-but" => json!("neither"),
        "wildcard" => json!(without_stars(argument.as_str().expect("it is a text"))),
        "numeric" => number(argument.as_array().expect("it is a list")),
        "cidr" => json!(argument.as_str().expect("it is a text").split('/').next()),
        _ => match argument {
            Value::Object(inner) => inner["equals-ignore-case"].clone(),
            text => text.clone(),
        },
    })
}

/// Returns a number within bounds.
fn number(bounds: &[Value]) -> Value {
    let number = |at: usize| bounds[at].as_f64().expect("it is a number");
    match bounds[0].as_str() {
        Some("<" | "<=") => json!(number(1) - 1.0),
        Some(">") if bounds.len() > 2 => json!((number(1) + number(3)) / 2.0),
        Some(">") => json!(number(1) + 1.0),
        _ => bounds[1].clone(),
    }
}

/// Returns the shortest text that a wildcard matches.
fn without_stars(wildcard: &str) -> String {
    let mut characters = wildcard.chars();
    let mut text = String::new();
    while let Some(character) = characters.next() {
        match character {
            '*' => {}
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}
