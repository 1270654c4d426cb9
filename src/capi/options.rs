//! Limits and options as C hands them over: structures that begin with their size, in which zero stands for the default.

use crate::{Builder, Kernel, PatternLimits};

use super::boundary::SizePrefixed;
use super::status::Status;

/// Within which limits patterns are accepted. Zero stands for the default.
///
/// Set size to the size of the structure and every field that you do not know to zero, as in
/// "galop_limits limits = { sizeof limits };". Later versions add fields at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The size of this structure, in bytes.
    pub size: usize,
    /// The most bytes of a pattern; 1 MiB by default.
    pub length: usize,
    /// The most levels of nesting; 1,000 by default, and never more.
    pub depth: usize,
    /// The most branches into which the $or of a pattern may combine; 65,536 by default.
    pub combinations: usize,
    /// The most paths that a branch may name; 256 by default.
    pub fields: usize,
    /// The highest complexity score of the wildcards of a field; by default there is no limit. The EventBridge service
    /// allows 10.
    pub complexity: usize,
}

// SAFETY: `repr(C)`, integers of one type, the size first.
unsafe impl SizePrefixed for Limits {}

impl Limits {
    pub(super) fn get(self) -> PatternLimits {
        let mut limits = PatternLimits::default();
        let choose = |given: usize, default: usize| if given == 0 { default } else { given };
        limits.length = choose(self.length, limits.length);
        limits.depth = choose(self.depth, limits.depth);
        limits.combinations = choose(self.combinations, limits.combinations);
        limits.fields = choose(self.fields, limits.fields);
        limits.complexity = (self.complexity > 0).then_some(self.complexity);
        limits
    }
}

/// How to build a matcher. Zero stands for the default.
///
/// Set size to the size of the structure and every field that you do not know to zero, as in
/// "galop_options options = { sizeof options };". Later versions add fields at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct MatcherOptions {
    /// The size of this structure, in bytes.
    pub size: usize,
    /// The most bytes of memory that the compiled rules may take; 4 GiB by default.
    pub size_limit: usize,
    /// The most bytes of an event; 64 MiB by default.
    pub event_length_limit: usize,
    /// The most levels of objects and arrays of an event; 1,000 by default.
    pub event_depth_limit: usize,
    /// The most steps that the search for consistent array elements may take in one event; 100,000,000 by default.
    pub event_work_limit: u64,
    /// GALOP_FLAG numbers, added up; none by default.
    pub flags: u32,
    /// One of the GALOP_KERNEL numbers; by default the fastest that this CPU can run. A kernel that it cannot run is
    /// replaced by the portable one. The answer does not depend on it.
    pub kernel: u32,
}

// SAFETY: `repr(C)`, integers only, of eight or four bytes and so placed that none needs padding, the size first.
unsafe impl SizePrefixed for MatcherOptions {}

/// Flags for the options of a matcher. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
pub enum Flag {
    /// Events are known to be valid JSON with distinct names, which makes matching faster. An event that is not gets an
    /// error, or some rules. Without this flag every byte is checked.
    Trusted = 1,
}

/// A kernel by its number, for the options of a matcher. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "C names kernels by number")]
pub enum KernelNumber {
    /// The fastest that this CPU can run.
    Fastest = 0,
    /// No vector instructions; for every CPU.
    Portable = 1,
    /// AVX2 and carry-less multiplication, on x86-64.
    Avx2 = 2,
}

impl MatcherOptions {
    pub(super) fn get(self) -> Result<Builder, Status> {
        let mut builder = Builder::new();
        if self.size_limit != 0 {
            builder.size_limit(self.size_limit);
        }
        if self.event_length_limit != 0 {
            builder.event_length_limit(self.event_length_limit);
        }
        if self.event_depth_limit != 0 {
            builder.event_depth_limit(self.event_depth_limit);
        }
        if self.event_work_limit != 0 {
            builder.event_work_limit(self.event_work_limit);
        }
        if self.flags & !(Flag::Trusted as u32) != 0 {
            return Err(Status::UnknownOption);
        }
        builder.trusted(self.flags & Flag::Trusted as u32 != 0);
        match self.kernel {
            0 => {}
            1 => _ = builder.kernel(Kernel::Portable),
            2 => _ = builder.kernel(Kernel::Avx2),
            _ => return Err(Status::UnknownOption),
        }
        Ok(builder)
    }
}
