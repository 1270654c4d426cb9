//! Errors of the compilation of a rule set.

use std::error::Error;
use std::fmt;

use super::BuildErrorKind;
use crate::id::RuleId;

/// A rule set was not compiled. The error has the limit that is exceeded, and the responsible rule
/// if there is one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError {
    kind: BuildErrorKind,
    rule: Option<RuleId>,
}

impl BuildError {
    pub(crate) fn new(kind: BuildErrorKind, rule: RuleId) -> BuildError {
        BuildError { kind, rule: Some(rule) }
    }

    /// Returns an error that no rule is responsible for.
    pub(crate) fn without_rule(kind: BuildErrorKind) -> BuildError {
        BuildError { kind, rule: None }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &BuildErrorKind {
        &self.kind
    }

    /// Returns the responsible rule, if there is one.
    ///
    /// If the set has too many rules, the rule is the first one beyond the limit. If the set takes
    /// too much memory, the rule is the one that takes the most. Otherwise it is the first rule
    /// that takes too much by itself. `None` for
    /// [`KernelUnavailable`](BuildErrorKind::KernelUnavailable).
    #[must_use]
    pub fn rule(&self) -> Option<RuleId> {
        self.rule
    }

    /// Returns the stable name of the error, for instance `size-limit`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = self.rule {
            write!(f, "rule {rule}: ")?;
        }
        write!(f, "{} [{}]", self.kind, self.code())
    }
}

impl Error for BuildError {}
