//! [`Matcher`]: one event through the compiled set.

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

/// How to build a [`Matcher`].
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

impl Default for MatcherBuilder {
    fn default() -> MatcherBuilder {
        MatcherBuilder {
            rule_limit: 10_000_000,
            size_limits: SizeLimits { set: 4 << 30, rule: 16 << 20 },
            tuning: Tuning::default(),
            event_limits: EventLimits::default(),
            kernel: Kernel::detect(),
            trusted: false,
            distinct: false,
        }
    }
}

impl MatcherBuilder {
    /// The most bytes of memory that [`MatcherBuilder::size_limit`] can allow: 64 GiB.
    pub const MAX_SIZE_LIMIT: usize = 64 << 30;

    /// A builder with every default.
    #[must_use]
    pub fn new() -> MatcherBuilder {
        MatcherBuilder::default()
    }

    /// The most rules that a set may have; 10,000,000 by default, about as many as [`MatcherBuilder::size_limit`] has room for.
    ///
    /// A larger set is an error with the code `too-many-rules`, which names the first rule past the limit. It is found before
    /// anything is compiled.
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

    /// The most bytes of memory that the compiled set may take, as [`Matcher::memory_usage`] counts them; 4 GiB by
    /// default. A limit above [`MatcherBuilder::MAX_SIZE_LIMIT`] is that limit, and the error names it.
    ///
    /// A larger set is an error with the code `size-limit`, which names the rule that takes the most bytes, as
    /// [`MatcherBuilder::rule_size_limit`] counts them. A set without rules crosses no limit.
    ///
    /// Compiling ends as soon as what is finished of the set crosses the limit. What compiling takes besides is some hundred
    /// bytes for each branch.
    pub fn size_limit(&mut self, bytes: usize) -> &mut MatcherBuilder {
        self.size_limits.set = bytes.min(MatcherBuilder::MAX_SIZE_LIMIT);
        self
    }

    /// The most bytes of memory that each rule may take when it is compiled; 16 MiB by default.
    ///
    /// What counts is the branches that the rule is written out to, its choices, and its fields with the text of their
    /// alternatives. What it has in common with other rules counts in full, and what finds the rule among others does not;
    /// so whether a rule is too large depends on its pattern alone. Recorded rules take some hundred bytes, and those with long
    /// lists up to 40,000; what takes megabytes is a pattern in which paths of many `$or`s are written outside of them as
    /// well ([`PatternLimits::branches`](crate::PatternLimits::branches)).
    ///
    /// A larger rule is an error with the code `rule-size-limit`, which names the first such rule.
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

    /// The limits of each event, in place of those set before; by default [`EventLimits::default`].
    ///
    /// An event past a limit is an [`EventError`] with the code of the limit. [`Matcher::event_limits`] returns the limits in
    /// force.
    pub fn event_limits(&mut self, limits: EventLimits) -> &mut MatcherBuilder {
        self.event_limits = limits;
        self
    }

    /// Whether events are known to be valid JSON, as they are behind a broker that has checked them; false by default.
    ///
    /// Then the answer for a valid event is the same, but what no rule looks into is not checked. For an event that is
    /// not valid the answer is unspecified: an error, or some rules.
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

    /// Whether the names of every object in an event are known to be distinct and to have no dots; false by default.
    ///
    /// Then a [trusted](MatcherBuilder::trusted) event is read no further than to where every path that the rules name has
    /// been found; for events that are not trusted, nothing changes. Without this promise all of an event must be
    /// read, because a name that comes again, or stands for a path by its dots, adds values to that path. For an event
    /// that breaks the promise the answer is unspecified: an error, or some rules.
    pub fn distinct_names(&mut self, yes: bool) -> &mut MatcherBuilder {
        self.distinct = yes;
        self
    }

    /// The kernel with which events are read; by default the fastest that this CPU can run, [`Kernel::detect`]. The answer
    /// does not depend on it.
    ///
    /// A kernel that this CPU cannot run is an error of [`MatcherBuilder::build`] with the code `kernel-unavailable`. To do
    /// without it, ask [`Kernel::is_available`] first.
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

    /// The optimisations that are used, for tests and measurements. The answer does not depend on them.
    pub fn tuning(&mut self, tuning: Tuning) -> &mut MatcherBuilder {
        self.tuning = tuning;
        self
    }

    /// Compiles a rule set. Later changes of the set have no influence on the matcher.
    ///
    /// Takes time and memory proportional to the text of the patterns; but `$or`s with a path that is also written outside of
    /// them are written out, in all combinations with each other. A set that crosses a limit takes at most as long
    /// as one that is within it, and the time to read each pattern once more.
    ///
    /// # Errors
    ///
    /// If the compiled set crosses a limit: which one, and which rule is to blame. If this CPU cannot run the kernel.
    pub fn build(&self, rules: &RuleSet) -> Result<Matcher, BuildError> {
        self.check_kernel()?;
        if rules.len() > self.rule_limit {
            return Err(self.past_rule_limit(RuleId::new(self.rule_limit as u32)));
        }
        let automaton = compile::compile(rules, self.size_limits, self.tuning)?;
        Ok(self.matcher(automaton, self.kernel))
    }

