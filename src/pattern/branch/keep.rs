//! Chooses the `$or`s of a pattern that are factored, and not expanded to branches.
//!
//! A `$or` must be expanded if a path inside it is also written outside of it, because the later
//! text overwrites the earlier one. Two fields of one path overwrite each other if their lowest
//! common ancestor in the tree of `$or`s is a conjunction: the root or an alternative. Every `$or`
//! between that ancestor and one of the fields must be expanded.
//!
//! ```text
//! root                    depth 0, conjunction
//! |-- a                   first field of path a
//! `-- $or 1               depth 1, must be expanded: the root has both a and a'
//!     |-- alternative     depth 2
//!     |   |-- a'          LCA(a, a') is the root
//!     |   `-- $or 2       depth 3, can be factored
//!     `-- alternative
//! ```
//!
//! The lowest common ancestor of two fields is the shallowest one of the adjacent pairs between
//! them, in the order of the text. [`Tree::overwrites`] therefore computes the depths of adjacent
//! pairs only. A monotonic stack over the depths yields, for each field, the least depth of a
//! conjunction that it shares with an earlier field. A second pass yields the later fields.

use std::cmp::Reverse;

use hashbrown::HashMap;

use crate::pattern::ast::{Alternative, Pattern};
use crate::pattern::form::Rank;
use crate::pattern::walk::{Step, Walk};

use super::path::Path;

/// The maximum number of `$or`s that are tried for expansion.
const TRIED: usize = 64;

/// Returns for each `$or`, in the order of the text, whether it is factored. The result is empty if
/// none is.
///
/// All `$or`s are expanded if the pattern has at most `budget` combinations, or at most as many
/// combinations as alternatives. The branches then take memory in proportion to the text. Otherwise
/// every `$or` that can be factored is factored, except for those that can be expanded within the
/// greater of the two numbers. With a budget of zero, every `$or` that can be factored is factored.
pub(super) fn factored(pattern: &Pattern, budget: usize) -> Vec<bool> {
    // A pattern without `$or` has one combination.
    if pattern.combinations <= budget.max(1) {
        return Vec::new();
    }
    let mut tree = Tree::of(pattern);
    if budget > 0 {
        let alternatives = tree.nodes.len() - tree.ors.len() - 1;
        let most = budget.max(alternatives);
        if pattern.combinations <= most {
            return Vec::new();
        }
        tree.expand_best(most);
    }
    tree.ors.iter().map(|&or| tree.nodes[or as usize].is_factored).collect()
}

/// The `$or`s of a pattern and their alternatives. A parent precedes its children.
struct Tree {
    /// The nodes. The first is the root; the levels below it are `$or`s and alternatives in turns.
    nodes: Vec<Node>,
    /// The indices of the nodes that are `$or`s, in the order of the text.
    ors: Vec<u32>,
}

struct Node {
    parent: u32,
    /// The distance from the root: odd for a `$or`, even for a conjunction. See [`is_or`].
    depth: u32,
    /// The least depth of a conjunction that has a field of this subtree and another field of the
    /// same path. Two fields in different alternatives of one `$or` do not count.
    overwritten_at: u32,
    /// The number of alternatives of a `$or`.
    alternatives: u32,
    /// True if a `$or` is factored.
    is_factored: bool,
    /// The selectivity of the node.
    rank: Rank,
}

/// Returns true if the nodes of a depth are `$or`s. Other nodes are conjunctions.
fn is_or(depth: u32) -> bool {
    depth % 2 == 1
}

impl Tree {
    fn of(pattern: &Pattern) -> Tree {
        let node = |parent, depth| Node {
            parent,
            depth,
            overwritten_at: u32::MAX,
            alternatives: 0,
            is_factored: false,
            rank: Rank::Most,
        };
        let mut tree = Tree { nodes: vec![node(0, 0)], ors: Vec::new() };
        let mut places: HashMap<Box<[u8]>, Vec<u32>> = HashMap::new();
        let (mut path, mut at) = (Path::default(), 0);
        for step in Walk::new(&pattern.root) {
            path.follow(step);
            match step {
                Step::Field { name, alternatives } => {
                    let here = &mut tree.nodes[at as usize];
                    here.rank = here.rank.min(rank(alternatives));
                    places.entry(path.of(name)).or_default().push(at);
                }
                Step::Or { .. } | Step::Alternative { .. } => {
                    let depth = tree.nodes[at as usize].depth + 1;
                    tree.nodes.push(node(at, depth));
                    at = tree.nodes.len() as u32 - 1;
                    if is_or(depth) {
                        tree.ors.push(at);
                        tree.nodes[at as usize].rank = Rank::Value;
                    } else {
                        let parent = tree.nodes[at as usize].parent;
                        tree.nodes[parent as usize].alternatives += 1;
                    }
                }
                Step::EndAlternative | Step::EndOr => at = tree.nodes[at as usize].parent,
                Step::Enter { .. } | Step::Leave => {}
            }
        }
        places.values().filter(|places| places.len() > 1).for_each(|places| tree.overwrites(places));
        for at in (1..tree.nodes.len()).rev() {
            let Node { parent, depth, overwritten_at, rank, .. } = tree.nodes[at];
            let around = &mut tree.nodes[parent as usize];
            around.overwritten_at = around.overwritten_at.min(overwritten_at);
            // The rank of a `$or` is the worst of its alternatives. The rank of an alternative is
            // the best of its parts.
            around.rank = if is_or(depth) { around.rank.min(rank) } else { around.rank.max(rank) };
        }
        for node in &mut tree.nodes {
            node.is_factored = is_or(node.depth) && node.overwritten_at > node.depth;
        }
        tree
    }

