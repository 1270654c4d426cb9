//! Text to syntax tree.
//!
//! A recursive descent over tokens that stops at the first fault in the order of the text. Its depth is bounded by
//! [`PatternLimits::depth`].

use crate::error::{Expected, JsonErrorKind, Operator, PatternError, PatternErrorKind, Span};
use crate::json::lexer::utf8_error;
use crate::json::{JsonString, Lexer, Number, Token};
use crate::rules::PatternLimits;

use super::ast::{Alternative, Member, Name, Object, Pattern, ValueTest};
use super::branch;

mod operand;

type Result<T> = std::result::Result<T, PatternError>;

/// Names that no field inside `$or` can have: those of operators, of comparisons, and those that event-ruler keeps
/// for operators to come.
pub(crate) const RESERVED_NAMES: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

impl Pattern {
    /// Reads a pattern, within the default [`PatternLimits`].
    ///
    /// # Errors
    ///
    /// The first fault of the text, with its place.
    ///
    /// ```
    /// use galop::pattern::Pattern;
    ///
    /// let pattern = Pattern::parse(r#"{"source":["aws.ec2"]}"#)?;
    /// assert_eq!(pattern.to_string(), r#"{"source":["aws.ec2"]}"#);
    ///
    /// let error = Pattern::parse(r#"{"source":"aws.ec2"}"#).unwrap_err();
    /// assert_eq!(error.code(), "leaf-not-array");
    /// assert_eq!((error.span().start, error.span().end), (10, 19));
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Pattern> {
        Pattern::parse_bytes(text.as_bytes(), &PatternLimits::default())
    }

    /// Reads a pattern that may not even be UTF-8, within limits of the caller's choice.
    ///
    /// # Errors
    ///
    /// The first fault of the text, with its place.
    pub fn parse_bytes(text: &[u8], limits: &PatternLimits) -> Result<Pattern> {
        if text.len() > limits.length {
            let kind = PatternErrorKind::PatternTooLong { limit: limits.length };
            return Err(PatternError::new(kind, Span::new(limits.length, text.len())));
        }
        // What comes before the bytes that are not UTF-8 is read first: an earlier fault is the one to report.
        let utf8_error = utf8_error(text);
        let readable = utf8_error.map_or(text, |error| &text[..error.span.start]);
        match (parse(readable, limits), utf8_error) {
            (Err(error), Some(utf8_error)) if error.span().start >= utf8_error.span.start => {
                Err(utf8_error.into())
            }
            (Ok(_), Some(utf8_error)) => Err(utf8_error.into()),
            (result, _) => result,
        }
    }
}

