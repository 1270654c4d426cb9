//! The alternatives of a field to a [`FieldTest`].

use std::fmt::Write;

use hashbrown::HashMap;

use crate::id::{PathId, TestId};
use crate::json::number::Comparable;
use crate::json::string::{has_surrogate, to_cesu8};
use crate::json::{JsonString, Number};
use crate::pattern::{self, Alternative, AnythingBut, Bound, NumericRange};
use crate::strategy::Use;
use crate::text::{Address, IgnoreCase, Network, Wildcard};
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::{Dictionary, ValueId};
use crate::vocabulary::guard::{Glance, Guard};
use crate::vocabulary::portfolio::Portfolio;
use crate::vocabulary::sketch::Filter;
use crate::vocabulary::test::{FieldTest, Range, TextOperation, TextTest, ValueTest};

/// Writes a path and a list of alternatives, without regard to their order and repetition, in the place of what `key` held.
pub(super) fn write_key(path: PathId, alternatives: &[Alternative], key: &mut String) {
    key.clear();
    write!(key, "{} ", path.0).expect(INFALLIBLE);
    if let [one] = alternatives {
        write!(key, "{one}").expect(INFALLIBLE);
        return;
    }
    let mut texts: Vec<String> = alternatives.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    key.push_str(&texts.join(","));
}

const INFALLIBLE: &str = "writing to a string does not fail";

/// The tests that are more than equality, each distinct one once.
#[derive(Default)]
pub(super) struct Tests {
    tests: Vec<ValueTest>,
    /// For each test its path.
    paths: Vec<PathId>,
    /// The index of a test by its path and its text.
    places: HashMap<Box<str>, TestId>,
    /// A path and a text.
    key: String,
    /// The bytes that these tests take when they are compiled, without a portfolio.
    size: usize,
}

impl Tests {
    /// The bytes that these tests take in any case when they are compiled.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    fn add(&mut self, path: PathId, test: &pattern::ValueTest, make: impl FnOnce() -> ValueTest) -> TestId {
        self.key.clear();
        write!(self.key, "{} {test}", path.0).expect(INFALLIBLE);
        *self.places.entry_ref(self.key.as_str()).or_insert_with(|| {
            let test = make();
            // Its number in a portfolio, and its weight.
            self.size += size_of::<ValueTest>() + test.memory_usage() + 2 * size_of::<u32>();
            self.tests.push(test);
            self.paths.push(path);
            TestId(self.tests.len() as u32 - 1)
        })
    }

    /// Gives all tests of a path to a portfolio, where there are many.
    pub(super) fn finish(self, paths: usize, portfolios: Use) -> CompiledTests {
        let few = portfolios.beyond(Vocabulary::FEW_TESTS);
        let mut of_path: Vec<Vec<TestId>> = vec![Vec::new(); paths];
        for (test, at) in self.tests.iter().zip(0..) {
            // What is decided by the number of a value takes no bit.
            if !matches!(test, ValueTest::NoneOf(_)) {
                of_path[self.paths[at as usize].index()].push(TestId(at));
            }
        }
        let mut bits = vec![Vocabulary::NO_BIT; self.tests.len()];
        let portfolios = of_path.iter().map(|ids| {
            let tests = || ids.iter().map(|id| &self.tests[id.index()]);
            let conditions: usize = tests().map(ValueTest::conditions).sum();
            (conditions > few).then(|| {
                ids.iter().zip(0..).for_each(|(id, bit)| bits[id.index()] = bit);
                Box::new(Portfolio::new(tests()))
            })
        });
        CompiledTests { portfolios: portfolios.collect(), tests: self.tests.into(), bits: bits.into() }
    }
}

/// As [`Vocabulary`] has them.
pub(super) struct CompiledTests {
    pub(super) tests: Box<[ValueTest]>,
    pub(super) portfolios: Box<[Option<Box<Portfolio>>]>,
    pub(super) bits: Box<[u32]>,
}

