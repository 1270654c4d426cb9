//! [`EpochSet`]: a set of indices that is cleared in constant time.

/// A set of indices. An entry is in the set if it stores the number of the current event, so the
/// next event needs no clearing.
#[derive(Debug, Default)]
pub(crate) struct EpochSet {
    now: u32,
    marks: Vec<u32>,
}

impl EpochSet {
    /// Clears the set, and makes it large enough for indices below `count`.
    pub(crate) fn next_event(&mut self, count: usize) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.marks.fill(0);
            self.now = 1;
        }
        if self.marks.len() < count {
            self.marks.resize(count, 0);
        }
    }

    pub(crate) fn contains(&self, at: usize) -> bool {
        self.marks[at] == self.now
    }

    pub(crate) fn insert(&mut self, at: usize) {
        self.marks[at] = self.now;
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.marks.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::EpochSet;

    #[test]
    fn set_is_empty_after_the_epoch_wraps() {
        let mut marks = EpochSet { now: u32::MAX - 1, marks: Vec::new() };
        marks.next_event(2);
        marks.insert(1);
        assert!(marks.contains(1) && !marks.contains(0));
        marks.next_event(2);
        assert_eq!(marks.now, 1);
        assert!(!marks.contains(0) && !marks.contains(1));
    }

    #[test]
    fn marks_of_the_first_events_are_gone_after_the_wrap() {
        let mut marks = EpochSet::default();
        marks.next_event(2);
        marks.insert(1);
        marks.now = u32::MAX;
        marks.next_event(2);
        assert!(!marks.contains(1));
        marks.next_event(2);
        assert!(!marks.contains(0) && !marks.contains(1));
    }
}
