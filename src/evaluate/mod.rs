//! Evaluation: the predicates that the leaves of one event satisfy.
//!
//! A leaf is evaluated on first use: its text is decoded and its [`Digest`] is computed. The digest
//! decides most predicates. For the others, the value is looked up in the dictionary of its path,
//! or the predicate is applied to the text. Results are stored in a [`Memo`], so no leaf is decoded
//! or looked up twice.

mod memo;
#[cfg(test)]
mod tests;

use crate::error::EventErrorKind;
use crate::event::{Event, Leaf, State};
use crate::id::{LeafId, PathId, PredicateId};
use crate::json::Kind;
use crate::json::number::{self, Comparable};
use crate::json::string;
use crate::predicate::Predicates;
use crate::predicate::dictionary::{Dictionary, ValueId};
use crate::predicate::digest::{Digest, Fingerprint};
use crate::predicate::field::FieldPredicate;
use crate::predicate::index::PredicateIndex;
use crate::predicate::prefilter::Verdict;
use crate::predicate::test::Predicate;
use crate::work::{TEST, Work};

use memo::{LeafMemo, MemoTexts};

pub(crate) use memo::{Memo, Satisfied};

/// The predicates of a rule set, bound to one event.
#[derive(Debug)]
pub(crate) struct Evaluator<'a> {
    pub(crate) event: Event<'a>,
    pub(crate) work: Work,
    predicates: &'a Predicates,
    /// The results of each leaf. Entries of leaves that are not evaluated are from an earlier
    /// event.
    known: &'a mut [LeafMemo],
    memo: &'a mut MemoTexts,
}

