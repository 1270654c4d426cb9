//! [`RuleSet`]: patterns in the order of their addition.

use std::iter::{Enumerate, FusedIterator};
use std::slice;

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::id::RuleId;
use crate::pattern::Pattern;
use crate::pattern::limits::PatternLimits;

/// Patterns in the order of their addition, from which a [`Matcher`](crate::Matcher) is built.
///
/// A set can also be collected from parsed patterns, and iterated over:
///
/// ```
/// use galop::{Pattern, RuleSet};
///
/// let texts = [r#"{"source":["aws.s3"]}"#, r#"{"source":["aws.ec2"]}"#];
/// let rules = texts.iter().map(|text| text.parse()).collect::<Result<RuleSet, _>>()?;
/// for (id, pattern) in &rules {
///     assert_eq!(pattern.to_string(), texts[id.as_usize()]);
/// }
/// # Ok::<(), galop::PatternError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    patterns: Vec<Pattern>,
    limits: PatternLimits,
}

impl RuleSet {
    /// Returns a set without rules.
    #[must_use]
    pub fn new() -> RuleSet {
        RuleSet::default()
    }

    /// Returns a set without rules that accepts patterns within these limits.
    #[must_use]
    pub fn with_limits(limits: PatternLimits) -> RuleSet {
        RuleSet { patterns: Vec::new(), limits }
    }

    /// Adds a rule with this pattern, and returns its id: the number of rules before it.
    ///
    /// The set may hold the same pattern several times. Takes time in proportion to the text and, if
    /// `$or`s must be expanded, to the expanded branches.
    ///
    /// # Errors
    ///
    /// Returns the first fault of the pattern, with its position. If the set already has
    /// [`RuleId::MAX_RULES`] rules, the code is `rule-set-full`. The set is unchanged.
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

    /// Adds a rule whose pattern is given as bytes.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`RuleSet::add`]. Bytes that are not UTF-8 have the code
    /// `invalid-utf8`.
    ///
    /// ```
    /// let mut rules = galop::RuleSet::new();
    /// assert_eq!(rules.add_bytes(b"{\"a\":[\"\xff\"]}").unwrap_err().code(), "invalid-utf8");
    /// assert!(rules.add_bytes(br#"{"a":["b"]}"#).is_ok());
    /// ```
    pub fn add_bytes(&mut self, pattern: &[u8]) -> Result<RuleId, PatternError> {
        let pattern = Pattern::parse_with(pattern, &self.limits)?;
        self.add_pattern(pattern)
    }

    /// Adds a rule with a parsed pattern. The limits of the set do not apply.
    ///
    /// # Errors
    ///
    /// Returns an error if the set already has [`RuleId::MAX_RULES`] rules. The code is
    /// `rule-set-full`. The set is unchanged.
    ///
    /// ```
    /// use galop::{Pattern, RuleSet};
    ///
    /// let pattern = Pattern::parse(r#"{"source":["aws.s3"]}"#)?;
    /// let mut rules = RuleSet::new();
    /// let ids = [rules.add_pattern(pattern.clone())?, rules.add_pattern(pattern)?];
    /// assert_eq!(ids.map(|id| id.as_u32()), [0, 1]);
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    pub fn add_pattern(&mut self, pattern: Pattern) -> Result<RuleId, PatternError> {
        self.add_within(pattern, RuleId::MAX_RULES)
    }

    fn add_within(&mut self, pattern: Pattern, limit: usize) -> Result<RuleId, PatternError> {
        if self.patterns.len() >= limit {
            let span = Span::new(0, pattern.text_length());
            return Err(PatternError::new(PatternErrorKind::RuleSetFull { limit }, span));
        }
        let id = RuleId::new(self.patterns.len() as u32);
        self.patterns.push(pattern);
        Ok(id)
    }

    /// Returns the number of rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Returns true if the set has no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Returns the limits within which [`RuleSet::add`] accepts patterns.
    #[must_use]
    pub fn limits(&self) -> &PatternLimits {
        &self.limits
    }

