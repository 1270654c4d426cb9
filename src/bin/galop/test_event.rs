//! The event of a test: JSON text, the name of a file, or a value of the format of the file.

use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::output::json_string;
use crate::source;

/// The maximum size of an event in bytes.
const EVENT_LIMIT: u64 = 64 << 20;

/// The text of an event, or the file that has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum EventText {
    Text(String),
    File(PathBuf),
}

impl EventText {
    /// Returns the event of a JSON value: the event of the string, or the value itself.
    pub(crate) fn of_json(value: &RawValue, directory: &Path) -> EventText {
        match serde_json::from_str::<String>(value.get()) {
            Ok(text) => EventText::of_string(text, directory),
            Err(_) => EventText::Text(value.get().to_owned()),
        }
    }

    /// Returns the event of a string: JSON text if the string begins with a brace, otherwise the name
    /// of a file.
    fn of_string(text: String, directory: &Path) -> EventText {
        if text.trim_start().starts_with('{') {
            EventText::Text(text)
        } else {
            EventText::File(directory.join(text))
        }
    }

    /// Returns the bytes of the event, or the reason why the file cannot be read.
    pub(crate) fn read(&self) -> Result<Vec<u8>, String> {
        match self {
            EventText::Text(text) => Ok(text.clone().into_bytes()),
            EventText::File(path) => {
                let shown = path.display();
                if path.is_dir() {
                    return Err(format!("{shown}: a directory"));
                }
                let sources = source::find(std::slice::from_ref(path)).map_err(|error| error.to_string())?;
                let Some(source) = sources.first() else { return Err(format!("{shown}: no file")) };
                source.read(EVENT_LIMIT).map_err(|report| report.text(&shown.to_string()))
            }
        }
    }
}

/// An event as a value of TOML or YAML.
#[derive(Debug)]
pub(crate) struct NativeEvent {
    /// The value as JSON.
    json: String,
    /// The string, if the value is one.
    string: Option<String>,
}

impl NativeEvent {
    pub(crate) fn text(self, directory: &Path) -> EventText {
        match self.string {
            Some(text) => EventText::of_string(text, directory),
            None => EventText::Text(self.json),
        }
    }
}

impl<'de> Deserialize<'de> for NativeEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NativeEvent, D::Error> {
        deserializer.deserialize_any(Native)
    }
}

struct Native;

/// Returns an event without a string.
fn plain<E>(json: impl fmt::Display) -> Result<NativeEvent, E> {
    Ok(NativeEvent { json: json.to_string(), string: None })
}

impl<'de> Visitor<'de> for Native {
    type Value = NativeEvent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, JSON text or the name of a file")
    }

    fn visit_bool<E>(self, value: bool) -> Result<NativeEvent, E> {
        plain(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<NativeEvent, E> {
        plain(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<NativeEvent, E> {
        plain(value)
    }

    fn visit_i128<E>(self, value: i128) -> Result<NativeEvent, E> {
        plain(value)
    }

    fn visit_u128<E>(self, value: u128) -> Result<NativeEvent, E> {
        plain(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<NativeEvent, E> {
        // The number of serde_json is the shortest decimal of the double.
        match serde_json::Number::from_f64(value) {
            Some(number) => plain(number),
            None => Err(E::custom("JSON has no number that is infinite or no number")),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<NativeEvent, E> {
        Ok(NativeEvent { json: json_string(value), string: Some(value.to_owned()) })
    }

    fn visit_unit<E>(self) -> Result<NativeEvent, E> {
        plain("null")
    }

    fn visit_none<E>(self) -> Result<NativeEvent, E> {
        plain("null")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<NativeEvent, D::Error> {
        deserializer.deserialize_any(Native)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<NativeEvent, A::Error> {
        let mut json = "[".to_owned();
        while let Some(NativeEvent { json: element, .. }) = list.next_element()? {
            json += if json.len() > 1 { "," } else { "" };
            json += &element;
        }
        plain(json + "]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NativeEvent, A::Error> {
        let mut json = "{".to_owned();
        while let Some((name, NativeEvent { json: value, string })) =
            map.next_entry::<String, NativeEvent>()?
        {
            // The crate `toml` passes a date as a map of this one member.
            if let (true, Some(date)) = (name == "$__toml_private_datetime", string) {
                return plain(json_string(&date));
            }
            json += if json.len() > 1 { "," } else { "" };
            let _ = write!(json, "{}:{value}", json_string(&name));
        }
        plain(json + "}")
    }
}
