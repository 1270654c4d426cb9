//! Reads an event: checks all of it, and finds the leaves on the paths that some rule names.
//!
//! The objects and arrays that are open stand on a stack of frames, so nesting costs no recursion. Below a frame
//! that no path leads into, the text is only checked.

use crate::error::{EventError, Expected, JsonError, JsonErrorKind, Span};
use crate::id::ScopeId;
use crate::json::lexer::utf8_error;
use crate::json::{Lexer, Token, string};
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::Kind;
use crate::vocabulary::path::PathTrie;

use super::leaves::{Array, EventScratch, Frame, Scope};

/// Reads an event of at most `depth` levels. What it finds is left in the scratch; on an error that is unspecified.
pub(super) fn scan(
    vocabulary: &Vocabulary,
    event: &[u8],
    depth: usize,
    scratch: &mut EventScratch,
) -> Result<(), EventError> {
    scratch.next_event(vocabulary);
    // What comes before the bytes that are not UTF-8 is read first: an earlier fault is the one to report.
    let utf8_error = utf8_error(event);
    let readable = utf8_error.map_or(event, |error| &event[..error.span.start]);
    let result = Scanner { vocabulary, lexer: Lexer::new(readable), depth, scratch }.root();
    match (result, utf8_error) {
        (Err(error), Some(utf8_error)) if error.span.start >= utf8_error.span.start => Err(utf8_error.into()),
        (Ok(()), Some(utf8_error)) => Err(utf8_error.into()),
        (result, _) => result.map_err(EventError::from),
    }
}

struct Scanner<'a, 's> {
    vocabulary: &'a Vocabulary,
    lexer: Lexer<'a>,
    depth: usize,
    scratch: &'s mut EventScratch,
}

impl Scanner<'_, '_> {
    fn root(&mut self) -> Result<(), JsonError> {
        match self.lexer.next_or(Expected::Value)? {
            Token::ObjectOpen => {}
            token @ (Token::ObjectClose | Token::ArrayClose | Token::Colon | Token::Comma | Token::End) => {
                return Err(self.lexer.unexpected(token, Expected::Value));
            }
            _ => return Err(JsonError { kind: JsonErrorKind::RootNotObject, span: self.lexer.span() }),
        }
        self.open(Frame { node: Some(PathTrie::ROOT), scope: ScopeId(0), array: None, is_array: false })?;
        let mut first = true;
        // Each turn reads one member or element, or closes a frame; `first` says that nothing was read in it yet.
        while let Some(&frame) = self.scratch.frames.last() {
            first = if frame.is_array { self.element(frame, first)? } else { self.member(frame, first)? };
        }
        let end = self.lexer.span().end;
        match self.lexer.next() {
            Ok(Token::End) => Ok(()),
            Ok(_) | Err(_) => {
                let start = self.lexer.skip_blanks(end);
                Err(JsonError { kind: JsonErrorKind::TrailingText, span: Span::new(start, start + 1) })
            }
        }
    }

    /// Reads the next member of an object up to and into its value, or the end of the object.
    fn member(&mut self, frame: Frame, first: bool) -> Result<bool, JsonError> {
        let mut expected = Expected::NameOrClose;
        if !first {
            match self.lexer.next_or(Expected::CommaOrBrace)? {
                Token::Comma => expected = Expected::Name,
                Token::ObjectClose => return Ok(self.close()),
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBrace)),
            }
        }
        let node = match self.lexer.next_or(expected)? {
            Token::String { escaped } => frame.node.and_then(|node| {
                let name = decoded(self.lexer.string_content(), escaped, &mut self.scratch.name);
                self.vocabulary.paths.child(node, name)
            }),
            Token::ObjectClose if first => return Ok(self.close()),
            token => return Err(self.lexer.unexpected(token, expected)),
        };
        self.lexer.expect(Token::Colon, Expected::Colon)?;
        let token = self.lexer.next_or(Expected::Value)?;
        self.value(token, Expected::Value, Frame { node, array: None, ..frame })
    }

    /// Reads the next element of an array, or its end.
    fn element(&mut self, frame: Frame, first: bool) -> Result<bool, JsonError> {
        let mut expected = Expected::ValueOrClose;
        if !first {
            match self.lexer.next_or(Expected::CommaOrBracket)? {
                Token::Comma => expected = Expected::Value,
                Token::ArrayClose => return Ok(self.close()),
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBracket)),
            }
        }
        match self.lexer.next_or(expected)? {
            Token::ArrayClose if first => Ok(self.close()),
            token => self.value(token, expected, frame),
        }
    }

    /// Takes a value whose first token has been read, below a frame like this; whether it opened a frame.
    fn value(&mut self, token: Token, expected: Expected, parent: Frame) -> Result<bool, JsonError> {
        match token {
            Token::ObjectOpen | Token::ArrayOpen => {
                let mut frame = Frame { is_array: token == Token::ArrayOpen, array: None, ..parent };
                let leaves = self.scratch.leaves.len() as u32;
                if frame.node.is_some() {
                    if let Some(array) = parent.array {
                        frame.scope = ScopeId(self.scratch.scopes.len() as u32);
                        self.scratch.scopes.push(Scope { array, leaves: (leaves, leaves) });
                    }
                    if frame.is_array {
                        frame.array = Some(self.scratch.arrays.len() as u32);
                        self.scratch.arrays.push(Array { scope: frame.scope, leaves: (leaves, leaves) });
                    }
                }
                self.open(frame)?;
                Ok(true)
            }
            Token::String { .. } | Token::Number | Token::True | Token::False | Token::Null => {
                self.leaf(token, parent);
                Ok(false)
            }
            token => Err(self.lexer.unexpected(token, expected)),
        }
    }

    /// Keeps a leaf, if it stands on a path that some rule names.
    fn leaf(&mut self, token: Token, parent: Frame) {
        let Some(path) = parent.node.and_then(|node| self.vocabulary.paths.path(node)) else { return };
        let span = self.lexer.span();
        let leaf = match token {
            Token::String { .. } => (Kind::String, span.start + 1, span.len() - 2),
            Token::Number => (Kind::Number, span.start, 0),
            Token::True => (Kind::True, span.start, 0),
            Token::False => (Kind::False, span.start, 0),
            _ => (Kind::Null, span.start, 0),
        };
        self.scratch.push_leaf(path, parent.scope, leaf, true);
    }

    fn open(&mut self, frame: Frame) -> Result<(), JsonError> {
        if self.scratch.frames.len() >= self.depth {
            let kind = JsonErrorKind::TooDeep { limit: self.depth };
            return Err(JsonError { kind, span: self.lexer.span() });
        }
        self.scratch.frames.push(frame);
        Ok(())
    }

    /// Closes the innermost frame. What was read is never the first thing in the frame around it.
    fn close(&mut self) -> bool {
        let leaves = self.scratch.leaves.len() as u32;
        if let Some(frame) = self.scratch.frames.pop() {
            if let Some(array) = frame.array {
                self.scratch.arrays[array as usize].leaves.1 = leaves;
            }
            let outer = self.scratch.frames.last().map_or(ScopeId(0), |outer| outer.scope);
            if frame.scope != outer {
                self.scratch.scopes[frame.scope.index()].leaves.1 = leaves;
            }
        }
        false
    }
}

/// What a string says, given the text between its quotes.
fn decoded<'t>(content: &'t [u8], escaped: bool, room: &'t mut Vec<u8>) -> &'t [u8] {
    if !escaped {
        return content;
    }
    room.clear();
    string::decode(content, room);
    room
}
