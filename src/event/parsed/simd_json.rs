//! Values and tapes of `simd_json`.

use std::borrow::Cow;
use std::slice;

use ::simd_json::{BorrowedValue, OwnedValue, Tape, borrowed, owned};

use crate::error::EventError;

use super::ParsedEvent;
use super::reading::{Readable, Reading};
use super::stack::{Stacks, recycled};
use super::tape::{Nodes, scalar_view};
use super::view::{Parsed, View};

#[cfg_attr(docsrs, doc(cfg(feature = "simd-json")))]
impl ParsedEvent for BorrowedValue<'_> {}

impl Readable for BorrowedValue<'_> {
    fn read(&self, mut reading: Reading<'_>, stacks: &mut Stacks) -> Result<(), EventError> {
        let mut stack = recycled(std::mem::take(&mut stacks.borrowed));
        let result = reading.read(self.view(), &mut stack);
        stacks.borrowed = recycled(stack);
        result
    }
}

impl<'e> Parsed<'e> for &'e BorrowedValue<'e> {
    type Name = &'e Cow<'e, str>;
    type Members = <&'e borrowed::Object<'e> as IntoIterator>::IntoIter;
    type Elements = slice::Iter<'e, BorrowedValue<'e>>;

    #[inline(always)]
    fn view(self) -> View<'e, &'e BorrowedValue<'e>> {
        match self {
            BorrowedValue::Object(members) => View::Object(members.iter()),
            BorrowedValue::Array(elements) => View::Array(elements.iter()),
            BorrowedValue::String(text) => View::String(text),
            BorrowedValue::Static(scalar) => scalar_view(scalar),
        }
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "simd-json")))]
impl ParsedEvent for OwnedValue {}

impl Readable for OwnedValue {
    fn read(&self, mut reading: Reading<'_>, stacks: &mut Stacks) -> Result<(), EventError> {
        let mut stack = recycled(std::mem::take(&mut stacks.owned));
        let result = reading.read(self.view(), &mut stack);
        stacks.owned = recycled(stack);
        result
    }
}

impl<'e> Parsed<'e> for &'e OwnedValue {
    type Name = &'e String;
    type Members = <&'e owned::Object as IntoIterator>::IntoIter;
    type Elements = slice::Iter<'e, OwnedValue>;

    #[inline(always)]
    fn view(self) -> View<'e, &'e OwnedValue> {
        match self {
            OwnedValue::Object(members) => View::Object(members.iter()),
            OwnedValue::Array(elements) => View::Array(elements.iter()),
            OwnedValue::String(text) => View::String(text),
            OwnedValue::Static(scalar) => scalar_view(scalar),
        }
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "simd-json")))]
impl ParsedEvent for Tape<'_> {}

impl Readable for Tape<'_> {
    fn read(&self, mut reading: Reading<'_>, stacks: &mut Stacks) -> Result<(), EventError> {
        let mut stack = recycled(std::mem::take(&mut stacks.tape));
        let result = reading.read(Nodes::of(self).view(), &mut stack);
        stacks.tape = recycled(stack);
        result
    }
}
