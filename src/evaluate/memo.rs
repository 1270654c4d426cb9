//! The results of evaluation, stored for the rest of an event.

use crate::event::Leaf;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Digest, Fingerprint};
use crate::predicate::index::IndexScratch;
use crate::predicate::test::Value;

/// The memory of an evaluator.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// The results of each evaluated leaf. Entries of other leaves are from earlier events.
    leaves: Vec<LeafMemo>,
    texts: MemoTexts,
}

/// The results that are not stored by leaf.
#[derive(Debug, Default)]
pub(super) struct MemoTexts {
    /// The concatenated strings with decoded escapes.
    pub(super) decoded: Vec<u8>,
    /// The predicates of the index that a leaf of the path satisfies, for each classified path.
    /// Each predicate has one bit.
    pub(super) satisfied: Vec<u64>,
    pub(super) index: IndexScratch,
    /// The code units of a string.
    pub(super) units: Vec<u8>,
}

/// The results of one leaf. The results are stored apart from the leaf, because many leaves are
/// never evaluated.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeafMemo {
    pub(super) digest: Digest,
    /// The ids of the value and of the address that the string spells, if they were looked up.
    pub(super) ids: Option<(ValueId, ValueId)>,
}

/// The predicates of the index of a path that some leaf of the path satisfies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Satisfied<'a>(pub(super) &'a [u64]);

impl Memo {
    /// Forgets the last event. Returns the memory for an event with this number of leaves.
    pub(super) fn begin(&mut self, leaves: usize) -> (&mut [LeafMemo], &mut MemoTexts) {
        self.texts.decoded.clear();
        self.texts.satisfied.clear();
        if self.leaves.len() < leaves {
            self.leaves.resize(leaves, LeafMemo { digest: Digest::new(Fingerprint::SPELLING), ids: None });
        }
        (&mut self.leaves[..leaves], &mut self.texts)
    }

    /// Returns the number of bytes that the memo has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        let MemoTexts { decoded, satisfied, index, units } = &self.texts;
        self.leaves.capacity() * size_of::<LeafMemo>()
            + decoded.capacity()
            + satisfied.capacity() * size_of::<u64>()
            + index.memory_usage()
            + units.capacity()
    }
}

impl LeafMemo {
    /// Returns the value of the leaf in the form that predicates test.
    pub(super) fn value<'t>(&self, leaf: &Leaf, text: &'t [u8], id: ValueId) -> Value<'t> {
        let LeafMemo { digest, .. } = self;
        Value { kind: leaf.kind, text, number: digest.number(), address: digest.address(), id }
    }
}

impl<'a> Satisfied<'a> {
    /// Returns true if the predicate with this bit is satisfied.
    #[inline(always)]
    pub(crate) fn has(self, bit: u32) -> bool {
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }

    /// Returns the bits in words of 64. The first bit is the lowest.
    #[inline(always)]
    pub(crate) fn words(self) -> &'a [u64] {
        self.0
    }
}
