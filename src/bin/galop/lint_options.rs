//! The options that set the levels of lints by their codes.

use clap::Args;
use galop::lint::{Level, Lints, WarningKind};

use crate::Failure;
use crate::quotas::{BUS_RULES, BUS_WILDCARD_RULES};

/// The options of `check` about lints.
#[derive(Clone, Debug, Args)]
pub(crate) struct LintOptions {
    /// Lints to report as errors, by their codes, or all: exit with 1
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub(crate) deny: Vec<Code>,
    /// Lints to report as warnings, also lints that are off by default
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub(crate) warn: Vec<Code>,
    /// Lints to leave out; a code takes precedence over all
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub(crate) allow: Vec<Code>,
    /// Print the codes of all lints
    #[arg(long)]
    pub(crate) list_lints: bool,
    /// Print the meaning of a lint and an example
    #[arg(long, value_name = "CODE", value_parser = code, conflicts_with = "list_lints")]
    pub(crate) explain: Option<Code>,
}

/// The meaning of a code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Code {
    All,
    Lint(WarningKind),
    Quota(Quota),
}

/// A quota of the service on the rules of a bus, which `--limits aws` checks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Quota {
    Rules,
    WildcardRules,
}

impl Quota {
    pub(crate) const ALL: [Quota; 2] = [Quota::Rules, Quota::WildcardRules];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Quota::Rules => "too-many-rules",
            Quota::WildcardRules => "too-many-wildcard-rules",
        }
    }

    pub(crate) fn meaning(self) -> String {
        match self {
            Quota::Rules => format!("with --limits aws: a bus has more than {BUS_RULES} rules"),
            Quota::WildcardRules => {
                format!("with --limits aws: a bus has more than {BUS_WILDCARD_RULES} rules with wildcards")
            }
        }
    }
}

impl Code {
    fn name(self) -> &'static str {
        match self {
            Code::All => "all",
            Code::Lint(kind) => kind.code(),
            Code::Quota(quota) => quota.code(),
        }
    }
}

/// The levels of all lints.
pub(crate) struct Levels {
    pub(crate) lints: Lints,
    quotas: [Level; 2],
}

impl Levels {
    pub(crate) fn quota(&self, quota: Quota) -> Level {
        self.quotas[quota as usize]
    }

    fn set(&mut self, code: Code, level: Level) {
        match code {
            Code::All => *self = Levels { lints: Lints::all(level), quotas: [level; 2] },
            Code::Lint(kind) => {
                self.lints.set(kind, level);
            }
            Code::Quota(quota) => self.quotas[quota as usize] = level,
        }
    }
}

impl LintOptions {
    /// Returns the levels. A code that is named takes precedence over `all`.
    pub(crate) fn levels(&self) -> Result<Levels, Failure> {
        let lists = [(&self.allow, Level::Allow), (&self.warn, Level::Warn), (&self.deny, Level::Deny)];
        let named = lists.iter().flat_map(|(codes, level)| codes.iter().map(|code| (*code, *level)));
        let mut levels = Levels { lints: Lints::new(), quotas: [Level::Warn; 2] };
        let mut set: Vec<(Code, Level)> = Vec::new();
        for (code, level) in named {
            match set.iter().find(|(other, _)| *other == code) {
                Some((_, other)) if *other != level => {
                    let message = format!("the lint {} has two levels in the options", code.name());
                    return Err(Failure::Input(message));
                }
                Some(_) => {}
                None => set.push((code, level)),
            }
        }
        let (all, others): (Vec<_>, Vec<_>) = set.into_iter().partition(|(code, _)| *code == Code::All);
        all.into_iter().chain(others).for_each(|(code, level)| levels.set(code, level));
        Ok(levels)
    }
}

/// Returns the meaning of a code.
fn code(text: &str) -> Result<Code, String> {
    if text == "all" {
        return Ok(Code::All);
    }
    if let Some(quota) = Quota::ALL.into_iter().find(|quota| quota.code() == text) {
        return Ok(Code::Quota(quota));
    }
    WarningKind::from_code(text).map(Code::Lint).ok_or_else(|| {
        let unknown = Lints::new().set_code(text, Level::Warn).err();
        let unknown = unknown.map_or_else(String::new, |unknown| unknown.to_string());
        format!("{unknown} (--list-lints lists the codes)")
    })
}
