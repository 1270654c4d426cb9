//! [`Report`]: the last check of a branch, and the rules that match.

use crate::error::EventErrorKind;
use crate::evaluate::Evaluator;
use crate::event::Event;
use crate::id::{BranchId, FieldPredicateId, RuleId};
use crate::work::TEST;

use super::choice::ChoiceScratch;
use super::consistency::ConsistencyScratch;
use super::epoch_set::EpochSet;
use super::tree::{Branch, Candidate, Decision};

/// Where branches go whose tests hold one by one.
pub(super) struct Report<'a> {
    pub(super) decision: &'a Decision,
    /// Whether values stand in elements of arrays, so that it matters which.
    pub(super) has_elements: bool,
    pub(super) matched: &'a mut EpochSet,
    pub(super) choice: &'a mut ChoiceScratch,
    pub(super) consistency: &'a mut ConsistencyScratch,
    pub(super) ids: &'a mut Vec<RuleId>,
}

impl Report<'_> {
    /// Whether the field tests of a branch hold one by one.
    pub(super) fn satisfies_tests(&self, single: &Candidate, evaluator: &mut Evaluator<'_>) -> bool {
        let tests = &self.decision.open[single.tests.0 as usize..single.tests.1 as usize];
        tests.iter().all(|&test| self.passes(test, evaluator))
    }

    /// Whether a field test holds by itself.
    #[inline]
    pub(super) fn passes(&self, test: FieldPredicateId, evaluator: &mut Evaluator<'_>) -> bool {
        let test = self.decision.field_test(test);
        let leaves = evaluator.event.leaves_of(test.path);
        // A path whose leaves are all inside elements of arrays may be absent from the elements that are chosen.
        if test.absence && (leaves.first().is_none() || leaves.in_array) {
            return true;
        }
        evaluator.any_satisfies(test)
    }

    /// Reports the rule of a branch whose tests hold one by one, if they hold together, and its choices with them.
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

    /// Whether tests, which are in the order of their paths and hold one by one, hold together where values stand in elements
    /// of arrays.
    pub(super) fn holds_in_elements(
        &mut self,
        tests: &[FieldPredicateId],
        evaluator: &mut Evaluator<'_>,
    ) -> Result<bool, EventErrorKind> {
        Ok(!needs_choice(self.decision, tests, &evaluator.event)
            || self.consistency.is_consistent(self.decision, tests, evaluator)?)
    }
}

/// Whether it takes a choice of array elements to tell if these tests, which hold one by one, hold together: leaves
/// inside elements bear on two of them, or on the absence of one.
fn needs_choice(decision: &Decision, tests: &[FieldPredicateId], event: &Event<'_>) -> bool {
    let mut bearing = 0;
    for &test in tests {
        let test = decision.field_test(test);
        if event.leaves_of(test.path).in_array {
            bearing += if test.absence { 2 } else { 1 };
        }
    }
    bearing >= 2
}
