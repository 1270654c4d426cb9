//! Reads an event along the index of its structure.
//!
//! This is the fast way to what [`scan`](super::scan) defines: the same leaves in the same order. It goes from name to
//! name by the colons behind them, and where no path leads on, to the end of a value by its brackets; what is between
//! is not looked at, since the index has checked it. What is wrong with an event that is refused here is left to
//! [`scan`](super::scan), which then reads it again.

use crate::id::ScopeId;
use crate::json::index::{Bracket, Index, Plan, scalar_end};
use crate::json::string;
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::Kind;
use crate::vocabulary::path::{NodeId, PathTrie, Stepped};

use super::Reader;
use super::leaves::{Array, EventScratch, Scope};

/// How much of an event is indexed at a time, if not all of it has to be.
const PIECE: usize = 512;

/// Reads an event, given the index of its structure as far as it is made: whether it is valid. What is found is left in
/// the scratch.
pub(super) fn walk(
    reader: &Reader,
    vocabulary: &Vocabulary,
    text: &[u8],
    index: &mut Index,
    scratch: &mut EventScratch,
) -> bool {
    let source = Source { text, index, reader: *reader, colons: 0, brackets: 0 };
    Walker { vocabulary, source, scratch, pending: 0 }.root().is_some()
}

/// An object or array that is open and that a path leads into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    node: NodeId,
    scope: ScopeId,
    /// The index of the array, if it is one.
    array: Option<u32>,
    /// The number of its bracket.
    bracket: u32,
    /// Of an array, where to look for the next element.
    next: u32,
    /// Of an object, how many of the names that lead on from here have not been met.
    left: u32,
}

/// The text, and how far it has been read.
struct Source<'a> {
    text: &'a [u8],
    index: &'a mut Index,
    reader: Reader,
    /// The number of the next colon.
    colons: u32,
    /// The number of the next bracket.
    brackets: u32,
}

impl<'a> Source<'a> {
    /// Goes on with the index, if there is more of the text.
    #[cold]
    #[inline(never)]
    fn more(&mut self) -> Option<()> {
        if self.index.is_broken || self.index.is_finished(self.text) {
            return None;
        }
        let plan = Plan { depth: self.reader.depth, upto: self.index.length() + PIECE };
        self.reader.kernel.extend::<false>(self.text, plan, self.index);
        (!self.index.is_broken).then_some(())
    }

    /// Takes the bracket at `at`, which is the next one: its number.
    #[inline(always)]
    fn take_bracket(&mut self, at: usize) -> Option<u32> {
        let number = self.brackets;
        while self.index.bracket(number).is_none() {
            self.more()?;
        }
        self.brackets += 1;
        (self.index.bracket(number)?.at as usize == at).then_some(number)
    }

    /// The bracket that closes another.
    #[inline(always)]
    fn close_of(&mut self, number: u32) -> Option<Bracket> {
        loop {
            let close = self.index.bracket(number)?.close;
            if close != Bracket::OPEN {
                return self.index.bracket(close);
            }
            self.more()?;
        }
    }

    /// Goes to behind an object or array. Where its last bracket stands.
    #[inline(always)]
    fn skip(&mut self, number: u32) -> Option<usize> {
        let close = self.close_of(number)?;
        self.brackets = self.index.bracket(number)?.close + 1;
        self.colons = close.colons;
        Some(close.at as usize)
    }

    /// Takes the next colon in the object with this bracket, or nothing at its end.
    #[inline(always)]
    fn take_colon(&mut self, number: u32) -> Option<Option<usize>> {
        loop {
            let close = self.index.bracket(number)?.close;
            if close != Bracket::OPEN && self.index.bracket(close)?.colons <= self.colons {
                return Some(None);
            }
            // If the object is still open, all colons that are known are inside.
            if let Some(at) = self.index.colon(self.colons) {
                self.colons += 1;
                return Some(Some(at));
            }
            self.more()?;
        }
    }

    /// Where the name before a colon stands, without its quotes.
    #[inline(always)]
    fn name(&self, colon: usize) -> Option<(usize, usize)> {
        let mut end = colon.checked_sub(1)?;
        while self.text[end] != b'"' {
            if !is_blank(self.text[end]) {
                return None;
            }
            end = end.checked_sub(1)?;
        }
        Some((self.index.quote_before(end)? + 1, end))
    }

    /// What stands behind the blanks from `at` on, if there are any: where, and with which byte it begins.
    #[inline(always)]
    fn token(&self, mut at: usize) -> Option<(usize, u8)> {
        loop {
            let byte = *self.text.get(at)?;
            if !is_blank(byte) {
                return Some((at, byte));
            }
            at += 1;
        }
    }

