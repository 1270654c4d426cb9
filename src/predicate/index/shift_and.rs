//! Wildcards of several pieces, all at once, by a bit-parallel simulation of their automata.
//!
//! A wildcard of `m` characters is an automaton of `m + 1` states in a row. State `i` is alive if
//! some beginning of the value matches the first `i` characters. It stays alive if a `*` follows
//! those characters. A state is a bit, so a byte of the value moves 64 states in a few instructions
//! (Shift-And: Baeza-Yates and Gonnet, "A new approach to text searching", 1992; with gaps: Navarro
//! and Raffinot, "Flexible Pattern Matching in Strings", 2002, section 4.3).
//!
//! The time depends only on the number of states and the length of the value. The simulation
//! therefore bounds the cost of values that contain the pieces of many wildcards but match few of
//! them.

use crate::work::Work;

/// A wildcard with at least one `*`, as texts: its front, the pieces, and its back.
pub(super) struct Glob<'t> {
    pub(super) front: &'t [u8],
    pub(super) pieces: &'t [Box<[u8]>],
    pub(super) back: &'t [u8],
    pub(super) condition: u32,
}

impl Glob<'_> {
    fn states(&self) -> usize {
        self.front.len() + self.pieces.iter().map(|piece| piece.len()).sum::<usize>() + self.back.len() + 1
    }
}

#[derive(Debug)]
pub(super) struct ShiftAnd {
    /// For each byte, its row in `moves`.
    rows: Box<[u8; 256]>,
    /// The number of words in a row.
    words: usize,
    /// For each row, the states that its byte leads to from the state before. The first row is for
    /// bytes that occur in no wildcard.
    moves: Box<[u64]>,
    /// The states that stay alive, because a `*` follows.
    loops: Box<[u64]>,
    /// The first state of each wildcard.
    first: Box<[u64]>,
    /// The last state of each wildcard, with its condition.
    last: Box<[(u32, u32)]>,
}

/// The states that are alive before and after a byte. Each vector begins with an empty word.
#[derive(Debug, Default)]
pub(super) struct ShiftAndScratch {
    alive: Vec<u64>,
    next: Vec<u64>,
}

impl ShiftAndScratch {
    pub(super) fn memory_usage(&self) -> usize {
        (self.alive.capacity() + self.next.capacity()) * size_of::<u64>()
    }
}

/// The maximum number of words in a row. More states exceed the L1 and L2 cache, and their
/// simulation is no faster than the alternative.
const MOST_WORDS: usize = 4096;

/// The number of words that are computed in one step of work.
const WORDS: usize = 4;

/// The number of bytes of a value between two checks of the work limit.
const CHUNK: usize = 64;

impl ShiftAnd {
    /// Returns `None` if there are no wildcards, or too many.
    pub(super) fn new(globs: &[Glob<'_>]) -> Option<ShiftAnd> {
        let states: usize = globs.iter().map(Glob::states).sum();
        let words = states.div_ceil(64);
        if states == 0 || words > MOST_WORDS {
            return None;
        }
        let mut rows = Box::new([0; 256]);
        let mut used = [false; 256];
        let texts = |glob: &Glob<'_>| {
            let mut text = glob.front.to_vec();
            glob.pieces.iter().for_each(|piece| text.extend_from_slice(piece));
            text.extend_from_slice(glob.back);
            text
        };
        for glob in globs {
            texts(glob).into_iter().for_each(|byte| used[usize::from(byte)] = true);
        }
        let count = used.iter().filter(|used| **used).count();
        // Texts in WTF-8 or CESU-8 cannot contain all 256 bytes, so one row number is left for the
        // other bytes.
        let mut next = 0;
        for (row, _) in rows.iter_mut().zip(used).filter(|(_, used)| *used) {
            next = u8::checked_add(next, 1)?;
            *row = next;
        }
        let mut moves = vec![0_u64; (count + 1) * words];
        let (mut loops, mut first, mut last) = (vec![0_u64; words], vec![0_u64; words], Vec::new());
        let mut state = 0;
        let set = |row: &mut [u64], state: usize| row[state / 64] |= 1 << (state % 64);
        for glob in globs {
            set(&mut first, state);
            set(&mut loops, state + glob.front.len());
            let mut end = state + glob.front.len();
            for piece in glob.pieces {
                end += piece.len();
                set(&mut loops, end);
            }
            for byte in texts(glob) {
                state += 1;
                let row = usize::from(rows[usize::from(byte)]);
                set(&mut moves[row * words..(row + 1) * words], state);
            }
            last.push((state as u32, glob.condition));
            state += 1;
        }
        Some(ShiftAnd {
            rows,
            words,
            moves: moves.into(),
            loops: loops.into(),
            first: first.into(),
            last: last.into(),
        })
    }

