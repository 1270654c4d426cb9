//! Regular expressions in the interoperable form of RFC 9485 (I-Regexp), which must match a whole
//! string.
//!
//! A regular expression is compiled to the transition table of a deterministic automaton, so every
//! expression takes one table lookup for each byte. The table can be exponentially larger than the
//! expression. The total size of the tables of a pattern is limited, and an expression beyond the
//! limit is rejected. A lazy table was rejected, because it would need memory for each thread and
//! expression. A simulation of a nondeterministic automaton was rejected, because it takes time for
//! each of its states.
//!
//! The automaton reads characters in UTF-8. A string in WTF-8 with an unpaired surrogate is not
//! UTF-8, so no expression matches it.

mod shortest;
mod syntax;

use std::fmt;
use std::sync::Arc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Hir, HirKind};

use crate::work::BYTES;

use super::text::{Between, Condition, Ends, TextOperator};

pub(crate) use syntax::Fault;

/// The maximum number of edges that are visited to compile an expression. The visits take about a
/// second.
const MOST_VISITS: usize = 1 << 28;

/// The maximum number of bytes of the syntax tree, as a multiple of the limit of the table.
const TREE_PER_TABLE: usize = 16;

/// A compiled regular expression. Clones share the table.
#[derive(Clone)]
pub(crate) struct Regexp(Arc<Table>);

struct Table {
    /// The text of the expression.
    source: Box<[u8]>,
    states: dense::DFA<Vec<u32>>,
    start: StateID,
    prefix: Box<[u8]>,
    suffix: Box<[u8]>,
    least: usize,
}

/// The reason why a text is not compiled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RegexpError {
    Syntax(Fault),
    /// The table takes more memory than is left.
    TooLarge,
}

impl Regexp {
    /// Compiles an expression in WTF-8 to at most `size_limit` bytes.
    pub(crate) fn parse(text: &[u8], size_limit: usize) -> Result<Regexp, RegexpError> {
        let expression = syntax::parse(text, size_limit.saturating_mul(TREE_PER_TABLE));
        let expression = expression.map_err(RegexpError::Syntax)?.ok_or(RegexpError::TooLarge)?;
        // An expression with a nondeterministic automaton of more than four times the limit is rejected.
        let machine = thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .utf8(false)
                    .which_captures(WhichCaptures::None)
                    .nfa_size_limit(Some(size_limit.saturating_mul(4))),
            )
            .build_from_hir(&expression)
            .map_err(|_| RegexpError::TooLarge)?;
        // Each entry of the table may visit each edge of the automaton, and an entry has four bytes.
        let edges = |state: &thompson::State| match state {
            thompson::State::Union { alternates } => alternates.len(),
            thompson::State::ByteRange { .. }
            | thompson::State::Sparse(_)
            | thompson::State::Dense(_)
            | thompson::State::Look { .. }
            | thompson::State::BinaryUnion { .. }
            | thompson::State::Capture { .. }
            | thompson::State::Fail
            | thompson::State::Match { .. } => 2,
        };
        let edges: usize = machine.states().iter().map(edges).sum();
        let table_limit = size_limit.min(MOST_VISITS / edges.max(1) * size_of::<u32>());
        let states = dense::Builder::new()
            .configure(
                dense::Config::new()
                    // All matches count, and not only the match that a search prefers.
                    .match_kind(MatchKind::All)
                    .start_kind(StartKind::Anchored)
                    .accelerate(false)
                    .dfa_size_limit(Some(table_limit))
                    .determinize_size_limit(Some(size_limit.saturating_mul(4))),
            )
            .build_from_nfa(&machine)
            .map_err(|_| RegexpError::TooLarge)?;
        let start = states.start_state(&start::Config::new().anchored(Anchored::Yes));
        let start = start.expect("the expression has an anchored start and no byte that ends a search");
        let end = |which| fixed_end(&expression, which).0.into();
        let (prefix, suffix) = (end(Which::Front), end(Which::Back));
        let least = expression.properties().minimum_len().unwrap_or(0);
        let regexp = Regexp(Arc::new(Table { source: text.into(), states, start, prefix, suffix, least }));
        if regexp.memory_usage() > size_limit { Err(RegexpError::TooLarge) } else { Ok(regexp) }
    }

    /// Returns up to `count` strings that the expression accepts, in ascending order of their lengths.
    /// The search follows at most `steps` transitions.
    pub(crate) fn accepted(&self, count: usize, steps: usize) -> Vec<Vec<u8>> {
        shortest::accepted(&self.0.states, self.0.start, count, steps)
    }

    /// Returns false if the ends of a string show that the expression does not match.
    fn may_match(&self, value: &[u8]) -> bool {
        let Table { prefix, suffix, least, .. } = &*self.0;
        value.len() >= *least && value.starts_with(prefix) && value.ends_with(suffix)
    }
}

