//! An index agrees with its predicates.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::{IndexScratch, PredicateIndex};
use crate::json::Kind;
use crate::json::number::Comparable;
use crate::json::string::{has_surrogate, to_cesu8};
use crate::operator::affix::{Prefix, Suffix};
use crate::operator::ignore_case::{EqualsIgnoreCase, PrefixIgnoreCase, SuffixIgnoreCase};
use crate::operator::{Address, IgnoreCase, Network, TextOperation, Wildcard};
use crate::predicate::dictionary::ValueId;
use crate::predicate::test::{Predicate, Range, TextPredicate, Value};
use crate::work::Work;

/// A value that owns its text.
#[derive(Clone, Debug)]
enum Owned {
    Text(Vec<u8>),
    Number(Option<Comparable>),
    Other(Kind),
}

impl Owned {
    fn value(&self) -> Value<'_> {
        let (kind, text, number) = match self {
            Owned::Text(text) => (Kind::String, &text[..], None),
            Owned::Number(number) => (Kind::Number, &b""[..], *number),
            Owned::Other(kind) => (*kind, &b""[..], None),
        };
        let address = if kind == Kind::String { Address::parse(text) } else { None };
        Value { kind, text, number, address, id: ValueId::UNKNOWN }
    }
}

fn check(index: &PredicateIndex, tests: &[Predicate], values: &[Owned], scratch: &mut IndexScratch) {
    assert_eq!(index.words(), tests.len().div_ceil(64));
    for owned in values {
        let value = owned.value();
        let mut satisfied = vec![0; index.words()];
        index.classify(value, scratch, &mut satisfied, &mut Work::default());
        for (i, test) in tests.iter().enumerate() {
            let expected = test.holds(value, &mut Vec::new(), &mut Work::default());
            assert_eq!(satisfied[i / 64] >> (i % 64) & 1 == 1, expected, "{owned:?} {test:?}");
        }
        assert_eq!(satisfied.iter().map(|word| word.count_ones()).sum::<u32>() as usize, {
            tests.iter().filter(|test| test.holds(value, &mut Vec::new(), &mut Work::default())).count()
        });
    }
}

/// The operand is in CESU-8 if it has an unpaired surrogate, as the compiler encodes it.
fn plain<T: Into<TextOperation>>(text: &[u8], operation: impl Fn(Box<[u8]>) -> T) -> TextPredicate {
    let units = has_surrogate(text);
    let mut bytes = Vec::new();
    if units {
        to_cesu8(text, &mut bytes);
    } else {
        bytes.extend_from_slice(text);
    }
    TextPredicate { operation: operation(bytes.into()).into(), units }
}

fn folded<T: Into<TextOperation>>(text: &[u8], operation: impl Fn(IgnoreCase) -> T) -> TextPredicate {
    TextPredicate { operation: operation(IgnoreCase::new(text)).into(), units: has_surrogate(text) }
}

/// Builds a wildcard from a text in which `*` is part, but never twice in a row.
fn wildcard(text: &[u8]) -> TextPredicate {
    let mut single = text.to_vec();
    single.dedup_by(|a, b| (*a, *b) == (b'*', b'*'));
    plain(&single, |text| Wildcard::parse(&text).expect("stars stand apart"))
}

/// Parts of texts that are easily confused, in WTF-8.
const PARTS: [&[u8]; 30] = [
    b"a",
    b"a",
    b"b",
    b"ab",
    b"A",
    b"B",
    b"aaaa",
    b"abcdefgh",
    b"k",
    b"K",
    b"s",
    b"SS",
    b"fi",
    b"FI",
    b"i",
    b"I",
    "ß".as_bytes(),
    "ﬁ".as_bytes(),
    "\u{212A}".as_bytes(),
    "\u{130}".as_bytes(),
    "i\u{307}".as_bytes(),
    "ς".as_bytes(),
    "Σ".as_bytes(),
    "ǅ".as_bytes(),
    "大".as_bytes(),
    "😀".as_bytes(),
    // Half of a surrogate pair, and the two halves of a pair.
    b"\xED\xA0\xBD",
    b"\xED\xB8\x80",
    "𐐀".as_bytes(),
    "𐐨".as_bytes(),
];

fn join(parts: Vec<&[u8]>) -> Vec<u8> {
    // Two adjacent halves of a pair would be one character.
    let mut text = Vec::new();
    for part in parts {
        if part.starts_with(b"\xED\xB8") && text.ends_with(b"\xED\xA0\xBD") {
            text.push(b'-');
        }
        text.extend_from_slice(part);
    }
    text
}

fn text(range: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    // Half of the texts have few distinct letters, so they overlap; the others are arbitrary.
    prop_oneof![
        vec(prop::sample::select(&PARTS[..4]), range.clone()).prop_map(join),
        vec(prop::sample::select(&PARTS[..]), range).prop_map(join),
    ]
}

fn starred() -> impl Strategy<Value = Vec<u8>> {
    vec(text(0..3), 1..6).prop_map(|pieces| pieces.join(&b'*'))
}

fn text_test() -> impl Strategy<Value = TextPredicate> {
    prop_oneof![
        text(0..4).prop_map(|text| plain(&text, Prefix)),
        text(0..4).prop_map(|text| plain(&text, Suffix)),
        text(0..4).prop_map(|text| folded(&text, EqualsIgnoreCase)),
        text(0..4).prop_map(|text| folded(&text, PrefixIgnoreCase)),
        text(0..4).prop_map(|text| folded(&text, SuffixIgnoreCase)),
        starred().prop_map(|text| wildcard(&text)),
        starred().prop_map(|text| wildcard(&text)),
    ]
}

