//! [`Parsed`]: a value as its parser keeps it.

use std::io::Write;

use crate::json::number::{self, Comparable};

/// A value as its parser keeps it.
pub(super) trait Parsed<'e>: Copy {
    type Name: AsRef<str>;
    type Members: Iterator<Item = (Self::Name, Self)>;
    type Elements: Iterator<Item = Self>;

    fn view(self) -> View<'e, Self>;

    /// Whether it can be told at a prefilter that this value has at most so many levels of objects and arrays.
    #[inline(always)]
    fn has_at_most(self, _levels: usize) -> bool {
        false
    }
}

/// What a value is.
pub(super) enum View<'e, P: Parsed<'e>> {
    Object(P::Members),
    Array(P::Elements),
    String(&'e str),
    Number(Number<'e>),
    True,
    False,
    Null,
}

/// A number as its parser keeps it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number<'e> {
    Integer {
        is_negative: bool,
        magnitude: u128,
    },
    Double(f64),
    #[cfg_attr(not(feature = "serde_json"), expect(dead_code, reason = "no other parser keeps text"))]
    Text(&'e str),
}

impl Number<'_> {
    /// The value, unless it is not comparable, or takes more than a look.
    #[inline]
    pub(super) fn value(self) -> Option<Comparable> {
        /// All integers up to here are doubles.
        const EXACT: u128 = 1 << 53;
        match self {
            Number::Integer { is_negative, magnitude: magnitude @ ..=EXACT } => {
                let value = magnitude as u64 as f64;
                Some(Comparable::from_f64(if is_negative { -value } else { value }))
            }
            Number::Double(value) if value.is_finite() => Some(Comparable::from_f64(value)),
            _ => None,
        }
    }

    /// Appends what the number is spelled as, and something that ends it; nothing if it is none.
    pub(super) fn spell(self, out: &mut Vec<u8>) -> Option<()> {
        match self {
            Number::Integer { is_negative, magnitude } => {
                let sign = if is_negative { "-" } else { "" };
                write!(out, "{sign}{magnitude} ").ok()
            }
            Number::Double(_) => None,
            Number::Text(text) => {
                number::is_valid(text.as_bytes()).then_some(())?;
                write!(out, "{text} ").ok()
            }
        }
    }
}
