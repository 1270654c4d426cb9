//! The paths and values that rules name, and the tests that they make: flat, immutable, aware of its size.
//! [`compile`](crate::compile) makes it.
//!
//! [`path`] leads from names to paths, [`dictionary`] from a value to its number on its path, and [`test`] is what is
//! more than equality. A [`sketch`] tells most values apart and a [`guard`] answers most tests by it; a [`portfolio`] answers
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
use index::Portfolio;
use prefilter::Guard;
use test::ValueTest;

/// What a rule set asks of events, apart from how its rules combine it.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(crate) paths: PathTrie,
    /// For each path the values that rules name there.
    pub(crate) dictionaries: Box<[Dictionary]>,
    /// For each path whether [its dictionary has addresses](Dictionary::has_addresses): every string is asked for that, and
    /// many fit into one line of the cache.
    pub(crate) has_addresses: Box<[bool]>,
    /// Every distinct test of a value that is more than equality.
    pub(crate) tests: Box<[ValueTest]>,
    /// For each path with many tests all of them.
    pub(crate) portfolios: Box<[Option<Box<Portfolio>>]>,
    /// For each test its number in the portfolio of its path, or [`Vocabulary::NO_BIT`].
    pub(crate) bits: Box<[u32]>,
    /// For each test its [weight](Guard::weight).
    pub(crate) weights: Box<[u32]>,
    /// A portfolio answers even where less is asked than it knows.
    pub(crate) always_together: bool,
}

impl Vocabulary {
    /// A test that is in no portfolio.
    pub(crate) const NO_BIT: u32 = u32::MAX;

    /// Tests on a path that have at most so many [conditions](ValueTest::conditions) together are answered one by one.
    pub(crate) const FEW_TESTS: usize = 6;

    /// The address that a string spells, if any rule asks for addresses on the path.
    #[inline]
    pub(crate) fn parse_address(&self, path: PathId, text: &[u8]) -> Option<Address> {
        if self.has_addresses[path.index()] { Address::parse(text) } else { None }
    }

    /// Whether a portfolio could be the better way to answer tests of this [weight](Guard::weight).
    #[inline]
    pub(crate) fn has_portfolio_for(&self, weight: u32) -> bool {
        weight > Vocabulary::FEW_TESTS as u32 * Guard::MOST_WEIGHT || self.always_together
    }

    /// Whether some of the tests on a path, of this weight together, are better answered by its portfolio, which answers
    /// all.
    #[inline]
    pub(crate) fn answers_together(&self, path: PathId, weight: u32, several_leaves: bool) -> bool {
        self.has_portfolio_for(weight)
            && self.portfolios[path.index()].as_ref().is_some_and(|portfolio| {
                // What the portfolio does grows with its tests, but much slower.
                let all = portfolio.words() as u64 * 64 * u64::from(Guard::MOST_WEIGHT);
                self.always_together
                    || several_leaves
                    || weight > 64 * Guard::MOST_WEIGHT
                    || u64::from(weight) * 8 > all
            })
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        self.paths.memory_usage()
            + size_of_val(&*self.dictionaries)
            + self.dictionaries.iter().map(Dictionary::memory_usage).sum::<usize>()
            + size_of_val(&*self.has_addresses)
            + size_of_val(&*self.tests)
            + self.tests.iter().map(ValueTest::memory_usage).sum::<usize>()
            + size_of_val(&*self.portfolios)
            + self.portfolios.iter().flatten().map(|portfolio| portfolio.memory_usage()).sum::<usize>()
            + size_of_val(&*self.bits)
            + size_of_val(&*self.weights)
    }
}
