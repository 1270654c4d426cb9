//! Arrays of ten thousand elements on paths of many rules.

use crate::workload::Workload;
use crate::{Case, Expected};

type Made = (&'static str, fn(&str) -> Case);

pub(crate) fn all() -> Vec<Made> {
    vec![
        ("arrays/scalars", scalars),
        ("arrays/unknown-scalars", unknown_scalars),
        ("arrays/objects", objects),
        ("arrays/objects-one-rule", objects_one_rule),
        ("arrays/nested", nested),
        ("arrays/negative", negative),
    ]
}

const ELEMENTS: usize = 10_000;

fn list(count: usize, element: impl Fn(usize) -> String) -> String {
    (0..count).map(element).collect::<Vec<_>>().join(",")
}

/// Returns a thousand different rules on one path.
fn rule(n: usize) -> String {
    let test = match n % 10 {
        0 => format!(r#"{{"prefix":"p{n}-"}}"#),
        1 => format!(r#"{{"anything-but":["v{n}"]}}"#),
        2 => format!(r#"{{"numeric":["<",-{n}]}}"#),
        _ => format!(r#""v{n}""#),
    };
    format!(r#"{{"tags":[{test}],"z":[1]}}"#)
}

/// Every value is named by some rule, whose other field fails.
fn scalars(name: &str) -> Case {
    let event = format!(r#"{{"z":0,"tags":[{}]}}"#, list(ELEMENTS, |n| format!(r#""v{}""#, n % 1_000)));
    Case::new(name, (0..1_000).map(rule).collect(), vec![event], 0)
}

/// No value is named, so only the negative rules are candidates.
fn unknown_scalars(name: &str) -> Case {
    let event = format!(r#"{{"z":0,"tags":[{}]}}"#, list(ELEMENTS, |n| format!(r#""w{n}""#)));
    Case::new(name, (0..1_000).map(rule).collect(), vec![event], 0)
}

/// Two fields of one element. Many elements have one of them, and hardly any has both.
fn objects(_: &str) -> Case {
    Case::of(Workload::named("adversarial/arrays/rules=500", 4).expect("made, not recorded"))
}

/// One rule, for the cost of the array alone.
fn objects_one_rule(name: &str) -> Case {
    let event = list(ELEMENTS, |n| format!(r#"{{"a":{},"b":{}}}"#, n % 2, (n + 1) % 2));
    let rule = r#"{"items":{"a":[1],"b":[1]}}"#.to_owned();
    Case::new(name, vec![rule], vec![format!(r#"{{"items":[{event}]}}"#)], 0)
}

/// A hundred times a hundred objects, with fields of the outer and of the inner elements.
fn nested(name: &str) -> Case {
    let inner = |outer: usize| list(100, |n| format!(r#"{{"c":{n},"d":{}}}"#, (outer + n) % 97 + 1_000));
    let outer = list(100, |n| format!(r#"{{"k":{n},"b":[{}]}}"#, inner(n)));
    let rule =
        |n: usize| format!(r#"{{"a":{{"k":[{n}],"b":{{"c":[{n}],"d":[{}]}}}}}}"#, (2 * n + 1) % 97 + 1_000);
    Case::new(name, (0..100).map(rule).collect(), vec![format!(r#"{{"a":[{outer}]}}"#)], 0)
}

/// Thousands of negative rules about two fields of elements. Each rule has to be tested with each
/// element.
fn negative(name: &str) -> Case {
    let event =
        list(ELEMENTS, |n| if n % 2 == 0 { r#"{"c":1}"#.to_owned() } else { r#"{"b":""}"#.to_owned() });
    let rule = |n: usize| format!(r#"{{"a":{{"b":[{{"anything-but":{n}}}],"c":[1]}}}}"#);
    let case = Case::new(name, (0..3_000).map(rule).collect(), vec![format!(r#"{{"a":[{event}]}}"#)], 0);
    Case { expected: Expected::Refused("too-much-work"), ..case }
}
