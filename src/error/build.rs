//! Why a rule set could not be compiled.

use std::error::Error;
use std::fmt;

use super::BuildErrorKind;
use crate::id::RuleId;

/// A rule set could not be compiled: which limit it crossed, and which rule is to blame.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError {
    kind: BuildErrorKind,
    rule: RuleId,
}

impl BuildError {
    pub(crate) fn new(kind: BuildErrorKind, rule: RuleId) -> BuildError {
        BuildError { kind, rule }
    }

    /// Which limit was crossed.
    #[must_use]
    pub fn kind(&self) -> &BuildErrorKind {
        &self.kind
    }

    /// The rule to blame: of a set with too many rules the first one past the limit, of a set that takes too much memory the
    /// rule that takes the most, and otherwise the first rule that takes too much itself.
    #[must_use]
    pub fn rule(&self) -> RuleId {
        self.rule
    }

    /// The stable name of the limit: `size-limit`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}: {} [{}]", self.rule, self.kind, self.code())
    }
}

impl Error for BuildError {}