impl TextOperator for Regexp {
    fn is_match(&self, value: &[u8]) -> bool {
        if !self.may_match(value) {
            return false;
        }
        let Table { states, start, .. } = &*self.0;
        let mut state = *start;
        for &byte in value {
            state = states.next_state(state, byte);
            if states.is_special_state(state) && states.is_dead_state(state) {
                return false;
            }
        }
        states.is_match_state(states.next_eoi_state(state))
    }

    /// A lookup in a table that is in no L1 or L2 cache takes as long as a step.
    fn compared(&self, value: &[u8]) -> usize {
        if self.may_match(value) { value.len() * BYTES } else { 0 }
    }

    fn memory_usage(&self) -> usize {
        let Table { source, states, prefix, suffix, .. } = &*self.0;
        size_of::<Table>() + source.len() + states.memory_usage() + prefix.len() + suffix.len()
    }

    fn ends(&self) -> Ends<'_> {
        let Table { prefix, suffix, least, .. } = &*self.0;
        Ends {
            prefix: (&**prefix).into(),
            suffix: (&**suffix).into(),
            least: *least,
            ignores_case: false,
            between: Between::Something,
        }
    }

    fn condition(&self) -> Condition<'_> {
        Condition::Alone("regexp", &self.0.source)
    }
}

/// The table is omitted, because it is unreadable.
impl fmt::Debug for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regexp({:?})", String::from_utf8_lossy(&self.0.source))
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Which {
    Front,
    Back,
}

/// Returns bytes that all matches of an expression have at one end. The flag is true if every match
/// equals those bytes.
fn fixed_end(expression: &Hir, which: Which) -> (Vec<u8>, bool) {
    match expression.kind() {
        HirKind::Empty => (Vec::new(), true),
        HirKind::Literal(literal) => (literal.0.to_vec(), true),
        HirKind::Class(_) | HirKind::Look(_) => (Vec::new(), false),
        HirKind::Capture(capture) => fixed_end(&capture.sub, which),
        HirKind::Repetition(repetition) if repetition.min == 0 => (Vec::new(), false),
        HirKind::Repetition(repetition) => (fixed_end(&repetition.sub, which).0, false),
        HirKind::Concat(parts) => {
            let mut end = Vec::new();
            for at in 0..parts.len() {
                let part = if which == Which::Front { &parts[at] } else { &parts[parts.len() - 1 - at] };
                let (more, is_whole) = fixed_end(part, which);
                let place = if which == Which::Front { end.len() } else { 0 };
                end.splice(place..place, more);
                if !is_whole {
                    return (end, false);
                }
            }
            (end, true)
        }
        HirKind::Alternation(parts) => {
            let ends = parts.iter().map(|part| fixed_end(part, which).0);
            (ends.reduce(|one, other| common(one, &other, which)).unwrap_or_default(), false)
        }
    }
}

