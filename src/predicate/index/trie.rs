//! Texts at one end of a value, all at once.
//!
//! A radix trie over the texts, read from that end: a chain of nodes with one child each is one
//! node. There are at most two nodes for each text, and every byte of a text is stored at most
//! once. The nodes are stored level by level. The children of a node are therefore adjacent, and
//! one search covers the bytes that lead to them.

use std::cmp::Ordering;
use std::fmt::Debug;
use std::marker::PhantomData;

/// The end of a text from which its bytes are counted.
pub(super) trait End: Debug {
    /// Returns the bytes from `from` up to `to`, counted from this end, in the order of the text.
    fn slice(text: &[u8], from: usize, to: usize) -> &[u8];

    fn byte(text: &[u8], at: usize) -> Option<u8>;

    /// Compares texts that are read from this end. A text is less than its extensions.
    fn compare(a: &[u8], b: &[u8]) -> Ordering;

    /// Returns the number of bytes that two texts share at this end.
    fn shared(a: &[u8], b: &[u8]) -> usize;
}

/// Texts are read from the front.
#[derive(Debug)]
pub(super) enum Front {}

/// Texts are read from the back.
#[derive(Debug)]
pub(super) enum Back {}

impl End for Front {
    fn slice(text: &[u8], from: usize, to: usize) -> &[u8] {
        &text[from..to]
    }

    fn byte(text: &[u8], at: usize) -> Option<u8> {
        text.get(at).copied()
    }

    fn compare(a: &[u8], b: &[u8]) -> Ordering {
        a.cmp(b)
    }

    fn shared(a: &[u8], b: &[u8]) -> usize {
        a.iter().zip(b).take_while(|(a, b)| a == b).count()
    }
}

impl End for Back {
    fn slice(text: &[u8], from: usize, to: usize) -> &[u8] {
        &text[text.len() - to..text.len() - from]
    }

    fn byte(text: &[u8], at: usize) -> Option<u8> {
        text.len().checked_sub(at + 1).map(|at| text[at])
    }

    fn compare(a: &[u8], b: &[u8]) -> Ordering {
        a.iter().rev().cmp(b.iter().rev())
    }

    fn shared(a: &[u8], b: &[u8]) -> usize {
        a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
    }
}

#[derive(Debug)]
pub(super) struct Trie<E> {
    /// The nodes, the root first. Empty if there are no texts.
    nodes: Box<[Node]>,
    /// For each node, the byte that leads to it.
    bytes: Box<[u8]>,
    /// The labels of all nodes: the bytes between the first byte and the node, in the order of the
    /// text.
    labels: Box<[u8]>,
    /// For each byte, the child of the root, or [`NONE`]. Empty if there are fewer than [`MANY`]
    /// texts.
    first: Box<[u32]>,
    end: PhantomData<E>,
}

#[derive(Debug)]
struct Node {
    /// The start of the label of the node in `labels`.
    label: usize,
    length: u32,
    /// The first child.
    children: u32,
    /// The number of children, at most one for each byte.
    count: u16,
    /// The text that ends here, or [`NONE`].
    text: u32,
}

const NONE: u32 = u32::MAX;

/// The children of the root have a table if there are at least `MANY` texts.
const MANY: usize = 64;

/// At most `FEW` bytes are compared one by one, which is faster than a call of memchr.
const FEW: usize = 4;

