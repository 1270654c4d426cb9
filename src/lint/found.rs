//! The warnings about one rule while they are collected.

use std::fmt::Display;

use crate::error::Span;
use crate::id::RuleId;

use super::codes::WarningKind;
use super::options::Lints;
use super::row::Level;
use super::warning::Warning;

/// The maximum number of characters of a part of the pattern in a help.
const SHOWN: usize = 60;

/// The warnings about one rule, in no order.
pub(super) struct Found<'l> {
    lints: &'l Lints,
    rule: RuleId,
    warnings: Vec<Warning>,
}

impl<'l> Found<'l> {
    pub(super) fn new(lints: &'l Lints, rule: RuleId) -> Found<'l> {
        Found { lints, rule, warnings: Vec::new() }
    }

    /// Returns true if one of the lints is on.
    pub(super) fn wants(&self, kinds: &[WarningKind]) -> bool {
        kinds.iter().any(|kind| self.lints.level(*kind) != Level::Allow)
    }

    /// Adds a warning with the help of its kind.
    pub(super) fn add(&mut self, kind: WarningKind, span: Span) {
        self.push(kind, span, None, None);
    }

    /// Adds a warning with a help of its own.
    pub(super) fn add_help(&mut self, kind: WarningKind, span: Span, help: impl FnOnce() -> String) {
        if self.wants(&[kind]) {
            self.push(kind, span, Some(help().into()), None);
        }
    }

    /// Adds a warning that is also about another rule.
    pub(super) fn add_pair(&mut self, kind: WarningKind, span: Span, other: RuleId) {
        self.push(kind, span, None, Some(other));
    }

    fn push(&mut self, kind: WarningKind, span: Span, help: Option<Box<str>>, other: Option<RuleId>) {
        let level = self.lints.level(kind);
        if level != Level::Allow {
            self.warnings.push(Warning { rule: self.rule, kind, span, level, help, other });
        }
    }

    /// Returns the warnings in the order of the text.
    pub(super) fn sorted(mut self) -> Vec<Warning> {
        self.warnings.sort_by_key(|warning| (warning.span.start, warning.span.end, warning.kind));
        self.warnings
    }
}

/// Returns a part of a pattern for a help, shortened if it is long.
pub(super) fn shown(part: &impl Display) -> String {
    struct Short {
        text: String,
        left: usize,
    }

    impl std::fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            for c in text.chars() {
                if self.left == 0 {
                    self.text.push('…');
                    // The rest is not written.
                    return Err(std::fmt::Error);
                }
                self.left -= 1;
                self.text.push(c);
            }
            Ok(())
        }
    }

    let mut short = Short { text: String::new(), left: SHOWN };
    // An error says that the part is longer than the help shows.
    let _ = std::fmt::write(&mut short, format_args!("{part}"));
    short.text
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn long_parts_are_cut() {
        assert_eq!(shown(&"ä".repeat(60)), "ä".repeat(60));
        assert_eq!(shown(&"ä".repeat(61)), format!("{}…", "ä".repeat(60)));
    }
}
