//! The paths and values that rules name, and the tests that they make: flat, immutable, aware of its size.
//! [`compile`](crate::compile) makes it.
//!
//! [`path`] leads from names to paths, [`dictionary`] from a value to its number on its path, and [`test`] is what is
//! more than equality. A [`digest`] tells most values apart and a [`prefilter`] answers most tests by it; a [`index`] answers
//! all tests on one path together.

pub(crate) mod dictionary;
pub(crate) mod digest;
pub(crate) mod index;
pub(crate) mod prefilter;
pub(crate) mod test;

use crate::id::PathId;
use crate::operator::Address;

use crate::path::trie::PathTrie;
use dictionary::Dictionary;
use index::PredicateIndex;
use prefilter::Prefilter;
use test::Predicate;

/// What a rule set asks of events, apart from how its rules combine it.
#[derive(Debug)]
pub(crate) struct Predicates {
    pub(crate) paths: PathTrie,
    /// For each path the values that rules name there.
    pub(crate) dictionaries: Box<[Dictionary]>,
    /// For each path whether [its dictionary has addresses](Dictionary::has_addresses): every string is asked for that, and
    /// many fit into one line of the cache.
    pub(crate) has_addresses: Box<[bool]>,
    /// Every distinct test of a value that is more than equality.
    pub(crate) tests: Box<[Predicate]>,
    /// For each path with many tests all of them.
    pub(crate) indexes: Box<[Option<Box<PredicateIndex>>]>,
    /// For each test its number in the index of its path, or [`Predicates::NO_BIT`].
    pub(crate) bits: Box<[u32]>,
    /// For each test its [cost](Prefilter::cost).
    pub(crate) costs: Box<[u32]>,
    /// A index answers even where less is asked than it knows.
    pub(crate) always_indexed: bool,
}

impl Predicates {
    /// A test that is in no index.
    pub(crate) const NO_BIT: u32 = u32::MAX;

    /// Tests on a path that have at most so many [conditions](Predicate::conditions) together are answered one by one.
    pub(crate) const FEW_TESTS: usize = 6;

    /// The address that a string spells, if any rule asks for addresses on the path.
    #[inline]
    pub(crate) fn parse_address(&self, path: PathId, text: &[u8]) -> Option<Address> {
        if self.has_addresses[path.index()] { Address::parse(text) } else { None }
    }

    /// Whether a index could be the better way to answer tests of this [cost](Prefilter::cost).
    #[inline]
    pub(crate) fn may_prefer_index(&self, cost: u32) -> bool {
        cost > Predicates::FEW_TESTS as u32 * Prefilter::MOST_COST || self.always_indexed
    }

    /// Whether some of the tests on a path, of this cost together, are better answered by its index, which answers
    /// all.
    #[inline]
    pub(crate) fn prefers_index(&self, path: PathId, cost: u32, several_leaves: bool) -> bool {
        self.may_prefer_index(cost)
            && self.indexes[path.index()].as_ref().is_some_and(|index| {
                // What the index does grows with its tests, but much slower.
                let all = index.words() as u64 * 64 * u64::from(Prefilter::MOST_COST);
                self.always_indexed
                    || several_leaves
                    || cost > 64 * Prefilter::MOST_COST
                    || u64::from(cost) * 8 > all
            })
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        self.paths.memory_usage()
            + size_of_val(&*self.dictionaries)
            + self.dictionaries.iter().map(Dictionary::memory_usage).sum::<usize>()
            + size_of_val(&*self.has_addresses)
            + size_of_val(&*self.tests)
            + self.tests.iter().map(Predicate::memory_usage).sum::<usize>()
            + size_of_val(&*self.indexes)
            + self.indexes.iter().flatten().map(|index| index.memory_usage()).sum::<usize>()
            + size_of_val(&*self.bits)
            + size_of_val(&*self.costs)
    }
}
