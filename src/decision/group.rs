//! [`Group`]: a bitmap block of branches, which are decided together with one bit for each branch.
//!
//! A group has a column for each path that one of its branches names. A column computes the
//! branches that the values of its path satisfy. Branches that do not name the path count as
//! satisfied. The group reports the branches that all columns accept.
//!
//! ```text
//! live <- all branches
//! for each column whose path is named by a live branch:
//!     satisfied <- branches that absence satisfies if the path may be absent, or none
//!     for each leaf of the path:
//!         one <- mask of the kind of the leaf
//!         apply the mask deltas of the value, then of the address that it spells
//!         satisfied <- satisfied or one
//!     evaluate the predicates on which a branch that is live and not satisfied depends
//!     live <- live and satisfied
//! ```

use crate::evaluate::Evaluator;
use crate::id::{BranchId, LeafId, PathId, PredicateId};
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Digest, Fingerprint, FingerprintFilter};
use crate::predicate::prefilter::{Prefilter, Verdict};
use crate::table_range::TableRange;
use crate::work::TEST;

use super::fingerprint_table::{self, Fingerprinted};

#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The branch of each bit.
    pub(crate) branches: Box<[BranchId]>,
    /// The columns in the order of their expected selectivity.
    pub(crate) columns: Box<[Column]>,
}

#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) path: PathId,
    /// The first 64 branches that name the path. They are also in the masks, but reading the masks
    /// costs a cache miss.
    pub(crate) named: u64,
    /// Seven masks, each with the words of the group. There is one mask for each
    /// [`Kind`](crate::json::Kind): the branches that a value satisfies if only its kind is known.
    /// The last two masks are [`ABSENCE`] and [`NAMED`].
    pub(crate) masks: Box<[u64]>,
    /// A filter of the fingerprints of `values`.
    pub(crate) filter: FingerprintFilter,
    /// The named values with deltas, sorted by fingerprint and id, and
    /// [padded](fingerprint_table::pad).
    pub(crate) values: Box<[ValueDelta]>,
    pub(crate) changes: Box<[MaskDelta]>,
    pub(crate) tests: Box<[Test]>,
    /// The cost of evaluating all tests.
    pub(crate) cost: u32,
}

/// The index in [`Column::masks`] of the branches that absence of the path satisfies.
pub(crate) const ABSENCE: usize = 5;
/// The index in [`Column::masks`] of the branches that name the path.
pub(crate) const NAMED: usize = 6;
/// The number of masks of a column.
pub(crate) const MASKS: usize = 7;

/// A named value whose satisfied branches differ from the mask of its kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueDelta {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) id: ValueId,
    /// A range of [`Column::changes`].
    pub(crate) changes: TableRange<MaskDelta>,
}

impl Fingerprinted for ValueDelta {
    #[inline(always)]
    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// The difference between the branches that a value satisfies and the mask of its kind, for one
/// word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaskDelta {
    pub(crate) word: u32,
    /// The branches that the value satisfies and other values of its kind do not.
    pub(crate) set: u64,
    /// The branches that the value does not satisfy and other values of its kind do.
    pub(crate) clear: u64,
}

/// A predicate, and the branches of a word that it satisfies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test {
    pub(crate) test: PredicateId,
    pub(crate) word: u32,
    pub(crate) bits: u64,
    pub(crate) prefilter: Prefilter,
}

/// The memory for the bits of a group.
#[derive(Debug, Default)]
pub(crate) struct GroupScratch {
    live: Vec<u64>,
    /// The branches that the values of one path satisfy.
    satisfied: Vec<u64>,
    /// The branches that one of the values satisfies.
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
    /// Returns true if there are branches whose field tests hold one by one. The scratch stores the
    /// branches.
    pub(crate) fn decide(&self, evaluator: &mut Evaluator<'_>, scratch: &mut GroupScratch) -> bool {
        let words = self.branches.len().div_ceil(64);
        let last = u64::MAX >> (words * 64 - self.branches.len());
        scratch.live.clear();
        if words == 1 {
            let mut live = last;
            for column in &self.columns {
                live = column.restrict_one(evaluator, live);
                if live == 0 {
                    return false;
                }
            }
            scratch.live.push(live);
            return true;
        }
        scratch.live.resize(words - 1, u64::MAX);
        scratch.live.push(last);
        self.columns.iter().all(|column| column.restrict(evaluator, scratch))
    }

    /// Returns the number of bytes that the group has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.branches) + self.columns.iter().map(Column::memory_usage).sum::<usize>()
    }
}

impl Column {
    fn mask(&self, at: usize, words: usize) -> &[u64] {
        &self.masks[at * words..(at + 1) * words]
    }

    /// Returns the live branches that the event satisfies on the path. The group must have one
    /// word.
    fn restrict_one(&self, evaluator: &mut Evaluator<'_>, live: u64) -> u64 {
        if live & self.named == 0 {
            return live;
        }
        evaluator.work.spend(1);
        let Ok(masks): Result<&[u64; MASKS], _> = (&*self.masks).try_into() else { return 0 };
        let leaves = evaluator.event.leaves_of(self.path);
        let mut satisfied = if leaves.first().is_none() || leaves.in_array { masks[ABSENCE] } else { 0 };
        let mut next = leaves.first();
        while let Some(leaf) = next {
            let kind = evaluator.event.leaves[leaf.index()].kind;
            next = evaluator.event.next(leaf);
            let mut one = masks[kind as usize];
            self.changes(evaluator, leaf, |change| one = one & !change.clear | change.set);
            satisfied |= one;
            if live & !satisfied == 0 {
                return live;
            }
            evaluator.work.spend(TEST);
            if next.is_some() && evaluator.work.is_exhausted() {
                return 0;
            }
        }
        if !self.tests.is_empty() && leaves.first().is_some() {
            self.test(evaluator, std::slice::from_ref(&live), std::slice::from_mut(&mut satisfied));
        }
        live & satisfied
    }

