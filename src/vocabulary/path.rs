//! The paths that some rule names, as a trie over names.
//!
//! A path is the names on the way to a value joined by dots, so a dot inside a name and a step to a nested name
//! are the same thing. The trie is built over what stands between dots; a name of an event that has dots walks
//! several steps of it.

use std::hash::{BuildHasher, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::id::PathId;

/// A node of the trie: the root object of an event, or what stands at some path of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Debug)]
pub(crate) struct PathTrie {
    /// For each node the path that ends there.
    paths: Vec<Option<PathId>>,
    /// The steps of all nodes.
    steps: HashTable<Step>,
    /// The names of all steps, one after the other.
    names: Vec<u8>,
    hasher: DefaultHashBuilder,
}

/// From a node by a name to another node.
#[derive(Clone, Copy, Debug)]
struct Step {
    from: NodeId,
    to: NodeId,
    name: (u32, u32),
}

impl PathTrie {
    pub(crate) const ROOT: NodeId = NodeId(0);

    pub(crate) fn new() -> PathTrie {
        PathTrie {
            paths: vec![None],
            steps: HashTable::new(),
            names: Vec::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// Adds a path.
    pub(crate) fn insert(&mut self, path: &[u8], id: PathId) {
        let mut at = PathTrie::ROOT;
        for name in path.split(|&byte| byte == b'.') {
            at = match self.step(at, name) {
                Some(next) => next,
                None => self.add_step(at, name),
            };
        }
        self.paths[at.0 as usize] = Some(id);
    }

    fn add_step(&mut self, from: NodeId, name: &[u8]) -> NodeId {
        let to = NodeId(self.paths.len() as u32);
        self.paths.push(None);
        let start = self.names.len() as u32;
        self.names.extend_from_slice(name);
        let step = Step { from, to, name: (start, self.names.len() as u32) };
        let PathTrie { steps, names, hasher, .. } = self;
        let hash_of =
            |step: &Step| hash(hasher, step.from, &names[step.name.0 as usize..step.name.1 as usize]);
        steps.insert_unique(hash_of(&step), step, hash_of);
        to
    }

    /// Where a name without dots leads.
    pub(crate) fn step(&self, from: NodeId, name: &[u8]) -> Option<NodeId> {
        let is_it = |step: &Step| {
            step.from == from && self.names[step.name.0 as usize..step.name.1 as usize] == *name
        };
        self.steps.find(hash(&self.hasher, from, name), is_it).map(|step| step.to)
    }

    /// Where a name leads, if any path goes on that way.
    pub(crate) fn child(&self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        name.split(|&byte| byte == b'.').try_fold(node, |at, part| self.step(at, part))
    }

    /// The path that ends at a node, if a rule names it.
    pub(crate) fn path(&self, node: NodeId) -> Option<PathId> {
        self.paths[node.0 as usize]
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        self.paths.capacity() * size_of::<Option<PathId>>()
            + self.steps.allocation_size()
            + self.names.capacity()
    }
}

fn hash(hasher: &DefaultHashBuilder, from: NodeId, name: &[u8]) -> u64 {
    let mut state = hasher.build_hasher();
    state.write(name);
    state.write_u32(from.0);
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::PathTrie;
    use crate::id::PathId;

    #[test]
    fn dots_and_steps_are_the_same() {
        let mut trie = PathTrie::new();
        for (id, path) in ["a.b", "a", "", ".a", "a."].iter().enumerate() {
            trie.insert(path.as_bytes(), PathId(id as u32));
        }
        let walk = |names: &[&str]| {
            let end = names.iter().try_fold(PathTrie::ROOT, |at, name| trie.child(at, name.as_bytes()));
            end.and_then(|node| trie.path(node)).map(|path| path.0)
        };
        assert_eq!(walk(&["a", "b"]), Some(0));
        assert_eq!(walk(&["a.b"]), Some(0));
        assert_eq!(walk(&["a"]), Some(1));
        assert_eq!(walk(&[""]), Some(2));
        assert_eq!(walk(&["", "a"]), Some(3));
        assert_eq!(walk(&[".a"]), Some(3));
        assert_eq!(walk(&["a", ""]), Some(4));
        assert_eq!(walk(&["a."]), Some(4));
        assert_eq!(walk(&["a", "c"]), None);
        assert_eq!(walk(&["a..b"]), None);
        assert_eq!(walk(&[]), None);
    }
}
