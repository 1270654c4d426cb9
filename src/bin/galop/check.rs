//! `galop check`: reports every error and warning of every rule.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use galop::RuleId;
use galop::lint::{self, Level, Warning, WarningKind};

use crate::color::Painter;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint_options::{Levels, LintOptions, Quota};
use crate::output::{Count, note, word};
use crate::pattern_options::{Limits, PatternOptions, rule_files};
use crate::quotas::{self, BUS_RULES, BUS_WILDCARD_RULES, Bus};
use crate::rules::{self, Accepted, Rules};
use crate::sample::{self, Sample};
use crate::unwrap::wrappers;
use crate::{Ending, Failure, annotations, lint_list, sarif};

/// The maximum number of warnings about one rule that formats other than JSON show.
const SHOWN: usize = 100;

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop check rules.jsonl
  galop check --limits aws --deny-warnings rules/
  galop check --deny unknown-member,star-in-text --allow blank-ends rules/
  galop check --events sample.jsonl rules/
  galop check --list-lints
  galop check --explain meant-as-and
  aws events list-rules | galop check -
  galop check --format sarif rules/ > galop.sarif
  galop check --format json rules.jsonl | jq 'select(.severity == \"error\")'

",
    rule_files!(),
    "

JSON output is one object for each diagnostic, with severity, code, message, file, line, column, id, \
span and help. Line and column count from the start of the file, the span from the start of the pattern. \
The other formats show 100 warnings of a rule, and the number of the others.

With --events, a path of a rule that no event has is a warning, and so is a value of a kind that no event has \
on the path. The events should include a match for each rule. Up to 262,144 paths of the events are \
stored, with names of up to 16 MiB; if there are more, no path counts as missing.

",
    wrappers!(),
    "

A schedule that the service would refuse is an error too, unless a deployment completes its text.

Exit codes: 0 all rules accepted, 1 a rule or a schedule is refused, or a rule has a denied warning (with \
--deny-warnings any warning), 2 trouble: input that cannot be read, or events that are refused."
);

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required_unless_present_any = ["list_lints", "explain"], value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Compare the rules with these events: a file, a directory, or - for standard input; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// Take the records of wrappers such as {"Records":[…]} as events
    #[arg(long, requires = "events")]
    pub(crate) unwrap: bool,
    #[command(flatten)]
    pub(crate) lints: LintOptions,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,
    /// Treat warnings like errors: exit with 1
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Print no summary, only errors and warnings
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// The reader of the output.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// People
    #[default]
    Human,
    /// Programs: one JSON object per line
    Json,
    /// Programs that show findings in code: SARIF 2.1.0
    Sarif,
    /// GitHub Actions: annotations of the changed files
    Github,
}

pub(crate) fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    if args.lints.list_lints {
        lint_list::print(out, args.format == CheckFormat::Json)?;
        return Ok(Ending::Yes);
    }
    if let Some(code) = &args.lints.explain {
        lint_list::explain(out, *code)?;
        return Ok(Ending::Yes);
    }
    let levels = args.lints.levels()?;
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if args.rules.iter().any(is_stdin) && args.events.iter().any(is_stdin) {
        return Err(Failure::Input("standard input cannot be the rules and the events".to_owned()));
    }
    let rules = rules::read(&args.rules, &args.patterns)?;
    let sample = if args.events.is_empty() { None } else { Some(sample::read(&args.events, args.unwrap)?) };
    let warnings = match &sample {
        None => lint::lint_with(&rules.set, &levels.lints),
        Some(sample) => lint::lint_with_events(&rules.set, &levels.lints, &sample.profile),
    };
    let (warnings, twins) = same_patterns(warnings, &rules);
    let mut printer = Printer::new(args.format, out, &rules, twins);
    let refused = rules.refusals.iter().chain(&rules.bad_schedules);
    let mut reports: Vec<&Diagnostic> = refused.chain(&rules.remarks).collect();
    reports.sort_by_key(|report| report.order);
    let mut reports = reports.into_iter().peekable();
    for warnings in warnings.chunk_by(|a, b| a.rule() == b.rule()) {
        let rule = &rules.accepted[warnings[0].rule().as_usize()];
        while let Some(report) = reports.next_if(|report| report.order <= rule.order) {
            printer.report(report)?;
        }
        printer.warnings(warnings, rule)?;
    }
    for report in reports {
        printer.report(report)?;
    }
    if args.patterns.named == Limits::Aws {
        for diagnostic in bus_quotas(&rules, &levels) {
            printer.count(diagnostic.severity);
            printer.print(&diagnostic)?;
        }
    }
    let counts = printer.finish(rules.unreadable == 0)?;
    if rules.len() == 0 && rules.unreadable == 0 {
        return Err(Failure::Input("there is no rule in these files".to_owned()));
    }
    let summary = summary(&rules, &counts, sample.as_ref());
    match args.format {
        _ if args.quiet => {}
        CheckFormat::Human => writeln!(out, "{summary}")?,
        CheckFormat::Json | CheckFormat::Sarif | CheckFormat::Github => note(summary),
    }
    let is_denied = counts.denied > 0 || args.deny_warnings && counts.warnings > 0;
    Ok(if rules.unreadable > 0 || sample.is_some_and(|sample| sample.is_partial) {
        Ending::Trouble
    } else if rules.refused > 0 || !rules.bad_schedules.is_empty() || is_denied {
        Ending::No
    } else {
        Ending::Yes
    })
}

