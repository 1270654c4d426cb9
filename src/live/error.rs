//! [`LiveError`]: a change that was refused.

use std::error::Error;
use std::fmt;

use crate::error::{BuildError, PatternError};

/// A change of [`LiveRules`](super::LiveRules) that was refused. Nothing has changed.
///
/// ```
/// use galop::live::{LiveError, LiveRules};
///
/// let rules: LiveRules<&str> = LiveRules::new();
/// let error = rules.insert("a", r#"{"a":[]}"#, ()).unwrap_err();
/// assert_eq!(error.code(), "empty-list");
/// assert!(matches!(error, LiveError::Pattern(fault) if fault.span().start == 5));
/// assert!(rules.snapshot().is_empty());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LiveError {
    /// A pattern has a fault.
    Pattern(PatternError),
    /// The rules exceed a limit.
    #[non_exhaustive]
    Build {
        /// The limit. The id of a rule in the error has no meaning.
        error: BuildError,
        /// The new rule that exceeds the limit, if one does: its index among the rules that the
        /// transaction inserts or enables, in the order of the first changes of their keys.
        rule: Option<usize>,
    },
}

impl LiveError {
    /// Returns the stable name of the error, for instance `unknown-operator` or `size-limit`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            LiveError::Pattern(error) => error.code(),
            LiveError::Build { error, .. } => error.code(),
        }
    }
}

impl fmt::Display for LiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LiveError::Pattern(error) => error.fmt(f),
            LiveError::Build { error, .. } => write!(f, "{} [{}]", error.kind(), error.code()),
        }
    }
}

impl Error for LiveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            LiveError::Pattern(error) => Some(error),
            LiveError::Build { error, .. } => Some(error),
        }
    }
}

impl From<PatternError> for LiveError {
    fn from(error: PatternError) -> LiveError {
        LiveError::Pattern(error)
    }
}
