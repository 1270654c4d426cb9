//! The paths that some rule names, as a trie over names.
//!
//! A path is the names on the way to a value joined by dots, so a dot inside a name and a step to a nested name
//! are the same thing. The trie is built over what stands between dots; a name of an event that has dots walks
//! several steps of it.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::id::PathId;

use super::word::word;

/// A node of the trie: the root object of an event, or what stands at some path of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Debug)]
pub(crate) struct PathTrie {
    nodes: Vec<Node>,
    /// The steps of all nodes, with open addressing: a power of two entries, at most half of them used.
    steps: Vec<Step>,
    /// The names of all steps, one after the other.
    names: Vec<u8>,
    /// For the hashes of long names.
    hasher: DefaultHashBuilder,
    seeds: [u64; 2],
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The path that ends here, or [`NO_PATH`].
    path: PathId,
    /// The steps from here.
    children: u32,
}

/// From a node by a name to another node.
#[derive(Clone, Copy, Debug)]
struct Step {
    name: Name,
    from: NodeId,
    /// [`NOWHERE`] if the entry is not used.
    to: NodeId,
    length: u32,
    start: u32,
}

const NO_PATH: PathId = PathId(u32::MAX);

const NOWHERE: NodeId = NodeId(u32::MAX);

/// The first sixteen bytes of a name, with zeros behind them if there are fewer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Name(u64, u64);

/// The longest name of which a [`Name`] and the length say all.
const SHORT: usize = 16;

impl Name {
    /// The name that stands in `text` from `start` to `end`.
    #[inline(always)]
    fn new(text: &[u8], start: usize, end: usize) -> Name {
        /// For each length what to keep of sixteen bytes.
        const MASKS: [(u64, u64); SHORT + 1] = {
            let mut masks = [(u64::MAX, u64::MAX); SHORT + 1];
            let mut length = 0;
            while length < SHORT {
                let bits = u128::MAX >> (128 - 8 * length - (length == 0) as usize) >> (length == 0) as usize;
                masks[length] = (bits as u64, (bits >> 64) as u64);
                length += 1;
            }
            masks
        };
        let words = match text.get(start..start + SHORT) {
            Some(bytes) => words(bytes),
            None => near_the_end(text, start),
        };
        let masks = MASKS[end.wrapping_sub(start).min(SHORT)];
        Name(words.0 & masks.0, words.1 & masks.1)
    }

    /// The name that is all of the text, or that it begins with.
    #[inline(always)]
    fn of(name: &[u8]) -> Name {
        Name(word(name), word(name.get(8..).unwrap_or_default()))
    }

    /// Whether there is a dot among the bytes.
    #[inline(always)]
    fn has_dot(self) -> bool {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        // A byte that is zero borrows from its highest bit.
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
        let differs = ONES * u64::from(b'.');
        (zeros(self.0 ^ differs) | zeros(self.1 ^ differs)) & ONES << 7 != 0
    }
}

/// Sixteen bytes, as two words and not as one vector, which would have to be taken apart.
#[inline(always)]
fn words(bytes: &[u8]) -> (u64, u64) {
    let (words, _) = bytes.as_chunks::<8>();
    (u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1]))
}

/// What is left of a text, and zeros.
#[cold]
#[inline(never)]
fn near_the_end(text: &[u8], start: usize) -> (u64, u64) {
    let Name(first, second) = Name::of(text.get(start..).unwrap_or_default());
    (first, second)
}

impl PathTrie {
    pub(crate) const ROOT: NodeId = NodeId(0);

    pub(crate) fn new() -> PathTrie {
        let hasher = DefaultHashBuilder::default();
        PathTrie {
            nodes: vec![Node { path: NO_PATH, children: 0 }],
            steps: vec![EMPTY; 8],
            names: Vec::new(),
            seeds: [hasher.hash_one(1_u8), hasher.hash_one(2_u8)],
            hasher,
        }
    }

    /// Adds a path.
    pub(crate) fn insert(&mut self, path: &[u8], id: PathId) {
        let mut at = PathTrie::ROOT;
        for name in path.split(|&byte| byte == b'.') {
            at = match self.plain_child(at, name) {
                Some(next) => next,
                None => self.add_step(at, name),
            };
        }
        self.nodes[at.0 as usize].path = id;
    }

