//! Operands that the parser has checked, each with the result of the check beside its text.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};

use crate::json::number::Comparable;
use crate::json::{JsonString, Number};
use crate::operator::address::NetworkError;
use crate::operator::regexp::RegexpError;
use crate::operator::wildcard::{Pieces, WildcardError};
use crate::operator::{self, Network};

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

/// A regular expression: the operand of `regexp`.
#[derive(Clone, Debug)]
pub struct Regexp {
    text: JsonString,
    compiled: operator::regexp::Regexp,
}

impl Regexp {
    /// Compiles to at most so many bytes.
    pub(crate) fn parse(text: JsonString, size_limit: usize) -> Result<Regexp, RegexpError> {
        let compiled = operator::regexp::Regexp::parse(text.as_bytes(), size_limit)?;
        Ok(Regexp { text, compiled })
    }

    /// The text of the regular expression.
    #[must_use]
    pub fn text(&self) -> &JsonString {
        &self.text
    }

    pub(crate) fn compiled(&self) -> &operator::regexp::Regexp {
        &self.compiled
    }
}

impl Display for Regexp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

// The text says all.
impl PartialEq for Regexp {
    fn eq(&self, other: &Regexp) -> bool {
        self.text == other.text
    }
}

impl Eq for Regexp {}

impl Hash for Regexp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for Regexp {
    fn partial_cmp(&self, other: &Regexp) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Regexp {
    fn cmp(&self, other: &Regexp) -> Ordering {
        self.text.cmp(&other.text)
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
