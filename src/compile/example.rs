//! Tests that the compiled set in DESIGN.md is correct, and the result for the event that DESIGN.md
//! traces.
//!
//! The tree has a switch wherever a switch is possible. By default, five rules are a single group.

use std::fmt::Write;

use crate::automaton::Automaton;
use crate::decision::group::{ABSENCE, Column, NAMED};
use crate::decision::tree::Node;
use crate::id::{DecisionNodeId, PathId};
use crate::json::Kind;
use crate::json::number::Comparable;
use crate::operator::TextOperation;
use crate::path::trie::PathTrie;
use crate::predicate::test::Predicate;
use crate::tuning::{Toggle, Tuning};
use crate::{Matcher, RuleSet, Scratch};

use super::{SizeLimits, compile};

const RULES: [&str; 5] = [
    r#"{"source":["aws.ec2"],"detail":{"state":[{"anything-but":"running"}]}}"#,
    r#"{"source":["aws.ec2"],"detail":{"cpu":[{"numeric":[">",90]}]}}"#,
    r#"{"source":["aws.ec2"],"detail":{"state":[{"anything-but":["pending","running"]}],"cpu":[{"numeric":[">",50]}]}}"#,
    r#"{"source":["aws.s3"],"detail":{"size":[{"numeric":[">",1000]}]}}"#,
    r#"{"$or":[{"region":[{"prefix":"eu-"}]},{"account":["111122223333"]}]}"#,
];

const EVENT: &str = r#"{"source":"aws.ec2","region":"eu-west-1","account":"111122223333",
    "detail":{"instance":{"type":"m5"},"state":"stopped","cpu":72.5}}"#;

const PATHS: [&str; 6] = ["account", "detail.cpu", "detail.size", "detail.state", "region", "source"];

const VALUES: [(usize, &str, u32); 5] =
    [(0, "111122223333", 4), (3, "running", 4), (3, "pending", 5), (5, "aws.ec2", 4), (5, "aws.s3", 5)];

const PREDICATES: [&str; 6] = ["none of [4]", "> 90", "none of [4, 5]", "> 50", "> 1000", "prefix eu-"];

/// Each line has the path, the edge and the node after it. The first digit of a mask is the first
/// branch.
const TREE: &str = "\
switch
  account = 4: branch 5, residual []
  region p5: branch 4, residual []
  source = 4: group of [0, 1, 2]
    detail.cpu names 011, string 100, number 100, absent 100
      p1 sets 010
      p3 sets 001
    detail.state names 101, string 111, number 111, absent 010
      4 clears 101
      5 clears 001
  source = 5: branch 3, residual [detail.size [4]]
";

fn rules() -> RuleSet {
    let mut rules = RuleSet::new();
    for pattern in RULES {
        rules.add(pattern).expect("the pattern is valid");
    }
    rules
}

fn tuning() -> Tuning {
    Tuning { switches: Toggle::On, ..Tuning::default() }
}

fn automaton() -> Automaton {
    let limits = SizeLimits { set: usize::MAX, rule: usize::MAX };
    compile(&rules(), limits, tuning()).expect("the set is within the limits")
}

#[test]
fn paths_values_and_predicates_have_the_numbers_of_the_drawing() {
    let predicates = automaton().predicates;
    for (name, number) in PATHS.iter().zip(0..) {
        let node = predicates.paths.child(PathTrie::ROOT, name.as_bytes()).expect("a rule names the path");
        assert_eq!(predicates.paths.path(node), Some(PathId(number)), "{name}");
    }
    for (path, text, number) in VALUES {
        assert_eq!(predicates.dictionaries[path].string(text.as_bytes()).0, number, "{text}");
    }
    let found: Vec<String> = predicates.tests.iter().map(predicate).collect();
    assert_eq!(found, PREDICATES);
}

#[test]
fn tree_equals_the_drawing() {
    let automaton = automaton();
    let branches: Vec<u32> = automaton.decision.branches.iter().map(|branch| branch.rule.as_u32()).collect();
    assert_eq!(branches, [0, 1, 2, 3, 4, 4]);
    assert_eq!(tree(&automaton), TREE);
}

