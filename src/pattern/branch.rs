//! What a pattern means once `$or` and names written twice are settled: a list of branches, one of which must hold.
//!
//! A branch maps paths to lists of alternatives. The text is read from left to right with a list of branches at
//! hand, at first a single empty one. A field writes its alternatives into every branch, in the place of what an
//! earlier field wrote to the same path. `$or` replaces the list by as many copies of it as there are alternatives,
//! each extended by one of them.

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::rules::PatternLimits;

use super::ast::{Alternative, Member, Object, Pattern};
use super::complexity;

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
    let mut expansion = Branches { fields: Vec::new(), branches: Vec::new() };
    expansion.object(&pattern.root, None);
    expansion.fields
}

/// The branches of a pattern. Their number is bounded by [`PatternLimits::combinations`].
pub(crate) fn expand(pattern: &Pattern) -> Branches<'_> {
    let mut expansion = Branches { fields: Vec::new(), branches: vec![Vec::new()] };
    expansion.object(&pattern.root, None);
    expansion
}

/// Refuses a pattern that crosses one of the limits that need its fields to be known.
pub(crate) fn check(pattern: &Pattern, limits: &PatternLimits) -> Result<(), PatternError> {
    // Only a pattern that writes more fields than that can have a branch that does.
    if count(&pattern.root) > limits.fields {
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

fn count(object: &Object) -> usize {
    let count_member = |member: &Member| match member {
        Member::Field { .. } => 1,
        Member::Nested { object, .. } => count(object),
        Member::Or { alternatives, .. } => alternatives.iter().map(count).sum(),
    };
    object.members.iter().map(count_member).sum()
}

impl<'p> Branches<'p> {
    /// Reads an object that stands below a prefix, which the root does not.
    fn object(&mut self, object: &'p Object, prefix: Option<&[u8]>) {
        for member in &object.members {
            match member {
                Member::Nested { name, object } => {
                    self.object(object, Some(&join(prefix, name.text.as_bytes())))
                }
                Member::Field { name, alternatives } => {
                    // A field below an empty prefix is read as one at the root: `{"": {"a": […]}}` names the path
                    // `a`, although `{"": {"a": {"b": […]}}}` names `.a.b`.
                    let prefix = prefix.filter(|prefix| !prefix.is_empty());
                    let path = join(prefix, name.text.as_bytes()).into_boxed_slice();
                    self.field(Field { path, alternatives, span: name.span });
                }
                Member::Or { alternatives, .. } => {
                    let before = std::mem::take(&mut self.branches);
                    let mut after = Vec::new();
                    for alternative in alternatives {
                        self.branches = before.clone();
                        self.object(alternative, prefix);
                        after.append(&mut self.branches);
                    }
                    self.branches = after;
                }
            }
        }
    }

    fn field(&mut self, field: Field<'p>) {
        let index = self.fields.len() as u32;
        for branch in &mut self.branches {
            match branch.iter_mut().find(|at| self.fields[**at as usize].path == field.path) {
                Some(same) => *same = index,
                None => branch.push(index),
            }
        }
        self.fields.push(field);
    }
}

fn join(prefix: Option<&[u8]>, name: &[u8]) -> Vec<u8> {
    match prefix {
        None => name.to_vec(),
        Some(prefix) => [prefix, b".", name].concat(),
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
