//! Compiles branches to the decision tree.
//!
//! A set of branches is divided by a switch. If nearly all branches require a named value on one
//! path, the switch tests that path. Otherwise every branch is stored after its most selective
//! field, which the fewest events are expected to satisfy. The literature on publish/subscribe
//! calls that field the access predicate (Fabret et al., "Filtering algorithms and implementation
//! for very fast publish/subscribe systems", SIGMOD 2001).
//!
//! The remaining branches have only fields that many events satisfy. They are stored after gates,
//! each branch after the gate of the rarest path that it requires, and then in groups.

mod entry;
mod selectivity;

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use crate::decision::fingerprint_table;
use crate::decision::group::Group;
use crate::decision::tree::{Candidate, Decision, EqualityEdge, Node, PathEdges, PredicateEdge};
use crate::id::{BranchId, DecisionNodeId, FieldPredicateId, GroupId, PathId, PredicateId};
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::FingerprintFilter;
use crate::predicate::field::FieldPredicate;
use crate::predicate::prefilter::Prefilter;
use crate::table_range::TableRange;
use crate::tuning::{Toggle, Tuning};

use super::group;
use entry::Entry;
use selectivity::Selectivity;

/// At most `FEW` branches are decided one by one.
const FEW: usize = 1;

/// At most `SMALL` branches are not divided: one group costs less than the switch that would divide
/// them.
const SMALL: usize = 64;

/// The maximum number of branches in a group, unless the branches name nearly the same paths.
const GROUP: usize = 256;

/// The maximum number of copies of a branch. Each switch copies a branch to as many children as the
/// branch names values.
const MOST_COPIES: u32 = 64;

/// The maximum number of switches on one path in a row. Every event visits all of them, and the
/// compiler scans all remaining branches for each.
const MOST_SWITCHES: usize = 16;

/// The maximum number of switches and gates on a path from the root. Sets of 100,000 realistic
/// rules have up to five. A level takes stack, and a scan of every field of every branch below it.
const MOST_LEVELS: usize = 16;

/// Builds the nodes and the groups. Returns `None` if they take more than `most_bytes` bytes.
pub(super) fn build(
    decision: &mut Decision,
    predicates: &Predicates,
    tuning: Tuning,
    most_bytes: usize,
) -> Option<()> {
    let all =
        (0..decision.branches.len()).map(|at| Entry { branch: BranchId(at as u32), copies: 1, known: 0 });
    let built = Built::default();
    let mut builder = Builder { decision, predicates, tuning, built, level: 0, bytes: 0, most_bytes };
    let root = builder.node(all.collect(), &mut Vec::new(), &mut Vec::new());
    if builder.is_full() {
        return None;
    }
    let built = builder.built;
    decision.nodes = built.nodes.into();
    decision.path_edges = built.path_edges.into();
    decision.equality_edges = built.equality_edges.into();
    decision.predicate_edges = built.predicate_edges.into();
    decision.residuals = built.residuals.into();
    decision.groups = built.groups.into();
    decision.root = root;
    Some(())
}

/// The nodes and their parts, in the layout of [`Decision`].
#[derive(Default)]
struct Built {
    nodes: Vec<Node>,
    path_edges: Vec<PathEdges>,
    equality_edges: Vec<EqualityEdge>,
    predicate_edges: Vec<PredicateEdge>,
    residuals: Vec<FieldPredicateId>,
    groups: Vec<Group>,
}

struct Builder<'a> {
    decision: &'a Decision,
    predicates: &'a Predicates,
    tuning: Tuning,
    built: Built,
    /// The number of switches and gates between the root and the current node.
    level: usize,
    /// The bytes of nodes, groups and residual field predicates so far, and their limit. A branch
    /// is stored in up to [`MOST_COPIES`] places, so the tree may be much larger than the branches.
    bytes: usize,
    most_bytes: usize,
}

/// The edge to a child of a switch.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Case {
    Equal(ValueId),
    Holds(PredicateId),
}

type Children = BTreeMap<(PathId, Case), Vec<Entry>>;

