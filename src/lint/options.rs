//! [`Lints`]: the level of each lint.

use std::error::Error;
use std::fmt;

use super::codes::WarningKind;
use super::row::Level;

/// The level of each lint.
///
/// ```
/// use galop::lint::{Level, Lints, WarningKind, lint_with};
///
/// let mut rules = galop::RuleSet::new();
/// rules.add(r#"{"source":["aws.ec2 "],"account":["1"]}"#)?;
///
/// let mut lints = Lints::new();
/// lints.set(WarningKind::BlankEnds, Level::Allow);
/// lints.set_code("account-id", Level::Deny).unwrap();
/// let warnings = lint_with(&rules, &lints);
/// assert_eq!(warnings.len(), 1);
/// assert_eq!((warnings[0].code(), warnings[0].level()), ("account-id", Level::Deny));
/// # Ok::<(), galop::PatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Lints {
    /// Indexed by the kind.
    levels: Vec<Level>,
}

impl Lints {
    /// Returns the default level of each lint.
    #[must_use]
    pub fn new() -> Lints {
        Lints { levels: WarningKind::ALL.iter().map(|kind| kind.default_level()).collect() }
    }

    /// Returns the same level for all lints.
    #[must_use]
    pub fn all(level: Level) -> Lints {
        Lints { levels: vec![level; WarningKind::ALL.len()] }
    }

    /// Sets the level of a lint.
    pub fn set(&mut self, kind: WarningKind, level: Level) -> &mut Lints {
        self.levels[kind as usize] = level;
        self
    }

    /// Sets the level of the lint with a code, or of all lints if the code is `all`.
    ///
    /// # Errors
    ///
    /// Returns an error if no lint has the code.
    ///
    /// ```
    /// use galop::lint::{Level, Lints};
    ///
    /// let error = Lints::new().set_code("duplicate-keys", Level::Deny).unwrap_err();
    /// assert_eq!(error.to_string(), "no lint has the code `duplicate-keys`; did you mean `duplicate-key`?");
    /// ```
    pub fn set_code(&mut self, code: &str, level: Level) -> Result<&mut Lints, UnknownLint> {
        if code == "all" {
            self.levels.fill(level);
            return Ok(self);
        }
        match WarningKind::from_code(code) {
            Some(kind) => Ok(self.set(kind, level)),
            None => Err(UnknownLint { code: code.to_owned() }),
        }
    }

    /// Returns the level of a lint.
    #[must_use]
    pub fn level(&self, kind: WarningKind) -> Level {
        self.levels[kind as usize]
    }
}

impl Default for Lints {
    /// The same as [`Lints::new`].
    fn default() -> Lints {
        Lints::new()
    }
}

/// No lint has the code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownLint {
    code: String,
}

impl UnknownLint {
    /// Returns the code of a lint that is similar, if there is one.
    #[must_use]
    pub fn suggestion(&self) -> Option<&'static str> {
        // The distance costs the product of the lengths.
        if self.code.len() > 40 {
            return None;
        }
        let distance = |code: &&&str| strsim::damerau_levenshtein(code, &self.code);
        let nearest = WarningKind::CODES.iter().min_by_key(distance)?;
        (distance(&nearest) <= nearest.len() / 3).then_some(*nearest)
    }
}

impl fmt::Display for UnknownLint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no lint has the code `{}`", self.code)?;
        match self.suggestion() {
            Some(code) => write!(f, "; did you mean `{code}`?"),
            None => Ok(()),
        }
    }
}

impl Error for UnknownLint {}
