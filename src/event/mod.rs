//! An event, as bytes or parsed, to the leaves on paths that some rule names.
//!
//! What is found is kept in [`leaves`], by way of [`fields`], which every reader goes through. [`walk`] reads an event along
//! the index of its structure, which a SIMD kernel makes. [`scan`] reads it token by token: it defines what is valid, and
//! says what is wrong. `parsed` reads events that others have parsed. What leaves say is found out when somebody asks, in
//! [`answers`].

mod answers;
mod fields;
mod leaves;
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
mod parsed;
mod scan;
mod source;
mod walk;

use crate::error::EventError;
use crate::json::index::{Index, Plan};
use crate::json::lexer::utf8_error;
use crate::simd::Kernel;
use crate::vocabulary::Vocabulary;

pub(crate) use leaves::{EventScratch, Leaf};
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
pub use parsed::ParsedEvent;

/// How to read events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
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
    /// Events are read along an index of their structure.
    pub(crate) index: bool,
}

impl Reader {
    /// Reads an event. What it finds is left in the scratch, and the structure of the text in the index; on an error that is
    /// unspecified.
    pub(crate) fn read(
        &self,
        vocabulary: &Vocabulary,
        event: &[u8],
        index: &mut Index,
        scratch: &mut EventScratch,
    ) -> Result<(), EventError> {
        if !self.index {
            return scan::scan(self, vocabulary, event, scratch);
        }
        index.clear();
        if !self.trusted {
            let plan = Plan { depth: self.depth, upto: event.len() };
            self.kernel.extend::<true>(event, plan, index);
        }
        scratch.next_event(self, vocabulary);
        let is_text =
            !index.is_broken() && (self.trusted || !index.has_high() || utf8_error(event).is_none());
        let is_read = is_text && walk::walk(self, vocabulary, event, index, scratch);
        if is_read { Ok(()) } else { scan::scan(self, vocabulary, event, scratch) }
    }

    /// Whether an event is read no further than to where everything is found.
    fn stops(&self) -> bool {
        self.trusted && self.distinct
    }
}
