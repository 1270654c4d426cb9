//! Parses operator objects: a name, and the operand.

use crate::error::{Expected, Operator, PatternError, PatternErrorKind};
use crate::json::Token;
use crate::pattern::ast::ValueTest;

use super::{Parser, Result, hint};

impl Parser<'_> {
    /// Parses an operator object after its opening brace.
    pub(super) fn operator(&mut self) -> Result<ValueTest> {
        self.enter()?;
        let open = self.lexer.span();
        match self.operator_name()? {
            Some(name) => {
                let operator = Operator::from_name(&name).ok_or_else(|| self.unknown_operator(&name))?;
                if !self.limits.extensions.contains(operator) {
                    return Err(self.fault(PatternErrorKind::ExtensionNotAllowed { operator }));
                }
                self.lexer.expect(Token::Colon, Expected::Colon)?;
                let test = self.operand(operator)?;
                self.end_of_operator(operator)?;
                Ok(test)
            }
            None => Err(PatternError::new(PatternErrorKind::EmptyOperator, open.to(self.lexer.span()))),
        }
    }

    fn unknown_operator(&self, name: &str) -> PatternError {
        let kind = PatternErrorKind::UnknownOperator { suggestion: Operator::nearest(name) };
        self.fault(kind).or_hint(hint::of_operator(name))
    }

    /// Returns the name in an operator object after its opening brace, or `None` if the object is
    /// empty.
    pub(super) fn operator_name(&mut self) -> Result<Option<String>> {
        match self.lexer.next_or(Expected::NameOrClose)? {
            Token::String { .. } => {
                // No operator has an unpaired surrogate in its name, so a lossy conversion confuses
                // no names.
                Ok(Some(String::from_utf8_lossy(self.string().as_bytes()).into_owned()))
            }
            Token::ObjectClose => Ok(None),
            token => Err(self.lexer.unexpected(token, Expected::NameOrClose).into()),
        }
    }

    /// Parses the end of the object of an operator, which must follow the operand.
    pub(super) fn end_of_operator(&mut self, operator: Operator) -> Result<()> {
        self.depth -= 1;
        match self.lexer.next_or(Expected::CommaOrBrace)? {
            Token::ObjectClose => Ok(()),
            Token::Comma => match self.lexer.next_or(Expected::Name)? {
                Token::String { .. } => {
                    let hint = hint::of_second(operator, &self.string());
                    Err(self.fault(PatternErrorKind::MultipleOperators).or_hint(hint))
                }
                token => Err(self.lexer.unexpected(token, Expected::Name).into()),
            },
            token => Err(self.lexer.unexpected(token, Expected::CommaOrBrace).into()),
        }
    }
}
