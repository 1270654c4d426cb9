//! Array consistency: whether one leaf can be chosen for each field test of a branch such that no array
//! contributes two different elements.
//!
//! The tests are taken in the order of their paths, because `exists: false` asks for absence among the leaves that
//! are consistent with what has been chosen before it. Choosing is a search with two things that keep it near
//! linear. Leaves are in the order of the text, so those inside an element are neighbours, and a leaf in the wrong
//! element is skipped together with all its neighbours by a binary search. And a choice that has failed is
//! remembered by what the remaining tests can see of it: the elements chosen in arrays that they have leaves in.

mod lists;

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::error::EventErrorKind;
use crate::event::EventScratch;
use crate::id::{FieldPredicateId, ScopeId};
use crate::predicate::Predicates;
use crate::work::TEST;

use super::Decision;
use lists::{CandidateLists, Lists};

/// The root of the event, in which all leaves are that stand in no element of an array.
const ROOT: ScopeId = ScopeId(0);

/// The memory of the search.
#[derive(Debug, Default)]
pub(crate) struct JoinScratch {
    lists: CandidateLists,
    /// The lists of the branch at hand.
    of_branch: Vec<Lists>,
    prepared: bool,
    /// For each array the element that is chosen, [`NONE`] before the choice.
    chosen: Vec<u32>,
    /// The arrays in which an element is chosen, in the order of the choices.
    choices: Vec<u32>,
    /// The tests for which there is a leaf, from the first on.
    tried: Vec<DecisionPoint>,
    /// For each array the number of the search, and the last test in it that has a leaf inside.
    last_test: Vec<(u32, u32)>,
    /// The number of the search, counted from one in each event.
    search: u32,
    nogoods: Nogoods,
}

/// A test for which a leaf is chosen, or absence.
#[derive(Clone, Copy, Debug)]
struct DecisionPoint {
    /// The part of the lists that was not tried yet.
    rest: (usize, usize),
    /// How many choices there were before.
    before: usize,
}

const NONE: u32 = u32::MAX;

impl JoinScratch {
    /// Forgets the last event.
    pub(crate) fn next_event(&mut self) {
        self.prepared = false;
    }

    /// Whether the tests, which are in the order of their paths, hold together. `text` is that of the event.
    pub(crate) fn is_consistent(
        &mut self,
        decision: &Decision,
        predicates: &Predicates,
        tests: &[FieldPredicateId],
        event: &mut EventScratch,
        text: &[u8],
    ) -> Result<bool, EventErrorKind> {
        self.prepare(event);
        self.of_branch.clear();
        for &test in tests {
            self.of_branch.push(self.lists.of_test(decision, predicates, test, event, text));
            check_budget(event)?;
        }
        self.nogoods.clear();
        self.search += 1;
        for (lists, at) in self.of_branch.iter().zip(0..) {
            let arrays = &self.lists.arrays[lists.arrays.0..lists.arrays.1];
            event.work.spend(arrays.len() as u64 + 1);
            for &array in arrays {
                self.last_test[array as usize] = (self.search, at);
            }
        }
        Search { event, scratch: self }.run()
    }

    fn prepare(&mut self, event: &EventScratch) {
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
            + [&self.chosen, &self.choices].map(|v| v.capacity() * size_of::<u32>()).iter().sum::<usize>()
            + self.nogoods.memory_usage()
    }
}

/// Fails if the event was too much work.
pub(super) fn check_budget(event: &EventScratch) -> Result<(), EventErrorKind> {
    if event.work.is_exhausted() {
        return Err(EventErrorKind::TooMuchWork { limit: event.work.limit() });
    }
    Ok(())
}

/// One search over the tests of a branch.
struct Search<'a> {
    event: &'a mut EventScratch,
    scratch: &'a mut JoinScratch,
}