    /// The string whose opening quote is at `open`.
    #[inline(always)]
    fn string(&mut self, open: usize) -> Option<&'a [u8]> {
        loop {
            if let Some(close) = self.index.quote_from(open + 1) {
                return self.text.get(open + 1..close);
            }
            self.more()?;
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

struct Walker<'a, 's> {
    vocabulary: &'a Vocabulary,
    source: Source<'a>,
    scratch: &'s mut EventScratch,
    /// How many of the open objects and arrays may have more to find, if names are distinct.
    pending: u32,
}

impl Walker<'_, '_> {
    /// Reads the root object; nothing where the text is not valid.
    fn root(&mut self) -> Option<()> {
        let (at, byte) = self.source.token(0)?;
        if byte != b'{' {
            return None;
        }
        let bracket = self.source.take_bracket(at)?;
        let root = Open { node: PathTrie::ROOT, scope: ScopeId(0), array: None, bracket, next: 0, left: 0 };
        let mut open = self.enter(root);
        loop {
            let child = if open.array.is_some() { self.element(&mut open) } else { self.member(&mut open) }?;
            let Some((node, at, byte)) = child else {
                match self.close(open)? {
                    Some(outer) => open = outer,
                    None => return Some(()),
                }
                continue;
            };
            if !matches!(byte, b'{' | b'[') {
                self.leaf(node, open.scope, at, byte)?;
            } else {
                let bracket = self.source.take_bracket(at)?;
                // The elements of an array stand at its own path.
                if byte == b'[' || self.vocabulary.paths.children(node) > 0 {
                    self.scratch.open.push(open);
                    open = self.open(open, node, bracket, at, byte == b'[');
                    continue;
                }
                let end = self.source.skip(bracket)?;
                open.next = end as u32 + 1;
            }
            if self.pending == 0 && self.source.reader.stops() {
                return Some(());
            }
        }
    }

    /// The next member of an object that a path leads to: its node, where its value begins and with which byte.
    /// Nothing at the end of the object.
    #[inline(always)]
    fn member(&mut self, open: &mut Open) -> Option<Option<(NodeId, usize, u8)>> {
        if open.left == 0 && self.source.reader.stops() {
            self.source.skip(open.bracket)?;
            return Some(None);
        }
        while let Some(colon) = self.source.take_colon(open.bracket)? {
            let (start, end) = self.source.name(colon)?;
            let (at, byte) = self.source.token(colon + 1)?;
            let mut node = None;
            let name = &self.source.text[start..end];
            if self.source.index.has_backslash && memchr::memchr(b'\\', name).is_some() {
                node = self.escaped_child(open.node, name);
            } else {
                match self.vocabulary.paths.step(open.node, self.source.text, start, end) {
                    Stepped::To(child) => {
                        node = Some(child);
                        if open.left > 0 {
                            open.left -= 1;
                            self.pending -= u32::from(open.left == 0);
                        }
                    }
                    Stepped::Dots => node = self.vocabulary.paths.child(open.node, name),
                    Stepped::Nowhere => {}
                }
            }
            if let Some(node) = node {
                return Some(Some((node, at, byte)));
            }
            if matches!(byte, b'{' | b'[') {
                let bracket = self.source.take_bracket(at)?;
                self.source.skip(bracket)?;
            }
        }
        self.source.skip(open.bracket)?;
        Some(None)
    }

    /// Where a name with escapes leads.
    #[inline(never)]
    fn escaped_child(&mut self, node: NodeId, name: &[u8]) -> Option<NodeId> {
        let room = &mut self.scratch.name;
        room.clear();
        string::decode(name, room);
        self.vocabulary.paths.child(node, room)
    }

    /// The next element of an array, or nothing at its end.
    #[inline(always)]
    fn element(&mut self, open: &mut Open) -> Option<Option<(NodeId, usize, u8)>> {
        let end = self.source.close_of(open.bracket)?.at as usize;
        match self.source.index.start_from(open.next as usize) {
            Some(at) if at < end => {
                open.next = at as u32 + 1;
                Some(Some((open.node, at, self.source.text[at])))
            }
            _ => {
                self.source.skip(open.bracket)?;
                Some(None)
            }
        }
    }

    /// Reads a string, number, `true`, `false` or `null`, and keeps it if a rule names its path.
    #[inline(always)]
    fn leaf(&mut self, node: NodeId, scope: ScopeId, at: usize, byte: u8) -> Option<()> {
        let Some(path) = self.vocabulary.paths.path(node) else { return Some(()) };
        let (kind, escaped, text) = if byte == b'"' {
            let content = self.source.string(at)?;
            let escaped = self.source.index.has_backslash && memchr::memchr(b'\\', content).is_some();
            (Kind::String, escaped, (at + 1, at + 1 + content.len()))
        } else {
            let end = scalar_end(self.source.text, at)?;
            let kind = match byte {
                b't' => Kind::True,
                b'f' => Kind::False,
                b'n' => Kind::Null,
                _ => Kind::Number,
            };
            (kind, false, (at, end))
        };
        self.scratch.push_leaf(path, scope, kind, escaped, text);
        Some(())
    }

    /// Opens an object or array below another.
    fn open(&mut self, outer: Open, node: NodeId, bracket: u32, at: usize, is_array: bool) -> Open {
        let mut open = Open { node, bracket, next: at as u32 + 1, array: None, ..outer };
        let leaves = self.scratch.leaves.len() as u32;
        if let Some(array) = outer.array {
            open.scope = ScopeId(self.scratch.scopes.len() as u32);
            self.scratch.scopes.push(Scope { array, leaves: (leaves, leaves) });
        }
        if is_array {
            open.array = Some(self.scratch.arrays.len() as u32);
            self.scratch.arrays.push(Array { scope: open.scope, leaves: (leaves, leaves) });
        }
        self.enter(open)
    }

    fn enter(&mut self, mut open: Open) -> Open {
        open.left = self.vocabulary.paths.children(open.node);
        self.pending += u32::from(open.array.is_some() || open.left > 0);
        open
    }

    /// Closes an object or array: the one around it, or nothing if it is the root.
    fn close(&mut self, open: Open) -> Option<Option<Open>> {
        let leaves = self.scratch.leaves.len() as u32;
        if let Some(array) = open.array {
            self.scratch.arrays[array as usize].leaves.1 = leaves;
        }
        self.pending -= u32::from(open.array.is_some() || open.left > 0);
        let Some(mut outer) = self.scratch.open.pop() else { return Some(None) };
        if open.scope != outer.scope {
            self.scratch.scopes[open.scope.index()].leaves.1 = leaves;
        }
        outer.next = self.source.close_of(open.bracket)?.at + 1;
        Some(Some(outer))
    }
}
