//! [`RuleSet`]: patterns in the order of their addition.

use crate::error::PatternError;
use crate::id::RuleId;
use crate::pattern::Pattern;
use crate::pattern::limits::PatternLimits;

/// Patterns in the order of their addition: what a [`Matcher`](crate::Matcher) is built from.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    patterns: Vec<Pattern>,
    limits: PatternLimits,
}

impl RuleSet {
    /// A set without rules.
    #[must_use]
    pub fn new() -> RuleSet {
        RuleSet::default()
    }

    /// A set without rules that accepts patterns within these limits.
    #[must_use]
    pub fn with_limits(limits: PatternLimits) -> RuleSet {
        RuleSet { patterns: Vec::new(), limits }
    }

    /// Adds a rule with this pattern. The set may hold the same pattern several times.
    ///
    /// # Errors
    ///
    /// The first fault of the pattern, with its place. The set stays as it was.
    ///
    /// ```
    /// let mut rules = galop::RuleSet::new();
    /// let id = rules.add(r#"{"detail-type":[{"prefix":"EC2 "}]}"#)?;
    /// assert_eq!(id.as_usize(), 0);
    ///
    /// let error = rules.add(r#"{"detail-type":[]}"#).unwrap_err();
    /// assert_eq!(error.code(), "empty-list");
    /// assert_eq!(rules.len(), 1);
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    pub fn add(&mut self, pattern: &str) -> Result<RuleId, PatternError> {
        self.add_bytes(pattern.as_bytes())
    }

    /// Adds a rule whose pattern may not even be UTF-8.
    ///
    /// # Errors
    ///
    /// The first fault of the pattern, with its place. The set stays as it was.
    pub fn add_bytes(&mut self, pattern: &[u8]) -> Result<RuleId, PatternError> {
        let pattern = Pattern::parse_bytes(pattern, &self.limits)?;
        Ok(self.add_pattern(pattern))
    }

    /// Adds a rule with a pattern that has been read before.
    ///
    /// # Panics
    ///
    /// If the set already holds [`RuleId::MAX_RULES`] rules.
    pub fn add_pattern(&mut self, pattern: Pattern) -> RuleId {
        assert!(self.patterns.len() < RuleId::MAX_RULES, "a set holds at most 2^32 - 1 rules");
        let id = RuleId::new(self.patterns.len() as u32);
        self.patterns.push(pattern);
        id
    }

    /// The number of rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The pattern of a rule.
    ///
    /// # Panics
    ///
    /// If the set has no such rule.
    #[must_use]
    pub fn pattern(&self, id: RuleId) -> &Pattern {
        &self.patterns[id.as_usize()]
    }

    /// Every rule with its pattern, in the order of addition.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (RuleId, &Pattern)> {
        self.patterns.iter().enumerate().map(|(at, pattern)| (RuleId::new(at as u32), pattern))
    }
}
