//! The paths that some rule names, as a trie over names.
//!
//! A path is the names on the way to a value joined by dots, so a dot inside a name and a step to a nested name
//! are the same thing. The trie is built over what stands between dots; a name of an event that has dots walks
//! several steps of it.

use std::collections::HashMap;

use crate::id::PathId;

/// A node of the trie: the root object of an event, or what stands at some path of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Debug)]
pub(crate) struct PathTrie {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    children: HashMap<Box<[u8]>, NodeId>,
    path: Option<PathId>,
}

impl PathTrie {
    pub(crate) const ROOT: NodeId = NodeId(0);

    pub(crate) fn new() -> PathTrie {
        PathTrie { nodes: vec![Node::default()] }
    }

    /// Adds a path.
    pub(crate) fn insert(&mut self, path: &[u8], id: PathId) {
        let mut at = PathTrie::ROOT;
        for name in path.split(|&byte| byte == b'.') {
            at = match self.nodes[at.0 as usize].children.get(name) {
                Some(&child) => child,
                None => {
                    let child = NodeId(self.nodes.len() as u32);
                    self.nodes.push(Node::default());
                    self.nodes[at.0 as usize].children.insert(name.into(), child);
                    child
                }
            };
        }
        self.nodes[at.0 as usize].path = Some(id);
    }

    /// Where a name leads, if any path goes on that way.
    pub(crate) fn child(&self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        if memchr::memchr(b'.', name).is_none() {
            return self.nodes[node.0 as usize].children.get(name).copied();
        }
        name.split(|&byte| byte == b'.')
            .try_fold(node, |at, part| self.nodes[at.0 as usize].children.get(part).copied())
    }

    /// The path that ends at a node, if a rule names it.
    pub(crate) fn path(&self, node: NodeId) -> Option<PathId> {
        self.nodes[node.0 as usize].path
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        let of_node = |node: &Node| {
            let names: usize = node.children.keys().map(|name| name.len()).sum();
            names + node.children.capacity() * size_of::<(Box<[u8]>, NodeId)>()
        };
        self.nodes.capacity() * size_of::<Node>() + self.nodes.iter().map(of_node).sum::<usize>()
    }
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
