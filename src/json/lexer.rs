//! Lexer: reads JSON tokens from bytes.

use crate::error::{Expected, JsonError, JsonErrorKind, Span};

use super::{number, string};

/// A token of JSON text. [`Lexer::span`] returns its position.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Token {
    ObjectOpen,
    ObjectClose,
    ArrayOpen,
    ArrayClose,
    Colon,
    Comma,
    /// A string. Its span contains the quotes, and every escape in the string is valid.
    String {
        escaped: bool,
    },
    Number,
    True,
    False,
    Null,
    End,
}

/// Reads tokens from UTF-8 text.
///
/// The lexer checks each token by itself. The caller checks the order of tokens, because only the
/// caller knows the grammar of the text. [`Lexer::unexpected`] makes the error.
#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    span: Span,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Lexer<'a> {
        Lexer::starting_at(text, 0)
    }

    /// Returns a lexer that begins at an offset of the text.
    pub(crate) fn starting_at(text: &'a [u8], at: usize) -> Lexer<'a> {
        Lexer { text, at, span: Span::new(at, at) }
    }

    /// Returns the offset after the last token.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Goes on at another offset, which must be between two tokens.
    pub(crate) fn jump(&mut self, at: usize) {
        *self = Lexer::starting_at(self.text, at);
    }

    /// Returns the whole text.
    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Returns the position of the last token.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// Returns the bytes of the last token.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        &self.text[self.span.start..self.span.end]
    }

    /// Returns the bytes between the quotes of the last token, which must be a string.
    pub(crate) fn string_content(&self) -> &'a [u8] {
        &self.text[self.span.start + 1..self.span.end - 1]
    }

    /// Reads the next token. Returns an error if the token is invalid.
    pub(crate) fn next(&mut self) -> Result<Token, JsonError> {
        let start = self.skip_blanks(self.at);
        let Some(&first) = self.text.get(start) else {
            self.span = Span::new(start, start);
            return Ok(Token::End);
        };
        let (token, length) = match first {
            b'{' => (Token::ObjectOpen, 1),
            b'}' => (Token::ObjectClose, 1),
            b'[' => (Token::ArrayOpen, 1),
            b']' => (Token::ArrayClose, 1),
            b':' => (Token::Colon, 1),
            b',' => (Token::Comma, 1),
            b'"' => {
                let (length, escaped) = string::scan(&self.text[start..]).map_err(|fault| fault.at(start))?;
                (Token::String { escaped }, length)
            }
            b'-' | b'0'..=b'9' => {
                let length = number::run(&self.text[start..]);
                if !number::is_valid(&self.text[start..start + length]) {
                    return Err(error(JsonErrorKind::InvalidNumber, start, length));
                }
                (Token::Number, length)
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                let word = |b: &u8| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'));
                let rest = &self.text[start..];
                let length = rest.iter().position(word).unwrap_or(rest.len());
                let token = match &rest[..length] {
                    b"true" => Token::True,
                    b"false" => Token::False,
                    b"null" => Token::Null,
                    _ => return Err(error(JsonErrorKind::InvalidLiteral, start, length)),
                };
                (token, length)
            }
            _ => {
                self.span = Span::new(start, start + char_length(first));
                return Err(self.unexpected_character(Expected::Value));
            }
        };
        self.at = start + length;
        self.span = Span::new(start, self.at);
        Ok(token)
    }

    /// Returns the offset of the first byte at or after `at` that is not white space.
    pub(crate) fn skip_blanks(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.get(at) {
            at += 1;
        }
        at
    }

    /// Reads the next token. Returns an error if the token is not `token`.
    pub(crate) fn expect(&mut self, token: Token, expected: Expected) -> Result<(), JsonError> {
        match self.next_or(expected)? {
            next if next == token => Ok(()),
            next => Err(self.unexpected(next, expected)),
        }
    }

    /// Reads the next token, for a caller whose grammar allows only `expected`.
    ///
    /// A character that begins no token is reported as not `expected`. An invalid token is reported
    /// in the same way if its first character cannot begin an `expected` token.
    pub(crate) fn next_or(&mut self, expected: Expected) -> Result<Token, JsonError> {
        let start = self.skip_blanks(self.at);
        match self.next() {
            Err(error) => {
                let first = self.text[start];
                let out_of_place = match expected {
                    Expected::Value | Expected::ValueOrClose => false,
                    Expected::Name | Expected::NameOrClose => first != b'"',
                    Expected::Colon | Expected::CommaOrBrace | Expected::CommaOrBracket => true,
                };
                if out_of_place || matches!(error.kind, JsonErrorKind::UnexpectedCharacter { .. }) {
                    self.span = Span::new(start, start + char_length(first));
                    return Err(self.unexpected_character(expected));
                }
                Err(error)
            }
            token => token,
        }
    }

    /// Returns the error for a token that the grammar does not allow at its position.
    pub(crate) fn unexpected(&self, token: Token, expected: Expected) -> JsonError {
        match token {
            Token::End => JsonError { kind: JsonErrorKind::UnexpectedEnd, span: self.span },
            _ => self.unexpected_character(expected),
        }
    }

    fn unexpected_character(&self, expected: Expected) -> JsonError {
        JsonError { kind: JsonErrorKind::UnexpectedCharacter { expected }, span: self.span }
    }
}

