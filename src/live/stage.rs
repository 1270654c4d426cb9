//! [`Stage`]: the rules after some changes, before they are compiled.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::rule::LiveRule;

/// A change of one rule.
#[derive(Debug)]
pub(super) enum Change<K, V> {
    Insert(K, Box<str>, V),
    Remove(K),
    Enable(K, bool),
}

/// The last version of each rule by its key. A disabled rule has ended.
pub(super) type Rules<K, V> = HashMap<K, Arc<LiveRule<K, V>>>;

/// A version of a rule, and whether it is enabled.
type Version<K, V> = (Arc<LiveRule<K, V>>, bool);

/// The rules after some changes. A stage changes nothing until it is stored.
#[derive(Debug)]
pub(super) struct Stage<K, V> {
    /// The changed keys in the order of their first changes.
    order: Vec<K>,
    /// The new version of each changed key, or `None` if it is removed.
    versions: HashMap<K, Option<Version<K, V>>>,
    next_id: u64,
}

impl<K, V> Stage<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    /// Applies changes in their order. `next_id` is the id of the next new key.
    pub(super) fn new(rules: &Rules<K, V>, next_id: u64, changes: Vec<Change<K, V>>) -> Stage<K, V> {
        let mut stage = Stage { order: Vec::new(), versions: HashMap::new(), next_id };
        for change in changes {
            let (Change::Insert(key, ..) | Change::Remove(key) | Change::Enable(key, _)) = &change;
            let key = key.clone();
            let before = match stage.versions.get(&key) {
                Some(version) => version.clone(),
                None => {
                    stage.order.push(key.clone());
                    rules.get(&key).map(|rule| (Arc::clone(rule), rule.is_open()))
                }
            };
            let after = stage.change(change, before);
            stage.versions.insert(key, after);
        }
        stage
    }

    fn change(&mut self, change: Change<K, V>, before: Option<Version<K, V>>) -> Option<Version<K, V>> {
        match (change, before) {
            (Change::Insert(key, pattern, value), before) => {
                let id = before.map_or(self.next_id, |(rule, _)| rule.id);
                self.next_id = self.next_id.max(id + 1);
                Some((Arc::new(LiveRule::new(key, value, id, &pattern)), true))
            }
            (Change::Remove(_), _) | (Change::Enable(..), None) => None,
            // A rule that has ended cannot begin again.
            (Change::Enable(_, true), Some((rule, false))) => {
                let LiveRule { key, value, id, pattern, .. } = &*rule;
                Some((Arc::new(LiveRule::new(key.clone(), value.clone(), *id, pattern)), true))
            }
            (Change::Enable(_, enabled), Some((rule, _))) => Some((rule, enabled)),
        }
    }

    /// Returns the rules that begin, in the order of the changed keys.
    pub(super) fn begun(&self, rules: &Rules<K, V>) -> Vec<Arc<LiveRule<K, V>>> {
        let versions = self.order.iter().filter_map(|key| Some((key, self.versions[key].as_ref()?)));
        let enabled = versions.filter(|(_, (_, enabled))| *enabled);
        let begun = enabled.filter(|(key, (rule, _))| !is_current(rules.get(*key), rule));
        begun.map(|(_, (rule, _))| Arc::clone(rule)).collect()
    }

    /// Returns the rules that end, in the order of the changed keys.
    pub(super) fn ended(&self, rules: &Rules<K, V>) -> Vec<Arc<LiveRule<K, V>>> {
        let before = self.order.iter().filter_map(|key| Some((key, rules.get(key)?)));
        let open = before.filter(|(_, rule)| rule.is_open());
        let stays = |key: &K, rule: &Arc<LiveRule<K, V>>| {
            let after = self.versions[key].as_ref();
            after.is_some_and(|(after, enabled)| *enabled && Arc::ptr_eq(after, rule))
        };
        open.filter(|(key, rule)| !stays(key, rule)).map(|(_, rule)| Arc::clone(rule)).collect()
    }

    /// Returns the id of the next new key.
    pub(super) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// Stores the versions. A version that is disabled ends before `generation`.
    pub(super) fn store(mut self, rules: &mut Rules<K, V>, generation: u64) {
        for key in self.order {
            match self.versions.remove(&key).flatten() {
                Some((rule, enabled)) => {
                    if !enabled && rule.is_open() {
                        rule.end(generation);
                    }
                    rules.insert(key, rule);
                }
                None => drop(rules.remove(&key)),
            }
        }
    }
}

/// Returns true if a rule is the version before the changes, and has not ended.
fn is_current<K, V>(before: Option<&Arc<LiveRule<K, V>>>, rule: &Arc<LiveRule<K, V>>) -> bool {
    before.is_some_and(|before| Arc::ptr_eq(before, rule) && before.is_open())
}
