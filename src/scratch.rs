//! [`Scratch`]: every buffer that matching needs.

use crate::automaton::join::JoinScratch;
use crate::automaton::path::NodeId;
use crate::id::{FieldTestId, PathId, RuleId, ScopeId};

/// The memory that matching works in, reused from event to event.
///
/// A scratch grows to what the largest event and the largest matcher need and then stays as it is: in the steady
/// state, matching does not allocate. It fits any [`Matcher`](crate::Matcher), also one after the other. Each thread
/// needs its own.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) event: EventScratch,
    pub(crate) marks: Marks,
    pub(crate) join: JoinScratch,
    /// The rules that the last event fits.
    pub(crate) ids: Vec<RuleId>,
}

impl Scratch {
    /// A scratch that has not grown yet.
    #[must_use]
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// The bytes of memory that the scratch has grown to.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        size_of::<Scratch>()
            + self.event.memory_usage()
            + self.marks.memory_usage()
            + self.join.memory_usage()
            + self.ids.capacity() * size_of::<RuleId>()
    }
}

/// What was read of one event.
#[derive(Debug, Default)]
pub(crate) struct EventScratch {
    /// The objects and arrays that are open while the event is read.
    pub(crate) frames: Vec<Frame>,
    /// Where values stand with respect to arrays; the first is the root.
    pub(crate) scopes: Vec<Scope>,
    /// The arrays on paths that go on.
    pub(crate) arrays: Vec<Array>,
    /// The leaves on paths that some rule names, in the order of the text.
    pub(crate) leaves: Vec<Leaf>,
    /// Which field tests which leaf satisfies, in the order of the text.
    pub(crate) hits: Vec<Hit>,
    /// A name or a string with its escapes decoded.
    pub(crate) decoded: Vec<u8>,
    /// A string as code units.
    pub(crate) units: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Where in the trie of paths the object or array stands; nowhere where no rule looks into it.
    pub(crate) node: Option<NodeId>,
    pub(crate) scope: ScopeId,
    /// The index of the array, if it is one, and if a rule looks into it.
    pub(crate) array: Option<u32>,
    pub(crate) is_array: bool,
}

/// An element of an array that is an object or an array itself; the first scope is the root of the event.
///
/// All leaves inside have this element in common. Two leaves are consistent unless one array holds them in two
/// elements of this kind. A leaf that is itself an element does not count as inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    /// The array that this is an element of; any value for the root.
    pub(crate) array: u32,
    /// The first leaf inside, and the first behind.
    pub(crate) leaves: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Array {
    /// The scope that the array stands in.
    pub(crate) scope: ScopeId,
    /// The first leaf inside, and the first behind.
    pub(crate) leaves: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) path: PathId,
    pub(crate) scope: ScopeId,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Hit {
    pub(crate) test: FieldTestId,
    pub(crate) leaf: u32,
}

impl EventScratch {
    pub(crate) fn clear(&mut self) {
        self.frames.clear();
        self.scopes.clear();
        self.arrays.clear();
        self.leaves.clear();
        self.hits.clear();
    }

    fn memory_usage(&self) -> usize {
        self.frames.capacity() * size_of::<Frame>()
            + self.scopes.capacity() * size_of::<Scope>()
            + self.arrays.capacity() * size_of::<Array>()
            + self.leaves.capacity() * size_of::<Leaf>()
            + self.hits.capacity() * size_of::<Hit>()
            + self.decoded.capacity()
            + self.units.capacity()
    }
}

/// What is known of one event, as marks: an entry counts if it holds the number of the event, so that nothing has
/// to be cleared between events.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The number of the event.
    pub(crate) now: u32,
    /// Paths that have a leaf.
    pub(crate) present: Vec<u32>,
    /// Paths that have a leaf inside an element of an array.
    pub(crate) inside: Vec<u32>,
    /// Field tests that hold.
    pub(crate) held: Vec<u32>,
    /// Rules that match.
    pub(crate) matched: Vec<u32>,
    /// The field tests that hold, each once.
    pub(crate) found: Vec<FieldTestId>,
}

impl Marks {
    /// Makes room for this many paths, field tests and rules, and forgets the last event.
    pub(crate) fn next_event(&mut self, paths: usize, tests: usize, rules: usize) {
        let now = self.now.wrapping_add(1);
        let fresh = now == 0;
        for (marks, len) in [
            (&mut self.present, paths),
            (&mut self.inside, paths),
            (&mut self.held, tests),
            (&mut self.matched, rules),
        ] {
            if fresh {
                marks.fill(0);
            }
            if marks.len() < len {
                marks.resize(len, 0);
            }
        }
        self.now = now.max(1);
        self.found.clear();
    }

    pub(crate) fn hold(&mut self, test: FieldTestId) {
        if self.held[test.index()] != self.now {
            self.held[test.index()] = self.now;
            self.found.push(test);
        }
    }

    pub(crate) fn holds(&self, test: FieldTestId) -> bool {
        self.held[test.index()] == self.now
    }

    fn memory_usage(&self) -> usize {
        let marks = [&self.present, &self.inside, &self.held, &self.matched];
        marks.iter().map(|marks| marks.capacity() * size_of::<u32>()).sum::<usize>()
            + self.found.capacity() * size_of::<FieldTestId>()
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;
    use crate::id::FieldTestId;

    #[test]
    fn marks_survive_the_wrap_of_the_event_number() {
        let mut marks = Marks { now: u32::MAX - 1, ..Marks::default() };
        marks.next_event(0, 2, 0);
        marks.hold(FieldTestId(1));
        assert!(marks.holds(FieldTestId(1)));
        marks.next_event(0, 2, 0);
        assert_eq!(marks.now, 1);
        assert!(!marks.holds(FieldTestId(0)) && !marks.holds(FieldTestId(1)));
    }
}
