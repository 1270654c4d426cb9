//! `galop check`: reports every error and warning of every rule.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use galop::lint;
use galop::pattern::{AnythingBut, Member, Object, ValueTest};

use crate::diagnostic::{Diagnostic, Severity};
use crate::output::{Count, Format, note};
use crate::pattern_options::{Limits, PatternOptions, rule_files};
use crate::rules::{self, Rules};
use crate::{Ending, Failure};

/// The maximum numbers of rules, and of rules with wildcards, on one event bus of the service.
const BUS_RULES: usize = 300;
const BUS_WILDCARD_RULES: usize = 30;

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop check rules.jsonl
  galop check --limits aws --deny-warnings rules/
  aws events list-rules | galop check -
  galop check --format json rules.jsonl | jq 'select(.severity == \"error\")'

",
    rule_files!(),
    "

JSON output is one object for each diagnostic, with severity, code, message, file, line, column, id, \
span and help. Line and column count from the start of the file, the span from the start of the pattern.

Exit codes: 0 all rules accepted, 1 a rule is refused (or, with --deny-warnings, warned of), 2 trouble."
);

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Treat warnings like errors: exit with 1
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Print no summary, only errors and warnings
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

pub(crate) fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let rules = rules::read(&args.rules, args.patterns.limits())?;
    let mut diagnostics = rules.refusals.clone();
    diagnostics.extend(rules.remarks.iter().cloned());
    for warning in lint::lint(&rules.set) {
        let rule = &rules.accepted[warning.rule().as_usize()];
        diagnostics.push(Diagnostic::of_warning(&warning, &rule.id, &rule.pattern, rule.order));
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.order);
    if args.patterns.named == Limits::Aws {
        bus_quotas(&rules, &mut diagnostics);
    }
    for diagnostic in &diagnostics {
        diagnostic.print(out, args.format)?;
    }
    if rules.len() == 0 && rules.unreadable == 0 {
        return Err(Failure::Input("there is no rule in these files".to_owned()));
    }
    let warnings = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning).count();
    let summary = summary(&rules, warnings as u64);
    match args.format {
        _ if args.quiet => {}
        Format::Human => writeln!(out, "{summary}")?,
        Format::Json => note(summary),
    }
    Ok(if rules.unreadable > 0 {
        Ending::Trouble
    } else if rules.refused > 0 || args.deny_warnings && warnings > 0 {
        Ending::No
    } else {
        Ending::Yes
    })
}

fn summary(rules: &Rules, warnings: u64) -> String {
    let mut summary = format!(
        "{} in {}: {} refused, {}",
        Count(rules.len(), "rule", "rules"),
        Count(rules.files, "file", "files"),
        rules.refused,
        Count(warnings, "warning", "warnings"),
    );
    if rules.disabled > 0 {
        summary += &format!("; {} disabled", rules.disabled);
    }
    if rules.schedules > 0 {
        let schedules = Count(rules.schedules, "schedule", "schedules");
        summary += &format!("; {schedules} without event pattern left out");
    }
    if rules.unreadable > 0 {
        summary += &format!("; {} unreadable", Count(rules.unreadable, "file", "files"));
    }
    summary
}

/// Warns if a bus has more rules than the service allows. Rules without a named bus count as rules
/// of one bus.
fn bus_quotas(rules: &Rules, diagnostics: &mut Vec<Diagnostic>) {
    let mut buses: BTreeMap<Option<&str>, (usize, usize)> = BTreeMap::new();
    for (rule, (_, pattern)) in rules.accepted.iter().zip(rules.set.iter()) {
        let (count, wildcards) = buses.entry(rule.bus.as_deref()).or_default();
        *count += 1;
        *wildcards += usize::from(has_wildcard(pattern.root()));
    }
    let mut warn = |code, message| {
        diagnostics.push(Diagnostic::new(Severity::Warning, code, message));
    };
    for (bus, (count, wildcards)) in buses {
        let bus = bus.map_or_else(|| "one event bus".to_owned(), |bus| format!("the event bus {bus}"));
        if count > BUS_RULES {
            let message = format!("{count} rules: the service allows {BUS_RULES} on {bus}");
            warn("too-many-rules", message);
        }
        if wildcards > BUS_WILDCARD_RULES {
            let message =
                format!("{wildcards} rules with wildcards: the service allows {BUS_WILDCARD_RULES} on {bus}");
            warn("too-many-wildcard-rules", message);
        }
    }
}

/// Returns true if a field has a wildcard. The recursion is bounded by the maximum depth of a
/// pattern.
fn has_wildcard(object: &Object) -> bool {
    object.members.iter().any(|member| match member {
        Member::Nested { object, .. } => has_wildcard(object),
        Member::Or { alternatives, .. } => alternatives.iter().any(has_wildcard),
        Member::Field { alternatives, .. } => alternatives.iter().any(|alternative| {
            matches!(
                alternative.test,
                ValueTest::Wildcard(_) | ValueTest::AnythingBut(AnythingBut::Wildcard(_))
            )
        }),
    })
}
