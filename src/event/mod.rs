//! Event bytes to the leaves on paths that some rule names.
//!
//! What is found is kept in [`leaves`]. [`walk`] reads an event along the index of its structure, which a SIMD kernel
//! makes. [`scan`] reads it token by token: it defines what is valid, and says what is wrong.

mod leaves;
mod scan;
mod walk;

use crate::error::EventError;
use crate::json::lexer::utf8_error;
use crate::simd::Kernel;
use crate::vocabulary::Vocabulary;

pub(crate) use leaves::EventScratch;

/// How to read events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub(crate) kernel: Kernel,
    /// The most levels of objects and arrays.
    pub(crate) depth: usize,
    /// Events are known to be valid JSON.
    pub(crate) trusted: bool,
}

impl Reader {
    /// Reads an event. What it finds is left in the scratch; on an error that is unspecified.
    pub(crate) fn read(
        &self,
        vocabulary: &Vocabulary,
        event: &[u8],
        scratch: &mut EventScratch,
    ) -> Result<(), EventError> {
        let mut index = std::mem::take(&mut scratch.index);
        self.kernel.index(event, &mut index);
        scratch.next_event(vocabulary.dictionaries.len());
        let is_text = self.trusted || !index.has_high || utf8_error(event).is_none();
        let is_read = is_text && walk::walk(vocabulary, event, &index, self.depth, self.trusted, scratch);
        scratch.index = index;
        if is_read { Ok(()) } else { scan::scan(vocabulary, event, self.depth, scratch) }
    }
}
