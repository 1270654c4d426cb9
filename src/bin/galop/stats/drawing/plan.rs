//! The boxes and the links of a drawing, without their places.
//!
//! The tree of the compiled set is drawn with fewer boxes than it has nodes. Switches and gates that
//! are visited one after the other in any case are one box. Edges of a path to equal parts of the
//! tree are one link: a rule with a list of values is stored once for each value.

use std::collections::HashMap;

use galop::graph::{Candidate, Edge, Graph, Node};

use super::label;

/// The boxes in the order of a walk: a box precedes the boxes after it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) boxes: Vec<Shape>,
    /// The links, in the order of the boxes that they lead to. Every box but the first has one.
    pub(super) links: Vec<Link>,
}

#[derive(Debug)]
pub(super) enum Shape {
    /// Looks up the values of paths.
    Lookup(Vec<Row>),
    /// Rules that are decided together.
    Group(Vec<Card>),
    /// A rule that is decided by itself.
    Rule(Card),
}

/// A row of a box, at which links begin.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Row {
    /// The values of a path are tested.
    Path(String),
    /// The links of the row are followed in any case.
    Always,
}

/// A link from a row of a box to another box.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) row: usize,
    pub(super) to: usize,
    /// The path of the row, if the link is the first of a row that is not the first: the row can be
    /// far away.
    pub(super) path: Option<String>,
    /// The tests. The link is followed if any test holds, or if there are no tests.
    pub(super) labels: Vec<String>,
}

/// A branch of a rule at a place.
#[derive(Debug)]
pub(super) struct Card {
    /// The index of the rule.
    pub(super) rule: usize,
    /// The id of the rule, on one line.
    pub(super) title: String,
    /// The number of the branch in its rule, counted from one, and the number of branches of the rule.
    pub(super) branch: (usize, usize),
    pub(super) lines: Vec<Line>,
}

/// A test that is left.
#[derive(Debug)]
pub(super) struct Line {
    /// The path, or `None` for a `$or`.
    pub(super) path: Option<String>,
    /// The alternatives. At least one must hold.
    pub(super) tests: Vec<String>,
}

impl Line {
    /// Returns the whole line.
    pub(super) fn text(&self) -> String {
        format!("{} {}", self.path.as_deref().unwrap_or("$or:"), label::join(&self.tests))
    }
}

/// The parts of a node that decide whether two nodes are drawn as one.
#[derive(Eq, Hash, PartialEq)]
enum Key {
    Candidates(Vec<(usize, Vec<usize>)>),
    Edges(Vec<(String, String, usize)>, Option<usize>),
}

/// The label of a link that any value of its path leads along.
const ANY: &str = "any value";

/// The box, the row and the labels of the link to a node.
type Above = (usize, usize, Vec<String>);

impl Plan {
    /// Returns the plan of a graph whose rules have the ids. If the plan has more than `most` boxes,
    /// returns a number of boxes that it has at least.
    pub(super) fn new(graph: &Graph, ids: &[String], most: usize) -> Result<Plan, usize> {
        let classes = classes(graph);
        let branches = numbers(graph);
        let mut plan = Plan::default();
        let (mut count, mut last_rows) = (0, HashMap::new());
        let mut open: Vec<(usize, Option<Above>)> = graph.root.map(|root| (root, None)).into_iter().collect();
        while let Some((node, above)) = open.pop() {
            let at = plan.boxes.len();
            if let Some((from, row, labels)) = above {
                let path = plan.path_of_link(from, row, &mut last_rows);
                plan.links.push(Link { from, row, to: at, path, labels });
            }
            count += match &graph.nodes[node] {
                Node::Group(candidates) => candidates.len(),
                _ => 1,
            };
            // A large set can have far more boxes, each with long texts.
            if count > most {
                return Err(count);
            }
            let card = |candidate: &Candidate| Card::new(graph, candidate, (ids, &branches));
            let drawn = match &graph.nodes[node] {
                Node::Branch(candidate) => Shape::Rule(card(candidate)),
                Node::Group(candidates) => Shape::Group(candidates.iter().map(card).collect()),
                Node::Switch { .. } | Node::Gate { .. } | Node::All(_) => {
                    let (rows, children) = lookup(graph, node, &classes);
                    let children = children.into_iter().rev();
                    open.extend(children.map(|(row, labels, node)| (node, Some((at, row, labels)))));
                    Shape::Lookup(rows)
                }
            };
            plan.boxes.push(drawn);
        }
        Ok(plan)
    }
}

