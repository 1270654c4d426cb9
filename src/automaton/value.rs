//! What the values on one path are tested for: a portfolio of the tests that any rule makes there.
//!
//! Each distinct test is kept once, with the field tests that it satisfies. Plain values are found by one look-up;
//! the others are tried one by one.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::id::FieldTestId;
use crate::json::number::Comparable;
use crate::json::string::to_cesu8;
use crate::text::{Address, IgnoreCase, Network, Wildcard};

/// A leaf of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// Decoded, in WTF-8.
    String(&'a [u8]),
    /// As spelled.
    Number(&'a [u8]),
    True,
    False,
    Null,
}

/// The field tests that one test satisfies.
pub(crate) type Satisfied = Vec<FieldTestId>;

#[derive(Debug, Default)]
pub(crate) struct ValueTests {
    pub(crate) strings: HashMap<Box<[u8]>, Satisfied>,
    pub(crate) addresses: HashMap<Address, Satisfied>,
    pub(crate) numbers: HashMap<Comparable, Satisfied>,
    /// Numbers that are not comparable, by their text.
    pub(crate) spellings: HashMap<Box<[u8]>, Satisfied>,
    pub(crate) true_: Satisfied,
    pub(crate) false_: Satisfied,
    pub(crate) null: Satisfied,
    /// `exists: true`
    pub(crate) any: Satisfied,
    pub(crate) ranges: Vec<(Range, Satisfied)>,
    pub(crate) networks: Vec<(Network, Satisfied)>,
    pub(crate) texts: Vec<(TextTest, Satisfied)>,
    pub(crate) excluded_strings: Vec<(HashSet<Box<[u8]>>, Satisfied)>,
    pub(crate) excluded_numbers: Vec<(HashSet<Comparable>, Satisfied)>,
    pub(crate) excluded_texts: Vec<(Vec<TextTest>, Satisfied)>,
}

/// A range of numbers; the bounds say whether they are inside.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Range {
    pub(crate) lower: Option<(Comparable, bool)>,
    pub(crate) upper: Option<(Comparable, bool)>,
}

impl Range {
    fn contains(self, value: Comparable) -> bool {
        self.lower.is_none_or(|(bound, inclusive)| value > bound || (inclusive && value == bound))
            && self.upper.is_none_or(|(bound, inclusive)| value < bound || (inclusive && value == bound))
    }
}

/// A test of a string that is more than equality.
#[derive(Clone, Debug)]
pub(crate) struct TextTest {
    pub(crate) operation: TextOperation,
    /// The text has an unpaired surrogate, so what it is compared with must be in CESU-8 too.
    pub(crate) units: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum TextOperation {
    Prefix(Box<[u8]>),
    Suffix(Box<[u8]>),
    EqualsIgnoreCase(IgnoreCase),
    PrefixIgnoreCase(IgnoreCase),
    SuffixIgnoreCase(IgnoreCase),
    Wildcard(Wildcard),
}

impl TextTest {
    /// Whether a string satisfies the test. `units` is room for another form of it.
    fn is_match(&self, value: &[u8], units: &mut Vec<u8>) -> bool {
        if !self.units {
            return self.operation.is_match(value);
        }
        units.clear();
        to_cesu8(value, units);
        self.operation.is_match(units)
    }
}

impl TextOperation {
    fn is_match(&self, value: &[u8]) -> bool {
        match self {
            TextOperation::Prefix(text) => value.starts_with(text),
            TextOperation::Suffix(text) => value.ends_with(text),
            TextOperation::EqualsIgnoreCase(text) => text.is_match(value),
            TextOperation::PrefixIgnoreCase(text) => text.is_prefix_of(value),
            TextOperation::SuffixIgnoreCase(text) => text.is_suffix_of(value),
            TextOperation::Wildcard(wildcard) => wildcard.is_match(value),
        }
    }

    pub(crate) fn memory_usage(&self) -> usize {
        match self {
            TextOperation::Prefix(text) | TextOperation::Suffix(text) => text.len(),
            TextOperation::EqualsIgnoreCase(text)
            | TextOperation::PrefixIgnoreCase(text)
            | TextOperation::SuffixIgnoreCase(text) => text.memory_usage(),
            TextOperation::Wildcard(wildcard) => wildcard.memory_usage(),
        }
    }
}

impl ValueTests {
    /// Calls `found` with the field tests that a value satisfies, each once or several times.
    pub(crate) fn test(&self, value: Value<'_>, units: &mut Vec<u8>, mut found: impl FnMut(&[FieldTestId])) {
        found(&self.any);
        match value {
            Value::String(text) => self.test_string(text, units, &mut found),
            Value::Number(text) => self.test_number(text, &mut found),
            Value::True => found(&self.true_),
            Value::False => found(&self.false_),
            Value::Null => found(&self.null),
        }
        // What is excluded is a string, or a number: a value of any other kind passes.
        if !matches!(value, Value::String(_)) {
            self.excluded_strings.iter().for_each(|(_, satisfied)| found(satisfied));
            self.excluded_texts.iter().for_each(|(_, satisfied)| found(satisfied));
        }
        if !matches!(value, Value::Number(_)) {
            self.excluded_numbers.iter().for_each(|(_, satisfied)| found(satisfied));
        }
    }

