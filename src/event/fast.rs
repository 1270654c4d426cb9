//! Reads an event from front to back, many bytes at a time.
//!
//! This is the fast way to what [`scan`](super::reference) defines: the same leaves in the same order. Strings are what an event
//! mostly consists of; where they end, and what other objects and arrays end, a kernel finds. There is no index of the text and
//! no second pass over it, and of what no rule looks into nothing is kept. What is wrong with an event that is refused here is
//! left to [`scan`](super::reference), which then reads it again.

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

/// To read an event: whether it is valid, and within the limits. What is found is left in the scratch.
///
/// If it `SKIPS`, what no rule looks into is passed over and not checked; if it `STOPS` besides, reading ends where every path has
/// been found.
pub(super) struct FastReader<'a, 's, const SKIPS: bool, const STOPS: bool> {
    pub(super) paths: &'a PathTrie,
    pub(super) text: &'a [u8],
    /// The most levels of objects and arrays.
    pub(super) depth: usize,
    pub(super) builder: &'s mut EventBuilder,
    pub(super) scratch: &'s mut FastScratch,
}

impl<const SKIPS: bool, const STOPS: bool> Task for FastReader<'_, '_, SKIPS, STOPS> {
    type Output = bool;

    #[inline(always)]
    fn run(self, vectors: impl Vectors) -> bool {
        let FastReader { paths, text, depth, builder, scratch } = self;
        let mut walker =
            Walker::<_, SKIPS, STOPS> { vectors, paths, text, depth, builder, scratch, pending: 0 };
        walker.root().is_some()
            && walker.builder.crossed.is_none()
            && (SKIPS || is_ascii(text) || utf8_error(text).is_none())
    }
}

/// The memory of the fast reader.
#[derive(Debug, Default)]
pub(super) struct FastScratch {
    /// The objects and arrays that are open and that a path leads into.
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

    /// The bytes of memory behind this value.
    pub(super) fn memory_usage(&self) -> usize {
        self.open.capacity() * size_of::<Open>() + self.brackets.capacity() + self.name.capacity()
    }
}

/// An object or array that is open and that a path leads into.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// Where what is inside stands.
    inside: Cursor,
    /// The names that lead on from here.
    below: Below,
    /// Of an object, how many of them have not been met; of an array one, since its elements are not counted.
    left: u32,
}

impl Open {
    /// The bracket that closes it.
    #[inline(always)]
    fn bracket(&self) -> u8 {
        if self.inside.array.is_some() { b']' } else { b'}' }
    }
}

