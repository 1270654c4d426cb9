//! Prefixes, suffixes and wildcards, all at once.
//!
//! Each literal is a sequence: a text at the front, pieces that follow it in order, and a text at
//! the back. Any part may be empty or absent. Two tries find the texts at both ends. The fronts and
//! the pieces after them form a tree, with one node for each distinct beginning of a sequence.
//!
//! A node is reached with the end of its sequence in the value. Each child continues at the first
//! occurrence of its piece from there on. The first occurrence is right, because it leaves the most
//! room for the rest. It depends on the sequence alone, so a node decides for all literals that
//! begin with its sequence.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::table_range::TableRange;
use crate::work::Work;

use super::factors::{Factors, Occurrences};
use super::shift_and::{Glob, ShiftAnd, ShiftAndScratch};
use super::trie::{Back, End, Front, Trie};

/// A condition on a string that consists of literal texts.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum Literal {
    Exact(Box<[u8]>),
    /// A front, pieces that are not empty, and a back, which do not overlap in the value.
    Pieces(Box<[u8]>, Box<[Box<[u8]>]>, Box<[u8]>),
}

impl Literal {
    /// Returns the literal as a wildcard if it has several pieces. Only then can a value contain
    /// some of its pieces in order and not all of them.
    fn glob(&self, condition: u32) -> Option<Glob<'_>> {
        match self {
            Literal::Pieces(front, pieces, back) if pieces.len() > 1 => {
                Some(Glob { front, pieces, back, condition })
            }
            _ => None,
        }
    }

    /// Returns true if there are pieces between front and back.
    pub(super) fn has_pieces(&self) -> bool {
        matches!(self, Literal::Pieces(_, pieces, _) if !pieces.is_empty())
    }
}

#[derive(Debug)]
pub(super) struct Globs {
    fronts: Trie<Front>,
    backs: Trie<Back>,
    pieces: Factors,
    /// The nodes of the tree: first one node for each front, then level by level.
    nodes: Box<[Node]>,
    /// For each node, the piece that leads to it. In ascending order among the children of a node.
    steps: Box<[u32]>,
    /// For each front, the condition that the string equals the front, or [`NONE`]. Empty if there
    /// are no such conditions.
    exacts: Box<[u32]>,
    /// The conditions of all nodes.
    ends: Box<[Ending]>,
    /// A simulation of the literals of several pieces, if there are many.
    parallel: Option<Box<ShiftAnd>>,
}

/// Fewer literals of several pieces than `FEW_GLOBS` have no simulation, which would cost more than
/// it saves.
const FEW_GLOBS: usize = 16;

/// The number of words that a simulation computes in the time of one step of the tree.
const WORDS_OF_A_NODE: usize = 24;

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The first child.
    children: u32,
    /// The number of children.
    count: u32,
    /// The range of the node in `ends`.
    ends: TableRange<Ending>,
}

/// A condition whose sequence ends at a node.
#[derive(Clone, Copy, Debug)]
struct Ending {
    /// The back that has to follow. In ascending order among the endings of a node.
    back: u32,
    condition: u32,
}

const NONE: u32 = u32::MAX;

/// Buffers that are reused for every value.
#[derive(Debug, Default)]
pub(super) struct GlobScratch {
    /// The fronts of the value and their lengths, in ascending order of both.
    fronts: Vec<(u32, usize)>,
    /// The backs of the value and their lengths, in ascending order of both.
    backs: Vec<(u32, usize)>,
    open: BinaryHeap<Reverse<Open>>,
    occurrences: Occurrences,
    parallel: ShiftAndScratch,
}

/// A node that is reached, and the end of its sequence in the value. The nearest end comes first,
/// so each piece is searched from ascending positions. As a result no part of the value is searched
/// twice for one piece.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Open {
    place: u32,
    node: u32,
}

impl GlobScratch {
    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        (self.fronts.capacity() + self.backs.capacity()) * size_of::<(u32, usize)>()
            + self.open.capacity() * size_of::<Open>()
            + self.occurrences.memory_usage()
            + self.parallel.memory_usage()
    }
}

/// A condition, with numbers in place of its texts.
struct Entry {
    front: u32,
    pieces: Box<[u32]>,
    back: u32,
    condition: u32,
}

