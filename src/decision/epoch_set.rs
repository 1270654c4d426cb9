//! [`EpochSet`]: a set of indices that is cleared in constant time.

/// A set of indices. An entry is in the set if it stores the number of the current event, so the
/// next event needs no clearing.
#[derive(Debug, Default)]
pub(crate) struct EpochSet {
    epoch: u32,
    epochs: Vec<u32>,
}

impl EpochSet {
    /// Clears the set, and makes it large enough for indices below `count`.
    pub(crate) fn next_event(&mut self, count: usize) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.epochs.fill(0);
            self.epoch = 1;
        }
        if self.epochs.len() < count {
            self.epochs.resize(count, 0);
        }
    }

    pub(crate) fn contains(&self, at: usize) -> bool {
        self.epochs[at] == self.epoch
    }

    pub(crate) fn insert(&mut self, at: usize) {
        self.epochs[at] = self.epoch;
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.epochs.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::EpochSet;

    #[test]
    fn set_is_empty_after_the_epoch_wraps() {
        let mut set = EpochSet { epoch: u32::MAX - 1, epochs: Vec::new() };
        set.next_event(2);
        set.insert(1);
        assert!(set.contains(1) && !set.contains(0));
        set.next_event(2);
        assert_eq!(set.epoch, 1);
        assert!(!set.contains(0) && !set.contains(1));
    }

    #[test]
    fn first_epochs_are_forgotten_after_the_wrap() {
        let mut set = EpochSet::default();
        set.next_event(2);
        set.insert(1);
        set.epoch = u32::MAX;
        set.next_event(2);
        assert!(!set.contains(1));
        set.next_event(2);
        assert!(!set.contains(0) && !set.contains(1));
    }
}
