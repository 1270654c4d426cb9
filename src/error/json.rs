//! Faults of the JSON grammar (RFC 8259), which patterns and events share.

use std::fmt;

use super::Span;

/// What is wrong with a text as JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The text ends before the value it began is complete.
    UnexpectedEnd,
    /// A character that cannot stand where it stands.
    UnexpectedCharacter {
        /// What could have stood there.
        expected: Expected,
    },
    /// A word that is neither `true`, `false` nor `null`.
    InvalidLiteral,
    /// A number that RFC 8259 does not allow, such as `01`, `1.` or `.5`.
    InvalidNumber,
    /// An escape that RFC 8259 does not allow.
    InvalidEscape,
    /// A character below U+0020 that stands in a string without being escaped.
    ControlCharacter,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// Something follows the root object.
    TrailingText,
    /// Objects and arrays are nested more deeply than the limit allows.
    TooDeep {
        /// The limit, in levels; the root is the first.
        limit: usize,
    },
    /// The root is not an object.
    RootNotObject,
}

/// What the grammar allows at the place of an [`UnexpectedCharacter`](JsonErrorKind::UnexpectedCharacter).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Expected {
    /// Any value.
    Value,
    /// Any value, or the bracket that closes an empty array.
    ValueOrClose,
    /// The name of an object's member, in double quotes.
    Name,
    /// The name of an object's member, or the brace that closes an empty object.
    NameOrClose,
    /// The colon between a name and its value.
    Colon,
    /// A comma, or the brace that closes the object.
    CommaOrBrace,
    /// A comma, or the bracket that closes the array.
    CommaOrBracket,
}

impl Expected {
    fn phrase(self) -> &'static str {
        match self {
            Expected::Value => "a value",
            Expected::ValueOrClose => "a value or `]`",
            Expected::Name => "a name in double quotes",
            Expected::NameOrClose => "a name in double quotes or `}`",
            Expected::Colon => "`:`",
            Expected::CommaOrBrace => "`,` or `}`",
            Expected::CommaOrBracket => "`,` or `]`",
        }
    }
}

impl JsonErrorKind {
    /// The stable name of this kind of error: `unexpected-character`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            JsonErrorKind::UnexpectedEnd => "unexpected-end",
            JsonErrorKind::UnexpectedCharacter { .. } => "unexpected-character",
            JsonErrorKind::InvalidLiteral => "invalid-literal",
            JsonErrorKind::InvalidNumber => "invalid-number",
            JsonErrorKind::InvalidEscape => "invalid-escape",
            JsonErrorKind::ControlCharacter => "control-character",
            JsonErrorKind::InvalidUtf8 => "invalid-utf8",
            JsonErrorKind::TrailingText => "trailing-text",
            JsonErrorKind::TooDeep { .. } => "too-deep",
            JsonErrorKind::RootNotObject => "root-not-object",
        }
    }
}

impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonErrorKind::UnexpectedEnd => f.write_str("the text ends too early"),
            JsonErrorKind::UnexpectedCharacter { expected } => {
                write!(f, "unexpected character, expected {}", expected.phrase())
            }
            JsonErrorKind::InvalidLiteral => f.write_str("unknown word, expected `true`, `false` or `null`"),
            JsonErrorKind::InvalidNumber => f.write_str("not a JSON number"),
            JsonErrorKind::InvalidEscape => f.write_str("not a JSON escape"),
            JsonErrorKind::ControlCharacter => {
                f.write_str("control character in a string, it must be escaped")
            }
            JsonErrorKind::InvalidUtf8 => f.write_str("not UTF-8"),
            JsonErrorKind::TrailingText => f.write_str("text follows the root object"),
            JsonErrorKind::TooDeep { limit } => write!(f, "nested more than {limit} levels deep"),
            JsonErrorKind::RootNotObject => f.write_str("the root must be an object"),
        }
    }
}

/// A fault with its place; patterns and events wrap it in errors of their own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct JsonError {
    pub(crate) kind: JsonErrorKind,
    pub(crate) span: Span,
}
