//! [`Writer`]: the rules by key, and the layers of the current generation.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::builder::MatcherBuilder;
use crate::error::{BuildError, BuildErrorKind};
use crate::matcher::EventOptions;
use crate::pattern::limits::PatternLimits;

use super::error::LiveError;
use super::layer::Layer;
use super::rule::LiveRule;
use super::snapshot::{Placed, Snapshot};
use super::stage::{Change, Rules, Stage};
use super::vocabulary::Vocabulary;

/// The maximum number of rules of the layer that each insertion compiles again.
pub(super) const OPEN_RULES: usize = 32;

/// The state that changes modify, one at a time.
#[derive(Debug)]
pub(super) struct Writer<K, V> {
    pub(super) builder: MatcherBuilder,
    pub(super) limits: PatternLimits,
    /// The last version of each rule. A disabled rule has ended.
    pub(super) rules: Rules<K, V>,
    next_id: u64,
    pub(super) generation: u64,
    pub(super) vocabulary: Arc<Vocabulary>,
    /// The layers, the oldest first.
    pub(super) layers: Vec<Placed<K, V>>,
    /// True if the last layer has the rules of the last changes, and gets the rules of the next.
    pub(super) is_open: bool,
    /// The number of layers at the front that are being merged.
    pub(super) merging: usize,
    /// The number of enabled rules.
    pub(super) enabled: usize,
    /// True if the last merge exceeded the limit of bytes.
    pub(super) merge_failed: bool,
}

impl<K, V> Writer<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    pub(super) fn new(builder: MatcherBuilder, limits: PatternLimits) -> Writer<K, V> {
        Writer {
            builder,
            limits,
            rules: HashMap::new(),
            next_id: 0,
            generation: 0,
            vocabulary: Arc::new(Vocabulary::new()),
            layers: Vec::new(),
            is_open: false,
            merging: 0,
            enabled: 0,
            merge_failed: false,
        }
    }

    /// Applies changes in their order, and begins the next generation if any rule begins or ends. After an
    /// error nothing has changed.
    pub(super) fn apply(&mut self, changes: Vec<Change<K, V>>) -> Result<(), LiveError> {
        let stage = Stage::new(&self.rules, self.next_id, changes);
        let (begun, ended) = (stage.begun(&self.rules), stage.ended(&self.rules));
        let enabled = self.enabled + begun.len() - ended.len();
        let limit = self.builder.most_rules();
        if enabled > limit && enabled > self.enabled {
            let error = BuildError::without_rule(BuildErrorKind::TooManyRules { limit });
            return Err(LiveError::Build { error, rule: None });
        }
        let layer = if begun.is_empty() { None } else { Some(self.compile(begun, &ended)?) };
        // From here on nothing fails.
        self.generation += u64::from(layer.is_some() || !ended.is_empty());
        self.next_id = stage.next_id();
        self.enabled = enabled;
        ended.iter().for_each(|rule| rule.end(self.generation));
        stage.store(&mut self.rules, self.generation);
        if let Some((layer, replaces)) = layer {
            if replaces {
                self.layers.pop();
            }
            self.is_open = layer.rules.len() < OPEN_RULES;
            self.vocabulary = Vocabulary::with(&self.vocabulary, &layer.paths);
            let local = self.vocabulary.local(&layer.paths).into();
            self.layers.push(Placed { layer: Arc::new(layer), local });
        }
        Ok(())
    }

    /// Removes the rule with a key, and begins the next generation if the rule ends. Returns true if
    /// there was one.
    pub(super) fn remove<Q>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let Some(rule) = self.rules.remove(key) else { return false };
        if rule.is_open() {
            self.generation += 1;
            rule.end(self.generation);
            self.enabled -= 1;
        }
        true
    }

    /// Compiles new rules together with the rules of the open layer. Returns the layer, and true if
    /// it replaces the open layer.
    fn compile(
        &self,
        mut new: Vec<Arc<LiveRule<K, V>>>,
        ended: &[Arc<LiveRule<K, V>>],
    ) -> Result<(Layer<K, V>, bool), LiveError> {
        let open = self.layers.last().filter(|_| self.is_open && new.len() < OPEN_RULES);
        let count = new.len();
        if let Some(open) = open {
            let is_left = |rule: &&Arc<LiveRule<K, V>>| !ended.iter().any(|ended| Arc::ptr_eq(ended, rule));
            new.extend(open.layer.open_rules().filter(is_left).map(Arc::clone));
        }
        // The open layer is replaced, so its bytes do not count.
        let others = &self.layers[..self.layers.len() - usize::from(open.is_some())];
        let others: usize = others.iter().map(|placed| placed.layer.bytes).sum();
        match Layer::compile(new, (&self.builder, &self.limits), others) {
            Ok(layer) => Ok((layer, open.is_some())),
            Err(error) => {
                let rule = error.rule().map(|rule| rule.as_usize()).filter(|rule| *rule < count);
                Err(LiveError::Build { error, rule })
            }
        }
    }

    /// Returns the snapshot of the current generation.
    pub(super) fn snapshot(&self, events: EventOptions) -> Snapshot<K, V> {
        Snapshot {
            generation: self.generation,
            rules: self.enabled,
            events,
            vocabulary: Arc::clone(&self.vocabulary),
            layers: self.layers.clone().into(),
        }
    }
}
