//! What a reader does with the fields of an event, whatever it reads them from.
//!
//! A reader goes through the values of an event so that all that is inside an object or array comes without a break. It
//! knows for each value its [`Place`]. A member of an object stands at [`Place::member`]; an element of an array stands
//! where its array says. What is inside an object or array that a reader goes into stands at what
//! [`EventScratch::enter`] gives, and [`EventScratch::leave`] follows when all of it was read. Everything else is a
//! leaf. An element of an array is told to [`EventScratch::element`] before anything else. Leaves and elements are counted;
//! a reader that finds a limit crossed stops. Where a place has no node, because no rule looks there, a reader may pass over
//! what stands there, or check it.

use crate::error::EventErrorKind;
use crate::id::{PathId, ScopeId};
use crate::json::Kind;
use crate::path::trie::{NodeId, PathTrie};

use super::leaves::{Array, EventScratch, Leaf, NONE, Scope, State};

/// Where a value of an event stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Where in the trie of paths.
    pub(super) node: NodeId,
    /// The innermost element of an array that is around it.
    pub(super) scope: ScopeId,
    /// The index of the array, if it is an element of one.
    pub(super) array: Option<u32>,
}

impl Place {
    /// Inside the root object.
    pub(super) const ROOT: Place = Place { node: PathTrie::ROOT, scope: ScopeId(0), array: None };

    /// Where the member of this name stands, in the object whose inside this is; nowhere if no path goes on that way.
    #[inline(always)]
    pub(super) fn member(self, paths: &PathTrie, name: &[u8]) -> Option<Place> {
        Some(Place { node: paths.child(self.node, name)?, ..self })
    }
}

impl EventScratch {
    /// Goes into an object or array that stands here: where what is inside stands. All elements of an array stand
    /// at its own node.
    #[inline]
    pub(super) fn enter(&mut self, at: Place, is_array: bool) -> Place {
        let mut inside = Place { array: None, ..at };
        let leaves = self.leaves.len() as u32;
        if let Some(array) = at.array {
            inside.scope = ScopeId(self.scopes.len() as u32);
            self.scopes.push(Scope { array, leaves: (leaves, leaves) });
        }
        if is_array {
            inside.array = Some(self.arrays.len() as u32);
            self.arrays.push(Array { scope: inside.scope, leaves: (leaves, leaves) });
        }
        inside
    }

    /// Leaves an object or array, given where what is inside stands, and the scope that it stands in itself.
    #[inline]
    pub(super) fn leave(&mut self, inside: Place, outer: ScopeId) {
        let leaves = self.leaves.len() as u32;
        if let Some(array) = inside.array {
            self.arrays[array as usize].leaves.1 = leaves;
        }
        if inside.scope != outer {
            self.scopes[inside.scope.index()].leaves.1 = leaves;
        }
    }

    /// Counts an element of an array that some rule looks into.
    #[inline(always)]
    pub(super) fn element(&mut self) {
        self.elements += 1;
        if self.elements > self.element_limit {
            self.cross(EventErrorKind::TooManyElements { limit: self.element_limit });
        }
    }

    #[cold]
    #[inline(never)]
    fn cross(&mut self, limit: EventErrorKind) {
        self.crossed.get_or_insert(limit);
    }

    /// Adds a leaf.
    #[inline(always)]
    pub(super) fn push(&mut self, leaf: Leaf) {
        if self.leaves.len() >= self.leaf_limit {
            return self.cross(EventErrorKind::TooManyLeaves { limit: self.leaf_limit });
        }
        self.leaves.push(leaf);
    }

    /// Adds a leaf: what it is, where its text begins, and how long it is if it is a string; that of a string without
    /// its quotes.
    #[inline(always)]
    pub(super) fn push_leaf(
        &mut self,
        path: PathId,
        scope: ScopeId,
        leaf: (Kind, usize, usize),
        may_have_escapes: bool,
    ) {
        self.push(Leaf::new(path, scope, leaf, may_have_escapes));
    }
}

impl Leaf {
    /// A leaf in the text of the event: what it is, where its text begins, and how long it is if it is a string.
    #[inline(always)]
    pub(super) fn new(
        path: PathId,
        scope: ScopeId,
        (kind, start, length): (Kind, usize, usize),
        may_have_escapes: bool,
    ) -> Leaf {
        let state = if may_have_escapes { State::Escaped } else { State::Raw };
        Leaf { path, scope, start: start as u32, length: length as u32, next: NONE, kind, state }
    }
}
