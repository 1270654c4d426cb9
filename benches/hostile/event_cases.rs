//! Rules and events that multiply with each other.

use crate::tenant::{items, list};
use crate::workload::Mix;

/// Rules, and events of any size.
pub(crate) struct EventCase {
    pub(crate) name: &'static str,
    /// How many rules, and how large each is: see [`Tenant`](crate::tenant::Tenant).
    pub(crate) rules: usize,
    pub(crate) size: usize,
    pub(crate) rule: fn(usize, usize) -> String,
    /// An event of about so many bytes, never more, for so many rules.
    pub(crate) event: fn(usize, usize) -> String,
    /// How many rules match it, unless it is refused; of all rules, or of none.
    pub(crate) all_match: bool,
}

const MB: usize = 1_000_000;

pub(crate) fn all() -> Vec<EventCase> {
    let case =
        |name, rules, size, rule, event, all_match| EventCase { name, rules, size, rule, event, all_match };
    vec![
        case("reading-only", 1, 1, |_, _| r#"{"b":[1]}"#.to_owned(), long_x, false),
        case(
            "not-prefix-surrogates/1-rule",
            1,
            900_000,
            |_, size| not("prefix", size, "\\ud800"),
            long_x,
            true,
        ),
        case(
            "not-prefix-surrogates/1-rule-é",
            1,
            900_000,
            |_, size| not("prefix", size, "\\ud800"),
            long_e,
            true,
        ),
        case("not-prefix-surrogates/12KB", 1, 12_000, |_, size| not("prefix", size, "\\ud800"), long_x, true),
        case("not-prefix-surrogates/2KB", 1, 1_800, |_, size| not("prefix", size, "\\ud800"), long_x, true),
        case("not-suffix-surrogates/12KB", 1, 12_000, |_, size| not("suffix", size, "\\ud800"), long_x, true),
        case(
            "not-ignore-case-surrogates/12KB",
            1,
            12_000,
            |_, size| not("equals-ignore-case", size, "\\ud800"),
            long_x,
            true,
        ),
        case("not-wildcard/1-rule", 1, 650_000, |_, size| not_wildcard(0, size), long_x, true),
        case("not-wildcard/2KB", 1, 2_000, |_, size| not_wildcard(0, size), long_x, true),
        case("not-wildcard/6-rules-2KB", 6, 2_000, not_wildcard, long_x, true),
        case("not-wildcard/1000-rules-2KB", 1_000, 2_000, not_wildcard, long_x, true),
        case("far-piece/300", 300, 1, far_rule, far_event, false),
        case("far-piece/1000", 1_000, 1, far_rule, far_event, false),
        case("far-piece/10000", 10_000, 1, far_rule, far_event, false),
        case("many-stars/1-rule", 1, 1_000, many_stars, long_a, false),
        case("many-stars/1000-rules", 1_000, 1_000, many_stars, long_a, false),
        case("nested-prefixes/1000", 1_000, 1_000, nested_prefix, long_a, true),
        case("one-path-all-tests/scalars", 1_000, 1, mixed_test, scalars, false),
        case("one-path-all-tests/addresses", 1_000, 1, |n, _| nested_block(n), addresses, true),
        case("one-path-all-tests/numbers", 1_000, 1, |n, _| nested_range(n), numbers, true),
        case("not-prefix/array", 7, 100_000, |n, size| not_prefix(n, size), scalars, true),
        case("ignore-case/long", 10, 900_000, long_ignore_case, long_sharp, false),
        case("join/negative-1000", 1_000, 1, |n, _| join_negative(n), join_event, false),
        case("join/three-fields-100", 100, 1, |n, _| join_three(n), join_objects, false),
        case("join/nested-100", 100, 1, |n, _| join_nested(n), join_deep, false),
        case("or/array-of-objects", 100, 20, or_objects, join_objects, false),
        case("ordinary/details", 10_000, 1, ordinary, details, false),
        case("ordinary/items", 10_000, 1, ordinary, ordinary_items, false),
    ]
}

fn not(operator: &str, size: usize, start: &str) -> String {
    let texts = list(size.saturating_sub(50), |at| format!("\"{start}{at}\""));
    format!(r#"{{"a":[{{"anything-but":{{"{operator}":[{texts}]}}}}]}}"#)
}

fn not_wildcard(number: usize, size: usize) -> String {
    let texts = list(size.saturating_sub(50), |at| format!("\"*{number}q{at}*\""));
    format!(r#"{{"a":[{{"anything-but":{{"wildcard":[{texts}]}}}}]}}"#)
}

fn not_prefix(number: usize, size: usize) -> String {
    let texts = list(size.saturating_sub(50), |at| format!("\"{number}q{at}\""));
    format!(r#"{{"a":[{{"anything-but":{{"prefix":[{texts}]}}}}]}}"#)
}

/// A string on the path of the rules.
fn long(piece: &str, bytes: usize) -> String {
    format!(r#"{{"a":"{}"}}"#, piece.repeat(bytes.saturating_sub(8) / piece.len()))
}

fn long_x(bytes: usize, _: usize) -> String {
    long("x", bytes)
}

fn long_e(bytes: usize, _: usize) -> String {
    long("é", bytes)
}

fn long_a(bytes: usize, _: usize) -> String {
    long("a", bytes)
}

fn long_sharp(bytes: usize, _: usize) -> String {
    long("ß", bytes)
}

/// All rules look for the same second piece, each from a place of its own.
fn far_rule(number: usize, _: usize) -> String {
    format!(r#"{{"a":[{{"wildcard":"*<{number}>*azb*"}}],"z":[1]}}"#)
}

/// The second piece is here more often than places are remembered, then the first pieces, and nothing like the second for long.
fn far_event(bytes: usize, rules: usize) -> String {
    let places: String = (0..rules).map(|at| format!("<{at}>")).collect();
    let rest = bytes.saturating_sub(places.len() + 40) / 3;
    format!(r#"{{"a":"azbazbazbazbazb{places}{}azbx"}}"#, "czb".repeat(rest))
}

fn many_stars(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"wildcard":"{}*b{number}"}}]}}"#, "*a".repeat(size.max(2) - 1))
}

fn nested_prefix(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"prefix":"{}"}}]}}"#, "a".repeat((number + 1).min(size)))
}

