//! What was read of one event.

use crate::id::{PathId, ScopeId};
use crate::json::index::Index;
use crate::json::number::Comparable;
use crate::json::string;
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::{Kind, ValueId};
use crate::vocabulary::path::NodeId;
use crate::vocabulary::test::Value;

use super::walk::Open;

/// What was read of one event, and the memory for reading it.
#[derive(Debug, Default)]
pub(crate) struct EventScratch {
    /// The structure of the text.
    pub(crate) index: Index,
    /// The objects and arrays that are open while the event is read.
    pub(super) open: Vec<Open>,
    /// The same, while it is read token by token.
    pub(super) frames: Vec<Frame>,
    /// Where values stand with respect to arrays; the first is the root.
    pub(crate) scopes: Vec<Scope>,
    /// The arrays on paths that go on.
    pub(crate) arrays: Vec<Array>,
    /// The leaves on paths that some rule names, in the order of the text.
    pub(crate) leaves: Vec<Leaf>,
    /// The paths that have a leaf, each once.
    pub(crate) present: Vec<PathId>,
    /// For each path its leaves.
    slots: Vec<Slot>,
    /// The number of the event; a slot that bears another number is empty.
    now: u32,
    /// A name with its escapes decoded.
    pub(crate) name: Vec<u8>,
    /// Strings with their escapes decoded, one after the other.
    decoded: Vec<u8>,
    /// A string as code units.
    units: Vec<u8>,
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
    pub(crate) scope: ScopeId,
    pub(crate) path: PathId,
    pub(crate) kind: Kind,
    state: State,
    /// Where the text of the leaf stands: a string between its quotes, or what is decoded of it.
    start: u32,
    length: u32,
    number: Option<Comparable>,
    id: ValueId,
    address: ValueId,
    next: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// Nothing is known but the text; it has escapes.
    Escaped,
    /// Nothing is known but the text.
    Raw,
    /// All is known, and the text is that of the event.
    Known,
    /// All is known, and the text was decoded.
    Decoded,
}

const NONE: u32 = u32::MAX;

impl Leaf {
    /// The next leaf of the same path.
    pub(crate) fn next(&self) -> Option<u32> {
        (self.next != NONE).then_some(self.next)
    }
}

/// The leaves of a path.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slot {
    event: u32,
    /// The first one, if any.
    pub(crate) first: Option<u32>,
    last: u32,
    /// Whether one of them is inside an element of an array.
    pub(crate) inside: bool,
}

impl EventScratch {
    /// Makes room for this many paths, and forgets the last event.
    pub(crate) fn next_event(&mut self, paths: usize) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.slots.fill(Slot::default());
            self.now = 1;
        }
        if self.slots.len() < paths {
            self.slots.resize(paths, Slot::default());
        }
        self.open.clear();
        self.frames.clear();
        self.scopes.clear();
        self.scopes.push(Scope { array: NONE, leaves: (0, 0) });
        self.arrays.clear();
        self.leaves.clear();
        self.present.clear();
        self.decoded.clear();
    }

    /// The leaves of a path.
    pub(crate) fn slot(&self, path: PathId) -> Slot {
        let slot = self.slots[path.index()];
        if slot.event == self.now { slot } else { Slot::default() }
    }

    /// Adds a leaf, whose text stands at `start` of the event; that of a string without its quotes.
    pub(crate) fn push_leaf(
        &mut self,
        path: PathId,
        scope: ScopeId,
        kind: Kind,
        escaped: bool,
        text: (usize, usize),
    ) {
        let at = self.leaves.len() as u32;
        self.leaves.push(Leaf {
            scope,
            path,
            kind,
            state: if escaped { State::Escaped } else { State::Raw },
            start: text.0 as u32,
            length: (text.1 - text.0) as u32,
            number: None,
            id: ValueId::UNKNOWN,
            address: ValueId::UNKNOWN,
            next: NONE,
        });
        let inside = scope != ScopeId(0);
        let slot = &mut self.slots[path.index()];
        if slot.event == self.now {
            self.leaves[slot.last as usize].next = at;
            slot.last = at;
            slot.inside |= inside;
        } else {
            *slot = Slot { event: self.now, first: Some(at), last: at, inside };
            self.present.push(path);
        }
    }

    /// A leaf as tests look at it, and room for another form of its text. `text` is that of the event.
    #[inline]
    pub(crate) fn value<'a>(
        &'a mut self,
        vocabulary: &Vocabulary,
        text: &'a [u8],
        leaf: u32,
    ) -> (Value<'a>, &'a mut Vec<u8>) {
        let leaf = &mut self.leaves[leaf as usize];
        if matches!(leaf.state, State::Escaped | State::Raw) {
            leaf.learn(vocabulary, text, &mut self.decoded);
        }
        let source = if leaf.state == State::Decoded { &self.decoded[..] } else { text };
        let text = &source[leaf.start as usize..(leaf.start + leaf.length) as usize];
        let Leaf { kind, number, id, address, .. } = *leaf;
        (Value { kind, text, number, id, address }, &mut self.units)
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.index.memory_usage()
            + self.open.capacity() * size_of::<Open>()
            + self.frames.capacity() * size_of::<Frame>()
            + self.scopes.capacity() * size_of::<Scope>()
            + self.arrays.capacity() * size_of::<Array>()
            + self.leaves.capacity() * size_of::<Leaf>()
            + self.present.capacity() * size_of::<PathId>()
            + self.slots.capacity() * size_of::<Slot>()
            + self.name.capacity()
            + self.decoded.capacity()
            + self.units.capacity()
    }
}

impl Leaf {
    /// Decodes the text and looks the value up.
    #[inline(never)]
    fn learn(&mut self, vocabulary: &Vocabulary, event: &[u8], decoded: &mut Vec<u8>) {
        let dictionary = &vocabulary.dictionaries[self.path.index()];
        let text = &event[self.start as usize..(self.start + self.length) as usize];
        let escaped = self.state == State::Escaped;
        self.state = State::Known;
        match self.kind {
            Kind::String => {
                let mut text = text;
                if escaped {
                    self.start = decoded.len() as u32;
                    string::decode(text, decoded);
                    text = &decoded[self.start as usize..];
                    self.length = text.len() as u32;
                    self.state = State::Decoded;
                }
                self.id = dictionary.string(text);
                self.address = dictionary.address(text);
            }
            Kind::Number => {
                self.number = Comparable::parse(text);
                self.id = match self.number {
                    Some(number) => dictionary.number(number),
                    None => dictionary.spelling(text),
                };
            }
            Kind::True => self.id = ValueId::TRUE,
            Kind::False => self.id = ValueId::FALSE,
            Kind::Null => self.id = ValueId::NULL,
        }
    }
}
