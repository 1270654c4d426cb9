//! `galop test-pattern`: matches one event with one pattern, like `aws events test-event-pattern`.

use std::io::{self, Write};

use clap::Args;
use galop::error::Span;
use galop::{EventError, Pattern, PatternError, RuleSet, Scratch};
use serde::Serialize;

use crate::color::Painter;
use crate::output::{Format, json_line};
use crate::pattern_options::PatternOptions;
use crate::pattern_text::{PatternText, Place};
use crate::rule_entry::{Entry, Fault};
use crate::rule_file;
use crate::source::Source;
use crate::template::Defines;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop test-pattern --event-pattern '{\"source\":[\"aws.ec2\"]}' --event '{\"source\":\"aws.ec2\"}'
  galop test-pattern --event-pattern file://pattern.json --event event.json
  aws events describe-rule --name my-rule | galop test-pattern --event-pattern - --event event.json

The pattern can also be a rule, as in the files of rules of the other commands: {\"id\",\"pattern\"}, or \
{\"Name\",\"EventPattern\"} as the AWS CLI prints it.

Unlike the service, this asks for no envelope: the event needs no id, account, source, time, region \
or detail-type.

JSON output is {\"matches\":true} or {\"matches\":false}, or \
{\"error\":{\"of\",\"code\",\"message\",\"start\",\"end\",\"help\"}}, where of is pattern or event, and start and end \
are bytes of its text, or null.

Exit codes: 0 whatever the result, 2 if the pattern or the event is refused.";

#[derive(Debug, Args)]
pub(crate) struct TestPatternArgs {
    /// The pattern: JSON text that begins with {, a file, file://PATH, or - for standard input
    #[arg(long, value_name = "PATTERN")]
    pub(crate) event_pattern: String,
    /// The event: JSON text that begins with {, a file, file://PATH, or - for standard input
    #[arg(long)]
    pub(crate) event: String,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The maximum size of a pattern or an event in bytes.
const LIMIT: u64 = 64 << 20;

pub(crate) fn run(args: &TestPatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    if args.event_pattern == "-" && args.event == "-" {
        return Err(Failure::Input("standard input cannot be the pattern and the event".to_owned()));
    }
    let (source, text) = read(&args.event_pattern)?;
    let (_, event) = read(&args.event)?;
    let refused = |out: &mut dyn Write, record: Refusal, report: &str| {
        if args.format == Format::Json {
            record.print(out)?;
        }
        let report = Painter::stderr().paint(report);
        Err(Failure::Input(format!("the {} is refused\n{report}", record.of)))
    };
    let pattern = match pattern_text(&text, &source, &args.patterns.defines()) {
        Ok(pattern) => pattern,
        Err(Refused::Fault(fault)) => {
            let report = match &fault.report {
                Some(report) => report.0.clone(),
                None => format!("error[{}]: {}", fault.code, fault.message),
            };
            return refused(out, Refusal::of_fault(fault), &report);
        }
        Err(Refused::Many(count)) => {
            return Err(Failure::Input(format!(
                "{}: {count} rules where one pattern is expected; `galop match` takes several",
                source.label
            )));
        }
    };
    let mut rules = RuleSet::with_limits(args.patterns.limits());
    let added = Pattern::parse_with(&pattern.text, &args.patterns.limits())
        .and_then(|pattern| rules.add_pattern(pattern));
    if let Err(error) = added {
        let report = error.report(&pattern.text).to_string();
        return refused(out, Refusal::of_pattern(&error), &report);
    }
    let matcher = args.patterns.builder().build(&rules).map_err(|error| Failure::Input(error.to_string()))?;
    match matcher.is_match(&mut Scratch::new(), &event) {
        Ok(matches) => {
            match args.format {
                Format::Human => writeln!(out, "{{\n    \"Result\": {matches}\n}}")?,
                Format::Json => json_line(out, &serde_json::json!({ "matches": matches }))?,
            }
            Ok(Ending::Yes)
        }
        Err(error) => {
            let report = error.report(&event).to_string();
            refused(out, Refusal::of_event(&error), &report)
        }
    }
}

/// Returns the source that an argument names, and its text.
fn read(argument: &str) -> Result<(Source, Vec<u8>), Failure> {
    let source = Source::one(argument);
    let text = source.read(LIMIT).map_err(|report| Failure::Report(report.text(&source.label)))?;
    Ok((source, text))
}

/// The reason why a text is not one pattern.
enum Refused {
    Fault(Fault),
    /// The number of rules.
    Many(usize),
}

/// Returns the pattern of a text that is a pattern or a rule.
fn pattern_text(text: &[u8], source: &Source, defines: &Defines) -> Result<PatternText, Refused> {
    let mut entries = rule_file::read(text, &source.label, &source.stem, defines);
    match (entries.len(), entries.pop()) {
        (1, Some(Entry::Rule(rule))) => Ok(rule.pattern),
        // The library reports a fault of the JSON text with its place, and that an empty text ends too early.
        (1, Some(Entry::Fault(Fault { report: Some(_), .. }))) | (0, _)
            if std::str::from_utf8(text).is_ok() =>
        {
            let place = Place { line: 1, column: 1 };
            Ok(PatternText::plain(&String::from_utf8_lossy(text), &source.label, place))
        }
        (0, _) => Err(Refused::Many(0)),
        (1, Some(Entry::Fault(fault) | Entry::Cut(fault))) => Err(Refused::Fault(fault)),
        (count, _) => Err(Refused::Many(count)),
    }
}

/// A refused pattern or event, for programs.
struct Refusal {
    of: &'static str,
    code: &'static str,
    message: String,
    span: Option<Span>,
    help: Option<String>,
}

impl Refusal {
    fn of_fault(fault: Fault) -> Refusal {
        Refusal { of: "pattern", code: fault.code, message: fault.message, span: None, help: fault.help }
    }

    fn of_pattern(error: &PatternError) -> Refusal {
        let message = error.kind().to_string();
        Refusal { of: "pattern", code: error.code(), message, span: Some(error.span()), help: error.help() }
    }

    fn of_event(error: &EventError) -> Refusal {
        let span = error.offset().map(|offset| Span::new(offset, offset));
        Refusal { of: "event", code: error.code(), message: error.kind().to_string(), span, help: None }
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Record<'a> {
            error: Error<'a>,
        }

        #[derive(Serialize)]
        struct Error<'a> {
            of: &'a str,
            code: &'a str,
            message: &'a str,
            start: Option<usize>,
            end: Option<usize>,
            help: Option<&'a str>,
        }

        let error = Error {
            of: self.of,
            code: self.code,
            message: &self.message,
            start: self.span.map(|span| span.start),
            end: self.span.map(|span| span.end),
            help: self.help.as_deref(),
        };
        json_line(out, &Record { error })
    }
}
