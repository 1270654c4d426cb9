//! Compiles the alternatives of a field to a [`FieldPredicate`].

use crate::id::{PathId, PredicateId};
use crate::json::string::{has_surrogate, to_cesu8};
use crate::json::{JsonString, Number};
use crate::operator::affix::{Prefix, Suffix};
use crate::operator::ignore_case::{EqualsIgnoreCase, PrefixIgnoreCase, SuffixIgnoreCase};
use crate::operator::{Address, IgnoreCase, TextOperation, Wildcard};
use crate::pattern::{self, Alternative, AnythingBut, Bound, ComparableNumber, NumericRange};
use crate::predicate::dictionary::{Dictionary, ValueId};
use crate::predicate::digest::FingerprintFilter;
use crate::predicate::field::FieldPredicate;
use crate::predicate::prefilter::{FieldPrefilter, Prefilter};
use crate::predicate::test::{Predicate, Range, TextPredicate};

use super::intern::Tests;

/// Compiles a list of alternatives. Plain values get numbers, and every other alternative becomes a
/// predicate.
pub(super) fn compile<'p>(
    path: PathId,
    alternatives: &'p [Alternative],
    dictionary: &mut Dictionary,
    tests: &mut Tests<'p>,
) -> FieldPredicate {
    let (absence, any, ids, indices) = (false, false, Vec::new(), Vec::new());
    let mut field = Field { path, dictionary, tests, absence, any, ids, indices };
    alternatives.iter().for_each(|alternative| field.add(&alternative.test));
    field.finish()
}

/// A [`FieldPredicate`] that is being built.
struct Field<'c, 'p> {
    path: PathId,
    dictionary: &'c mut Dictionary,
    tests: &'c mut Tests<'p>,
    absence: bool,
    any: bool,
    ids: Vec<ValueId>,
    indices: Vec<PredicateId>,
}

impl<'p> Field<'_, 'p> {
    fn add(&mut self, test: &'p pattern::ValueTest) {
        if let Some(id) = value(test, self.dictionary) {
            self.ids.push(id);
            return;
        }
        match test {
            pattern::ValueTest::Exists(true) => self.any = true,
            pattern::ValueTest::Exists(false) => self.absence = true,
            // `value` returns their number.
            pattern::ValueTest::String(_)
            | pattern::ValueTest::Exactly(_)
            | pattern::ValueTest::Number(_)
            | pattern::ValueTest::True
            | pattern::ValueTest::False
            | pattern::ValueTest::Null => {}
            pattern::ValueTest::Numeric(numeric) => self.test(test, || Predicate::Range(range(numeric))),
            pattern::ValueTest::Cidr(cidr) => {
                self.dictionary.add_network();
                self.test(test, || Predicate::Network(cidr.network()));
            }
            pattern::ValueTest::AnythingBut(excluded) => {
                let compiled = none_of(excluded, self.dictionary);
                self.test(test, || compiled);
            }
            pattern::ValueTest::Prefix(text) => self.text(test, || plain(text, Prefix)),
            pattern::ValueTest::Suffix(text) => self.text(test, || plain(text, Suffix)),
            pattern::ValueTest::Wildcard(operand) => self.text(test, || wildcard(operand)),
            pattern::ValueTest::Regexp(regexp) => self
                .text(test, || TextPredicate { operation: regexp.compiled().clone().into(), units: false }),
            pattern::ValueTest::EqualsIgnoreCase(text) => {
                self.text(test, || folded(text, EqualsIgnoreCase));
            }
            pattern::ValueTest::PrefixIgnoreCase(text) => {
                self.text(test, || folded(text, PrefixIgnoreCase));
            }
            pattern::ValueTest::SuffixIgnoreCase(text) => {
                self.text(test, || folded(text, SuffixIgnoreCase));
            }
        }
    }

    /// Adds a predicate other than equality. `make` is called if no other field has the predicate.
    fn test(&mut self, test: &'p pattern::ValueTest, make: impl FnOnce() -> Predicate) {
        self.indices.push(self.tests.add(self.path, test, make));
    }

    fn text(&mut self, test: &'p pattern::ValueTest, make: impl FnOnce() -> TextPredicate) {
        self.test(test, || Predicate::Text(make()));
    }

    fn finish(self) -> FieldPredicate {
        let Field { path, dictionary, tests, absence, any, mut ids, mut indices } = self;
        ids.sort_unstable();
        ids.dedup();
        indices.sort_unstable();
        indices.dedup();
        let prefilter = match *indices {
            [] => FieldPrefilter::Values(FingerprintFilter::of(ids.iter().map(|id| dictionary.kind(*id).1))),
            [test] if ids.is_empty() => FieldPrefilter::Test(Prefilter::of(tests.get(test))),
            _ => FieldPrefilter::Nothing,
        };
        FieldPredicate { path, absence, any, prefilter, ids: ids.into(), tests: indices.into() }
    }
}

