//! Branches to the decision tree.
//!
//! A set of branches is split by the path that saves most: those branches that want one of a few values there go to
//! one child per value, the others to the rest, which is split again. What is left when no path saves enough becomes
//! groups.

use hashbrown::HashMap;

use crate::automaton::decision::{Decision, Node, NodeIndex};
use crate::automaton::dictionary::{Dictionary, ValueId};
use crate::automaton::group::Group;
use crate::automaton::test::ValueTest;
use crate::id::{BranchId, PathId};

use super::group;

/// A group of this size is decided with one word per column, so splitting it further saves nothing.
const SMALL: usize = 64;

/// A branch may stand in as many children as it names values, at each switch on its way; in total in as many as this.
const MOST_COPIES: u32 = 64;

/// Fills in the nodes and the groups.
pub(super) fn build(decision: &mut Decision, dictionaries: &[Dictionary], tests: &[ValueTest]) {
    let all =
        (0..decision.branches.len()).map(|at| Entry { branch: BranchId(at as u32), copies: 1 }).collect();
    let mut builder = Builder { decision, dictionaries, tests, nodes: Vec::new(), groups: Vec::new() };
    let root = builder.node(all, &mut Vec::new());
    let Builder { nodes, groups, .. } = builder;
    decision.nodes = nodes.into();
    decision.groups = groups.into();
    decision.root = root;
}

#[derive(Clone, Copy)]
struct Entry {
    branch: BranchId,
    /// In how many children the branch stands already, counting this one.
    copies: u32,
}

struct Builder<'a> {
    decision: &'a Decision,
    dictionaries: &'a [Dictionary],
    tests: &'a [ValueTest],
    nodes: Vec<Node>,
    groups: Vec<Group>,
}

impl Builder<'_> {
    /// The node that decides these branches, given the paths that nodes above it have switched on. Each level of the
    /// recursion uses up a field of every branch in it.
    fn node(&mut self, mut entries: Vec<Entry>, used: &mut Vec<PathId>) -> Option<NodeIndex> {
        let depth = used.len();
        let mut switches = Vec::new();
        while entries.len() > SMALL {
            let Some(path) = self.best_path(&entries, used) else { break };
            let (children, rest) = self.split(entries, path);
            used.push(path);
            switches.push((path, self.children(children, used)));
            entries = rest;
        }
        used.truncate(depth);
        let mut next = self.leaf(&entries);
        for (path, children) in switches.into_iter().rev() {
            next = Some(self.push(Node::Switch { path, children, rest: next }));
        }
        next
    }

    fn children(
        &mut self,
        children: Vec<(ValueId, Vec<Entry>)>,
        used: &mut Vec<PathId>,
    ) -> Box<[(ValueId, NodeIndex)]> {
        children.into_iter().filter_map(|(value, entries)| Some((value, self.node(entries, used)?))).collect()
    }

    /// The path on which switching is expected to save the most visits, if it saves enough.
    fn best_path(&self, entries: &[Entry], used: &[PathId]) -> Option<PathId> {
        let mut counts: HashMap<PathId, HashMap<ValueId, u64>> = HashMap::new();
        for entry in entries {
            for (path, values) in self.exact_fields(entry) {
                if !used.contains(&path) {
                    let counts = counts.entry(path).or_default();
                    values.iter().for_each(|&value| *counts.entry(value).or_default() += 1);
                }
            }
        }
        let saved = |counts: &HashMap<ValueId, u64>| {
            let total: u64 = counts.values().sum();
            let squares: u64 = counts.values().map(|count| count * count).sum();
            // If events have the values as often as rules name them, this many branches are visited in vain.
            total - squares.div_ceil(total.max(1))
        };
        let best = counts.iter().map(|(&path, counts)| (saved(counts), std::cmp::Reverse(path))).max()?;
        (best.0 >= SMALL as u64 / 2).then_some(best.1.0)
    }

    /// The fields of a branch that want one of a few values.
    fn exact_fields(&self, entry: &Entry) -> impl Iterator<Item = (PathId, &[ValueId])> {
        let branch = self.decision.branches[entry.branch.index()];
        let copies = entry.copies;
        self.decision.tests_of(branch).iter().filter_map(move |&test| {
            let test = self.decision.field_test(test);
            (test.is_exact() && test.ids.len() as u32 <= MOST_COPIES / copies)
                .then_some((test.path, &*test.ids))
        })
    }

    /// The branches that want a value on a path, by value, and the others.
    fn split(&self, entries: Vec<Entry>, path: PathId) -> (Vec<(ValueId, Vec<Entry>)>, Vec<Entry>) {
        let mut children: HashMap<ValueId, Vec<Entry>> = HashMap::new();
        let mut rest = Vec::new();
        for entry in entries {
            let values = self.exact_fields(&entry).find(|field| field.0 == path).map(|field| field.1);
            match values {
                None => rest.push(entry),
                Some(values) => {
                    let copies = entry.copies * values.len() as u32;
                    for &value in values {
                        children.entry(value).or_default().push(Entry { copies, ..entry });
                    }
                }
            }
        }
        let mut children: Vec<_> = children.into_iter().collect();
        children.sort_unstable_by_key(|child| child.0);
        (children, rest)
    }

    /// The node for branches that are not split by values.
    fn leaf(&mut self, entries: &[Entry]) -> Option<NodeIndex> {
        if entries.len() <= SMALL {
            return self.group(entries);
        }
        // Most events have few of the paths that so many branches name.
        let mut users: HashMap<PathId, u32> = HashMap::new();
        for entry in entries {
            self.required_paths(entry).for_each(|path| *users.entry(path).or_default() += 1);
        }
        let mut children: HashMap<PathId, Vec<Entry>> = HashMap::new();
        let mut rest = Vec::new();
        for &entry in entries {
            match self.required_paths(&entry).min_by_key(|path| (users[path], *path)) {
                Some(path) => children.entry(path).or_default().push(entry),
                None => rest.push(entry),
            }
        }
        let mut children: Vec<_> = children.into_iter().collect();
        children.sort_unstable_by_key(|child| child.0);
        let children = children.into_iter().filter_map(|(path, entries)| Some((path, self.group(&entries)?)));
        let children: Box<[_]> = children.collect();
        let rest = self.group(&rest);
        Some(self.push(Node::Gate { children, rest }))
    }

    /// The paths without which a branch cannot hold.
    fn required_paths(&self, entry: &Entry) -> impl Iterator<Item = PathId> {
        let branch = self.decision.branches[entry.branch.index()];
        let tests = self.decision.tests_of(branch).iter().map(|&test| self.decision.field_test(test));
        tests.filter(|test| !test.absence).map(|test| test.path)
    }

    fn group(&mut self, entries: &[Entry]) -> Option<NodeIndex> {
        if entries.is_empty() {
            return None;
        }
        let branches: Vec<BranchId> = entries.iter().map(|entry| entry.branch).collect();
        self.groups.push(group::build(&branches, self.decision, self.dictionaries, self.tests));
        let at = self.groups.len() as u32 - 1;
        Some(self.push(Node::Group(at)))
    }

    fn push(&mut self, node: Node) -> NodeIndex {
        self.nodes.push(node);
        self.nodes.len() as NodeIndex - 1
    }
}
