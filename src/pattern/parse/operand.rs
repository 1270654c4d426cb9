//! Parses the operand of each operator.

use crate::error::{Expected, Operator, PatternError, PatternErrorKind, Span};
use crate::json::{JsonString, Token};
use crate::operator::TextOperator;
use crate::operator::address::NetworkError;
use crate::operator::regexp::RegexpError;
use crate::operator::wildcard::{self, WildcardError};
use crate::pattern::ast::{AnythingBut, ValueTest};
use crate::pattern::checked::{Cidr, Regexp, Wildcard};

use super::{Parser, Result, hint};

/// An operator under `anything-but`, and the function that parses its operand.
type Excluding<P> = (Operator, fn(&mut P) -> Result<AnythingBut>);

impl Parser<'_> {
    /// Parses the operand after the colon.
    pub(super) fn operand(&mut self, operator: Operator) -> Result<ValueTest> {
        let token = self.lexer.next_or(Expected::Value)?;
        Ok(match operator {
            Operator::Exactly => ValueTest::Exactly(self.string_operand(operator, token)?),
            Operator::EqualsIgnoreCase => ValueTest::EqualsIgnoreCase(self.string_operand(operator, token)?),
            Operator::Prefix | Operator::Suffix => self.affix(operator, token)?,
            Operator::Wildcard => ValueTest::Wildcard(self.wildcard(operator, token)?),
            Operator::Cidr => ValueTest::Cidr(self.cidr(token)?),
            Operator::Regexp => ValueTest::Regexp(self.regexp(token)?),
            Operator::Exists => match token {
                Token::True => ValueTest::Exists(true),
                Token::False => ValueTest::Exists(false),
                token => return Err(self.wrong_operand(token, PatternErrorKind::ExistsNotBoolean)),
            },
            Operator::Numeric => ValueTest::Numeric(self.numeric(token)?),
            Operator::AnythingBut => ValueTest::AnythingBut(self.anything_but(token)?),
        })
    }

    /// Returns the error for an operand of the wrong kind. The span covers the whole operand.
    pub(super) fn wrong_operand(&mut self, token: Token, kind: PatternErrorKind) -> PatternError {
        if let Err(error) = self.value_start(token) {
            return error;
        }
        let hint = hint::of_operand(&self.lexer, token, &kind);
        let error = match token {
            Token::ObjectOpen | Token::ArrayOpen => self.container(kind).unwrap_or_else(|error| error),
            _ => self.fault(kind),
        };
        error.or_hint(hint)
    }

    fn string_operand(&mut self, operator: Operator, token: Token) -> Result<JsonString> {
        match token {
            Token::String { .. } => Ok(self.string()),
            token => Err(self.wrong_operand(token, PatternErrorKind::ArgumentNotString { operator })),
        }
    }

    /// Parses the operand of `prefix` or `suffix`: a string, or `{"equals-ignore-case": string}`.
    fn affix(&mut self, operator: Operator, token: Token) -> Result<ValueTest> {
        let prefix = operator == Operator::Prefix;
        if token != Token::ObjectOpen {
            let text = self.string_operand(operator, token)?;
            return Ok(if prefix { ValueTest::Prefix(text) } else { ValueTest::Suffix(text) });
        }
        let text = self.nested(operator, |inner| {
            let operand: fn(&mut Self) -> _ = |parser| {
                let token = parser.lexer.next_or(Expected::Value)?;
                parser.string_operand(Operator::EqualsIgnoreCase, token)
            };
            (inner == Operator::EqualsIgnoreCase).then_some(operand)
        })?;
        Ok(if prefix { ValueTest::PrefixIgnoreCase(text) } else { ValueTest::SuffixIgnoreCase(text) })
    }

    /// Parses an operator object after its opening brace, if the object is the operand of another
    /// operator. `operand` returns the function that parses the inner operand, or `None` if the
    /// inner operator is not allowed.
    fn nested<T>(
        &mut self,
        outer: Operator,
        operand: impl Fn(Operator) -> Option<fn(&mut Self) -> Result<T>>,
    ) -> Result<T> {
        self.enter()?;
        let open = self.lexer.span();
        let Some(name) = self.operator_name()? else {
            return Err(PatternError::new(PatternErrorKind::EmptyOperator, open.to(self.lexer.span())));
        };
        let Some(operand) = Operator::from_name(&name).and_then(operand) else {
            let hint = hint::of_nested(outer, &name);
            return Err(self.fault(PatternErrorKind::UnsupportedNesting { operator: outer }).or_hint(hint));
        };
        self.lexer.expect(Token::Colon, Expected::Colon)?;
        let operand = operand(self)?;
        self.end_of_operator(outer)?;
        Ok(operand)
    }

    fn wildcard(&mut self, operator: Operator, token: Token) -> Result<Wildcard> {
        let text = self.string_operand(operator, token)?;
        match Wildcard::parse(text) {
            Ok(wildcard) if wildcard.stars() > self.limits.stars => {
                let limit = self.limits.stars;
                let at = wildcard::star(wildcard.text().as_bytes(), limit);
                Err(PatternError::new(PatternErrorKind::TooManyStars { limit }, self.inside_string(at, 1)))
            }
            Ok(wildcard) => Ok(wildcard),
            Err(WildcardError::AdjacentStars(at)) => {
                let span = self.inside_string(at, 2);
                Err(PatternError::new(PatternErrorKind::WildcardAdjacentStars, span))
            }
            Err(WildcardError::Escape(at)) => {
                let span = self.inside_string(at, 2);
                Err(PatternError::new(PatternErrorKind::WildcardEscape, span))
            }
        }
    }

    /// Returns the span of `length` characters of the string that is the last token, or fewer at
    /// its end. `at` is their offset in the decoded string; the span is in the text of the pattern.
    fn inside_string(&self, at: usize, length: usize) -> Span {
        let content = self.lexer.string_content();
        let start = self.lexer.span().start + 1;
        let (mut decoded, mut raw, mut first) = (0, 0, None);
        let mut left = length;
        while raw < content.len() && left > 0 {
            let rest = &content[raw..];
            let (raw_length, decoded_length) = match rest {
                // A surrogate pair is one character of four bytes. An unpaired surrogate takes
                // three bytes.
                [b'\\', b'u', ..] => {
                    let pair = JsonString::decode(&rest[..rest.len().min(12)]);
                    let single = JsonString::decode(&rest[..6]);
                    match pair.as_str().and_then(|pair| pair.chars().next()) {
                        Some(c) if c.len_utf8() == 4 => (12, 4),
                        _ => (6, single.as_bytes().len()),
                    }
                }
                [b'\\', ..] => (2, 1),
                [lead @ 0xC0..=0xFF, ..] => (lead.leading_ones() as usize, lead.leading_ones() as usize),
                _ => (1, 1),
            };
            if decoded >= at {
                first.get_or_insert(raw);
                left -= 1;
            }
            raw += raw_length;
            decoded += decoded_length;
        }
        Span::new(start + first.unwrap_or(raw), start + raw)
    }

    fn regexp(&mut self, token: Token) -> Result<Regexp> {
        let text = self.string_operand(Operator::Regexp, token)?;
        let limit = self.limits.regexp_size;
        match Regexp::parse(text, limit - self.regexps) {
            Ok(regexp) => {
                self.regexps += regexp.compiled().memory_usage();
                Ok(regexp)
            }
            Err(RegexpError::Syntax(fault)) => {
                let kind = PatternErrorKind::RegexpSyntax { reason: fault.reason };
                Err(PatternError::new(kind, self.inside_string(fault.at, fault.length)))
            }
            Err(RegexpError::TooLarge) => Err(self.fault(PatternErrorKind::RegexpTooLarge { limit })),
        }
    }

    fn cidr(&mut self, token: Token) -> Result<Cidr> {
        let text = self.string_operand(Operator::Cidr, token)?;
        match Cidr::parse(text) {
            Ok(cidr) => Ok(cidr),
            Err(NetworkError::Syntax) => Err(self.fault(PatternErrorKind::CidrSyntax)),
            Err(NetworkError::Mask) => Err(self.fault(PatternErrorKind::CidrMask)),
            Err(NetworkError::Address) => Err(self.fault(PatternErrorKind::CidrAddress)),
        }
    }

    /// The operators that are allowed under `anything-but`, each with the function that parses its
    /// operand.
    const EXCLUDING: [Excluding<Self>; 4] = [
        (Operator::Prefix, |parser| parser.excluded_affixes(Operator::Prefix).map(AnythingBut::Prefix)),
        (Operator::Suffix, |parser| parser.excluded_affixes(Operator::Suffix).map(AnythingBut::Suffix)),
        (Operator::EqualsIgnoreCase, |parser| {
            let token = parser.lexer.next_or(Expected::Value)?;
            let texts = parser.excluded_texts(Operator::EqualsIgnoreCase, token, Self::string_operand);
            texts.map(AnythingBut::EqualsIgnoreCase)
        }),
        (Operator::Wildcard, |parser| {
            let token = parser.lexer.next_or(Expected::Value)?;
            parser.excluded_texts(Operator::Wildcard, token, Self::wildcard).map(AnythingBut::Wildcard)
        }),
    ];

    /// Parses the operand of `anything-but`: a value, a list of values, or an operator object.
    fn anything_but(&mut self, token: Token) -> Result<AnythingBut> {
        match token {
            Token::String { .. } => Ok(AnythingBut::Strings(vec![self.string()])),
            Token::Number => Ok(AnythingBut::Numbers(vec![self.comparable_number()?])),
            Token::ArrayOpen => self.excluded_values(),
            Token::ObjectOpen => self.nested(Operator::AnythingBut, |inner| {
                Self::EXCLUDING.iter().find(|(operator, _)| *operator == inner).map(|(_, operand)| *operand)
            }),
            token => Err(self.wrong_operand(token, PatternErrorKind::AnythingButOperand)),
        }
    }

    /// Parses a list of excluded values after its opening bracket: all strings, or all numbers.
    fn excluded_values(&mut self) -> Result<AnythingBut> {
        self.enter()?;
        let open = self.lexer.span();
        let (mut strings, mut numbers) = (Vec::new(), Vec::new());
        loop {
            match self.lexer.next_or(Expected::Value)? {
                Token::String { .. } if numbers.is_empty() => {
                    self.count_further_value(strings.len())?;
                    strings.push(self.string());
                }
                Token::Number if strings.is_empty() => {
                    self.count_further_value(numbers.len())?;
                    numbers.push(self.comparable_number()?);
                }
                Token::String { .. } | Token::Number => {
                    return Err(self.fault(PatternErrorKind::AnythingButMixed));
                }
                Token::ArrayClose if strings.is_empty() && numbers.is_empty() => {
                    return Err(PatternError::new(
                        PatternErrorKind::AnythingButEmpty,
                        open.to(self.lexer.span()),
                    ));
                }
                token => return Err(self.wrong_operand(token, PatternErrorKind::AnythingButOperand)),
            }
            if self.end_of_list()? {
                break;
            }
        }
        Ok(if numbers.is_empty() { AnythingBut::Strings(strings) } else { AnythingBut::Numbers(numbers) })
    }

    /// Parses the operand of `prefix` or `suffix` under `anything-but`.
    fn excluded_affixes(&mut self, operator: Operator) -> Result<Vec<JsonString>> {
        match self.lexer.next_or(Expected::Value)? {
            // Outside of `anything-but` the operators take `{"equals-ignore-case": …}`, so the
            // error is at the inner name.
            Token::ObjectOpen => self.nested(operator, |_| None),
            token => self.excluded_texts(operator, token, Self::excluded_affix),
        }
    }

    /// Parses the operand of an operator under `anything-but`: a string, or a list of strings.
    /// `text` parses one of the strings.
    fn excluded_texts<T>(
        &mut self,
        operator: Operator,
        token: Token,
        text: fn(&mut Self, Operator, Token) -> Result<T>,
    ) -> Result<Vec<T>> {
        if token != Token::ArrayOpen {
            return Ok(vec![text(self, operator, token)?]);
        }
        self.enter()?;
        let open = self.lexer.span();
        let mut texts = Vec::new();
        loop {
            match self.lexer.next_or(Expected::Value)? {
                Token::ArrayClose if texts.is_empty() => {
                    return Err(PatternError::new(
                        PatternErrorKind::AnythingButEmpty,
                        open.to(self.lexer.span()),
                    ));
                }
                token => {
                    if self.value_start(token).is_ok() {
                        self.count_further_value(texts.len())?;
                    }
                    texts.push(text(self, operator, token)?);
                }
            }
            if self.end_of_list()? {
                return Ok(texts);
            }
        }
    }

    /// Counts a further value that `anything-but` excludes. The first value is counted with the
    /// operator.
    fn count_further_value(&mut self, before: usize) -> Result<()> {
        if before > 0 { self.count_value() } else { Ok(()) }
    }

    /// Parses a prefix or suffix to exclude.
    fn excluded_affix(&mut self, operator: Operator, token: Token) -> Result<JsonString> {
        let text = self.string_operand(operator, token)?;
        // Every string begins and ends with the empty text.
        if text.is_empty() {
            return Err(self.fault(PatternErrorKind::AnythingButEmptyAffix { operator }));
        }
        Ok(text)
    }

    /// Returns true if the list ends after the last value, and false if another value follows.
    fn end_of_list(&mut self) -> Result<bool> {
        match self.lexer.next_or(Expected::CommaOrBracket)? {
            Token::Comma => Ok(false),
            Token::ArrayClose => {
                self.depth -= 1;
                Ok(true)
            }
            token => Err(self.lexer.unexpected(token, Expected::CommaOrBracket).into()),
        }
    }
}
