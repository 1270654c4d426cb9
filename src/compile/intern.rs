//! Interning: equal lists of alternatives and equal predicates get the same number.

use hashbrown::{Equivalent, HashMap};

use crate::id::{FieldPredicateId, PathId, PredicateId};
use crate::pattern::{self, Alternative};
use crate::predicate::Predicates;
use crate::predicate::index::PredicateIndex;
use crate::predicate::test::Predicate;
use crate::tuning::Toggle;

/// Lists of alternatives on paths. Order and repetition do not matter.
#[derive(Default)]
pub(super) struct Lists<'p> {
    numbers: HashMap<List<Box<[&'p pattern::ValueTest]>>, FieldPredicateId>,
    /// A buffer for a sorted list.
    sorted: Vec<&'p pattern::ValueTest>,
}

/// A path, and the distinct tests of a list in ascending order.
#[derive(Eq, Hash, PartialEq)]
struct List<T> {
    path: PathId,
    tests: T,
}

impl<'p> Lists<'p> {
    /// Returns the number of a list, which is `next` if the list is new.
    pub(super) fn add(
        &mut self,
        path: PathId,
        alternatives: &'p [Alternative],
        next: FieldPredicateId,
    ) -> FieldPredicateId {
        self.sorted.clear();
        self.sorted.extend(alternatives.iter().map(|alternative| &alternative.test));
        self.sorted.sort_unstable();
        self.sorted.dedup();
        *self.numbers.entry_ref(&List { path, tests: &self.sorted[..] }).or_insert(next)
    }

    /// Returns each list with its path and its number, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (PathId, &[&'p pattern::ValueTest], FieldPredicateId)> {
        self.numbers.iter().map(|(list, &id)| (list.path, &*list.tests, id))
    }
}

impl<T: Eq> Equivalent<List<Box<[T]>>> for List<&[T]> {
    fn equivalent(&self, key: &List<Box<[T]>>) -> bool {
        self.path == key.path && *self.tests == *key.tests
    }
}

impl<T: Clone> From<&List<&[T]>> for List<Box<[T]>> {
    fn from(list: &List<&[T]>) -> Self {
        List { path: list.path, tests: list.tests.into() }
    }
}

/// The distinct predicates other than equality.
#[derive(Default)]
pub(super) struct Tests<'p> {
    tests: Vec<Predicate>,
    /// For each predicate, its path.
    paths: Vec<PathId>,
    numbers: HashMap<(PathId, &'p pattern::ValueTest), PredicateId>,
    /// The bytes that the predicates take in the compiled set, without an index.
    size: usize,
}

impl<'p> Tests<'p> {
    /// Returns the bytes that the predicates take at least in the compiled set.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Returns the number of a predicate. `make` compiles the predicate if it is new.
    pub(super) fn add(
        &mut self,
        path: PathId,
        test: &'p pattern::ValueTest,
        make: impl FnOnce() -> Predicate,
    ) -> PredicateId {
        *self.numbers.entry((path, test)).or_insert_with(|| {
            let test = make();
            // A predicate also has a bit and a cost.
            self.size += size_of::<Predicate>() + test.memory_usage() + 2 * size_of::<u32>();
            self.tests.push(test);
            self.paths.push(path);
            PredicateId(self.tests.len() as u32 - 1)
        })
    }

    /// Returns the test of each predicate.
    pub(super) fn names(&self) -> Vec<&'p pattern::ValueTest> {
        let mut names: Vec<_> = self.numbers.iter().map(|((_, test), &id)| (id, *test)).collect();
        names.sort_unstable_by_key(|(id, _)| *id);
        names.into_iter().map(|(_, test)| test).collect()
    }

    pub(super) fn get(&self, id: PredicateId) -> &Predicate {
        &self.tests[id.index()]
    }

    /// Builds an index for each path that has many predicates.
    pub(super) fn finish(self, paths: usize, indexes: Toggle) -> CompiledTests {
        let few = indexes.beyond(Predicates::FEW_TESTS);
        let mut of_path: Vec<Vec<PredicateId>> = vec![Vec::new(); paths];
        for (test, at) in self.tests.iter().zip(0..) {
            // `NoneOf` is decided by the number of the value, so it takes no bit.
            if !matches!(test, Predicate::NoneOf(_)) {
                of_path[self.paths[at as usize].index()].push(PredicateId(at));
            }
        }
        let mut bits = vec![Predicates::NO_BIT; self.tests.len()];
        let indexes = of_path.iter().map(|ids| {
            let tests = || ids.iter().map(|id| &self.tests[id.index()]);
            let conditions: usize = tests().map(Predicate::conditions).sum();
            (conditions > few).then(|| {
                ids.iter().zip(0..).for_each(|(id, bit)| bits[id.index()] = bit);
                Box::new(PredicateIndex::new(tests()))
            })
        });
        CompiledTests { indexes: indexes.collect(), tests: self.tests.into(), bits: bits.into() }
    }
}

/// The predicates, in the layout of [`Predicates`].
pub(super) struct CompiledTests {
    pub(super) tests: Box<[Predicate]>,
    pub(super) indexes: Box<[Option<Box<PredicateIndex>>]>,
    pub(super) bits: Box<[u32]>,
}
