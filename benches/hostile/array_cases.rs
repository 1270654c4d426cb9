//! Events with long arrays: of values on paths with many tests, and of objects that rules join.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::event_cases::{EventCase, Expected};
use crate::tenant::{MOST_RULES, Tenant, items, list};
use crate::workload::Mix;
use crate::workload::stream::SOURCES;

pub(crate) fn all() -> Vec<EventCase> {
    use Expected::{All, None, Some};
    let case = EventCase::new;
    let ordinary = |name: &str, event, expected| EventCase { tenant: ordinary(name), event, expected };
    vec![
        case("array/all-tests", MOST_RULES, 1, mixed_test, scalars, None),
        case("array/blocks", MOST_RULES, 1, |number, _| nested_block(number), addresses, All),
        case("array/ranges", MOST_RULES, 1, |number, _| nested_range(number), numbers, All),
        case("array/not-prefix-7x100KB", 7, 100_000, not_prefix, scalars, All),
        case("array/not-prefix-1000x1KB", MOST_RULES, 1_000, not_prefix, scalars, All),
        case("array/deep", MOST_RULES, 1, mixed_test, deep, None),
        case("join/negative-1000", MOST_RULES, 1, |number, _| join_negative(number), join_event, None),
        case("join/absence-1000", MOST_RULES, 1, |number, _| join_absence(number), join_objects, None),
        case("join/all-match-1000", MOST_RULES, 1, |number, _| join_all(number), join_objects, All),
        case("join/three-fields-100", 100, 1, |number, _| join_three(number), join_objects, None),
        case("join/nested-100", 100, 1, |number, _| join_nested(number), join_deep, None),
        case("or/array-of-objects", 100, 20, or_objects, join_objects, None),
        case("or/two-choices", 100, 20, or_twice, either, None),
        ordinary("ordinary/10000-details", details, Some),
        ordinary("ordinary/10000-items", ordinary_items, Some),
    ]
}

fn ordinary(name: &str) -> Tenant {
    let rules = OnceCell::new();
    Tenant::new(name, 10 * MOST_RULES, 1, move |number, _| {
        rules.get_or_init(|| Mix::Mixed.rules(10 * MOST_RULES))[number].clone()
    })
}

