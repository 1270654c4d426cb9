//! The schema that `galop schema` prints, compared with the cases of the corpus.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::Command;

use boon::{Compiler, SchemaIndex, Schemas};
use galop_harness::cases::{self, Case, Expect, Limits};
use galop_harness::process;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The codes of the faults that a schema has words for.
const REFUSED: [&str; 20] = [
    "anything-but-empty",
    "anything-but-empty-affix",
    "anything-but-mixed",
    "anything-but-operand",
    "argument-not-string",
    "cidr-syntax",
    "empty-list",
    "empty-object",
    "empty-operator",
    "exists-not-boolean",
    "leaf-not-array",
    "nested-list",
    "numeric-not-list",
    "numeric-syntax",
    "or-not-list",
    "or-not-object",
    "or-reserved-name",
    "or-too-few",
    "root-not-object",
    "wildcard-adjacent-stars",
];

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn of(arguments: &[&str]) -> Schema {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galop"));
        command.arg("schema").args(arguments);
        let output = process::output(&mut command, b"", process::LIMIT).unwrap();
        assert!(output.status.success());
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("pattern.json", serde_json::from_slice(&output.stdout).unwrap()).unwrap();
        let index = compiler.compile("pattern.json", &mut schemas).unwrap();
        Schema { schemas, index }
    }

    fn accepts(&self, pattern: &Value) -> bool {
        self.schemas.validate(pattern, self.index).is_ok()
    }
}

/// A value whose objects have distinct names.
struct Distinct(Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Distinct, D::Error> {
        let value = Box::<RawValue>::deserialize(deserializer)?;
        distinct(value.get()).map(Distinct).map_err(D::Error::custom)
    }
}

fn distinct(text: &str) -> Result<Value, serde_json::Error> {
    match text.as_bytes()[0] {
        b'{' => serde_json::from_str::<Members>(text).map(|members| Value::Object(members.0)),
        b'[' => {
            let items: Vec<Distinct> = serde_json::from_str(text)?;
            Ok(items.into_iter().map(|item| item.0).collect())
        }
        _ => serde_json::from_str(text),
    }
}

struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, Distinct(value))) = map.next_entry::<String, Distinct>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a repeated name"));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

fn corpus() -> Vec<Case> {
    cases::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases")).unwrap()
}

#[test]
fn valid_patterns_are_accepted_and_faults_of_form_refused() {
    let (plain, extended) = (Schema::of(&[]), Schema::of(&["--extensions", "regexp"]));
    let (mut accepted, mut refused, mut codes) = (0, 0, BTreeSet::new());
    for case in corpus() {
        // The validator recurses, and the deepest patterns of the corpus are long.
        if case.pattern.len() > 2_000 {
            continue;
        }
        // Numbers beyond double, unpaired surrogates and repeated names have no value here.
        let Ok(Distinct(pattern)) = serde_json::from_slice(&case.pattern) else { continue };
        let text = String::from_utf8_lossy(&case.pattern);
        let schema = if case.limits == Limits::Extensions { &extended } else { &plain };
        match &case.expect {
            Expect::PatternRejected { code: Some(code), .. } if REFUSED.contains(&code.as_str()) => {
                assert!(!schema.accepts(&pattern), "{}: {text} has {code}", case.id);
                refused += 1;
                codes.insert(code.clone());
            }
            Expect::PatternRejected { .. } => {}
            Expect::PatternAccepted | Expect::EventRejected { .. } | Expect::Matches(_) => {
                assert!(schema.accepts(&pattern), "{}: {text}", case.id);
                accepted += 1;
            }
        }
    }
    assert!(accepted > 5_000 && refused > 300, "{accepted} {refused}");
    assert!(REFUSED.iter().all(|code| codes.contains(*code)), "{codes:?}");
}

#[test]
fn extensions_are_refused_unless_they_are_named() {
    let pattern = serde_json::json!({ "a": [{ "regexp": "x+" }] });
    assert!(!Schema::of(&[]).accepts(&pattern));
    assert!(Schema::of(&["--extensions", "regexp"]).accepts(&pattern));
    let unknown = serde_json::json!({ "a": [{ "contains": "x" }] });
    assert!(!Schema::of(&["--extensions", "regexp"]).accepts(&unknown));
}
