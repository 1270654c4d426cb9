//! Makes a case smaller while it still fails.

use std::time::{Duration, Instant};

use crate::tree::Tree;

/// The time limit for a case.
const TIME: Duration = Duration::from_secs(40);

/// Rules in their order, and an event.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) rules: Vec<String>,
    pub(crate) event: Vec<u8>,
}

/// Returns the smallest failing case that is found.
pub(crate) fn minimise(mut case: Case, mut fails: impl FnMut(&Case) -> bool) -> Case {
    let deadline = Instant::now() + TIME;
    let mut fails = |case: &Case| Instant::now() < deadline && fails(case);
    loop {
        let size = size(&case);
        fewer_rules(&mut case, &mut fails);
        smaller_event(&mut case, &mut fails);
        for at in 0..case.rules.len() {
            smaller_rule(&mut case, at, &mut fails);
        }
        if self::size(&case) >= size || Instant::now() >= deadline {
            return case;
        }
    }
}

fn size(case: &Case) -> usize {
    case.event.len() + case.rules.iter().map(|rule| rule.len() + 1).sum::<usize>()
}

/// Removes runs of rules, long ones first.
fn fewer_rules(case: &mut Case, fails: &mut impl FnMut(&Case) -> bool) {
    let mut length = case.rules.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < case.rules.len() && case.rules.len() > 1 {
            let mut smaller = case.clone();
            smaller.rules.drain(at..(at + length).min(case.rules.len()));
            if !smaller.rules.is_empty() && fails(&smaller) {
                *case = smaller;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
}

fn smaller_event(case: &mut Case, fails: &mut impl FnMut(&Case) -> bool) {
    let tree = std::str::from_utf8(&case.event).ok().and_then(Tree::parse);
    let Some(tree) = tree else {
        smaller_bytes(case, fails);
        return;
    };
    let with = |tree: &Tree| Case { rules: case.rules.clone(), event: tree.plain().into_bytes() };
    if fails(&with(&tree)) {
        let tree = smaller_tree(tree, |tree| fails(&with(tree)));
        case.event = tree.plain().into_bytes();
    }
}

/// Removes runs of bytes, long ones first.
fn smaller_bytes(case: &mut Case, fails: &mut impl FnMut(&Case) -> bool) {
    let mut length = case.event.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < case.event.len() {
            let mut smaller = case.clone();
            smaller.event.drain(at..(at + length).min(case.event.len()));
            if fails(&smaller) { *case = smaller } else { at += length }
        }
        length /= 2;
    }
}

fn smaller_rule(case: &mut Case, at: usize, fails: &mut impl FnMut(&Case) -> bool) {
    let Some(tree) = Tree::parse(&case.rules[at]) else { return };
    let with = |tree: &Tree| {
        let mut smaller = case.clone();
        smaller.rules[at] = tree.plain();
        smaller
    };
    if fails(&with(&tree)) {
        let tree = smaller_tree(tree, |tree| fails(&with(tree)));
        case.rules[at] = tree.plain();
    }
}

/// Repeats single steps while the resulting tree still fails.
fn smaller_tree(mut tree: Tree, mut fails: impl FnMut(&Tree) -> bool) -> Tree {
    let mut before = 0;
    while let Some(steps) = steps(&tree, before) {
        match steps.into_iter().find(|tree| fails(tree)) {
            Some(smaller) => tree = smaller,
            None => before += 1,
        }
    }
    tree
}

/// Returns the trees with one change at the node after `before` others. Returns none if there is no
/// such node.
fn steps(tree: &Tree, before: usize) -> Option<Vec<Tree>> {
    let mut left = before;
    let node = find(tree, &mut left)?.clone();
    let simpler: Vec<Tree> = match node {
        Tree::Scalar(raw) => {
            let shorter = ["0", "\"\"", "\"a\""].into_iter().filter(|other| other.len() < raw.len());
            let inside = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
            let half =
                inside.and_then(|inside| inside.get(..inside.len() / 2)).filter(|half| !half.is_empty());
            let shorter = shorter.map(str::to_owned).chain(half.map(|half| format!("\"{half}\"")));
            shorter.filter(|other| other.len() < raw.len()).map(Tree::Scalar).collect()
        }
        Tree::Array(elements) => {
            let fewer = (0..elements.len()).map(|at| Tree::Array(without(&elements, at)));
            elements.iter().cloned().chain(fewer).collect()
        }
        Tree::Object(members) => {
            let fewer = (0..members.len()).map(|at| Tree::Object(without(&members, at)));
            members.iter().map(|(_, value)| value.clone()).chain(fewer).collect()
        }
    };
    Some(simpler.into_iter().map(|simpler| with(tree, before, simpler)).collect())
}

fn find<'a>(tree: &'a Tree, before: &mut usize) -> Option<&'a Tree> {
    if *before == 0 {
        return Some(tree);
    }
    *before -= 1;
    match tree {
        Tree::Scalar(_) => None,
        Tree::Array(elements) => elements.iter().find_map(|element| find(element, before)),
        Tree::Object(members) => members.iter().find_map(|(_, value)| find(value, before)),
    }
}

/// Returns the tree with `node` in place of the node after `before` others.
fn with(tree: &Tree, before: usize, node: Tree) -> Tree {
    fn replace(tree: &mut Tree, before: &mut usize, node: &mut Option<Tree>) {
        if *before == 0 {
            if let Some(node) = node.take() {
                *tree = node;
            }
            return;
        }
        *before -= 1;
        let mut into = |tree: &mut Tree| {
            if node.is_some() {
                replace(tree, before, node);
            }
        };
        match tree {
            Tree::Scalar(_) => {}
            Tree::Array(elements) => elements.iter_mut().for_each(&mut into),
            Tree::Object(members) => members.iter_mut().for_each(|(_, value)| into(value)),
        }
    }
    let mut tree = tree.clone();
    replace(&mut tree, &mut { before }, &mut Some(node));
    tree
}

fn without<T: Clone>(values: &[T], at: usize) -> Vec<T> {
    [&values[..at], &values[at + 1..]].concat()
}
