//! Traps of a field that has no value in the event.

use crate::json::{Kind, string};
use crate::pattern::{Pattern, ValueTest};

use super::base64;
use super::decomposition::FieldPart;
use super::explainer::Observation;
use super::outline::{Leaf, NAME_LENGTH, Place, folded, prefixes};
use super::part;
use super::shown::shown_bytes;
use super::trap::{Trap, TrapKind};
use super::value::{excerpt, kind_name};

/// The maximum length in bytes of a string that is read as JSON.
const JSON_LENGTH: usize = 1 << 20;

/// The maximum number of paths and names that are listed.
const LISTED: usize = 3;

/// Returns the known reasons why a path has no value. `place` has the objects and arrays on the path.
pub(crate) fn traps(observation: &Observation<'_>, part: &FieldPart, place: Option<&Place>) -> Vec<Trap> {
    let mut traps = Vec::new();
    match place {
        Some(place) => traps.extend(container(observation, part, place)),
        None => {
            traps.extend(way(observation, part));
            if traps.is_empty() {
                traps.extend(missing_object(observation, part));
                traps.extend(elsewhere(observation, part));
            }
        }
    }
    let tests = observation.tests(part);
    if tests.iter().any(|(_, test)| matches!(test, ValueTest::AnythingBut(_))) {
        let message = "`anything-but` needs a value; {\"exists\":false} in the same list accepts none";
        traps.push(Trap::new(TrapKind::NeedsValue, message));
    } else if tests.iter().any(|(_, test)| matches!(test, ValueTest::Null)) {
        let message = "`null` holds for the value null only; {\"exists\":false} holds if there is no value";
        traps.push(Trap::new(TrapKind::NullIsValue, message));
    }
    traps
}

/// Returns the trap of a path on which the event has objects or arrays.
fn container(observation: &Observation<'_>, part: &FieldPart, place: &Place) -> Option<Trap> {
    if place.objects == 0 {
        let message = "the event has an array without values here, which is no value";
        return Some(Trap::new(TrapKind::ValueIsEmpty, message));
    }
    let what = if place.arrays > 0 { "an array of objects" } else { "an object" };
    let Some(name) = place.names.first() else {
        let message = format!("the event has {what} without members here, which is no value");
        return Some(Trap::new(TrapKind::ValueIsEmpty, message));
    };
    let names: Vec<String> =
        place.names.iter().take(LISTED).map(|name| format!("`{}`", shown_bytes(name))).collect();
    let more = if place.names.len() > LISTED { ", …" } else { "" };
    let names = names.join(", ");
    // The suggestion is made only if it is true.
    let inner_path = [&part.path, &b"."[..], name].concat();
    let inner = shown_bytes(&inner_path);
    let pattern = part::field(&inner_path, observation.cloned_tests(part));
    let fits = observation.try_pattern(&pattern) == Some(true);
    let help = if fits { format!("; the field holds on the path `{inner}`") } else { String::new() };
    let message =
        format!("the event has {what} here, with {names}{more}: only values inside are tested{help}");
    let trap = Trap::new(TrapKind::ValueIsObject, message);
    Some(if fits { trap.proven(&pattern, None) } else { trap })
}

/// Returns the trap at the first name of the path that the event does not have.
fn way(observation: &Observation<'_>, part: &FieldPart) -> Option<Trap> {
    let outline = observation.outline();
    let mut before: Option<(&[u8], &[u8], &Place)> = None;
    for (prefix, rest, node) in prefixes(&observation.explainer.wanted, &part.path) {
        if let Some(place) = outline.place(node) {
            before = Some((prefix, rest, place));
            continue;
        }
        // The root has a place, because an accepted event is an object.
        let (around, rest, place) = before?;
        return inside_a_value(observation, part, (around, rest), place)
            .or_else(|| array_index(place, around, rest))
            .or_else(|| spelling(observation, part, (around, rest), place));
    }
    None
}

