//! Generated rule sets and events. The events are made from the rules, so matches and near misses
//! are frequent.
//!
//! A case is built from one seed, and shrinks as a tree of JSON. Shrinking removes rules and
//! events, removes members and elements, replaces containers by their contents, and shortens
//! strings. A failure is thus small, independent of its construction. An event stays unchanged
//! while its rules shrink.

mod dice;
mod event;
mod node;
mod related;
mod rule;
mod test;
mod value;

pub use dice::Dice;
use node::{Node, Space};
use proptest::prelude::{Strategy, any, prop};
use proptest::strategy::{NewTree, ValueTree};
use proptest::test_runner::TestRunner;
use rule::Object;

/// Returns one to `max` patterns. About one in twenty-five is deliberately faulty.
pub fn rule_set(max: usize) -> impl Strategy<Value = Vec<String>> {
    Cases { rules: max, events: 0, combined: false }.prop_map(|(rules, _)| rules)
}

/// Returns at least one rule and one event. Events are always valid.
pub fn rules_and_events(
    max_rules: usize,
    max_events: usize,
) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    Cases { rules: max_rules, events: max_events, combined: false }
}

/// Like [`rules_and_events`], but the `$or`s of each rule have some hundred combinations.
pub fn combined_rules_and_events(
    max_rules: usize,
    max_events: usize,
) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    Cases { rules: max_rules, events: max_events, combined: true }
}

/// Returns a pattern or an event with some bytes changed. The result is mostly no JSON, and
/// sometimes not UTF-8.
pub fn broken_json() -> impl Strategy<Value = Vec<u8>> {
    let text = (rules_and_events(1, 1), any::<bool>())
        .prop_map(|((mut rules, mut events), event)| if event { events.remove(0) } else { rules.remove(0) });
    let change = (any::<prop::sample::Index>(), 0..6, prop::sample::select(NASTY.to_vec()));
    (text, prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (at, way, nasty) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + 1).min(bytes.len());
            match way {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => bytes.extend_from_within(at..),
                3 => drop(bytes.splice(at..end, nasty.iter().copied())),
                _ => drop(bytes.splice(at..at, nasty.iter().copied())),
            }
        }
        bytes
    })
}

/// Fragments that are invalid or unusual in JSON.
const NASTY: [&[u8]; 34] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b" ",
    b"\n",
    b"\x0b",
    b"\0",
    b"\x1f",
    b"\x7f",
    b"\\u",
    b"\\ud800",
    b"\\u00g0",
    b"\\x",
    b"/",
    b"//",
    b"'",
    b"0",
    b"01",
    b"-",
    b".",
    b"1.",
    b"e",
    b"+1",
    b"tru",
    b"NaN",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
];

#[derive(Clone, Copy, Debug)]
struct Cases {
    rules: usize,
    events: usize,
    combined: bool,
}

impl Strategy for Cases {
    type Tree = Shrinking;
    type Value = (Vec<String>, Vec<String>);

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let dice = &mut Dice::new(any::<u64>().new_tree(runner)?.current());
        let mut rules: Vec<Object> = Vec::new();
        for _ in 0..dice.between(1, self.rules) {
            rules.push(if self.combined {
                rule::combined(dice)
            } else if !rules.is_empty() && dice.percent(40) {
                let like = dice.below(rules.len());
                rule::varied(dice, &rules[like])
            } else {
                let depth = dice.below(3);
                rule::object(dice, depth, false)
            });
        }
        let events = (0..if self.events > 0 { dice.between(1, self.events) } else { 0 })
            .map(|_| Text::new(dice, |dice| event::event(dice, &rules)))
            .collect();
        let rules = rules
            .iter()
            .map(|rule| {
                Text::new(dice, |dice| {
                    let mut node = rule::node(rule);
                    if dice.percent(4) {
                        rule::spoil(dice, &mut node);
                    }
                    node
                })
            })
            .collect();
        Ok(Shrinking::new(Case { rules, events }))
    }
}

#[derive(Clone, Debug)]
struct Case {
    rules: Vec<Text>,
    events: Vec<Text>,
}

#[derive(Clone, Debug)]
struct Text {
    node: Node,
    space: Space,
}

impl Text {
    fn new(dice: &mut Dice, make: impl FnOnce(&mut Dice) -> Node) -> Text {
        let space = match dice.below(10) {
            0 => Space::Everywhere,
            1 | 2 => Space::Some,
            _ => Space::None,
        };
        Text { node: make(dice), space }
    }

