//! [`Choices`]: the factored `$or`s, which are not expanded to branches, as short-circuit code.
//!
//! The code for `{"$or":[{"a":[1],"b":[1]},{"c":[1]}]}` is:
//!
//! ```text
//! 0  Or          { end: 7 }
//! 1  Alternative { next: 5 }
//! 2  Test        { a, on_fail: 5 }
//! 3  Test        { b, on_fail: 5 }
//! 4  Jump        { end: 7 }
//! 5  Alternative { next: NONE }
//! 6  Test        { c, on_fail: NONE }
//! ```
//!
//! A test that fails continues in the next alternative of the innermost `$or` that has one, or ends
//! the code. The compiler fills in the targets by backpatching. If no values are in elements of
//! arrays, one run of the code decides a `$or`. Branches of a rule share their `$or`s, so the
//! result is stored for the event.
//!
//! In elements of arrays, the chosen alternatives must be consistent with each other and with the
//! fields of the branch. An alternative without values in elements is consistent with everything,
//! so it settles its `$or`. There is one exception: an `exists: false` may depend on the choice of
//! an element, and another alternative may choose the element.
//!
//! For `$or`s that are not settled, combinations of alternatives are tried in the order of the text
//! until one is consistent. A partial combination is abandoned if it is not consistent. Its tests
//! for `exists: false` are not included, because a later choice may make them hold.

mod search;

use crate::id::{ChoiceId, FieldPredicateId};

use super::epoch_set::EpochSet;

/// The factored `$or`s of all branches.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    /// The instructions of all `$or`s, one `$or` after the other.
    pub(crate) instructions: Box<[Instruction]>,
    /// The first instruction of each `$or`.
    pub(crate) starts: Box<[u32]>,
    /// Lists of `$or`s. Each list ends with [`ChoiceId::NONE`].
    pub(crate) lists: Box<[ChoiceId]>,
}

/// An instruction of the code of a `$or`. All jumps go forwards.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instruction {
    /// A `$or` begins. It holds if the instruction at `end` is reached.
    Or { end: u32 },
    /// An alternative begins. The next one begins at `next`, which is [`NONE`] for the last one.
    Alternative { next: u32 },
    /// A test, which continues at `on_fail` if it fails: in the next alternative of the innermost
    /// `$or` that has one.
    Test { test: FieldPredicateId, on_fail: u32 },
    /// An alternative ends that is not the last one. The code continues at the end of its `$or`.
    Jump { end: u32 },
}

/// Sentinel: no instruction.
pub(crate) const NONE: u32 = u32::MAX;

impl Choices {
    /// Returns the `$or`s of the list that begins at `start`.
    pub(crate) fn list(&self, start: u32) -> impl Iterator<Item = ChoiceId> {
        self.lists[start as usize..].iter().copied().take_while(|choice| *choice != ChoiceId::NONE)
    }

    /// Returns true if the `$or` at `start` holds. `is_true` returns the result of a test.
    fn holds(&self, start: u32, mut is_true: impl FnMut(FieldPredicateId) -> bool) -> bool {
        let (mut at, end) = (start + 1, self.end(start));
        while at < end {
            at = match self.instructions[at as usize] {
                Instruction::Or { .. } | Instruction::Alternative { .. } => at + 1,
                Instruction::Test { test, .. } if is_true(test) => at + 1,
                Instruction::Test { on_fail, .. } => on_fail,
                Instruction::Jump { end } => end,
            };
        }
        // A failed test never jumps to `end`. The alternative around the `$or` ends with a jump, so
        // the next alternative begins after `end`.
        at == end
    }

    /// Returns the end of the `$or` at `start`.
    fn end(&self, start: u32) -> u32 {
        match self.instructions[start as usize] {
            Instruction::Or { end } => end,
            _ => start,
        }
    }

    /// Returns the tests of all alternatives of the `$or` at `start`.
    fn tests(&self, start: u32) -> impl Iterator<Item = FieldPredicateId> {
        self.instructions[start as usize..self.end(start) as usize].iter().filter_map(|instruction| {
            match instruction {
                Instruction::Test { test, .. } => Some(*test),
                Instruction::Or { .. } | Instruction::Alternative { .. } | Instruction::Jump { .. } => None,
            }
        })
    }

