//! Rules that take long to compile, or much memory.

use crate::paths;
use crate::tenant::{MOST_RULES, Tenant, items, list};
use crate::wildcards;

/// The rules of one measurement.
pub(crate) struct BuildCase {
    pub(crate) tenant: Tenant,
    /// True if ordinary rules are compiled together with the rules of the tenant.
    pub(crate) beside: bool,
    /// The bytes of stack of the thread that compiles. None is the default of the standard library.
    pub(crate) stack: Option<usize>,
}

pub(crate) fn all() -> Vec<BuildCase> {
    let alone = |tenant| BuildCase { tenant, beside: false, stack: None };
    let beside = |tenant| BuildCase { tenant, beside: true, stack: None };
    let on_little_stack = |tenant| BuildCase { tenant, beside: false, stack: Some(128 << 10) };
    let one = |name: &str, size, rule: fn(usize, usize) -> String| alone(Tenant::new(name, 1, size, rule));
    vec![
        on_little_stack(Tenant::new("deep-tree/70-stack-128KiB", 70, 255, paths::shared_fields)),
        alone(Tenant::new("deep-tree/3000", 3_000, 255, paths::shared_fields)),
        one("combinations/16-ors", 16, |number, size| combinations(number, size, 200)),
        one("combinations/16-ors-short", 16, |number, size| combinations(number, size, 20)),
        beside(Tenant::new("combinations/12-beside-ordinary", 12, 16, |number, size| {
            combinations(number, size, 200)
        })),
        beside(Tenant::new("combinations/14-beside-ordinary", 14, 16, |number, size| {
            combinations(number, size, 200)
        })),
        alone(Tenant::new("combinations/1000-rules-8-ors", MOST_RULES, 8, |number, size| {
            combinations(number, size, 20)
        })),
        one("stars/480-of-1000", 946_000, |_, size| {
            let texts =
                list(size.saturating_sub(20), |at| format!(r#"{{"wildcard":"{}{at}"}}"#, "*a".repeat(999)));
            format!(r#"{{"a":[{texts}]}}"#)
        }),
        one("stars/apart-480-of-1000", 946_000, |_, size| {
            let texts = list(size.saturating_sub(20), |at| {
                let pieces: String = (0..950)
                    .map(|piece| format!("*{}", char::from(b'a' + ((at * piece + at) % 26) as u8)))
                    .collect();
                format!(r#"{{"wildcard":"{pieces}*{at}"}}"#)
            });
            format!(r#"{{"a":[{texts}]}}"#)
        }),
        one("exact/1MB", 1_000_000, |_, size| in_field(size, |at| format!("\"v{at}\""))),
        one("exact-numbers/1MB", 1_000_000, |_, size| in_field(size, |at| at.to_string())),
        one("not-strings/1MB", 1_000_000, |_, size| {
            let texts = list(size.saturating_sub(40), |at| format!("\"v{at}\""));
            format!(r#"{{"a":[{{"anything-but":[{texts}]}}]}}"#)
        }),
        one("ranges/1MB", 1_000_000, |_, size| {
            in_field(size, |at| format!(r#"{{"numeric":[">",{at},"<",{}]}}"#, 2 * at + 7))
        }),
        one("blocks/1MB", 1_000_000, |_, size| {
            in_field(size, |at| format!(r#"{{"cidr":"10.{}.{}.0/24"}}"#, at / 256 % 256, at % 256))
        }),
        one("prefixes-nested/1MB", 1_000_000, |_, size| {
            in_field(size, |at| format!(r#"{{"prefix":"{}"}}"#, "a".repeat(at + 1)))
        }),
        one("suffixes-nested/1MB", 1_000_000, |_, size| {
            in_field(size, |at| format!(r#"{{"suffix":"{}"}}"#, "a".repeat(at + 1)))
        }),
        one("ignore-case-long/1MB", 1_000_000, |_, size| {
            format!(r#"{{"a":[{{"equals-ignore-case":"{}"}}]}}"#, "ΐ".repeat((size / 2).saturating_sub(30)))
        }),
        one("ignore-case-lists/1MB", 1_000_000, |_, size| {
            in_field(size, |at| format!(r#"{{"suffix":{{"equals-ignore-case":"ΐ{at}ſ"}}}}"#))
        }),
        one("or-flat/60000", 60_000, |_, size| {
            format!(r#"{{"$or":[{}]}}"#, items(size.max(2), |at| format!(r#"{{"a":[{at}]}}"#)))
        }),
        one("or-paths/40000", 40_000, |_, size| {
            format!(r#"{{"$or":[{}]}}"#, items(size.max(2), |at| format!(r#"{{"a{at}":[1]}}"#)))
        }),
        one("or-paths-negative/30000", 30_000, |_, size| {
            format!(
                r#"{{"$or":[{}]}}"#,
                items(size.max(2), |at| format!(r#"{{"a{at}":[{{"exists":false}}]}}"#))
            )
        }),
        one("or-two/255x255", 255, |_, size| {
            let or = || items(size.max(2), |at| format!(r#"{{"a{at}":[1]}}"#));
            format!(r#"{{"x":{{"$or":[{}]}},"y":{{"$or":[{}]}}}}"#, or(), or())
        }),
        one("name-of-dots/1MB", 1_000_000, |_, size| {
            format!(r#"{{"{}":[1]}}"#, ".".repeat(size.saturating_sub(20).max(1)))
        }),
        one("name-long-8-fields/0.5MB", 500_000, |_, size| {
            format!(r#"{{"{}":{{{}}}}}"#, "n".repeat(size), items(8, |at| format!(r#""{at}":[1]"#)))
        }),
        // A branch is copied into the children of a switch, one copy per value.
        alone(Tenant::new("copies/1000-rules", MOST_RULES, 64, |number, size| {
            let values =
                |from: usize, count: usize| items(count, |at| format!("\"v{}\"", (from + at * 7) % 100));
            format!(
                r#"{{"a":[{}],"b":[{}],"c":[{}],"d":[{}]}}"#,
                values(number, size.min(8)),
                values(number / 3, size.min(8)),
                values(number / 7, size),
                values(number / 11, size)
            )
        })),
        beside(Tenant::new("subsequences/7x0.8MB", 7, 800_000, |number, size| {
            wildcards::subsequences("id", b"0123456789abcdef", 5, number, size)
        })),
        beside(Tenant::new("names-many/1000x250", MOST_RULES, 250, paths::many_names)),
    ]
}

/// A rule of about `size` bytes with one field.
fn in_field(size: usize, item: impl Fn(usize) -> String) -> String {
    format!(r#"{{"a":[{}]}}"#, list(size.saturating_sub(20), item))
}

/// A rule with 2 to the power of `size` combinations of `$or`, each a branch of `fields` fields and more.
fn combinations(number: usize, size: usize, fields: usize) -> String {
    let shared = items(fields, |at| format!(r#""f{at}":[{number}]"#));
    let ors = items(size.clamp(1, 16), |at| {
        format!(r#""o{at}":{{"$or":[{{"a":["v{at}x{number}"]}},{{"b":[1]}}],"a":[0],"b":[0]}}"#)
    });
    format!("{{{shared},{ors}}}")
}
