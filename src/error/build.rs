//! Why a rule set could not be compiled.

use std::error::Error;
use std::fmt;

use crate::id::RuleId;

/// A rule set could not be compiled: which limit it crossed, and at which rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError {
    kind: BuildErrorKind,
    rule: RuleId,
}

/// Which limit a rule set crossed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// The set has more rules than the limit allows.
    TooManyRules {
        /// The limit, in rules.
        limit: usize,
    },
    /// The compiled set takes more memory than the limit allows.
    SizeLimit {
        /// The limit, in bytes.
        limit: usize,
    },
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

    /// The first rule that crossed it.
    #[must_use]
    pub fn rule(&self) -> RuleId {
        self.rule
    }

    /// The stable name of the limit: `size-limit`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            BuildErrorKind::TooManyRules { .. } => "too-many-rules",
            BuildErrorKind::SizeLimit { .. } => "size-limit",
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            BuildErrorKind::TooManyRules { limit } => {
                write!(f, "rule {}: there are more than {limit} rules", self.rule)?;
            }
            BuildErrorKind::SizeLimit { limit } => {
                write!(f, "rule {}: the compiled set would take more than {limit} bytes", self.rule)?;
            }
        }
        write!(f, " [{}]", self.code())
    }
}

impl Error for BuildError {}
