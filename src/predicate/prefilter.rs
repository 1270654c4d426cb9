//! Most tests told from a few words of a value.
//!
//! A test is kept where it is asked for together with its [`Guard`]: a range in which one word of the value must lie if
//! the test is to hold. So most tests fail, and many hold, without a look at what they are about, which stands elsewhere
//! in memory and in a large set is in no near cache. The words of a value are its [`Sketch`]. What a test means is
//! defined by [`ValueTest::holds`]; a guard may only say it sooner.

use crate::json::number::Comparable;
use crate::operator::{Address, Network, Wildcard};

use super::digest::{Filter, Sketch, Word, first};
use super::test::{Range, TextOperation, TextTest, ValueTest};

/// A range in which a word of a value must lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    least: u64,
    /// How much larger the largest is.
    span: u64,
    /// The cost of an answer, in units of the cost of a look at the guard.
    weight: u32,
    word: Word,
    /// Whether letters of ASCII are put in lower case first.
    lower: bool,
    /// Whether a value whose word is in the range satisfies the test, whatever else there is of it.
    exact: bool,
    /// The test holds where the range says no.
    negated: bool,
}

/// What a guard says of a test.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    No,
    Yes,
    /// The test itself has to say.
    Perhaps,
}

impl Guard {
    const NOTHING: Guard = Guard::new(Word::Rest, 0, u64::MAX, false);

    const fn new(word: Word, least: u64, most: u64, exact: bool) -> Guard {
        Guard { least, span: most - least, weight: 1, word, lower: false, exact, negated: false }
    }

    /// The weight of one condition of a test whose guard tells nothing.
    pub(crate) const MOST_WEIGHT: u32 = 6;

    /// The cost of an answer to the test, in units of the cost of a look at the guard.
    pub(crate) fn weight(&self) -> u32 {
        self.weight
    }

    pub(crate) fn of(test: &ValueTest) -> Guard {
        let guard = Guard::range_of(test);
        if guard.span < u64::MAX || guard.exact {
            return guard;
        }
        let conditions = u32::try_from(test.conditions()).unwrap_or(u32::MAX);
        Guard { weight: conditions.saturating_mul(Guard::MOST_WEIGHT).max(1), ..guard }
    }

    fn range_of(test: &ValueTest) -> Guard {
        match test {
            ValueTest::Range(range) => Guard::of_range(*range),
            ValueTest::Network(network) => Guard::of_network(network),
            ValueTest::Text(text) => Guard::of_text(text),
            ValueTest::NoneOf(_) => Guard::NOTHING,
            ValueTest::NoText(texts) => match &**texts {
                [text] => Guard { negated: true, ..Guard::of_text(text) },
                _ => Guard::NOTHING,
            },
        }
    }

    fn of_range(range: Range) -> Guard {
        // Of comparable numbers, the next ordinal is the next number.
        let bound = |(number, _): (Comparable, bool)| number.ordinal();
        let least = range.lower.map_or(0, |lower| bound(lower) + u64::from(!lower.1));
        let most = range.upper.map_or(u64::MAX, |upper| bound(upper) - u64::from(!upper.1));
        if least <= most { Guard::new(Word::Number, least, most, true) } else { Guard::NOTHING }
    }

    fn of_network(network: &Network) -> Guard {
        match network.range() {
            (Address::V4(first), Address::V4(last)) => {
                Guard::new(Word::V4, u64::from(first), u64::from(last), true)
            }
            (Address::V6(first), Address::V6(last)) => {
                let is_exact = first as u64 == 0 && last as u64 == u64::MAX;
                Guard::new(Word::V6, (first >> 64) as u64, (last >> 64) as u64, is_exact)
            }
            _ => Guard::NOTHING,
        }
    }

    fn of_text(test: &TextTest) -> Guard {
        // Such a text is compared with other bytes than those of the value.
        if test.units {
            return Guard::NOTHING;
        }
        match &test.operation {
            TextOperation::Prefix(text) => Guard::begins(Word::First, text, true),
            TextOperation::Suffix(text) => Guard::ends(Word::Last, text, true),
            TextOperation::EqualsIgnoreCase(text) | TextOperation::PrefixIgnoreCase(text) => {
                Guard { lower: true, ..Guard::begins(Word::First, &text.ascii_prefix(), false) }
            }
            TextOperation::SuffixIgnoreCase(text) => {
                Guard { lower: true, ..Guard::ends(Word::Last, &text.ascii_suffix(), false) }
            }
            TextOperation::Wildcard(Wildcard::Exact(text)) => Guard::begins(Word::First, text, false),
            TextOperation::Wildcard(Wildcard::Pieces { first, middle, last, .. }) => {
                let is_whole = |other: &[u8]| middle.is_empty() && other.is_empty();
                if first.len() >= last.len() {
                    Guard::begins(Word::First, first, is_whole(last))
                } else {
                    Guard::ends(Word::Last, last, is_whole(first))
                }
            }
        }
    }

