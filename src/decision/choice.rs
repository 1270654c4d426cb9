//! Choices: `$or`s that are not written out as branches.
//!
//! Whether a choice holds where no values stand in elements of arrays is found on one way through its steps: a test that
//! fails says where to go on, in another alternative or nowhere. Branches of a rule share their choices, so what is found
//! out of one is kept for the event.
//!
//! Among elements of arrays, alternatives must hold together with each other and with the fields of the branch. An
//! alternative of which no value stands in an element is consistent with everything, and settles its choice; unless some
//! `exists: false` waits for an element to be chosen, and another alternative can choose one. For what is
//! left, combinations of alternatives are tried in the order of the text until one is consistent. What is chosen so far is
//! given up if it is not consistent by itself, but for `exists: false`, which may come to hold by what is chosen later.

use crate::error::EventErrorKind;
use crate::event::EventScratch;
use crate::id::{ChoiceId, FieldPredicateId};
use crate::work::TEST;

use super::consistency::check_budget;
use super::epoch_set::EpochSet;
use super::{Branch, Decision, Report};

/// The choices of all branches.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    /// Those of each choice, one after the other.
    pub(crate) steps: Box<[Step]>,
    /// For each choice its first step.
    pub(crate) starts: Box<[u32]>,
    /// Lists of choices, each with [`ChoiceId::NONE`] behind it.
    pub(crate) lists: Box<[ChoiceId]>,
}

/// A step through a choice. All ways lead forwards.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// `$or` begins. It holds if this step is reached.
    Or { end: u32 },
    /// An alternative begins, and if it is not the last one, another at this step.
    Alternative { next: u32 },
    /// The test must hold. Otherwise this alternative of the innermost `$or` that has another one is to be tried.
    Test { test: FieldPredicateId, otherwise: u32 },
    /// An alternative ends that is not the last one of its `$or`, which is left for this step.
    Leave { end: u32 },
}

/// The place of a step that there is not.
pub(crate) const NOWHERE: u32 = u32::MAX;

impl Choices {
    /// The choices of the list that begins at a place.
    fn list(&self, start: u32) -> impl Iterator<Item = ChoiceId> {
        self.lists[start as usize..].iter().copied().take_while(|choice| *choice != ChoiceId::NONE)
    }

    /// Whether the `$or` that begins at a step holds, if its tests hold that are said to.
    fn holds(&self, start: u32, mut is_true: impl FnMut(FieldPredicateId) -> bool) -> bool {
        let (mut at, end) = (start + 1, self.end(start));
        while at < end {
            at = match self.steps[at as usize] {
                Step::Or { .. } | Step::Alternative { .. } => at + 1,
                Step::Test { test, .. } if is_true(test) => at + 1,
                Step::Test { otherwise, .. } => otherwise,
                Step::Leave { end } => end,
            };
        }
        // Other alternatives are never right behind the end: the one that the `$or` stands in has to be left first.
        at == end
    }

    /// Where the `$or` ends that begins at a step.
    fn end(&self, start: u32) -> u32 {
        match self.steps[start as usize] {
            Step::Or { end } => end,
            _ => start,
        }
    }

    /// The tests of all alternatives of the `$or` that begins at a step.
    fn tests(&self, start: u32) -> impl Iterator<Item = FieldPredicateId> {
        self.steps[start as usize..self.end(start) as usize].iter().filter_map(|step| match step {
            Step::Test { test, .. } => Some(*test),
            Step::Or { .. } | Step::Alternative { .. } | Step::Leave { .. } => None,
        })
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.steps) + size_of_val(&*self.starts) + size_of_val(&*self.lists)
    }
}

/// The memory for choices.
#[derive(Debug, Default)]
pub(crate) struct ChoiceScratch {
    /// The choices that were tried in this event.
    tried: EpochSet,
    /// Those of them of which an alternative holds whose tests hold one by one.
    holding: EpochSet,
    /// The first steps of the choices to be made.
    open: Vec<u32>,
    /// Whether a test of the branch, or of its choices, asks for absence that may depend on the elements chosen.
    awaits_elements: bool,
    /// The tests of the branch, and those of the alternatives that are chosen.
    taken: Vec<FieldPredicateId>,
    /// Where another alternative can be chosen.
    points: Vec<Point>,
    /// Tests in the order of their paths.
    sorted: Vec<FieldPredicateId>,
}

