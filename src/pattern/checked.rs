//! Operands that the parser has checked. Each type stores the result of the check beside the text.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};

use crate::json::number::Comparable;
use crate::json::{JsonString, Number};
use crate::operator::address::NetworkError;
use crate::operator::regexp::RegexpError;
use crate::operator::wildcard::{Pieces, WildcardError};
use crate::operator::{self, Address, Network};

/// The operand of `wildcard`: a text in which `*` matches any characters, or none.
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

    /// Returns the text, with the backslashes of the wildcard.
    #[must_use]
    pub fn text(&self) -> &JsonString {
        &self.text
    }

    /// Returns the number of stars that match other characters.
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

/// The operand of `regexp`: a regular expression.
#[derive(Clone, Debug)]
pub struct Regexp {
    text: JsonString,
    compiled: operator::regexp::Regexp,
}

impl Regexp {
    /// Compiles an expression to at most `size_limit` bytes.
    pub(crate) fn parse(text: JsonString, size_limit: usize) -> Result<Regexp, RegexpError> {
        let compiled = operator::regexp::Regexp::parse(text.as_bytes(), size_limit)?;
        Ok(Regexp { text, compiled })
    }

    /// Returns the text of the regular expression.
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

// Equal texts compile to equal expressions, so only the text is compared.
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

/// The operand of `cidr`: a block of addresses.
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

    /// Returns the text, for instance `10.0.0.0/8`.
    #[must_use]
    pub fn text(&self) -> &JsonString {
        &self.text
    }

    pub(crate) fn network(&self) -> Network {
        self.network
    }

    /// Returns the block with its first address, or `None` if the text has this address already.
    pub(crate) fn without_host_bits(&self) -> Option<String> {
        let (address, mask) = self.text.as_str()?.split_once('/')?;
        let (first, _) = self.network.range();
        let mask = mask.trim_end_matches('/');
        (Address::parse(address.as_bytes()) != Some(first)).then(|| format!("{first}/{mask}"))
    }
}

impl Display for Cidr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A number that is compared by its value.
///
/// The order is the order of the texts.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ComparableNumber {
    number: Number,
    value: Comparable,
}

impl ComparableNumber {
    /// Returns `None` if the number is not comparable.
    pub(crate) fn new(number: Number) -> Option<ComparableNumber> {
        let value = number.comparable()?;
        Some(ComparableNumber { number, value })
    }

    /// Returns the text of the number, as the pattern spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.number.as_str()
    }

    /// Returns the value of the number.
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
