//! Rules with the same pattern.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::{self, Write};
use std::hash::{BuildHasher, Hasher, RandomState};

use crate::error::Span;
use crate::id::RuleId;
use crate::pattern::Pattern;
use crate::rules::RuleSet;

use super::codes::WarningKind;
use super::found::Found;

/// The patterns of a set so far. Two patterns are the same if they are printed alike.
///
/// The patterns are stored by the hash of their texts, because all texts together are as large as the
/// set. Two texts of the same hash are compared. If they differ, the second is not stored.
pub(super) struct Patterns<'r> {
    rules: &'r RuleSet,
    state: RandomState,
    first: HashMap<u64, RuleId>,
}

impl<'r> Patterns<'r> {
    pub(super) fn new(rules: &'r RuleSet) -> Patterns<'r> {
        Patterns { rules, state: RandomState::new(), first: HashMap::new() }
    }

    /// Reports the rule if an earlier rule has the same pattern.
    pub(super) fn compare(&mut self, rule: RuleId, pattern: &Pattern, found: &mut Found<'_>) {
        let mut hash = Hash(self.state.build_hasher());
        // The hasher accepts any text.
        let _ = write!(hash, "{pattern}");
        match self.first.entry(hash.0.finish()) {
            Entry::Vacant(entry) => {
                entry.insert(rule);
            }
            Entry::Occupied(entry) => {
                let first = *entry.get();
                let text = self.rules.get(first).map(Pattern::to_string);
                if text == Some(pattern.to_string()) {
                    let Span { start, end } = pattern.root().span;
                    found.add_pair(WarningKind::SamePattern, Span::new(start, end), first);
                }
            }
        }
    }
}

/// Hashes the text that is written.
struct Hash(<RandomState as BuildHasher>::Hasher);

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
