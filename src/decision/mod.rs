//! Decision: from the values of an event to the rules that match.
//!
//! The rules are in a tree. A switch looks up the values of some paths. The switch visits the
//! children of the named values that occur, and of the predicates that hold. A gate visits the
//! child of each path that has a value. At the ends of the tree are branches, which are decided one
//! by one, and groups, whose branches are decided together. A branch with factored `$or`s is
//! checked for them last.

pub(crate) mod choice;
mod consistency;
mod epoch_set;
pub(crate) mod fingerprint_table;
pub(crate) mod group;
mod report;
mod switch;
pub(crate) mod tree;

use crate::error::EventErrorKind;
use crate::evaluate::Evaluator;
use crate::id::{DecisionNodeId, PathId, RuleId};
use crate::work::TEST;

use choice::ChoiceScratch;
use consistency::ConsistencyScratch;
use epoch_set::EpochSet;
use group::GroupScratch;
use report::Report;
use switch::Switch;
use tree::{Decision, Node};

/// The memory of a decision.
#[derive(Debug, Default)]
pub(crate) struct DecisionScratch {
    matched: EpochSet,
    /// The nodes that are still to be visited.
    nodes: Vec<DecisionNodeId>,
    /// The nodes that a switch has added to `nodes`.
    visited: EpochSet,
    group: GroupScratch,
    choice: ChoiceScratch,
    consistency: ConsistencyScratch,
}

impl DecisionScratch {
    pub(crate) fn memory_usage(&self) -> usize {
        self.matched.memory_usage()
            + self.nodes.capacity() * size_of::<DecisionNodeId>()
            + self.visited.memory_usage()
            + self.group.memory_usage()
            + self.choice.memory_usage()
            + self.consistency.memory_usage()
    }
}

/// The extent of a decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SearchOptions {
    /// True if the decision may stop after the first rule.
    pub(crate) earliest: bool,
}

/// Appends the rules that match to `ids`, in no order. Returns an error if the event takes too much
/// work.
pub(crate) fn decide(
    decision: &Decision,
    evaluator: &mut Evaluator<'_>,
    options: SearchOptions,
    scratch: &mut DecisionScratch,
    ids: &mut Vec<RuleId>,
) -> Result<(), EventErrorKind> {
    let DecisionScratch { matched, nodes, visited, group, choice, consistency } = scratch;
    matched.next_event(decision.rules);
    visited.next_event(decision.nodes.len());
    choice.next_event(&decision.choices);
    consistency.next_event();
    nodes.clear();
    nodes.extend(decision.root);
    let has_elements = evaluator.event.scopes.len() > 1;
    let mut report = Report { decision, has_elements, matched, choice, consistency, ids };
    while let Some(node) = nodes.pop() {
        evaluator.work.spend(TEST);
        match &decision.nodes[node.index()] {
            Node::Switch { edges, rest } => {
                nodes.extend(rest);
                let edges = edges.of(&decision.path_edges);
                Switch { decision, visited, nodes }.visit_children(edges, evaluator);
            }
            Node::Gate { children, rest } => {
                nodes.extend(rest);
                gate(evaluator, children, nodes);
            }
            Node::All(children) => {
                evaluator.work.spend(children.len() as u64);
                nodes.extend_from_slice(children);
            }
            Node::Branch(candidate) => {
                if report.satisfies_tests(candidate, evaluator) {
                    report.branch(candidate.branch, evaluator)?;
                }
            }
            Node::Group(id) => {
                let members = &decision.groups[id.index()];
                let any = members.decide(evaluator, group);
                for (word, &bits) in group.live().iter().enumerate().filter(|_| any) {
                    let mut bits = bits;
                    while bits != 0 {
                        let bit = bits.trailing_zeros() as usize;
                        bits &= bits - 1;
                        report.branch(members.branches[word * 64 + bit], evaluator)?;
                    }
                }
            }
        }
        evaluator.check_budget()?;
        if options.earliest && !report.ids.is_empty() {
            break;
        }
    }
    Ok(())
}

fn gate(
    evaluator: &mut Evaluator<'_>,
    children: &[(PathId, DecisionNodeId)],
    nodes: &mut Vec<DecisionNodeId>,
) {
    evaluator.work.spend(children.len().min(evaluator.event.leaves.len()) as u64);
    if children.len() <= evaluator.event.leaves.len() {
        nodes.extend(
            children
                .iter()
                .filter(|child| evaluator.event.leaves_of(child.0).first().is_some())
                .map(|child| child.1),
        );
        return;
    }
    for path in evaluator.event.present() {
        if let Ok(at) = children.binary_search_by_key(path, |child| child.0) {
            nodes.push(children[at].1);
        }
    }
}

#[cfg(test)]
mod tests;
