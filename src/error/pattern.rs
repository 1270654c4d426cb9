//! Why a pattern was refused.

use std::error::Error;
use std::fmt;

use super::report::{Report, Severity};
use super::{JsonError, JsonErrorKind, Operator, Span};

/// A pattern was refused: what is wrong, and where.
///
/// The error does not keep the text of the pattern, which may be long, or secret. Whoever has the text can turn
/// the error into a [report](PatternError::report) that shows the place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatternError {
    kind: PatternErrorKind,
    span: Span,
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// The text is not a JSON object.
    Json(JsonErrorKind),
    /// `{}` where fields must stand.
    EmptyObject,
    /// `[]` where alternatives must stand.
    EmptyList,
    /// A string, number, `true`, `false` or `null` stands where a list of alternatives, or an object, must stand.
    LeafNotArray,
    /// A list stands among the alternatives of a field.
    NestedList,
    /// `{}` stands among the alternatives of a field.
    EmptyOperator,
    /// A name that is not the name of an operator.
    UnknownOperator {
        /// The operator that may have been meant.
        suggestion: Option<Operator>,
    },
    /// An object that names an operator has a second name.
    MultipleOperators,
    /// The operator takes one string and nothing else.
    ArgumentNotString {
        /// The operator.
        operator: Operator,
    },
    /// `exists` takes `true` or `false`.
    ExistsNotBoolean,
    /// The operator cannot be applied inside the other one.
    UnsupportedNesting {
        /// The outer operator.
        operator: Operator,
    },
    /// The number has no exact double that spells it, so it cannot be ordered, nor excluded by value.
    NumberNotComparable,
    /// `numeric` takes a list.
    NumericNotList,
    /// The list of `numeric` is not a comparison, nor a lower bound followed by an upper bound.
    NumericSyntax,
    /// No number lies between the two bounds.
    NumericEmptyRange,
    /// `anything-but` excludes strings or numbers and nothing else.
    AnythingButOperand,
    /// `anything-but` excludes either strings or numbers.
    AnythingButMixed,
    /// `anything-but` excludes nothing.
    AnythingButEmpty,
    /// `anything-but` excludes the empty prefix or suffix, and with it every string.
    AnythingButEmptyAffix {
        /// `prefix` or `suffix`.
        operator: Operator,
    },
    /// Two `*` stand side by side.
    WildcardAdjacentStars,
    /// A backslash is followed neither by `*` nor by a backslash.
    WildcardEscape,
    /// A CIDR block is an address, one slash and a number of bits.
    CidrSyntax,
    /// The number of bits of a CIDR block is not a number, or is out of range.
    CidrMask,
    /// The address of a CIDR block is not an IPv4 or IPv6 address.
    CidrAddress,
    /// `$or` takes a list of objects.
    OrNotList,
    /// `$or` takes at least two alternatives.
    OrTooFew,
    /// An alternative of `$or` is not an object.
    OrNotObject,
    /// The name of an operator cannot be the name of a field inside `$or`.
    OrReservedName,
    /// The text has more bytes than the limit allows.
    PatternTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A branch of the pattern names more paths than the limit allows, or thousands of branches write so many fields on
    /// average, the same paths again and again.
    TooManyFields {
        /// The limit, in paths.
        limit: usize,
    },
    /// The paths of all fields have more bytes together than the limit allows.
    PathsTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A field lists more values than the limit allows.
    TooManyValues {
        /// The limit, in values.
        limit: usize,
    },
    /// A wildcard has more `*` than the limit allows.
    TooManyStars {
        /// The limit, in `*`.
        limit: usize,
    },
    /// The `$or`s of the pattern combine into more branches than the limit allows.
    TooManyCombinations {
        /// The limit, in branches.
        limit: usize,
    },
    /// The pattern is written out to more branches than the limit allows, because paths of its `$or`s are written outside
    /// of them as well.
    TooManyBranches {
        /// The limit, in branches.
        limit: usize,
    },
    /// The wildcards of one field are more complex than the limit allows.
    TooComplex {
        /// The limit, as a complexity score.
        limit: usize,
    },
    /// The rule set already holds as many rules as it can.
    TooManyRules {
        /// The limit, in rules.
        limit: usize,
    },
}

