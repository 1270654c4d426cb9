//! [`Decision`]: a compiled set as a tree of switches, gates, groups and branches.

use crate::id::{BranchId, FieldPredicateId, PathId, PredicateId, RuleId};
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Fingerprint, FingerprintFilter};
use crate::predicate::prefilter::Prefilter;
use crate::predicate::test::FieldPredicate;

use super::choice::Choices;
use super::fingerprint_table::Fingerprinted;
use super::group::Group;

#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) nodes: Box<[Node]>,
    /// The node to begin with, if there are rules.
    pub(crate) root: Option<NodeIndex>,
    pub(crate) cases: Box<[PathEdges]>,
    pub(crate) named: Box<[EqualityEdge]>,
    pub(crate) tested: Box<[PredicateEdge]>,
    /// The field tests that are left to be made of branches which are decided by themselves.
    pub(crate) open: Box<[FieldPredicateId]>,
    pub(crate) groups: Box<[Group]>,
    pub(crate) branches: Box<[Branch]>,
    /// The field tests of all branches, one branch after the other; those of one branch in the order of their paths.
    pub(crate) tests: Box<[FieldPredicateId]>,
    pub(crate) field_tests: Box<[FieldPredicate]>,
    pub(crate) choices: Choices,
    /// The number of rules.
    pub(crate) rules: usize,
}

/// The index of a [`Node`].
pub(crate) type NodeIndex = u32;

#[derive(Debug)]
pub(crate) enum Node {
    /// Goes on by the values of some paths: a range of [`Decision::cases`], in the order of their paths, and where to
    /// go whatever the values.
    Switch { cases: (u32, u32), rest: Option<NodeIndex> },
    /// Goes on to the child of each path that has a value.
    Gate {
        /// In ascending order.
        children: Box<[(PathId, NodeIndex)]>,
        /// Where to go whatever has a value.
        rest: Option<NodeIndex>,
    },
    /// Goes on to each of these.
    All(Box<[NodeIndex]>),
    /// A branch that is decided by itself.
    Branch(Candidate),
    /// The index of a group.
    Group(u32),
}

/// Where a switch goes on if a value is named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EqualityEdge {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) id: ValueId,
    pub(crate) node: NodeIndex,
}

impl Fingerprinted for EqualityEdge {
    #[inline(always)]
    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// Where a switch goes on if a test holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PredicateEdge {
    pub(crate) prefilter: Prefilter,
    pub(crate) test: PredicateId,
    pub(crate) node: NodeIndex,
}

/// What a switch makes of one path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathEdges {
    pub(crate) path: PathId,
    /// Of the fingerprints of the values that are named.
    pub(crate) filter: FingerprintFilter,
    /// A range of [`Decision::named`]: where each value leads, in the order of their fingerprints and numbers, and
    /// [spread](fingerprint_table::pad).
    pub(crate) named: (u32, u32),
    /// A range of [`Decision::tested`]: where each test leads if it holds, in the order of their bits in the index
    /// of the path, if it has one.
    pub(crate) tested: (u32, u32),
    /// That of all these tests.
    pub(crate) cost: u32,
}

/// A branch that is decided by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) branch: BranchId,
    /// A range of [`Decision::open`]: what is satisfied wherever the way leads here is not tested again.
    pub(crate) tests: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) rule: RuleId,
    /// A range of [`Decision::tests`].
    pub(crate) tests: (u32, u32),
    /// Where in [`Choices::lists`] its choices stand; [`Branch::NO_CHOICES`] if it has none.
    pub(crate) choices: u32,
}

impl Branch {
    pub(crate) const NO_CHOICES: u32 = u32::MAX;
}

impl Decision {
    pub(crate) fn tests_of(&self, branch: Branch) -> &[FieldPredicateId] {
        &self.tests[branch.tests.0 as usize..branch.tests.1 as usize]
    }

    pub(crate) fn field_test(&self, test: FieldPredicateId) -> &FieldPredicate {
        &self.field_tests[test.index()]
    }

    /// The bytes of memory behind this value.
    pub(crate) fn memory_usage(&self) -> usize {
        let node = |node: &Node| match node {
            Node::Gate { children, .. } => size_of_val(&**children),
            Node::All(children) => size_of_val(&**children),
            Node::Switch { .. } | Node::Branch(_) | Node::Group(_) => 0,
        };
        let field_test = |test: &FieldPredicate| size_of_val(&*test.ids) + size_of_val(&*test.tests);
        size_of_val(&*self.nodes)
            + self.nodes.iter().map(node).sum::<usize>()
            + size_of_val(&*self.cases)
            + size_of_val(&*self.named)
            + size_of_val(&*self.tested)
            + size_of_val(&*self.open)
            + size_of_val(&*self.groups)
            + self.groups.iter().map(Group::memory_usage).sum::<usize>()
            + size_of_val(&*self.branches)
            + size_of_val(&*self.tests)
            + size_of_val(&*self.field_tests)
            + self.field_tests.iter().map(field_test).sum::<usize>()
            + self.choices.memory_usage()
    }
}