impl Globs {
    /// Compiles distinct literals, each with the number of its condition.
    pub(super) fn new(literals: &[(Literal, u32)]) -> Globs {
        let (mut fronts, mut middles, mut backs) =
            (Vec::<&[u8]>::new(), Vec::<&[u8]>::new(), Vec::<&[u8]>::new());
        for (literal, _) in literals {
            match literal {
                Literal::Exact(text) => fronts.push(text),
                Literal::Pieces(front, pieces, back) => {
                    fronts.push(front);
                    middles.extend(pieces.iter().map(|piece| &**piece));
                    backs.push(back);
                }
            }
        }
        sort::<Front>(&mut fronts);
        sort::<Front>(&mut middles);
        sort::<Back>(&mut backs);

        let mut exacts = Vec::new();
        let mut entries = Vec::new();
        for (literal, condition) in literals {
            match literal {
                Literal::Exact(text) => {
                    exacts.resize(fronts.len(), NONE);
                    exacts[number::<Front>(&fronts, text) as usize] = *condition;
                }
                Literal::Pieces(front, pieces, back) => entries.push(Entry {
                    front: number::<Front>(&fronts, front),
                    pieces: pieces.iter().map(|piece| number::<Front>(&middles, piece)).collect(),
                    back: number::<Back>(&backs, back),
                    condition: *condition,
                }),
            }
        }
        // The order places the sequences that end at a node before those that continue from it.
        entries.sort_unstable_by(|a, b| (a.front, &a.pieces, a.back).cmp(&(b.front, &b.pieces, b.back)));
        let tree = Tree::new(&entries, fronts.len());
        let globs: Vec<Glob<'_>> =
            literals.iter().filter_map(|(literal, condition)| literal.glob(*condition)).collect();
        let parallel = if globs.len() < FEW_GLOBS { None } else { ShiftAnd::new(&globs) };
        Globs {
            parallel: parallel.map(Box::new),
            fronts: Trie::new(&fronts),
            backs: Trie::new(&backs),
            pieces: Factors::new(&middles),
            nodes: tree.nodes.into(),
            steps: tree.steps.into(),
            exacts: exacts.into(),
            ends: tree.ends.into(),
        }
    }

    /// Calls `met` with each condition that a string meets. Stops early if the work limit is
    /// exceeded.
    pub(super) fn find(
        &self,
        value: &[u8],
        scratch: &mut GlobScratch,
        work: &mut Work,
        mut met: impl FnMut(u32),
    ) {
        let GlobScratch { fronts, backs, open, occurrences, parallel } = scratch;
        fronts.clear();
        let (mut searches, mut first) = (0, value.len());
        let visited = self.fronts.walk(value, |front, length| {
            if length == value.len() && self.exacts.get(front as usize).is_some_and(|&exact| exact != NONE) {
                met(self.exacts[front as usize]);
            }
            fronts.push((front, length));
            let children = self.nodes[front as usize].count as usize;
            if children > 0 {
                searches += children;
                first = first.min(length);
            }
        });
        work.spend(visited as u64);
        if fronts.is_empty() {
            return;
        }
        backs.clear();
        work.spend(self.backs.walk(value, |back, length| backs.push((back, length))) as u64);
        if backs.is_empty() {
            return;
        }
        let mut steps = 0;
        for &(front, place) in &*fronts {
            steps += 1 + self.end(self.nodes[front as usize], value.len() - place, backs, &mut met);
        }
        work.spend(steps as u64);
        if searches == 0 {
            return;
        }
        occurrences.begin(&self.pieces, value, first, searches, work);
        open.clear();
        let mut visit = |node: u32, place: usize, open: &mut BinaryHeap<Reverse<Open>>, work: &mut Work| {
            self.step(self.nodes[node as usize], place, value, occurrences, work, |child, place| {
                let node = self.nodes[child as usize];
                let looked_up = self.end(node, value.len() - place, backs, &mut met);
                if node.count > 0 {
                    open.push(Reverse(Open { place: place as u32, node: child }));
                }
                1 + looked_up as u64
            })
        };
        for &(front, place) in fronts.iter().filter(|front| self.nodes[front.0 as usize].count > 0) {
            visit(front, place, open, work);
        }
        // Only literals of several pieces are left. The tree may visit as many nodes for them as
        // the value has subsequences. The simulation takes over once the tree has taken as long as
        // a simulation takes.
        let cost = self.parallel.as_ref().map_or(usize::MAX, |parallel| parallel.cost(value.len()));
        let mut patience = cost / WORDS_OF_A_NODE;
        while let Some(Reverse(Open { place, node })) = open.pop() {
            let visited = visit(node, place as usize, open, work);
            if work.is_exhausted() {
                return;
            }
            patience = patience.saturating_sub(visited);
            if patience == 0
                && let Some(simulation) = &self.parallel
            {
                simulation.find(value, parallel, work, met);
                return;
            }
        }
    }

