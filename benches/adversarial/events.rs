//! Events of a quarter of a megabyte that are slow to read, with ordinary rules.

use crate::Case;
use crate::workload::{Mix, trial};

type Made = (&'static str, fn(&str) -> Case);

pub(crate) fn all() -> Vec<Made> {
    vec![
        ("events/one-key", one_key),
        ("events/one-key-unknown", one_key_unknown),
        ("events/deep-arrays", deep_arrays),
        ("events/deep-objects", deep_objects),
        ("events/backslashes", backslashes),
        ("events/escaped-quotes", escaped_quotes),
        ("events/escaped-names", escaped_names),
        ("events/tiny-strings", tiny_strings),
        ("events/tiny-strings-unknown", tiny_strings_unknown),
        ("events/dots", dots),
        ("events/long-numbers", long_numbers),
        ("events/large-among-small", large_among_small),
    ]
}

const BYTES: usize = 256 << 10;

/// Returns the thousand rules of W2, and one event that repeats the text up to its full size.
fn against_ordinary_rules(name: &str, before: &str, repeated: &str, after: &str) -> Case {
    // The repeated text ends with a comma, and the last comma is removed.
    let text = repeated.repeat((BYTES - before.len() - after.len()) / repeated.len());
    let event = format!("{before}{}{after}", text.strip_suffix(',').unwrap_or(&text));
    Case::new(name, Mix::Mixed.rules(1_000), vec![event], 0)
}

fn one_key(name: &str) -> Case {
    against_ordinary_rules(name, "{", r#""source":"aws.ec2","#, "}")
}

fn one_key_unknown(name: &str) -> Case {
    against_ordinary_rules(name, "{", r#""k":1,"#, "}")
}

/// The deepest arrays, on a path of rules.
fn deep_arrays(name: &str) -> Case {
    let nested = format!(r#""source":{}{},"#, "[".repeat(999), "]".repeat(999));
    against_ordinary_rules(name, "{", &nested, "}")
}

/// The deepest objects, below a name that leads on.
fn deep_objects(name: &str) -> Case {
    let nested = format!(r#"{}1{},"#, r#""detail":{"#.repeat(998) + r#""detail":"#, "}".repeat(998));
    against_ordinary_rules(name, "{", &nested, "}")
}

fn backslashes(name: &str) -> Case {
    against_ordinary_rules(name, r#"{"source":""#, r"\\", r#""}"#)
}

fn escaped_quotes(name: &str) -> Case {
    against_ordinary_rules(name, r#"{"source":""#, r#"\""#, r#""}"#)
}

/// Names that are `detail` after decoding.
fn escaped_names(name: &str) -> Case {
    against_ordinary_rules(name, "{", r#""\u0064\u0065\u0074\u0061\u0069\u006c":0,"#, "}")
}

fn tiny_strings(name: &str) -> Case {
    against_ordinary_rules(name, r#"{"source":["#, r#""a","#, "]}")
}

fn tiny_strings_unknown(name: &str) -> Case {
    against_ordinary_rules(name, r#"{"k":["#, r#""a","#, "]}")
}

/// Names that are split at dots before they prove to be on no path.
fn dots(name: &str) -> Case {
    against_ordinary_rules(name, "{", r#""detail.detail.....":0,"#, "}")
}

/// Numbers that need the slow conversion, on a path of rules.
fn long_numbers(name: &str) -> Case {
    against_ordinary_rules(name, r#"{"source":["#, "12345678901234567890.12345678901234567890e-17,", "]}")
}

/// The engine has no cache between events, but buffers that grow: one large event, and small ones
/// after it.
fn large_among_small(name: &str) -> Case {
    let large = against_ordinary_rules(name, r#"{"source":["#, r#"{"a":1},"#, "]}").events.swap_remove(0);
    let large = String::from_utf8(large).expect("the event is text");
    let small = if trial() { 10 } else { 200 };
    let events =
        [large].into_iter().chain((0..small).map(|n| format!(r#"{{"source":"s{n}","detail":{{"a":{n}}}}}"#)));
    Case::new(name, Mix::Mixed.rules(1_000), events.collect(), 0)
}
