//! [`Explainer`]: a rule set, compiled to explain its rules.

use std::cell::{Cell, OnceCell, RefCell};
use std::error::Error;
use std::fmt;

use crate::builder::MatcherBuilder;
use crate::error::{BuildError, EventError, PatternError};
use crate::event::limits::EventLimits;
use crate::id::RuleId;
use crate::matcher::Matcher;
use crate::pattern::{Pattern, ValueTest};
use crate::rules::RuleSet;
use crate::scratch::Scratch;

use super::decomposition::{AlternativePart, Costs, Decomposition, FieldPart};
use super::held::Held;
use super::outline::{Leaf, Outline, Wanted};
use super::tree::Explanation;
use super::trial;
use super::value::LENGTH;

/// The maximum number of steps of work for the parts of all rules.
const WORK: u64 = 200_000_000;

/// The maximum number of bytes of the trials for one event.
const TRIAL_BYTES: usize = 64 << 20;

/// The bytes that a trial counts for each field that it compiles. Compiling a field takes the time of
/// some thousand bytes.
const FIELD_BYTES: usize = 4096;

/// A rule set, compiled to explain its rules.
///
/// An explainer is immutable. Threads share it by reference.
#[derive(Debug)]
pub struct Explainer {
    pub(crate) decomposition: Decomposition,
    pub(crate) matcher: Matcher,
    pub(crate) wanted: Wanted,
}

/// The reason why there is no explanation.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ExplainError {
    /// The rules have too many parts.
    Parts(PatternError),
    /// The parts of the rules cannot be compiled.
    Build(BuildError),
    /// The event is refused.
    Event(EventError),
}

impl ExplainError {
    /// Returns the stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ExplainError::Parts(error) => error.code(),
            ExplainError::Build(error) => error.code(),
            ExplainError::Event(error) => error.code(),
        }
    }
}

impl fmt::Display for ExplainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExplainError::Parts(error) => error.fmt(f),
            ExplainError::Build(error) => error.fmt(f),
            ExplainError::Event(error) => error.fmt(f),
        }
    }
}

impl Error for ExplainError {}

impl From<PatternError> for ExplainError {
    fn from(error: PatternError) -> ExplainError {
        ExplainError::Parts(error)
    }
}

impl From<BuildError> for ExplainError {
    fn from(error: BuildError) -> ExplainError {
        ExplainError::Build(error)
    }
}

impl From<EventError> for ExplainError {
    fn from(error: EventError) -> ExplainError {
        ExplainError::Event(error)
    }
}

impl Explainer {
    /// Compiles the rules and their parts.
    ///
    /// # Errors
    ///
    /// Returns an error if the rules and their parts cross [`MatcherBuilder::MAX_SIZE_LIMIT`], or if
    /// they are more than [`RuleId::MAX_RULES`].
    pub fn new(rules: &RuleSet) -> Result<Explainer, ExplainError> {
        let decomposition = Decomposition::new(rules)?;
        let mut builder = MatcherBuilder::new();
        let events = EventLimits { work: WORK, ..EventLimits::default() };
        builder.rule_limit(RuleId::MAX_RULES).rule_size_limit(usize::MAX).event_limits(events);
        let matcher = builder.build(decomposition.rule_set())?;
        let ids = rules.iter().map(|(rule, _)| rule);
        let paths = ids.flat_map(|rule| decomposition.fields(rule)).map(|field| &*field.path);
        let wanted = Wanted::new(paths);
        Ok(Explainer { decomposition, matcher, wanted })
    }

    /// Returns the rules and their parts.
    #[must_use]
    pub fn decomposition(&self) -> &Decomposition {
        &self.decomposition
    }

    /// Explains a rule for an event. Returns `None` if the set has no such rule.
    ///
    /// # Errors
    ///
    /// Returns an error if the event is refused, as [`Matcher::matches`] does. The limit of work is ten
    /// times the default, because the event is matched with the parts of all rules.
    pub fn explain(&self, rule: RuleId, event: &[u8]) -> Result<Option<Explanation>, EventError> {
        Ok(self.observe(event)?.explain(rule))
    }

    /// Matches an event with all rules and their parts.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Explainer::explain`].
    pub fn observe<'a>(&'a self, event: &'a [u8]) -> Result<Observation<'a>, EventError> {
        let mut scratch = Scratch::new();
        let mut held = Held::default();
        held.set(self.matcher.matches(&mut scratch, event)?);
        Ok(Observation {
            explainer: self,
            event,
            held,
            outline: OnceCell::new(),
            scratch: RefCell::new(scratch),
            trial_bytes: Cell::new(TRIAL_BYTES),
        })
    }
}

