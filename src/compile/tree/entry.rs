//! [`Entry`]: a branch on its way through the tree while the tree is built.

use crate::id::BranchId;

/// A branch that is still to be placed.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) branch: BranchId,
    /// In how many children the branch stands already, counting this one.
    pub(super) copies: u32,
    /// Which of its fields are satisfied wherever the switches on the way here have led, a bit for each of the first 64.
    pub(super) known: u64,
}
