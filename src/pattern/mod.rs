#![doc = include_str!("LANGUAGE.md")]

mod ast;
pub(crate) mod branch;
pub(crate) mod complexity;
mod object;
mod parse;
mod print;
pub(crate) mod walk;

pub use ast::{Alternative, AnythingBut, Bound, Member, Name, NumericRange, Object, Pattern, ValueTest};

pub use crate::json::{JsonString, Number};
