//! What is asked of the leaves of an event.
//!
//! A leaf is read when it is first asked for: its text is decoded, and its [`Digest`] made. Only where that does not
//! settle the question, the value is looked up among those that rules name on its path, or a test is tried.

use crate::id::{PathId, PredicateId};
use crate::json::Kind;
use crate::json::number::{self, Comparable};
use crate::json::string;
use crate::predicate::Predicates;
use crate::predicate::dictionary::{Dictionary, ValueId};
use crate::predicate::digest::{Digest, Fingerprint};
use crate::predicate::prefilter::Verdict;
use crate::predicate::test::{FieldPredicate, Predicate, Value};
use crate::work::{TEST, Work};

use super::leaves::{EventScratch, Leaf, Memo, NONE, State};

impl EventScratch {
    /// A few words of the value of a leaf. `text` is that of the event.
    #[inline]
    pub(crate) fn digest(&mut self, predicates: &Predicates, text: &[u8], leaf: u32) -> &Digest {
        let at = leaf as usize;
        if !matches!(self.leaves[at].state, State::Known | State::Decoded) {
            self.compute(predicates, text, at);
        }
        &self.known[at].digest
    }

    /// The numbers of the value of a leaf and of the address that it spells, on its path.
    pub(crate) fn ids(&mut self, predicates: &Predicates, text: &[u8], leaf: u32) -> (ValueId, ValueId) {
        self.digest(predicates, text, leaf);
        let EventScratch { leaves, known, decoded, .. } = self;
        let (leaf, known) = (&leaves[leaf as usize], &mut known[leaf as usize]);
        let dictionary = &predicates.dictionaries[leaf.path.index()];
        *known.ids.get_or_insert_with(|| look_up(dictionary, leaf, &known.digest, leaf.text(text, decoded)))
    }

    /// Whether a leaf satisfies a test.
    pub(crate) fn holds(
        &mut self,
        predicates: &Predicates,
        text: &[u8],
        leaf: u32,
        test: PredicateId,
    ) -> bool {
        let test = &predicates.tests[test.index()];
        let id = match test {
            Predicate::NoneOf(_) => self.ids(predicates, text, leaf).0,
            _ => ValueId::UNKNOWN,
        };
        self.digest(predicates, text, leaf);
        let EventScratch { leaves, known, decoded, units, work, .. } = self;
        let (leaf, known) = (&leaves[leaf as usize], &known[leaf as usize]);
        let value = known.value(leaf, leaf.text(text, decoded), id);
        test.holds(value, units, work)
    }

    /// Returns true if a leaf of a path satisfies one of several tests on it.
    fn any_holds(
        &mut self,
        predicates: &Predicates,
        text: &[u8],
        path: PathId,
        tests: &[PredicateId],
    ) -> bool {
        let cost = tests.iter().fold(0, |sum: u32, test| sum.saturating_add(predicates.costs[test.index()]));
        let is_known = self.slot(path).satisfied != NONE;
        let satisfied = if is_known || predicates.may_prefer_index(cost) {
            self.satisfied(predicates, text, path, cost)
        } else {
            None
        };
        let Some(satisfied) = satisfied else {
            return tests.iter().any(|&test| self.any_leaf_holds(predicates, text, path, test));
        };
        let bits = tests.iter().map(|test| predicates.bits[test.index()]);
        if bits
            .filter(|bit| *bit != Predicates::NO_BIT)
            .any(|bit| satisfied[bit as usize / 64] >> (bit % 64) & 1 == 1)
        {
            return true;
        }
        // The other tests are decided by the number of a value.
        let others = tests.iter().filter(|test| predicates.bits[test.index()] == Predicates::NO_BIT);
        others.into_iter().any(|&test| self.any_leaf_holds(predicates, text, path, test))
    }

    /// Returns true if a leaf of a path satisfies a test on it, which is tried on one leaf after the other.
    fn any_leaf_holds(
        &mut self,
        predicates: &Predicates,
        text: &[u8],
        path: PathId,
        test: PredicateId,
    ) -> bool {
        let mut next = self.slot(path).first();
        while let Some(leaf) = next {
            if self.holds(predicates, text, leaf, test) {
                return true;
            }
            next = self.leaves[leaf as usize].next();
            if self.work.is_exhausted() {
                break;
            }
        }
        false
    }

    /// Which tests the leaves of a path satisfy together, a bit for each test of its index, if tests of this cost are
    /// better answered at once. They are found out once in an event, and take memory for the rules, not for the leaves.
    pub(crate) fn satisfied(
        &mut self,
        predicates: &Predicates,
        text: &[u8],
        path: PathId,
        cost: u32,
    ) -> Option<&[u64]> {
        let slot = self.slot(path);
        let index = predicates.indexes[path.index()].as_ref()?;
        let words = index.words();
        let mut start = slot.satisfied as usize;
        if slot.satisfied == NONE {
            let is_one = self.leaves.get(slot.first as usize)?.next == NONE;
            if !predicates.prefers_index(path, cost, !is_one) {
                return None;
            }
            start = self.satisfied.len();
            // Behind the bits of the path is room for those of one leaf.
            self.satisfied.resize(start + 2 * words, 0);
            let mut next = slot.first();
            while let Some(at) = next {
                self.digest(predicates, text, at);
                let EventScratch { leaves, known, decoded, satisfied, index: scratch, work, .. } = self;
                let (leaf, known) = (&leaves[at as usize], &known[at as usize]);
                next = leaf.next();
                // No index decides by the number of a value.
                let value = known.value(leaf, leaf.text(text, decoded), ValueId::UNKNOWN);
                let (all, one) = satisfied[start..].split_at_mut(words);
                one.fill(0);
                index.classify(value, scratch, one, work);
                all.iter_mut().zip(one).for_each(|(all, one)| *all |= *one);
                // Several words are cleared and joined in the time of a step.
                work.spend(words as u64 / 2);
                if work.is_exhausted() {
                    break;
                }
            }
            self.satisfied.truncate(start + words);
            self.slots[path.index()].satisfied = start as u32;
        }
        Some(&self.satisfied[start..start + words])
    }