/// What is to be done if the alternative that was chosen leads nowhere.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// Where the next alternative begins.
    step: u32,
    /// How many choices were begun.
    begun: usize,
    /// How many tests were taken before.
    taken: usize,
}

impl ChoiceScratch {
    /// Forgets the last event.
    pub(super) fn next_event(&mut self, decision: &Decision) {
        let count = decision.choices.starts.len();
        if count > 0 {
            self.tried.next_event(count);
            self.holding.next_event(count);
        }
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.tried.memory_usage()
            + self.holding.memory_usage()
            + self.open.capacity() * size_of::<u32>()
            + self.points.capacity() * size_of::<Point>()
            + (self.taken.capacity() + self.sorted.capacity()) * size_of::<FieldPredicateId>()
    }
}

impl Report<'_> {
    /// Whether a branch that has choices holds, given that its own tests hold one by one.
    #[cold]
    #[inline(never)]
    pub(super) fn holds_with_choices(
        &mut self,
        branch: Branch,
        event: &mut EventScratch,
    ) -> Result<bool, EventErrorKind> {
        let choices = &self.decision.choices;
        if !choices.list(branch.choices).all(|choice| self.holds_alone(choice, event)) {
            return Ok(false);
        }
        if !self.has_elements {
            return Ok(true);
        }
        self.choice.awaits_elements = self.awaits_elements(branch, event);
        self.choice.open.clear();
        for choice in choices.list(branch.choices) {
            let start = choices.starts[choice.index()];
            if !self.is_settled(start, event) {
                self.choice.open.push(start);
            }
        }
        self.holds_together(branch, event)
    }

    /// Whether some alternative of a choice holds, as far as its tests hold one by one.
    fn holds_alone(&mut self, choice: ChoiceId, event: &mut EventScratch) -> bool {
        let choices = &self.decision.choices;
        let at = choice.index();
        if !self.choice.tried.contains(at) {
            self.choice.tried.insert(at);
            let start = choices.starts[at];
            event.work.spend(u64::from(choices.end(start) - start));
            if choices.holds(choices.starts[at], |test| self.passes(test, event)) {
                self.choice.holding.insert(at);
            }
        }
        self.choice.holding.contains(at)
    }

    /// Whether some alternative of the `$or` that begins at a step holds whatever elements are chosen, and no other one can
    /// help what is around it.
    fn is_settled(&self, start: u32, event: &mut EventScratch) -> bool {
        let choices = &self.decision.choices;
        event.work.spend(u64::from(choices.end(start) - start));
        let holds = choices.holds(start, |test| {
            !event.slot(self.decision.field_test(test).path).inside && self.passes(test, event)
        });
        holds && !(self.choice.awaits_elements && self.can_choose(start, event))
    }

    /// Whether some test of a branch or of its choices asks for absence on a path with values in elements of arrays.
    fn awaits_elements(&self, branch: Branch, event: &mut EventScratch) -> bool {
        let choices = &self.decision.choices;
        let awaits = |test: FieldPredicateId| {
            let test = self.decision.field_test(test);
            test.absence && event.slot(test.path).inside
        };
        if self.decision.tests_of(branch).iter().any(|&test| awaits(test)) {
            return true;
        }
        let starts = choices.list(branch.choices).map(|choice| choices.starts[choice.index()]);
        let mut steps = 0;
        let found = starts.into_iter().any(|start| {
            steps += u64::from(choices.end(start) - start);
            choices.tests(start).any(awaits)
        });
        event.work.spend(steps);
        found
    }

    /// Whether some test of the `$or` that begins at a step has a value to choose that may stand in an element of an array.
    fn can_choose(&self, start: u32, event: &mut EventScratch) -> bool {
        self.decision.choices.tests(start).any(|test| {
            let test = self.decision.field_test(test);
            event.slot(test.path).inside && event.any_satisfies(self.predicates, self.text, test)
        })
    }

    /// Whether for all open choices together there are alternatives that are consistent with the tests of a branch.
    fn holds_together(&mut self, branch: Branch, event: &mut EventScratch) -> Result<bool, EventErrorKind> {
        let choices = &self.decision.choices;
        self.choice.taken.clear();
        self.choice.taken.extend_from_slice(self.decision.tests_of(branch));
        self.choice.points.clear();
        // Between choices, the step is the end of the last one.
        let (mut begun, mut at, mut end) = (0, 0, 0);
        loop {
            event.work.spend(TEST);
            check_budget(event)?;
            let is_last = begun == self.choice.open.len();
            let next = if at < end {
                self.step(at, begun, event)
            } else if !self.is_consistent(!is_last, event)? {
                None
            } else if is_last {
                return Ok(true);
            } else {
                let start = self.choice.open[begun];
                begun += 1;
                end = choices.end(start);
                Some(start + 1)
            };
            at = match next {
                Some(next) => next,
                None => {
                    let Some(point) = self.choice.points.pop() else { return Ok(false) };
                    self.choice.taken.truncate(point.taken);
                    begun = point.begun;
                    end = choices.end(self.choice.open[begun - 1]);
                    point.step
                }
            };
        }
    }

    /// Takes a step in the last of the choices that are begun. Where to go on, if the alternative may hold.
    fn step(&mut self, at: u32, begun: usize, event: &mut EventScratch) -> Option<u32> {
        match self.decision.choices.steps[at as usize] {
            Step::Or { end } if self.is_settled(at, event) => return Some(end),
            Step::Or { .. } => {}
            Step::Alternative { next } => {
                if next != NOWHERE {
                    let taken = self.choice.taken.len();
                    self.choice.points.push(Point { step: next, begun, taken });
                }
            }
            Step::Test { test, .. } if self.passes(test, event) => self.choice.taken.push(test),
            Step::Test { .. } => return None,
            Step::Leave { end } => return Some(end),
        }
        Some(at + 1)
    }

    /// Whether the tests that are taken are consistent or, if there are more to come, may be.
    fn is_consistent(&mut self, more: bool, event: &mut EventScratch) -> Result<bool, EventErrorKind> {
        let decision = self.decision;
        let mut sorted = std::mem::take(&mut self.choice.sorted);
        sorted.clear();
        sorted.extend(self.choice.taken.iter().filter(|test| !more || !decision.field_test(**test).absence));
        sorted.sort_unstable_by_key(|test| decision.field_test(*test).path);
        event.work.spend(sorted.len() as u64);
        let is_consistent = self.holds_in_elements(&sorted, event);
        self.choice.sorted = sorted;
        is_consistent
    }
}

