//! What a pattern means once `$or` and names written twice are settled: a list of branches, one of which must hold.
//!
//! A branch maps paths to lists of alternatives. The text is read from left to right with a list of branches at
//! hand, at first a single empty one. A field writes its alternatives into every branch, in the place of what an
//! earlier field wrote to the same path. `$or` replaces the list by as many copies of it as there are alternatives,
//! each extended by one of them.
//!
//! `$or`s side by side so make a branch of each combination of their alternatives. Where these are many, a `$or` of which
//! no path is written elsewhere is *kept*: it becomes a choice of every branch, which holds if one of its alternatives
//! does. Its alternatives are lists of branches of their own, made in the same way.

mod keep;
mod path;
mod written;

use hashbrown::HashSet;

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::pattern::limits::PatternLimits;

use super::ast::{Alternative, Pattern};
use super::complexity;
use super::walk::{Step, Walk};
use keep::kept;
use path::Path;

/// So many combinations of `$or` are written out in any case, and as many as the pattern has alternatives. Branches are found
/// by what tells them apart, and a choice is only tried; but each branch takes memory.
pub(crate) const WRITTEN_OUT: usize = 16;

/// A pattern as branches.
pub(crate) struct Branches<'p> {
    /// Every field, in the order of the text.
    pub(crate) fields: Vec<Field<'p>>,
    pub(crate) branches: Vec<Branch>,
    /// The `$or`s that are kept, those inside another one before it.
    pub(crate) choices: Vec<Choice>,
}

/// What must hold together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Branch {
    /// Indices of fields, no two of the same path.
    pub(crate) fields: Vec<u32>,
    /// Indices of choices, which have no path in common with these fields, nor with each other.
    pub(crate) choices: Vec<u32>,
}

/// A `$or` that is kept.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// One of them must hold.
    pub(crate) alternatives: Vec<Branch>,
}

/// A field as the pattern writes it.
pub(crate) struct Field<'p> {
    /// The path in WTF-8: the names joined by dots.
    pub(crate) path: Box<[u8]>,
    pub(crate) alternatives: &'p [Alternative],
    /// Where the last of its names stands.
    pub(crate) span: Span,
}

/// Every field of a pattern, in the order of the text.
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

/// The branches of a pattern. So many combinations are written out in any case, and all of them if there are no more than
/// alternatives; with zero, none that need not be. There are more branches than that only where paths are written twice, and
/// never more than [`PatternLimits::branches`].
pub(crate) fn expand(pattern: &Pattern, written_out: usize) -> Branches<'_> {
    let mut expansion = Expansion::new(kept(pattern, written_out));
    Walk::new(&pattern.root).for_each(|step| expansion.follow(step));
    expansion.merge();
    Branches { fields: expansion.fields, branches: expansion.branches, choices: expansion.choices }
}

/// Refuses a pattern that crosses one of the limits that need its fields to be known.
pub(crate) fn check(pattern: &Pattern, limits: &PatternLimits) -> Result<(), PatternError> {
    let fields_of_all = check_extent(pattern, limits)?;
    written::check(pattern, limits.branches)?;
    // Only a pattern that writes more fields than that can have a branch that does.
    if fields_of_all > limits.fields {
        let mut expansion = Expansion::new(kept(pattern, 0));
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

/// Refuses a pattern that is small and yet too much to be written out. How many fields it has.
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
                // So often, on average, every branch was written to.
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

/// Branches as they grow.
struct Expansion<'p> {
    path: Path,
    fields: Vec<Field<'p>>,
    branches: Vec<Branch>,
    choices: Vec<Choice>,
    /// For each choice the most fields that one way to make it adds to a branch.
    widths: Vec<usize>,
    /// The paths of all fields.
    paths: HashSet<Box<[u8]>>,
    /// Whether the `$or`s that follow are kept.
    kept: std::vec::IntoIter<bool>,
    open: Vec<OpenOr>,
    /// Whether a field was written in the place of another one, so that some of `branches` may have become the same.
    is_overwritten: bool,
    /// How many fields a branch may have, if they are counted.
    most_fields: Option<usize>,
    /// Where the first field stands that a branch may not have.
    crossing: Option<Span>,
}

/// A `$or` that is open.
struct OpenOr {
    is_kept: bool,
    /// The branches before it.
    before: Vec<Branch>,
    /// What its alternatives have made of them or, if it is kept, of an empty one.
    after: Vec<Branch>,
    /// If fields are counted, the most that a branch has outside of what is kept around here.
    outside: usize,
}

impl<'p> Expansion<'p> {
    fn new(kept: Vec<bool>) -> Expansion<'p> {
        Expansion {
            path: Path::default(),
            fields: Vec::new(),
            branches: vec![Branch::default()],
            choices: Vec::new(),
            widths: Vec::new(),
            paths: HashSet::new(),
            kept: kept.into_iter(),
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
                // What has become the same would multiply.
                self.merge();
                let is_kept = self.kept.next().unwrap_or_default();
                let widest =
                    if is_kept && self.most_fields.is_some() { self.widest(&self.branches) } else { 0 };
                let outside = self.outside() + widest;
                let before = std::mem::take(&mut self.branches);
                self.open.push(OpenOr { is_kept, before, after: Vec::new(), outside });
            }
            Step::Alternative { .. } => match self.open.last() {
                Some(or) if or.is_kept => self.branches = vec![Branch::default()],
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
        let Some(OpenOr { is_kept, before, after, .. }) = self.open.pop() else { return };
        if !is_kept {
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

    /// Keeps one of the branches that have become the same: fields are overwritten that were all the difference.
    fn merge(&mut self) {
        if !std::mem::take(&mut self.is_overwritten) || self.branches.len() < 2 {
            return;
        }
        let mut distinct: HashSet<(Vec<u32>, Vec<u32>)> = HashSet::with_capacity(self.branches.len());
        self.branches.retain(|branch| {
            let mut fields = branch.fields.clone();
            fields.sort_unstable();
            // Choices stand in the order of the text.
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

/// The most fields that one way to make its choices gives a branch.
fn width(branch: &Branch, widths: &[usize]) -> usize {
    branch.fields.len() + branch.choices.iter().map(|&choice| widths[choice as usize]).sum::<usize>()
}

#[cfg(test)]
mod tests;
