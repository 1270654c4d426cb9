//! [`CandidateLists`]: the leaves of a path, and the leaves that satisfy a field test, in the order
//! of the text.
//!
//! Rules that name the same fields of array elements test the same leaves, each rule with its own
//! values. The leaves of a path are therefore listed once for the event. After several tests of a path,
//! its leaves are also sorted by value. A field test for certain values then visits no other
//! leaves.

use hashbrown::HashMap;

use crate::decision::tree::Decision;
use crate::evaluate::Evaluator;
use crate::id::{ArrayId, FieldPredicateId, LeafId, PathId, ScopeId};
use crate::predicate::dictionary::ValueId;
use crate::predicate::field::FieldPredicate;
use crate::work::TEST;

/// The lists of one event.
#[derive(Debug, Default)]
pub(super) struct CandidateLists {
    /// Lists of leaves in ascending order, one list after the other.
    pub(super) leaves: Vec<LeafId>,
    /// Lists of arrays, one list after the other.
    pub(super) arrays: Vec<ArrayId>,
    /// The last path with a leaf in each array. Paths are numbered from one in the order in which
    /// they are listed.
    marks: Vec<u32>,
    of_tests: HashMap<FieldPredicateId, Lists>,
    of_paths: HashMap<PathId, PathList>,
    /// The pairs of a value and a leaf with the value, for paths that are sorted by value. Pairs of
    /// one path are in ascending order.
    by_value: Vec<(ValueId, LeafId)>,
}

/// The candidates of a field test, as ranges of the lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lists {
    /// True if absence satisfies the test.
    pub(super) absence: bool,
    /// The leaves of the path.
    pub(super) path: (usize, usize),
    /// The leaves of the path that satisfy the test.
    pub(super) satisfying: (usize, usize),
    /// The arrays whose elements contain leaves of the path, without repetition.
    pub(super) arrays: (usize, usize),
}

#[derive(Clone, Copy, Debug)]
struct PathList {
    leaves: (usize, usize),
    arrays: (usize, usize),
    /// The number of field tests that have visited every leaf.
    looks: u32,
    /// A range of `by_value` if the path is sorted. The leaves of the range are stored in the same
    /// order from `sorted` on.
    by_value: (usize, usize),
    is_sorted: bool,
    sorted: usize,
}

