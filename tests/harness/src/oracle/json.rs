//! Section 2: JSON, which is `serde_json`'s, with everything kept that the language looks at: repeated names,
//! the spelling of numbers, unpaired surrogates.

use super::{Reject, reject};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

const MAX_DEPTH: usize = 1000;

/// UTF-16 code units: the one form in which an unpaired surrogate is nothing special.
pub(super) type Units = Vec<u16>;

#[derive(Debug)]
pub(super) enum Json {
    Leaf(Value),
    Array(Vec<Json>),
    Object(Vec<(Units, Json)>),
    /// A container below the depth limit; whoever reads the place it stands in reports it.
    TooDeep,
}

/// Section 3.1: a number is its source text, so that kinds never mix and spelling is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Value {
    String(Units),
    Number(String),
    True,
    False,
    Null,
}

/// Reads the root object and tells whether the text ends with it.
pub(super) fn read_root(text: &[u8]) -> Result<(Vec<(Units, Json)>, bool), Reject> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    // This checks the grammar of the whole root and its encoding; below it nothing can be malformed.
    let Ok(root) = <&RawValue>::deserialize(&mut reader) else {
        return reject("json");
    };
    match read(root, 1) {
        Json::Object(members) => Ok((members, reader.end().is_ok())),
        _ => reject("root-not-object"),
    }
}

/// One level at a time: each value is first only delimited, then read, so that the reader's own recursion
/// limit and its conversion of numbers stay out of the way.
fn read(value: &RawValue, depth: usize) -> Json {
    const VALID: &str = "a delimited value is valid JSON";
    let text = value.get();
    match text.as_bytes()[0] {
        b'{' | b'[' if depth > MAX_DEPTH => Json::TooDeep,
        b'{' => {
            let Members(members) = serde_json::from_str(text).expect(VALID);
            Json::Object(members.into_iter().map(|(name, value)| (name, read(value, depth + 1))).collect())
        }
        b'[' => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).expect(VALID);
            Json::Array(elements.into_iter().map(|element| read(element, depth + 1)).collect())
        }
        b'"' => {
            let Text(units) = serde_json::from_str(text).expect(VALID);
            Json::Leaf(Value::String(units))
        }
        b't' => Json::Leaf(Value::True),
        b'f' => Json::Leaf(Value::False),
        b'n' => Json::Leaf(Value::Null),
        _ => Json::Leaf(Value::Number(text.to_owned())),
    }
}

/// The members of an object in the order of the text, repeated names included.
struct Members<'a>(Vec<(Units, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Text(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// A decoded string. Asked for bytes, `serde_json` gives UTF-8 in which an unpaired surrogate has the three
/// bytes that its number would have.
struct Text(Units);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Decode;
        impl Visitor<'_> for Decode {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                let mut units = Units::new();
                let mut bytes = bytes.iter().map(|&byte| u32::from(byte));
                while let Some(first) = bytes.next() {
                    let (mut point, following) = match first {
                        0..0x80 => (first, 0),
                        0x80..0xe0 => (first & 0x1f, 1),
                        0xe0..0xf0 => (first & 0x0f, 2),
                        _ => (first & 0x07, 3),
                    };
                    for byte in bytes.by_ref().take(following) {
                        point = point << 6 | byte & 0x3f;
                    }
                    match char::from_u32(point) {
                        Some(char) => units.extend_from_slice(char.encode_utf16(&mut [0; 2])),
                        None => units.push(u16::try_from(point).expect("a surrogate")),
                    }
                }
                Ok(Text(units))
            }
        }
        deserializer.deserialize_bytes(Decode)
    }
}

pub(super) fn utf16(text: &str) -> Units {
    text.encode_utf16().collect()
}
