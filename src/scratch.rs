//! [`Scratch`]: every buffer that matching needs.

use crate::decision::DecisionScratch;
use crate::event::EventScratch;
use crate::id::RuleId;

/// The memory that matching works in, reused from event to event.
///
/// A scratch grows to what the largest event and the largest matcher need and then stays as it is: in the steady
/// state, matching does not allocate. It fits any [`Matcher`](crate::Matcher), also one after the other. Each thread
/// needs its own.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) event: EventScratch,
    pub(crate) decision: DecisionScratch,
    /// The rules that the last event fits.
    pub(crate) ids: Vec<RuleId>,
}

impl Scratch {
    /// A scratch that has not grown yet.
    #[must_use]
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// The bytes of memory that the scratch has grown to.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        size_of::<Scratch>()
            + self.event.memory_usage()
            + self.decision.memory_usage()
            + self.ids.capacity() * size_of::<RuleId>()
    }
}
