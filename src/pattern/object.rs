//! Traits of [`Object`] without recursion. The derived implementations would be recursive.

use std::fmt::{self, Debug, Formatter};
use std::mem;

use crate::error::Span;

use super::ast::{Member, Name, Object};
use super::walk::{Step, Walk};

impl Drop for Object {
    fn drop(&mut self) {
        // An object without inner objects allocates nothing.
        let mut open = Vec::new();
        take_objects(&mut self.members, &mut open);
        while let Some(mut object) = open.pop() {
            take_objects(&mut object.members, &mut open);
        }
    }
}

/// Moves the inner objects of the members to `out`.
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

/// An object or `$or` that is partly copied.
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

/// Writes the object in the notation of a pattern, and its position.
impl Debug for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Object({self} at {}..{})", self.span.start, self.span.end)
    }
}

#[cfg(test)]
mod tests {
    use crate::error::Span;
    use crate::pattern::walk::{Step, Walk};
    use crate::pattern::{Member, Pattern};

    const TEXT: &str =
        r#"{"a":{"b":[1],"$or":[{"c":[2]},{"d":{"e":["x"]},"f":[3]}],"g":[4]},"$or":[{"h":[5]},{"i":[6]}]}"#;

    /// Returns all spans, in the order of the text.
    fn places(pattern: &Pattern) -> Vec<Span> {
        let mut places = vec![pattern.root().span];
        for step in Walk::new(pattern.root()) {
            match step {
                Step::Field { name, alternatives } => {
                    places.push(name.span);
                    places.extend(alternatives.iter().map(|alternative| alternative.span));
                }
                Step::Enter { name, object } => places.extend([name.span, object.span]),
                Step::Or { span } => places.push(span),
                Step::Alternative { object } => places.push(object.span),
                Step::Leave | Step::EndAlternative | Step::EndOr => {}
            }
        }
        places
    }

    #[test]
    fn a_copy_has_the_same_text_and_places() {
        let pattern = Pattern::parse(TEXT).unwrap();
        let copy = pattern.clone();
        assert_eq!(copy.to_string(), TEXT);
        assert_eq!(places(&copy), places(&pattern));
        assert_eq!(places(&pattern).len(), 25);
        assert_eq!((copy.text_length(), copy.combinations()), (TEXT.len(), 4));
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
