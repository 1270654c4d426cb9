//! Paths to values of an event: `$.detail.items[0].id`.
//!
//! The steps are those that the documentation lists: names after dots, with letters, digits, dashes,
//! underscores and slashes; indices of arrays; wildcards. The service does not check paths, and what it
//! does not support finds nothing. Here it is refused.

use super::error::{Of, TransformError};
use super::json::{self, items};

/// The maximum length of a path in the API of the service.
const LENGTH: usize = 256;

/// A path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Path {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Name(String),
    Index(usize),
    /// All members or elements.
    All,
}

/// The value at a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Found<'e> {
    Value(&'e str),
    /// The values that a path with a wildcard finds.
    List(Vec<&'e str>),
}

impl Path {
    /// Reads a path. Errors have places in the text of the path.
    pub(crate) fn parse(text: &str) -> Result<Path, TransformError> {
        let fault = |code, at: usize, message: String| {
            let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
            TransformError::new(Of::InputPaths, code, at..end, message)
        };
        if text.chars().count() > LENGTH {
            let message = format!("the path has more than {LENGTH} characters");
            return Err(TransformError::new(Of::InputPaths, "path-too-long", 0..text.len(), message));
        }
        if !text.starts_with('$') {
            let error = fault("path-start", 0, "a path begins with `$`".to_owned());
            return Err(error.with_help(format!("write $.{}", text.trim_start_matches('.'))));
        }
        let mut steps = Vec::new();
        let mut at = 1;
        while let Some(byte) = text.as_bytes().get(at) {
            let rest = text.get(at + 1..).unwrap_or_default();
            match byte {
                b'.' => {
                    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_/*".contains(byte);
                    let length = rest.bytes().take_while(|byte| is_name(byte)).count();
                    let name = &rest[..length];
                    at += 1 + length;
                    steps.push(match name {
                        "" => {
                            let message = "a name is missing after the dot".to_owned();
                            return Err(fault("path-name", at, message));
                        }
                        "*" => Step::All,
                        _ if name.contains('*') => {
                            let message = "`*` is a whole name: all members".to_owned();
                            return Err(fault(
                                "path-wildcard",
                                at - length + name.find('*').unwrap_or(0),
                                message,
                            ));
                        }
                        _ => Step::Name(name.to_owned()),
                    });
                }
                b'[' => {
                    let Some(length) = rest.find(']') else {
                        return Err(fault("path-index", at, "the closing bracket is missing".to_owned()));
                    };
                    let index = &rest[..length];
                    let is_number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
                    steps.push(match index.parse() {
                        _ if index == "*" => Step::All,
                        Ok(index) if is_number => Step::Index(index),
                        _ => return Err(bracket(index, at + 1)),
                    });
                    at += length + 2;
                }
                _ => {
                    let message = "the service takes no such character in a path".to_owned();
                    let error = fault("path-character", at, message);
                    return Err(error.with_help("names have letters, digits, `-`, `_` and `/`"));
                }
            }
        }
        Ok(Path { steps })
    }

    /// Returns the value at the path, or `None` if the event has none. Of members with one name, the last
    /// counts.
    pub(super) fn find<'e>(&self, event: &'e str) -> Option<Found<'e>> {
        let first = self.steps.iter().position(|step| *step == Step::All).unwrap_or(self.steps.len());
        let (single, several) = self.steps.split_at(first);
        let value = single.iter().try_fold(event, |value, step| step.one(value))?;
        if several.is_empty() {
            return Some(Found::Value(value));
        }
        let mut values = vec![value];
        for step in several {
            values = match step {
                Step::All => values.into_iter().flat_map(items).map(|(_, value)| value).collect(),
                step => values.into_iter().filter_map(|value| step.one(value)).collect(),
            };
        }
        Some(Found::List(values))
    }
}

impl Step {
    /// Returns the value at a name or an index.
    fn one<'e>(&self, value: &'e str) -> Option<&'e str> {
        match self {
            Step::Name(name) if json::is_object(value) => {
                items(value).filter(|(written, _)| is_name(written, name)).last().map(|(_, value)| value)
            }
            Step::Index(index) if json::is_array(value) => items(value).nth(*index).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Returns true if a name as it is written is a name.
fn is_name(written: &str, name: &str) -> bool {
    match written.contains('\\') {
        false => written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(name),
        true => json::decoded(written).is_some_and(|decoded| decoded == name),
    }
}

fn bracket(index: &str, at: usize) -> TransformError {
    let error = |code, message| TransformError::new(Of::InputPaths, code, at..at + index.len(), message);
    let name = index.trim_matches(['\'', '"']);
    if name.len() < index.len() {
        let error = error("path-bracket", "the service takes names after a dot, not in brackets");
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte));
        return if is_plain && !name.is_empty() { error.with_help(format!("write .{name}")) } else { error };
    }
    error("path-index", "an index is a whole number, or `*`")
}
