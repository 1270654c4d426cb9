//! Lints of the alternatives of one field with each other.

use std::collections::HashSet;
use std::mem;

use crate::error::Span;
use crate::json::JsonString;
use crate::pattern::branch::Field;
use crate::pattern::form::Kinds;
use crate::pattern::{Alternative, AnythingBut, NumericRange, ValueTest};

use super::codes::WarningKind;
use super::cover::{accepts_every_string, covered, ordinals};
use super::envelope::is_string;
use super::found::{Found, shown};

/// Reports a field that holds always, alternatives that are meant as conditions, and alternatives
/// without effect. `is_for_bus` is true for one of several fields of a rule for an event bus.
pub(super) fn alternatives(field: &Field<'_>, is_for_bus: bool, found: &mut Found<'_>) {
    let list = field.alternatives;
    let absence = list.iter().any(|alternative| alternative.test == ValueTest::Exists(false));
    let presence = list.iter().any(|alternative| alternative.test == ValueTest::Exists(true));
    // The other warnings about such a list would have the same cause.
    if meant_as_and(list, found) {
        return;
    }
    let is_complete = presence || complements(list);
    if is_complete && absence {
        found.add(WarningKind::AlwaysTrue, field.span);
        return;
    }
    if is_complete && !presence {
        found.add_help(WarningKind::AlwaysTrue, field.span, || {
            "the list accepts every value: write `[{\"exists\":true}]`, or leave the field out".to_owned()
        });
        return;
    }
    for (index, outer) in covered(list).into_iter().enumerate() {
        let Some(outer) = outer else { continue };
        found.add_help(WarningKind::CoveredAlternative, list[index].span, || {
            if list[index].test == list[outer].test {
                "the alternative is written twice".to_owned()
            } else {
                format!("leave it out: `{}` accepts all of it", shown(&list[outer].test))
            }
        });
    }
    if is_for_bus && !absence {
        envelope_value(field, found);
    }
}

/// Reports a field of the envelope that holds for every event of a bus.
fn envelope_value(field: &Field<'_>, found: &mut Found<'_>) {
    let accepts = |alternative: &Alternative| {
        alternative.test == ValueTest::Exists(true) || accepts_every_string(&alternative.test)
    };
    if is_string(&field.path) && field.alternatives.iter().any(accepts) {
        found.add_help(WarningKind::AlwaysTrue, field.span, || {
            "every event of a bus has a string here: leave the field out".to_owned()
        });
    }
}

/// Returns true if an `anything-but` is in the list, and other alternatives accept every value that it
/// excludes.
fn complements(list: &[Alternative]) -> bool {
    let mut tests = None;
    let mut has = |test: ValueTest| {
        let tests: &HashSet<&ValueTest> =
            tests.get_or_insert_with(|| list.iter().map(|alternative| &alternative.test).collect());
        tests.contains(&test)
    };
    // Only one `anything-but` is in the list: several are meant as conditions.
    let excluded = list.iter().find_map(|alternative| match &alternative.test {
        ValueTest::AnythingBut(excluded) => Some(excluded),
        _ => None,
    });
    match excluded {
        None => false,
        Some(AnythingBut::Strings(texts)) => texts
            .iter()
            .all(|text| has(ValueTest::String(text.clone())) || has(ValueTest::Exactly(text.clone()))),
        Some(AnythingBut::Numbers(numbers)) => {
            let values: HashSet<u64> = list.iter().filter_map(value).collect();
            numbers.iter().all(|number| values.contains(&number.comparable().ordinal()))
        }
        Some(AnythingBut::Prefix(texts)) => texts.iter().all(|text| has(ValueTest::Prefix(text.clone()))),
        Some(AnythingBut::Suffix(texts)) => texts.iter().all(|text| has(ValueTest::Suffix(text.clone()))),
        Some(AnythingBut::EqualsIgnoreCase(texts)) => {
            texts.iter().all(|text| has(ValueTest::EqualsIgnoreCase(text.clone())))
        }
        Some(AnythingBut::Wildcard(wildcards)) => {
            wildcards.iter().all(|wildcard| has(ValueTest::Wildcard(wildcard.clone())))
        }
    }
}

/// Returns the ordinal of an alternative that is one number.
fn value(alternative: &Alternative) -> Option<u64> {
    match &alternative.test {
        ValueTest::Number(number) => number.comparable().map(|value| value.ordinal()),
        _ => None,
    }
}

/// Reports a list whose alternatives are meant as conditions that hold together. Returns true if the
/// list was reported.
fn meant_as_and(list: &[Alternative], found: &mut Found<'_>) -> bool {
    let meant = several_exclusions(list)
        .or_else(|| exclusion_and_value(list))
        .or_else(|| both_ends(list))
        .or_else(|| both_bounds(list));
    let Some((span, help)) = meant else { return false };
    found.add_help(WarningKind::MeantAsAnd, span, || help);
    true
}