/// Returns the trap of the first object on the path that the event does not have.
fn missing_object(observation: &Observation<'_>, part: &FieldPart) -> Option<Trap> {
    let outline = observation.outline();
    let mut before = (&part.path[..0], &*part.path);
    for (prefix, rest, node) in prefixes(&observation.explainer.wanted, &part.path) {
        if outline.place(node).is_none() {
            let (around, names) = before;
            let name = first_name(names);
            if name.len() == names.len() {
                return None;
            }
            let message = format!("the event has no `{}`{}", shown_bytes(name), inside(around));
            return Some(Trap::new(TrapKind::NoObject, message));
        }
        before = (prefix, rest);
    }
    None
}

/// Returns the first name of a path.
fn first_name(path: &[u8]) -> &[u8] {
    path.split(|&byte| byte == b'.').next().unwrap_or(path)
}

fn inside(around: &[u8]) -> String {
    if around.is_empty() { String::new() } else { format!(" in `{}`", shown_bytes(around)) }
}

/// Returns the trap of a value in the place of an object of the pattern.
fn inside_a_value(
    observation: &Observation<'_>,
    part: &FieldPart,
    (around, rest): (&[u8], &[u8]),
    place: &Place,
) -> Option<Trap> {
    let leaf = place.leaves.first()?;
    let name = shown_bytes(around);
    if let Some(found) = place.leaves.iter().find_map(|leaf| json_inside(observation, part, rest, leaf)) {
        let Inside { kind, fits, pattern, json } = found;
        let what = match kind {
            TrapKind::JsonInString => "a string that holds JSON",
            _ => "a string that holds JSON in Base64",
        };
        let inside = shown_bytes(rest);
        let verdict = if fits { "the field would hold" } else { "the field would miss, too" };
        let message = format!(
            "`{name}` is {what} with `{inside}` inside, and strings are not looked into; parsed, {verdict}"
        );
        return Some(Trap::new(kind, message).proven(&pattern, Some(&json)));
    }
    if place.objects > 0 || index_of(rest).is_some() && place.arrays > 0 {
        return None;
    }
    let (kind, text) = (kind_name(leaf.kind), excerpt(observation.event, leaf.span));
    let message = match leaf.kind {
        Kind::String | Kind::Number => format!("`{name}` is the {kind} {text}, which has no fields"),
        _ => format!("`{name}` is {text}, which has no fields"),
    };
    Some(Trap::new(TrapKind::ParentIsValue, message))
}

/// A JSON object inside a string.
struct Inside {
    kind: TrapKind,
    /// True if the field holds for the value in the JSON.
    fits: bool,
    /// A pattern that the JSON matches.
    pattern: Pattern,
    json: Vec<u8>,
}

/// Returns the JSON object that a string holds if it has a value on a path.
fn json_inside(observation: &Observation<'_>, part: &FieldPart, rest: &[u8], leaf: &Leaf) -> Option<Inside> {
    let length = leaf.span.len();
    // Decoding takes time, even if the text is not JSON.
    if leaf.kind != Kind::String || length > JSON_LENGTH || !observation.may_try(length) {
        return None;
    }
    let mut text = Vec::new();
    string::decode(&observation.event[leaf.span.start + 1..leaf.span.end - 1], &mut text);
    let exists = part::field(rest, vec![ValueTest::Exists(true)]);
    let same = part::field(rest, observation.cloned_tests(part));
    let base64 = base64::decode(&text);
    for (kind, json) in [(TrapKind::JsonInString, Some(text)), (TrapKind::JsonInBase64, base64)] {
        let Some(json) = json.filter(|json| json.trim_ascii_start().starts_with(b"{")) else { continue };
        let matching = observation.matching(vec![exists.clone(), same.clone()], &json);
        if let Some(&[true, fits]) = matching.as_deref() {
            return Some(Inside { kind, fits, pattern: if fits { same } else { exists }, json });
        }
    }
    None
}

