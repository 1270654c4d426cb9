//! `galop match`: prints the rules that each event matches.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;
use std::time::Instant;

use clap::Args;
use galop::{EventError, EventLimits, RuleId};
use serde::Serialize;

use crate::event_file::EVENT_LIMIT;
use crate::hits::{Hits, Totals};
use crate::output::{Count, Format, complain, json_line, json_string, note, word};
use crate::pattern_options::{PatternOptions, rule_files};
use crate::pipeline::{Answer, Batch, Pipeline};
use crate::progress::Progress;
use crate::rules::{self, Rules};
use crate::source::{self, Source};
use crate::{Ending, Failure};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop match --rules rules.jsonl events.ndjson.gz
  galop match -r rules/ --count events/
  tail -f events.ndjson | galop match -r rules.jsonl --only-matched
  galop match -r rules.jsonl --format json events.json | jq 'select(.rules | index(\"my-rule\"))'

",
    rule_files!(),
    "

Events, plain or compressed with gzip or zstd, are JSON lines, a JSON array, or JSON objects over \
several lines, from files, directories of them, or standard input. Input of any length takes little \
memory. An event may have up to 64 MiB.

Human output is FILE:LINE: and the ids of the matching rules, separated by spaces; an id that holds a \
space, a quote or a control character is written as a JSON string. JSON output is one object for each \
event, {\"file\",\"line\",\"rules\":[…]}, or {\"file\",\"line\",\"error\":{\"code\",\"offset\",\"message\"}} for one \
that is refused. The line is the one where the event begins; offsets count bytes of the event, and are \
null where there is no place. \
Refused events are reported on standard error as well, and so are the totals, unless --count has them.

Exit codes: 0 an event matched, 1 none did, 2 trouble. A refused event is trouble only with \
--fail-fast, a refused rule unless there is --skip-bad-rules."
);

#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    /// File or directory of rules; may be repeated
    #[arg(short, long, required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Files of events, directories of them, or - for standard input, which is also the default
    #[arg(value_name = "EVENTS")]
    pub(crate) events: Vec<PathBuf>,
    /// Print no line for an event that matches no rule
    #[arg(long)]
    pub(crate) only_matched: bool,
    /// Print how many events each rule matches, most first, and totals
    #[arg(short, long, conflicts_with = "only_matched")]
    pub(crate) count: bool,
    /// Number of matching threads; default: one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Stop at the first event that is refused
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Assume that events are valid JSON, and skip checks of values on paths that no rule names
    #[arg(long)]
    pub(crate) trusted: bool,
    /// Assume that the names in every object are distinct and have no dots; with --trusted, reading
    /// an event then ends when all paths are found
    #[arg(long)]
    pub(crate) distinct_names: bool,
    /// Go on without the rules that are refused
    #[arg(long)]
    pub(crate) skip_bad_rules: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &MatchArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let sources = if args.events.is_empty() { vec![Source::stdin()] } else { source::find(&args.events)? };
    let reads_stdin = |paths: &[PathBuf]| paths.iter().any(|path| path.as_os_str() == "-");
    if reads_stdin(&args.rules) && (args.events.is_empty() || reads_stdin(&args.events)) {
        return Err(Failure::Input("standard input cannot be the rules and the events".to_owned()));
    }
    let rules = rules::read(&args.rules, args.patterns.limits())?;
    accept(&rules, args.skip_bad_rules)?;
    let mut builder = args.patterns.builder();
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    builder.event_limits(limits).trusted(args.trusted).distinct_names(args.distinct_names);
    let matcher = builder.build(&rules.set).map_err(|error| {
        let rule = error.rule().map(|rule| format!("rule {}: ", word(&rules.accepted[rule.as_usize()].id)));
        Failure::Input(format!("{}{error}", rule.unwrap_or_default()))
    })?;
    // Only the ids are kept, because the texts of the patterns can be large.
    let ids: Vec<String> = rules.accepted.into_iter().map(|rule| rule.id).collect();

    let jobs = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let start = Instant::now();
    let consumed = Arc::new(AtomicU64::new(0));
    // Progress is hidden if the lines of the output go to a terminal, because the two would mix.
    let progress_wanted = !args.no_progress && (args.count || !io::stdout().is_terminal());
    let progress = Progress::start(&sources, &consumed, progress_wanted);
    let mut pipeline = Pipeline::start(matcher, sources, jobs, consumed);
    let mut printer = Printer::new(args, &ids);
    let mut hits = Hits::new(ids.len());
    let mut ending = None;
    'input: while let Some(batch) = pipeline.next() {
        for answer in batch.answers() {
            hits.add(&answer);
            printer.print(out, &batch, &answer)?;
            if let Err(error) = answer.rules {
                let report = Refusal { batch: &batch, answer: &answer, error };
                progress.suspend(|| note(report.line()));
                if args.fail_fast {
                    ending = Some(Ending::Trouble);
                    break 'input;
                }
            }
        }
        if let Some(trouble) = &batch.trouble {
            progress.suspend(|| complain(format_args!("{}: {trouble}", batch.label)));
            ending = Some(Ending::Trouble);
        }
        // A reader of the pipe may wait for the results of this batch.
        out.flush()?;
        progress.update(hits.totals.events);
        pipeline.recycle(batch);
    }
    progress.finish();
    let totals = Totals { elapsed: start.elapsed(), ..hits.totals };
    match (args.count, args.format) {
        (true, Format::Human) => hits.print_table(out, &ids, &totals)?,
        (true, Format::Json) => hits.print_json(out, &ids, &totals)?,
        (false, _) => note(totals.line()),
    }
    Ok(ending.unwrap_or(if totals.matched > 0 { Ending::Yes } else { Ending::No }))
}

