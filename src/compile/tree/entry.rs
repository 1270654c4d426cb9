//! [`Entry`]: a branch while the tree is built.

use crate::id::BranchId;

/// A branch that is not yet stored in a node.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) branch: BranchId,
    /// The number of copies of the branch, including this one.
    pub(super) copies: u32,
    /// For each of the first 64 fields, a bit: whether the switches above this entry imply the
    /// field.
    pub(super) known: u64,
}
