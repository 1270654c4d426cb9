//! Sections 3 and 5: the result of a test for one value.

use super::address::Address;
use super::json::Value;
use super::number::comparable;
use super::regexp;
use super::text::{Piece, made_of};

#[derive(Debug)]
pub(super) enum Test {
    /// The same kind and the same text. Used for numbers that are not comparable.
    Is(Value),
    /// A comparable number between the bounds.
    Between {
        low: f64,
        with_low: bool,
        high: f64,
        with_high: bool,
    },
    /// A string that is a sequence of these pieces.
    Made(Vec<Piece>),
    /// A string that is an address with the same leading bits.
    Block(Address, u32),
    /// A string that the expression matches.
    Regexp(regexp::Node),
    Present,
    /// Matches no value. `walk` handles absence.
    Absent,
    Not(Vec<Test>),
}

impl Test {
    pub(super) fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Test::Is(expected), _) => value == expected,
            (Test::Between { low, with_low, high, with_high }, Value::Number(literal)) => comparable(literal)
                .is_some_and(|n| {
                    (*low < n || *with_low && *low == n) && (n < *high || *with_high && n == *high)
                }),
            (Test::Made(pieces), Value::String(text)) => made_of(pieces, text),
            (Test::Block(block, bits), Value::String(text)) => {
                Address::read(text).is_some_and(|address| address.starts_like(*block, *bits))
            }
            (Test::Regexp(node), Value::String(text)) => regexp::matches(node, text),
            (Test::Present, _) => true,
            (Test::Not(tests), _) => !tests.iter().any(|test| test.holds(value)),
            (Test::Absent | Test::Between { .. } | Test::Made(_) | Test::Block(..) | Test::Regexp(_), _) => {
                false
            }
        }
    }
}
