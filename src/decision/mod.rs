//! From the values of an event to the rules that match.
//!
//! Rules are reached through a tree. A switch looks at the values of some paths and goes on to the branches behind each
//! value that is named and each test that holds; a gate goes on only where a path has a value at all. At the ends stand
//! branches that are decided one by one, and groups, whose branches are decided side by side. A branch with choices has to
//! make them in the end.

pub(crate) mod choice;
mod consistency;
mod epoch_set;
pub(crate) mod fingerprint_table;
pub(crate) mod group;
mod switch;

use crate::error::EventErrorKind;
use crate::event::EventScratch;
use crate::id::{BranchId, FieldPredicateId, PathId, PredicateId, RuleId};

use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::{Fingerprint, FingerprintFilter};
use crate::predicate::prefilter::Prefilter;
use crate::predicate::test::FieldPredicate;
use crate::work::TEST;

use choice::{ChoiceScratch, Choices};
use consistency::JoinScratch;
use epoch_set::EpochSet;
use group::{Group, GroupScratch};
use switch::Switch;

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

impl fingerprint_table::Fingerprinted for EqualityEdge {
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

/// The memory of a decision.
#[derive(Debug, Default)]
pub(crate) struct DecisionScratch {
    matched: EpochSet,
    /// The nodes that are to be visited.
    nodes: Vec<NodeIndex>,
    /// The nodes that a switch has led to.
    visited: EpochSet,
    group: GroupScratch,
    choice: ChoiceScratch,
    join: JoinScratch,
}

impl DecisionScratch {
    pub(crate) fn memory_usage(&self) -> usize {
        self.matched.memory_usage()
            + self.nodes.capacity() * size_of::<NodeIndex>()
            + self.visited.memory_usage()
            + self.group.memory_usage()
            + self.choice.memory_usage()
            + self.join.memory_usage()
    }
}

/// How far a decision goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SearchOptions {
    /// Whether one rule is enough.
    pub(crate) earliest: bool,
}

/// Appends the rules that match to `ids`, in no order, given what was read of the event, whose text is `text`.
pub(crate) fn decide(
    decision: &Decision,
    predicates: &Predicates,
    text: &[u8],
    options: SearchOptions,
    event: &mut EventScratch,
    scratch: &mut DecisionScratch,
    ids: &mut Vec<RuleId>,
) -> Result<(), EventErrorKind> {
    let DecisionScratch { matched, nodes, visited, group, choice, join } = scratch;
    matched.next_event(decision.rules);
    visited.next_event(decision.nodes.len());
    choice.next_event(decision);
    join.next_event();
    nodes.clear();
    nodes.extend(decision.root);
    let has_elements = event.scopes.len() > 1;
    let mut report = Report { decision, predicates, text, has_elements, matched, choice, join, ids };
    while let Some(node) = nodes.pop() {
        event.work.spend(TEST);
        match &decision.nodes[node as usize] {
            Node::Switch { cases, rest } => {
                nodes.extend(rest);
                let cases = &decision.cases[cases.0 as usize..cases.1 as usize];
                Switch { decision, predicates, text, visited, nodes }.take(cases, event);
            }
            Node::Gate { children, rest } => {
                nodes.extend(rest);
                gate(event, children, nodes);
            }
            Node::All(children) => {
                event.work.spend(children.len() as u64);
                nodes.extend_from_slice(children);
            }
            Node::Branch(single) => {
                if report.satisfies_tests(single, event) {
                    report.branch(single.branch, event)?;
                }
            }
            Node::Group(at) => {
                let candidates = &decision.groups[*at as usize];
                let any = candidates.decide(predicates, event, text, group);
                for (word, &bits) in group.live().iter().enumerate().filter(|_| any) {
                    let mut bits = bits;
                    while bits != 0 {
                        let bit = bits.trailing_zeros() as usize;
                        bits &= bits - 1;
                        report.branch(candidates.branches[word * 64 + bit], event)?;
                    }
                }
            }
        }
        if event.work.is_exhausted() {
            return Err(EventErrorKind::TooMuchWork { limit: event.work.limit() });
        }
        if options.earliest && !report.ids.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Where branches go whose tests hold one by one.
struct Report<'a> {
    decision: &'a Decision,
    predicates: &'a Predicates,
    text: &'a [u8],
    /// Whether values stand in elements of arrays, so that it matters which.
    has_elements: bool,
    matched: &'a mut EpochSet,
    choice: &'a mut ChoiceScratch,
    join: &'a mut JoinScratch,
    ids: &'a mut Vec<RuleId>,
}

impl Report<'_> {
    /// Whether the field tests of a branch hold one by one.
    fn satisfies_tests(&self, single: &Candidate, event: &mut EventScratch) -> bool {
        let tests = &self.decision.open[single.tests.0 as usize..single.tests.1 as usize];
        tests.iter().all(|&test| self.passes(test, event))
    }

    /// Whether a field test holds by itself.
    #[inline]
    fn passes(&self, test: FieldPredicateId, event: &mut EventScratch) -> bool {
        let Report { decision, predicates, text, .. } = *self;
        let test = decision.field_test(test);
        let slot = event.slot(test.path);
        // A path whose leaves are all inside elements of arrays may be absent from the elements that are chosen.
        if test.absence && (slot.first().is_none() || slot.inside) {
            return true;
        }
        event.any_satisfies(predicates, text, test)
    }

    /// Reports the rule of a branch whose tests hold one by one, if they hold together, and its choices with them.
    fn branch(&mut self, branch: BranchId, event: &mut EventScratch) -> Result<(), EventErrorKind> {
        event.work.spend(TEST);
        let branch = self.decision.branches[branch.index()];
        if self.matched.contains(branch.rule.as_usize()) {
            return Ok(());
        }
        let holds = if branch.choices == Branch::NO_CHOICES {
            !self.has_elements || self.holds_in_elements(self.decision.tests_of(branch), event)?
        } else {
            self.holds_with_choices(branch, event)?
        };
        if holds {
            self.matched.insert(branch.rule.as_usize());
            self.ids.push(branch.rule);
        }
        Ok(())
    }

    /// Whether tests, which are in the order of their paths and hold one by one, hold together where values stand in elements
    /// of arrays.
    fn holds_in_elements(
        &mut self,
        tests: &[FieldPredicateId],
        event: &mut EventScratch,
    ) -> Result<bool, EventErrorKind> {
        Ok(!needs_choice(self.decision, tests, event)
            || self.join.is_consistent(self.decision, self.predicates, tests, event, self.text)?)
    }
}

fn gate(event: &mut EventScratch, children: &[(PathId, NodeIndex)], nodes: &mut Vec<NodeIndex>) {
    event.work.spend(children.len().min(event.leaves.len()) as u64);
    if children.len() <= event.leaves.len() {
        nodes.extend(
            children.iter().filter(|child| event.slot(child.0).first().is_some()).map(|child| child.1),
        );
        return;
    }
    for path in event.present() {
        if let Ok(at) = children.binary_search_by_key(path, |child| child.0) {
            nodes.push(children[at].1);
        }
    }
}

/// Whether it takes a choice of array elements to tell if these tests, which hold one by one, hold together: leaves
/// inside elements bear on two of them, or on the absence of one.
fn needs_choice(decision: &Decision, tests: &[FieldPredicateId], event: &EventScratch) -> bool {
    let mut bearing = 0;
    for &test in tests {
        let test = decision.field_test(test);
        if event.slot(test.path).inside {
            bearing += if test.absence { 2 } else { 1 };
        }
    }
    bearing >= 2
}

#[cfg(test)]
mod tests;
