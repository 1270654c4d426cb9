//! The columns of the table of lints.

/// A row of the table of [`codes`](super::codes).
#[derive(Debug)]
pub(super) struct Row {
    /// The stable name.
    pub(super) code: &'static str,
    pub(super) level: Level,
    pub(super) needs: Needs,
    pub(super) message: &'static str,
    /// The help, unless the warning has a more precise one.
    pub(super) help: &'static str,
    /// The documentation of the kind, line by line.
    pub(super) meaning: &'static [&'static str],
    /// A set of patterns, the last with the warning.
    pub(super) bad: &'static [&'static str],
    /// The text of the last pattern that the warning marks.
    pub(super) at: &'static str,
    pub(super) events: &'static [&'static str],
    /// A set of patterns without the warning.
    pub(super) good: &'static [&'static str],
}

/// The severity of the warnings of a kind.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// The warnings are not reported.
    Allow,
    /// The warnings are reported as warnings.
    Warn,
    /// The warnings are reported as errors. The rule stays in the set.
    Deny,
}

/// The input that a lint needs in addition to the pattern.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Needs {
    /// Nothing: the warnings about a rule do not depend on other rules.
    Rule,
    /// The other rules of the set.
    Set,
    /// A sample of events: an [`EventProfile`](super::EventProfile).
    Events,
}
