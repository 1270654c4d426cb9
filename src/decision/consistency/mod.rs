//! Array consistency: a branch holds if one leaf can be chosen for each field test such that no
//! array contributes two different elements.
//!
//! The search is backtracking with nogoods:
//!
//! ```text
//! for each test, in the order of paths:
//!     if the elements visible to this test and the later ones are a nogood: backtrack
//!     if no leaf of the path is consistent and absence satisfies the test: next test
//!     take the next leaf that satisfies the test and is consistent, and choose its elements
//!     if there is none: store a nogood, and backtrack
//! backtrack: undo the last choice, and take the next leaf of its test
//! ```
//!
//! The order of paths is needed because `exists: false` tests for absence among the leaves that are
//! consistent with earlier choices. Two techniques make the time near linear:
//!
//! - Leaves have the order of the text, so the leaves inside an element are neighbours. An
//!   inconsistent leaf is skipped with all its neighbours by a galloping search.
//! - A nogood stores only the elements that the remaining tests can see: the elements chosen in
//!   arrays in which they have leaves.

mod gallop;
mod lists;
mod nogoods;

use crate::error::EventErrorKind;
use crate::evaluate::Evaluator;
use crate::event::Event;
use crate::id::{ArrayId, FieldPredicateId, ScopeId};
use crate::work::TEST;

use super::tree::Decision;
use gallop::gallop;
use lists::{CandidateLists, Lists};
use nogoods::Nogoods;

/// The memory of the search.
#[derive(Debug, Default)]
pub(crate) struct ConsistencyScratch {
    lists: CandidateLists,
    /// The lists of the tests of the branch.
    of_branch: Vec<Lists>,
    prepared: bool,
    /// The chosen element of each array, or [`NONE`].
    chosen: Vec<u32>,
    /// The arrays with a chosen element, in the order of the choices.
    choices: Vec<ArrayId>,
    /// The decision points of the first tests, for which there is a candidate.
    tried: Vec<DecisionPoint>,
    /// The number of the last search that used each array, and the last test in the search with a
    /// leaf in the array.
    last_test: Vec<(u32, u32)>,
    /// The number of the search, counted from one in each event.
    search: u32,
    nogoods: Nogoods,
}

/// A test for which a leaf or absence is chosen.
#[derive(Clone, Copy, Debug)]
struct DecisionPoint {
    /// The range of the candidates that were not tried yet.
    rest: (usize, usize),
    /// The number of choices of elements before the test.
    before: usize,
}

const NONE: u32 = u32::MAX;

impl ConsistencyScratch {
    /// Forgets the last event.
    pub(crate) fn next_event(&mut self) {
        self.prepared = false;
    }

    /// Returns true if the tests hold together. The tests must have the order of their paths.
    pub(crate) fn is_consistent(
        &mut self,
        decision: &Decision,
        tests: &[FieldPredicateId],
        evaluator: &mut Evaluator<'_>,
    ) -> Result<bool, EventErrorKind> {
        self.prepare(&evaluator.event);
        self.of_branch.clear();
        for &test in tests {
            self.of_branch.push(self.lists.of_test(decision, test, evaluator));
            evaluator.check_budget()?;
        }
        self.nogoods.clear();
        self.search += 1;
        for (lists, at) in self.of_branch.iter().zip(0..) {
            let arrays = &self.lists.arrays[lists.arrays.0..lists.arrays.1];
            evaluator.work.spend(arrays.len() as u64 + 1);
            for &array in arrays {
                self.last_test[array.index()] = (self.search, at);
            }
        }
        Search { evaluator, scratch: self }.run()
    }

    fn prepare(&mut self, event: &Event<'_>) {
        if self.prepared {
            return;
        }
        self.prepared = true;
        self.lists.clear();
        self.chosen.clear();
        self.chosen.resize(event.arrays.len(), NONE);
        self.last_test.clear();
        self.last_test.resize(event.arrays.len(), (0, 0));
        self.search = 0;
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.lists.memory_usage()
            + self.of_branch.capacity() * size_of::<Lists>()
            + self.tried.capacity() * size_of::<DecisionPoint>()
            + self.last_test.capacity() * size_of::<(u32, u32)>()
            + self.chosen.capacity() * size_of::<u32>()
            + self.choices.capacity() * size_of::<ArrayId>()
            + self.nogoods.memory_usage()
    }
}

/// One search over the tests of a branch.
struct Search<'a, 'e> {
    evaluator: &'a mut Evaluator<'e>,
    scratch: &'a mut ConsistencyScratch,
}

impl Search<'_, '_> {
    /// Returns true if a leaf can be chosen for each test. The choices are undone at the end.
    fn run(&mut self) -> Result<bool, EventErrorKind> {
        self.scratch.tried.clear();
        let found = self.choose();
        self.undo(0);
        found
    }

    /// Chooses a leaf for one test after the other. Backtracks to the last test with another
    /// candidate if there is none. A branch has up to
    /// [`PatternLimits::fields`](crate::PatternLimits::fields) tests, which are too many for a
    /// recursion.
    fn choose(&mut self) -> Result<bool, EventErrorKind> {
        loop {
            let at = self.scratch.tried.len();
            let Some(&lists) = self.scratch.of_branch.get(at) else { return Ok(true) };
            if at == 0 || !self.has_failed(at) {
                let before = self.scratch.choices.len();
                if lists.absence && self.next_consistent(lists.path)?.is_none() {
                    // No leaf of the path is consistent, so no leaf can satisfy the test either.
                    self.scratch.tried.push(DecisionPoint { rest: (0, 0), before });
                    continue;
                }
                self.scratch.tried.push(DecisionPoint { rest: lists.satisfying, before });
            }
            if !self.choose_next()? {
                return Ok(false);
            }
        }
    }

