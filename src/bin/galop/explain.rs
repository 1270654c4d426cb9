//! `galop explain`: why an event matches rules, or does not.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use galop::explain::{Explainer, Observation, Style};
use galop::{RuleId, RuleSet};

use crate::archive::ArchiveOptions;
use crate::color::{Painter, explanation_style};
use crate::each_event::each_event;
use crate::event_file::EventPlace;
use crate::output::{Count, Format, complain, json_line, json_string, note, word};
use crate::pattern_options::rule_files;
use crate::refused_event::RefusedEvent;
use crate::rule_choice::chosen;
use crate::source::{self, Source};
use crate::unwrap::{self, Text, wrappers};
use crate::{Ending, Failure, silent};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop explain --rules rules.jsonl --rule stopped-instances event.json
  galop explain -r rules/ '{\"source\":\"aws.ec2\"}'
  galop explain -r rules.jsonl --format json events.jsonl | jq 'select(.matches | not)'
  galop explain --silent -r rules/ archive/

",
    rule_files!(),
    "

",
    wrappers!(),
    "

Without --rule, the matching rules are listed, and the nearest of the others are explained: those with \
the fewest failing fields. JSON output is one object for each rule and event, with id, file, event, line, \
matches, failing, fields, choices and traps. A field has path, status, holds, found and others; the \
documentation of the library has them all.

With --silent, the rules that no event matches are listed, those that nearly match first. For each field, \
`failed` counts the nearest events that the field failed for, `holds` the events of the archive that \
satisfy it.

Exit codes: 0 every event matches all rules asked for by --rule (without it: a rule), 1 not, 2 trouble. \
With --silent: 0 every rule matched, 1 not, 2 trouble."
);

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Explain the rule with this id; may be repeated; default: all rules
    #[arg(long = "rule", value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// The event: JSON text that begins with {, files of events, directories of them, or - for
    /// standard input, which is also the default
    #[arg(value_name = "EVENT")]
    pub(crate) events: Vec<String>,
    /// Read an archive of events, and list the rules that no event matches
    #[arg(long)]
    pub(crate) silent: bool,
    /// Explain at most N rules of an event that do not match
    #[arg(long, value_name = "N", default_value_t = 5, conflicts_with_all = ["ids", "silent"])]
    pub(crate) top: usize,
    #[command(flatten)]
    pub(crate) archive: ArchiveOptions,
}

pub(crate) fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let files: Vec<PathBuf> = args.events.iter().filter(|event| !is_text(event)).map(PathBuf::from).collect();
    if args.events.is_empty() || !files.is_empty() {
        source::check_stdin(&args.archive.rules, &files)?;
    }
    let rules = args.archive.read_rules()?;
    let asked = chosen(&rules, &args.ids)?;
    if args.silent {
        if files.len() < args.events.len() {
            return Err(Failure::Input("--silent reads files of events".to_owned()));
        }
        return silent::run((&rules, &asked), &files, &args.archive, out);
    }
    // Only the asked rules are compiled, in the order in which they were asked for.
    let set: RuleSet = asked.iter().filter_map(|rule| rules.set.get(*rule).cloned()).collect();
    let ids = asked.iter().map(|rule| rules.accepted[rule.as_usize()].id.as_str()).collect();
    let explainer = Explainer::new(&set).map_err(|error| Failure::Input(error.to_string()))?;
    let printer = Printer { args, ids, explainer: &explainer, style: explanation_style() };
    let mut result = Summary::default();
    for argument in &args.events {
        if is_text(argument) {
            let place = (&"<event>".into(), EventPlace::START);
            printer.events(out, place, (&mut 0, argument.as_bytes()), &mut result)?;
        } else {
            for source in source::find(&[PathBuf::from(argument)])? {
                printer.source(out, &source, &mut result)?;
            }
        }
    }
    if args.events.is_empty() {
        printer.source(out, &Source::stdin(), &mut result)?;
    }
    if result.events == 0 && !result.is_trouble {
        return Err(Failure::Input("there is no event".to_owned()));
    }
    Ok(match result {
        Summary { is_trouble: true, .. } => Ending::Trouble,
        Summary { misses: 0, .. } => Ending::Yes,
        _ => Ending::No,
    })
}

/// Returns true if an argument is the text of an event.
fn is_text(argument: &str) -> bool {
    argument.trim_start().starts_with('{')
}

/// The results of all events.
#[derive(Debug, Default)]
struct Summary {
    events: u64,
    /// The number of events that do not match as asked.
    misses: u64,
    is_trouble: bool,
}

struct Printer<'a> {
    args: &'a ExplainArgs,
    /// The ids of the rules of the explainer.
    ids: Vec<&'a str>,
    explainer: &'a Explainer,
    style: Style,
}