/// Returns the first name of a path if it is an index: `0` or `[0]`.
fn index_of(path: &[u8]) -> Option<&[u8]> {
    let first = first_name(path);
    let digits = first.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).unwrap_or(first);
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(first)
}

/// Returns the trap of a name that is the index of an element.
fn array_index(place: &Place, around: &[u8], rest: &[u8]) -> Option<Trap> {
    let index = index_of(rest)?;
    if place.arrays == 0 {
        return None;
    }
    let message = format!(
        "`{}` is an array, whose elements have no names: leave out `{}`, a field holds if any element does",
        shown_bytes(around),
        shown_bytes(index),
    );
    Some(Trap::new(TrapKind::ArrayIndex, message))
}

/// Returns the trap of a similar name in the same object.
fn spelling(
    observation: &Observation<'_>,
    part: &FieldPart,
    (around, rest): (&[u8], &[u8]),
    place: &Place,
) -> Option<Trap> {
    let name = first_name(rest);
    if name.is_empty() || name.len() > NAME_LENGTH {
        return None;
    }
    let fold = folded(name);
    let text = std::str::from_utf8(name).ok()?;
    // Short names are near to many others.
    let limit = match text.chars().count() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    };
    let distance = |other: &[u8]| match std::str::from_utf8(other) {
        _ if folded(other) == fold => Some(0),
        Ok(other) => Some(strsim::levenshtein(text, other)).filter(|distance| *distance <= limit),
        Err(_) => None,
    };
    let near = place.names.iter().filter_map(|other| Some((distance(other)?, other)));
    let (_, other) = near.min_by_key(|(distance, _)| *distance)?;
    let start = part.path.len() - rest.len();
    let path = [&part.path[..start], other, &rest[name.len()..]].concat();
    let pattern = part::field(&path, observation.cloned_tests(part));
    let message =
        format!("the event has no `{}`{}, but `{}`", shown_bytes(name), inside(around), shown_bytes(other));
    let path = shown_bytes(&path);
    Some(match observation.try_pattern(&pattern) {
        Some(true) => {
            let message = format!("{message}; the field holds on the path `{path}`");
            Trap::new(TrapKind::OtherSpelling, message).proven(&pattern, None)
        }
        Some(false) => {
            let message = format!("{message}; the field does not hold on the path `{path}`");
            Trap::new(TrapKind::OtherSpelling, message)
        }
        None => Trap::new(TrapKind::OtherSpelling, message),
    })
}

/// Returns the trap of the last name on other paths.
fn elsewhere(observation: &Observation<'_>, part: &FieldPart) -> Option<Trap> {
    let last = part.path.rsplit(|&byte| byte == b'.').next()?;
    if last.is_empty() || last.len() > NAME_LENGTH {
        return None;
    }
    let paths: Vec<&[u8]> = observation
        .outline()
        .elsewhere(last)
        .iter()
        .map(|path| &**path)
        .filter(|path| **path != *part.path)
        .collect();
    if paths.is_empty() {
        return None;
    }
    let patterns = paths.iter().map(|path| part::field(path, observation.cloned_tests(part)));
    let fits = observation.matching(patterns.collect(), observation.event)?;
    // A path on which the field holds is the most likely one.
    let holding = paths.iter().zip(fits).find(|(_, fits)| *fits).map(|(path, _)| path);
    let message = match holding {
        Some(path) => {
            let message = format!("the field holds on the path `{}`", shown_bytes(path));
            let pattern = part::field(path, observation.cloned_tests(part));
            return Some(Trap::new(TrapKind::OtherLevel, message).proven(&pattern, None));
        }
        None => {
            // Short names occur everywhere.
            if last.len() < 3 {
                return None;
            }
            let listed: Vec<String> =
                paths.iter().take(LISTED).map(|path| format!("`{}`", shown_bytes(path))).collect();
            let more = if paths.len() > LISTED { " and others" } else { "" };
            format!("the event has this name on the path {}{more}", listed.join(", "))
        }
    };
    Some(Trap::new(TrapKind::OtherLevel, message))
}
