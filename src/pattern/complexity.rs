//! The complexity of the wildcards of one field, as the EventBridge service measures it.
//!
//! The service compiles the wildcards of a field into a nondeterministic automaton. It rejects a
//! pattern if too many of the states can be alive at once ("Rule is too complex"). The score is the
//! maximum number of states that can be alive after some text. A state before a `*` counts twice:
//! for itself and for the loop of the `*`. Matching in this crate does not simulate that automaton,
//! and does not need the limit.

use std::collections::HashSet;

use crate::operator::wildcard::Pieces;

use super::ast::Alternative;

/// The maximum number of sets of states that are examined. Beyond it, the result is the best score
/// so far.
const MOST_SETS: usize = 20_000;

/// Returns true if the wildcards among these alternatives have a score above `limit`.
pub(crate) fn exceeds(alternatives: &[Alternative], limit: usize) -> bool {
    let mut automaton = Automaton::default();
    for alternative in alternatives {
        alternative.test.form().wildcards.iter().for_each(|wildcard| automaton.add(wildcard.pieces()));
    }
    automaton.score(limit.saturating_add(1)) > limit
}

/// The wildcards, one after the other. Each has quotes around it and an `End` after it.
#[derive(Default)]
struct Automaton {
    elements: Vec<Element>,
    starts: Vec<u32>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Element {
    Byte(u8),
    Star,
    End,
}

/// A set of states in ascending order. A state is twice the index of the element after it, plus one
/// for the loop of a `*`.
type States = Vec<u32>;

impl Automaton {
    fn add(&mut self, pieces: &Pieces) {
        self.starts.push(self.elements.len() as u32);
        self.elements.push(Element::Byte(b'"'));
        self.elements.extend(pieces.first.iter().copied().map(Element::Byte));
        for piece in &pieces.rest {
            self.elements.push(Element::Star);
            self.elements.extend(piece.iter().copied().map(Element::Byte));
        }
        self.elements.extend([Element::Byte(b'"'), Element::End]);
    }

    /// Returns the maximum number of states alive at once. The search stops at `enough`.
    fn score(&self, enough: usize) -> usize {
        // `None` represents every byte that occurs in no wildcard.
        let mut alphabet: Vec<Option<u8>> = self
            .elements
            .iter()
            .filter_map(|element| match element {
                Element::Byte(byte) => Some(Some(*byte)),
                Element::Star | Element::End => None,
            })
            .chain([None])
            .collect();
        alphabet.sort_unstable();
        alphabet.dedup();

        let start: States = self.starts.iter().map(|start| start * 2).collect();
        let mut known = HashSet::from([start.clone()]);
        let mut open = vec![start];
        let mut most = 0;
        while let Some(states) = open.pop() {
            for &byte in &alphabet {
                let next = self.step(&states, byte);
                most = most.max(next.len());
                if most >= enough || known.len() >= MOST_SETS {
                    return most;
                }
                if !next.is_empty() && known.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        most
    }

    fn step(&self, states: &States, byte: Option<u8>) -> States {
        let mut next = States::new();
        for &state in states {
            let (mut at, is_loop) = (state / 2, state % 2 == 1);
            if is_loop {
                next.push(state);
            }
            if self.elements[at as usize] == Element::Star {
                at += 1;
            }
            if matches!((self.elements[at as usize], byte), (Element::Byte(wanted), Some(byte)) if wanted == byte)
            {
                next.push((at + 1) * 2);
                if self.elements[at as usize + 1] == Element::Star {
                    next.push((at + 1) * 2 + 1);
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }
}

#[cfg(test)]
mod tests {
    use super::{Automaton, Pieces};

    fn score(wildcards: &[&str]) -> usize {
        let mut automaton = Automaton::default();
        for text in wildcards {
            automaton.add(&Pieces::parse(text.as_bytes()).unwrap());
        }
        automaton.score(usize::MAX)
    }

    #[test]
    fn scores_are_those_of_the_service() {
        assert_eq!(score(&["*x"]), 2);
        assert_eq!(score(&["*x*"]), 3);
        assert_eq!(score(&["a*"]), 2);
        assert_eq!(score(&["*abab*ab*"]), 6);
        assert_eq!(score(&["a*b*c*d*e*f*"]), 7);
        assert_eq!(score(&["*.jpg", "*.png", "*.gif", "*.bmp"]), 8);
        assert_eq!(score(&["*a*a*a*a*a"]), 10);
        assert_eq!(score(&["*:*:*:*:*:event-bus/*"]), 11);
        assert_eq!(score(&["*a"; 1]), 2);
        assert_eq!(score(&[]), 0);
    }

    /// Any set of the letters may have occurred in a text, so there are too many sets to examine
    /// all.
    #[test]
    #[cfg_attr(miri, ignore = "so many sets take an interpreter minutes")]
    fn examined_sets_are_limited() {
        let texts: Vec<String> = (b'a'..=b'z').map(|letter| format!("*{}*", letter as char)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert!(score(&texts) > texts.len());
    }

    #[test]
    fn wildcards_on_one_field_add_up() {
        for n in 1..6 {
            let texts: Vec<String> = (0..n).map(|i| format!("*{}a", "b".repeat(i))).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            assert!(score(&texts) >= 2 * n, "{n}");
        }
    }
}
