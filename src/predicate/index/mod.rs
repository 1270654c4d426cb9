//! An index of all predicates on one path: evaluates them together for one value.
//!
//! Each kind of predicate has a table that finds those that hold and skips the others.
//! [`intervals`] finds ranges of numbers and blocks of addresses. [`globs`] finds prefixes,
//! suffixes and wildcards, with the help of [`trie`] and [`factors`]. [`casefold`] finds texts that
//! ignore case. [`texts`] stores each distinct condition on strings once and sorts the conditions
//! into these tables. [`postings`] maps conditions to the predicates that they decide.
//!
//! [`Predicate::holds`] defines the predicates. The index returns the same result.

mod casefold;
mod factors;
mod fold_keys;
mod globs;
mod intervals;
mod postings;
mod shift_and;
mod texts;
mod trie;

#[cfg(test)]
mod tests;

use crate::json::number::Comparable;
use crate::operator::Address;
use crate::work::{TEST, Work};

use super::test::{Predicate, Value};
use crate::json::Kind;

use intervals::{Boundary, Interval, IntervalIndex};
use postings::{Posting, Postings};
use texts::{Conditions, TextScratch, Texts};

/// All predicates on one path.
#[derive(Debug)]
pub(crate) struct PredicateIndex {
    tests: usize,
    ranges: IntervalIndex<Comparable>,
    v4: IntervalIndex<u32>,
    v6: IntervalIndex<u128>,
    texts: Texts,
    postings: Postings,
}

/// Buffers that are reused for every value. In the steady state nothing is allocated.
#[derive(Debug, Default)]
pub(crate) struct IndexScratch {
    texts: TextScratch,
}

impl IndexScratch {
    /// Returns the number of bytes that the value has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.texts.memory_usage()
    }
}

impl PredicateIndex {
    /// Numbers the predicates in their order. [`Predicate::NoneOf`] is decided by the number of the
    /// value; in the index it has a bit that is never set.
    pub(crate) fn new<'t>(tests: impl IntoIterator<Item = &'t Predicate>) -> PredicateIndex {
        let (mut ranges, mut v4, mut v6) = (Vec::new(), Vec::new(), Vec::new());
        let (mut conditions, mut entries, mut excluding) = (Conditions::default(), Vec::new(), Vec::new());
        let mut count = 0;
        for (test, bit) in tests.into_iter().zip(0..) {
            count = bit as usize + 1;
            match test {
                Predicate::Range(range) => {
                    let from = range.lower.map(|(bound, inclusive)| boundary(bound, !inclusive));
                    let to = range.upper.map(|(bound, inclusive)| boundary(bound, inclusive));
                    ranges.push(Interval { from, to, bit });
                }
                Predicate::Network(network) => match network.range() {
                    (Address::V4(first), Address::V4(last)) => v4.push(block(first, last, bit)),
                    (Address::V6(first), Address::V6(last)) => v6.push(block(first, last, bit)),
                    _ => unreachable!("a block is of one family"),
                },
                Predicate::Text(text) => {
                    entries.push(Posting { condition: conditions.add(text), test: bit, excluded: false });
                }
                Predicate::NoneOf(_) => {}
                Predicate::NoText(texts) => {
                    excluding.push(bit);
                    let excluded = texts.iter().map(|text| conditions.add(text));
                    entries.extend(excluded.map(|condition| Posting {
                        condition,
                        test: bit,
                        excluded: true,
                    }));
                }
            }
        }
        PredicateIndex {
            tests: count,
            ranges: IntervalIndex::new(&ranges),
            v4: IntervalIndex::new(&v4),
            v6: IntervalIndex::new(&v6),
            postings: Postings::new(conditions.len(), entries, &excluding),
            texts: Texts::new(conditions),
        }
    }

    /// Returns the number of words that contain a bit for each predicate.
    pub(crate) fn words(&self) -> usize {
        self.tests.div_ceil(64)
    }

    /// Sets the bit of each predicate that the value satisfies. `satisfied` has
    /// [`words`](Self::words) words, all zero. Some bits are wrong if the work limit is exceeded.
    pub(crate) fn classify(
        &self,
        value: Value<'_>,
        scratch: &mut IndexScratch,
        satisfied: &mut [u64],
        work: &mut Work,
    ) {
        work.spend(2 * TEST + satisfied.len() as u64 / 4);
        if let Some(number) = value.number
            && !self.ranges.is_empty()
        {
            self.ranges.find(number, satisfied);
        }
        self.postings.init(satisfied);
        if value.kind == Kind::String {
            match value.address {
                Some(Address::V4(address)) => self.v4.find(address, satisfied),
                Some(Address::V6(address)) => self.v6.find(address, satisfied),
                None => {}
            }
            let mut changed = 0;
            let met = |condition| changed += self.postings.apply(condition, satisfied);
            self.texts.find(value.text, &mut scratch.texts, work, met);
            work.spend(changed as u64);
        }
    }

    /// Returns the number of bytes that the value has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.ranges.memory_usage()
            + self.v4.memory_usage()
            + self.v6.memory_usage()
            + self.texts.memory_usage()
            + self.postings.memory_usage()
    }
}

fn boundary<K>(key: K, after: bool) -> Boundary<K> {
    if after { Boundary::after(key) } else { Boundary::before(key) }
}

fn block<K>(first: K, last: K, bit: u32) -> Interval<K> {
    Interval { from: Some(Boundary::before(first)), to: Some(Boundary::after(last)), bit }
}
