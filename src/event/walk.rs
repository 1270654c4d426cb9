//! Reads an event along the index of its structure.
//!
//! This is the fast way to what [`scan`](super::scan) defines: the same leaves in the same order. It does not say what
//! is wrong with an event that it refuses; that is left to [`scan`](super::scan), which then reads it again.

use crate::automaton::Automaton;
use crate::automaton::dictionary::Kind;
use crate::automaton::path::{NodeId, PathTrie};
use crate::id::ScopeId;
use crate::json::index::Index;
use crate::json::{number, string};
use crate::scratch::{Array, EventScratch, Frame, Scope};

/// Reads an event of at most `depth` levels, given the index of its structure: whether it is valid. What is found is
/// left in the scratch. With `trusted`, what no rule looks into is passed over without a check.
pub(super) fn walk(
    automaton: &Automaton,
    text: &[u8],
    index: &Index,
    depth: usize,
    trusted: bool,
    scratch: &mut EventScratch,
) -> bool {
    if index.is_broken {
        return false;
    }
    let mut walker = Walker {
        automaton,
        text,
        positions: index.positions(),
        at: 0,
        has_backslash: index.has_backslash,
        depth,
        trusted,
        scratch,
    };
    walker.root().is_some() && walker.at == walker.positions.len()
}

struct Walker<'a, 's> {
    automaton: &'a Automaton,
    text: &'a [u8],
    /// Where the tokens begin; see [`Index`].
    positions: &'a [u32],
    /// The next token.
    at: usize,
    has_backslash: bool,
    depth: usize,
    trusted: bool,
    scratch: &'s mut EventScratch,
}

/// What comes next.
#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    /// The first name of an object, or its end.
    FirstName,
    Name,
    /// The first element of an array, or its end.
    FirstElement,
    Element,
    /// A comma, or the end of the object or array.
    Next,
}

impl<'a> Walker<'a, '_> {
    /// Reads the root object; nothing where the text is not valid.
    fn root(&mut self) -> Option<()> {
        if self.token()?.1 != b'{' || self.depth == 0 {
            return None;
        }
        let mut frame = Frame { node: Some(PathTrie::ROOT), scope: ScopeId(0), array: None, is_array: false };
        let mut state = State::FirstName;
        loop {
            let (at, byte) = self.token()?;
            match (state, byte) {
                (State::FirstName | State::Name, b'"') => {
                    let name = self.string(at)?;
                    let node = match frame.node {
                        Some(node) => self.child(node, name),
                        None => None,
                    };
                    if self.token()?.1 != b':' {
                        return None;
                    }
                    let (at, byte) = self.token()?;
                    state = self.value(at, byte, Frame { node, array: None, ..frame }, &mut frame)?;
                }
                (State::Next, b',') => {
                    state = if frame.is_array { State::Element } else { State::Name };
                }
                (State::FirstName, b'}') | (State::FirstElement, b']') => match self.close(frame) {
                    Some(outer) => {
                        frame = outer;
                        state = State::Next;
                    }
                    None => return Some(()),
                },
                (State::Next, b'}' | b']') => {
                    if frame.is_array != (byte == b']') {
                        return None;
                    }
                    match self.close(frame) {
                        Some(outer) => frame = outer,
                        None => return Some(()),
                    }
                }
                (State::FirstElement | State::Element, byte) => {
                    state = self.value(at, byte, frame, &mut frame)?;
                }
                _ => return None,
            }
        }
    }
}

