//! From the field tests that hold to the rules that match.
//!
//! A branch holds if all its field tests do. It is looked at only if its *access test* holds: the one of its tests
//! that was judged hardest to satisfy when the set was compiled (the access predicate of Fabret et al., "Filtering
//! algorithms and implementation for very fast publish/subscribe systems", SIGMOD 2001).

use crate::error::EventErrorKind;
use crate::id::{BranchId, FieldTestId, PathId, RuleId, ScopeId};
use crate::scratch::Scratch;

use super::Automaton;

#[derive(Debug, Default)]
pub(crate) struct Decision {
    /// For each field test the branches to which it is the access test, as a range of `entries`.
    pub(crate) access: Box<[(u32, u32)]>,
    pub(crate) entries: Box<[BranchId]>,
    pub(crate) branches: Box<[Branch]>,
    /// The field tests of all branches, one branch after the other; those of one branch in the order of their paths.
    pub(crate) tests: Box<[FieldTestId]>,
    /// What is known of each field test.
    pub(crate) field_tests: Box<[FieldTest]>,
    /// The number of rules.
    pub(crate) rules: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) rule: RuleId,
    /// A range of [`Decision::tests`].
    pub(crate) tests: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldTest {
    pub(crate) path: PathId,
    /// Whether the absence of the path satisfies the test.
    pub(crate) absence: bool,
}

impl Decision {
    pub(crate) fn tests_of(&self, branch: Branch) -> &[FieldTestId] {
        &self.tests[branch.tests.0 as usize..branch.tests.1 as usize]
    }

    pub(crate) fn field_test(&self, test: FieldTestId) -> FieldTest {
        self.field_tests[test.index()]
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.access)
            + size_of_val(&*self.entries)
            + size_of_val(&*self.branches)
            + size_of_val(&*self.tests)
            + size_of_val(&*self.field_tests)
    }
}

/// Finds the rules that match, given what was read of the event: their ids are left in the scratch, in no order.
/// With `first`, stops at the first one.
pub(crate) fn decide(
    automaton: &Automaton,
    scratch: &mut Scratch,
    first: bool,
    work_limit: u64,
) -> Result<(), EventErrorKind> {
    let decision = &automaton.decision;
    let Scratch { event, marks, join, ids } = scratch;
    for hit in &event.hits {
        marks.hold(hit.test);
    }
    // A path whose leaves are all inside elements of arrays may be absent from the elements that are chosen.
    for &(path, test) in &automaton.absences {
        if marks.present[path.index()] != marks.now || marks.inside[path.index()] == marks.now {
            marks.hold(test);
        }
    }
    let has_elements = event.scopes.len() > 1;
    join.next_event(work_limit);
    for at in 0..marks.found.len() {
        let (start, end) = decision.access[marks.found[at].index()];
        for &branch in &decision.entries[start as usize..end as usize] {
            let branch = decision.branches[branch.index()];
            let matched = &mut marks.matched[branch.rule.as_usize()];
            if *matched == marks.now {
                continue;
            }
            let tests = decision.tests_of(branch);
            if !tests.iter().all(|&test| marks.held[test.index()] == marks.now) {
                continue;
            }
            if has_elements
                && needs_choice(decision, tests, &marks.inside, marks.now)
                && !join.is_consistent(decision, tests, event)?
            {
                continue;
            }
            *matched = marks.now;
            ids.push(branch.rule);
            if first {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Whether it takes a choice of array elements to tell if these tests, which hold one by one, hold together: leaves
/// inside elements bear on two of them, or on the absence of one.
fn needs_choice(decision: &Decision, tests: &[FieldTestId], inside: &[u32], now: u32) -> bool {
    let mut bearing = 0;
    for &test in tests {
        let test = decision.field_test(test);
        if inside[test.path.index()] == now {
            bearing += if test.absence { 2 } else { 1 };
        }
    }
    bearing >= 2
}

/// The root of the event, in which all leaves are that stand in no element of an array.
pub(crate) const ROOT: ScopeId = ScopeId(0);
