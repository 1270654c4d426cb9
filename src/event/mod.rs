//! Readers: from an event, as bytes or parsed, to its leaves on paths that some rule names.
//!
//! Every reader fills an [`EventBuilder`], and the result is an [`Event`]. [`fast`] reads text with
//! a SIMD kernel. [`mod@reference`] reads text token by token: it defines which events are valid,
//! and reports errors. `parsed` reads events that other crates have parsed. A reader stores the
//! offset of a leaf and not its value; [`evaluate`](crate::evaluate) decodes a value on first use.

pub(crate) mod builder;
mod fast;
mod leaf;
pub(crate) mod limits;
mod options;
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
mod parsed;
#[cfg(feature = "live")]
mod projection;
mod reference;

#[cfg(test)]
mod tests;

use crate::error::EventError;
use crate::path::trie::PathTrie;

use builder::EventBuilder;
use fast::{FastReader, FastScratch};
use reference::ReferenceScratch;

pub(crate) use leaf::{Event, Leaf, State};
pub(crate) use options::ReadOptions;
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
pub use parsed::ParsedEvent;
#[cfg(feature = "live")]
pub(crate) use projection::Projection;

/// The last event, and the memory of the readers.
#[derive(Debug, Default)]
pub(crate) struct ReadScratch {
    builder: EventBuilder,
    fast: FastScratch,
    reference: ReferenceScratch,
    #[cfg(any(feature = "serde_json", feature = "simd-json"))]
    parsed: parsed::ParsedScratch,
}

impl ReadScratch {
    /// Returns the number of bytes that the scratch has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        #[cfg(any(feature = "serde_json", feature = "simd-json"))]
        let parsed = self.parsed.memory_usage();
        #[cfg(not(any(feature = "serde_json", feature = "simd-json")))]
        let parsed = 0;
        self.builder.memory_usage() + self.fast.memory_usage() + self.reference.memory_usage() + parsed
    }
}

/// Reads an event. Returns an error if the event is not valid or crosses a limit.
#[inline(always)]
pub(crate) fn read<'a>(
    options: &ReadOptions,
    paths: &PathTrie,
    text: &'a [u8],
    scratch: &'a mut ReadScratch,
) -> Result<Event<'a>, EventError> {
    let ReadScratch { builder, fast, reference, .. } = scratch;
    let is_read = options.fast
        && match (options.trusted, options.distinct) {
            (false, _) => read_fast::<false, false>(options, paths, text, (builder, fast)),
            (true, false) => read_fast::<true, false>(options, paths, text, (builder, fast)),
            (true, true) => read_fast::<true, true>(options, paths, text, (builder, fast)),
        };
    if !is_read {
        reference::read(options, paths, text, builder, reference)?;
    }
    Ok(builder.finish(text))
}

/// Returns true if the fast reader has read the event.
fn read_fast<const SKIPS: bool, const STOPS: bool>(
    options: &ReadOptions,
    paths: &PathTrie,
    text: &[u8],
    (builder, scratch): (&mut EventBuilder, &mut FastScratch),
) -> bool {
    builder.begin(paths.path_count(), options.leaves, options.elements);
    scratch.clear();
    let depth = options.depth;
    options.kernel.run(FastReader::<SKIPS, STOPS> { paths, text, depth, builder, scratch })
}

/// Reads a parsed event whose stored strings have at most `limit` bytes. Returns the same event as
/// [`read`] for the text.
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
pub(crate) fn read_parsed<'a>(
    options: &ReadOptions,
    paths: &PathTrie,
    event: &(impl ParsedEvent + ?Sized),
    limit: usize,
    scratch: &'a mut ReadScratch,
) -> Result<Event<'a>, EventError> {
    let ReadScratch { builder, parsed, .. } = scratch;
    parsed::read(options, paths, (event, limit), builder, parsed)?;
    Ok(builder.finish(&parsed.text))
}
