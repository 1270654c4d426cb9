//! The paths and values that rules name, and the predicates on them. The structures are flat and
//! immutable, and report their size. [`compile`](crate::compile) builds them.
//!
//! [`PathTrie`] maps names to paths. [`dictionary`] maps a value to
//! its number on its path. [`test`](mod@test) defines the predicates other than equality. A [`digest`]
//! distinguishes most values, and a [`prefilter`] decides most predicates by the digest alone. An
//! [`index`] evaluates all predicates on one path together.

pub(crate) mod dictionary;
pub(crate) mod digest;
pub(crate) mod field;
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

/// The paths, the values and the predicates of a rule set, without the way in which rules combine
/// them.
#[derive(Debug)]
pub(crate) struct Predicates {
    pub(crate) paths: PathTrie,
    /// For each path, the values that rules name there.
    pub(crate) dictionaries: Box<[Dictionary]>,
    /// For each path, whether [its dictionary has addresses](Dictionary::has_addresses). The flag
    /// is read for every string, and many flags fit into one cache line.
    pub(crate) has_addresses: Box<[bool]>,
    /// Every distinct predicate on a value, other than equality.
    pub(crate) tests: Box<[Predicate]>,
    /// For each path with many predicates, an index of all of them.
    pub(crate) indexes: Box<[Option<Box<PredicateIndex>>]>,
    /// For each predicate, its number in the index of its path, or [`Predicates::NO_BIT`].
    pub(crate) bits: Box<[u32]>,
    /// For each predicate, its [cost](Prefilter::cost).
    pub(crate) costs: Box<[u32]>,
    /// True if an index is used even if only few of its predicates are needed.
    pub(crate) always_indexed: bool,
}

impl Predicates {
    /// The bit of a predicate that is in no index.
    pub(crate) const NO_BIT: u32 = u32::MAX;

    /// Predicates on a path that have at most `FEW_TESTS` [conditions](Predicate::conditions)
    /// together are evaluated one by one.
    pub(crate) const FEW_TESTS: usize = 6;

    /// Returns the address that a string spells, if any rule tests addresses on the path.
    #[inline]
    pub(crate) fn parse_address(&self, path: PathId, text: &[u8]) -> Option<Address> {
        if self.has_addresses[path.index()] { Address::parse(text) } else { None }
    }

    /// Returns true if an index may be the faster way to evaluate predicates of this total
    /// [cost](Prefilter::cost).
    #[inline]
    pub(crate) fn may_prefer_index(&self, cost: u32) -> bool {
        cost > Predicates::FEW_TESTS as u32 * Prefilter::MOST_COST || self.always_indexed
    }

    /// Returns true if the index of a path, which evaluates all predicates, is faster than some of
    /// them one by one. `cost` is the total cost of those.
    #[inline]
    pub(crate) fn prefers_index(&self, path: PathId, cost: u32, several_leaves: bool) -> bool {
        self.may_prefer_index(cost)
            && self.indexes[path.index()].as_ref().is_some_and(|index| {
                // The work of the index grows with its predicates, but much more slowly than `all`.
                let all = index.words() as u64 * 64 * u64::from(Prefilter::MOST_COST);
                self.always_indexed
                    || several_leaves
                    || cost > 64 * Prefilter::MOST_COST
                    || u64::from(cost) * 8 > all
            })
    }

    /// Returns the number of bytes that the value has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.paths.memory_usage() + self.value_bytes() + self.predicate_bytes()
    }

    /// Returns the number of bytes of the values that rules name.
    pub(crate) fn value_bytes(&self) -> usize {
        size_of_val(&*self.dictionaries)
            + self.dictionaries.iter().map(Dictionary::memory_usage).sum::<usize>()
            + size_of_val(&*self.has_addresses)
    }

    /// Returns the number of bytes of the predicates and of their indexes.
    pub(crate) fn predicate_bytes(&self) -> usize {
        size_of_val(&*self.tests)
            + self.tests.iter().map(Predicate::memory_usage).sum::<usize>()
            + size_of_val(&*self.indexes)
            + self.indexes.iter().flatten().map(|index| index.memory_usage()).sum::<usize>()
            + size_of_val(&*self.bits)
            + size_of_val(&*self.costs)
    }
}
