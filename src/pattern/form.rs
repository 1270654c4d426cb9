//! The form of a test: its properties, independent of the operator.
//!
//! The printer, the complexity, the choice of the `$or`s to expand and the warnings read the form.
//! None of them names an operator.

use std::fmt::Display;
use std::slice;

use crate::error::Operator;

use super::ast::{AnythingBut, ValueTest};
use super::checked::Wildcard;

/// The form of a test.
pub(crate) struct Form<'t> {
    /// The operators around the operand, the outer one first. A plain value has none.
    pub(crate) operators: &'static [Operator],
    /// The operand, in the notation of a pattern.
    pub(crate) operand: &'t dyn Display,
    /// The values that can satisfy the test.
    pub(crate) kinds: Kinds,
    pub(crate) rank: Rank,
    /// The wildcards of the test. The service limits their complexity.
    pub(crate) wildcards: &'t [Wildcard],
}

/// The kinds of values that can satisfy a test.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kinds {
    Strings,
    Numbers,
    /// `true`, `false` and `null`.
    Literals,
    All,
    /// The absence of values.
    Absence,
}

/// The selectivity of a test, the best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Rank {
    /// One value satisfies the test.
    Value,
    /// Some values satisfy the test.
    Some,
    /// Nearly all values satisfy the test.
    Most,
}

impl<'t> Form<'t> {
    fn value(operand: &'t dyn Display, kinds: Kinds) -> Form<'t> {
        Form { operators: &[], operand, kinds, rank: Rank::Value, wildcards: &[] }
    }

    /// Returns the form of a test of strings.
    fn strings(operators: &'static [Operator], operand: &'t dyn Display) -> Form<'t> {
        Form { operators, operand, kinds: Kinds::Strings, rank: Rank::Some, wildcards: &[] }
    }
}

impl ValueTest {
    pub(crate) fn form(&self) -> Form<'_> {
        let wide =
            |operators, operand, kinds| Form { kinds, rank: Rank::Most, ..Form::strings(operators, operand) };
        match self {
            ValueTest::String(text) => Form::value(text, Kinds::Strings),
            ValueTest::Number(number) => Form::value(number, Kinds::Numbers),
            ValueTest::True => Form::value(&"true", Kinds::Literals),
            ValueTest::False => Form::value(&"false", Kinds::Literals),
            ValueTest::Null => Form::value(&"null", Kinds::Literals),
            ValueTest::Exactly(text) => {
                Form { rank: Rank::Value, ..Form::strings(&[Operator::Exactly], text) }
            }
            ValueTest::Prefix(text) => Form::strings(&[Operator::Prefix], text),
            ValueTest::PrefixIgnoreCase(text) => {
                Form::strings(&[Operator::Prefix, Operator::EqualsIgnoreCase], text)
            }
            ValueTest::Suffix(text) => Form::strings(&[Operator::Suffix], text),
            ValueTest::SuffixIgnoreCase(text) => {
                Form::strings(&[Operator::Suffix, Operator::EqualsIgnoreCase], text)
            }
            ValueTest::EqualsIgnoreCase(text) => Form::strings(&[Operator::EqualsIgnoreCase], text),
            ValueTest::Wildcard(wildcard) => Form {
                wildcards: slice::from_ref(wildcard),
                ..Form::strings(&[Operator::Wildcard], wildcard)
            },
            ValueTest::Numeric(range) => wide(&[Operator::Numeric], range, Kinds::Numbers),
            ValueTest::Cidr(block) => Form::strings(&[Operator::Cidr], block),
            ValueTest::Regexp(regexp) => Form::strings(&[Operator::Regexp], regexp),
            ValueTest::Exists(exists) => {
                wide(&[Operator::Exists], exists, if *exists { Kinds::All } else { Kinds::Absence })
            }
            ValueTest::AnythingBut(excluded) => Form {
                wildcards: excluded.wildcards(),
                ..wide(&[Operator::AnythingBut], excluded, Kinds::All)
            },
        }
    }
}

impl AnythingBut {
    fn wildcards(&self) -> &[Wildcard] {
        match self {
            AnythingBut::Wildcard(wildcards) => wildcards,
            AnythingBut::Strings(_)
            | AnythingBut::Numbers(_)
            | AnythingBut::Prefix(_)
            | AnythingBut::Suffix(_)
            | AnythingBut::EqualsIgnoreCase(_) => &[],
        }
    }
}