impl PatternError {
    pub(crate) fn new(kind: PatternErrorKind, span: Span) -> PatternError {
        PatternError { kind, span }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &PatternErrorKind {
        &self.kind
    }

    /// Where it is wrong, in bytes of the pattern's text.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The stable name of what is wrong: `leaf-not-array`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// A report for people: the message, the line and column, the line itself with the place marked, and what
    /// may have been meant. `pattern` is the text that was refused.
    ///
    /// ```
    /// let text = r#"{"source":[{"prefx":"aws."}]}"#;
    /// let error = galop::RuleSet::new().add(text).unwrap_err();
    /// assert_eq!(
    ///     error.report(text).to_string(),
    ///     concat!(
    ///         "error[unknown-operator]: not the name of an operator\n",
    ///         " --> 1:13\n",
    ///         "  |\n",
    ///         "1 | {\"source\":[{\"prefx\":\"aws.\"}]}\n",
    ///         "  |             ^^^^^^^\n",
    ///         "  = help: did you mean `\"prefix\"`?",
    ///     ),
    /// );
    /// ```
    #[must_use]
    pub fn report<'a>(&'a self, pattern: &'a str) -> impl fmt::Display + 'a {
        Report {
            severity: Severity::Error,
            code: self.code(),
            message: &self.kind,
            help: self.kind.help(),
            text: pattern.as_bytes(),
            span: Some(self.span),
        }
    }

    /// What may have been meant, or what to write instead, where there is an answer.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.kind.help()
    }
}

impl PatternErrorKind {
    /// The stable name of this kind of error: `leaf-not-array`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            PatternErrorKind::Json(kind) => kind.code(),
            PatternErrorKind::EmptyObject => "empty-object",
            PatternErrorKind::EmptyList => "empty-list",
            PatternErrorKind::LeafNotArray => "leaf-not-array",
            PatternErrorKind::NestedList => "nested-list",
            PatternErrorKind::EmptyOperator => "empty-operator",
            PatternErrorKind::UnknownOperator { .. } => "unknown-operator",
            PatternErrorKind::MultipleOperators => "multiple-operators",
            PatternErrorKind::ArgumentNotString { .. } => "argument-not-string",
            PatternErrorKind::ExistsNotBoolean => "exists-not-boolean",
            PatternErrorKind::UnsupportedNesting { .. } => "unsupported-nesting",
            PatternErrorKind::NumberNotComparable => "number-not-comparable",
            PatternErrorKind::NumericNotList => "numeric-not-list",
            PatternErrorKind::NumericSyntax => "numeric-syntax",
            PatternErrorKind::NumericEmptyRange => "numeric-empty-range",
            PatternErrorKind::AnythingButOperand => "anything-but-operand",
            PatternErrorKind::AnythingButMixed => "anything-but-mixed",
            PatternErrorKind::AnythingButEmpty => "anything-but-empty",
            PatternErrorKind::AnythingButEmptyAffix { .. } => "anything-but-empty-affix",
            PatternErrorKind::WildcardAdjacentStars => "wildcard-adjacent-stars",
            PatternErrorKind::WildcardEscape => "wildcard-escape",
            PatternErrorKind::CidrSyntax => "cidr-syntax",
            PatternErrorKind::CidrMask => "cidr-mask",
            PatternErrorKind::CidrAddress => "cidr-address",
            PatternErrorKind::OrNotList => "or-not-list",
            PatternErrorKind::OrTooFew => "or-too-few",
            PatternErrorKind::OrNotObject => "or-not-object",
            PatternErrorKind::OrReservedName => "or-reserved-name",
            PatternErrorKind::PatternTooLong { .. } => "pattern-too-long",
            PatternErrorKind::TooManyFields { .. } => "too-many-fields",
            PatternErrorKind::PathsTooLong { .. } => "paths-too-long",
            PatternErrorKind::TooManyValues { .. } => "too-many-values",
            PatternErrorKind::TooManyStars { .. } => "too-many-stars",
            PatternErrorKind::TooManyCombinations { .. } => "too-many-combinations",
            PatternErrorKind::TooManyBranches { .. } => "too-many-branches",
            PatternErrorKind::TooComplex { .. } => "too-complex",
            PatternErrorKind::TooManyRules { .. } => "too-many-rules",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            PatternErrorKind::UnknownOperator { suggestion } => {
                return suggestion.map(|operator| format!("did you mean `\"{operator}\"`?"));
            }
            PatternErrorKind::LeafNotArray => "put the value in a list: `[…]`",
            PatternErrorKind::NestedList => "write the alternatives side by side in one list",
            PatternErrorKind::MultipleOperators => {
                "write one object per operator; for values that must hold together there is no operator"
            }
            PatternErrorKind::ArgumentNotString { operator: Operator::Prefix | Operator::Suffix } => {
                "write one object per text: `[{\"prefix\":\"a\"},{\"prefix\":\"b\"}]`"
            }
            PatternErrorKind::NumericSyntax => {
                "write `[\"=\", 5]`, `[\">\", 0]` or `[\">\", 0, \"<=\", 5]`, the lower bound first"
            }
            PatternErrorKind::AnythingButMixed => "write strings and numbers in two rules",
            PatternErrorKind::WildcardAdjacentStars => "one `*` already stands for any text",
            PatternErrorKind::WildcardEscape => {
                "`\\\\*` in JSON stands for the character `*`, `\\\\\\\\` for a backslash"
            }
            PatternErrorKind::CidrMask => {
                "0 to 31 bits for IPv4 and 0 to 127 for IPv6; for one address write it as a plain string"
            }
            PatternErrorKind::OrReservedName => "rename the field, or write it outside `$or`",
            PatternErrorKind::TooManyBranches { .. } => {
                "a path in this `$or` is written outside of it as well; write each path in one of the two places only"
            }
            PatternErrorKind::NumberNotComparable => "use a number that a double can hold exactly as written",
            _ => return None,
        };
        Some(text.to_owned())
    }
}

