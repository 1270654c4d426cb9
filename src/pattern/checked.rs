//! Operands that the parser has checked, each with the result of the check beside its text.

use std::fmt::{self, Display, Formatter};

use crate::json::number::Comparable;
use crate::json::{JsonString, Number};
use crate::operator::Network;
use crate::operator::address::NetworkError;
use crate::operator::wildcard::{Pieces, WildcardError};

/// A text in which `*` stands for any characters, or none: the operand of `wildcard`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Wildcard {
    text: JsonString,
    pieces: Pieces,
}

impl Wildcard {
    pub(crate) fn parse(text: JsonString) -> Result<Wildcard, WildcardError> {
        let pieces = Pieces::parse(text.as_bytes())?;
        Ok(Wildcard { text, pieces })
    }

    /// The text, with the backslashes of the wildcard.
    #[must_use]
    pub fn text(&self) -> &JsonString {
        &self.text
    }

    /// The number of stars that stand for other characters.
    #[must_use]
    pub fn stars(&self) -> usize {
        self.pieces.rest.len()
    }

    pub(crate) fn pieces(&self) -> &Pieces {
        &self.pieces
    }
}

impl Display for Wildcard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A block of addresses: the operand of `cidr`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Cidr {
    text: JsonString,
    network: Network,
}

impl Cidr {
    pub(crate) fn parse(text: JsonString) -> Result<Cidr, NetworkError> {
        let network = Network::parse(text.as_bytes())?;
        Ok(Cidr { text, network })
    }

    /// The text, for instance `10.0.0.0/8`.
    #[must_use]
    pub fn text(&self) -> &JsonString {
        &self.text
    }

    pub(crate) fn network(&self) -> Network {
        self.network
    }
}

impl Display for Cidr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A number that compares by its value.
///
/// The order is that of the texts.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ComparableNumber {
    number: Number,
    value: Comparable,
}

impl ComparableNumber {
    /// Returns nothing if the number is not comparable.
    pub(crate) fn new(number: Number) -> Option<ComparableNumber> {
        let value = number.comparable()?;
        Some(ComparableNumber { number, value })
    }

    /// The text of the number, as the pattern spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.number.as_str()
    }

    /// The value of the number.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value.as_f64()
    }

    pub(crate) fn comparable(&self) -> Comparable {
        self.value
    }
}

impl Display for ComparableNumber {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}
