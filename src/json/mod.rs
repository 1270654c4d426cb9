//! JSON text (RFC 8259), for patterns and events.
//!
//! [`value_span`] finds the values of a text, such as a file of rules, before they are parsed.

// `lexer` reads tokens and their positions. `string` decodes strings. `number` converts numbers to
// the form in which they are compared. `kind` names the kinds of scalar values.

pub(crate) mod kind;
pub(crate) mod lexer;
pub(crate) mod number;
pub(crate) mod string;
mod value;

pub(crate) use kind::Kind;
pub(crate) use lexer::{Lexer, Token};
pub(crate) use number::Number;
pub(crate) use string::JsonString;
pub use value::value_span;