/// The numbers of warnings, printed or not.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    warnings: u64,
    denied: u64,
}

/// Removes the warnings about a pattern that only rules of other event buses have. Returns, for each
/// rule whose pattern its own bus has twice, the first rule of the bus with the pattern.
fn same_patterns(mut warnings: Vec<Warning>, rules: &Rules) -> (Vec<Warning>, HashMap<RuleId, RuleId>) {
    let bus = |rule: RuleId| rules.accepted[rule.as_usize()].bus.as_deref();
    // The keys: the first rule with a pattern, and a bus. The values: the first rule of the bus with the
    // pattern.
    let mut firsts: HashMap<(RuleId, Option<&str>), RuleId> = HashMap::new();
    let mut twins = HashMap::new();
    warnings.retain(|warning| {
        let (rule, Some(first)) = (warning.rule(), warning.other_rule()) else { return true };
        firsts.entry((first, bus(first))).or_insert(first);
        let twin = *firsts.entry((first, bus(rule))).or_insert(rule);
        if twin != rule {
            twins.insert(rule, twin);
        }
        twin != rule
    });
    (warnings, twins)
}

/// Prints diagnostics in one of the formats.
struct Printer<'o> {
    format: CheckFormat,
    out: &'o mut dyn Write,
    rules: &'o Rules,
    /// The first rule of a bus with a pattern, for each other rule of the bus with the pattern.
    twins: HashMap<RuleId, RuleId>,
    counts: Counts,
    sarif: sarif::Log,
    painter: Painter,
}