    /// Compiles a rule set without the rules for which there is no room, and never fails: for a set of rules of many tenants,
    /// of which one must not stop the others.
    ///
    /// Left out are the rules past [`MatcherBuilder::rule_limit`], those that cross [`MatcherBuilder::rule_size_limit`] and, if the others
    /// still cross [`MatcherBuilder::size_limit`], those that take the most bytes, the later of two that take as many. They keep their
    /// ids and never match; the matcher answers as if it was built without them.
    ///
    /// Of the largest rules one is left out at first, then two more, four more and so on, until the set is within the limit;
    /// but none of them together with one of more than twice its bytes. So there are few attempts, at most some dozens for
    /// millions of rules, each at most as long as [`MatcherBuilder::build`] takes, and up to twice as many rules of one size are left
    /// out as would have to be.
    ///
    /// The errors say why each rule is left out, in the order of the rules; each has the code that [`MatcherBuilder::build`]
    /// would give. If this CPU cannot run the kernel, [`Kernel::Portable`] takes its place, and the first error says so.
    /// There are no errors if and only if [`MatcherBuilder::build`] succeeds.
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

/// A compiled rule set, which finds the rules that an event fits.
///
/// A matcher never changes. Threads share it by reference, each with a [`Scratch`] of its own.
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
    /// Compiles a rule set with every default of [`MatcherBuilder`].
    ///
    /// # Errors
    ///
    /// If the compiled set crosses a limit: which one, and which rule is to blame.
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

    /// A builder with every default.
    #[must_use]
    pub fn builder() -> MatcherBuilder {
        MatcherBuilder::new()
    }

    /// The rules that an event fits: their ids in ascending order, each once.
    ///
    /// The event is the text of one JSON object ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)), and all of it
    /// is checked. Besides that, the time is proportional to the leaves on paths that some rule names, to the tests
    /// made there, and to the rules that come near matching. Nothing is allocated once the scratch has grown.
    ///
    /// # Errors
    ///
    /// If the event is not a JSON object, or crosses a limit: what is wrong, and where. Nothing is known then of
    /// which rules it would fit.
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

    /// Appends the rules that an event fits to `ids`: in ascending order, each once.
    ///
    /// The same as [`Matcher::matches`], for callers who keep the ids of many events in one place, or need the scratch while
    /// they look at the ids.
    ///
    /// # Errors
    ///
    /// As for [`Matcher::matches`]. Nothing is appended.
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

    /// Whether the event fits any rule. Stops at the first one, so it takes at most as long as [`Matcher::matches`].
    ///
    /// # Errors
    ///
    /// As for [`Matcher::matches`].
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

    /// Decides which rules an event matches.
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

    /// The bytes of memory that the compiled set takes, as far as it knows. Takes time in proportion to the set.
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

    /// Returns the limits in force for each event: those of [`MatcherBuilder::event_limits`], the length at most
    /// [`EventLimits::MAX_LENGTH`].
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

    /// Returns the kernel with which events are read.
    ///
    /// With [`Tuning::fast_reader`] off, events are read without a kernel.
    #[must_use]
    pub fn kernel(&self) -> Kernel {
        self.events.reader.kernel
    }

    /// What the compiled set consists of.
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
    /// The rules that an event fits which was parsed before: their ids in ascending order, each once.
    ///
    /// The answer is that of [`Matcher::matches`] for the text of the event, as far as the parser has kept what the
    /// text says; [`ParsedEvent`](crate::ParsedEvent) tells where it has not. Nothing is written out as text again: the time
    /// is proportional to the values of the event.
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
    /// A value or a tape of `simd_json` does as well:
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
    /// The limits on depth, leaves, elements and work hold as for a text. If events are
    /// [trusted](MatcherBuilder::trusted), only what rules look into is read, and its depth counts alone.
    /// [`EventLimits::length`] holds for what is kept while matching, the strings on paths that some rule names, which
    /// is always less than the text.
    ///
    /// # Errors
    ///
    /// If the event is not an object, or crosses a limit. There is no text to point into, so the error has no offset.
    pub fn matches_parsed<'s>(
        &self,
        scratch: &'s mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<&'s [RuleId], EventError> {
        self.run_parsed(scratch, event, false)?;
        scratch.decide.ids.sort_unstable();
        Ok(&scratch.decide.ids)
    }

    /// Whether an event that was parsed before fits any rule.
    ///
    /// # Errors
    ///
    /// As for [`Matcher::matches_parsed`].
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

/// What a compiled set consists of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// The rules of the set, those that [`MatcherBuilder::build_within_limits`] has left out counted as well.
    pub rules: usize,
    /// The conjunctions into which `$or`s unfold the rules, as far as they are written out; one for a rule without.
    pub branches: usize,
    /// The distinct paths that rules name.
    pub paths: usize,
    /// The distinct lists of alternatives on a path.
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
