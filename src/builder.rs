//! [`MatcherBuilder`]: the settings and limits of a matcher.

use crate::automaton::Automaton;
use crate::compile::{self, SizeLimits};
use crate::error::{BuildError, BuildErrorKind};
use crate::event::ReadOptions;
use crate::event::limits::EventLimits;
use crate::graph::Graph;
use crate::id::RuleId;
use crate::matcher::{EventOptions, Matcher};
use crate::rules::RuleSet;
use crate::simd::Kernel;
use crate::tuning::{Toggle, Tuning};

/// The settings for building a [`Matcher`].
///
/// ```
/// let mut rules = galop::RuleSet::new();
/// rules.add(r#"{"source":["aws.s3"]}"#)?;
/// let matcher = galop::Matcher::builder().size_limit(1 << 20).rule_limit(1_000).build(&rules)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MatcherBuilder {
    rule_limit: usize,
    size_limits: SizeLimits,
    tuning: Tuning,
    event_limits: EventLimits,
    kernel: Kernel,
    trusted: bool,
    distinct: bool,
}

/// Returns the bytes of `count` GiB, or the largest number if it is smaller, as on a 32-bit target.
const fn gibibytes(count: u64) -> usize {
    let bytes = count << 30;
    if bytes > usize::MAX as u64 { usize::MAX } else { bytes as usize }
}

impl Default for MatcherBuilder {
    fn default() -> MatcherBuilder {
        MatcherBuilder {
            rule_limit: 10_000_000,
            size_limits: SizeLimits { set: gibibytes(4), rule: 16 << 20 },
            tuning: Tuning::default(),
            event_limits: EventLimits::default(),
            kernel: Kernel::detect(),
            trusted: false,
            distinct: false,
        }
    }
}

impl MatcherBuilder {
    /// The most bytes of memory that [`MatcherBuilder::size_limit`] can allow: 4 GiB, because offsets
    /// in the compiled set have 32 bits. On a 32-bit target, the limit is the addressable memory.
    pub const MAX_SIZE_LIMIT: usize = gibibytes(4);

    /// Returns a builder with default settings.
    #[must_use]
    pub fn new() -> MatcherBuilder {
        MatcherBuilder::default()
    }

    /// Sets the maximum number of rules of a set; 10,000,000 by default. About the default number
    /// of rules fits in the default [`MatcherBuilder::size_limit`].
    ///
    /// A larger set is an error with the code `too-many-rules`, which names the first rule past the
    /// limit. The error is found before any rule is compiled.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet};
    /// let rules: RuleSet = [r#"{"a":[1]}"#, r#"{"a":[2]}"#].iter().flat_map(|text| text.parse()).collect();
    /// let error = Matcher::builder().rule_limit(1).build(&rules).unwrap_err();
    /// assert_eq!((error.code(), error.rule().map(|rule| rule.as_usize())), ("too-many-rules", Some(1)));
    /// ```
    pub fn rule_limit(&mut self, rules: usize) -> &mut MatcherBuilder {
        self.rule_limit = rules;
        self
    }

    /// Sets the maximum number of bytes that the compiled set may take; 4 GiB by default.
    /// [`Matcher::memory_usage`] counts the bytes. A limit above [`MatcherBuilder::MAX_SIZE_LIMIT`]
    /// is reduced to that limit, and the error names the reduced limit.
    ///
    /// A larger set is an error with the code `size-limit`. The error names the rule that takes the
    /// most bytes, as [`MatcherBuilder::rule_size_limit`] counts them. A set without rules crosses
    /// no limit.
    ///
    /// Compiling ends as soon as the finished part of the set crosses the limit. Compiling also
    /// takes some hundred bytes of temporary memory for each branch.
    pub fn size_limit(&mut self, bytes: usize) -> &mut MatcherBuilder {
        self.size_limits.set = bytes.min(MatcherBuilder::MAX_SIZE_LIMIT);
        self
    }