impl Plan {
    /// Returns the path that the next link from a row shows. `last_rows` has the row of the last link
    /// of each box.
    fn path_of_link(&self, from: usize, row: usize, last_rows: &mut HashMap<usize, usize>) -> Option<String> {
        let is_first = last_rows.insert(from, row) != Some(row);
        match &self.boxes[from] {
            Shape::Lookup(rows) if is_first && row > 0 => match &rows[row] {
                Row::Path(path) => Some(path.clone()),
                Row::Always => None,
            },
            _ => None,
        }
    }
}

impl Shape {
    /// Returns the branches in the box.
    pub(super) fn cards(&self) -> &[Card] {
        match self {
            Shape::Lookup(_) => &[],
            Shape::Group(cards) => cards,
            Shape::Rule(card) => std::slice::from_ref(card),
        }
    }
}

impl Card {
    fn new(graph: &Graph, candidate: &Candidate, (ids, numbers): (&[String], &[(usize, usize)])) -> Card {
        let branch = &graph.branches[candidate.branch];
        let fields = candidate.fields.iter().map(|&field| {
            let field = &graph.fields[field];
            Line { path: Some(label::path(&field.path)), tests: label::alternatives(field) }
        });
        let choices = branch
            .choices
            .iter()
            .map(|&choice| Line { path: None, tests: label::choice(graph, &graph.choices[choice]) });
        Card {
            rule: branch.rule.as_usize(),
            title: ids[branch.rule.as_usize()].clone(),
            branch: numbers[candidate.branch],
            lines: fields.chain(choices).collect(),
        }
    }
}

/// Returns for each branch its number among the branches of its rule, and their number.
fn numbers(graph: &Graph) -> Vec<(usize, usize)> {
    let rules = graph.branches.chunk_by(|a, b| a.rule == b.rule);
    rules.flat_map(|branches| (1..=branches.len()).map(|number| (number, branches.len()))).collect()
}

/// The row, the labels and the node of a link.
type Child = (usize, Vec<String>, usize);

/// Returns the rows of a box that begins at a node, and its links.
fn lookup(graph: &Graph, node: usize, classes: &[usize]) -> (Vec<Row>, Vec<Child>) {
    let (mut rows, mut children): (Vec<Row>, Vec<Child>) = (Vec::new(), Vec::new());
    let mut next = Some(node);
    while let Some(node) = next {
        next = None;
        match &graph.nodes[node] {
            Node::Switch { edges, rest } => {
                for edges in edges.chunk_by(|a, b| a.path == b.path) {
                    let row = rows.len();
                    rows.push(Row::Path(label::path(&edges[0].path)));
                    let first = children.len();
                    for edge in edges {
                        let text = label::test(&edge.test);
                        let mut same = children[first..].iter_mut();
                        match same.find(|child| classes[child.2] == classes[edge.node]) {
                            Some((_, labels, _)) => labels.push(text),
                            None => children.push((row, vec![text], edge.node)),
                        }
                    }
                }
                next = *rest;
            }
            Node::Gate { edges, rest } => {
                for (path, node) in edges {
                    rows.push(Row::Path(label::path(path)));
                    children.push((rows.len() - 1, vec![ANY.to_owned()], *node));
                }
                next = *rest;
            }
            Node::All(nodes) => {
                rows.push(Row::Always);
                children.extend(nodes.iter().map(|&node| (rows.len() - 1, Vec::new(), node)));
            }
            Node::Branch(_) | Node::Group(_) => {
                rows.push(Row::Always);
                children.push((rows.len() - 1, Vec::new(), node));
            }
        }
    }
    (rows, children)
}

