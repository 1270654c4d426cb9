//! [`Matcher`]: one event through the compiled set.

use crate::automaton::Automaton;
use crate::compile::{self, SizeLimits};
use crate::decision::{self, SearchOptions};
use crate::error::{BuildError, BuildErrorKind, EventError, EventErrorKind};
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
use crate::event::ParsedEvent;
use crate::event::ReadOptions;
use crate::id::RuleId;
use crate::rules::RuleSet;
use crate::scratch::Scratch;
use crate::simd::Kernel;
use crate::tuning::{Toggle, Tuning};

/// How to build a [`Matcher`].
///
/// ```
/// let mut rules = galop::RuleSet::new();
/// rules.add(r#"{"source":["aws.s3"]}"#)?;
/// let matcher = galop::Matcher::builder().size_limit(1 << 20).event_length_limit(1 << 18).build(&rules)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MatcherBuilder {
    rule_limit: usize,
    size_limits: SizeLimits,
    tuning: Tuning,
    events: EventOptions,
}

#[derive(Clone, Copy, Debug)]
struct EventOptions {
    length_limit: usize,
    work_limit: u64,
    reader: ReadOptions,
}

impl Default for MatcherBuilder {
    fn default() -> MatcherBuilder {
        let reader = ReadOptions {
            kernel: Kernel::detect(),
            depth: 1_000,
            leaves: 1 << 20,
            elements: 1 << 20,
            trusted: false,
            distinct: false,
            walk: true,
        };
        let events = EventOptions { length_limit: 16 << 20, work_limit: 20_000_000, reader };
        let size_limits = SizeLimits { set: 4 << 30, rule: 16 << 20 };
        MatcherBuilder { rule_limit: 10_000_000, size_limits, tuning: Tuning::default(), events }
    }
}

impl MatcherBuilder {
    /// A builder with every default.
    #[must_use]
    pub fn new() -> MatcherBuilder {
        MatcherBuilder::default()
    }

    /// The most rules that a set may have; 10,000,000 by default, about as many as [`MatcherBuilder::size_limit`] has room for.
    ///
    /// A larger set is an error with the code `too-many-rules`, which names the first rule past the limit. It is found before
    /// anything is compiled.
    pub fn rule_limit(&mut self, rules: usize) -> &mut MatcherBuilder {
        self.rule_limit = rules;
        self
    }