    /// Sets the maximum number of bytes that each rule may take when it is compiled; 16 MiB by
    /// default.
    ///
    /// The bytes count the branches of the rule, its factored `$or`s, and its fields with the text
    /// of their alternatives. Parts that the rule shares with other rules count in full. The index
    /// that finds the rule among others does not count. The size of a rule depends only on its
    /// pattern.
    ///
    /// Recorded rules take some hundred bytes, and rules with long lists take up to 40,000. A
    /// pattern takes megabytes if paths of many `$or`s also occur outside of them
    /// ([`PatternLimits::branches`](crate::PatternLimits::branches)).
    ///
    /// A larger rule is an error with the code `rule-size-limit`, which names the first larger
    /// rule.
    ///
    /// ```
    /// # use galop::error::BuildErrorKind;
    /// # use galop::{Matcher, RuleSet};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let long = rules.add(&format!(r#"{{"source":["{}"]}}"#, "x".repeat(10_000)))?;
    /// let error = Matcher::builder().rule_size_limit(1_000).build(&rules).unwrap_err();
    /// assert_eq!((error.code(), error.rule()), ("rule-size-limit", Some(long)));
    /// let BuildErrorKind::RuleSizeLimit { limit: 1_000, rule_bytes } = *error.kind() else { panic!() };
    /// assert!(Matcher::builder().rule_size_limit(rule_bytes).build(&rules).is_ok());
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    pub fn rule_size_limit(&mut self, bytes: usize) -> &mut MatcherBuilder {
        self.size_limits.rule = bytes;
        self
    }

    /// Sets the limits of each event; [`EventLimits::default`] by default. Limits that were set
    /// before are replaced.
    ///
    /// An event past a limit is an [`EventError`](crate::EventError) with the code of the limit.
    /// [`Matcher::event_limits`] returns the limits in force.
    pub fn event_limits(&mut self, limits: EventLimits) -> &mut MatcherBuilder {
        self.event_limits = limits;
        self
    }

