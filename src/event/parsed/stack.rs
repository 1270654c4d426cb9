//! The stacks of open objects and arrays, with one stack for each parser, and the text of the
//! leaves.

#[cfg(feature = "simd-json")]
use ::simd_json::{BorrowedValue, OwnedValue};

use super::super::builder::Cursor;
#[cfg(feature = "simd-json")]
use super::tape::Nodes;
use super::view::Parsed;

/// An open object or array.
pub(super) struct Frame<'e, P: Parsed<'e>> {
    pub(super) rest: Rest<P::Members, P::Elements>,
    /// The cursor inside, or `None` if no path leads into it.
    pub(super) inside: Option<Cursor>,
}

/// The members or elements that were not read yet.
pub(super) enum Rest<M, E> {
    Members(M),
    Elements(E),
}

/// Returns an empty stack for values of another lifetime, in the memory of `stack`.
pub(super) fn recycled<A, B>(mut stack: Vec<A>) -> Vec<B> {
    stack.clear();
    // The stack is empty, so no frame is converted. `collect` reuses the memory of a vector if the
    // element types have the same layout. Frames that differ only in lifetimes have the same
    // layout.
    stack.into_iter().filter_map(|_| None).collect()
}

/// The memory for reading parsed events.
#[derive(Default)]
pub(crate) struct ParsedScratch {
    /// The concatenated texts of the leaves, in the role of the text of the event.
    pub(crate) text: Vec<u8>,
    pub(super) stacks: Stacks,
}

/// The stacks of all parsers. The stacks are empty between events.
#[derive(Default)]
pub struct Stacks {
    #[cfg(feature = "serde_json")]
    pub(super) serde_json: Vec<Frame<'static, &'static ::serde_json::Value>>,
    #[cfg(feature = "simd-json")]
    pub(super) borrowed: Vec<Frame<'static, &'static BorrowedValue<'static>>>,
    #[cfg(feature = "simd-json")]
    pub(super) owned: Vec<Frame<'static, &'static OwnedValue>>,
    #[cfg(feature = "simd-json")]
    pub(super) tape: Vec<Frame<'static, Nodes<'static>>>,
}

impl ParsedScratch {
    /// Returns the number of bytes that the scratch has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        fn bytes<T>(stack: &Vec<T>) -> usize {
            stack.capacity() * size_of::<T>()
        }
        let mut sum = bytes(&self.text);
        #[cfg(feature = "serde_json")]
        {
            sum += bytes(&self.stacks.serde_json);
        }
        #[cfg(feature = "simd-json")]
        {
            let Stacks { borrowed, owned, tape, .. } = &self.stacks;
            sum += bytes(borrowed) + bytes(owned) + bytes(tape);
        }
        sum
    }
}

/// Shows only the text, because the stacks are empty between events.
impl std::fmt::Debug for ParsedScratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParsedScratch").field("text", &self.text).finish_non_exhaustive()
    }
}
