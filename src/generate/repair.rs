//! Values on other paths that exclude the other branches of a pattern.
//!
//! An event that must miss may match through another branch. The search changes one value after
//! another so that fewer branches hold. The fields of the event that must match still hold.

use hashbrown::HashMap;

use crate::pattern::branch::{Branch, Branches};

use super::judge::Judge;
use super::satisfy::Value;

/// The maximum number of assignments that are tried for one event.
const TRIES: usize = 300;

/// The maximum number of values of one path that are tried.
const VALUES: usize = 48;

/// The maximum number of branches and alternatives of a pattern for which the search is made.
const BRANCHES: usize = 512;

/// A search for values.
pub(super) struct Repair<'r, 'b> {
    branches: &'b Branches<'b>,
    judge: &'r mut Judge,
    /// For each path, its values. A path without an entry is absent.
    pub(super) values: HashMap<&'b [u8], Value>,
    /// The fields that must hold.
    kept: &'r [usize],
    /// The path of the field that must fail, whose value stays.
    target: &'b [u8],
    /// For each field and value, whether the field holds.
    known: HashMap<(usize, Value), bool>,
}

impl<'r, 'b> Repair<'r, 'b> {
    pub(super) fn new(
        branches: &'b Branches<'b>,
        judge: &'r mut Judge,
        leaves: &[(&'b [u8], Value)],
        kept: &'r [usize],
        target: &'b [u8],
    ) -> Repair<'r, 'b> {
        let values = leaves.iter().cloned().collect();
        Repair { branches, judge, values, kept, target, known: HashMap::new() }
    }

    /// Changes values until no branch holds. `proposals` returns values that may fail a field.
    /// Returns false if the search finds no values.
    pub(super) fn run(&mut self, proposals: impl Fn(usize) -> Vec<Value>) -> bool {
        let alternatives: usize = self.branches.choices.iter().map(|choice| choice.alternatives.len()).sum();
        if self.branches.branches.len() + alternatives > BRANCHES {
            return false;
        }
        let (mut holding, mut tries) = (self.holding(), 0);
        while let Some(branch) = holding.0 {
            let Some(better) = self.step(branch, holding.1, &mut tries, &proposals) else { return false };
            holding = better;
        }
        true
    }

    /// Changes one value so that fewer branches hold. Returns the first branch that still holds, and
    /// the number of branches and alternatives that hold.
    fn step(
        &mut self,
        branch: usize,
        count: usize,
        tries: &mut usize,
        proposals: &impl Fn(usize) -> Vec<Value>,
    ) -> Option<(Option<usize>, usize)> {
        for field in self.fields(branch) {
            let path: &'b [u8] = &self.branches.fields[field].path;
            if path == self.target {
                continue;
            }
            let before = self.values.get(path).cloned().unwrap_or_default();
            for value in proposals(field).into_iter().take(VALUES) {
                if self.holds(field, &value) || !self.keeps(path, &value) {
                    continue;
                }
                *tries += 1;
                if *tries > TRIES || self.judge.is_exhausted() {
                    return None;
                }
                self.values.insert(path, value);
                let holding = self.holding();
                if holding.1 < count {
                    return Some(holding);
                }
                self.values.insert(path, before.clone());
            }
        }
        None
    }

    /// Returns the fields of a branch, and those of the alternatives of its choices.
    fn fields(&self, branch: usize) -> Vec<usize> {
        let (mut fields, mut open) = (Vec::new(), vec![&self.branches.branches[branch]]);
        while let Some(branch) = open.pop() {
            fields.extend(branch.fields.iter().map(|&field| field as usize));
            for &choice in &branch.choices {
                open.extend(&self.branches.choices[choice as usize].alternatives);
            }
        }
        fields
    }

    /// Returns true if the fields on the path that must hold do so with the value.
    fn keeps(&mut self, path: &[u8], value: &Value) -> bool {
        let kept = self.kept;
        kept.iter().all(|&field| *self.branches.fields[field].path != *path || self.holds(field, value))
    }

    fn holds(&mut self, field: usize, value: &Value) -> bool {
        if let Some(&holds) = self.known.get(&(field, value.clone())) {
            return holds;
        }
        let holds = self.judge.verdict(field, value).holds;
        self.known.insert((field, value.clone()), holds);
        holds
    }

    /// Returns the first branch that holds, and the number of branches and alternatives that hold.
    fn holding(&mut self) -> (Option<usize>, usize) {
        let branches = self.branches;
        let truth: Vec<bool> = (0..branches.fields.len())
            .map(|field| {
                let value = self.values.get(&*branches.fields[field].path).cloned().unwrap_or_default();
                self.holds(field, &value)
            })
            .collect();
        let (mut choices, mut count) = (Vec::with_capacity(branches.choices.len()), 0);
        let holds = |branch: &Branch, choices: &[bool]| {
            branch.fields.iter().all(|&field| truth[field as usize])
                && branch.choices.iter().all(|&choice| choices[choice as usize])
        };
        // An inner choice precedes the one around it.
        for choice in &branches.choices {
            let holding = choice.alternatives.iter().filter(|branch| holds(branch, &choices)).count();
            count += holding;
            choices.push(holding > 0);
        }
        let mut first = None;
        for (number, branch) in branches.branches.iter().enumerate() {
            if holds(branch, &choices) {
                count += 1;
                first = first.or(Some(number));
            }
        }
        (first, count)
    }
}