impl Search<'_> {
    /// Whether a leaf can be chosen for each test. What was chosen is forgotten.
    fn run(&mut self) -> Result<bool, EventErrorKind> {
        self.scratch.tried.clear();
        let found = self.choose();
        self.undo(0);
        found
    }

    /// Goes from test to test as long as there is a leaf for each, and back to the last one that has another. A branch has
    /// as many tests as [`PatternLimits::fields`](crate::PatternLimits::fields) allows, too many for a recursion.
    fn choose(&mut self) -> Result<bool, EventErrorKind> {
        loop {
            let at = self.scratch.tried.len();
            let Some(&lists) = self.scratch.of_branch.get(at) else { return Ok(true) };
            if at == 0 || !self.has_failed(at) {
                let before = self.scratch.choices.len();
                if lists.absence && self.next_consistent(lists.path)?.is_none() {
                    // No leaf of the path is in reach, so none can satisfy the test either.
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

    /// Chooses the next leaf for the last test that has one; whether there is any.
    fn choose_next(&mut self) -> Result<bool, EventErrorKind> {
        while let Some(&DecisionPoint { rest, before }) = self.scratch.tried.last() {
            self.undo(before);
            if let Some(found) = self.next_consistent(rest)? {
                if let Some(tried) = self.scratch.tried.last_mut() {
                    tried.rest.0 = found + 1;
                }
                let leaf = self.scratch.lists.leaves[found];
                self.take(self.event.leaves[leaf as usize].scope);
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

    /// The first entry of a part of the lists whose leaf is consistent with what is chosen.
    fn next_consistent(&mut self, (mut next, end): (usize, usize)) -> Result<Option<usize>, EventErrorKind> {
        while next < end {
            let leaf = self.scratch.lists.leaves[next];
            // Of several arrays that stand in the way, the outermost lets us skip most.
            let mut target = None;
            let mut scope = self.event.leaves[leaf as usize].scope;
            let mut steps = TEST;
            while scope != ROOT {
                steps += 1;
                let array = self.event.scopes[scope.index()].array as usize;
                let chosen = self.scratch.chosen[array];
                if chosen != NONE && chosen != scope.0 {
                    let wanted = self.event.scopes[chosen as usize].leaves.0;
                    target = Some(if leaf < wanted { wanted } else { self.event.arrays[array].leaves.1 });
                }
                scope = self.event.arrays[array].scope;
            }
            self.event.work.spend(steps);
            check_budget(self.event)?;
            let Some(target) = target else { return Ok(Some(next)) };
            let rest = &self.scratch.lists.leaves[next..end];
            next += gallop(rest.len(), |offset| rest[offset] < target);
        }
        Ok(None)
    }

    /// Chooses an element and all that it stands in.
    fn take(&mut self, mut scope: ScopeId) {
        while scope != ROOT {
            let array = self.event.scopes[scope.index()].array;
            let chosen = &mut self.scratch.chosen[array as usize];
            if *chosen != NONE {
                break;
            }
            *chosen = scope.0;
            self.scratch.choices.push(array);
            scope = self.event.arrays[array as usize].scope;
        }
    }

    fn undo(&mut self, before: usize) {
        for array in self.scratch.choices.drain(before..) {
            self.scratch.chosen[array as usize] = NONE;
        }
    }

    /// What the tests from `at` on can see of the choices: a sequence that does not depend on their order.
    fn push_view(&mut self, at: usize) -> usize {
        let JoinScratch { choices, last_test, search, nogoods, chosen, .. } = &mut *self.scratch;
        let start = nogoods.keys.len();
        nogoods.keys.push(at as u32);
        let is_seen = |array: u32| {
            let (of, last) = last_test[array as usize];
            of == *search && last as usize >= at
        };
        let seen = choices.iter().filter(|&&array| is_seen(array));
        nogoods.keys.extend(seen.map(|&array| chosen[array as usize]));
        nogoods.keys[start + 1..].sort_unstable();
        // To look through the choices, and to compute the hash, which takes longer; and one that fails is kept.
        self.event
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

/// The first offset below `len` at which `before` no longer holds, or `len`; near offsets are found faster.
fn gallop(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let mut step = 1;
    while step < len && before(step) {
        step *= 2;
    }
    let (mut low, mut high) = (step / 2, step.min(len));
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A set of sequences of numbers, whose memory is used again from search to search.
#[derive(Debug, Default)]
struct Nogoods {
    /// The sequences, one after the other.
    keys: Vec<u32>,
    /// Where each sequence starts and ends.
    entries: Vec<(u32, u32)>,
    /// Has seeds that nobody knows, so that no event can be made of which all sequences collide.
    hasher: DefaultHashBuilder,
    /// Open addressing: indices into `entries`, counted from one; zero where there is none. The length is a power
    /// of two, and at most half of it is used.
    table: Vec<u32>,
}

impl Nogoods {
    fn clear(&mut self) {
        self.keys.clear();
        if !self.entries.is_empty() {
            self.entries.clear();
            // One large search must not make all that follow clear a large table.
            self.table.truncate(64);
            self.table.fill(0);
        }
    }

    /// The place of a sequence in the table, or the empty one where it belongs.
    fn place(&self, key: &[u32]) -> usize {
        let mask = self.table.len() - 1;
        let mut place = self.hasher.hash_one(key) as usize & mask;
        while let Some(entry) = self.table[place].checked_sub(1) {
            let (start, end) = self.entries[entry as usize];
            if self.keys[start as usize..end as usize] == *key {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    /// Whether the set has the sequence at the end of `keys`, from `start` on.
    fn contains(&self, start: usize) -> bool {
        !self.entries.is_empty() && self.table[self.place(&self.keys[start..])] != 0
    }

    /// Adds the sequence at the end of `keys`, from `start` on.
    fn insert(&mut self, start: usize) {
        if self.table.len() <= self.entries.len() * 2 {
            let length = (self.table.len() * 2).max(64);
            self.table.clear();
            self.table.resize(length, 0);
            for entry in 0..self.entries.len() {
                let (start, end) = self.entries[entry];
                let place = self.place(&self.keys[start as usize..end as usize]);
                self.table[place] = entry as u32 + 1;
            }
        }
        let place = self.place(&self.keys[start..]);
        self.entries.push((start as u32, self.keys.len() as u32));
        self.table[place] = self.entries.len() as u32;
    }

    fn memory_usage(&self) -> usize {
        self.keys.capacity() * 4 + self.entries.capacity() * 8 + self.table.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::{DecisionPoint, JoinScratch, Lists, Nogoods, gallop};

    #[test]
    fn partition_finds_the_border() {
        for len in 0..40 {
            for border in 1..=len {
                assert_eq!(gallop(len, |offset| offset < border), border, "{len}");
            }
        }
    }

    #[test]
    fn failures_are_found_again() {
        let count = if cfg!(miri) { 100 } else { 1_000_u32 };
        let mut nogoods = Nogoods::default();
        for round in 0..3 {
            nogoods.clear();
            for number in 0..count {
                let start = nogoods.keys.len();
                nogoods.keys.extend([number, number / 7, round]);
                assert!(!nogoods.contains(start));
                nogoods.insert(start);
            }
            for number in 0..=count {
                let start = nogoods.keys.len();
                nogoods.keys.extend([number, number / 7, round]);
                assert_eq!(nogoods.contains(start), number < count);
                nogoods.keys.truncate(start);
            }
        }
    }

    #[test]
    fn memory_is_that_of_the_buffers() {
        let mut scratch = JoinScratch::default();
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
