//! [`FieldPredicate`]: the disjunction of the predicates of a field.

use crate::id::{PathId, PredicateId};

use super::dictionary::ValueId;
use super::prefilter::FieldPrefilter;

/// The alternatives of a field on its path.
///
/// A large set does not fit into the L1 or L2 cache, so the struct fills exactly one cache line.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct FieldPredicate {
    pub(crate) path: PathId,
    /// True if the field accepts the absence of the path.
    pub(crate) absence: bool,
    /// True if the field accepts every value.
    pub(crate) any: bool,
    /// Decides for most values whether one of `ids` or `tests` holds.
    pub(crate) prefilter: FieldPrefilter,
    /// The values for which the field holds, in ascending order.
    pub(crate) ids: Box<[ValueId]>,
    /// The predicates. The field holds if one of them holds.
    pub(crate) tests: Box<[PredicateId]>,
}

const _: () = assert!(size_of::<FieldPredicate>() == 64);

impl FieldPredicate {
    /// Returns true if the field holds for values that rules name, and for nothing else.
    pub(crate) fn is_exact(&self) -> bool {
        !self.absence && !self.any && self.tests.is_empty()
    }

    /// Returns true if the field names the value.
    #[inline]
    pub(crate) fn names(&self, id: ValueId) -> bool {
        id != ValueId::UNKNOWN
            && match *self.ids {
                [one] => one == id,
                _ => self.ids.binary_search(&id).is_ok(),
            }
    }
}
