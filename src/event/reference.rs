//! Reference reader: checks all of an event, and stores the leaves on paths that some rule names.
//!
//! The open objects and arrays are frames on a stack, so deep events need no recursion. Inside a
//! frame that no path leads into, the text is only checked.

use crate::error::{EventError, EventErrorKind, Expected, JsonErrorKind};
use crate::json::Kind;
use crate::json::lexer::utf8_error;
use crate::json::{Lexer, Token, string};
use crate::path::trie::PathTrie;

use super::builder::{Cursor, EventBuilder};
use super::leaf::{Leaf, State};
use super::options::ReadOptions;

/// An open object or array.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The cursor inside, or `None` if no path leads into it.
    inside: Option<Cursor>,
    is_array: bool,
}

/// The memory of the reference reader.
#[derive(Debug, Default)]
pub(super) struct ReferenceScratch {
    frames: Vec<Frame>,
    /// A name with its escapes decoded.
    name: Vec<u8>,
}

impl ReferenceScratch {
    /// Returns the number of bytes that the scratch has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.frames.capacity() * size_of::<Frame>() + self.name.capacity()
    }
}

/// Reads an event into the builder. The event in the builder is unspecified after an error.
pub(super) fn read(
    options: &ReadOptions,
    paths: &PathTrie,
    event: &[u8],
    builder: &mut EventBuilder,
    scratch: &mut ReferenceScratch,
) -> Result<(), EventError> {
    builder.begin(paths.path_count(), options.leaves, options.elements);
    scratch.frames.clear();
    // The text before the first invalid UTF-8 is read first, because the earliest error is
    // reported.
    let utf8_error = utf8_error(event);
    let readable = utf8_error.map_or(event, |error| &event[..error.span.start]);
    let result = Reader { paths, lexer: Lexer::new(readable), depth: options.depth, builder, scratch }.root();
    match (result, utf8_error) {
        (Err(error), Some(utf8_error)) if error.offset() >= Some(utf8_error.span.start) => {
            Err(utf8_error.into())
        }
        (Ok(()), Some(utf8_error)) => Err(utf8_error.into()),
        (result, _) => result,
    }
}

struct Reader<'a, 's> {
    paths: &'a PathTrie,
    lexer: Lexer<'a>,
    depth: usize,
    builder: &'s mut EventBuilder,
    scratch: &'s mut ReferenceScratch,
}

impl Reader<'_, '_> {
    fn root(&mut self) -> Result<(), EventError> {
        match self.lexer.next_or(Expected::Value)? {
            Token::ObjectOpen => {}
            token @ (Token::ObjectClose | Token::ArrayClose | Token::Colon | Token::Comma | Token::End) => {
                return Err(self.lexer.unexpected(token, Expected::Value).into());
            }
            _ => return Err(self.fault(EventErrorKind::Json(JsonErrorKind::RootNotObject))),
        }
        self.open(Frame { inside: Some(Cursor::ROOT), is_array: false })?;
        let mut first = true;
        // Each iteration reads one member or element, or closes a frame. `first` is true if the
        // frame is still empty.
        while let Some(&frame) = self.scratch.frames.last() {
            first = if frame.is_array { self.element(frame, first)? } else { self.member(frame, first)? };
        }
        let end = self.lexer.span().end;
        match self.lexer.next() {
            Ok(Token::End) => Ok(()),
            Ok(_) | Err(_) => {
                let start = self.lexer.skip_blanks(end);
                Err(EventError::new(EventErrorKind::Json(JsonErrorKind::TrailingText), start))
            }
        }
    }

