//! [`ReadOptions`]: settings that all readers of events have in common.

use crate::simd::Kernel;

/// How to read events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadOptions {
    pub(crate) kernel: Kernel,
    /// The most levels of objects and arrays.
    pub(crate) depth: usize,
    /// The most leaves on paths that some rule names.
    pub(crate) leaves: usize,
    /// The most elements of arrays that some path leads into.
    pub(crate) elements: usize,
    /// Events are known to be valid JSON.
    pub(crate) trusted: bool,
    /// The names of every object are known to be distinct and without dots.
    pub(crate) distinct: bool,
    /// The fast reader is tried first.
    pub(crate) fast: bool,
}
