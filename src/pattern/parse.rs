//! The parser: from text to syntax tree.
//!
//! The parser descends over tokens and stops at the first fault in the order of the text, unless it
//! collects all faults. Open objects and `$or`s are stored in a stack of levels, so nesting takes no
//! recursion.

use crate::error::{Expected, JsonErrorKind, PatternError, PatternErrorKind, Span};
use crate::json::{JsonString, Lexer, Number, Token};
use crate::pattern::limits::PatternLimits;

use super::ast::{Alternative, Member, Name, Object, ValueTest};

mod faults;
mod hint;
mod numeric;
mod operand;
mod operator;
mod text;

type Result<T> = std::result::Result<T, PatternError>;

/// The names that no field inside `$or` can have: operators, comparisons, and names that event-ruler
/// reserves for future operators. The code of the error is `or-reserved-name`.
///
/// ```
/// use galop::pattern::{Pattern, RESERVED_NAMES};
///
/// for name in RESERVED_NAMES {
///     let pattern = format!(r#"{{"$or":[{{"{name}":[1]}},{{"b":[2]}}]}}"#);
///     assert_eq!(Pattern::parse(&pattern).unwrap_err().code(), "or-reserved-name");
/// }
/// ```
pub const RESERVED_NAMES: &[&str] = &[
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

struct Parser<'a> {
    lexer: Lexer<'a>,
    limits: &'a PatternLimits,
    depth: usize,
    /// The number of values of the current field so far.
    values: usize,
    /// The bytes of the compiled regular expressions so far.
    regexps: usize,
    /// The faults so far, or `None` if the first fault ends the parsing.
    faults: Option<Vec<PatternError>>,
}

/// An object or `$or` that is partly parsed.
struct Level {
    content: Content,
    /// The opening bracket.
    open: Span,
    /// The number of combinations of the part that is parsed.
    combinations: usize,
    inside_or: bool,
}

/// The value of a member of an object: a level that is open, or a list.
enum Value {
    Level(Level),
    Alternatives(Vec<Alternative>),
}

enum Content {
    /// The members of an object, and its name in the object around it. The root has no name.
    Object { members: Vec<Member>, name: Option<Name> },
    /// The alternatives of `$or`, and the position of `"$or"`.
    Or { alternatives: Vec<Object>, span: Span },
}

