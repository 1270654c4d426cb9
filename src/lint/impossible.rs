//! Fields that no event can satisfy.

use std::slice;

use crate::error::Span;
use crate::pattern::branch::{Branch, Branches, Field};
use crate::pattern::form::Kinds;
use crate::pattern::{Alternative, NumericRange, ValueTest};

use super::codes::WarningKind;
use super::cover::ordinals;
use super::envelope::is_string;
use super::found::Found;

/// Appends the impossible fields if every branch has one.
pub(super) fn impossible_fields(expansion: &Branches<'_>, found: &mut Found<'_>) {
    let reasons: Vec<_> = expansion.fields.iter().map(impossible).collect();
    // For each choice, the impossible fields that exclude all its alternatives. Empty if an
    // alternative can match.
    let mut of_choices: Vec<Vec<u32>> = Vec::with_capacity(expansion.choices.len());
    for choice in &expansion.choices {
        let of_choice = first_reasons(&choice.alternatives, &reasons, &of_choices);
        of_choices.push(of_choice);
    }
    let fields = first_reasons(&expansion.branches, &reasons, &of_choices);
    for (span, kind) in fields.into_iter().filter_map(|field| reasons[field as usize]) {
        found.add(kind, span);
    }
}

/// Returns the first impossible field of each branch. All fields of a choice count as one field.
/// Returns none if a branch can match.
fn first_reasons(
    branches: &[Branch],
    reasons: &[Option<(Span, WarningKind)>],
    of_choices: &[Vec<u32>],
) -> Vec<u32> {
    let mut fields = Vec::new();
    for branch in branches {
        let own =
            branch.fields.iter().filter(|field| reasons[**field as usize].is_some()).map(slice::from_ref);
        let choices = branch.choices.iter().map(|&choice| &*of_choices[choice as usize]);
        let first = own.chain(choices.filter(|fields| !fields.is_empty())).min_by_key(|fields| fields[0]);
        let Some(first) = first else { return Vec::new() };
        fields.extend_from_slice(first);
    }
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// Returns the place and the reason if no alternative of the field can match.
fn impossible(field: &Field<'_>) -> Option<(Span, WarningKind)> {
    let envelope = EnvelopeValue::at(&field.path);
    let mut kind = WarningKind::EmptyRange;
    for Alternative { test, .. } in field.alternatives {
        if matches!(test, ValueTest::Numeric(range) if is_empty(range)) {
            continue;
        }
        if envelope.as_ref().is_none_or(|envelope| envelope.may_satisfy(test)) {
            return None;
        }
        kind = WarningKind::EnvelopeField;
    }
    Some((field.span, kind))
}

/// Returns true if no double lies in a range.
fn is_empty(range: &NumericRange) -> bool {
    let (first, last) = ordinals(range);
    first > last
}

/// The value that [the envelope of an event][envelope] always has at a path.
///
/// [envelope]: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
#[derive(Debug, Eq, PartialEq)]
enum EnvelopeValue {
    /// A string, or an array of strings.
    Strings,
    /// No string, number or literal. The path leads to an object, or into a string.
    Nothing,
}

impl EnvelopeValue {
    fn at(path: &[u8]) -> Option<EnvelopeValue> {
        let first = path.split(|&byte| byte == b'.').next().unwrap_or(path);
        match (is_string(first) || first == b"resources", path.len() > first.len()) {
            (true, false) => Some(EnvelopeValue::Strings),
            (true, true) => Some(EnvelopeValue::Nothing),
            (false, false) if first == b"detail" => Some(EnvelopeValue::Nothing),
            (false, _) => None,
        }
    }

    fn may_satisfy(&self, test: &ValueTest) -> bool {
        match (self, test.form().kinds) {
            (_, Kinds::Absence) => true,
            // The list of resources may be empty.
            (EnvelopeValue::Strings, Kinds::Strings | Kinds::All) => true,
            (EnvelopeValue::Nothing, Kinds::Strings | Kinds::All) => false,
            (_, Kinds::Numbers | Kinds::Literals) => false,
        }
    }
}
