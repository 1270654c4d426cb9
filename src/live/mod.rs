//! Rules that change while events are matched.
//!
//! [`LiveRules`] is a set of rules by key. Changes take effect in milliseconds, also in a set of 100,000
//! rules, and threads match without a lock meanwhile.
//!
//! ```
//! use galop::live::{LiveRules, LiveScratch};
//!
//! let rules = LiveRules::new();
//! rules.insert("stopped", r#"{"detail":{"state":["stopped"]}}"#, 80)?;
//! rules.insert("europe", r#"{"region":[{"prefix":"eu-"}]}"#, 443)?;
//!
//! let mut scratch = LiveScratch::new();         // one per thread
//! let event = br#"{"region":"eu-west-1","detail":{"state":"stopped"}}"#;
//! let snapshot = rules.snapshot();
//! let matches = snapshot.matches(&mut scratch, event)?;
//! assert_eq!(matches.iter().map(|rule| *rule.value()).collect::<Vec<_>>(), [80, 443]);
//!
//! rules.remove(&"europe");
//! assert_eq!(snapshot.matches(&mut scratch, event)?.len(), 2);
//! assert_eq!(rules.snapshot().matches(&mut scratch, event)?.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Generations
//!
//! A change or a transaction begins a generation if a rule begins or ends. A [`Snapshot`] has the rules of
//! one generation and never changes. A match with a snapshot that is taken after a change returned sees the
//! change. No match sees a part of a transaction.
//!
//! # Layers
//!
//! The rules are compiled in layers: a large one, and small ones with the rules of recent changes. An
//! insertion compiles at most 32 rules again. A removal compiles nothing: the rule is marked, and results
//! leave it out. Two threads in the background merge small layers into larger ones, as a log-structured
//! merge tree does ([O'Neil et al., 1996](https://doi.org/10.1007/s002360050048)): one merges the layers of
//! recent changes, and the other all layers. While layers are merged, the old and the new layers are in
//! memory, so a set takes about twice its memory for a time.
//!
//! An event is read once for all layers. Each small layer takes some hundred nanoseconds more. There are
//! few of them, and more if the threads in the background get too little time.
//!
//! # Threads
//!
//! All types are `Send` and `Sync` if the keys and values are. Matching takes no lock: a snapshot is taken
//! with some atomic operations ([`arc-swap`](https://docs.rs/arc-swap)).
//!
//! Changes take a lock while their rules are compiled. Other changes, [`LiveRules::get`] and
//! [`LiveRules::stats`] wait for the lock. A transaction with many rules holds the lock longest. Merges
//! compile without the lock.
//!
//! The functions `Hash`, `Eq`, `Clone` and `Drop` of keys and values can run while the lock is held. They
//! must not use the same set, and a change is lost in part if they panic.

mod error;
mod layer;
mod merge;
mod rule;
mod scratch;
mod snapshot;
mod stage;
mod transaction;
mod vocabulary;
mod worker;
mod writer;

use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;
use std::thread::JoinHandle;

use arc_swap::Guard;

use crate::builder::MatcherBuilder;
use crate::error::BuildError;
use crate::pattern::limits::PatternLimits;

pub use error::LiveError;
pub use rule::LiveRule;
pub use scratch::LiveScratch;
pub use snapshot::{Matches, Snapshot};
pub use transaction::Transaction;

use merge::Extent;
use snapshot::Placed;
use worker::Shared;
use writer::Writer;

/// Rules by key, which change while threads match events. The [module](self) describes them.
///
/// `K` is a key of the caller, and `V` a value of the caller. Values are cloned when a disabled rule is
/// enabled, and keys also for other changes. Large keys and values are best in an `Arc`.
///
/// A set that is dropped waits for its threads in the background, which may be compiling.
pub struct LiveRules<K, V = ()> {
    shared: Arc<Shared<K, V>>,
    workers: Vec<JoinHandle<()>>,
}

