//! The workloads of the benches: sets of rules, and events that they are matched against.
//!
//! All are made from fixed seeds, so that figures of different days and machines are about the same bytes. The
//! exceptions are the recorded sets, which are used where they are at hand.

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

/// Rules, and the events that they are matched against.
#[derive(Debug)]
pub(crate) struct Workload {
    /// What it is called in the ids of the benches, like `W2/hot/rules=1000`.
    pub(crate) name: String,
    pub(crate) rules: Vec<String>,
    pub(crate) events: Vec<Vec<u8>>,
}

impl Workload {
    /// The workload of this name with at most so many events, or nothing if it is one of those that are not at hand.
    ///
    /// # Panics
    ///
    /// If there is no such name.
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

    /// The names that `match` goes through, the widest part of the whole.
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

    /// The bytes of all events.
    pub(crate) fn bytes(&self) -> usize {
        self.events.iter().map(Vec::len).sum()
    }
}

/// A builder that leaves open how much work an event may be: the adversarial ones are more than the default allows.
pub(crate) fn builder() -> MatcherBuilder {
    let mut limits = EventLimits::default();
    limits.work = u64::MAX;
    let mut builder = MatcherBuilder::new();
    builder.event_limits(limits);
    builder
}

/// How many rules the events fit, added up.
pub(crate) fn total(matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> usize {
    let matches = |event: &Vec<u8>| matcher.matches(scratch, event).expect("the events are valid").len();
    events.iter().map(matches).sum()
}

/// How many events a bench uses: as few as can be checked, if it only has to show that it works.
pub(crate) fn event_count() -> usize {
    if trial() { COUNTED } else { 20_000 }
}

/// Whether the program only has to show that it works: `cargo test` runs it so, and `cargo bench -- --test`.
pub(crate) fn trial() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    arguments.iter().any(|argument| argument == "--test")
        || arguments.iter().all(|argument| argument != "--bench")
}
