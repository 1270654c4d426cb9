//! How many events are expected to satisfy a field.
//!
//! Nothing is known of events when rules are compiled. What is assumed is that they have the values of a path as often as
//! rules name them, and that a test of text is passed by fewer of them the longer it is.

use hashbrown::HashMap;

use crate::decision::tree::Decision;
use crate::id::PathId;
use crate::operator::Wildcard;
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::test::{FieldPredicate, Predicate, TextOperation};

use super::entry::Entry;

/// What a set of branches tells of events.
pub(super) struct Selectivity<'a> {
    predicates: &'a Predicates,
    used: &'a [PathId],
    paths: HashMap<PathId, Counts>,
    values: HashMap<(PathId, ValueId), u32>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    /// The branches that want one of a few values.
    branches: u32,
    /// The values that they name, and how often each, squared.
    named: u64,
    squares: u64,
}

impl<'a> Selectivity<'a> {
    /// Counts the values that branches name, on paths other than those that are used already.
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

    /// The path on which nearly all of so many branches want a value, if that tells most of them apart.
    pub(super) fn common_path(&self, entries: usize) -> Option<PathId> {
        let common = self.paths.iter().filter(|(_, counts)| {
            let visited = counts.squares / counts.named.max(1);
            counts.branches as usize * 4 >= entries * 3 && visited as usize * 2 <= entries
        });
        // Ties are broken by the path, so that what is built does not depend on the order of a table.
        common.min_by_key(|(path, counts)| (counts.squares / counts.named, **path)).map(|(path, _)| *path)
    }

    /// The share of events up to which it is worth it to put one of so many branches behind a field.
    pub(super) fn worth_it(&self, entries: usize) -> f32 {
        // The alternative is a group, whose cost grows with the branches.
        if entries > 512 { 0.5 } else { 0.3 }
    }

    /// The share of events that satisfy a field, if a switch can tell.
    pub(super) fn share(&self, field: &FieldPredicate) -> Option<f32> {
        if field.absence || field.any || self.used.contains(&field.path) {
            return None;
        }
        let counts = self.paths.get(&field.path).copied().unwrap_or_default();
        let named: u32 =
            field.ids.iter().map(|&id| self.values.get(&(field.path, id)).copied().unwrap_or(1)).sum();
        // A path of which little is known has more values than those that are named.
        let mut share = named as f32 / (counts.named as f32 + 4.0);
        for &test in &field.tests {
            share += test_share(&self.predicates.tests[test.index()])?;
        }
        Some(share)
    }
}

/// The share of values that pass a test, unless it is most of them.
fn test_share(test: &Predicate) -> Option<f32> {
    let of_length = |length: usize| 1.0 / (2.0 + 2.0 * length as f32);
    match test {
        Predicate::Range(range) => (range.lower.is_some() && range.upper.is_some()).then_some(0.4),
        Predicate::Network(_) => Some(0.1),
        Predicate::Text(test) => match &test.operation {
            TextOperation::Prefix(text) | TextOperation::Suffix(text) => {
                (!text.is_empty()).then(|| of_length(text.len()))
            }
            TextOperation::EqualsIgnoreCase(_) => Some(0.05),
            TextOperation::PrefixIgnoreCase(text) | TextOperation::SuffixIgnoreCase(text) => {
                (!text.spellings().is_empty()).then_some(0.1)
            }
            TextOperation::Wildcard(Wildcard::Exact(_)) => Some(0.05),
            TextOperation::Wildcard(Wildcard::Pieces { least, .. }) => {
                (*least > 0).then(|| of_length(*least))
            }
        },
        Predicate::NoneOf(_) | Predicate::NoText(_) => None,
    }
}
