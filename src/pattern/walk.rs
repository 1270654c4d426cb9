//! Goes through an object of a pattern in the order of the text, without recursion: a pattern may be nested so deeply
//! that the stack of a small thread would not hold it.

use std::slice;

use crate::error::Span;

use super::ast::{Alternative, Member, Name, Object};

/// What comes next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'p> {
    Field {
        name: &'p Name,
        alternatives: &'p [Alternative],
    },
    /// A field that holds an object, whose members follow up to `Leave`.
    Enter {
        name: &'p Name,
        object: &'p Object,
    },
    Leave,
    /// `$or`, whose alternatives follow up to `EndOr`.
    Or {
        span: Span,
    },
    /// An alternative of `$or`, whose members follow up to `EndAlternative`.
    Alternative {
        object: &'p Object,
    },
    EndAlternative,
    EndOr,
}

/// The steps through an object, without those into it and out of it.
pub(crate) struct Walk<'p> {
    members: slice::Iter<'p, Member>,
    /// What is open around `members`, from the outside.
    open: Vec<Open<'p>>,
}

enum Open<'p> {
    /// What follows an object in the one around it.
    Object(slice::Iter<'p, Member>),
    /// An alternative of the `$or` below.
    Alternative,
    /// The alternatives that follow, and what follows `$or`.
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
