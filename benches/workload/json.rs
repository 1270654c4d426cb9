//! JSON text in insertion order, because producers rarely sort their keys.

use std::fmt::Write;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number in its spelling.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    pub(crate) fn number(number: impl ToString) -> Json {
        Json::Number(number.to_string())
    }

    pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Inserts a value at a path of names joined with dots. `self` and all values on the path are
    /// objects.
    pub(crate) fn insert(&mut self, path: &str, value: Json) {
        let Json::Object(members) = self else {
            panic!("{path} leads into {self:?}");
        };
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let Some(rest) = rest else {
            members.push((name.to_owned(), value));
            return;
        };
        let at = members.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
            members.push((name.to_owned(), Json::Object(Vec::new())));
            members.len() - 1
        });
        members[at].1.insert(rest, value);
    }

    /// Appends the text without white space. If `ascii` is true, all other characters are escaped,
    /// as some producers do.
    pub(crate) fn write(&self, out: &mut String, ascii: bool) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(number) => out.push_str(number),
            Json::Text(text) => write_text(text, out, ascii),
            Json::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    value.write(out, ascii);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(name, out, ascii);
                    out.push(':');
                    value.write(out, ascii);
                }
                out.push('}');
            }
        }
    }

    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, false);
        out
    }
}

fn write_text(text: &str, out: &mut String, ascii: bool) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if character < ' ' || (ascii && !character.is_ascii()) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("a string takes everything");
                }
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
