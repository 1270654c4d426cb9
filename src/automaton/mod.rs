//! The compiled set: flat, immutable, aware of its size. [`compile`](crate::compile) makes it; here it only runs.
//!
//! [`path`] leads from names to paths, [`value`] from a value on a path to the field tests that it satisfies, and
//! [`decision`] from satisfied field tests to rules. [`join`] is the part of the decision that array consistency
//! needs.

pub(crate) mod decision;
pub(crate) mod join;
pub(crate) mod path;
pub(crate) mod value;

use crate::id::{FieldTestId, PathId};

use decision::Decision;
use path::PathTrie;
use value::ValueTests;

/// A compiled rule set.
#[derive(Debug)]
pub(crate) struct Automaton {
    pub(crate) paths: PathTrie,
    /// For each path what its values are tested for.
    pub(crate) values: Box<[ValueTests]>,
    pub(crate) decision: Decision,
    /// The field tests that absence satisfies, with their paths.
    pub(crate) absences: Box<[(PathId, FieldTestId)]>,
}

impl Automaton {
    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Automaton>()
            + self.paths.memory_usage()
            + self.values.iter().map(|tests| size_of::<ValueTests>() + tests.memory_usage()).sum::<usize>()
            + self.decision.memory_usage()
            + size_of_val(&*self.absences)
    }
}
