//! The bounds of the tree: levels, copies of a branch, masks of groups, and bytes.

use super::{MOST_COPIES, MOST_LEVELS};
use crate::automaton::Automaton;
use crate::compile::{SizeLimits, compile};
use crate::decision::group::Group;
use crate::decision::tree::{Decision, Node};
use crate::id::DecisionNodeId;
use crate::rules::RuleSet;
use crate::tuning::{Toggle, Tuning};

fn automaton(patterns: impl IntoIterator<Item = String>, tuning: Tuning) -> Automaton {
    let mut rules = RuleSet::new();
    for pattern in patterns {
        rules.add(&pattern).unwrap();
    }
    compile(&rules, SizeLimits { set: usize::MAX, rule: usize::MAX }, tuning).unwrap()
}

fn switches(switches: Toggle) -> Tuning {
    let mut tuning = Tuning::default();
    (tuning.switches, tuning.gates) = (switches, Toggle::Off);
    tuning
}

/// Returns the most switches on a path from the root, and for each branch its copies in the tree.
fn walk(decision: &Decision) -> (usize, Vec<u32>) {
    let mut copies = vec![0; decision.branches.len()];
    let mut deepest = 0;
    let mut open: Vec<(DecisionNodeId, usize)> = decision.root.map(|root| (root, 0)).into_iter().collect();
    while let Some((node, level)) = open.pop() {
        deepest = deepest.max(level);
        match &decision.nodes[node.index()] {
            Node::Switch { edges: range, rest } => {
                open.extend(rest.map(|rest| (rest, level)));
                for edges in range.of(&decision.path_edges) {
                    // The table may hold an edge several times, as padding.
                    let named = edges.equality_edges.of(&decision.equality_edges);
                    let mut nodes: Vec<_> = named.iter().map(|edge| edge.node).collect();
                    nodes.dedup();
                    let tested = edges.predicate_edges.of(&decision.predicate_edges);
                    nodes.extend(tested.iter().map(|edge| edge.node));
                    open.extend(nodes.into_iter().map(|node| (node, level + 1)));
                }
            }
            Node::Gate { children, rest } => {
                open.extend(rest.map(|rest| (rest, level)));
                open.extend(children.iter().map(|child| (child.1, level + 1)));
            }
            Node::All(children) => open.extend(children.iter().map(|child| (*child, level))),
            Node::Branch(single) => copies[single.branch.index()] += 1,
            Node::Group(id) => {
                decision.groups[id.index()].branches.iter().for_each(|branch| copies[branch.index()] += 1);
            }
        }
    }
    (deepest, copies)
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn levels_are_bounded() {
    let field = |rule: usize, at: usize| format!(r#""f{at}":[{}]"#, if at == 39 { rule } else { 1 });
    let pattern = |rule: usize| {
        let fields: Vec<String> = (0..40).map(|at| field(rule, at)).collect();
        format!("{{{}}}", fields.join(","))
    };
    let automaton = automaton((0..100).map(pattern), switches(Toggle::On));
    let (deepest, copies) = walk(&automaton.decision);
    assert_eq!(deepest, MOST_LEVELS);
    assert!(copies.iter().all(|copies| *copies == 1));
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn copies_of_a_branch_are_bounded() {
    for alternative in ["%", r#"{"prefix":"x%"}"#] {
        for count in [2, 3, 5, 8] {
            let list = |rule: usize| {
                let list: Vec<String> =
                    (0..count).map(|at| alternative.replace('%', &(rule * 7 + at).to_string())).collect();
                list.join(",")
            };
            let pattern = |rule: usize| {
                let fields: Vec<String> =
                    (0..8).map(|at| format!(r#""f{at}":[{}]"#, list(rule + at))).collect();
                format!("{{{}}}", fields.join(","))
            };
            for tuning in [switches(Toggle::Auto), switches(Toggle::On)] {
                let automaton = automaton((0..200).map(pattern), tuning);
                let (_, copies) = walk(&automaton.decision);
                let most = copies.iter().copied().max().unwrap_or_default();
                assert!(copies.iter().all(|copies| (1..=MOST_COPIES).contains(copies)), "{most} of {count}");
                // One more switch would be too many.
                if tuning.switches == Toggle::On {
                    assert!(most * count as u32 > MOST_COPIES, "{most} of {count}");
                }
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn masks_of_groups_do_not_multiply() {
    let usage = |count: usize| {
        let patterns = (0..count).map(|rule| format!(r#"{{"p{rule}":[{{"exists":true}}]}}"#));
        automaton(patterns, switches(Toggle::Off)).decision.memory_usage()
    };
    let [one, two] = [2_000, 4_000].map(usage);
    assert!(two < 5 * one / 2, "{one} and {two}");
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn a_group_of_rules_alike_is_not_divided() {
    let patterns = (0..2_000).map(|rule| format!(r#"{{"p":[{{"anything-but":{rule}}}]}}"#));
    let automaton = automaton(patterns, switches(Toggle::Off));
    assert_eq!(automaton.decision.groups.len(), 1);
}

/// Below a path that most rules share, each value of a branch has a child with a copy of the branch.
#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn copies_behind_common_paths_are_bounded() {
    let pattern = |rule: usize| {
        // Five of ten values, so that a child has half of the branches.
        let value = |at: usize, value: usize| (((rule >> at) * 3 + rule + value) % 10).to_string();
        let list = |at: usize| (0..5).map(|number| value(at, number)).collect::<Vec<_>>().join(",");
        let fields: Vec<String> = (0..6).map(|at| format!(r#""f{at}":[{}]"#, list(at))).collect();
        format!("{{{}}}", fields.join(","))
    };
    let automaton = automaton((0..1_000).map(pattern), switches(Toggle::Auto));
    let (_, copies) = walk(&automaton.decision);
    assert_eq!(copies.iter().max(), Some(&25));
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn trees_end_at_their_bytes() {
    for groups in [Toggle::Off, Toggle::On] {
        let mut tuning = switches(Toggle::On);
        tuning.groups = groups;
        let patterns = (0..300)
            .map(|rule| format!(r#"{{"a":[1,2,3,4],"b":[1,2,3,4],"c":[{rule}],"d":[{{"exists":true}}]}}"#));
        let Automaton { predicates, mut decision } = automaton(patterns, tuning);
        let groups = decision.groups.iter().map(Group::memory_usage).sum::<usize>();
        let bytes = size_of_val(&*decision.nodes) + size_of_val(&*decision.residuals);
        let bytes = bytes + size_of_val(&*decision.groups) + groups;
        assert!(super::build(&mut decision, &predicates, tuning, bytes).is_some());
        assert!(super::build(&mut decision, &predicates, tuning, bytes - 1).is_none());
    }
}