/// Tests of all sorts on one path, each with a field that no event has.
fn mixed_test(number: usize, _: usize) -> String {
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

/// An array of as many values as there is room for.
fn array(bytes: usize, value: impl Fn(usize) -> String) -> String {
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

fn nested_range(number: usize) -> String {
    format!(r#"{{"a":[{{"numeric":[">",-{number},"<",{}]}}]}}"#, number + 10)
}

fn numbers(bytes: usize, _: usize) -> String {
    array(bytes, |at| format!("{}.5", at % 10))
}

/// `ß` is two letters in upper case.
fn long_ignore_case(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"equals-ignore-case":"{}{number}"}}]}}"#, "ẞ".repeat(size / 3))
}

fn join_negative(number: usize) -> String {
    format!(r#"{{"a":{{"b":[{{"anything-but":{number}}}],"c":[1]}}}}"#)
}

/// No element has both fields.
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

/// Arrays inside arrays; what one has inside, the next has outside.
fn join_deep(bytes: usize, _: usize) -> String {
    let inner = |outer: usize| items(50, |at| format!(r#"{{"c":{},"d":1}}"#, (outer + at) % 100));
    array(bytes, |outer| format!(r#"{{"k":{},"b":[{}]}}"#, outer % 100, inner(outer)))
}

fn or_objects(number: usize, size: usize) -> String {
    let or = items(size.max(2), |at| format!(r#"{{"b":[{at}],"c":[{}],"d":[2]}}"#, at + number));
    format!(r#"{{"a":{{"$or":[{or}],"e":[{{"exists":false}}]}}}}"#)
}

fn ordinary(number: usize, _: usize) -> String {
    Mix::Mixed.rules(number + 1).swap_remove(number)
}

/// The details of many ordinary events in one.
fn details(bytes: usize, _: usize) -> String {
    let details: Vec<String> = Mix::Mixed
        .stream()
        .events(300)
        .into_iter()
        .map(|event| {
            let event: serde_json::Value = serde_json::from_slice(&event).expect("ordinary events are valid");
            event["detail"].to_string()
        })
        .collect();
    let details = list(bytes.saturating_sub(90), |at| details[at % details.len()].clone());
    format!(r#"{{"source":"shop.orders","detail-type":"Order Changed","detail":[{details}]}}"#)
}

fn ordinary_items(bytes: usize, _: usize) -> String {
    let items = list(bytes.saturating_sub(90), |at| {
        format!(r#"{{"order":{{"total":{at},"items":{}}},"severity":{}}}"#, at % 40, at % 10)
    });
    format!(r#"{{"source":"shop.orders","detail-type":"Order Changed","detail":[{items}]}}"#)
}

/// The sizes of the events, where the limit is higher.
pub(crate) const SIZES: [usize; 2] = [256 << 10, MB];
