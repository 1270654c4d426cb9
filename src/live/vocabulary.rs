//! [`Vocabulary`]: the paths of all layers.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::id::PathId;
use crate::path::trie::PathTrie;

/// The paths of all layers of a generation, numbered in the order of their addition.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    pub(super) trie: PathTrie,
    ids: HashMap<Box<[u8]>, PathId>,
}

impl Vocabulary {
    pub(super) fn new() -> Vocabulary {
        Vocabulary { trie: PathTrie::new(), ids: HashMap::new() }
    }

    /// Returns a vocabulary with these paths as well. The paths of `vocabulary` keep their ids.
    pub(super) fn with(vocabulary: &Arc<Vocabulary>, paths: &[Box<[u8]>]) -> Arc<Vocabulary> {
        if paths.iter().all(|path| vocabulary.ids.contains_key(path)) {
            return Arc::clone(vocabulary);
        }
        let mut vocabulary = Vocabulary::clone(vocabulary);
        for path in paths {
            let id = PathId(vocabulary.ids.len() as u32);
            if !vocabulary.ids.contains_key(path) {
                vocabulary.trie.insert(path, id);
                vocabulary.ids.insert(path.clone(), id);
            }
        }
        vocabulary.trie.choose_seeds();
        Arc::new(vocabulary)
    }

    /// Returns the path of a set for each path of the vocabulary. `paths` has the paths of the set in the
    /// order of their ids. A path that the set does not name has the id after all of these.
    pub(super) fn local(&self, paths: &[Box<[u8]>]) -> Box<[PathId]> {
        let mut local = vec![PathId(paths.len() as u32); self.ids.len()];
        for (id, path) in paths.iter().enumerate() {
            if let Some(global) = self.ids.get(path) {
                local[global.index()] = PathId(id as u32);
            }
        }
        local.into()
    }

    pub(super) fn memory_usage(&self) -> usize {
        let names: usize = self.ids.keys().map(|path| path.len()).sum();
        self.trie.memory_usage() + names + self.ids.capacity() * size_of::<(Box<[u8]>, PathId)>()
    }
}
