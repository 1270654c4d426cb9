//! The list of lints, and the explanation of one.

use std::io::Write;

use galop::RuleSet;
use galop::lint::{self, EventProfile, Level, Lints, Needs, WarningKind};
use serde::Serialize;

use crate::Failure;
use crate::lint_options::{Code, Quota};
use crate::output::json_line;

/// Prints a line for each lint.
pub(crate) fn print(out: &mut dyn Write, as_json: bool) -> Result<(), Failure> {
    if as_json {
        for kind in WarningKind::ALL {
            json_line(out, &Record::of_lint(*kind))?;
        }
        for quota in Quota::ALL {
            json_line(out, &Record::of_quota(quota))?;
        }
        return Ok(());
    }
    let width = WarningKind::CODES.iter().chain(&[Quota::WildcardRules.code()]).map(|code| code.len()).max();
    let width = width.unwrap_or_default();
    for kind in WarningKind::ALL {
        let notes = match (kind.default_level(), kind.needs()) {
            (Level::Allow, _) => " (off by default)",
            (_, Needs::Events) => " (with --events)",
            _ => "",
        };
        writeln!(out, "{:width$}  {kind}{notes}", kind.code())?;
    }
    for quota in Quota::ALL {
        writeln!(out, "{:width$}  {}", quota.code(), quota.meaning())?;
    }
    Ok(())
}

/// Prints the meaning of a lint, an example with its report, and a remedy.
pub(crate) fn explain(out: &mut dyn Write, code: Code) -> Result<(), Failure> {
    let kind = match code {
        Code::Lint(kind) => kind,
        Code::Quota(quota) => return Ok(writeln!(out, "{}: {}", quota.code(), quota.meaning())?),
        Code::All => return print(out, false),
    };
    writeln!(out, "{}: {}\n", kind.code(), kind.meaning())?;
    writeln!(out, "Example:")?;
    for pattern in kind.example() {
        writeln!(out, "  {pattern}")?;
    }
    for event in kind.example_events() {
        writeln!(out, "  with the event {event}")?;
    }
    writeln!(out, "\n{}", report(kind))?;
    writeln!(out, "\nWithout the warning:")?;
    for pattern in kind.remedy() {
        writeln!(out, "  {pattern}")?;
    }
    Ok(())
}

/// Returns the report of the example.
fn report(kind: WarningKind) -> String {
    let mut rules = RuleSet::new();
    for pattern in kind.example() {
        // The tests of the library parse all examples.
        let _ = rules.add(pattern);
    }
    let mut profile = EventProfile::new();
    for event in kind.example_events() {
        let _ = profile.add(event.as_bytes());
    }
    let text = kind.example().last().copied().unwrap_or_default();
    let warnings = lint::lint_with_events(&rules, Lints::all(Level::Allow).set(kind, Level::Warn), &profile);
    warnings.last().map_or_else(String::new, |warning| warning.report(text).to_string())
}

/// A lint as JSON.
#[derive(Serialize)]
struct Record {
    code: &'static str,
    on: bool,
    needs: &'static str,
    message: String,
    meaning: String,
    example: &'static [&'static str],
    events: &'static [&'static str],
    remedy: &'static [&'static str],
}

impl Record {
    fn of_lint(kind: WarningKind) -> Record {
        Record {
            code: kind.code(),
            on: kind.default_level() != Level::Allow,
            needs: match kind.needs() {
                Needs::Rule => "rule",
                Needs::Set => "set",
                Needs::Events => "events",
            },
            message: kind.to_string(),
            meaning: kind.meaning(),
            example: kind.example(),
            events: kind.example_events(),
            remedy: kind.remedy(),
        }
    }

    fn of_quota(quota: Quota) -> Record {
        Record {
            code: quota.code(),
            on: true,
            needs: "limits",
            message: quota.meaning(),
            meaning: quota.meaning(),
            example: &[],
            events: &[],
            remedy: &[],
        }
    }
}
