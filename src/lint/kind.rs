//! The properties of a [`WarningKind`].

use std::fmt;

use super::codes::WarningKind;
use super::row::{Level, Needs, Row};

impl WarningKind {
    fn row(self) -> &'static Row {
        &WarningKind::ROWS[self as usize]
    }

    /// Returns the stable code of the kind: `duplicate-key`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// Returns the kind with a code, if there is one.
    ///
    /// ```
    /// use galop::lint::WarningKind;
    ///
    /// assert_eq!(WarningKind::from_code("blank-ends"), Some(WarningKind::BlankEnds));
    /// assert_eq!(WarningKind::from_code("BlankEnds"), None);
    /// ```
    #[must_use]
    pub fn from_code(code: &str) -> Option<WarningKind> {
        WarningKind::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Returns the level of the kind in [`Lints::new`](super::Lints::new).
    #[must_use]
    pub fn default_level(self) -> Level {
        self.row().level
    }

    /// Returns the input that the lint needs in addition to the pattern.
    #[must_use]
    pub fn needs(self) -> Needs {
        self.row().needs
    }

    /// Returns the meaning of the kind, as in its documentation.
    #[must_use]
    pub fn meaning(self) -> String {
        let lines: Vec<&str> = self.row().meaning.iter().map(|line| line.trim()).collect();
        lines.join(" ")
    }

    /// Returns a set of patterns as an example. The last pattern has the warning.
    ///
    /// ```
    /// use galop::lint::{Needs, WarningKind};
    ///
    /// for kind in WarningKind::ALL.iter().filter(|kind| kind.needs() != Needs::Events) {
    ///     let patterns = kind.example().iter().map(|text| text.parse());
    ///     let rules = patterns.collect::<Result<galop::RuleSet, _>>()?;
    ///     assert!(galop::lint::lint(&rules).iter().any(|warning| warning.kind() == *kind));
    /// }
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[must_use]
    pub fn example(self) -> &'static [&'static str] {
        self.row().bad
    }

    /// Returns the events of the example. The list is empty if the lint needs no events.
    #[must_use]
    pub fn example_events(self) -> &'static [&'static str] {
        self.row().events
    }

    /// Returns a set of patterns without the warning: a probable intention of the example.
    #[must_use]
    pub fn remedy(self) -> &'static [&'static str] {
        self.row().good
    }

    /// Returns the help that applies to all warnings of the kind.
    pub(super) fn help(self) -> &'static str {
        self.row().help
    }

    /// Returns the part of the last pattern of [`WarningKind::example`] that the warning marks.
    #[must_use]
    pub fn marked(self) -> &'static str {
        self.row().at
    }
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().message)
    }
}

#[cfg(test)]
mod tests {
    use super::WarningKind;

    #[test]
    fn codes_are_the_names_of_the_variants() {
        for (kind, code) in WarningKind::ALL.iter().zip(WarningKind::CODES) {
            let mut name = String::new();
            for c in format!("{kind:?}").chars() {
                if c.is_ascii_uppercase() && !name.is_empty() {
                    name.push('-');
                }
                name.push(c.to_ascii_lowercase());
            }
            assert_eq!((kind.code(), *code), (&*name, &*name));
            assert_eq!(WarningKind::from_code(code), Some(*kind));
        }
    }

    #[test]
    fn documentation_of_the_module_lists_every_code() {
        for kind in WarningKind::ALL {
            let row = format!("//! | [`{}`](WarningKind::{kind:?}) |", kind.code());
            assert!(include_str!("../lint.rs").contains(&row), "{row}");
        }
    }
}