/// An event with the rules and parts that it satisfies.
#[derive(Debug)]
pub struct Observation<'a> {
    pub(crate) explainer: &'a Explainer,
    pub(crate) event: &'a [u8],
    pub(crate) held: Held,
    outline: OnceCell<Outline>,
    scratch: RefCell<Scratch>,
    /// The number of bytes that trials may still take.
    trial_bytes: Cell<usize>,
}

impl Observation<'_> {
    /// Returns true if the event matches the rule.
    #[must_use]
    pub fn matches(&self, rule: RuleId) -> bool {
        rule.as_usize() < self.explainer.decomposition.rules() && self.held.has(rule)
    }

    /// Returns the least number of fields that fail in a branch of the rule.
    #[must_use]
    pub fn failing(&self, rule: RuleId) -> usize {
        let shape = self.explainer.decomposition.shape(rule);
        shape.map_or(0, |shape| shape.failing(&self.held, &mut Costs::default()) as usize)
    }

    /// Returns the number of fields that hold, in the branch with the fewest failing fields.
    #[must_use]
    pub fn holding(&self, rule: RuleId) -> usize {
        let Some(shape) = self.explainer.decomposition.shape(rule) else { return 0 };
        let nearest = shape.nearest(&self.held, &mut Costs::default());
        nearest.iter().filter(|field| self.held.has(shape.fields[**field as usize].id())).count()
    }

    pub(crate) fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| Outline::read(&self.explainer.wanted, self.event))
    }

    /// Returns true if a trial of this many bytes may be made, and counts the bytes.
    pub(crate) fn may_try(&self, bytes: usize) -> bool {
        let left = self.trial_bytes.get().checked_sub(bytes);
        self.trial_bytes.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Returns the parts that an event with one value satisfies. Returns `None` if the trial is not
    /// made or the event is refused.
    pub(crate) fn trial(&self, event: &[u8]) -> Option<Held> {
        if !self.may_try(event.len().saturating_add(FIELD_BYTES)) {
            return None;
        }
        let mut held = Held::default();
        let mut scratch = self.scratch.borrow_mut();
        held.set(self.explainer.matcher.matches(&mut scratch, event).ok()?);
        Some(held)
    }

    /// Returns true for each pattern that an event matches. Returns `None` if the trial is not made or
    /// exceeds another limit.
    pub(crate) fn matching(&self, patterns: Vec<Pattern>, event: &[u8]) -> Option<Vec<bool>> {
        let fields: usize = patterns.iter().map(|pattern| pattern.root.members.len()).sum();
        let bytes = event.len().saturating_add(fields.saturating_mul(FIELD_BYTES));
        if self.may_try(bytes) { trial::matching(patterns, event) } else { None }
    }

    /// Returns true if the event matches a pattern, or `None` as [`Observation::matching`] does.
    pub(crate) fn try_pattern(&self, pattern: &Pattern) -> Option<bool> {
        Some(self.matching(vec![pattern.clone()], self.event)? == [true])
    }
}

impl<'a> Observation<'a> {
    /// Returns the tests of a field with the ids of the alternatives.
    pub(crate) fn tests(&self, part: &FieldPart) -> Vec<(RuleId, &'a ValueTest)> {
        let decomposition = &self.explainer.decomposition;
        let test = |alternative: AlternativePart| Some((alternative.id(), decomposition.test(alternative)?));
        part.alternatives().filter_map(test).collect()
    }

    /// Returns copies of the tests of a field.
    pub(crate) fn cloned_tests(&self, part: &FieldPart) -> Vec<ValueTest> {
        self.tests(part).into_iter().map(|(_, test)| test.clone()).collect()
    }

    /// Returns the parts that a value satisfies by itself. Returns `None` if the value is too long, or
    /// as [`Observation::trial`] does.
    pub(crate) fn try_leaf(&self, path: &[u8], leaf: &Leaf) -> Option<Held> {
        let text = &self.event[leaf.span.start..leaf.span.end];
        if text.len() <= LENGTH { self.trial(&trial::event(path, text)) } else { None }
    }
}

/// Explains a pattern for an event.
///
/// ```
/// let pattern = galop::Pattern::parse(r#"{"source":["aws.s3"],"detail":{"size":[5]}}"#)?;
/// let explanation = galop::explain::explain_pattern(&pattern, br#"{"source":"aws.s3"}"#)?;
/// assert_eq!((explanation.matches(), explanation.failing()), (false, 1));
/// assert_eq!(explanation.fields()[1].status(), galop::explain::Status::Absent);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns an error if the event is refused, or if the pattern is too large to be compiled.
pub fn explain_pattern(pattern: &Pattern, event: &[u8]) -> Result<Explanation, ExplainError> {
    let mut rules = RuleSet::new();
    let rule = rules.add_pattern(pattern.clone())?;
    let explainer = Explainer::new(&rules)?;
    let observation = explainer.observe(event)?;
    Ok(observation.explain(rule).expect("the set has the rule"))
}
