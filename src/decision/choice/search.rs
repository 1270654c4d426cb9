//! Search for alternatives of the factored `$or`s of a branch that hold together.

use crate::error::EventErrorKind;
use crate::evaluate::Evaluator;
use crate::event::Event;
use crate::id::{ChoiceId, FieldPredicateId};
use crate::work::TEST;

use super::super::report::Report;
use super::super::tree::Branch;
use super::{Instruction, NONE, Point};

impl Report<'_> {
    /// Returns true if a branch with factored `$or`s holds. The tests of the branch must hold one
    /// by one.
    #[cold]
    #[inline(never)]
    pub(in crate::decision) fn holds_with_choices(
        &mut self,
        branch: Branch,
        evaluator: &mut Evaluator<'_>,
    ) -> Result<bool, EventErrorKind> {
        let choices = &self.decision.choices;
        if !choices.list(branch.choices).all(|choice| self.holds_alone(choice, evaluator)) {
            return Ok(false);
        }
        if !self.has_elements {
            return Ok(true);
        }
        self.choice.awaits_elements = self.awaits_elements(branch, evaluator);
        self.choice.open.clear();
        for choice in choices.list(branch.choices) {
            let start = choices.starts[choice.index()];
            if !self.is_settled(start, evaluator) {
                self.choice.open.push(start);
            }
        }
        self.holds_together(branch, evaluator)
    }

    /// Returns true if an alternative of a `$or` has tests that hold one by one.
    fn holds_alone(&mut self, choice: ChoiceId, evaluator: &mut Evaluator<'_>) -> bool {
        let choices = &self.decision.choices;
        let at = choice.index();
        if !self.choice.tried.contains(at) {
            self.choice.tried.insert(at);
            let start = choices.starts[at];
            evaluator.work.spend(u64::from(choices.end(start) - start));
            if choices.holds(choices.starts[at], |test| self.passes(test, evaluator)) {
                self.choice.holding.insert(at);
            }
        }
        self.choice.holding.contains(at)
    }

    /// Returns true if the `$or` at `start` is settled. A settled `$or` has an alternative that
    /// holds for any choice of elements, and no alternative whose choice of an element could
    /// matter.
    fn is_settled(&self, start: u32, evaluator: &mut Evaluator<'_>) -> bool {
        let choices = &self.decision.choices;
        evaluator.work.spend(u64::from(choices.end(start) - start));
        let holds = choices.holds(start, |test| {
            !evaluator.event.leaves_of(self.decision.field_test(test).path).in_array
                && self.passes(test, evaluator)
        });
        holds && !(self.choice.awaits_elements && self.can_choose(start, evaluator))
    }

    /// Returns true if a test of a branch or of its `$or`s accepts absence on a path with values in
    /// elements of arrays.
    fn awaits_elements(&self, branch: Branch, evaluator: &mut Evaluator<'_>) -> bool {
        let (choices, tests) = (&self.decision.choices, self.decision.tests_of(branch));
        let awaits = |test: FieldPredicateId, event: &Event<'_>| {
            let test = self.decision.field_test(test);
            test.absence && event.leaves_of(test.path).in_array
        };
        evaluator.work.spend(tests.len() as u64);
        if tests.iter().any(|&test| awaits(test, &evaluator.event)) {
            return true;
        }
        let mut starts = choices.list(branch.choices).map(|choice| choices.starts[choice.index()]);
        starts.any(|start| {
            evaluator.work.spend(u64::from(choices.end(start) - start));
            choices.tests(start).any(|test| awaits(test, &evaluator.event))
        })
    }

    /// Returns true if a test of the `$or` at `start` is satisfied by values on a path with values
    /// in elements of arrays.
    fn can_choose(&self, start: u32, evaluator: &mut Evaluator<'_>) -> bool {
        self.decision.choices.tests(start).any(|test| {
            let test = self.decision.field_test(test);
            evaluator.event.leaves_of(test.path).in_array && evaluator.any_satisfies(test)
        })
    }

    /// Returns true if there are alternatives of all open `$or`s that are consistent with each
    /// other and with the tests of a branch.
    fn holds_together(
        &mut self,
        branch: Branch,
        evaluator: &mut Evaluator<'_>,
    ) -> Result<bool, EventErrorKind> {
        let choices = &self.decision.choices;
        self.choice.taken.clear();
        self.choice.taken.extend_from_slice(self.decision.tests_of(branch));
        self.choice.points.clear();
        // Between `$or`s, `at` equals `end`.
        let (mut begun, mut at, mut end) = (0, 0, 0);
        loop {
            evaluator.work.spend(TEST);
            evaluator.check_budget()?;
            let is_last = begun == self.choice.open.len();
            let next = if at < end {
                self.execute(at, begun, evaluator)
            } else if !self.is_consistent(!is_last, evaluator)? {
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
                    point.next
                }
            };
        }
    }

    /// Executes an instruction of the `$or` that was begun last. Returns the next instruction, or
    /// `None` if the alternative fails.
    fn execute(&mut self, at: u32, begun: usize, evaluator: &mut Evaluator<'_>) -> Option<u32> {
        match self.decision.choices.instructions[at as usize] {
            Instruction::Or { end } if self.is_settled(at, evaluator) => return Some(end),
            Instruction::Or { .. } => {}
            Instruction::Alternative { next } => {
                if next != NONE {
                    let taken = self.choice.taken.len();
                    self.choice.points.push(Point { next, begun, taken });
                }
            }
            Instruction::Test { test, .. } if self.passes(test, evaluator) => self.choice.taken.push(test),
            Instruction::Test { .. } => return None,
            Instruction::Jump { end } => return Some(end),
        }
        Some(at + 1)
    }

    /// Returns true if the taken tests are consistent. With `more`, tests that accept absence are
    /// not included, because later tests may make them hold.
    fn is_consistent(&mut self, more: bool, evaluator: &mut Evaluator<'_>) -> Result<bool, EventErrorKind> {
        let decision = self.decision;
        let mut sorted = std::mem::take(&mut self.choice.sorted);
        sorted.clear();
        evaluator.work.spend(self.choice.taken.len() as u64);
        sorted.extend(self.choice.taken.iter().filter(|test| !more || !decision.field_test(**test).absence));
        sorted.sort_unstable_by_key(|test| decision.field_test(*test).path);
        let is_consistent = self.holds_in_elements(&sorted, evaluator);
        self.choice.sorted = sorted;
        is_consistent
    }
}
