//! [`Projection`]: an event as a set sees it that names only some of the paths.

use crate::id::{PathId, ScopeId};

use super::leaf::{Event, Leaf, NONE, PathLeaves, State};

/// The memory of an event as one of several sets sees it.
///
/// An event is read once, with the paths of all sets. Each set numbers its own paths. The event has
/// the scopes and arrays of all sets. They change no result, because leaves on paths that a set does not
/// name do not bind other leaves.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    leaves: Vec<Leaf>,
    paths: Vec<PathLeaves>,
    epoch: u32,
    present: Vec<PathId>,
}

impl Projection {
    /// Returns an event whose leaves are not evaluated, with the paths of a set. `local` has the path of the
    /// set for each path of the event, and the path `count` for a path that the set does not name.
    pub(crate) fn of<'a>(&'a mut self, event: &'a Event<'_>, local: &[PathId], count: usize) -> Event<'a> {
        let Projection { leaves, paths, epoch, present } = self;
        *epoch = epoch.wrapping_add(1);
        if *epoch == 0 {
            paths.fill(PathLeaves::EMPTY);
            *epoch = 1;
        }
        if paths.len() <= count {
            paths.resize(count + 1, PathLeaves::EMPTY);
        }
        present.clear();
        leaves.clear();
        leaves.extend_from_slice(event.leaves);
        // The first leaf of a path is visited last.
        for (at, leaf) in leaves.iter_mut().enumerate().rev() {
            debug_assert!(!matches!(leaf.state, State::Known | State::Decoded), "no leaf is evaluated");
            let other = PathId(count as u32);
            leaf.path = local.get(leaf.path.index()).copied().unwrap_or(other);
            let list = &mut paths[leaf.path.index()];
            if list.epoch != *epoch {
                *list = PathLeaves { epoch: *epoch, first: NONE, satisfied: NONE, in_array: false };
            }
            leaf.next = list.first;
            list.first = at as u32;
            list.in_array |= leaf.scope != ScopeId::ROOT;
        }
        Event {
            text: event.text,
            leaves,
            scopes: event.scopes,
            arrays: event.arrays,
            paths,
            epoch: *epoch,
            present,
        }
    }

    /// Returns the number of bytes that the projection has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.leaves.capacity() * size_of::<Leaf>()
            + self.paths.capacity() * size_of::<PathLeaves>()
            + self.present.capacity() * size_of::<PathId>()
    }
}
