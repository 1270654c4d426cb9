//! An estimate of the share of events that satisfy a field.
//!
//! Nothing is known about the events when rules are compiled. The model assumes that the values of
//! a path are as frequent in events as in rules, and that a longer operand of a text predicate is
//! satisfied by fewer events.

use hashbrown::HashMap;

use crate::decision::tree::Decision;
use crate::id::PathId;
use crate::operator::text::{Between, TextOperator};
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::field::FieldPredicate;
use crate::predicate::test::Predicate;

use super::entry::Entry;

/// The statistics of a set of branches from which shares are estimated.
pub(super) struct Selectivity<'a> {
    predicates: &'a Predicates,
    used: &'a [PathId],
    paths: HashMap<PathId, Counts>,
    values: HashMap<(PathId, ValueId), u32>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    /// The number of branches that accept only named values on the path.
    branches: u32,
    /// The number of values that the branches name, with repetition.
    named: u64,
    /// The sum of the squared frequencies of the distinct values.
    squares: u64,
}

impl<'a> Selectivity<'a> {
    /// Counts the values that branches name, on paths that are not in `used`.
    pub(super) fn new(
        decision: &Decision,
        predicates: &'a Predicates,
        entries: &[Entry],
        used: &'a [PathId],
    ) -> Selectivity<'a> {
        let (mut paths, mut values) = (HashMap::new(), HashMap::new());
        for entry in entries {
            for &test in decision.tests_of(decision.branches[entry.branch.index()]) {
                let field = decision.field_test(test);
                if !field.is_exact() || used.contains(&field.path) {
                    continue;
                }
                let counts: &mut Counts = paths.entry(field.path).or_default();
                counts.branches += 1;
                counts.named += field.ids.len() as u64;
                for &id in &field.ids {
                    let count: &mut u32 = values.entry((field.path, id)).or_default();
                    counts.squares += u64::from(2 * *count + 1);
                    *count += 1;
                }
            }
        }
        Selectivity { predicates, used, paths, values }
    }

    /// Returns the path on which nearly all branches require a value, if the values divide most of
    /// the branches.
    pub(super) fn common_path(&self, entries: usize) -> Option<PathId> {
        let common = self.paths.iter().filter(|(_, counts)| {
            let visited = counts.squares / counts.named.max(1);
            counts.branches as usize * 4 >= entries * 3 && visited as usize * 2 <= entries
        });
        // Ties are resolved by the path, so the result does not depend on the order of a hash
        // table.
        common.min_by_key(|(path, counts)| (counts.squares / counts.named, **path)).map(|(path, _)| *path)
    }

    /// Returns the maximum share of events for which a branch is stored after a field.
    pub(super) fn greatest_share(&self, entries: usize) -> f32 {
        // The alternative is a group, and its cost grows with the branches.
        if entries > 512 { 0.5 } else { 0.3 }
    }

    /// Returns the share of events that satisfy a field, or `None` if no switch can test the field.
    pub(super) fn share(&self, field: &FieldPredicate) -> Option<f32> {
        if field.absence || field.any || self.used.contains(&field.path) {
            return None;
        }
        let counts = self.paths.get(&field.path).copied().unwrap_or_default();
        let named: u32 =
            field.ids.iter().map(|&id| self.values.get(&(field.path, id)).copied().unwrap_or(1)).sum();
        // A path with few named values probably has more values than those, so 4 is added.
        let mut share = named as f32 / (counts.named as f32 + 4.0);
        for &test in &field.tests {
            share += test_share(&self.predicates.tests[test.index()])?;
        }
        Some(share)
    }
}

/// Returns the share of values that satisfy a predicate, or `None` if most values do.
fn test_share(test: &Predicate) -> Option<f32> {
    match test {
        Predicate::Range(range) => (range.lower.is_some() && range.upper.is_some()).then_some(0.4),
        Predicate::Network(_) => Some(0.1),
        Predicate::Text(test) => {
            let ends = test.operation.ends();
            match ends.between {
                Between::Nothing => Some(0.05),
                Between::Anything | Between::Something if ends.least == 0 => None,
                Between::Anything | Between::Something if ends.ignores_case => Some(0.1),
                Between::Anything | Between::Something => Some(1.0 / (2.0 + 2.0 * ends.least as f32)),
            }
        }
        Predicate::NoneOf(_) | Predicate::NoText(_) => None,
    }
}