fn parse(text: &[u8], limits: &PatternLimits) -> Result<Pattern> {
    let mut parser = Parser { lexer: Lexer::new(text), limits, depth: 0 };
    match parser.lexer.next_or(Expected::Value)? {
        Token::ObjectOpen => {}
        Token::End => return Err(parser.lexer.unexpected(Token::End, Expected::Value).into()),
        token => {
            parser.value_start(token)?;
            return Err(parser.fault(PatternErrorKind::Json(JsonErrorKind::RootNotObject)));
        }
    }
    let (root, combinations) = parser.object(false)?;
    match parser.lexer.next() {
        Ok(Token::End) => {
            let pattern = Pattern { root, length: text.len(), combinations };
            branch::check(&pattern, limits)?;
            Ok(pattern)
        }
        Ok(_) => Err(parser.fault(PatternErrorKind::Json(JsonErrorKind::TrailingText))),
        Err(error) => {
            let kind = PatternErrorKind::Json(JsonErrorKind::TrailingText);
            Err(PatternError::new(kind, Span::new(parser.end_of_blanks(root.span.end), error.span.end)))
        }
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    limits: &'a PatternLimits,
    depth: usize,
}

impl Parser<'_> {
    /// An object of fields, behind its opening brace, and the number of branches that it stands for.
    fn object(&mut self, inside_or: bool) -> Result<(Object, usize)> {
        self.enter()?;
        let open = self.lexer.span();
        let mut members = Vec::new();
        let mut combinations = 1_usize;
        loop {
            let expected = if members.is_empty() { Expected::NameOrClose } else { Expected::Name };
            match self.lexer.next_or(expected)? {
                Token::String { .. } => {}
                Token::ObjectClose if members.is_empty() => {
                    return Err(PatternError::new(PatternErrorKind::EmptyObject, open.to(self.lexer.span())));
                }
                token => return Err(self.lexer.unexpected(token, expected).into()),
            }
            let name =
                Name { text: JsonString::decode(self.lexer.string_content()), span: self.lexer.span() };
            self.lexer.expect(Token::Colon, Expected::Colon)?;
            let (member, factor) = self.member(name, inside_or)?;
            combinations = self.combine(combinations.checked_mul(factor), open)?;
            members.push(member);
            match self.lexer.next_or(Expected::CommaOrBrace)? {
                Token::Comma => {}
                Token::ObjectClose => break,
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBrace).into()),
            }
        }
        self.depth -= 1;
        Ok((Object { members, span: open.to(self.lexer.span()) }, combinations))
    }

    /// The value of a member, and the number of branches that it stands for.
    fn member(&mut self, name: Name, inside_or: bool) -> Result<(Member, usize)> {
        if name.text.as_str() == Some("$or") {
            return self.or(name.span);
        }
        if inside_or && name.text.as_str().is_some_and(|name| RESERVED_NAMES.contains(&name)) {
            return Err(PatternError::new(PatternErrorKind::OrReservedName, name.span));
        }
        match self.lexer.next_or(Expected::Value)? {
            Token::ObjectOpen => {
                let (object, combinations) = self.object(inside_or)?;
                Ok((Member::Nested { name, object }, combinations))
            }
            Token::ArrayOpen => {
                let alternatives = self.alternatives()?;
                Ok((Member::Field { name, alternatives }, 1))
            }
            token => {
                self.value_start(token)?;
                Err(self.fault(PatternErrorKind::LeafNotArray))
            }
        }
    }

    /// What follows `"$or":`.
    fn or(&mut self, span: Span) -> Result<(Member, usize)> {
        match self.lexer.next_or(Expected::Value)? {
            Token::ArrayOpen => self.enter()?,
            token => {
                self.value_start(token)?;
                return Err(self.fault(PatternErrorKind::OrNotList));
            }
        }
        let open = self.lexer.span();
        let mut alternatives = Vec::new();
        let mut combinations = 0_usize;
        loop {
            match self.lexer.next_or(Expected::Value)? {
                Token::ObjectOpen => {
                    let (object, summand) = self.object(true)?;
                    combinations = self.combine(combinations.checked_add(summand), span)?;
                    alternatives.push(object);
                }
                Token::ArrayClose if alternatives.is_empty() => break,
                token => {
                    self.value_start(token)?;
                    return Err(self.fault(PatternErrorKind::OrNotObject));
                }
            }
            match self.lexer.next_or(Expected::CommaOrBracket)? {
                Token::Comma => {}
                Token::ArrayClose => break,
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBracket).into()),
            }
        }
        if alternatives.len() < 2 {
            return Err(PatternError::new(PatternErrorKind::OrTooFew, open.to(self.lexer.span())));
        }
        self.depth -= 1;
        Ok((Member::Or { span, alternatives }, combinations))
    }

    /// The alternatives of a field, behind the opening bracket.
    fn alternatives(&mut self) -> Result<Vec<Alternative>> {
        self.enter()?;
        let open = self.lexer.span();
        let mut alternatives = Vec::new();
        loop {
            let expected = if alternatives.is_empty() { Expected::ValueOrClose } else { Expected::Value };
            let token = self.lexer.next_or(expected)?;
            let start = self.lexer.span();
            let test = match token {
                Token::String { .. } => ValueTest::String(self.string()),
                Token::Number => ValueTest::Number(Number::new(self.lexer.bytes())),
                Token::True => ValueTest::True,
                Token::False => ValueTest::False,
                Token::Null => ValueTest::Null,
                Token::ObjectOpen => self.operator()?,
                Token::ArrayOpen => return Err(self.container(PatternErrorKind::NestedList)?),
                Token::ArrayClose if alternatives.is_empty() => {
                    return Err(PatternError::new(PatternErrorKind::EmptyList, open.to(self.lexer.span())));
                }
                token => return Err(self.lexer.unexpected(token, expected).into()),
            };
            alternatives.push(Alternative { test, span: start.to(self.lexer.span()) });
            match self.lexer.next_or(Expected::CommaOrBracket)? {
                Token::Comma => {}
                Token::ArrayClose => break,
                token => return Err(self.lexer.unexpected(token, Expected::CommaOrBracket).into()),
            }
        }
        self.depth -= 1;
        Ok(alternatives)
    }

    /// An operator object, behind its opening brace.
    fn operator(&mut self) -> Result<ValueTest> {
        self.enter()?;
        let open = self.lexer.span();
        match self.operator_name()? {
            Some(name) => {
                let operator = Operator::from_name(&name).ok_or_else(|| self.unknown_operator(&name))?;
                self.lexer.expect(Token::Colon, Expected::Colon)?;
                let test = self.operand(operator)?;
                self.end_of_operator()?;
                Ok(test)
            }
            None => Err(PatternError::new(PatternErrorKind::EmptyOperator, open.to(self.lexer.span()))),
        }
    }

    fn unknown_operator(&self, name: &str) -> PatternError {
        self.fault(PatternErrorKind::UnknownOperator { suggestion: Operator::nearest(name) })
    }

    /// The name in an operator object, behind its opening brace; none where the object is empty.
    fn operator_name(&mut self) -> Result<Option<String>> {
        match self.lexer.next_or(Expected::NameOrClose)? {
            Token::String { .. } => {
                // No operator has an unpaired surrogate in its name, so nothing is confused by dropping them.
                Ok(Some(String::from_utf8_lossy(self.string().as_bytes()).into_owned()))
            }
            Token::ObjectClose => Ok(None),
            token => Err(self.lexer.unexpected(token, Expected::NameOrClose).into()),
        }
    }

    /// The end of an operator object, which must follow the one operand.
    fn end_of_operator(&mut self) -> Result<()> {
        self.depth -= 1;
        match self.lexer.next_or(Expected::CommaOrBrace)? {
            Token::ObjectClose => Ok(()),
            Token::Comma => match self.lexer.next_or(Expected::Name)? {
                Token::String { .. } => Err(self.fault(PatternErrorKind::MultipleOperators)),
                token => Err(self.lexer.unexpected(token, Expected::Name).into()),
            },
            token => Err(self.lexer.unexpected(token, Expected::CommaOrBrace).into()),
        }
    }

    fn string(&self) -> JsonString {
        JsonString::decode(self.lexer.string_content())
    }

    /// Counts a level of nesting whose opening bracket is the last token.
    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        let limit = self.limits.depth.min(PatternLimits::MAX_DEPTH);
        if self.depth > limit {
            let kind = JsonErrorKind::TooDeep { limit };
            return Err(self.fault(PatternErrorKind::Json(kind)));
        }
        Ok(())
    }

    fn combine(&self, combinations: Option<usize>, span: Span) -> Result<usize> {
        let limit = self.limits.combinations;
        combinations
            .filter(|&combinations| combinations <= limit)
            .ok_or(PatternError::new(PatternErrorKind::TooManyCombinations { limit }, span))
    }

    /// An error at the last token.
    fn fault(&self, kind: PatternErrorKind) -> PatternError {
        PatternError::new(kind, self.lexer.span())
    }

    /// Makes sure that a token begins a value: if not, the fault is one of JSON.
    fn value_start(&self, token: Token) -> Result<()> {
        match token {
            Token::ObjectClose | Token::ArrayClose | Token::Colon | Token::Comma | Token::End => {
                Err(self.lexer.unexpected(token, Expected::Value).into())
            }
            _ => Ok(()),
        }
    }

    /// An error about a value that the last token begins: if it is an object or a list, all of it.
    fn container(&mut self, kind: PatternErrorKind) -> Result<PatternError> {
        let open = self.lexer.span();
        let mut levels = 1_usize;
        while levels > 0 {
            match self.lexer.next() {
                Ok(Token::ObjectOpen | Token::ArrayOpen) => levels += 1,
                Ok(Token::ObjectClose | Token::ArrayClose) => levels -= 1,
                // Where the value is broken itself, its first bracket has to do.
                Ok(Token::End) | Err(_) => return Ok(PatternError::new(kind, open)),
                Ok(_) => {}
            }
        }
        Ok(PatternError::new(kind, open.to(self.lexer.span())))
    }

    /// The offset of the first character behind `end` that is not blank.
    fn end_of_blanks(&self, end: usize) -> usize {
        self.lexer.skip_blanks(end)
    }
}
