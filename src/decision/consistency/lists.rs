//! The leaves of a path, and which of them satisfy a field test, as lists in the order of the text.
//!
//! Rules that name the same fields of the elements of an array ask for the same leaves, each with values of its own. So
//! the leaves of a path are listed once, and if they are asked for often, they are sorted by their values as well; then
//! a field test that wants certain values does not look at the others.

use hashbrown::HashMap;

use crate::decision::Decision;
use crate::event::{EventScratch, Leaf};
use crate::id::{FieldPredicateId, PathId, ScopeId};
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::test::FieldPredicate;
use crate::work::TEST;

/// The lists that were asked for in one event.
#[derive(Debug, Default)]
pub(super) struct CandidateLists {
    /// Lists of leaves in ascending order, one after the other.
    pub(super) leaves: Vec<u32>,
    /// Lists of arrays.
    pub(super) arrays: Vec<u32>,
    /// For each array the last path that has a leaf in it, counted from one in the order in which they are listed.
    marks: Vec<u32>,
    of_tests: HashMap<FieldPredicateId, Lists>,
    of_paths: HashMap<PathId, PathList>,
    /// For paths that are sorted by value, each value with a leaf that has it, in ascending order of both.
    by_value: Vec<(ValueId, u32)>,
}

/// What a field test can choose from: parts of the lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lists {
    /// Whether absence will do.
    pub(super) absence: bool,
    /// The leaves of the path.
    pub(super) path: (usize, usize),
    /// Those of them that satisfy the test.
    pub(super) satisfying: (usize, usize),
    /// The arrays that they stand in elements of, each once.
    pub(super) arrays: (usize, usize),
}

#[derive(Clone, Copy, Debug)]
struct PathList {
    leaves: (usize, usize),
    arrays: (usize, usize),
    /// How many field tests have looked at each leaf.
    looks: u32,
    /// A part of `by_value`, if it is sorted. The leaves stand in the same order behind `sorted`.
    by_value: (usize, usize),
    is_sorted: bool,
    sorted: usize,
}

/// So many field tests look at each leaf of a path before it is sorted by value.
const LOOKS: u32 = 4;

impl CandidateLists {
    pub(super) fn clear(&mut self) {
        self.leaves.clear();
        self.arrays.clear();
        self.marks.clear();
        self.of_tests.clear();
        self.of_paths.clear();
        self.by_value.clear();
    }

    /// The lists of a field test. If the event is too much work they are not complete.
    pub(super) fn of_test(
        &mut self,
        decision: &Decision,
        predicates: &Predicates,
        id: FieldPredicateId,
        event: &mut EventScratch,
        text: &[u8],
    ) -> Lists {
        if let Some(&lists) = self.of_tests.get(&id) {
            return lists;
        }
        let test = decision.field_test(id);
        event.work.spend(4 * TEST);
        let mut list = match self.of_paths.get(&test.path) {
            Some(&list) => list,
            None => self.list(test.path, event),
        };
        let satisfying = if test.any {
            list.leaves
        } else if test.is_exact() && list.looks >= LOOKS {
            if !list.is_sorted {
                self.sort(predicates, &mut list, event, text);
            }
            self.named(test, &list, event)
        } else {
            list.looks += 1;
            self.satisfying(predicates, test, &list, event, text)
        };
        self.of_paths.insert(test.path, list);
        let lists = Lists { absence: test.absence, path: list.leaves, satisfying, arrays: list.arrays };
        self.of_tests.insert(id, lists);
        lists
    }

    /// Lists the leaves of a path.
    fn list(&mut self, path: PathId, event: &mut EventScratch) -> PathList {
        let (leaves, arrays) = (self.leaves.len(), self.arrays.len());
        self.marks.resize(event.arrays.len(), 0);
        let mark = self.of_paths.len() as u32 + 1;
        let mut next = event.slot(path).first();
        while let Some(leaf) = next {
            event.work.spend(TEST);
            if event.work.is_exhausted() {
                break;
            }
            self.leaves.push(leaf);
            let Leaf { mut scope, .. } = event.leaves[leaf as usize];
            while scope != ScopeId(0) {
                let array = event.scopes[scope.index()].array;
                if self.marks[array as usize] == mark {
                    break;
                }
                event.work.spend(TEST);
                self.marks[array as usize] = mark;
                self.arrays.push(array);
                scope = event.arrays[array as usize].scope;
            }
            next = event.leaves[leaf as usize].next();
        }
        let (leaves, arrays) = ((leaves, self.leaves.len()), (arrays, self.arrays.len()));
        PathList { leaves, arrays, looks: 0, by_value: (0, 0), is_sorted: false, sorted: 0 }
    }

