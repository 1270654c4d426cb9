//! What was read of one event.

use crate::error::EventErrorKind;
use crate::id::{PathId, ScopeId};
use crate::json::Kind;
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::Digest;
use crate::predicate::index::IndexScratch;
use crate::work::Work;

use super::ReadOptions;
use super::fast::Open;
use super::fields::Place;

/// What was read of one event, and the memory for reading it.
#[derive(Debug, Default)]
pub(crate) struct EventScratch {
    /// The objects and arrays that are open while the event is read.
    pub(super) open: Vec<Open>,

    /// The brackets that are still to come where no path leads into, while the event is read.
    pub(super) brackets: Vec<u8>,
    /// The same as `open`, while it is read token by token.
    pub(super) frames: Vec<Frame>,
    /// Where values stand with respect to arrays; the first is the root.
    pub(crate) scopes: Vec<Scope>,
    /// The arrays on paths that go on.
    pub(crate) arrays: Vec<Array>,
    /// The leaves on paths that some rule names, in the order of the text.
    pub(crate) leaves: Vec<Leaf>,
    /// The paths that have a leaf, each once, if somebody has asked.
    present: Vec<PathId>,
    /// For each path its leaves.
    pub(super) slots: Vec<Slot>,
    /// How many elements of arrays were read that some rule looks into.
    pub(super) elements: usize,
    pub(super) leaf_limit: usize,
    pub(super) element_limit: usize,
    /// The limit that was crossed first, if one was. What is behind it is not complete.
    pub(super) crossed: Option<EventErrorKind>,
    /// What it took so far to decide on the event.
    pub(crate) work: Work,
    /// The number of the event; a slot that bears another number is empty.
    pub(super) now: u32,
    /// A name with its escapes decoded.
    pub(crate) name: Vec<u8>,
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    pub(crate) parsed: super::parsed::ParsedScratch,
    /// Strings with their escapes decoded, one after the other.
    pub(super) decoded: Vec<u8>,
    /// For each leaf what was found out about it, if it says so.
    pub(super) known: Vec<Memo>,
    /// For paths with many tests, which of them their leaves satisfy: a bit for each.
    pub(super) satisfied: Vec<u64>,
    pub(super) index: IndexScratch,
    /// A string as code units.
    pub(super) units: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Where what is inside the object or array stands; nowhere where no rule looks into it.
    pub(super) inside: Option<Place>,
    pub(super) is_array: bool,
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

/// A string, number, `true`, `false` or `null`, on a path that some rule names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) path: PathId,
    pub(crate) scope: ScopeId,
    /// Where the text of the leaf begins: of a string what is between its quotes, or what is decoded of it.
    pub(super) start: u32,
    /// Of a string its length, and of a number that is found not to be comparable; what else there is ends by itself.
    pub(super) length: u32,
    pub(super) next: u32,
    pub(crate) kind: Kind,
    pub(super) state: State,
}

/// What was found out about a leaf. Apart from it, because many leaves are never asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memo {
    pub(super) digest: Digest,
    /// The numbers of the value and of the address that it spells, on its path, if they were looked up.
    pub(super) ids: Option<(ValueId, ValueId)>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// Nothing is known but the text; it may have escapes.
    Escaped,
    /// Nothing is known but the text; it has no escapes.
    Raw,
    /// There is no text but the value of a number, whose ordinal stands in `start`, the lower half, and `length`.
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    Valued,
    /// All is known, and the text is that of the event.
    Known,
    /// All is known, and the text was decoded.
    Decoded,
}

pub(super) const NONE: u32 = u32::MAX;

impl Leaf {
    /// The next leaf of the same path.
    #[inline]
    pub(crate) fn next(&self) -> Option<u32> {
        (self.next != NONE).then_some(self.next)
    }
}

