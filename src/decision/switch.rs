//! [`Switch`]: visits the children of a switch that the values of an event select.

use crate::evaluate::{Evaluator, Satisfied};
use crate::id::{DecisionNodeId, LeafId};
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::Digest;
use crate::predicate::prefilter::Verdict;
use crate::work::TEST;

use super::epoch_set::EpochSet;
use super::fingerprint_table;
use super::tree::{Decision, EqualityEdge, PathEdges, PredicateEdge};

/// The state that a switch changes.
pub(super) struct Switch<'a> {
    pub(super) decision: &'a Decision,
    pub(super) visited: &'a mut EpochSet,
    pub(super) nodes: &'a mut Vec<DecisionNodeId>,
}

impl Switch<'_> {
    /// Visits the children that the values of the event select.
    pub(super) fn visit_children(&mut self, edges: &[PathEdges], evaluator: &mut Evaluator<'_>) {
        evaluator.work.spend(edges.len().min(evaluator.event.leaves.len()) as u64);
        if edges.len() <= evaluator.event.leaves.len() * 2 {
            for edges in edges {
                self.visit_path(edges, evaluator);
            }
            return;
        }
        for at in 0..evaluator.event.present().len() {
            let path = evaluator.event.present()[at];
            if let Ok(at) = edges.binary_search_by_key(&path, |edges| edges.path) {
                self.visit_path(&edges[at], evaluator);
            }
        }
    }

    /// Visits the children that the leaves of a path select.
    #[inline(always)]
    fn visit_path(&mut self, edges: &PathEdges, evaluator: &mut Evaluator<'_>) {
        let Some(first) = evaluator.event.leaves_of(edges.path).first() else { return };
        if !edges.equality_edges.is_empty() {
            self.visit_equal(edges, first, evaluator);
        }
        if !edges.predicate_edges.is_empty() {
            self.visit_satisfied(edges, first, evaluator);
        }
    }

    /// Visits the children of the values of a path. `first` is its first leaf.
    #[inline(always)]
    fn visit_equal(&mut self, edges: &PathEdges, first: LeafId, evaluator: &mut Evaluator<'_>) {
        let decision = self.decision;
        let named = edges.equality_edges.of(&decision.equality_edges);
        let mut next = Some(first);
        while let Some(leaf) = next {
            next = evaluator.event.next(leaf);
            evaluator.work.spend(TEST);
            let &Digest { fingerprint, address_fingerprint, .. } = evaluator.digest(leaf);
            if edges.filter.may_have(fingerprint)
                && let Some(same) = fingerprint_table::equal_range(named, fingerprint)
            {
                let (id, _) = evaluator.ids(leaf);
                self.visit_value(same, id);
            }
            if edges.filter.may_have(address_fingerprint)
                && let Some(same) = fingerprint_table::equal_range(named, address_fingerprint)
            {
                let (_, id) = evaluator.ids(leaf);
                self.visit_value(same, id);
            }
            if next.is_some() && evaluator.work.is_exhausted() {
                return;
            }
        }
    }

    /// Visits the children of the predicates that hold on a path. `first` is its first leaf.
    #[inline(always)]
    fn visit_satisfied(&mut self, edges: &PathEdges, first: LeafId, evaluator: &mut Evaluator<'_>) {
        let decision = self.decision;
        let tested = edges.predicate_edges.of(&decision.predicate_edges);
        let predicates = evaluator.predicates();
        if predicates.may_prefer_index(edges.cost)
            && let Some(satisfied) = evaluator.satisfied(edges.path, edges.cost)
        {
            let probes = tested.len().min(satisfied.words().len() * 8);
            self.visit_bits(tested, &predicates.bits, satisfied);
            evaluator.work.spend(probes as u64);
            return;
        }
        let mut next = Some(first);
        while let Some(leaf) = next {
            next = evaluator.event.next(leaf);
            evaluator.work.spend(tested.len() as u64);
            let digest = *evaluator.digest(leaf);
            for PredicateEdge { prefilter, test, node } in tested {
                let holds = match prefilter.check(&digest) {
                    Verdict::Reject => false,
                    Verdict::Accept => true,
                    Verdict::Verify => !self.visited.contains(node.index()) && evaluator.holds(leaf, *test),
                };
                if holds {
                    self.visit(*node);
                }
            }
            if next.is_some() && evaluator.work.is_exhausted() {
                return;
            }
        }
    }

    /// Visits the child of a value, if there is one. All edges must have the fingerprint of the
    /// value.
    fn visit_value(&mut self, same: &[EqualityEdge], id: ValueId) {
        if let Ok(at) = same.binary_search_by_key(&id, |edge| edge.id) {
            self.visit(same[at].node);
        }
    }

    /// Visits the children of the predicates whose bits are set.
    fn visit_bits(&mut self, tested: &[PredicateEdge], bits: &[u32], satisfied: Satisfied<'_>) {
        let bit = |edge: &PredicateEdge| bits[edge.test.index()];
        // A node with few of many predicates must not visit all words, because there may be many
        // such nodes.
        if tested.len() <= satisfied.words().len() {
            for edge in tested {
                if satisfied.has(bit(edge)) {
                    self.visit(edge.node);
                }
            }
            return;
        }
        let mut rest = tested;
        for (word, &all) in satisfied.words().iter().enumerate() {
            let mut left = all;
            while left != 0 {
                let wanted = word as u32 * 64 + left.trailing_zeros();
                left &= left - 1;
                // The two lists have similar lengths here, so the next edge is near in most cases.
                let skipped = rest.iter().take(8).take_while(|edge| bit(edge) < wanted).count();
                rest = &rest[skipped..];
                if skipped == 8 {
                    rest = &rest[rest.partition_point(|edge| bit(edge) < wanted)..];
                }
                match rest.first() {
                    None => return,
                    Some(edge) if bit(edge) == wanted => self.visit(edge.node),
                    Some(edge) if bit(edge) / 64 > word as u32 => break,
                    Some(_) => {}
                }
            }
        }
    }

    /// Adds a node to the list, unless it was added before.
    fn visit(&mut self, node: DecisionNodeId) {
        if !self.visited.contains(node.index()) {
            self.visited.insert(node.index());
            self.nodes.push(node);
        }
    }
}
