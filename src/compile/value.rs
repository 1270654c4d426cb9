//! All alternatives on one path to one portfolio of tests, each distinct test once.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::automaton::value::{Range, Satisfied, TextOperation, TextTest, ValueTests};
use crate::id::FieldTestId;
use crate::json::string::{has_surrogate, to_cesu8};
use crate::json::{JsonString, Number};
use crate::pattern::{Alternative, AnythingBut, Bound, NumericRange, ValueTest};
use crate::text::{Address, IgnoreCase, Network, Wildcard};

/// A list of alternatives without regard to their order and repetition.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct ListKey(Box<str>);

impl ListKey {
    pub(super) fn new(alternatives: &[Alternative]) -> ListKey {
        let mut texts: Vec<String> = alternatives.iter().map(ToString::to_string).collect();
        texts.sort_unstable();
        texts.dedup();
        ListKey(texts.join(",").into())
    }
}

/// Collects the tests of one path.
#[derive(Default)]
pub(super) struct PathCompiler {
    tests: ValueTests,
    /// Where in the lists of `tests` a test stands that is tried rather than looked up, by its text.
    places: HashMap<String, usize>,
    weights: Vec<(FieldTestId, u32)>,
}

/// How often a test is expected to hold, in a thousand values. Only the order of magnitude matters.
mod weight {
    pub(super) const EXACT: u32 = 4;
    pub(super) const TEXT: u32 = 20;
    pub(super) const LITERAL: u32 = 100;
    pub(super) const RANGE: u32 = 300;
    pub(super) const NEGATIVE: u32 = 900;
    pub(super) const ALWAYS: u32 = 1_000;
}

impl PathCompiler {
    /// Adds a list of alternatives that no rule has written before on this path. Returns whether absence satisfies
    /// it, and an estimate of the bytes that it takes.
    pub(super) fn add(&mut self, id: FieldTestId, alternatives: &[Alternative]) -> (bool, usize) {
        let mut absence = false;
        let mut size = 0;
        let mut total = 0_u32;
        for alternative in alternatives {
            absence |= alternative.test == ValueTest::Exists(false);
            size += alternative.span.len() + 64;
            total = total.saturating_add(self.add_test(id, &alternative.test));
        }
        self.weights.push((id, total.clamp(1, weight::ALWAYS)));
        (absence, size)
    }

    /// The field tests added, each with the number of values in a thousand that are expected to satisfy it.
    pub(super) fn weights(&self) -> impl Iterator<Item = (FieldTestId, u32)> {
        self.weights.iter().copied()
    }

    pub(super) fn finish(self) -> ValueTests {
        let mut tests = self.tests;
        tests.for_each_satisfied(|satisfied| {
            satisfied.sort_unstable();
            satisfied.dedup();
            satisfied.shrink_to_fit();
        });
        tests
    }

    fn add_test(&mut self, id: FieldTestId, test: &ValueTest) -> u32 {
        let tests = &mut self.tests;
        match test {
            ValueTest::String(text) => match Address::parse(text.as_bytes()) {
                Some(address) => tests.addresses.entry(address).or_default().push(id),
                None => tests.strings.entry(text.as_bytes().into()).or_default().push(id),
            },
            ValueTest::Exactly(text) => tests.strings.entry(text.as_bytes().into()).or_default().push(id),
            ValueTest::Number(number) => match number.comparable() {
                Some(value) => tests.numbers.entry(value).or_default().push(id),
                None => tests.spellings.entry(number.as_str().as_bytes().into()).or_default().push(id),
            },
            ValueTest::True => tests.true_.push(id),
            ValueTest::False => tests.false_.push(id),
            ValueTest::Null => tests.null.push(id),
            ValueTest::Exists(true) => tests.any.push(id),
            ValueTest::Exists(false) => {}
            ValueTest::Numeric(numeric) => self.add_range(id, test, numeric),
            ValueTest::Cidr(text) => {
                let network = Network::parse(text.as_bytes()).expect("the parser accepted the block");
                shared(&mut self.places, &mut self.tests.networks, test, || network).push(id);
            }
            ValueTest::Prefix(text) => self.add_text(id, test, text, TextOperation::Prefix),
            ValueTest::Suffix(text) => self.add_text(id, test, text, TextOperation::Suffix),
            ValueTest::Wildcard(text) => self.add_text(id, test, text, wildcard),
            ValueTest::EqualsIgnoreCase(text) => {
                self.add_folded(id, test, text, TextOperation::EqualsIgnoreCase)
            }
            ValueTest::PrefixIgnoreCase(text) => {
                self.add_folded(id, test, text, TextOperation::PrefixIgnoreCase)
            }
            ValueTest::SuffixIgnoreCase(text) => {
                self.add_folded(id, test, text, TextOperation::SuffixIgnoreCase)
            }
            ValueTest::AnythingBut(excluded) => self.add_excluded(id, test, excluded),
        }
        weight_of(test)
    }

