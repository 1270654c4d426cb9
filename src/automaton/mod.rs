//! The compiled set: flat, immutable, aware of its size. [`compile`](crate::compile) makes it; here it only runs.
//!
//! [`path`] leads from names to paths, [`dictionary`] from a value to its number, [`decision`] from the numbers to the
//! groups of branches that may hold, [`group`] decides which of them do, with [`test`] for what is more than
//! equality. [`join`] is the part of the decision that array consistency needs.

pub(crate) mod decision;
pub(crate) mod dictionary;
pub(crate) mod group;
pub(crate) mod join;
pub(crate) mod path;
pub(crate) mod test;

use decision::Decision;
use dictionary::Dictionary;
use path::PathTrie;
use test::ValueTest;

/// A compiled rule set.
#[derive(Debug)]
pub(crate) struct Automaton {
    pub(crate) paths: PathTrie,
    /// For each path the values that rules name there.
    pub(crate) dictionaries: Box<[Dictionary]>,
    /// Every distinct test of a value that is more than equality.
    pub(crate) tests: Box<[ValueTest]>,
    pub(crate) decision: Decision,
}

impl Automaton {
    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Automaton>()
            + self.paths.memory_usage()
            + size_of_val(&*self.dictionaries)
            + self.dictionaries.iter().map(Dictionary::memory_usage).sum::<usize>()
            + size_of_val(&*self.tests)
            + self.tests.iter().map(ValueTest::memory_usage).sum::<usize>()
            + self.decision.memory_usage()
    }
}
