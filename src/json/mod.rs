//! The meaning of JSON text (RFC 8259), for patterns and events alike.
//!
//! [`lexer`] turns bytes into tokens with positions, [`string`] decodes strings, [`number`] gives numbers the one form in
//! which they compare, and [`kind`] tells scalar values apart.

pub(crate) mod kind;
pub(crate) mod lexer;
pub(crate) mod number;
pub(crate) mod string;

pub(crate) use kind::Kind;
pub(crate) use lexer::{Lexer, Token};
pub use number::Number;
pub use string::JsonString;
