//! The syntax tree: a pattern as it is written.

use crate::error::{Operator, Span};
use crate::json::{JsonString, Number};

use super::checked::{Cidr, ComparableNumber, Regexp, Wildcard};

/// A parsed and valid event pattern.
///
/// The tree stores the fields in the order of the text, so tools can refer to the text. Paths that
/// are written twice are resolved when a [`RuleSet`](crate::RuleSet) is compiled.
///
/// `Display` writes the pattern without redundant blanks and escapes. Patterns have no equality.
/// Two patterns with the same output of `Display` have the same meaning, but the converse does not
/// hold.
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

    /// Returns the length of the text that the pattern was parsed from, in bytes.
    #[must_use]
    pub fn text_length(&self) -> usize {
        self.length
    }

    /// Returns the number of branches that the `$or`s of the pattern combine into. The number is
    /// one without `$or`, and for adjacent `$or`s the product of the numbers of their alternatives.
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

/// A member of an object. The enum is exhaustive: another kind would change the work of a program
/// that walks the tree.
#[derive(Clone, Debug)]
pub enum Member {
    /// A field that contains other fields: `"detail": {…}`.
    Nested {
        /// The name. Dots in it separate names, too.
        name: Name,
        /// The object below the field, which must hold.
        object: Object,
    },
    /// A field with its alternatives: `"state": ["stopped", "terminated"]`.
    Field {
        /// The name. Dots in it separate names, too.
        name: Name,
        /// The alternatives. One of them must hold, and the list is not empty.
        alternatives: Vec<Alternative>,
    },
    /// `"$or": […]`: a list of alternatives. One of them must hold.
    Or {
        /// The position of `"$or"`.
        span: Span,
        /// The alternatives; there are at least two.
        alternatives: Vec<Object>,
    },
}

/// The name of a field.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Name {
    /// The text of the name.
    pub text: JsonString,
    /// The position of the name, quotes included.
    pub span: Span,
}

/// An alternative of a field.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Alternative {
    /// The test that the value must satisfy.
    pub test: ValueTest,
    /// The position of the alternative.
    pub span: Span,
}

/// A test of a value, with one variant for each form of an alternative.
///
/// Two tests are equal if they are written alike, except for white space and escapes. The order has
/// no meaning.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ValueTest {
    /// `"text"`: a string that equals this string, or that spells the same IP address.
    String(JsonString),
    /// `5`: a number of this value, or of this text if it is not comparable.
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
    /// `{"regexp": "te[sx]t"}`
    Regexp(Regexp),
    /// `{"exists": true}` or `{"exists": false}`
    Exists(bool),
    /// `{"anything-but": …}`
    AnythingBut(AnythingBut),
}

impl ValueTest {
    /// Returns the operator, or `None` for a plain value.
    #[must_use]
    pub fn operator(&self) -> Option<Operator> {
        self.form().operators.first().copied()
    }
}

/// The values that `anything-but` excludes. There is at least one.
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
    /// Strings that equal one of these in any case.
    EqualsIgnoreCase(Vec<JsonString>),
    /// Strings that match one of these wildcards.
    Wildcard(Vec<Wildcard>),
}

/// The numbers between two bounds, or beyond one bound.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct NumericRange {
    /// The lower bound.
    pub lower: Option<Bound>,
    /// The upper bound.
    pub upper: Option<Bound>,
}

impl NumericRange {
    /// Returns each bound as a comparison and its number, in the notation of a pattern.
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
    /// True if the range contains the number itself.
    pub inclusive: bool,
}
