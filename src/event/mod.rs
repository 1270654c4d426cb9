//! An event, as bytes or parsed, to the leaves on paths that some rule names.
//!
//! What is found is kept in [`leaves`], by way of [`fields`], which every reader goes through. [`walk`] reads an event with
//! the help of a SIMD kernel. [`scan`] reads it token by token: it defines what is valid, and says what is wrong. `parsed` reads events that others have parsed. What leaves say is found out when somebody asks, in
//! [`answers`].

mod answers;
mod fast;
mod fields;
mod leaves;
pub(crate) mod limits;
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
mod parsed;
mod reference;

#[cfg(test)]
mod tests;

use crate::error::EventError;
use crate::predicate::Predicates;
use crate::simd::Kernel;

use fast::Walk;

pub(crate) use leaves::{EventScratch, Leaf};
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
pub use parsed::ParsedEvent;

/// How to read events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadOptions {
    pub(crate) kernel: Kernel,
    /// The most levels of objects and arrays.
    pub(crate) depth: usize,
    /// The most leaves that are kept.
    pub(crate) leaves: usize,
    /// The most elements of arrays that some rule looks into.
    pub(crate) elements: usize,
    /// Events are known to be valid JSON.
    pub(crate) trusted: bool,
    /// The names of every object are known to be distinct and without dots.
    pub(crate) distinct: bool,
    /// Events are read many bytes at a time.
    pub(crate) walk: bool,
}

impl ReadOptions {
    /// Reads an event. What it finds is left in the scratch; on an error that is unspecified.
    pub(crate) fn read(
        &self,
        predicates: &Predicates,
        event: &[u8],
        scratch: &mut EventScratch,
    ) -> Result<(), EventError> {
        let is_read = self.walk
            && match (self.trusted, self.distinct) {
                (false, _) => self.walk::<false, false>(predicates, event, scratch),
                (true, false) => self.walk::<true, false>(predicates, event, scratch),
                (true, true) => self.walk::<true, true>(predicates, event, scratch),
            };
        if is_read { Ok(()) } else { reference::scan(self, predicates, event, scratch) }
    }

    fn walk<const SKIPS: bool, const STOPS: bool>(
        &self,
        predicates: &Predicates,
        text: &[u8],
        scratch: &mut EventScratch,
    ) -> bool {
        scratch.next_event(self, predicates);
        self.kernel.run(Walk::<SKIPS, STOPS> { predicates, text, depth: self.depth, scratch })
    }
}
