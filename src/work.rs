//! [`Work`]: the budget of steps for deciding one event.
//!
//! A step takes a few nanoseconds at most, and hardly a byte of memory. A loop whose length depends
//! on the rules or on the event spends its steps before the work. The loop may stop early with an
//! arbitrary answer once the budget is exhausted. The decision then fails, so no arbitrary answer
//! is returned.

/// The steps of one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// The remaining steps. The number is negative if more steps were spent than allowed. Counting
    /// down reduces the check to a test of the sign.
    left: i64,
    limit: u64,
}

/// The steps of one test of one value, without the bytes that the test compares.
pub(crate) const TEST: u64 = 8;

/// The number of bytes that are compared, searched or copied in one step.
pub(crate) const BYTES: usize = 8;

impl Default for Work {
    /// Returns work with no spent steps and no limit.
    fn default() -> Work {
        Work { left: i64::MAX, limit: u64::MAX }
    }
}

impl Work {
    /// Begins an event that may take `limit` steps. A limit above `i64::MAX`, which takes centuries
    /// to reach, is no limit.
    pub(crate) fn begin(&mut self, limit: u64) {
        *self = Work { left: i64::try_from(limit).unwrap_or(i64::MAX), limit };
    }

    /// Spends steps. `steps` is a number of rules, values or bytes, so it is far from overflow.
    #[inline(always)]
    pub(crate) fn spend(&mut self, steps: u64) {
        self.left = self.left.wrapping_sub(steps as i64);
    }

    /// Spends the steps for a text of this length.
    #[inline(always)]
    pub(crate) fn spend_bytes(&mut self, length: usize) {
        self.spend((length / BYTES) as u64);
    }

    /// Spends all remaining steps, because the next operation is more expensive than they allow.
    #[cold]
    pub(crate) fn exhaust(&mut self) {
        self.left = self.left.min(-1);
    }

    /// Returns true if more steps were spent than the limit allows.
    #[inline(always)]
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left < 0
    }

    /// Returns the number of bytes of a text that the remaining steps allow.
    pub(crate) fn affordable_bytes(&self) -> usize {
        usize::try_from(self.left.max(0)).unwrap_or(usize::MAX).saturating_mul(BYTES)
    }

    /// Returns the number of steps that were spent.
    pub(crate) fn steps(&self) -> u64 {
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        limit.wrapping_sub(self.left) as u64
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Work};

    #[test]
    fn work_is_exhausted_after_the_limit() {
        let mut work = Work::default();
        work.begin(3);
        assert_eq!(work.affordable_bytes(), 3 * BYTES);
        work.spend_bytes(3 * BYTES);
        assert!(!work.is_exhausted() && work.affordable_bytes() == 0);
        work.spend(1);
        assert!(work.is_exhausted() && work.affordable_bytes() == 0);
    }

    #[test]
    fn exhaust_spends_all_steps() {
        for limit in [0, 3, u64::MAX] {
            let mut work = Work::default();
            work.begin(limit);
            work.exhaust();
            assert!(work.is_exhausted() && work.affordable_bytes() == 0, "{limit}");
        }
    }

    #[test]
    fn steps_equal_spent_steps() {
        for limit in [0, 3, u64::MAX] {
            let mut work = Work::default();
            work.begin(limit);
            work.spend(7);
            work.spend_bytes(2 * BYTES);
            assert_eq!(work.steps(), 9, "{limit}");
        }
    }
}