impl fmt::Display for PatternErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            PatternErrorKind::Json(kind) => return kind.fmt(f),
            PatternErrorKind::EmptyObject => "an object must name at least one field",
            PatternErrorKind::EmptyList => "a list must hold at least one alternative",
            PatternErrorKind::LeafNotArray => "a field takes a list of alternatives, or an object",
            PatternErrorKind::NestedList => "a list cannot stand inside a list",
            PatternErrorKind::EmptyOperator => "an object among the alternatives must name an operator",
            PatternErrorKind::UnknownOperator { .. } => "not the name of an operator",
            PatternErrorKind::MultipleOperators => "an object among the alternatives names one operator only",
            PatternErrorKind::ArgumentNotString { operator } => {
                return write!(f, "`{operator}` takes a string here");
            }
            PatternErrorKind::ExistsNotBoolean => "`exists` takes `true` or `false`",
            PatternErrorKind::UnsupportedNesting { operator } => {
                return write!(f, "this cannot stand inside `{operator}`");
            }
            PatternErrorKind::NumberNotComparable => "a double does not hold this number exactly",
            PatternErrorKind::NumericNotList => "`numeric` takes a list",
            PatternErrorKind::NumericSyntax => "not a comparison that `numeric` knows",
            PatternErrorKind::NumericEmptyRange => "no number lies in this range",
            PatternErrorKind::AnythingButOperand => "`anything-but` excludes strings or numbers",
            PatternErrorKind::AnythingButMixed => {
                "`anything-but` excludes either strings or numbers, not both"
            }
            PatternErrorKind::AnythingButEmpty => "`anything-but` must exclude something",
            PatternErrorKind::AnythingButEmptyAffix { operator } => {
                return write!(f, "`anything-but` with the empty {operator} would exclude every string");
            }
            PatternErrorKind::WildcardAdjacentStars => "two `*` side by side",
            PatternErrorKind::WildcardEscape => "a backslash must be followed by `*` or a backslash",
            PatternErrorKind::CidrSyntax => "a CIDR block is an address, one `/` and a number of bits",
            PatternErrorKind::CidrMask => "the number of bits is out of range",
            PatternErrorKind::CidrAddress => "not an IPv4 or IPv6 address",
            PatternErrorKind::OrNotList => "`$or` takes a list of objects",
            PatternErrorKind::OrTooFew => "`$or` takes at least two alternatives",
            PatternErrorKind::OrNotObject => "an alternative of `$or` must be an object",
            PatternErrorKind::OrReservedName => "the name of an operator cannot name a field inside `$or`",
            PatternErrorKind::PatternTooLong { limit } => return write!(f, "longer than {limit} bytes"),
            PatternErrorKind::TooManyFields { limit } => {
                return write!(f, "more than {limit} paths in one branch");
            }
            PatternErrorKind::PathsTooLong { limit } => {
                return write!(f, "the paths of all fields have more than {limit} bytes together");
            }
            PatternErrorKind::TooManyValues { limit } => {
                return write!(f, "more than {limit} values in one field");
            }
            PatternErrorKind::TooManyStars { limit } => {
                return write!(f, "more than {limit} `*` in one wildcard");
            }
            PatternErrorKind::TooManyCombinations { limit } => {
                return write!(f, "`$or` combines into more than {limit} branches");
            }
            PatternErrorKind::TooManyBranches { limit } => {
                return write!(f, "`$or` has to be written out to more than {limit} branches");
            }
            PatternErrorKind::TooComplex { limit } => {
                return write!(f, "the wildcards of this field are too complex: their score is over {limit}");
            }
            PatternErrorKind::TooManyRules { limit } => {
                return write!(f, "the set already holds {limit} rules");
            }
        };
        f.write_str(text)
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} [{}]", self.kind, self.span.start, self.code())
    }
}

impl Error for PatternError {}

impl From<JsonError> for PatternError {
    fn from(error: JsonError) -> PatternError {
        PatternError::new(PatternErrorKind::Json(error.kind), error.span)
    }
}
