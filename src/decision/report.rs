//! [`Report`]: the last check of a branch, and the list of rules that match.

use crate::error::EventErrorKind;
use crate::evaluate::Evaluator;
use crate::event::Event;
use crate::id::{BranchId, FieldPredicateId, RuleId};
use crate::work::TEST;

use super::choice::ChoiceScratch;
use super::consistency::ConsistencyScratch;
use super::epoch_set::EpochSet;
use super::tree::{Branch, Candidate, Decision};

/// Receives the branches whose tests hold one by one.
pub(super) struct Report<'a> {
    pub(super) decision: &'a Decision,
    /// True if values are in elements of arrays, so that array consistency has to be checked.
    pub(super) has_elements: bool,
    pub(super) matched: &'a mut EpochSet,
    pub(super) choice: &'a mut ChoiceScratch,
    pub(super) consistency: &'a mut ConsistencyScratch,
    pub(super) ids: &'a mut Vec<RuleId>,
}

impl Report<'_> {
    /// Returns true if the residual field tests of a candidate hold one by one.
    pub(super) fn satisfies_tests(&self, candidate: &Candidate, evaluator: &mut Evaluator<'_>) -> bool {
        let tests = candidate.tests.of(&self.decision.residuals);
        evaluator.work.spend(tests.len() as u64);
        tests.iter().all(|&test| self.passes(test, evaluator))
    }

    /// Returns true if a field test holds by itself.
    #[inline]
    pub(super) fn passes(&self, test: FieldPredicateId, evaluator: &mut Evaluator<'_>) -> bool {
        let test = self.decision.field_test(test);
        let leaves = evaluator.event.leaves_of(test.path);
        // If all leaves of a path are in elements of arrays, the path may be absent from the chosen
        // elements.
        if test.absence && (leaves.first().is_none() || leaves.in_array) {
            return true;
        }
        evaluator.any_satisfies(test)
    }

    /// Reports the rule of a branch if its tests and its factored `$or`s hold together. The tests
    /// must hold one by one.
    pub(super) fn branch(
        &mut self,
        branch: BranchId,
        evaluator: &mut Evaluator<'_>,
    ) -> Result<(), EventErrorKind> {
        evaluator.work.spend(TEST);
        let branch = self.decision.branches[branch.index()];
        if self.matched.contains(branch.rule.as_usize()) {
            return Ok(());
        }
        let holds = if branch.choices == Branch::NO_CHOICES {
            !self.has_elements || self.holds_in_elements(self.decision.tests_of(branch), evaluator)?
        } else {
            self.holds_with_choices(branch, evaluator)?
        };
        if holds {
            self.matched.insert(branch.rule.as_usize());
            self.ids.push(branch.rule);
        }
        Ok(())
    }

    /// Returns true if tests hold together for a consistent choice of array elements. The tests
    /// must hold one by one and have the order of their paths.
    pub(super) fn holds_in_elements(
        &mut self,
        tests: &[FieldPredicateId],
        evaluator: &mut Evaluator<'_>,
    ) -> Result<bool, EventErrorKind> {
        evaluator.work.spend(tests.len() as u64);
        Ok(!needs_choice(self.decision, tests, &evaluator.event)
            || self.consistency.is_consistent(self.decision, tests, evaluator)?)
    }
}

/// Returns true if array elements have to be chosen to decide whether the tests hold together. The
/// tests must hold one by one. A choice is needed if leaves inside elements affect two tests, or
/// the absence of one.
fn needs_choice(decision: &Decision, tests: &[FieldPredicateId], event: &Event<'_>) -> bool {
    let mut affected = 0;
    for &test in tests {
        let test = decision.field_test(test);
        if event.leaves_of(test.path).in_array {
            affected += if test.absence { 2 } else { 1 };
        }
    }
    affected >= 2
}
