//! The examples: fields and values are selected, and events are kept that the matcher confirms.

use hashbrown::{HashMap, HashSet};

use crate::pattern::branch::{Branches, EXPANSION_BUDGET, expand};
use crate::pattern::{Alternative, AnythingBut, JsonString, Pattern, ValueTest};

use super::composed::{composed, excluded};
use super::event::event;
use super::example::{AlternativeExamples, Examples, FieldExamples, NotFound, Options};
use super::judge::Judge;
use super::repair::Repair;
use super::satisfy::{Value, satisfying};
use super::select::Selector;
use super::violate::failing;

/// The maximum number of fields on one path with which a value is compared.
const SAME_PATH: usize = 16;

/// The maximum number of alternatives that propose the value of a field.
const ALTERNATIVES: usize = 64;

/// The maximum number of events that are tried for one miss.
const TRIES: usize = 24;

/// The maximum number of values of a field for which a search excludes the other branches.
const REPAIRS: usize = 4;

/// Two events that belong together: one that matches, and one that misses.
type Pair = (Result<String, NotFound>, Result<String, NotFound>);

pub(super) fn examples(pattern: &Pattern, options: &Options) -> Examples {
    let branches = expand(pattern, EXPANSION_BUDGET);
    let separate = options.events / 2;
    let judge = match Judge::new(pattern, &branches.fields, separate, options.bytes) {
        Ok(judge) => judge,
        Err(code) => {
            return Examples { matching: Err(NotFound::Refused(code)), fields: Vec::new(), is_cut: true };
        }
    };
    let mut maker = Maker {
        branches: &branches,
        same_path: same_path(&branches),
        judge,
        values: Vec::new(),
        blocks: Vec::new(),
        envelope: options.envelope,
    };
    maker.values = (0..branches.fields.len()).map(|field| maker.value(field)).collect();
    maker.blocks = maker.blocks();
    let usable = maker.values.iter().map(Option::is_some).collect();
    maker.examples(&Selector::new(&branches, usable), separate)
}

/// Returns for each path its fields, the last ones first.
fn same_path<'b>(branches: &'b Branches<'_>) -> HashMap<&'b [u8], Vec<usize>> {
    let mut fields: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (number, field) in branches.fields.iter().enumerate().rev() {
        let same = fields.entry(&field.path).or_default();
        if same.len() < SAME_PATH {
            same.push(number);
        }
    }
    fields
}

struct Maker<'b> {
    branches: &'b Branches<'b>,
    same_path: HashMap<&'b [u8], Vec<usize>>,
    judge: Judge,
    /// For each field, a value that satisfies it.
    values: Vec<Option<Value>>,
    /// Values that fail the fields on a path for which absence is enough.
    blocks: Vec<(&'b [u8], Value)>,
    envelope: bool,
}

