//! The results of evaluation, stored for the rest of an event.

use crate::event::Leaf;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Digest, Fingerprint};
use crate::predicate::index::IndexScratch;
use crate::predicate::test::Value;

/// The memory of an evaluator.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// For each leaf that is evaluated its results; entries of other leaves are left over from earlier events.
    leaves: Vec<LeafMemo>,
    texts: MemoTexts,
}

/// The results that are not stored by leaf.
#[derive(Debug, Default)]
pub(super) struct MemoTexts {
    /// Strings with their escapes decoded, one after the other.
    pub(super) decoded: Vec<u8>,
    /// For each path that was classified the predicates of its index that a leaf satisfies, a bit for each.
    pub(super) satisfied: Vec<u64>,
    pub(super) index: IndexScratch,
    /// A string as code units.
    pub(super) units: Vec<u8>,
}

/// The results of one leaf. They are stored apart from the leaf, because many leaves are never evaluated.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeafMemo {
    pub(super) digest: Digest,
    /// The ids of the value and of the address that it spells, if they were looked up.
    pub(super) ids: Option<(ValueId, ValueId)>,
}

/// The predicates of the index of a path that some leaf of the path satisfies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Satisfied<'a>(pub(super) &'a [u64]);

impl Memo {
    /// Forgets the last event, and returns the room for one with this number of leaves.
    pub(super) fn begin(&mut self, leaves: usize) -> (&mut [LeafMemo], &mut MemoTexts) {
        self.texts.decoded.clear();
        self.texts.satisfied.clear();
        if self.leaves.len() < leaves {
            self.leaves.resize(leaves, LeafMemo { digest: Digest::new(Fingerprint::SPELLING), ids: None });
        }
        (&mut self.leaves[..leaves], &mut self.texts)
    }

    /// The bytes of memory behind this value.
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
    /// Returns the value of the leaf in the form that predicates take.
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

    /// Returns the bits, 64 in a word, the lowest first.
    #[inline(always)]
    pub(crate) fn words(self) -> &'a [u64] {
        self.0
    }
}