    /// Returns the pattern of a rule, or `None` if the set has no such rule.
    ///
    /// ```
    /// let mut rules = galop::RuleSet::new();
    /// let id = rules.add(r#"{"source": ["aws.s3"]}"#)?;
    /// assert_eq!(rules.get(id).map(ToString::to_string).as_deref(), Some(r#"{"source":["aws.s3"]}"#));
    /// assert!(galop::RuleSet::new().get(id).is_none());
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[must_use]
    pub fn get(&self, id: RuleId) -> Option<&Pattern> {
        self.patterns.get(id.as_usize())
    }

    /// Returns every rule with its pattern, in the order of addition.
    pub fn iter(&self) -> RuleSetIter<'_> {
        RuleSetIter(self.patterns.iter().enumerate())
    }
}

impl Extend<Pattern> for RuleSet {
    /// Adds a rule for each pattern. The limits of the set do not apply.
    ///
    /// # Panics
    ///
    /// Panics if the set would contain more than [`RuleId::MAX_RULES`] rules, as collections do if
    /// their capacity overflows.
    fn extend<I: IntoIterator<Item = Pattern>>(&mut self, patterns: I) {
        for pattern in patterns {
            self.add_pattern(pattern).expect("a set holds at most 2^32 - 1 rules");
        }
    }
}

impl FromIterator<Pattern> for RuleSet {
    /// Returns a set with a rule for each pattern and with the default limits.
    ///
    /// # Panics
    ///
    /// Panics if there are more than [`RuleId::MAX_RULES`] patterns, as collections do if their
    /// capacity overflows.
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> RuleSet {
        let mut rules = RuleSet::new();
        rules.extend(patterns);
        rules
    }
}

impl<'a> IntoIterator for &'a RuleSet {
    type Item = (RuleId, &'a Pattern);
    type IntoIter = RuleSetIter<'a>;

    fn into_iter(self) -> RuleSetIter<'a> {
        self.iter()
    }
}

/// An iterator over the rules of a [`RuleSet`] and their patterns, in the order of addition.
/// [`RuleSet::iter`] returns it.
#[derive(Clone, Debug)]
pub struct RuleSetIter<'a>(Enumerate<slice::Iter<'a, Pattern>>);

fn numbered((at, pattern): (usize, &Pattern)) -> (RuleId, &Pattern) {
    (RuleId::new(at as u32), pattern)
}

impl<'a> Iterator for RuleSetIter<'a> {
    type Item = (RuleId, &'a Pattern);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(numbered)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }

    fn nth(&mut self, count: usize) -> Option<Self::Item> {
        self.0.nth(count).map(numbered)
    }
}

impl DoubleEndedIterator for RuleSetIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(numbered)
    }
}

impl ExactSizeIterator for RuleSetIter<'_> {}

impl FusedIterator for RuleSetIter<'_> {}

#[cfg(test)]
mod tests {
    use super::RuleSet;
    use crate::error::Span;
    use crate::pattern::Pattern;

    fn pattern() -> Pattern {
        Pattern::parse(r#"{"a":[1]}"#).expect("the pattern is valid")
    }

    #[test]
    fn a_full_set_refuses_and_stays_as_it_was() {
        let mut rules: RuleSet = [pattern(), pattern()].into_iter().collect();
        let error = rules.add_within(pattern(), 2).expect_err("the set is full");
        assert_eq!((error.code(), error.span()), ("rule-set-full", Span::new(0, 9)));
        assert_eq!(rules.len(), 2);
        assert_eq!(rules.add_within(pattern(), 3).map(|id| id.as_u32()), Ok(2));
    }

    #[test]
    fn iterators_agree_in_both_directions() {
        let mut rules = RuleSet::new();
        rules.extend([pattern(), pattern(), pattern()]);
        let ids = |rule: (_, _)| crate::RuleId::as_u32(rule.0);
        assert_eq!(rules.iter().map(ids).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!((&rules).into_iter().rev().map(ids).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!((rules.iter().len(), rules.iter().nth(1).map(ids)), (3, Some(1)));
    }
}