    /// Calls `met` with the conditions that end at a node, if their back is at most `room` bytes
    /// long. Returns the number of lookups.
    #[inline]
    fn end(&self, node: Node, room: usize, backs: &[(u32, usize)], met: &mut impl FnMut(u32)) -> usize {
        let ends = node.ends.of(&self.ends);
        if ends.len() <= backs.len() {
            for ending in ends {
                if let Ok(at) = backs.binary_search_by_key(&ending.back, |back| back.0)
                    && backs[at].1 <= room
                {
                    met(ending.condition);
                }
            }
        } else {
            for &(back, _) in backs.iter().take_while(|back| back.1 <= room) {
                if let Ok(at) = ends.binary_search_by_key(&back, |ending| ending.back) {
                    met(ends[at].condition);
                }
            }
        }
        ends.len().min(backs.len())
    }

    /// Calls `found` with each child of a node whose piece occurs from `place` on, and with the end
    /// of the piece. `found` returns the steps that it took. Either searches the pieces of the
    /// children, or looks up the pieces that occur, whichever takes less time. Returns the number
    /// of searches and lookups.
    #[inline]
    fn step(
        &self,
        node: Node,
        place: usize,
        value: &[u8],
        occurrences: &mut Occurrences,
        work: &mut Work,
        mut found: impl FnMut(u32, usize) -> u64,
    ) -> usize {
        let steps = &self.steps[node.children as usize..(node.children + node.count) as usize];
        let mut visit = |child: usize, occurrences: &mut Occurrences, work: &mut Work| {
            work.spend(1);
            let piece = steps[child];
            if let Some(start) = occurrences.next(&self.pieces, piece, value, place, work) {
                work.spend(found(node.children + child as u32, start + self.pieces.get(piece).len()));
            }
        };
        for child in 0..steps.len() {
            // The set of occurring pieces is known at once, or becomes known during the loop.
            if let Some(occurring) = occurrences.occurring()
                && occurring * (steps.len().ilog2() as usize + 1) < steps.len() - child
            {
                for at in 0..occurring {
                    if let Ok(next) = steps[child..].binary_search(&occurrences.piece(at)) {
                        visit(child + next, occurrences, work);
                    }
                }
                work.spend(occurring as u64);
                return child + occurring;
            }
            visit(child, occurrences, work);
            if work.is_exhausted() {
                break;
            }
        }
        steps.len()
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.fronts.memory_usage()
            + self.backs.memory_usage()
            + self.pieces.memory_usage()
            + size_of_val(&*self.nodes)
            + size_of_val(&*self.steps)
            + size_of_val(&*self.exacts)
            + size_of_val(&*self.ends)
            + self.parallel.as_ref().map_or(0, |parallel| size_of_val(&**parallel) + parallel.memory_usage())
    }
}

fn sort<E: End>(texts: &mut Vec<&[u8]>) {
    texts.sort_unstable_by(|a, b| E::compare(a, b));
    texts.dedup();
}

fn number<E: End>(texts: &[&[u8]], text: &[u8]) -> u32 {
    texts.binary_search_by(|other| E::compare(other, text)).expect("every text is listed") as u32
}

/// The tree of sequences, while it is built.
struct Tree {
    nodes: Vec<Node>,
    steps: Vec<u32>,
    ends: Vec<Ending>,
}

