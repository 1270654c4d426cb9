//! Chooses for each branch the field test through which it is entered.

use crate::automaton::decision::Branch;
use crate::id::{BranchId, FieldTestId};

/// The branches that each field test gives access to, as ranges of a list of branches.
pub(super) type Access = (Box<[(u32, u32)]>, Box<[BranchId]>);

/// Chooses for each branch the field test that is expected to lead to the fewest useless visits: one that holds
/// rarely, by its weight, and that few other branches share.
pub(super) fn choose(
    branches: &[Branch],
    tests: &[FieldTestId],
    count: usize,
    weights: &[(FieldTestId, u32)],
) -> Access {
    let mut cost = vec![0_u64; count];
    for &test in tests {
        cost[test.index()] += 1;
    }
    for &(test, weight) in weights {
        cost[test.index()] *= u64::from(weight);
    }
    let cheapest = |branch: &Branch| {
        let tests = &tests[branch.tests.0 as usize..branch.tests.1 as usize];
        *tests.iter().min_by_key(|test| cost[test.index()]).expect("a pattern names at least one field")
    };
    let mut pairs: Vec<(FieldTestId, BranchId)> =
        branches.iter().zip(0..).map(|(branch, id)| (cheapest(branch), BranchId(id))).collect();
    pairs.sort_unstable();

    let mut ranges = vec![(0, 0); count];
    let mut at = 0;
    for group in pairs.chunk_by(|a, b| a.0 == b.0) {
        ranges[group[0].0.index()] = (at, at + group.len() as u32);
        at += group.len() as u32;
    }
    (ranges.into(), pairs.into_iter().map(|(_, branch)| branch).collect())
}
