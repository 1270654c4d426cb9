//! The values that rules name on one path, numbered.
//!
//! A value of an event is looked up once. Afterwards it is a number, and every test of equality
//! compares numbers.

use hashbrown::HashMap;

use crate::json::Kind;
use crate::json::number::Comparable;
use crate::operator::Address;

use super::digest::Fingerprint;

/// The number of a value on its path.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ValueId(pub(crate) u32);

impl ValueId {
    /// A value that no rule names.
    pub(crate) const UNKNOWN: ValueId = ValueId(0);
    pub(crate) const TRUE: ValueId = ValueId(1);
    pub(crate) const FALSE: ValueId = ValueId(2);
    pub(crate) const NULL: ValueId = ValueId(3);
    const FIRST: u32 = 4;
}

#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// The keys are in WTF-8.
    strings: HashMap<Box<[u8]>, ValueId>,
    numbers: HashMap<Comparable, ValueId>,
    /// The numbers that are not comparable, by their text.
    spellings: HashMap<Box<[u8]>, ValueId>,
    addresses: HashMap<Address, ValueId>,
    /// True if predicates on this path test addresses.
    has_networks: bool,
    /// For each value from [`ValueId::FIRST`] on, its kind and the fingerprint of its
    /// [`Digest`](super::digest::Digest).
    kinds: Vec<(Kind, Fingerprint)>,
    /// The bytes of all texts.
    text_bytes: usize,
}

impl Dictionary {
    pub(crate) fn string(&self, text: &[u8]) -> ValueId {
        self.strings.get(text).copied().unwrap_or(ValueId::UNKNOWN)
    }

    pub(crate) fn number(&self, value: Comparable) -> ValueId {
        self.numbers.get(&value).copied().unwrap_or(ValueId::UNKNOWN)
    }

    pub(crate) fn spelling(&self, text: &[u8]) -> ValueId {
        self.spellings.get(text).copied().unwrap_or(ValueId::UNKNOWN)
    }

    /// Returns true if any rule tests the address that a string spells.
    pub(crate) fn has_addresses(&self) -> bool {
        self.has_networks || !self.addresses.is_empty()
    }

    pub(crate) fn address(&self, address: Address) -> ValueId {
        self.addresses.get(&address).copied().unwrap_or(ValueId::UNKNOWN)
    }

    /// Records that a predicate on this path tests addresses.
    pub(crate) fn add_network(&mut self) {
        self.has_networks = true;
    }

    pub(crate) fn add_string(&mut self, text: &[u8]) -> ValueId {
        let next = ValueId(ValueId::FIRST + self.kinds.len() as u32);
        let id = *self.strings.entry_ref(text).or_insert(next);
        self.added((id, next), Kind::String, text.len(), || Fingerprint::of_string(text))
    }

    pub(crate) fn add_number(&mut self, value: Comparable) -> ValueId {
        let next = ValueId(ValueId::FIRST + self.kinds.len() as u32);
        let id = *self.numbers.entry(value).or_insert(next);
        self.added((id, next), Kind::Number, 0, || Fingerprint::of_number(value))
    }

    pub(crate) fn add_spelling(&mut self, text: &[u8]) -> ValueId {
        let next = ValueId(ValueId::FIRST + self.kinds.len() as u32);
        let id = *self.spellings.entry_ref(text).or_insert(next);
        self.added((id, next), Kind::Number, text.len(), || Fingerprint::SPELLING)
    }

    pub(crate) fn add_address(&mut self, address: Address) -> ValueId {
        let next = ValueId(ValueId::FIRST + self.kinds.len() as u32);
        let id = *self.addresses.entry(address).or_insert(next);
        self.added((id, next), Kind::String, 0, || Fingerprint::of_address(address))
    }

    fn added(
        &mut self,
        (id, next): (ValueId, ValueId),
        kind: Kind,
        text_bytes: usize,
        fingerprint: impl FnOnce() -> Fingerprint,
    ) -> ValueId {
        if id == next {
            self.kinds.push((kind, fingerprint()));
            self.text_bytes += text_bytes;
        }
        id
    }

    /// Returns the kind and the fingerprint of a value that has a number.
    pub(crate) fn kind(&self, id: ValueId) -> (Kind, Fingerprint) {
        match id {
            ValueId::TRUE => (Kind::True, Fingerprint::TRUE),
            ValueId::FALSE => (Kind::False, Fingerprint::FALSE),
            ValueId::NULL => (Kind::Null, Fingerprint::NULL),
            id => self.kinds[(id.0 - ValueId::FIRST) as usize],
        }
    }

    /// Returns a lower bound of [`Dictionary::memory_usage`] that grows with each value. Takes constant time.
    pub(crate) fn least_memory_usage(&self) -> usize {
        let texts = self.strings.len() + self.spellings.len();
        self.text_bytes
            + texts * size_of::<(Box<[u8]>, ValueId)>()
            + self.numbers.len() * size_of::<(Comparable, ValueId)>()
            + self.addresses.len() * size_of::<(Address, ValueId)>()
            + self.kinds.len() * size_of::<(Kind, Fingerprint)>()
    }

    /// Returns the number of bytes that the value has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.text_bytes
            + self.strings.allocation_size()
            + self.spellings.allocation_size()
            + self.numbers.allocation_size()
            + self.addresses.allocation_size()
            + self.kinds.capacity() * size_of::<(Kind, Fingerprint)>()
    }
}
