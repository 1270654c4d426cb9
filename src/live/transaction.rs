//! [`Transaction`]: changes that become visible at once.

use std::fmt;
use std::hash::Hash;

use crate::pattern::Pattern;

use super::error::LiveError;
use super::stage::Change;
use super::worker::Shared;

/// Changes of [`LiveRules`](super::LiveRules) that become visible at once. A transaction that is dropped
/// without [`Transaction::commit`] changes nothing.
///
/// Changes are applied in their order. The last change of a key counts.
///
/// ```
/// use galop::live::LiveRules;
///
/// let rules = LiveRules::new();
/// let mut transaction = rules.transaction();
/// transaction.insert("a", r#"{"source":["aws.s3"]}"#, ())?;
/// transaction.insert("b", r#"{"source":["aws.ec2"]}"#, ())?;
/// assert!(rules.snapshot().is_empty());
/// let generation = transaction.commit()?;
/// assert_eq!((rules.snapshot().generation(), rules.snapshot().len()), (generation, 2));
/// # Ok::<(), galop::live::LiveError>(())
/// ```
#[must_use = "a transaction without `commit` changes nothing"]
pub struct Transaction<'r, K, V> {
    shared: &'r Shared<K, V>,
    changes: Vec<Change<K, V>>,
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Transaction<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl<'r, K, V> Transaction<'r, K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    pub(super) fn new(shared: &'r Shared<K, V>) -> Transaction<'r, K, V> {
        Transaction { shared, changes: Vec::new() }
    }

    /// Inserts a rule, or replaces the rule with the key.
    ///
    /// # Errors
    ///
    /// Returns an error if the pattern has a fault. The transaction is unchanged.
    pub fn insert(&mut self, key: K, pattern: &str, value: V) -> Result<(), LiveError> {
        Pattern::parse_with(pattern.as_bytes(), &self.shared.limits)?;
        self.changes.push(Change::Insert(key, pattern.into(), value));
        Ok(())
    }

    /// Removes the rule with a key, if there is one.
    pub fn remove(&mut self, key: K) {
        self.changes.push(Change::Remove(key));
    }

    /// Enables or disables the rule with a key, if there is one.
    pub fn set_enabled(&mut self, key: K, enabled: bool) {
        self.changes.push(Change::Enable(key, enabled));
    }

    /// Makes the changes visible. Returns the generation, which is the current one if nothing changes.
    ///
    /// The new rules are compiled, together with at most 31 rules of recent changes. A match with a
    /// snapshot that is taken after the function has returned sees all changes.
    ///
    /// # Errors
    ///
    /// Returns an error if a rule or the set exceeds a limit. Nothing has changed.
    pub fn commit(self) -> Result<u64, LiveError> {
        self.shared.apply(self.changes)
    }
}