/// The number of field tests that visit every leaf of a path before it is sorted by value.
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

    /// Returns the lists of a field test. The lists are incomplete if the work is exhausted.
    pub(super) fn of_test(
        &mut self,
        decision: &Decision,
        id: FieldPredicateId,
        evaluator: &mut Evaluator<'_>,
    ) -> Lists {
        if let Some(&lists) = self.of_tests.get(&id) {
            return lists;
        }
        let test = decision.field_test(id);
        evaluator.work.spend(4 * TEST);
        let mut list = match self.of_paths.get(&test.path) {
            Some(&list) => list,
            None => self.list(test.path, evaluator),
        };
        let satisfying = if test.any {
            list.leaves
        } else if test.is_exact() && list.looks >= LOOKS {
            if !list.is_sorted {
                self.sort(&mut list, evaluator);
            }
            self.named(test, &list, evaluator)
        } else {
            list.looks += 1;
            self.satisfying(test, &list, evaluator)
        };
        self.of_paths.insert(test.path, list);
        let lists = Lists { absence: test.absence, path: list.leaves, satisfying, arrays: list.arrays };
        self.of_tests.insert(id, lists);
        lists
    }

    /// Lists the leaves of a path.
    fn list(&mut self, path: PathId, evaluator: &mut Evaluator<'_>) -> PathList {
        let (leaves, arrays) = (self.leaves.len(), self.arrays.len());
        self.marks.resize(evaluator.event.arrays.len(), 0);
        let mark = self.of_paths.len() as u32 + 1;
        let mut next = evaluator.event.leaves_of(path).first();
        while let Some(leaf) = next {
            evaluator.work.spend(TEST);
            if evaluator.work.is_exhausted() {
                break;
            }
            self.leaves.push(leaf);
            let mut scope = evaluator.event.leaves[leaf.index()].scope;
            while scope != ScopeId::ROOT {
                let array = evaluator.event.scopes[scope.index()].array;
                if self.marks[array.index()] == mark {
                    break;
                }
                evaluator.work.spend(TEST);
                self.marks[array.index()] = mark;
                self.arrays.push(array);
                scope = evaluator.event.arrays[array.index()].scope;
            }
            next = evaluator.event.next(leaf);
        }
        let (leaves, arrays) = ((leaves, self.leaves.len()), (arrays, self.arrays.len()));
        PathList { leaves, arrays, looks: 0, by_value: (0, 0), is_sorted: false, sorted: 0 }
    }

    /// Returns the list of the leaves of a path that satisfy a test.
    fn satisfying(
        &mut self,
        test: &FieldPredicate,
        list: &PathList,
        evaluator: &mut Evaluator<'_>,
    ) -> (usize, usize) {
        let start = self.leaves.len();
        for at in list.leaves.0..list.leaves.1 {
            evaluator.work.spend(TEST);
            if evaluator.work.is_exhausted() {
                break;
            }
            let leaf = self.leaves[at];
            if evaluator.satisfies(leaf, test) {
                self.leaves.push(leaf);
            }
        }
        (start, self.leaves.len())
    }

    /// Sorts the leaves of a path by value.
    fn sort(&mut self, list: &mut PathList, evaluator: &mut Evaluator<'_>) {
        let start = self.by_value.len();
        // Sorting takes a little more than one lookup for each leaf.
        evaluator.work.spend((list.leaves.1 - list.leaves.0) as u64 * 4 * TEST);
        for &leaf in &self.leaves[list.leaves.0..list.leaves.1] {
            if evaluator.work.is_exhausted() {
                break;
            }
            let (id, address) = evaluator.ids(leaf);
            let known = [id, address].into_iter().filter(|id| *id != ValueId::UNKNOWN);
            self.by_value.extend(known.map(|id| (id, leaf)));
        }
        self.by_value[start..].sort_unstable();
        list.by_value = (start, self.by_value.len());
        list.is_sorted = true;
        list.sorted = self.leaves.len();
        self.leaves.extend(self.by_value[start..].iter().map(|entry| entry.1));
    }

    /// Returns the list of the leaves of a sorted path whose value is one of the values of a test.
    fn named(
        &mut self,
        test: &FieldPredicate,
        list: &PathList,
        evaluator: &mut Evaluator<'_>,
    ) -> (usize, usize) {
        let (start, end) = list.by_value;
        let of_value = |by_value: &[(ValueId, LeafId)], id: ValueId| {
            let entries = &by_value[start..end];
            let first = entries.partition_point(|entry| entry.0 < id);
            let past = entries.partition_point(|entry| entry.0 <= id);
            (list.sorted + first, list.sorted + past)
        };
        evaluator.work.spend(2 * TEST * test.ids.len() as u64);
        if let [id] = *test.ids {
            return of_value(&self.by_value, id);
        }
        let before = self.leaves.len();
        for &id in &test.ids {
            let (first, past) = of_value(&self.by_value, id);
            evaluator.work.spend(2 * TEST * (past - first) as u64);
            if evaluator.work.is_exhausted() {
                break;
            }
            self.leaves.extend_from_within(first..past);
        }
        // A leaf that spells an address can have several of the values.
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
        (self.leaves.capacity() + self.arrays.capacity() + self.marks.capacity()) * size_of::<u32>()
            + self.of_tests.allocation_size()
            + self.of_paths.allocation_size()
            + self.by_value.capacity() * size_of::<(ValueId, LeafId)>()
    }
}

#[cfg(test)]
mod tests {
    use super::{CandidateLists, ValueId};

    #[test]
    fn memory_usage_counts_every_buffer() {
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
