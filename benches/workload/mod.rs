//! The workloads of the benches: sets of rules, and events for them.
//!
//! All are made from fixed seeds, so figures of different days and machines are about the same
//! bytes. The recorded sets are the exception, and are used if they are available.

mod adversarial;
pub(crate) mod check;
mod city_lots;
mod document;
mod expected;
pub(crate) mod fields;
mod json;
pub(crate) mod random;
mod recorded;
mod rules;
pub(crate) mod stream;

pub(crate) use rules::Mix;

use check::COUNTED;
use galop::{EventLimits, Matcher, MatcherBuilder, PatternLimits, RuleSet, Scratch};

/// Rules and events.
#[derive(Debug)]
pub(crate) struct Workload {
    /// The name in the ids of the benches, like `W2/hot/rules=1000`.
    pub(crate) name: String,
    pub(crate) rules: Vec<String>,
    pub(crate) events: Vec<Vec<u8>>,
}

impl Workload {
    /// Returns the workload with at most `events` events. Returns none if its recorded set is not
    /// available.
    ///
    /// # Panics
    ///
    /// If there is no workload of the name.
    pub(crate) fn named(name: &str, events: usize) -> Option<Workload> {
        let (family, rest) = name.split_once('/').unwrap_or((name, ""));
        let (set, rules) = match rest.rsplit_once("rules=") {
            Some((set, rules)) => (set.trim_end_matches('/'), rules.parse().expect("a number of rules")),
            None => (rest, 1_000),
        };
        let (rules, events) = match family {
            "W1" => (city_lots::rules(set), city_lots::events(events)),
            "W2" => {
                let mix = Mix::ALL
                    .into_iter()
                    .find(|mix| mix.name() == set || (set.is_empty() && *mix == Mix::Mixed));
                let mix = mix.unwrap_or_else(|| panic!("W2 has no rules of the mix {set}"));
                (mix.rules(rules), mix.stream().events(events))
            }
            "W3" => (document::rules(set), document::events(events.min(100))),
            "adversarial" => (adversarial::rules(set, rules), adversarial::events(set, events)),
            "recorded" => {
                let (rules, mut recorded) = recorded::set(set)?;
                recorded.truncate(events);
                (rules, recorded)
            }
            _ => panic!("there is no workload of the name {name}"),
        };
        Some(Workload { name: name.to_owned(), rules, events })
    }

    /// Returns the names that `match` measures, the widest selection of all benches.
    pub(crate) fn names() -> Vec<String> {
        let mut names = Vec::new();
        names.extend(
            city_lots::KINDS.iter().chain(&["partial-combo", "combo"]).map(|kind| format!("W1/{kind}")),
        );
        names.extend([1, 10, 100, 1_000, 10_000, 100_000].map(|rules| format!("W2/rules={rules}")));
        for mix in &Mix::ALL[1..] {
            names.extend([100, 1_000, 10_000].map(|rules| format!("W2/{}/rules={rules}", mix.name())));
        }
        names.extend(document::PLACES.map(|place| format!("W3/{place}")));
        names.extend(adversarial::SETS.map(|set| format!("adversarial/{set}")));
        names.extend(recorded::SETS.map(|set| format!("recorded/{set}")));
        names
    }

    pub(crate) fn rule_set(&self) -> RuleSet {
        let mut rules = RuleSet::with_limits(PatternLimits::wide());
        for rule in &self.rules {
            rules.add(rule).unwrap_or_else(|error| panic!("{error}: {rule}"));
        }
        rules
    }

    pub(crate) fn matcher(&self, builder: &MatcherBuilder) -> Matcher {
        builder.build(&self.rule_set()).expect("the workload is within the limits")
    }

    /// Returns the total length of all events in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.events.iter().map(Vec::len).sum()
    }
}

/// Returns a builder without a limit on the work of an event, because adversarial events exceed the
/// default.
pub(crate) fn builder() -> MatcherBuilder {
    let mut limits = EventLimits::default();
    limits.work = u64::MAX;
    let mut builder = MatcherBuilder::new();
    builder.event_limits(limits);
    builder
}

/// Returns the total number of matches of the events.
pub(crate) fn total(matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> usize {
    let matches = |event: &Vec<u8>| matcher.matches(scratch, event).expect("the events are valid").len();
    events.iter().map(matches).sum()
}

/// Returns the number of events of a bench. A trial uses the few events that are checked.
pub(crate) fn event_count() -> usize {
    if trial() { COUNTED } else { 20_000 }
}

/// Returns true if the program is only tested: `cargo test` runs it this way, and `cargo bench --
/// --test`.
pub(crate) fn trial() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    arguments.iter().any(|argument| argument == "--test")
        || arguments.iter().all(|argument| argument != "--bench")
}
