//! [`PathTrie`]: the paths that the rules name, as a trie over names.
//!
//! A path is the list of names that lead to a value, joined by dots. A dot inside a name and a
//! step to a nested name are therefore equivalent. The labels of the trie are the parts between dots.
//! A name of an event with dots follows several edges of the trie.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::id::PathId;

use super::name::{Name, SHORT};

/// A node of the trie: the root object of an event, or the value at a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Clone, Debug)]
pub(crate) struct PathTrie {
    nodes: Vec<Node>,
    /// The edges of all nodes: a hash table with open addressing. Its length is a power of two. At
    /// most a quarter of the entries are used in a small table, and at most half in a large one.
    edges: Vec<Edge>,
    /// The concatenated names of all edges.
    names: Vec<u8>,
    /// Hashes long names.
    hasher: DefaultHashBuilder,
    seeds: [u64; 2],
    /// The largest path id plus one.
    path_count: usize,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The path that ends at the node, or [`NO_PATH`].
    path: PathId,
    /// The names of the edges from the node.
    below: Below,
}

/// A summary of the names that lead from a node to its children.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Below {
    pub(crate) count: u32,
    /// The lengths of the names: one bit for each length. The highest bit is for all longer names.
    lengths: u32,
}

impl Below {
    /// Returns true if any of the names has this length.
    #[inline(always)]
    fn has(self, length: usize) -> bool {
        self.lengths >> length.min(31) & 1 == 1
    }
}

/// An edge: a name that leads from one node to another.
#[derive(Clone, Copy, Debug)]
struct Edge {
    name: Name,
    from: NodeId,
    /// The child node, or [`NOWHERE`] if the entry is not used.
    to: NodeId,
    length: u32,
    start: u32,
}

impl Node {
    const NEW: Node = Node { path: NO_PATH, below: Below { count: 0, lengths: 0 } };
}

const NO_PATH: PathId = PathId(u32::MAX);

const NOWHERE: NodeId = NodeId(u32::MAX);

/// The length of the table from which half of the entries may be used, instead of a quarter.
const ROOMY: usize = 1 << 12;

/// The number of edges that are placed, over all tries, to choose seeds. Placing them takes less
/// than a millisecond.
const SETTLING: usize = 1 << 14;

impl PathTrie {
    pub(crate) const ROOT: NodeId = NodeId(0);

    pub(crate) fn new() -> PathTrie {
        let hasher = DefaultHashBuilder::default();
        PathTrie {
            nodes: vec![Node::NEW],
            edges: vec![EMPTY; 8],
            names: Vec::new(),
            seeds: [hasher.hash_one(1_u8), hasher.hash_one(2_u8)],
            hasher,
            path_count: 0,
        }
    }

    /// Returns the length of a table that is indexed by path ids.
    pub(crate) fn path_count(&self) -> usize {
        self.path_count
    }

    /// Returns the paths with their ids, in no order.
    #[cfg(feature = "live")]
    pub(crate) fn paths(&self) -> Vec<(Box<[u8]>, PathId)> {
        let mut parents = vec![None; self.nodes.len()];
        for edge in self.edges.iter().filter(|edge| edge.to != NOWHERE) {
            parents[edge.to.0 as usize] = Some(edge);
        }
        let mut paths = Vec::with_capacity(self.path_count);
        for (node, &Node { path, .. }) in
            self.nodes.iter().enumerate().filter(|(_, node)| node.path != NO_PATH)
        {
            let mut names = Vec::new();
            let mut at = node;
            while let Some(edge) = parents[at] {
                names.push(&self.names[edge.start as usize..][..edge.length as usize]);
                at = edge.from.0 as usize;
            }
            names.reverse();
            paths.push((names.join(&b'.').into(), path));
        }
        paths
    }

    /// Adds a path.
    pub(crate) fn insert(&mut self, path: &[u8], id: PathId) {
        let mut at = PathTrie::ROOT;
        for name in path.split(|&byte| byte == b'.') {
            at = match self.plain_child(at, name) {
                Some(next) => next,
                None => self.add_edge(at, name),
            };
        }
        self.nodes[at.0 as usize].path = id;
        self.path_count = self.path_count.max(id.index() + 1);
    }

