//! Texts at the front or at the back of a string.

use super::text::{Between, Condition, Ends, TextOperator};

/// Accepts strings that begin with this text.
#[derive(Clone, Debug)]
pub(crate) struct Prefix(pub(crate) Box<[u8]>);

/// Accepts strings that end with this text.
#[derive(Clone, Debug)]
pub(crate) struct Suffix(pub(crate) Box<[u8]>);

impl TextOperator for Prefix {
    #[inline]
    fn is_match(&self, value: &[u8]) -> bool {
        value.starts_with(&self.0)
    }

    #[inline]
    fn compared(&self, value: &[u8]) -> usize {
        self.0.len().min(value.len())
    }

    fn memory_usage(&self) -> usize {
        self.0.len()
    }

    fn ends(&self) -> Ends<'_> {
        ends(&self.0, b"")
    }

    fn condition(&self) -> Condition<'_> {
        Condition::Pieces(&self.0, Vec::new(), b"")
    }
}

impl TextOperator for Suffix {
    #[inline]
    fn is_match(&self, value: &[u8]) -> bool {
        value.ends_with(&self.0)
    }

    #[inline]
    fn compared(&self, value: &[u8]) -> usize {
        self.0.len().min(value.len())
    }

    fn memory_usage(&self) -> usize {
        self.0.len()
    }

    fn ends(&self) -> Ends<'_> {
        ends(b"", &self.0)
    }

    fn condition(&self) -> Condition<'_> {
        Condition::Pieces(b"", Vec::new(), &self.0)
    }
}

fn ends<'t>(prefix: &'t [u8], suffix: &'t [u8]) -> Ends<'t> {
    Ends {
        prefix: prefix.into(),
        suffix: suffix.into(),
        least: prefix.len() + suffix.len(),
        ignores_case: false,
        between: Between::Anything,
    }
}
