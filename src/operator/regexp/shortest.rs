//! The shortest strings that an automaton accepts.

use std::collections::{HashMap, VecDeque};

use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::primitives::StateID;

/// A path of the search: its last byte, and the index of the path before it.
struct Path {
    state: StateID,
    byte: u8,
    before: Option<usize>,
}

/// Returns up to `count` strings that the automaton accepts from the state `start`, in ascending
/// order of their lengths. Among strings of one length, those of letters and digits come first.
///
/// A breadth-first search passes each state at most `count` times. It ends after `steps`
/// transitions.
pub(super) fn accepted(
    states: &dense::DFA<Vec<u32>>,
    start: StateID,
    count: usize,
    mut steps: usize,
) -> Vec<Vec<u8>> {
    let bytes = readable_first();
    let mut paths = vec![Path { state: start, byte: 0, before: None }];
    let mut visits: HashMap<StateID, usize> = HashMap::from([(start, 1)]);
    let mut queue = VecDeque::from([0]);
    let mut found = Vec::new();
    while let Some(at) = queue.pop_front() {
        let state = paths[at].state;
        if states.is_match_state(states.next_eoi_state(state)) {
            found.push(text(&paths, at));
            if found.len() >= count {
                break;
            }
        }
        for &byte in &bytes {
            if steps == 0 {
                return found;
            }
            steps -= 1;
            let next = states.next_state(state, byte);
            if states.is_dead_state(next) || states.is_quit_state(next) {
                continue;
            }
            let visits = visits.entry(next).or_default();
            if *visits < count {
                *visits += 1;
                queue.push_back(paths.len());
                paths.push(Path { state: next, byte, before: Some(at) });
            }
        }
    }
    found
}

/// Returns the bytes of a path.
fn text(paths: &[Path], mut at: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some(before) = paths[at].before {
        text.push(paths[at].byte);
        at = before;
    }
    text.reverse();
    text
}

/// Returns all bytes: lower-case letters, digits, upper-case letters, other printable characters of
/// ASCII, and then the others.
fn readable_first() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=u8::MAX).collect();
    bytes.sort_by_key(|byte| match byte {
        b'a'..=b'z' => 0,
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'!'..=b'~' => 3,
        b' ' => 4,
        0x80.. => 5,
        _ => 6,
    });
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::{Regexp, TextOperator};

    fn accepted(expression: &str, count: usize) -> Vec<String> {
        let regexp = Regexp::parse(expression.as_bytes(), 1 << 20).unwrap();
        let found = regexp.accepted(count, 1 << 20);
        assert!(found.iter().all(|text| regexp.is_match(text)), "{expression}");
        found.into_iter().map(|text| String::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn shortest_string_is_first() {
        assert_eq!(accepted("x{3}|y{2}", 2), ["yy", "xxx"]);
        assert_eq!(accepted("[A-Z][a-z]+-[0-9]{2}", 1), ["Aa-00"]);
        assert_eq!(accepted("", 1), [""]);
        assert_eq!(accepted("a*", 3), ["", "a", "aa"]);
        assert_eq!(accepted(r"\p{Lu}", 1), ["A"]);
        assert_eq!(accepted("大.", 1), ["大a"]);
    }

    #[test]
    fn search_ends() {
        let regexp = Regexp::parse(b"[0-9a-f]{64}", 1 << 20).unwrap();
        assert_eq!(regexp.accepted(1, 10), Vec::<Vec<u8>>::new());
        assert_eq!(regexp.accepted(1, 1 << 20)[0].len(), 64);
    }
}
