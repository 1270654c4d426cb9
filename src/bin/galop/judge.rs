//! The function from an event to ids that the threads of a pipeline run.

use galop::{EventError, Matcher, RuleId, Scratch};

/// Returns the ids of an event. All threads share the judge, and each thread has its own memory.
pub(crate) trait Judge: Send + Sync + 'static {
    type Memory: Default;

    /// Returns the maximum number of ids of an event.
    fn most_ids(&self) -> usize;

    /// Appends the ids of an event to `ids`. Appends nothing if the event is refused.
    fn judge(&self, memory: &mut Self::Memory, event: &[u8], ids: &mut Vec<RuleId>)
    -> Result<(), EventError>;
}

impl Judge for Matcher {
    type Memory = Scratch;

    fn most_ids(&self) -> usize {
        self.stats().rules
    }

    fn judge(&self, memory: &mut Scratch, event: &[u8], ids: &mut Vec<RuleId>) -> Result<(), EventError> {
        self.matches_into(memory, event, ids)
    }
}
