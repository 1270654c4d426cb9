//! [`FastReader`]: reads an event from front to back, many bytes at a time.
//!
//! The reader stores the same leaves in the same order as the [`reference`](super::reference)
//! reader. Most of an event is strings. The SIMD kernel finds the end of a string, and of a
//! container that is skipped. The reader builds no index of the text, and stores nothing of values
//! on paths that no rule names. If it rejects an event, the reference reader reads the event again
//! and reports the error.
//!
//! ```text
//! first        closing bracket -> End; other byte -> Member
//! Member       in an object: name, `:`, value; in an array: value
//! value        scalar -> store a leaf if a rule names its path -> after value
//!              container that a path leads into -> push the container around it -> first
//!              other container -> check or skip it -> after value
//! after value  `,` -> Member; closing bracket -> End; every path was found -> Found
//! End          pop the container around it -> after value; if there is none, accept blanks
//! Found        accept
//! ```

use crate::id::ScopeId;
use crate::json::Kind;
use crate::json::lexer::utf8_error;
use crate::json::{number, string};
use crate::path::trie::{Below, NodeId, PathTrie};
use crate::simd::vectors::{Task, Vectors};

use super::builder::{Cursor, EventBuilder};
use super::leaf::{Leaf, State};

mod check;
mod short;

/// Reads an event into the builder. Returns true if the event is valid and within the limits.
///
/// With `SKIPS`, objects and arrays that no path leads into are skipped and not checked. With
/// `STOPS` too, reading ends after every path was found.
pub(super) struct FastReader<'a, 's, const SKIPS: bool, const STOPS: bool> {
    pub(super) paths: &'a PathTrie,
    pub(super) text: &'a [u8],
    /// The maximum number of levels of objects and arrays.
    pub(super) depth: usize,
    pub(super) builder: &'s mut EventBuilder,
    pub(super) scratch: &'s mut FastScratch,
}

impl<const SKIPS: bool, const STOPS: bool> Task for FastReader<'_, '_, SKIPS, STOPS> {
    type Output = bool;

    #[inline(always)]
    fn run(self, vectors: impl Vectors) -> bool {
        let FastReader { paths, text, depth, builder, scratch } = self;
        let mut reader =
            Reader::<_, SKIPS, STOPS> { vectors, paths, text, depth, builder, scratch, pending: 0 };
        reader.root().is_some()
            && reader.builder.crossed.is_none()
            && (SKIPS || is_ascii(text) || utf8_error(text).is_none())
    }
}

/// The memory of the fast reader.
#[derive(Debug, Default)]
pub(super) struct FastScratch {
    /// The open objects and arrays that a path leads into, without the innermost one.
    open: Vec<Open>,
    /// The closing brackets that are expected inside a value that no path leads into.
    brackets: Vec<u8>,
    /// A name with its escapes decoded.
    name: Vec<u8>,
}

impl FastScratch {
    /// Forgets the last event.
    pub(super) fn clear(&mut self) {
        self.open.clear();
    }

    /// Returns the number of bytes that the scratch has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.open.capacity() * size_of::<Open>() + self.brackets.capacity() + self.name.capacity()
    }
}

/// An open object or array that a path leads into.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// The cursor inside.
    inside: Cursor,
    /// The names that lead from here to longer paths.
    below: Below,
    /// The number of names that were not found yet, for an object. The number is one for an array,
    /// whose elements are not counted.
    left: u32,
}

impl Open {
    /// Returns the closing bracket.
    #[inline(always)]
    fn bracket(&self) -> u8 {
        if self.inside.array.is_some() { b']' } else { b'}' }
    }
}