    /// Records the overwritten fields of one path. `places` are the nodes of its fields, in the
    /// order of the text.
    fn overwrites(&mut self, places: &[u32]) {
        // The lowest common ancestor of two fields equals the ancestor of an adjacent pair between
        // them, so only adjacent pairs are examined. Each pass covers the fields to one side.
        let around: Vec<u32> = places.windows(2).map(|pair| self.depth_around(pair[0], pair[1])).collect();
        let mut left = Outermost::default();
        let mut right = Outermost::default();
        for (&around, &place) in around.iter().zip(&places[1..]) {
            self.note(place, left.with(around));
        }
        for (&around, &place) in around.iter().zip(places).rev() {
            self.note(place, right.with(around));
        }
    }

    fn note(&mut self, place: u32, depth: u32) {
        let node = &mut self.nodes[place as usize];
        node.overwritten_at = node.overwritten_at.min(depth);
    }

    /// Returns the depth of the lowest common ancestor of two nodes.
    fn depth_around(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            let deeper = if self.nodes[one as usize].depth >= self.nodes[other as usize].depth {
                &mut one
            } else {
                &mut other
            };
            *deeper = self.nodes[*deeper as usize].parent;
        }
        self.nodes[one as usize].depth
    }

    /// Expands `$or`s that could be factored, while there are at most `most` branches. Outer `$or`s
    /// come first, then the more selective ones, then those with more alternatives.
    fn expand_best(&mut self, most: usize) {
        let mut candidates = self.ors.clone();
        candidates.retain(|&or| self.nodes[or as usize].is_factored);
        candidates.sort_by_key(|&or| {
            let Node { depth, rank, alternatives, .. } = self.nodes[or as usize];
            (depth, rank, Reverse(alternatives))
        });
        for &or in candidates.iter().take(TRIED) {
            let alternative = &self.nodes[self.nodes[or as usize].parent as usize];
            if alternative.depth > 0 && self.nodes[alternative.parent as usize].is_factored {
                continue;
            }
            self.nodes[or as usize].is_factored = false;
            self.nodes[or as usize].is_factored = self.branches() > most;
        }
    }

    /// Returns the number of branches.
    fn branches(&self) -> usize {
        let mut branches: Vec<usize> =
            self.nodes.iter().map(|node| usize::from(!is_or(node.depth))).collect();
        for (at, node) in self.nodes.iter().enumerate().skip(1).rev() {
            let inside = branches[at];
            let around = &mut branches[node.parent as usize];
            if !is_or(node.depth) {
                *around = around.saturating_add(inside);
            } else if !node.is_factored {
                *around = around.saturating_mul(inside);
            }
        }
        branches[0]
    }
}

/// A monotonic stack of the depths of common ancestors, from one pass over the fields of a path.
#[derive(Default)]
struct Outermost {
    /// Ascending depths. Each has the least even depth from the bottom of the stack up to it.
    depths: Vec<(u32, u32)>,
}

impl Outermost {
    /// Pushes the depth that the next field shares with the last one. Returns the least even depth
    /// of a common ancestor of the next field and an earlier one, or `u32::MAX`.
    fn with(&mut self, depth: u32) -> u32 {
        while self.depths.last().is_some_and(|last| last.0 >= depth) {
            self.depths.pop();
        }
        let even = self.depths.last().map_or(u32::MAX, |last| last.1);
        let even = if is_or(depth) { even } else { even.min(depth) };
        self.depths.push((depth, even));
        even
    }
}

/// Returns the selectivity of a field: the rank of its least selective alternative.
fn rank(alternatives: &[Alternative]) -> Rank {
    alternatives.iter().map(|alternative| alternative.test.form().rank).max().unwrap_or(Rank::Most)
}
