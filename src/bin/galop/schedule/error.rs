//! Errors of schedules, and the parts of an expression with their places.

use std::ops::{Range, RangeInclusive};

/// The reason why an expression is refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ScheduleError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The bytes of the expression at fault.
    pub(crate) span: Range<usize>,
    pub(crate) help: Option<String>,
}

impl ScheduleError {
    pub(super) fn with_help(self, help: impl Into<String>) -> ScheduleError {
        ScheduleError { help: Some(help.into()), ..self }
    }
}

/// A part of an expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'t> {
    pub(super) text: &'t str,
    /// The offset in the expression.
    pub(super) start: usize,
}

/// Returns an error about a part.
pub(super) fn fault(code: &'static str, part: Part<'_>, message: impl Into<String>) -> ScheduleError {
    let span = part.start..part.start + part.text.len();
    ScheduleError { code, message: message.into(), span, help: None }
}

impl<'t> Part<'t> {
    /// Returns the parts between separators.
    pub(super) fn split(self, is_separator: impl Fn(char) -> bool) -> Vec<Part<'t>> {
        let mut start = self.start;
        let parts = self.text.split(is_separator).map(|text| {
            let part = Part { text, start };
            // Separators are single bytes.
            start += text.len() + 1;
            part
        });
        parts.collect()
    }

    /// Returns the parts between white space.
    pub(super) fn words(self) -> Vec<Part<'t>> {
        let mut words = self.split(|c| c.is_ascii_whitespace());
        words.retain(|word| !word.text.is_empty());
        words
    }

    /// Returns the parts before and after the first separator, a single byte.
    pub(super) fn split_once(self, separator: char) -> Option<(Part<'t>, Part<'t>)> {
        let (before, after) = self.text.split_once(separator)?;
        let start = self.start + before.len() + 1;
        Some((Part { text: before, ..self }, Part { text: after, start }))
    }

    /// Returns the part without its last character, if the character is one of two.
    pub(super) fn without_last(self, last: [char; 2]) -> Option<Part<'t>> {
        Some(Part { text: self.text.strip_suffix(last)?, ..self })
    }

    /// Returns the number of a part that has only digits.
    pub(super) fn number(self, range: RangeInclusive<i8>) -> Option<i8> {
        self.text.parse().ok().filter(|number| self.is_digits() && range.contains(number))
    }

    pub(super) fn is_digits(self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Returns the text for a message.
    pub(super) fn shown(self) -> String {
        const LENGTH: usize = 24;
        let mut shown: String = self.text.chars().take(LENGTH).collect();
        if shown.len() < self.text.len() {
            shown.push('…');
        }
        shown
    }
}
