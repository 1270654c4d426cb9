//! How much work an event has been, besides reading it.
//!
//! What a rule set takes for one value on each path is bounded by its size, and what is read by the size of the event.
//! What multiplies is counted: values that come again on a path, each of which all tests there may be asked about, long
//! texts, which tests go through, and choices among the elements of arrays. A step stands for some nanoseconds and, where
//! memory is taken, for no more than a few bytes. Nothing has to stop at once: whoever counts in a loop looks whether it
//! is too much and then leaves early, with whatever answer, and the decision fails in the end.

/// The work of one event.
#[derive(Debug, Default)]
pub(crate) struct Work {
    steps: u64,
    limit: u64,
}

/// What it takes to try one test on one value, in steps.
pub(crate) const TEST: u64 = 8;

/// How many bytes of a text are gone through in a step.
pub(crate) const BYTES: usize = 16;

impl Work {
    /// Begins with an event that may take this many steps.
    pub(crate) fn begin(&mut self, limit: u64) {
        *self = Work { steps: 0, limit };
    }

    #[inline(always)]
    pub(crate) fn spend(&mut self, steps: u64) {
        self.steps = self.steps.saturating_add(steps);
    }

    /// Whether there was more work than there may be.
    #[inline(always)]
    pub(crate) fn is_too_much(&self) -> bool {
        self.steps > self.limit
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }
}
