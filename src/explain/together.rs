//! Fields that hold one by one but not together, and fields that hold only together.

use crate::pattern::form::Kinds;
use crate::pattern::{Pattern, ValueTest};

use super::decomposition::{FieldPart, Shape};
use super::explainer::Observation;
use super::outline::{Element, Wanted, array_path};
use super::part;
use super::shown::shown_bytes;
use super::trap::{Trap, TrapKind};
use super::tree::{Field, Status};

/// The maximum number of fields whose pairs are matched.
const FIELDS: usize = 32;

/// The maximum number of elements that are listed.
const ELEMENTS: usize = 5;

/// Sets the status of fields that are absent in the elements that the other fields choose.
pub(crate) fn find_absent_in_elements(
    observation: &Observation<'_>,
    shape: &Shape,
    nearest: &[u32],
    fields: &mut [Field],
) {
    let (holding, missed): (Vec<u32>, Vec<u32>) =
        nearest.iter().partition(|field| fields[**field as usize].status == Status::Holds);
    for &missed in &missed {
        let part = &shape.fields[missed as usize];
        let absence = |test: &ValueTest| test.form().kinds == Kinds::Absence;
        if !observation.tests(part).iter().any(|(_, test)| absence(test)) {
            continue;
        }
        let together = holding.iter().copied().chain([missed]).map(|field| &shape.fields[field as usize]);
        if observation.try_pattern(&conjunction(observation, together)) == Some(true) {
            let field = &mut fields[missed as usize];
            field.status = Status::ElementAbsent;
            field.traps.clear();
            field.near = None;
        }
    }
}

/// Returns the pattern of several fields.
fn conjunction<'p>(observation: &Observation<'_>, fields: impl Iterator<Item = &'p FieldPart>) -> Pattern {
    part::pattern(fields.map(|part| (&*part.path, observation.cloned_tests(part))))
}

/// Returns the reason why the fields of the nearest branch do not hold together, although each holds.
pub(crate) fn trap(observation: &Observation<'_>, shape: &Shape, nearest: &[u32]) -> Option<Trap> {
    let parts: Vec<&FieldPart> =
        nearest.iter().map(|field| &shape.fields[*field as usize]).take(FIELDS).collect();
    let pairs: Vec<(&FieldPart, &FieldPart)> =
        parts.iter().enumerate().flat_map(|(at, a)| parts[at + 1..].iter().map(|b| (*a, *b))).collect();
    let patterns = pairs.iter().map(|(a, b)| conjunction(observation, [*a, *b].into_iter()));
    let matching = observation.matching(patterns.collect(), observation.event).unwrap_or_default();
    let failing = pairs.iter().zip(&matching).find(|(_, matches)| !**matches).map(|(pair, _)| *pair);
    let message = match failing {
        Some((a, b)) => describe(observation, a, b),
        None => {
            "each field holds, but in different elements of arrays: no choice of elements fits all".into()
        }
    };
    Some(Trap::new(TrapKind::DifferentElements, message))
}

/// Describes two fields that do not hold together, with the array and the elements if they are known.
fn describe(observation: &Observation<'_>, a: &FieldPart, b: &FieldPart) -> String {
    let [name_a, name_b] = [a, b].map(|part| shown_bytes(&part.path));
    let fallback =
        format!("`{name_a}` and `{name_b}` hold, but in different elements of an array, not in one");
    let (Some(of_a), Some(of_b)) = (elements(observation, a), elements(observation, b)) else {
        return fallback;
    };
    // The first array that holds two values in different elements.
    let conflict = |a: &[Element], b: &[Element]| {
        a.iter().find(|x| b.iter().any(|y| x.array == y.array && x.index != y.index)).copied()
    };
    let mut pairs = of_a.iter().flat_map(|a| of_b.iter().map(move |b| conflict(a, b)));
    let Some(Some(array)) = pairs.next() else { return fallback };
    // The array is the reason if every pair conflicts in it.
    if !pairs.all(|other| other.is_some_and(|other| other.array == array.array)) {
        return fallback;
    }
    let wanted = &observation.explainer.wanted;
    let Some(path) = array_path(wanted, &a.path, array) else { return fallback };
    let path = shown_bytes(path);
    let [in_a, in_b] =
        [(a, &of_a), (b, &of_b)].map(|(part, elements)| list(wanted, &part.path, elements, array.array));
    format!(
        "`{name_a}` holds in {in_a} and `{name_b}` in {in_b}; both must hold in one element of the array `{path}`"
    )
}

/// Returns the elements around each value that satisfies a field, or `None` if not all values are
/// known.
fn elements(observation: &Observation<'_>, part: &FieldPart) -> Option<Vec<Vec<Element>>> {
    let place = observation.outline().at(&observation.explainer.wanted, &part.path)?;
    if place.leaf_count != place.leaves.len() {
        return None;
    }
    let mut elements = Vec::new();
    for leaf in &place.leaves {
        if observation.try_leaf(&part.path, leaf)?.has(part.id()) {
            elements.push(leaf.elements.clone());
        }
    }
    Some(elements)
}

/// Lists the elements of one array: `a[0].b[2]`.
fn list(wanted: &Wanted, path: &[u8], values: &[Vec<Element>], array: u32) -> String {
    let mut texts: Vec<String> = Vec::new();
    for elements in values {
        let mut text = String::new();
        let mut shown = 0;
        for element in elements {
            let prefix = array_path(wanted, path, *element).unwrap_or(path);
            // Arrays inside each other have the same path.
            text += &shown_bytes(prefix.get(shown..).unwrap_or_default());
            text += &format!("[{}]", element.index);
            shown = prefix.len();
            if element.array == array {
                break;
            }
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    if texts.len() > ELEMENTS {
        texts.truncate(ELEMENTS);
        texts.push("others".into());
    }
    texts.join(", ")
}
