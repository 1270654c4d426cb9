//! [`LiveRule`]: one version of a rule.

use std::sync::atomic::{AtomicU64, Ordering};

/// A rule of a [`LiveRules`](super::LiveRules): a key, a pattern and a value of the caller.
///
/// A rule never changes. A replaced rule is another `LiveRule` with the same key and the same id.
///
/// ```
/// use galop::live::LiveRules;
///
/// let rules = LiveRules::new();
/// rules.insert("stored", r#"{"source":["aws.s3"]}"#, 80)?;
/// let old = rules.get("stored").expect("the rule was inserted");
/// rules.insert("stored", r#"{"source":["aws.s3"]}"#, 443)?;
/// let new = rules.get("stored").expect("the rule was replaced");
/// assert_eq!((old.id(), old.value(), new.id(), new.value()), (0, &80, 0, &443));
/// # Ok::<(), galop::live::LiveError>(())
/// ```
#[derive(Debug)]
pub struct LiveRule<K, V> {
    pub(super) key: K,
    pub(super) value: V,
    pub(super) id: u64,
    pub(super) pattern: Box<str>,
    /// The first generation without the rule.
    pub(super) end: AtomicU64,
}

/// The end of a rule that is in the current generation.
const NEVER: u64 = u64::MAX;

impl<K, V> LiveRule<K, V> {
    pub(super) fn new(key: K, value: V, id: u64, pattern: &str) -> LiveRule<K, V> {
        LiveRule { key, value, id, pattern: pattern.into(), end: AtomicU64::new(NEVER) }
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &K {
        &self.key
    }

    /// Returns the value of the caller.
    #[must_use]
    pub fn value(&self) -> &V {
        &self.value
    }

    /// Returns the number of the key: keys are numbered in the order of their first insertion. A key that
    /// was removed and is inserted again has a new number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Returns the text of the pattern.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Returns true if a generation has the rule. A layer has no rule that began after its generation.
    pub(super) fn is_in(&self, generation: u64) -> bool {
        // The generation is published after the end is stored, so its readers see the end.
        self.end.load(Ordering::Relaxed) > generation
    }

    /// Returns true if no generation has ended the rule.
    pub(super) fn is_open(&self) -> bool {
        self.is_in(NEVER - 1)
    }

    /// Ends the rule: `generation` is the first generation without it.
    pub(super) fn end(&self, generation: u64) {
        self.end.store(generation, Ordering::Relaxed);
    }
}