impl Builder<'_> {
    /// Builds the node for these branches. `used` and `gated` are the paths of the switches and
    /// gates above it. The recursion is at most [`MOST_LEVELS`] calls deep for any branches.
    fn node(
        &mut self,
        mut entries: Vec<Entry>,
        used: &mut Vec<PathId>,
        gated: &mut Vec<PathId>,
    ) -> Option<DecisionNodeId> {
        if self.is_full() {
            return None;
        }
        if self.level == MOST_LEVELS {
            return self.groups(entries);
        }
        self.level += 1;
        let depth = used.len();
        let mut switches = Vec::new();
        while entries.len() > self.tuning.switches.beyond(SMALL) {
            let selectivity = Selectivity::new(self.decision, self.predicates, &entries, used);
            let common = selectivity.common_path(entries.len()).filter(|_| switches.len() < MOST_SWITCHES);
            let (children, rest) = match common {
                Some(path) => self.split(entries, |field, copies| {
                    field.path == path && field.is_exact() && copies * field.ids.len() as u32 <= MOST_COPIES
                }),
                None => self.divide(entries, &selectivity),
            };
            let is_last = common.is_none();
            used.extend(common);
            if !children.is_empty() {
                switches.push(self.children(children, used, gated));
            }
            entries = rest;
            if is_last {
                break;
            }
        }
        let mut next = self.gate(entries, used, gated);
        used.truncate(depth);
        self.level -= 1;
        for edges in switches.into_iter().rev() {
            next = Some(self.push(Node::Switch { edges, rest: next }));
        }
        next
    }

    /// Builds the edges of a switch and the nodes after them. Returns their range in `path_edges`.
    fn children(
        &mut self,
        children: Children,
        used: &mut Vec<PathId>,
        gated: &mut Vec<PathId>,
    ) -> TableRange<PathEdges> {
        let mut built = Vec::with_capacity(children.len());
        for ((path, case), entries) in children {
            used.push(path);
            let node = self.node(entries, used, gated);
            used.pop();
            built.extend(node.map(|node| (path, case, node)));
        }
        let start = self.built.path_edges.len();
        for of_path in built.chunk_by(|a, b| a.0 == b.0) {
            let (first, tested) = (self.built.equality_edges.len(), self.built.predicate_edges.len());
            let mut named = Vec::new();
            for &(_, case, node) in of_path {
                match case {
                    Case::Equal(id) => {
                        let (_, fingerprint) = self.predicates.dictionaries[of_path[0].0.index()].kind(id);
                        named.push(EqualityEdge { fingerprint, id, node });
                    }
                    Case::Holds(test) => {
                        let prefilter = Prefilter::of(&self.predicates.tests[test.index()]);
                        self.built.predicate_edges.push(PredicateEdge { prefilter, test, node });
                    }
                }
            }
            named.sort_unstable_by_key(|case| (case.fingerprint, case.id));
            fingerprint_table::pad(&named, &mut self.built.equality_edges);
            let bits = &self.predicates.bits;
            self.built.predicate_edges[tested..].sort_unstable_by_key(|case| bits[case.test.index()]);
            self.built.path_edges.push(PathEdges {
                path: of_path[0].0,
                filter: FingerprintFilter::of(named.iter().map(|case| case.fingerprint)),
                equality_edges: TableRange::to_end(first, &self.built.equality_edges),
                predicate_edges: TableRange::to_end(tested, &self.built.predicate_edges),
                cost: self.built.predicate_edges[tested..]
                    .iter()
                    .fold(0, |sum: u32, case| sum.saturating_add(case.prefilter.cost())),
            });
        }
        TableRange::to_end(start, &self.built.path_edges)
    }

    /// Moves every branch that has a field for which `is_chosen` returns true to the children of the
    /// field. Returns the children and the other branches.
    fn split(
        &self,
        entries: Vec<Entry>,
        is_chosen: impl Fn(&FieldPredicate, u32) -> bool,
    ) -> (Children, Vec<Entry>) {
        let (mut children, mut rest) = (Children::new(), Vec::new());
        for entry in entries {
            match self.field_tests(&entry).enumerate().find(|(_, field)| is_chosen(field, entry.copies)) {
                Some((at, field)) => put(&mut children, entry, at, field),
                None => rest.push(entry),
            }
        }
        (children, rest)
    }

    /// Moves every branch to the children of its most selective field. Branches whose fields are
    /// all satisfied by many events are not moved. Returns the children and the other branches.
    fn divide(&self, entries: Vec<Entry>, selectivity: &Selectivity<'_>) -> (Children, Vec<Entry>) {
        let (mut children, mut rest) = (Children::new(), Vec::new());
        let most = match self.tuning.switches {
            Toggle::On => f32::INFINITY,
            _ => selectivity.greatest_share(entries.len()),
        };
        for entry in entries {
            let fields = self.field_tests(&entry).enumerate().filter_map(|(at, field)| {
                let is_bounded = (field.ids.len() + field.tests.len()) as u32 * entry.copies <= MOST_COPIES;
                let share = selectivity.share(field).filter(|share| is_bounded && *share <= most)?;
                Some((share, at, field))
            });
            match fields.min_by(|a, b| a.0.total_cmp(&b.0)) {
                Some((_, at, field)) => put(&mut children, entry, at, field),
                None => rest.push(entry),
            }
        }
        (children, rest)
    }

    /// Builds the node for branches that are not divided by values.
    fn gate(
        &mut self,
        entries: Vec<Entry>,
        used: &mut Vec<PathId>,
        gated: &mut Vec<PathId>,
    ) -> Option<DecisionNodeId> {
        if entries.len() <= self.tuning.gates.beyond(GROUP) {
            return self.groups(entries);
        }
        // Most events lack most of the paths that the branches name.
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
            // A gate for more than half of the branches separates few of them, so the branches after
            // it are not divided again.
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

    /// Returns the paths that must be present for a branch to hold.
    fn required_paths(&self, entry: &Entry) -> impl Iterator<Item = PathId> {
        self.field_tests(entry).filter(|test| !test.absence).map(|test| test.path)
    }

    fn field_tests(&self, entry: &Entry) -> impl Iterator<Item = &FieldPredicate> + use<'_> {
        let branch = self.decision.branches[entry.branch.index()];
        self.decision.tests_of(branch).iter().map(|&test| self.decision.field_test(test))
    }

    /// Builds the node for branches that are decided together. The node is one group if nearly all
    /// branches name the same paths, and several small groups otherwise. A mask has a bit for each
    /// branch of its group, even if the branch does not name the path.
    fn groups(&mut self, mut entries: Vec<Entry>) -> Option<DecisionNodeId> {
        let fields: usize = entries.iter().map(|entry| self.field_tests(entry).count()).sum();
        let paths: HashSet<PathId> =
            entries.iter().flat_map(|entry| self.field_tests(entry).map(|test| test.path)).collect();
        if entries.len() <= GROUP || paths.len() * entries.len() <= fields * 16 {
            return self.group(&entries);
        }
        entries.sort_by_cached_key(|entry| self.field_tests(entry).map(|test| test.path).collect::<Vec<_>>());
        let groups: Box<[DecisionNodeId]> =
            entries.chunks(GROUP).filter_map(|entries| self.group(entries)).collect();
        Some(self.push(Node::All(groups)))
    }

    /// Returns true if the tree exceeds its limit. The tree is then incomplete.
    fn is_full(&self) -> bool {
        self.bytes > self.most_bytes
    }

    fn group(&mut self, entries: &[Entry]) -> Option<DecisionNodeId> {
        if entries.is_empty() || self.is_full() {
            return None;
        }
        let few = match self.tuning.groups {
            Toggle::Off => usize::MAX,
            Toggle::Auto => FEW,
            Toggle::On => 0,
        };
        if entries.len() <= few {
            let single = |entry: &Entry| {
                let first = self.built.residuals.len();
                self.built.residuals.extend(open_tests(self.decision, *entry));
                let tests = TableRange::to_end(first, &self.built.residuals);
                self.bytes += size_of_val(tests.of(&self.built.residuals));
                self.push(Node::Branch(Candidate { branch: entry.branch, tests }))
            };
            let nodes: Box<[DecisionNodeId]> = entries.iter().map(single).collect();
            return match *nodes {
                [node] => Some(node),
                _ => Some(self.push(Node::All(nodes))),
            };
        }
        let branches: Vec<_> =
            entries.iter().map(|entry| (entry.branch, open_tests(self.decision, *entry).collect())).collect();
        let Predicates { dictionaries, tests, .. } = self.predicates;
        let group = group::build(&branches, self.decision, dictionaries, tests);
        self.bytes += size_of::<Group>() + group.memory_usage();
        self.built.groups.push(group);
        let group = GroupId(self.built.groups.len() as u32 - 1);
        Some(self.push(Node::Group(group)))
    }

    fn push(&mut self, node: Node) -> DecisionNodeId {
        self.bytes += size_of::<Node>();
        self.built.nodes.push(node);
        DecisionNodeId(self.built.nodes.len() as u32 - 1)
    }
}

/// Returns the residual field predicates of a branch: those that the path through the tree does not
/// imply.
fn open_tests(decision: &Decision, entry: Entry) -> impl Iterator<Item = FieldPredicateId> {
    let known = entry.known;
    let tests = decision.tests_of(decision.branches[entry.branch.index()]);
    let is_open = move |at: usize| at >= 64 || known >> at & 1 == 0;
    tests.iter().enumerate().filter(move |(at, _)| is_open(*at)).map(|(_, &test)| test)
}

/// Appends a branch to the child of each alternative of a field. `at` is the index of the field in
/// the branch.
fn put(children: &mut Children, entry: Entry, at: usize, field: &FieldPredicate) {
    let known = entry.known | 1_u64.checked_shl(at as u32).unwrap_or_default();
    let copies = entry.copies * (field.ids.len() + field.tests.len()) as u32;
    let named = field.ids.iter().map(|&id| Case::Equal(id));
    for case in named.chain(field.tests.iter().map(|&test| Case::Holds(test))) {
        children.entry((field.path, case)).or_default().push(Entry { copies, known, ..entry });
    }
}

#[cfg(test)]
mod tests;