#[test]
fn event_fits_the_rules_of_the_trace() {
    let matcher = Matcher::builder().tuning(tuning()).build(&rules()).expect("the set is within the limits");
    let mut scratch = Scratch::new();
    let ids: Vec<u32> = matcher
        .matches(&mut scratch, EVENT.as_bytes())
        .expect("valid")
        .iter()
        .map(|id| id.as_u32())
        .collect();
    assert_eq!(ids, [0, 2, 4]);
}

fn predicate(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Range(range) => {
            let is_bound =
                |text: &&&str| Comparable::parse(text.as_bytes()).map(|value| (value, false)) == range.lower;
            format!("> {}", ["50", "90", "1000"].iter().find(is_bound).expect("a bound of the rules"))
        }
        Predicate::NoneOf(ids) => format!("none of {:?}", ids.iter().map(|id| id.0).collect::<Vec<_>>()),
        Predicate::Text(text) => match &text.operation {
            TextOperation::Prefix(text) => format!("prefix {}", String::from_utf8_lossy(&text.0)),
            other => format!("{other:?}"),
        },
        other => format!("{other:?}"),
    }
}

fn tree(automaton: &Automaton) -> String {
    let decision = &automaton.decision;
    let root = decision.root.expect("there are rules");
    let Node::Switch { edges, rest: None } = &decision.nodes[root.index()] else { panic!("not a switch") };
    let mut out = "switch\n".to_owned();
    for edges in edges.of(&decision.path_edges) {
        let path = PATHS[edges.path.index()];
        let mut equal = edges.equality_edges.of(&decision.equality_edges).to_vec();
        equal.sort_by_key(|edge| edge.id);
        for edge in equal {
            write!(out, "  {path} = {}: ", edge.id.0).expect("a String takes all text");
            node(automaton, edge.node, &mut out);
        }
        for edge in edges.predicate_edges.of(&decision.predicate_edges) {
            write!(out, "  {path} p{}: ", edge.test.0).expect("a String takes all text");
            node(automaton, edge.node, &mut out);
        }
    }
    out
}

fn node(automaton: &Automaton, node: DecisionNodeId, out: &mut String) {
    let decision = &automaton.decision;
    match &decision.nodes[node.index()] {
        Node::Branch(candidate) => {
            let residual = candidate.tests.of(&decision.residuals);
            let fields = residual.iter().map(|&field| decision.field_test(field));
            let fields: Vec<String> = fields
                .map(|field| {
                    let tests: Vec<u32> = field.tests.iter().map(|test| test.0).collect();
                    format!("{} {tests:?}", PATHS[field.path.index()])
                })
                .collect();
            let branch = candidate.branch.0;
            writeln!(out, "branch {branch}, residual [{}]", fields.join(", "))
                .expect("a String takes all text");
        }
        Node::Group(id) => {
            let group = &decision.groups[id.index()];
            let branches: Vec<u32> = group.branches.iter().map(|branch| branch.0).collect();
            writeln!(out, "group of {branches:?}").expect("a String takes all text");
            group.columns.iter().for_each(|column| out.push_str(&self::column(column)));
        }
        other => panic!("not in the drawing: {other:?}"),
    }
}

fn column(column: &Column) -> String {
    let mask = |at: usize| bits(column.masks[at]);
    let mut out = format!(
        "    {} names {}, string {}, number {}, absent {}\n",
        PATHS[column.path.index()],
        mask(NAMED),
        mask(Kind::String as usize),
        mask(Kind::Number as usize),
        mask(ABSENCE)
    );
    let mut values = column.values.to_vec();
    values.sort_by_key(|value| value.id);
    for value in values {
        for change in value.changes.of(&column.changes) {
            assert_eq!(change.set, 0);
            writeln!(out, "      {} clears {}", value.id.0, bits(change.clear))
                .expect("a String takes all text");
        }
    }
    for test in &column.tests {
        writeln!(out, "      p{} sets {}", test.test.0, bits(test.bits)).expect("a String takes all text");
    }
    out
}

/// Returns the bits of the three branches of the group, the first branch first.
fn bits(mask: u64) -> String {
    (0..3).map(|bit| if mask >> bit & 1 == 1 { '1' } else { '0' }).collect()
}
