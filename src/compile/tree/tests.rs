//! What bounds the tree: levels, copies of a branch, masks of groups, and bytes.

use super::{MOST_COPIES, MOST_LEVELS};
use crate::automaton::Automaton;
use crate::compile::{SizeLimits, compile};
use crate::decision::group::Group;
use crate::decision::{Decision, Node, NodeIndex};
use crate::rules::RuleSet;
use crate::strategy::{Strategy, Use};

fn automaton(patterns: impl IntoIterator<Item = String>, strategy: Strategy) -> Automaton {
    let mut rules = RuleSet::new();
    for pattern in patterns {
        rules.add(&pattern).unwrap();
    }
    compile(&rules, SizeLimits { set: usize::MAX, rule: usize::MAX }, strategy).unwrap()
}

fn switches(switches: Use) -> Strategy {
    let mut strategy = Strategy::default();
    (strategy.switches, strategy.gates) = (switches, Use::Never);
    strategy
}

/// The most switches on a way, and how often branches stand in the tree, by their numbers.
fn walk(decision: &Decision) -> (usize, Vec<u32>) {
    let mut copies = vec![0; decision.branches.len()];
    let mut deepest = 0;
    let mut open: Vec<(NodeIndex, usize)> = decision.root.map(|root| (root, 0)).into_iter().collect();
    while let Some((node, level)) = open.pop() {
        deepest = deepest.max(level);
        match &decision.nodes[node as usize] {
            Node::Switch { cases, rest } => {
                open.extend(rest.map(|rest| (rest, level)));
                for edges in &decision.cases[cases.0 as usize..cases.1 as usize] {
                    // An edge may stand there several times, one behind the other.
                    let named = &decision.named[edges.named.0 as usize..edges.named.1 as usize];
                    let mut nodes: Vec<_> = named.iter().map(|edge| edge.node).collect();
                    nodes.dedup();
                    let tested = &decision.tested[edges.tested.0 as usize..edges.tested.1 as usize];
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
            Node::Group(at) => {
                decision.groups[*at as usize].branches.iter().for_each(|branch| copies[branch.index()] += 1);
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
    let automaton = automaton((0..100).map(pattern), switches(Use::Always));
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
            for strategy in [switches(Use::Automatic), switches(Use::Always)] {
                let automaton = automaton((0..200).map(pattern), strategy);
                let (_, copies) = walk(&automaton.decision);
                let most = copies.iter().copied().max().unwrap_or_default();
                assert!(copies.iter().all(|copies| (1..=MOST_COPIES).contains(copies)), "{most} of {count}");
                // One more switch would be too many.
                if strategy.switches == Use::Always {
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
        automaton(patterns, switches(Use::Never)).decision.memory_usage()
    };
    let [one, two] = [2_000, 4_000].map(usage);
    assert!(two < 5 * one / 2, "{one} and {two}");
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn a_group_of_rules_alike_is_not_divided() {
    let patterns = (0..2_000).map(|rule| format!(r#"{{"p":[{{"anything-but":{rule}}}]}}"#));
    let automaton = automaton(patterns, switches(Use::Never));
    assert_eq!(automaton.decision.groups.len(), 1);
}

/// Under a common path that most rules share, a branch stands in a child for each of its values.
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
    let automaton = automaton((0..1_000).map(pattern), switches(Use::Automatic));
    let (_, copies) = walk(&automaton.decision);
    assert_eq!(copies.iter().max(), Some(&25));
}

#[test]
#[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
fn trees_end_at_their_bytes() {
    for groups in [Use::Never, Use::Always] {
        let mut strategy = switches(Use::Always);
        strategy.groups = groups;
        let patterns = (0..300)
            .map(|rule| format!(r#"{{"a":[1,2,3,4],"b":[1,2,3,4],"c":[{rule}],"d":[{{"exists":true}}]}}"#));
        let Automaton { predicates, mut decision } = automaton(patterns, strategy);
        let groups = decision.groups.iter().map(Group::memory_usage).sum::<usize>();
        let bytes = size_of_val(&*decision.nodes) + size_of_val(&*decision.open);
        let bytes = bytes + size_of_val(&*decision.groups) + groups;
        assert!(super::build(&mut decision, &predicates, strategy, bytes).is_some());
        assert!(super::build(&mut decision, &predicates, strategy, bytes - 1).is_none());
    }
}
