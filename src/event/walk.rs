//! Reads an event along the index of its structure.
//!
//! This is the fast way to what [`scan`](super::scan) defines: the same leaves in the same order. It goes from name to
//! name by the colons behind them, and where no path leads on, to the end of a value by its brackets; what is between
//! is not looked at, since the index has checked it. What is wrong with an event that is refused here is left to
//! [`scan`](super::scan), which then reads it again.

use crate::id::ScopeId;
use crate::json::index::{Bracket, Index, View, first_from, last_before};
use crate::json::string;
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::Kind;
use crate::vocabulary::path::{Below, NodeId, PathTrie, Stepped};

use super::Reader;
use super::fields::Place;
use super::leaves::{EventScratch, Leaf};
use super::source::{Source, is_blank};

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
    Walker { vocabulary, source, scratch, pending: 0 }.root().is_some() && scratch.crossed.is_none()
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
    /// The names that lead on from here.
    below: Below,
    /// Of an object, how many of them have not been met.
    left: u32,
}

impl Open {
    /// Where what is inside stands.
    #[inline(always)]
    fn inside(&self) -> Place {
        Place { node: self.node, scope: self.scope, array: self.array }
    }
}

/// The quote before a colon, and the value behind it: where it begins, and with which byte.
#[cold]
#[inline(never)]
fn around_colon(text: &[u8], colon: usize) -> Option<(usize, usize, u8)> {
    let mut quote = colon.checked_sub(1)?;
    while is_blank(*text.get(quote)?) {
        quote = quote.checked_sub(1)?;
    }
    let mut at = colon + 1;
    while is_blank(*text.get(at)?) {
        at += 1;
    }
    (text[quote] == b'"').then_some((quote, at, text[at]))
}

/// What a value is that begins so.
#[inline(always)]
fn kind(byte: u8) -> Kind {
    match byte {
        b'"' => Kind::String,
        b't' => Kind::True,
        b'f' => Kind::False,
        b'n' => Kind::Null,
        _ => Kind::Number,
    }
}

#[inline(always)]
fn is_bracket(byte: u8) -> bool {
    matches!(byte, b'{' | b'[')
}

/// The number of the colons up to the end of an object. If it is still open, all colons that are known are inside.
#[inline(always)]
fn last_colon(brackets: &[Bracket], number: u32) -> Option<u32> {
    match brackets.get(number as usize)?.close {
        Bracket::OPEN => Some(u32::MAX),
        close => Some(brackets.get(close as usize)?.colons),
    }
}

/// Notes that a name was met that leads on from an object. Names are distinct.
#[inline(always)]
fn met(open: &mut Open, pending: &mut u32) {
    if open.left > 0 {
        open.left -= 1;
        *pending -= u32::from(open.left == 0);
    }
}

struct Walker<'a, 's> {
    vocabulary: &'a Vocabulary,
    source: Source<'a>,
    scratch: &'s mut EventScratch,
    /// How many of the open objects and arrays may have more to find, if names are distinct.
    pending: u32,
}

/// Where a walk along an object or array stops.
enum Stop {
    /// At an object or array on a path: its node, and where it begins.
    Container(NodeId, usize),
    /// At its end.
    End,
    /// At a name that has escapes or dots: its bounds, and where the value begins.
    Special(usize, usize, usize),
    /// At a part of the text that is not indexed.
    NotIndexed,
    /// Where everything is found.
    Found,
}

impl Walker<'_, '_> {
    /// Reads the root object; nothing where the text is not valid.
    fn root(&mut self) -> Option<()> {
        let (at, byte) = self.source.token(0)?;
        if byte != b'{' {
            return None;
        }
        let bracket = self.source.take_bracket(at)?;
        let root = Open {
            node: PathTrie::ROOT,
            scope: ScopeId(0),
            array: None,
            bracket,
            next: 0,
            below: Below::default(),
            left: 0,
        };
        let mut open = self.enter(root);
        let stops = self.source.reader.stops();
        loop {
            let stop = match (open.array, stops) {
                (Some(_), _) => self.elements(&mut open),
                (None, true) => self.members::<true>(&mut open),
                (None, false) => self.members::<false>(&mut open),
            }?;
            match stop {
                Stop::Container(node, at) => self.container(&mut open, node, at)?,
                Stop::Special(start, end, at) => {
                    let byte = self.source.text[at];
                    let node = self.special_child(open.node, start, end);
                    match node {
                        Some(node) if is_bracket(byte) => self.container(&mut open, node, at)?,
                        Some(node) => self.leaf(node, open.scope, at)?,
                        None if is_bracket(byte) => {
                            let bracket = self.source.take_bracket(at)?;
                            self.source.skip(bracket)?;
                        }
                        None => {}
                    }
                }
                Stop::NotIndexed => self.source.more()?,
                Stop::End => {
                    self.source.skip(open.bracket)?;
                    match self.close(open)? {
                        Some(outer) => open = outer,
                        None => return Some(()),
                    }
                }
                Stop::Found => return Some(()),
            }
        }
    }