impl<'a> Walker<'a, '_> {
    /// The next token: where it begins, and with which byte.
    fn token(&mut self) -> Option<(usize, u8)> {
        let at = *self.positions.get(self.at)? as usize;
        self.at += 1;
        Some((at, *self.text.get(at)?))
    }

    /// What stands between the quote at `open` and the next token, which is the closing one.
    fn string(&mut self, open: usize) -> Option<&'a [u8]> {
        let (close, _) = self.token()?;
        let content = self.text.get(open + 1..close)?;
        if self.has_backslash && !self.trusted && memchr::memchr(b'\\', content).is_some() {
            // The scan stops at the closing quote or at a fault.
            string::scan(&self.text[open..]).ok()?;
        }
        Some(content)
    }

    fn is_escaped(&self, content: &[u8]) -> bool {
        self.has_backslash && memchr::memchr(b'\\', content).is_some()
    }

    fn child(&mut self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        if !self.is_escaped(name) {
            return self.automaton.paths.child(node, name);
        }
        let room = &mut self.scratch.name;
        room.clear();
        string::decode(name, room);
        self.automaton.paths.child(node, room)
    }

    /// Takes the value that begins at `at`, below a frame like `parent`; what comes next.
    fn value(&mut self, at: usize, byte: u8, parent: Frame, current: &mut Frame) -> Option<State> {
        let (kind, escaped, text) = match byte {
            b'{' | b'[' => return self.open(byte == b'[', parent, current),
            b'"' => {
                let content = self.string(at)?;
                (Kind::String, self.is_escaped(content), (at + 1, at + 1 + content.len()))
            }
            b't' => (Kind::True, false, self.literal(at, b"true")?),
            b'f' => (Kind::False, false, self.literal(at, b"false")?),
            b'n' => (Kind::Null, false, self.literal(at, b"null")?),
            b'-' | b'0'..=b'9' => (Kind::Number, false, (at, self.number_end(at)?)),
            _ => return None,
        };
        if let Some(path) = parent.node.and_then(|node| self.automaton.paths.path(node)) {
            self.scratch.push_leaf(path, parent.scope, kind, escaped, text);
        }
        Some(State::Next)
    }

    fn literal(&self, at: usize, word: &[u8]) -> Option<(usize, usize)> {
        let end = at + word.len();
        (self.text.get(at..end)? == word && self.is_delimiter(end)).then_some((at, end))
    }

    fn number_end(&self, at: usize) -> Option<usize> {
        let end = at + number::run(&self.text[at..]);
        (self.is_delimiter(end) && number::is_valid(&self.text[at..end])).then_some(end)
    }

    /// Whether a run of bytes that are neither structure nor blank ends here.
    fn is_delimiter(&self, at: usize) -> bool {
        matches!(
            self.text.get(at),
            None | Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' | b':' | b'{' | b'[' | b'"')
        )
    }

    /// Opens an object or array below a frame like `parent`.
    fn open(&mut self, is_array: bool, parent: Frame, current: &mut Frame) -> Option<State> {
        // The root is not on the stack of frames.
        if self.scratch.frames.len() + 1 >= self.depth {
            return None;
        }
        if self.trusted && parent.node.is_none() {
            return self.skip();
        }
        let mut frame = Frame { is_array, array: None, ..parent };
        if frame.node.is_some() {
            let leaves = self.scratch.leaves.len() as u32;
            if let Some(array) = parent.array {
                frame.scope = ScopeId(self.scratch.scopes.len() as u32);
                self.scratch.scopes.push(Scope { array, leaves: (leaves, leaves) });
            }
            if is_array {
                frame.array = Some(self.scratch.arrays.len() as u32);
                self.scratch.arrays.push(Array { scope: frame.scope, leaves: (leaves, leaves) });
            }
        }
        self.scratch.frames.push(*current);
        *current = frame;
        Some(if is_array { State::FirstElement } else { State::FirstName })
    }

    /// Passes over an object or array that was just opened.
    fn skip(&mut self) -> Option<State> {
        let mut levels = 1_usize;
        while levels > 0 {
            match self.token()?.1 {
                b'{' | b'[' => levels += 1,
                b'}' | b']' => levels -= 1,
                // A string has a second token, which is no bracket.
                _ => {}
            }
        }
        Some(State::Next)
    }

    /// Closes a frame; the one around it, unless it is the root.
    fn close(&mut self, frame: Frame) -> Option<Frame> {
        let leaves = self.scratch.leaves.len() as u32;
        if let Some(array) = frame.array {
            self.scratch.arrays[array as usize].leaves.1 = leaves;
        }
        let outer = self.scratch.frames.pop()?;
        if frame.scope != outer.scope {
            self.scratch.scopes[frame.scope.index()].leaves.1 = leaves;
        }
        Some(outer)
    }
}