/// Returns the number of the one value for which a test holds, or `None` if it is not equality.
pub(super) fn value(test: &pattern::ValueTest, dictionary: &mut Dictionary) -> Option<ValueId> {
    Some(match test {
        pattern::ValueTest::String(text) => string(text, dictionary),
        pattern::ValueTest::Exactly(text) => dictionary.add_string(text.as_bytes()),
        pattern::ValueTest::Number(value) => number(value, dictionary),
        pattern::ValueTest::True => ValueId::TRUE,
        pattern::ValueTest::False => ValueId::FALSE,
        pattern::ValueTest::Null => ValueId::NULL,
        // A plain number is compared by value too, if it is comparable, so both have the same number.
        pattern::ValueTest::Numeric(numeric) => match range(numeric) {
            Range { lower: Some((value, true)), upper: Some((other, true)) } if value == other => {
                dictionary.add_number(value)
            }
            _ => return None,
        },
        _ => return None,
    })
}

fn string(text: &JsonString, dictionary: &mut Dictionary) -> ValueId {
    match Address::parse(text.as_bytes()) {
        Some(address) => dictionary.add_address(address),
        None => dictionary.add_string(text.as_bytes()),
    }
}

fn number(number: &Number, dictionary: &mut Dictionary) -> ValueId {
    match number.comparable() {
        Some(value) => dictionary.add_number(value),
        None => dictionary.add_spelling(number.as_str().as_bytes()),
    }
}

fn range(numeric: &NumericRange) -> Range {
    let bound =
        |bound: &Option<Bound>| bound.as_ref().map(|bound| (bound.number.comparable(), bound.inclusive));
    Range { lower: bound(&numeric.lower), upper: bound(&numeric.upper) }
}

fn none_of(excluded: &AnythingBut, dictionary: &mut Dictionary) -> Predicate {
    let ids = |mut ids: Vec<ValueId>| {
        ids.sort_unstable();
        ids.dedup();
        Predicate::NoneOf(ids.into())
    };
    match excluded {
        // An excluded string is a text and never an address, even if it spells one.
        AnythingBut::Strings(texts) => {
            ids(texts.iter().map(|text| dictionary.add_string(text.as_bytes())).collect())
        }
        AnythingBut::Numbers(numbers) => {
            let values = numbers.iter().map(ComparableNumber::comparable);
            ids(values.map(|value| dictionary.add_number(value)).collect())
        }
        AnythingBut::Prefix(prefixes) => no_text(prefixes, |text| plain(text, Prefix)),
        AnythingBut::Suffix(suffixes) => no_text(suffixes, |text| plain(text, Suffix)),
        AnythingBut::Wildcard(wildcards) => no_text(wildcards, wildcard),
        AnythingBut::EqualsIgnoreCase(texts) => no_text(texts, |text| folded(text, EqualsIgnoreCase)),
    }
}

fn no_text<T>(operands: &[T], compile: impl Fn(&T) -> TextPredicate) -> Predicate {
    Predicate::NoText(operands.iter().map(compile).collect())
}

fn wildcard(operand: &pattern::Wildcard) -> TextPredicate {
    let units = has_surrogate(operand.text().as_bytes());
    let pieces = operand.pieces();
    let wildcard = if units { Wildcard::new(&pieces.encode(in_units)) } else { Wildcard::new(pieces) };
    TextPredicate { operation: wildcard.into(), units }
}

fn plain<T: Into<TextOperation>>(text: &JsonString, operation: impl Fn(Box<[u8]>) -> T) -> TextPredicate {
    let units = has_surrogate(text.as_bytes());
    let text = if units { in_units(text.as_bytes()) } else { text.as_bytes().into() };
    TextPredicate { operation: operation(text).into(), units }
}

fn in_units(wtf8: &[u8]) -> Box<[u8]> {
    let mut bytes = Vec::new();
    to_cesu8(wtf8, &mut bytes);
    bytes.into()
}

fn folded<T: Into<TextOperation>>(text: &JsonString, operation: impl Fn(IgnoreCase) -> T) -> TextPredicate {
    TextPredicate {
        operation: operation(IgnoreCase::new(text.as_bytes())).into(),
        units: has_surrogate(text.as_bytes()),
    }
}
