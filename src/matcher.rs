//! [`Matcher`]: one event through the compiled set.

#[cfg(any(feature = "serde_json", feature = "simd-json"))]
mod parsed;

use crate::automaton::Automaton;
use crate::decision::{self, SearchOptions};
use crate::error::{EventError, EventErrorKind};
use crate::evaluate::Evaluator;
use crate::event::limits::EventLimits;
use crate::event::{self, Event, ReadOptions};
use crate::id::RuleId;
use crate::scratch::{DecideScratch, Scratch};
use crate::simd::Kernel;

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
    pub(crate) automaton: Automaton,
    pub(crate) events: EventOptions,
}

/// The options of a matcher for its events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventOptions {
    pub(crate) length_limit: usize,
    pub(crate) work_limit: u64,
    pub(crate) reader: ReadOptions,
}

impl Matcher {
    /// Returns the ids of the rules that an event matches, in ascending order without repetition.
    ///
    /// The event is the text of one JSON object
    /// ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)). The whole event is checked, unless it is
    /// [trusted](crate::MatcherBuilder::trusted). The remaining time is proportional to the leaves on paths
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

    /// Reads an event as [`Matcher::matches`] does, and decides no rule.
    ///
    /// A broker can refuse events when they arrive, and match them later. The time that reading
    /// takes can be measured apart from the time of deciding.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Matcher::matches`] except `too-much-work`, which only deciding finds.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let (matcher, mut scratch) = (Matcher::new(&RuleSet::new())?, Scratch::new());
    /// assert!(matcher.check(&mut scratch, br#"{"source":"aws.s3"}"#).is_ok());
    /// assert_eq!(matcher.check(&mut scratch, b"[]").unwrap_err().code(), "root-not-object");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check(&self, scratch: &mut Scratch, event: &[u8]) -> Result<(), EventError> {
        self.read(scratch, event).map(|_| ())
    }

    fn run(&self, scratch: &mut Scratch, event: &[u8], first: bool) -> Result<(), EventError> {
        let (event, decide) = self.read(scratch, event)?;
        self.decide(event, decide, SearchOptions { earliest: first })
    }

    #[inline(always)]
    fn read<'a>(
        &self,
        scratch: &'a mut Scratch,
        event: &'a [u8],
    ) -> Result<(Event<'a>, &'a mut DecideScratch), EventError> {
        let EventOptions { length_limit: limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        if event.len() > limit {
            return Err(EventError::new(EventErrorKind::EventTooLong { limit }, limit));
        }
        let Scratch { read, decide } = scratch;
        let event = event::read(&reader, &self.automaton.predicates.paths, event, read)?;
        Ok((event, decide))
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

    /// Returns the number of bytes that each part of the compiled set takes. The sum is less than
    /// [`Matcher::memory_usage`] by a constant. The time is proportional to the size of the set.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let parts = Matcher::new(&rules)?.memory_parts();
    /// assert!(parts.paths > 0 && parts.values > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn memory_parts(&self) -> MemoryParts {
        let Automaton { predicates, decision } = &self.automaton;
        MemoryParts {
            paths: predicates.paths.memory_usage(),
            values: predicates.value_bytes(),
            predicates: predicates.predicate_bytes(),
            field_tests: decision.field_test_bytes(),
            branches: decision.branch_bytes(),
            tree: decision.tree_bytes(),
            groups: decision.group_bytes(),
        }
    }

    /// Returns the limits in force for each event. They are the limits of
    /// [`MatcherBuilder::event_limits`](crate::MatcherBuilder::event_limits), with a length of at
    /// most [`EventLimits::MAX_LENGTH`].
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
    /// If [`Tuning::fast_reader`](crate::tuning::Tuning::fast_reader) is off, events are read
    /// without a kernel.
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

/// Statistics of a compiled set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// The number of rules of the set, including the rules that
    /// [`MatcherBuilder::build_within_limits`](crate::MatcherBuilder::build_within_limits) has left out.
    pub rules: usize,
    /// The number of branches: conjunctions to which the `$or`s of the rules are expanded. A rule
    /// without `$or` has one.
    pub branches: usize,
    /// The number of distinct paths that rules name.
    pub paths: usize,
    /// The number of distinct lists of alternatives on a path.
    pub field_tests: usize,
}

/// The number of bytes of each part of a compiled set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct MemoryParts {
    /// The names on the paths of rules.
    pub paths: usize,
    /// The strings, numbers and addresses that rules name as values.
    pub values: usize,
    /// The tests of values other than equality, and their indexes.
    pub predicates: usize,
    /// The lists of alternatives on a path.
    pub field_tests: usize,
    /// The branches, and the `$or`s that are not expanded.
    pub branches: usize,
    /// The decision tree, which selects the branches that an event can match.
    pub tree: usize,
    /// The tables of branches that are decided together.
    pub groups: usize,
}
