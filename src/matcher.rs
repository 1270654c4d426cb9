//! [`Matcher`]: runs events through the compiled set.

use crate::automaton::Automaton;
use crate::compile::{self, SizeLimits};
use crate::decision::{self, SearchOptions};
use crate::error::{BuildError, BuildErrorKind, EventError, EventErrorKind, PatternError};
use crate::evaluate::Evaluator;
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
use crate::event::ParsedEvent;
use crate::event::limits::EventLimits;
use crate::event::{self, Event, ReadOptions};
use crate::id::RuleId;
use crate::rules::RuleSet;
use crate::scratch::{DecideScratch, Scratch};
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

#[derive(Clone, Copy, Debug)]
struct EventOptions {
    length_limit: usize,
    work_limit: u64,
    reader: ReadOptions,
}

/// Returns the bytes of this number of GiB, or the largest number if it is smaller, as on a 32-bit target.
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
    /// The most bytes of memory that [`MatcherBuilder::size_limit`] can allow: 64 GiB, or on a 32-bit target all that
    /// can be addressed.
    pub const MAX_SIZE_LIMIT: usize = gibibytes(64);

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
    /// that finds the rule among others does not count. So the size of a rule depends only on its
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
    /// An event past a limit is an [`EventError`] with the code of the limit.
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
        if rules.len() > self.rule_limit {
            return Err(self.past_rule_limit(RuleId::new(self.rule_limit as u32)));
        }
        let automaton = compile::compile(rules, self.size_limits, self.tuning)?;
        Ok(self.matcher(automaton, self.kernel))
    }

    /// Compiles a rule set without the rules that cross a limit, and never fails. The function is
    /// for rules of many tenants, where the rules of one tenant must not stop the others.
    ///
    /// Three groups of rules are left out: rules past [`MatcherBuilder::rule_limit`], rules that
    /// cross [`MatcherBuilder::rule_size_limit`], and the largest rules while the set crosses
    /// [`MatcherBuilder::size_limit`]. Of two rules with equal size, the later one is left out
    /// first. Rules that are left out keep their ids and never match. The matcher returns the
    /// results of a matcher built without them.
    ///
    /// The largest rules are left out in steps: one rule at first, then two more, then four more,
    /// until the set is within the limit. Rules are left out in one step only if the largest has at
    /// most twice the bytes of the smallest. So there are at most some dozens of steps for millions
    /// of rules. Each step takes at most the time of [`MatcherBuilder::build`]. Up to twice the
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

    fn check_kernel(&self) -> Result<(), BuildError> {
        let is_available = self.kernel.is_available();
        is_available.then_some(()).ok_or_else(|| BuildError::without_rule(BuildErrorKind::KernelUnavailable))
    }

    fn matcher(&self, automaton: Automaton, kernel: Kernel) -> Matcher {
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
        Matcher { automaton, events: EventOptions { length_limit, work_limit: work, reader } }
    }

    fn past_rule_limit(&self, rule: RuleId) -> BuildError {
        BuildError::new(BuildErrorKind::TooManyRules { limit: self.rule_limit }, rule)
    }
}

