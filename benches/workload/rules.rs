//! Rule sets over the events of W2. The first n rules of a longer set are the shorter set.

use super::fields::{FIELDS, Field, Kind, hundredths};
use super::json::Json;
use super::random::Random;
use super::stream::{Event, REGIONS, SOURCES, Stream};
use std::collections::HashSet;

const SEED: u64 = 0x0_5eed_0f27;

/// The number of events from which rules are drawn. More events than a bench matches would distort
/// the shares.
const DRAWN_FROM: usize = 20_000;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mix {
    /// R2: source, detail-type and 1 to 4 fields of the detail. 70 % of the fields test exact
    /// values.
    Mixed,
    /// R2 where all rules, and all events, share source and detail-type.
    Hot,
    /// R2 with exact values only.
    ExactOnly,
    /// Every event matches about 73 of the first 1,000 rules and about 100 of the first 10,000.
    ManyMatches,
    /// Only anything-but and exists:false, so no test narrows the rules down.
    NegativeOnly,
    /// Wildcards of three to five stars on resources and details.
    WildcardHeavy,
}

impl Mix {
    pub(crate) const ALL: [Mix; 6] =
        [Mix::Mixed, Mix::Hot, Mix::ExactOnly, Mix::ManyMatches, Mix::NegativeOnly, Mix::WildcardHeavy];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Mix::Mixed => "mixed",
            Mix::Hot => "hot",
            Mix::ExactOnly => "exact-only",
            Mix::ManyMatches => "many-matches",
            Mix::NegativeOnly => "negative-only",
            Mix::WildcardHeavy => "wildcard-heavy",
        }
    }

    pub(crate) fn stream(self) -> Stream {
        if self == Mix::Hot { Stream::hot() } else { Stream::new() }
    }

    /// Returns the first `count` rules, all distinct.
    pub(crate) fn rules(self, count: usize) -> Vec<String> {
        let stream = self.stream();
        let mut random = Random::new(SEED);
        let mut seen = HashSet::new();
        let mut rules = Vec::with_capacity(count);
        while rules.len() < count {
            // One rule in 32 is made to match an event, a different one each time.
            let number = rules.len();
            let fits = number.is_multiple_of(32);
            let event = stream.event(if fits { number } else { random.below(DRAWN_FROM) });
            let rule = match self {
                Mix::ManyMatches if number < 1_000 || random.percent(3) => Some(broad(&mut random)),
                Mix::Mixed | Mix::ManyMatches => conjunction(&event, fits, 36, 0.01, &mut random),
                Mix::Hot => conjunction(&event, fits, 36, 0.000_1, &mut random),
                Mix::ExactOnly => conjunction(&event, fits, 0, 0.01, &mut random),
                Mix::NegativeOnly => Some(negative(&event, &mut random)),
                Mix::WildcardHeavy => Some(wildcards(&event, &mut random)),
            };
            let Some(rule) = rule else {
                continue;
            };
            let text = rule.to_text();
            if seen.insert(text.clone()) {
                rules.push(text);
            }
        }
        rules
    }
}

/// Returns a rule on source, detail-type and 1 to 4 fields of an event. `other` is the percentage
/// of tests that are not exact.
///
/// Unless the rule has to match the event, its values are other values of the fields. It nearly
/// matches, and may match other events by chance. Returns none if more than `most` of the events
/// with this source and detail-type would match.
fn conjunction(event: &Event, fits: bool, other: usize, most: f64, random: &mut Random) -> Option<Json> {
    let mut rule = Json::object([
        ("source", Json::List(vec![Json::text(&event.source)])),
        ("detail-type", Json::List(vec![Json::text(&event.detail_type)])),
    ]);
    let mut share = 1.0;
    for at in distinct(random.between(1, 4) as usize, event.detail.len(), random) {
        let (field, value) = &event.detail[at];
        let value = if fits { value.clone() } else { field.kind.value(random) };
        let tests = if random.percent(other) {
            other_test(field, &value, random)
        } else {
            exact(field, value, random)
        };
        share *= tests.iter().map(|test| passing(field.kind, test)).sum::<f64>().min(1.0);
        rule.insert(&format!("detail.{}", field.path), Json::List(tests));
    }
    (share <= most).then_some(rule)
}

/// Returns a rough estimate of the share of a field's values that pass a test.
fn passing(kind: Kind, test: &Json) -> f64 {
    let Json::Object(operator) = test else {
        return 1.0 / kind.variety();
    };
    match operator[0].0.as_str() {
        "anything-but" | "exists" => 1.0,
        "numeric" => 0.25,
        "cidr" | "wildcard" | "prefix" | "suffix" => (20.0 / kind.variety()).min(0.5),
        _ => 1.0 / kind.variety(),
    }
}

/// Returns distinct numbers below `bound`, in ascending order.
fn distinct(count: usize, bound: usize, random: &mut Random) -> Vec<usize> {
    let mut all: Vec<usize> = (0..bound).collect();
    let mut chosen: Vec<usize> =
        (0..count.min(bound)).map(|_| all.swap_remove(random.below(all.len()))).collect();
    chosen.sort_unstable();
    chosen
}

