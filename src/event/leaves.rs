//! What was read of one event.

use crate::id::{PathId, ScopeId, TestId};
use crate::json::index::Index;
use crate::json::number::{self, Comparable};
use crate::json::string;
use crate::text::Address;
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::{Kind, ValueId};
use crate::vocabulary::portfolio::PortfolioScratch;
use crate::vocabulary::test::{FieldTest, Value};

use super::fields::Place;
use super::walk::Open;

/// What was read of one event, and the memory for reading it.
#[derive(Debug, Default)]
pub(crate) struct EventScratch {
    /// The structure of the text.
    pub(crate) index: Index,
    /// The objects and arrays that are open while the event is read.
    pub(super) open: Vec<Open>,
    /// The same as `open`, while it is read token by token.
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
    pub(super) slots: Vec<Slot>,
    /// The number of the event; a slot that bears another number is empty.
    pub(super) now: u32,
    /// A name with its escapes decoded.
    pub(crate) name: Vec<u8>,
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    pub(crate) parsed: super::parsed::ParsedScratch,
    /// Strings with their escapes decoded, one after the other.
    decoded: Vec<u8>,
    /// For each leaf what was found out about it, if it says so.
    known: Vec<Known>,
    /// For paths with many tests, which of them their leaves satisfy: a bit for each.
    satisfied: Vec<u64>,
    portfolio: PortfolioScratch,
    /// A string as code units.
    units: Vec<u8>,
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
    /// Of a string its length; what else there is ends by itself.
    pub(super) length: u32,
    pub(super) next: u32,
    pub(crate) kind: Kind,
    pub(super) state: State,
}

/// What was found out about a leaf. Apart from it, because most leaves are never asked.
#[derive(Clone, Copy, Debug)]
struct Known {
    number: Option<Comparable>,
    parsed_address: Option<Address>,
    id: ValueId,
    address: ValueId,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// Nothing is known but the text; it may have escapes.
    Escaped,
    /// Nothing is known but the text; it has no escapes.
    Raw,
    /// There is no text but the value of a number, whose halves stand in `start` and `length`.
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
    pub(super) last: u32,
    /// Where in [`EventScratch::satisfied`] the tests stand that the leaves satisfy; [`NONE`] if that is not known.
    pub(super) satisfied: u32,
    /// Whether one of them is inside an element of an array.
    pub(crate) inside: bool,
}

impl Slot {
    const EMPTY: Slot = Slot { event: 0, first: NONE, last: NONE, satisfied: NONE, inside: false };

    /// The first leaf, if there is one.
    #[inline]
    pub(crate) fn first(self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }
}

impl EventScratch {
    /// Makes room for what is read of an event, and forgets the last one.
    pub(crate) fn next_event(&mut self, vocabulary: &Vocabulary) {
        let paths = vocabulary.dictionaries.len();
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
    }

    /// The leaves of a path.
    #[inline]
    pub(crate) fn slot(&self, path: PathId) -> Slot {
        let slot = self.slots[path.index()];
        if slot.event == self.now { slot } else { Slot::EMPTY }
    }

    /// The numbers of the value of a leaf and of the address that it spells, on its path. `text` is that of the event.
    #[inline]
    pub(crate) fn ids(&mut self, vocabulary: &Vocabulary, text: &[u8], leaf: u32) -> (ValueId, ValueId) {
        let Known { id, address, .. } = self.known(vocabulary, text, leaf);
        (id, address)
    }

    /// Whether a leaf satisfies a test. `text` is that of the event.
    pub(crate) fn holds(&mut self, vocabulary: &Vocabulary, text: &[u8], leaf: u32, test: TestId) -> bool {
        let Known { number, parsed_address: address, id, .. } = self.known(vocabulary, text, leaf);
        let EventScratch { leaves, decoded, units, .. } = self;
        let leaf = &leaves[leaf as usize];
        let value = Value { kind: leaf.kind, text: leaf.text(text, decoded), number, address, id };
        vocabulary.tests[test.index()].holds(value, units)
    }

    /// Whether a leaf of a path satisfies a test on it.
    pub(crate) fn any_holds(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        path: PathId,
        test: TestId,
    ) -> bool {
        let slot = self.slot(path);
        let bit = vocabulary.bits[test.index()];
        if slot.satisfied != NONE && bit != Vocabulary::NO_BIT {
            return self.satisfied[slot.satisfied as usize + bit as usize / 64] >> (bit % 64) & 1 == 1;
        }
        let mut next = slot.first();
        while let Some(leaf) = next {
            if self.holds(vocabulary, text, leaf, test) {
                return true;
            }
            next = self.leaves[leaf as usize].next();
        }
        false
    }

