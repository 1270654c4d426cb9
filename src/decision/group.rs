//! Branches that are decided side by side, one bit each.
//!
//! For each path that one of them names there is a column: which of the branches a value satisfies on that path, with
//! branches that do not name the path counted as satisfied. The branches on which all columns agree hold. A column
//! starts from what is true of any value of a kind, changes the bits of branches that name the value, and tries a
//! test only while a branch that depends on it is still alive.

use crate::event::{EventScratch, Leaf};
use crate::id::{BranchId, PathId, PredicateId};

use super::fingerprint_table::{self, Fingerprinted};
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Digest, Fingerprint, FingerprintFilter};
use crate::predicate::prefilter::{Prefilter, Verdict};
use crate::work::TEST;

#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The branches, by bit.
    pub(crate) branches: Box<[BranchId]>,
    /// In the order in which they are expected to decide most.
    pub(crate) columns: Box<[Column]>,
}

#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) path: PathId,
    /// The first 64 branches that name the path. They are among the masks too, which stand elsewhere in memory.
    pub(crate) named: u64,
    /// Seven masks, each as long as the group needs: for each [`Kind`] the branches that a value satisfies of which
    /// nothing else is known, then those that absence satisfies, and at last those that name the path.
    pub(crate) masks: Box<[u64]>,
    /// Of the fingerprints of these values.
    pub(crate) filter: FingerprintFilter,
    /// The named values that change this, in the order of their fingerprints and numbers, and [spread](fingerprint_table::pad).
    pub(crate) values: Box<[ValueDelta]>,
    pub(crate) changes: Box<[MaskDelta]>,
    pub(crate) tests: Box<[Test]>,
    /// That of all these tests.
    pub(crate) cost: u32,
}

/// Where in [`Column::masks`] the mask of absence stands.
pub(crate) const ABSENCE: usize = 5;
/// Where in [`Column::masks`] the mask of the branches stands that name the path.
pub(crate) const NAMED: usize = 6;
/// How many masks a column has.
pub(crate) const MASKS: usize = 7;

/// A named value that changes what is satisfied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueDelta {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) id: ValueId,
    /// A range of [`Column::changes`].
    pub(crate) changes: (u32, u32),
}

impl Fingerprinted for ValueDelta {
    #[inline(always)]
    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// Bits of a word that a named value changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaskDelta {
    pub(crate) word: u32,
    /// Branches that the value satisfies, though other values of its kind do not.
    pub(crate) set: u64,
    /// Branches that the value does not satisfy, though other values of its kind do.
    pub(crate) clear: u64,
}

/// A test with those of the branches of a word that it satisfies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test {
    pub(crate) test: PredicateId,
    pub(crate) word: u32,
    pub(crate) bits: u64,
    pub(crate) prefilter: Prefilter,
}

/// Memory for the bits of a group.
#[derive(Debug, Default)]
pub(crate) struct GroupScratch {
    live: Vec<u64>,
    /// What the values of one path satisfy together.
    satisfied: Vec<u64>,
    /// What one of them satisfies.
    one: Vec<u64>,
}

impl GroupScratch {
    pub(crate) fn live(&self) -> &[u64] {
        &self.live
    }

    pub(crate) fn memory_usage(&self) -> usize {
        (self.live.capacity() + self.satisfied.capacity() + self.one.capacity()) * size_of::<u64>()
    }
}

impl Group {
    /// Finds the branches whose field tests hold one by one: whether there are any. They are left in the scratch.
    pub(crate) fn decide(
        &self,
        predicates: &Predicates,
        event: &mut EventScratch,
        text: &[u8],
        scratch: &mut GroupScratch,
    ) -> bool {
        let words = self.branches.len().div_ceil(64);
        let last = u64::MAX >> (words * 64 - self.branches.len());
        scratch.live.clear();
        if words == 1 {
            let mut live = last;
            for column in &self.columns {
                live = column.restrict_one(predicates, event, text, live);
                if live == 0 {
                    return false;
                }
            }
            scratch.live.push(live);
            return true;
        }
        scratch.live.resize(words - 1, u64::MAX);
        scratch.live.push(last);
        self.columns.iter().all(|column| column.restrict(predicates, event, text, scratch))
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.branches) + self.columns.iter().map(Column::memory_usage).sum::<usize>()
    }
}

impl Column {
    fn mask(&self, at: usize, words: usize) -> &[u64] {
        &self.masks[at * words..(at + 1) * words]
    }

    /// What is left of the live branches of a group of one word.
    fn restrict_one(&self, predicates: &Predicates, event: &mut EventScratch, text: &[u8], live: u64) -> u64 {
        if live & self.named == 0 {
            return live;
        }
        let Ok(masks): Result<&[u64; MASKS], _> = (&*self.masks).try_into() else { return 0 };
        let slot = event.slot(self.path);
        let mut satisfied = if slot.first().is_none() || slot.inside { masks[ABSENCE] } else { 0 };
        let mut next = slot.first();
        while let Some(leaf) = next {
            let Leaf { kind, .. } = event.leaves[leaf as usize];
            next = event.leaves[leaf as usize].next();
            let mut one = masks[kind as usize];
            self.changes(predicates, event, text, leaf, |change| one = one & !change.clear | change.set);
            satisfied |= one;
            if live & !satisfied == 0 {
                return live;
            }
            event.work.spend(TEST);
            if next.is_some() && event.work.is_exhausted() {
                return 0;
            }
        }
        if !self.tests.is_empty() && slot.first().is_some() {
            self.test(
                predicates,
                event,
                text,
                std::slice::from_ref(&live),
                std::slice::from_mut(&mut satisfied),
            );
        }
        live & satisfied
    }