    /// The most bytes of memory that the compiled set may take, as [`Matcher::memory_usage`] counts them; 4 GiB by
    /// default, and never more than 64 GiB.
    ///
    /// A larger set is an error with the code `size-limit`, which names the rule that takes the most bytes, as
    /// [`MatcherBuilder::rule_size_limit`] counts them. A set without rules crosses no limit.
    ///
    /// Compiling ends as soon as what is finished of the set crosses the limit. What compiling takes besides is some hundred
    /// bytes for each branch.
    pub fn size_limit(&mut self, bytes: usize) -> &mut MatcherBuilder {
        self.size_limits.set = bytes.min(64 << 30);
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
    /// assert_eq!((error.code(), error.rule()), ("rule-size-limit", long));
    /// let BuildErrorKind::RuleSizeLimit { limit: 1_000, rule_bytes } = *error.kind() else { panic!() };
    /// assert!(Matcher::builder().rule_size_limit(rule_bytes).build(&rules).is_ok());
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    pub fn rule_size_limit(&mut self, bytes: usize) -> &mut MatcherBuilder {
        self.size_limits.rule = bytes;
        self
    }

    /// The most bytes that an event may have; 16 MiB by default, and never more than 4 GiB.
    ///
    /// A longer event is an error with the code `event-too-long`.
    pub fn event_length_limit(&mut self, bytes: usize) -> &mut MatcherBuilder {
        self.events.length_limit = bytes.min(u32::MAX as usize);
        self
    }

    /// The most levels of objects and arrays that an event may have; 1,000 by default. The root is the first.
    ///
    /// A deeper event is an error with the code `too-deep`. Of a [trusted](MatcherBuilder::trusted) event, what no rule looks into
    /// may be deeper, since nothing is kept of it.
    pub fn event_depth_limit(&mut self, levels: usize) -> &mut MatcherBuilder {
        self.events.reader.depth = levels;
        self
    }

    /// The most values of an event, each a string, number, `true`, `false` or `null`, that may stand on paths that some rule
    /// names; 1,048,576 by default. What is kept of so many takes about 100 MB of a [`Scratch`].
    ///
    /// An event with more is an error with the code `too-many-leaves`. The first fault of an event in the order of the text
    /// is reported, be it this or another, except that an event that is too long is not read.
    pub fn event_leaf_limit(&mut self, leaves: usize) -> &mut MatcherBuilder {
        self.events.reader.leaves = leaves;
        self
    }

    /// The most elements that the arrays of an event may have together, as far as some rule looks into them; 1,048,576 by
    /// default. What is kept of so many takes less than 100 MB of a [`Scratch`].
    ///
    /// An event with more is an error with the code `too-many-elements`.
    pub fn event_element_limit(&mut self, elements: usize) -> &mut MatcherBuilder {
        self.events.reader.elements = elements;
        self
    }

    /// The most steps that deciding on one event may take; 20,000,000 by default, which ends any event within a tenth of a
    /// second on an ordinary core: a step takes one to four nanoseconds.
    ///
    /// All work counts but the reading of the event, which takes time in proportion to its length: decoding a value, comparing
    /// or searching eight bytes of it, a look at one test or branch, a step of the search for consistent array elements.
    /// Ordinary events take some hundred to some thousand steps; [`Scratch::steps`] returns the steps of the last event. The
    /// steps are spent before the work that they pay for, so no event runs on past the limit. They bound the memory of a
    /// [`Scratch`], too: hardly a byte for each.
    ///
    /// An event that takes more is an error with the code `too-much-work`.
    pub fn event_work_limit(&mut self, steps: u64) -> &mut MatcherBuilder {
        self.events.work_limit = steps;
        self
    }

    /// Whether events are known to be valid JSON, as they are behind a broker that has checked them; false by default.
    ///
    /// Then the answer for a valid event is the same, but what no rule looks into is not checked. For an event that is
    /// not valid the answer is unspecified: an error, or some rules.
    pub fn trusted(&mut self, yes: bool) -> &mut MatcherBuilder {
        self.events.reader.trusted = yes;
        self
    }

    /// Whether the names of every object in an event are known to be distinct and to have no dots; false by default.
    ///
    /// Then a [trusted](MatcherBuilder::trusted) event is read no further than to where every path that the rules name has
    /// been found; for events that are not trusted, nothing changes. Without this promise all of an event must be
    /// read, because a name that comes again, or stands for a path by its dots, adds values to that path. For an event
    /// that breaks the promise the answer is unspecified: an error, or some rules.
    pub fn distinct_names(&mut self, yes: bool) -> &mut MatcherBuilder {
        self.events.reader.distinct = yes;
        self
    }

    /// The kernel with which events are read; by default the fastest that this CPU can run. The answer does not
    /// depend on it.
    ///
    /// A kernel that this CPU cannot run is replaced by [`Kernel::Portable`].
    pub fn kernel(&mut self, kernel: Kernel) -> &mut MatcherBuilder {
        self.events.reader.kernel = if kernel.is_available() { kernel } else { Kernel::Portable };
        self
    }

    /// The optimisations that are used, for tests and measurements. The answer does not depend on them.
    pub fn tuning(&mut self, tuning: Tuning) -> &mut MatcherBuilder {
        self.tuning = tuning;
        self.events.reader.walk = tuning.fast_reader != Toggle::Off;
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
    /// If the compiled set crosses a limit: which one, and which rule is to blame.
    pub fn build(&self, rules: &RuleSet) -> Result<Matcher, BuildError> {
        if rules.len() > self.rule_limit {
            return Err(self.past_rule_limit(RuleId::new(self.rule_limit as u32)));
        }
        let automaton = compile::compile(rules, self.size_limits, self.tuning)?;
        Ok(Matcher { automaton, events: self.events })
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
    /// The errors say why each rule is left out, in the order of the rules; each has the code that [`MatcherBuilder::build`] would
    /// give. There are none if and only if [`MatcherBuilder::build`] succeeds.
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
    /// assert_eq!((errors[0].code(), errors[0].rule()), ("rule-size-limit", large));
    /// assert_eq!(matcher.matches(&mut Scratch::new(), br#"{"source":"aws.s3"}"#)?, [small, last]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn build_within_limits(&self, rules: &RuleSet) -> (Matcher, Vec<BuildError>) {
        let count = rules.len().min(self.rule_limit);
        let (automaton, mut errors) = compile::compile_within(rules, count, self.size_limits, self.tuning);
        let past = rules.iter().skip(count).map(|(rule, _)| self.past_rule_limit(rule));
        errors.extend(past);
        (Matcher { automaton, events: self.events }, errors)
    }

    fn past_rule_limit(&self, rule: RuleId) -> BuildError {
        BuildError::new(BuildErrorKind::TooManyRules { limit: self.rule_limit }, rule)
    }
}

/// A compiled rule set, which finds the rules that an event fits.
///
/// A matcher never changes. Threads share it by reference, each with a [`Scratch`] of its own.
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
    /// made there, and to the rules that come near matching.
    ///
    /// # Errors
    ///
    /// If the event is not a JSON object, or crosses a limit: what is wrong, and where. Nothing is known then of
    /// which rules it would fit.
    pub fn matches<'s>(&self, scratch: &'s mut Scratch, event: &[u8]) -> Result<&'s [RuleId], EventError> {
        self.run(scratch, event, false)?;
        scratch.ids.sort_unstable();
        Ok(&scratch.ids)
    }

    /// Whether the event fits any rule.
    ///
    /// # Errors
    ///
    /// As for [`Matcher::matches`].
    pub fn is_match(&self, scratch: &mut Scratch, event: &[u8]) -> Result<bool, EventError> {
        self.run(scratch, event, true)?;
        Ok(!scratch.ids.is_empty())
    }

    fn run(&self, scratch: &mut Scratch, event: &[u8], first: bool) -> Result<(), EventError> {
        let EventOptions { length_limit: limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        if event.len() > limit {
            return Err(EventError::new(EventErrorKind::EventTooLong { limit }, limit));
        }
        reader.read(&self.automaton.predicates, event, &mut scratch.event)?;
        self.decide(scratch, event, SearchOptions { earliest: first })
    }

    /// Decides which rules match what was read of an event of this text.
    fn decide(&self, scratch: &mut Scratch, text: &[u8], options: SearchOptions) -> Result<(), EventError> {
        let Automaton { predicates, decision } = &self.automaton;
        let Scratch { event: read, decision: memory, ids, .. } = scratch;
        read.link();
        decision::decide(decision, predicates, text, options, read, memory, ids).map_err(|kind| {
            ids.clear();
            EventError::new(kind, 0)
        })
    }

    /// The bytes of memory that the compiled set takes, as far as it knows.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        self.automaton.memory_usage()
    }

    /// What the compiled set consists of.
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
    /// [`MatcherBuilder::event_length_limit`] holds for what is kept while matching, the strings on paths that some rule names, which
    /// is always less than the text.
    ///
    /// # Errors
    ///
    /// If the event is not an object, or crosses a limit. There is no text to point into, so the offset of the error is
    /// zero.
    pub fn matches_parsed<'s>(
        &self,
        scratch: &'s mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<&'s [RuleId], EventError> {
        self.run_parsed(scratch, event, false)?;
        scratch.ids.sort_unstable();
        Ok(&scratch.ids)
    }

    /// Whether an event that was parsed before fits any rule.
    ///
    /// # Errors
    ///
    /// As for [`Matcher::matches_parsed`].
    pub fn is_match_parsed(
        &self,
        scratch: &mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<bool, EventError> {
        self.run_parsed(scratch, event, true)?;
        Ok(!scratch.ids.is_empty())
    }

    fn run_parsed(
        &self,
        scratch: &mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
        first: bool,
    ) -> Result<(), EventError> {
        let EventOptions { length_limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        reader.read_parsed(&self.automaton.predicates, event, length_limit, &mut scratch.event)?;
        let text = std::mem::take(&mut scratch.event.parsed.text);
        let result = self.decide(scratch, &text, SearchOptions { earliest: first });
        scratch.event.parsed.text = text;
        result
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
    shared::<BuildError>();
    shared::<EventError>();
    movable::<Scratch>();
};
