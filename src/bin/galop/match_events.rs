//! `galop match`: prints the rules that each event matches.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use galop::RuleId;

use crate::event_file::EventPlace;
use crate::hits::Shown;
use crate::output::{Format, json_string, word};
use crate::pattern_options::rule_files;
use crate::pipeline::{Answer, Batch};
use crate::stream::{Refusal, Stream, StreamOptions, event_files};
use crate::unwrap::wrappers;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop match --rules rules.jsonl events.ndjson.gz
  galop match -r more.jsonl -r rules/ --count --hide-zero events/
  galop match -r '{\"source\":[\"aws.ec2\"]}' events.json
  tail -f events.ndjson | galop match -r rules.jsonl --only-matched
  galop match -r rules.jsonl --format json events.json | jq 'select(.rules | index(\"my-rule\"))'

",
    rule_files!(),
    "

",
    event_files!(),
    "

",
    wrappers!(),
    "

Human output is the place, a colon and the ids of the matching rules, separated by spaces; an id that holds a \
space, a quote or a control character is written as a JSON string. JSON output is one object for each \
event, {\"file\",\"line\",\"event\",\"offset\",\"rules\":[…]}, or \
{\"file\",\"line\",\"event\",\"offset\",\"error\":{\"code\",\"offset\",\"message\"}} for one that is refused: event \
is the number of the event in its file, from one, offset the number of bytes before it in the decompressed \
file. The offset of an error counts bytes of the event, and is null where there is no place. \
Refused events are reported on standard error as well, and so are the totals, unless --count has them. \
Ctrl-C ends the run and prints what was counted so far.

Exit codes: 0 an event matched, 1 none did, 2 trouble, 130 after Ctrl-C. A refused event is trouble only with \
--fail-fast or --deny-rejected, a refused rule unless there is --skip-bad-rules."
);

#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    #[command(flatten)]
    pub(crate) stream: StreamOptions,
    /// Print no line for an event that matches no rule
    #[arg(long)]
    pub(crate) only_matched: bool,
    /// Print how many events each rule matches, most first, and totals
    #[arg(short, long, conflicts_with = "only_matched")]
    pub(crate) count: bool,
    /// With --count, leave out the rules that no event matches
    #[arg(long, requires = "count")]
    pub(crate) hide_zero: bool,
    /// With --count, print only the first N rules
    #[arg(long, value_name = "N", requires = "count")]
    pub(crate) top: Option<usize>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &MatchArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    // Progress is hidden if the lines of the output go to a terminal, because the two would mix.
    let progress_wanted = args.count || !io::stdout().is_terminal();
    let mut stream = Stream::start(&args.stream, &[], progress_wanted)?;
    let mut printer = Printer::new(args, &stream.ids);
    stream.run(out, |out, batch, answer| Ok(printer.print(out, batch, answer)?))?;
    let totals = stream.totals();
    let shown = Shown { hide_zero: args.hide_zero, top: args.top.unwrap_or(usize::MAX) };
    match (args.count, args.format) {
        (true, Format::Human) => stream.hits.print_table(out, &stream.ids, &totals, shown)?,
        (true, Format::Json) => stream.hits.print_json(out, &stream.ids, &totals, shown)?,
        (false, _) => stream.note_totals(&totals.line()),
    }
    Ok(stream.end(totals.matched > 0))
}

/// Prints a line for each event.
struct Printer<'a> {
    args: &'a MatchArgs,
    /// The ids in their printed form.
    ids: Vec<String>,
    line: Vec<u8>,
}

impl<'a> Printer<'a> {
    fn new(args: &'a MatchArgs, ids: &[String]) -> Printer<'a> {
        let form = match args.format {
            Format::Human => word,
            Format::Json => json_string,
        };
        let ids = if args.count { Vec::new() } else { ids.iter().map(|id| form(id)).collect() };
        Printer { args, ids, line: Vec::new() }
    }

    fn print(&mut self, out: &mut dyn Write, batch: &Batch, answer: &Answer<'_>) -> io::Result<()> {
        let wanted = match answer.rules {
            Ok(rules) => !(self.args.only_matched && rules.is_empty()),
            Err(_) => self.args.format == Format::Json,
        };
        if !wanted || self.args.count {
            return Ok(());
        }
        self.line.clear();
        match (self.args.format, answer.rules) {
            (Format::Human, Ok(rules)) => {
                write!(self.line, "{}:{}:", batch.label, answer.place)?;
                self.ids(rules, b" ", b" ");
            }
            (Format::Json, Ok(rules)) => {
                let EventPlace { line, offset, .. } = answer.place;
                let (file, number) = (json_string(&batch.label), answer.number);
                write!(
                    self.line,
                    "{{\"file\":{file},\"line\":{line},\"event\":{number},\"offset\":{offset},"
                )?;
                self.line.extend_from_slice(b"\"rules\":[");
                self.ids(rules, b"", b",");
                self.line.extend_from_slice(b"]}");
            }
            (_, Err(error)) => return Refusal { batch, answer, error }.print_json(out),
        }
        self.line.push(b'\n');
        out.write_all(&self.line)
    }

    fn ids(&mut self, rules: &[RuleId], first: &[u8], next: &[u8]) {
        for (index, rule) in rules.iter().enumerate() {
            self.line.extend_from_slice(if index == 0 { first } else { next });
            self.line.extend_from_slice(self.ids[rule.as_usize()].as_bytes());
        }
    }
}
