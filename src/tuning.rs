//! The optimisations of a matcher, switched on and off for tests and measurements.
//!
//! No program needs the module: with [`Tuning::default`], a matcher uses each optimisation if it is
//! expected to be faster. An optimisation changes no result, no error and no meaning of a limit. It
//! changes the number of [steps](crate::Scratch::steps), the memory of a matcher and the time.
//!
//! ```
//! use galop::tuning::{Kernel, Toggle, Tuning};
//! use galop::{Matcher, RuleSet, Scratch};
//!
//! let mut rules = RuleSet::new();
//! let id = rules.add(r#"{"source":["aws.s3"]}"#)?;
//! let mut tuning = Tuning::default();
//! tuning.switches = Toggle::Off;
//! let matcher = Matcher::builder().tuning(tuning).kernel(Kernel::Portable).build(&rules)?;
//! assert_eq!(matcher.matches(&mut Scratch::new(), br#"{"source":"aws.s3"}"#)?, [id]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use crate::simd::Kernel;

/// The optimisations that a matcher uses.
///
/// Passed to [`MatcherBuilder::tuning`](crate::MatcherBuilder::tuning). The design document
/// describes each optimisation.
///
/// ```
/// use galop::tuning::{Toggle, Tuning};
///
/// let mut tuning = Tuning::default();
/// tuning.indexes = Toggle::On;
/// let matcher = galop::Matcher::builder().tuning(tuning).build(&galop::RuleSet::new())?;
/// # Ok::<(), galop::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Tuning {
    /// Reads events many bytes at a time, with a [`Kernel`]; otherwise token by token.
    /// [`Toggle::Auto`] is [`Toggle::On`], because the kernel is never slower.
    pub fast_reader: Toggle,
    /// Visits only branches that a value may satisfy.
    pub switches: Toggle,
    /// Visits branches of a path only if the path has a value.
    pub gates: Toggle,
    /// Decides branches side by side, with one bit each; otherwise one by one.
    pub groups: Toggle,
    /// Evaluates all predicates on a path at once; otherwise one by one.
    pub indexes: Toggle,
    /// Factors `$or`s; otherwise there is a branch for every combination of their alternatives.
    pub choices: Toggle,
}

/// The condition under which an optimisation is used.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Toggle {
    /// Never.
    Off,
    /// If it is expected to be faster.
    #[default]
    Auto,
    /// If it is possible.
    On,
}

impl Default for Tuning {
    /// [`Toggle::Auto`] for every optimisation.
    fn default() -> Tuning {
        Tuning {
            fast_reader: Toggle::Auto,
            switches: Toggle::Auto,
            gates: Toggle::Auto,
            groups: Toggle::Auto,
            indexes: Toggle::Auto,
            choices: Toggle::Auto,
        }
    }
}

impl Toggle {
    /// Returns the size beyond which an optimisation is used. `faster` is the size beyond which it
    /// is expected to be faster.
    pub(crate) fn beyond(self, faster: usize) -> usize {
        match self {
            Toggle::Off => usize::MAX,
            Toggle::Auto => faster,
            Toggle::On => 0,
        }
    }
}
