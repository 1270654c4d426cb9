//! What a pattern means once `$or` and names written twice are settled: a list of branches, one of which must hold.
//!
//! A branch maps paths to lists of alternatives. The text is read from left to right with a list of branches at
//! hand, at first a single empty one. A field writes its alternatives into every branch, in the place of what an
//! earlier field wrote to the same path. `$or` replaces the list by as many copies of it as there are alternatives,
//! each extended by one of them.

use hashbrown::HashSet;

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::rules::PatternLimits;

use super::ast::{Alternative, Name, Pattern};
use super::complexity;
use super::walk::{Step, Walk};

/// A pattern as branches.
pub(crate) struct Branches<'p> {
    /// Every field, in the order of the text.
    pub(crate) fields: Vec<Field<'p>>,
    /// For each branch its fields, as indices into `fields`, with no two of the same path.
    pub(crate) branches: Vec<Vec<u32>>,
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

/// The branches of a pattern. Their number is bounded by [`PatternLimits::combinations`].
pub(crate) fn expand(pattern: &Pattern) -> Branches<'_> {
    let mut expansion = Expansion { branches: vec![Vec::new()], ..Expansion::default() };
    Walk::new(&pattern.root).for_each(|step| expansion.follow(step));
    Branches { fields: expansion.fields, branches: expansion.branches }
}

/// Refuses a pattern that crosses one of the limits that need its fields to be known.
pub(crate) fn check(pattern: &Pattern, limits: &PatternLimits) -> Result<(), PatternError> {
    // Only a pattern that writes more fields than that can have a branch that does.
    if check_extent(pattern, limits)? > limits.fields {
        let expansion = expand(pattern);
        let crossing = expansion.branches.iter().filter_map(|branch| branch.get(limits.fields)).min();
        if let Some(&field) = crossing {
            let kind = PatternErrorKind::TooManyFields { limit: limits.fields };
            return Err(PatternError::new(kind, expansion.fields[field as usize].span));
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

/// Where in the pattern a walk is.
#[derive(Default)]
struct Path {
    /// The names of the objects that are open, joined by dots.
    text: Vec<u8>,
    /// How long the text was before each of them.
    lengths: Vec<usize>,
}

impl Path {
    fn follow(&mut self, step: Step<'_>) {
        match step {
            Step::Enter { name, .. } => {
                let length = self.text.len();
                if !self.lengths.is_empty() {
                    self.text.push(b'.');
                }
                self.text.extend_from_slice(name.text.as_bytes());
                self.lengths.push(length);
            }
            Step::Leave => self.text.truncate(self.lengths.pop().unwrap_or_default()),
            _ => {}
        }
    }

    /// The path of a field that stands here.
    fn of(&self, name: &Name) -> Box<[u8]> {
        let name = name.text.as_bytes();
        // A field below an empty prefix is read as one at the root: `{"": {"a": […]}}` names the path `a`, although
        // `{"": {"a": {"b": […]}}}` names `.a.b`.
        if self.text.is_empty() { name.into() } else { [&self.text, &b"."[..], name].concat().into() }
    }
}

/// Branches as they grow.
#[derive(Default)]
struct Expansion<'p> {
    path: Path,
    fields: Vec<Field<'p>>,
    branches: Vec<Vec<u32>>,
    /// The paths of all fields.
    paths: HashSet<Box<[u8]>>,
    open: Vec<OpenOr>,
}

/// A `$or` that is open.
struct OpenOr {
    /// The branches before it.
    before: Vec<Vec<u32>>,
    /// What its alternatives have made of them.
    after: Vec<Vec<u32>>,
}

impl<'p> Expansion<'p> {
    fn follow(&mut self, step: Step<'p>) {
        self.path.follow(step);
        match step {
            Step::Field { name, alternatives } => {
                self.field(Field { path: self.path.of(name), alternatives, span: name.span });
            }
            Step::Or { .. } => {
                let before = std::mem::take(&mut self.branches);
                self.open.push(OpenOr { before, after: Vec::new() });
            }
            Step::Alternative { .. } => {
                if let Some(or) = self.open.last() {
                    self.branches.clone_from(&or.before);
                }
            }
            Step::EndAlternative => {
                if let Some(or) = self.open.last_mut() {
                    or.after.append(&mut self.branches);
                }
            }
            Step::EndOr => self.branches = self.open.pop().map_or_else(Vec::new, |or| or.after),
            Step::Enter { .. } | Step::Leave => {}
        }
    }

    fn field(&mut self, field: Field<'p>) {
        let index = self.fields.len() as u32;
        let is_new = self.paths.insert(field.path.clone());
        for branch in &mut self.branches {
            let mut same = branch.iter_mut().filter(|_| !is_new);
            match same.find(|at| self.fields[**at as usize].path == field.path) {
                Some(same) => *same = index,
                None => branch.push(index),
            }
        }
        self.fields.push(field);
    }
}

#[cfg(test)]
mod tests {
    use super::expand;
    use crate::pattern::Pattern;

    /// The branches as text: paths with the number of their alternatives.
    fn branches(text: &str) -> Vec<String> {
        let pattern = Pattern::parse(text).unwrap();
        let expansion = expand(&pattern);
        let show = |&at: &u32| {
            let field = &expansion.fields[at as usize];
            format!("{}:{}", String::from_utf8_lossy(&field.path), field.alternatives.len())
        };
        expansion
            .branches
            .iter()
            .map(|branch| branch.iter().map(show).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn without_or_there_is_one_branch() {
        assert_eq!(branches(r#"{"a":[1],"b":{"c":[1,2],"d.e":[3]}}"#), ["a:1 b.c:2 b.d.e:1"]);
    }

    #[test]
    fn alternatives_multiply() {
        assert_eq!(
            branches(r#"{"a":[0],"$or":[{"b":[1]},{"c":[1],"$or":[{"d":[1]},{"e":[1]}]}],"f":[2]}"#),
            ["a:1 b:1 f:1", "a:1 c:1 d:1 f:1", "a:1 c:1 e:1 f:1"]
        );
    }

    #[test]
    fn the_later_text_wins() {
        assert_eq!(branches(r#"{"a":[1],"a":[1,2]}"#), ["a:2"]);
        assert_eq!(branches(r#"{"a":[1],"$or":[{"a":[1,2]},{"b":[3]}]}"#), ["a:2", "a:1 b:1"]);
        assert_eq!(branches(r#"{"$or":[{"a":[1,2]},{"b":[3]}],"a":[1]}"#), ["a:1", "b:1 a:1"]);
    }

    #[test]
    fn an_empty_name_at_the_root_adds_no_dot() {
        assert_eq!(branches(r#"{"":{"a":[1]},"d":{"":{"v":[1]}},"":[1]}"#), ["a:1 d..v:1 :1"]);
        assert_eq!(branches(r#"{"":{"a":{"b":[1]},"":{"c":[1]}}}"#), [".a.b:1 ..c:1"]);
    }
}