    /// Whether a leaf satisfies one of the alternatives of a field.
    pub(crate) fn satisfies(
        &mut self,
        predicates: &Predicates,
        text: &[u8],
        leaf: u32,
        field: &FieldPredicate,
    ) -> bool {
        if field.any {
            return true;
        }
        match field.prefilter.check(self.digest(predicates, text, leaf)) {
            Verdict::Reject => false,
            Verdict::Accept => true,
            Verdict::Verify => {
                self.is_named(predicates, text, leaf, field)
                    || field.tests.iter().any(|&test| self.holds(predicates, text, leaf, test))
            }
        }
    }

    /// Whether a leaf has one of the values that a field names.
    fn is_named(&mut self, predicates: &Predicates, text: &[u8], leaf: u32, field: &FieldPredicate) -> bool {
        if field.ids.is_empty() {
            return false;
        }
        let (id, address) = self.ids(predicates, text, leaf);
        field.names(id) || field.names(address)
    }

    /// Whether a leaf of its path satisfies one of the alternatives of a field.
    pub(crate) fn any_satisfies(
        &mut self,
        predicates: &Predicates,
        text: &[u8],
        field: &FieldPredicate,
    ) -> bool {
        let mut next = self.slot(field.path).first();
        if field.any {
            return next.is_some();
        }
        let mut is_open = false;
        while let Some(leaf) = next {
            match field.prefilter.check(self.digest(predicates, text, leaf)) {
                Verdict::Reject => {}
                Verdict::Accept => return true,
                Verdict::Verify if self.is_named(predicates, text, leaf, field) => return true,
                Verdict::Verify => is_open = true,
            }
            next = self.leaves[leaf as usize].next();
            self.work.spend(TEST);
            if self.work.is_exhausted() {
                return false;
            }
        }
        is_open && self.any_holds(predicates, text, field.path, &field.tests)
    }

    /// Decodes the text of a leaf and makes its digest.
    #[inline(never)]
    fn compute(&mut self, predicates: &Predicates, event: &[u8], at: usize) {
        let EventScratch { leaves, known, decoded, work, .. } = self;
        let leaf = &mut leaves[at];
        let (start, before) = (leaf.start as usize, leaf.state);
        leaf.state = State::Known;
        work.spend(TEST);
        // Strings and numbers come in no order that a processor would foresee, so what can be told without a branch is.
        let digest = if leaf.kind == Kind::String {
            let (mut within, mut at) = (event, (start, leaf.length as usize));
            if before == State::Escaped && memchr::memchr(b'\\', &event[start..start + at.1]).is_some() {
                let end = decoded.len();
                // An escape takes as long as several bytes that are copied.
                work.spend(at.1 as u64);
                string::decode(&event[start..start + at.1], decoded);
                at = (end, decoded.len() - end);
                (leaf.start, leaf.length) = (at.0 as u32, at.1 as u32);
                leaf.state = State::Decoded;
                within = decoded;
            }
            let address = predicates.parse_address(leaf.path, &within[at.0..at.0 + at.1]);
            Digest::of_string(within, at, address)
        } else if leaf.kind == Kind::Number {
            number_digest(leaf, before, event, work)
        } else {
            Digest::new(Fingerprint::of_literal(leaf.kind))
        };
        let found = Memo { digest, ids: None };
        if known.len() <= at {
            known.resize(leaves.len(), found);
        }
        known[at] = found;
    }
}

/// The digest of a number, of which is kept how long it is if it is not comparable.
#[inline(always)]
fn number_digest(leaf: &mut Leaf, before: State, event: &[u8], work: &mut Work) -> Digest {
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    if before == State::Valued {
        let ordinal = u64::from(leaf.start) | u64::from(leaf.length) << 32;
        (leaf.start, leaf.length) = (0, 0);
        return Digest::of_number(Comparable::from_ordinal(ordinal));
    }
    #[cfg(not(any(feature = "serde_json", feature = "simd-json")))]
    let _ = before;
    let text = &event[leaf.start as usize..];
    if let Some(number) = Comparable::parse_short(text) {
        return Digest::of_number(number);
    }
    leaf.length = number::end(text).unwrap_or_default() as u32;
    work.spend(4 * TEST + u64::from(leaf.length));
    let number = Comparable::parse(&text[..leaf.length as usize]);
    number.map_or(Digest::new(Fingerprint::SPELLING), Digest::of_number)
}

/// The numbers of a value and of the address that it spells; `text` is that of a string, or of a number that is not
/// comparable.
#[inline(never)]
fn look_up(dictionary: &Dictionary, leaf: &Leaf, digest: &Digest, text: &[u8]) -> (ValueId, ValueId) {
    let id = match leaf.kind {
        Kind::String => dictionary.string(text),
        Kind::Number => match digest.number() {
            Some(number) => dictionary.number(number),
            None => dictionary.spelling(text),
        },
        Kind::True => ValueId::TRUE,
        Kind::False => ValueId::FALSE,
        Kind::Null => ValueId::NULL,
    };
    let address = digest.address().map_or(ValueId::UNKNOWN, |address| dictionary.address(address));
    (id, address)
}

impl Memo {
    /// A value as tests see it.
    fn value<'t>(&self, leaf: &Leaf, text: &'t [u8], id: ValueId) -> Value<'t> {
        let Memo { digest, .. } = self;
        Value { kind: leaf.kind, text, number: digest.number(), address: digest.address(), id }
    }
}
