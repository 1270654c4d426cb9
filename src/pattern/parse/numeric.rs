//! Parses the operand of `numeric`, and numbers that are compared.

use crate::error::{Expected, Hint, PatternError, PatternErrorKind};
use crate::json::number::Comparable;
use crate::json::{Number, Token};
use crate::pattern::ast::{Bound, NumericRange};
use crate::pattern::checked::ComparableNumber;

use super::{Parser, Result};

impl Parser<'_> {
    /// Parses the operand of `numeric`: a comparison, or a lower bound and an upper bound.
    pub(super) fn numeric(&mut self, token: Token) -> Result<NumericRange> {
        if token != Token::ArrayOpen {
            return Err(self.wrong_operand(token, PatternErrorKind::NumericNotList));
        }
        self.enter()?;
        let open = self.lexer.span();
        let (first, number) = self.comparison(&["=", "<", "<=", ">", ">="])?;
        let bound = |inclusive| Some(Bound { number: number.clone(), inclusive });
        let mut range = match first {
            "=" => NumericRange { lower: bound(true), upper: bound(true) },
            "<" => NumericRange { lower: None, upper: bound(false) },
            "<=" => NumericRange { lower: None, upper: bound(true) },
            ">" => NumericRange { lower: bound(false), upper: None },
            _ => NumericRange { lower: bound(true), upper: None },
        };
        let mut next = self.lexer.next_or(Expected::CommaOrBracket)?;
        if next == Token::Comma && first.starts_with('>') {
            let (second, number) = self.comparison(&["<", "<="])?;
            range.upper = Some(Bound { number, inclusive: second == "<=" });
            next = self.lexer.next_or(Expected::CommaOrBracket)?;
        }
        match next {
            Token::ArrayClose => {}
            Token::Comma => {
                let token = self.lexer.next_or(Expected::Value)?;
                return Err(self.wrong_operand(token, PatternErrorKind::NumericSyntax));
            }
            token => return Err(self.lexer.unexpected(token, Expected::CommaOrBracket).into()),
        }
        self.depth -= 1;
        if first != "=" && is_empty(&range) {
            let hint = match (&range.lower, &range.upper) {
                (Some(lower), Some(upper)) => {
                    (lower.number.comparable() == upper.number.comparable()).then_some(Hint::EqualBounds)
                }
                _ => Some(Hint::EdgeBound),
            };
            let span = open.to(self.lexer.span());
            return Err(PatternError::new(PatternErrorKind::NumericEmptyRange, span).or_hint(hint));
        }
        Ok(range)
    }

    /// Parses one of the allowed comparisons, a comma, and a number.
    fn comparison(&mut self, allowed: &[&'static str]) -> Result<(&'static str, ComparableNumber)> {
        let token = self.lexer.next_or(Expected::Value)?;
        if token == Token::ArrayClose {
            return Err(self.fault(PatternErrorKind::NumericSyntax));
        }
        let named = match token {
            Token::String { .. } => {
                let text = self.string();
                allowed.iter().find(|name| text.as_str() == Some(name)).copied()
            }
            _ => None,
        };
        let Some(named) = named else {
            return Err(self.wrong_operand(token, PatternErrorKind::NumericSyntax));
        };
        match self.lexer.next_or(Expected::CommaOrBracket)? {
            Token::Comma => {}
            Token::ArrayClose => return Err(self.fault(PatternErrorKind::NumericSyntax)),
            token => return Err(self.lexer.unexpected(token, Expected::CommaOrBracket).into()),
        }
        match self.lexer.next_or(Expected::Value)? {
            Token::Number => Ok((named, self.comparable_number()?)),
            token => Err(self.wrong_operand(token, PatternErrorKind::NumericSyntax)),
        }
    }

    pub(super) fn comparable_number(&self) -> Result<ComparableNumber> {
        ComparableNumber::new(Number::new(self.lexer.bytes()))
            .ok_or_else(|| self.fault(PatternErrorKind::NumberNotComparable))
    }
}

/// Returns true if a range is rejected: its bounds contain no number, or its only bound is the
/// least or greatest finite double, for which event-ruler fails.
fn is_empty(range: &NumericRange) -> bool {
    let edge = |value: f64| Comparable::from_f64(value);
    match (&range.lower, &range.upper) {
        (Some(lower), Some(upper)) => lower.number.comparable() >= upper.number.comparable(),
        (None, Some(upper)) => upper.number.comparable() == edge(f64::MIN),
        (Some(lower), None) => lower.number.comparable() == edge(f64::MAX),
        (None, None) => false,
    }
}
