//! A fault of the JSON grammar (RFC 8259), which patterns and events share.

use super::{JsonErrorKind, Span};

/// A fault with its place; patterns and events wrap it in errors of their own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct JsonError {
    pub(crate) kind: JsonErrorKind,
    pub(crate) span: Span,
}
