//! What JSON text means (RFC 8259), said once, for patterns and events alike.
//!
//! [`lexer`] turns bytes into tokens with positions, [`closing`] finds where something ends, [`string`] decodes strings,
//! [`number`] gives numbers the one form in which they compare.

pub(crate) mod lexer;
pub(crate) mod number;
pub(crate) mod string;

pub(crate) use lexer::{Lexer, Token};
pub use number::Number;
pub use string::JsonString;
