//! Errors of the JSON grammar (RFC 8259), which patterns and events share.

use std::error::Error;
use std::fmt;

use super::report::{Report, Severity};
use super::{JsonErrorKind, Span};

/// A text is not JSON. The error has a kind and a span.
///
/// Patterns and events wrap the error in their own errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct JsonError {
    pub(crate) kind: JsonErrorKind,
    pub(crate) span: Span,
}

impl JsonError {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &JsonErrorKind {
        &self.kind
    }

    /// Returns the position of the error, in bytes of the text.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the stable name of the error, for instance `unexpected-end`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns a suggestion, if there is one.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.kind.help()
    }

    /// Returns a report: the message, the line and column, the line itself with the position
    /// marked, and a suggestion. `text` is the text at fault.
    ///
    /// ```
    /// let text = br#"{"a":1,}"#;
    /// let error = galop::json::value_span(text, 0).unwrap_err();
    /// assert_eq!(
    ///     error.report(text).to_string(),
    ///     concat!(
    ///         "error[unexpected-character]: unexpected character, expected a name in double quotes\n",
    ///         " --> 1:8\n",
    ///         "  |\n",
    ///         "1 | {\"a\":1,}\n",
    ///         "  |        ^\n",
    ///         "  = help: names are in double quotes; no comma before `}`, and no comments",
    ///     ),
    /// );
    /// ```
    #[must_use]
    pub fn report<'a>(&'a self, text: &'a [u8]) -> impl fmt::Display + 'a {
        Report {
            severity: Severity::Error,
            code: self.code(),
            message: &self.kind,
            help: self.help(),
            text,
            span: Some(self.span),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} [{}]", self.kind, self.span.start, self.code())
    }
}

impl Error for JsonError {}
