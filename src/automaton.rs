//! The compiled rule set: flat and immutable.

use crate::decision::tree::Decision;
use crate::predicate::Predicates;

/// A compiled rule set. [`compile`](crate::compile) makes it.
#[derive(Debug)]
pub(crate) struct Automaton {
    /// What the rules ask of events.
    pub(crate) predicates: Predicates,
    /// How they combine the answers.
    pub(crate) decision: Decision,
}

impl Automaton {
    /// The bytes of memory that the set takes.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of::<Automaton>() + self.predicates.memory_usage() + self.decision.memory_usage()
    }
}