    /// For texts that begin so; `whole` if nothing else is asked of them.
    fn begins(word: Word, text: &[u8], whole: bool) -> Guard {
        let least = first(text);
        let most = least | u64::MAX.checked_shr(8 * text.len() as u32).unwrap_or(0);
        // A zero could also be one behind the end of a text.
        Guard::new(word, least, most, whole && text.len() <= 8 && !text.contains(&0))
    }

    /// For texts that end so.
    fn ends(word: Word, text: &[u8], whole: bool) -> Guard {
        let reversed: Vec<u8> = text.iter().rev().copied().collect();
        Guard::begins(word, &reversed, whole)
    }

    #[inline]
    pub(crate) fn check(&self, sketch: &Sketch) -> Answer {
        let is_within = sketch.get(self.word).is_some_and(|word| {
            let word = if self.lower { lower(word) } else { word };
            word.wrapping_sub(self.least) <= self.span
        });
        match (is_within, self.exact) {
            (false, _) => {
                if self.negated {
                    Answer::Yes
                } else {
                    Answer::No
                }
            }
            (true, true) => {
                if self.negated {
                    Answer::No
                } else {
                    Answer::Yes
                }
            }
            (true, false) => Answer::Perhaps,
        }
    }
}

/// What a [`Sketch`] tells of a list of alternatives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Glance {
    /// All of them are values, which have these prints.
    Values(Filter),
    /// There is only this test.
    Test(Guard),
    /// There are several tests, or values and tests.
    Nothing,
}

impl Glance {
    #[inline]
    pub(crate) fn check(&self, sketch: &Sketch) -> Answer {
        match self {
            Glance::Values(filter) => {
                if filter.may_have(sketch.print) || filter.may_have(sketch.address_print) {
                    Answer::Perhaps
                } else {
                    Answer::No
                }
            }
            Glance::Test(guard) => guard.check(sketch),
            Glance::Nothing => Answer::Perhaps,
        }
    }
}

/// Letters of ASCII in lower case, eight bytes at once.
#[inline]
fn lower(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // Without their highest bits the bytes do not carry into each other.
    let low = word & !HIGH;
    let from_a = low + ONES * (0x80 - b'A' as u64);
    let behind_z = low + ONES * (0x7F - b'Z' as u64);
    word | ((from_a ^ behind_z) & !word & HIGH) >> 2
}

#[cfg(test)]
mod tests {
    use super::{Answer, Guard};
    use crate::json::number::Comparable;
    use crate::operator::{Address, IgnoreCase, Network, Wildcard};
    use crate::predicate::dictionary::{Kind, ValueId};
    use crate::predicate::digest::{Print, Sketch};
    use crate::predicate::test::{Range, TextOperation, TextTest, Value, ValueTest};
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

    fn sketch(value: Value<'_>) -> Sketch {
        match value.kind {
            Kind::String => Sketch::of_string(value.text, (0, value.text.len()), value.address),
            _ => value.number.map_or(Sketch::new(Print::NONE), Sketch::of_number),
        }
    }

