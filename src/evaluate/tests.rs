use super::{Evaluator, Memo};
use crate::event::builder::EventBuilder;
use crate::event::{Leaf, State};
use crate::id::{LeafId, PathId, PredicateId, ScopeId};
use crate::json::Kind;
use crate::json::number::Comparable;
use crate::path::trie::PathTrie;
use crate::predicate::Predicates;
use crate::predicate::dictionary::{Dictionary, ValueId};
use crate::predicate::field::FieldPredicate;
use crate::predicate::index::PredicateIndex;
use crate::predicate::prefilter::FieldPrefilter;
use crate::predicate::test::{Predicate, Range};
use crate::work::Work;

/// The number of predicates on a path, which is more than the bits of a word.
const PREDICATES: u32 = 70;

/// Fills a builder without JSON. Each leaf has a path, a kind, a state and a text. Returns the text
/// of the event.
fn fill(builder: &mut EventBuilder, leaves: &[(u32, Kind, State, &str)]) -> Vec<u8> {
    let mut text = Vec::new();
    builder.begin(2, leaves.len(), 0);
    for &(path, kind, state, value) in leaves {
        let leaf = (kind, text.len(), if kind == Kind::String { value.len() } else { 0 });
        builder.push(Leaf::new(PathId(path), ScopeId::ROOT, leaf, state));
        text.extend_from_slice(value.as_bytes());
        // A number ends at the next byte.
        text.push(b',');
    }
    text
}

fn at_least(least: u32) -> Predicate {
    Predicate::Range(Range { lower: Some((Comparable::from_f64(f64::from(least)), true)), upper: None })
}

/// Returns the predicates "at least 0", "at least 1" and so on, for each of two paths.
fn predicates() -> Predicates {
    let of_path = || (0..PREDICATES).map(at_least);
    let index = || Some(Box::new(PredicateIndex::new(&of_path().collect::<Vec<_>>())));
    let mut paths = PathTrie::new();
    paths.insert(b"a", PathId(0));
    paths.insert(b"b", PathId(1));
    paths.choose_seeds();
    Predicates {
        paths,
        dictionaries: [Dictionary::default(), Dictionary::default()].into(),
        has_addresses: [false, false].into(),
        tests: of_path().chain(of_path()).collect(),
        indexes: [index(), index()].into(),
        bits: (0..PREDICATES).chain(0..PREDICATES).collect(),
        costs: [1; 2 * PREDICATES as usize].into(),
        always_indexed: false,
    }
}

fn field(path: u32, least: u32) -> FieldPredicate {
    FieldPredicate {
        path: PathId(path),
        absence: false,
        any: false,
        prefilter: FieldPrefilter::Nothing,
        ids: [].into(),
        tests: [PredicateId(path * PREDICATES + least)].into(),
    }
}

fn unlimited() -> Work {
    let mut work = Work::default();
    work.begin(u64::MAX);
    work
}

#[test]
fn index_equals_single_predicates() {
    let number = |path, text| (path, Kind::Number, State::Raw, text);
    let mut predicates = predicates();
    for are_together in [false, true] {
        predicates.always_indexed = are_together;
        let mut builder = EventBuilder::default();
        let text = fill(&mut builder, &[number(0, "3"), number(1, "66"), number(1, "-1")]);
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(&predicates, builder.finish(&text), &mut memo, unlimited());
        for (path, most) in [(0, 3), (1, 66)] {
            if are_together {
                // Two values and two words of bits take some tens of steps.
                evaluator.work.begin(100);
                assert!(evaluator.satisfied(PathId(path), 0).is_some());
                assert!(!evaluator.work.is_exhausted());
                evaluator.work.begin(u64::MAX);
            }
            for least in 0..PREDICATES {
                let holds = evaluator.any_satisfies(&field(path, least));
                assert_eq!(holds, least <= most, "{path} {least} {are_together}");
            }
        }
    }
}

#[test]
fn digest_is_computed_once() {
    let predicates = predicates();
    let mut builder = EventBuilder::default();
    let text = fill(&mut builder, &[(0, Kind::String, State::Escaped, r"a\u0062")]);
    let mut memo = Memo::default();
    let mut evaluator = Evaluator::new(&predicates, builder.finish(&text), &mut memo, unlimited());
    let first = *evaluator.digest(LeafId(0));
    let steps = evaluator.work.steps();
    assert!(steps > 0);
    assert_eq!(evaluator.digest(LeafId(0)).fingerprint, first.fingerprint);
    assert_eq!(evaluator.work.steps(), steps);
    assert_eq!(evaluator.event.leaves[0].text(&text, &evaluator.memo.decoded), b"ab");
}

#[test]
fn memo_is_cleared_between_events() {
    let predicates = predicates();
    let mut memo = Memo::default();
    for (value, most) in [("5", 5), ("2", 2)] {
        let mut builder = EventBuilder::default();
        let text = fill(&mut builder, &[(0, Kind::Number, State::Raw, value)]);
        let mut evaluator = Evaluator::new(&predicates, builder.finish(&text), &mut memo, unlimited());
        for least in 0..PREDICATES {
            assert_eq!(evaluator.satisfies(LeafId(0), &field(0, least)), least <= most, "{value} {least}");
        }
        assert_eq!(evaluator.ids(LeafId(0)), (ValueId::UNKNOWN, ValueId::UNKNOWN));
    }
}

#[test]
fn budget_is_checked() {
    let predicates = predicates();
    let mut builder = EventBuilder::default();
    let text = fill(&mut builder, &[(0, Kind::Number, State::Raw, "1"); 100]);
    let mut memo = Memo::default();
    let mut work = Work::default();
    work.begin(50);
    let mut evaluator = Evaluator::new(&predicates, builder.finish(&text), &mut memo, work);
    assert!(evaluator.check_budget().is_ok());
    assert!(!evaluator.any_satisfies(&field(0, PREDICATES - 1)));
    assert!(evaluator.check_budget().is_err());
}
