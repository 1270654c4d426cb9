//! Compiles branches to a [`Group`].

use std::collections::BTreeMap;

use crate::decision::fingerprint_table;
use crate::decision::group::{ABSENCE, Column, Group, MASKS, MaskDelta, NAMED, Test, ValueDelta};
use crate::decision::tree::Decision;
use crate::id::{BranchId, FieldPredicateId, PathId, PredicateId};
use crate::json::Kind;
use crate::predicate::dictionary::{Dictionary, ValueId};
use crate::predicate::digest::FingerprintFilter;
use crate::predicate::field::FieldPredicate;
use crate::predicate::prefilter::Prefilter;
use crate::predicate::test::Predicate;
use crate::table_range::TableRange;

/// Builds a group from branches, each with its residual field predicates.
pub(super) fn build(
    branches: &[(BranchId, Vec<FieldPredicateId>)],
    decision: &Decision,
    dictionaries: &[Dictionary],
    tests: &[Predicate],
) -> Group {
    let mut paths: BTreeMap<PathId, Vec<(u32, FieldPredicateId)>> = BTreeMap::new();
    for ((_, open), bit) in branches.iter().zip(0..) {
        for &test in open {
            paths.entry(decision.field_test(test).path).or_default().push((bit, test));
        }
    }
    let words = branches.len().div_ceil(64);
    let mut columns: Vec<(usize, Column)> = Vec::with_capacity(paths.len());
    for (path, fields) in paths {
        let fields: Vec<_> = fields.into_iter().map(|(bit, test)| (bit, decision.field_test(test))).collect();
        // Fields that accept only named values decide most, so their columns come first.
        let rank = fields.iter().map(|(_, field)| if field.is_exact() { 4 } else { 1 }).sum();
        columns.push((rank, column(path, words, &fields, &dictionaries[path.index()], tests)));
    }
    columns.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let branches = branches.iter().map(|(branch, _)| *branch).collect();
    Group { branches, columns: columns.into_iter().map(|(_, column)| column).collect() }
}

fn column(
    path: PathId,
    words: usize,
    fields: &[(u32, &FieldPredicate)],
    dictionary: &Dictionary,
    tests: &[Predicate],
) -> Column {
    let mut masks = vec![u64::MAX; MASKS * words];
    masks[NAMED * words..].fill(0);
    let mut changes: BTreeMap<(ValueId, u32), MaskDelta> = BTreeMap::new();
    let mut more: BTreeMap<(PredicateId, u32), u64> = BTreeMap::new();
    for &(bit, field) in fields {
        let (word, bits) = (bit / 64, 1_u64 << (bit % 64));
        masks[NAMED * words + word as usize] |= bits;
        let predicates = field.tests.iter().map(|test| &tests[test.index()]);
        let negative: Vec<&Predicate> = predicates.filter(|test| is_negative(test)).collect();
        let base = Kind::ALL.map(|kind| holds_for(kind, ValueId::UNKNOWN, field, &negative));
        for kind in Kind::ALL {
            if !base[kind as usize] {
                masks[kind as usize * words + word as usize] &= !bits;
            }
        }
        if !field.absence {
            masks[ABSENCE * words + word as usize] &= !bits;
        }
        let mut change = |value: ValueId| {
            let (kind, _) = dictionary.kind(value);
            let base = base[kind as usize];
            let exact = holds_for(kind, value, field, &negative);
            let change = || MaskDelta { word, set: 0, clear: 0 };
            // A value that the field names sets its bit even if its kind has set it already. A
            // string that spells an address has two numbers, and the delta of the text may clear
            // the bit that the delta of the address sets.
            if exact && (!base || field.names(value)) {
                changes.entry((value, word)).or_insert_with(change).set |= bits;
            } else if base && !exact {
                changes.entry((value, word)).or_insert_with(change).clear |= bits;
            }
        };
        // `true`, `false` and `null` are the only values of their kinds, so their masks are exact.
        field.ids.iter().filter(|id| **id > ValueId::NULL).for_each(|&id| change(id));
        for &test in &field.tests {
            match &tests[test.index()] {
                Predicate::NoneOf(excluded) => excluded.iter().for_each(|&id| change(id)),
                Predicate::Range(_) | Predicate::Network(_) | Predicate::Text(_) | Predicate::NoText(_) => {
                    *more.entry((test, word)).or_default() |= bits;
                }
            }
        }
    }
    let changes: Vec<((ValueId, u32), MaskDelta)> = changes.into_iter().collect();
    let (mut values, mut deltas) = (Vec::new(), Vec::with_capacity(changes.len()));
    for of_value in changes.chunk_by(|a, b| a.0.0 == b.0.0) {
        let (id, start) = (of_value[0].0.0, deltas.len());
        deltas.extend(of_value.iter().map(|(_, delta)| *delta));
        let changes = TableRange::to_end(start, &deltas);
        values.push(ValueDelta { fingerprint: dictionary.kind(id).1, id, changes });
    }
    values.sort_unstable_by_key(|value| (value.fingerprint, value.id));
    let mut padded = Vec::new();
    fingerprint_table::pad(&values, &mut padded);
    let tests: Box<[Test]> = more
        .into_iter()
        .map(|((test, word), bits)| Test { test, word, bits, prefilter: Prefilter::of(&tests[test.index()]) })
        .collect();
    Column {
        path,
        named: masks[NAMED * words],
        masks: masks.into(),
        filter: FingerprintFilter::of(values.iter().map(|value| value.fingerprint)),
        values: padded.into(),
        changes: deltas.into(),
        cost: tests.iter().fold(0, |sum: u32, test| sum.saturating_add(test.prefilter.cost())),
        tests,
    }
}

/// Returns true if a predicate can hold for a value that no rule names.
fn is_negative(test: &Predicate) -> bool {
    match test {
        Predicate::NoneOf(_) | Predicate::NoText(_) => true,
        Predicate::Range(_) | Predicate::Network(_) | Predicate::Text(_) => false,
    }
}

/// Returns true if the kind and the number of a value show that it satisfies a field. Every
/// predicate on text or size counts as false.
fn holds_for(kind: Kind, value: ValueId, field: &FieldPredicate, negative: &[&Predicate]) -> bool {
    let value = match kind {
        Kind::True => ValueId::TRUE,
        Kind::False => ValueId::FALSE,
        Kind::Null => ValueId::NULL,
        Kind::String | Kind::Number => value,
    };
    field.any
        || field.names(value)
        || negative.iter().any(|test| match test {
            Predicate::NoneOf(excluded) => excluded.binary_search(&value).is_err(),
            Predicate::NoText(_) => kind != Kind::String,
            Predicate::Range(_) | Predicate::Network(_) | Predicate::Text(_) => false,
        })
}
