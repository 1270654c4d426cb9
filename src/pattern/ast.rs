//! The syntax tree: a pattern as it is written.

use crate::error::{Operator, Span};
use crate::json::{JsonString, Number};

use super::checked::{Cidr, ComparableNumber, Wildcard};

/// An event pattern that has been read and found valid.
///
/// The tree keeps what the text says and in which order, so that tools can point at it. What it means, for
/// instance where one path is written twice, is settled when a [`RuleSet`](crate::RuleSet) is compiled.
///
/// `Display` writes the pattern with neither blanks nor escapes that are not needed. Patterns have no equality: two with
/// the same text, as `Display` writes it, mean the same, but two that mean the same may have other texts.
///
/// With the feature `serde_json`, a program builds a pattern as a `serde_json::Value`:
///
#[cfg_attr(feature = "serde_json", doc = "```")]
#[cfg_attr(not(feature = "serde_json"), doc = "```ignore")]
/// use galop::{Pattern, RuleSet};
///
/// let ports: Vec<u16> = (8_000..8_003).collect();
/// let pattern = Pattern::try_from(&serde_json::json!({"detail": {"port": ports}}))?;
/// assert_eq!(pattern.to_string(), r#"{"detail":{"port":[8000,8001,8002]}}"#);
/// RuleSet::new().add_pattern(pattern)?;
/// # Ok::<(), galop::PatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) root: Object,
    pub(crate) length: usize,
    pub(crate) combinations: usize,
}

impl Pattern {
    /// The fields at the root.
    ///
    /// ```
    /// use galop::Pattern;
    /// use galop::pattern::Member;
    ///
    /// let pattern = Pattern::parse(r#"{"source":["aws.s3"],"detail":{"size":[5]}}"#)?;
    /// for member in &pattern.root().members {
    ///     match member {
    ///         Member::Field { name, alternatives, .. } => {
    ///             assert_eq!((name.text.as_str(), alternatives.len()), (Some("source"), 1));
    ///         }
    ///         Member::Nested { name, .. } => assert_eq!(name.text.as_str(), Some("detail")),
    ///         Member::Or { .. } => unreachable!("the pattern has no `$or`"),
    ///     }
    /// }
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[must_use]
    pub fn root(&self) -> &Object {
        &self.root
    }

    /// The length of the text that the pattern was read from, in bytes.
    #[must_use]
    pub fn text_length(&self) -> usize {
        self.length
    }

    /// The number of branches that the `$or`s of the pattern combine into: one without `$or`, otherwise for `$or`s
    /// side by side the product of the numbers of their alternatives.
    ///
    /// ```
    /// let pattern = galop::Pattern::parse(r#"{"$or":[{"a":[1]},{"b":[1]}],"c":[1]}"#)?;
    /// assert_eq!(pattern.combinations(), 2);
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[must_use]
    pub fn combinations(&self) -> usize {
        self.combinations
    }
}

/// An object of fields, all of which must hold.
#[non_exhaustive]
pub struct Object {
    /// The members in the order of the text; there is at least one.
    pub members: Vec<Member>,
    /// From the opening to the closing brace.
    pub span: Span,
}

/// A member of an object. There are no others: another kind would change what a program that walks the tree has to do.
#[derive(Clone, Debug)]
pub enum Member {
    /// A field that holds other fields: `"detail": {…}`.
    Nested {
        /// The name, in which dots separate names too.
        name: Name,
        /// What must hold below it.
        object: Object,
    },
    /// A field with its alternatives: `"state": ["stopped", "terminated"]`.
    Field {
        /// The name, in which dots separate names too.
        name: Name,
        /// The alternatives, of which one must hold; there is at least one.
        alternatives: Vec<Alternative>,
    },
    /// `"$or": […]`: alternatives, of which one must hold.
    Or {
        /// Where `"$or"` stands.
        span: Span,
        /// The alternatives; there are at least two.
        alternatives: Vec<Object>,
    },
}

/// The name of a field.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Name {
    /// What it says.
    pub text: JsonString,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// One of the alternatives of a field.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Alternative {
    /// What the value must be.
    pub test: ValueTest,
    /// Where it stands.
    pub span: Span,
}