/// The settings of [`LiveRules`].
///
/// ```
/// use galop::MatcherBuilder;
/// use galop::live::{LiveOptions, LiveRules};
///
/// let mut builder = MatcherBuilder::new();
/// builder.rule_limit(1);
/// let mut options = LiveOptions::new();
/// options.matcher(builder).background(false);
/// let rules: LiveRules<&str> = options.build()?;
/// rules.insert("a", r#"{"source":["aws.s3"]}"#, ())?;
/// let error = rules.insert("b", r#"{"source":["aws.ec2"]}"#, ()).unwrap_err();
/// assert_eq!(error.code(), "too-many-rules");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LiveOptions {
    matcher: MatcherBuilder,
    patterns: PatternLimits,
    background: bool,
}

impl Default for LiveOptions {
    fn default() -> LiveOptions {
        LiveOptions { matcher: MatcherBuilder::new(), patterns: PatternLimits::default(), background: true }
    }
}

impl LiveOptions {
    /// Returns the default settings.
    #[must_use]
    pub fn new() -> LiveOptions {
        LiveOptions::default()
    }

    /// Sets the settings of matching. The limit of rules counts enabled rules, and the limit of bytes counts
    /// all layers.
    pub fn matcher(&mut self, builder: MatcherBuilder) -> &mut LiveOptions {
        self.matcher = builder;
        self
    }

    /// Sets the limits of patterns.
    pub fn pattern_limits(&mut self, limits: PatternLimits) -> &mut LiveOptions {
        self.patterns = limits;
        self
    }

    /// Sets whether threads in the background merge layers; true by default. If false, the caller calls
    /// [`LiveRules::merge`], and layers that were replaced are freed by these calls only.
    pub fn background(&mut self, yes: bool) -> &mut LiveOptions {
        self.background = yes;
        self
    }

    /// Returns a set without rules.
    ///
    /// # Errors
    ///
    /// Returns an error with the code `kernel-unavailable` if this CPU cannot run the kernel.
    ///
    /// # Panics
    ///
    /// Panics if the operating system cannot start the threads in the background.
    pub fn build<K, V>(&self) -> Result<LiveRules<K, V>, BuildError>
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        let events = self.matcher.event_options()?;
        let writer = Writer::new(self.matcher.clone(), self.patterns.clone());
        let shared = Arc::new(Shared::new(writer, events));
        let workers = if self.background { worker::start(&shared).into() } else { Vec::new() };
        Ok(LiveRules { shared, workers })
    }
}

/// A borrowed [`Snapshot`], for an event or a batch of events. [`SnapshotGuard::into_arc`] returns a
/// snapshot to keep: a thread with many guards at once takes the next ones more slowly.
pub struct SnapshotGuard<K, V>(Guard<Arc<Snapshot<K, V>>>);

impl<K, V> SnapshotGuard<K, V> {
    /// Returns the snapshot with shared ownership.
    #[must_use]
    pub fn into_arc(self) -> Arc<Snapshot<K, V>> {
        Guard::into_inner(self.0)
    }
}

impl<K, V> Deref for SnapshotGuard<K, V> {
    type Target = Snapshot<K, V>;

    fn deref(&self) -> &Snapshot<K, V> {
        &self.0
    }
}

impl<K, V> fmt::Debug for SnapshotGuard<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SnapshotGuard").field(&**self).finish()
    }
}