    /// Chooses the next candidate of the last test that has one. Returns false if no test has one.
    fn choose_next(&mut self) -> Result<bool, EventErrorKind> {
        while let Some(&DecisionPoint { rest, before }) = self.scratch.tried.last() {
            self.undo(before);
            if let Some(found) = self.next_consistent(rest)? {
                if let Some(tried) = self.scratch.tried.last_mut() {
                    tried.rest.0 = found + 1;
                }
                let leaf = self.scratch.lists.leaves[found];
                self.take(self.evaluator.event.leaves[leaf.index()].scope);
                return Ok(true);
            }
            self.scratch.tried.pop();
            let at = self.scratch.tried.len();
            if at > 0 {
                self.remember_failure(at);
            }
        }
        Ok(false)
    }

    /// Returns the first entry of a range whose leaf is consistent with the chosen elements.
    fn next_consistent(&mut self, (mut next, end): (usize, usize)) -> Result<Option<usize>, EventErrorKind> {
        // The borrows are outside the loop, because the compiler does not prove that the loop
        // leaves the pointers unchanged.
        let Evaluator { event, work, .. } = &mut *self.evaluator;
        let Event { leaves, scopes, arrays, .. } = event;
        let ConsistencyScratch { lists, chosen: choice, .. } = &*self.scratch;
        while next < end {
            let leaf = lists.leaves[next];
            // If several arrays exclude the leaf, the target of the outermost array skips most.
            let mut target = None;
            let mut scope = leaves[leaf.index()].scope;
            let mut steps = TEST;
            while scope != ScopeId::ROOT {
                steps += 1;
                let array = scopes[scope.index()].array;
                let chosen = choice[array.index()];
                if chosen != NONE && chosen != scope.0 {
                    let wanted = scopes[chosen as usize].leaves.start;
                    target = Some(if leaf < wanted { wanted } else { arrays[array.index()].leaves.end });
                }
                scope = arrays[array.index()].scope;
            }
            work.spend(steps);
            if work.is_exhausted() {
                return Err(EventErrorKind::TooMuchWork { limit: work.limit() });
            }
            let Some(target) = target else { return Ok(Some(next)) };
            let rest = &lists.leaves[next..end];
            next += gallop(rest.len(), |offset| rest[offset] < target);
        }
        Ok(None)
    }

    /// Chooses an element and all elements that enclose it.
    fn take(&mut self, mut scope: ScopeId) {
        let Event { scopes, arrays, .. } = &self.evaluator.event;
        while scope != ScopeId::ROOT {
            let array = scopes[scope.index()].array;
            let chosen = &mut self.scratch.chosen[array.index()];
            if *chosen != NONE {
                break;
            }
            *chosen = scope.0;
            self.scratch.choices.push(array);
            scope = arrays[array.index()].scope;
        }
    }

    fn undo(&mut self, before: usize) {
        for array in self.scratch.choices.drain(before..) {
            self.scratch.chosen[array.index()] = NONE;
        }
    }

    /// Appends the key of the choices that the tests from `at` on can see. The key does not depend
    /// on the order of the choices. Returns the start of the key.
    fn push_view(&mut self, at: usize) -> usize {
        let ConsistencyScratch { choices, last_test, search, nogoods, chosen, .. } = &mut *self.scratch;
        let start = nogoods.keys.len();
        nogoods.keys.push(at as u32);
        let is_seen = |array: ArrayId| {
            let (of, last) = last_test[array.index()];
            of == *search && last as usize >= at
        };
        let seen = choices.iter().filter(|&&array| is_seen(array));
        nogoods.keys.extend(seen.map(|&array| chosen[array.index()]));
        nogoods.keys[start + 1..].sort_unstable();
        // The steps pay for visiting the choices, for hashing, which takes longer, and for storing
        // a nogood.
        self.evaluator
            .work
            .spend(2 * TEST + (choices.len() + (nogoods.keys.len() - start) * TEST as usize) as u64);
        start
    }

    fn has_failed(&mut self, at: usize) -> bool {
        let start = self.push_view(at);
        let found = self.scratch.nogoods.contains(start);
        self.scratch.nogoods.keys.truncate(start);
        found
    }

    fn remember_failure(&mut self, at: usize) {
        let start = self.push_view(at);
        self.scratch.nogoods.insert(start);
    }
}

#[cfg(test)]
mod tests {
    use super::{ConsistencyScratch, DecisionPoint, Lists};

    #[test]
    fn memory_usage_counts_every_buffer() {
        let mut scratch = ConsistencyScratch::default();
        assert_eq!(scratch.memory_usage(), 0);
        scratch.lists.leaves = Vec::with_capacity(100);
        scratch.lists.arrays = Vec::with_capacity(10);
        assert_eq!(scratch.memory_usage(), 440);
        (scratch.of_branch, scratch.tried) = (Vec::with_capacity(20), Vec::with_capacity(30));
        let tests = 20 * size_of::<Lists>() + 30 * size_of::<DecisionPoint>();
        assert_eq!(scratch.memory_usage(), 440 + tests);
        (scratch.chosen, scratch.choices) = (Vec::with_capacity(50), Vec::with_capacity(60));
        scratch.last_test = Vec::with_capacity(70);
        assert_eq!(scratch.memory_usage(), 440 + tests + 4 * (50 + 60 + 2 * 70));
        let (before, nogoods) = (scratch.memory_usage(), &mut scratch.nogoods);
        (nogoods.keys, nogoods.entries) = (Vec::with_capacity(11), Vec::with_capacity(12));
        nogoods.table = Vec::with_capacity(13);
        assert_eq!(scratch.memory_usage(), before + 4 * (11 + 2 * 12 + 13));
    }
}