#[cfg(test)]
mod tests {
    use super::{ChoiceScratch, Point};
    use crate::id::FieldPredicateId;
    use crate::{Matcher, RuleSet, Scratch, Strategy, Use};

    #[test]
    fn memory_is_that_of_the_buffers() {
        let mut scratch = ChoiceScratch::default();
        assert_eq!(scratch.memory_usage(), 0);
        scratch.tried.next_event(100);
        let tried = scratch.memory_usage();
        assert!((400..1_600).contains(&tried), "{tried}");
        scratch.holding.next_event(100);
        assert_eq!(scratch.memory_usage(), 2 * tried);
        (scratch.open, scratch.points) = (Vec::with_capacity(100), Vec::with_capacity(10));
        (scratch.taken, scratch.sorted) = (Vec::with_capacity(30), Vec::with_capacity(7));
        let points = 10 * size_of::<Point>();
        assert_eq!(scratch.memory_usage(), 2 * tried + 400 + points + 37 * size_of::<FieldPredicateId>());
    }

    /// Two branches share the first choice, and the second choice of the one stands between those of the other.
    #[test]
    fn a_choice_that_is_made_again_is_followed_by_the_next() {
        let pattern = r#"{"m":[0],"a":{"$or":[{"p":[1]},{"q":[1]}]},"$or":[
            {"m":[1],"a":{"$or":[{"r":[1]},{"s":[1]}]}},{"m":[2],"a":{"$or":[{"t":[1]},{"u":[1]}]}}]}"#;
        let mut rules = RuleSet::new();
        rules.add(pattern).unwrap();
        let strategy = Strategy { choices: Use::Always, ..Strategy::default() };
        let matcher = Matcher::builder().strategy(strategy).build(&rules).unwrap();
        assert_eq!(matcher.stats().branches, 2);
        let matches = |event: &str| matcher.is_match(&mut Scratch::new(), event.as_bytes()).unwrap();
        assert!(matches(r#"{"m":2,"a":[{"p":1},{"q":1,"t":1}]}"#));
        assert!(matches(r#"{"m":1,"a":[{"p":1},{"q":1,"r":1}]}"#));
        assert!(!matches(r#"{"m":2,"a":[{"p":1},{"q":1},{"t":1}]}"#));
        assert!(!matches(r#"{"m":1,"a":[{"p":1},{"q":1,"t":1},{"r":1}]}"#));
    }
}
