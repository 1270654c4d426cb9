//! Checks that the answers of a matcher for a workload are right. Each bench checks them before it
//! measures.

use galop::{Matcher, PatternLimits, RuleId, RuleSet, Scratch};
use galop_harness::oracle::{Event, Pattern};

use super::expected::EXPECTED;
use super::{Workload, total};

/// The number of events that are compared with the oracle. The longest recorded events would take
/// it minutes.
const EVENTS: usize = 24;
const LONGEST: usize = 256 << 10;

/// The maximum number of rules compared with the oracle, and the maximum of bytes of events times
/// rules.
const RULES: usize = 600;
const WORK: usize = 16 << 20;

/// The number of events that [`EXPECTED`] counts. A workload with fewer of its events is not
/// checked with it.
pub(crate) const COUNTED: usize = 1_000;

/// Panics unless the matcher's answers are right.
///
/// The first thousand events must have as many matches as [`EXPECTED`], which the oracle has
/// counted. A sample of events and rules of the whole workload is compared with the oracle. Each
/// rule of the sample must have the same result alone, because results do not depend on other
/// rules.
pub(crate) fn assert_right(workload: &Workload, matcher: &Matcher) {
    let name = &workload.name;
    let mut scratch = Scratch::new();
    assert_eq!(matcher.stats().rules, workload.rules.len(), "{name}: the number of rules");

    if let Some(&(_, expected)) = EXPECTED.iter().find(|(other, _)| other == name) {
        let counted = total(matcher, &mut scratch, first(&workload.events));
        assert_eq!(counted, expected, "{name}: matches of the first events");
    } else {
        eprintln!("{name} has no known total, so its answers are checked by samples alone");
    }

    let events = evenly(&workload.events, EVENTS).filter(|event| event.len() <= LONGEST);
    let events: Vec<&[u8]> = events.map(Vec::as_slice).collect();
    let bytes: usize = events.iter().map(|event| event.len()).sum();
    let rules = (WORK / bytes).clamp(8, RULES);
    let answers: Vec<Vec<RuleId>> = events
        .iter()
        .map(|event| matcher.matches(&mut scratch, event).expect("the events are valid").to_vec())
        .collect();
    let parsed: Vec<Event> =
        events.iter().map(|event| Event::parse(event).expect("the events are valid")).collect();

    // Matching rules are rare, so the sample also has some rules that the matcher returns for an
    // event.
    let numbers: Vec<usize> = (0..workload.rules.len()).collect();
    let mut sample: Vec<usize> = evenly(&numbers, rules).copied().collect();
    sample.extend(answers.iter().flatten().take(rules).map(|id| id.as_usize()));
    sample.sort_unstable();
    sample.dedup();

    for number in sample {
        let rule = &workload.rules[number];
        let pattern = Pattern::parse(rule.as_bytes()).expect("the rules are valid");
        let alone = alone(rule);
        for ((event, parsed), answer) in events.iter().zip(&parsed).zip(&answers) {
            let expected = pattern.matches(parsed);
            let text = String::from_utf8_lossy(event);
            let id = RuleId::new(number as u32);
            assert_eq!(
                answer.binary_search(&id).is_ok(),
                expected,
                "{name}: rule {number}, {rule}, on {text}"
            );
            let alone = alone.is_match(&mut scratch, event).expect("the events are valid");
            assert_eq!(alone, expected, "{name}: rule {number} alone, {rule}, on {text}");
        }
    }
}

fn first(events: &[Vec<u8>]) -> &[Vec<u8>] {
    &events[..COUNTED.min(events.len())]
}

/// Returns `count` evenly spaced items.
fn evenly<T>(all: &[T], count: usize) -> impl Iterator<Item = &T> {
    let count = count.min(all.len());
    (0..count).map(move |at| &all[at * all.len() / count])
}

fn alone(rule: &str) -> Matcher {
    let mut rules = RuleSet::with_limits(PatternLimits::wide());
    rules.add(rule).expect("the rules are valid");
    Matcher::new(&rules).expect("one rule is within the limits")
}

/// Returns the value for [`EXPECTED`]: the total number of matches of the first events, by the
/// oracle.
pub(crate) fn counted_by_oracle(workload: &Workload) -> usize {
    let events = first(&workload.events).iter();
    let events: Vec<Event> = events.map(|event| Event::parse(event).expect("the events are valid")).collect();
    let matches = |rule: &String| {
        let pattern = Pattern::parse(rule.as_bytes()).expect("the rules are valid");
        events.iter().filter(|event| pattern.matches(event)).count()
    };
    workload.rules.iter().map(matches).sum()
}