    /// Tests the leaves of a path.
    fn satisfying(
        &mut self,
        predicates: &Predicates,
        test: &FieldPredicate,
        list: &PathList,
        event: &mut EventScratch,
        text: &[u8],
    ) -> (usize, usize) {
        let start = self.leaves.len();
        for at in list.leaves.0..list.leaves.1 {
            event.work.spend(TEST);
            if event.work.is_exhausted() {
                break;
            }
            let leaf = self.leaves[at];
            if event.satisfies(predicates, text, leaf, test) {
                self.leaves.push(leaf);
            }
        }
        (start, self.leaves.len())
    }

    /// Sorts the leaves of a path by their values.
    fn sort(&mut self, predicates: &Predicates, list: &mut PathList, event: &mut EventScratch, text: &[u8]) {
        let start = self.by_value.len();
        // To sort takes a little more than a look-up for each leaf.
        event.work.spend((list.leaves.1 - list.leaves.0) as u64 * 4 * TEST);
        for &leaf in &self.leaves[list.leaves.0..list.leaves.1] {
            if event.work.is_exhausted() {
                break;
            }
            let (id, address) = event.ids(predicates, text, leaf);
            let known = [id, address].into_iter().filter(|id| *id != ValueId::UNKNOWN);
            self.by_value.extend(known.map(|id| (id, leaf)));
        }
        self.by_value[start..].sort_unstable();
        list.by_value = (start, self.by_value.len());
        list.is_sorted = true;
        list.sorted = self.leaves.len();
        self.leaves.extend(self.by_value[start..].iter().map(|entry| entry.1));
    }

    /// The leaves of a sorted path that have one of the values of a field test.
    fn named(&mut self, test: &FieldPredicate, list: &PathList, event: &mut EventScratch) -> (usize, usize) {
        let (start, end) = list.by_value;
        let of_value = |by_value: &[(ValueId, u32)], id: ValueId| {
            let entries = &by_value[start..end];
            let first = entries.partition_point(|entry| entry.0 < id);
            let behind = entries.partition_point(|entry| entry.0 <= id);
            (list.sorted + first, list.sorted + behind)
        };
        event.work.spend(2 * TEST * test.ids.len() as u64);
        if let [id] = *test.ids {
            return of_value(&self.by_value, id);
        }
        let before = self.leaves.len();
        for &id in &test.ids {
            let (first, behind) = of_value(&self.by_value, id);
            event.work.spend(2 * TEST * (behind - first) as u64);
            if event.work.is_exhausted() {
                break;
            }
            self.leaves.extend_from_within(first..behind);
        }
        // A leaf has several of the values if it spells an address.
        self.leaves[before..].sort_unstable();
        let mut kept = before;
        for at in before..self.leaves.len() {
            if at == before || self.leaves[at] != self.leaves[kept - 1] {
                self.leaves[kept] = self.leaves[at];
                kept += 1;
            }
        }
        self.leaves.truncate(kept);
        (before, kept)
    }

    pub(super) fn memory_usage(&self) -> usize {
        [&self.leaves, &self.arrays, &self.marks]
            .map(|list| list.capacity() * size_of::<u32>())
            .iter()
            .sum::<usize>()
            + self.of_tests.allocation_size()
            + self.of_paths.allocation_size()
            + self.by_value.capacity() * size_of::<(ValueId, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::{CandidateLists, ValueId};

    #[test]
    fn memory_is_that_of_the_buffers() {
        let lists = CandidateLists {
            leaves: Vec::with_capacity(10),
            arrays: Vec::with_capacity(20),
            marks: Vec::with_capacity(40),
            by_value: Vec::with_capacity(80),
            ..CandidateLists::default()
        };
        assert_eq!(lists.memory_usage(), 70 * size_of::<u32>() + 80 * size_of::<(ValueId, u32)>());
    }
}
