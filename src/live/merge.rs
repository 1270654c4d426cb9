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
use super::writer::{OPEN_RULES, Writer};

/// A layer after the first has at least this many times the rules of all layers after it, or is merged
/// with them.
const RATIO: usize = 16;

/// All layers are merged if the layers after the first have more rules than a quarter of the first, or if
/// more than a quarter of all rules have ended.
const SHARE: usize = 4;

/// All layers are merged only if more rules than this are after the first layer, or have ended. A
/// smaller first layer is merged like the others.
const LEAST: usize = 1 << 10;

/// The layers that are merged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Extent {
    /// Layers after the first that have too few rules, compared with the layers after them.
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

/// The sizes of layers.
#[derive(Debug)]
struct Sizes {
    /// The number of rules of each layer, with those that have ended.
    rules: Vec<usize>,
    /// The number of rules that have not ended.
    enabled: usize,
    /// The number of layers at the front that are being merged.
    merging: usize,
    /// True if the last layer gets the rules of the next changes.
    is_open: bool,
}

impl Sizes {
    /// Returns the layers to be merged, or `None` if merging them changes nothing.
    ///
    /// Each merge makes fewer layers, or leaves rules out of the only layer. Without changes, merges
    /// therefore end.
    fn range(&self, extent: Extent) -> Option<Range<usize>> {
        let &Sizes { ref rules, enabled, merging, is_open } = self;
        if extent.has_first() && merging > 0 {
            return None;
        }
        let (count, total) = (rules.len(), rules.iter().sum::<usize>());
        let first = *rules.first()?;
        // Without a large first layer, all layers are small.
        let start = merging.max(usize::from(first >= LEAST));
        match extent {
            Extent::Small => {
                // The open layer is still compiled again for each insertion.
                let end = count - usize::from(is_open);
                let after = |index: usize| rules[index + 1..end].iter().sum::<usize>();
                let is_small = |&index: &usize| after(index) > 0 && rules[index] < RATIO * after(index);
                (start..end).find(is_small).map(|start| start..end)
            }
            Extent::Recent => (count > start.max(1) + 1).then_some(start.max(1)..count),
            Extent::Large => {
                let has_many_changes = total - first > LEAST.max(first / SHARE);
                let has_many_ended = total - enabled > LEAST.max(total / SHARE);
                (has_many_changes || has_many_ended).then_some(0..count)
            }
            Extent::All => (count > 1 || total > enabled).then_some(0..count),
        }
    }
}

/// Layers to be merged, with the settings and limits of compiling. The rules can change meanwhile.
#[derive(Debug)]
pub(super) struct Merge<K, V> {
    layers: Vec<Arc<Layer<K, V>>>,
    /// The bytes of the other layers.
    others: usize,
    builder: MatcherBuilder,
    limits: PatternLimits,
    pub(super) has_first: bool,
    /// The generation in which the merge began.
    pub(super) generation: u64,
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
            generation: self.generation,
        })
    }

    /// Returns the layers to be merged, or `None` if merging them changes nothing.
    pub(super) fn range(&self, extent: Extent) -> Option<Range<usize>> {
        let rules = self.layers.iter().map(|placed| placed.layer.rules.len()).collect();
        let &Writer { enabled, merging, is_open, .. } = self;
        Sizes { rules, enabled, merging, is_open }.range(extent)
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
        self.merge_failed = false;
        let old: Vec<_> = self.layers.splice(start..end, placed).map(|placed| placed.layer).collect();
        if merge.has_first {
            self.merging = 0;
            self.renew_vocabulary();
            // Keys that were removed leave room in the table.
            self.rules.shrink_to(2 * self.rules.len());
        }
        old
    }

    /// Keeps the layers of a merge that failed. The last layer is opened again: otherwise each change
    /// would add a layer.
    pub(super) fn keep(&mut self, merge: &Merge<K, V>) {
        self.merge_failed = true;
        if merge.has_first {
            self.merging = 0;
        }
        let (last, merged) = (self.layers.last(), merge.layers.last());
        if let (Some(Placed { layer, .. }), Some(merged)) = (last, merged)
            && Arc::ptr_eq(layer, merged)
        {
            self.is_open = layer.rules.len() < OPEN_RULES;
        }
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

#[cfg(test)]
mod tests {
    use super::{Extent, LEAST, Sizes};

    /// The layers of sizes, each with the number of its rules that have not ended.
    type Layers = Vec<(usize, usize)>;

    fn range(layers: &Layers, is_open: bool, extent: Extent) -> Option<std::ops::Range<usize>> {
        let rules = layers.iter().map(|layer| layer.0).collect();
        Sizes { rules, enabled: layers.iter().map(|layer| layer.1).sum(), merging: 0, is_open }.range(extent)
    }

    #[test]
    fn merges_end_without_changes() {
        let mut seed = 1_u64;
        let mut random = |limit: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % limit
        };
        let mut merges = 0;
        for _ in 0..20_000 {
            let count = random(12);
            let mut layers: Layers = (0..count)
                .map(|_| {
                    let bits = random(16);
                    let size = 1 + random(1 << bits);
                    (size, if random(3) == 0 { random(size + 1) } else { size })
                })
                .collect();
            let mut is_open = !layers.is_empty() && random(2) == 0;
            for extent in [Extent::Small, Extent::Recent, Extent::Large, Extent::All] {
                while let Some(range) = range(&layers, is_open, extent) {
                    let before = (layers.len(), layers.iter().map(|layer| layer.0).sum::<usize>());
                    is_open &= range.end < layers.len();
                    let left: usize = layers[range.clone()].iter().map(|layer| layer.1).sum();
                    layers.splice(range, (left > 0).then_some((left, left)));
                    let after = (layers.len(), layers.iter().map(|layer| layer.0).sum::<usize>());
                    assert!(after.0 <= before.0 && after.1 <= before.1 && after != before, "{layers:?}");
                    merges += 1;
                }
            }
            assert!(layers.len() <= 1 && layers.iter().all(|layer| layer.0 == layer.1), "{layers:?}");
        }
        assert!(merges > 15_000, "{merges}");
    }

    #[test]
    fn layers_are_few_after_the_merges_that_are_needed() {
        // Layers of 32 rules, as single insertions make them.
        let mut layers: Layers = vec![(100_000, 100_000)];
        for _ in 0..2_000 {
            layers.push((32, 32));
            let needed = |layers: &Layers| {
                range(layers, false, Extent::Small).or_else(|| range(layers, false, Extent::Large))
            };
            while let Some(range) = needed(&layers) {
                let size: usize = layers[range.clone()].iter().map(|layer| layer.0).sum();
                layers.splice(range, [(size, size)]);
            }
            assert!(layers.len() <= 5, "{layers:?}");
            let after: usize = layers[1..].iter().map(|layer| layer.0).sum();
            assert!(after <= LEAST.max(layers[0].0 / 4), "{layers:?}");
        }
    }
}