    /// Removes the live branches that the event does not satisfy on the path. Returns true if any
    /// branch is left.
    fn restrict(&self, evaluator: &mut Evaluator<'_>, scratch: &mut GroupScratch) -> bool {
        let GroupScratch { live, satisfied, one } = scratch;
        let words = live.len();
        evaluator.work.spend(words as u64);
        if live.iter().zip(self.mask(NAMED, words)).all(|(live, named)| live & named == 0) {
            return true;
        }
        let leaves = evaluator.event.leaves_of(self.path);
        let Some(first) = leaves.first() else {
            return intersect(live, self.mask(ABSENCE, words));
        };
        satisfied.clear();
        // If all leaves of a path are in elements of arrays, the path may be absent from the chosen
        // elements.
        if leaves.in_array {
            satisfied.extend_from_slice(self.mask(ABSENCE, words));
        } else {
            satisfied.resize(words, 0);
        }
        let mut next = Some(first);
        while let Some(leaf) = next {
            let kind = evaluator.event.leaves[leaf.index()].kind;
            next = evaluator.event.next(leaf);
            one.clear();
            one.extend_from_slice(self.mask(kind as usize, words));
            let mut changes = 0;
            self.changes(evaluator, leaf, |change| {
                changes += 1;
                one[change.word as usize] = one[change.word as usize] & !change.clear | change.set;
            });
            for (satisfied, one) in satisfied.iter_mut().zip(&*one) {
                *satisfied |= one;
            }
            evaluator.work.spend(TEST + words as u64 + changes);
            if evaluator.work.is_exhausted() {
                return false;
            }
        }
        if !self.tests.is_empty() {
            self.test(evaluator, live, satisfied);
        }
        intersect(live, satisfied)
    }

    /// Adds the branches that predicates satisfy, as far as a live branch depends on them.
    #[inline]
    fn test(&self, evaluator: &mut Evaluator<'_>, live: &[u64], satisfied: &mut [u64]) {
        let predicates = evaluator.predicates();
        if predicates.may_prefer_index(self.cost)
            && let Some(bits) = evaluator.satisfied(self.path, self.cost)
        {
            for test in &self.tests {
                if bits.has(predicates.bits[test.test.index()]) {
                    satisfied[test.word as usize] |= test.bits;
                }
            }
            evaluator.work.spend(self.tests.len() as u64);
            return;
        }
        let mut next = evaluator.event.leaves_of(self.path).first();
        while let Some(leaf) = next {
            next = evaluator.event.next(leaf);
            evaluator.work.spend(self.tests.len() as u64);
            let digest = *evaluator.digest(leaf);
            for Test { prefilter, test, word, bits } in &self.tests {
                let word = *word as usize;
                if bits & live[word] & !satisfied[word] == 0 {
                    continue;
                }
                let holds = match prefilter.check(&digest) {
                    Verdict::Reject => false,
                    Verdict::Accept => true,
                    Verdict::Verify => evaluator.holds(leaf, *test),
                };
                if holds {
                    satisfied[word] |= bits;
                }
            }
            if next.is_some() && evaluator.work.is_exhausted() {
                return;
            }
        }
    }

    /// Applies the deltas of the value of a leaf, then the deltas of the address that it spells.
    /// The order matters: the delta of an address clears no bits, and sets bits that the delta of
    /// the text may have cleared.
    #[inline]
    fn changes(&self, evaluator: &mut Evaluator<'_>, leaf: LeafId, mut apply: impl FnMut(&MaskDelta)) {
        if self.values.is_empty() {
            return;
        }
        let &Digest { fingerprint, address_fingerprint, .. } = evaluator.digest(leaf);
        for (fingerprint, is_address) in [(fingerprint, false), (address_fingerprint, true)] {
            if !self.filter.may_have(fingerprint) {
                continue;
            }
            let Some(same) = fingerprint_table::equal_range(&self.values, fingerprint) else { continue };
            let (id, address) = evaluator.ids(leaf);
            let id = if is_address { address } else { id };
            if let Ok(at) = same.binary_search_by_key(&id, |value| value.id) {
                same[at].changes.of(&self.changes).iter().for_each(&mut apply);
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

/// Intersects `live` with `mask`. Returns true if any bit is left.
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
    fn memory_usage_counts_every_buffer() {
        let scratch = GroupScratch {
            live: Vec::with_capacity(10),
            satisfied: Vec::with_capacity(20),
            one: Vec::with_capacity(40),
        };
        assert_eq!(scratch.memory_usage(), 8 * 70);
    }

    #[test]
    fn intersect_keeps_common_bits() {
        let mut live = [8, 8, 0, 3];
        assert!(intersect(&mut live, &[u64::MAX, 12, 7, 0]));
        assert_eq!(live, [8, 8, 0, 0]);
        assert!(!intersect(&mut live, &[7, 7, 7, 7]));
        assert_eq!(live, [0; 4]);
    }
}
