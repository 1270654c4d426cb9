//! A walk through an object of a pattern in the order of the text, without recursion: a deep
//! pattern would overflow the stack of a small thread.

use std::slice;

use crate::error::Span;

use super::ast::{Alternative, Member, Name, Object};

/// A step of a walk.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'p> {
    Field {
        name: &'p Name,
        alternatives: &'p [Alternative],
    },
    /// A field that contains an object. Its members follow up to `Leave`.
    Enter {
        name: &'p Name,
        object: &'p Object,
    },
    Leave,
    /// `$or`. Its alternatives follow up to `EndOr`.
    Or {
        span: Span,
    },
    /// An alternative of `$or`. Its members follow up to `EndAlternative`.
    Alternative {
        object: &'p Object,
    },
    EndAlternative,
    EndOr,
}

/// The steps through an object, without the step into it and the step out of it.
pub(crate) struct Walk<'p> {
    members: slice::Iter<'p, Member>,
    /// The open objects and `$or`s around `members`, the outermost first.
    open: Vec<Open<'p>>,
}

enum Open<'p> {
    /// The rest of the object around the current one.
    Object(slice::Iter<'p, Member>),
    /// An alternative of the `$or` before it in the list.
    Alternative,
    /// The remaining alternatives, and the rest of the object around the `$or`.
    Or(slice::Iter<'p, Object>, slice::Iter<'p, Member>),
}

impl<'p> Walk<'p> {
    pub(crate) fn new(object: &'p Object) -> Walk<'p> {
        Walk { members: object.members.iter(), open: Vec::new() }
    }
}

impl<'p> Iterator for Walk<'p> {
    type Item = Step<'p>;

    fn next(&mut self) -> Option<Step<'p>> {
        if let Some(member) = self.members.next() {
            return Some(match member {
                Member::Field { name, alternatives } => Step::Field { name, alternatives },
                Member::Nested { name, object } => {
                    let rest = std::mem::replace(&mut self.members, object.members.iter());
                    self.open.push(Open::Object(rest));
                    Step::Enter { name, object }
                }
                Member::Or { span, alternatives } => {
                    let rest = std::mem::take(&mut self.members);
                    self.open.push(Open::Or(alternatives.iter(), rest));
                    Step::Or { span: *span }
                }
            });
        }
        Some(match self.open.pop()? {
            Open::Object(rest) => {
                self.members = rest;
                Step::Leave
            }
            Open::Alternative => Step::EndAlternative,
            Open::Or(mut alternatives, rest) => match alternatives.next() {
                Some(object) => {
                    self.open.extend([Open::Or(alternatives, rest), Open::Alternative]);
                    self.members = object.members.iter();
                    Step::Alternative { object }
                }
                None => {
                    self.members = rest;
                    Step::EndOr
                }
            },
        })
    }
}
