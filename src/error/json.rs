//! Errors of the JSON grammar (RFC 8259), which patterns and events share.

use super::{JsonErrorKind, Span};

/// An error and its position. Patterns and events wrap it in their own errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct JsonError {
    pub(crate) kind: JsonErrorKind,
    pub(crate) span: Span,
}
