//! For each alternative of a field, another alternative that accepts all values of it.
//!
//! Values that are compared as wholes are looked up in hash tables. Prefixes, suffixes, ranges and
//! blocks are sorted, and one pass over the sorted list finds those inside others. The time is the
//! time of the sort: *n* log *n* for texts of *n* bytes. Wildcards and `anything-but` are compared
//! with each value, so only the first [`TRIED`] of a field are tried.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::json::JsonString;
use crate::operator::{Address, IgnoreCase, TextOperator, Wildcard};
use crate::pattern::form::Kinds;
use crate::pattern::{Alternative, AnythingBut, NumericRange, ValueTest};

/// The maximum number of wildcards, and of `anything-but`s, that are compared with each value.
const TRIED: usize = 16;

/// Returns for each alternative the index of one that accepts all values of it, or `None`.
pub(super) fn covered(alternatives: &[Alternative]) -> Vec<Option<usize>> {
    let mut cover = Cover { alternatives, by: vec![None; alternatives.len()] };
    if alternatives.len() > 1 {
        cover.repetitions();
        cover.wide();
        cover.affixes();
        cover.ignoring_case();
        cover.numbers();
        cover.addresses();
        cover.wildcards();
        cover.exclusions();
    }
    cover.by
}

struct Cover<'p> {
    alternatives: &'p [Alternative],
    by: Vec<Option<usize>>,
}

/// A text that all values of an alternative begin with. For suffixes, texts and values are reversed.
struct Front {
    text: Box<[u8]>,
    /// True if the alternative accepts every value that begins with the text.
    is_prefix: bool,
    index: usize,
}