    /// Declares that events are known to be valid JSON, for example because a broker has checked
    /// them; false by default.
    ///
    /// The result for a valid event does not change. Objects and arrays on paths that no rule names
    /// are not checked. For an event that is not valid, the result is unspecified: an error or some
    /// rules.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let matcher = Matcher::builder().trusted(true).distinct_names(true).build(&rules)?;
    /// assert!(matcher.is_match(&mut Scratch::new(), br#"{"source":"aws.s3","detail":{"size":4096}}"#)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn trusted(&mut self, yes: bool) -> &mut MatcherBuilder {
        self.trusted = yes;
        self
    }

    /// Declares that the names of every object in an event are known to be distinct and to have no
    /// dots; false by default.
    ///
    /// The reader of a [trusted](MatcherBuilder::trusted) event stops after every path that the
    /// rules name was found. For events that are not trusted, nothing changes.
    ///
    /// Without the declaration the whole event must be read. A repeated name, or a name whose dots
    /// spell a path, adds values to the path. For an event that breaks the declaration, the result
    /// is unspecified: an error or some rules.
    pub fn distinct_names(&mut self, yes: bool) -> &mut MatcherBuilder {
        self.distinct = yes;
        self
    }

    /// Sets the kernel that reads events; by default [`Kernel::detect`], the fastest kernel that
    /// this CPU can run. The result of matching does not depend on the kernel.
    ///
    /// [`MatcherBuilder::build`] returns an error with the code `kernel-unavailable` if this CPU
    /// cannot run the kernel. [`Kernel::is_available`] returns true if the CPU can run it.
    ///
    /// ```
    /// use galop::tuning::Kernel;
    /// use galop::{Matcher, RuleSet};
    ///
    /// for kernel in Kernel::ALL {
    ///     let code = match Matcher::builder().kernel(kernel).build(&RuleSet::new()) {
    ///         Ok(matcher) => {
    ///             assert_eq!(matcher.kernel(), kernel);
    ///             None
    ///         }
    ///         Err(error) => Some(error.code()),
    ///     };
    ///     assert_eq!(code, if kernel.is_available() { None } else { Some("kernel-unavailable") });
    /// }
    /// ```
    pub fn kernel(&mut self, kernel: Kernel) -> &mut MatcherBuilder {
        self.kernel = kernel;
        self
    }

    /// Sets the optimisations, for tests and measurements. The result of matching does not depend
    /// on them.
    pub fn tuning(&mut self, tuning: Tuning) -> &mut MatcherBuilder {
        self.tuning = tuning;
        self
    }

    /// Compiles a rule set. Later changes of the set do not change the matcher.
    ///
    /// The time and the memory are proportional to the text of the patterns, with one exception. A
    /// `$or` with a path that also occurs outside of it is expanded, and several of them are
    /// expanded to all combinations. A set that crosses a limit takes at most the time of a set
    /// within the limit, plus the time to read each pattern again.
    ///
    /// # Errors
    ///
    /// Returns an error if the compiled set crosses a limit. The error names the limit and one
    /// rule. Returns an error if this CPU cannot run the kernel.
    pub fn build(&self, rules: &RuleSet) -> Result<Matcher, BuildError> {
        self.check_kernel()?;
        self.check_rule_limit(rules)?;
        let automaton = compile::compile(rules, self.size_limits, self.tuning)?;
        Ok(self.matcher(automaton, self.kernel))
    }

    /// Compiles a part of a set, whose other parts take a number of bytes.
    #[cfg(feature = "live")]
    pub(crate) fn build_part(&self, rules: &RuleSet, others: usize) -> Result<Automaton, BuildError> {
        let SizeLimits { set, rule } = self.size_limits;
        compile::compile(rules, SizeLimits { set: set.saturating_sub(others), rule }, self.tuning)
    }

    /// Returns the options for events, or an error if this CPU cannot run the kernel.
    #[cfg(feature = "live")]
    pub(crate) fn event_options(&self) -> Result<EventOptions, BuildError> {
        self.check_kernel()?;
        Ok(self.options(self.kernel))
    }

    /// Returns the limit of the number of rules.
    #[cfg(feature = "live")]
    pub(crate) fn most_rules(&self) -> usize {
        self.rule_limit
    }

    /// Compiles a rule set without the rules that cross a limit, and never fails. The function is
    /// for rules of many tenants, where the rules of one tenant must not stop the others.
    ///
    /// Three groups of rules are left out: rules past [`MatcherBuilder::rule_limit`], rules that
    /// cross [`MatcherBuilder::rule_size_limit`], and the largest rules while the set crosses
    /// [`MatcherBuilder::size_limit`]. If two rules have equal size, the later one is left out
    /// first. Rules that are left out keep their ids and never match. The matcher returns the
    /// results of a matcher built without them.
    ///
    /// The largest rules are left out in steps: one rule at first, then two more, then four more,
    /// until the set is within the limit. Rules are left out in one step only if the largest has at
    /// most twice the bytes of the smallest. Millions of rules take at most some dozens of
    /// steps. Each step takes at most the time of [`MatcherBuilder::build`]. Up to twice the
    /// necessary number of rules of one size are left out.
    ///
    /// The errors name each rule that is left out, in the order of the rules, with the code that
    /// [`MatcherBuilder::build`] would return. If this CPU cannot run the kernel,
    /// [`Kernel::Portable`] is used, and the first error reports it. The list of errors is empty if
    /// and only if [`MatcherBuilder::build`] succeeds.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// let small = rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let large = rules.add(&format!(r#"{{"source":["aws.s3","{}"]}}"#, "x".repeat(10_000)))?;
    /// let last = rules.add(r#"{"source":[{"prefix":"aws."}]}"#)?;
    ///
    /// let (matcher, errors) = Matcher::builder().rule_size_limit(1_000).build_within_limits(&rules);
    /// assert_eq!(errors.len(), 1);
    /// assert_eq!((errors[0].code(), errors[0].rule()), ("rule-size-limit", Some(large)));
    /// assert_eq!(matcher.matches(&mut Scratch::new(), br#"{"source":"aws.s3"}"#)?, [small, last]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn build_within_limits(&self, rules: &RuleSet) -> (Matcher, Vec<BuildError>) {
        let count = rules.len().min(self.rule_limit);
        let (automaton, left_out) = compile::compile_within(rules, count, self.size_limits, self.tuning);
        let mut errors: Vec<BuildError> = self.check_kernel().err().into_iter().collect();
        let kernel = if errors.is_empty() { self.kernel } else { Kernel::Portable };
        errors.extend(left_out);
        let past = rules.iter().skip(count).map(|(rule, _)| self.past_rule_limit(rule));
        errors.extend(past);
        (self.matcher(automaton, kernel), errors)
    }

    /// Returns the compiled form of a rule set as plain data: the decision tree that
    /// [`MatcherBuilder::build`] makes of the set with these settings. The function is for drawings of
    /// small sets and for tests.
    ///
    /// It takes the time of [`MatcherBuilder::build`], and in addition time and memory in proportion to
    /// the compiled set. The alternatives of rules are copied for each place where they are tested.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`MatcherBuilder::build`], except for an unavailable kernel.
    ///
    /// ```
    /// # use galop::graph::Node;
    /// # use galop::{Matcher, RuleSet};
    /// let mut rules = RuleSet::new();
    /// let stored = rules.add(r#"{"source":["aws.s3"],"detail":{"size":[{"numeric":[">",1000]}]}}"#)?;
    /// let graph = Matcher::builder().graph(&rules)?;
    /// let Some(Node::Branch(candidate)) = graph.root.map(|root| &graph.nodes[root]) else { panic!() };
    /// assert_eq!(graph.branches[candidate.branch].rule, stored);
    /// let left: Vec<String> = candidate.fields.iter().map(|&field| graph.fields[field].to_string()).collect();
    /// assert_eq!(left, [r#""detail.size":[{"numeric":[">",1000]}]"#, r#""source":["aws.s3"]"#]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn graph(&self, rules: &RuleSet) -> Result<Graph, BuildError> {
        self.check_rule_limit(rules)?;
        let (automaton, names) = compile::compile_with_names(rules, self.size_limits, self.tuning)?;
        Ok(Graph::new(&automaton, &names))
    }

    fn check_rule_limit(&self, rules: &RuleSet) -> Result<(), BuildError> {
        if rules.len() > self.rule_limit {
            return Err(self.past_rule_limit(RuleId::new(self.rule_limit as u32)));
        }
        Ok(())
    }

    fn check_kernel(&self) -> Result<(), BuildError> {
        if self.kernel.is_available() {
            Ok(())
        } else {
            Err(BuildError::without_rule(BuildErrorKind::KernelUnavailable))
        }
    }

    fn matcher(&self, automaton: Automaton, kernel: Kernel) -> Matcher {
        Matcher { automaton, events: self.options(kernel) }
    }

    fn options(&self, kernel: Kernel) -> EventOptions {
        let EventLimits { length, depth, leaves, elements, work } = self.event_limits;
        let reader = ReadOptions {
            kernel,
            depth,
            leaves,
            elements,
            trusted: self.trusted,
            distinct: self.distinct,
            fast: self.tuning.fast_reader != Toggle::Off,
        };
        let length_limit = length.min(EventLimits::MAX_LENGTH);
        EventOptions { length_limit, work_limit: work, reader }
    }

    fn past_rule_limit(&self, rule: RuleId) -> BuildError {
        BuildError::new(BuildErrorKind::TooManyRules { limit: self.rule_limit }, rule)
    }
}

impl Matcher {
    /// Compiles a rule set with the default settings of [`MatcherBuilder`].
    ///
    /// # Errors
    ///
    /// Returns an error if the compiled set crosses a limit. The error names the limit and one
    /// rule.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// assert_eq!(Matcher::new(&rules)?.stats().rules, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(rules: &RuleSet) -> Result<Matcher, BuildError> {
        MatcherBuilder::new().build(rules)
    }

    /// Returns a builder with default settings.
    #[must_use]
    pub fn builder() -> MatcherBuilder {
        MatcherBuilder::new()
    }
}
