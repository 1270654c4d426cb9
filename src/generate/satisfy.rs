//! Values that may satisfy a test, the most readable first.
//!
//! The values are proposals. The caller keeps those that the matcher accepts.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::operator::Address;
use crate::pattern::{AnythingBut, JsonString, NumericRange, ValueTest, Wildcard};

use super::number::{above, below, spelled};
use super::text::{in_case, longer, other_case, quoted};

/// A value of an event as JSON text, or `None` for absence.
pub(super) type Value = Option<String>;

/// The maximum number of strings of a regular expression that are proposed.
const STRINGS: usize = 6;

/// The maximum number of transitions that are followed for these strings.
const STEPS: usize = 1 << 20;

/// Returns values that may satisfy a test.
pub(super) fn satisfying(test: &ValueTest) -> Vec<Value> {
    match test {
        ValueTest::Exists(false) => vec![None],
        ValueTest::Number(number) => vec![Some(number.as_str().to_owned())],
        ValueTest::True => vec![Some("true".to_owned())],
        ValueTest::False => vec![Some("false".to_owned())],
        ValueTest::Null => vec![Some("null".to_owned())],
        ValueTest::Numeric(range) => numbers(range).into_iter().map(Some).collect(),
        ValueTest::Exists(true) => literals(&["\"x\"", "1", "true", "false", "null", "\"other\""]),
        ValueTest::AnythingBut(excluded) => other_than(excluded),
        ValueTest::String(_)
        | ValueTest::Exactly(_)
        | ValueTest::Prefix(_)
        | ValueTest::PrefixIgnoreCase(_)
        | ValueTest::Suffix(_)
        | ValueTest::SuffixIgnoreCase(_)
        | ValueTest::EqualsIgnoreCase(_)
        | ValueTest::Wildcard(_)
        | ValueTest::Cidr(_)
        | ValueTest::Regexp(_) => texts(test).iter().map(|text| Some(quoted(text))).collect(),
    }
}

fn literals(values: &[&str]) -> Vec<Value> {
    values.iter().map(|&value| Some(value.to_owned())).collect()
}

/// Returns strings that may satisfy a test of strings.
fn texts(test: &ValueTest) -> Vec<Vec<u8>> {
    match test {
        ValueTest::String(text) => with_spelling(text),
        ValueTest::Exactly(text) => vec![text.as_bytes().to_vec()],
        ValueTest::Prefix(text) => {
            let text = text.as_bytes();
            let more = [&b""[..], b"x", b"1", b"-other", b"x1"];
            more.iter().map(|more| [text, more].concat()).collect()
        }
        ValueTest::Suffix(text) => {
            let text = text.as_bytes();
            let more = [&b""[..], b"x", b"1", b"other-", b"1x"];
            more.iter().map(|more| [more, text].concat()).collect()
        }
        ValueTest::EqualsIgnoreCase(text) => cases(text),
        ValueTest::PrefixIgnoreCase(text) => {
            let cases = cases(text);
            let longer: Vec<_> = cases.iter().map(|text| longer(text)).collect();
            [cases, longer].concat()
        }
        ValueTest::SuffixIgnoreCase(text) => {
            let cases = cases(text);
            let longer: Vec<_> = cases.iter().map(|text| [b"x", &text[..]].concat()).collect();
            [cases, longer].concat()
        }
        ValueTest::Wildcard(wildcard) => {
            ["x", "", "other", "1"].iter().map(|star| filled(wildcard, star.as_bytes())).collect()
        }
        ValueTest::Cidr(block) => {
            let (first, last) = block.network().range();
            [Some(first), following(first), Some(last)].iter().flatten().map(|&at| address(at)).collect()
        }
        ValueTest::Regexp(_) => accepted(test, STRINGS),
        ValueTest::Number(_)
        | ValueTest::True
        | ValueTest::False
        | ValueTest::Null
        | ValueTest::Numeric(_)
        | ValueTest::Exists(_)
        | ValueTest::AnythingBut(_) => Vec::new(),
    }
}

/// Returns up to `count` strings that the regular expression of a test accepts, the shortest first.
pub(super) fn accepted(test: &ValueTest, count: usize) -> Vec<Vec<u8>> {
    if let ValueTest::Regexp(regexp) = test { regexp.compiled().accepted(count, STEPS) } else { Vec::new() }
}