    /// Reads the next member of an object or the end of the object. A container as the value is
    /// only opened. Returns true if a frame was opened.
    fn member(&mut self, frame: Frame, first: bool) -> Result<bool, EventError> {
        let mut expected = Expected::NameOrClose;
        if !first {
            match self.lexer.next_or(Expected::CommaOrBrace)? {
                Token::Comma => expected = Expected::Name,
                Token::ObjectClose => return Ok(self.close()),
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBrace).into()),
            }
        }
        let at = match self.lexer.next_or(expected)? {
            Token::String { escaped } => frame.inside.and_then(|inside| {
                let name = decoded(self.lexer.string_content(), escaped, &mut self.scratch.name);
                inside.member(self.paths, name)
            }),
            Token::ObjectClose if first => return Ok(self.close()),
            token => return Err(self.lexer.unexpected(token, expected).into()),
        };
        self.lexer.expect(Token::Colon, Expected::Colon)?;
        let token = self.lexer.next_or(Expected::Value)?;
        self.value(token, Expected::Value, at)
    }

    /// Reads the next element of an array or the end of the array. Returns true if a frame was
    /// opened.
    fn element(&mut self, frame: Frame, first: bool) -> Result<bool, EventError> {
        let mut expected = Expected::ValueOrClose;
        if !first {
            match self.lexer.next_or(Expected::CommaOrBracket)? {
                Token::Comma => expected = Expected::Value,
                Token::ArrayClose => return Ok(self.close()),
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBracket).into()),
            }
        }
        match self.lexer.next_or(expected)? {
            Token::ArrayClose if first => Ok(self.close()),
            token => {
                if frame.inside.is_some() {
                    self.builder.element();
                }
                self.value(token, expected, frame.inside)
            }
        }
    }

    /// Reads a value whose first token has been read. `at` is its cursor, or `None` if no path
    /// leads to it. Returns true if a frame was opened.
    fn value(&mut self, token: Token, expected: Expected, at: Option<Cursor>) -> Result<bool, EventError> {
        match token {
            Token::ObjectOpen | Token::ArrayOpen => {
                self.check_limits()?;
                let is_array = token == Token::ArrayOpen;
                let inside = at.and_then(|at| self.builder.enter_on_path(self.paths, at, is_array));
                self.open(Frame { inside, is_array })?;
                Ok(true)
            }
            Token::String { .. } | Token::Number | Token::True | Token::False | Token::Null => {
                self.leaf(token, at);
                self.check_limits()?;
                Ok(false)
            }
            token => Err(self.lexer.unexpected(token, expected).into()),
        }
    }

    /// Stores a leaf if a rule names its path.
    fn leaf(&mut self, token: Token, at: Option<Cursor>) {
        let Some(at) = at else { return };
        let Some(path) = self.paths.path(at.node) else { return };
        let span = self.lexer.span();
        let leaf = match token {
            Token::String { .. } => (Kind::String, span.start + 1, span.len() - 2),
            Token::Number => (Kind::Number, span.start, 0),
            Token::True => (Kind::True, span.start, 0),
            Token::False => (Kind::False, span.start, 0),
            _ => (Kind::Null, span.start, 0),
        };
        self.builder.push(Leaf::new(path, at.scope, leaf, State::Escaped));
    }

    /// Returns an error at the last token if a limit was crossed.
    fn check_limits(&self) -> Result<(), EventError> {
        self.builder.crossed.clone().map_or(Ok(()), |limit| Err(self.fault(limit)))
    }

    /// Returns an error at the last token.
    fn fault(&self, kind: EventErrorKind) -> EventError {
        EventError::new(kind, self.lexer.span().start)
    }

    fn open(&mut self, frame: Frame) -> Result<(), EventError> {
        if self.scratch.frames.len() >= self.depth {
            return Err(self.fault(EventErrorKind::Json(JsonErrorKind::TooDeep { limit: self.depth })));
        }
        self.scratch.frames.push(frame);
        Ok(())
    }

    /// Closes the innermost frame. Returns false, because the frame around it is not empty.
    fn close(&mut self) -> bool {
        let closed = self.scratch.frames.pop().and_then(|frame| frame.inside);
        if let Some(inside) = closed {
            let outer = self.scratch.frames.last().and_then(|outer| outer.inside);
            self.builder.leave(inside, outer.unwrap_or(Cursor::ROOT).scope);
        }
        false
    }
}

/// Returns the decoded string. `content` is the text between its quotes.
fn decoded<'t>(content: &'t [u8], escaped: bool, room: &'t mut Vec<u8>) -> &'t [u8] {
    if !escaped {
        return content;
    }
    room.clear();
    string::decode(content, room);
    room
}