impl<K, V> LiveRules<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Returns a set without rules and with default settings.
    ///
    /// # Panics
    ///
    /// Panics if the operating system cannot start the threads in the background.
    #[must_use]
    pub fn new() -> LiveRules<K, V> {
        LiveOptions::new().build().expect("the default kernel is available")
    }

    /// Returns the rules of the current generation, without waiting.
    #[must_use]
    pub fn snapshot(&self) -> SnapshotGuard<K, V> {
        SnapshotGuard(self.shared.current.load())
    }

    /// Inserts a rule, or replaces the rule with the key. The rule is enabled. Returns the generation.
    ///
    /// Compiles at most 32 rules. A path that no other rule names takes additional time in proportion to
    /// the distinct paths of all rules.
    ///
    /// # Errors
    ///
    /// Returns an error if the pattern has a fault, or if the rule or the set exceeds a limit. Nothing has
    /// changed then. Compiled rules that have ended count for the limit of bytes until a merge leaves
    /// them out.
    pub fn insert(&self, key: K, pattern: &str, value: V) -> Result<u64, LiveError> {
        let mut transaction = self.transaction();
        transaction.insert(key, pattern, value)?;
        transaction.commit()
    }

    /// Removes the rule with a key. Returns true if there was one. Compiles nothing.
    pub fn remove<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.shared.remove(key)
    }

    /// Enables or disables the rule with a key. Returns true if there is one. A disabled rule keeps its key,
    /// its value and its id, and matches nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the set would exceed a limit. Nothing has changed then.
    pub fn set_enabled<Q>(&self, key: &Q, enabled: bool) -> Result<bool, LiveError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.shared.set_enabled(key, enabled)
    }

    /// Returns a transaction. Its changes become visible at once when it is committed.
    pub fn transaction(&self) -> Transaction<'_, K, V> {
        Transaction::new(&self.shared)
    }

    /// Returns the rule with a key, whether enabled or not.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> Option<Arc<LiveRule<K, V>>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.shared.writer().rules.get(key).map(Arc::clone)
    }

    /// Merges all layers into one, and returns when it is done. Matching and changes go on meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if the merged layer exceeds the limit of bytes. The id of a rule in the error has
    /// no meaning. The layers stay as they are.
    pub fn merge(&self) -> Result<(), BuildError> {
        self.shared.merge(Extent::All)
    }

    /// Returns figures of the current generation.
    #[must_use]
    pub fn stats(&self) -> LiveStats {
        let writer = self.shared.writer();
        let layers = writer.layers.iter().map(|placed| &placed.layer);
        let compiled: usize = layers.map(|layer| layer.rules.len()).sum();
        LiveStats {
            generation: writer.generation,
            rules: writer.enabled,
            disabled: writer.rules.len() - writer.enabled,
            ended: compiled - writer.enabled,
            layers: writer.layers.len(),
            compiled_bytes: writer.layers.iter().map(Placed::bytes).sum::<usize>()
                + writer.vocabulary.memory_usage(),
            pattern_bytes: writer.rules.values().map(|rule| rule.pattern.len()).sum(),
            merge_failed: writer.merge_failed,
        }
    }
}

/// Figures of [`LiveRules`]. [`LiveRules::stats`] returns them.
///
/// ```
/// use galop::live::LiveRules;
///
/// let rules = LiveRules::new();
/// rules.insert(1, r#"{"a":[1]}"#, ())?;
/// rules.insert(2, r#"{"b":[1]}"#, ())?;
/// rules.set_enabled(&2, false)?;
/// let stats = rules.stats();
/// assert_eq!((stats.rules, stats.disabled, stats.generation), (1, 1, 3));
/// assert!(stats.compiled_bytes > 0 && !stats.merge_failed);
/// # Ok::<(), galop::live::LiveError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LiveStats {
    /// The current generation.
    pub generation: u64,
    /// The number of enabled rules.
    pub rules: usize,
    /// The number of disabled rules.
    pub disabled: usize,
    /// The number of compiled rules that have ended and are not yet left out.
    pub ended: usize,
    /// The number of layers.
    pub layers: usize,
    /// The bytes of all layers and of their paths.
    pub compiled_bytes: usize,
    /// The bytes of the texts of all patterns.
    pub pattern_bytes: usize,
    /// True if the last merge exceeded the limit of bytes. Its layers stay, so matching is slower and
    /// rules that have ended are not left out. The threads in the background merge again after the
    /// next change.
    pub merge_failed: bool,
}

impl<K, V> Default for LiveRules<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    fn default() -> LiveRules<K, V> {
        LiveRules::new()
    }
}

impl<K, V> fmt::Debug for LiveRules<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveRules")
            .field("generation", &self.shared.current.load().generation)
            .finish_non_exhaustive()
    }
}

impl<K, V> Drop for LiveRules<K, V> {
    /// Waits for the threads in the background, which may be compiling.
    fn drop(&mut self) {
        self.shared.stop();
        for worker in self.workers.drain(..) {
            // A panic of a worker was reported where it happened.
            drop(worker.join());
        }
    }
}
