//! Rules with long lists under `anything-but`.

use crate::tenant::{MOST_RULES, Tenant, envelope, list};

/// Returns the text of a number for a turn of the fields.
type Text = fn(usize, usize) -> String;

/// The operators inside `anything-but`, with the text of a number. Ordinary events have none of
/// the texts.
const OPERATORS: [(&str, Text); 4] = [
    ("wildcard", |turn, at| format!("\"*{turn}q{at}*\"")),
    ("prefix", |turn, at| format!("\"{turn}q{at}\"")),
    ("suffix", |turn, at| format!("\"{turn}q{at}\"")),
    ("equals-ignore-case", |turn, at| format!("\"{turn}q{at}\"")),
];

const SIZES: [(&str, usize, usize); 4] =
    [("7x2KB", 7, 2_000), ("42x2KB", 42, 2_000), ("7x100KB", 7, 100_000), ("7x0.8MB", 7, 800_000)];

pub(crate) fn all() -> Vec<Tenant> {
    let mut all = Vec::new();
    for (operator, text) in OPERATORS {
        for (label, rules, size) in SIZES {
            all.push(Tenant::new(format!("not-{operator}/{label}"), rules, size, move |number, size| {
                let (field, turn) = envelope(number);
                excluding(field, operator, &list(size.saturating_sub(50), |at| text(turn, at)), "")
            }));
        }
    }
    all.push(Tenant::new("not-wildcard/42x70B", 42, 40, |number, size| {
        let (field, turn) = envelope(number);
        let texts = list(size, |at| format!("\"{}*{turn}q{at}*\"", ["", "x"][at % 2]));
        excluding(field, "wildcard", &texts, "")
    }));
    // A text with an unpaired surrogate is compared with the value in CESU-8.
    for (operator, _) in &OPERATORS[1..] {
        for (label, rules, size) in &SIZES[1..3] {
            let name = format!("not-{operator}-surrogates/{label}");
            all.push(Tenant::new(name, *rules, *size, move |number, size| {
                let (field, turn) = envelope(number);
                let texts = list(size.saturating_sub(50), |at| format!("\"\\ud800{turn}q{at}\""));
                excluding(field, operator, &texts, "")
            }));
        }
    }
    // Letters beyond ASCII whose other case has another length, or is ASCII.
    all.push(Tenant::new("not-ignore-case-beyond-ascii/42x2KB", 42, 2_000, |number, size| {
        let (field, turn) = envelope(number);
        let texts = list(size.saturating_sub(50), |at| {
            let letter = ["ſ", "K", "ß", "ŉ", "ΐ", "İ", "ﬃ", "ς"][at % 8];
            format!("\"{letter}{turn}{}{at}\"", letter.repeat(1 + at % 5))
        });
        excluding(field, "equals-ignore-case", &texts, "")
    }));
    // The field that fails is the version. The list has to be tried first.
    all.push(Tenant::new("not-wildcard-then-version/1000x1KB", MOST_RULES, 1_000, |number, size| {
        let (field, turn) = envelope(number / 7 * 7 + 1 + number % 6);
        let texts = list(size.saturating_sub(90), |at| format!("\"*{turn}q{at}*\""));
        excluding(field, "wildcard", &texts, &format!(r#","version":[{{"anything-but":["0","{number}"]}}]"#))
    }));
    // Each rule excludes every value, by its first letter.
    all.push(Tenant::new("not-prefix-met/1000x100B", MOST_RULES, 60, |number, size| {
        let (field, turn) = envelope(number);
        let letters =
            list(size, |at| format!("\"{}\"", char::from(b"01234567abcdefimosu23456789rAIO"[at % 31])));
        excluding(field, "prefix", &format!("{letters},\"{turn}q\""), "")
    }));
    all.push(Tenant::new("not-strings/1000x1KB", MOST_RULES, 1_000, |number, size| {
        let (field, turn) = envelope(number);
        format!(r#"{{"{field}":[{{"anything-but":[{}]}}]}}"#, list(size, |at| format!("\"{turn}q{at}\"")))
    }));
    all
}

fn excluding(field: &str, operator: &str, texts: &str, more: &str) -> String {
    format!(r#"{{"{field}":[{{"anything-but":{{"{operator}":[{texts}]}}}}]{more}}}"#)
}
