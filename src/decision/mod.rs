//! From the values of an event to the rules that match.
//!
//! Rules are reached through a tree. A switch looks at the value of one path and goes on to the branches that name it,
//! and besides to those that do not name a value there; a gate goes on only where a path has a value at all. At the
//! ends stand groups of branches, which are decided side by side.

pub(crate) mod group;
mod join;
mod marks;

use crate::error::EventErrorKind;
use crate::event::EventScratch;
use crate::id::{FieldTestId, PathId, RuleId};

use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::ValueId;
use crate::vocabulary::test::FieldTest;

use group::{Group, GroupScratch};
use join::JoinScratch;
use marks::RuleMarks;

#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) nodes: Box<[Node]>,
    /// The node to begin with, if there are rules.
    pub(crate) root: Option<NodeIndex>,
    pub(crate) groups: Box<[Group]>,
    pub(crate) branches: Box<[Branch]>,
    /// The field tests of all branches, one branch after the other; those of one branch in the order of their paths.
    pub(crate) tests: Box<[FieldTestId]>,
    pub(crate) field_tests: Box<[FieldTest]>,
    /// The number of rules.
    pub(crate) rules: usize,
}

/// The index of a [`Node`].
pub(crate) type NodeIndex = u32;

#[derive(Debug)]
pub(crate) enum Node {
    /// Goes on to the child of each value that the path has.
    Switch {
        path: PathId,
        /// In ascending order.
        children: Box<[(ValueId, NodeIndex)]>,
        /// Where to go whatever the value.
        rest: Option<NodeIndex>,
    },
    /// Goes on to the child of each path that has a value.
    Gate {
        /// In ascending order.
        children: Box<[(PathId, NodeIndex)]>,
        /// Where to go whatever has a value.
        rest: Option<NodeIndex>,
    },
    /// Goes on to each of these.
    All(Box<[NodeIndex]>),
    /// The index of a group.
    Group(u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) rule: RuleId,
    /// A range of [`Decision::tests`].
    pub(crate) tests: (u32, u32),
}

impl Decision {
    pub(crate) fn tests_of(&self, branch: Branch) -> &[FieldTestId] {
        &self.tests[branch.tests.0 as usize..branch.tests.1 as usize]
    }

    pub(crate) fn field_test(&self, test: FieldTestId) -> &FieldTest {
        &self.field_tests[test.index()]
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        let node = |node: &Node| match node {
            Node::Switch { children, .. } => size_of_val(&**children),
            Node::Gate { children, .. } => size_of_val(&**children),
            Node::All(children) => size_of_val(&**children),
            Node::Group(_) => 0,
        };
        let field_test = |test: &FieldTest| size_of_val(&*test.ids) + size_of_val(&*test.tests);
        size_of_val(&*self.nodes)
            + self.nodes.iter().map(node).sum::<usize>()
            + size_of_val(&*self.groups)
            + self.groups.iter().map(Group::memory_usage).sum::<usize>()
            + size_of_val(&*self.branches)
            + size_of_val(&*self.tests)
            + size_of_val(&*self.field_tests)
            + self.field_tests.iter().map(field_test).sum::<usize>()
    }
}

/// The memory of a decision.
#[derive(Debug, Default)]
pub(crate) struct DecisionScratch {
    matched: RuleMarks,
    /// The nodes that are to be visited.
    nodes: Vec<NodeIndex>,
    group: GroupScratch,
    join: JoinScratch,
}

impl DecisionScratch {
    pub(crate) fn memory_usage(&self) -> usize {
        self.matched.memory_usage()
            + self.nodes.capacity() * size_of::<NodeIndex>()
            + self.group.memory_usage()
            + self.join.memory_usage()
    }
}

/// How far a decision goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Whether one rule is enough.
    pub(crate) first: bool,
    /// The most steps of the search for consistent elements of arrays.
    pub(crate) work_limit: u64,
}

/// Appends the rules that match to `ids`, in no order, given what was read of the event, whose text is `text`.
pub(crate) fn decide(
    decision: &Decision,
    vocabulary: &Vocabulary,
    text: &[u8],
    extent: Extent,
    event: &mut EventScratch,
    scratch: &mut DecisionScratch,
    ids: &mut Vec<RuleId>,
) -> Result<(), EventErrorKind> {
    let DecisionScratch { matched, nodes, group, join } = scratch;
    matched.next_event(decision.rules);
    let has_elements = event.scopes.len() > 1;
    join.next_event(extent.work_limit);
    nodes.clear();
    nodes.extend(decision.root);
    while let Some(node) = nodes.pop() {
        let at = match &decision.nodes[node as usize] {
            Node::Switch { path, children, rest } => {
                nodes.extend(rest);
                switch(vocabulary, event, text, *path, children, nodes);
                continue;
            }
            Node::Gate { children, rest } => {
                nodes.extend(rest);
                gate(event, children, nodes);
                continue;
            }
            Node::All(children) => {
                nodes.extend_from_slice(children);
                continue;
            }
            Node::Group(at) => *at,
        };
        let candidates = &decision.groups[at as usize];
        if !candidates.decide(vocabulary, event, text, group) {
            continue;
        }
        for (word, &bits) in group.live().iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let branch = decision.branches[candidates.branches[word * 64 + bit].index()];
                let tests = decision.tests_of(branch);
                if matched.contains(branch.rule)
                    || has_elements
                        && needs_choice(decision, tests, event)
                        && !join.is_consistent(decision, vocabulary, tests, event, text)?
                {
                    continue;
                }
                matched.insert(branch.rule);
                ids.push(branch.rule);
                if extent.first {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

fn switch(
    vocabulary: &Vocabulary,
    event: &mut EventScratch,
    text: &[u8],
    path: PathId,
    children: &[(ValueId, NodeIndex)],
    nodes: &mut Vec<NodeIndex>,
) {
    let first_new = nodes.len();
    let mut next = event.slot(path).first;
    while let Some(leaf) = next {
        next = event.leaves[leaf as usize].next();
        let (value, _) = event.value(vocabulary, text, leaf);
        for id in [value.id, value.address] {
            if id == ValueId::UNKNOWN {
                continue;
            }
            if let Ok(at) = children.binary_search_by_key(&id, |child| child.0) {
                nodes.push(children[at].1);
            }
        }
    }
    // Several values of one path may lead to one child.
    if nodes.len() > first_new + 1 {
        nodes[first_new..].sort_unstable();
        let mut kept = first_new;
        for at in first_new + 1..nodes.len() {
            if nodes[at] != nodes[kept] {
                kept += 1;
                nodes[kept] = nodes[at];
            }
        }
        nodes.truncate(kept + 1);
    }
}

fn gate(event: &EventScratch, children: &[(PathId, NodeIndex)], nodes: &mut Vec<NodeIndex>) {
    if children.len() <= event.present.len() {
        nodes
            .extend(children.iter().filter(|child| event.slot(child.0).first.is_some()).map(|child| child.1));
        return;
    }
    for path in &event.present {
        if let Ok(at) = children.binary_search_by_key(path, |child| child.0) {
            nodes.push(children[at].1);
        }
    }
}

/// Whether it takes a choice of array elements to tell if these tests, which hold one by one, hold together: leaves
/// inside elements bear on two of them, or on the absence of one.
fn needs_choice(decision: &Decision, tests: &[FieldTestId], event: &EventScratch) -> bool {
    let mut bearing = 0;
    for &test in tests {
        let test = decision.field_test(test);
        if event.slot(test.path).inside {
            bearing += if test.absence { 2 } else { 1 };
        }
    }
    bearing >= 2
}