/// Compiles a list of alternatives: values get numbers, and what is more than equality becomes a test.
pub(super) fn compile(
    path: PathId,
    alternatives: &[Alternative],
    dictionary: &mut Dictionary,
    tests: &mut Tests,
) -> FieldTest {
    let (mut absence, mut any, mut ids, mut indices) = (false, false, Vec::new(), Vec::new());
    for Alternative { test, .. } in alternatives {
        match test {
            pattern::ValueTest::Exists(true) => any = true,
            pattern::ValueTest::Exists(false) => absence = true,
            pattern::ValueTest::String(text) => ids.push(match Address::parse(text.as_bytes()) {
                Some(address) => dictionary.add_address(address),
                None => dictionary.add_string(text.as_bytes()),
            }),
            pattern::ValueTest::Exactly(text) => ids.push(dictionary.add_string(text.as_bytes())),
            pattern::ValueTest::Number(number) => ids.push(match number.comparable() {
                Some(value) => dictionary.add_number(value),
                None => dictionary.add_spelling(number.as_str().as_bytes()),
            }),
            pattern::ValueTest::True => ids.push(ValueId::TRUE),
            pattern::ValueTest::False => ids.push(ValueId::FALSE),
            pattern::ValueTest::Null => ids.push(ValueId::NULL),
            pattern::ValueTest::Numeric(numeric) => match range(numeric) {
                // Equality by value is what a plain number means too, as comparable numbers go.
                Range { lower: Some((value, true)), upper: Some((other, true)) } if value == other => {
                    ids.push(dictionary.add_number(value));
                }
                range => indices.push(tests.add(path, test, || ValueTest::Range(range))),
            },
            pattern::ValueTest::Cidr(text) => {
                dictionary.add_network();
                let network = || Network::parse(text.as_bytes()).expect("the parser accepted the block");
                indices.push(tests.add(path, test, || ValueTest::Network(network())));
            }
            pattern::ValueTest::AnythingBut(excluded) => {
                let compiled = none_of(excluded, dictionary);
                indices.push(tests.add(path, test, || compiled));
            }
            text => indices.push(tests.add(path, test, || ValueTest::Text(text_test(text)))),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    indices.sort_unstable();
    indices.dedup();
    let glance = match *indices {
        [] => Glance::Values(Filter::of(ids.iter().map(|id| dictionary.kind(*id).1))),
        [test] if ids.is_empty() => Glance::Test(Guard::of(&tests.tests[test.index()])),
        _ => Glance::Nothing,
    };
    FieldTest { path, absence, any, glance, ids: ids.into(), tests: indices.into() }
}

fn range(numeric: &NumericRange) -> Range {
    let bound = |bound: &Option<Bound>| -> Option<(Comparable, bool)> {
        let bound = bound.as_ref()?;
        Some((bound.number.comparable().expect("the parser accepted the number"), bound.inclusive))
    };
    Range { lower: bound(&numeric.lower), upper: bound(&numeric.upper) }
}

fn none_of(excluded: &AnythingBut, dictionary: &mut Dictionary) -> ValueTest {
    let ids = |mut ids: Vec<ValueId>| {
        ids.sort_unstable();
        ids.dedup();
        ValueTest::NoneOf(ids.into())
    };
    let texts = |texts: &[JsonString], operation: fn(&JsonString) -> TextTest| {
        ValueTest::NoText(texts.iter().map(operation).collect())
    };
    match excluded {
        // What is excluded is text, never an address.
        AnythingBut::Strings(texts) => {
            ids(texts.iter().map(|text| dictionary.add_string(text.as_bytes())).collect())
        }
        AnythingBut::Numbers(numbers) => ids(numbers
            .iter()
            .filter_map(Number::comparable)
            .map(|value| dictionary.add_number(value))
            .collect()),
        AnythingBut::Prefix(prefixes) => texts(prefixes, |text| plain(text, TextOperation::Prefix)),
        AnythingBut::Suffix(suffixes) => texts(suffixes, |text| plain(text, TextOperation::Suffix)),
        AnythingBut::Wildcard(wildcards) => texts(wildcards, |text| plain(text, wildcard)),
        AnythingBut::EqualsIgnoreCase(all) => {
            texts(all, |text| folded(text, TextOperation::EqualsIgnoreCase))
        }
    }
}

fn text_test(test: &pattern::ValueTest) -> TextTest {
    match test {
        pattern::ValueTest::Prefix(text) => plain(text, TextOperation::Prefix),
        pattern::ValueTest::Suffix(text) => plain(text, TextOperation::Suffix),
        pattern::ValueTest::Wildcard(text) => plain(text, wildcard),
        pattern::ValueTest::EqualsIgnoreCase(text) => folded(text, TextOperation::EqualsIgnoreCase),
        pattern::ValueTest::PrefixIgnoreCase(text) => folded(text, TextOperation::PrefixIgnoreCase),
        pattern::ValueTest::SuffixIgnoreCase(text) => folded(text, TextOperation::SuffixIgnoreCase),
        _ => unreachable!("only tests of text are left"),
    }
}

fn wildcard(text: Box<[u8]>) -> TextOperation {
    TextOperation::Wildcard(Wildcard::parse(&text).expect("the parser accepted the wildcard"))
}

fn plain(text: &JsonString, operation: impl Fn(Box<[u8]>) -> TextOperation) -> TextTest {
    let units = has_surrogate(text.as_bytes());
    let mut bytes = Vec::new();
    if units {
        to_cesu8(text.as_bytes(), &mut bytes);
    } else {
        bytes.extend_from_slice(text.as_bytes());
    }
    TextTest { operation: operation(bytes.into()), units }
}

fn folded(text: &JsonString, operation: impl Fn(IgnoreCase) -> TextOperation) -> TextTest {
    TextTest { operation: operation(IgnoreCase::new(text.as_bytes())), units: has_surrogate(text.as_bytes()) }
}