/// What a value must be: one variant for each form that an alternative can take.
///
/// Two tests are equal if they are written alike, apart from white space and escapes. The order has no meaning.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ValueTest {
    /// `"text"`: this string or, if it spells an IP address, any string that spells the same address.
    String(JsonString),
    /// `5`: this number, or if it is not comparable this text.
    Number(Number),
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// `{"exactly": "text"}`: this string, character for character.
    Exactly(JsonString),
    /// `{"prefix": "text"}`
    Prefix(JsonString),
    /// `{"prefix": {"equals-ignore-case": "text"}}`
    PrefixIgnoreCase(JsonString),
    /// `{"suffix": "text"}`
    Suffix(JsonString),
    /// `{"suffix": {"equals-ignore-case": "text"}}`
    SuffixIgnoreCase(JsonString),
    /// `{"equals-ignore-case": "text"}`
    EqualsIgnoreCase(JsonString),
    /// `{"wildcard": "te*t"}`
    Wildcard(Wildcard),
    /// `{"numeric": […]}`
    Numeric(NumericRange),
    /// `{"cidr": "10.0.0.0/8"}`
    Cidr(Cidr),
    /// `{"exists": true}` or `{"exists": false}`
    Exists(bool),
    /// `{"anything-but": …}`
    AnythingBut(AnythingBut),
}

impl ValueTest {
    /// The operator, unless the alternative is a plain value.
    #[must_use]
    pub fn operator(&self) -> Option<Operator> {
        Some(match self {
            ValueTest::String(_)
            | ValueTest::Number(_)
            | ValueTest::True
            | ValueTest::False
            | ValueTest::Null => {
                return None;
            }
            ValueTest::Exactly(_) => Operator::Exactly,
            ValueTest::Prefix(_) | ValueTest::PrefixIgnoreCase(_) => Operator::Prefix,
            ValueTest::Suffix(_) | ValueTest::SuffixIgnoreCase(_) => Operator::Suffix,
            ValueTest::EqualsIgnoreCase(_) => Operator::EqualsIgnoreCase,
            ValueTest::Wildcard(_) => Operator::Wildcard,
            ValueTest::Numeric(_) => Operator::Numeric,
            ValueTest::Cidr(_) => Operator::Cidr,
            ValueTest::Exists(_) => Operator::Exists,
            ValueTest::AnythingBut(_) => Operator::AnythingBut,
        })
    }
}

/// The values that `anything-but` excludes; there is at least one.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum AnythingBut {
    /// These strings, character for character.
    Strings(Vec<JsonString>),
    /// These numbers.
    Numbers(Vec<ComparableNumber>),
    /// Strings that begin with one of these.
    Prefix(Vec<JsonString>),
    /// Strings that end with one of these.
    Suffix(Vec<JsonString>),
    /// Strings that are one of these, whatever their case.
    EqualsIgnoreCase(Vec<JsonString>),
    /// Strings that fit one of these wildcards.
    Wildcard(Vec<Wildcard>),
}

/// The numbers between two bounds, of which one may be missing.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct NumericRange {
    /// The lower bound.
    pub lower: Option<Bound>,
    /// The upper bound.
    pub upper: Option<Bound>,
}

impl NumericRange {
    /// The range as pairs of a comparison and its number, the way a pattern spells it.
    pub(crate) fn comparisons(&self) -> impl Iterator<Item = (&'static str, &ComparableNumber)> {
        let equality = match (&self.lower, &self.upper) {
            (Some(lower), Some(upper)) if lower.number.comparable() == upper.number.comparable() => {
                Some(lower)
            }
            _ => None,
        };
        let lower = self.lower.as_ref().filter(|_| equality.is_none());
        let upper = self.upper.as_ref().filter(|_| equality.is_none());
        let equality = equality.map(|bound| ("=", &bound.number));
        let lower = lower.map(|bound| (if bound.inclusive { ">=" } else { ">" }, &bound.number));
        let upper = upper.map(|bound| (if bound.inclusive { "<=" } else { "<" }, &bound.number));
        equality.into_iter().chain(lower).chain(upper)
    }
}

/// A bound of a [`NumericRange`].
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct Bound {
    /// The number.
    pub number: ComparableNumber,
    /// Whether the number itself is inside.
    pub inclusive: bool,
}