/// The state of the reader after a value or an opening bracket.
enum At<'a> {
    /// Before a member or element.
    Member(&'a [u8]),
    /// After the end of an object or array.
    End(&'a [u8]),
    /// After every path was found.
    Found,
}

/// The reason why reading members or elements stops.
enum Stop<'a> {
    /// A value is an object or array. The node is the node of its path, if a rule names the path or
    /// a longer one.
    Container(Option<NodeId>, &'a [u8]),
    /// The state is not a member or element.
    At(At<'a>),
}

struct Reader<'a, 's, V, const SKIPS: bool, const STOPS: bool> {
    vectors: V,
    paths: &'a PathTrie,
    text: &'a [u8],
    depth: usize,
    builder: &'s mut EventBuilder,
    scratch: &'s mut FastScratch,
    /// The number of open objects and arrays with `left` above zero. It is used only if names are
    /// distinct.
    pending: u32,
}

impl<'a, V: Vectors, const SKIPS: bool, const STOPS: bool> Reader<'a, '_, V, SKIPS, STOPS> {
    /// Reads the root object with all values inside. Returns `None` if it is not valid.
    #[inline(always)]
    fn root(&mut self) -> Option<()> {
        let below = self.paths.below(PathTrie::ROOT);
        let mut open = Open { inside: Cursor::ROOT, below, left: below.count };
        if self.depth == 0 {
            return None;
        }
        if STOPS && open.left == 0 {
            return Some(());
        }
        self.pending = 1;
        let [b'{', inside @ ..] = token(self.text)? else { return None };
        let mut at = first(inside, open.bracket())?;
        loop {
            match at {
                At::Member(rest) => {
                    let stop = if open.inside.array.is_some() {
                        self.elements(&open, rest)?
                    } else {
                        self.members(&mut open, rest)?
                    };
                    at = match stop {
                        Stop::Container(node, rest) => self.container(&mut open, node, rest)?,
                        Stop::At(at) => at,
                    };
                }
                At::End(rest) => {
                    let Some(outer) = self.scratch.open.pop() else {
                        return rest.iter().all(|&byte| is_blank(byte)).then_some(());
                    };
                    if STOPS {
                        self.pending -= u32::from(open.left > 0);
                    }
                    self.builder.leave(open.inside, outer.inside.scope);
                    open = outer;
                    at = self.after(&open, rest, open.bracket())?;
                }
                At::Found => return Some(()),
            }
        }
    }

    /// Reads members of an object up to the first whose value is an object or array.
    #[inline(always)]
    fn members(&mut self, open: &mut Open, mut rest: &'a [u8]) -> Option<Stop<'a>> {
        loop {
            let (node, value) = 'member: {
                while let Some(block) = rest.first_chunk()
                    && let Some(name) = short::name(self.vectors, block, !STOPS)
                {
                    let node = self.paths.plain_step(open.inside.node, open.below, &block[1..], name);
                    if node.is_some() {
                        self.count_name(open);
                    }
                    let start = name + 3;
                    let Some(leaf) = short::leaf(self.vectors, block, start) else {
                        break 'member (node, token(&rest[start..])?);
                    };
                    if let Some(node) = node {
                        self.push_short((node, open.inside.scope), &rest[start..], &leaf);
                    }
                    let end = start + leaf.end;
                    if block[end] == b',' && block[end + 1] == b'"' && !(STOPS && open.left == 0) {
                        rest = &rest[end + 1..];
                        continue;
                    }
                    rest = match self.after(open, &rest[end..], b'}')? {
                        At::Member(rest) => rest,
                        at => return Some(Stop::At(at)),
                    };
                }
                let [b'"', name @ ..] = rest else { return None };
                let (length, is_plain) = self.name(name)?;
                let value = after_colon(name.get(length + 1..)?)?;
                let node = if is_plain {
                    self.paths.plain_step(open.inside.node, open.below, name, length)
                } else {
                    special_step(self.paths, open.inside.node, &name[..length], &mut self.scratch.name)
                };
                if node.is_some() {
                    self.count_name(open);
                }
                (node, value)
            };
            if matches!(value, [b'{' | b'[', ..]) {
                return Some(Stop::Container(node, value));
            }
            let next = self.leaf(node.map(|node| (node, open.inside.scope)), value)?;
            rest = match self.after(open, next, b'}')? {
                At::Member(rest) => rest,
                at => return Some(Stop::At(at)),
            };
        }
    }

    /// Counts a name of an open object that leads to a longer path.
    #[inline(always)]
    fn count_name(&mut self, open: &mut Open) {
        if STOPS && open.left > 0 {
            open.left -= 1;
            self.pending -= u32::from(open.left == 0);
        }
    }

    /// Reads elements of an array up to the first that is an object or array.
    #[inline(always)]
    fn elements(&mut self, open: &Open, mut rest: &'a [u8]) -> Option<Stop<'a>> {
        let Cursor { node, scope, .. } = open.inside;
        loop {
            self.builder.element();
            // The reference reader reports which limit was crossed.
            if self.builder.crossed.is_some() {
                return None;
            }
            if matches!(rest, [b'{' | b'[', ..]) {
                return Some(Stop::Container(Some(node), rest));
            }
            let next = self.leaf(Some((node, scope)), rest)?;
            rest = match self.after(open, next, b']')? {
                At::Member(rest) => rest,
                at => return Some(Stop::At(at)),
            };
        }
    }

    /// Enters an object or array if a path leads into it. Checks or skips it otherwise.
    #[inline(always)]
    fn container(&mut self, open: &mut Open, node: Option<NodeId>, rest: &'a [u8]) -> Option<At<'a>> {
        let (byte, inside) = rest.split_first()?;
        let is_array = *byte == b'[';
        if let Some(node) = node {
            let below = self.paths.below(node);
            // The elements of an array have the path of the array.
            if is_array || below.count > 0 {
                if self.scratch.open.len() + 1 >= self.depth {
                    return None;
                }
                self.scratch.open.push(*open);
                self.pending += u32::from(STOPS);
                open.inside = self.builder.enter(Cursor { node, ..open.inside }, is_array);
                open.below = below;
                open.left = if is_array { 1 } else { below.count };
                return first(inside, open.bracket());
            }
        }
        let after = if SKIPS { inside.get(self.vectors.bracket(inside)? + 1..)? } else { self.check(rest)? };
        self.after(open, after, open.bracket())
    }

    /// Reads a string, number, `true`, `false` or `null`. Stores it as a leaf if a rule names its
    /// path. Returns the text after it.
    #[inline(always)]
    fn leaf(&mut self, place: Option<(NodeId, ScopeId)>, value: &'a [u8]) -> Option<&'a [u8]> {
        let (text, kind, length, has_escapes, rest) = if let [b'"', text @ ..] = value {
            let (length, has_escapes) = self.string(text)?;
            (text, Kind::String, length, has_escapes, text.get(length + 1..)?)
        } else {
            let kind = match value.first()? {
                b't' => Kind::True,
                b'f' => Kind::False,
                b'n' => Kind::Null,
                _ => Kind::Number,
            };
            (value, kind, 0, false, value.get(number::scalar_end(value)?..)?)
        };
        if let Some(place) = place {
            self.push_leaf(place, (kind, text, length), has_escapes);
        }
        Some(rest)
    }

    /// Stores a leaf if a rule names its path. The arguments are its kind, the text from its start
    /// on, and its length if it is a string.
    #[inline(always)]
    fn push_leaf(
        &mut self,
        (node, scope): (NodeId, ScopeId),
        (kind, text, length): (Kind, &[u8], usize),
        has_escapes: bool,
    ) {
        if let Some(path) = self.paths.path(node) {
            let start = self.text.len() - text.len();
            let state = if has_escapes { State::Escaped } else { State::Raw };
            self.builder.push(Leaf::new(path, scope, (kind, start, length), state));
        }
    }

    #[inline(always)]
    fn push_short(&mut self, place: (NodeId, ScopeId), text: &[u8], leaf: &short::Leaf) {
        self.push_leaf(place, (leaf.kind, &text[leaf.start..], leaf.length), false);
    }

    /// Returns the length of the name at the start of a text, and true if the name has no dots and
    /// no escapes. The result for a long name is false.
    #[inline(always)]
    fn name(&self, text: &[u8]) -> Option<(usize, bool)> {
        if let Some(block) = text.first_chunk() {
            let stops = self.vectors.stops(block);
            if let Some(length) = short::length(stops.quotes, stops.others | stops.dots) {
                return Some((length, true));
            }
        }
        let (length, _) = self.vectors.string(text)?;
        Some((length, false))
    }

    /// Returns the length of the string at the start of a text, and true if the string has escapes.
    #[inline(always)]
    fn string(&self, text: &[u8]) -> Option<(usize, bool)> {
        if let Some(block) = text.first_chunk() {
            let stops = self.vectors.stops(block);
            if let Some(length) = short::length(stops.quotes, stops.others) {
                return Some((length, false));
            }
        }
        self.vectors.string(text)
    }

    /// Returns the state after a value inside of `open`, whose closing bracket is `bracket`.
    #[inline(always)]
    fn after(&self, open: &Open, mut rest: &'a [u8], bracket: u8) -> Option<At<'a>> {
        if STOPS && open.left == 0 {
            if self.pending == 0 {
                return Some(At::Found);
            }
            rest = rest.get(self.vectors.bracket(rest)?..)?;
        }
        match token(rest)? {
            [b',', next @ ..] => Some(At::Member(token(next)?)),
            [byte, next @ ..] if *byte == bracket => Some(At::End(next)),
            _ => None,
        }
    }
}

/// Returns the state after the opening bracket of an object or array, whose closing bracket is
/// `bracket`.
#[inline(always)]
fn first(inside: &[u8], bracket: u8) -> Option<At<'_>> {
    let rest = token(inside)?;
    match rest.split_first()? {
        (byte, after) if *byte == bracket => Some(At::End(after)),
        _ => Some(At::Member(rest)),
    }
}

/// Returns the child for a name that has dots or escapes or is long.
#[cold]
#[inline(never)]
fn special_step(paths: &PathTrie, from: NodeId, name: &[u8], room: &mut Vec<u8>) -> Option<NodeId> {
    room.clear();
    string::decode(name, room);
    paths.child(from, room)
}

/// Returns true if all bytes are below 128.
#[inline(always)]
fn is_ascii(text: &[u8]) -> bool {
    // `is_ascii` would test the bytes after the last whole block one by one.
    let (blocks, _) = text.as_chunks::<64>();
    match text.last_chunk::<64>() {
        Some(last) => blocks.as_flattened().is_ascii() && last.is_ascii(),
        None => text.is_ascii(),
    }
}

/// Returns the text after leading blanks, if there is any.
#[inline(always)]
fn token(text: &[u8]) -> Option<&[u8]> {
    match text.first()? {
        0..=b' ' => after_blanks(text),
        _ => Some(text),
    }
}

#[inline(never)]
fn after_blanks(text: &[u8]) -> Option<&[u8]> {
    text.get(text.iter().position(|&byte| !is_blank(byte))?..)
}

/// Returns the value after a colon. The text begins after a name.
#[inline(always)]
fn after_colon(text: &[u8]) -> Option<&[u8]> {
    match token(text)? {
        [b':', value @ ..] => token(value),
        _ => None,
    }
}

#[inline(always)]
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
