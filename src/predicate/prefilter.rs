//! Prefilters: most predicates are decided by a few words of a value.
//!
//! A [`Prefilter`] is a range. One word of the value must be in the range if the predicate holds. A
//! prefilter is stored beside each use of its predicate, so most predicates are decided without a
//! read of the predicate itself, which in a large set is in no L1 or L2 cache. The words of a value
//! are its [`Digest`].
//!
//! [`Predicate::holds`] defines the predicate. A prefilter never rejects a value that satisfies the
//! predicate, and never accepts another one.

use crate::json::number::Comparable;
use crate::operator::text::{Between, Ends, TextOperator};
use crate::operator::{Address, Network};

use super::digest::{Digest, FingerprintFilter, Word, first, last};
use super::test::{Predicate, Range, TextPredicate};

/// A range that contains a word of every value that satisfies a predicate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefilter {
    least: u64,
    /// The difference between the largest and the least word of the range.
    span: u64,
    /// The cost of an evaluation, in units of the cost of a prefilter check.
    cost: u32,
    word: Word,
    /// True if ASCII letters are converted to lower case first.
    lower: bool,
    /// True if every value whose word is in the range satisfies the predicate.
    exact: bool,
    /// True if the predicate holds for values whose word is outside the range.
    negated: bool,
}

/// The result of a prefilter check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Reject,
    Accept,
    /// The predicate itself must be evaluated.
    Verify,
}

impl Prefilter {
    const NOTHING: Prefilter = Prefilter::new(Word::Rest, 0, u64::MAX, false);

    const fn new(word: Word, least: u64, most: u64, exact: bool) -> Prefilter {
        Prefilter { least, span: most - least, cost: 1, word, lower: false, exact, negated: false }
    }

    /// The cost of one condition of a predicate whose prefilter decides nothing.
    pub(crate) const MOST_COST: u32 = 6;

    /// Returns the cost of an evaluation, in units of the cost of a prefilter check.
    pub(crate) fn cost(&self) -> u32 {
        self.cost
    }

    pub(crate) fn of(test: &Predicate) -> Prefilter {
        let prefilter = Prefilter::range_of(test);
        if prefilter.span < u64::MAX || prefilter.exact {
            return prefilter;
        }
        let conditions = u32::try_from(test.conditions()).unwrap_or(u32::MAX);
        Prefilter { cost: conditions.saturating_mul(Prefilter::MOST_COST).max(1), ..prefilter }
    }

    fn range_of(test: &Predicate) -> Prefilter {
        match test {
            Predicate::Range(range) => Prefilter::of_range(*range),
            Predicate::Network(network) => Prefilter::of_network(network),
            Predicate::Text(text) => Prefilter::of_text(text),
            Predicate::NoneOf(_) => Prefilter::NOTHING,
            Predicate::NoText(texts) => match &**texts {
                [text] => Prefilter { negated: true, ..Prefilter::of_text(text) },
                _ => Prefilter::NOTHING,
            },
        }
    }

    fn of_range(range: Range) -> Prefilter {
        // The ordinals of adjacent comparable numbers differ by one.
        let bound = |(number, _): (Comparable, bool)| number.ordinal();
        let least = range.lower.map_or(0, |lower| bound(lower) + u64::from(!lower.1));
        let most = range.upper.map_or(u64::MAX, |upper| bound(upper) - u64::from(!upper.1));
        if least <= most { Prefilter::new(Word::Number, least, most, true) } else { Prefilter::NOTHING }
    }

    fn of_network(network: &Network) -> Prefilter {
        match network.range() {
            (Address::V4(first), Address::V4(last)) => {
                Prefilter::new(Word::V4, u64::from(first), u64::from(last), true)
            }
            (Address::V6(first), Address::V6(last)) => {
                let is_exact = first as u64 == 0 && last as u64 == u64::MAX;
                Prefilter::new(Word::V6, (first >> 64) as u64, (last >> 64) as u64, is_exact)
            }
            _ => Prefilter::NOTHING,
        }
    }

    fn of_text(test: &TextPredicate) -> Prefilter {
        // A text with an unpaired surrogate is in CESU-8, and the words of the digest are in WTF-8.
        if test.units {
            return Prefilter::NOTHING;
        }
        let Ends { prefix, suffix, between, ignores_case, .. } = test.operation.ends();
        // The longer end distinguishes more texts.
        let (word, end, other) = if prefix.len() >= suffix.len() {
            (Word::First, prefix, suffix)
        } else {
            (Word::Last, suffix, prefix)
        };
        let whole = between == Between::Anything && other.is_empty();
        Prefilter { lower: ignores_case, ..Prefilter::at_end(word, &end, whole) }
    }

    /// Returns the prefilter for texts that have `text` at the end of the word. `whole` is true if
    /// the predicate requires nothing else.
    fn at_end(word: Word, text: &[u8], whole: bool) -> Prefilter {
        let least = if word == Word::First { first(text) } else { last(text) };
        let most = least | u64::MAX.checked_shr(8 * text.len() as u32).unwrap_or(0);
        // A zero byte is indistinguishable from the padding after a short text.
        Prefilter::new(word, least, most, whole && text.len() <= 8 && !text.contains(&0))
    }