impl Tree {
    /// Builds the tree from sorted entries.
    fn new(entries: &[Entry], fronts: usize) -> Tree {
        let mut tree = Tree {
            nodes: Vec::with_capacity(fronts + entries.len()),
            steps: Vec::with_capacity(fronts + entries.len()),
            ends: Vec::with_capacity(entries.len()),
        };
        // For each node, the range of its entries and the number of pieces that lead to it.
        let mut parts = Vec::with_capacity(fronts + entries.len());
        let mut start = 0;
        for front in 0..fronts as u32 {
            let end = start + entries[start..].partition_point(|entry| entry.front == front);
            tree.push(NONE);
            parts.push((start, end, 0));
            start = end;
        }
        let mut at = 0;
        while at < parts.len() {
            let (start, end, depth) = parts[at];
            let entries = &entries[..end];
            let first_end = tree.ends.len();
            let mut next = start;
            while let Some(entry) = entries.get(next).filter(|entry| entry.pieces.len() == depth) {
                tree.ends.push(Ending { back: entry.back, condition: entry.condition });
                next += 1;
            }
            tree.nodes[at].ends = TableRange::to_end(first_end, &tree.ends);
            tree.nodes[at].children = tree.nodes.len() as u32;
            while let Some(entry) = entries.get(next) {
                let piece = entry.pieces[depth];
                let same = entries[next..].partition_point(|entry| entry.pieces[depth] == piece);
                tree.push(piece);
                tree.nodes[at].count += 1;
                parts.push((next, next + same, depth + 1));
                next += same;
            }
            at += 1;
        }
        tree
    }

    fn push(&mut self, piece: u32) {
        self.nodes.push(Node { children: 0, count: 0, ends: TableRange::empty() });
        self.steps.push(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::{GlobScratch, Globs, Literal};
    use crate::work::Work;

    fn literal(text: &str) -> Literal {
        let mut pieces: Vec<Box<[u8]>> = text.split('*').map(|piece| piece.as_bytes().into()).collect();
        let back = pieces.pop().unwrap();
        if pieces.is_empty() {
            return Literal::Exact(back);
        }
        let front = pieces.remove(0);
        Literal::Pieces(front, pieces.into(), back)
    }

    /// Returns the literals that a value meets, as text.
    fn found<'t>(texts: &[&'t str], scratch: &mut GlobScratch, value: &str) -> Vec<&'t str> {
        let entries: Vec<_> =
            texts.iter().zip(0..).map(|(text, condition)| (literal(text), condition)).collect();
        let mut found = Vec::new();
        let work = &mut Work::default();
        Globs::new(&entries)
            .find(value.as_bytes(), scratch, work, |condition| found.push(texts[condition as usize]));
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_of_all_forms_are_found() {
        let texts = [
            "*", "", "a", "ab", "a*", "ab*", "*b", "a*b", "ab*b", "*a*", "*b*", "*a*b*", "*b*a*", "a*a*",
            "a*b*b", "*ab*b", "*ba*", "*abba*",
        ];
        let scratch = &mut GlobScratch::default();
        assert_eq!(found(&texts, scratch, ""), ["", "*"]);
        assert_eq!(found(&texts, scratch, "a"), ["*", "*a*", "a", "a*"]);
        assert_eq!(
            found(&texts, scratch, "ab"),
            ["*", "*a*", "*a*b*", "*b", "*b*", "a*", "a*b", "ab", "ab*"]
        );
        assert_eq!(
            found(&texts, scratch, "abb"),
            ["*", "*a*", "*a*b*", "*ab*b", "*b", "*b*", "a*", "a*b", "a*b*b", "ab*", "ab*b"]
        );
        assert_eq!(found(&texts, scratch, "c"), ["*"]);
        assert_eq!(found(&texts[1..], scratch, "c"), [""; 0]);
    }

    #[test]
    fn few_pieces_need_no_scan() {
        let scratch = &mut GlobScratch::default();
        let long = "xabbc".repeat(10);
        assert_eq!(found(&["x*ab*c", "*ab*", "y*z*"], scratch, &long), ["*ab*", "x*ab*c"]);
        assert_eq!(scratch.occurrences.occurring(), None);
        let many = ["x*ab*c", "*ab*", "*ba*", "*bb*", "*bc*", "*z*ab*", "*y*"];
        assert_eq!(found(&many, scratch, "xabbc"), ["*ab*", "*bb*", "*bc*", "x*ab*c"]);
        assert_eq!(scratch.occurrences.occurring(), Some(3));
    }

    #[test]
    fn sequences_share_nodes() {
        let count = if cfg!(miri) { 50 } else { 1_000 };
        let texts: Vec<String> = (0..count).map(|i| format!("a*b*c*{i}")).collect();
        let entries: Vec<_> =
            texts.iter().zip(0..).map(|(text, condition)| (literal(text), condition)).collect();
        assert_eq!(Globs::new(&entries).nodes.len(), 3);
    }
}