fn not_prefix(number: usize, size: usize) -> String {
    let texts = list(size.saturating_sub(50), |at| format!("\"{number}q{at}\""));
    format!(r#"{{"a":[{{"anything-but":{{"prefix":[{texts}]}}}}]}}"#)
}

/// A test on the path `a`, of a kind that depends on the number, and a field that the events lack.
pub(crate) fn mixed_test(number: usize, _: usize) -> String {
    let test = match number % 8 {
        0 => format!(r#"{{"prefix":"v{}"}}"#, number % 100),
        1 => format!(r#"{{"suffix":"{}w"}}"#, number % 100),
        2 => format!(r#"{{"wildcard":"*v*{number}*w"}}"#),
        3 => format!(r#"{{"wildcard":"*{}*{}*"}}"#, number % 10, number / 10 % 10),
        4 => format!(r#"{{"equals-ignore-case":"V{number}W"}}"#),
        5 => format!(r#"{{"anything-but":{{"wildcard":["*{number}*","q*{number}"]}}}}"#),
        6 => format!(r#"{{"anything-but":["v{number}w"]}}"#),
        _ => format!(r#"{{"anything-but":{{"suffix":["{number}w","x{number}"]}}}}"#),
    };
    format!(r#"{{"a":[{test}],"z":[1]}}"#)
}

/// An event with an array on the path `a`, filled up to a number of bytes.
pub(crate) fn array(bytes: usize, value: impl Fn(usize) -> String) -> String {
    let values = list(bytes.saturating_sub(30), value);
    format!(r#"{{"a":[{values}]}}"#)
}

fn scalars(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!("\"v{}w\"", at % 1_000))
}

fn nested_block(number: usize) -> String {
    let bits = number % 30 + 1;
    format!(r#"{{"a":[{{"cidr":"10.{}.0.0/{bits}"}},{{"prefix":"1"}}]}}"#, number / 30)
}

fn addresses(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!("\"10.{}.0.{}\"", at % 40, at % 250))
}

pub(crate) fn nested_range(number: usize) -> String {
    format!(r#"{{"a":[{{"numeric":[">",-{number},"<",{}]}}]}}"#, number + 10)
}

fn numbers(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!("{}.5", at % 10))
}

fn join_negative(number: usize) -> String {
    format!(r#"{{"a":{{"b":[{{"anything-but":{number}}}],"c":[1]}}}}"#)
}

/// Elements with one of the two fields each.
fn join_event(bytes: usize, _: usize) -> String {
    array(bytes, |at| if at % 2 == 0 { r#"{"c":1}"#.to_owned() } else { r#"{"b":""}"#.to_owned() })
}

fn join_three(number: usize) -> String {
    format!(r#"{{"a":{{"b":[{}],"c":[{}],"d":[2]}}}}"#, number % 50, (number + 1) % 50)
}

fn join_objects(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!(r#"{{"b":{},"c":{},"d":{}}}"#, at % 50, at * 7 % 50, at % 2))
}

fn join_nested(number: usize) -> String {
    format!(
        r#"{{"a":{{"k":[{{"anything-but":{number}}}],"b":{{"c":[{number}],"d":[{{"anything-but":1}}]}}}}}}"#
    )
}

/// Arrays inside arrays: the numbers of the inner and the outer elements overlap.
fn join_deep(bytes: usize, _: usize) -> String {
    let inner = |outer: usize| items(50, |at| format!(r#"{{"c":{},"d":1}}"#, (outer + at) % 100));
    array(bytes, |outer| format!(r#"{{"k":{},"b":[{}]}}"#, outer % 100, inner(outer)))
}

fn or_objects(number: usize, size: usize) -> String {
    let or = items(size.max(2), |at| format!(r#"{{"b":[{at}],"c":[{}],"d":[2]}}"#, at + number));
    format!(r#"{{"a":{{"$or":[{or}],"e":[{{"exists":false}}]}}}}"#)
}

/// One event with the values of many ordinary events: every source, detail type, region and account, and so
/// many details.
fn details(bytes: usize, _: usize) -> String {
    let events: Vec<Value> = Mix::Mixed
        .stream()
        .events(300)
        .iter()
        .map(|event| serde_json::from_slice(event).expect("ordinary events are valid"))
        .collect();
    let fields = ["source", "detail-type", "region", "account"].map(|field| {
        let values: BTreeSet<String> = events.iter().map(|event| event[field].to_string()).collect();
        format!(r#""{field}":[{}]"#, Vec::from_iter(values).join(","))
    });
    let head = fields.join(",");
    let details =
        list(bytes.saturating_sub(head.len() + 20), |at| events[at % events.len()]["detail"].to_string());
    format!(r#"{{{head},"detail":[{details}]}}"#)
}

/// One event with many elements of few fields.
fn ordinary_items(bytes: usize, _: usize) -> String {
    let sources = items(SOURCES.len(), |at| format!("\"{}\"", SOURCES[at]));
    let items = list(bytes.saturating_sub(sources.len() + 50), |at| {
        format!(r#"{{"order":{{"total":{at},"items":{}}},"severity":{}}}"#, at % 40, at % 10)
    });
    format!(r#"{{"source":[{sources}],"detail":[{items}]}}"#)
}

fn join_absence(number: usize) -> String {
    format!(r#"{{"a":{{"b":[{{"anything-but":"{number}"}}],"c":[{{"exists":false}}]}}}}"#)
}

fn join_all(number: usize) -> String {
    format!(r#"{{"a":{{"b":[{{"anything-but":"{number}"}}],"d":[{{"anything-but":"{number}"}}]}}}}"#)
}

/// A rule with two choices. No element of [`either`] satisfies both.
fn or_twice(number: usize, size: usize) -> String {
    let or = |name: &str| items(size.max(2), |at| format!(r#"{{"{name}":[{}]}}"#, (at + number) % 50));
    format!(r#"{{"$or":[{}],"a":{{"$or":[{}]}}}}"#, or("a.b"), or("c"))
}

fn either(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!(r#"{{"{}":{}}}"#, ["b", "c"][at % 2], at / 2 % 50))
}

/// Values inside of 400 arrays.
fn deep(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!("{}\"v{at}w\"{}", "[".repeat(400), "]".repeat(400)))
}
