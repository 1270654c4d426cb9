//! [`Expected`]: the tokens that are allowed at the position of an error.

use std::fmt;

/// The tokens that the grammar allows at the position of an
/// [`UnexpectedCharacter`](super::JsonErrorKind::UnexpectedCharacter).
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
    /// Returns the help for other characters in this place.
    pub(super) fn help(self) -> &'static str {
        match self {
            Expected::Value => "texts are in double quotes; no comma before `]`, and no comments",
            Expected::ValueOrClose => "texts are in double quotes; there are no comments",
            Expected::Name => "names are in double quotes; no comma before `}`, and no comments",
            Expected::NameOrClose => "names are in double quotes; there are no comments",
            Expected::Colon => "write a colon after the name",
            Expected::CommaOrBrace => "write a comma between two members; close an object with `}`",
            Expected::CommaOrBracket => "write a comma between two values; close a list with `]`",
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Value => "a value",
            Expected::ValueOrClose => "a value or `]`",
            Expected::Name => "a name in double quotes",
            Expected::NameOrClose => "a name in double quotes or `}`",
            Expected::Colon => "`:`",
            Expected::CommaOrBrace => "`,` or `}`",
            Expected::CommaOrBracket => "`,` or `]`",
        })
    }
}
