//! The compiled form of a rule set as plain data, for drawings and tests.
//!
//! [`MatcherBuilder::graph`](crate::MatcherBuilder::graph) returns a [`Graph`]: a tree of nodes, which
//! lead from the values of an event to candidates. The tree depends on the version of galop, on
//! [`Tuning`](crate::tuning::Tuning) and on all rules of the set. The rules that are found do not.
//!
//! An event is decided from [`Graph::root`] on. Several edges of a node can hold, and all of them are
//! followed. A rule is found if a candidate of one of its branches is reached and all fields of the
//! candidate hold, and one alternative of each of its choices. In events with arrays, the values of
//! the fields must also be consistent.
//!
//! ```
//! use galop::graph::Node;
//! use galop::tuning::{Toggle, Tuning};
//! use galop::{Matcher, RuleSet};
//!
//! let mut rules = RuleSet::new();
//! rules.add(r#"{"source":["aws.s3"]}"#)?;
//! let prefix = rules.add(r#"{"source":[{"prefix":"aws."}],"detail":{"error":[{"exists":false}]}}"#)?;
//! let mut tuning = Tuning::default();
//! tuning.switches = Toggle::On;
//! let graph = Matcher::builder().tuning(tuning).graph(&rules)?;
//!
//! let root = graph.root.map(|root| &graph.nodes[root]);
//! let Some(Node::Switch { edges, rest: None }) = root else { panic!() };
//! let tests: Vec<String> = edges.iter().map(|edge| format!("{} {}", edge.path, edge.test)).collect();
//! assert_eq!(tests, [r#""source" "aws.s3""#, r#""source" {"prefix":"aws."}"#]);
//! let Node::Branch(candidate) = &graph.nodes[edges[1].node] else { panic!() };
//! assert_eq!(graph.branches[candidate.branch].rule, prefix);
//! assert_eq!(graph.fields[candidate.fields[0]].to_string(), r#""detail.error":[{"exists":false}]"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use crate::automaton::Automaton;
use crate::compile::Names;
use crate::decision::choice::{Choices, Instruction};
use crate::decision::group::{Group, NAMED};
use crate::decision::tree::{self, Decision, PathEdges};
use crate::id::{BranchId, ChoiceId, FieldPredicateId, PathId, RuleId};
use crate::json::JsonString;
use crate::pattern::ValueTest;

/// A compiled rule set as plain data. Nodes, branches, fields and choices are named by their index.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Graph {
    /// The node at which each event begins, if there are rules.
    pub root: Option<usize>,
    /// The nodes. They form a tree: each but the root has one node above it.
    pub nodes: Vec<Node>,
    /// The branches of all rules, in the order of the rules.
    pub branches: Vec<Branch>,
    /// The distinct fields of all rules.
    pub fields: Vec<Field>,
    /// The `$or`s of all rules that are not expanded to branches.
    pub choices: Vec<Choice>,
}

/// A node of the tree. The enum is exhaustive: another kind would change the work of a program that
/// walks the tree.
#[derive(Clone, Debug)]
pub enum Node {
    /// Leads to the node of each edge whose test holds for a value of its path.
    Switch {
        /// The edges in the order of their paths.
        edges: Vec<Edge>,
        /// A node that is visited in any case.
        rest: Option<usize>,
    },
    /// Leads to the node of each path that has a value.
    Gate {
        /// The paths in ascending order, with their nodes.
        edges: Vec<(JsonString, usize)>,
        /// A node that is visited in any case.
        rest: Option<usize>,
    },
    /// Leads to all of these nodes.
    All(Vec<usize>),
    /// A branch that is decided by itself.
    Branch(Candidate),
    /// Branches that are decided side by side, with one bit each.
    Group(Vec<Candidate>),
}

/// An edge of a switch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Edge {
    /// The path: names joined by dots.
    pub path: JsonString,
    /// The test that a value of the path must satisfy.
    pub test: ValueTest,
    /// The node that the edge leads to.
    pub node: usize,
}

/// A branch at a place of the tree.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Candidate {
    /// The index of the branch.
    pub branch: usize,
    /// The indices of the fields that are left to test, because the edges to the place do not imply
    /// them. The fields have distinct paths.
    pub fields: Vec<usize>,
}

/// A conjunction of fields and choices. A rule without `$or` has one branch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Branch {
    /// The rule, which is found if the branch holds.
    pub rule: RuleId,
    /// The indices of all fields, in the order of their paths.
    pub fields: Vec<usize>,
    /// The indices of the `$or`s that must hold, too.
    pub choices: Vec<usize>,
}

/// A field of a rule.
///
/// `Display` writes the field as the member of a pattern.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The path: names joined by dots.
    pub path: JsonString,
    /// The distinct alternatives, in no meaningful order. One of them must hold.
    pub alternatives: Vec<ValueTest>,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:[", self.path)?;
        for (at, test) in self.alternatives.iter().enumerate() {
            write!(f, "{}{test}", if at > 0 { "," } else { "" })?;
        }
        f.write_str("]")
    }
}

/// A `$or` that is not expanded to branches. One of its alternatives must hold.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Choice {
    /// The alternatives.
    pub alternatives: Vec<ChoiceAlternative>,
}

/// An alternative of a [`Choice`]: all fields and all choices must hold.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ChoiceAlternative {
    /// The indices of the fields.
    pub fields: Vec<usize>,
    /// The indices of the `$or`s inside of the alternative, which follow the choice.
    pub choices: Vec<usize>,
}