/// Reports the refused rules. Returns an error if a file is unreadable, if no rule is accepted, or
/// if rules are refused and `skip_refused` is false.
pub(crate) fn accept(rules: &Rules, skip_refused: bool) -> Result<(), Failure> {
    for refusal in &rules.refusals {
        note(refusal);
    }
    let Rules { refused, disabled, schedules, .. } = *rules;
    if rules.unreadable > 0 {
        return Err(Failure::Input("some rules cannot be read".to_owned()));
    }
    if refused > 0 && !skip_refused {
        return Err(Failure::Input(format!(
            "{refused} of {} refused (--skip-bad-rules goes on without)",
            Count(rules.len(), "rule", "rules")
        )));
    }
    if rules.accepted.is_empty() {
        return Err(Failure::Input("there is no rule to match".to_owned()));
    }
    if refused > 0 {
        complain(format_args!("going on without {}", Count(refused, "rule", "rules")));
    }
    if disabled > 0 {
        complain(format_args!("{} included", Count(disabled, "disabled rule", "disabled rules")));
    }
    if schedules > 0 {
        let schedules = Count(schedules, "schedule", "schedules");
        complain(format_args!("{schedules} without event pattern left out"));
    }
    Ok(())
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
                write!(self.line, "{}:{}:", batch.label, answer.line)?;
                self.ids(rules, b" ", b" ");
            }
            (Format::Json, Ok(rules)) => {
                write!(self.line, "{{\"file\":{},\"line\":{},", json_string(&batch.label), answer.line)?;
                self.line.extend_from_slice(b"\"rules\":[");
                self.ids(rules, b"", b",");
                self.line.extend_from_slice(b"]}");
            }
            (_, Err(error)) => return json_line(out, &Refusal { batch, answer, error }.record()),
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

/// A refused event.
struct Refusal<'a> {
    batch: &'a Batch,
    answer: &'a Answer<'a>,
    error: &'a EventError,
}

impl Refusal<'_> {
    fn line(&self) -> String {
        let Refusal { batch, answer, error } = self;
        let mut line =
            format!("{}:{}: event refused[{}]: {}", batch.label, answer.line, error.code(), error.kind());
        let Some(offset) = error.offset() else { return line };
        line += &format!(" at byte {offset}");
        let before = &answer.event[..offset.min(answer.event.len())];
        let breaks = memchr::memchr_iter(b'\n', before).count() as u64;
        if breaks > 0 {
            line += &format!(", on line {} of the file", answer.line + breaks);
        }
        line
    }

    fn record(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Record<'a> {
            file: &'a str,
            line: u64,
            error: Error,
        }

        #[derive(Serialize)]
        struct Error {
            code: &'static str,
            offset: Option<usize>,
            message: String,
        }

        Record {
            file: &self.batch.label,
            line: self.answer.line,
            error: Error {
                code: self.error.code(),
                offset: self.error.offset(),
                message: self.error.kind().to_string(),
            },
        }
    }
}
