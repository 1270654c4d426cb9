//! Similar names and values, for tables that look them up by a hash.
//!
//! Every table that an event can reach has seeds that differ from matcher to matcher, so collisions
//! cannot be chosen. Similar names and values test for a weak hash. The fingerprints of values have
//! no seed. Values with equal fingerprints force a lookup of each, as if there were no
//! fingerprints.

use crate::Case;

type Made = (&'static str, fn(&str) -> Case);

pub(crate) fn all() -> Vec<Made> {
    vec![
        ("hashes/names-alike-in-front", names_alike_in_front),
        ("hashes/names-alike-but-for-a-bit", names_alike_but_for_a_bit),
        ("hashes/values-alike", values_alike),
        ("hashes/prints-alike", prints_alike),
        ("hashes/numbers-alike", numbers_alike),
    ]
}

const COUNT: usize = 5_000;

/// Returns rules with one path each, and an event with half of the paths and as many similar names.
fn names(name: &str, spell: impl Fn(usize) -> String) -> Case {
    let rule = |n: usize| format!(r#"{{"{}":[1]}}"#, spell(2 * n));
    let members: Vec<String> = (0..COUNT).map(|n| format!(r#""{}":0"#, spell(n))).collect();
    Case::new(name, (0..COUNT).map(rule).collect(), vec![format!("{{{}}}", members.join(","))], 0)
}

/// Equal in their length and in the first sixteen bytes, which are compared first.
fn names_alike_in_front(name: &str) -> Case {
    names(name, |n| format!("the-same-in-front-of-{n:05}"))
}

/// Names that differ in the same bit of each byte.
fn names_alike_but_for_a_bit(name: &str) -> Case {
    names(name, |n| (0..14).map(|bit| if n >> bit & 1 == 1 { 'a' } else { 'q' }).collect())
}

fn values_alike(name: &str) -> Case {
    let value = |n: usize| format!("{:064}", n << 20);
    let rule = |n: usize| format!(r#"{{"a":["{}"],"b":[1]}}"#, value(n));
    let values: Vec<String> = (0..COUNT).map(|n| format!(r#""{}""#, value(n))).collect();
    let event = format!(r#"{{"b":0,"a":[{}]}}"#, values.join(","));
    Case::new(name, (0..COUNT).map(rule).collect(), vec![event], 0)
}

/// Values with the same length and the same eight bytes at either end, which are all the parts of a
/// fingerprint.
fn prints_alike(name: &str) -> Case {
    let value = |n: usize| format!("in-front{n:016}at-the-end");
    let rule = |n: usize| format!(r#"{{"a":["{}"],"b":[1]}}"#, value(n));
    let values: Vec<String> = (0..COUNT).map(|n| format!(r#""{}""#, value(n))).collect();
    let event = format!(r#"{{"b":0,"a":[{}]}}"#, values.join(","));
    Case::new(name, (0..COUNT).map(rule).collect(), vec![event], 0)
}

/// Numbers whose doubles have only zeros in their lower halves.
fn numbers_alike(name: &str) -> Case {
    let rule = |n: usize| format!(r#"{{"a":[{}],"b":[1]}}"#, n << 20);
    let values: Vec<String> = (0..COUNT).map(|n| (n << 20).to_string()).collect();
    let event = format!(r#"{{"b":0,"a":[{}]}}"#, values.join(","));
    Case::new(name, (0..COUNT).map(rule).collect(), vec![event], 0)
}
