//! [`Warning`]: a defect of a valid rule.

use std::fmt;

use crate::error::Span;
use crate::error::report::{Report, Severity};
use crate::id::RuleId;

use super::codes::WarningKind;
use super::row::Level;

/// A warning about a valid rule: rule, reason and place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warning {
    pub(super) rule: RuleId,
    pub(super) kind: WarningKind,
    pub(super) span: Span,
    pub(super) level: Level,
    /// The help, if it is more precise than the help of the kind.
    pub(super) help: Option<Box<str>>,
    pub(super) other: Option<RuleId>,
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
        self.kind.code()
    }

    /// Returns the level of the lint, which is not [`Level::Allow`].
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the other rule of the set that the warning is about: the one with the
    /// [same pattern](WarningKind::SamePattern).
    #[must_use]
    pub fn other_rule(&self) -> Option<RuleId> {
        self.other
    }

    /// Returns a suggestion, if there is one.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(self.help.as_deref().unwrap_or(self.kind.help()).to_owned())
    }

    /// Returns a report for people: the message, line and column, and the line with the place
    /// marked. `pattern` is the text of the rule's pattern. Takes time in proportion to the text
    /// before the end of the line.
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
        let severity = if self.level == Level::Deny { Severity::Error } else { Severity::Warning };
        let (code, span) = (self.code(), Some(self.span));
        let text = pattern.as_bytes();
        Report { severity, code, message: self.kind, help: self.help(), text, span }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}: {} at byte {} [{}]", self.rule, self.kind, self.span.start, self.code())
    }
}
