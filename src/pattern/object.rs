//! What would be derived for [`Object`], if what is derived were not recursive.

use std::fmt::{self, Debug, Formatter};
use std::mem;

use crate::error::Span;

use super::ast::{Member, Name, Object};
use super::walk::{Step, Walk};

impl Drop for Object {
    fn drop(&mut self) {
        // Nothing is allocated for an object that holds no other.
        let mut open = Vec::new();
        take_objects(&mut self.members, &mut open);
        while let Some(mut object) = open.pop() {
            take_objects(&mut object.members, &mut open);
        }
    }
}

/// Takes the objects that stand inside.
fn take_objects(members: &mut [Member], out: &mut Vec<Object>) {
    for member in members {
        match member {
            Member::Field { .. } => {}
            Member::Nested { object, .. } => {
                out.push(Object { members: mem::take(&mut object.members), span: object.span });
            }
            Member::Or { alternatives, .. } => out.append(alternatives),
        }
    }
}

/// An object or `$or` that is being copied.
enum Copying {
    Object { name: Option<Name>, copy: Object },
    Or { span: Span, alternatives: Vec<Object> },
}

impl Clone for Object {
    fn clone(&self) -> Object {
        let empty =
            |object: &Object| Object { members: Vec::with_capacity(object.members.len()), span: object.span };
        let mut members = Vec::with_capacity(self.members.len());
        let mut open: Vec<Copying> = Vec::new();
        for step in Walk::new(self) {
            let done = match step {
                Step::Field { name, alternatives } => {
                    Member::Field { name: name.clone(), alternatives: alternatives.to_vec() }
                }
                Step::Enter { name, object } => {
                    open.push(Copying::Object { name: Some(name.clone()), copy: empty(object) });
                    continue;
                }
                Step::Or { span } => {
                    open.push(Copying::Or { span, alternatives: Vec::new() });
                    continue;
                }
                Step::Alternative { object } => {
                    open.push(Copying::Object { name: None, copy: empty(object) });
                    continue;
                }
                Step::Leave | Step::EndAlternative | Step::EndOr => match open.pop() {
                    Some(Copying::Object { name: Some(name), copy }) => Member::Nested { name, object: copy },
                    Some(Copying::Object { name: None, copy }) => {
                        if let Some(Copying::Or { alternatives, .. }) = open.last_mut() {
                            alternatives.push(copy);
                        }
                        continue;
                    }
                    Some(Copying::Or { span, alternatives }) => Member::Or { span, alternatives },
                    None => unreachable!("what is left was entered"),
                },
            };
            match open.last_mut() {
                Some(Copying::Object { copy, .. }) => copy.members.push(done),
                Some(Copying::Or { .. }) => unreachable!("members stand in objects"),
                None => members.push(done),
            }
        }
        Object { members, span: self.span }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        if self.span != other.span {
            return false;
        }
        let (mut ours, mut theirs) = (Walk::new(self), Walk::new(other));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(our), Some(their)) if is_same(our, their) => {}
                _ => return false,
            }
        }
    }
}

impl Eq for Object {}

/// Whether two steps are the same, without what follows them.
fn is_same(our: Step<'_>, their: Step<'_>) -> bool {
    match (our, their) {
        (
            Step::Field { name, alternatives },
            Step::Field { name: their_name, alternatives: their_alternatives },
        ) => name == their_name && alternatives == their_alternatives,
        (Step::Enter { name, object }, Step::Enter { name: their_name, object: their_object }) => {
            name == their_name && object.span == their_object.span
        }
        (Step::Or { span }, Step::Or { span: their_span }) => span == their_span,
        (Step::Alternative { object }, Step::Alternative { object: their_object }) => {
            object.span == their_object.span
        }
        (Step::Leave, Step::Leave)
        | (Step::EndAlternative, Step::EndAlternative)
        | (Step::EndOr, Step::EndOr) => true,
        _ => false,
    }
}

/// The object as a pattern spells it, and where it stands.
impl Debug for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Object({self} at {}..{})", self.span.start, self.span.end)
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Member, Pattern};

    const TEXT: &str =
        r#"{"a":{"b":[1],"$or":[{"c":[2]},{"d":{"e":["x"]},"f":[3]}],"g":[4]},"$or":[{"h":[5]},{"i":[6]}]}"#;

    #[test]
    fn a_copy_is_the_same_and_no_other_pattern_is() {
        let pattern = Pattern::parse(TEXT).unwrap();
        let copy = pattern.clone();
        assert_eq!(copy, pattern);
        assert_eq!(copy.to_string(), TEXT);
        // Each digit, letter and place matters.
        for (at, _) in TEXT.match_indices(|c: char| c.is_ascii_alphanumeric() && !"or".contains(c)) {
            let mut other = TEXT.to_owned();
            other.replace_range(at..=at, if TEXT.as_bytes()[at].is_ascii_digit() { "7" } else { "z" });
            assert_ne!(Pattern::parse(&other).unwrap(), pattern, "{other}");
        }
        assert_ne!(Pattern::parse(&TEXT.replacen("{", "{ ", 2)).unwrap(), pattern);
        assert_ne!(Pattern::parse(r#"{"a":[1]}"#).unwrap(), Pattern::parse(r#"{"a":[1],"b":[1]}"#).unwrap());
    }

    #[test]
    fn parts_outlive_the_whole() {
        let pattern = Pattern::parse(TEXT).unwrap();
        let Member::Nested { object, .. } = &pattern.root().members[0] else { panic!("{pattern:?}") };
        let part = object.clone();
        drop(pattern);
        assert_eq!(part.to_string(), r#"{"b":[1],"$or":[{"c":[2]},{"d":{"e":["x"]},"f":[3]}],"g":[4]}"#);
        assert_eq!(format!("{part:?}"), format!("Object({part} at 5..66)"));
    }
}