    /// What the guards said, each answer that is certain compared with that of the test.
    fn compare(tests: &[ValueTest], values: &[Value<'_>]) -> [usize; 3] {
        let mut said = [0; 3];
        for test in tests {
            for &value in values {
                let holds = test.holds(value, &mut Vec::new(), &mut Work::default());
                let answer = Guard::of(test).check(&sketch(value));
                match answer {
                    Answer::Yes => assert!(holds, "{test:?} {value:?}"),
                    Answer::No => assert!(!holds, "{test:?} {value:?}"),
                    Answer::Perhaps => {}
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
    fn guards_of_texts_never_contradict_the_tests() {
        let texts = &TEXTS[..if cfg!(miri) { 8 } else { TEXTS.len() }];
        let all = |text: &str| {
            let (bytes, folded) = (|| Box::from(text.as_bytes()), || IgnoreCase::new(text.as_bytes()));
            [
                TextOperation::Prefix(bytes()),
                TextOperation::Suffix(bytes()),
                TextOperation::EqualsIgnoreCase(folded()),
                TextOperation::PrefixIgnoreCase(folded()),
                TextOperation::SuffixIgnoreCase(folded()),
            ]
        };
        let mut operations: Vec<TextOperation> = texts.iter().flat_map(|text| all(text)).collect();
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            for wildcard in [format!("{one}*{other}"), format!("*{one}*"), one.to_string()] {
                operations.extend(Wildcard::parse(wildcard.as_bytes()).map(TextOperation::Wildcard));
            }
        }
        let text = |operation: &TextOperation| TextTest { operation: operation.clone(), units: false };
        let tests: Vec<ValueTest> = operations
            .iter()
            .flat_map(|operation| {
                [ValueTest::Text(text(operation)), ValueTest::NoText(Box::new([text(operation)]))]
            })
            .collect();
        let mut values: Vec<Value<'_>> = TEXTS.iter().map(|text| value(Kind::String, text)).collect();
        values.extend([value(Kind::Number, "1"), value(Kind::True, "true"), value(Kind::Null, "null")]);
        let [no, yes, perhaps] = compare(&tests, &values);
        assert!(perhaps < no + yes, "{no} {yes} {perhaps}");
    }

    #[test]
    fn guards_of_numbers_know_all() {
        let numbers = ["-1e300", "-3.5", "-1", "-0.5", "0", "-0", "5e-300", "1", "1.5", "2", "3", "1e300"];
        let comparable = |text: &str| Comparable::parse(text.as_bytes()).expect("it is comparable");
        let mut tests = Vec::new();
        for lower in numbers {
            for inclusive in [true, false] {
                let lower = Some((comparable(lower), inclusive));
                tests.push(ValueTest::Range(Range { lower, upper: None }));
                tests.push(ValueTest::Range(Range { lower: None, upper: lower }));
                tests.extend(numbers.map(|upper| {
                    ValueTest::Range(Range { lower, upper: Some((comparable(upper), !inclusive)) })
                }));
            }
        }
        let numbers = numbers.map(|text| value(Kind::Number, text));
        let others = [value(Kind::String, "1"), value(Kind::Number, "1e400"), value(Kind::False, "false")];
        let [_, yes, _] = compare(&tests, &[&numbers[..], &others].concat());
        assert!(yes > 500, "{yes}");
    }

    #[test]
    fn guards_of_networks_know_nearly_all() {
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
            blocks.map(|text| ValueTest::Network(Network::parse(text.as_bytes()).expect("it is a block")));
        let texts =
            ["10.0.0.1", "10.1.2.3", "11.0.0.0", "2001:db8::1", "2001:db8::2", "2001:db9::", "::1", "a"];
        let [_, yes, perhaps] = compare(&tests, &texts.map(|text| value(Kind::String, text)));
        assert!(yes >= 10 && perhaps <= 4, "{yes} {perhaps}");
    }

    #[test]
    fn only_letters_of_ascii_are_put_in_lower_case() {
        for byte in 0..=u8::MAX {
            let bytes = [b'Z', byte, b'@', byte, b'[', 0xFF, byte, b'a'];
            let expected = u64::from_be_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
            assert_eq!(super::lower(u64::from_be_bytes(bytes)), expected, "{byte}");
        }
    }

    #[test]
    fn wildcards_are_told_by_their_longer_end() {
        for (wildcard, text, answer) in [
            ("abc*", "abcd", Answer::Yes),
            ("abc*", "abd", Answer::No),
            ("*abc", "aabc", Answer::Yes),
            ("*abc", "abd", Answer::No),
            ("abc*d", "abdd", Answer::No),
            ("a*bcd", "abce", Answer::No),
            ("abc*d", "abcde", Answer::Perhaps),
        ] {
            let operation = TextOperation::Wildcard(Wildcard::parse(wildcard.as_bytes()).expect("it is one"));
            let guard = Guard::of(&ValueTest::Text(TextTest { operation, units: false }));
            assert_eq!(guard.check(&sketch(value(Kind::String, text))), answer, "{wildcard} {text}");
        }
    }

    #[test]
    fn a_test_of_code_units_is_asked() {
        let text =
            TextTest { operation: TextOperation::Prefix(Box::from(&b"\xED\xA0\xBD"[..])), units: true };
        let sketch = sketch(value(Kind::String, "😀"));
        assert_eq!(Guard::of(&ValueTest::Text(text)).check(&sketch), Answer::Perhaps);
    }
}
