//! [`PatternLimits`]: the limits of one pattern.

/// Limits within which a pattern is accepted.
///
/// The defaults are fit for a broker that takes patterns from tenants whom it does not trust: what one pattern can cost
/// is bounded, in memory and in time for each event. Hardly any pattern that people write comes near them; of rules that tools
/// make from long lists, a few are longer than 16 KiB.
/// [`PatternLimits::wide`] is for rules of one's own, and [`PatternLimits::aws`] has the figures of the EventBridge service.
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
    /// The most bytes of text; 16 KiB by default. The code is `pattern-too-long`. A longer pattern is not read.
    pub length: usize,
    /// The most levels of nesting; 1,000 by default. The root is the first. The code is `too-deep`. A limit above
    /// [`PatternLimits::MAX_DEPTH`] is that limit.
    pub depth: usize,
    /// The most branches into which `$or`s may combine; 65,536 by default. The code is `too-many-combinations`. What is not
    /// written out takes memory in proportion to the text, however many combinations there are.
    pub combinations: usize,
    /// The most branches that a pattern is written out to, because a path of a `$or` is written outside of it as well; 1,000
    /// by default. The code is `too-many-branches`.
    ///
    /// Each takes about 20 bytes, and four for each of its fields, in the compiled set. A `$or` of which no path is written
    /// elsewhere counts as one, unless it stands in what is written out. To check takes time in proportion to the text.
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
    /// The most paths that one branch may name; 256 by default. The code is `too-many-fields`.
    pub fields: usize,
    /// The most bytes that the paths of all fields may have together, each written out from the root on; 256 KiB by default.
    /// The code is `paths-too-long`. A long name with many fields below it makes them much longer than the text.
    pub paths: usize,
    /// The most values in the list of one field; those that `anything-but` lists count each; 4,096 by default. The code is
    /// `too-many-values`.
    pub values: usize,
    /// The most `*` in one wildcard; 100 by default. The code is `too-many-stars`. What lies between two of them takes some
    /// hundred bytes when it is compiled, and a search of its own in a value.
    pub stars: usize,
    /// The highest complexity score that the wildcards of one field may have; no limit by default, as matching does not
    /// depend on it. The code is `too-complex`.
    pub complexity: Option<usize>,
}

impl PatternLimits {
    /// The most levels of nesting that can be allowed.
    ///
    /// No pattern that anybody needs comes near it, and nothing takes more stack the deeper a pattern is.
    pub const MAX_DEPTH: usize = 1_000;

    /// Limits for rules of people whom one trusts: 1 MiB of text, 65,536 combinations, as many of them written out, 4 MiB of
    /// paths, 65,536 values in a field and 1,000 `*` in a wildcard. What is left of them bounds the time and the memory for
    /// one pattern; no limit is far above what generated rules have.
    ///
    /// Here limits multiply. 65,536 branches of 256 fields take about 70 MB, unless [`MatcherBuilder::rule_size_limit`] forbids it;
    /// 1 MiB of wildcards with 1,000 `*` each takes over 100 MB and seconds to compile; and 60,000 texts that a field
    /// excludes are all looked for in each event.
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
            ..PatternLimits::default()
        }
    }

    /// The figures of the EventBridge service: 2,048 characters, 1,000 combinations of `$or` and a wildcard
    /// complexity of 10 ([quotas][quotas]); otherwise the defaults.
    ///
    /// [quotas]: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    #[must_use]
    pub fn aws() -> PatternLimits {
        PatternLimits { length: 2_048, combinations: 1_000, complexity: Some(10), ..PatternLimits::default() }
    }
}

impl Default for PatternLimits {
    /// 16 KiB of text, 1,000 levels, 65,536 combinations, 1,000 branches, 256 paths, 256 KiB of paths, 4,096 values in a field,
    /// 100 `*` in a wildcard, any complexity. Patterns that people and tools write have up to a thousand values, 100 paths and
    /// ten `*`, and rarely over 16 KiB.
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
        }
    }
}