    /// Takes the branches out of the live ones that the event does not satisfy on this path; whether any is left.
    fn restrict(
        &self,
        predicates: &Predicates,
        event: &mut EventScratch,
        text: &[u8],
        scratch: &mut GroupScratch,
    ) -> bool {
        let GroupScratch { live, satisfied, one } = scratch;
        let words = live.len();
        if live.iter().zip(self.mask(NAMED, words)).all(|(live, named)| live & named == 0) {
            return true;
        }
        let slot = event.slot(self.path);
        let Some(first) = slot.first() else {
            return intersect(live, self.mask(ABSENCE, words));
        };
        satisfied.clear();
        // A path whose leaves are all inside elements of arrays may be absent from the elements that are chosen.
        if slot.inside {
            satisfied.extend_from_slice(self.mask(ABSENCE, words));
        } else {
            satisfied.resize(words, 0);
        }
        let mut next = Some(first);
        while let Some(leaf) = next {
            let Leaf { kind, .. } = event.leaves[leaf as usize];
            next = event.leaves[leaf as usize].next();
            one.clear();
            one.extend_from_slice(self.mask(kind as usize, words));
            let mut changes = 0;
            self.changes(predicates, event, text, leaf, |change| {
                changes += 1;
                one[change.word as usize] = one[change.word as usize] & !change.clear | change.set;
            });
            for (satisfied, one) in satisfied.iter_mut().zip(&*one) {
                *satisfied |= one;
            }
            event.work.spend(TEST + words as u64 + changes);
            if event.work.is_exhausted() {
                return false;
            }
        }
        if !self.tests.is_empty() {
            self.test(predicates, event, text, live, satisfied);
        }
        intersect(live, satisfied)
    }

    /// Adds to what is satisfied what the tests say, as far as a live branch depends on it.
    #[inline]
    fn test(
        &self,
        predicates: &Predicates,
        event: &mut EventScratch,
        text: &[u8],
        live: &[u64],
        satisfied: &mut [u64],
    ) {
        if predicates.may_prefer_index(self.cost)
            && let Some(bits) = event.satisfied(predicates, text, self.path, self.cost)
        {
            for test in &self.tests {
                let bit = predicates.bits[test.test.index()] as usize;
                if bits[bit / 64] >> (bit % 64) & 1 == 1 {
                    satisfied[test.word as usize] |= test.bits;
                }
            }
            event.work.spend(self.tests.len() as u64);
            return;
        }
        let mut next = event.slot(self.path).first();
        while let Some(leaf) = next {
            next = event.leaves[leaf as usize].next();
            event.work.spend(self.tests.len() as u64);
            let digest = *event.digest(predicates, text, leaf);
            for Test { prefilter, test, word, bits } in &self.tests {
                let word = *word as usize;
                if bits & live[word] & !satisfied[word] == 0 {
                    continue;
                }
                let holds = match prefilter.check(&digest) {
                    Verdict::Reject => false,
                    Verdict::Accept => true,
                    Verdict::Verify => event.holds(predicates, text, leaf, *test),
                };
                if holds {
                    satisfied[word] |= bits;
                }
            }
            if next.is_some() && event.work.is_exhausted() {
                return;
            }
        }
    }

    /// Applies the changes of the value of a leaf, then those of the address that it spells. The order matters: the
    /// number of an address clears nothing, and sets whatever the number of the text may have cleared.
    #[inline]
    fn changes(
        &self,
        predicates: &Predicates,
        event: &mut EventScratch,
        text: &[u8],
        leaf: u32,
        mut apply: impl FnMut(&MaskDelta),
    ) {
        if self.values.is_empty() {
            return;
        }
        let &Digest { fingerprint, address_fingerprint, .. } = event.digest(predicates, text, leaf);
        for (fingerprint, is_address) in [(fingerprint, false), (address_fingerprint, true)] {
            if !self.filter.may_have(fingerprint) {
                continue;
            }
            let Some(same) = fingerprint_table::equal_range(&self.values, fingerprint) else { continue };
            let (id, address) = event.ids(predicates, text, leaf);
            let id = if is_address { address } else { id };
            if let Ok(at) = same.binary_search_by_key(&id, |value| value.id) {
                let (start, end) = same[at].changes;
                self.changes[start as usize..end as usize].iter().for_each(&mut apply);
            }
        }
    }

    fn memory_usage(&self) -> usize {
        size_of::<Column>()
            + size_of_val(&*self.masks)
            + size_of_val(&*self.values)
            + size_of_val(&*self.changes)
            + size_of_val(&*self.tests)
    }
}

/// Keeps of `live` what is in `mask`; whether anything is left.
fn intersect(live: &mut [u64], mask: &[u64]) -> bool {
    let mut any = 0;
    for (live, mask) in live.iter_mut().zip(mask) {
        *live &= mask;
        any |= *live;
    }
    any != 0
}

#[cfg(test)]
mod tests {
    use super::{GroupScratch, intersect};

    #[test]
    fn memory_is_that_of_the_buffers() {
        let scratch = GroupScratch {
            live: Vec::with_capacity(10),
            satisfied: Vec::with_capacity(20),
            one: Vec::with_capacity(40),
        };
        assert_eq!(scratch.memory_usage(), 8 * 70);
    }

    #[test]
    fn words_that_are_alike_are_left() {
        let mut live = [8, 8, 0, 3];
        assert!(intersect(&mut live, &[u64::MAX, 12, 7, 0]));
        assert_eq!(live, [8, 8, 0, 0]);
        assert!(!intersect(&mut live, &[7, 7, 7, 7]));
        assert_eq!(live, [0; 4]);
    }
}
