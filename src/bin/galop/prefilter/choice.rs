//! The choice of literals: for each rule, the literals that the fewest events of a sample contain.

use std::cmp::Reverse;
use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use super::literals::{ALTERNATIVES, Need};

/// The maximum number of literals that are compared with the sample.
const CANDIDATES: usize = 1 << 14;

/// The maximum number of literals that are searched for. A packed searcher holds this many.
const LITERALS: usize = 64;

/// A set of literals, and the events of the sample that contain one of them.
#[derive(Clone, Debug)]
struct Choice<'n> {
    literals: Vec<&'n [u8]>,
    events: Vec<u64>,
}

impl Choice<'_> {
    /// Returns the cost of the choice: the number of events that contain a literal. Of equal choices, few
    /// and long literals are better.
    fn cost(&self) -> (u32, usize, Reverse<usize>) {
        let events = self.events.iter().map(|word| word.count_ones()).sum();
        let shortest = self.literals.iter().map(|literal| literal.len()).min().unwrap_or(0);
        (events, self.literals.len(), Reverse(shortest))
    }
}

/// Returns literals that few events of the sample contain. Each matching event contains at least one.
/// Returns `None` if a rule needs no literal, or if there are too many.
pub(super) fn choose<'n>(rules: &'n [Vec<Need>], sample: &[&[u8]]) -> Option<Vec<&'n [u8]>> {
    let mut candidates: HashMap<&[u8], usize> = HashMap::new();
    for need in rules.iter().flatten() {
        add(need, &mut candidates);
        if candidates.len() > CANDIDATES {
            return None;
        }
    }
    let found = Found::new(&candidates, sample)?;
    let mut literals = Vec::new();
    for needs in rules {
        literals.extend(found.best(needs)?.literals);
    }
    literals.sort_unstable();
    literals.dedup();
    (literals.len() <= LITERALS).then_some(literals)
}

fn add<'n>(need: &'n Need, candidates: &mut HashMap<&'n [u8], usize>) {
    match need {
        Need::AnyOf(literals) => {
            for literal in literals {
                let number = candidates.len();
                candidates.entry(literal).or_insert(number);
            }
        }
        Need::Either(alternatives) => alternatives.iter().flatten().for_each(|need| add(need, candidates)),
    }
}

fn unite<'n>(all: &mut Choice<'n>, other: Choice<'n>) {
    all.literals.extend(other.literals);
    for (word, other) in all.events.iter_mut().zip(other.events) {
        *word |= other;
    }
}

/// The events of the sample that contain each literal.
struct Found<'c, 'n> {
    candidates: &'c HashMap<&'n [u8], usize>,
    /// The number of words that have a bit for each event.
    words: usize,
    /// The words of each literal, concatenated.
    events: Vec<u64>,
}

impl<'n> Found<'_, 'n> {
    fn new<'c>(candidates: &'c HashMap<&'n [u8], usize>, sample: &[&[u8]]) -> Option<Found<'c, 'n>> {
        let mut literals = vec![&b""[..]; candidates.len()];
        for (&literal, &number) in candidates {
            literals[number] = literal;
        }
        let automaton = AhoCorasick::new(&literals).ok()?;
        let words = sample.len().div_ceil(64);
        let mut events = vec![0; words * literals.len()];
        for (index, event) in sample.iter().enumerate() {
            for found in automaton.find_overlapping_iter(event) {
                events[found.pattern().as_usize() * words + index / 64] |= 1 << (index % 64);
            }
        }
        Some(Found { candidates, words, events })
    }

    /// Returns the best choice for a rule.
    fn best(&self, needs: &'n [Need]) -> Option<Choice<'n>> {
        needs.iter().filter_map(|need| self.choice(need)).min_by_key(Choice::cost)
    }

    fn choice(&self, need: &'n Need) -> Option<Choice<'n>> {
        let mut all = Choice { literals: Vec::new(), events: vec![0; self.words] };
        match need {
            Need::AnyOf(literals) => {
                for literal in literals {
                    let start = self.candidates.get(&literal[..])? * self.words;
                    let events = self.events[start..start + self.words].to_vec();
                    unite(&mut all, Choice { literals: vec![literal], events });
                }
            }
            Need::Either(alternatives) => {
                for needs in alternatives {
                    unite(&mut all, self.best(needs)?);
                }
            }
        }
        (all.literals.len() <= ALTERNATIVES).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use galop::Pattern;

    use super::super::literals::{Need, needs};
    use super::choose;

    fn chosen(patterns: &[&str], sample: &[&str]) -> Option<String> {
        let rules = patterns.iter().map(|pattern| needs(&Pattern::parse(pattern).expect("a valid pattern")));
        let rules: Vec<Vec<Need>> = rules.collect();
        let sample: Vec<&[u8]> = sample.iter().map(|event| event.as_bytes()).collect();
        let literals = choose(&rules, &sample)?;
        let literals: Vec<_> = literals.iter().map(|literal| String::from_utf8_lossy(literal)).collect();
        Some(literals.join(" "))
    }

    #[test]
    fn rarest_literals_of_each_rule_are_chosen() {
        let common = r#"{"source":"aws.ec2","state":"running","id":"1"}"#;
        let sample = [common, common, common, r#"{"source":"aws.s3","state":"stopped"}"#];
        let rule = r#"{"source":["aws.ec2"],"state":["stopped"]}"#;
        assert_eq!(chosen(&[rule], &sample), Some(r#""stopped""#.to_owned()));
        let other = r#"{"$or":[{"source":["aws.s3"],"state":["running"]},{"source":["aws.sqs"]}]}"#;
        let expected = r#""aws.s3" "aws.sqs" "stopped""#;
        assert_eq!(chosen(&[rule, other], &sample).as_deref(), Some(expected));
    }

    #[test]
    fn rule_without_literal_prevents_a_choice() {
        let all = r#"{"source":[{"exists":false}]}"#;
        assert_eq!(chosen(&[r#"{"source":["aws.s3"]}"#, all], &["{}"]), None);
        assert_eq!(chosen(&[], &["{}"]), Some(String::new()));
    }

    #[test]
    fn many_literals_prevent_a_choice() {
        let values = |count: usize| {
            let values: Vec<String> = (0..count).map(|value| format!(r#""value-{value}""#)).collect();
            format!(r#"{{"a":[{}]}}"#, values.join(","))
        };
        let event = r#"{"a":"x"}"#;
        assert!(chosen(&[&values(64)], &[event]).is_some_and(|literals| literals.contains("value-63")));
        // The name is left.
        assert_eq!(chosen(&[&values(65)], &[event]), Some(r#"a""#.to_owned()));
        let other = values(64).replace("value", "other");
        assert_eq!(chosen(&[&values(64), &other], &[event]), None);
    }
}