impl<'p> Cover<'p> {
    fn tests(&self) -> impl Iterator<Item = (usize, &'p ValueTest)> + use<'p> {
        self.alternatives.iter().map(|alternative| &alternative.test).enumerate()
    }

    /// Records that `outer` accepts all values of `index`. Two alternatives never cover each other:
    /// the first relation is kept, and a covered alternative covers nothing that covers it.
    fn set(&mut self, index: usize, outer: usize) {
        if index != outer && self.by[index].is_none() && self.by[outer] != Some(index) {
            self.by[index] = Some(outer);
        }
    }

    /// Finds alternatives that are written twice. Numbers of equal value and spellings of one address
    /// count as the same.
    fn repetitions(&mut self) {
        #[derive(Eq, Hash, PartialEq)]
        enum Key<'p> {
            Test(&'p ValueTest),
            Text(&'p [u8]),
            Number(u64),
            Address(Address),
        }

        let plain = |text: &'p JsonString| {
            let text = text.as_bytes();
            Address::parse(text).map_or(Key::Text(text), Key::Address)
        };

        let mut first = HashMap::with_capacity(self.alternatives.len());
        for (index, test) in self.tests() {
            let key = match test {
                ValueTest::Number(number) => number.comparable().map(|value| Key::Number(value.ordinal())),
                ValueTest::Numeric(range) => single(range).map(Key::Number),
                ValueTest::String(text) => Some(plain(text)),
                _ => None,
            };
            let outer = *first.entry(key.unwrap_or(Key::Test(test))).or_insert(index);
            self.set(index, outer);
        }
        // A plain value accepts the text itself, and other spellings if it is an address.
        for (index, test) in self.tests() {
            if let ValueTest::Exactly(text) = test
                && let Some(&outer) = first.get(&plain(text))
            {
                self.set(index, outer);
            }
        }
    }

    /// Finds alternatives that are covered by one that accepts every value, or every string.
    fn wide(&mut self) {
        let value = self.tests().find(|(_, test)| **test == ValueTest::Exists(true));
        let string = self.tests().find(|(_, test)| accepts_every_string(test));
        for (index, test) in self.tests() {
            match (test.form().kinds, value, string) {
                (Kinds::Absence, ..) => {}
                (_, Some((outer, _)), _) => self.set(index, outer),
                (Kinds::Strings, None, Some((outer, _))) => self.set(index, outer),
                _ => {}
            }
        }
    }

    /// Finds texts with a prefix or a suffix of another alternative.
    fn affixes(&mut self) {
        let same = |text: &[u8]| text.into();
        let backwards = |text: &[u8]| text.iter().rev().copied().collect();
        self.fronts(|test| {
            Some(match test {
                ValueTest::String(text) if !is_address(text.as_bytes()) => (same(text.as_bytes()), false),
                ValueTest::Exactly(text) => (same(text.as_bytes()), false),
                ValueTest::Prefix(text) => (same(text.as_bytes()), true),
                ValueTest::Wildcard(wildcard) => (same(&wildcard.pieces().first), false),
                _ => return None,
            })
        });
        self.fronts(|test| {
            Some(match test {
                ValueTest::String(text) if !is_address(text.as_bytes()) => {
                    (backwards(text.as_bytes()), false)
                }
                ValueTest::Exactly(text) => (backwards(text.as_bytes()), false),
                ValueTest::Suffix(text) => (backwards(text.as_bytes()), true),
                ValueTest::Wildcard(wildcard) => {
                    let pieces = wildcard.pieces();
                    (backwards(pieces.rest.last().unwrap_or(&pieces.first)), false)
                }
                _ => return None,
            })
        });
    }

    fn ignoring_case(&mut self) {
        // Letters outside of ASCII are compared as they are, so some covered alternatives are
        // missed.
        let same = |text: &[u8]| text.to_ascii_lowercase().into();
        let backwards = |text: &[u8]| text.iter().rev().map(u8::to_ascii_lowercase).collect();
        self.fronts(|test| {
            Some(match test {
                ValueTest::String(text) if !is_address(text.as_bytes()) => (same(text.as_bytes()), false),
                ValueTest::Exactly(text) | ValueTest::Prefix(text) | ValueTest::EqualsIgnoreCase(text) => {
                    (same(text.as_bytes()), false)
                }
                ValueTest::PrefixIgnoreCase(text) => (same(text.as_bytes()), true),
                _ => return None,
            })
        });
        self.fronts(|test| {
            Some(match test {
                ValueTest::String(text) if !is_address(text.as_bytes()) => {
                    (backwards(text.as_bytes()), false)
                }
                ValueTest::Exactly(text) | ValueTest::Suffix(text) | ValueTest::EqualsIgnoreCase(text) => {
                    (backwards(text.as_bytes()), false)
                }
                ValueTest::SuffixIgnoreCase(text) => (backwards(text.as_bytes()), true),
                _ => return None,
            })
        });
        let mut whole = HashMap::new();
        for (index, test) in self.tests() {
            if let ValueTest::EqualsIgnoreCase(text) = test {
                let outer = *whole.entry(text.as_bytes().to_ascii_lowercase()).or_insert(index);
                self.set(index, outer);
            }
        }
        for (index, test) in self.tests() {
            if let ValueTest::String(text) | ValueTest::Exactly(text) = test
                && !is_address(text.as_bytes())
                && let Some(&outer) = whole.get(&text.as_bytes().to_ascii_lowercase())
            {
                self.set(index, outer);
            }
        }
    }

    /// Finds texts that begin with a prefix of another alternative.
    fn fronts(&mut self, front: impl Fn(&ValueTest) -> Option<(Box<[u8]>, bool)>) {
        let mut fronts: Vec<Front> = self
            .tests()
            .filter_map(|(index, test)| {
                let (text, is_prefix) = front(test)?;
                Some(Front { text, is_prefix, index })
            })
            .collect();
        if !fronts.iter().any(|front| front.is_prefix) {
            return;
        }
        // A prefix precedes all texts that begin with it.
        fronts.sort_by(|a, b| (&a.text, !a.is_prefix, a.index).cmp(&(&b.text, !b.is_prefix, b.index)));
        // The prefixes of the current text, each a prefix of the next.
        let mut open: Vec<&Front> = Vec::new();
        for front in &fronts {
            while open.last().is_some_and(|outer| !front.text.starts_with(&outer.text)) {
                open.pop();
            }
            if let Some(outer) = open.first() {
                self.set(front.index, outer.index);
            }
            if front.is_prefix {
                open.push(front);
            }
        }
    }

    fn numbers(&mut self) {
        let mut intervals = Vec::new();
        for (index, test) in self.tests() {
            let interval = match test {
                ValueTest::Number(number) => {
                    number.comparable().map(|value| (value.ordinal(), value.ordinal()))
                }
                ValueTest::Numeric(range) => Some(ordinals(range)),
                _ => None,
            };
            intervals.extend(interval.map(|(first, last)| (first, last, index)));
        }
        self.intervals(intervals);
    }

    fn addresses(&mut self) {
        let mut intervals = Vec::new();
        for (index, test) in self.tests() {
            let interval = match test {
                ValueTest::String(text) | ValueTest::Exactly(text) => {
                    Address::parse(text.as_bytes()).map(|address| (address, address))
                }
                ValueTest::Cidr(block) => Some(block.network().range()),
                _ => None,
            };
            intervals.extend(interval.map(|(first, last)| (first, last, index)));
        }
        // Without a block, the spellings of an address may differ, and `exactly` accepts only one.
        if self.tests().any(|(_, test)| matches!(test, ValueTest::Cidr(_))) {
            let is_block = |index: usize| matches!(self.alternatives[index].test, ValueTest::Cidr(_));
            intervals.sort_by_key(|&(first, last, index)| (first, Reverse(last), !is_block(index), index));
            self.nested(&intervals, |alternatives, index| {
                matches!(alternatives[index].test, ValueTest::Cidr(_))
            });
        }
    }

    /// Finds intervals inside others. An empty interval is inside nothing.
    fn intervals<T: Copy + Ord>(&mut self, mut intervals: Vec<(T, T, usize)>) {
        intervals.retain(|(first, last, _)| first <= last);
        intervals.sort_by_key(|&(first, last, index)| (first, Reverse(last), index));
        self.nested(&intervals, |_, _| true);
    }

    /// Finds sorted intervals inside earlier ones that may cover others.
    fn nested<T: Copy + Ord>(
        &mut self,
        intervals: &[(T, T, usize)],
        may_cover: impl Fn(&[Alternative], usize) -> bool,
    ) {
        let mut widest: Option<(T, usize)> = None;
        for &(_, last, index) in intervals {
            match widest {
                Some((end, outer)) if last <= end => self.set(index, outer),
                _ if may_cover(self.alternatives, index) => widest = Some((last, index)),
                _ => {}
            }
        }
    }

    fn wildcards(&mut self) {
        let wildcards = self.tests().filter_map(|(index, test)| match test {
            ValueTest::Wildcard(wildcard) => Some((index, Wildcard::new(wildcard.pieces()))),
            _ => None,
        });
        for (outer, wildcard) in wildcards.take(TRIED) {
            for (index, test) in self.tests() {
                if let ValueTest::String(text) | ValueTest::Exactly(text) = test
                    && !is_address(text.as_bytes())
                    && wildcard.is_match(text.as_bytes())
                {
                    self.set(index, outer);
                }
            }
        }
        let folded = self.tests().filter_map(|(index, test)| match test {
            ValueTest::EqualsIgnoreCase(text) if !text.as_bytes().is_ascii() => {
                Some((index, IgnoreCase::new(text.as_bytes())))
            }
            _ => None,
        });
        for (outer, text) in folded.take(TRIED) {
            for (index, test) in self.tests() {
                if let ValueTest::String(value) | ValueTest::Exactly(value) = test
                    && text.is_match(value.as_bytes())
                {
                    self.set(index, outer);
                }
            }
        }
    }

    /// Finds literals, numbers and strings that an `anything-but` does not exclude.
    fn exclusions(&mut self) {
        let exclusions = self.tests().filter_map(|(index, test)| match test {
            ValueTest::AnythingBut(excluded) => Some((index, Excluded::of(excluded))),
            _ => None,
        });
        for (outer, excluded) in exclusions.take(TRIED) {
            for (index, test) in self.tests() {
                let is_covered = match test {
                    ValueTest::True | ValueTest::False | ValueTest::Null => true,
                    ValueTest::Number(number) => match (&excluded, number.comparable()) {
                        (Excluded::Numbers(numbers), Some(value)) => !numbers.contains(&value.ordinal()),
                        _ => true,
                    },
                    ValueTest::Exactly(text) => excluded.leaves(text.as_bytes()),
                    ValueTest::String(text) => {
                        !is_address(text.as_bytes()) && excluded.leaves(text.as_bytes())
                    }
                    _ => false,
                };
                if is_covered {
                    self.set(index, outer);
                }
            }
        }
    }
}

/// The values that an `anything-but` excludes.
enum Excluded<'p> {
    Strings(HashSet<&'p [u8]>),
    Numbers(HashSet<u64>),
    /// Strings that are not compared here.
    Others,
}

impl<'p> Excluded<'p> {
    fn of(excluded: &'p AnythingBut) -> Excluded<'p> {
        match excluded {
            AnythingBut::Strings(texts) => {
                Excluded::Strings(texts.iter().map(|text| text.as_bytes()).collect())
            }
            AnythingBut::Numbers(numbers) => {
                Excluded::Numbers(numbers.iter().map(|number| number.comparable().ordinal()).collect())
            }
            _ => Excluded::Others,
        }
    }

    /// Returns true if the string is certainly not excluded.
    fn leaves(&self, text: &[u8]) -> bool {
        match self {
            Excluded::Strings(texts) => !texts.contains(text),
            Excluded::Numbers(_) => true,
            Excluded::Others => false,
        }
    }
}

fn is_address(text: &[u8]) -> bool {
    Address::parse(text).is_some()
}

/// Returns true if a test accepts every string: an empty prefix or suffix, or `*`.
pub(super) fn accepts_every_string(test: &ValueTest) -> bool {
    match test {
        ValueTest::Prefix(text)
        | ValueTest::Suffix(text)
        | ValueTest::PrefixIgnoreCase(text)
        | ValueTest::SuffixIgnoreCase(text) => text.is_empty(),
        ValueTest::Wildcard(wildcard) => wildcard.text().as_bytes() == b"*",
        _ => false,
    }
}

/// Returns the ordinal of the only value in a range, or `None` if there are others.
fn single(range: &NumericRange) -> Option<u64> {
    let (first, last) = ordinals(range);
    (first == last).then_some(first)
}

/// Returns the ordinals of the first and the last number of a range. Neighbouring numbers have
/// neighbouring ordinals.
pub(super) fn ordinals(range: &NumericRange) -> (u64, u64) {
    let first = range
        .lower
        .as_ref()
        .map_or(0, |bound| bound.number.comparable().ordinal().saturating_add(u64::from(!bound.inclusive)));
    let last = range.upper.as_ref().map_or(u64::MAX, |bound| {
        bound.number.comparable().ordinal().saturating_sub(u64::from(!bound.inclusive))
    });
    (first, last)
}
