//! `galop coverage`: the rules, fields and alternatives that events reach.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use galop::RuleId;
use galop::explain::{Coverage, Decomposition};
use serde::Serialize;

use crate::archive::{self, ArchiveOptions, Place};
use crate::output::{Count, Format, json_line, note, word};
use crate::pattern_options::rule_files;
use crate::rules::Rules;
use crate::source;
use crate::unwrap::wrappers;
use crate::{Ending, Failure};

/// The maximum number of fields and alternatives of a rule that are listed for people.
const LISTED: usize = 10;

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop coverage --rules rules.jsonl events.ndjson.gz
  galop coverage -r rules/ --format json events/ | jq 'select(.hits == 0)'

",
    rule_files!(),
    "

",
    wrappers!(),
    "

A field or alternative is reached if an event satisfies it alone, whether or not the event matches the \
rule. JSON output is one object for each rule, {\"id\",\"hits\",\"fields\":[{\"path\",\"start\",\"end\",\"hits\",\
\"alternatives\":[{\"text\",\"start\",\"end\",\"hits\"}]}]}, where start and end are bytes of the pattern. The \
last object has the totals.

Exit codes: 0 every rule matched an event, 1 a rule matched none, 2 trouble."
);

#[derive(Debug, Args)]
pub(crate) struct CoverageArgs {
    /// Files of events, directories of them, or - for standard input, which is also the default
    #[arg(value_name = "EVENTS")]
    pub(crate) events: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) archive: ArchiveOptions,
}

pub(crate) fn run(args: &CoverageArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    source::check_stdin(&args.archive.rules, &args.events)?;
    let rules = args.archive.read_rules()?;
    let decomposition = Decomposition::new(&rules.set).map_err(|error| Failure::Input(error.to_string()))?;
    let archive = archive::read(&args.events, &decomposition, &args.archive)?;
    let report = Report { rules: &rules, decomposition: &decomposition, coverage: &archive.coverage };
    let totals = match args.archive.format {
        Format::Human => report.print(out)?,
        Format::Json => report.print_json(out)?,
    };
    let summary = totals.line(archive.coverage.events(), archive.rejected);
    match args.archive.format {
        Format::Human => writeln!(out, "\n{summary}")?,
        Format::Json => {
            json_line(out, &totals.record(archive.coverage.events(), archive.rejected))?;
            note(summary);
        }
    }
    Ok(archive.end(totals.rules.0 == totals.rules.1))
}

/// The numbers that are reached, and the numbers of all.
#[derive(Debug, Default)]
struct Totals {
    rules: (u64, u64),
    fields: (u64, u64),
    alternatives: (u64, u64),
}

impl Totals {
    fn line(&self, events: u64, rejected: u64) -> String {
        let Totals { rules, fields, alternatives } = self;
        format!(
            "{}, {rejected} rejected: {} of {}, {} of {}, {} of {} reached",
            Count(events, "event", "events"),
            rules.0,
            Count(rules.1, "rule", "rules"),
            fields.0,
            Count(fields.1, "field", "fields"),
            alternatives.0,
            Count(alternatives.1, "alternative", "alternatives"),
        )
    }

    fn record(&self, events: u64, rejected: u64) -> impl Serialize {
        #[derive(Serialize)]
        struct Record {
            events: u64,
            rejected: u64,
            rules: Reached,
            fields: Reached,
            alternatives: Reached,
        }

        #[derive(Serialize)]
        struct Reached {
            reached: u64,
            total: u64,
        }

        let reached = |(reached, total)| Reached { reached, total };
        Record {
            events,
            rejected,
            rules: reached(self.rules),
            fields: reached(self.fields),
            alternatives: reached(self.alternatives),
        }
    }
}

fn count((reached, total): &mut (u64, u64), hits: u64) {
    *total += 1;
    *reached += u64::from(hits > 0);
}

struct Report<'a> {
    rules: &'a Rules,
    decomposition: &'a Decomposition,
    coverage: &'a Coverage<'a, Place>,
}

impl Report<'_> {
    fn ids(&self) -> impl Iterator<Item = (RuleId, &str)> {
        let rules = self.rules.accepted.iter().enumerate();
        rules.map(|(index, rule)| (RuleId::new(index as u32), rule.id.as_str()))
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<Totals> {
        let mut totals = Totals::default();
        let hits = self.ids().map(|(rule, _)| self.coverage.hits(rule));
        let width = hits.max().unwrap_or(0).to_string().len().max("hits".len());
        writeln!(out, "{:>width$}  rule", "hits")?;
        for (rule, id) in self.ids() {
            let hits = self.coverage.hits(rule);
            count(&mut totals.rules, hits);
            writeln!(out, "{hits:>width$}  {}", word(id))?;
            let mut missing = Vec::new();
            for field in self.decomposition.fields(rule).iter().filter(|field| field.is_in_play()) {
                let hits = self.coverage.hits(field.id());
                count(&mut totals.fields, hits);
                if hits == 0 {
                    missing.push(format!("field {}", word(&field.path())));
                }
                for alternative in field.alternatives() {
                    let reached = self.coverage.hits(alternative.id());
                    count(&mut totals.alternatives, reached);
                    // The field says it for all its alternatives.
                    if hits > 0 && reached == 0 {
                        let text: String = self.decomposition.text(alternative).chars().take(80).collect();
                        missing.push(format!("alternative {text} of {}", word(&field.path())));
                    }
                }
            }
            for line in missing.iter().take(LISTED) {
                writeln!(out, "{:width$}    never reached: {line}", "")?;
            }
            if missing.len() > LISTED {
                writeln!(out, "{:width$}    and {} more", "", missing.len() - LISTED)?;
            }
        }
        Ok(totals)
    }

    fn print_json(&self, out: &mut dyn Write) -> io::Result<Totals> {
        #[derive(Serialize)]
        struct Record<'a> {
            id: &'a str,
            hits: u64,
            fields: Vec<Field>,
        }

        #[derive(Serialize)]
        struct Field {
            path: String,
            start: usize,
            end: usize,
            hits: u64,
            alternatives: Vec<Alternative>,
        }

        #[derive(Serialize)]
        struct Alternative {
            text: String,
            start: usize,
            end: usize,
            hits: u64,
        }

        let mut totals = Totals::default();
        for (rule, id) in self.ids() {
            let hits = self.coverage.hits(rule);
            count(&mut totals.rules, hits);
            let mut fields = Vec::new();
            for field in self.decomposition.fields(rule).iter().filter(|field| field.is_in_play()) {
                let hits = self.coverage.hits(field.id());
                count(&mut totals.fields, hits);
                let alternatives = field.alternatives().map(|alternative| {
                    let (span, hits) = (alternative.span(), self.coverage.hits(alternative.id()));
                    count(&mut totals.alternatives, hits);
                    let text = self.decomposition.text(alternative);
                    Alternative { text, start: span.start, end: span.end, hits }
                });
                let (path, span, alternatives) = (field.path(), field.span(), alternatives.collect());
                fields.push(Field { path, start: span.start, end: span.end, hits, alternatives });
            }
            json_line(out, &Record { id, hits, fields })?;
        }
        Ok(totals)
    }
}