/// The leaves of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(super) event: u32,
    pub(super) first: u32,
    /// Where in [`EventScratch::satisfied`] the tests stand that the leaves satisfy; [`NONE`] if that is not known.
    pub(super) satisfied: u32,
    /// Whether one of them is inside an element of an array.
    pub(crate) inside: bool,
}

impl Slot {
    const EMPTY: Slot = Slot { event: 0, first: NONE, satisfied: NONE, inside: false };

    /// The first leaf, if there is one.
    #[inline]
    pub(crate) fn first(self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }
}

impl EventScratch {
    /// Makes room for what is read of an event, and forgets the last one.
    pub(crate) fn next_event(&mut self, reader: &ReadOptions, predicates: &Predicates) {
        let paths = predicates.dictionaries.len();
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.slots.fill(Slot::EMPTY);
            self.now = 1;
        }
        if self.slots.len() < paths {
            self.slots.resize(paths, Slot::EMPTY);
        }
        self.open.clear();
        self.frames.clear();
        self.scopes.clear();
        self.scopes.push(Scope { array: NONE, leaves: (0, 0) });
        self.arrays.clear();
        self.leaves.clear();
        self.present.clear();
        self.decoded.clear();
        self.satisfied.clear();
        self.elements = 0;
        self.leaf_limit = reader.leaves;
        self.element_limit = reader.elements;
        self.crossed = None;
    }

    /// Puts the leaves of each path together, once all of them are read.
    pub(crate) fn link(&mut self) {
        let EventScratch { leaves, slots, now, .. } = self;
        // From the last to the first, so that the first comes first.
        for (at, leaf) in leaves.iter_mut().enumerate().rev() {
            let at = at as u32;
            let is_inside = leaf.scope != ScopeId(0);
            let slot = &mut slots[leaf.path.index()];
            if slot.event == *now {
                leaf.next = slot.first;
                slot.first = at;
                slot.inside |= is_inside;
            } else {
                *slot = Slot { event: *now, first: at, satisfied: NONE, inside: is_inside };
            }
        }
    }

    /// The paths that have a leaf, each once.
    pub(crate) fn present(&mut self) -> &[PathId] {
        let EventScratch { leaves, present, slots, .. } = self;
        if present.is_empty() {
            let firsts = leaves.iter().enumerate();
            let firsts = firsts.filter(|(at, leaf)| slots[leaf.path.index()].first as usize == *at);
            present.extend(firsts.map(|(_, leaf)| leaf.path));
        }
        present
    }

    /// The leaves of a path.
    #[inline]
    pub(crate) fn slot(&self, path: PathId) -> Slot {
        let slot = self.slots[path.index()];
        if slot.event == self.now { slot } else { Slot::EMPTY }
    }

    pub(crate) fn memory_usage(&self) -> usize {
        #[cfg(any(feature = "serde_json", feature = "simd-json"))]
        let parsed = self.parsed.memory_usage();
        #[cfg(not(any(feature = "serde_json", feature = "simd-json")))]
        let parsed = 0;
        self.open.capacity() * size_of::<Open>()
            + self.brackets.capacity()
            + self.frames.capacity() * size_of::<Frame>()
            + self.scopes.capacity() * size_of::<Scope>()
            + self.arrays.capacity() * size_of::<Array>()
            + self.leaves.capacity() * size_of::<Leaf>()
            + self.present.capacity() * size_of::<PathId>()
            + self.slots.capacity() * size_of::<Slot>()
            + self.name.capacity()
            + self.decoded.capacity()
            + self.known.capacity() * size_of::<Memo>()
            + self.satisfied.capacity() * size_of::<u64>()
            + self.index.memory_usage()
            + self.units.capacity()
            + parsed
    }
}

impl Leaf {
    pub(super) fn text<'t>(&self, event: &'t [u8], decoded: &'t [u8]) -> &'t [u8] {
        let source = if self.state == State::Decoded { decoded } else { event };
        &source[self.start as usize..(self.start + self.length) as usize]
    }
}
