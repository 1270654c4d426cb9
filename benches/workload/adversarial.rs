//! Deliberately hard sets: all rules overlap, and no test narrows them down.

use super::fields::hundredths;
use super::random::Random;
use super::rules::Mix;

const SEED: u64 = 0x0bad;

pub(crate) const SETS: [&str; 4] =
    ["ranges/rules=5000", "stars/rules=5000", "arrays/rules=500", "ors/rules=100"];

pub(crate) fn rules(set: &str, count: usize) -> Vec<String> {
    let mut random = Random::new(SEED);
    (0..count).map(|_| rule(set, &mut random)).collect()
}

fn rule(set: &str, random: &mut Random) -> String {
    match set {
        // Thousands of overlapping ranges, on three fields.
        "ranges" => {
            let mut range = |high: i64| {
                let (low, width) = (random.between(0, high), random.between(1, high / 4));
                format!(r#"[{{"numeric":[">=",{},"<",{}]}}]"#, hundredths(low), hundredths(low + width))
            };
            let (total, amount, weight) = (range(500_000), range(500_000), range(30_000));
            format!(
                r#"{{"detail":{{"order":{{"total":{total}}},"payment":{{"amount":{amount}}},"shipment":{{"weight":{weight}}}}}}}"#
            )
        }
        // Thousands of wildcards on the only field that all events share.
        "stars" => {
            let pieces = [1, 2, 2].map(|digits| random.hex(digits));
            format!(r#"{{"id":[{{"wildcard":"*{}*"}}]}}"#, pieces.join("*"))
        }
        // Two fields of one element, in an array of thousands.
        "arrays" => {
            let (a, b) = (random.below(1_000), random.below(1_000));
            format!(r#"{{"items":{{"a":[{a}],"b":[{b}]}}}}"#)
        }
        // A thousand combinations of `$or` in each rule.
        "ors" => {
            let mut or = |first: u64| {
                let mut alternative = |name: u64| format!(r#"{{"f{name}":[{}]}}"#, random.below(20));
                let alternatives: Vec<String> = (first..first + 10).map(&mut alternative).collect();
                format!(r#""$or":[{}]"#, alternatives.join(","))
            };
            format!("{{{},{},{}}}", or(0), or(10), or(20))
        }
        _ => panic!("there is no set of the name {set}"),
    }
}

pub(crate) fn events(set: &str, count: usize) -> Vec<Vec<u8>> {
    match set {
        "arrays" => (0..count.min(4)).map(|index| array(&mut Random::at(SEED, index))).collect(),
        "ors" => (0..count).map(|index| flat(&mut Random::at(SEED, index))).collect(),
        _ => Mix::Hot.stream().events(count),
    }
}

/// Returns an event with an array of 10,000 objects.
fn array(random: &mut Random) -> Vec<u8> {
    let items: Vec<String> = (0..10_000)
        .map(|_| format!(r#"{{"a":{},"b":{}}}"#, random.below(1_000), random.below(1_000)))
        .collect();
    format!(r#"{{"id":"{}","items":[{}]}}"#, random.hex(16), items.join(",")).into_bytes()
}

/// Returns an event with thirty fields.
fn flat(random: &mut Random) -> Vec<u8> {
    let fields: Vec<String> = (0..30).map(|name| format!(r#""f{name}":{}"#, random.below(20))).collect();
    format!("{{{}}}", fields.join(",")).into_bytes()
}
