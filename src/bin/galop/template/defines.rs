//! The values that the command line gives to names of templates.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::de::IgnoredAny;

use crate::output::json_string;

/// The values of names that templates refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defines(HashMap<String, Value>);

/// The value of a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    Text(String),
    /// A JSON value, which is valid.
    Json(String),
}

impl Value {
    /// Returns the value as a part of a text.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Text(text) => text.into(),
            Value::Json(json) if json.starts_with('"') => {
                serde_json::from_str::<String>(json).map_or(json.into(), Cow::Owned)
            }
            Value::Json(json) => json.into(),
        }
    }

    /// Returns the value as JSON.
    pub(super) fn json(&self) -> Cow<'_, str> {
        match self {
            Value::Text(text) => json_string(text).into(),
            Value::Json(json) => json.into(),
        }
    }
}

impl Defines {
    pub(crate) fn new(values: &[(String, Value)]) -> Defines {
        Defines(values.iter().cloned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// Parses `NAME=VALUE`, or `NAME:=JSON`.
pub(crate) fn define(argument: &str) -> Result<(String, Value), String> {
    match argument.split_once('=') {
        Some((name, json)) if name.len() > 1 && name.ends_with(':') => {
            let json = json.trim();
            if let Err(error) = serde_json::from_str::<IgnoredAny>(json) {
                return Err(format!("the value after `:=` is not JSON: {error}"));
            }
            Ok((name[..name.len() - 1].to_owned(), Value::Json(json.to_owned())))
        }
        Some((name, text)) if !name.is_empty() => Ok((name.to_owned(), Value::Text(text.to_owned()))),
        _ => Err("expected NAME=VALUE or NAME:=JSON".to_owned()),
    }
}