    #[inline]
    pub(crate) fn check(&self, digest: &Digest) -> Verdict {
        let is_within = digest.get(self.word).is_some_and(|word| {
            let word = if self.lower { lower(word) } else { word };
            word.wrapping_sub(self.least) <= self.span
        });
        match (is_within, self.exact) {
            (false, _) => {
                if self.negated {
                    Verdict::Accept
                } else {
                    Verdict::Reject
                }
            }
            (true, true) => {
                if self.negated {
                    Verdict::Reject
                } else {
                    Verdict::Accept
                }
            }
            (true, false) => Verdict::Verify,
        }
    }
}

/// The prefilter of a list of alternatives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FieldPrefilter {
    /// All alternatives are values, which have these fingerprints.
    Values(FingerprintFilter),
    /// The predicate is the only alternative.
    Test(Prefilter),
    /// There are several predicates, or values and predicates.
    Nothing,
}

impl FieldPrefilter {
    #[inline]
    pub(crate) fn check(&self, digest: &Digest) -> Verdict {
        match self {
            FieldPrefilter::Values(filter) => {
                if filter.may_have(digest.fingerprint) || filter.may_have(digest.address_fingerprint) {
                    Verdict::Verify
                } else {
                    Verdict::Reject
                }
            }
            FieldPrefilter::Test(prefilter) => prefilter.check(digest),
            FieldPrefilter::Nothing => Verdict::Verify,
        }
    }
}

/// Returns a word with its ASCII letters in lower case, eight bytes at once.
#[inline]
fn lower(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The highest bits are cleared, so no byte carries into the next.
    let low = word & !HIGH;
    let from_a = low + ONES * (0x80 - b'A' as u64);
    let after_z = low + ONES * (0x7F - b'Z' as u64);
    word | ((from_a ^ after_z) & !word & HIGH) >> 2
}

#[cfg(test)]
mod tests {
    use super::{Prefilter, Verdict};
    use crate::json::Kind;
    use crate::json::number::Comparable;
    use crate::operator::affix::{Prefix, Suffix};
    use crate::operator::ignore_case::{EqualsIgnoreCase, PrefixIgnoreCase, SuffixIgnoreCase};
    use crate::operator::{Address, IgnoreCase, Network, TextOperation, Wildcard};
    use crate::predicate::dictionary::ValueId;
    use crate::predicate::digest::{Digest, Fingerprint};
    use crate::predicate::test::{Predicate, Range, TextPredicate, Value};
    use crate::work::Work;