impl Parser<'_> {
    /// Parses the rest of the root object after its opening brace. Returns the object and its
    /// number of combinations.
    fn root(&mut self) -> Result<(Object, usize)> {
        let mut levels = vec![self.object_level(None, false)?];
        loop {
            let level = levels.last_mut().expect("the root is left only with its result");
            let opened = match &level.content {
                Content::Object { .. } => self.member(level)?,
                Content::Or { .. } => self.alternative(level)?,
            };
            if let Some(opened) = opened {
                levels.push(opened);
                continue;
            }
            while self.at_end(levels.last().expect("the root is left only with its result"))? {
                let closed = levels.pop().expect("the root is left only with its result");
                self.depth -= 1;
                match levels.last_mut() {
                    Some(outer) => self.attach(closed, outer)?,
                    None => return Ok(self.object(closed)),
                }
            }
        }
    }

    fn object_level(&mut self, name: Option<Name>, inside_or: bool) -> Result<Level> {
        self.enter()?;
        let content = Content::Object { members: Vec::new(), name };
        Ok(Level { content, open: self.lexer.span(), combinations: 1, inside_or })
    }

    /// Parses a member of an object up to its end, or up to the bracket that opens an inner level.
    /// Returns the inner level.
    fn member(&mut self, level: &mut Level) -> Result<Option<Level>> {
        let Content::Object { members, name: around } = &mut level.content else { return Ok(None) };
        let expected = if members.is_empty() { Expected::NameOrClose } else { Expected::Name };
        match self.lexer.next_or(expected)? {
            Token::String { .. } => {}
            Token::ObjectClose if members.is_empty() => {
                let span = level.open.to(self.lexer.span());
                self.collect(PatternError::new(PatternErrorKind::EmptyObject, span))?;
                // The brace is read again as the end of the object.
                self.lexer.jump(span.end - 1);
                return Ok(None);
            }
            token => return Err(self.lexer.unexpected(token, expected).into()),
        }
        let name = Name { text: self.string(), span: self.lexer.span() };
        self.lexer.expect(Token::Colon, Expected::Colon)?;
        let (start, depth) = (self.lexer.offset(), self.depth);
        match self.value_of_member(level.inside_or, around.as_ref(), &name) {
            Ok(Value::Level(inner)) => Ok(Some(inner)),
            Ok(Value::Alternatives(alternatives)) => {
                members.push(Member::Field { name, alternatives });
                Ok(None)
            }
            Err(error) => {
                self.skip_value(error, start, depth)?;
                members.push(Member::Field { name, alternatives: Vec::new() });
                Ok(None)
            }
        }
    }

    /// Parses the value of a member of an object. `around` is the name of the object.
    fn value_of_member(&mut self, inside_or: bool, around: Option<&Name>, name: &Name) -> Result<Value> {
        if name.text.as_str() == Some("$or") {
            return self.or_level(name.span).map(Value::Level);
        }
        if inside_or && name.text.as_str().is_some_and(|name| RESERVED_NAMES.contains(&name)) {
            let next = self.lexer.clone().next().unwrap_or(Token::End);
            let hint = name.text.as_str().and_then(|name| hint::of_reserved(name, around.is_none(), next));
            self.collect(PatternError::new(PatternErrorKind::OrReservedName, name.span).or_hint(hint))?;
        }
        match self.lexer.next_or(Expected::Value)? {
            Token::ObjectOpen => self.object_level(Some(name.clone()), inside_or).map(Value::Level),
            Token::ArrayOpen => {
                let alternatives = self.alternatives(&name.text);
                Ok(Value::Alternatives(alternatives.map_err(|error| hint::of_field(&name.text, error))?))
            }
            token => {
                self.value_start(token)?;
                let is_root = around.is_none() && !inside_or;
                let around = around.map(|around| &around.text);
                let hint = hint::of_leaf(&name.text, around, is_root, token, self.lexer.bytes());
                Err(self.fault(PatternErrorKind::LeafNotArray).or_hint(hint))
            }
        }
    }

    /// Parses the text after `"$or":`, including the opening bracket.
    fn or_level(&mut self, span: Span) -> Result<Level> {
        match self.lexer.next_or(Expected::Value)? {
            Token::ArrayOpen => self.enter()?,
            token => return Err(self.wrong_operand(token, PatternErrorKind::OrNotList)),
        }
        let content = Content::Or { alternatives: Vec::new(), span };
        Ok(Level { content, open: self.lexer.span(), combinations: 0, inside_or: true })
    }

    /// Parses an alternative of `$or` up to its opening brace.
    fn alternative(&mut self, level: &mut Level) -> Result<Option<Level>> {
        let Content::Or { alternatives, .. } = &mut level.content else { return Ok(None) };
        let (start, depth) = (self.lexer.offset(), self.depth);
        match self.lexer.next_or(Expected::Value)? {
            Token::ObjectOpen => self.object_level(None, true).map(Some),
            Token::ArrayClose if alternatives.is_empty() => {
                // The bracket is read again as the end of `$or`, which has too few alternatives.
                self.lexer.jump(self.lexer.span().start);
                Ok(None)
            }
            token => {
                let error = self.wrong_operand(token, PatternErrorKind::OrNotObject);
                let span = self.skip_value(error, start, depth)?;
                alternatives.push(Object { members: Vec::new(), span });
                Ok(None)
            }
        }
    }

    /// Returns true if an object or `$or` ends at the next token, and false if more follows.
    fn at_end(&mut self, level: &Level) -> Result<bool> {
        let (expected, close) = match &level.content {
            Content::Object { .. } => (Expected::CommaOrBrace, Token::ObjectClose),
            Content::Or { .. } => (Expected::CommaOrBracket, Token::ArrayClose),
        };
        match self.lexer.next_or(expected)? {
            Token::Comma => Ok(false),
            token if token == close => match &level.content {
                Content::Or { alternatives, .. } if alternatives.len() < 2 => {
                    let span = level.open.to(self.lexer.span());
                    self.collect(PatternError::new(PatternErrorKind::OrTooFew, span))?;
                    Ok(true)
                }
                _ => Ok(true),
            },
            token => Err(self.lexer.unexpected(token, expected).into()),
        }
    }

    /// Appends a closed object or `$or` to the level around it.
    fn attach(&mut self, closed: Level, outer: &mut Level) -> Result<()> {
        let inner = closed.combinations;
        let (combinations, span) = match (closed.content, &mut outer.content) {
            (Content::Or { alternatives, span }, Content::Object { members, .. }) => {
                members.push(Member::Or { span, alternatives });
                (outer.combinations.checked_mul(inner), span)
            }
            (Content::Object { members, name: Some(name) }, Content::Object { members: around, .. }) => {
                let span = closed.open.to(self.lexer.span());
                around.push(Member::Nested { name, object: Object { members, span } });
                (outer.combinations.checked_mul(inner), closed.open)
            }
            (Content::Object { members, .. }, Content::Or { alternatives, span }) => {
                alternatives.push(Object { members, span: closed.open.to(self.lexer.span()) });
                (outer.combinations.checked_add(inner), *span)
            }
            _ => unreachable!("an object without a name is in `$or`, and `$or` in an object"),
        };
        let limit = self.limits.combinations;
        outer.combinations = match combinations.filter(|&combinations| combinations <= limit) {
            Some(combinations) => combinations,
            None => {
                self.collect(PatternError::new(PatternErrorKind::TooManyCombinations { limit }, span))?;
                1
            }
        };
        Ok(())
    }

    fn object(&self, level: Level) -> (Object, usize) {
        let members = match level.content {
            Content::Object { members, .. } => members,
            Content::Or { .. } => unreachable!("the root is an object"),
        };
        (Object { members, span: level.open.to(self.lexer.span()) }, level.combinations)
    }

    /// Parses the alternatives of the field `name` after the opening bracket.
    fn alternatives(&mut self, name: &JsonString) -> Result<Vec<Alternative>> {
        self.enter()?;
        let open = self.lexer.span();
        let mut alternatives = Vec::new();
        self.values = 0;
        loop {
            let expected = if alternatives.is_empty() { Expected::ValueOrClose } else { Expected::Value };
            let token = self.lexer.next_or(expected)?;
            let (start, depth) = (self.lexer.span(), self.depth);
            if self.value_start(token).is_ok() && token != Token::ArrayOpen {
                self.count_value()?;
            }
            let test = match token {
                Token::String { .. } => ValueTest::String(self.string()),
                Token::Number => ValueTest::Number(Number::new(self.lexer.bytes())),
                Token::True => ValueTest::True,
                Token::False => ValueTest::False,
                Token::Null => ValueTest::Null,
                Token::ObjectOpen => match self.operator() {
                    Ok(test) => test,
                    Err(error) if matches!(error.kind(), PatternErrorKind::TooManyValues { .. }) => {
                        return Err(error);
                    }
                    Err(error) => {
                        self.skip_value(hint::of_field(name, error), start.start, depth)?;
                        ValueTest::Null
                    }
                },
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

    /// Counts a value of a field. The last token begins the value.
    fn count_value(&mut self) -> Result<()> {
        self.values += 1;
        let limit = self.limits.values;
        if self.values > limit {
            return Err(self.fault(PatternErrorKind::TooManyValues { limit }));
        }
        Ok(())
    }

    fn string(&self) -> JsonString {
        JsonString::decode(self.lexer.string_content())
    }

    /// Counts a level of nesting. The last token is its opening bracket.
    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        let limit = self.limits.depth.min(PatternLimits::MAX_DEPTH);
        if self.depth > limit {
            let kind = JsonErrorKind::TooDeep { limit };
            return Err(self.fault(PatternErrorKind::Json(kind)));
        }
        Ok(())
    }

    /// Returns an error at the last token.
    fn fault(&self, kind: PatternErrorKind) -> PatternError {
        PatternError::new(kind, self.lexer.span())
    }

    /// Returns an error of the JSON grammar if the token does not begin a value.
    fn value_start(&self, token: Token) -> Result<()> {
        match token {
            Token::ObjectClose | Token::ArrayClose | Token::Colon | Token::Comma | Token::End => {
                Err(self.lexer.unexpected(token, Expected::Value).into())
            }
            _ => Ok(()),
        }
    }

    /// Returns an error about the value that the last token begins. The span covers a whole object
    /// or list.
    fn container(&mut self, kind: PatternErrorKind) -> Result<PatternError> {
        let open = self.lexer.span();
        let mut levels = 1_usize;
        while levels > 0 {
            match self.lexer.next() {
                Ok(Token::ObjectOpen | Token::ArrayOpen) => levels += 1,
                Ok(Token::ObjectClose | Token::ArrayClose) => levels -= 1,
                // A value that is itself malformed is reported at its opening bracket.
                Ok(Token::End) | Err(_) => return Ok(PatternError::new(kind, open)),
                Ok(_) => {}
            }
        }
        Ok(PatternError::new(kind, open.to(self.lexer.span())))
    }

    /// Returns the offset of the first non-blank character at or after `end`.
    fn end_of_blanks(&self, end: usize) -> usize {
        self.lexer.skip_blanks(end)
    }
}