    fn add_range(&mut self, id: FieldTestId, test: &ValueTest, numeric: &NumericRange) {
        let bound = |bound: &Option<Bound>| {
            let bound = bound.as_ref()?;
            Some((bound.number.comparable().expect("the parser accepted the number"), bound.inclusive))
        };
        let range = Range { lower: bound(&numeric.lower), upper: bound(&numeric.upper) };
        match (range.lower, range.upper) {
            (Some((lower, true)), Some((upper, true))) if lower == upper => {
                self.tests.numbers.entry(lower).or_default().push(id);
            }
            _ => shared(&mut self.places, &mut self.tests.ranges, test, || range).push(id),
        }
    }

    fn add_text(
        &mut self,
        id: FieldTestId,
        test: &ValueTest,
        text: &JsonString,
        operation: impl Fn(Box<[u8]>) -> TextOperation,
    ) {
        shared(&mut self.places, &mut self.tests.texts, test, || text_test(text, operation)).push(id);
    }

    fn add_folded(
        &mut self,
        id: FieldTestId,
        test: &ValueTest,
        text: &JsonString,
        operation: impl Fn(IgnoreCase) -> TextOperation,
    ) {
        shared(&mut self.places, &mut self.tests.texts, test, || folded_test(text, operation)).push(id);
    }

    fn add_excluded(&mut self, id: FieldTestId, test: &ValueTest, excluded: &AnythingBut) {
        let (places, tests) = (&mut self.places, &mut self.tests);
        let texts: Vec<TextTest> = match excluded {
            AnythingBut::Strings(texts) => {
                let set = || texts.iter().map(|text| text.as_bytes().into()).collect::<HashSet<Box<[u8]>>>();
                return shared(places, &mut tests.excluded_strings, test, set).push(id);
            }
            AnythingBut::Numbers(numbers) => {
                let set = || numbers.iter().filter_map(Number::comparable).collect();
                return shared(places, &mut tests.excluded_numbers, test, set).push(id);
            }
            AnythingBut::Prefix(texts) => {
                texts.iter().map(|text| text_test(text, TextOperation::Prefix)).collect()
            }
            AnythingBut::Suffix(texts) => {
                texts.iter().map(|text| text_test(text, TextOperation::Suffix)).collect()
            }
            AnythingBut::Wildcard(texts) => texts.iter().map(|text| text_test(text, wildcard)).collect(),
            AnythingBut::EqualsIgnoreCase(texts) => {
                texts.iter().map(|text| folded_test(text, TextOperation::EqualsIgnoreCase)).collect()
            }
        };
        shared(places, &mut tests.excluded_texts, test, || texts).push(id);
    }
}

/// The field tests that a test satisfies, with the test put into `list` unless it is there.
fn shared<'t, T>(
    places: &mut HashMap<String, usize>,
    list: &'t mut Vec<(T, Satisfied)>,
    test: &ValueTest,
    make: impl FnOnce() -> T,
) -> &'t mut Satisfied {
    let mut text = String::new();
    write!(text, "{test}").expect("writing to a string does not fail");
    let place = *places.entry(text).or_insert_with(|| {
        list.push((make(), Satisfied::new()));
        list.len() - 1
    });
    &mut list[place].1
}

fn wildcard(text: Box<[u8]>) -> TextOperation {
    TextOperation::Wildcard(Wildcard::parse(&text).expect("the parser accepted the wildcard"))
}

fn text_test(text: &JsonString, operation: impl Fn(Box<[u8]>) -> TextOperation) -> TextTest {
    let units = has_surrogate(text.as_bytes());
    let mut bytes = Vec::new();
    if units {
        to_cesu8(text.as_bytes(), &mut bytes);
    } else {
        bytes.extend_from_slice(text.as_bytes());
    }
    TextTest { operation: operation(bytes.into()), units }
}

fn folded_test(text: &JsonString, operation: impl Fn(IgnoreCase) -> TextOperation) -> TextTest {
    TextTest { operation: operation(IgnoreCase::new(text.as_bytes())), units: has_surrogate(text.as_bytes()) }
}

fn weight_of(test: &ValueTest) -> u32 {
    match test {
        ValueTest::String(_) | ValueTest::Number(_) | ValueTest::Exactly(_) => weight::EXACT,
        ValueTest::EqualsIgnoreCase(_) => weight::EXACT,
        ValueTest::Numeric(range) if range.comparisons().count() == 1 && range.lower == range.upper => {
            weight::EXACT
        }
        ValueTest::True | ValueTest::False | ValueTest::Null => weight::LITERAL,
        ValueTest::Prefix(text) | ValueTest::Suffix(text) | ValueTest::Wildcard(text)
            if text.as_bytes().len() < 2 =>
        {
            weight::NEGATIVE
        }
        ValueTest::Prefix(_)
        | ValueTest::PrefixIgnoreCase(_)
        | ValueTest::Suffix(_)
        | ValueTest::SuffixIgnoreCase(_)
        | ValueTest::Wildcard(_)
        | ValueTest::Cidr(_) => weight::TEXT,
        ValueTest::Numeric(_) => weight::RANGE,
        ValueTest::AnythingBut(_) => weight::NEGATIVE,
        ValueTest::Exists(_) => weight::ALWAYS,
    }
}