impl<'o> Printer<'o> {
    fn new(
        format: CheckFormat,
        out: &'o mut dyn Write,
        rules: &'o Rules,
        twins: HashMap<RuleId, RuleId>,
    ) -> Printer<'o> {
        let (counts, sarif, painter) = (Counts::default(), sarif::Log::default(), Painter::stdout());
        Printer { format, out, rules, twins, counts, sarif, painter }
    }

    fn print(&mut self, diagnostic: &Diagnostic) -> Result<(), Failure> {
        match self.format {
            CheckFormat::Human => writeln!(self.out, "{}", self.painter.paint(&diagnostic.to_string()))?,
            CheckFormat::Json => diagnostic.print_json(self.out)?,
            CheckFormat::Sarif => self.sarif.add(diagnostic),
            CheckFormat::Github => annotations::print(self.out, diagnostic)?,
        }
        Ok(())
    }

    /// Prints a diagnostic of the reading of rules. Refused rules are counted already.
    fn report(&mut self, report: &Diagnostic) -> Result<(), Failure> {
        if report.severity == Severity::Warning {
            self.count(Severity::Warning);
        }
        self.print(report)
    }

    /// Prints the warnings about one rule: all as lines of JSON, the first [`SHOWN`] in other formats.
    fn warnings(&mut self, warnings: &[Warning], rule: &Accepted) -> Result<(), Failure> {
        for warning in warnings {
            self.count(Severity::of_lint(warning.level()));
        }
        let (shown, rest) = match self.format {
            CheckFormat::Json => (warnings, &[][..]),
            _ => warnings.split_at(warnings.len().min(SHOWN)),
        };
        let excerpts = if self.format == CheckFormat::Human { SHOWN } else { 0 };
        let named = (&*rule.id, &rule.pattern, rule.order);
        for (mut diagnostic, warning) in Diagnostic::of_warnings(shown, named, excerpts).zip(shown) {
            if warning.kind() == WarningKind::SamePattern
                && let Some(twin) = self.twins.get(&warning.rule())
            {
                let Accepted { id, pattern, .. } = &self.rules.accepted[twin.as_usize()];
                diagnostic.message += &format!(": {} at {}:{}", word(id), pattern.file, pattern.begin.line);
            }
            self.print(&diagnostic)?;
        }
        let mut more: BTreeMap<(&str, Level), u64> = BTreeMap::new();
        for warning in rest {
            *more.entry((warning.code(), warning.level())).or_default() += 1;
        }
        for ((code, level), count) in more {
            let message = format!("… and {count} more of {code}");
            let mut diagnostic = Diagnostic::new(Severity::of_lint(level), "more-warnings", message);
            diagnostic.file = Some(Arc::clone(&rule.pattern.file));
            diagnostic.place = Some(rule.pattern.begin);
            diagnostic.id = Some(rule.id.clone());
            self.print(&diagnostic)?;
        }
        Ok(())
    }

    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.counts.denied += 1,
            Severity::Warning => self.counts.warnings += 1,
        }
    }

    /// Writes the log of SARIF, if SARIF is the format. Returns the numbers of warnings.
    fn finish(self, is_complete: bool) -> Result<Counts, Failure> {
        if self.format == CheckFormat::Sarif {
            self.sarif.print(self.out, is_complete)?;
        }
        Ok(self.counts)
    }
}

fn summary(rules: &Rules, counts: &Counts, sample: Option<&Sample>) -> String {
    let mut summary = format!(
        "{} in {}: {} refused, {}",
        Count(rules.len(), "rule", "rules"),
        Count(rules.files, "file", "files"),
        rules.refused,
        Count(counts.warnings, "warning", "warnings"),
    );
    if counts.denied > 0 {
        summary += &format!(", {} denied", counts.denied);
    }
    if let Some(sample) = sample {
        summary += &format!("; compared with {}", Count(sample.profile.events(), "event", "events"));
    }
    if rules.disabled > 0 {
        summary += &format!("; {} disabled", rules.disabled);
    }
    for note in rules.left_out() {
        summary += &format!("; {note}");
    }
    if !rules.bad_schedules.is_empty() {
        let count = Count(rules.bad_schedules.len() as u64, "schedule", "schedules");
        summary += &format!("; {count} refused");
    }
    if rules.unreadable > 0 {
        summary += &format!("; {} unreadable", Count(rules.unreadable, "file", "files"));
    }
    summary
}

/// Warns if a bus has more rules than the service allows. Rules without a named bus count as rules
/// of one bus.
fn bus_quotas(rules: &Rules, levels: &Levels) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut warn = |quota: Quota, message| {
        let level = levels.quota(quota);
        if level != Level::Allow {
            diagnostics.push(Diagnostic::new(Severity::of_lint(level), quota.code(), message));
        }
    };
    for (bus, Bus { rules: count, wildcard_rules: wildcards }) in quotas::buses(rules) {
        let bus = bus.map_or_else(|| "one event bus".to_owned(), |bus| format!("the event bus {bus}"));
        if count > BUS_RULES {
            let message = format!("{count} rules: the service allows {BUS_RULES} on {bus}");
            warn(Quota::Rules, message);
        }
        if wildcards > BUS_WILDCARD_RULES {
            let message =
                format!("{wildcards} rules with wildcards: the service allows {BUS_WILDCARD_RULES} on {bus}");
            warn(Quota::WildcardRules, message);
        }
    }
    diagnostics
}
