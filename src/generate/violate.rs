//! Values that may fail a field, the nearest to a test first.
//!
//! The values are proposals. The caller keeps those that the matcher refuses.

use crate::pattern::{AnythingBut, JsonString, ValueTest, Wildcard};

use super::number::{above, below};
use super::satisfy::{Value, accepted, address, filled, following, preceding, satisfying};
use super::text::{
    in_case, longer, other_case, other_first, other_last, quoted, without_first, without_last,
};

/// Returns values near a test that may fail it. `excluded` follows, then values of every kind, and at
/// last absence.
pub(super) fn failing(test: &ValueTest, excluded: &[Value]) -> Vec<Value> {
    let mut values = near(test);
    values.extend_from_slice(excluded);
    if !matches!(test, ValueTest::Exists(true)) {
        let kinds = ["\"other\"", "\"x\"", "\"\"", "0", "1", "-1", "null", "true", "false"];
        values.extend(kinds.iter().map(|&value| Some(value.to_owned())));
    }
    values.push(None);
    values
}

/// Returns the values nearest to a test that may fail it.
fn near(test: &ValueTest) -> Vec<Value> {
    let texts = |texts: Vec<Vec<u8>>| texts.iter().map(|text| Some(quoted(text))).collect::<Vec<Value>>();
    match test {
        ValueTest::String(text) | ValueTest::Exactly(text) => texts(near_text(text)),
        ValueTest::EqualsIgnoreCase(text) => {
            let text = text.as_bytes();
            texts(vec![text.to_vec(), longer(text), without_last(text).to_vec(), other_last(text)])
        }
        ValueTest::Prefix(text) => {
            let mut near: Vec<_> = other_case(text.as_bytes()).into_iter().collect();
            near.extend(near_prefix(text));
            texts(near)
        }
        ValueTest::PrefixIgnoreCase(text) => texts(near_prefix(text)),
        ValueTest::Suffix(text) => {
            let mut near: Vec<_> = other_case(text.as_bytes()).into_iter().collect();
            near.extend(near_suffix(text));
            texts(near)
        }
        ValueTest::SuffixIgnoreCase(text) => texts(near_suffix(text)),
        ValueTest::Wildcard(wildcard) => {
            let mut near: Vec<_> = other_case_of(wildcard).into_iter().collect();
            near.extend(near_form(&filled(wildcard, b"x")));
            texts(near)
        }
        ValueTest::Regexp(_) => {
            let accepted = accepted(test, 1).into_iter().next();
            texts(accepted.map(|text| near_form(&text)).unwrap_or_default())
        }
        ValueTest::Cidr(block) => {
            let (first, last) = block.network().range();
            let outside = [following(last), preceding(first)];
            let mut near: Vec<_> = outside.into_iter().flatten().map(address).collect();
            near.push(longer(&address(first)));
            texts(near)
        }
        ValueTest::Number(number) => {
            let near = number.value().map(|value| [above(value), below(value)].concat()).unwrap_or_default();
            near.into_iter().chain([format!("\"{}\"", number.as_str())]).map(Some).collect()
        }
        ValueTest::Numeric(range) => {
            let mut near = Vec::new();
            if let Some(bound) = &range.lower {
                near.extend((!bound.inclusive).then(|| bound.number.as_str().to_owned()));
                near.extend(below(bound.number.value()));
            }
            if let Some(bound) = &range.upper {
                near.extend((!bound.inclusive).then(|| bound.number.as_str().to_owned()));
                near.extend(above(bound.number.value()));
            }
            near.into_iter().map(Some).chain(quoted_number(test)).collect()
        }
        ValueTest::True => vec![Some("false".to_owned()), Some("\"true\"".to_owned())],
        ValueTest::False => vec![Some("true".to_owned()), Some("\"false\"".to_owned())],
        ValueTest::Null => vec![Some("\"null\"".to_owned()), None],
        ValueTest::Exists(true) => vec![None],
        ValueTest::Exists(false) => vec![Some("\"x\"".to_owned())],
        ValueTest::AnythingBut(but) => excluded_by(but),
    }
}

/// Returns a wildcard with `x` in place of each star, and with the first cased letter beside the stars
/// in the other case.
fn other_case_of(wildcard: &Wildcard) -> Option<Vec<u8>> {
    let pieces = wildcard.pieces();
    let mut all: Vec<Vec<u8>> =
        [&pieces.first].into_iter().chain(&pieces.rest).map(|piece| piece.to_vec()).collect();
    let (at, changed) = all.iter().enumerate().find_map(|(at, piece)| Some((at, other_case(piece)?)))?;
    all[at] = changed;
    Some(all.join(&b"x"[..]))
}

/// Returns a number that satisfies a test, as a string.
fn quoted_number(test: &ValueTest) -> Option<Value> {
    let number = satisfying(test).into_iter().flatten().next()?;
    Some(Some(format!("\"{number}\"")))
}

/// Returns texts near a plain value.
fn near_text(text: &JsonString) -> Vec<Vec<u8>> {
    let text = text.as_bytes();
    let mut near: Vec<_> = other_case(text).into_iter().collect();
    near.extend([longer(text), without_last(text).to_vec(), other_last(text)]);
    near
}

/// Returns texts near a text: another case, and one character more or less at each end.
fn near_form(text: &[u8]) -> Vec<Vec<u8>> {
    let mut near: Vec<_> = other_case(text).into_iter().collect();
    near.extend([
        longer(text),
        [b"x", text].concat(),
        without_last(text).to_vec(),
        without_first(text).to_vec(),
        other_last(text),
        other_first(text),
        in_case(text, true),
        in_case(text, false),
        Vec::new(),
    ]);
    near
}

/// Returns texts near a prefix that may not begin with it.
fn near_prefix(text: &JsonString) -> Vec<Vec<u8>> {
    let text = text.as_bytes();
    vec![without_last(text).to_vec(), other_last(text), [b"x", text].concat(), other_first(text)]
}

/// Returns texts near a suffix that may not end with it.
fn near_suffix(text: &JsonString) -> Vec<Vec<u8>> {
    let text = text.as_bytes();
    vec![without_first(text).to_vec(), other_first(text), longer(text), other_last(text)]
}

/// Returns the values that `anything-but` excludes, one of each form.
pub(super) fn excluded_by(but: &AnythingBut) -> Vec<Value> {
    let texts = |texts: &[JsonString]| texts.iter().map(|text| Some(text.to_string())).collect();
    match but {
        AnythingBut::Strings(list) | AnythingBut::Prefix(list) | AnythingBut::Suffix(list) => texts(list),
        AnythingBut::EqualsIgnoreCase(list) => {
            let upper = list.iter().map(|text| Some(quoted(&in_case(text.as_bytes(), true))));
            let lower = list.iter().map(|text| Some(quoted(&in_case(text.as_bytes(), false))));
            upper.chain(lower).collect()
        }
        AnythingBut::Numbers(numbers) => {
            numbers.iter().map(|number| Some(number.as_str().to_owned())).collect()
        }
        AnythingBut::Wildcard(list) => {
            list.iter().map(|wildcard| Some(quoted(&filled(wildcard, b"x")))).collect()
        }
    }
}
