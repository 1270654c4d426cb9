//! What the engine knows of an operator on strings.
//!
//! [`TextOperator`] is all that it asks for. The prefilter of a test, the share of events that it lets through and the way
//! in which it is answered together with others follow from that. Nothing but [`operation`](super::operation) lists the
//! operators.

use std::borrow::Cow;

use super::spellings::IgnoreCase;

/// An operator on strings, with its operand compiled.
pub(crate) trait TextOperator {
    /// Returns true if the operator accepts a string.
    fn is_match(&self, value: &[u8]) -> bool;

    /// Returns how many bytes of a string are compared, at most.
    fn compared(&self, value: &[u8]) -> usize;

    /// Returns the number of bytes that the value has allocated.
    fn memory_usage(&self) -> usize;

    /// Returns what all strings that the operator accepts have in common.
    fn ends(&self) -> Ends<'_>;

    /// Returns what the operator asks of a string, in a form that many operators share.
    fn condition(&self) -> Condition<'_>;
}

/// What all strings that an operator accepts have in common.
#[derive(Clone, Debug)]
pub(crate) struct Ends<'t> {
    /// What they begin with.
    pub(crate) prefix: Cow<'t, [u8]>,
    /// What they end with.
    pub(crate) suffix: Cow<'t, [u8]>,
    /// The length of the shortest, or less.
    pub(crate) least: usize,
    /// Letters of ASCII at both ends are in lower case here, and in any case there.
    pub(crate) ignores_case: bool,
    pub(crate) between: Between,
}

/// What stands between the ends of a string that an operator accepts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Between {
    /// Any text: a string that is long enough and has both ends is accepted.
    Anything,
    /// Some texts.
    Something,
    /// So little that hardly more than one string is accepted.
    Nothing,
}

/// What an operator asks of a string.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Condition<'t> {
    /// To be this text.
    Exact(&'t [u8]),
    /// To begin with the first, to end with the last, and to have the others between, in order. No two overlap.
    Pieces(&'t [u8], Vec<&'t [u8]>, &'t [u8]),
    /// To have this text at the place, in any case.
    CaseFold(Place, &'t IgnoreCase),
    /// What only the operator of this name knows, which is tried alone. Equal texts ask for the same.
    Alone(&'static str, &'t [u8]),
}

/// Where a text is to stand in a string.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Place {
    Whole,
    Front,
    Back,
}
