//! [`Parsed`]: a value of a parser.

use std::io::Write;

use crate::json::number::{self, Comparable};

/// A value of a parser.
pub(super) trait Parsed<'e>: Copy {
    type Name: AsRef<str>;
    type Members: Iterator<Item = (Self::Name, Self)>;
    type Elements: Iterator<Item = Self>;

    fn view(self) -> View<'e, Self>;

    /// Returns true if the value is known, without visiting it, to have at most this number of
    /// levels of objects and arrays.
    #[inline(always)]
    fn has_at_most(self, _levels: usize) -> bool {
        false
    }
}

/// The kind and the content of a value.
pub(super) enum View<'e, P: Parsed<'e>> {
    Object(P::Members),
    Array(P::Elements),
    String(&'e str),
    Number(Number<'e>),
    True,
    False,
    Null,
}

/// A number of a parser.
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
    /// Returns the value if the number is comparable and the value is known without parsing a text.
    #[inline]
    pub(super) fn value(self) -> Option<Comparable> {
        /// All integers up to this one are doubles.
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

    /// Appends the spelling of the number and a byte that ends it. Returns `None` if it is not a
    /// number.
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