/// Returns the warning for a list with two `anything-but`s: each accepts the values that the other
/// excludes.
fn several_exclusions(list: &[Alternative]) -> Option<(Span, String)> {
    let mut exclusions = list.iter().filter_map(|alternative| match &alternative.test {
        ValueTest::AnythingBut(excluded) => Some((alternative.span, excluded)),
        _ => None,
    });
    let ((_, first), (span, second)) = (exclusions.next()?, exclusions.next()?);
    // No wildcard excludes numbers or ignores case.
    let has_wildcard =
        |excluded| !matches!(excluded, &AnythingBut::Numbers(_) | &AnythingBut::EqualsIgnoreCase(_));
    let help = if mem::discriminant(first) == mem::discriminant(second) {
        format!("write one list: `{{\"anything-but\":{}}}`", form(first))
    } else if has_wildcard(first) && has_wildcard(second) {
        "write all as wildcards of one list: `{\"anything-but\":{\"wildcard\":[…]}}`".to_owned()
    } else {
        "alternatives are ORed: each of the two accepts the values that the other excludes".to_owned()
    };
    Some((span, help))
}

/// Returns the form of the operand with several values.
fn form(excluded: &AnythingBut) -> &'static str {
    match excluded {
        AnythingBut::Strings(_) | AnythingBut::Numbers(_) => "[…]",
        AnythingBut::Prefix(_) => "{\"prefix\":[…]}",
        AnythingBut::Suffix(_) => "{\"suffix\":[…]}",
        AnythingBut::EqualsIgnoreCase(_) => "{\"equals-ignore-case\":[…]}",
        AnythingBut::Wildcard(_) => "{\"wildcard\":[…]}",
    }
}

/// Returns the warning for an `anything-but` in a list with strings or numbers, unless they complement
/// each other.
fn exclusion_and_value(list: &[Alternative]) -> Option<(Span, String)> {
    let exclusion = list.iter().find(|alternative| matches!(alternative.test, ValueTest::AnythingBut(_)))?;
    let is_other = |alternative: &&Alternative| {
        let test = &alternative.test;
        matches!(test.form().kinds, Kinds::Strings | Kinds::Numbers)
            && !matches!(test, ValueTest::AnythingBut(_))
    };
    list.iter().find(is_other)?;
    if complements(list) {
        return None;
    }
    Some((
        exclusion.span,
        "alternatives are ORed: `anything-but` also accepts values that the others do not name".to_owned(),
    ))
}

/// Returns the warning for a list of one prefix and one suffix.
fn both_ends(list: &[Alternative]) -> Option<(Span, String)> {
    let [first, second] = list else { return None };
    let (prefix, suffix) = match (&first.test, &second.test) {
        (ValueTest::Prefix(prefix), ValueTest::Suffix(suffix))
        | (ValueTest::Suffix(suffix), ValueTest::Prefix(prefix)) => (prefix, suffix),
        _ => return None,
    };
    // A word at either end of a text is a usual search.
    if prefix.is_empty() || suffix.is_empty() || prefix == suffix {
        return None;
    }
    let wildcard = format!("{}*{}", escaped(prefix)?, escaped(suffix)?);
    let wildcard = JsonString::from(&*wildcard);
    let help =
        format!("alternatives are ORed; for both at once, write `{{\"wildcard\":{}}}`", shown(&wildcard));
    Some((second.span, help))
}

/// Returns a text with the escapes of a wildcard.
fn escaped(text: &JsonString) -> Option<String> {
    Some(text.as_str()?.replace('\\', "\\\\").replace('*', "\\*"))
}

/// Returns the warning for a lower bound and an upper bound in two alternatives that together accept
/// every number.
fn both_bounds(list: &[Alternative]) -> Option<(Span, String)> {
    let mut lower: Option<(u64, &Alternative)> = None;
    let mut upper: Option<(u64, &Alternative)> = None;
    for alternative in list {
        let ValueTest::Numeric(range) = &alternative.test else { continue };
        let (first, last) = ordinals(range);
        match (&range.lower, &range.upper) {
            (Some(_), None) if lower.is_none_or(|(least, _)| first < least) => {
                lower = Some((first, alternative))
            }
            (None, Some(_)) if upper.is_none_or(|(most, _)| last > most) => upper = Some((last, alternative)),
            _ => {}
        }
    }
    let ((first, from), (last, to)) = (lower?, upper?);
    if first > last.saturating_add(1) {
        return None;
    }
    let (ValueTest::Numeric(from_range), ValueTest::Numeric(to_range)) = (&from.test, &to.test) else {
        return None;
    };
    let later = if from.span.start > to.span.start { from } else { to };
    let bound = |range: &NumericRange| range.comparisons().next().map(|(_, number)| number.comparable());
    if bound(from_range) >= bound(to_range) {
        return Some((later.span, "alternatives are ORed: together, the two accept every number".to_owned()));
    }
    let comparisons = from_range.comparisons().chain(to_range.comparisons());
    let comparisons: Vec<String> =
        comparisons.map(|(operator, number)| format!("\"{operator}\",{}", shown(number))).collect();
    Some((later.span, format!("write one range: `{{\"numeric\":[{}]}}`", comparisons.join(","))))
}
