//! Choices: `$or`s that are not written out as branches.
//!
//! Whether a choice holds where no values stand in elements of arrays is found on one way through its steps: a test that
//! fails says where to go on, in another alternative or nowhere. Branches of a rule share their choices, so what is found
//! out of one is kept for the event.
//!
//! Among elements of arrays, alternatives must hold together with each other and with the fields of the branch. An
//! alternative of which no value stands in an element is consistent with everything, and settles its choice; unless some
//! `exists: false` waits for an element to be chosen, and another alternative can choose one. For what is
//! left, combinations of alternatives are tried in the order of the text until one is consistent. What is chosen so far is
//! given up if it is not consistent by itself, but for `exists: false`, which may come to hold by what is chosen later.

mod search;

use crate::id::{ChoiceId, FieldPredicateId};

use super::epoch_set::EpochSet;

/// The choices of all branches.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    /// Those of each choice, one after the other.
    pub(crate) steps: Box<[Step]>,
    /// For each choice its first step.
    pub(crate) starts: Box<[u32]>,
    /// Lists of choices, each with [`ChoiceId::NONE`] behind it.
    pub(crate) lists: Box<[ChoiceId]>,
}

/// A step through a choice. All ways lead forwards.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// `$or` begins. It holds if this step is reached.
    Or { end: u32 },
    /// An alternative begins, and if it is not the last one, another at this step.
    Alternative { next: u32 },
    /// The test must hold. Otherwise this alternative of the innermost `$or` that has another one is to be tried.
    Test { test: FieldPredicateId, otherwise: u32 },
    /// An alternative ends that is not the last one of its `$or`, which is left for this step.
    Leave { end: u32 },
}

/// The place of a step that there is not.
pub(crate) const NOWHERE: u32 = u32::MAX;

impl Choices {
    /// The choices of the list that begins at a place.
    fn list(&self, start: u32) -> impl Iterator<Item = ChoiceId> {
        self.lists[start as usize..].iter().copied().take_while(|choice| *choice != ChoiceId::NONE)
    }

    /// Whether the `$or` that begins at a step holds, if its tests hold that are said to.
    fn holds(&self, start: u32, mut is_true: impl FnMut(FieldPredicateId) -> bool) -> bool {
        let (mut at, end) = (start + 1, self.end(start));
        while at < end {
            at = match self.steps[at as usize] {
                Step::Or { .. } | Step::Alternative { .. } => at + 1,
                Step::Test { test, .. } if is_true(test) => at + 1,
                Step::Test { otherwise, .. } => otherwise,
                Step::Leave { end } => end,
            };
        }
        // Other alternatives are never right behind the end: the one that the `$or` stands in has to be left first.
        at == end
    }

    /// Where the `$or` ends that begins at a step.
    fn end(&self, start: u32) -> u32 {
        match self.steps[start as usize] {
            Step::Or { end } => end,
            _ => start,
        }
    }

    /// The tests of all alternatives of the `$or` that begins at a step.
    fn tests(&self, start: u32) -> impl Iterator<Item = FieldPredicateId> {
        self.steps[start as usize..self.end(start) as usize].iter().filter_map(|step| match step {
            Step::Test { test, .. } => Some(*test),
            Step::Or { .. } | Step::Alternative { .. } | Step::Leave { .. } => None,
        })
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.steps) + size_of_val(&*self.starts) + size_of_val(&*self.lists)
    }
}

/// The memory for choices.
#[derive(Debug, Default)]
pub(crate) struct ChoiceScratch {
    /// The choices that were tried in this event.
    tried: EpochSet,
    /// Those of them of which an alternative holds whose tests hold one by one.
    holding: EpochSet,
    /// The first steps of the choices to be made.
    open: Vec<u32>,
    /// Whether a test of the branch, or of its choices, asks for absence that may depend on the elements chosen.
    awaits_elements: bool,
    /// The tests of the branch, and those of the alternatives that are chosen.
    taken: Vec<FieldPredicateId>,
    /// Where another alternative can be chosen.
    points: Vec<Point>,
    /// Tests in the order of their paths.
    sorted: Vec<FieldPredicateId>,
}

/// What is to be done if the alternative that was chosen leads nowhere.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// Where the next alternative begins.
    step: u32,
    /// How many choices were begun.
    begun: usize,
    /// How many tests were taken before.
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
