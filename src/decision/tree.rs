//! [`Decision`]: a compiled set as a tree of switches, gates, groups and branches.

use crate::id::{BranchId, DecisionNodeId, FieldPredicateId, GroupId, PathId, PredicateId, RuleId};
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Fingerprint, FingerprintFilter};
use crate::predicate::field::FieldPredicate;
use crate::predicate::prefilter::Prefilter;
use crate::table_range::TableRange;

use super::choice::Choices;
use super::fingerprint_table::Fingerprinted;
use super::group::Group;

#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) nodes: Box<[Node]>,
    /// The first node, if there are rules.
    pub(crate) root: Option<DecisionNodeId>,
    pub(crate) path_edges: Box<[PathEdges]>,
    pub(crate) equality_edges: Box<[EqualityEdge]>,
    pub(crate) predicate_edges: Box<[PredicateEdge]>,
    /// The residual field tests of candidates.
    pub(crate) residuals: Box<[FieldPredicateId]>,
    pub(crate) groups: Box<[Group]>,
    pub(crate) branches: Box<[Branch]>,
    /// The field tests of all branches, one branch after the other. The tests of one branch have
    /// the order of their paths.
    pub(crate) tests: Box<[FieldPredicateId]>,
    pub(crate) field_tests: Box<[FieldPredicate]>,
    pub(crate) choices: Choices,
    /// The number of rules.
    pub(crate) rules: usize,
}

#[derive(Debug)]
pub(crate) enum Node {
    /// Visits the children that the values of some paths select, and `rest` in any case. The edges
    /// are a range of [`Decision::path_edges`] in the order of their paths.
    Switch { edges: TableRange<PathEdges>, rest: Option<DecisionNodeId> },
    /// Visits the child of each path that has a value, and `rest` in any case.
    Gate {
        /// The children in ascending order of their paths.
        children: Box<[(PathId, DecisionNodeId)]>,
        /// The child that is always visited.
        rest: Option<DecisionNodeId>,
    },
    /// Visits all children.
    All(Box<[DecisionNodeId]>),
    /// Decides one branch.
    Branch(Candidate),
    /// Decides a group.
    Group(GroupId),
}

/// The edge of a switch for values that equal a named value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EqualityEdge {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) id: ValueId,
    pub(crate) node: DecisionNodeId,
}

impl Fingerprinted for EqualityEdge {
    #[inline(always)]
    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// The edge of a switch for values that satisfy a predicate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PredicateEdge {
    pub(crate) prefilter: Prefilter,
    pub(crate) test: PredicateId,
    pub(crate) node: DecisionNodeId,
}

/// The edges of a switch on one path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathEdges {
    pub(crate) path: PathId,
    /// A filter of the fingerprints of the named values.
    pub(crate) filter: FingerprintFilter,
    /// A range of [`Decision::equality_edges`], sorted by fingerprint and id, and
    /// [padded](super::fingerprint_table::pad).
    pub(crate) equality_edges: TableRange<EqualityEdge>,
    /// A range of [`Decision::predicate_edges`], sorted by the bits of the predicates in the index
    /// of the path if it has one.
    pub(crate) predicate_edges: TableRange<PredicateEdge>,
    /// The cost of evaluating all predicates.
    pub(crate) cost: u32,
}

/// A branch that is decided by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) branch: BranchId,
    /// The residual tests: a range of [`Decision::residuals`]. Tests that hold on every way to the
    /// candidate are left out.
    pub(crate) tests: TableRange<FieldPredicateId>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) rule: RuleId,
    /// A range of [`Decision::tests`].
    pub(crate) tests: TableRange<FieldPredicateId>,
    /// The start in [`Choices::lists`] of the list of its factored `$or`s, or
    /// [`Branch::NO_CHOICES`].
    pub(crate) choices: u32,
}

impl Branch {
    pub(crate) const NO_CHOICES: u32 = u32::MAX;
}

impl Decision {
    pub(crate) fn tests_of(&self, branch: Branch) -> &[FieldPredicateId] {
        branch.tests.of(&self.tests)
    }

    pub(crate) fn field_test(&self, test: FieldPredicateId) -> &FieldPredicate {
        &self.field_tests[test.index()]
    }

    /// Returns the number of bytes that the decision has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.tree_bytes() + self.group_bytes() + self.branch_bytes() + self.field_test_bytes()
    }

    /// Returns the number of bytes of the nodes with their edges.
    pub(crate) fn tree_bytes(&self) -> usize {
        let node = |node: &Node| match node {
            Node::Gate { children, .. } => size_of_val(&**children),
            Node::All(children) => size_of_val(&**children),
            Node::Switch { .. } | Node::Branch(_) | Node::Group(_) => 0,
        };
        size_of_val(&*self.nodes)
            + self.nodes.iter().map(node).sum::<usize>()
            + size_of_val(&*self.path_edges)
            + size_of_val(&*self.equality_edges)
            + size_of_val(&*self.predicate_edges)
            + size_of_val(&*self.residuals)
    }

    /// Returns the number of bytes of the groups.
    pub(crate) fn group_bytes(&self) -> usize {
        size_of_val(&*self.groups) + self.groups.iter().map(Group::memory_usage).sum::<usize>()
    }

    /// Returns the number of bytes of the branches with their factored `$or`s.
    pub(crate) fn branch_bytes(&self) -> usize {
        size_of_val(&*self.branches) + size_of_val(&*self.tests) + self.choices.memory_usage()
    }

    /// Returns the number of bytes of the lists of alternatives.
    pub(crate) fn field_test_bytes(&self) -> usize {
        let field_test = |test: &FieldPredicate| size_of_val(&*test.ids) + size_of_val(&*test.tests);
        size_of_val(&*self.field_tests) + self.field_tests.iter().map(field_test).sum::<usize>()
    }
}
