//! Branches to the decision tree.
//!
//! A set of branches is split by the path that saves most: those branches that want one of a few values there go to
//! one child per value, the others to the rest, which is split again. What is left when no path saves enough goes
//! behind gates, each branch behind the rarest path that it requires, and then into groups.

use hashbrown::{HashMap, HashSet};

use crate::decision::group::Group;
use crate::decision::{Decision, Node, NodeIndex};
use crate::id::{BranchId, PathId};
use crate::vocabulary::dictionary::{Dictionary, ValueId};
use crate::vocabulary::test::{FieldTest, ValueTest};

use super::group;

/// A group of this size is not split further: its first columns leave few branches alive, and the others are skipped.
const SMALL: usize = 256;

/// A branch may stand in as many children as it names values, at each switch on its way; in total in as many as this.
const MOST_COPIES: u32 = 64;

/// The most switches in a row. Every one of them is visited, and looks at all branches that are left when it is made.
const MOST_SWITCHES: usize = 16;

/// Fills in the nodes and the groups.
pub(super) fn build(decision: &mut Decision, dictionaries: &[Dictionary], tests: &[ValueTest]) {
    let all =
        (0..decision.branches.len()).map(|at| Entry { branch: BranchId(at as u32), copies: 1 }).collect();
    let mut builder = Builder { decision, dictionaries, tests, nodes: Vec::new(), groups: Vec::new() };
    let root = builder.node(all, &mut Vec::new(), &mut Vec::new());
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
    /// The node that decides these branches, given the paths that switches and gates above it have looked at. Each level
    /// of the recursion uses up a field of every branch in it, for a switch or for a gate.
    fn node(
        &mut self,
        mut entries: Vec<Entry>,
        used: &mut Vec<PathId>,
        gated: &mut Vec<PathId>,
    ) -> Option<NodeIndex> {
        let depth = used.len();
        let mut switches = Vec::new();
        while entries.len() > SMALL && switches.len() < MOST_SWITCHES {
            let Some(path) = self.best_path(&entries, used) else { break };
            let (children, rest) = self.split(entries, path);
            used.push(path);
            let child = |(value, entries)| Some((value, self.node(entries, used, gated)?));
            switches.push((path, children.into_iter().filter_map(child).collect()));
            entries = rest;
        }
        let mut next = self.gate(entries, used, gated);
        used.truncate(depth);
        for (path, children) in switches.into_iter().rev() {
            next = Some(self.push(Node::Switch { path, children, rest: next }));
        }
        next
    }

    /// The path on which switching is expected to save the most visits, if it saves enough.
    fn best_path(&self, entries: &[Entry], used: &[PathId]) -> Option<PathId> {
        let mut wanted: Vec<(PathId, ValueId)> = Vec::new();
        for entry in entries {
            let fields = self.exact_fields(entry).filter(|(path, _)| !used.contains(path));
            wanted.extend(fields.flat_map(|(path, values)| values.iter().map(move |&value| (path, value))));
        }
        wanted.sort_unstable();
        let saved = |of_path: &[(PathId, ValueId)]| {
            let counts = of_path.chunk_by(|a, b| a == b).map(|group| group.len() as u64);
            let (total, squares) = counts.fold((0, 0), |(total, squares), n| (total + n, squares + n * n));
            // If events have the values as often as rules name them, this many branches are visited in vain.
            (total - u64::div_ceil(squares, total), std::cmp::Reverse(of_path[0].0))
        };
        let best = wanted.chunk_by(|a, b| a.0 == b.0).map(saved).max()?;
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
    fn gate(
        &mut self,
        entries: Vec<Entry>,
        used: &mut Vec<PathId>,
        gated: &mut Vec<PathId>,
    ) -> Option<NodeIndex> {
        if entries.len() <= SMALL {
            return self.groups(entries);
        }
        // Most events have few of the paths that so many branches name.
        let mut users: HashMap<PathId, u32> = HashMap::new();
        for entry in &entries {
            self.required_paths(entry).for_each(|path| *users.entry(path).or_default() += 1);
        }
        let total = entries.len();
        let mut children: HashMap<PathId, Vec<Entry>> = HashMap::new();
        let mut rest = Vec::new();
        for entry in entries {
            let paths = self.required_paths(&entry).filter(|path| !gated.contains(path));
            match paths.min_by_key(|path| (users[path], *path)) {
                Some(path) => children.entry(path).or_default().push(entry),
                None => rest.push(entry),
            }
        }
        let mut children: Vec<_> = children.into_iter().collect();
        children.sort_unstable_by_key(|child| child.0);
        let mut nodes = Vec::with_capacity(children.len());
        for (path, entries) in children {
            // A gate that lets nearly all of them through is not worth another look at them.
            let node = if entries.len() * 2 > total {
                self.groups(entries)
            } else {
                gated.push(path);
                let node = self.node(entries, used, gated);
                gated.pop();
                node
            };
            nodes.extend(node.map(|node| (path, node)));
        }
        let rest = self.groups(rest);
        Some(self.push(Node::Gate { children: nodes.into(), rest }))
    }

    /// The paths without which a branch cannot hold.
    fn required_paths(&self, entry: &Entry) -> impl Iterator<Item = PathId> {
        self.field_tests(entry).filter(|test| !test.absence).map(|test| test.path)
    }

    fn field_tests(&self, entry: &Entry) -> impl Iterator<Item = &FieldTest> {
        let branch = self.decision.branches[entry.branch.index()];
        self.decision.tests_of(branch).iter().map(|&test| self.decision.field_test(test))
    }

    /// The node for branches that are decided one after the other: in one group if nearly all name the same paths,
    /// otherwise in small ones, since a mask has a bit for each branch of its group whether that names the path or not.
    fn groups(&mut self, mut entries: Vec<Entry>) -> Option<NodeIndex> {
        let fields: usize = entries.iter().map(|entry| self.field_tests(entry).count()).sum();
        let paths: HashSet<PathId> =
            entries.iter().flat_map(|entry| self.field_tests(entry).map(|test| test.path)).collect();
        if entries.len() <= SMALL || paths.len() * entries.len() <= fields * 16 {
            return self.group(&entries);
        }
        entries.sort_by_cached_key(|entry| self.field_tests(entry).map(|test| test.path).collect::<Vec<_>>());
        let groups: Box<[NodeIndex]> =
            entries.chunks(SMALL).filter_map(|entries| self.group(entries)).collect();
        Some(self.push(Node::All(groups)))
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
