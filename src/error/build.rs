//! Why a rule set could not be compiled.

use std::error::Error;
use std::fmt;

use super::BuildErrorKind;
use crate::id::RuleId;

/// A rule set could not be compiled: which limit it crossed, and which rule is to blame, or what the machine lacks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError {
    kind: BuildErrorKind,
    rule: Option<RuleId>,
}

impl BuildError {
    pub(crate) fn new(kind: BuildErrorKind, rule: RuleId) -> BuildError {
        BuildError { kind, rule: Some(rule) }
    }

    /// A fault that no rule is to blame for.
    pub(crate) fn without_rule(kind: BuildErrorKind) -> BuildError {
        BuildError { kind, rule: None }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &BuildErrorKind {
        &self.kind
    }

    /// Returns the rule to blame, if there is one.
    ///
    /// Of a set with too many rules the first one past the limit, of a set that takes too much memory the rule that takes
    /// the most, and otherwise the first rule that takes too much itself. `None` for
    /// [`KernelUnavailable`](BuildErrorKind::KernelUnavailable).
    #[must_use]
    pub fn rule(&self) -> Option<RuleId> {
        self.rule
    }

    /// The stable name of what is wrong: `size-limit`.
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
