//! An event after reading: its leaves on paths that some rule names, and the arrays that enclose them.

use crate::id::{ArrayId, LeafId, PathId, ScopeId};
use crate::json::Kind;

/// An event after reading. [`EventBuilder::finish`](super::builder::EventBuilder::finish) makes it.
///
/// The parts are slices: the tables do not grow any more when the event is evaluated. Access
/// through a slice has one indirection less than access through a vector in the scratch.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    /// The text of the event, or the texts of its leaves if it was parsed before.
    pub(crate) text: &'a [u8],
    /// The leaves on paths that some rule names. Ids have the order of the text.
    pub(crate) leaves: &'a mut [Leaf],
    /// The elements of arrays that are objects or arrays themselves. The first scope is the root.
    pub(crate) scopes: &'a [Scope],
    /// The arrays that a path leads into.
    pub(crate) arrays: &'a [Array],
    /// The leaves of each path. An entry of another epoch is empty.
    pub(super) paths: &'a mut [PathLeaves],
    /// The number of the event.
    pub(super) epoch: u32,
    /// The paths that have a leaf, without repetition. The list is empty until [`Event::present`]
    /// is called.
    pub(super) present: &'a mut Vec<PathId>,
}

/// An element of an array that is an object or an array itself. The first scope is the root of the
/// event.
///
/// Two leaves are consistent unless they are in two different scopes of one array. A leaf that is
/// itself an element is in the scope of its array.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    /// The array of the element, or [`ArrayId::NONE`] for the root.
    pub(crate) array: ArrayId,
    pub(crate) leaves: LeafRange,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Array {
    /// The innermost scope that encloses the array.
    pub(crate) scope: ScopeId,
    pub(crate) leaves: LeafRange,
}

/// Leaves that are neighbours in the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct LeafRange {
    pub(crate) start: LeafId,
    /// The first leaf after the range.
    pub(crate) end: LeafId,
}

/// A string, number, `true`, `false` or `null`, on a path that some rule names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) path: PathId,
    pub(crate) scope: ScopeId,
    /// The offset of the text, in the event or in the decoded strings. The text of a string begins
    /// after its opening quote.
    pub(crate) start: u32,
    /// The length in bytes. It is set for strings, and during evaluation for numbers that are not
    /// [short](crate::json::number::Comparable::parse_short). Other values are self-delimiting.
    pub(crate) length: u32,
    /// The next leaf of the path, or [`NONE`] for the last one.
    pub(super) next: u32,
    pub(crate) kind: Kind,
    pub(crate) state: State,
}

/// The state of the evaluation of a leaf.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    /// Not evaluated. A string may have escapes.
    Escaped,
    /// Not evaluated. A string has no escapes.
    Raw,
    /// Not evaluated. The leaf is a number without text: `start` and `length` are the lower and the
    /// upper half of its ordinal.
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    Valued,
    /// Evaluated. The text is in the text of the event.
    Known,
    /// Evaluated. The text is in the decoded strings.
    Decoded,
}

/// The leaves of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathLeaves {
    pub(super) epoch: u32,
    pub(super) first: u32,
    /// The offset of the predicates that the leaves satisfy, in the memo of the evaluator, or
    /// [`NONE`].
    pub(super) satisfied: u32,
    /// True if one of the leaves is inside an element of an array.
    pub(crate) in_array: bool,
}

/// Sentinel: no leaf, or no offset.
pub(super) const NONE: u32 = u32::MAX;

impl Leaf {
    /// Returns a leaf with its kind, the offset of its text, and the length of its text if it is a
    /// string.
    #[inline(always)]
    pub(crate) fn new(
        path: PathId,
        scope: ScopeId,
        (kind, start, length): (Kind, usize, usize),
        state: State,
    ) -> Leaf {
        Leaf { path, scope, start: start as u32, length: length as u32, next: NONE, kind, state }
    }

    /// Returns the text of the leaf, which is in `event` or, after decoding, in `decoded`.
    pub(crate) fn text<'t>(&self, event: &'t [u8], decoded: &'t [u8]) -> &'t [u8] {
        let source = if self.state == State::Decoded { decoded } else { event };
        &source[self.start as usize..(self.start + self.length) as usize]
    }
}

impl LeafRange {
    /// Returns an empty range before the leaf `at`.
    pub(crate) fn empty(at: LeafId) -> LeafRange {
        LeafRange { start: at, end: at }
    }
}

impl PathLeaves {
    pub(super) const EMPTY: PathLeaves =
        PathLeaves { epoch: 0, first: NONE, satisfied: NONE, in_array: false };

    /// Returns the first leaf, if there is one.
    #[inline(always)]
    pub(crate) fn first(self) -> Option<LeafId> {
        (self.first != NONE).then_some(LeafId(self.first))
    }

    /// Returns the offset that [`Event::set_satisfied`] has stored, if there is one.
    #[inline(always)]
    pub(crate) fn satisfied(self) -> Option<usize> {
        (self.satisfied != NONE).then_some(self.satisfied as usize)
    }
}

impl Event<'_> {
    /// Returns the paths that have a leaf, without repetition.
    pub(crate) fn present(&mut self) -> &[PathId] {
        let Event { leaves, present, paths, .. } = self;
        if present.is_empty() {
            let firsts = leaves.iter().enumerate();
            let firsts = firsts.filter(|(at, leaf)| paths[leaf.path.index()].first as usize == *at);
            present.extend(firsts.map(|(_, leaf)| leaf.path));
        }
        present
    }

    /// Returns the leaves of a path.
    #[inline(always)]
    pub(crate) fn leaves_of(&self, path: PathId) -> PathLeaves {
        let leaves = self.paths[path.index()];
        if leaves.epoch == self.epoch { leaves } else { PathLeaves::EMPTY }
    }

    /// Returns the next leaf of the same path, if there is one.
    #[inline(always)]
    pub(crate) fn next(&self, leaf: LeafId) -> Option<LeafId> {
        let next = self.leaves[leaf.index()].next;
        (next != NONE).then_some(LeafId(next))
    }

    /// Stores the offset of the predicates that the leaves of a path satisfy.
    pub(crate) fn set_satisfied(&mut self, path: PathId, at: usize) {
        self.paths[path.index()].satisfied = at as u32;
    }
}
