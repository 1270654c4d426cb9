//! Section 2: JSON, parsed by `serde_json`. All that the language depends on is kept: repeated
//! names, the spelling of numbers, unpaired surrogates.

use super::{Reject, reject};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

const MAX_DEPTH: usize = 1000;

/// UTF-16 code units. In them, an unpaired surrogate is no special case.
pub(super) type Units = Vec<u16>;

#[derive(Debug)]
pub(super) enum Json {
    Leaf(Value),
    Array(Vec<Json>),
    Object(Vec<(Units, Json)>),
    /// A container below the depth limit. The code that reads its parent reports the error.
    TooDeep,
}

/// Section 3.1: a number is its source text. Kinds thus never mix, and the spelling is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Value {
    String(Units),
    Number(String),
    True,
    False,
    Null,
}

/// Reads the root object. Returns its members, and true if the text ends with it.
pub(super) fn read_root(text: &[u8]) -> Result<(Vec<(Units, Json)>, bool), Reject> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    // The grammar and the encoding of the whole root are checked here, so no inner value can be
    // malformed.
    let Ok(root) = <&RawValue>::deserialize(&mut reader) else {
        return reject("json");
    };
    match read(root, 1) {
        Json::Object(members) => Ok((members, reader.end().is_ok())),
        _ => reject("root-not-object"),
    }
}

/// Reads one level. Each value is first delimited and then read, so the reader's recursion limit
/// and its conversion of numbers do not apply.
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

/// A decoded string. If bytes are requested, `serde_json` returns UTF-8 in which an unpaired
/// surrogate has its three-byte encoding.
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
