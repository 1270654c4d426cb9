//! `galop transform`: what a target gets for events, by an input transformer, an input path or a
//! constant input.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::color::Painter;
use crate::each_event::each_record;
use crate::output::{Format, Report, complain, json_line, note};
use crate::source::{self, Source};
use crate::text_fault::TextFault;
use crate::transform::{InputPaths, Of, Reserved, Target, TransformError, Transformer};
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop transform --input-paths '{\"state\":\"$.detail.state\"}' --template '\"now <state>\"' events.jsonl
  galop transform --input-paths paths.json --template template.json --rule-name stopped events.jsonl
  aws events list-targets-by-rule --rule r | galop transform --target - events.jsonl

The paths and the template have the syntax of EventBridge. A template is JSON, or strings in quotation marks. \
A variable in the place of a value becomes JSON: {\"state\":<state>}. A variable in a string becomes text. \
The variables of the service are <aws.events.rule-arn>, <aws.events.rule-name>, \
<aws.events.event.ingestion-time>, <aws.events.event> (without the detail) and <aws.events.event.json>.

As in the service, values in strings are not escaped: an output that is no JSON for this reason is refused. \
A path that an event does not have is an empty string. A path with a wildcard is a list.

JSON output is an object {\"output\"} with the text on a line for each event, or \
{\"error\":{\"of\",\"code\",\"message\",\"start\",\"end\",\"help\"}}, where of is input-paths, template, target or event, \
and start and end are bytes of its text.

Exit codes: 0 every event has its output, 2 an event, the template or a path is refused.";

#[derive(Debug, Args)]
pub(crate) struct TransformArgs {
    /// Variables and their paths: JSON text that begins with {, a file, or - for standard input
    #[arg(long, value_name = "PATHS", conflicts_with = "target")]
    pub(crate) input_paths: Option<String>,
    /// Template: text that begins with {, [, < or ", a file, or - for standard input
    #[arg(long, required_unless_present = "target")]
    pub(crate) template: Option<String>,
    /// Target with InputTransformer, InputPath or Input: JSON text that begins with {, a file, or -
    #[arg(long, conflicts_with = "template")]
    pub(crate) target: Option<String>,
    /// Value of <aws.events.rule-arn>
    #[arg(long, value_name = "ARN")]
    pub(crate) rule_arn: Option<String>,
    /// Value of <aws.events.rule-name>
    #[arg(long, value_name = "NAME")]
    pub(crate) rule_name: Option<String>,
    /// Value of <aws.events.event.ingestion-time>
    #[arg(long, value_name = "TIME")]
    pub(crate) ingestion_time: Option<String>,
    /// Files or directories of events; default: standard input
    #[arg(value_name = "EVENTS")]
    pub(crate) events: Vec<PathBuf>,
    /// Take the records of wrappers such as {"Records":[…]} as events
    #[arg(long)]
    pub(crate) unwrap: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The maximum size of a template, paths or a target in bytes. A template has at most 8,192 characters.
const LIMIT: u64 = 1 << 20;

/// A text of the arguments, and its name in reports.
#[derive(Debug)]
struct Text {
    name: String,
    text: String,
}

/// The texts of the arguments.
#[derive(Debug, Default)]
struct Texts {
    paths: Option<Text>,
    template: Option<Text>,
    target: Option<Text>,
}

pub(crate) fn run(args: &TransformArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    check_stdin(args)?;
    let read =
        |argument: &Option<String>, name| argument.as_deref().map(|text| Text::read(text, name)).transpose();
    let texts = Texts {
        paths: read(&args.input_paths, "<input paths>")?,
        template: read(&args.template, "<template>")?,
        target: read(&args.target, "<target>")?,
    };
    let reserved = Reserved {
        rule_arn: args.rule_arn.as_deref(),
        rule_name: args.rule_name.as_deref(),
        ingestion_time: args.ingestion_time.as_deref(),
    };
    let target = texts.target().and_then(|target| match target.unset(&reserved) {
        Some(error) => Err(error.with_help(OPTIONS)),
        None => Ok(target),
    });
    let target = match target {
        Ok(target) => target,
        Err(error) => {
            let (of, fault) = fault(error);
            if args.format == Format::Json {
                json_line(out, &fault.record(of))?;
            }
            let text = texts.of(of);
            return Err(text.map_or_else(
                || Failure::Input(fault.message.clone()),
                |text| fault.failure(&text.name, &text.text),
            ));
        }
    };
    let mut run = Run { args, texts, target, reserved, out, refused: 0 };
    for source in event_sources(&args.events)? {
        run.source(&source)?;
    }
    Ok(if run.refused == 0 { Ending::Yes } else { Ending::Trouble })
}

const OPTIONS: &str = "give it with --rule-arn, --rule-name or --ingestion-time";

/// The state of a run.
struct Run<'a> {
    args: &'a TransformArgs,
    texts: Texts,
    target: Target,
    reserved: Reserved<'a>,
    out: &'a mut dyn Write,
    /// The number of events without output, and of sources that cannot be read to their ends.
    refused: u64,
}

impl Run<'_> {
    fn source(&mut self, source: &Source) -> Result<(), Failure> {
        let mut written = Ok(());
        let report = each_record(source, self.args.unwrap, |place, event| {
            written = self.event(&source.label, place.line, event);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        written?;
        if let Some(report) = report {
            self.refused += 1;
            self.out.flush()?;
            note(Painter::stderr().paint(&report.text(&source.label)));
        }
        Ok(())
    }

    fn event(&mut self, file: &str, line: u64, event: &[u8]) -> Result<(), Failure> {
        let error = match self.target.apply(event, &self.reserved) {
            Ok(output) => {
                match self.args.format {
                    Format::Human => writeln!(self.out, "{output}")?,
                    Format::Json => json_line(self.out, &Record { output: &output })?,
                }
                return Ok(());
            }
            Err(error) => error,
        };
        self.refused += 1;
        let (of, fault) = fault(error);
        if self.args.format == Format::Json {
            json_line(self.out, &fault.record(of))?;
        }
        self.out.flush()?;
        let report = match self.texts.of(of) {
            Some(text) => fault.report(&text.name, &text.text),
            None => fault.report("<event>", &String::from_utf8_lossy(event)),
        };
        complain(format_args!("{file}:{line}: the event has no output"));
        note(Painter::stderr().paint(&report));
        Ok(())
    }
}

/// The output for an event, for programs.
#[derive(Serialize)]
struct Record<'a> {
    output: &'a str,
}

/// Returns an error if standard input is named twice.
fn check_stdin(args: &TransformArgs) -> Result<(), Failure> {
    let texts = [&args.input_paths, &args.template, &args.target];
    let stdin = texts.into_iter().filter(|text| text.as_deref() == Some("-")).count();
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    let events =
        usize::from(args.events.is_empty()) + args.events.iter().filter(|path| is_stdin(path)).count();
    if stdin > 0 && stdin + events > 1 {
        let message = "standard input cannot be two of the paths, the template, the target and the events";
        return Err(Failure::Input(message.to_owned()));
    }
    Ok(())
}

fn event_sources(events: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    if events.is_empty() { Ok(vec![Source::stdin()]) } else { source::find(events) }
}

impl Text {
    /// Reads a text of the command line, or the file that it names.
    fn read(argument: &str, name: &str) -> Result<Text, Failure> {
        let begins = |text: &str| text.trim_start().starts_with(['{', '[', '<', '"']);
        if argument != "-" && begins(argument) && !Path::new(argument).exists() {
            return Ok(Text { name: name.to_owned(), text: argument.to_owned() });
        }
        let source = Source::one(argument);
        let fail = |report: Report| Failure::Report(report.text(&source.label));
        let text = source.read(LIMIT).map_err(|report| {
            let is_file = source.path().is_some_and(Path::exists);
            let help = "a text on the command line begins with {, [, < or \"";
            fail(if is_file || argument == "-" { report } else { report.with_help(help) })
        })?;
        let text =
            String::from_utf8(text).map_err(|_| fail(Report::new("invalid-utf8", "this is not UTF-8")))?;
        Ok(Text { name: source.label.to_string(), text })
    }
}

impl Texts {
    fn target(&self) -> Result<Target, TransformError> {
        if let Some(target) = &self.target {
            return Target::parse(target.text.as_bytes());
        }
        let paths = match &self.paths {
            Some(paths) => InputPaths::parse(paths.text.as_bytes())?,
            None => InputPaths::default(),
        };
        let template = self.template.as_ref().map_or("", |template| &template.text);
        // The line break at the end of a file is not a part of the template.
        Transformer::new(paths, template.trim_end_matches(['\r', '\n'])).map(Target::of)
    }

    /// Returns the text of a name.
    fn of(&self, of: &str) -> Option<&Text> {
        match of {
            "input-paths" => self.paths.as_ref(),
            "template" => self.template.as_ref(),
            "target" => self.target.as_ref(),
            _ => None,
        }
    }
}

/// Returns the fault of an error, and the name of its text.
fn fault(error: TransformError) -> (&'static str, TextFault) {
    let TransformError { of, code, message, span, help } = error;
    let of = match of {
        Of::InputPaths => "input-paths",
        Of::Template => "template",
        Of::Target => "target",
        Of::Event => "event",
    };
    (of, TextFault { code, message, span, help })
}
