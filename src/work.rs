//! The work of one event: steps, counted while the rules are decided, and the limit at which deciding stops.
//!
//! A step takes a few nanoseconds at most, and hardly a byte of memory. A loop whose length depends on the rules or on the
//! event spends its steps before it does the work that they pay for, and ends when they exceed the limit. So nothing runs
//! longer than the limit pays for. Once the limit is exceeded every answer may be wrong: the decision fails in the end.

/// The steps of one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// The steps that are left, negative if more were spent. Counted down, because a look at the sign is all that a check
    /// takes.
    left: i64,
    limit: u64,
}

/// The steps of one test of one value, apart from the bytes that it compares.
pub(crate) const TEST: u64 = 8;

/// The bytes of a text that are compared, searched or copied in a step.
pub(crate) const BYTES: usize = 8;

impl Default for Work {
    /// No work, and no limit.
    fn default() -> Work {
        Work { left: i64::MAX, limit: u64::MAX }
    }
}

impl Work {
    /// Begins with an event that may take `limit` steps. A limit that takes centuries to reach is no limit.
    pub(crate) fn begin(&mut self, limit: u64) {
        *self = Work { left: i64::try_from(limit).unwrap_or(i64::MAX), limit };
    }

    /// Spends steps; a number of rules, values or bytes, so that it is far from overflow.
    #[inline(always)]
    pub(crate) fn spend(&mut self, steps: u64) {
        self.left = self.left.wrapping_sub(steps as i64);
    }

    /// Spends the steps for a text of this length.
    #[inline(always)]
    pub(crate) fn spend_bytes(&mut self, length: usize) {
        self.spend((length / BYTES) as u64);
    }

    /// Spends all steps that are left, because what comes next takes more than they pay for.
    #[cold]
    pub(crate) fn exhaust(&mut self) {
        self.left = self.left.min(-1);
    }

    /// Returns true if more steps were spent than the limit allows.
    #[inline(always)]
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left < 0
    }

    /// Returns how many bytes of a text the steps that are left pay for.
    pub(crate) fn affordable_bytes(&self) -> usize {
        usize::try_from(self.left.max(0)).unwrap_or(usize::MAX).saturating_mul(BYTES)
    }

    /// Returns the steps that were spent.
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
    fn limit_is_the_last_step_that_is_allowed() {
        let mut work = Work::default();
        work.begin(3);
        assert_eq!(work.affordable_bytes(), 3 * BYTES);
        work.spend_bytes(3 * BYTES);
        assert!(!work.is_exhausted() && work.affordable_bytes() == 0);
        work.spend(1);
        assert!(work.is_exhausted() && work.affordable_bytes() == 0);
    }

    #[test]
    fn exhausted_work_is_too_much() {
        for limit in [0, 3, u64::MAX] {
            let mut work = Work::default();
            work.begin(limit);
            work.exhaust();
            assert!(work.is_exhausted() && work.affordable_bytes() == 0, "{limit}");
        }
    }

    #[test]
    fn steps_are_those_that_were_spent() {
        for limit in [0, 3, u64::MAX] {
            let mut work = Work::default();
            work.begin(limit);
            work.spend(7);
            work.spend_bytes(2 * BYTES);
            assert_eq!(work.steps(), 9, "{limit}");
        }
    }
}
