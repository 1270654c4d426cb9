//! Why a rule set could not be compiled.

use std::error::Error;
use std::fmt;

use crate::id::RuleId;

/// A rule set could not be compiled: which limit it crossed, and which rule is to blame.
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
        /// The bytes of the rule that the error names, as
        /// [`MatcherBuilder::rule_size_limit`](crate::MatcherBuilder::rule_size_limit) counts them. No rule of the set has more, nor has
        /// a later one as many.
        rule_bytes: usize,
    },
    /// A rule takes more memory than the limit allows.
    RuleSizeLimit {
        /// The limit, in bytes.
        limit: usize,
        /// The bytes of the rule.
        rule_bytes: usize,
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

    /// The rule to blame: of a set with too many rules the first one past the limit, of a set that takes too much memory the
    /// rule that takes the most, and otherwise the first rule that takes too much itself.
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
            BuildErrorKind::RuleSizeLimit { .. } => "rule-size-limit",
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            BuildErrorKind::TooManyRules { limit } => {
                write!(f, "rule {}: there are more than {limit} rules", self.rule)?;
            }
            BuildErrorKind::SizeLimit { limit, rule_bytes } => write!(
                f,
                "rule {}: the compiled set would take more than {limit} bytes; this rule takes {rule_bytes} of them, and \
                 none takes more",
                self.rule
            )?,
            BuildErrorKind::RuleSizeLimit { limit, rule_bytes } => {
                write!(f, "rule {}: compiled, it takes {rule_bytes} bytes, more than {limit}", self.rule)?;
            }
        }
        write!(f, " [{}]", self.code())
    }
}

impl Error for BuildError {}
