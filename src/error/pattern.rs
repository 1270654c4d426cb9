//! Errors of patterns.

use std::error::Error;
use std::fmt;

use super::report::{Report, Severity};
use super::{Hint, JsonError, PatternErrorKind, Span};

/// A pattern was rejected. The error has a kind and a span.
///
/// The error does not store the text of the pattern, which may be long or secret. A caller that has
/// the text can turn the error into a [report](PatternError::report) that shows the position.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatternError {
    kind: PatternErrorKind,
    span: Span,
    /// A help that replaces the help of the kind.
    hint: Option<Hint>,
}

impl PatternError {
    pub(crate) fn new(kind: PatternErrorKind, span: Span) -> PatternError {
        PatternError { kind, span, hint: None }
    }

    /// Adds a hint, unless there is one.
    pub(crate) fn or_hint(mut self, hint: impl Into<Option<Hint>>) -> PatternError {
        self.hint = self.hint.or(hint.into());
        self
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &PatternErrorKind {
        &self.kind
    }

    /// Returns the position of the error, in bytes of the text of the pattern.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the stable name of the error, for instance `leaf-not-array`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns a report: the message, the line and column, the line itself with the position
    /// marked, and a suggestion. `pattern` is the rejected text.
    ///
    /// ```
    /// let text = r#"{"source":[{"prefx":"aws."}]}"#;
    /// let error = galop::RuleSet::new().add(text).unwrap_err();
    /// assert_eq!(
    ///     error.report(text).to_string(),
    ///     concat!(
    ///         "error[unknown-operator]: not the name of an operator\n",
    ///         " --> 1:13\n",
    ///         "  |\n",
    ///         "1 | {\"source\":[{\"prefx\":\"aws.\"}]}\n",
    ///         "  |             ^^^^^^^\n",
    ///         "  = help: did you mean `\"prefix\"`?",
    ///     ),
    /// );
    /// ```
    #[must_use]
    pub fn report<'a>(&'a self, pattern: &'a str) -> impl fmt::Display + 'a {
        Report {
            severity: Severity::Error,
            code: self.code(),
            message: &self.kind,
            help: self.help(),
            text: pattern.as_bytes(),
            span: Some(self.span),
        }
    }

    /// Returns a suggestion, if there is one.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.hint.map(Hint::text).or_else(|| self.kind.help())
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} [{}]", self.kind, self.span.start, self.code())
    }
}

impl Error for PatternError {}

impl From<JsonError> for PatternError {
    fn from(error: JsonError) -> PatternError {
        PatternError::new(PatternErrorKind::Json(error.kind), error.span)
    }
}
