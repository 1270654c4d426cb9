//! Predicates on one value.

use crate::json::number::Comparable;
use crate::json::string::to_cesu8;
use crate::operator::{Address, Network, TextOperation, TextOperator};

use crate::json::Kind;

use super::dictionary::ValueId;
use crate::work::{BYTES, TEST, Work};

/// The parts of a leaf of an event that predicates read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) kind: Kind,
    /// A decoded string, in WTF-8.
    pub(crate) text: &'a [u8],
    pub(crate) number: Option<Comparable>,
    /// The address that a string spells, if [the dictionary of its
    /// path](super::dictionary::Dictionary) has addresses.
    pub(crate) address: Option<Address>,
    /// The number of the value in the dictionary of its path.
    pub(crate) id: ValueId,
}

/// A predicate other than equality.
#[derive(Clone, Debug)]
pub(crate) enum Predicate {
    Range(Range),
    Network(Network),
    Text(TextPredicate),
    /// Holds for a value of any kind that is not in the list. The list is in ascending order.
    NoneOf(Box<[ValueId]>),
    /// Holds for a value of any kind, except for a string to which a predicate of the list applies.
    NoText(Box<[TextPredicate]>),
}

impl Predicate {
    /// Returns true if a value satisfies the predicate. The result is arbitrary if the work limit
    /// is exceeded. `units` is a buffer for the text in CESU-8.
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

    /// Returns the number of conditions that are evaluated one by one if no index is used.
    pub(crate) fn conditions(&self) -> usize {
        match self {
            Predicate::Range(_) | Predicate::Network(_) | Predicate::NoneOf(_) => 1,
            Predicate::Text(test) => test.conditions(),
            Predicate::NoText(excluded) => excluded.iter().map(TextPredicate::conditions).sum(),
        }
    }

    /// Returns the number of bytes that the value has allocated.
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

/// A range of numbers. The flag of a bound is true if the bound is inclusive.
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

/// A predicate on a string, other than equality.
#[derive(Clone, Debug)]
pub(crate) struct TextPredicate {
    pub(crate) operation: TextOperation,
    /// True if the operand has an unpaired surrogate. The operand is then in CESU-8, and the value
    /// is converted to CESU-8 before the comparison.
    pub(crate) units: bool,
}

impl TextPredicate {
    /// Returns the number of conditions for which this one counts. A condition on code units is
    /// expensive, because it copies the value; an index copies the value once for all conditions.
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

/// Returns the maximum number of steps of an operation on a string.
#[inline]
pub(super) fn steps(operation: &TextOperation, value: &[u8]) -> u64 {
    TEST + (operation.compared(value) / BYTES) as u64
}