    /// Returns the number of words that are computed for a value of this length.
    pub(super) fn cost(&self, length: usize) -> usize {
        self.words.saturating_mul(length)
    }

    /// Calls `met` with each condition that a value meets. Stops early if the work limit is
    /// exceeded.
    pub(super) fn find(
        &self,
        value: &[u8],
        scratch: &mut ShiftAndScratch,
        work: &mut Work,
        mut met: impl FnMut(u32),
    ) {
        let ShiftAndScratch { alive, next } = scratch;
        alive.clear();
        alive.push(0);
        alive.extend_from_slice(&self.first);
        next.clear();
        next.resize(self.words + 1, 0);
        for chunk in value.chunks(CHUNK) {
            work.spend((self.cost(chunk.len()) / WORDS + 1) as u64);
            if work.is_exhausted() {
                return;
            }
            for &byte in chunk {
                let row = usize::from(self.rows[usize::from(byte)]) * self.words;
                step(alive, next, &self.moves[row..row + self.words], &self.loops);
                std::mem::swap(alive, next);
            }
        }
        work.spend(self.last.len() as u64);
        for &(state, condition) in &self.last {
            if alive[state as usize / 64 + 1] >> (state % 64) & 1 == 1 {
                met(condition);
            }
        }
    }

    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.rows)
            + size_of_val(&*self.moves)
            + size_of_val(&*self.loops)
            + size_of_val(&*self.first)
            + size_of_val(&*self.last)
    }
}

/// Computes in `next` the states that are alive after a byte.
fn step(alive: &[u64], next: &mut [u64], moves: &[u64], loops: &[u64]) {
    let (before, now) = (&alive[..moves.len()], &alive[1..=moves.len()]);
    let next = &mut next[1..=moves.len()];
    let loops = &loops[..moves.len()];
    for at in 0..moves.len() {
        let moved = now[at] << 1 | before[at] >> 63;
        next[at] = moved & moves[at] | now[at] & loops[at];
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{Glob, MOST_WORDS, ShiftAnd, ShiftAndScratch};
    use crate::operator::{TextOperator, Wildcard};
    use crate::work::Work;

    type Parts = (Vec<u8>, Vec<Box<[u8]>>, Vec<u8>);

    fn compile(parts: &[Parts]) -> Option<ShiftAnd> {
        let globs: Vec<Glob<'_>> = parts
            .iter()
            .zip(0..)
            .map(|((front, pieces, back), condition)| Glob { front, pieces, back, condition })
            .collect();
        ShiftAnd::new(&globs)
    }

    /// Compares the simulation with each wildcard by itself.
    fn check(parts: &[Parts], values: &[Vec<u8>]) {
        let simulation = compile(parts).expect("few wildcards are simulated");
        let mut scratch = ShiftAndScratch::default();
        for value in values {
            let mut found = Vec::new();
            simulation.find(value, &mut scratch, &mut Work::default(), |condition| found.push(condition));
            let matches = |(front, pieces, back): &Parts| {
                let mut text = front.clone();
                for piece in pieces {
                    text.push(b'*');
                    text.extend_from_slice(piece);
                }
                text.push(b'*');
                text.extend_from_slice(back);
                Wildcard::parse(&text).expect("stars stand apart").is_match(value)
            };
            let expected: Vec<u32> =
                parts.iter().zip(0..).filter(|(parts, _)| matches(parts)).map(|(_, at)| at).collect();
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn wildcards_longer_than_a_word_carry_into_the_next() {
        let text: Vec<u8> = (0..200).map(|at| b'a' + at % 26).collect();
        let piece: Box<[u8]> = text[3..190].into();
        let parts =
            vec![(b"abc".to_vec(), vec![piece.clone()], text[190..].to_vec()), (vec![], vec![piece], vec![])];
        check(&parts, &[text.clone(), text[1..].to_vec(), text[..199].to_vec(), text[4..].to_vec()]);
    }

    #[test]
    fn too_many_states_are_not_simulated() {
        let piece = |length: usize| vec![(vec![], vec![vec![b'a'; length].into_boxed_slice()], vec![])];
        assert!(compile(&piece(MOST_WORDS * 64 - 1)).is_some());
        assert!(compile(&piece(MOST_WORDS * 64)).is_none());
        assert!(compile(&[]).is_none());
    }

    proptest! {
        #[test]
        fn simulation_equals_wildcards_one_by_one(
            parts in vec(
                (
                    vec(b'a'..b'd', 0..3),
                    vec(vec(b'a'..b'd', 1..4).prop_map(Vec::into_boxed_slice), 0..4),
                    vec(b'a'..b'd', 0..3),
                ),
                1..40,
            ),
            values in vec(vec(b'a'..b'e', 0..90), 1..6),
        ) {
            check(&parts, &values);
        }
    }
}