    /// Which tests the leaves of a path satisfy together, a bit for each test of its portfolio, if so many of them are
    /// better answered at once. They are found out once in an event, and take memory for the rules, not for the leaves.
    pub(crate) fn satisfied(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        path: PathId,
        tests: usize,
    ) -> Option<&[u64]> {
        let slot = self.slot(path);
        let portfolio = vocabulary.portfolios[path.index()].as_ref()?;
        let words = portfolio.words();
        let mut start = slot.satisfied as usize;
        if slot.satisfied == NONE {
            if slot.first == NONE || !vocabulary.answers_together(path, tests, slot.first != slot.last) {
                return None;
            }
            start = self.satisfied.len();
            // Behind the bits of the path is room for those of one leaf.
            self.satisfied.resize(start + 2 * words, 0);
            let mut next = slot.first();
            while let Some(at) = next {
                let Known { number, parsed_address: address, id, .. } = self.known(vocabulary, text, at);
                let EventScratch { leaves, decoded, satisfied, portfolio: scratch, .. } = self;
                let leaf = &leaves[at as usize];
                next = leaf.next();
                let value = Value { kind: leaf.kind, text: leaf.text(text, decoded), number, address, id };
                let (all, one) = satisfied[start..].split_at_mut(words);
                one.fill(0);
                portfolio.classify(value, scratch, one);
                all.iter_mut().zip(one).for_each(|(all, one)| *all |= *one);
            }
            self.satisfied.truncate(start + words);
            self.slots[path.index()].satisfied = start as u32;
        }
        Some(&self.satisfied[start..start + words])
    }

    /// Whether a leaf satisfies one of the alternatives of a field.
    pub(crate) fn satisfies(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        leaf: u32,
        field: &FieldTest,
    ) -> bool {
        self.is_named(vocabulary, text, leaf, field)
            || field.tests.iter().any(|&test| self.holds(vocabulary, text, leaf, test))
    }

    /// Whether a leaf satisfies one of the alternatives of a field that are no tests.
    fn is_named(&mut self, vocabulary: &Vocabulary, text: &[u8], leaf: u32, field: &FieldTest) -> bool {
        if field.any {
            return true;
        }
        let (id, address) = self.ids(vocabulary, text, leaf);
        field.names(id) || field.names(address)
    }

    /// Whether a leaf of its path satisfies one of the alternatives of a field.
    pub(crate) fn any_satisfies(&mut self, vocabulary: &Vocabulary, text: &[u8], field: &FieldTest) -> bool {
        let mut next = self.slot(field.path).first();
        while let Some(leaf) = next {
            if self.is_named(vocabulary, text, leaf, field) {
                return true;
            }
            next = self.leaves[leaf as usize].next();
        }
        field.tests.iter().any(|&test| self.any_holds(vocabulary, text, field.path, test))
    }

    #[inline]
    fn known(&mut self, vocabulary: &Vocabulary, text: &[u8], leaf: u32) -> Known {
        let at = leaf as usize;
        if !matches!(self.leaves[at].state, State::Known | State::Decoded) {
            self.learn(vocabulary, text, at);
        }
        self.known[at]
    }

    /// Decodes the text of a leaf and looks the value up.
    #[inline(never)]
    fn learn(&mut self, vocabulary: &Vocabulary, event: &[u8], at: usize) {
        let EventScratch { leaves, known, decoded, .. } = self;
        let leaf = &mut leaves[at];
        let dictionary = &vocabulary.dictionaries[leaf.path.index()];
        let (start, before) = (leaf.start as usize, leaf.state);
        leaf.state = State::Known;
        let mut found =
            Known { number: None, parsed_address: None, id: ValueId::UNKNOWN, address: ValueId::UNKNOWN };
        match leaf.kind {
            Kind::String => {
                let mut text = &event[start..start + leaf.length as usize];
                if before == State::Escaped && memchr::memchr(b'\\', text).is_some() {
                    leaf.start = decoded.len() as u32;
                    string::decode(text, decoded);
                    text = &decoded[leaf.start as usize..];
                    leaf.length = text.len() as u32;
                    leaf.state = State::Decoded;
                }
                found.id = dictionary.string(text);
                found.parsed_address = dictionary.parse_address(text);
                if let Some(address) = found.parsed_address {
                    found.address = dictionary.address(address);
                }
            }
            #[cfg(any(feature = "serde_json", feature = "simd-json"))]
            Kind::Number if before == State::Valued => {
                let number = Comparable::from_halves(leaf.start, leaf.length);
                (leaf.start, leaf.length) = (0, 0);
                found.number = Some(number);
                found.id = dictionary.number(number);
            }
            Kind::Number => {
                let text = &event[start..];
                found.number = Comparable::parse_short(text);
                if found.number.is_none() {
                    let text = &text[..number::end(text).unwrap_or_default()];
                    found.number = Comparable::parse(text);
                    found.id = dictionary.spelling(text);
                }
                if let Some(number) = found.number {
                    found.id = dictionary.number(number);
                }
            }
            Kind::True => found.id = ValueId::TRUE,
            Kind::False => found.id = ValueId::FALSE,
            Kind::Null => found.id = ValueId::NULL,
        }
        if known.len() <= at {
            known.resize(leaves.len(), found);
        }
        known[at] = found;
    }

    pub(crate) fn memory_usage(&self) -> usize {
        #[cfg(any(feature = "serde_json", feature = "simd-json"))]
        let parsed = self.parsed.memory_usage();
        #[cfg(not(any(feature = "serde_json", feature = "simd-json")))]
        let parsed = 0;
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
            + self.known.capacity() * size_of::<Known>()
            + self.satisfied.capacity() * size_of::<u64>()
            + self.portfolio.memory_usage()
            + self.units.capacity()
            + parsed
    }
}

impl Leaf {
    fn text<'t>(&self, event: &'t [u8], decoded: &'t [u8]) -> &'t [u8] {
        let source = if self.state == State::Decoded { decoded } else { event };
        &source[self.start as usize..(self.start + self.length) as usize]
    }
}
