//! `galop gen`: prints events that just match and events that just miss, for each rule.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use galop::Pattern;
use galop::generate::{AlternativeExamples, Examples, NotFound, Options, examples_with};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::fmt::layout::pretty;
use crate::output::{Count, Format, json_line, note, word};
use crate::pattern_options::{PatternOptions, rule_files};
use crate::rule_choice::chosen;
use crate::rules;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop gen rules.jsonl
  galop gen --format human --rule stopped rules/
  galop gen --only matching rules.jsonl | jq -c .event
  galop gen --envelope --rule stopped rules.jsonl

",
    rule_files!(),
    "

Each rule has an event that just matches. Each alternative of each field has an event that matches
through this alternative, and the same event with another value in the field, which just misses.
The matcher has verified each event. Where there is none, the reason is printed.

JSON output is one object for each event: rule, matches, field, alternative, event. Field and
alternative are null for the event of the rule as a whole. If there is no event, event is null, and
reason and message say why.

Exit codes: 0 every rule has an event that matches, 1 a rule has none, 2 trouble or a refused rule."
);

#[derive(Debug, Args)]
pub(crate) struct GenArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Only the rule with this id; may be repeated
    #[arg(long = "rule", value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Only events that match, or only events that miss
    #[arg(long, value_enum)]
    pub(crate) only: Option<Only>,
    /// Add the members that every event of EventBridge has
    #[arg(long)]
    pub(crate) envelope: bool,
    /// Maximum number of events of a rule
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    pub(crate) max_events: usize,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
}

/// The events that are printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Only {
    /// Events that match
    Matching,
    /// Events that miss
    Missing,
}

/// The counts of all rules.
#[derive(Default)]
struct Totals {
    rules: u64,
    without: u64,
    cut: u64,
    alternatives: u64,
    /// Alternatives that have both events.
    complete: u64,
}

pub(crate) fn run(args: &GenArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let rules = rules::read(&args.rules, &args.patterns)?;
    for refusal in rules.refusals.iter().chain(&rules.remarks) {
        note(refusal);
    }
    let chosen = chosen(&rules, &args.ids)?;
    let mut options = Options::default();
    options.events = args.max_events;
    options.envelope = args.envelope;
    let mut totals = Totals::default();
    for rule in chosen {
        let Some(pattern) = rules.set.get(rule) else { continue };
        let id = &rules.accepted[rule.as_usize()].id;
        let examples = examples_with(pattern, &options);
        totals.add(&examples);
        match args.format {
            Format::Human => human(out, id, pattern, &examples, args.only)?,
            Format::Json => json(out, id, &examples, args.only)?,
        }
    }
    note(totals.summary());
    Ok(if rules.refused > 0 || rules.unreadable > 0 {
        Ending::Trouble
    } else if totals.without > 0 {
        Ending::No
    } else {
        Ending::Yes
    })
}

impl Totals {
    fn add(&mut self, examples: &Examples) {
        self.rules += 1;
        self.without += u64::from(examples.matching.is_err());
        self.cut += u64::from(examples.is_cut);
        for AlternativeExamples { matching, missing, .. } in
            examples.fields.iter().flat_map(|of| &of.alternatives)
        {
            self.alternatives += 1;
            self.complete += u64::from(matching.is_ok() && missing.is_ok());
        }
    }

    fn summary(&self) -> String {
        let mut summary = format!(
            "{}: {} without an event that matches; {} of {} with both events",
            Count(self.rules, "rule", "rules"),
            self.without,
            self.complete,
            Count(self.alternatives, "alternative", "alternatives"),
        );
        if self.cut > 0 {
            summary += &format!("; {} cut at the limit", Count(self.cut, "rule", "rules"));
        }
        summary
    }
}

/// A line of JSON output.
#[derive(Serialize)]
struct Record<'a> {
    rule: &'a str,
    matches: bool,
    field: Option<&'a RawValue>,
    alternative: Option<&'a RawValue>,
    event: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

fn json(out: &mut dyn Write, rule: &str, examples: &Examples, only: Option<Only>) -> io::Result<()> {
    let mut line = |matches: bool, of: Option<(&RawValue, &RawValue)>, event: &Result<String, NotFound>| {
        if only.is_some_and(|only| (only == Only::Matching) != matches) {
            return Ok(());
        }
        let text = event.as_ref().ok().and_then(|event| raw(event));
        json_line(
            out,
            &Record {
                rule,
                matches,
                field: of.map(|of| of.0),
                alternative: of.map(|of| of.1),
                event: text.as_deref(),
                reason: event.as_ref().err().map(|reason| reason.code()),
                message: event.as_ref().err().map(ToString::to_string),
            },
        )
    };
    line(true, None, &examples.matching)?;
    for field in &examples.fields {
        let Some(path) = raw(&field.path.to_string()) else { continue };
        for of in &field.alternatives {
            let Some(alternative) = raw(&of.text) else { continue };
            line(true, Some((&path, &alternative)), &of.matching)?;
            line(false, Some((&path, &alternative)), &of.missing)?;
        }
    }
    Ok(())
}

/// Returns a text of JSON unchanged: an unpaired surrogate has no other form.
fn raw(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).ok()
}

fn human(
    out: &mut dyn Write,
    rule: &str,
    pattern: &Pattern,
    examples: &Examples,
    only: Option<Only>,
) -> io::Result<()> {
    writeln!(out, "// rule {}: {pattern}", word(rule))?;
    let mut event = |matches: bool, title: &str, event: &Result<String, NotFound>| {
        if only.is_some_and(|only| (only == Only::Matching) != matches) {
            return Ok(());
        }
        let verb = if matches { "matches" } else { "misses" };
        match event {
            Ok(event) => writeln!(out, "// {verb}{title}\n{}", pretty(event)),
            Err(reason) => writeln!(out, "// no event {verb}{title}: {reason} [{}]", reason.code()),
        }
    };
    event(true, "", &examples.matching)?;
    for field in &examples.fields {
        for of in &field.alternatives {
            let title = format!(": {} through {}", field.path, of.text);
            // The event of the rule is not repeated.
            if of.matching != examples.matching {
                event(true, &title, &of.matching)?;
            }
            let title = format!(": {} beside {}", field.path, of.text);
            event(false, &title, &of.missing)?;
        }
    }
    if examples.is_cut {
        writeln!(out, "// further events are left out: see --max-events")?;
    }
    writeln!(out)
}
