//! The extent of one JSON value in a text that may hold several.

use crate::error::{Expected, JsonError, JsonErrorKind, Span};

use super::lexer::utf8_error;
use super::{Lexer, Token};

/// The maximum number of levels of nesting.
const DEPTH: usize = 1 << 20;

/// The token that the grammar allows next.
#[derive(Clone, Copy)]
enum Next {
    Value,
    /// The first value of an array.
    FirstValue,
    Name,
    /// The first name of an object.
    FirstName,
    /// A comma or a closing bracket.
    AfterValue,
}

/// Returns the span of the JSON value that begins at or after `start`. The text after the value is
/// not read. Takes time in proportion to the value.
///
/// # Errors
///
/// Returns the first fault of the value, with its position.
///
/// ```
/// use galop::json::value_span;
///
/// let text = br#"{"a":[1]} {"b":tru}"#;
/// let first = value_span(text, 0)?;
/// assert_eq!((first.start, first.end), (0, 9));
/// let error = value_span(text, first.end).unwrap_err();
/// assert_eq!((error.code(), error.span().start), ("invalid-literal", 15));
/// # Ok::<(), galop::error::JsonError>(())
/// ```
pub fn value_span(text: &[u8], start: usize) -> Result<Span, JsonError> {
    let start = start.min(text.len());
    let (value, end) = match value(text, start) {
        Ok(span) => (Ok(span), span.end),
        // A character at fault can be cut off by the end of the text.
        Err(error) => {
            let span = Span::new(error.span.start, error.span.end.min(text.len()));
            (Err(JsonError { span, ..error }), span.start)
        }
    };
    // The byte at fault and the rest of its character belong to the text that is checked.
    let checked = &text[start..text.len().min(if value.is_ok() { end } else { end + 4 })];
    match utf8_error(checked).filter(|error| start + error.span.start <= end) {
        None => value,
        Some(JsonError { kind, span, .. }) => {
            Err(JsonError::new(kind, Span::new(start + span.start, start + span.end)))
        }
    }
}

fn value(text: &[u8], start: usize) -> Result<Span, JsonError> {
    let mut lexer = Lexer::starting_at(text, start);
    // True for an object, false for an array.
    let mut levels: Vec<bool> = Vec::new();
    let mut next = Next::Value;
    let mut first = None;
    loop {
        let inside_object = levels.last() == Some(&true);
        let expected = match next {
            Next::Value => Expected::Value,
            Next::FirstValue => Expected::ValueOrClose,
            Next::Name => Expected::Name,
            Next::FirstName => Expected::NameOrClose,
            Next::AfterValue if inside_object => Expected::CommaOrBrace,
            Next::AfterValue => Expected::CommaOrBracket,
        };
        let token = lexer.next_or(expected)?;
        let start = first.get_or_insert(lexer.span());
        let is_value_next = matches!(next, Next::Value | Next::FirstValue);
        match token {
            Token::ObjectOpen | Token::ArrayOpen if is_value_next => {
                if levels.len() == DEPTH {
                    let kind = JsonErrorKind::TooDeep { limit: DEPTH };
                    return Err(JsonError::new(kind, lexer.span()));
                }
                levels.push(token == Token::ObjectOpen);
                next = if token == Token::ObjectOpen { Next::FirstName } else { Next::FirstValue };
                continue;
            }
            Token::String { .. } if matches!(next, Next::Name | Next::FirstName) => {
                lexer.expect(Token::Colon, Expected::Colon)?;
                next = Next::Value;
                continue;
            }
            Token::Comma if matches!(next, Next::AfterValue) => {
                next = if inside_object { Next::Name } else { Next::Value };
                continue;
            }
            Token::String { .. } | Token::Number | Token::True | Token::False | Token::Null
                if is_value_next => {}
            Token::ObjectClose if inside_object && matches!(next, Next::FirstName | Next::AfterValue) => {
                levels.pop();
            }
            Token::ArrayClose if !inside_object && matches!(next, Next::FirstValue | Next::AfterValue) => {
                levels.pop();
            }
            _ => return Err(lexer.unexpected(token, expected)),
        }
        if levels.is_empty() {
            return Ok(start.to(lexer.span()));
        }
        next = Next::AfterValue;
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH, value_span};

    /// Returns the value as text, or the code and the span of the error.
    fn value(text: &[u8], start: usize) -> Result<&[u8], (&'static str, usize, usize)> {
        match value_span(text, start) {
            Ok(span) => Ok(&text[span.start..span.end]),
            Err(error) => Err((error.code(), error.span().start, error.span().end)),
        }
    }

    #[test]
    fn value_ends_where_it_ends() {
        for text in ["{}", "[]", "1", "\"a\"", "null", "{\"a\":[1,{}],\"b\":[]}", "[[],{\"\":\"}\"}]"] {
            for after in ["", " ", "{}", ",", "]", "\n\u{1}", "tru"] {
                let text = format!(" {text} {after}");
                let length = text.len() - after.len() - 2;
                assert_eq!(value(text.as_bytes(), 0), Ok(&text.as_bytes()[1..=length]), "{text}");
            }
        }
        assert_eq!(value(b"{} [1]", 2), Ok(&b"[1]"[..]));
    }

    #[test]
    fn first_fault_is_reported() {
        for (text, code, start, end) in [
            ("", "unexpected-end", 0, 0),
            ("{", "unexpected-end", 1, 1),
            ("{\"a\"}", "unexpected-character", 4, 5),
            ("{\"a\":}", "unexpected-character", 5, 6),
            ("{\"a\":1,}", "unexpected-character", 7, 8),
            ("{,}", "unexpected-character", 1, 2),
            ("{\"a\":1]", "unexpected-character", 6, 7),
            ("[1}", "unexpected-character", 2, 3),
            ("[1,]", "unexpected-character", 3, 4),
            ("[1 2]", "unexpected-character", 3, 4),
            ("[,]", "unexpected-character", 1, 2),
            ("]", "unexpected-character", 0, 1),
            ("[01]", "invalid-number", 1, 3),
        ] {
            assert_eq!(value(text.as_bytes(), 0), Err((code, start, end)), "{text}");
        }
        assert_eq!(value(b"{\"\xff\":1", 0), Err(("invalid-utf8", 2, 3)));
        assert_eq!(value(b"[1 \xff", 0), Err(("invalid-utf8", 3, 4)));
        assert_eq!(value(b"[1] \xff", 0), Ok(&b"[1]"[..]));
        assert_eq!(value(b"[\xf0", 0), Err(("invalid-utf8", 1, 2)));
        assert_eq!(value(b"[]", 9), Err(("unexpected-end", 2, 2)));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(value_span(deep(DEPTH).as_bytes(), 0).is_ok());
        assert_eq!(value_span(deep(DEPTH + 1).as_bytes(), 0).unwrap_err().code(), "too-deep");
    }

    #[test]
    fn agrees_with_serde_json() {
        let pieces = ["{", "}", "[", "]", ",", ":", "\"a\"", "1", " "];
        for code in 0..pieces.len().pow(6) {
            let text: String =
                (0..6).map(|digit| pieces[code / pieces.len().pow(digit) % pieces.len()]).collect();
            let ours = value_span(text.as_bytes(), 0).is_ok_and(|span| text[span.end..].trim().is_empty());
            assert_eq!(ours, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{text}");
        }
    }
}
