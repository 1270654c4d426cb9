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

    /// Forgets the last event, and begins with one that may take `work_limit` steps.
    pub(crate) fn begin(&mut self, work_limit: u64) {
        self.ids.clear();
        self.event.work.begin(work_limit);
    }

    /// Returns the steps that deciding on the last event took, as
    /// [`Builder::event_work_limit`](crate::Builder::event_work_limit) counts them; 0 if the event was refused before any
    /// rule was decided.
    ///
    /// The steps of ordinary events are the figure from which a limit is set. They depend on the rules and on the version of
    /// this crate, not on the machine.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let matcher = Matcher::new(&rules)?;
    /// let mut scratch = Scratch::new();
    /// matcher.matches(&mut scratch, br#"{"source":"aws.s3"}"#)?;
    /// assert!((1..1_000).contains(&scratch.steps()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.event.work.steps()
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