/// Where a walk has arrived.
enum At<'a> {
    /// At a member or element.
    Member(&'a [u8]),
    /// Behind the end of an object or array.
    End(&'a [u8]),
    /// Where every path has been found.
    Found,
}

/// Where a walk along members or elements stops.
enum Stop<'a> {
    /// At an object or array, which stands here if a path leads to it.
    Container(Option<NodeId>, &'a [u8]),
    /// Where there are no more.
    At(At<'a>),
}

struct Walker<'a, 's, V, const SKIPS: bool, const STOPS: bool> {
    vectors: V,
    paths: &'a PathTrie,
    text: &'a [u8],
    depth: usize,
    builder: &'s mut EventBuilder,
    scratch: &'s mut FastScratch,
    /// How many of the open objects and arrays may have more to find, if names are distinct.
    pending: u32,
}

impl<'a, V: Vectors, const SKIPS: bool, const STOPS: bool> Walker<'a, '_, V, SKIPS, STOPS> {
    /// Reads the root object and all that is inside; nothing where it is not valid.
    #[inline(always)]
    fn root(&mut self) -> Option<()> {
        let below = self.paths.below(PathTrie::ROOT);
        let mut open = Open { inside: Cursor::ROOT, below, left: below.count };
        if self.depth == 0 || STOPS && open.left == 0 {
            return (self.depth > 0).then_some(());
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
                    at = self.behind(&open, rest, open.bracket())?;
                }
                At::Found => return Some(()),
            }
        }
    }

    /// Reads members of an object up to one that is an object or array itself.
    #[inline(always)]
    fn members(&mut self, open: &mut Open, mut rest: &'a [u8]) -> Option<Stop<'a>> {
        loop {
            let (node, value) = 'member: {
                while let Some(block) = rest.first_chunk()
                    && let Some(name) = short::name(self.vectors, block, !STOPS)
                {
                    let node = self.paths.plain_step(open.inside.node, open.below, &block[1..], name);
                    if node.is_some() {
                        self.met(open);
                    }
                    let start = name + 3;
                    let Some(leaf) = short::leaf(self.vectors, block, start) else {
                        break 'member (node, token(&rest[start..])?);
                    };
                    if let Some(node) = node {
                        self.keep((node, open.inside.scope), &rest[start..], &leaf);
                    }
                    let end = start + leaf.end;
                    if block[end] == b',' && block[end + 1] == b'"' && !(STOPS && open.left == 0) {
                        rest = &rest[end + 1..];
                        continue;
                    }
                    rest = match self.behind(open, &rest[end..], b'}')? {
                        At::Member(rest) => rest,
                        at => return Some(Stop::At(at)),
                    };
                }
                let [b'"', name @ ..] = rest else { return None };
                let (length, is_plain) = self.name(name)?;
                let value = behind_colon(name.get(length + 1..)?)?;
                let node = if is_plain {
                    self.paths.plain_step(open.inside.node, open.below, name, length)
                } else {
                    special_step(self.paths, open.inside.node, &name[..length], &mut self.scratch.name)
                };
                if node.is_some() {
                    self.met(open);
                }
                (node, value)
            };
            if matches!(value, [b'{' | b'[', ..]) {
                return Some(Stop::Container(node, value));
            }
            let next = self.leaf(node.map(|node| (node, open.inside.scope)), value)?;
            rest = match self.behind(open, next, b'}')? {
                At::Member(rest) => rest,
                at => return Some(Stop::At(at)),
            };
        }
    }

    /// Says that a name was met that leads on from what is open.
    #[inline(always)]
    fn met(&mut self, open: &mut Open) {
        if STOPS && open.left > 0 {
            open.left -= 1;
            self.pending -= u32::from(open.left == 0);
        }
    }

    /// Reads elements of an array up to one that is an object or array itself.
    #[inline(always)]
    fn elements(&mut self, open: &Open, mut rest: &'a [u8]) -> Option<Stop<'a>> {
        let Cursor { node, scope, .. } = open.inside;
        loop {
            self.builder.element();
            // Which limit it is, the scan tells.
            if self.builder.crossed.is_some() {
                return None;
            }
            if matches!(rest, [b'{' | b'[', ..]) {
                return Some(Stop::Container(Some(node), rest));
            }
            let next = self.leaf(Some((node, scope)), rest)?;
            rest = match self.behind(open, next, b']')? {
                At::Member(rest) => rest,
                at => return Some(Stop::At(at)),
            };
        }
    }

    /// Opens an object or array, if a path leads into it, or passes over it.
    #[inline(always)]
    fn container(&mut self, open: &mut Open, node: Option<NodeId>, rest: &'a [u8]) -> Option<At<'a>> {
        let (byte, inside) = rest.split_first()?;
        let is_array = *byte == b'[';
        if let Some(node) = node {
            let below = self.paths.below(node);
            // The elements of an array stand at its own path.
            if is_array || below.count > 0 {
                if self.scratch.open.len() + 1 >= self.depth {
                    return None;
                }
                self.scratch.open.push(*open);
                self.pending += 1;
                open.inside = self.builder.enter(Cursor { node, ..open.inside }, is_array);
                open.below = below;
                open.left = if is_array { 1 } else { below.count };
                return first(inside, open.bracket());
            }
        }
        let behind = if SKIPS { inside.get(self.vectors.bracket(inside)? + 1..)? } else { self.check(rest)? };
        self.behind(open, behind, open.bracket())
    }

    /// Reads a string, number, `true`, `false` or `null`, and keeps it if it stands where a rule looks. What is behind.
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
            self.keep_leaf(place, (kind, text, length), has_escapes);
        }
        Some(rest)
    }

    /// Keeps a leaf if it stands where a rule looks: what it is, the text from where it begins, and how long it is if it is a
    /// string.
    #[inline(always)]
    fn keep_leaf(
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
    fn keep(&mut self, place: (NodeId, ScopeId), text: &[u8], leaf: &short::Leaf) {
        self.keep_leaf(place, (leaf.kind, &text[leaf.start..], leaf.length), false);
    }

    /// The length of the name that a text begins with, and whether it is spelled without dots and escapes. A long one is said to
    /// be spelled with them.
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

    /// The length of the string that a text begins with, and whether it has escapes.
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

    /// What comes behind a value, up to the next or the end of what is open, which this bracket closes.
    #[inline(always)]
    fn behind(&self, open: &Open, mut rest: &'a [u8], bracket: u8) -> Option<At<'a>> {
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

/// What comes first inside of an object or array, which this bracket closes.
#[inline(always)]
fn first(inside: &[u8], bracket: u8) -> Option<At<'_>> {
    let rest = token(inside)?;
    match rest.split_first()? {
        (byte, behind) if *byte == bracket => Some(At::End(behind)),
        _ => Some(At::Member(rest)),
    }
}

/// Where a name leads that is spelled with dots or escapes, or long.
#[cold]
#[inline(never)]
fn special_step(paths: &PathTrie, from: NodeId, name: &[u8], room: &mut Vec<u8>) -> Option<NodeId> {
    room.clear();
    string::decode(name, room);
    paths.child(from, room)
}

/// Whether all bytes are below 128.
#[inline(always)]
fn is_ascii(text: &[u8]) -> bool {
    // Bytes behind the last whole block would be looked at one by one.
    let (blocks, _) = text.as_chunks::<64>();
    match text.last_chunk::<64>() {
        Some(last) => blocks.as_flattened().is_ascii() && last.is_ascii(),
        None => text.is_ascii(),
    }
}

/// What stands behind blanks, if there is anything.
#[inline(always)]
fn token(text: &[u8]) -> Option<&[u8]> {
    match text.first()? {
        0..=b' ' => behind_blanks(text),
        _ => Some(text),
    }
}

#[inline(never)]
fn behind_blanks(text: &[u8]) -> Option<&[u8]> {
    text.get(text.iter().position(|&byte| !is_blank(byte))?..)
}

/// The value behind a name and a colon.
#[inline(always)]
fn behind_colon(text: &[u8]) -> Option<&[u8]> {
    match token(text)? {
        [b':', value @ ..] => token(value),
        _ => None,
    }
}

#[inline(always)]
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
