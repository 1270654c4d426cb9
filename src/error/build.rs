//! Why a rule set could not be compiled.

use std::error::Error;
use std::fmt;

use crate::id::RuleId;

/// A rule set could not be compiled: which limit it crossed, and which rule is to blame, or what the machine lacks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError {
    kind: BuildErrorKind,
    rule: Option<RuleId>,
}

/// Why a rule set could not be compiled.
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
    /// This CPU cannot run the kernel that [`MatcherBuilder::kernel`](crate::MatcherBuilder::kernel) asks for.
    KernelUnavailable,
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

impl BuildErrorKind {
    /// The stable name of this kind of error: `size-limit`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            BuildErrorKind::TooManyRules { .. } => "too-many-rules",
            BuildErrorKind::SizeLimit { .. } => "size-limit",
            BuildErrorKind::RuleSizeLimit { .. } => "rule-size-limit",
            BuildErrorKind::KernelUnavailable => "kernel-unavailable",
        }
    }
}

impl fmt::Display for BuildErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildErrorKind::TooManyRules { limit } => write!(f, "there are more than {limit} rules"),
            BuildErrorKind::SizeLimit { limit, rule_bytes } => write!(
                f,
                "the compiled set would take more than {limit} bytes; this rule takes {rule_bytes} of them, and none takes \
                 more"
            ),
            BuildErrorKind::RuleSizeLimit { limit, rule_bytes } => {
                write!(f, "compiled, it takes {rule_bytes} bytes, more than {limit}")
            }
            BuildErrorKind::KernelUnavailable => {
                f.write_str("this CPU cannot run the kernel that is asked for")
            }
        }
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