impl Printer<'_> {
    fn source(&self, out: &mut dyn Write, source: &Source, result: &mut Summary) -> Result<(), Failure> {
        let mut number = 0;
        let trouble = each_event(source, |_, place, event| {
            self.events(out, (&source.label, place), (&mut number, event), result)?;
            // A reader of a pipe may wait for the answer.
            out.flush()?;
            Ok(ControlFlow::Continue(()))
        })?;
        if let Some(trouble) = trouble {
            note(Painter::stderr().paint(&trouble.text(&source.label)));
            result.is_trouble = true;
        }
        Ok(())
    }

    /// Explains an event, or the records of a wrapper. `number` is the number of the event before.
    fn events(
        &self,
        out: &mut dyn Write,
        (file, at): (&Arc<str>, EventPlace),
        (number, event): (&mut u64, &[u8]),
        result: &mut Summary,
    ) -> io::Result<()> {
        let records = if self.args.archive.unwrap { unwrap::records(event, at, usize::MAX) } else { None };
        let Some(records) = records else {
            *number += 1;
            if *number == 1
                && !self.args.archive.unwrap
                && let Some(hint) = unwrap::hint(file, event)
            {
                complain(hint);
            }
            return self.event(out, &Place { file, number: *number, at, text: at }, event, result);
        };
        for record in records {
            *number += 1;
            let at = record.place;
            match &record.text {
                Text::Written(start, end) => {
                    let place = Place { file, number: *number, at, text: at };
                    self.event(out, &place, &event[*start..*end], result)?;
                }
                Text::Decoded(event) => {
                    let place = Place { file, number: *number, at, text: EventPlace::START };
                    self.event(out, &place, event, result)?;
                }
            }
        }
        Ok(())
    }

    fn event(
        &self,
        out: &mut dyn Write,
        place: &Place<'_>,
        event: &[u8],
        result: &mut Summary,
    ) -> io::Result<()> {
        result.events += 1;
        let Place { file, number, at, .. } = place;
        match self.explainer.observe(event) {
            Ok(observation) => {
                let mut matching = self.rules().filter(|(rule, _)| observation.matches(*rule));
                let is_match = if self.args.ids.is_empty() {
                    matching.next().is_some()
                } else {
                    matching.count() == self.ids.len()
                };
                result.misses += u64::from(!is_match);
                match self.args.archive.format {
                    Format::Human => self.print(out, place, &observation),
                    Format::Json => self.print_json(out, place, &observation),
                }
            }
            Err(error) => {
                result.is_trouble = true;
                note(format_args!("{file}:{at}: event refused"));
                note(error.report(event));
                match self.args.archive.format {
                    Format::Human => Ok(()),
                    Format::Json => json_line(out, &RefusedEvent::new(file, *number, *at, &error)),
                }
            }
        }
    }

    fn rules(&self) -> impl Iterator<Item = (RuleId, &str)> {
        self.ids.iter().enumerate().map(|(rule, id)| (RuleId::new(rule as u32), *id))
    }

    fn print(&self, out: &mut dyn Write, place: &Place<'_>, observation: &Observation<'_>) -> io::Result<()> {
        let Place { file, at, .. } = place;
        let (matching, mut others): (Vec<_>, Vec<_>) =
            self.rules().partition(|(rule, _)| observation.matches(*rule));
        // A rule that is asked for is explained even if it matches.
        let is_asked = !self.args.ids.is_empty() || self.ids.len() == 1;
        for &(rule, id) in &matching {
            if is_asked {
                self.explanation(out, place, observation, (rule, id))?;
            } else {
                writeln!(out, "{file}:{at}: {}: match", word(id))?;
            }
        }
        others.sort_by_cached_key(|(rule, _)| {
            (observation.failing(*rule), std::cmp::Reverse(observation.holding(*rule)))
        });
        let explained = if is_asked { others.len() } else { self.args.top.min(others.len()) };
        for &other in &others[..explained] {
            self.explanation(out, place, observation, other)?;
        }
        let rest = (others.len() - explained) as u64;
        if rest > 0 {
            let verb = if rest == 1 { "does" } else { "do" };
            writeln!(out, "{file}:{at}: {} {verb} not match either", Count(rest, "more rule", "more rules"))?;
        }
        Ok(())
    }

    fn explanation(
        &self,
        out: &mut dyn Write,
        Place { file, at, text, .. }: &Place<'_>,
        observation: &Observation<'_>,
        (rule, id): (RuleId, &str),
    ) -> io::Result<()> {
        let Some(explanation) = observation.explain(rule) else { return Ok(()) };
        let start = [text.line, text.column].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        write!(out, "{file}:{at}: {}: {}", word(id), explanation.rendering(self.style, start.into()))
    }

    fn print_json(
        &self,
        out: &mut dyn Write,
        Place { file, number, at, .. }: &Place<'_>,
        observation: &Observation<'_>,
    ) -> io::Result<()> {
        let (file, line, offset) = (json_string(file), at.line, at.offset);
        for (rule, id) in self.rules() {
            let Some(explanation) = observation.explain(rule) else { continue };
            let json = explanation.to_json();
            let members = json.strip_prefix('{').unwrap_or(&json);
            let id = json_string(id);
            writeln!(
                out,
                "{{\"id\":{id},\"file\":{file},\"event\":{number},\"line\":{line},\"offset\":{offset},{members}"
            )?;
        }
        Ok(())
    }
}

/// The place of an event: its file, its number there, and where it begins.
struct Place<'a> {
    file: &'a str,
    number: u64,
    at: EventPlace,
    /// The place from which places inside the event count.
    text: EventPlace,
}