    fn test_string(&self, text: &[u8], units: &mut Vec<u8>, found: &mut impl FnMut(&[FieldTestId])) {
        if let Some(satisfied) = self.strings.get(text) {
            found(satisfied);
        }
        if (!self.addresses.is_empty() || !self.networks.is_empty())
            && let Some(address) = Address::parse(text)
        {
            if let Some(satisfied) = self.addresses.get(&address) {
                found(satisfied);
            }
            for (network, satisfied) in &self.networks {
                if network.contains(address) {
                    found(satisfied);
                }
            }
        }
        for (test, satisfied) in &self.texts {
            if test.is_match(text, units) {
                found(satisfied);
            }
        }
        for (excluded, satisfied) in &self.excluded_strings {
            if !excluded.contains(text) {
                found(satisfied);
            }
        }
        for (excluded, satisfied) in &self.excluded_texts {
            if !excluded.iter().any(|test| test.is_match(text, units)) {
                found(satisfied);
            }
        }
    }

    fn test_number(&self, text: &[u8], found: &mut impl FnMut(&[FieldTestId])) {
        if self.numbers.is_empty()
            && self.spellings.is_empty()
            && self.ranges.is_empty()
            && self.excluded_numbers.is_empty()
        {
            return;
        }
        let value = Comparable::parse(text);
        match value {
            Some(value) => {
                if let Some(satisfied) = self.numbers.get(&value) {
                    found(satisfied);
                }
                for (range, satisfied) in &self.ranges {
                    if range.contains(value) {
                        found(satisfied);
                    }
                }
            }
            None => {
                if let Some(satisfied) = self.spellings.get(text) {
                    found(satisfied);
                }
            }
        }
        for (excluded, satisfied) in &self.excluded_numbers {
            if !value.is_some_and(|value| excluded.contains(&value)) {
                found(satisfied);
            }
        }
    }

    /// Calls `change` with the field tests of every test.
    pub(crate) fn for_each_satisfied(&mut self, mut change: impl FnMut(&mut Satisfied)) {
        self.strings.values_mut().for_each(&mut change);
        self.addresses.values_mut().for_each(&mut change);
        self.numbers.values_mut().for_each(&mut change);
        self.spellings.values_mut().for_each(&mut change);
        [&mut self.true_, &mut self.false_, &mut self.null, &mut self.any].into_iter().for_each(&mut change);
        self.ranges.iter_mut().for_each(|(_, satisfied)| change(satisfied));
        self.networks.iter_mut().for_each(|(_, satisfied)| change(satisfied));
        self.texts.iter_mut().for_each(|(_, satisfied)| change(satisfied));
        self.excluded_strings.iter_mut().for_each(|(_, satisfied)| change(satisfied));
        self.excluded_numbers.iter_mut().for_each(|(_, satisfied)| change(satisfied));
        self.excluded_texts.iter_mut().for_each(|(_, satisfied)| change(satisfied));
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        fn map<K: Hash + Eq>(map: &HashMap<K, Satisfied>, key: impl Fn(&K) -> usize) -> usize {
            let entries: usize = map.iter().map(|(k, satisfied)| key(k) + size_of_val(&satisfied[..])).sum();
            entries + map.capacity() * size_of::<(K, Satisfied)>()
        }
        fn list<T>(list: &[(T, Satisfied)], item: impl Fn(&T) -> usize) -> usize {
            let entries: usize =
                list.iter().map(|(t, satisfied)| item(t) + size_of_val(&satisfied[..])).sum();
            entries + size_of_val(list)
        }
        let text = |test: &TextTest| test.operation.memory_usage();
        map(&self.strings, |text| text.len())
            + map(&self.addresses, |_| 0)
            + map(&self.numbers, |_| 0)
            + map(&self.spellings, |text| text.len())
            + [&self.true_, &self.false_, &self.null, &self.any]
                .map(|ids| size_of_val(&ids[..]))
                .iter()
                .sum::<usize>()
            + list(&self.ranges, |_| 0)
            + list(&self.networks, |_| 0)
            + list(&self.texts, text)
            + list(&self.excluded_strings, |set| {
                set.iter().map(|text| text.len()).sum::<usize>() + set.capacity() * size_of::<Box<[u8]>>()
            })
            + list(&self.excluded_numbers, |set| set.capacity() * size_of::<Comparable>())
            + list(&self.excluded_texts, |texts| {
                size_of_val(&texts[..]) + texts.iter().map(text).sum::<usize>()
            })
    }
}
