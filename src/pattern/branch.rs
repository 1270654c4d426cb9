//! Normalises a pattern to a list of branches. One branch must hold. Branches have no `$or`s
//! inside and no path twice, except in choices.
//!
//! A branch maps paths to lists of alternatives. The text is read from left to right with a list of
//! branches, which begins as one empty branch. A field stores its alternatives in every branch.
//! They overwrite the alternatives of an earlier field with the same path. An *expanded* `$or`
//! replaces the list by one copy for each alternative, extended by that alternative.
//!
//! Adjacent `$or`s therefore multiply. If there are many combinations, a `$or` whose paths are not
//! written elsewhere is *factored*: it becomes a choice of every branch, and holds if one of its
//! alternatives holds. The alternatives are lists of branches, which are made in the same way.

mod keep;
mod path;
mod written;

use hashbrown::HashSet;

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::pattern::limits::PatternLimits;

use super::ast::{Alternative, Pattern};
use super::complexity;
use super::walk::{Step, Walk};
use keep::factored;
use path::Path;

/// The number of combinations that are always expanded. If a pattern has more alternatives than
/// that, their number is used instead. The decision tree can index each expanded branch by its most
/// selective field, and a choice is only evaluated; but each branch takes memory.
pub(crate) const EXPANSION_BUDGET: usize = 16;

/// A pattern as branches.
pub(crate) struct Branches<'p> {
    /// Every field, in the order of the text.
    pub(crate) fields: Vec<Field<'p>>,
    pub(crate) branches: Vec<Branch>,
    /// The factored `$or`s. An inner one precedes the one around it.
    pub(crate) choices: Vec<Choice>,
}

/// A conjunction of fields and choices.
#[derive(Clone, Debug, Default)]
pub(crate) struct Branch {
    /// Indices of fields, all with distinct paths.
    pub(crate) fields: Vec<u32>,
    /// Indices of choices. They share no path with the fields or with each other.
    pub(crate) choices: Vec<u32>,
}

/// A factored `$or`.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// The alternatives. One of them must hold.
    pub(crate) alternatives: Vec<Branch>,
}

/// A field in the form in which the pattern writes it.
pub(crate) struct Field<'p> {
    /// The path in WTF-8: the names joined by dots.
    pub(crate) path: Box<[u8]>,
    pub(crate) alternatives: &'p [Alternative],
    /// The position of its last name.
    pub(crate) span: Span,
}

/// Returns every field of a pattern, in the order of the text.
pub(crate) fn fields(pattern: &Pattern) -> Vec<Field<'_>> {
    let mut path = Path::default();
    let mut fields = Vec::new();
    for step in Walk::new(&pattern.root) {
        path.follow(step);
        if let Step::Field { name, alternatives } = step {
            fields.push(Field { path: path.of(name), alternatives, span: name.span });
        }
    }
    fields
}

/// Expands a pattern to branches. All combinations are expanded if there are at most `budget`, or
/// at most as many as alternatives. With a budget of zero, only overwritten `$or`s are expanded.
/// There are more branches than that only if paths are written twice, and never more than
/// [`PatternLimits::branches`].
pub(crate) fn expand(pattern: &Pattern, budget: usize) -> Branches<'_> {
    let mut expansion = Expansion::new(factored(pattern, budget));
    Walk::new(&pattern.root).for_each(|step| expansion.follow(step));
    expansion.merge();
    Branches { fields: expansion.fields, branches: expansion.branches, choices: expansion.choices }
}

/// Rejects a pattern that exceeds one of the limits that depend on its fields.
pub(crate) fn check(pattern: &Pattern, limits: &PatternLimits) -> Result<(), PatternError> {
    let fields_of_all = check_extent(pattern, limits)?;
    written::check(pattern, limits.branches)?;
    // No branch has more fields than the pattern.
    if fields_of_all > limits.fields {
        let mut expansion = Expansion::new(factored(pattern, 0));
        expansion.most_fields = Some(limits.fields);
        for step in Walk::new(&pattern.root) {
            expansion.follow(step);
            if let Some(span) = expansion.crossing {
                let kind = PatternErrorKind::TooManyFields { limit: limits.fields };
                return Err(PatternError::new(kind, span));
            }
        }
    }
    let Some(limit) = limits.complexity else { return Ok(()) };
    match fields(pattern).into_iter().find(|field| complexity::exceeds(field.alternatives, limit)) {
        Some(field) => Err(PatternError::new(PatternErrorKind::TooComplex { limit }, field.span)),
        None => Ok(()),
    }
}

/// Rejects a pattern that is short but too large to be expanded. Returns the number of its fields.
fn check_extent(pattern: &Pattern, limits: &PatternLimits) -> Result<usize, PatternError> {
    let (mut path, mut branches, mut alternatives) = (Path::default(), 1_usize, Vec::new());
    let (mut fields, mut bytes, mut written) = (0_usize, 0_usize, 0_usize);
    let most = limits.combinations.saturating_mul(limits.fields);
    for step in Walk::new(&pattern.root) {
        path.follow(step);
        match step {
            Step::Field { name, .. } => {
                fields += 1;
                bytes += path.text.len() + name.text.as_bytes().len();
                written = written.saturating_add(branches);
                if bytes > limits.paths {
                    let kind = PatternErrorKind::PathsTooLong { limit: limits.paths };
                    return Err(PatternError::new(kind, name.span));
                }
                // On average over `limits.combinations` branches, each would be written to more
                // than `limits.fields` times.
                if written > most {
                    let kind = PatternErrorKind::TooManyFields { limit: limits.fields };
                    return Err(PatternError::new(kind, name.span));
                }
            }
            Step::Or { .. } => alternatives.push((branches, 0_usize)),
            Step::Alternative { .. } => branches = alternatives.last().map_or(0, |or| or.0),
            Step::EndAlternative => {
                if let Some(or) = alternatives.last_mut() {
                    or.1 = or.1.saturating_add(branches);
                }
            }
            Step::EndOr => branches = alternatives.pop().map_or(0, |or| or.1),
            Step::Enter { .. } | Step::Leave => {}
        }
    }
    Ok(fields)
}

