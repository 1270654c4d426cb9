//! [`Shared`]: the state that threads share, and the threads that merge layers.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use crate::error::BuildError;
use crate::matcher::EventOptions;
use crate::pattern::limits::PatternLimits;

use super::error::LiveError;
use super::layer::Layer;
use super::merge::{Extent, Merge};
use super::snapshot::Snapshot;
use super::stage::Change;
use super::vocabulary::Vocabulary;
use super::writer::Writer;

/// The time after the last change until the layers of recent changes are merged.
const SHORT: Duration = Duration::from_millis(100);

/// The time after the last change until all layers are merged, at least.
const QUIET: Duration = Duration::from_secs(1);

/// The time after the last change until all layers are merged, as a multiple of the time that the last
/// such merge took.
const PATIENCE: u32 = 20;

/// The time until the first attempt to free parts that were replaced. The time doubles with each
/// attempt, up to [`QUIET`], because a program may keep a snapshot for long.
const FREEING: Duration = Duration::from_millis(20);

/// The state that threads share.
#[derive(Debug)]
pub(super) struct Shared<K, V> {
    pub(super) current: ArcSwap<Snapshot<K, V>>,
    pub(super) limits: PatternLimits,
    events: EventOptions,
    state: Mutex<State<K, V>>,
    /// Signals a change, or the end.
    changed: Condvar,
    /// Held while all layers are merged.
    merging_all: Mutex<()>,
    /// Held while layers are chosen, and while layers after the first are merged.
    merging_small: Mutex<()>,
}

#[derive(Debug)]
struct State<K, V> {
    writer: Writer<K, V>,
    stops: bool,
    last_change: Instant,
    /// True if a merge failed, and nothing has changed since.
    failed: bool,
    /// The duration of the last merge of all layers.
    full: Duration,
    /// The parts that merges replaced. Freeing them takes milliseconds, for which neither matching nor
    /// changes wait.
    replaced: Vec<Replaced<K, V>>,
}

/// A part of the state that was replaced. A snapshot may have it.
#[derive(Debug)]
enum Replaced<K, V> {
    Layer(Arc<Layer<K, V>>),
    Vocabulary(Arc<Vocabulary>),
}

impl<K, V> Replaced<K, V> {
    /// Returns true if no snapshot has the part.
    fn is_unused(&self) -> bool {
        match self {
            Replaced::Layer(layer) => Arc::strong_count(layer) == 1,
            Replaced::Vocabulary(vocabulary) => Arc::strong_count(vocabulary) == 1,
        }
    }
}

/// Access to the writer.
pub(super) struct WriterGuard<'s, K, V>(MutexGuard<'s, State<K, V>>);

impl<K, V> std::ops::Deref for WriterGuard<'_, K, V> {
    type Target = Writer<K, V>;

    fn deref(&self) -> &Writer<K, V> {
        &self.0.writer
    }
}

impl<K, V> Shared<K, V> {
    /// Ends the threads that merge.
    pub(super) fn stop(&self) {
        self.state().stops = true;
        self.changed.notify_all();
    }

    /// A panic in `apply` leaves the state valid: changes are prepared first, and compiling does not change
    /// the state.
    fn state(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn writer(&self) -> WriterGuard<'_, K, V> {
        WriterGuard(self.state())
    }
}