/// Returns one to three values of the field, `value` among them.
fn exact(field: &Field, value: Json, random: &mut Random) -> Vec<Json> {
    let more = if random.percent(25) { random.between(1, 2) } else { 0 };
    let mut tests = scalars(value, random);
    for _ in 0..more {
        let value = field.kind.value(random);
        tests.extend(
            scalars(value, random).into_iter().filter(|value| !tests.contains(value)).collect::<Vec<_>>(),
        );
    }
    tests
}

/// Returns the value, or one element of an array, as a pattern tests for elements.
fn scalars(value: Json, random: &mut Random) -> Vec<Json> {
    match value {
        Json::List(values) if values.is_empty() => vec![Json::text("none")],
        Json::List(values) => vec![random.pick(&values).clone()],
        scalar => vec![scalar],
    }
}

/// Returns a test that is not exact, and that the value passes.
fn other_test(field: &Field, value: &Json, random: &mut Random) -> Vec<Json> {
    let value = scalars(value.clone(), random).remove(0);
    let test = match &value {
        Json::Number(number) if random.percent(75) => numeric(field.kind, number, random),
        Json::Text(text) if matches!(field.kind, Kind::Address) && random.percent(60) => block(text, random),
        Json::Text(text) if random.percent(90) => string_test(field, text, random),
        Json::Number(_) => anything_but(field, &value, random),
        _ if random.percent(70) => operator("exists", Json::Bool(true)),
        _ => return vec![operator("exists", Json::Bool(false)), value],
    };
    vec![test]
}

fn string_test(field: &Field, text: &str, random: &mut Random) -> Json {
    let letters: Vec<char> = text.chars().collect();
    let some = |random: &mut Random| {
        random.between(2.min(letters.len() as i64), letters.len() as i64 / 2 + 1) as usize
    };
    match random.below(10) {
        0 | 1 => operator("prefix", Json::Text(letters[..some(random).min(letters.len())].iter().collect())),
        2 | 3 => {
            let length = some(random).min(letters.len());
            operator("suffix", Json::Text(letters[letters.len() - length..].iter().collect()))
        }
        4..=6 => anything_but(field, &Json::text(text), random),
        7 | 8 => {
            let stars = random.between(1, 2) as usize;
            operator("wildcard", Json::Text(wildcard(&letters, stars, random)))
        }
        _ => operator("equals-ignore-case", Json::Text(text.to_uppercase())),
    }
}

/// Returns an exclusion of one to three values of the field, not of `value`.
fn anything_but(field: &Field, value: &Json, random: &mut Random) -> Json {
    let mut others = Vec::new();
    for _ in 0..random.between(1, 3) {
        let other = scalars(field.kind.value(random), random).remove(0);
        if other != *value && !others.contains(&other) {
            others.push(other);
        }
    }
    match others.len() {
        0 => operator("anything-but", Json::object([("prefix", Json::text("~"))])),
        1 => operator("anything-but", others.remove(0)),
        _ => operator("anything-but", Json::List(others)),
    }
}

fn numeric(kind: Kind, number: &str, random: &mut Random) -> Json {
    let (low, high, scale) = match kind {
        Kind::Integer(low, high) => (low, high, 1),
        Kind::Decimal(low, high) => (low, high, 100),
        _ => unreachable!("only these two kinds have numbers"),
    };
    let spelled =
        |number: i64| Json::Number(if scale == 1 { number.to_string() } else { hundredths(number) });
    let value: f64 = number.parse().expect("the generator writes numbers");
    let value = (value * scale as f64).round() as i64;
    let width = random.between(1, ((high - low) / 8).max(1));
    let (below, above) = (value - random.between(1, width), value + random.between(1, width));
    let comparison = match random.below(5) {
        0 => vec![Json::text("<="), spelled(above)],
        1 => vec![Json::text(">"), spelled(below)],
        2 => vec![Json::text("="), spelled(value)],
        _ => vec![Json::text(">="), spelled(below), Json::text("<"), spelled(above)],
    };
    operator("numeric", Json::List(comparison))
}

fn block(address: &str, random: &mut Random) -> Json {
    let bits = if address.contains(':') { random.between(28, 64) } else { random.between(8, 24) };
    operator("cidr", Json::Text(format!("{address}/{bits}")))
}

/// Returns the letters with stars in place of one to five letters each. The other letters are kept,
/// and escaped if needed.
fn wildcard(letters: &[char], stars: usize, random: &mut Random) -> String {
    let mut pattern = String::new();
    let mut cuts = distinct(stars, letters.len(), random).into_iter().peekable();
    let mut at = 0;
    while at < letters.len() {
        if cuts.next_if(|&cut| cut <= at).is_some() {
            if !pattern.ends_with('*') || pattern.ends_with("\\*") {
                pattern.push('*');
            }
            at += random.between(1, 5) as usize;
            while cuts.next_if(|&cut| cut <= at).is_some() {}
            continue;
        }
        if matches!(letters[at], '*' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letters[at]);
        at += 1;
    }
    pattern
}

