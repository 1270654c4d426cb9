//! The optimisations of a matcher, switched on and off for tests and measurements.
//!
//! No program needs this module: with [`Tuning::default`], a matcher takes each optimisation where it is expected to be
//! faster. No optimisation changes an answer, an error, or what the limits of an event mean. The number of
//! [steps](crate::Scratch::steps), the memory of a matcher and the time do depend on them.
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
/// Given to [`MatcherBuilder::tuning`](crate::MatcherBuilder::tuning). The design document says what each optimisation is
/// for.
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
    /// Reading events many bytes at a time, with a [`Kernel`]; otherwise token by token. [`Toggle::Auto`] means
    /// [`Toggle::On`], since no event is read faster without.
    pub fast_reader: Toggle,
    /// Going on from a value only to branches that it may satisfy.
    pub switches: Toggle,
    /// Going on from a path only if it has a value.
    pub gates: Toggle,
    /// Deciding branches side by side, one bit each; otherwise one by one.
    pub groups: Toggle,
    /// Answering all tests on a path at once; otherwise one by one.
    pub indexes: Toggle,
    /// Keeping `$or`s as they are written; otherwise there is a branch for every combination of their alternatives.
    pub choices: Toggle,
}

/// When an optimisation is used.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Toggle {
    /// Never.
    Off,
    /// Where it is expected to be faster.
    #[default]
    Auto,
    /// Wherever it is possible.
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
    /// The number of things beyond which an optimisation is used, given the number where it is expected to be faster.
    pub(crate) fn beyond(self, faster: usize) -> usize {
        match self {
            Toggle::Off => usize::MAX,
            Toggle::Auto => faster,
            Toggle::On => 0,
        }
    }
}
