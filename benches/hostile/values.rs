//! Rules with values, prefixes, ranges and blocks that overlap each other and ordinary values.

use crate::tenant::{MOST_RULES, Tenant, envelope, items, list, other_version, unmet};
use crate::workload::fields::{FIELDS, Kind, time};
use crate::workload::random::Random;

pub(crate) fn all() -> Vec<Tenant> {
    let mut all = prefixes();
    all.extend(ignoring_case());
    all.extend(numbers_and_addresses());
    all.extend(exact());
    all
}

fn prefixes() -> Vec<Tenant> {
    vec![
        // a, aa, aaa, ...
        Tenant::new("prefixes-nested/1000", MOST_RULES, MOST_RULES, |number, size| {
            let (field, _) = envelope(number);
            unmet(field, &format!(r#"{{"prefix":"{}"}}"#, "a".repeat(number % size + 1)), number)
        }),
        Tenant::new("suffixes-nested/1000", MOST_RULES, MOST_RULES, |number, size| {
            let (field, _) = envelope(number);
            unmet(field, &format!(r#"{{"suffix":"{}Z"}}"#, "0".repeat(number % size)), number)
        }),
        // Prefixes of times, of every length.
        Tenant::new("prefixes-of-time/1000x1KB", MOST_RULES, 1_000, |number, size| {
            let tests = list(size.saturating_sub(60), |at| {
                let time = time(&mut Random::at(number as u64, at));
                format!(r#"{{"prefix":"{}"}}"#, &time[..1 + at % 19])
            });
            unmet("time", &tests, number)
        }),
        Tenant::new("affixes-of-time/1000", MOST_RULES, 1, |number, _| {
            let time = time(&mut Random::at(7, number));
            let (prefix, suffix) = (&time[..4 + number % 7], &time[19 - number % 6..]);
            unmet("time", &format!(r#"{{"prefix":"{prefix}"}},{{"suffix":"{suffix}"}}"#), number)
        }),
        Tenant::new("prefix-empty/1000", MOST_RULES, 1, |number, _| {
            let (field, turn) = envelope(number);
            format!(r#"{{"{field}":[{{"prefix":""}}],"account":[{{"anything-but":"{turn}"}}]}}"#)
        }),
        Tenant::new("prefix-lists/100x100KB", 100, 100_000, |number, size| {
            let (field, turn) = envelope(number);
            let tests = list(size.saturating_sub(60), |at| format!(r#"{{"prefix":"{at:x}q{turn}"}}"#));
            unmet(field, &tests, number)
        }),
        // No two lists are the same, though all consist of the same 500 tests.
        Tenant::new("mixed-lists/1000x1KB", MOST_RULES, 1_000, |number, size| {
            let field = ["id", "detail-type", "source", "time", "region"][number % 5];
            let tests = list(size.saturating_sub(60), |at| {
                let text = (number * 31 + at * 7) % 500;
                ["prefix", "suffix"].map(|name| format!(r#"{{"{name}":"{text:x}"}}"#)).join(",")
            });
            unmet(field, &tests, number)
        }),
    ]
}

fn ignoring_case() -> Vec<Tenant> {
    // Without regard to case, `ſ` is `s` and the Kelvin sign is `k`. The texts begin like ordinary values.
    let names = ["ſHOP.orderſ", "banK.cardſ", "AWſ.ec2", "opſ.bacKup", "EU-weſt-", "uſ-EAST-"];
    vec![
        Tenant::new("ignore-case-beyond-ascii/1000", MOST_RULES, 1, move |number, _| {
            let field = if number % 6 < 4 { "source" } else { "region" };
            let text = format!("{}{}", names[number % 6], number / 6);
            unmet(field, &format!(r#"{{"equals-ignore-case":"{text}"}}"#), number)
        }),
        Tenant::new("ignore-case-prefixes-beyond-ascii/1000", MOST_RULES, 1, move |number, _| {
            let field = if number % 6 < 4 { "source" } else { "region" };
            let end = names[number % 6].char_indices().nth(1 + number % 5).map_or(0, |(at, _)| at);
            let text = format!("{}{}", &names[number % 6][..end], ["", "İ", "ŉ", "ß"][number / 30 % 4]);
            unmet(field, &format!(r#"{{"prefix":{{"equals-ignore-case":"{text}"}}}}"#), number)
        }),
        Tenant::new("ignore-case-lists/1000x1KB", MOST_RULES, 1_000, |number, size| {
            let field = ["id", "detail-type", "source", "account", "time", "region"][number % 6];
            let tests = list(size.saturating_sub(60), |at| {
                let letter = ["ſ", "K", "ß", "ΐ", "a", "1"][at % 6];
                format!(r#"{{"suffix":{{"equals-ignore-case":"{letter}{number:x}{at}"}}}}"#)
            });
            unmet(field, &tests, number)
        }),
    ]
}

fn numbers_and_addresses() -> Vec<Tenant> {
    vec![
        Tenant::new("ranges/1000", MOST_RULES, 1, |number, _| {
            let (path, high) =
                numbers().nth(number % numbers().count()).expect("the remainder is a valid index");
            let test = format!(r#"{{"numeric":[">",-{number},"<",{}]}}"#, high + number as i64);
            unmet(&format!("detail.{path}"), &test, number)
        }),
        Tenant::new("ranges/100x10KB", 100, 10_000, |number, size| {
            let (path, high) =
                numbers().nth(number % numbers().count()).expect("the remainder is a valid index");
            let tests = list(size.saturating_sub(80), |at| {
                let low = (number * 7 + at * 13) as i64 % high;
                format!(r#"{{"numeric":[">=",{low}.5,"<",{}.5]}}"#, low + 1 + at as i64 % 9)
            });
            unmet(&format!("detail.{path}"), &tests, number)
        }),
        Tenant::new("not-numbers/1000x1KB", MOST_RULES, 1_000, |number, size| {
            let (path, _) =
                numbers().nth(number % numbers().count()).expect("the remainder is a valid index");
            let texts = list(size.saturating_sub(80), |at| format!("{at}.{number}1"));
            format!(
                r#"{{"detail.{path}":[{{"anything-but":[{texts}]}},{{"exists":false}}],{}}}"#,
                other_version(number)
            )
        }),
        Tenant::new("blocks-nested/1000", MOST_RULES, 1, |number, _| {
            let path = addresses().nth(number % addresses().count()).expect("the remainder is a valid index");
            let turn = number / addresses().count();
            let block = match turn % 3 {
                0 => format!("10.{}.{}.0/{}", turn / 8 % 8 * 31, turn % 256, 1 + turn % 31),
                1 => format!("192.{}.0.0/{}", turn % 8 * 31, 1 + turn % 16),
                _ => format!("2001:db8:{:x}::/{}", turn % 16, 1 + turn % 127),
            };
            unmet(&format!("detail.{path}"), &format!(r#"{{"cidr":"{block}"}}"#), number)
        }),
        Tenant::new("blocks/100x10KB", 100, 10_000, |number, size| {
            let path = addresses().nth(number % addresses().count()).expect("the remainder is a valid index");
            let tests = list(size.saturating_sub(80), |at| {
                format!(
                    r#"{{"cidr":"10.{}.{}.{}/{}"}}"#,
                    at % 8 * 31,
                    number + at / 8 % 100,
                    at % 256,
                    8 + at % 24
                )
            });
            unmet(&format!("detail.{path}"), &tests, number)
        }),
        // Every value on the paths is parsed as an address, although none is one.
        Tenant::new("blocks-on-texts/1000", MOST_RULES, 1, |number, _| {
            let (field, turn) = envelope(number);
            unmet(
                field,
                &format!(r#"{{"cidr":"{}.0.0.0/8"}},{{"cidr":"{:x}::/16"}}"#, turn, turn + 1),
                number,
            )
        }),
    ]
}

fn exact() -> Vec<Tenant> {
    vec![
        Tenant::new("exact/7x0.8MB", 7, 800_000, |number, size| {
            let (field, turn) = envelope(number);
            unmet(field, &list(size.saturating_sub(60), |at| format!("\"{turn}q{at}\"")), number)
        }),
        Tenant::new("not-strings/7x0.8MB", 7, 800_000, |number, size| {
            let (field, turn) = envelope(number);
            let texts = list(size.saturating_sub(80), |at| format!("\"{turn}q{at}\""));
            unmet(field, &format!(r#"{{"anything-but":[{texts}]}}"#), number)
        }),
        // Many of the times have the same fingerprint: the same length, first and last bytes.
        Tenant::new("exact-times/1000x1KB", MOST_RULES, 1_000, |number, size| {
            let times = list(size.saturating_sub(60), |at| {
                format!("\"{}\"", time(&mut Random::at(number as u64, at)))
            });
            unmet("time", &times, number)
        }),
        Tenant::new("exact-ids/1000x1KB", MOST_RULES, 1_000, |number, size| {
            let ids = list(size.saturating_sub(60), |at| {
                let mut random = Random::at(0x1d5 + number as u64, at);
                format!("\"{}\"", [8, 4, 4, 4, 12].map(|digits| random.hex(digits)).join("-"))
            });
            unmet("id", &ids, number)
        }),
        // Each rule names many values on several paths, all of them frequent.
        Tenant::new("exact-common-values/1000", MOST_RULES, 14, |number, size| {
            use crate::workload::stream::{REGIONS, SOURCES};
            let some = |of: &[&str], from: usize| {
                items(size.min(of.len()), |at| format!("\"{}\"", of[(from + at) % of.len()]))
            };
            let accounts =
                items(size, |at| format!("\"{:012}\"", 111_122_223_333 + 1_001 * ((number + at) % 25)));
            format!(
                r#"{{"source":[{}],"region":[{}],"account":[{accounts}],{}}}"#,
                some(SOURCES, number),
                some(REGIONS, number / 7),
                other_version(number)
            )
        }),
        // Six fields hold for every event, and the seventh fails.
        Tenant::new("fails-in-the-last-field/1000", MOST_RULES, 1, |number, _| {
            let fields = [
                format!(r#""source":[{{"anything-but":"{number}"}}]"#),
                format!(r#""detail-type":[{{"anything-but":{{"prefix":"{number}"}}}}]"#),
                format!(r#""region":[{{"anything-but":{{"suffix":"q{number}"}}}}]"#),
                format!(r#""account":[{{"wildcard":"1*"}},{{"anything-but":["{number}"]}}]"#),
                format!(r#""time":[{{"prefix":"2026"}},{{"anything-but":"{number}"}}]"#),
                format!(r#""id":[{{"anything-but":{{"equals-ignore-case":"{number}"}}}}]"#),
                other_version(number),
            ];
            format!("{{{}}}", fields.join(","))
        }),
    ]
}

/// The paths of numbers in the details, with the highest number of each.
fn numbers() -> impl Iterator<Item = (&'static str, i64)> {
    FIELDS.iter().filter_map(|field| match field.kind {
        Kind::Integer(_, high) => Some((field.path, high)),
        Kind::Decimal(_, high) => Some((field.path, high / 100)),
        _ => None,
    })
}

fn addresses() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(|field| matches!(field.kind, Kind::Address)).map(|field| field.path)
}
