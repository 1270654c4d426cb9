//! Reads an event along the index of its structure.
//!
//! This is the fast way to what [`scan`](super::scan) defines: the same leaves in the same order. It does not say what
//! is wrong with an event that it refuses; that is left to [`scan`](super::scan), which then reads it again.

use std::slice;

use crate::id::ScopeId;
use crate::json::index::Index;
use crate::json::{number, string};
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::Kind;
use crate::vocabulary::path::{NodeId, PathTrie};

use super::leaves::{Array, EventScratch, Frame, Scope};

/// Reads an event of at most `depth` levels, given the index of its structure: whether it is valid. What is found is
/// left in the scratch. With `trusted`, what no rule looks into is passed over without a check.
pub(super) fn walk(
    vocabulary: &Vocabulary,
    text: &[u8],
    index: &Index,
    depth: usize,
    trusted: bool,
    scratch: &mut EventScratch,
) -> bool {
    if index.is_broken || depth == 0 {
        return false;
    }
    let tokens = Tokens { text, index, positions: index.positions().iter(), trusted };
    let mut walker = Walker { vocabulary, tokens, depth, scratch };
    walker.root().is_some() && walker.tokens.positions.len() == 0
}

/// The tokens of a text, one after the other.
struct Tokens<'a> {
    text: &'a [u8],
    index: &'a Index,
    positions: slice::Iter<'a, u32>,
    trusted: bool,
}

impl<'a> Tokens<'a> {
    /// The next token: where it begins, and with which byte.
    #[inline(always)]
    fn next(&mut self) -> Option<(usize, u8)> {
        let at = *self.positions.next()? as usize;
        Some((at, *self.text.get(at)?))
    }

    /// What stands between the quote at `open` and the next token, which is the closing one.
    #[inline(always)]
    fn string(&mut self, open: usize) -> Option<&'a [u8]> {
        let close = *self.positions.next()? as usize;
        let content = self.text.get(open + 1..close)?;
        if self.index.has_backslash && !self.trusted && self.index.has_special(open + 1, close) {
            self.check_escapes(open, content)?;
        }
        Some(content)
    }

    /// Whether there may be a backslash or a dot in a string whose opening quote is at `open`.
    #[inline(always)]
    fn is_special(&self, open: usize, content: &[u8]) -> bool {
        self.index.has_special(open + 1, open + 1 + content.len())
    }

    #[inline(never)]
    fn check_escapes(&self, open: usize, content: &[u8]) -> Option<()> {
        if memchr::memchr(b'\\', content).is_some() {
            // The scan stops at the closing quote or at a fault.
            string::scan(&self.text[open..]).ok()?;
        }
        Some(())
    }

    /// Passes over a name and its colon.
    #[inline(always)]
    fn skip_name(&mut self, at: usize, byte: u8) -> Option<()> {
        if byte != b'"' {
            return None;
        }
        self.string(at)?;
        (self.next()?.1 == b':').then_some(())
    }

    /// The end of the number, `true`, `false` or `null` that begins at `at`.
    #[inline(always)]
    fn scalar_end(&self, at: usize, byte: u8) -> Option<usize> {
        let rest = &self.text[at..];
        let length = match byte {
            b'-' | b'0'..=b'9' => number::end(rest)?,
            b't' if rest.starts_with(b"true") => 4,
            b'f' if rest.starts_with(b"false") => 5,
            b'n' if rest.starts_with(b"null") => 4,
            _ => return None,
        };
        // What follows is part of the same run unless it is structure, or blank.
        let is_end =
            matches!(rest.get(length), None | Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'));
        is_end.then_some(at + length)
    }

    /// Checks an object or array whose opening bracket was just read, and passes over it; it may have `depth` levels.
    fn skip(&mut self, open: u8, depth: usize) -> Option<()> {
        if self.trusted {
            return self.skip_trusted();
        }
        if depth == 0 {
            return None;
        }
        // What is around the innermost bracket: a bit for each level, set for an array.
        const WORDS: usize = 16;
        let mut around = [0_u64; WORDS];
        let mut level = 0;
        let mut is_array = open == b'[';
        'opened: loop {
            let (mut at, mut byte) = self.next()?;
            // A bracket that closes what was just opened is met below, as if a value stood before it.
            let mut is_empty = byte == close(is_array);
            loop {
                if !is_empty {
                    if !is_array {
                        self.skip_name(at, byte)?;
                        (at, byte) = self.next()?;
                    }
                    match byte {
                        b'"' => {
                            self.string(at)?;
                        }
                        b'{' | b'[' => {
                            around[level / 64 % WORDS] &= !(1 << (level % 64));
                            around[level / 64 % WORDS] |= u64::from(is_array) << (level % 64);
                            level += 1;
                            if level >= depth || level >= WORDS * 64 {
                                return None;
                            }
                            is_array = byte == b'[';
                            continue 'opened;
                        }
                        _ => {
                            self.scalar_end(at, byte)?;
                        }
                    }
                    byte = self.next()?.1;
                }
                is_empty = false;
                while byte != b',' {
                    if byte != close(is_array) {
                        return None;
                    }
                    if level == 0 {
                        return Some(());
                    }
                    level -= 1;
                    is_array = around[level / 64 % WORDS] >> (level % 64) & 1 == 1;
                    byte = self.next()?.1;
                }
                (at, byte) = self.next()?;
            }
        }
    }

    /// Passes over an object or array whose opening bracket was just read.
    fn skip_trusted(&mut self) -> Option<()> {
        let mut levels = 1_usize;
        while levels > 0 {
            match self.next()?.1 {
                b'{' | b'[' => levels += 1,
                b'}' | b']' => levels -= 1,
                // A string has two tokens, and neither is a bracket.
                _ => {}
            }
        }
        Some(())
    }
}

