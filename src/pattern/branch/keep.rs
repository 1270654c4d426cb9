//! Which `$or`s of a pattern are kept, and not written out as branches.

use std::cmp::Reverse;

use hashbrown::HashMap;

use crate::pattern::ast::{Alternative, Pattern, ValueTest};
use crate::pattern::walk::{Step, Walk};

use super::path::Path;

/// The most `$or`s for each of which it is tried whether it can be written out after all.
const TRIED: usize = 64;

/// For each `$or`, in the order of the text, whether it is kept; none if the list is shorter.
///
/// None is if there are no more combinations than `written_out`, or than the pattern has alternatives, so that writing all of
/// them out costs what the text does. Otherwise all are that can be, except as many as can be written out within these numbers.
/// With zero, all are that can be.
pub(super) fn kept(pattern: &Pattern, written_out: usize) -> Vec<bool> {
    // Without `$or` there is one combination.
    if pattern.combinations <= written_out.max(1) {
        return Vec::new();
    }
    let mut tree = Tree::of(pattern);
    if written_out > 0 {
        let alternatives = tree.nodes.len() - tree.ors.len() - 1;
        let most = written_out.max(alternatives);
        if pattern.combinations <= most {
            return Vec::new();
        }
        tree.write_out(most);
    }
    tree.ors.iter().map(|&or| tree.nodes[or as usize].is_kept).collect()
}

/// The `$or`s of a pattern and their alternatives. What is around a node stands before it.
struct Tree {
    /// The first is the root, below which `$or`s stand, and below those their alternatives, and so on in turns.
    nodes: Vec<Node>,
    /// The nodes that are `$or`s, in the order of the text.
    ors: Vec<u32>,
}

struct Node {
    parent: u32,
    /// See [`is_or`].
    depth: u32,
    /// The least depth of a node in which a path of a field here is written twice; in two alternatives does not count.
    written_twice: u32,
    /// Of a `$or`, how many alternatives it has.
    alternatives: u32,
    /// Of a `$or`: see [`kept`].
    is_kept: bool,
    /// How well the node tells events apart that satisfy it; less is better.
    rank: u8,
}

/// Whether nodes of a depth are `$or`s; otherwise all that stands in them must hold.
fn is_or(depth: u32) -> bool {
    depth % 2 == 1
}

impl Tree {
    fn of(pattern: &Pattern) -> Tree {
        let node = |parent, depth| Node {
            parent,
            depth,
            written_twice: u32::MAX,
            alternatives: 0,
            is_kept: false,
            rank: WORST,
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
                        tree.nodes[at as usize].rank = 0;
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
            let Node { parent, depth, written_twice, rank, .. } = tree.nodes[at];
            let around = &mut tree.nodes[parent as usize];
            around.written_twice = around.written_twice.min(written_twice);
            // A `$or` is as good as the worst of its alternatives, and an alternative as the best that it has.
            around.rank = if is_or(depth) { around.rank.min(rank) } else { around.rank.max(rank) };
        }
        for node in &mut tree.nodes {
            node.is_kept = is_or(node.depth) && node.written_twice > node.depth;
        }
        tree
    }

    /// Notes where one path is written twice, given the nodes of its fields in the order of the text.
    fn overwrites(&mut self, places: &[u32]) {
        // What two fields have around them is, for some two neighbours between them, the same; so it is enough to look at
        // what neighbours have around them: for each field the outermost in which both must hold, to either side.
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
        node.written_twice = node.written_twice.min(depth);
    }

    /// The depth of the innermost node that both stand in.
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

    /// Writes out `$or`s that could be kept, as long as there are no more branches than this: what is outside first, then
    /// what tells most events apart, then what has most alternatives.
    fn write_out(&mut self, most: usize) {
        let mut candidates = self.ors.clone();
        candidates.retain(|&or| self.nodes[or as usize].is_kept);
        candidates.sort_by_key(|&or| {
            let Node { depth, rank, alternatives, .. } = self.nodes[or as usize];
            (depth, rank, Reverse(alternatives))
        });
        for &or in candidates.iter().take(TRIED) {
            let alternative = &self.nodes[self.nodes[or as usize].parent as usize];
            if alternative.depth > 0 && self.nodes[alternative.parent as usize].is_kept {
                continue;
            }
            self.nodes[or as usize].is_kept = false;
            self.nodes[or as usize].is_kept = self.branches() > most;
        }
    }

    /// How many branches there are.
    fn branches(&self) -> usize {
        let mut branches: Vec<usize> =
            self.nodes.iter().map(|node| usize::from(!is_or(node.depth))).collect();
        for (at, node) in self.nodes.iter().enumerate().skip(1).rev() {
            let inside = branches[at];
            let around = &mut branches[node.parent as usize];
            if !is_or(node.depth) {
                *around = around.saturating_add(inside);
            } else if !node.is_kept {
                *around = around.saturating_mul(inside);
            }
        }
        branches[0]
    }
}

/// The depths of nodes around a field, in the order in which other fields are met that stand in them too.
#[derive(Default)]
struct Outermost {
    /// Ascending depths, each with the least even one up to it.
    depths: Vec<(u32, u32)>,
}

impl Outermost {
    /// Takes in what the next field has in common with the last one. The least even depth of a node that it shares with one
    /// of those before.
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

/// The rank of what nearly any event satisfies.
const WORST: u8 = 2;

/// How well a field tells events apart.
fn rank(alternatives: &[Alternative]) -> u8 {
    let of_test = |test: &ValueTest| match test {
        ValueTest::String(_)
        | ValueTest::Number(_)
        | ValueTest::True
        | ValueTest::False
        | ValueTest::Null
        | ValueTest::Exactly(_) => 0,
        ValueTest::Prefix(_)
        | ValueTest::PrefixIgnoreCase(_)
        | ValueTest::Suffix(_)
        | ValueTest::SuffixIgnoreCase(_)
        | ValueTest::EqualsIgnoreCase(_)
        | ValueTest::Wildcard(_)
        | ValueTest::Cidr(_) => 1,
        ValueTest::Numeric(_) | ValueTest::Exists(_) | ValueTest::AnythingBut(_) => WORST,
    };
    alternatives.iter().map(|alternative| of_test(&alternative.test)).max().unwrap_or(WORST)
}