    fn add_edge(&mut self, from: NodeId, name: &[u8]) -> NodeId {
        let to = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node::NEW);
        let below = &mut self.nodes[from.0 as usize].below;
        below.count += 1;
        below.lengths |= 1 << name.len().min(31);
        let start = self.names.len() as u32;
        self.names.extend_from_slice(name);
        let room = if self.edges.len() < ROOMY { 4 } else { 2 };
        if self.nodes.len() * room > self.edges.len() {
            let twice = vec![EMPTY; self.edges.len() * 2];
            for edge in std::mem::replace(&mut self.edges, twice) {
                if edge.to != NOWHERE {
                    self.place(edge);
                }
            }
        }
        self.place(Edge { name: Name::new(name, name.len()), from, to, length: name.len() as u32, start });
        to
    }

    fn place(&mut self, edge: Edge) {
        let mask = self.edges.len() - 1;
        let mut at = self.hash_edge(&edge, self.seeds) & mask;
        while self.edges[at].to != NOWHERE {
            at = (at + 1) & mask;
        }
        self.edges[at] = edge;
    }

    /// Chooses seeds for which lookups need few extra probes. The caller calls it after all paths
    /// are added.
    pub(crate) fn choose_seeds(&mut self) {
        // Lookups are slowed by extra probes, which mispredict. Their number depends on the seeds:
        // for the names of one event it was 8, 22 or 30. The more edges there are, the less the
        // seeds differ.
        let tries = (SETTLING / self.nodes.len()).min(64) as u64;
        let seeds = (1..=tries).map(|at| [self.hasher.hash_one(2 * at), self.hasher.hash_one(2 * at + 1)]);
        let Some(best) = seeds.min_by_key(|seeds| self.extra_probes(*seeds)) else { return };
        self.seeds = best;
        let empty = vec![EMPTY; self.edges.len()];
        for edge in std::mem::replace(&mut self.edges, empty) {
            if edge.to != NOWHERE {
                self.place(edge);
            }
        }
    }

    /// Returns the number of probes after the first, summed over lookups of every edge.
    fn extra_probes(&self, seeds: [u64; 2]) -> usize {
        let mask = self.edges.len() - 1;
        let mut is_used = vec![false; self.edges.len()];
        let mut probes = 0;
        for edge in self.edges.iter().filter(|edge| edge.to != NOWHERE) {
            let mut at = self.hash_edge(edge, seeds) & mask;
            while is_used[at] {
                probes += 1;
                at = (at + 1) & mask;
            }
            is_used[at] = true;
        }
        probes
    }

    fn hash_edge(&self, edge: &Edge, seeds: [u64; 2]) -> usize {
        let name = &self.names[edge.start as usize..][..edge.length as usize];
        self.hash(edge.from, edge.name, name, seeds)
    }

    #[inline(always)]
    fn hash(&self, from: NodeId, name: Name, text: &[u8], seeds: [u64; 2]) -> usize {
        let mut second = name.1;
        if text.len() > SHORT {
            second ^= self.hash_long(text);
        }
        let place = u64::from(from.0) << 32 | text.len() as u64;
        let factor = (second ^ seeds[1]).wrapping_add(place);
        let product = u128::from(name.0 ^ seeds[0]) * u128::from(factor);
        (product ^ product >> 64) as usize
    }

    #[cold]
    #[inline(never)]
    fn hash_long(&self, name: &[u8]) -> u64 {
        self.hasher.hash_one(name)
    }

    /// Returns the child for the first `length` bytes of `text`, a name without escapes and dots.
    /// `below` must be [`PathTrie::below`] of the node.
    #[inline(always)]
    pub(crate) fn plain_step(
        &self,
        from: NodeId,
        below: Below,
        text: &[u8],
        length: usize,
    ) -> Option<NodeId> {
        // The length alone rejects most names that are not in the trie.
        if !below.has(length) {
            return None;
        }
        self.find(from, Name::new(text, length), &text[..length])
    }

    #[inline(always)]
    fn find(&self, from: NodeId, name: Name, text: &[u8]) -> Option<NodeId> {
        let mask = self.edges.len() - 1;
        let mut at = self.hash(from, name, text, self.seeds) & mask;
        loop {
            let edge = &self.edges[at];
            if edge.to == NOWHERE {
                return None;
            }
            if edge.name == name
                && edge.from == from
                && edge.length as usize == text.len()
                && (text.len() <= SHORT || self.names[edge.start as usize..][..text.len()] == *text)
            {
                return Some(edge.to);
            }
            at = (at + 1) & mask;
        }
    }

    /// Returns the child for a name without dots.
    fn plain_child(&self, from: NodeId, name: &[u8]) -> Option<NodeId> {
        self.find(from, Name::of(name), name)
    }

    /// Returns the node that a name leads to, if any path continues with the name.
    #[inline]
    pub(crate) fn child(&self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        let short = Name::of(name);
        // No edge has a dot in its name.
        match self.find(node, short, name) {
            None if short.has(b'.') || name.len() > SHORT => self.dotted_child(node, name),
            found => found,
        }
    }

    #[cold]
    #[inline(never)]
    fn dotted_child(&self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        name.split(|&byte| byte == b'.').try_fold(node, |at, part| self.plain_child(at, part))
    }

    /// Returns the path that ends at a node, if a rule names it.
    #[inline(always)]
    pub(crate) fn path(&self, node: NodeId) -> Option<PathId> {
        let path = self.nodes[node.0 as usize].path;
        (path != NO_PATH).then_some(path)
    }

    /// Returns the summary of the names that lead from a node to its children.
    #[inline(always)]
    pub(crate) fn below(&self, node: NodeId) -> Below {
        self.nodes[node.0 as usize].below
    }

    /// Returns the number of bytes that the trie has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.edges.capacity() * size_of::<Edge>()
            + self.names.capacity()
    }
}

