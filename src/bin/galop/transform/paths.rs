//! The variables of a template and their paths: `InputPathsMap`.

use super::error::{Of, TransformError};
use super::json::{self, decoded, items, offset, written_offset};
use super::path::Path;

/// The maximum number of variables in the API of the service.
const COUNT: usize = 100;

/// The maximum length of the name of a variable.
const NAME: usize = 256;

/// Variables and their paths, in the order of the map.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputPaths {
    variables: Vec<(String, Path)>,
}

impl InputPaths {
    /// Reads a map: a JSON object of names and paths.
    pub(crate) fn parse(text: &[u8]) -> Result<InputPaths, TransformError> {
        let map = json::only_value(text, Of::InputPaths)?;
        let start = text.len() - text.trim_ascii_start().len();
        InputPaths::of_value(map).map_err(|error| error.moved(Of::InputPaths, |at| start + at))
    }

    /// Reads a map that is a valid JSON value. Errors have places in the value.
    pub(super) fn of_value(map: &str) -> Result<InputPaths, TransformError> {
        let fault = |code, part: &str, message: String| {
            let start = offset(map, part);
            TransformError::new(Of::InputPaths, code, start..start + part.len(), message)
        };
        if !json::is_object(map) {
            let message = "the map is an object of variables and paths".to_owned();
            return Err(fault("not-a-map", map, message));
        }
        let mut variables: Vec<(String, Path)> = Vec::new();
        for (written, value) in items(map) {
            if variables.len() == COUNT {
                let message = format!("more than {COUNT} variables");
                return Err(fault("too-many-variables", written, message));
            }
            let name = decoded(written).unwrap_or_default();
            if let Some(message) = bad_name(&name) {
                return Err(fault("variable-name", written, message));
            }
            if variables.iter().any(|(other, _)| *other == name) {
                return Err(fault(
                    "repeated-variable",
                    written,
                    format!("the variable {name} is there twice"),
                ));
            }
            let Some(path) = decoded(value) else {
                return Err(fault("path-type", value, "a path is a string".to_owned()));
            };
            let start = offset(map, value);
            let path = Path::parse(&path);
            let path =
                path.map_err(|error| error.moved(Of::InputPaths, |at| start + written_offset(value, at)));
            variables.push((name, path?));
        }
        Ok(InputPaths { variables })
    }

    /// Returns the index of a variable.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|(known, _)| known == name)
    }

    pub(super) fn path(&self, index: usize) -> Option<&Path> {
        self.variables.get(index).map(|(_, path)| path)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|(name, _)| name.as_str())
    }
}

/// Returns the reason why a name is no name of a variable.
fn bad_name(name: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_plain) {
        return Some("the name of a variable has letters, digits, `-` and `_`".to_owned());
    }
    if name.len() > NAME {
        return Some(format!("the name of a variable has at most {NAME} characters"));
    }
    name.starts_with("AWS").then(|| "names that begin with AWS are reserved".to_owned())
}
