//! Cycles of a directed graph.

use std::collections::{BTreeMap, BTreeSet};

/// Returns the nodes of a cycle, with the first node repeated at the end, if there is a cycle.
pub(crate) fn cycle<'g>(graph: &BTreeSet<(&'g str, &'g str)>) -> Option<Vec<&'g str>> {
    graph.iter().find_map(|&(from, to)| {
        let mut cycle = path(graph, to, from)?;
        cycle.insert(0, from);
        Some(cycle)
    })
}

/// Returns true if a path leads from the end of an edge back to its start.
pub(crate) fn is_on_cycle<'g>(graph: &BTreeSet<(&'g str, &'g str)>, from: &'g str, to: &'g str) -> bool {
    path(graph, to, from).is_some()
}

/// Returns the nodes of a shortest path between two nodes, if there is one.
fn path<'g>(graph: &BTreeSet<(&'g str, &'g str)>, from: &'g str, to: &'g str) -> Option<Vec<&'g str>> {
    let mut before = BTreeMap::from([(from, from)]);
    let mut reached = vec![from];
    let mut next = 0;
    while let Some(&node) = reached.get(next) {
        next += 1;
        if node == to {
            let mut path = vec![to];
            while let Some(&last) = path.last().filter(|last| **last != from) {
                path.push(before[last]);
            }
            path.reverse();
            return Some(path);
        }
        for &(_, neighbour) in graph.iter().filter(|edge| edge.0 == node) {
            before.entry(neighbour).or_insert_with(|| {
                reached.push(neighbour);
                node
            });
        }
    }
    None
}

#[test]
fn cycles_are_found() {
    let graph = BTreeSet::from([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("a", "d")]);
    assert_eq!(cycle(&graph), Some(vec!["b", "c", "d", "b"]));
    assert!(is_on_cycle(&graph, "c", "d") && !is_on_cycle(&graph, "a", "d"));
    assert_eq!(cycle(&BTreeSet::from([("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert_eq!(cycle(&BTreeSet::from([("a", "a")])), Some(vec!["a", "a"]));
}
