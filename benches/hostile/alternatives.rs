//! Rules with `$or`: many alternatives that fail late.

use crate::tenant::{MOST_RULES, Tenant, envelope, items, other_version};

/// Objects of the details with two fields each.
const OBJECTS: [(&str, &str, &str); 12] = [
    ("user", "id", "role"),
    ("order", "id", "currency"),
    ("payment", "method", "provider"),
    ("shipment", "carrier", "service"),
    ("request", "method", "host"),
    ("network", "protocol", "port"),
    ("object", "bucket", "class"),
    ("instance", "type", "zone"),
    ("job", "queue", "state"),
    ("error", "code", "fatal"),
    ("metrics", "cpu", "disk"),
    ("deployment", "strategy", "revision"),
];

pub(crate) fn all() -> Vec<Tenant> {
    vec![
        // A single `$or` becomes one branch per alternative. No branch names a value that an index could use.
        Tenant::new("or-flat/1000x20", MOST_RULES, 20, flat),
        Tenant::new("or-flat/100x1000", 100, 1_000, flat),
        Tenant::new("or-flat/7x20000", 7, 20_000, flat),
        // Two `$or`s stay choices. Each alternative fails in its last field.
        Tenant::new("or-kept/1000x20", MOST_RULES, 20, kept),
        Tenant::new("or-kept/100x250", 100, 250, kept),
        Tenant::new("or-kept-wildcards/100x100", 100, 100, |number, size| {
            let or = |name: &str| {
                items(size.max(2), |at| {
                    format!(
                        r#"{{"{name}":[{{"anything-but":{{"wildcard":["*{number}q{at}*","q{at}*"]}}}}],{}}}"#,
                        other_version(at)
                    )
                })
            };
            format!(r#"{{"$or":[{}],"detail":{{"$or":[{}]}}}}"#, or("id"), absent_or(size))
        }),
        // Nested `$or`s.
        Tenant::new("or-nested/100x200", 100, 200, |number, size| {
            let mut rule =
                format!(r#"{{"source":[{{"anything-but":"{number}"}}],{}}}"#, other_version(number));
            for at in 0..size.max(1) {
                let (field, turn) = envelope(at);
                rule = format!(
                    r#"{{"$or":[{{"{field}":[{{"anything-but":"{turn}"}}],{}}},{rule}]}}"#,
                    other_version(at + number)
                );
            }
            rule
        }),
        // A path inside and outside of `$or` forces one branch per combination: 16, 256 and 4,096 of them.
        Tenant::new("or-written-twice/1000x4", MOST_RULES, 4, written_twice),
        Tenant::new("or-written-twice/100x8", 100, 8, written_twice),
        Tenant::new("or-written-twice/7x12", 7, 12, written_twice),
        Tenant::new("or-values-or-absence/1000x20", MOST_RULES, 20, |number, size| {
            let or = items(size.max(2), |at| {
                format!(r#"{{"zz{at}":[{{"exists":false}}],"time":[{{"wildcard":"*{at}*q{number}"}}]}}"#)
            });
            format!(r#"{{"$or":[{or}],"source":[{{"exists":true}}]}}"#)
        }),
    ]
}

fn flat(number: usize, size: usize) -> String {
    let or = items(size.max(2), |at| {
        let (field, turn) = envelope(at);
        format!(r#"{{"{field}":[{{"anything-but":"{turn}q{number}"}}]}}"#)
    });
    // No alternative names the version, because the rule names it outside of `$or`.
    let or = or.replace(r#""version""#, r#""detail""#);
    format!(r#"{{"$or":[{or}],{}}}"#, other_version(number))
}

fn kept(number: usize, size: usize) -> String {
    let or = items(size.max(2), |at| {
        let field = ["id", "detail-type", "source", "account", "time", "region"][at % 6];
        format!(r#"{{"{field}":[{{"anything-but":"{number}q{at}"}}],{}}}"#, other_version(at))
    });
    format!(r#"{{"$or":[{or}],"detail":{{"$or":[{}]}}}}"#, absent_or(size))
}

/// Alternatives that hold for every ordinary event.
fn absent_or(count: usize) -> String {
    items(count.max(2), |at| format!(r#"{{"zz{at}":[{{"exists":false}}]}}"#))
}

/// A rule about `size` objects. Each has a `$or` of two alternatives, and both paths are also written outside
/// of it.
fn written_twice(number: usize, size: usize) -> String {
    let test = |text: &str| format!(r#"[{{"anything-but":"{text}{number}"}},{{"exists":false}}]"#);
    let objects = items(size.clamp(1, OBJECTS.len()), |at| {
        let (object, one, other) = OBJECTS[at];
        let (before, after) = (test("q"), test("r"));
        let or = format!(r#"[{{"{one}":{after}}},{{"{other}":{after}}}]"#);
        format!(r#""{object}":{{"{one}":{before},"{other}":{before},"$or":{or}}}"#)
    });
    format!(r#"{{"detail":{{{objects}}},{}}}"#, other_version(number))
}
