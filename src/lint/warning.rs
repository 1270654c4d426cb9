//! [`Warning`]: a defect of a valid rule.

use std::fmt;

use crate::error::Span;
use crate::error::report::{Report, Severity};
use crate::id::RuleId;

/// A warning about a valid rule: rule, reason and place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warning {
    pub(super) rule: RuleId,
    pub(super) kind: WarningKind,
    pub(super) span: Span,
}

/// The reason for a warning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum WarningKind {
    /// The alternatives of the field have no effect, because a later field with the same path
    /// replaces them.
    DuplicateKey,
    /// The name has a dot, and the part before the dot names an object beside it. Both are one
    /// object.
    DottedKey,
    /// No event can match the rule, because no number lies between the bounds of the field.
    EmptyRange,
    /// No event of an EventBridge bus can match the rule: the envelope field never has such a
    /// value.
    EnvelopeField,
    /// The string is a quoted number, and another rule of the set compares the same field with
    /// numbers.
    QuotedNumber,
}

impl Warning {
    /// Returns the rule.
    #[must_use]
    pub fn rule(&self) -> RuleId {
        self.rule
    }

    /// Returns the reason for the warning.
    #[must_use]
    pub fn kind(&self) -> WarningKind {
        self.kind
    }

    /// Returns the place, in bytes of the text of the rule's pattern.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the stable code of the reason: `duplicate-key`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            WarningKind::DuplicateKey => "duplicate-key",
            WarningKind::DottedKey => "dotted-key",
            WarningKind::EmptyRange => "empty-range",
            WarningKind::EnvelopeField => "envelope-field",
            WarningKind::QuotedNumber => "quoted-number",
        }
    }

    /// Returns a suggestion, if there is one.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let text = match self.kind {
            WarningKind::DuplicateKey => "write all alternatives in one list",
            WarningKind::DottedKey => "write the field inside the object",
            WarningKind::EmptyRange => "use `>=` or `<=` for a bound that is meant to be inside",
            WarningKind::EnvelopeField => {
                "`detail` is an object, `resources` a list of strings, the others are strings"
            }
            WarningKind::QuotedNumber => "strings and numbers are never equal; leave out the quotes",
        };
        Some(text.to_owned())
    }

    /// Returns a report for people: the message, line and column, and the line with the place
    /// marked. `pattern` is the text of the rule's pattern.
    ///
    /// ```
    /// let mut rules = galop::RuleSet::new();
    /// let text = r#"{"a":[1],"a":[2]}"#;
    /// rules.add(text)?;
    /// let report = galop::lint::lint(&rules)[0].report(text).to_string();
    /// assert!(report.contains("1 | {\"a\":[1],\"a\":[2]}\n  |  ^^^\n"));
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[must_use]
    pub fn report<'a>(&'a self, pattern: &'a str) -> impl fmt::Display + 'a {
        let (severity, code, span) = (Severity::Warning, self.code(), Some(self.span));
        let text = pattern.as_bytes();
        Report { severity, code, message: self.kind, help: self.help(), text, span }
    }
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WarningKind::DuplicateKey => "a later field with the same path takes the place of this one",
            WarningKind::DottedKey => "this name and a nested object beside it lead into the same object",
            WarningKind::EmptyRange => "no number lies in this range, so no event can fit the rule",
            WarningKind::EnvelopeField => "no event of an EventBridge bus has such a value in this field",
            WarningKind::QuotedNumber => "a string here, but other rules compare this field with numbers",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}: {} at byte {} [{}]", self.rule, self.kind, self.span.start, self.code())
    }
}