/// The branches while they are built.
struct Expansion<'p> {
    path: Path,
    fields: Vec<Field<'p>>,
    branches: Vec<Branch>,
    choices: Vec<Choice>,
    /// For each choice, the maximum number of fields that it adds to a branch.
    widths: Vec<usize>,
    /// The paths of all fields so far.
    paths: HashSet<Box<[u8]>>,
    /// For each following `$or`, whether it is factored.
    factored: std::vec::IntoIter<bool>,
    open: Vec<OpenOr>,
    /// True if a field overwrote another one, so that some of `branches` may be equal.
    is_overwritten: bool,
    /// The maximum number of fields of a branch, or `None` if fields are not counted.
    most_fields: Option<usize>,
    /// The position of the first field that exceeds the maximum.
    crossing: Option<Span>,
}

/// A `$or` that is open.
struct OpenOr {
    is_factored: bool,
    /// The branches before it.
    before: Vec<Branch>,
    /// The branches after its alternatives so far. They extend `before` if it is expanded, and an
    /// empty branch if it is factored.
    after: Vec<Branch>,
    /// The maximum number of fields that a branch has outside of the innermost factored `$or`, if
    /// fields are counted.
    outside: usize,
}

impl<'p> Expansion<'p> {
    fn new(factored: Vec<bool>) -> Expansion<'p> {
        Expansion {
            path: Path::default(),
            fields: Vec::new(),
            branches: vec![Branch::default()],
            choices: Vec::new(),
            widths: Vec::new(),
            paths: HashSet::new(),
            factored: factored.into_iter(),
            open: Vec::new(),
            is_overwritten: false,
            most_fields: None,
            crossing: None,
        }
    }

    fn follow(&mut self, step: Step<'p>) {
        self.path.follow(step);
        match step {
            Step::Field { name, alternatives } => {
                self.field(Field { path: self.path.of(name), alternatives, span: name.span });
            }
            Step::Or { .. } => {
                // Equal branches would multiply.
                self.merge();
                let is_factored = self.factored.next().unwrap_or_default();
                let widest =
                    if is_factored && self.most_fields.is_some() { self.widest(&self.branches) } else { 0 };
                let outside = self.outside() + widest;
                let before = std::mem::take(&mut self.branches);
                self.open.push(OpenOr { is_factored, before, after: Vec::new(), outside });
            }
            Step::Alternative { .. } => match self.open.last() {
                Some(or) if or.is_factored => self.branches = vec![Branch::default()],
                Some(or) => self.branches.clone_from(&or.before),
                None => {}
            },
            Step::EndAlternative => {
                self.merge();
                if let Some(or) = self.open.last_mut() {
                    or.after.append(&mut self.branches);
                }
            }
            Step::EndOr => self.close(),
            Step::Enter { .. } | Step::Leave => {}
        }
    }

    fn close(&mut self) {
        let Some(OpenOr { is_factored, before, after, .. }) = self.open.pop() else { return };
        if !is_factored {
            self.branches = after;
            return;
        }
        let choice = self.choices.len() as u32;
        self.widths.push(self.widest(&after));
        self.choices.push(Choice { alternatives: after });
        self.branches = before;
        self.branches.iter_mut().for_each(|branch| branch.choices.push(choice));
    }

    fn field(&mut self, field: Field<'p>) {
        let index = self.fields.len() as u32;
        let is_new = self.paths.insert(field.path.clone());
        let outside = self.outside();
        for branch in &mut self.branches {
            let mut same = branch.fields.iter_mut().filter(|_| !is_new);
            match same.find(|at| self.fields[**at as usize].path == field.path) {
                Some(same) => {
                    *same = index;
                    self.is_overwritten = true;
                }
                None => branch.fields.push(index),
            }
            if let Some(most) = self.most_fields
                && outside + width(branch, &self.widths) > most
            {
                self.crossing = Some(field.span);
            }
        }
        self.fields.push(field);
    }

    /// Removes duplicate branches. Branches become equal if the fields that differed are
    /// overwritten.
    fn merge(&mut self) {
        if !std::mem::take(&mut self.is_overwritten) || self.branches.len() < 2 {
            return;
        }
        let mut distinct: HashSet<(Vec<u32>, Vec<u32>)> = HashSet::with_capacity(self.branches.len());
        self.branches.retain(|branch| {
            let mut fields = branch.fields.clone();
            fields.sort_unstable();
            // The choices are in the order of the text, so they need no sort.
            distinct.insert((fields, branch.choices.clone()))
        });
    }

    fn outside(&self) -> usize {
        self.open.last().map_or(0, |or| or.outside)
    }

    fn widest(&self, branches: &[Branch]) -> usize {
        branches.iter().map(|branch| width(branch, &self.widths)).max().unwrap_or_default()
    }
}

/// Returns the maximum number of fields of a branch for any selection of its alternatives.
fn width(branch: &Branch, widths: &[usize]) -> usize {
    branch.fields.len() + branch.choices.iter().map(|&choice| widths[choice as usize]).sum::<usize>()
}

#[cfg(test)]
mod tests;
