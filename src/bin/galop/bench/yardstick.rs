//! [`Yardstick`]: rules made from the events, whose time measures the machine.
//!
//! The speed of a machine differs between two runs: other programs run, or the clock frequency changes. The yardstick
//! is measured in turn with the rules, and its time divides theirs. Results of two runs can then be compared.
//!
//! Other programs mostly slow down the access to memory. The yardstick is slowed down as much only if it needs about
//! as much memory, so it has as many rules as the first of the two runs, and the same events. A small fixed workload,
//! parsing the events with another parser, and reading the events without rules were tried: benches/EXPERIMENTS.md.

use std::hint::black_box;
use std::time::Duration;

use galop::{BuildError, EventLimits, Matcher, RuleSet, Scratch};
use serde_json::{Map, Value, json};

use crate::event_file::EVENT_LIMIT;

use super::events::Workload;
use super::random::Random;
use super::rounds::round;

pub(super) struct Yardstick<'a> {
    matcher: Matcher,
    workload: &'a Workload,
    scratch: Scratch,
    /// The number of rules.
    pub(super) rules: usize,
}

/// The least and the greatest number of rules.
const RULES: [usize; 2] = [10, 10_000];

/// The number of fields of a rule.
const FIELDS: usize = 3;

/// Events of more bytes are not parsed.
const LENGTH: usize = 1 << 16;

impl Yardstick<'_> {
    /// Returns a yardstick with about `rules` rules. The options of the measured rules do not apply to the
    /// yardstick, so a change of options is a difference between two runs.
    pub(super) fn new(rules: usize, workload: &Workload) -> Result<Yardstick<'_>, BuildError> {
        let rules = rules.clamp(RULES[0], RULES[1]);
        let events: Vec<&[u8]> = workload.iter().collect();
        let mut random = Random::new();
        let mut set = RuleSet::new();
        for at in 0..rules {
            let event = events[random.below(events.len())];
            let pattern = pattern(event, &mut random).map(|pattern| pattern.to_string());
            if pattern.is_none_or(|pattern| set.add(&pattern).is_err()) {
                // The event has no values, or values that a pattern cannot name.
                let absent = json!({format!("absent-{at}"): [{"exists": true}]});
                // The pattern is valid.
                let _ = set.add(&absent.to_string());
            }
        }
        let mut limits = EventLimits::default();
        limits.length = EVENT_LIMIT;
        let matcher = Matcher::builder().event_limits(limits).build(&set)?;
        Ok(Yardstick { matcher, workload, scratch: Scratch::new(), rules })
    }

    /// Returns the seconds of one event.
    pub(super) fn round(&mut self, length: Duration) -> f64 {
        let Yardstick { matcher, workload, scratch, .. } = self;
        round(length, workload, |event| {
            let _ = black_box(matcher.matches(scratch, event));
        })
    }
}

/// Returns a pattern of some values of an event, or `None` if there is no value.
fn pattern(event: &[u8], random: &mut Random) -> Option<Value> {
    let event: Value = serde_json::from_slice(event.get(..LENGTH.min(event.len()))?).ok()?;
    let mut values = Vec::new();
    let mut open = vec![(Vec::new(), &event)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                let member = |(name, value)| ([&path[..], &[name]].concat(), value);
                open.extend(members.iter().map(member));
            }
            Value::Array(_) => {}
            scalar => values.push((path, scalar)),
        }
    }
    let mut pattern = Map::new();
    for _ in 0..FIELDS.min(values.len()) {
        let (path, value) = &values[random.below(values.len())];
        let (last, names) = path.split_last()?;
        let mut object = &mut pattern;
        for name in names {
            object = object.entry(*name).or_insert_with(|| json!({})).as_object_mut()?;
        }
        object.insert((*last).clone(), json!([value]));
    }
    (!pattern.is_empty()).then_some(Value::Object(pattern))
}

#[cfg(test)]
mod tests {
    use super::{RULES, Random, Workload, Yardstick, pattern};

    #[test]
    fn rules_match_the_events_that_they_are_made_from() {
        let event =
            |i: usize| format!(r#"{{"source":"app.{}","detail":{{"value":{i},"tags":["x"]}}}}"#, i % 40);
        let workload = Workload::of((0..200).map(event));
        let Yardstick { matcher, mut scratch, rules, .. } = Yardstick::new(400, &workload).unwrap();
        assert_eq!((matcher.stats().rules, rules), (400, 400));
        let found = |event: &[u8]| matcher.matches(&mut scratch, event).unwrap().len();
        let matches: usize = workload.iter().map(found).sum();
        assert!(matches >= 400, "{matches}");
    }

    #[test]
    fn every_event_has_a_yardstick() {
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(100_000));
        let deep = format!("{}1{}", r#"{"a":"#.repeat(500), "}".repeat(500));
        let events = ["{}", r#"{"a":[1],"$or":{"":2}}"#, "{", &long, &deep, r#"{"a":{"b":1},"a.b":2}"#];
        let workload = Workload::of(events.iter());
        for (given, made) in [(0, RULES[0]), (100, 100), (usize::MAX, RULES[1])] {
            let yardstick = Yardstick::new(given, &workload).unwrap();
            assert_eq!((yardstick.rules, yardstick.matcher.stats().rules), (made, made));
        }
        assert!(pattern(b"7", &mut Random::new()).is_none());
    }
}
