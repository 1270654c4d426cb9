//! [`Reading`]: the algorithm that reads the values of every parser.

use crate::error::{EventError, EventErrorKind, JsonErrorKind};
use crate::json::Kind;
use crate::path::trie::PathTrie;

use super::super::builder::{Cursor, EventBuilder};
use super::super::leaf::{Leaf, State};
use super::super::options::ReadOptions;
use super::stack::{Frame, Rest, Stacks};
use super::view::{Parsed, View};

/// A type of a parser that can be read as an event.
pub trait Readable {
    /// Reads the leaves on paths that some rule names.
    fn read(&self, reading: Reading<'_>, stacks: &mut Stacks) -> Result<(), EventError>;
}

/// The state of reading a parsed event.
pub struct Reading<'a> {
    pub(super) paths: &'a PathTrie,
    pub(super) options: &'a ReadOptions,
    /// The maximum number of bytes of text.
    pub(super) limit: usize,
    pub(super) builder: &'a mut EventBuilder,
    /// The texts of the leaves.
    pub(super) text: &'a mut Vec<u8>,
}

/// Returns an error without an offset, because the event has no text.
fn fault(kind: JsonErrorKind) -> EventError {
    EventError::without_place(EventErrorKind::Json(kind))
}

impl Reading<'_> {
    /// Reads the root. The stack must be empty.
    pub(super) fn read<'e, P: Parsed<'e>>(
        &mut self,
        root: View<'e, P>,
        stack: &mut Vec<Frame<'e, P>>,
    ) -> Result<(), EventError> {
        let View::Object(members) = root else { return Err(fault(JsonErrorKind::RootNotObject)) };
        let paths = self.paths;
        let ReadOptions { depth, trusted, .. } = *self.options;
        let too_deep = || fault(JsonErrorKind::TooDeep { limit: depth });
        if depth == 0 {
            return Err(too_deep());
        }
        let mut open = Frame::<P> { rest: Rest::Members(members), inside: Some(Cursor::ROOT) };
        loop {
            let next = match &mut open.rest {
                Rest::Members(members) => members.next().map(|(name, value)| {
                    (open.inside.and_then(|inside| inside.member(paths, name.as_ref().as_bytes())), value)
                }),
                Rest::Elements(elements) => elements.next().map(|value| (open.inside, value)),
            };
            let Some((at, value)) = next else {
                let Some(outer) = stack.pop() else { return Ok(()) };
                if let Some(inside) = open.inside {
                    self.builder.leave(inside, outer.inside.unwrap_or(Cursor::ROOT).scope);
                    self.check_length()?;
                }
                open = outer;
                continue;
            };
            if matches!(open.rest, Rest::Elements(_)) && open.inside.is_some() {
                self.builder.element();
                self.check_limits()?;
            }
            // On paths that no rule names, only the depth is checked.
            let levels = depth - 1 - stack.len();
            if at.is_none() && (trusted || value.has_at_most(levels)) {
                continue;
            }
            let (rest, is_array) = match value.view() {
                View::Object(members) => (Rest::Members(members), false),
                View::Array(elements) => (Rest::Elements(elements), true),
                leaf => {
                    if let Some(at) = at {
                        self.leaf(at, leaf)?;
                    }
                    continue;
                }
            };
            if levels == 0 {
                return Err(too_deep());
            }
            let inside = at.and_then(|at| self.builder.enter_on_path(paths, at, is_array));
            stack.push(std::mem::replace(&mut open, Frame { rest, inside }));
        }
    }

    /// Stores a leaf if a rule names its path.
    #[inline]
    fn leaf<'e, P: Parsed<'e>>(&mut self, at: Cursor, leaf: View<'e, P>) -> Result<(), EventError> {
        let Some(path) = self.paths.path(at.node) else { return Ok(()) };
        let text = &mut *self.text;
        let mut start = text.len();
        let mut length = 0;
        let mut state = State::Raw;
        let kind = match leaf {
            View::String(string) => {
                text.extend_from_slice(string.as_bytes());
                length = string.len();
                Kind::String
            }
            View::Number(number) => {
                if let Some(value) = number.value() {
                    let ordinal = value.ordinal();
                    (start, length) = (ordinal as u32 as usize, (ordinal >> 32) as usize);
                    state = State::Valued;
                } else {
                    number.spell(text).ok_or_else(|| fault(JsonErrorKind::InvalidNumber))?;
                }
                Kind::Number
            }
            View::True => Kind::True,
            View::False => Kind::False,
            View::Null | View::Object(_) | View::Array(_) => Kind::Null,
        };
        self.builder.push(Leaf::new(path, at.scope, (kind, start, length), state));
        self.check_limits()?;
        self.check_length()
    }

    /// Returns an error if there are too many leaves or elements.
    #[inline]
    fn check_limits(&self) -> Result<(), EventError> {
        self.builder.crossed.clone().map_or(Ok(()), |limit| Err(EventError::without_place(limit)))
    }

    /// Returns an error if the stored data is larger than any text within the limit. A text is at
    /// least as long as its strings and numbers with their ends, and as its scalars. Brackets are
    /// extra.
    #[inline]
    fn check_length(&self) -> Result<(), EventError> {
        let EventBuilder { leaves, scopes, arrays, .. } = &*self.builder;
        let least = self.text.len().max(leaves.len()) + scopes.len() + arrays.len();
        if least > self.limit {
            return Err(EventError::without_place(EventErrorKind::EventTooLong { limit: self.limit }));
        }
        Ok(())
    }
}