/// A compiled rule set, which finds the rules that an event matches.
///
/// A matcher is immutable. Threads share it by reference, and each thread has its own [`Scratch`].
///
/// ```
/// # use galop::{Matcher, RuleSet, Scratch};
/// let mut rules = RuleSet::new();
/// rules.add(r#"{"source":["aws.s3"]}"#)?;
/// let matcher = Matcher::new(&rules)?;
/// std::thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| matcher.is_match(&mut Scratch::new(), br#"{"source":"aws.s3"}"#));
///     }
/// });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Matcher {
    automaton: Automaton,
    events: EventOptions,
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

    /// Returns the ids of the rules that an event matches, in ascending order without repetition.
    ///
    /// The event is the text of one JSON object
    /// ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)). The whole event is checked, unless it is
    /// [trusted](MatcherBuilder::trusted). The remaining time is proportional to the leaves on paths
    /// that some rule names, their tests, and the rules that nearly match. Nothing is allocated after
    /// the scratch has grown.
    ///
    /// # Errors
    ///
    /// Returns an error if the event is not a JSON object or crosses a limit. The error has the
    /// kind and the offset. The rules that the event matches are unknown after an error.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// let stored = rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let large = rules.add(r#"{"detail":{"size":[{"numeric":[">",1000]}]}}"#)?;
    /// let (matcher, mut scratch) = (Matcher::new(&rules)?, Scratch::new());
    ///
    /// assert_eq!(matcher.matches(&mut scratch, br#"{"source":"aws.s3","detail":{"size":4096}}"#)?, [stored, large]);
    /// assert_eq!(matcher.matches(&mut scratch, br#"{"source":"aws.s3"}"#)?, [stored]);
    /// let error = matcher.matches(&mut scratch, br#"{"source":aws.s3"}"#).unwrap_err();
    /// assert_eq!((error.code(), error.offset()), ("invalid-literal", Some(10)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matches<'s>(&self, scratch: &'s mut Scratch, event: &[u8]) -> Result<&'s [RuleId], EventError> {
        self.run(scratch, event, false)?;
        scratch.decide.ids.sort_unstable();
        Ok(&scratch.decide.ids)
    }

    /// Appends the ids of the rules that an event matches to `ids`, in ascending order without
    /// repetition.
    ///
    /// The appended ids are the result of [`Matcher::matches`]. The function is for callers that
    /// store the ids of many events in one list, or need the scratch while they read the ids.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Matcher::matches`]. Nothing is appended after an error.
    ///
    /// ```
    /// use galop::{Matcher, RuleSet, Scratch};
    ///
    /// let mut rules = RuleSet::new();
    /// let id = rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let matcher = Matcher::new(&rules)?;
    ///
    /// let (mut scratch, mut ids, mut ends) = (Scratch::new(), Vec::new(), Vec::new());
    /// for event in [br#"{"source":"aws.s3"}"#.as_slice(), b"{}", br#"{"source":"aws.s3","id":7}"#] {
    ///     matcher.matches_into(&mut scratch, event, &mut ids)?;
    ///     ends.push(ids.len());
    /// }
    /// assert_eq!((ids, ends), (vec![id, id], vec![1, 1, 2]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matches_into(
        &self,
        scratch: &mut Scratch,
        event: &[u8],
        ids: &mut Vec<RuleId>,
    ) -> Result<(), EventError> {
        ids.extend_from_slice(self.matches(scratch, event)?);
        Ok(())
    }

    /// Returns true if the event matches any rule. The search stops at the first rule, so it takes
    /// at most the time of [`Matcher::matches`].
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Matcher::matches`].
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let (matcher, mut scratch) = (Matcher::new(&rules)?, Scratch::new());
    /// assert!(matcher.is_match(&mut scratch, br#"{"source":"aws.s3"}"#)?);
    /// assert_eq!(matcher.is_match(&mut scratch, b"{").unwrap_err().code(), "unexpected-end");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_match(&self, scratch: &mut Scratch, event: &[u8]) -> Result<bool, EventError> {
        self.run(scratch, event, true)?;
        Ok(!scratch.decide.ids.is_empty())
    }

    fn run(&self, scratch: &mut Scratch, event: &[u8], first: bool) -> Result<(), EventError> {
        let EventOptions { length_limit: limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        if event.len() > limit {
            return Err(EventError::new(EventErrorKind::EventTooLong { limit }, limit));
        }
        let Scratch { read, decide } = scratch;
        let event = event::read(&reader, &self.automaton.predicates.paths, event, read)?;
        self.decide(event, decide, SearchOptions { earliest: first })
    }

    /// Stores the rules that an event matches in the scratch.
    #[inline(always)]
    fn decide(
        &self,
        event: Event<'_>,
        scratch: &mut DecideScratch,
        options: SearchOptions,
    ) -> Result<(), EventError> {
        let Automaton { predicates, decision } = &self.automaton;
        let DecideScratch { memo, decision: memory, work, ids } = scratch;
        let mut evaluator = Evaluator::new(predicates, event, memo, *work);
        let result = decision::decide(decision, &mut evaluator, options, memory, ids);
        *work = evaluator.work;
        result.map_err(|kind| {
            ids.clear();
            EventError::without_place(kind)
        })
    }

    /// Returns the approximate number of bytes that the compiled set takes. The time is
    /// proportional to the size of the set.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet};
    /// let matcher = Matcher::new(&RuleSet::new())?;
    /// assert!(matcher.memory_usage() < 10_000);
    /// # Ok::<(), galop::BuildError>(())
    /// ```
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        self.automaton.memory_usage()
    }

    /// Returns the limits in force for each event. They are the limits of
    /// [`MatcherBuilder::event_limits`], with a length of at most [`EventLimits::MAX_LENGTH`].
    ///
    /// ```
    /// # use galop::{EventLimits, Matcher, RuleSet};
    /// let mut limits = EventLimits::default();
    /// limits.length = usize::MAX;
    /// let matcher = Matcher::builder().event_limits(limits).build(&RuleSet::new())?;
    /// assert_eq!(matcher.event_limits().length, EventLimits::MAX_LENGTH);
    /// # Ok::<(), galop::BuildError>(())
    /// ```
    #[must_use]
    pub fn event_limits(&self) -> EventLimits {
        let EventOptions { length_limit: length, work_limit: work, reader } = self.events;
        EventLimits { length, depth: reader.depth, leaves: reader.leaves, elements: reader.elements, work }
    }

    /// Returns the kernel that reads events.
    ///
    /// If [`Tuning::fast_reader`] is off, events are read without a kernel.
    #[must_use]
    pub fn kernel(&self) -> Kernel {
        self.events.reader.kernel
    }

    /// Returns statistics of the compiled set.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"],"region":["eu-west-1"]}"#)?;
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let stats = Matcher::new(&rules)?.stats();
    /// assert_eq!((stats.rules, stats.branches, stats.paths, stats.field_tests), (2, 2, 2, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        let decision = &self.automaton.decision;
        Stats {
            rules: decision.rules,
            branches: decision.branches.len(),
            paths: self.automaton.predicates.dictionaries.len(),
            field_tests: decision.field_tests.len(),
        }
    }
}

