//! JSON text (RFC 8259), for patterns and events.
//!
//! [`lexer`] reads tokens and their positions. [`string`] decodes strings. [`number`] converts
//! numbers to the form in which they are compared. [`kind`] names the kinds of scalar values.

pub(crate) mod kind;
pub(crate) mod lexer;
pub(crate) mod number;
pub(crate) mod string;

pub(crate) use kind::Kind;
pub(crate) use lexer::{Lexer, Token};
pub use number::Number;
pub use string::JsonString;
