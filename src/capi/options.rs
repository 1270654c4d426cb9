//! Limits and options as C hands them over: structures that begin with their size, in which zero stands for the default.

use crate::tuning::Kernel;
use crate::{EventLimits, MatcherBuilder, PatternLimits};

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
    /// The most bytes of a pattern; 16 KiB by default.
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
    /// The most values in the list of one field, those that anything-but lists counted each; 4,096 by default.
    pub values: usize,
    /// The most stars in a wildcard; 100 by default.
    pub stars: usize,
    /// The most bytes that the paths of all fields may have together, each written out from the root on; 256 KiB by
    /// default.
    pub paths: usize,
    /// The most branches that a pattern is written out to, because a path of a $or is written outside of it as well; 1,000
    /// by default.
    pub branches: usize,
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
        limits.values = choose(self.values, limits.values);
        limits.paths = choose(self.paths, limits.paths);
        limits.branches = choose(self.branches, limits.branches);
        limits.stars = choose(self.stars, limits.stars);
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
    /// The most bytes of an event; 16 MiB by default.
    pub event_length_limit: usize,
    /// The most levels of objects and arrays of an event; 1,000 by default.
    pub event_depth_limit: usize,
    /// The most steps that deciding on one event may take; 20,000,000 by default, which is less than a tenth of a second.
    pub event_work_limit: u64,
    /// GALOP_FLAG numbers, added up; none by default.
    pub flags: u32,
    /// One of the GALOP_KERNEL numbers; by default the fastest that this CPU can run. A kernel that it cannot run is
    /// refused. The answer does not depend on it.
    pub kernel: u32,
    /// The most rules; 10,000,000 by default.
    pub rule_limit: u64,
    /// The most strings, numbers, true, false and null of an event on paths that rules name; 1,048,576 by default.
    pub event_leaf_limit: u64,
    /// The most elements of arrays of an event, together, as far as rules look into them; 1,048,576 by default.
    pub event_element_limit: u64,
    /// The most bytes of memory that each rule may take when it is compiled; 16 MiB by default.
    pub rule_size_limit: u64,
}

// SAFETY: `repr(C)`, integers only, of eight or four bytes and so placed that none needs padding, the size first.
unsafe impl SizePrefixed for MatcherOptions {}

/// Flags for the options of a matcher. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
pub enum Flag {
    /// Events are known to be valid JSON. What no rule looks into is then not checked, and an event that is not valid
    /// gets an error, or some rules. Without this flag every byte is checked.
    Trusted = 1,
    /// The names of every object in an event are known to be distinct and to have no dots. With GALOP_FLAG_TRUSTED, an
    /// event is then read no further than the rules look; an event that breaks the promise gets an error, or some rules.
    DistinctNames = 2,
}

impl Flag {
    fn is_in(self, flags: u32) -> bool {
        flags & self as u32 != 0
    }
}

/// A kernel by its number, for the options of a matcher. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "C says so by zero")]
pub enum KernelNumber {
    /// The fastest that this CPU can run.
    Fastest = 0,
    /// No vector instructions; for every CPU.
    Portable = 1,
    /// AVX2 and carry-less multiplication, on x86-64.
    Avx2 = 2,
    /// NEON and carry-less multiplication, on AArch64.
    Neon = 3,
    /// AVX-512 (F, BW, VL) and carry-less multiplication, on x86-64.
    Avx512 = 4,
}

/// Every kernel with its number.
pub(super) const KERNELS: [(Kernel, KernelNumber); 4] = [
    (Kernel::Portable, KernelNumber::Portable),
    (Kernel::Avx2, KernelNumber::Avx2),
    (Kernel::Neon, KernelNumber::Neon),
    (Kernel::Avx512, KernelNumber::Avx512),
];

impl MatcherOptions {
    fn event_limits(&self) -> EventLimits {
        let mut limits = EventLimits::default();
        let choose = |given: u64, default: usize| match given {
            0 => default,
            given => usize::try_from(given).unwrap_or(usize::MAX),
        };
        limits.length = choose(self.event_length_limit as u64, limits.length);
        limits.depth = choose(self.event_depth_limit as u64, limits.depth);
        limits.leaves = choose(self.event_leaf_limit, limits.leaves);
        limits.elements = choose(self.event_element_limit, limits.elements);
        limits.work = if self.event_work_limit == 0 { limits.work } else { self.event_work_limit };
        limits
    }

    pub(super) fn get(self) -> Result<MatcherBuilder, Status> {
        let count = |given: u64| usize::try_from(given).unwrap_or(usize::MAX);
        let mut builder = MatcherBuilder::new();
        if self.size_limit != 0 {
            builder.size_limit(self.size_limit);
        }
        if self.rule_limit != 0 {
            builder.rule_limit(count(self.rule_limit));
        }
        if self.rule_size_limit != 0 {
            builder.rule_size_limit(count(self.rule_size_limit));
        }
        builder.event_limits(self.event_limits());
        let known = Flag::Trusted as u32 | Flag::DistinctNames as u32;
        if self.flags & !known != 0 {
            return Err(Status::UnknownOption);
        }
        builder
            .trusted(Flag::Trusted.is_in(self.flags))
            .distinct_names(Flag::DistinctNames.is_in(self.flags));
        if self.kernel != 0 {
            let chosen = KERNELS.iter().find(|(_, number)| *number as u32 == self.kernel);
            let (kernel, _) = chosen.ok_or(Status::UnknownOption)?;
            builder.kernel(*kernel);
        }
        Ok(builder)
    }
}
