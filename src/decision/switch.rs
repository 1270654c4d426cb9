//! From the values of some paths to the nodes behind them.

use crate::event::EventScratch;
use crate::predicate::Predicates;
use crate::predicate::dictionary::ValueId;
use crate::predicate::digest::Digest;
use crate::predicate::prefilter::Verdict;
use crate::work::TEST;

use super::epoch_set::EpochSet;
use super::fingerprint_table;
use super::{Decision, EqualityEdge, NodeIndex, PathEdges, PredicateEdge};

/// The means of going on from a switch.
pub(super) struct Switch<'a> {
    pub(super) decision: &'a Decision,
    pub(super) predicates: &'a Predicates,
    pub(super) text: &'a [u8],
    pub(super) visited: &'a mut EpochSet,
    pub(super) nodes: &'a mut Vec<NodeIndex>,
}

impl Switch<'_> {
    /// Goes on to where the values of the event lead.
    pub(super) fn take(&mut self, cases: &[PathEdges], event: &mut EventScratch) {
        event.work.spend(cases.len().min(event.leaves.len()) as u64);
        if cases.len() <= event.leaves.len() * 2 {
            for cases in cases {
                self.leaves(cases, event);
            }
            return;
        }
        for at in 0..event.present().len() {
            let path = event.present()[at];
            if let Ok(at) = cases.binary_search_by_key(&path, |cases| cases.path) {
                self.leaves(&cases[at], event);
            }
        }
    }

    /// Goes on to where the leaves of a path lead.
    #[inline(always)]
    fn leaves(&mut self, cases: &PathEdges, event: &mut EventScratch) {
        let Some(first) = event.slot(cases.path).first() else { return };
        if cases.named.0 < cases.named.1 {
            self.named(cases, first, event);
        }
        if cases.tested.0 < cases.tested.1 {
            self.tested(cases, first, event);
        }
    }

    /// Goes on to where the values of a path lead, from the first of its leaves on.
    #[inline(always)]
    fn named(&mut self, cases: &PathEdges, first: u32, event: &mut EventScratch) {
        let Switch { decision, predicates, text, .. } = *self;
        let named = &decision.named[cases.named.0 as usize..cases.named.1 as usize];
        let mut next = Some(first);
        while let Some(leaf) = next {
            next = event.leaves[leaf as usize].next();
            event.work.spend(TEST);
            let &Digest { fingerprint, address_fingerprint, .. } = event.digest(predicates, text, leaf);
            if cases.filter.may_have(fingerprint)
                && let Some(same) = fingerprint_table::equal_range(named, fingerprint)
            {
                let (id, _) = event.ids(predicates, text, leaf);
                self.value(same, id);
            }
            if cases.filter.may_have(address_fingerprint)
                && let Some(same) = fingerprint_table::equal_range(named, address_fingerprint)
            {
                let (_, id) = event.ids(predicates, text, leaf);
                self.value(same, id);
            }
            if next.is_some() && event.work.is_exhausted() {
                return;
            }
        }
    }

    /// Goes on to where the tests lead that hold on a path, from the first of its leaves on.
    #[inline(always)]
    fn tested(&mut self, cases: &PathEdges, first: u32, event: &mut EventScratch) {
        let Switch { decision, predicates, text, .. } = *self;
        let tested = &decision.tested[cases.tested.0 as usize..cases.tested.1 as usize];
        if predicates.may_prefer_index(cases.cost)
            && let Some(satisfied) = event.satisfied(predicates, text, cases.path, cases.cost)
        {
            let looks = tested.len().min(satisfied.len() * 8);
            self.classified(tested, satisfied);
            event.work.spend(looks as u64);
            return;
        }
        let mut next = Some(first);
        while let Some(leaf) = next {
            next = event.leaves[leaf as usize].next();
            event.work.spend(tested.len() as u64);
            let digest = *event.digest(predicates, text, leaf);
            for PredicateEdge { prefilter, test, node } in tested {
                let holds = match prefilter.check(&digest) {
                    Verdict::Reject => false,
                    Verdict::Accept => true,
                    Verdict::Verify => {
                        !self.visited.contains(*node as usize) && event.holds(predicates, text, leaf, *test)
                    }
                };
                if holds {
                    self.visit(*node);
                }
            }
            if next.is_some() && event.work.is_exhausted() {
                return;
            }
        }
    }

    /// Goes on to where a value leads, if it does; all cases have its fingerprint.
    fn value(&mut self, same: &[EqualityEdge], id: ValueId) {
        if let Ok(at) = same.binary_search_by_key(&id, |case| case.id) {
            self.visit(same[at].node);
        }
    }

    /// Goes on to where tests lead that hold, given as bits.
    fn classified(&mut self, tested: &[PredicateEdge], satisfied: &[u64]) {
        let bits = &self.predicates.bits;
        let bit = |case: &PredicateEdge| bits[case.test.index()];
        // Of many nodes that ask for a few of many tests each, none may look at all of them.
        if tested.len() <= satisfied.len() {
            for case in tested {
                if satisfied[bit(case) as usize / 64] >> (bit(case) % 64) & 1 == 1 {
                    self.visit(case.node);
                }
            }
            return;
        }
        let mut rest = tested;
        for (word, &all) in satisfied.iter().enumerate() {
            let mut left = all;
            while left != 0 {
                let wanted = word as u32 * 64 + left.trailing_zeros();
                left &= left - 1;
                // Neither list is much longer than the other for long, so the next place is near.
                let skipped = rest.iter().take(8).take_while(|case| bit(case) < wanted).count();
                rest = &rest[skipped..];
                if skipped == 8 {
                    rest = &rest[rest.partition_point(|case| bit(case) < wanted)..];
                }
                match rest.first() {
                    None => return,
                    Some(case) if bit(case) == wanted => self.visit(case.node),
                    Some(case) if bit(case) / 64 > word as u32 => break,
                    Some(_) => {}
                }
            }
        }
    }

    /// Goes on to a node, once however many values lead there.
    fn visit(&mut self, node: NodeIndex) {
        if !self.visited.contains(node as usize) {
            self.visited.insert(node as usize);
            self.nodes.push(node);
        }
    }
}
