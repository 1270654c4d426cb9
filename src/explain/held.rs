//! [`Held`]: the rules and parts that one event satisfies.

use crate::id::RuleId;

/// A set of ids that is refilled for each event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    bits: Vec<u64>,
    ids: Vec<RuleId>,
}

impl Held {
    /// Replaces the ids. Takes time in proportion to the old and the new ids.
    pub(crate) fn set(&mut self, ids: &[RuleId]) {
        for id in self.ids.drain(..) {
            self.bits[id.as_usize() / 64] = 0;
        }
        self.ids.extend_from_slice(ids);
        for id in ids {
            let word = id.as_usize() / 64;
            if word >= self.bits.len() {
                self.bits.resize(word + 1, 0);
            }
            self.bits[word] |= 1 << (id.as_usize() % 64);
        }
    }

    pub(crate) fn has(&self, id: RuleId) -> bool {
        self.bits.get(id.as_usize() / 64).is_some_and(|word| word >> (id.as_usize() % 64) & 1 == 1)
    }
}
