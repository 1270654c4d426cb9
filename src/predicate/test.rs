//! Tests of one value, and lists of them as fields have them.

use crate::id::{PathId, PredicateId};
use crate::json::number::Comparable;
use crate::json::string::to_cesu8;
use crate::operator::{Address, Network, TextOperation, TextOperator};

use crate::json::Kind;

use super::dictionary::ValueId;
use super::prefilter::FieldPrefilter;
use crate::work::{BYTES, TEST, Work};

/// A leaf of an event, as far as tests look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) kind: Kind,
    /// A string decoded, in WTF-8.
    pub(crate) text: &'a [u8],
    pub(crate) number: Option<Comparable>,
    /// The address that a string spells, if the dictionary of its path says that it matters.
    pub(crate) address: Option<Address>,
    /// What the dictionary of its path says of it.
    pub(crate) id: ValueId,
}

/// A test that is more than equality.
#[derive(Clone, Debug)]
pub(crate) enum Predicate {
    Range(Range),
    Network(Network),
    Text(TextPredicate),
    /// A value of any kind that is none of these; in ascending order.
    NoneOf(Box<[ValueId]>),
    /// A value of any kind unless it is a string to which one of these applies.
    NoText(Box<[TextPredicate]>),
}

impl Predicate {
    /// Returns true if a value satisfies the test. Any answer is returned if it takes more work than allowed. `units` is
    /// room for another form of its text.
    pub(crate) fn holds(&self, value: Value<'_>, units: &mut Vec<u8>, work: &mut Work) -> bool {
        match self {
            Predicate::Range(range) => {
                work.spend(TEST);
                value.number.is_some_and(|number| range.contains(number))
            }
            Predicate::Network(network) => {
                work.spend(TEST);
                value.address.is_some_and(|address| network.contains(address))
            }
            Predicate::Text(test) => value.kind == Kind::String && test.holds(value.text, units, work),
            Predicate::NoneOf(excluded) => {
                work.spend(TEST);
                excluded.binary_search(&value.id).is_err()
            }
            Predicate::NoText(excluded) => {
                value.kind != Kind::String || !excluded.iter().any(|test| test.holds(value.text, units, work))
            }
        }
    }

    /// Returns the number of conditions that are tried one by one where no index answers the test.
    pub(crate) fn conditions(&self) -> usize {
        match self {
            Predicate::Range(_) | Predicate::Network(_) | Predicate::NoneOf(_) => 1,
            Predicate::Text(test) => test.conditions(),
            Predicate::NoText(excluded) => excluded.iter().map(TextPredicate::conditions).sum(),
        }
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        match self {
            Predicate::Range(_) | Predicate::Network(_) => 0,
            Predicate::Text(test) => test.operation.memory_usage(),
            Predicate::NoneOf(excluded) => size_of_val(&**excluded),
            Predicate::NoText(excluded) => {
                let texts: usize = excluded.iter().map(|test| test.operation.memory_usage()).sum();
                texts + size_of_val(&**excluded)
            }
        }
    }
}

/// A range of numbers; each bound says whether it is inside.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Range {
    pub(crate) lower: Option<(Comparable, bool)>,
    pub(crate) upper: Option<(Comparable, bool)>,
}

impl Range {
    pub(crate) fn contains(self, value: Comparable) -> bool {
        self.lower.is_none_or(|(bound, inclusive)| value > bound || (inclusive && value == bound))
            && self.upper.is_none_or(|(bound, inclusive)| value < bound || (inclusive && value == bound))
    }
}

/// A test of a string that is more than equality.
#[derive(Clone, Debug)]
pub(crate) struct TextPredicate {
    pub(crate) operation: TextOperation,
    /// The text has an unpaired surrogate, so what it is compared with must be in CESU-8 too.
    pub(crate) units: bool,
}

impl TextPredicate {
    /// A condition on code units counts as many: it copies the value, which a index does once for all of them.
    fn conditions(&self) -> usize {
        if self.units { 65 } else { 1 }
    }

    fn holds(&self, value: &[u8], units: &mut Vec<u8>, work: &mut Work) -> bool {
        if self.units {
            work.spend_bytes(value.len());
        }
        work.spend(steps(&self.operation, value));
        if work.is_exhausted() {
            return false;
        }
        if !self.units {
            return self.operation.is_match(value);
        }
        units.clear();
        to_cesu8(value, units);
        self.operation.is_match(units)
    }
}

/// Returns the steps that an operation on a string takes, at most.
#[inline]
pub(super) fn steps(operation: &TextOperation, value: &[u8]) -> u64 {
    TEST + (operation.compared(value) / BYTES) as u64
}

/// The alternatives of a field on its path.
///
/// In a large set it is in no near cache, so all of it stands in one line.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct FieldPredicate {
    pub(crate) path: PathId,
    /// Whether the absence of the path will do.
    pub(crate) absence: bool,
    /// Whether any value will do.
    pub(crate) any: bool,
    /// What tells mostly whether one of the following will do.
    pub(crate) prefilter: FieldPrefilter,
    /// The values that will do, in ascending order.
    pub(crate) ids: Box<[ValueId]>,
    /// The tests one of which will do.
    pub(crate) tests: Box<[PredicateId]>,
}

const _: () = assert!(size_of::<FieldPredicate>() == 64);

impl FieldPredicate {
    /// Whether only values that rules name will do.
    pub(crate) fn is_exact(&self) -> bool {
        !self.absence && !self.any && self.tests.is_empty()
    }

    /// Whether a value will do because some rule names it.
    #[inline]
    pub(crate) fn names(&self, id: ValueId) -> bool {
        id != ValueId::UNKNOWN
            && match *self.ids {
                [one] => one == id,
                _ => self.ids.binary_search(&id).is_ok(),
            }
    }
}