    /// Reads members of an object, and of those inside it, up to one that takes more than a look.
    ///
    /// What is `open` in the end is the object that it stands in.
    #[inline(never)]
    fn members<const STOPS: bool>(&mut self, open: &mut Open) -> Option<Stop> {
        let Walker { vocabulary, source, scratch, pending } = self;
        let EventScratch { leaves, open: outside, leaf_limit: most, .. } = &mut **scratch;
        let most = *most;
        let paths = &vocabulary.paths;
        let text = source.text;
        let View { quotes, colons, brackets, has_backslash } = source.index.view();
        let outermost = outside.len();
        let mut last = last_colon(brackets, open.bracket)?;
        loop {
            if source.colons >= last || STOPS && open.left == 0 {
                if STOPS && *pending == 0 {
                    return Some(Stop::Found);
                }
                let close = brackets.get(open.bracket as usize)?.close;
                if outside.len() == outermost || close == Bracket::OPEN {
                    return Some(Stop::End);
                }
                source.brackets = close + 1;
                source.colons = brackets.get(close as usize)?.colons;
                *pending -= u32::from(open.left > 0);
                *open = outside.pop()?;
                last = last_colon(brackets, open.bracket)?;
                continue;
            }
            let Some(&colon) = colons.get(source.colons as usize) else { return Some(Stop::NotIndexed) };
            let colon = colon as usize;
            let (end, at, byte) = match text.get(colon.wrapping_sub(1)..colon + 2) {
                Some(&[b'"', _, byte]) if byte > b' ' => (colon - 1, colon + 1, byte),
                _ => around_colon(text, colon)?,
            };
            let start = last_before(quotes, end)? + 1;
            let node = match paths.step::<STOPS>((open.node, open.below), text, (start, end), has_backslash) {
                Stepped::To(node) => Some(node),
                Stepped::Nowhere => None,
                Stepped::Special => {
                    source.colons += 1;
                    return Some(Stop::Special(start, end, at));
                }
            };
            if !is_bracket(byte) {
                if let Some(path) = node.and_then(|node| paths.path(node)) {
                    let mut leaf = (kind(byte), at, 0);
                    if byte == b'"' {
                        let Some(close) = first_from(quotes, at + 1) else { return Some(Stop::NotIndexed) };
                        leaf = (Kind::String, at + 1, close - at - 1);
                    }
                    // Which limit it is, the scan tells.
                    if leaves.len() >= most {
                        return None;
                    }
                    leaves.push(Leaf::new(path, open.scope, leaf, has_backslash));
                }
                source.colons += 1;
                if STOPS && node.is_some() {
                    met(open, pending);
                }
                continue;
            }
            let number = source.brackets;
            let close = match brackets.get(number as usize) {
                // Where a bracket stands that is no value, its last one could lead back to colons that were
                // passed, and so each of many all over again.
                Some(bracket) if bracket.at as usize != at => return None,
                Some(bracket) => bracket.close,
                None => return Some(Stop::NotIndexed),
            };
            let below = node.map_or(Below::default(), |node| paths.below(node));
            match node {
                Some(node) if byte == b'[' || below.count > 0 => {
                    source.colons += 1;
                    if STOPS {
                        met(open, pending);
                    }
                    if byte == b'[' {
                        return Some(Stop::Container(node, at));
                    }
                    source.brackets += 1;
                    outside.push(*open);
                    *open = Open { node, bracket: number, below, left: below.count, ..*open };
                    *pending += 1;
                    last = last_colon(brackets, number)?;
                }
                // Nothing inside is asked for.
                _ => {
                    if close == Bracket::OPEN {
                        return Some(Stop::NotIndexed);
                    }
                    if STOPS && node.is_some() {
                        met(open, pending);
                    }
                    source.brackets = close + 1;
                    source.colons = brackets.get(close as usize)?.colons;
                }
            }
        }
    }

