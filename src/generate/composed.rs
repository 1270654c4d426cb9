//! Strings that several tests of one path exclude at once, or that one test accepts and others
//! exclude.

use crate::pattern::{AnythingBut, ValueTest, Wildcard};

use super::satisfy::Value;
use super::text::quoted;
use super::violate::excluded_by;

/// The maximum number of texts of each `anything-but` that are combined.
const CHOICES: usize = 8;

/// The maximum number of values of `anything-but` that are proposed unchanged.
const EXCLUDED: usize = 200;

/// The texts that a string begins with, contains and ends with.
#[derive(Clone, Default)]
struct Parts {
    front: Vec<u8>,
    middle: Vec<u8>,
    back: Vec<u8>,
}

impl Parts {
    /// Returns the parts of the strings that a test of one operand accepts.
    fn of_test(test: &ValueTest) -> Option<Parts> {
        match test {
            ValueTest::Prefix(text) | ValueTest::PrefixIgnoreCase(text) => {
                Some(Parts::front(text.as_bytes()))
            }
            ValueTest::Suffix(text) | ValueTest::SuffixIgnoreCase(text) => Some(Parts::back(text.as_bytes())),
            ValueTest::Wildcard(wildcard) => Parts::of_wildcard(wildcard),
            ValueTest::String(_)
            | ValueTest::Exactly(_)
            | ValueTest::EqualsIgnoreCase(_)
            | ValueTest::Number(_)
            | ValueTest::True
            | ValueTest::False
            | ValueTest::Null
            | ValueTest::Numeric(_)
            | ValueTest::Cidr(_)
            | ValueTest::Regexp(_)
            | ValueTest::Exists(_)
            | ValueTest::AnythingBut(_) => None,
        }
    }

    /// Returns the parts of the strings that the text number `choice` excludes.
    fn of_excluded(but: &AnythingBut, choice: usize) -> Option<Parts> {
        match but {
            AnythingBut::Prefix(texts) => Some(Parts::front(texts[choice % texts.len()].as_bytes())),
            AnythingBut::Suffix(texts) => Some(Parts::back(texts[choice % texts.len()].as_bytes())),
            AnythingBut::Wildcard(wildcards) => Parts::of_wildcard(&wildcards[choice % wildcards.len()]),
            AnythingBut::Strings(_) | AnythingBut::Numbers(_) | AnythingBut::EqualsIgnoreCase(_) => None,
        }
    }

    fn front(text: &[u8]) -> Parts {
        Parts { front: text.to_vec(), ..Parts::default() }
    }

    fn back(text: &[u8]) -> Parts {
        Parts { back: text.to_vec(), ..Parts::default() }
    }

    /// Returns the pieces of a wildcard with stars.
    fn of_wildcard(wildcard: &Wildcard) -> Option<Parts> {
        let pieces = wildcard.pieces();
        let (last, middle) = pieces.rest.split_last()?;
        let mut parts = Parts::front(&pieces.first);
        for piece in middle {
            parts.middle.extend_from_slice(b"x");
            parts.middle.extend_from_slice(piece);
        }
        parts.back.extend_from_slice(last);
        Some(parts)
    }

    /// Adds other parts. The longer front and the longer back stay, because they may contain the
    /// shorter ones.
    fn add(&mut self, other: Parts) {
        if other.front.len() > self.front.len() {
            self.front = other.front;
        }
        if other.back.len() > self.back.len() {
            self.back = other.back;
        }
        self.middle.extend(other.middle);
    }

    fn value(self) -> Value {
        Some(quoted(&[self.front, self.middle, b"x".to_vec(), self.back].concat()))
    }
}

/// Returns strings that may be excluded by all of the `anything-but`s, made of the texts that these
/// list. With `own`, the strings are made of the text of this test too.
pub(super) fn composed(own: Option<&ValueTest>, buts: &[&AnythingBut]) -> Vec<Value> {
    let own = match own {
        Some(test) => match Parts::of_test(test) {
            Some(parts) => parts,
            None => return Vec::new(),
        },
        None => Parts::default(),
    };
    let longest = buts.iter().map(|but| length(but)).max().unwrap_or(0);
    let mut values = Vec::new();
    for choice in 0..longest.min(CHOICES) {
        let mut all = own.clone();
        for parts in buts.iter().filter_map(|but| Parts::of_excluded(but, choice)) {
            let mut alone = own.clone();
            alone.add(parts.clone());
            all.add(parts);
            values.push(alone.value());
        }
        values.push(all.value());
    }
    values
}

/// Returns the values that the tests exclude, and then strings that several of them exclude.
pub(super) fn excluded(buts: &[&AnythingBut]) -> Vec<Value> {
    let mut values: Vec<Value> = buts.iter().flat_map(|but| excluded_by(but)).take(EXCLUDED).collect();
    values.extend(composed(None, buts));
    values
}

fn length(but: &AnythingBut) -> usize {
    match but {
        AnythingBut::Prefix(texts) | AnythingBut::Suffix(texts) => texts.len(),
        AnythingBut::Wildcard(wildcards) => wildcards.len(),
        AnythingBut::Strings(_) | AnythingBut::Numbers(_) | AnythingBut::EqualsIgnoreCase(_) => 0,
    }
}