/// Returns a rule with one test on the envelope that a tenth of the events pass, and up to three
/// that nearly all pass.
fn broad(random: &mut Random) -> Json {
    let mut rule = Json::Object(Vec::new());
    let one = |value: &str| Json::List(vec![Json::text(value)]);
    match random.below(3) {
        0 => {
            let mut sources = SOURCES.to_vec();
            let chosen =
                (0..3).map(|_| Json::text(sources.swap_remove(random.below(sources.len())))).collect();
            rule.insert("source", Json::List(chosen));
        }
        1 => rule.insert("region", one(random.pick::<&str>(REGIONS))),
        _ => {
            let accounts = (0..2).map(|_| 111_122_223_333 + 1_001 * random.below(25) as u64);
            let accounts: Vec<Json> = accounts.map(|account| Json::Text(format!("{account:012}"))).collect();
            rule.insert("account", Json::List(accounts));
        }
    }
    if random.percent(70) {
        let verb = *random.pick(&["Created", "Deleted", "Failed", "Exceeded", "Gateway"]);
        let unknown = format!("{} {verb}", random.pick(&["Comet", "Meteor", "Planet"]));
        rule.insert("detail-type", Json::List(vec![operator("anything-but", Json::Text(unknown))]));
    }
    if random.percent(60) {
        let year = operator("prefix", Json::text(*random.pick(&["2", "20", "202", "2026", "2026-"])));
        rule.insert("time", Json::List(vec![year]));
    }
    for at in distinct(random.below(3), FIELDS.len(), random) {
        let field = &FIELDS[at];
        let other = scalars(field.kind.value(random), random).remove(0);
        let tests = match other {
            Json::Text(_) | Json::Number(_) => operator("anything-but", other),
            _ => operator("exists", Json::Bool(true)),
        };
        rule.insert(
            &format!("detail.{}", field.path),
            Json::List(vec![operator("exists", Json::Bool(false)), tests]),
        );
    }
    rule
}

/// Returns a rule of six to nine exclusions: of values in fields of the event, and of fields.
fn negative(event: &Event, random: &mut Random) -> Json {
    let mut rule = Json::Object(Vec::new());
    if random.percent(50) {
        let sources = (0..3)
            .map(|_| Json::text(*random.pick(SOURCES)))
            .filter(|source| *source != Json::text(&event.source));
        let sources: Vec<Json> = sources.collect();
        if !sources.is_empty() {
            rule.insert("source", Json::List(vec![operator("anything-but", Json::List(sources))]));
        }
    }
    let present = distinct(random.between(5, 7) as usize, event.detail.len(), random);
    let absent = distinct(random.between(1, 2) as usize, FIELDS.len(), random);
    for (at, field) in FIELDS.iter().enumerate() {
        let value = event.detail.iter().position(|(other, _)| other.path == field.path);
        let test = match value {
            Some(position) if present.contains(&position) => {
                let value = scalars(event.detail[position].1.clone(), random).remove(0);
                match field.kind {
                    Kind::Flag | Kind::Tags(_) => operator("anything-but", Json::text("none")),
                    _ => anything_but(field, &value, random),
                }
            }
            None if absent.contains(&at) => operator("exists", Json::Bool(false)),
            _ => continue,
        };
        rule.insert(&format!("detail.{}", field.path), Json::List(vec![test]));
    }
    rule
}

/// Returns a rule with a wildcard on one resource, or on one string of the detail, or on both.
fn wildcards(event: &Event, random: &mut Random) -> Json {
    let mut rule = Json::Object(Vec::new());
    let mut strings = event.detail.iter().filter_map(|(field, value)| match (value, field.kind) {
        (Json::Text(text), Kind::File | Kind::Prose | Kind::Email | Kind::Person) => Some((field, text)),
        _ => None,
    });
    let string = strings.next();
    if !event.resources.is_empty() && (string.is_none() || random.percent(70)) {
        let test = pieces(random.pick(&event.resources).as_str(), random);
        rule.insert("resources", Json::List(vec![test]));
    }
    if let Some((field, text)) = string {
        rule.insert(&format!("detail.{}", field.path), Json::List(vec![pieces(text, random)]));
    }
    if rule == Json::Object(Vec::new()) {
        rule.insert("detail-type", Json::List(vec![pieces(&event.detail_type, random)]));
    }
    rule
}

/// Returns a wildcard of two to four pieces of the text, with stars between them and at the ends.
fn pieces(text: &str, random: &mut Random) -> Json {
    let letters: Vec<char> = text.chars().collect();
    let mut pattern = "*".to_owned();
    for start in distinct(random.between(2, 4) as usize, letters.len() / 5, random) {
        let piece = &letters[start * 5..][..random.between(3, 5) as usize];
        for &letter in piece {
            if matches!(letter, '*' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern.push('*');
    }
    operator("wildcard", Json::Text(pattern))
}

fn operator(name: &str, argument: Json) -> Json {
    Json::object([(name, argument)])
}
