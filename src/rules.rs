//! [`RuleSet`]: patterns in the order of their addition.

use crate::error::PatternError;
use crate::id::RuleId;
use crate::pattern::Pattern;

/// Limits within which a pattern is accepted.
///
/// The defaults bound what one pattern can cost; hardly any pattern comes near them. [`PatternLimits::aws`] has the
/// figures of the EventBridge service.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PatternLimits {
    /// The most bytes of text.
    pub length: usize,
    /// The most levels of nesting; the root is the first. A limit above [`PatternLimits::MAX_DEPTH`] is that limit.
    pub depth: usize,
    /// The most branches into which `$or`s may combine. Where they are many, they are only written out if a path of a `$or` is
    /// written outside of it as well; so it is only such patterns that cost more the higher the limit is.
    pub combinations: usize,
    /// The most paths that one branch may name.
    pub fields: usize,
    /// The most bytes that the paths of all fields may have together, each written out from the root on. A long name with
    /// many fields below it makes them much longer than the text.
    pub paths: usize,
    /// The most values in the list of one field; those that `anything-but` lists count each.
    pub values: usize,
    /// The most `*` in one wildcard. What lies between two of them takes some hundred bytes when it is compiled, and a search
    /// of its own in a value.
    pub stars: usize,
    /// The highest complexity score that the wildcards of one field may have; no limit where there is none, as
    /// matching does not depend on it.
    pub complexity: Option<usize>,
}

impl PatternLimits {
    /// The most levels of nesting that can be allowed.
    ///
    /// No pattern that anybody needs comes near it, and nothing takes more stack the deeper a pattern is.
    pub const MAX_DEPTH: usize = 1_000;

    /// The figures of the EventBridge service: 2,048 characters, 1,000 combinations of `$or` and a wildcard
    /// complexity of 10 ([quotas][quotas]).
    ///
    /// [quotas]: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    #[must_use]
    pub fn aws() -> PatternLimits {
        PatternLimits { length: 2_048, combinations: 1_000, complexity: Some(10), ..PatternLimits::default() }
    }
}

impl Default for PatternLimits {
    /// 1 MiB of text, 1,000 levels, 65,536 combinations, 256 paths, 4 MiB of paths, 65,536 values in a field, 1,000 `*` in a wildcard, any
    /// complexity. Patterns that people and tools write have up to a thousand values, 100 paths and ten `*`.
    fn default() -> PatternLimits {
        PatternLimits {
            length: 1 << 20,
            depth: PatternLimits::MAX_DEPTH,
            combinations: 1 << 16,
            fields: 256,
            paths: 1 << 22,
            values: 1 << 16,
            stars: 1_000,
            complexity: None,
        }
    }
}

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
