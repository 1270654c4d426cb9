//! [`Snapshot`]: the rules of one generation.

use std::fmt;
use std::sync::Arc;

use crate::automaton::Automaton;
use crate::decision::{self, SearchOptions};
use crate::error::{EventError, EventErrorKind};
use crate::evaluate::Evaluator;
use crate::event::{self, Event};
use crate::id::{PathId, RuleId};
use crate::matcher::EventOptions;
use crate::scratch::DecideScratch;

use super::layer::Layer;
use super::rule::LiveRule;
use super::scratch::{Found, LiveScratch};
use super::vocabulary::Vocabulary;

/// The rules of one generation. A snapshot never changes, so several events are matched with the same rules
/// if they are matched with one snapshot.
///
/// Threads share a snapshot. As long as it exists, the memory of its rules is not freed.
///
/// ```
/// use galop::live::{LiveRules, LiveScratch};
///
/// let rules = LiveRules::new();
/// rules.insert("stored", r#"{"source":["aws.s3"]}"#, ())?;
/// let kept = rules.snapshot().into_arc();
/// rules.insert("stored", r#"{"source":["aws.ec2"]}"#, ())?;
///
/// let mut scratch = LiveScratch::new();
/// let event = br#"{"source":"aws.s3"}"#;
/// assert!(kept.is_match(&mut scratch, event)?);
/// assert!(!rules.snapshot().is_match(&mut scratch, event)?);
/// let patterns: Vec<&str> = kept.rules().map(|rule| rule.pattern()).collect();
/// assert_eq!((kept.generation(), patterns), (1, vec![r#"{"source":["aws.s3"]}"#]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Snapshot<K, V> {
    pub(super) generation: u64,
    /// The number of rules that are in the generation.
    pub(super) rules: usize,
    pub(super) events: EventOptions,
    pub(super) vocabulary: Arc<Vocabulary>,
    /// The layers, the oldest first.
    pub(super) layers: Box<[Placed<K, V>]>,
}

/// A layer in a snapshot.
#[derive(Debug)]
pub(super) struct Placed<K, V> {
    pub(super) layer: Arc<Layer<K, V>>,
    /// The path of the layer for each path of the vocabulary.
    pub(super) local: Arc<[PathId]>,
}

impl<K, V> Clone for Placed<K, V> {
    fn clone(&self) -> Placed<K, V> {
        Placed { layer: Arc::clone(&self.layer), local: Arc::clone(&self.local) }
    }
}

impl<K, V> Placed<K, V> {
    /// Returns the number of bytes that the layer takes in a snapshot.
    pub(super) fn bytes(&self) -> usize {
        self.layer.bytes + size_of_val(&*self.local)
    }
}

impl<K, V> fmt::Debug for Snapshot<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Snapshot { generation, rules, layers, .. } = self;
        let mut shown = f.debug_struct("Snapshot");
        shown.field("generation", generation).field("rules", rules).field("layers", &layers.len());
        shown.finish_non_exhaustive()
    }
}