const EMPTY: Edge = Edge { name: Name(0, 0), from: NOWHERE, to: NOWHERE, length: 0, start: 0 };

#[cfg(test)]
mod tests {
    use super::{NodeId, PathTrie};
    use crate::id::PathId;

    fn step(trie: &PathTrie, text: &[u8], length: usize) -> Option<NodeId> {
        trie.plain_step(PathTrie::ROOT, trie.below(PathTrie::ROOT), text, length)
    }

    #[test]
    fn dots_and_steps_are_equivalent() {
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

    #[test]
    fn names_of_any_length_are_distinguished() {
        let mut trie = PathTrie::new();
        let name = |length: usize, odd: usize| -> Vec<u8> {
            (0..length).map(|at| if at == odd { b'b' } else { b'a' }).collect()
        };
        let lengths = (0..40).step_by(if cfg!(miri) { 9 } else { 1 });
        let names: Vec<Vec<u8>> =
            lengths.flat_map(|length| (0..=length).map(move |odd| name(length, odd))).collect();
        for (id, path) in names.iter().enumerate() {
            trie.insert(path, PathId(id as u32));
            if id % 100 == 99 {
                trie.choose_seeds();
            }
        }
        for (id, path) in names.iter().enumerate() {
            let node = trie.child(PathTrie::ROOT, path).and_then(|node| trie.path(node));
            assert_eq!(node, Some(PathId(id as u32)));
            for padding in [0, 1, 7, 8, 20] {
                let text = [&path[..], &vec![b'"'; padding]].concat();
                let node = step(&trie, &text, path.len()).and_then(|node| trie.path(node));
                assert_eq!(node, Some(PathId(id as u32)));
                let text = [path, &b"c"[..]].concat();
                assert_eq!(step(&trie, &text, text.len()), None);
            }
        }
        assert_eq!(trie.below(PathTrie::ROOT).count as usize, names.len());
    }

    #[test]
    fn dots_are_found_at_any_place() {
        let check = |name: &[u8]| {
            let mut trie = PathTrie::new();
            assert_eq!(trie.child(PathTrie::ROOT, name), None, "{name:?}");
            trie.insert(name, PathId(7));
            let node = trie.child(PathTrie::ROOT, name).and_then(|node| trie.path(node));
            assert_eq!(node, Some(PathId(7)), "{name:?}");
        };
        for length in (1..30).step_by(if cfg!(miri) { 7 } else { 1 }) {
            for dot in 0..length {
                let mut name = vec![b'-'; length];
                name[dot] = b'.';
                check(&name);
                // Another dot at the same place of the second word.
                if let Some(other) = name.get_mut(dot + 8) {
                    *other = b'.';
                    check(&name);
                }
            }
            check(&vec![b'.'; length]);
        }
    }
}
