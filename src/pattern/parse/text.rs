//! Parses the text of a pattern from its start to its end.

use crate::error::{Expected, JsonErrorKind, PatternError, PatternErrorKind, Span};
use crate::json::lexer::utf8_error;
use crate::json::{Lexer, Token};
use crate::pattern::ast::Pattern;
use crate::pattern::branch;
use crate::pattern::limits::PatternLimits;

use super::{Parser, Result, hint};

impl Pattern {
    /// Parses a pattern within the default [`PatternLimits`]. Takes time in proportion to the text.
    ///
    /// # Errors
    ///
    /// Returns the first fault of the text, with its position.
    ///
    /// ```
    /// use galop::pattern::Pattern;
    ///
    /// let pattern = Pattern::parse(r#"{"source":["aws.ec2"]}"#)?;
    /// assert_eq!(pattern.to_string(), r#"{"source":["aws.ec2"]}"#);
    ///
    /// let error = Pattern::parse(r#"{"source":"aws.ec2"}"#).unwrap_err();
    /// assert_eq!(error.code(), "leaf-not-array");
    /// assert_eq!((error.span().start, error.span().end), (10, 19));
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Pattern> {
        Pattern::parse_with(text, &PatternLimits::default())
    }

    /// Parses a pattern, a string or bytes, within the given limits. Bytes that are not UTF-8 are
    /// an error.
    ///
    /// # Errors
    ///
    /// Returns the first fault of the text, with its position.
    ///
    /// ```
    /// use galop::{Pattern, PatternLimits};
    ///
    /// let text = r#"{"arn":[{"wildcard":"*:*:*:*:*:event-bus/*"}]}"#;
    /// assert!(Pattern::parse_with(text, &PatternLimits::wide()).is_ok());
    /// let error = Pattern::parse_with(text, &PatternLimits::aws()).unwrap_err();
    /// assert_eq!(error.code(), "too-complex");
    /// let error = Pattern::parse_with(b"{\xff}", &PatternLimits::default()).unwrap_err();
    /// assert_eq!(error.code(), "invalid-utf8");
    /// ```
    pub fn parse_with(text: impl AsRef<[u8]>, limits: &PatternLimits) -> Result<Pattern> {
        read(text.as_ref(), limits, None).0
    }
}

/// Parses a text. Returns the faults that were collected before the result.
pub(super) fn read(
    text: &[u8],
    limits: &PatternLimits,
    faults: Option<Vec<PatternError>>,
) -> (Result<Pattern>, Vec<PatternError>) {
    if text.len() > limits.length {
        let kind = PatternErrorKind::PatternTooLong { limit: limits.length };
        return (Err(PatternError::new(kind, Span::new(limits.length, text.len()))), Vec::new());
    }
    // The text before the invalid UTF-8 is parsed first, because an earlier fault is reported first.
    let utf8_error = utf8_error(text);
    let readable = utf8_error.map_or(text, |error| &text[..error.span.start]);
    let mut parser = Parser { lexer: Lexer::new(readable), limits, depth: 0, values: 0, regexps: 0, faults };
    let parsed = parse(&mut parser, readable);
    let result = match (parsed, utf8_error) {
        (Err(error), Some(utf8_error)) if error.span().start >= utf8_error.span.start => {
            Err(utf8_error.into())
        }
        (Ok(_), Some(utf8_error)) => Err(utf8_error.into()),
        (result, _) => result,
    };
    (result, parser.faults.unwrap_or_default())
}

fn parse(parser: &mut Parser<'_>, text: &[u8]) -> Result<Pattern> {
    match parser.lexer.next_or(Expected::Value)? {
        Token::ObjectOpen => {}
        Token::End => return Err(parser.lexer.unexpected(Token::End, Expected::Value).into()),
        token => {
            parser.value_start(token)?;
            let hint = hint::of_root(token, parser.lexer.bytes());
            return Err(parser.fault(PatternErrorKind::Json(JsonErrorKind::RootNotObject)).or_hint(hint));
        }
    }
    let (root, combinations) = parser.root()?;
    match parser.lexer.next() {
        Ok(Token::End) => {
            let pattern = Pattern { root, length: text.len(), combinations };
            // A part of a pattern with faults is missing.
            if parser.faults.as_ref().is_none_or(Vec::is_empty) {
                branch::check(&pattern, parser.limits)?;
            }
            Ok(pattern)
        }
        Ok(_) => Err(parser.fault(PatternErrorKind::Json(JsonErrorKind::TrailingText))),
        Err(error) => {
            let kind = PatternErrorKind::Json(JsonErrorKind::TrailingText);
            Err(PatternError::new(kind, Span::new(parser.end_of_blanks(root.span.end), error.span.end)))
        }
    }
}