    fn simpler(&self) -> Vec<Text> {
        let plain = match self.space {
            Space::None => None,
            Space::Some | Space::Everywhere => Some(Text { node: self.node.clone(), space: Space::None }),
        };
        let nodes = self.node.simpler().into_iter().map(|node| Text { node, space: self.space });
        plain.into_iter().chain(nodes).collect()
    }
}

impl Case {
    /// At least one rule and one event remain.
    fn simpler(&self) -> Vec<Case> {
        let rules =
            simpler_texts(&self.rules).into_iter().map(|rules| Case { rules, events: self.events.clone() });
        let events =
            simpler_texts(&self.events).into_iter().map(|events| Case { rules: self.rules.clone(), events });
        rules.chain(events).collect()
    }
}

/// Above this number, texts are removed before any text is simplified, because all simpler cases
/// are in memory at once.
const MANY: usize = 16;

fn simpler_texts(texts: &[Text]) -> Vec<Vec<Text>> {
    let mut simpler = Vec::new();
    if texts.len() > MANY {
        let part = texts.len() / 4;
        let parts = (0..4).map(|at| [&texts[..at * part], &texts[(at + 1) * part..]].concat());
        simpler.extend(parts);
    }
    for at in 0..texts.len() {
        if texts.len() > 1 {
            simpler.push([&texts[..at], &texts[at + 1..]].concat());
        }
    }
    for at in 0..if texts.len() > MANY { 0 } else { texts.len() } {
        for text in texts[at].simpler() {
            simpler.push([&texts[..at], &[text], &texts[at + 1..]].concat());
        }
    }
    simpler
}

/// A case, and the simpler cases to be tried.
struct Shrinking {
    current: Case,
    /// The simplest case that fails.
    failing: Case,
    untried: std::vec::IntoIter<Case>,
}

impl Shrinking {
    fn new(case: Case) -> Shrinking {
        Shrinking { current: case.clone(), failing: case, untried: Vec::new().into_iter() }
    }
}

impl ValueTree for Shrinking {
    type Value = (Vec<String>, Vec<String>);

    fn current(&self) -> Self::Value {
        let print = |texts: &[Text]| texts.iter().map(|text| text.node.print(text.space)).collect();
        (print(&self.current.rules), print(&self.current.events))
    }

    fn simplify(&mut self) -> bool {
        self.failing = self.current.clone();
        self.untried = self.failing.simpler().into_iter();
        self.complicate()
    }

