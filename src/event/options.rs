//! [`ReadOptions`]: the settings of all readers.

use crate::simd::Kernel;

/// The settings of a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadOptions {
    pub(crate) kernel: Kernel,
    /// The maximum number of levels of objects and arrays.
    pub(crate) depth: usize,
    /// The maximum number of leaves on paths that some rule names.
    pub(crate) leaves: usize,
    /// The maximum number of elements of arrays that a path leads into.
    pub(crate) elements: usize,
    /// True if events are known to be valid JSON.
    pub(crate) trusted: bool,
    /// True if the names of every object are known to be distinct and to have no dots.
    pub(crate) distinct: bool,
    /// True if the fast reader is tried first.
    pub(crate) fast: bool,
}
