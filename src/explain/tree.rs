//! [`Explanation`]: the reasons of an answer, as a tree of the pattern.

use crate::error::Span;

use super::trap::Trap;

/// The reasons why an event matches a pattern, or does not match.
///
/// `Display` writes the explanation for people, [`Explanation::rendering`] with colour, and
/// [`Explanation::to_json`] for programs.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub(crate) matches: bool,
    pub(crate) failing: usize,
    pub(crate) counted: usize,
    pub(crate) nodes: Vec<Node>,
    pub(crate) fields: Vec<Field>,
    pub(crate) traps: Vec<Trap>,
}

/// A part of the pattern.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Node {
    /// The number of objects and `$or`s around the part.
    pub depth: usize,
    /// The kind.
    pub kind: NodeKind,
    /// The fewest fields that fail in this part. Zero if its fields hold one by one. A field outside
    /// of `$or`s counts if it is in the branch with the fewest failing fields.
    pub failing: usize,
}

/// The kind of a part of a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NodeKind {
    /// An object with this name. Its members are the following nodes with a greater depth.
    Object(String),
    /// `$or`. Its alternatives are the following nodes with a greater depth.
    Or,
    /// An object of a `$or`.
    OrAlternative,
    /// A field: its index in [`Explanation::fields`].
    Field(usize),
}

/// The result of a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Status {
    /// The event matches the field alone.
    Holds,
    /// The field must not exist, and the event has it, but not in the elements of arrays that the
    /// other fields choose. The field holds together with them.
    ElementAbsent,
    /// The event has values on the path, and none satisfies an alternative.
    Missed,
    /// The event has no value on the path, and the field needs one.
    Absent,
    /// A later field with the same path takes the place of this one. The field does not count.
    Overwritten,
}

/// A field of the pattern, with the values of the event on its path.
#[derive(Clone, Debug)]
pub struct Field {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) status: Status,
    pub(crate) is_nearest: bool,
    pub(crate) alternatives: Vec<String>,
    pub(crate) alternative_count: usize,
    pub(crate) decided: Option<Decided>,
    pub(crate) found: Vec<Found>,
    pub(crate) found_count: usize,
    pub(crate) near: Option<Near>,
    /// The text of the alternative of `near`.
    pub(crate) near_text: String,
    pub(crate) traps: Vec<Trap>,
}

/// The alternative that decided.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    pub(crate) index: usize,
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) is_plain: bool,
    /// The value that satisfies it, as an index of the found values. `None` if the absence of
    /// values does, or if the value is not among them.
    pub(crate) value: Option<usize>,
}

/// A value of the event.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// `string`, `number`, `true`, `false`, `null`, `object` or `array`.
    pub kind: &'static str,
    /// The JSON text, cut to 100 characters. Empty for objects and arrays.
    pub text: String,
    /// The position in the event. For an object or array, the opening bracket.
    pub span: Span,
    /// The line in the event, counted from one.
    pub line: usize,
    /// The column, counted from one in characters.
    pub column: usize,
}

/// The pair of an alternative and a value that is most alike.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Near {
    /// The index of the alternative.
    pub alternative: usize,
    /// The index of the value in [`Field::found`].
    pub value: usize,
    /// The edit distance in characters: of the alternative and the value, or of a prefix or suffix
    /// and the part of the value in its place.
    pub distance: usize,
    /// The length of the longer of the two texts in characters.
    pub length: usize,
}

impl Explanation {
    /// Returns true if the event matches the pattern.
    #[must_use]
    pub fn matches(&self) -> bool {
        self.matches
    }

    /// Returns the least number of fields that fail in a branch of the pattern. The number is zero if
    /// the event matches, or if the fields hold one by one but not together.
    #[must_use]
    pub fn failing(&self) -> usize {
        self.failing
    }

    /// Returns the parts of the pattern, in the order of the text.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the fields, in the order of the text.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Returns the reasons that concern several fields.
    #[must_use]
    pub fn traps(&self) -> &[Trap] {
        &self.traps
    }
}

impl Field {
    /// Returns the path: the names joined by dots. An unpaired surrogate is replaced by `U+FFFD`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the position of the last name in the text of the pattern.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the result.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns true if the field fails: values are missing, or none satisfies an alternative.
    #[must_use]
    pub fn fails(&self) -> bool {
        matches!(self.status, Status::Missed | Status::Absent)
    }

    /// Returns true if the field is in the branch that has the fewest failing fields. Without `$or`
    /// every field is, unless a later field takes its place.
    #[must_use]
    pub fn is_nearest(&self) -> bool {
        self.is_nearest
    }

    /// Returns the number of alternatives.
    #[must_use]
    pub fn alternative_count(&self) -> usize {
        self.alternative_count
    }

    /// Returns the index of the first alternative that holds.
    #[must_use]
    pub fn decided(&self) -> Option<usize> {
        self.decided.as_ref().map(|decided| decided.index)
    }

    /// Returns the first value that satisfies the alternative [`Field::decided`], as an index of
    /// [`Field::found`]. `None` if the absence of values does, or if the value is not known.
    #[must_use]
    pub fn decided_value(&self) -> Option<usize> {
        self.decided.as_ref().and_then(|decided| decided.value)
    }

    /// Returns the first values on the path, in the order of the event. Objects and arrays are in
    /// the list if there are no values.
    #[must_use]
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// Returns the number of values on the path.
    #[must_use]
    pub fn found_count(&self) -> usize {
        self.found_count
    }

    /// Returns the pair of an alternative and a value that is most alike, if the field is missed.
    #[must_use]
    pub fn near(&self) -> Option<Near> {
        self.near
    }

    /// Returns the known reasons why the field does not hold.
    #[must_use]
    pub fn traps(&self) -> &[Trap] {
        &self.traps
    }
}

impl Status {
    /// Returns the stable name: `element-absent`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Status::Holds => "holds",
            Status::ElementAbsent => "element-absent",
            Status::Missed => "missed",
            Status::Absent => "absent",
            Status::Overwritten => "overwritten",
        }
    }
}
