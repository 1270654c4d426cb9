//! Limits and options from C: structures that begin with their size. In a structure, zero selects
//! the default.

use crate::error::Operator;
use crate::tuning::Kernel;
use crate::{EventLimits, MatcherBuilder, PatternLimits};

use super::boundary::SizePrefixed;
use super::status::Status;

/// Limits for patterns. Zero selects the default.
///
/// Set size to the size of the structure. Set every field that you do not know to zero, as in
/// "galop_limits limits = { sizeof limits };". Later versions add fields at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The size of this structure, in bytes.
    pub size: usize,
    /// The maximum length of a pattern in bytes; 16 KiB by default.
    pub length: usize,
    /// The maximum nesting depth; 1,000 by default, which is also the upper bound.
    pub depth: usize,
    /// The maximum number of branches into which the $or of a pattern combine; 65,536 by default.
    pub combinations: usize,
    /// The maximum number of paths in a branch; 256 by default.
    pub fields: usize,
    /// The maximum complexity score of the wildcards of a field; no limit by default. The
    /// EventBridge service allows 10.
    pub complexity: usize,
    /// The maximum number of values in the list of one field; 4,096 by default. Each value of an
    /// anything-but list counts.
    pub values: usize,
    /// The maximum number of stars in a wildcard; 100 by default.
    pub stars: usize,
    /// The maximum total length, in bytes, of the paths of all fields; 256 KiB by default. Each
    /// path is counted from the root.
    pub paths: usize,
    /// The maximum number of branches to which a pattern is expanded because a path inside a $or is
    /// also written outside of it; 1,000 by default.
    pub branches: usize,
    /// GALOP_EXTENSION numbers, added up: the operators beyond those of EventBridge that a pattern
    /// may use; none by default.
    pub extensions: usize,
    /// The most bytes that the regular expressions of a pattern may take together when they are
    /// compiled; 1 MiB by default.
    pub regexp_size: usize,
}

/// Extensions for the limits of patterns. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
pub enum Extension {
    /// The operator regexp: regular expressions.
    Regexp = 1,
}

/// Every operator that is an extension, and its number.
pub(super) const EXTENSIONS: [(Operator, Extension); 1] = [(Operator::Regexp, Extension::Regexp)];

// SAFETY: `repr(C)`, integers of one type, the size first.
unsafe impl SizePrefixed for Limits {}

impl Limits {
    pub(super) fn get(self) -> Result<PatternLimits, Status> {
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
        limits.regexp_size = choose(self.regexp_size, limits.regexp_size);
        let mut unknown = self.extensions;
        for (operator, number) in EXTENSIONS {
            if self.extensions & number as usize != 0 {
                limits.extensions = limits.extensions.with(operator);
                unknown &= !(number as usize);
            }
        }
        if unknown != 0 {
            return Err(Status::UnknownOption);
        }
        Ok(limits)
    }
}

/// Options for building a matcher. Zero selects the default.
///
/// Set size to the size of the structure. Set every field that you do not know to zero, as in
/// "galop_options options = { sizeof options };". Later versions add fields at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct MatcherOptions {
    /// The size of this structure, in bytes.
    pub size: usize,
    /// The maximum memory of the compiled rules in bytes; 4 GiB by default.
    pub size_limit: usize,
    /// The maximum length of an event in bytes; 16 MiB by default.
    pub event_length_limit: usize,
    /// The maximum nesting depth of an event; 1,000 by default.
    pub event_depth_limit: usize,
    /// The maximum number of steps for one event; 20,000,000 by default, which is less than a tenth
    /// of a second.
    pub event_work_limit: u64,
    /// The sum of GALOP_FLAG numbers; none by default.
    pub flags: u32,
    /// One of the GALOP_KERNEL numbers. The default is the fastest kernel of this CPU. A kernel
    /// that this CPU cannot run is refused. The kernel does not affect results.
    pub kernel: u32,
    /// The maximum number of rules; 10,000,000 by default.
    pub rule_limit: u64,
    /// The maximum number of strings, numbers, true, false and null of an event on paths that rules
    /// name; 1,048,576 by default.
    pub event_leaf_limit: u64,
    /// The maximum number of elements of an event, over all arrays that rules look into; 1,048,576
    /// by default.
    pub event_element_limit: u64,
    /// The maximum memory of each compiled rule in bytes; 16 MiB by default.
    pub rule_size_limit: u64,
}

// SAFETY: `repr(C)`, integers only, the size first. The integers have eight or four bytes, and
// their order needs no padding.
unsafe impl SizePrefixed for MatcherOptions {}

/// Flags for the options of a matcher. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
pub enum Flag {
    /// Events are known to be valid JSON. Parts of an event that no rule names are then not
    /// checked. An invalid event gives an error or arbitrary rules. Without this flag every byte is
    /// checked.
    Trusted = 1,
    /// The names of every object in an event are known to be distinct and to have no dots. With
    /// GALOP_FLAG_TRUSTED, reading then ends when the paths of all rules are found. An event that
    /// breaks the promise gives an error or arbitrary rules.
    DistinctNames = 2,
}

impl Flag {
    fn is_in(self, flags: u32) -> bool {
        flags & self as u32 != 0
    }
}

/// The number of a kernel, for the options of a matcher. Numbers are never reused; later versions
/// may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "C selects it by zero")]
pub enum KernelNumber {
    /// The fastest kernel of this CPU.
    Fastest = 0,
    /// A kernel without vector instructions, for every CPU.
    Portable = 1,
    /// AVX2 and carry-less multiplication, on x86-64.
    Avx2 = 2,
    /// NEON and carry-less multiplication, on AArch64.
    Neon = 3,
    /// AVX-512 (F, BW, VL) and carry-less multiplication, on x86-64.
    Avx512 = 4,
}

/// Every kernel and its number.
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
