//! [`PatternLimits`]: the limits of one pattern, among them the [`Extensions`] that it may use.

use crate::error::Operator;

/// The limits within which a pattern is accepted.
///
/// The defaults suit a broker that accepts patterns from untrusted tenants. They bound the memory
/// of a pattern and its time for each event. Patterns written by people stay far below the
/// defaults. Patterns that tools generate from long lists sometimes exceed 16 KiB.
/// [`PatternLimits::wide`] is for trusted rules, and [`PatternLimits::aws`] has the limits of the
/// EventBridge service.
///
/// ```
/// use galop::{PatternLimits, RuleSet};
///
/// let numbers: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
/// let pattern = format!(r#"{{"account":[{}]}}"#, numbers.join(","));
/// let add = |limits| RuleSet::with_limits(limits).add(&pattern).map_err(|error| error.code());
/// assert_eq!(add(PatternLimits::default()), Err("pattern-too-long"));
/// assert!(add(PatternLimits::wide()).is_ok());
///
/// let mut limits = PatternLimits::default();
/// limits.length = 1 << 16;
/// assert_eq!(add(limits.clone()), Err("too-many-values"));
/// limits.values = 5_000;
/// assert!(add(limits).is_ok());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PatternLimits {
    /// The maximum number of bytes of text; 16 KiB by default. The code is `pattern-too-long`. A
    /// longer pattern is not parsed.
    pub length: usize,
    /// The maximum number of levels of nesting; 1,000 by default. The root is the first level. The
    /// code is `too-deep`. A limit above [`PatternLimits::MAX_DEPTH`] is lowered to that limit.
    pub depth: usize,
    /// The maximum number of branches into which `$or`s combine; 65,536 by default. The code is
    /// `too-many-combinations`. `$or`s that are not expanded take memory in proportion to the text,
    /// however many combinations there are.
    pub combinations: usize,
    /// The maximum number of branches to which a pattern must be expanded, because a path of a
    /// `$or` is also written outside of it; 1,000 by default. The code is `too-many-branches`.
    ///
    /// Each branch takes about 20 bytes in the compiled set, and four for each of its fields. A
    /// `$or` whose paths are written nowhere else counts as one, unless it is inside an expanded
    /// `$or`. The check takes time in proportion to the text.
    ///
    /// ```
    /// use galop::{PatternLimits, pattern::Pattern};
    ///
    /// let or = |n: usize, outside: &str| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]{outside}"#);
    /// let kept: Vec<String> = (0..10).map(|n| or(n, "")).collect();
    /// assert!(Pattern::parse(&format!("{{{}}}", kept.join(","))).is_ok());
    ///
    /// let twice: Vec<String> = (0..10).map(|n| or(n, &format!(r#","a{n}":[2]"#))).collect();
    /// let twice = format!("{{{}}}", twice.join(","));
    /// assert_eq!(Pattern::parse(&twice).unwrap_err().code(), "too-many-branches");
    /// let mut limits = PatternLimits::default();
    /// limits.branches = 1_024;
    /// assert!(Pattern::parse_with(twice, &limits).is_ok());
    /// ```
    pub branches: usize,
    /// The maximum number of paths in one branch; 256 by default. The code is `too-many-fields`.
    pub fields: usize,
    /// The maximum number of bytes of the paths of all fields together, each from the root; 256 KiB
    /// by default. The code is `paths-too-long`. A long name with many fields below it makes the
    /// paths much longer than the text.
    pub paths: usize,
    /// The maximum number of values in the list of one field; 4,096 by default. The code is
    /// `too-many-values`. Each value in a list of `anything-but` counts.
    pub values: usize,
    /// The maximum number of `*` in one wildcard; 100 by default. The code is `too-many-stars`. The
    /// text between two stars takes some hundred bytes in the compiled set, and a search of its own
    /// in a value.
    pub stars: usize,
    /// The maximum complexity score of the wildcards of one field; no limit by default, because
    /// matching does not depend on the score. The code is `too-complex`.
    pub complexity: Option<usize>,
    /// The operators beyond the operators of EventBridge that a pattern may use; none by default.
    /// The code is `extension-not-allowed`.
    ///
    /// ```
    /// use galop::{Extensions, PatternLimits, RuleSet};
    ///
    /// let pattern = r#"{"detail-type":[{"regexp":"EC2 [A-Z].*"}]}"#;
    /// let error = RuleSet::new().add(pattern).unwrap_err();
    /// assert_eq!(error.code(), "extension-not-allowed");
    ///
    /// let mut limits = PatternLimits::default();
    /// limits.extensions = Extensions::REGEXP;
    /// assert!(RuleSet::with_limits(limits).add(pattern).is_ok());
    /// ```
    pub extensions: Extensions,
    /// The maximum number of bytes of the compiled regular expressions of a pattern together; 1 MiB
    /// by default. The code is `regexp-too-large`. The code is the same for an expression that would
    /// take more than about a second to compile.
    pub regexp_size: usize,
}

