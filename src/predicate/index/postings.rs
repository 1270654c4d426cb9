//! The mapping from conditions on a string to the predicates that they decide.
//!
//! A condition is one prefix, one wildcard, or the like. Predicates share conditions. A predicate
//! on a text holds if its condition is met; a predicate that excludes texts holds if none of its
//! conditions is met. Evaluation starts with the bits of all excluding predicates. Each condition
//! that is met sets some bits and clears others.

#[derive(Debug)]
pub(super) struct Postings {
    /// The predicates that hold unless a condition is met: indices of words, and the bits in them.
    excluding: Box<[(u32, u64)]>,
    /// For each condition, the end of its range in `changes`.
    ends: Box<[u32]>,
    changes: Box<[Change]>,
}

/// The effect of a condition on the predicates of one word.
#[derive(Clone, Copy, Debug)]
struct Change {
    word: u32,
    set: u64,
    clear: u64,
}

/// A predicate, a condition that decides it, and whether the predicate excludes the condition.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Posting {
    pub(super) condition: u32,
    pub(super) test: u32,
    pub(super) excluded: bool,
}

impl Postings {
    /// `excluding` lists the excluding predicates in ascending order. A listed predicate may have
    /// no conditions.
    pub(super) fn new(conditions: usize, mut entries: Vec<Posting>, excluding: &[u32]) -> Postings {
        entries.sort_unstable();
        let (mut ends, mut changes) = (Vec::with_capacity(conditions), Vec::<Change>::new());
        let mut entries = entries.into_iter().peekable();
        for condition in 0..conditions as u32 {
            let start = changes.len();
            while let Some(part) = entries.next_if(|part| part.condition == condition) {
                let (word, bit) = (part.test / 64, 1 << (part.test % 64));
                if changes[start..].last().is_none_or(|change| change.word != word) {
                    changes.push(Change { word, set: 0, clear: 0 });
                }
                if let Some(change) = changes.last_mut() {
                    *if part.excluded { &mut change.clear } else { &mut change.set } |= bit;
                }
            }
            ends.push(changes.len() as u32);
        }
        let mut words = Vec::<(u32, u64)>::new();
        for test in excluding {
            match words.last_mut() {
                Some((word, bits)) if *word == test / 64 => *bits |= 1 << (test % 64),
                _ => words.push((test / 64, 1 << (test % 64))),
            }
        }
        Postings { excluding: words.into(), ends: ends.into(), changes: changes.into() }
    }

    /// Sets the bits of the predicates that hold if no condition is met.
    pub(super) fn init(&self, satisfied: &mut [u64]) {
        for &(word, bits) in &self.excluding {
            satisfied[word as usize] |= bits;
        }
    }

    /// Applies a condition that is met. A second call has no effect. Returns the number of words
    /// that it changed.
    #[inline]
    pub(super) fn apply(&self, condition: u32, satisfied: &mut [u64]) -> usize {
        let condition = condition as usize;
        let start = if condition == 0 { 0 } else { self.ends[condition - 1] };
        let changes = &self.changes[start as usize..self.ends[condition] as usize];
        for change in changes {
            let word = &mut satisfied[change.word as usize];
            *word = *word & !change.clear | change.set;
        }
        changes.len()
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.excluding) + size_of_val(&*self.ends) + size_of_val(&*self.changes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Posting, Postings};

    #[test]
    fn conditions_set_and_clear() {
        let part = |condition, test, excluded| Posting { condition, test, excluded };
        let entries = vec![
            part(0, 0, false),
            part(0, 1, true),
            part(0, 70, true),
            part(1, 70, true),
            part(2, 70, true),
            part(2, 71, false),
            part(2, 5, false),
        ];
        let postings = Postings::new(4, entries, &[1, 2, 70]);
        let tests = |conditions: &[u32]| {
            let mut satisfied = [0; 2];
            postings.init(&mut satisfied);
            conditions.iter().for_each(|&condition| _ = postings.apply(condition, &mut satisfied));
            (0..128).filter(|test| satisfied[test / 64] >> (test % 64) & 1 == 1).collect::<Vec<_>>()
        };
        assert_eq!(tests(&[]), [1, 2, 70]);
        assert_eq!(tests(&[0]), [0, 2]);
        assert_eq!(tests(&[1, 1]), [1, 2]);
        assert_eq!(tests(&[0, 0]), [0, 2]);
        assert_eq!(tests(&[2]), [1, 2, 5, 71]);
        assert_eq!(tests(&[3]), [1, 2, 70]);
        assert_eq!(tests(&[0, 1, 2]), [0, 2, 5, 71]);
    }
}