/// The bracket that closes an array or object.
fn close(is_array: bool) -> u8 {
    if is_array { b']' } else { b'}' }
}

struct Walker<'a, 's> {
    vocabulary: &'a Vocabulary,
    tokens: Tokens<'a>,
    depth: usize,
    scratch: &'s mut EventScratch,
}

impl Walker<'_, '_> {
    /// Reads the root object; nothing where the text is not valid.
    fn root(&mut self) -> Option<()> {
        if self.tokens.next()?.1 != b'{' {
            return None;
        }
        let mut frame = Frame { node: Some(PathTrie::ROOT), scope: ScopeId(0), array: None, is_array: false };
        'opened: loop {
            let (mut at, mut byte) = self.tokens.next()?;
            // A bracket that closes what was just opened is met below, as if a value stood before it.
            let mut is_empty = byte == close(frame.is_array);
            loop {
                if !is_empty {
                    let mut inner = frame;
                    if !frame.is_array {
                        inner.array = None;
                        inner.node = self.name(frame, at, byte)?;
                        (at, byte) = self.tokens.next()?;
                    }
                    match (inner.node, byte) {
                        (None, b'{' | b'[') => {
                            self.tokens.skip(byte, self.depth - 1 - self.scratch.frames.len())?;
                        }
                        (None, b'"') => {
                            self.tokens.string(at)?;
                        }
                        (None, _) => {
                            self.tokens.scalar_end(at, byte)?;
                        }
                        (Some(_), b'{' | b'[') => {
                            self.scratch.frames.push(frame);
                            if self.scratch.frames.len() >= self.depth {
                                return None;
                            }
                            frame = self.open(inner, byte == b'[');
                            continue 'opened;
                        }
                        (Some(node), _) => self.leaf(node, inner.scope, at, byte)?,
                    }
                    byte = self.tokens.next()?.1;
                }
                is_empty = false;
                while byte != b',' {
                    if byte != close(frame.is_array) {
                        return None;
                    }
                    match self.close(frame) {
                        Some(outer) => frame = outer,
                        None => return Some(()),
                    }
                    byte = self.tokens.next()?.1;
                }
                (at, byte) = self.tokens.next()?;
            }
        }
    }

    /// Reads a name and its colon: where it leads, if any path goes on that way.
    #[inline(always)]
    fn name(&mut self, frame: Frame, at: usize, byte: u8) -> Option<Option<NodeId>> {
        let Some(node) = frame.node else {
            self.tokens.skip_name(at, byte)?;
            return Some(None);
        };
        if byte != b'"' {
            return None;
        }
        let name = self.tokens.string(at)?;
        if self.tokens.next()?.1 != b':' {
            return None;
        }
        Some(if self.tokens.is_special(at, name) {
            self.special_child(node, name)
        } else {
            self.vocabulary.paths.step(node, name)
        })
    }

    /// Where a name leads that may have escapes or dots.
    #[inline(never)]
    fn special_child(&mut self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        if memchr::memchr(b'\\', name).is_none() {
            return self.vocabulary.paths.child(node, name);
        }
        let room = &mut self.scratch.name;
        room.clear();
        string::decode(name, room);
        self.vocabulary.paths.child(node, room)
    }

    /// Reads a string, number, `true`, `false` or `null`, and keeps it if a rule names its path.
    fn leaf(&mut self, node: NodeId, scope: ScopeId, at: usize, byte: u8) -> Option<()> {
        let (kind, escaped, text) = if byte == b'"' {
            let content = self.tokens.string(at)?;
            let escaped = self.tokens.index.has_backslash
                && self.tokens.is_special(at, content)
                && memchr::memchr(b'\\', content).is_some();
            (Kind::String, escaped, (at + 1, at + 1 + content.len()))
        } else {
            let end = self.tokens.scalar_end(at, byte)?;
            let kind = match byte {
                b't' => Kind::True,
                b'f' => Kind::False,
                b'n' => Kind::Null,
                _ => Kind::Number,
            };
            (kind, false, (at, end))
        };
        if let Some(path) = self.vocabulary.paths.path(node) {
            self.scratch.push_leaf(path, scope, kind, escaped, text);
        }
        Some(())
    }

    /// The frame of an object or array that is opened in the place of `frame`.
    fn open(&mut self, mut frame: Frame, is_array: bool) -> Frame {
        let leaves = self.scratch.leaves.len() as u32;
        if let Some(array) = frame.array {
            frame.scope = ScopeId(self.scratch.scopes.len() as u32);
            self.scratch.scopes.push(Scope { array, leaves: (leaves, leaves) });
        }
        frame.array = None;
        if is_array {
            frame.array = Some(self.scratch.arrays.len() as u32);
            self.scratch.arrays.push(Array { scope: frame.scope, leaves: (leaves, leaves) });
        }
        Frame { is_array, ..frame }
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