impl<E: End> Trie<E> {
    /// Builds a trie from distinct texts in the order of [`End::compare`]. The number of a text is
    /// its index.
    pub(super) fn new(texts: &[&[u8]]) -> Trie<E> {
        debug_assert!(texts.is_sorted_by(|a, b| E::compare(a, b).is_lt()), "texts are in order");
        let (mut nodes, mut bytes, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        // For each node, the range of its texts, and the number of their bytes that lead to it.
        let mut parts = Vec::new();
        if !texts.is_empty() {
            nodes.push(Node { label: 0, length: 0, children: 0, count: 0, text: NONE });
            bytes.push(0);
            parts.push((0, texts.len(), 0));
        }
        let mut at = 0;
        while at < nodes.len() {
            let (mut start, end, depth) = parts[at];
            if texts[start].len() == depth {
                nodes[at].text = start as u32;
                start += 1;
            }
            nodes[at].children = nodes.len() as u32;
            while start < end {
                let byte = E::byte(texts[start], depth).unwrap_or_default();
                let same = texts[start..end].partition_point(|text| E::byte(text, depth) <= Some(byte));
                let next = start + same;
                // All texts between two texts share the bytes that those two share.
                let shared = E::shared(texts[start], texts[next - 1]);
                let label = E::slice(texts[start], depth + 1, shared);
                let length = label.len() as u32;
                nodes.push(Node { label: labels.len(), length, children: 0, count: 0, text: NONE });
                nodes[at].count += 1;
                bytes.push(byte);
                labels.extend_from_slice(label);
                parts.push((start, next, shared));
                start = next;
            }
            at += 1;
        }
        let mut first = Vec::new();
        if texts.len() >= MANY {
            first.resize(256, NONE);
            let children = nodes[0].children..nodes[0].children + u32::from(nodes[0].count);
            children.for_each(|child| first[usize::from(bytes[child as usize])] = child);
        }
        Trie {
            nodes: nodes.into(),
            bytes: bytes.into(),
            labels: labels.into(),
            first: first.into(),
            end: PhantomData,
        }
    }

    /// Calls `found` with each text that the value has at this end, and with its length. Both
    /// ascend. Returns the number of visited nodes.
    #[inline]
    pub(super) fn walk(&self, value: &[u8], mut found: impl FnMut(u32, usize)) -> usize {
        let Some(mut node) = self.nodes.first() else { return 0 };
        let (mut depth, mut visited) = (0, 0);
        loop {
            visited += 1;
            if node.text != NONE {
                found(node.text, depth);
            }
            let Some(byte) = E::byte(value, depth) else { return visited };
            let child = if depth == 0 && !self.first.is_empty() {
                self.first[usize::from(byte)]
            } else {
                self.child(node, byte)
            };
            if child == NONE {
                return visited;
            }
            node = &self.nodes[child as usize];
            let end = depth + 1 + node.length as usize;
            if node.length > 0 {
                let label = &self.labels[node.label..node.label + node.length as usize];
                if end > value.len() || E::slice(value, depth + 1, end) != label {
                    return visited;
                }
            }
            depth = end;
        }
    }

    /// Returns the child of a node that a byte leads to, or [`NONE`].
    #[inline]
    fn child(&self, node: &Node, byte: u8) -> u32 {
        let bytes = &self.bytes[node.children as usize..][..usize::from(node.count)];
        let child = if bytes.len() <= FEW {
            bytes.iter().position(|&other| other == byte)
        } else {
            memchr::memchr(byte, bytes)
        };
        child.map_or(NONE, |child| node.children + child as u32)
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.nodes) + self.bytes.len() + self.labels.len() + size_of_val(&*self.first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{Back, End, Front, Trie};

    /// Returns the texts that a trie finds, each with its length.
    fn found<E: End>(texts: &[Vec<u8>], value: &[u8]) -> Vec<(Vec<u8>, usize)> {
        let mut sorted: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        sorted.sort_unstable_by(|a, b| E::compare(a, b));
        sorted.dedup();
        let mut found = Vec::new();
        Trie::<E>::new(&sorted)
            .walk(value, |text, length| found.push((sorted[text as usize].to_vec(), length)));
        found
    }

    fn expected(texts: &[Vec<u8>], is_found: impl Fn(&[u8]) -> bool) -> Vec<(Vec<u8>, usize)> {
        let mut expected: Vec<_> = texts.iter().filter(|text| is_found(text)).cloned().collect();
        expected.sort_unstable_by_key(Vec::len);
        expected.dedup();
        expected.into_iter().map(|text| (text.clone(), text.len())).collect()
    }

    fn check(texts: &[Vec<u8>], value: &[u8]) {
        assert_eq!(found::<Front>(texts, value), expected(texts, |text| value.starts_with(text)));
        assert_eq!(found::<Back>(texts, value), expected(texts, |text| value.ends_with(text)));
    }

    #[test]
    fn texts_inside_texts_are_found() {
        let texts = ["", "a", "ab", "abc", "abd", "b", "ba", "cba", "x", "abcdefgh"].map(|text| text.into());
        for value in ["", "a", "ab", "abc", "abcd", "abcdefgh", "abcdefghi", "cba", "dcba", "y", "xx"] {
            check(&texts, value.as_bytes());
        }
        check(&[], b"a");
    }

    #[test]
    fn every_byte_may_follow() {
        let texts: Vec<Vec<u8>> = (0..=255).map(|byte| vec![b'a', byte]).collect();
        for byte in (0..=255).step_by(if cfg!(miri) { 51 } else { 1 }) {
            check(&texts, &[b'a', byte, b'x']);
            check(&texts, &[b'x', b'a', byte]);
        }
    }

    #[test]
    fn memory_is_linear_in_the_texts() {
        let texts: Vec<Vec<u8>> = (1..500).map(|length| vec![b'a'; length]).collect();
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let trie = Trie::<Front>::new(&texts);
        assert_eq!(trie.nodes.len(), 500);
        assert_eq!(trie.labels.len(), 0);
        let mut count = 0;
        trie.walk(&[b'a'; 1000], |_, _| count += 1);
        assert_eq!(count, 499);
    }

    proptest! {
        #[test]
        fn trie_equals_one_by_one(
            texts in vec(vec(0..3_u8, 0..6), 0..40),
            values in vec(vec(0..3_u8, 0..9), 1..20),
        ) {
            for value in &values {
                check(&texts, value);
            }
        }
    }
}