/// Returns the common part of two texts at one end.
fn common(mut one: Vec<u8>, other: &[u8], which: Which) -> Vec<u8> {
    match which {
        Which::Front => {
            let length = one.iter().zip(other).take_while(|(one, other)| one == other).count();
            one.truncate(length);
        }
        Which::Back => {
            let pairs = one.iter().rev().zip(other.iter().rev());
            let length = pairs.take_while(|(one, other)| one == other).count();
            one.drain(..one.len() - length);
        }
    }
    one
}

#[cfg(test)]
mod tests {
    use super::{Regexp, RegexpError, TextOperator};

    fn compiled(text: &str) -> Regexp {
        Regexp::parse(text.as_bytes(), 1 << 20).unwrap()
    }

    #[test]
    fn whole_values_match() {
        for (regexp, yes, no) in [
            ("", &[""][..], &["a"][..]),
            ("ab|c", &["ab", "c"], &["abc", "a", "xab"]),
            ("a*b", &["b", "aab"], &["a", "ba"]),
            ("(a|ab)(c|bcd)", &["ac", "abc", "abcd", "abbcd"], &["ab", "abcdx"]),
            (".", &["x", "大", "😀", "\u{85}"], &["", "\n", "\r", "ab"]),
            ("[^a]+", &["b\n", "é"], &["", "ba"]),
            (r"[\p{Lu}\-x-z.]{2,3}", &["É-", "xyz", "A."], &["a.", "X", "ABCD"]),
            (r"\P{L}", &["1", "\n"], &["a", "大"]),
            (r"\n\t\r\.\\", &["\n\t\r.\\"], &["nt"]),
            ("a{2}", &["aa"], &["a", "aaa"]),
            ("a{2,}", &["aa", "aaaa"], &["a"]),
            ("a{0,2}", &["", "a", "aa"], &["aaa"]),
            ("^$", &["^$"], &[""]),
        ] {
            let regexp = compiled(regexp);
            assert!(yes.iter().all(|value| regexp.is_match(value.as_bytes())), "{regexp:?}");
            assert!(!no.iter().any(|value| regexp.is_match(value.as_bytes())), "{regexp:?}");
        }
    }

    #[test]
    fn unpaired_surrogates_never_match() {
        for regexp in [".", "[^a]", r"\P{L}", r"\p{C}", ".*"] {
            assert!(!compiled(regexp).is_match(b"\xED\xA0\xBD"), "{regexp}");
        }
    }

    #[test]
    fn all_matches_have_the_ends() {
        for (regexp, prefix, suffix, least) in [
            ("abc", &b"abc"[..], &b"abc"[..], 3),
            ("ab.*yz", b"ab", b"yz", 4),
            ("(ab|ac)+d?", b"a", b"", 2),
            ("x(ab|cb)", b"x", b"b", 3),
            ("é{2}", b"\xC3\xA9", b"\xC3\xA9", 4),
            ("(é|ê){2}", b"", b"", 4),
            ("a*", b"", b"", 0),
        ] {
            let compiled = compiled(regexp);
            let ends = compiled.ends();
            assert_eq!((&*ends.prefix, &*ends.suffix), (prefix, suffix), "{regexp}");
            assert_eq!(ends.least, least, "{regexp}");
        }
    }

    #[test]
    fn size_is_limited() {
        for text in [
            "(a|b)*a(a|b){40}",
            "((a{1,999}){1,999}){1,999}",
            "a{4294967295}",
            "a{99999999999}",
            r"(\p{L}{99}){99}",
        ] {
            let error = Regexp::parse(text.as_bytes(), 1 << 18).map(|_| ());
            assert_eq!(error, Err(RegexpError::TooLarge), "{text}");
        }
        for text in [r"\p{L}+", r"arn:aws:[a-z0-9\-]+:[a-z0-9\-]*:[0-9]{12}:.+", "(((){999}){999}){999}"] {
            let regexp = Regexp::parse(text.as_bytes(), 1 << 18).unwrap();
            assert!(regexp.memory_usage() < 1 << 18, "{text}: {}", regexp.memory_usage());
        }
    }
}
