//! The values that the command line gives to names of templates.

use std::collections::HashMap;

/// The values of names that templates refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defines(HashMap<String, String>);

impl Defines {
    pub(crate) fn new(values: &[(String, String)]) -> Defines {
        Defines(values.iter().cloned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Parses `NAME=VALUE`.
pub(crate) fn define(argument: &str) -> Result<(String, String), String> {
    match argument.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}
