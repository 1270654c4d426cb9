//! The paths and values that rules name, and the tests that they make: flat, immutable, aware of its size.
//! [`compile`](crate::compile) makes it.
//!
//! [`path`] leads from names to paths, [`dictionary`] from a value to its number on its path, and [`test`] is what is
//! more than equality.

pub(crate) mod dictionary;
pub(crate) mod path;
pub(crate) mod test;

use dictionary::Dictionary;
use path::PathTrie;
use test::ValueTest;

/// What a rule set asks of events, apart from how its rules combine it.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(crate) paths: PathTrie,
    /// For each path the values that rules name there.
    pub(crate) dictionaries: Box<[Dictionary]>,
    /// Every distinct test of a value that is more than equality.
    pub(crate) tests: Box<[ValueTest]>,
}

impl Vocabulary {
    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        self.paths.memory_usage()
            + size_of_val(&*self.dictionaries)
            + self.dictionaries.iter().map(Dictionary::memory_usage).sum::<usize>()
            + size_of_val(&*self.tests)
            + self.tests.iter().map(ValueTest::memory_usage).sum::<usize>()
    }
}