    fn value(kind: Kind, text: &str) -> Value<'_> {
        let is_string = kind == Kind::String;
        Value {
            kind,
            text: if is_string { text.as_bytes() } else { b"" },
            number: (kind == Kind::Number).then(|| Comparable::parse(text.as_bytes())).flatten(),
            address: is_string.then(|| Address::parse(text.as_bytes())).flatten(),
            id: ValueId::UNKNOWN,
        }
    }

    fn digest(value: Value<'_>) -> Digest {
        match value.kind {
            Kind::String => Digest::of_string(value.text, (0, value.text.len()), value.address),
            _ => value.number.map_or(Digest::new(Fingerprint::NONE), Digest::of_number),
        }
    }

    /// Returns how often each verdict occurred. Compares each definite verdict with the predicate.
    fn compare(tests: &[Predicate], values: &[Value<'_>]) -> [usize; 3] {
        let mut said = [0; 3];
        for test in tests {
            for &value in values {
                let holds = test.holds(value, &mut Vec::new(), &mut Work::default());
                let answer = Prefilter::of(test).check(&digest(value));
                match answer {
                    Verdict::Accept => assert!(holds, "{test:?} {value:?}"),
                    Verdict::Reject => assert!(!holds, "{test:?} {value:?}"),
                    Verdict::Verify => {}
                }
                said[answer as usize] += 1;
            }
        }
        said
    }

    const TEXTS: [&str; 36] = [
        "",
        "a",
        "A",
        "ab",
        "aB",
        "b",
        "ba",
        "abc",
        "abcd",
        "Abcd",
        "abcde",
        "abcdefg",
        "abcdefgh",
        "ABCDEFGH",
        "abcdefghi",
        "bcdefgh",
        "xabcdefgh",
        "abcdefgH",
        "a\0",
        "\0",
        "\0a",
        "ab\0\0",
        "é",
        "É",
        "aé",
        "éa",
        "ß",
        "ss",
        "SS",
        "\u{212A}",
        "k",
        "K",
        "ſ",
        "s",
        "[{@`",
        "[{ab",
    ];

    #[test]
    fn verdicts_on_texts_agree_with_predicates() {
        let texts = &TEXTS[..if cfg!(miri) { 8 } else { TEXTS.len() }];
        let all = |text: &str| -> [TextOperation; 5] {
            let (bytes, folded) = (|| Box::from(text.as_bytes()), || IgnoreCase::new(text.as_bytes()));
            [
                Prefix(bytes()).into(),
                Suffix(bytes()).into(),
                EqualsIgnoreCase(folded()).into(),
                PrefixIgnoreCase(folded()).into(),
                SuffixIgnoreCase(folded()).into(),
            ]
        };
        let mut operations: Vec<TextOperation> = texts.iter().flat_map(|text| all(text)).collect();
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            for wildcard in [format!("{one}*{other}"), format!("*{one}*"), one.to_string()] {
                operations.extend(Wildcard::parse(wildcard.as_bytes()).map(TextOperation::Wildcard));
            }
        }
        let text = |operation: &TextOperation| TextPredicate { operation: operation.clone(), units: false };
        let tests: Vec<Predicate> = operations
            .iter()
            .flat_map(|operation| {
                [Predicate::Text(text(operation)), Predicate::NoText(Box::new([text(operation)]))]
            })
            .collect();
        let mut values: Vec<Value<'_>> = TEXTS.iter().map(|text| value(Kind::String, text)).collect();
        values.extend([value(Kind::Number, "1"), value(Kind::True, "true"), value(Kind::Null, "null")]);
        let [no, yes, perhaps] = compare(&tests, &values);
        assert!(perhaps < no + yes, "{no} {yes} {perhaps}");
    }

    #[test]
    fn verdicts_on_numbers_agree_with_predicates() {
        let numbers = ["-1e300", "-3.5", "-1", "-0.5", "0", "-0", "5e-300", "1", "1.5", "2", "3", "1e300"];
        let comparable = |text: &str| Comparable::parse(text.as_bytes()).expect("it is comparable");
        let mut tests = Vec::new();
        for lower in numbers {
            for inclusive in [true, false] {
                let lower = Some((comparable(lower), inclusive));
                tests.push(Predicate::Range(Range { lower, upper: None }));
                tests.push(Predicate::Range(Range { lower: None, upper: lower }));
                tests.extend(numbers.map(|upper| {
                    Predicate::Range(Range { lower, upper: Some((comparable(upper), !inclusive)) })
                }));
            }
        }
        let numbers = numbers.map(|text| value(Kind::Number, text));
        let others = [value(Kind::String, "1"), value(Kind::Number, "1e400"), value(Kind::False, "false")];
        let [_, yes, _] = compare(&tests, &[&numbers[..], &others].concat());
        assert!(yes > 500, "{yes}");
    }

    #[test]
    fn verdicts_on_addresses_agree_and_are_mostly_definite() {
        let blocks = [
            "10.0.0.0/8",
            "10.1.2.2/31",
            "0.0.0.0/1",
            "2001:db8::/32",
            "2001:db8::/96",
            "::/1",
            "2001:db8::/127",
        ];
        let tests =
            blocks.map(|text| Predicate::Network(Network::parse(text.as_bytes()).expect("it is a block")));
        let texts =
            ["10.0.0.1", "10.1.2.3", "11.0.0.0", "2001:db8::1", "2001:db8::2", "2001:db9::", "::1", "a"];
        let [_, yes, perhaps] = compare(&tests, &texts.map(|text| value(Kind::String, text)));
        assert!(yes >= 10 && perhaps <= 4, "{yes} {perhaps}");
    }

    #[test]
    fn lower_changes_only_ascii_letters() {
        for byte in 0..=u8::MAX {
            let bytes = [b'Z', byte, b'@', byte, b'[', 0xFF, byte, b'a'];
            let expected = u64::from_be_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
            assert_eq!(super::lower(u64::from_be_bytes(bytes)), expected, "{byte}");
        }
    }

    #[test]
    fn wildcard_is_checked_by_its_longer_end() {
        for (wildcard, text, answer) in [
            ("abc*", "abcd", Verdict::Accept),
            ("abc*", "abd", Verdict::Reject),
            ("*abc", "aabc", Verdict::Accept),
            ("*abc", "abd", Verdict::Reject),
            ("abc*d", "abdd", Verdict::Reject),
            ("a*bcd", "abce", Verdict::Reject),
            ("abc*d", "abcde", Verdict::Verify),
        ] {
            let operation = TextOperation::Wildcard(Wildcard::parse(wildcard.as_bytes()).expect("it is one"));
            let prefilter = Prefilter::of(&Predicate::Text(TextPredicate { operation, units: false }));
            assert_eq!(prefilter.check(&digest(value(Kind::String, text))), answer, "{wildcard} {text}");
        }
    }

    #[test]
    fn predicate_on_code_units_is_verified() {
        let text = TextPredicate { operation: Prefix(Box::from(&b"\xED\xA0\xBD"[..])).into(), units: true };
        let digest = digest(value(Kind::String, "😀"));
        assert_eq!(Prefilter::of(&Predicate::Text(text)).check(&digest), Verdict::Verify);
    }
}
