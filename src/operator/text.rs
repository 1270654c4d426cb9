//! The interface of an operator on strings.
//!
//! The engine uses [`TextOperator`] and nothing else. The prefilter of a predicate, its estimated
//! share of events, and its place in an index follow from the trait. Only
//! [`operation`](super::operation) lists the operators.

use std::borrow::Cow;

use super::spellings::IgnoreCase;

/// An operator on strings, with its operand compiled.
pub(crate) trait TextOperator {
    /// Returns true if the operator accepts a string.
    fn is_match(&self, value: &[u8]) -> bool;

    /// Returns the maximum number of bytes of a string that are compared.
    fn compared(&self, value: &[u8]) -> usize;

    /// Returns the number of bytes that the value has allocated.
    fn memory_usage(&self) -> usize;

    /// Returns the common properties of all strings that the operator accepts.
    fn ends(&self) -> Ends<'_>;

    /// Returns the condition that the operator tests, in a form that many operators share.
    fn condition(&self) -> Condition<'_>;
}

/// The common properties of all strings that an operator accepts.
#[derive(Clone, Debug)]
pub(crate) struct Ends<'t> {
    /// The common prefix.
    pub(crate) prefix: Cow<'t, [u8]>,
    /// The common suffix.
    pub(crate) suffix: Cow<'t, [u8]>,
    /// A lower bound of the length.
    pub(crate) least: usize,
    /// True if ASCII letters at both ends match in any case. The prefix and the suffix are then in
    /// lower case.
    pub(crate) ignores_case: bool,
    pub(crate) between: Between,
}

/// The text between the ends of an accepted string.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Between {
    /// Any text: a string is accepted if it is long enough and has both ends.
    Anything,
    /// Some texts, but not all.
    Something,
    /// Almost no text: only one string, or a few, are accepted.
    Nothing,
}

/// The condition that an operator tests.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Condition<'t> {
    /// The string equals this text.
    Exact(&'t [u8]),
    /// The string begins with the first text, ends with the last, and contains the others between
    /// them, in order. No two overlap.
    Pieces(&'t [u8], Vec<&'t [u8]>, &'t [u8]),
    /// The string has this text at the place, in any case.
    CaseFold(Place, &'t IgnoreCase),
    /// A condition that only the operator of this name can test. It is evaluated alone. Equal texts
    /// have the same condition.
    Alone(&'static str, &'t [u8]),
}

/// The place of a text in a string.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Place {
    Whole,
    Front,
    Back,
}
