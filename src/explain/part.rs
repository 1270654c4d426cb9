//! Parts of a pattern as patterns of their own: a field, an alternative, several fields together.

use crate::error::Span;
use crate::json::JsonString;
use crate::pattern::{Alternative, Member, Name, Object, Pattern, ValueTest};

/// Returns the pattern of fields with these paths, in WTF-8.
///
/// A name at the root that is a whole path names this path: dots in a name separate names. The
/// positions are zero, because the pattern has no text.
pub(crate) fn pattern<'a>(fields: impl Iterator<Item = (&'a [u8], Vec<ValueTest>)>) -> Pattern {
    let alternative = |test| Alternative { test, span: Span::default() };
    let members = fields.map(|(path, tests)| Member::Field {
        name: Name { text: JsonString::from_wtf8(path), span: Span::default() },
        alternatives: tests.into_iter().map(alternative).collect(),
    });
    Pattern { root: Object { members: members.collect(), span: Span::default() }, length: 0, combinations: 1 }
}

/// Returns the pattern of one field.
pub(crate) fn field(path: &[u8], tests: Vec<ValueTest>) -> Pattern {
    pattern([(path, tests)].into_iter())
}

/// Returns the alternatives of a pattern of one field.
pub(crate) fn alternatives(pattern: &Pattern) -> &[Alternative] {
    match pattern.root.members.as_slice() {
        [Member::Field { alternatives, .. }, ..] => alternatives,
        _ => &[],
    }
}
