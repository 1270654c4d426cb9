//! [`Strategy`]: which of the engine's means are used.

/// Which of the engine's means are used to find an answer. None of them may change it.
///
/// There is one reason to set this: to test or to measure one of them against the others. What each is for is said in
/// the design document.
///
/// ```
/// let mut strategy = galop::Strategy::default();
/// strategy.switches = galop::Use::Never;
/// let matcher = galop::Matcher::builder().strategy(strategy).build(&galop::RuleSet::new())?;
/// # Ok::<(), galop::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Strategy {
    /// Reading events many bytes at a time; otherwise token by token.
    pub walk: bool,
    /// Going on from a value only to branches that it may satisfy.
    pub switches: Use,
    /// Going on from a path only if it has a value.
    pub gates: Use,
    /// Deciding branches side by side, one bit each; otherwise one by one.
    pub groups: Use,
    /// Answering all tests on a path at once; otherwise one by one.
    pub portfolios: Use,
    /// Keeping `$or`s as they are written; otherwise there is a branch for every combination of their alternatives.
    pub choices: Use,
}

/// When to use something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Use {
    /// Never.
    Never,
    /// Where it is expected to be faster.
    Automatic,
    /// Wherever it is possible.
    Always,
}

impl Default for Strategy {
    fn default() -> Strategy {
        Strategy {
            walk: true,
            switches: Use::Automatic,
            gates: Use::Automatic,
            groups: Use::Automatic,
            portfolios: Use::Automatic,
            choices: Use::Automatic,
        }
    }
}

impl Use {
    /// The number of things beyond which it is used, given the one where it is expected to be faster.
    pub(crate) fn beyond(self, faster: usize) -> usize {
        match self {
            Use::Never => usize::MAX,
            Use::Automatic => faster,
            Use::Always => 0,
        }
    }
}
