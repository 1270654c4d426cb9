//! Merging of layers: small layers become a large one, and rules that have ended are left out.
//!
//! The first layer has most rules. The layers after it have the rules of recent changes, and each is much
//! larger than all layers after it. An event passes through all layers, so they are few.

use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use crate::builder::MatcherBuilder;
use crate::error::BuildError;
use crate::pattern::limits::PatternLimits;

use super::layer::Layer;
use super::snapshot::Placed;
use super::vocabulary::Vocabulary;
use super::writer::Writer;

/// A layer after the first has at least this many times the rules of all layers after it, or is merged
/// with them.
const RATIO: usize = 16;

/// All layers are merged if the layers after the first have more rules than a quarter of the first, or if
/// more than a quarter of all rules have ended.
const SHARE: usize = 4;

/// The number of rules that are merged with the first layer at least.
const LEAST: usize = 1 << 10;

/// The layers that are merged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Extent {
    /// Layers after the first that are too small beside the layers after them.
    Small,
    /// All layers after the first.
    Recent,
    /// All layers, if the layers after the first or the ended rules are too many.
    Large,
    /// All layers.
    All,
}

impl Extent {
    /// Returns true if the first layer is merged as well.
    pub(super) fn has_first(self) -> bool {
        matches!(self, Extent::Large | Extent::All)
    }
}

/// Layers to be merged, and what compiling needs. The rules can change meanwhile.
#[derive(Debug)]
pub(super) struct Merge<K, V> {
    layers: Vec<Arc<Layer<K, V>>>,
    /// The bytes of the other layers.
    others: usize,
    builder: MatcherBuilder,
    limits: PatternLimits,
    pub(super) has_first: bool,
}

impl<K, V> Merge<K, V> {
    /// Compiles the rules that have not ended. Returns no layer if there are none.
    pub(super) fn compile(&self) -> Result<Option<Layer<K, V>>, BuildError> {
        let rules: Vec<_> = self.layers.iter().flat_map(|layer| layer.open_rules()).map(Arc::clone).collect();
        if rules.is_empty() {
            return Ok(None);
        }
        Layer::compile(rules, (&self.builder, &self.limits), self.others).map(Some)
    }
}

impl<K, V> Writer<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    /// Returns layers to be merged, or `None` if merging them changes nothing. The layers stay in their
    /// places until they are replaced.
    pub(super) fn merge(&mut self, extent: Extent) -> Option<Merge<K, V>> {
        let range = self.range(extent)?;
        // The next insertion does not replace the last layer.
        self.is_open &= range.end < self.layers.len();
        if range.start == 0 {
            self.merging = range.end;
        }
        let is_other = |index: usize| !range.contains(&index);
        let others = self.layers.iter().enumerate().filter(|(index, _)| is_other(*index));
        Some(Merge {
            others: others.map(|(_, placed)| placed.layer.bytes).sum(),
            layers: self.layers[range.clone()].iter().map(|placed| Arc::clone(&placed.layer)).collect(),
            builder: self.builder.clone(),
            limits: self.limits.clone(),
            has_first: range.start == 0,
        })
    }

    /// Returns the layers to be merged, or `None` if merging them changes nothing.
    pub(super) fn range(&self, extent: Extent) -> Option<Range<usize>> {
        if extent.has_first() && self.merging > 0 {
            return None;
        }
        let sizes: Vec<usize> = self.layers.iter().map(|placed| placed.layer.rules.len()).collect();
        let (count, total) = (sizes.len(), sizes.iter().sum::<usize>());
        let first = *sizes.first()?;
        // Without a large first layer, all layers are small.
        let start = self.merging.max(usize::from(first >= LEAST));
        match extent {
            Extent::Small => {
                // The open layer is still compiled again for each insertion.
                let end = count - usize::from(self.is_open);
                let after = |index: usize| sizes[index + 1..end].iter().sum::<usize>();
                let is_small = |&index: &usize| after(index) > 0 && sizes[index] < RATIO * after(index);
                (start..end).find(is_small).map(|start| start..end)
            }
            Extent::Recent => (count > start.max(1) + 1).then_some(start.max(1)..count),
            Extent::Large => {
                let is_behind = total - first > LEAST.max(first / SHARE);
                let is_stale = total - self.enabled > LEAST.max(total / SHARE);
                (is_behind || is_stale).then_some(0..count)
            }
            Extent::All => (count > 1 || total > self.enabled).then_some(0..count),
        }
    }

    /// Gives up merging: the merged layer exceeds a limit.
    pub(super) fn give_up(&mut self, merge: &Merge<K, V>) {
        if merge.has_first {
            self.merging = 0;
        }
    }

    /// Puts a merged layer in the place of its layers. Returns the layers that it replaces.
    pub(super) fn replace(
        &mut self,
        merge: &Merge<K, V>,
        layer: Option<Layer<K, V>>,
    ) -> Vec<Arc<Layer<K, V>>> {
        let is_first = |placed: &Placed<K, V>| Arc::ptr_eq(&placed.layer, &merge.layers[0]);
        let start = self.layers.iter().position(is_first).expect("only the merge moves its layers");
        let end = start + merge.layers.len();
        let placed = layer.map(|layer| {
            let local = self.vocabulary.local(&layer.paths).into();
            Placed { layer: Arc::new(layer), local }
        });
        let old: Vec<_> = self.layers.splice(start..end, placed).map(|placed| placed.layer).collect();
        if merge.has_first {
            self.merging = 0;
            self.renew_vocabulary();
            // Keys that were removed leave room in the table.
            self.rules.shrink_to(2 * self.rules.len());
        }
        old
    }

    /// Leaves out the paths that no layer names.
    fn renew_vocabulary(&mut self) {
        let mut vocabulary = Arc::new(Vocabulary::new());
        for placed in &self.layers {
            vocabulary = Vocabulary::with(&vocabulary, &placed.layer.paths);
        }
        for placed in &mut self.layers {
            placed.local = vocabulary.local(&placed.layer.paths).into();
        }
        self.vocabulary = vocabulary;
    }
}