    fn add_step(&mut self, from: NodeId, name: &[u8]) -> NodeId {
        let to = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { path: NO_PATH, children: 0 });
        self.nodes[from.0 as usize].children += 1;
        let start = self.names.len() as u32;
        self.names.extend_from_slice(name);
        if self.nodes.len() * 2 > self.steps.len() {
            let twice = vec![EMPTY; self.steps.len() * 2];
            for step in std::mem::replace(&mut self.steps, twice) {
                if step.to != NOWHERE {
                    self.place(step);
                }
            }
        }
        self.place(Step { name: Name::new(name, 0, name.len()), from, to, length: name.len() as u32, start });
        to
    }

    fn place(&mut self, step: Step) {
        let Step { name, from, start, length, .. } = step;
        let mut at = self.hash(from, name, &self.names[start as usize..][..length as usize]);
        while self.steps[at & (self.steps.len() - 1)].to != NOWHERE {
            at += 1;
        }
        let mask = self.steps.len() - 1;
        self.steps[at & mask] = step;
    }

    #[inline(always)]
    fn hash(&self, from: NodeId, name: Name, text: &[u8]) -> usize {
        let mut second = name.1;
        if text.len() > SHORT {
            second ^= self.hash_long(text);
        }
        let place = u64::from(from.0) << 32 | text.len() as u64;
        let factor = (second ^ self.seeds[1]).wrapping_add(place);
        let product = u128::from(name.0 ^ self.seeds[0]) * u128::from(factor);
        (product ^ product >> 64) as usize
    }

    #[cold]
    #[inline(never)]
    fn hash_long(&self, name: &[u8]) -> u64 {
        self.hasher.hash_one(name)
    }

    /// Where a name leads, if any path goes on that way. It stands in `text` from `start` to `end`, and has no escapes.
    #[inline(always)]
    pub(crate) fn step(&self, from: NodeId, text: &[u8], start: usize, end: usize) -> Stepped {
        let name = Name::new(text, start, end);
        match self.find(from, name, &text[start..end]) {
            Some(to) => Stepped::To(to),
            None if name.has_dot() || end - start > SHORT => Stepped::Dots,
            None => Stepped::Nowhere,
        }
    }

    #[inline(always)]
    fn find(&self, from: NodeId, name: Name, text: &[u8]) -> Option<NodeId> {
        let mask = self.steps.len() - 1;
        let mut at = self.hash(from, name, text) & mask;
        loop {
            let step = &self.steps[at];
            if step.to == NOWHERE {
                return None;
            }
            if step.name == name
                && step.from == from
                && step.length as usize == text.len()
                && (text.len() <= SHORT || self.names[step.start as usize..][..text.len()] == *text)
            {
                return Some(step.to);
            }
            at = (at + 1) & mask;
        }
    }

    /// Where a name without dots leads.
    fn plain_child(&self, from: NodeId, name: &[u8]) -> Option<NodeId> {
        self.find(from, Name::of(name), name)
    }

    /// Where a name leads, if any path goes on that way.
    #[inline]
    pub(crate) fn child(&self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        let short = Name::of(name);
        // No step has a dot in its name.
        match self.find(node, short, name) {
            None if short.has_dot() || name.len() > SHORT => self.dotted_child(node, name),
            found => found,
        }
    }

    #[cold]
    #[inline(never)]
    fn dotted_child(&self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        name.split(|&byte| byte == b'.').try_fold(node, |at, part| self.plain_child(at, part))
    }

    /// The path that ends at a node, if a rule names it.
    #[inline(always)]
    pub(crate) fn path(&self, node: NodeId) -> Option<PathId> {
        let path = self.nodes[node.0 as usize].path;
        (path != NO_PATH).then_some(path)
    }

    /// How many names lead on from a node.
    #[inline(always)]
    pub(crate) fn children(&self, node: NodeId) -> u32 {
        self.nodes[node.0 as usize].children
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.steps.capacity() * size_of::<Step>()
            + self.names.capacity()
    }
}

/// Where a name leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stepped {
    To(NodeId),
    Nowhere,
    /// There may be dots in it, so [`PathTrie::child`] has to say.
    Dots,
}

const EMPTY: Step = Step { name: Name(0, 0), from: NOWHERE, to: NOWHERE, length: 0, start: 0 };

#[cfg(test)]
mod tests {
    use super::{PathTrie, Stepped};
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

    #[test]
    fn names_of_any_length_are_told_apart() {
        let mut trie = PathTrie::new();
        let name = |length: usize, odd: usize| -> Vec<u8> {
            (0..length).map(|at| if at == odd { b'b' } else { b'a' }).collect()
        };
        let lengths = (0..40).step_by(if cfg!(miri) { 9 } else { 1 });
        let names: Vec<Vec<u8>> =
            lengths.flat_map(|length| (0..=length).map(move |odd| name(length, odd))).collect();
        for (id, path) in names.iter().enumerate() {
            trie.insert(path, PathId(id as u32));
        }
        for (id, path) in names.iter().enumerate() {
            let node = trie.child(PathTrie::ROOT, path).and_then(|node| trie.path(node));
            assert_eq!(node, Some(PathId(id as u32)));
            for behind in [0, 1, 7, 8, 20] {
                let text = [b"\"", &path[..], &vec![b'"'; behind]].concat();
                let Stepped::To(node) = trie.step(PathTrie::ROOT, &text, 1, 1 + path.len()) else {
                    panic!("{path:?}");
                };
                assert_eq!(trie.path(node), Some(PathId(id as u32)));
                let text = [&text[..1 + path.len()], b"c"].concat();
                assert!(!matches!(trie.step(PathTrie::ROOT, &text, 1, text.len()), Stepped::To(_)));
            }
        }
        assert_eq!(trie.children(PathTrie::ROOT) as usize, names.len());
    }

    #[test]
    fn dots_are_seen() {
        let mut trie = PathTrie::new();
        for length in (1..30).step_by(if cfg!(miri) { 7 } else { 1 }) {
            for dot in 0..length {
                let mut name = vec![b'-'; length];
                assert!(
                    length > 16 || matches!(trie.step(PathTrie::ROOT, &name, 0, length), Stepped::Nowhere)
                );
                name[dot] = b'.';
                assert!(
                    matches!(trie.step(PathTrie::ROOT, &name, 0, length), Stepped::Dots),
                    "{length} {dot}"
                );
                let id = PathId(length as u32);
                trie.insert(&name, id);
                let node = trie.child(PathTrie::ROOT, &name).and_then(|node| trie.path(node));
                assert_eq!(node, Some(id), "{length} {dot}");
                trie = PathTrie::new();
            }
        }
    }
}