/// Returns a number for each node, which is equal for nodes with equal parts below them.
fn classes(graph: &Graph) -> Vec<usize> {
    let mut order: Vec<usize> = graph.root.into_iter().collect();
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        match &graph.nodes[node] {
            Node::Switch { edges, rest } => {
                order.extend(edges.iter().map(|edge| edge.node).chain(*rest));
            }
            Node::Gate { edges, rest } => order.extend(edges.iter().map(|edge| edge.1).chain(*rest)),
            Node::All(nodes) => order.extend(nodes),
            Node::Branch(_) | Node::Group(_) => {}
        }
        at += 1;
    }
    let mut classes = vec![usize::MAX; graph.nodes.len()];
    let mut known: HashMap<Key, usize> = HashMap::new();
    let candidate = |candidate: &Candidate| (candidate.branch, candidate.fields.clone());
    for &node in order.iter().rev() {
        let key = match &graph.nodes[node] {
            Node::Switch { edges, rest } => {
                let edge = |edge: &Edge| (edge.path.to_string(), edge.test.to_string(), classes[edge.node]);
                Key::Edges(edges.iter().map(edge).collect(), rest.map(|rest| classes[rest]))
            }
            Node::Gate { edges, rest } => {
                let edges =
                    edges.iter().map(|(path, node)| (path.to_string(), String::new(), classes[*node]));
                Key::Edges(edges.collect(), rest.map(|rest| classes[rest]))
            }
            Node::All(nodes) => {
                let edges = nodes.iter().map(|&node| (String::new(), String::new(), classes[node]));
                Key::Edges(edges.collect(), None)
            }
            Node::Branch(one) => Key::Candidates(vec![candidate(one)]),
            Node::Group(candidates) => Key::Candidates(candidates.iter().map(candidate).collect()),
        };
        let next = known.len();
        classes[node] = *known.entry(key).or_insert(next);
    }
    classes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use galop::graph::{Graph, Node};
    use galop::tuning::{Toggle, Tuning};
    use galop::{Matcher, RuleSet};

    use super::{Plan, Shape};
    use crate::stats::drawing::label;

    fn plan_of(patterns: &[&str], most: usize) -> (Graph, Result<Plan, usize>) {
        let mut rules = RuleSet::new();
        for pattern in patterns {
            rules.add(pattern).unwrap();
        }
        let mut tuning = Tuning::default();
        tuning.switches = Toggle::On;
        let graph = Matcher::builder().tuning(tuning).graph(&rules).unwrap();
        let ids: Vec<String> = (0..patterns.len()).map(|rule| format!("r{rule}")).collect();
        let plan = Plan::new(&graph, &ids, most);
        (graph, plan)
    }

    const PATTERNS: [&str; 4] = [
        r#"{"source":["a","b","c"],"x":[{"numeric":[">",5]}]}"#,
        r#"{"source":["c"],"$or":[{"y":[1]},{"z":[{"exists":false}]}]}"#,
        r#"{"source":["d"],"y":[1]}"#,
        r#"{"x":[{"anything-but":7}]}"#,
    ];

    /// A link has the tests of all its edges, and no place of a rule is lost.
    #[test]
    fn plan_has_every_edge_and_every_place() {
        let (graph, plan) = plan_of(&PATTERNS, 100);
        let plan = plan.unwrap();
        let (mut edges, mut places) = (BTreeSet::new(), BTreeSet::new());
        let lines = |fields: &[usize]| -> Vec<String> {
            fields.iter().map(|&field| label::path(&graph.fields[field].path)).collect()
        };
        for node in &graph.nodes {
            match node {
                Node::Switch { edges: of_node, .. } => {
                    edges.extend(of_node.iter().map(|edge| label::test(&edge.test)));
                }
                Node::Branch(place) => {
                    places.insert((graph.branches[place.branch].rule.as_usize(), lines(&place.fields)));
                }
                Node::Group(group) => places.extend(
                    group
                        .iter()
                        .map(|place| (graph.branches[place.branch].rule.as_usize(), lines(&place.fields))),
                ),
                Node::Gate { .. } | Node::All(_) => {}
            }
        }
        let labels: BTreeSet<String> = plan.links.iter().flat_map(|link| link.labels.clone()).collect();
        assert_eq!(labels, edges);
        let cards = plan.boxes.iter().flat_map(Shape::cards);
        let drawn: BTreeSet<_> = cards
            .map(|card| {
                (card.rule, card.lines.iter().filter_map(|line| line.path.clone()).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(drawn, places);
    }

    #[test]
    fn edges_to_equal_parts_are_one_link() {
        let (_, plan) = plan_of(&PATTERNS[..1], 100);
        let plan = plan.unwrap();
        let labels: Vec<_> = plan.links.iter().map(|link| link.labels.join(" ")).collect();
        assert_eq!(labels, [r#""a" "b" "c""#], "{plan:?}");
    }

    #[test]
    fn boxes_are_bounded() {
        let (_, whole) = plan_of(&PATTERNS, 100);
        let whole = whole.unwrap();
        let count: usize = whole.boxes.iter().map(|shape| shape.cards().len().max(1)).sum();
        assert!(plan_of(&PATTERNS, count).1.is_ok());
        assert_eq!(plan_of(&PATTERNS, count - 1).1.unwrap_err(), count);
        assert!(plan_of(&[], 0).1.unwrap().boxes.is_empty());
    }
}
