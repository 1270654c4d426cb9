//! `MatcherBuilder::graph`: walking the graph for an event finds the rules that the matcher finds.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use galop::graph::{Candidate, Graph, Node};
use galop::pattern::{JsonString, ValueTest};
use galop::tuning::{Toggle, Tuning};
use galop::{Matcher, MatcherBuilder, RuleSet, Scratch};
use galop_harness::kernel;
use serde_json::Value;

/// Decides the tests of a graph for one event, each by a pattern of its own.
struct Tests {
    matcher: Matcher,
    scratch: Scratch,
}

impl Tests {
    /// The rules are the fields of the graph, then its edges.
    fn new(graph: &Graph) -> Tests {
        let mut rules = RuleSet::new();
        for field in &graph.fields {
            rules.add(&format!("{{{field}}}")).unwrap();
        }
        for (path, test) in edges(graph) {
            rules.add(&format!("{{{path}:[{test}]}}")).unwrap();
        }
        Tests { matcher: kernel::matcher(&rules).unwrap(), scratch: Scratch::new() }
    }

    /// Returns the fields and the edges that hold.
    fn holding(&mut self, graph: &Graph, event: &str) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let ids = self.matcher.matches(&mut self.scratch, event.as_bytes()).unwrap();
        let (fields, edges): (BTreeSet<_>, BTreeSet<_>) =
            ids.iter().map(|id| id.as_usize()).partition(|&at| at < graph.fields.len());
        (fields, edges.into_iter().map(|at| at - graph.fields.len()).collect())
    }
}

/// Returns the path and the test of each edge, in the order of the nodes. The test of a gate is
/// that there is a value.
fn edges(graph: &Graph) -> Vec<(JsonString, String)> {
    let of = |node: &Node| match node {
        Node::Switch { edges, .. } => {
            edges.iter().map(|edge| (edge.path.clone(), edge.test.to_string())).collect()
        }
        Node::Gate { edges, .. } => {
            edges.iter().map(|(path, _)| (path.clone(), ValueTest::Exists(true).to_string())).collect()
        }
        _ => Vec::new(),
    };
    graph.nodes.iter().flat_map(of).collect()
}

/// Returns the rules that a walk through the graph finds.
fn walk(graph: &Graph, tests: &mut Tests, event: &str) -> BTreeSet<usize> {
    let (fields, holding) = tests.holding(graph, event);
    // The number of edges before each node.
    let mut before = vec![0];
    for node in &graph.nodes {
        let edges = match node {
            Node::Switch { edges, .. } => edges.len(),
            Node::Gate { edges, .. } => edges.len(),
            _ => 0,
        };
        before.push(before[before.len() - 1] + edges);
    }
    let mut found = BTreeSet::new();
    let mut report = |candidate: &Candidate| {
        let branch = &graph.branches[candidate.branch];
        let is_found = candidate.fields.iter().all(|field| fields.contains(field))
            && branch.choices.iter().all(|&choice| holds(graph, choice, &fields));
        if is_found {
            found.insert(branch.rule.as_usize());
        }
    };
    let mut open: Vec<usize> = graph.root.into_iter().collect();
    while let Some(at) = open.pop() {
        match &graph.nodes[at] {
            Node::Switch { edges, rest } => {
                let nodes = edges.iter().map(|edge| edge.node).enumerate();
                open.extend(
                    nodes.filter(|(edge, _)| holding.contains(&(before[at] + edge))).map(|edge| edge.1),
                );
                open.extend(rest);
            }
            Node::Gate { edges, rest } => {
                let nodes = edges.iter().map(|edge| edge.1).enumerate();
                open.extend(
                    nodes.filter(|(edge, _)| holding.contains(&(before[at] + edge))).map(|edge| edge.1),
                );
                open.extend(rest);
            }
            Node::All(nodes) => open.extend(nodes),
            Node::Branch(candidate) => report(candidate),
            Node::Group(candidates) => candidates.iter().for_each(&mut report),
        }
    }
    found
}

fn holds(graph: &Graph, choice: usize, fields: &BTreeSet<usize>) -> bool {
    graph.choices[choice].alternatives.iter().any(|alternative| {
        alternative.fields.iter().all(|field| fields.contains(field))
            && alternative.choices.iter().all(|&choice| holds(graph, choice, fields))
    })
}

/// Returns true if a value has an array of objects or arrays, whose values must be consistent.
fn has_elements(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        Value::Object(members) => members.values().any(has_elements),
        _ => false,
    }
}

/// Returns the settings with which the graph is compared: the default, and all nodes that are
/// possible.
fn builders() -> [MatcherBuilder; 3] {
    let mut switches = Tuning::default();
    switches.switches = Toggle::On;
    let mut gates = switches;
    (gates.gates, gates.choices, gates.groups) = (Toggle::On, Toggle::On, Toggle::On);
    [Tuning::default(), switches, gates].map(|tuning| {
        let mut builder = kernel::builder();
        builder.tuning(tuning);
        builder
    })
}

#[track_caller]
fn assert_equal(rules: &RuleSet, events: &[String]) {
    for builder in builders() {
        let (matcher, graph) = (builder.build(rules).unwrap(), builder.graph(rules).unwrap());
        assert_tree(&graph, rules.len());
        let (mut tests, mut scratch) = (Tests::new(&graph), Scratch::new());
        for event in events {
            let ids = matcher.matches(&mut scratch, event.as_bytes()).unwrap();
            let ids: BTreeSet<usize> = ids.iter().map(|id| id.as_usize()).collect();
            let walked = walk(&graph, &mut tests, event);
            // serde_json refuses 1e400, which is in events without elements only.
            if serde_json::from_str(event).is_ok_and(|event| has_elements(&event)) {
                assert!(ids.is_subset(&walked), "{event}");
            } else {
                assert_eq!(ids, walked, "{event}");
            }
        }
    }
}