impl<K, V> Shared<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    pub(super) fn new(writer: Writer<K, V>, events: EventOptions) -> Shared<K, V> {
        let current = ArcSwap::from_pointee(writer.snapshot(events));
        let limits = writer.limits.clone();
        let state = State {
            writer,
            stops: false,
            last_change: Instant::now(),
            failed: false,
            full: Duration::ZERO,
            replaced: Vec::new(),
        };
        Shared {
            current,
            limits,
            events,
            state: Mutex::new(state),
            changed: Condvar::new(),
            merging_all: Mutex::new(()),
            merging_small: Mutex::new(()),
        }
    }

    /// Applies changes. Returns the generation.
    pub(super) fn apply(&self, changes: Vec<Change<K, V>>) -> Result<u64, LiveError> {
        self.apply_to(&mut self.state(), changes)
    }

    /// Enables or disables the rule with a key. Returns true if there is one.
    pub(super) fn set_enabled<Q>(&self, key: &Q, enabled: bool) -> Result<bool, LiveError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut state = self.state();
        let Some(rule) = state.writer.rules.get(key) else { return Ok(false) };
        let change = Change::Enable(rule.key.clone(), enabled);
        self.apply_to(&mut state, vec![change])?;
        Ok(true)
    }

    fn apply_to(&self, state: &mut State<K, V>, changes: Vec<Change<K, V>>) -> Result<u64, LiveError> {
        let before = state.writer.generation;
        state.writer.apply(changes)?;
        let generation = state.writer.generation;
        if generation != before {
            self.publish(state);
        }
        Ok(generation)
    }

    /// Removes the rule with a key. Returns true if there was one.
    pub(super) fn remove<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut state = self.state();
        let before = state.writer.generation;
        let is_removed = state.writer.remove(key);
        if state.writer.generation != before {
            self.publish(&mut state);
        }
        is_removed
    }

    fn publish(&self, state: &mut State<K, V>) {
        self.current.store(Arc::new(state.writer.snapshot(self.events)));
        state.last_change = Instant::now();
        state.failed = false;
        self.changed.notify_all();
    }

    /// Merges layers, if any should be merged.
    pub(super) fn merge(&self, extent: Extent) -> Result<(), BuildError> {
        let lock = |mutex| Mutex::lock(mutex).unwrap_or_else(PoisonError::into_inner);
        // While all layers are merged, the layers of later changes are merged as well.
        let _all = extent.has_first().then(|| lock(&self.merging_all));
        let small = lock(&self.merging_small);
        let merge = self.state().writer.merge(extent);
        let _small = if extent.has_first() { None } else { Some(small) };
        let result = merge.map_or(Ok(()), |merge| self.run(merge));
        self.free();
        result
    }

    fn run(&self, merge: Merge<K, V>) -> Result<(), BuildError> {
        let start = Instant::now();
        let layer = merge.compile();
        let mut state = self.state();
        let layer = layer.inspect_err(|_| {
            // A change meanwhile is a reason to try again.
            state.failed = state.writer.generation == merge.generation;
            state.writer.keep(&merge);
        })?;
        if merge.has_first {
            state.full = start.elapsed();
        }
        let vocabulary = Arc::clone(&state.writer.vocabulary);
        let layers = state.writer.replace(&merge, layer);
        self.current.store(Arc::new(state.writer.snapshot(self.events)));
        state.replaced.extend(layers.into_iter().map(Replaced::Layer));
        if !Arc::ptr_eq(&vocabulary, &state.writer.vocabulary) {
            state.replaced.push(Replaced::Vocabulary(vocabulary));
        }
        Ok(())
    }

    /// Frees the replaced parts that no snapshot has. Changes do not wait for it.
    fn free(&self) {
        let unused = self.state().unused();
        drop(unused);
    }

    /// Waits until layers should be merged. Returns `None` at the end. The first extent is merged at once,
    /// and the second after a time without changes.
    fn wait(&self, now: Extent, later: Extent) -> Option<Extent> {
        let mut state = self.state();
        let mut freeing = FREEING;
        loop {
            if state.stops {
                return None;
            }
            let unused = state.unused();
            if !unused.is_empty() {
                drop(state);
                drop(unused);
                state = self.state();
                continue;
            }
            let mut pause = Duration::MAX;
            let quiet = match later {
                Extent::All => QUIET.max(state.full.saturating_mul(PATIENCE)),
                Extent::Small | Extent::Recent | Extent::Large => SHORT,
            };
            for (extent, time) in [(now, Duration::ZERO), (later, quiet)] {
                if !state.failed && state.writer.range(extent).is_some() {
                    let left = time.saturating_sub(state.last_change.elapsed());
                    if left.is_zero() {
                        return Some(extent);
                    }
                    pause = pause.min(left);
                }
            }
            if !state.replaced.is_empty() {
                pause = pause.min(freeing);
                freeing = QUIET.min(2 * freeing);
            }
            state = if pause == Duration::MAX {
                self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }
}

impl<K, V> State<K, V> {
    /// Takes the replaced parts that no snapshot has.
    fn unused(&mut self) -> Vec<Replaced<K, V>> {
        self.replaced.extract_if(.., |part| part.is_unused()).collect()
    }
}

/// Starts the threads that merge layers: one for the layers of recent changes, and one for all layers,
/// which takes seconds if there are many rules.
pub(super) fn start<K, V>(shared: &Arc<Shared<K, V>>) -> [JoinHandle<()>; 2]
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    [(Extent::Small, Extent::Recent), (Extent::Large, Extent::All)].map(|(now, later)| {
        let shared = Arc::clone(shared);
        let run = move || {
            while let Some(extent) = shared.wait(now, later) {
                // A failed merge is tried again after the next change.
                drop(shared.merge(extent));
            }
        };
        let worker = thread::Builder::new().name("galop-live".to_owned()).spawn(run);
        worker.expect("the operating system starts a thread")
    })
}

#[cfg(test)]
mod tests;