#[cfg(any(feature = "serde_json", feature = "simd-json"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "serde_json", feature = "simd-json"))))]
impl Matcher {
    /// Returns the ids of the rules that a parsed event matches, in ascending order without
    /// repetition.
    ///
    /// The result is the result of [`Matcher::matches`] for the text of the event, as far as the
    /// parser has stored the text exactly. [`ParsedEvent`] lists the differences. The event is not
    /// converted to text. The time is proportional to the values of the event.
    ///
    #[cfg_attr(feature = "serde_json", doc = "```")]
    #[cfg_attr(not(feature = "serde_json"), doc = "```ignore")]
    /// use galop::{Matcher, RuleSet, Scratch};
    ///
    /// let mut rules = RuleSet::new();
    /// let large = rules.add(r#"{"detail":{"size":[{"numeric":[">",1000]}]}}"#)?;
    /// let matcher = Matcher::new(&rules)?;
    ///
    /// let event = serde_json::json!({"source": "aws.s3", "detail": {"size": 4096}});
    /// assert_eq!(matcher.matches_parsed(&mut Scratch::new(), &event)?, [large]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A value or a tape of `simd_json` can be matched too:
    ///
    #[cfg_attr(feature = "simd-json", doc = "```")]
    #[cfg_attr(not(feature = "simd-json"), doc = "```ignore")]
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// # let mut rules = RuleSet::new();
    /// # let large = rules.add(r#"{"detail":{"size":[{"numeric":[">",1000]}]}}"#)?;
    /// # let matcher = Matcher::new(&rules)?;
    /// let mut text = br#"{"source":"aws.s3","detail":{"size":4096}}"#.to_vec();
    /// let event = simd_json::to_tape(&mut text)?;
    /// assert_eq!(matcher.matches_parsed(&mut Scratch::new(), &event)?, [large]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Limits
    ///
    /// The limits on depth, leaves, elements and work are the same as for a text. For
    /// [trusted](MatcherBuilder::trusted) events, only values on paths that rules name are read,
    /// and only their depth counts. [`EventLimits::length`] limits the strings that are stored
    /// while matching. They are the strings on paths that some rule names, which are always shorter
    /// than the text.
    ///
    /// # Errors
    ///
    /// Returns an error if the event is not an object or crosses a limit. The error has no offset,
    /// because there is no text.
    pub fn matches_parsed<'s>(
        &self,
        scratch: &'s mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<&'s [RuleId], EventError> {
        self.run_parsed(scratch, event, false)?;
        scratch.decide.ids.sort_unstable();
        Ok(&scratch.decide.ids)
    }

    /// Returns true if a parsed event matches any rule.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Matcher::matches_parsed`].
    ///
    #[cfg_attr(feature = "serde_json", doc = "```")]
    #[cfg_attr(not(feature = "serde_json"), doc = "```ignore")]
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// # let mut rules = RuleSet::new();
    /// # rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let (matcher, event) = (Matcher::new(&rules)?, serde_json::json!({"source": "aws.s3"}));
    /// assert!(matcher.is_match_parsed(&mut Scratch::new(), &event)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_match_parsed(
        &self,
        scratch: &mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<bool, EventError> {
        self.run_parsed(scratch, event, true)?;
        Ok(!scratch.decide.ids.is_empty())
    }

    fn run_parsed(
        &self,
        scratch: &mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
        first: bool,
    ) -> Result<(), EventError> {
        let EventOptions { length_limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        let Scratch { read, decide } = scratch;
        let event = event::read_parsed(&reader, &self.automaton.predicates.paths, event, length_limit, read)?;
        self.decide(event, decide, SearchOptions { earliest: first })
    }
}

/// Statistics of a compiled set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// The number of rules of the set, including the rules that
    /// [`MatcherBuilder::build_within_limits`] has left out.
    pub rules: usize,
    /// The number of branches: conjunctions to which the `$or`s of the rules are expanded. A rule
    /// without `$or` has one.
    pub branches: usize,
    /// The number of distinct paths that rules name.
    pub paths: usize,
    /// The number of distinct lists of alternatives on a path.
    pub field_tests: usize,
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    const fn movable<T: Send>() {}
    shared::<Matcher>();
    shared::<RuleSet>();
    shared::<PatternError>();
    shared::<BuildError>();
    shared::<EventError>();
    movable::<Scratch>();
};
