//! [`Path`]: the names that lead to a field of a pattern.

use crate::pattern::ast::Name;
use crate::pattern::walk::Step;

/// The position of a walk in the pattern.
#[derive(Default)]
pub(super) struct Path {
    /// The names of the open objects, joined by dots.
    pub(super) text: Vec<u8>,
    /// For each open object, the length of the text before it.
    lengths: Vec<usize>,
}

impl Path {
    pub(super) fn follow(&mut self, step: Step<'_>) {
        match step {
            Step::Enter { name, .. } => {
                let length = self.text.len();
                if !self.lengths.is_empty() {
                    self.text.push(b'.');
                }
                self.text.extend_from_slice(name.text.as_bytes());
                self.lengths.push(length);
            }
            Step::Leave => self.text.truncate(self.lengths.pop().unwrap_or_default()),
            _ => {}
        }
    }

    /// Returns the path of a field with this name at the current position.
    pub(super) fn of(&self, name: &Name) -> Box<[u8]> {
        let name = name.text.as_bytes();
        // A name below an empty prefix is read as a name at the root: `{"": {"a": […]}}` names the
        // path `a`, although `{"": {"a": {"b": […]}}}` names `.a.b`.
        if self.text.is_empty() { name.into() } else { [&self.text, &b"."[..], name].concat().into() }
    }
}