/// The operators beyond the operators of EventBridge that a pattern may use.
///
/// ```
/// use galop::Extensions;
/// use galop::error::Operator;
///
/// assert_eq!(Extensions::NONE.with(Operator::Regexp), Extensions::REGEXP);
/// assert_eq!(Extensions::NONE.with(Operator::Prefix), Extensions::NONE);
/// assert!(Extensions::NONE.contains(Operator::Prefix) && !Extensions::NONE.contains(Operator::Regexp));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Extensions(u32);

impl Extensions {
    /// No extension.
    pub const NONE: Extensions = Extensions(0);
    /// The operator `regexp`: regular expressions.
    pub const REGEXP: Extensions = Extensions::NONE.with(Operator::Regexp);
    /// All extensions, including those of later versions.
    pub const ALL: Extensions = Extensions(u32::MAX);

    /// Returns these extensions and another one. An operator that is not an extension changes
    /// nothing.
    #[must_use]
    pub const fn with(self, operator: Operator) -> Extensions {
        if operator.is_extension() { Extensions(self.0 | 1 << operator as u32) } else { self }
    }

    /// Returns true if a pattern may use the operator. Every operator that is not an extension is
    /// allowed.
    #[must_use]
    pub const fn contains(self, operator: Operator) -> bool {
        !operator.is_extension() || self.0 >> operator as u32 & 1 == 1
    }
}

impl PatternLimits {
    /// The maximum number of levels of nesting that a limit can allow.
    ///
    /// No realistic pattern is nested as deeply. The depth of a pattern does not affect the use of
    /// the stack.
    pub const MAX_DEPTH: usize = 1_000;

    /// Limits for trusted rules: 1 MiB of text, 65,536 combinations, 65,536 expanded branches, 4
    /// MiB of paths, 65,536 values in a field, 1,000 `*` in a wildcard and 8 MiB of regular
    /// expressions. The limits still bound the time and the memory of one pattern. No limit is far
    /// above the size of generated rules.
    ///
    /// The limits multiply. 65,536 branches of 256 fields take about 70 MB, unless
    /// [`MatcherBuilder::rule_size_limit`] forbids it. 1 MiB of wildcards with 1,000 `*` each takes
    /// over 100 MB and seconds to compile. 60,000 texts that a field excludes are all searched in
    /// each event.
    ///
    /// [`MatcherBuilder::rule_size_limit`]: crate::MatcherBuilder::rule_size_limit
    #[must_use]
    pub fn wide() -> PatternLimits {
        PatternLimits {
            length: 1 << 20,
            branches: 1 << 16,
            paths: 1 << 22,
            values: 1 << 16,
            stars: 1_000,
            regexp_size: 1 << 23,
            ..PatternLimits::default()
        }
    }

    /// The limits of the EventBridge service: 2,048 bytes of text (the service counts characters),
    /// 1,000 combinations of `$or` and a wildcard complexity of 10 ([quotas][quotas]). The other
    /// limits are the defaults.
    ///
    /// [quotas]: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    #[must_use]
    pub fn aws() -> PatternLimits {
        PatternLimits { length: 2_048, combinations: 1_000, complexity: Some(10), ..PatternLimits::default() }
    }
}

impl Default for PatternLimits {
    /// 16 KiB of text, 1,000 levels, 65,536 combinations, 1,000 branches, 256 paths, 256 KiB of
    /// paths, 4,096 values in a field, 100 `*` in a wildcard, any complexity, no extensions, 1 MiB of
    /// regular expressions. Patterns in use have up to a thousand values, 100 paths and ten `*`,
    /// and rarely over 16 KiB.
    fn default() -> PatternLimits {
        PatternLimits {
            length: 1 << 14,
            depth: PatternLimits::MAX_DEPTH,
            combinations: 1 << 16,
            branches: 1_000,
            fields: 256,
            paths: 1 << 18,
            values: 1 << 12,
            stars: 100,
            complexity: None,
            extensions: Extensions::NONE,
            regexp_size: 1 << 20,
        }
    }
}
