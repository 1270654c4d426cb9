#![doc = include_str!("LANGUAGE.md")]

mod ast;
pub(crate) mod branch;
mod checked;
pub(crate) mod complexity;
mod convert;
pub(crate) mod form;
pub(crate) mod limits;
mod object;
mod parse;
mod print;
pub(crate) mod walk;

pub use ast::{Alternative, AnythingBut, Bound, Member, Name, NumericRange, Object, Pattern, ValueTest};
pub use checked::{Cidr, ComparableNumber, Regexp, Wildcard};
pub use parse::RESERVED_NAMES;

pub use crate::json::number::Number;
pub use crate::json::string::JsonString;