impl<'a> Evaluator<'a> {
    /// Binds predicates to an event, and clears the memo.
    pub(crate) fn new(
        predicates: &'a Predicates,
        event: Event<'a>,
        memo: &'a mut Memo,
        work: Work,
    ) -> Evaluator<'a> {
        let (known, memo) = memo.begin(event.leaves.len());
        Evaluator { event, work, predicates, known, memo }
    }

    /// Returns the predicates, which live as long as the rule set.
    #[inline(always)]
    pub(crate) fn predicates(&self) -> &'a Predicates {
        self.predicates
    }

    /// Returns an error if the event has taken more work than the limit allows.
    pub(crate) fn check_budget(&self) -> Result<(), EventErrorKind> {
        if self.work.is_exhausted() {
            return Err(EventErrorKind::TooMuchWork { limit: self.work.limit() });
        }
        Ok(())
    }

    /// Returns the digest of the value of a leaf.
    #[inline]
    pub(crate) fn digest(&mut self, leaf: LeafId) -> &Digest {
        let at = leaf.index();
        if !matches!(self.event.leaves[at].state, State::Known | State::Decoded) {
            self.compute(at);
        }
        &self.known[at].digest
    }

    /// Returns the ids of the value of a leaf and of the address that the value spells, in
    /// the dictionary of the path.
    pub(crate) fn ids(&mut self, leaf: LeafId) -> (ValueId, ValueId) {
        self.digest(leaf);
        let Evaluator { predicates, event, known, memo, .. } = self;
        let (leaf, known) = (&event.leaves[leaf.index()], &mut known[leaf.index()]);
        let dictionary = &predicates.dictionaries[leaf.path.index()];
        let text = leaf.text(event.text, &memo.decoded);
        *known.ids.get_or_insert_with(|| look_up(dictionary, leaf, &known.digest, text))
    }

    /// Returns true if a leaf satisfies a predicate.
    pub(crate) fn holds(&mut self, leaf: LeafId, predicate: PredicateId) -> bool {
        let predicate = &self.predicates.tests[predicate.index()];
        let id = match predicate {
            Predicate::NoneOf(_) => self.ids(leaf).0,
            Predicate::Range(_) | Predicate::Network(_) | Predicate::Text(_) | Predicate::NoText(_) => {
                ValueId::UNKNOWN
            }
        };
        self.digest(leaf);
        let Evaluator { event, known, memo: MemoTexts { decoded, units, .. }, work, .. } = self;
        let (leaf, known) = (&event.leaves[leaf.index()], &known[leaf.index()]);
        let value = known.value(leaf, leaf.text(event.text, decoded), id);
        predicate.holds(value, units, work)
    }

    /// Returns true if a leaf of a path satisfies one of several predicates on the path.
    fn any_holds(&mut self, path: PathId, tests: &[PredicateId]) -> bool {
        let predicates = self.predicates;
        let cost = tests.iter().fold(0, |sum: u32, test| sum.saturating_add(predicates.costs[test.index()]));
        let is_known = self.event.leaves_of(path).satisfied().is_some();
        let satisfied =
            if is_known || predicates.may_prefer_index(cost) { self.satisfied(path, cost) } else { None };
        let Some(satisfied) = satisfied else {
            return tests.iter().any(|&test| self.any_leaf_holds(path, test));
        };
        let bits = tests.iter().map(|test| predicates.bits[test.index()]);
        if bits.filter(|bit| *bit != Predicates::NO_BIT).any(|bit| satisfied.has(bit)) {
            return true;
        }
        // The other predicates compare the id of a value.
        let mut others = tests.iter().filter(|test| predicates.bits[test.index()] == Predicates::NO_BIT);
        others.any(|&test| self.any_leaf_holds(path, test))
    }

    /// Returns true if a leaf of a path satisfies a predicate on the path. The leaves are tested
    /// one by one.
    fn any_leaf_holds(&mut self, path: PathId, test: PredicateId) -> bool {
        let mut next = self.event.leaves_of(path).first();
        while let Some(leaf) = next {
            if self.holds(leaf, test) {
                return true;
            }
            next = self.event.next(leaf);
            if self.work.is_exhausted() {
                break;
            }
        }
        false
    }

    /// Returns the predicates of the index of a path that some leaf of the path satisfies. Returns
    /// `None` if predicates of this cost are cheaper to evaluate one by one.
    ///
    /// The index is evaluated once for an event. The result takes memory proportional to the
    /// predicates of the index, not to the leaves.
    pub(crate) fn satisfied(&mut self, path: PathId, cost: u32) -> Option<Satisfied<'_>> {
        let leaves = self.event.leaves_of(path);
        let index = self.predicates.indexes[path.index()].as_ref()?;
        let words = index.words();
        let start = match leaves.satisfied() {
            Some(start) => start,
            None => {
                let first = leaves.first()?;
                let has_several = self.event.next(first).is_some();
                if !self.predicates.prefers_index(path, cost, has_several) {
                    return None;
                }
                self.classify(path, first, index)
            }
        };
        Some(Satisfied(&self.memo.satisfied[start..start + words]))
    }

    /// Evaluates the index of a path for all leaves of the path. Returns the offset of the result
    /// in the memo.
    fn classify(&mut self, path: PathId, first: LeafId, index: &PredicateIndex) -> usize {
        let (start, words) = (self.memo.satisfied.len(), index.words());
        // The bits of the path are followed by the bits of one leaf, which are removed at the end.
        self.memo.satisfied.resize(start + 2 * words, 0);
        let mut next = Some(first);
        while let Some(at) = next {
            self.digest(at);
            let Evaluator { event, known, memo, work, .. } = self;
            let MemoTexts { decoded, satisfied, index: scratch, .. } = &mut **memo;
            let (leaf, known) = (&event.leaves[at.index()], &known[at.index()]);
            next = event.next(at);
            // No index compares the id of a value.
            let value = known.value(leaf, leaf.text(event.text, decoded), ValueId::UNKNOWN);
            let (all, one) = satisfied[start..].split_at_mut(words);
            one.fill(0);
            index.classify(value, scratch, one, work);
            all.iter_mut().zip(one).for_each(|(all, one)| *all |= *one);
            // Clearing and joining two words takes the time of a step.
            work.spend(words as u64 / 2);
            if work.is_exhausted() {
                break;
            }
        }
        self.memo.satisfied.truncate(start + words);
        self.event.set_satisfied(path, start);
        start
    }

    /// Returns true if a leaf satisfies one of the alternatives of a field.
    pub(crate) fn satisfies(&mut self, leaf: LeafId, field: &FieldPredicate) -> bool {
        if field.any {
            return true;
        }
        match field.prefilter.check(self.digest(leaf)) {
            Verdict::Reject => false,
            Verdict::Accept => true,
            Verdict::Verify => {
                self.is_named(leaf, field) || field.tests.iter().any(|&test| self.holds(leaf, test))
            }
        }
    }

    /// Returns true if the value of a leaf is one of the values that a field names.
    fn is_named(&mut self, leaf: LeafId, field: &FieldPredicate) -> bool {
        if field.ids.is_empty() {
            return false;
        }
        let (id, address) = self.ids(leaf);
        field.names(id) || field.names(address)
    }

    /// Returns true if a leaf on the path of a field satisfies one of the alternatives of the field.
    pub(crate) fn any_satisfies(&mut self, field: &FieldPredicate) -> bool {
        let mut next = self.event.leaves_of(field.path).first();
        if field.any {
            return next.is_some();
        }
        let mut is_open = false;
        while let Some(leaf) = next {
            match field.prefilter.check(self.digest(leaf)) {
                Verdict::Reject => {}
                Verdict::Accept => return true,
                Verdict::Verify if self.is_named(leaf, field) => return true,
                Verdict::Verify => is_open = true,
            }
            next = self.event.next(leaf);
            self.work.spend(TEST);
            if self.work.is_exhausted() {
                return false;
            }
        }
        is_open && self.any_holds(field.path, &field.tests)
    }

    /// Decodes the text of a leaf and computes its digest.
    #[inline(never)]
    fn compute(&mut self, at: usize) {
        let Evaluator { predicates, event, known, memo: MemoTexts { decoded, .. }, work, .. } = self;
        let text = event.text;
        let leaf = &mut event.leaves[at];
        let (start, before) = (leaf.start as usize, leaf.state);
        leaf.state = State::Known;
        work.spend(TEST);
        // The order of strings and numbers defeats branch prediction, so branches on the kind are
        // few.
        let digest = if leaf.kind == Kind::String {
            let (mut within, mut at) = (text, (start, leaf.length as usize));
            let raw = &text[start..start + at.1];
            if before == State::Escaped && memchr::memchr(b'\\', raw).is_some() {
                let end = decoded.len();
                // Decoding an escape takes as long as copying several bytes.
                work.spend(at.1 as u64);
                string::decode(raw, decoded);
                at = (end, decoded.len() - end);
                (leaf.start, leaf.length) = (at.0 as u32, at.1 as u32);
                leaf.state = State::Decoded;
                within = decoded;
            }
            let address = predicates.parse_address(leaf.path, &within[at.0..at.0 + at.1]);
            Digest::of_string(within, at, address)
        } else if leaf.kind == Kind::Number {
            number_digest(leaf, before, text, work)
        } else {
            Digest::new(Fingerprint::of_literal(leaf.kind))
        };
        known[at] = LeafMemo { digest, ids: None };
    }
}

/// Returns the digest of a number. Stores the length of a number in its leaf if the number is not
/// short.
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

/// Returns the ids of a value and of the address that the value spells. `text` is used for strings,
/// and for numbers that are not comparable.
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
