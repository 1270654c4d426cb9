//! Which rules match, as marks that need no clearing.

use crate::id::RuleId;

/// The rules that match, as marks: an entry counts if it holds the number of the event, so that nothing has to be
/// cleared between events.
#[derive(Debug, Default)]
pub(crate) struct RuleMarks {
    now: u32,
    marks: Vec<u32>,
}

impl RuleMarks {
    /// Makes room for this many rules, and forgets the last event.
    pub(crate) fn next_event(&mut self, rules: usize) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.marks.fill(0);
            self.now = 1;
        }
        if self.marks.len() < rules {
            self.marks.resize(rules, 0);
        }
    }

    pub(crate) fn contains(&self, rule: RuleId) -> bool {
        self.marks[rule.as_usize()] == self.now
    }

    pub(crate) fn insert(&mut self, rule: RuleId) {
        self.marks[rule.as_usize()] = self.now;
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.marks.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::RuleMarks;
    use crate::id::RuleId;

    #[test]
    fn marks_survive_the_wrap_of_the_event_number() {
        let mut marks = RuleMarks { now: u32::MAX - 1, marks: Vec::new() };
        marks.next_event(2);
        marks.insert(RuleId::new(1));
        assert!(marks.contains(RuleId::new(1)) && !marks.contains(RuleId::new(0)));
        marks.next_event(2);
        assert_eq!(marks.now, 1);
        assert!(!marks.contains(RuleId::new(0)) && !marks.contains(RuleId::new(1)));
    }
}
