//! `galop explain --silent`: the rules of a set that no event of an archive matches.

use std::io::{self, Write};
use std::path::PathBuf;

use galop::RuleId;
use galop::explain::{Coverage, Decomposition, FieldPart, Nearest};
use serde::Serialize;

use crate::archive::{self, ArchiveOptions, Place};
use crate::output::{Count, Format, json_line, note, table, word};
use crate::rules::Rules;
use crate::{Ending, Failure};

/// The maximum number of fields of a rule that are listed for people.
const LISTED: usize = 10;

pub(crate) fn run(
    (rules, wanted): (&Rules, &[RuleId]),
    events: &[PathBuf],
    options: &ArchiveOptions,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    let decomposition =
        Decomposition::of_fields(&rules.set).map_err(|error| Failure::Input(error.to_string()))?;
    let archive = archive::read(events, &decomposition, options)?;
    let coverage = &archive.coverage;
    let mut silent: Vec<RuleId> = wanted.iter().copied().filter(|rule| coverage.hits(*rule) == 0).collect();
    // The rules that nearly match first. A rule without any field that held is the last.
    silent.sort_by_key(|rule| coverage.nearest(*rule).map_or(usize::MAX, |nearest| nearest.failing));
    for &rule in &silent {
        let report =
            Report { decomposition: &decomposition, coverage, rule, id: &rules.accepted[rule.as_usize()].id };
        match options.format {
            Format::Human => report.print(out)?,
            Format::Json => report.print_json(out)?,
        }
    }
    let summary = format!(
        "{} of {} never matched; {}, {} rejected",
        silent.len(),
        Count(wanted.len() as u64, "rule", "rules"),
        Count(coverage.events(), "event", "events"),
        archive.rejected,
    );
    match options.format {
        Format::Human => writeln!(out, "{summary}")?,
        Format::Json => note(summary),
    }
    Ok(archive.end(silent.is_empty()))
}

struct Report<'a> {
    decomposition: &'a Decomposition,
    coverage: &'a Coverage<'a, Place>,
    rule: RuleId,
    id: &'a str,
}

impl Report<'_> {
    /// Returns the fields that count, each with its failures among the nearest events. The fields
    /// that failed most often are first.
    fn fields(&self) -> Vec<(&FieldPart, u64)> {
        let nearest = self.coverage.nearest(self.rule);
        let fields = self.decomposition.fields(self.rule).iter().enumerate();
        let mut rows: Vec<(&FieldPart, u64)> = fields
            .filter(|(_, field)| field.is_in_play())
            .map(|(index, field)| (field, nearest.map_or(0, |nearest| nearest.failed()[index])))
            .collect();
        rows.sort_by_key(|(field, failed)| (std::cmp::Reverse(*failed), self.coverage.hits(field.id())));
        rows
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let id = word(self.id);
        let fields = self.fields();
        match self.coverage.nearest(self.rule) {
            None => writeln!(out, "{id}: no event satisfies any of its fields")?,
            Some(Nearest { place: Place { file, event }, failing: 0, events, .. }) => writeln!(
                out,
                "{id}: its fields hold one by one, but not together; {}, first {file}:{event}",
                Count(*events, "event", "events"),
            )?,
            Some(Nearest { place: Place { file, event }, failing, events, .. }) => {
                let verb = if *failing == 1 { "fails" } else { "fail" };
                writeln!(
                    out,
                    "{id}: {} {verb} in the nearest {}, first {file}:{event}",
                    Count(*failing as u64, "field", "fields"),
                    Count(*events, "event", "events"),
                )?;
            }
        }
        let row = |(field, failed): &(&FieldPart, u64)| {
            let hits = self.coverage.hits(field.id());
            ([*failed, hits], format!("{} {}", word(&field.path()), self.wanted(field)))
        };
        let rows: Vec<_> = fields.iter().take(LISTED).map(row).collect();
        table(out, ["failed", "holds"], &rows, "field")?;
        if fields.len() > LISTED {
            writeln!(out, "and {} more", fields.len() - LISTED)?;
        }
        writeln!(out)
    }

    /// Returns the first alternatives of a field.
    fn wanted(&self, field: &FieldPart) -> String {
        const WIDTH: usize = 60;
        let mut texts = String::from("[");
        for (index, alternative) in field.alternatives().enumerate() {
            if texts.len() > WIDTH {
                texts += ",…";
                break;
            }
            texts += if index > 0 { "," } else { "" };
            texts.extend(self.decomposition.text(alternative).chars().take(WIDTH));
        }
        texts + "]"
    }

    fn print_json(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Record<'a> {
            id: &'a str,
            hits: u64,
            events: u64,
            nearest: Option<Near<'a>>,
            fields: Vec<Field>,
        }

        #[derive(Serialize)]
        struct Near<'a> {
            file: &'a str,
            line: u64,
            failing: usize,
            events: u64,
        }

        #[derive(Serialize)]
        struct Field {
            path: String,
            start: usize,
            end: usize,
            holds: u64,
            failed: u64,
        }

        let near =
            |Nearest { place, failing, events, .. }: &'_ Nearest<Place>| (place.clone(), *failing, *events);
        let nearest = self.coverage.nearest(self.rule).map(near);
        let field = |(field, failed): (&FieldPart, u64)| Field {
            path: field.path(),
            start: field.span().start,
            end: field.span().end,
            holds: self.coverage.hits(field.id()),
            failed,
        };
        json_line(
            out,
            &Record {
                id: self.id,
                hits: 0,
                events: self.coverage.events(),
                nearest: nearest.as_ref().map(|(place, failing, events)| Near {
                    file: &place.file,
                    line: place.event.line,
                    failing: *failing,
                    events: *events,
                }),
                fields: self.fields().into_iter().map(field).collect(),
            },
        )
    }
}
