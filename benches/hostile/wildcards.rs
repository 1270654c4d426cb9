//! Rules with wildcards that ordinary values nearly match.

use crate::tenant::{MOST_RULES, Tenant, envelope, list, other_version, unmet};
use crate::workload::fields::{FIELDS, Kind};
use crate::workload::random::Random;

/// Texts that occur in many ordinary values.
const KNOWN: [&str; 12] = [
    "aws.ec2",
    "shop.orders",
    "bank.transfers",
    "us-east-1",
    "ap-southeast-2",
    "eu-central-1",
    "2026-0",
    "T0:1:2Z",
    "State-change Notification",
    "API Call via Gateway",
    "111122",
    "arn:aws:lambda:",
];

pub(crate) fn all() -> Vec<Tenant> {
    vec![
        // All pieces occur in the value, but rarely in the order of the wildcard.
        Tenant::new("wildcard-out-of-order/id-1000", MOST_RULES, 16, |number, size| {
            unmet(
                "id",
                &format!(r#"{{"wildcard":"*{}*"}}"#, shuffled(number, b"0123456789abcdef-", size)),
                number,
            )
        }),
        Tenant::new("wildcard-out-of-order/time-1000", MOST_RULES, 10, |number, size| {
            unmet(
                "time",
                &format!(r#"{{"wildcard":"*{}*"}}"#, shuffled(number, b"0122366-T:Z", size)),
                number,
            )
        }),
        // The pieces often occur in order. The last piece never occurs.
        Tenant::new("wildcard-subsequences/id-7x100KB", 7, 100_000, |number, size| {
            subsequences("id", b"0123456789abcdef", 5, number, size)
        }),
        Tenant::new("wildcard-subsequences/id-7x0.8MB", 7, 800_000, |number, size| {
            subsequences("id", b"0123456789abcdef", 5, number, size)
        }),
        Tenant::new("wildcard-subsequences/account-7x100KB", 7, 100_000, |number, size| {
            subsequences("account", b"1122334567890", 4, number, size)
        }),
        Tenant::new("wildcard-subsequences/time-1000x100B", MOST_RULES, 100, |number, size| {
            subsequences("time", b"202612-0:T0:1:2", 6, number, size)
        }),
        Tenant::new("wildcard-subsequences/all-fields-1000x1KB", MOST_RULES, 1_000, |number, size| {
            let field = ["id", "detail-type", "source", "account", "time", "region"][number % 6];
            subsequences(field, b"0123456789abcdefstnrio-.", 3, number, size)
        }),
        Tenant::new("wildcard-many-pieces/100x1000", 100, 1_000, |number, size| {
            let pieces = shuffled(number, &b"0123456789abcdef-".repeat(64), size);
            unmet("id", &format!(r#"{{"wildcard":"*{pieces}*"}}"#), number)
        }),
        // The wildcard matches. The version fails.
        Tenant::new("wildcard-substrings/1000", MOST_RULES, 1, |number, _| {
            let (field, text) = substring(number);
            unmet(field, &format!(r#"{{"wildcard":"*{text}*"}}"#), number)
        }),
        Tenant::new("wildcard-substrings/1000-one-field", MOST_RULES, 1, |number, _| {
            unmet("id", &format!(r#"{{"wildcard":"*{:x}*{:x}*"}}"#, number % 256, number / 256 % 16), number)
        }),
        Tenant::new("not-wildcard-substrings/1000", MOST_RULES, 1, |number, _| {
            let (field, text) = substring(number);
            unmet(field, &format!(r#"{{"anything-but":{{"wildcard":["*{text}*","{number}*q*"]}}}}"#), number)
        }),
        // Six lists on each of many paths. A path has too few tests for an index, and no test has a
        // prefix or suffix.
        Tenant::new("not-wildcard-few-per-path/detail-6x2KB", 6 * texts().count(), 2_000, |number, size| {
            few_per_path(number, "wildcard", size, |at| format!("\"*{number}q{at}*\""))
        }),
        Tenant::new("not-wildcard-few-per-path/detail-6x120B", 6 * texts().count(), 140, |number, size| {
            few_per_path(number, "wildcard", size, |at| format!("\"*{number}q{at}*\""))
        }),
        Tenant::new("not-prefix-few-per-path/detail-6x2KB", 6 * texts().count(), 2_000, |number, size| {
            few_per_path(number, "prefix", size, |at| format!("\"{number}q{at}\""))
        }),
        Tenant::new("wildcard-prose/1000", MOST_RULES, 8, |number, size| {
            let letters = shuffled(number, b"etaoinshrdlucmwfgypb", size);
            let path = ["message", "error.message"][number % 2];
            unmet(&format!("detail.{path}"), &format!(r#"{{"wildcard":"*{letters}*"}}"#), number)
        }),
        Tenant::new("wildcard-resources/1000", MOST_RULES, 4, |number, size| {
            let parts = shuffled(number, b"awsecarn:012/-", size);
            unmet("resources", &format!(r#"{{"wildcard":"*:*:*{parts}*:*/*"}}"#), number)
        }),
        Tenant::new("wildcard-any/1000", MOST_RULES, 1, any),
        Tenant::new("wildcard-any/10000", 10 * MOST_RULES, 1, any),
        // The last piece fails.
        Tenant::new("wildcard-nearly/10000", 10 * MOST_RULES, 1, |number, _| {
            let digits = [number % 10, number / 10 % 10, number / 100 % 10].map(|digit| digit.to_string());
            format!(r#"{{"time":[{{"wildcard":"*0*{}*q{number}"}}]}}"#, digits.join("*"))
        }),
    ]
}

/// The paths of strings in the details.
fn texts() -> impl Iterator<Item = &'static str> {
    let is_text = |kind: Kind| !matches!(kind, Kind::Integer(..) | Kind::Decimal(..) | Kind::Flag);
    FIELDS.iter().filter(move |field| is_text(field.kind)).map(|field| field.path)
}

/// Returns `count` of the letters in random order, with stars between them.
fn shuffled(number: usize, letters: &[u8], count: usize) -> String {
    let mut random = Random::at(0x57a7, number);
    let mut letters = letters.to_vec();
    let taken = (0..count.clamp(1, letters.len()))
        .map(|_| char::from(letters.swap_remove(random.below(letters.len()))).to_string());
    taken.collect::<Vec<_>>().join("*")
}

/// Returns a rule with a list of wildcards: `count` random letters each, and a piece that no value has.
pub(crate) fn subsequences(field: &str, letters: &[u8], count: usize, number: usize, size: usize) -> String {
    let texts = list(size.saturating_sub(20), |at| {
        let mut random = Random::at(0x5e0, number << 20 | at);
        let pieces: Vec<String> = (0..count).map(|_| char::from(*random.pick(letters)).to_string()).collect();
        format!(r#"{{"wildcard":"*{}*q*"}}"#, pieces.join("*"))
    });
    format!(r#"{{"{field}":[{texts}]}}"#)
}

/// Returns a field and a part of a text that many of its values have.
fn substring(number: usize) -> (&'static str, &'static str) {
    let known = KNOWN[number % KNOWN.len()];
    let mut random = Random::at(0x5b5, number);
    let start = random.below(known.len() - 1);
    let end = start + 1 + random.below((known.len() - start).min(5));
    let field = match number % KNOWN.len() {
        0..=2 => "source",
        3..=5 => "region",
        6..=7 => "time",
        8..=9 => "detail-type",
        10 => "account",
        _ => "resources",
    };
    (field, &known[start..end])
}

fn any(number: usize, _: usize) -> String {
    let (field, _) = envelope(number);
    format!(r#"{{"{field}":[{{"wildcard":"*"}}],"account":[{{"wildcard":"1*{number}*q"}}]}}"#)
}

/// Returns a rule with a list of exclusions on a path of the details. Six rules in a row have the same path.
fn few_per_path(number: usize, operator: &str, size: usize, text: impl Fn(usize) -> String) -> String {
    let path = texts().nth(number / 6 % texts().count()).expect("the remainder is a valid index");
    let texts = list(size.saturating_sub(90), text);
    format!(
        r#"{{"detail.{path}":[{{"anything-but":{{"{operator}":[{texts}]}}}}],{}}}"#,
        other_version(number)
    )
}
