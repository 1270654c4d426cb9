//! `galop schema`: a JSON Schema of the pattern language, for editors.
//!
//! The dialect is [2020-12](https://json-schema.org/draft/2020-12). A schema has no words for names
//! that are written twice, for the order of numbers, for the limits, and for the spelling of
//! addresses: it accepts patterns with such faults.

use std::io::Write;

use clap::Args;
use galop::error::Operator;
use galop::pattern::RESERVED_NAMES;
use serde_json::{Map, Value, json};

use crate::pattern_options::extension;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop schema > pattern.schema.json

A pattern has no member for the name of its schema, so the settings of the editor name the file. For VS \
Code:
  \"json.schemas\": [{\"fileMatch\": [\"rules/*.json\"], \"url\": \"./pattern.schema.json\"}]

The schema accepts every valid pattern. It cannot refuse names that are written twice, bounds in the \
wrong order, invalid addresses, and patterns past a limit. `galop check` refuses them.

Exit codes: 0 the schema is printed, 2 it cannot be written.";

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Operators that EventBridge does not have and that patterns may use: regexp
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = extension)]
    pub(crate) extensions: Vec<Operator>,
}

pub(crate) fn run(args: &SchemaArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    writeln!(out, "{:#}", schema(&args.extensions))?;
    Ok(Ending::Yes)
}

/// A wildcard: no two stars side by side, and a backslash only before a star or a backslash.
const WILDCARD: &str = r"^\*?(?:(?:[^*\\]|\\[*\\])\*?)*$";

/// An address, a slash and a number. The address can be any text of its characters.
const BLOCK: &str = r"^[0-9A-Fa-f:.]+/\+?[0-9]+/*$";

fn schema(extensions: &[Operator]) -> Value {
    let operators = Operator::ALL.into_iter();
    let operators = operators.filter(|operator| !operator.is_extension() || extensions.contains(operator));
    let operators: Map<String, Value> =
        operators.map(|operator| (operator.name().to_owned(), operand(operator))).collect();
    let top: Map<String, Value> =
        ENVELOPE.iter().map(|(name, text)| ((*name).to_owned(), described(text))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Amazon EventBridge event pattern",
        "$ref": "#/$defs/object",
        "properties": top,
        "$defs": {
            "object": object("#/$defs/member", &Map::new()),
            "objectInOr": object(
                "#/$defs/memberInOr",
                &Map::from_iter([("not".to_owned(), json!({ "enum": RESERVED_NAMES }))]),
            ),
            "member": member("#/$defs/object"),
            "memberInOr": member("#/$defs/objectInOr"),
            "or": {
                "description": "Alternatives. One of the objects must hold.",
                "type": "array",
                "minItems": 2,
                "items": { "$ref": "#/$defs/objectInOr" },
            },
            "list": {
                "description": "Alternatives. One of them must hold for a value of the field.",
                "type": "array",
                "minItems": 1,
                "items": { "$ref": "#/$defs/alternative" },
            },
            "alternative": {
                "type": ["string", "number", "boolean", "null", "object"],
                "minProperties": 1,
                "maxProperties": 1,
                "properties": operators,
                "additionalProperties": false,
            },
            "wildcard": { "type": "string", "pattern": WILDCARD },
        },
    })
}

/// The members of the envelope, for completion.
const ENVELOPE: [(&str, &str); 9] = [
    ("source", "The service or application that sent the event."),
    ("detail-type", "The kind of the event."),
    ("detail", "The fields of the sender."),
    ("account", "The account, 12 digits."),
    ("region", "The region of the event."),
    ("resources", "The ARNs of the resources that the event is about."),
    ("time", "The time of the event, in the format of RFC 3339."),
    ("id", "The id of the event."),
    ("version", "The version of the envelope, \"0\"."),
];

fn described(text: &str) -> Value {
    json!({ "description": text })
}

/// Returns the schema of an object of fields. `names` is a schema of the names.
fn object(member: &str, names: &Map<String, Value>) -> Value {
    json!({
        "type": "object",
        "minProperties": 1,
        "properties": { "$or": { "$ref": "#/$defs/or" } },
        "propertyNames": names,
        "additionalProperties": { "$ref": member },
    })
}

/// Returns the schema of the value of a name: a list of alternatives, or an object of fields.
fn member(object: &str) -> Value {
    json!({
        "type": ["array", "object"],
        "if": { "type": "array" },
        "then": { "$ref": "#/$defs/list" },
        "else": { "$ref": object },
    })
}

/// Returns the schema of the operand of an operator.
fn operand(operator: Operator) -> Value {
    let text = |description: &str| json!({ "description": description, "type": "string" });
    let affix = |description: &str| {
        json!({
            "description": description,
            "type": ["string", "object"],
            "minProperties": 1,
            "properties": { "equals-ignore-case": { "type": "string" } },
            "additionalProperties": false,
        })
    };
    match operator {
        Operator::Exactly => text("The text, character for character."),
        Operator::Prefix => affix("Strings that begin with the text."),
        Operator::Suffix => affix("Strings that end with the text."),
        Operator::EqualsIgnoreCase => text("The string in any case."),
        Operator::Wildcard => json!({
            "description": "Strings of this form; * is any text, \\* a star, \\\\ a backslash.",
            "$ref": "#/$defs/wildcard",
        }),
        Operator::AnythingBut => anything_but(),
        Operator::Numeric => numeric(),
        Operator::Cidr => json!({
            "description": "Addresses in the block.",
            "type": "string",
            "pattern": BLOCK,
        }),
        Operator::Exists => json!({
            "description": "true: the field has a value. false: the field has none.",
            "type": "boolean",
        }),
        Operator::Regexp => text("Strings that match the regular expression (RFC 9485) as a whole."),
        // The enum can grow; a test asserts that every operator has a description.
        _ => Value::Bool(true),
    }
}

fn anything_but() -> Value {
    let one_or_list = |item: Value| {
        json!({
            "if": { "type": "array" },
            "then": { "minItems": 1, "items": item },
            "else": item,
        })
    };
    let affix = json!({ "type": "string", "minLength": 1 });
    let text = json!({ "type": "string" });
    let number = json!({ "type": "number" });
    let excluded = json!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {
            "prefix": one_or_list(affix.clone()),
            "suffix": one_or_list(affix),
            "equals-ignore-case": one_or_list(text.clone()),
            "wildcard": one_or_list(json!({ "$ref": "#/$defs/wildcard" })),
        },
        "additionalProperties": false,
    });
    json!({
        "description": "Every value but these.",
        "anyOf": [
            text,
            number,
            { "type": "array", "minItems": 1, "items": text },
            { "type": "array", "minItems": 1, "items": number },
            excluded,
        ],
    })
}

fn numeric() -> Value {
    let range = |comparisons: &[&[&str]]| {
        let items: Vec<Value> = comparisons
            .iter()
            .flat_map(|names| [json!({ "enum": names }), json!({ "type": "number" })])
            .collect();
        let length = items.len();
        json!({ "type": "array", "prefixItems": items, "minItems": length, "maxItems": length })
    };
    json!({
        "description": "Numbers in the range: a comparison and its number, or a lower and an upper bound.",
        "anyOf": [range(&[&["=", "<", "<=", ">", ">="]]), range(&[&[">", ">="], &["<", "<="]])],
    })
}

#[cfg(test)]
mod tests {
    use galop::error::Operator;

    use super::operand;

    #[test]
    fn every_operator_has_an_operand() {
        for operator in Operator::ALL {
            assert!(operand(operator)["description"].is_string(), "{operator}");
        }
    }
}