fn number() -> impl Strategy<Value = Comparable> {
    prop_oneof![(-5..6_i32).prop_map(f64::from), Just(0.5), Just(1e300), Just(-1e300), Just(4.9e-324)]
        .prop_map(Comparable::from_f64)
}

fn network() -> impl Strategy<Value = Network> {
    let v4 = (0..33_u32, address_bits()).prop_map(|(bits, address)| {
        format!("{}/{}", std::net::Ipv4Addr::from_bits(address as u32), bits.min(31))
    });
    let v6 = (0..129_u32, address_bits()).prop_map(|(bits, address)| {
        format!("{:x}:{:x}::{:x}/{}", address >> 8 & 3, address & 3, address as u16, bits.min(127))
    });
    prop_oneof![v4, v6].prop_map(|text| Network::parse(text.as_bytes()).expect("it is well spelled"))
}

fn address_bits() -> impl Strategy<Value = u64> {
    prop_oneof![0..4_u64, Just(0x0A00_0000), 0x0A00_0000..0x0A00_0300_u64, any::<u64>()]
}

fn value_test() -> impl Strategy<Value = Predicate> {
    let bound = || option::weighted(0.8, (number(), any::<bool>()));
    prop_oneof![
        2 => (bound(), bound()).prop_map(|(lower, upper)| Predicate::Range(Range { lower, upper })),
        2 => network().prop_map(Predicate::Network),
        6 => text_test().prop_map(Predicate::Text),
        2 => vec(text_test(), 0..4).prop_map(|texts| Predicate::NoText(texts.into())),
    ]
}

fn value() -> impl Strategy<Value = Owned> {
    let v4 = address_bits().prop_map(|bits| std::net::Ipv4Addr::from_bits(bits as u32).to_string());
    let v6 = address_bits().prop_map(|bits| format!("{:x}:{:x}::{:X}", bits >> 8 & 3, bits & 3, bits as u16));
    let mapped =
        address_bits().prop_map(|bits| format!("::ffff:{:x}:{:x}", (bits >> 16) as u16, bits as u16));
    prop_oneof![
        6 => text(0..12).prop_map(Owned::Text),
        1 => prop_oneof![v4, v6, mapped].prop_map(|text| Owned::Text(text.into())),
        2 => option::weighted(0.9, number()).prop_map(Owned::Number),
        1 => prop::sample::select(&[Kind::True, Kind::False, Kind::Null][..]).prop_map(Owned::Other),
    ]
}

#[test]
fn memory_is_linear_and_scratch_does_not_grow() {
    let texts = |count: usize| {
        (0..count).flat_map(|i| {
            [
                plain(format!("a{i}").as_bytes(), Prefix),
                plain(format!("{i}a").as_bytes(), Suffix),
                folded(format!("Ab{i}").as_bytes(), EqualsIgnoreCase),
                folded(format!("ß{i}").as_bytes(), PrefixIgnoreCase),
                wildcard(format!("a*{i}*b*{}*c", i * 3).as_bytes()),
            ]
        })
    };
    let range = |i: usize| {
        let lower = Some((Comparable::from_f64(i as f64), true));
        Predicate::Range(Range { lower, upper: None })
    };
    let mut scratch = IndexScratch::default();
    for count in if cfg!(miri) { [10, 20, 40] } else { [10, 100, 1_000] } {
        let single = texts(count).map(Predicate::Text);
        let excluding = texts(count).map(|text| Predicate::NoText([text].into()));
        let tests: Vec<Predicate> = single.chain(excluding).chain((0..count).map(range)).collect();
        let index = PredicateIndex::new(&tests);
        assert!(index.memory_usage() < 200 * tests.len(), "{count}: {}", index.memory_usage());
        let values = ["a7 17 b 51 c", "ß1", "aaaaaaaa"].map(|text| Owned::Text(text.into()));
        check(&index, &tests, &values, &mut scratch);
        let before = scratch.memory_usage();
        assert!(before >= count * size_of::<u32>(), "every piece has a place: {before}");
        check(&index, &tests, &values, &mut scratch);
        assert_eq!(scratch.memory_usage(), before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn few_predicates_agree_with_index(tests in vec(value_test(), 0..8), values in vec(value(), 1..20)) {
        check(&PredicateIndex::new(&tests), &tests, &values, &mut IndexScratch::default());
    }

    #[test]
    fn many_predicates_agree_with_index(tests in vec(value_test(), 50..250), values in vec(value(), 1..20)) {
        check(&PredicateIndex::new(&tests), &tests, &values, &mut IndexScratch::default());
    }

    #[test]
    fn one_scratch_serves_several_indexes(
        indexes in vec(vec(value_test(), 0..40), 2..5),
        values in vec(value(), 1..20),
    ) {
        let mut scratch = IndexScratch::default();
        let indexes: Vec<_> = indexes.iter().map(|tests| (PredicateIndex::new(tests), tests)).collect();
        for value in values {
            for (index, tests) in &indexes {
                check(index, tests, std::slice::from_ref(&value), &mut scratch);
            }
        }
    }

    /// The values are so long that pieces are searched one by one at first.
    #[test]
    fn wildcards_on_long_values_agree_with_index(
        tests in vec(starred().prop_map(|text| Predicate::Text(wildcard(&text))), 5..60),
        values in vec(text(30..300).prop_map(Owned::Text), 1..5),
    ) {
        check(&PredicateIndex::new(&tests), &tests, &values, &mut IndexScratch::default());
    }
}
