//! [`EventBuilder`]: the part that all readers of events share.
//!
//! A reader visits the values of an event in document order. Everything inside an object or array
//! comes between its [`enter`](EventBuilder::enter) and [`leave`](EventBuilder::leave). Each value
//! has a [`Cursor`]. The cursor of a member of an object is [`Cursor::member`]; the cursor of an
//! element is the cursor inside its array. Every other value is a leaf.
//!
//! A reader calls [`EventBuilder::element`] for each element of an array before anything else. The
//! builder counts leaves and elements, and a reader stops if a limit is crossed. A reader may skip
//! or check a value without a cursor.

use crate::error::EventErrorKind;
use crate::id::{ArrayId, LeafId, PathId, ScopeId};
use crate::path::trie::{NodeId, PathTrie};

use super::leaf::{Array, Event, Leaf, LeafRange, NONE, PathLeaves, Scope};

/// An event while it is read, and the memory for the next one.
#[derive(Debug, Default)]
pub(crate) struct EventBuilder {
    pub(super) leaves: Vec<Leaf>,
    pub(super) scopes: Vec<Scope>,
    pub(super) arrays: Vec<Array>,
    paths: Vec<PathLeaves>,
    epoch: u32,
    present: Vec<PathId>,
    /// The number of elements of arrays that a path leads into.
    pub(super) elements: usize,
    leaf_limit: usize,
    element_limit: usize,
    /// The first limit that was crossed. The event is incomplete after that position.
    pub(super) crossed: Option<EventErrorKind>,
}

/// The position of a value in the trie of paths and among the arrays of its event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    pub(super) node: NodeId,
    /// The innermost element of an array around the value.
    pub(super) scope: ScopeId,
    /// The array, if the value is an element of one.
    pub(super) array: Option<ArrayId>,
}

impl Cursor {
    /// The cursor inside the root object.
    pub(super) const ROOT: Cursor = Cursor { node: PathTrie::ROOT, scope: ScopeId::ROOT, array: None };

    /// Returns the cursor of the member with this name. `self` is the cursor inside the object.
    /// Returns `None` if no path continues with the name.
    #[inline(always)]
    pub(super) fn member(self, paths: &PathTrie, name: &[u8]) -> Option<Cursor> {
        Some(Cursor { node: paths.child(self.node, name)?, ..self })
    }
}

impl EventBuilder {
    /// Begins an event with at most `leaf_limit` leaves and `element_limit` elements of arrays.
    /// `paths` is the number of paths.
    pub(crate) fn begin(&mut self, paths: usize, leaf_limit: usize, element_limit: usize) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.paths.fill(PathLeaves::EMPTY);
            self.epoch = 1;
        }
        if self.paths.len() < paths {
            self.paths.resize(paths, PathLeaves::EMPTY);
        }
        self.scopes.clear();
        self.scopes.push(Scope { array: ArrayId::NONE, leaves: LeafRange::empty(LeafId(0)) });
        self.arrays.clear();
        self.leaves.clear();
        self.present.clear();
        self.elements = 0;
        self.leaf_limit = leaf_limit;
        self.element_limit = element_limit;
        self.crossed = None;
    }

    /// Links the leaves of each path in the order of the text, and returns the event.
    #[inline(always)]
    pub(crate) fn finish<'a>(&'a mut self, text: &'a [u8]) -> Event<'a> {
        let EventBuilder { leaves, scopes, arrays, paths, epoch, present, .. } = self;
        // Visiting the last leaf first makes the first leaf the head of its list.
        for (at, leaf) in leaves.iter_mut().enumerate().rev() {
            let at = at as u32;
            let in_array = leaf.scope != ScopeId::ROOT;
            let list = &mut paths[leaf.path.index()];
            if list.epoch == *epoch {
                leaf.next = list.first;
                list.first = at;
                list.in_array |= in_array;
            } else {
                *list = PathLeaves { epoch: *epoch, first: at, satisfied: NONE, in_array };
            }
        }
        Event { text, leaves, scopes, arrays, paths, epoch: *epoch, present }
    }

    /// Returns the number of bytes that the builder has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.scopes.capacity() * size_of::<Scope>()
            + self.arrays.capacity() * size_of::<Array>()
            + self.leaves.capacity() * size_of::<Leaf>()
            + self.present.capacity() * size_of::<PathId>()
            + self.paths.capacity() * size_of::<PathLeaves>()
    }

    /// Enters the object or array at a cursor, and returns the cursor inside. All elements of an
    /// array have the node of the array.
    #[inline]
    pub(super) fn enter(&mut self, at: Cursor, is_array: bool) -> Cursor {
        let EventBuilder { leaves, scopes, arrays, .. } = self;
        let mut inside = Cursor { array: None, ..at };
        let leaves = LeafRange::empty(LeafId(leaves.len() as u32));
        if let Some(array) = at.array {
            inside.scope = ScopeId(scopes.len() as u32);
            scopes.push(Scope { array, leaves });
        }
        if is_array {
            inside.array = Some(ArrayId(arrays.len() as u32));
            arrays.push(Array { scope: inside.scope, leaves });
        }
        inside
    }

    /// Enters the object or array at a cursor if a path leads into it, and returns the cursor inside.
    #[inline]
    pub(super) fn enter_on_path(&mut self, paths: &PathTrie, at: Cursor, is_array: bool) -> Option<Cursor> {
        // The elements of an array have the path of the array.
        (is_array || paths.below(at.node).count > 0).then(|| self.enter(at, is_array))
    }

    /// Leaves an object or array, given the cursor inside and the scope around it.
    #[inline]
    pub(super) fn leave(&mut self, inside: Cursor, outer: ScopeId) {
        let EventBuilder { leaves, scopes, arrays, .. } = self;
        let end = LeafId(leaves.len() as u32);
        if let Some(array) = inside.array {
            arrays[array.index()].leaves.end = end;
        }
        if inside.scope != outer {
            scopes[inside.scope.index()].leaves.end = end;
        }
    }

    /// Counts an element of an array that a path leads into.
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

    /// Appends a leaf, or crosses the limit if the number of leaves is the limit.
    #[inline(always)]
    pub(crate) fn push(&mut self, leaf: Leaf) {
        if self.leaves.len() >= self.leaf_limit {
            return self.cross(EventErrorKind::TooManyLeaves { limit: self.leaf_limit });
        }
        self.leaves.push(leaf);
    }
}
