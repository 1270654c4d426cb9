//! The values of an event.

use crate::error::Span;
use crate::json::{Kind, string};

use super::outline::Leaf;
use super::shown::shown_bytes;

/// The maximum length in bytes of a value that is examined by itself.
pub(crate) const LENGTH: usize = 1 << 16;

/// Returns the name of a kind in [`Found::kind`](super::Found::kind).
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Number => "number",
        Kind::True => "true",
        Kind::False => "false",
        Kind::Null => "null",
    }
}

/// Returns the decoded content of a string leaf. Returns `None` if the leaf is no string, is longer
/// than [`LENGTH`], or has an unpaired surrogate.
pub(crate) fn content(event: &[u8], leaf: &Leaf) -> Option<String> {
    if leaf.kind != Kind::String || leaf.span.len() > LENGTH {
        return None;
    }
    let mut text = Vec::new();
    string::decode(&event[leaf.span.start + 1..leaf.span.end - 1], &mut text);
    String::from_utf8(text).ok()
}

/// Returns the text of a span of the event for people.
pub(crate) fn excerpt(event: &[u8], span: Span) -> String {
    shown_bytes(&event[span.start..span.end])
}
