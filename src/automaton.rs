//! [`Automaton`]: the compiled rule set, immutable and in flat tables.

use crate::decision::tree::Decision;
use crate::predicate::Predicates;

/// A compiled rule set. [`compile`](crate::compile) makes it.
#[derive(Debug)]
pub(crate) struct Automaton {
    /// The tests of values that the rules contain.
    pub(crate) predicates: Predicates,
    /// The decision tree that combines the results of the tests.
    pub(crate) decision: Decision,
}

impl Automaton {
    /// Returns the number of bytes of memory that the compiled set takes.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Automaton>() + self.predicates.memory_usage() + self.decision.memory_usage()
    }
}
