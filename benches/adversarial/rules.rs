//! Thousands of rules that can only be told apart by expensive tests.

use crate::workload::{Mix, trial};
use crate::{Case, Expected};

type Made = (&'static str, fn(&str) -> Case);

pub(crate) fn all() -> Vec<Made> {
    vec![
        ("rules/same-exact-fields", same_exact_fields),
        ("rules/only-negative", only_negative),
        ("rules/ranges", ranges),
        ("rules/blocks", blocks),
        ("rules/wildcards-missed", wildcards_missed),
        ("rules/wildcards-met", wildcards_met),
        ("rules/wildcards-in-array", wildcards_in_array),
    ]
}

const RULES: usize = 5_000;

/// Returns ordinary events with one more field.
fn events(field: impl Fn(usize) -> String) -> Vec<String> {
    let count = if trial() { 20 } else { 500 };
    let events = Mix::Hot.stream().events(count).into_iter().enumerate();
    events
        .map(|(at, event)| {
            let text = String::from_utf8(event).expect("the events are text");
            format!("{{{},{}", field(at), &text[1..])
        })
        .collect()
}

/// All rules test the same exact values, which all events have, and a range of their own.
fn same_exact_fields(name: &str) -> Case {
    let rule = |n: usize| {
        format!(
            r#"{{"source":["shop.orders"],"detail-type":["Order Changed"],"x":["y"],"n":[{{"numeric":[">",{n},"<",{}]}}]}}"#,
            n + 1
        )
    };
    let events = events(|at| format!(r#""x":"y","n":{}.5"#, at % RULES));
    Case::new(name, (0..RULES).map(rule).collect(), events, 1)
}

/// All rules are exclusions in two fields, and every event is excluded by one of them.
fn only_negative(name: &str) -> Case {
    let rule = |n: usize| format!(r#"{{"x":[{{"anything-but":["a","{n}"]}}],"z{n}":[{{"exists":false}}]}}"#);
    Case::new(name, (0..RULES).map(rule).collect(), events(|_| r#""x":"a""#.to_owned()), 0)
}

/// Every range has half of all numbers, and no two are the same. An event is in half of the ranges,
/// and fails the other field.
fn ranges(name: &str) -> Case {
    let rule = |n: usize| {
        format!(r#"{{"n":[{{"numeric":[">=",{n},"<",{}]}}],"m":[{{"numeric":["<",{n}]}}]}}"#, n + RULES)
    };
    let events = events(|at| format!(r#""n":{}.25,"m":{}"#, at % RULES + RULES / 2, 2 * RULES));
    Case::new(name, (0..RULES).map(rule).collect(), events, 0)
}

/// Nested blocks. Each address is in blocks of every length, up to the first bit that differs.
fn blocks(name: &str) -> Case {
    let rule = |n: usize| {
        let bits = 9 + n % 20;
        let place = (n as u32 / 20).reverse_bits() >> 8 & (u32::MAX << (32 - bits));
        let [a, b, c, d] = (place | 10 << 24).to_be_bytes();
        format!(r#"{{"ip":[{{"cidr":"{a}.{b}.{c}.{d}/{bits}"}}],"z":[1]}}"#)
    };
    let address = |at: usize| {
        (10_u32 << 24 | (at as u32).wrapping_mul(2_654_435_761) >> 8)
            .to_be_bytes()
            .map(|byte| byte.to_string())
    };
    let events = events(|at| format!(r#""ip":"{}","z":0"#, address(at).join(".")));
    Case::new(name, (0..RULES).map(rule).collect(), events, 0)
}

/// Returns three of eighteen letters.
fn letters(n: usize) -> [char; 3] {
    [n % 18, n / 18 % 18, n / 324].map(|letter| char::from(b'a' + letter as u8))
}

/// Two thirds of every wildcard match often, and the last third never.
fn wildcards_missed(name: &str) -> Case {
    let rule = |n: usize| {
        let [a, b, c] = letters(n);
        format!(r#"{{"x":[{{"wildcard":"*{a}*{b}*{c}0*"}}]}}"#)
    };
    let events = events(|at| format!(r#""x":"{}""#, "abcdefghijklmnopqr".repeat(at % 57)));
    Case::new(name, (0..RULES).map(rule).collect(), events, 0)
}

/// Every wildcard matches.
fn wildcards_met(name: &str) -> Case {
    let rule = |n: usize| {
        let [a, b, c] = letters(n);
        format!(r#"{{"x":[{{"wildcard":"*{a}*{b}*{c}*"}}]}}"#)
    };
    let events = events(|_| format!(r#""x":"{}""#, "abcdefghijklmnopqr".repeat(57)));
    Case::new(name, (0..RULES).map(rule).collect(), events, RULES)
}

/// The maximum number of values. Each matches every wildcard, but the rules test for a field that
/// no event has.
fn wildcards_in_array(name: &str) -> Case {
    let rule = |n: usize| {
        let [a, b, c] = letters(n);
        format!(r#"{{"x":[{{"wildcard":"*{a}*{b}*{c}*"}}],"z":[1]}}"#)
    };
    let value = format!(r#""{}""#, "abcdefghijklmnopqr".repeat(3));
    let event = format!(r#"{{"x":[{}],"z":0}}"#, vec![value; 10_000].join(","));
    Case {
        expected: Expected::Refused("too-much-work"),
        ..Case::new(name, (0..RULES).map(rule).collect(), vec![event], 0)
    }
}