    /// Returns the number of bytes that the `$or`s have allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.instructions) + size_of_val(&*self.starts) + size_of_val(&*self.lists)
    }
}

/// The memory for deciding factored `$or`s.
#[derive(Debug, Default)]
pub(crate) struct ChoiceScratch {
    /// The `$or`s that were decided by themselves in the event.
    tried: EpochSet,
    /// The decided `$or`s that have an alternative whose tests hold one by one.
    holding: EpochSet,
    /// The first instructions of the `$or`s that are not settled.
    open: Vec<u32>,
    /// True if a test for absence, of the branch or its `$or`s, may depend on the choice of
    /// elements.
    awaits_elements: bool,
    /// The tests of the branch, followed by the tests of the chosen alternatives.
    taken: Vec<FieldPredicateId>,
    /// The points at which another alternative can be chosen.
    points: Vec<Point>,
    /// Tests in the order of their paths.
    sorted: Vec<FieldPredicateId>,
}

/// A state to which the search returns if the chosen alternative fails.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// The start of the next alternative.
    next: u32,
    /// The number of `$or`s that were begun.
    begun: usize,
    /// The number of tests that were taken before.
    taken: usize,
}

impl ChoiceScratch {
    /// Forgets the last event.
    pub(super) fn next_event(&mut self, choices: &Choices) {
        let count = choices.starts.len();
        if count > 0 {
            self.tried.next_event(count);
            self.holding.next_event(count);
        }
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.tried.memory_usage()
            + self.holding.memory_usage()
            + self.open.capacity() * size_of::<u32>()
            + self.points.capacity() * size_of::<Point>()
            + (self.taken.capacity() + self.sorted.capacity()) * size_of::<FieldPredicateId>()
    }
}

#[cfg(test)]
mod tests {
    use super::{ChoiceScratch, Point};
    use crate::id::FieldPredicateId;
    use crate::tuning::{Toggle, Tuning};
    use crate::{Matcher, RuleSet, Scratch};

    #[test]
    fn memory_usage_counts_every_buffer() {
        let mut scratch = ChoiceScratch::default();
        assert_eq!(scratch.memory_usage(), 0);
        scratch.tried.next_event(100);
        let tried = scratch.memory_usage();
        assert!((400..1_600).contains(&tried), "{tried}");
        scratch.holding.next_event(100);
        assert_eq!(scratch.memory_usage(), 2 * tried);
        (scratch.open, scratch.points) = (Vec::with_capacity(100), Vec::with_capacity(10));
        (scratch.taken, scratch.sorted) = (Vec::with_capacity(30), Vec::with_capacity(7));
        let points = 10 * size_of::<Point>();
        assert_eq!(scratch.memory_usage(), 2 * tried + 400 + points + 37 * size_of::<FieldPredicateId>());
    }

    /// Two branches share the first choice. In memory, the second choice of one branch lies between
    /// the choices of the other branch.
    #[test]
    fn each_branch_has_its_own_list_of_choices() {
        let pattern = r#"{"m":[0],"a":{"$or":[{"p":[1]},{"q":[1]}]},"$or":[
            {"m":[1],"a":{"$or":[{"r":[1]},{"s":[1]}]}},{"m":[2],"a":{"$or":[{"t":[1]},{"u":[1]}]}}]}"#;
        let mut rules = RuleSet::new();
        rules.add(pattern).unwrap();
        let tuning = Tuning { choices: Toggle::On, ..Tuning::default() };
        let matcher = Matcher::builder().tuning(tuning).build(&rules).unwrap();
        assert_eq!(matcher.stats().branches, 2);
        let matches = |event: &str| matcher.is_match(&mut Scratch::new(), event.as_bytes()).unwrap();
        assert!(matches(r#"{"m":2,"a":[{"p":1},{"q":1,"t":1}]}"#));
        assert!(matches(r#"{"m":1,"a":[{"p":1},{"q":1,"r":1}]}"#));
        assert!(!matches(r#"{"m":2,"a":[{"p":1},{"q":1},{"t":1}]}"#));
        assert!(!matches(r#"{"m":1,"a":[{"p":1},{"q":1,"t":1},{"r":1}]}"#));
    }
}