    fn complicate(&mut self) -> bool {
        match self.untried.next() {
            Some(case) => {
                self.current = case;
                true
            }
            None => {
                self.current = self.failing.clone();
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::dice::Dice;
    use super::node::{Name, Space};
    use super::related::related;
    use super::rule::{self, Member};
    use super::{Strategy, TestRunner, ValueTree, broken_json, event, rules_and_events, test};
    use crate::oracle::{Event, Pattern};

    fn matches(rule: &str, event: &str) -> Option<bool> {
        let pattern = Pattern::parse(rule.as_bytes()).ok()?;
        Some(pattern.matches(&Event::parse(event.as_bytes()).ok()?))
    }

    /// Tests over generated cases depend on the quality of the cases.
    #[test]
    fn most_patterns_are_valid_and_matches_are_balanced() {
        let mut runner = TestRunner::deterministic();
        let (mut pairs, mut valid, mut matching) = (0, 0, 0);
        for _ in 0..1000 {
            let (rules, events) = rules_and_events(4, 4).new_tree(&mut runner).expect("a case").current();
            for (rule, event) in rules.iter().flat_map(|rule| events.iter().map(move |event| (rule, event))) {
                assert!(Event::parse(event.as_bytes()).is_ok(), "{event}");
                let outcome = matches(rule, event);
                pairs += 1;
                valid += usize::from(outcome.is_some());
                matching += usize::from(outcome == Some(true));
            }
        }
        assert!(valid * 10 > pairs * 9, "{valid} of {pairs} have a valid pattern");
        assert!((valid / 5..valid * 3 / 5).contains(&matching), "{matching} of {valid} match");
    }

    #[test]
    fn every_operator_has_hits_and_misses() {
        let operators = [
            r#"["a"#,
            "[true",
            "[1",
            r#"["10."#,
            r#"[{"exactly":"#,
            r#"[{"prefix":""#,
            r#"[{"prefix":{"equals-ignore-case":"#,
            r#"[{"suffix":""#,
            r#"[{"suffix":{"equals-ignore-case":"#,
            r#"[{"equals-ignore-case":"#,
            r#"[{"wildcard":"#,
            r#"[{"regexp":"#,
            r#"[{"numeric":["="#,
            r#"[{"numeric":["<"#,
            r#"[{"numeric":[">"#,
            r#"[{"cidr":"10."#,
            r#"[{"cidr":"f"#,
            r#"[{"exists":true}"#,
            r#"[{"exists":false}"#,
            r#"[{"anything-but":""#,
            r#"[{"anything-but":[""#,
            r#"[{"anything-but":1"#,
            r#"[{"anything-but":[1"#,
            r#"[{"anything-but":{"prefix":"#,
            r#"[{"anything-but":{"suffix":"#,
            r#"[{"anything-but":{"equals-ignore-case":"#,
            r#"[{"anything-but":{"wildcard":"#,
        ];
        let mut outcomes = [[0; 2]; 27];
        for seed in 0..10_000 {
            let dice = &mut Dice::new(seed);
            let name = Name::new(dice, rule::name(&mut Dice::new(seed)));
            let rule = vec![Member::List(name, vec![test::test(dice)])];
            let event = event::event(dice, std::slice::from_ref(&rule)).print(Space::None);
            let rule = rule::node(&rule).print(Space::None);
            if let Some(outcome) = matches(&rule, &event) {
                for (operator, outcomes) in operators.iter().zip(&mut outcomes) {
                    outcomes[usize::from(outcome)] += usize::from(rule.contains(operator));
                }
            }
        }
        for (operator, outcomes) in operators.iter().zip(outcomes) {
            assert!(outcomes.iter().all(|&count| count >= 10), "{operator} missed and met: {outcomes:?}");
        }
    }

    /// Returns true if an alternative matches a value.
    fn accepts(alternative: &str, value: &str) -> bool {
        let (rule, event) = (format!(r#"{{"f":[{alternative}]}}"#), format!(r#"{{"f":{value}}}"#));
        matches(&rule, &event) == Some(true)
    }

    #[test]
    fn related_alternatives_name_and_exclude_one_value() {
        let (mut named_and_excluded, mut spelled_otherwise) = (0, 0);
        for seed in 0..1_000 {
            let tests = related(&mut Dice::new(seed));
            let nodes: Vec<String> = tests.iter().map(|test| test.node.print(Space::None)).collect();
            let mut values = tests.iter().flat_map(|test| test.hits.iter().chain(&test.misses));
            let is_value = |node: &&String| !node.starts_with('{');
            named_and_excluded += usize::from(values.clone().any(|value| {
                let excludes = |node: &String| node.contains("anything-but") && !accepts(node, value);
                nodes.iter().filter(is_value).any(|node| accepts(node, value)) && nodes.iter().any(excludes)
            }));
            spelled_otherwise += usize::from(values.any(|value| {
                nodes.iter().filter(is_value).any(|node| node != value && accepts(node, value))
            }));
        }
        assert!(named_and_excluded > 150, "{named_and_excluded} of 1,000");
        assert!(spelled_otherwise > 150, "{spelled_otherwise} of 1,000");
    }

    #[test]
    fn broken_text_is_mostly_broken() {
        let mut runner = TestRunner::deterministic();
        let broken = (0..1000).filter(|_| {
            let text = broken_json().new_tree(&mut runner).expect("a text").current();
            Event::parse(&text).is_err()
        });
        assert!((500..1000).contains(&broken.count()));
    }

    #[test]
    fn failure_shrinks_to_a_small_case() {
        let fails = |(rules, events): &(Vec<String>, Vec<String>)| {
            let mut of_wildcard = rules.iter().filter(|rule| rule.contains("wildcard"));
            of_wildcard.any(|rule| events.iter().any(|event| matches(rule, event) == Some(true)))
        };
        let mut runner = TestRunner::deterministic();
        let mut shrunk = 0;
        for _ in 0..20 {
            let mut tree = rules_and_events(4, 4).new_tree(&mut runner).expect("a case");
            if !fails(&tree.current()) {
                continue;
            }
            let mut more = tree.simplify();
            while more {
                more = if fails(&tree.current()) { tree.simplify() } else { tree.complicate() };
            }
            let (rules, events) = tree.current();
            assert!(fails(&(rules.clone(), events.clone())));
            // A branch of an irrelevant `$or` may remain.
            assert!(
                rules.len() == 1 && rules[0].len() < 100 && events.concat().len() < 20,
                "{rules:?} {events:?}"
            );
            shrunk += 1;
        }
        assert!(shrunk > 0);
    }
}