impl Graph {
    /// Returns the graph of a compiled set with its names.
    pub(crate) fn new(automaton: &Automaton, names: &Names<'_>) -> Graph {
        let decision = &automaton.decision;
        let path = |path: PathId| names.paths[path.index()].clone();
        let (choices, starts) = choices(&decision.choices);
        let branch = |branch: &tree::Branch| Branch {
            rule: branch.rule,
            fields: indices(decision.tests_of(*branch)),
            choices: match branch.choices {
                tree::Branch::NO_CHOICES => Vec::new(),
                list => decision.choices.list(list).map(|ChoiceId(choice)| starts[choice as usize]).collect(),
            },
        };
        let fields = decision.field_tests.iter().zip(&names.fields).map(|(field, tests)| Field {
            path: path(field.path),
            alternatives: tests.iter().map(|&test| test.clone()).collect(),
        });
        let node = |node: &tree::Node| match node {
            tree::Node::Switch { edges, rest } => {
                let edges = edges.of(&decision.path_edges).iter();
                let edges = edges.flat_map(|edges| self::edges(edges, decision, names)).collect();
                Node::Switch { edges, rest: rest.map(|rest| rest.index()) }
            }
            tree::Node::Gate { children, rest } => Node::Gate {
                edges: children.iter().map(|child| (path(child.0), child.1.index())).collect(),
                rest: rest.map(|rest| rest.index()),
            },
            tree::Node::All(children) => Node::All(children.iter().map(|child| child.index()).collect()),
            tree::Node::Branch(candidate) => Node::Branch(Candidate {
                branch: candidate.branch.index(),
                fields: indices(candidate.tests.of(&decision.residuals)),
            }),
            tree::Node::Group(id) => Node::Group(candidates(&decision.groups[id.index()], decision)),
        };
        Graph {
            root: decision.root.map(|root| root.index()),
            nodes: decision.nodes.iter().map(node).collect(),
            branches: decision.branches.iter().map(branch).collect(),
            fields: fields.collect(),
            choices,
        }
    }
}

fn indices(fields: &[FieldPredicateId]) -> Vec<usize> {
    fields.iter().map(|field| field.index()).collect()
}

fn edges(edges: &PathEdges, decision: &Decision, names: &Names<'_>) -> Vec<Edge> {
    let edge = |test: &ValueTest, node| Edge {
        path: names.paths[edges.path.index()].clone(),
        test: test.clone(),
        node,
    };
    // The table of values repeats entries.
    let mut equal: Vec<_> = edges.equality_edges.of(&decision.equality_edges).iter().collect();
    equal.sort_unstable_by_key(|edge| edge.id);
    equal.dedup_by_key(|edge| edge.id);
    let mut satisfied: Vec<_> = edges.predicate_edges.of(&decision.predicate_edges).iter().collect();
    satisfied.sort_unstable_by_key(|edge| edge.test);
    let equal = equal.into_iter().filter_map(|equality| {
        names.values.get(&(edges.path, equality.id)).map(|test| edge(test, equality.node.index()))
    });
    let satisfied =
        satisfied.into_iter().map(|tested| edge(names.predicates[tested.test.index()], tested.node.index()));
    equal.chain(satisfied).collect()
}

/// Returns the branches of a group with the fields that the group tests.
fn candidates(group: &Group, decision: &Decision) -> Vec<Candidate> {
    let words = group.branches.len().div_ceil(64);
    let candidate = |(at, &branch): (usize, &BranchId)| {
        let is_tested = |path: PathId| {
            let mut columns = group.columns.iter();
            columns.any(|column| {
                column.path == path && column.masks[NAMED * words + at / 64] >> (at % 64) & 1 == 1
            })
        };
        let tests = decision.tests_of(decision.branches[branch.index()]).iter();
        let tests = tests.filter(|&&test| is_tested(decision.field_test(test).path));
        Candidate { branch: branch.index(), fields: tests.map(|test| test.index()).collect() }
    };
    group.branches.iter().enumerate().map(candidate).collect()
}

/// Returns all choices, and the index of each [`ChoiceId`] among them.
fn choices(code: &Choices) -> (Vec<Choice>, Vec<usize>) {
    let (mut choices, mut starts): (Vec<Choice>, _) = (Vec::new(), Vec::new());
    // The choices around the instruction, each with its end.
    let mut open: Vec<(usize, u32)> = Vec::new();
    for (instruction, at) in code.instructions.iter().zip(0..) {
        while open.last().is_some_and(|(_, end)| *end == at) {
            open.pop();
        }
        let next = choices.len();
        let outer = open.last().and_then(|(choice, _)| choices[*choice].alternatives.last_mut());
        match (*instruction, outer) {
            (Instruction::Or { end }, outer) => {
                match outer {
                    Some(alternative) => alternative.choices.push(next),
                    None => starts.push(next),
                }
                open.push((next, end));
                choices.push(Choice::default());
            }
            (Instruction::Alternative { .. }, _) => {
                if let Some((choice, _)) = open.last() {
                    choices[*choice].alternatives.push(ChoiceAlternative::default());
                }
            }
            (Instruction::Test { test, .. }, Some(alternative)) => alternative.fields.push(test.index()),
            (Instruction::Test { .. } | Instruction::Jump { .. }, _) => {}
        }
    }
    (choices, starts)
}