/// Asserts that each node but the root has one node above it, and each rule a place.
fn assert_tree(graph: &Graph, rules: usize) {
    let mut above = vec![0; graph.nodes.len()];
    let mut placed = BTreeSet::new();
    let mut place = |candidate: &Candidate| placed.insert(graph.branches[candidate.branch].rule.as_usize());
    for node in &graph.nodes {
        let (below, rest): (Vec<usize>, _) = match node {
            Node::Switch { edges, rest } => (edges.iter().map(|edge| edge.node).collect(), *rest),
            Node::Gate { edges, rest } => (edges.iter().map(|edge| edge.1).collect(), *rest),
            Node::All(nodes) => (nodes.clone(), None),
            Node::Branch(candidate) => {
                place(candidate);
                continue;
            }
            Node::Group(candidates) => {
                candidates.iter().for_each(|candidate| {
                    place(candidate);
                });
                continue;
            }
        };
        below.into_iter().chain(rest).for_each(|node| above[node] += 1);
    }
    let expected: Vec<usize> =
        (0..graph.nodes.len()).map(|node| usize::from(Some(node) != graph.root)).collect();
    assert_eq!(above, expected);
    assert_eq!(placed, (0..rules).collect());
}

fn corpus(directory: &str) -> Vec<PathBuf> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(directory);
    let mut files: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    assert!(!files.is_empty());
    files
}

fn lines(file: &PathBuf) -> Vec<String> {
    fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn walk_of_corpus_equals_matcher() {
    let events: Vec<String> = corpus("events").iter().flat_map(lines).step_by(7).collect();
    let mut all = RuleSet::new();
    for file in corpus("rulesets") {
        let mut rules = RuleSet::new();
        for line in lines(&file) {
            let rule: Value = serde_json::from_str(&line).unwrap();
            rules.add(&rule["pattern"].to_string()).unwrap();
            all.add(&rule["pattern"].to_string()).unwrap();
        }
        assert_equal(&rules, &events);
    }
    assert_equal(&all, &events);
}

/// Values that are spelt in several ways, and nested `$or`s.
#[test]
fn walk_of_spellings_equals_matcher() {
    let mut rules = RuleSet::new();
    for pattern in [
        r#"{"a":[1,"1.0",1e400,true,null]}"#,
        r#"{"a":[1.0,{"exactly":"10.0.0.1"},{"numeric":["=",2]}]}"#,
        r#"{"a":["10.0.0.1"]}"#,
        r#"{"a":["::ffff:10.0.0.1",{"cidr":"10.0.0.0/31"}]}"#,
        r#"{"a":[{"anything-but":["10.0.0.1"]}],"b.c":[{"exists":false}]}"#,
        r#"{"$or":[{"a":[1],"$or":[{"b":{"c":["x"]}},{"d":["y",{"prefix":"y"}]}]},{"e":[{"exists":true}]}],"f":[1]}"#,
        r#"{"$or":[{"a":[1]},{"b":{"c":["x"]}}],"$or":[{"e":[1]},{"f":[{"numeric":[">",0,"<=",1]}]}]}"#,
        r#"{"a":["\ud800",{"suffix":"\ud800"},{"wildcard":"*\ud800x*"}]}"#,
        r#"{"a":[{"equals-ignore-case":"ABC"},{"prefix":{"equals-ignore-case":"ab"}},{"anything-but":{"wildcard":"a*"}}]}"#,
    ] {
        rules.add(pattern).unwrap();
    }
    let values = [
        "1",
        "1.0",
        "10e-1",
        "1e400",
        "1E400",
        "2",
        "\"1.0\"",
        "true",
        "null",
        "\"10.0.0.1\"",
        "\"::ffff:a00:1\"",
        "\"10.0.0.0\"",
        "\"abC\"",
        "\"x\"",
        "\"y\"",
        "\"\\ud800\"",
        "\"z\\ud800x\"",
        "[1,\"x\"]",
    ];
    let mut events = Vec::new();
    for a in values {
        events.push(format!(r#"{{"a":{a}}}"#));
        for other in values {
            events.push(format!(r#"{{"a":{a},"b":{{"c":{other}}},"d":{other},"f":1}}"#));
            events.push(format!(r#"{{"a":{a},"e":{other},"f":{other}}}"#));
        }
    }
    assert_equal(&rules, &events);
}

/// A set that is large enough for switches, gates and several groups without tuning.
#[test]
fn walk_of_large_set_equals_matcher() {
    let mut rules = RuleSet::new();
    for at in 0..400 {
        let (kind, path) = (at % 40, at % 23);
        rules
            .add(&format!(r#"{{"source":["s{kind}","t{kind}"],"p{path}":[{{"anything-but":{at}}}]}}"#))
            .unwrap();
        rules
            .add(&format!(r#"{{"p{path}":[{{"numeric":[">",{at}]}}],"q{at}":[{{"exists":true}}]}}"#))
            .unwrap();
    }
    let graph = kernel::builder().graph(&rules).unwrap();
    let has = |is: fn(&Node) -> bool| graph.nodes.iter().any(is);
    assert!(has(|node| matches!(node, Node::Switch { .. })) && has(|node| matches!(node, Node::Gate { .. })));
    assert!(has(|node| matches!(node, Node::Group(_))));
    let events: Vec<String> = (0..100)
        .map(|at| {
            format!(r#"{{"source":"t{}","p{}":{},"q{}":0,"q{}":1}}"#, at % 40, at % 23, at * 4, at, at * 3)
        })
        .collect();
    assert_equal(&rules, &events);
}