    /// Reads elements of an array up to one that takes more than a look.
    fn elements(&mut self, open: &mut Open) -> Option<Stop> {
        let end = self.source.close_of(open.bracket)?.at as usize;
        let text = self.source.text;
        loop {
            // What is behind the end is not looked at: arrays may end side by side before a great many blanks.
            let between = text.get(open.next as usize..end)?;
            let Some(blanks) = between.iter().position(|&byte| !is_blank(byte) && byte != b',') else {
                return Some(Stop::End);
            };
            let at = open.next as usize + blanks;
            self.scratch.element();
            if self.scratch.crossed.is_some() {
                return None;
            }
            match text[at] {
                byte if is_bracket(byte) => return Some(Stop::Container(open.node, at)),
                b'"' => open.next = (at + 2 + self.source.string(at)?.len()) as u32,
                _ => {
                    let rest = &text[at..end];
                    let length = rest.iter().position(|&byte| is_blank(byte) || byte == b',');
                    open.next = (at + length.unwrap_or(rest.len())) as u32;
                }
            }
            self.leaf(open.node, open.scope, at)?;
        }
    }

    /// Opens an object or array, if a path leads into it, or passes over it.
    fn container(&mut self, open: &mut Open, node: NodeId, at: usize) -> Option<()> {
        let bracket = self.source.take_bracket(at)?;
        let is_array = self.source.text[at] == b'[';
        // The elements of an array stand at its own path.
        if is_array || self.vocabulary.paths.below(node).count > 0 {
            self.scratch.open.push(*open);
            *open = self.open(*open, node, bracket, at, is_array);
        } else {
            open.next = self.source.skip(bracket)? as u32 + 1;
        }
        Some(())
    }

    /// Where a name with escapes or dots leads.
    #[inline(never)]
    fn special_child(&mut self, node: NodeId, start: usize, end: usize) -> Option<NodeId> {
        let name = self.source.text.get(start..end)?;
        if memchr::memchr(b'\\', name).is_none() {
            return self.vocabulary.paths.child(node, name);
        }
        let room = &mut self.scratch.name;
        room.clear();
        string::decode(name, room);
        self.vocabulary.paths.child(node, room)
    }

    /// Reads a string, number, `true`, `false` or `null`, and keeps it if a rule names its path.
    #[inline(always)]
    fn leaf(&mut self, node: NodeId, scope: ScopeId, at: usize) -> Option<()> {
        let Some(path) = self.vocabulary.paths.path(node) else { return Some(()) };
        let byte = self.source.text[at];
        let mut leaf = (kind(byte), at, 0);
        if byte == b'"' {
            leaf = (Kind::String, at + 1, self.source.string(at)?.len());
        }
        self.scratch.push_leaf(path, scope, leaf, self.source.index.has_backslash());
        Some(())
    }

    /// Opens an object or array below another.
    fn open(&mut self, outer: Open, node: NodeId, bracket: u32, at: usize, is_array: bool) -> Open {
        let inside = self.scratch.enter(Place { node, ..outer.inside() }, is_array);
        let Place { node, scope, array } = inside;
        self.enter(Open {
            node,
            scope,
            array,
            bracket,
            next: at as u32 + 1,
            below: Below::default(),
            left: 0,
        })
    }

    fn enter(&mut self, mut open: Open) -> Open {
        open.below = self.vocabulary.paths.below(open.node);
        open.left = open.below.count;
        self.pending += u32::from(open.array.is_some() || open.left > 0);
        open
    }

    /// Closes an object or array: the one around it, or nothing if it is the root.
    fn close(&mut self, open: Open) -> Option<Option<Open>> {
        self.pending -= u32::from(open.array.is_some() || open.left > 0);
        let Some(mut outer) = self.scratch.open.pop() else { return Some(None) };
        self.scratch.leave(open.inside(), outer.scope);
        outer.next = self.source.close_of(open.bracket)?.at + 1;
        Some(Some(outer))
    }
}
