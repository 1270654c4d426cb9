//! Values of `serde_json`.

use std::slice;

use ::serde_json::{Map, Number, Value, map};

use crate::error::EventError;

use super::ParsedEvent;
use super::reading::{Readable, Reading};
use super::stack::{Stacks, recycled};
use super::view::{Number as Kept, Parsed, View};

#[cfg_attr(docsrs, doc(cfg(feature = "serde_json")))]
impl ParsedEvent for Value {}

impl Readable for Value {
    fn read(&self, reading: Reading<'_>, stacks: &mut Stacks) -> Result<(), EventError> {
        read(self.view(), reading, stacks)
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde_json")))]
impl ParsedEvent for Map<String, Value> {}

impl Readable for Map<String, Value> {
    fn read(&self, reading: Reading<'_>, stacks: &mut Stacks) -> Result<(), EventError> {
        read(View::Object(self.iter()), reading, stacks)
    }
}

fn read<'e>(
    root: View<'e, &'e Value>,
    mut reading: Reading<'_>,
    stacks: &mut Stacks,
) -> Result<(), EventError> {
    let mut stack = recycled(std::mem::take(&mut stacks.serde_json));
    let result = reading.read(root, &mut stack);
    stacks.serde_json = recycled(stack);
    result
}

impl<'e> Parsed<'e> for &'e Value {
    type Name = &'e String;
    type Members = map::Iter<'e>;
    type Elements = slice::Iter<'e, Value>;

    #[inline(always)]
    fn view(self) -> View<'e, &'e Value> {
        match self {
            Value::Object(members) => View::Object(members.iter()),
            Value::Array(elements) => View::Array(elements.iter()),
            Value::String(text) => View::String(text),
            Value::Number(number) => View::Number(kept(number)),
            Value::Bool(true) => View::True,
            Value::Bool(false) => View::False,
            Value::Null => View::Null,
        }
    }
}

/// Provides `as_str` for numbers if `serde_json` is built without its feature
/// `arbitrary_precision`. With the feature, numbers have a method with the same name, and method
/// lookup prefers it to the method of a trait.
#[allow(dead_code, reason = "not called if numbers have a method of this name")]
trait Textless {
    fn as_str(&self) -> &str {
        ""
    }
}

impl Textless for Number {}

fn kept(number: &Number) -> Kept<'_> {
    let text = number.as_str();
    if !text.is_empty() {
        return Kept::Text(text);
    }
    if let Some(value) = number.as_u64() {
        Kept::Integer { is_negative: false, magnitude: value.into() }
    } else if let Some(value) = number.as_i64() {
        Kept::Integer { is_negative: value < 0, magnitude: value.unsigned_abs().into() }
    } else {
        Kept::Double(number.as_f64().unwrap_or(f64::NAN))
    }
}