fn error(kind: JsonErrorKind, start: usize, length: usize) -> JsonError {
    JsonError { kind, span: Span::new(start, start + length) }
}

/// Returns the length of the UTF-8 sequence that begins with the byte `first`.
fn char_length(first: u8) -> usize {
    match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

/// Returns the error for the first invalid UTF-8 sequence, if there is one.
pub(crate) fn utf8_error(bytes: &[u8]) -> Option<JsonError> {
    let fault = std::str::from_utf8(bytes).err()?;
    let start = fault.valid_up_to();
    let length = fault.error_len().unwrap_or(bytes.len() - start);
    Some(error(JsonErrorKind::InvalidUtf8, start, length))
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Token, utf8_error};

    fn tokens(text: &str) -> Vec<(Token, &str)> {
        let mut lexer = Lexer::new(text.as_bytes());
        let mut found = Vec::new();
        loop {
            let token = lexer.next().unwrap();
            found.push((token, &text[lexer.span().start..lexer.span().end]));
            if token == Token::End {
                return found;
            }
        }
    }

    #[test]
    fn every_kind_of_token_is_read() {
        assert_eq!(
            tokens(" { } [\t]\r\n:,\"a\\n\"\"\" -1.5e+3 true false null"),
            [
                (Token::ObjectOpen, "{"),
                (Token::ObjectClose, "}"),
                (Token::ArrayOpen, "["),
                (Token::ArrayClose, "]"),
                (Token::Colon, ":"),
                (Token::Comma, ","),
                (Token::String { escaped: true }, "\"a\\n\""),
                (Token::String { escaped: false }, "\"\""),
                (Token::Number, "-1.5e+3"),
                (Token::True, "true"),
                (Token::False, "false"),
                (Token::Null, "null"),
                (Token::End, ""),
            ]
        );
    }

    #[test]
    fn errors_have_a_code_and_a_span() {
        for (text, code, start, end) in [
            ("tru", "invalid-literal", 0, 3),
            ("nullx ", "invalid-literal", 0, 5),
            (" 01", "invalid-number", 1, 3),
            ("-", "invalid-number", 0, 1),
            ("1.", "invalid-number", 0, 2),
            ("1e", "invalid-number", 0, 2),
            ("+1", "unexpected-character", 0, 1),
            (".5", "unexpected-character", 0, 1),
            ("ä", "unexpected-character", 0, 2),
            ("\u{feff}{", "unexpected-character", 0, 3),
            ("\"a", "unexpected-end", 2, 2),
            ("\"a\\", "unexpected-end", 3, 3),
            ("\"\\u12", "unexpected-end", 5, 5),
            ("\"\\q\"", "invalid-escape", 1, 3),
            ("\"\\u12g4\"", "invalid-escape", 1, 5),
            ("\"a\u{1}\"", "control-character", 2, 3),
        ] {
            let error = Lexer::new(text.as_bytes()).next().unwrap_err();
            assert_eq!((error.kind.code(), error.span.start, error.span.end), (code, start, end), "{text:?}");
        }
    }

    #[test]
    fn utf8_errors_have_a_span() {
        assert_eq!(utf8_error("ä".as_bytes()), None);
        let error = utf8_error(b"ab\xC3\x28").unwrap();
        assert_eq!((error.kind.code(), error.span.start, error.span.end), ("invalid-utf8", 2, 3));
        let error = utf8_error(b"ab\xE2\x82").unwrap();
        assert_eq!((error.span.start, error.span.end), (2, 4));
        let error = utf8_error(b"abcd\xF0\x9F\x98").unwrap();
        assert_eq!((error.span.start, error.span.end), (4, 7));
    }
}
