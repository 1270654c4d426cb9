//! [`LiveScratch`]: the buffers of matching with layers.

use crate::event::Projection;
use crate::scratch::Scratch;

/// The buffers of matching, which are reused for the next event.
///
/// A scratch works with the snapshots of any [`LiveRules`](super::LiveRules). Each thread needs its own
/// scratch.
///
/// ```
/// use galop::live::{LiveRules, LiveScratch};
///
/// let rules = LiveRules::new();
/// rules.insert("first", r#"{"a":[1]}"#, ())?;
/// let mut scratch = LiveScratch::new();
/// let event = format!(r#"{{"a":[1{}]}}"#, ",2".repeat(10_000));
/// assert!(rules.snapshot().is_match(&mut scratch, event.as_bytes())?);
/// assert!(scratch.steps() > 0 && scratch.memory_usage() > 100_000);
///
/// scratch.shrink_to(100_000);
/// assert!(scratch.memory_usage() <= 100_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct LiveScratch {
    pub(super) scratch: Scratch,
    pub(super) projection: Projection,
    pub(super) found: Vec<Found>,
}

/// A rule that the last event matches: the layer and the index of the rule in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The id of the rule, which is the order of results.
    pub(super) id: u64,
    pub(super) layer: u32,
    pub(super) rule: u32,
}

impl LiveScratch {
    /// Returns a scratch without allocated memory.
    #[must_use]
    pub fn new() -> LiveScratch {
        LiveScratch::default()
    }

    /// Returns the number of steps that were spent on the last event, over all layers.
    /// [`Scratch::steps`](crate::Scratch::steps) has the unit.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.scratch.steps()
    }

    /// Frees memory until the scratch takes at most `bytes` bytes, or is as small as a new one.
    pub fn shrink_to(&mut self, bytes: usize) {
        if self.memory_usage() > bytes {
            self.projection = Projection::default();
            self.found = Vec::new();
            self.scratch.shrink_to(bytes.saturating_sub(size_of::<LiveScratch>() - size_of::<Scratch>()));
        }
    }

    /// Returns the number of bytes of memory that the scratch takes.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        size_of::<LiveScratch>() - size_of::<Scratch>()
            + self.scratch.memory_usage()
            + self.projection.memory_usage()
            + self.found.capacity() * size_of::<Found>()
    }
}