impl<'b> Maker<'b> {
    fn path(&self, field: usize) -> &'b [u8] {
        &self.branches.fields[field].path
    }

    /// Returns the fields on the path of a field.
    fn same_path(&self, field: usize) -> &[usize] {
        self.same_path.get(self.path(field)).map_or(&[], Vec::as_slice)
    }

    /// Returns every `anything-but` of the fields on the path of a field.
    fn buts(&self, field: usize) -> Vec<&'b AnythingBut> {
        let fields =
            [field].into_iter().chain(self.same_path(field).iter().copied().filter(|&at| at != field));
        let alternatives = fields.flat_map(|at| &*self.branches.fields[at].alternatives);
        alternatives.filter_map(but).take(SAME_PATH).collect()
    }

    /// Returns a value for a field: of the alternative whose value satisfies the fewest others.
    fn value(&mut self, field: usize) -> Option<Value> {
        let alternatives = self.branches.fields[field].alternatives;
        let is_alone = self.same_path(field).len() == 1;
        let mut best: Option<(usize, Value)> = None;
        for at in 0..alternatives.len().min(ALTERNATIVES) {
            let Some((rank, value)) = self.value_of(field, at, false) else { continue };
            if best.as_ref().is_none_or(|(least, _)| rank < *least) {
                best = Some((rank, value));
            }
            if rank == 0 || is_alone || !self.judge.may_compare() {
                break;
            }
        }
        best.map(|(_, value)| value)
    }

    /// Returns a value that satisfies an alternative, and as few other alternatives and fields on the
    /// same path as possible, with their number. With `is_separate`, the alternative itself must hold,
    /// and not only the field.
    fn value_of(&mut self, field: usize, alternative: usize, is_separate: bool) -> Option<(usize, Value)> {
        let test = &self.branches.fields[field].alternatives[alternative].test;
        let others: Vec<usize> =
            self.same_path(field).iter().copied().filter(|&other| other != field).collect();
        let mut proposals = satisfying(test);
        if !others.is_empty() {
            let buts = self.buts(field);
            proposals.extend(composed(Some(test), &buts));
            if let ValueTest::AnythingBut(_) | ValueTest::Exists(true) = test {
                proposals.extend(excluded(&buts));
            }
        }
        let mut best: Option<(usize, Value)> = None;
        for value in proposals {
            let verdict = self.judge.verdict(field, &value);
            let is_compared = self.judge.may_compare();
            if !verdict.holds || is_separate && !verdict.alternatives.contains(&alternative) {
                continue;
            }
            let also = others
                .iter()
                .take_while(|_| is_compared)
                .filter(|&&other| self.judge.verdict(other, &value).holds)
                .count();
            let rank = also + verdict.alternatives.iter().filter(|&&other| other != alternative).count();
            if best.as_ref().is_none_or(|(least, _)| rank < *least) {
                best = Some((rank, value));
            }
            if rank == 0 || !self.judge.may_compare() {
                break;
            }
        }
        best
    }

    /// Returns for each path with a field that absence satisfies a value that fails its fields.
    fn blocks(&mut self) -> Vec<(&'b [u8], Value)> {
        let mut blocks = Vec::new();
        let mut seen = HashSet::new();
        for field in 0..self.branches.fields.len() {
            if !self.judge.may_compare() {
                break;
            }
            let path = self.path(field);
            if !self.judge.verdict(field, &None).holds || !seen.insert(path) {
                continue;
            }
            let fields = self.same_path(field).to_vec();
            let excluded = excluded(&self.buts(field));
            let first = self.branches.fields[field].alternatives.first();
            let values = first.map(|first| failing(&first.test, &excluded));
            let values = values.unwrap_or_default().into_iter().filter(Option::is_some);
            let mut fails = |value: &Value| !fields.iter().any(|&at| self.judge.verdict(at, value).holds);
            if let Some(value) = values.into_iter().find(|value| fails(value)) {
                blocks.push((path, value));
            }
        }
        blocks
    }

    fn examples(mut self, selector: &Selector<'_>, mut left: usize) -> Examples {
        let matching = match selector.smallest() {
            Some(fields) => self.verified(&self.leaves(&fields)),
            None => Err(NotFound::NoValue),
        };
        let mut examples = Examples { matching, fields: Vec::new(), is_cut: false };
        for (number, field) in self.branches.fields.iter().enumerate() {
            // Fields that are in no branch count too, as in the judge.
            let count = field.alternatives.len().min(left);
            left -= count;
            if !selector.is_in_play(number) {
                continue;
            }
            examples.is_cut |= count < field.alternatives.len();
            let mut alternatives = Vec::with_capacity(count);
            for (at, alternative) in field.alternatives[..count].iter().enumerate() {
                let (matching, missing) = self.pair(selector, number, at);
                examples.is_cut |= matching == Err(NotFound::Limit);
                let (text, span) = (alternative.to_string(), alternative.span);
                alternatives.push(AlternativeExamples { text, span, matching, missing });
            }
            if count > 0 {
                let path = JsonString::from_wtf8(&field.path);
                examples.fields.push(FieldExamples { path, span: field.span, alternatives });
            }
        }
        examples
    }

    /// Returns the values of the fields on their paths.
    fn leaves(&self, fields: &[usize]) -> Vec<(&'b [u8], Value)> {
        let value = |&field: &usize| (self.path(field), self.values[field].clone().unwrap_or_default());
        fields.iter().map(value).collect()
    }

    /// Returns an event if it matches. The envelope is left out if the event does not match with it.
    fn verified(&mut self, leaves: &[(&'b [u8], Value)]) -> Result<String, NotFound> {
        for envelope in [true, false] {
            if envelope && !self.envelope {
                continue;
            }
            let event = text(leaves, envelope);
            if self.judge.matches(&event).map_err(NotFound::Refused)? {
                return Ok(event);
            }
        }
        Err(NotFound::OtherField)
    }

    /// Returns the events of an alternative.
    fn pair(&mut self, selector: &Selector<'_>, field: usize, alternative: usize) -> Pair {
        let both = |reason| (Err(reason), Err(reason));
        if self.judge.is_exhausted() {
            return both(NotFound::Limit);
        }
        let Some((_, value)) = self.value_of(field, alternative, true) else {
            return both(NotFound::NoValue);
        };
        let mut best = both(NotFound::OtherField);
        for fields in selector.with(field) {
            let mut leaves = self.leaves(&fields);
            let Ok(at) = fields.binary_search(&field) else { continue };
            leaves[at].1.clone_from(&value);
            // Other branches are excluded only if one of them holds, because the event becomes larger.
            let blocked = self.blocked(&leaves);
            for leaves in [Some(leaves), blocked].into_iter().flatten() {
                let pair = self.pair_of(&leaves, at, field, alternative);
                if pair.1.is_ok() {
                    return pair;
                }
                if best.0.is_err() {
                    best = pair;
                }
                if self.judge.is_exhausted() {
                    return best;
                }
            }
            if best.1 == Err(NotFound::AlwaysHolds) {
                break;
            }
            if best.1 == Err(NotFound::OtherBranch)
                && let Some(leaves) = self.repaired(&fields, &value, field, alternative)
                && let Some(at) = leaves.iter().position(|(path, _)| *path == self.path(field))
            {
                let pair = self.pair_of(&leaves, at, field, alternative);
                if pair.1.is_ok() {
                    return pair;
                }
            }
        }
        best
    }

    /// Returns leaves with which an event matches, and misses with another value of the field. The
    /// values on other paths are chosen so that no other branch holds.
    fn repaired(
        &mut self,
        fields: &[usize],
        value: &Value,
        field: usize,
        alternative: usize,
    ) -> Option<Vec<(&'b [u8], Value)>> {
        let target = self.path(field);
        let test = &self.branches.fields[field].alternatives[alternative].test;
        let proposals = failing(test, &excluded(&self.buts(field)));
        let mut tries = 0;
        for failing_value in proposals {
            if self.judge.verdict(field, &failing_value).holds {
                continue;
            }
            tries += 1;
            if tries > REPAIRS {
                return None;
            }
            let mut leaves = self.leaves(fields);
            let at = leaves.iter().position(|(path, _)| *path == target)?;
            leaves[at].1 = failing_value;
            let kept: Vec<usize> = fields.iter().copied().filter(|&other| other != field).collect();
            let branches = self.branches;
            let mut repair = Repair::new(branches, &mut self.judge, &leaves, &kept, target);
            let is_repaired = repair.run(|at| {
                let alternatives = branches.fields[at].alternatives;
                let buts: Vec<_> = alternatives.iter().filter_map(but).take(SAME_PATH).collect();
                failing(&alternatives[0].test, &excluded(&buts))
            });
            let mut values = repair.values;
            if !is_repaired {
                continue;
            }
            values.insert(target, value.clone());
            // Paths of the branch keep their order, and the others follow in the order of the text.
            let order = fields.iter().copied().chain(0..branches.fields.len());
            let leaves = order.filter_map(|at| {
                let path: &'b [u8] = &branches.fields[at].path;
                values.remove(path).map(|value| (path, value))
            });
            return Some(leaves.collect());
        }
        None
    }

    /// Returns the leaves with values that fail the other fields for which absence is enough, or `None`
    /// if there are no such fields.
    fn blocked(&self, leaves: &[(&'b [u8], Value)]) -> Option<Vec<(&'b [u8], Value)>> {
        let paths: HashSet<&[u8]> = leaves.iter().map(|(path, _)| *path).collect();
        let blocks = self.blocks.iter().filter(|(path, _)| !paths.contains(path));
        let all: Vec<_> = leaves.iter().chain(blocks).cloned().collect();
        (all.len() > leaves.len()).then_some(all)
    }

    /// Returns the event of the leaves, and the event with another value for the leaf `at`, which is
    /// the leaf of the field.
    fn pair_of(&mut self, leaves: &[(&'b [u8], Value)], at: usize, field: usize, alternative: usize) -> Pair {
        let mut best = (Err(NotFound::OtherField), Err(NotFound::OtherField));
        for envelope in [true, false] {
            if envelope && !self.envelope {
                continue;
            }
            let event = text(leaves, envelope);
            match self.judge.matches(&event) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(code) => return (Err(NotFound::Refused(code)), Err(NotFound::Refused(code))),
            }
            let missing = self.missing(leaves, at, field, alternative, envelope);
            let is_found = missing.is_ok();
            if best.0.is_err() || is_found {
                best = (Ok(event), missing);
            }
            if is_found {
                break;
            }
        }
        best
    }

    /// Returns an event that differs in the leaf of the field, so that neither the field nor the
    /// pattern holds.
    fn missing(
        &mut self,
        leaves: &[(&'b [u8], Value)],
        at: usize,
        field: usize,
        alternative: usize,
        envelope: bool,
    ) -> Result<String, NotFound> {
        let alternatives = self.branches.fields[field].alternatives;
        let mut leaves = leaves.to_vec();
        let (mut reason, mut tries, mut seen) = (NotFound::AlwaysHolds, 0, HashSet::new());
        let excluded = excluded(&self.buts(field));
        for value in failing(&alternatives[alternative].test, &excluded) {
            if self.judge.is_exhausted() {
                return Err(NotFound::Limit);
            }
            if self.judge.verdict(field, &value).holds || !seen.insert(value.clone()) {
                continue;
            }
            leaves[at].1 = value;
            let event = text(&leaves, envelope);
            match self.judge.matches(&event) {
                Ok(false) => return Ok(event),
                Ok(true) => reason = NotFound::OtherBranch,
                Err(code) => return Err(NotFound::Refused(code)),
            }
            tries += 1;
            if tries == TRIES {
                break;
            }
        }
        Err(reason)
    }
}

fn but(alternative: &Alternative) -> Option<&AnythingBut> {
    match &alternative.test {
        ValueTest::AnythingBut(but) => Some(but),
        _ => None,
    }
}

fn text(leaves: &[(&[u8], Value)], envelope: bool) -> String {
    event(leaves.iter().map(|(path, value)| (*path, value)), envelope)
}
