//! The law of explanations: every answer and every reason is true by the oracle.

use galop::explain::{Explainer, Explanation, Field, FieldPart, NodeKind, Observation, Status};
use galop::pattern::Member;
use galop::{RuleId, Scratch};

use super::reproduction::{Argument, law};
use super::{bytes, lossy, valid};
use crate::oracle;

/// An explanation says match if and only if the matcher does. Each field, alternative, value and
/// reason is true by the oracle.
pub fn explanations_are_true(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("explanations_are_true", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (texts, set) = valid(&rules);
        let explainer = Explainer::new(&set).expect("a small set is within every limit");
        let matcher = galop::Matcher::new(&set).expect("a small set is within every limit");
        for event in &events {
            let Ok(read) = oracle::Event::parse(event) else {
                assert!(explainer.observe(event).is_err(), "{} is explained", lossy(event));
                continue;
            };
            let observation = explainer.observe(event).expect("the oracle accepts the event");
            let mut scratch = Scratch::new();
            let matching = matcher.matches(&mut scratch, event).expect("the oracle accepts the event");
            for (rule, _) in &set {
                let explanation = observation.explain(rule).expect("the set has the rule");
                let matches = matching.contains(&rule);
                assert_eq!(
                    explanation.matches(),
                    matches,
                    "the verdict for {}",
                    lossy(texts[rule.as_usize()])
                );
                assert_eq!(observation.matches(rule), matches);
                Truth { explainer: &explainer, observation: &observation, event, read: &read }
                    .check(rule, &explanation);
                is_well_formed(&explanation);
            }
        }
    });
}

struct Truth<'a> {
    explainer: &'a Explainer,
    observation: &'a Observation<'a>,
    event: &'a [u8],
    read: &'a oracle::Event,
}

impl Truth<'_> {
    fn check(&self, rule: RuleId, explanation: &Explanation) {
        let parts = self.explainer.decomposition().fields(rule);
        assert_eq!(parts.len(), explanation.fields().len());
        for (part, field) in parts.iter().zip(explanation.fields()) {
            self.field(part, field);
        }
        let nearest = || explanation.fields().iter().filter(|field| field.is_nearest());
        let failing = nearest().filter(|field| field.fails()).count();
        assert_eq!(explanation.failing(), if explanation.matches() { 0 } else { failing });
        assert!(nearest().all(|field| field.status() != Status::Overwritten));
        // With `$or`, another branch than the nearest one may match, by a field that is absent in the
        // elements of its branch only.
        let has_or = explanation.nodes().iter().any(|node| node.kind == NodeKind::Or);
        assert!(has_or || !explanation.matches() || failing == 0, "a match with failing fields");
        let is_divided = !explanation.matches() && failing == 0;
        assert_eq!(!explanation.traps().is_empty(), is_divided, "a reason of several fields");
        assert!(self.observation.failing(rule) >= explanation.failing());
    }

    fn field(&self, part: &FieldPart, field: &Field) {
        let alone = self.part(part.id());
        let present = oracle_matches(&self.with_alternative(part, r#"{"exists":true}"#), self.read);
        assert_eq!(field.found_count() > 0, present, "values on {}", field.path());
        match field.status() {
            Status::Holds => assert!(alone, "{} does not hold", field.path()),
            Status::ElementAbsent => assert!(!alone && present, "{} is not absent", field.path()),
            Status::Missed => assert!(!alone && present, "{} is not missed", field.path()),
            Status::Absent => assert!(!alone && !present, "{} is not absent", field.path()),
            Status::Overwritten => assert!(!part.is_in_play()),
            _ => unreachable!("another status"),
        }
        let held: Vec<bool> = part.alternatives().map(|alternative| self.part(alternative.id())).collect();
        let first = held.iter().position(|held| *held);
        assert_eq!(field.decided(), first.filter(|_| field.status() == Status::Holds), "{}", field.path());
        if let (Some(index), Some(value)) = (field.decided(), field.decided_value()) {
            let span = field.found()[value].span;
            let alternative = part.alternatives().nth(index).expect("the index of an alternative");
            let text = self.text(alternative.id());
            let event = self.with_value(part, &self.event[span.start..span.end]);
            assert!(pair_matches(&text, &event), "{text} does not hold for the value {event}");
        }
        for trap in field.traps() {
            if let Some(proof) = trap.proof() {
                let is_true = match &proof.event {
                    Some(event) => pair_matches(&proof.pattern, event),
                    None => oracle_matches(&proof.pattern, self.read),
                };
                assert!(is_true, "{trap}: {proof:?} is no proof");
            }
        }
    }

    fn text(&self, part: RuleId) -> String {
        self.explainer.decomposition().rule_set().get(part).expect("a part of the set").to_string()
    }

    fn part(&self, part: RuleId) -> bool {
        oracle_matches(&self.text(part), self.read)
    }

    /// Returns the path of a field as a JSON string.
    fn name(&self, part: &FieldPart) -> String {
        let pattern = self.explainer.decomposition().rule_set().get(part.id()).expect("a part of the set");
        match &pattern.root().members[..] {
            [Member::Field { name, .. }] => name.text.to_string(),
            _ => panic!("the part {pattern} is not one field"),
        }
    }

    fn with_alternative(&self, part: &FieldPart, alternative: &str) -> String {
        format!("{{{}:[{alternative}]}}", self.name(part))
    }

    fn with_value(&self, part: &FieldPart, value: &[u8]) -> String {
        format!("{{{}:{}}}", self.name(part), lossy(value))
    }
}

fn oracle_matches(pattern: &str, event: &oracle::Event) -> bool {
    let read = oracle::Pattern::parse(pattern.as_bytes());
    read.unwrap_or_else(|reject| panic!("the part {pattern} is refused: {}", reject.code)).matches(event)
}

fn pair_matches(pattern: &str, event: &str) -> bool {
    let read = oracle::Event::parse(event.as_bytes());
    oracle_matches(pattern, &read.unwrap_or_else(|reject| panic!("{event} is refused: {}", reject.code)))
}

/// The forms of an explanation are valid: JSON that can be read, and text of lines.
fn is_well_formed(explanation: &Explanation) {
    let json = explanation.to_json();
    let value: serde_json::Value =
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(value["matches"], explanation.matches());
    assert_eq!(value["fields"].as_array().map(Vec::len), Some(explanation.fields().len()));
    let text = explanation.to_string();
    assert!(text.ends_with('\n') && text.starts_with(&explanation.summary()), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}