impl<K, V> Snapshot<K, V> {
    /// Returns the rules that an event matches, in ascending order of their [ids](LiveRule::id).
    ///
    /// The time is the time of [`Matcher::matches`](crate::Matcher::matches), and for each small layer of
    /// recent changes the time to decide a small set. The event is read once. Nothing is allocated
    /// after the scratch has grown.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Matcher::matches`](crate::Matcher::matches). The limits hold for all layers
    /// together. Rules that have ended count until a merge leaves them out.
    pub fn matches<'s>(
        &'s self,
        scratch: &'s mut LiveScratch,
        event: &[u8],
    ) -> Result<Matches<'s, K, V>, EventError> {
        self.run(scratch, event, false)?;
        scratch.found.sort_unstable_by_key(|found| found.id);
        Ok(Matches { snapshot: self, found: &scratch.found })
    }

    /// Returns true if the event matches any rule.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Snapshot::matches`].
    pub fn is_match(&self, scratch: &mut LiveScratch, event: &[u8]) -> Result<bool, EventError> {
        // If the first rule that is found has ended, all rules are searched.
        if self.run(scratch, event, true)? {
            self.run(scratch, event, false)?;
        }
        Ok(!scratch.found.is_empty())
    }

    /// Returns the number of the generation. Each change of the rules begins the next generation.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns the number of rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules
    }

    /// Returns true if there are no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules == 0
    }

    /// Returns the rules, in no order.
    pub fn rules(&self) -> impl Iterator<Item = &LiveRule<K, V>> {
        let rules = self.layers.iter().flat_map(|placed| &placed.layer.rules);
        rules.map(|rule| &**rule).filter(|rule| rule.is_in(self.generation))
    }

    /// Finds the rules that an event matches. If `first` is true, the search stops at the first rule, and the
    /// result is true if it has ended.
    fn run(&self, scratch: &mut LiveScratch, text: &[u8], first: bool) -> Result<bool, EventError> {
        let LiveScratch { scratch, projection, found } = scratch;
        found.clear();
        let EventOptions { length_limit: limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        if text.len() > limit {
            return Err(EventError::new(EventErrorKind::EventTooLong { limit }, limit));
        }
        let decide = &mut scratch.decide;
        if let [Placed { layer, .. }] = &*self.layers {
            // The only layer has its own paths.
            let event = event::read(&reader, &layer.automaton.predicates.paths, text, &mut scratch.read)?;
            return self.decide(0, event, decide, (found, first));
        }
        let event = event::read(&reader, &self.vocabulary.trie, text, &mut scratch.read)?;
        for (index, Placed { layer, local }) in self.layers.iter().enumerate() {
            decide.work.spend(event.leaves.len() as u64);
            if decide.work.is_exhausted() {
                found.clear();
                return Err(EventError::without_place(EventErrorKind::TooMuchWork { limit: work_limit }));
            }
            let event = projection.of(&event, local, layer.paths.len());
            let is_ended = self.decide(index, event, decide, (found, first))?;
            if is_ended || first && !found.is_empty() {
                return Ok(is_ended);
            }
        }
        Ok(false)
    }

    /// Adds the rules of a layer that an event matches. If `first` is true, the search stops at the first
    /// rule, and the result is true if it has ended.
    fn decide(
        &self,
        index: usize,
        event: Event<'_>,
        scratch: &mut DecideScratch,
        (found, first): (&mut Vec<Found>, bool),
    ) -> Result<bool, EventError> {
        let layer = &*self.layers[index].layer;
        let Automaton { predicates, decision } = &layer.automaton;
        let DecideScratch { memo, decision: memory, work, ids } = scratch;
        ids.clear();
        let mut evaluator = Evaluator::new(predicates, event, memo, *work);
        let options = SearchOptions { earliest: first };
        let result = decision::decide(decision, &mut evaluator, options, memory, ids);
        *work = evaluator.work;
        if let Err(kind) = result {
            found.clear();
            return Err(EventError::without_place(kind));
        }
        let before = found.len();
        found.extend(ids.iter().filter_map(|&id| self.found(index, id)));
        Ok(first && !ids.is_empty() && found.len() == before)
    }

    fn found(&self, layer: usize, id: RuleId) -> Option<Found> {
        let rule = &self.layers[layer].layer.rules[id.as_usize()];
        rule.is_in(self.generation).then(|| Found { id: rule.id, layer: layer as u32, rule: id.as_u32() })
    }
}

/// The rules that an event matches. [`Snapshot::matches`] returns them.
pub struct Matches<'s, K, V> {
    snapshot: &'s Snapshot<K, V>,
    found: &'s [Found],
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Matches<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'s, K, V> Matches<'s, K, V> {
    /// Returns the generation whose rules were matched.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.snapshot.generation
    }

    /// Returns the number of rules that the event matches.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Returns true if the event matches no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns the rules that the event matches, in ascending order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'s LiveRule<K, V>> + use<'s, K, V> {
        let layers = &self.snapshot.layers;
        self.found.iter().map(move |found| &*layers[found.layer as usize].layer.rules[found.rule as usize])
    }
}