/// Returns a text, and another spelling if the text spells an address.
fn with_spelling(text: &JsonString) -> Vec<Vec<u8>> {
    let other = match Address::parse(text.as_bytes()) {
        None => None,
        Some(Address::V4(bits)) => Some(Address::V6(u128::from(bits) | 0xFFFF << 32)),
        Some(v6) => Some(v6),
    };
    let spelled = other.map(|other| match other {
        // The standard spelling of a mapped address has a dotted quad.
        Address::V6(bits) if bits >> 32 == 0xFFFF => {
            format!("::ffff:{:x}:{:x}", bits >> 16 & 0xFFFF, bits & 0xFFFF).into_bytes()
        }
        other => address(other),
    });
    [text.as_bytes().to_vec()].into_iter().chain(spelled).collect()
}

/// Returns the spellings of a text in the lower and the upper case.
fn cases(text: &JsonString) -> Vec<Vec<u8>> {
    let text = text.as_bytes();
    let spellings =
        [Some(text.to_vec()), other_case(text), Some(in_case(text, false)), Some(in_case(text, true))];
    spellings.into_iter().flatten().collect()
}

/// Returns a wildcard with a text in place of each star.
pub(super) fn filled(wildcard: &Wildcard, star: &[u8]) -> Vec<u8> {
    let pieces = wildcard.pieces();
    let mut text = pieces.first.to_vec();
    for piece in &pieces.rest {
        text.extend_from_slice(star);
        text.extend_from_slice(piece);
    }
    text
}

/// Returns numbers near the bounds of a range, the nearest readable one first.
fn numbers(range: &NumericRange) -> Vec<String> {
    let mut numbers = Vec::new();
    let (lower, upper) = (range.lower.as_ref(), range.upper.as_ref());
    for bound in [lower, upper].into_iter().flatten().filter(|bound| bound.inclusive) {
        numbers.push(bound.number.as_str().to_owned());
    }
    if let Some(bound) = lower {
        numbers.extend(above(bound.number.value()));
    }
    if let Some(bound) = upper {
        numbers.extend(below(bound.number.value()));
    }
    if let (Some(lower), Some(upper)) = (lower, upper) {
        numbers.push(spelled(lower.number.value().midpoint(upper.number.value())));
    }
    numbers
}

/// Returns values that `anything-but` may not exclude.
fn other_than(excluded: &AnythingBut) -> Vec<Value> {
    let mut values = literals(&["\"other\""]);
    match excluded {
        AnythingBut::Numbers(numbers) => {
            let first = numbers[0].value();
            let others: Vec<Value> = above(first).into_iter().take(2).chain(below(first)).map(Some).collect();
            values.splice(0..0, others);
        }
        AnythingBut::Strings(texts) | AnythingBut::EqualsIgnoreCase(texts) => {
            let first = texts[0].as_bytes();
            values.push(Some(quoted(&[first, b"-other"].concat())));
            values.push(Some(quoted(&longer(first))));
        }
        AnythingBut::Prefix(texts) => values.push(Some(quoted(&[b"x", texts[0].as_bytes()].concat()))),
        AnythingBut::Suffix(texts) => values.push(Some(quoted(&longer(texts[0].as_bytes())))),
        AnythingBut::Wildcard(wildcards) => values.push(Some(quoted(&longer(&filled(&wildcards[0], b"x"))))),
    }
    values.extend(literals(&["\"x\"", "\"\"", "0", "1", "true", "false", "null"]));
    values
}

/// Returns an address in its usual spelling.
pub(super) fn address(address: Address) -> Vec<u8> {
    match address {
        Address::V4(bits) => Ipv4Addr::from_bits(bits).to_string().into_bytes(),
        Address::V6(bits) => Ipv6Addr::from_bits(bits).to_string().into_bytes(),
    }
}

/// Returns the address after an address.
pub(super) fn following(address: Address) -> Option<Address> {
    match address {
        Address::V4(bits) => bits.checked_add(1).map(Address::V4),
        Address::V6(bits) => bits.checked_add(1).map(Address::V6),
    }
}

/// Returns the address before an address.
pub(super) fn preceding(address: Address) -> Option<Address> {
    match address {
        Address::V4(bits) => bits.checked_sub(1).map(Address::V4),
        Address::V6(bits) => bits.checked_sub(1).map(Address::V6),
    }
}
