//! Runs events through rules, for the commands that read events: options, progress, reports of refused
//! events and unreadable files, and the exit code.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use clap::Args;
use galop::{EventError, EventLimits, Matcher, Pattern, RuleSet};

use crate::color::Painter;
use crate::event_file::EVENT_LIMIT;
use crate::foreign::Foreign;
use crate::hits::{Hits, Totals};
use crate::interrupt::Interrupt;
use crate::judge::Judge;
use crate::output::{Count, complain, json_line, note};
use crate::pattern_options::PatternOptions;
use crate::pipeline::{Answer, Batch, Interrupted, Pipeline, threads};
use crate::prefilter::{Screen, Screened};
use crate::progress::Progress;
use crate::refused_event::RefusedEvent;
use crate::rule_choice::unknown;
use crate::rule_members::looks_like_rule;
use crate::rules::{self, Rules};
use crate::source::{self, Source};
use crate::unwrap;
use crate::{Ending, Failure};

/// The help on files of events, which commands share.
macro_rules! event_files {
    () => {
        "\
Events, plain or compressed with gzip or zstd, are JSON lines, a JSON array, or JSON objects one after the \
other or over several lines, from files, directories of files, or standard input. The files of a directory are \
those whose name ends in .json, .jsonl or .ndjson, also with .gz or .zst, and those whose content begins like \
JSON. Other files are listed and skipped; hidden files are left out. Only the events of a few batches are in \
memory at a time. An event may have up to 64 MiB.

The place of an event is FILE:LINE, where LINE is the line on which the event begins. If another event begins \
earlier on the line, the place is FILE:LINE:COLUMN, in bytes."
    };
}

pub(crate) use event_files;

/// The options of commands that run events through rules.
#[derive(Debug, Args)]
pub(crate) struct StreamOptions {
    /// File or directory of rules, or a pattern, which begins with {; for several, repeat the option:
    /// arguments without it are events
    #[arg(short, long, required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Files of events, directories of files, or - for standard input, the default
    #[arg(value_name = "EVENTS")]
    pub(crate) events: Vec<PathBuf>,
    /// Number of threads that match; default: one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Take the records of wrappers such as {"Records":[…]} as events
    #[arg(long)]
    pub(crate) unwrap: bool,
    /// Stop at the first event that is refused
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Exit with 2 if an event is refused
    #[arg(long)]
    pub(crate) deny_rejected: bool,
    /// Assume that events are valid JSON: skip checks of values on paths that no rule names, and
    /// with few rules skip events that lack the texts that every match needs
    #[arg(long)]
    pub(crate) trusted: bool,
    /// Assume that the names in every object are distinct and have no dots; with --trusted, reading
    /// an event then ends when all paths are found, so a line must hold one event, unless the first
    /// line of the file holds several
    #[arg(long)]
    pub(crate) distinct_names: bool,
    /// Go on without the rules that are refused
    #[arg(long)]
    pub(crate) skip_bad_rules: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Print no totals, progress and hints on standard error, only faults and skipped files
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
}

/// A running stream of events.
pub(crate) struct Stream<'a> {
    options: &'a StreamOptions,
    /// The ids of the rules, indexed by their ids in the set.
    pub(crate) ids: Arc<[String]>,
    pub(crate) hits: Hits,
    pipeline: Pipeline,
    progress: Progress,
    interrupt: Interrupt,
    start: Instant,
    ending: Option<Ending>,
    /// The source of the last batch.
    source: Option<Arc<str>>,
    /// The sources of events that look like rules.
    rule_files: Vec<Arc<str>>,
    /// The sources that are not JSON.
    foreign: Vec<(Arc<str>, Foreign)>,
}

impl<'a> Stream<'a> {
    /// Reads the rules and starts to read the events. `only` selects rules by their ids; all rules if
    /// empty.
    pub(crate) fn start(
        options: &'a StreamOptions,
        only: &[String],
        progress_wanted: bool,
    ) -> Result<Stream<'a>, Failure> {
        let sources = sources(options)?;
        let mut rules = read_rules(options, &options.rules)?;
        if !only.is_empty() {
            select(&mut rules, only, &options.patterns)?;
        }
        let matcher = compile(options, &rules)?;
        let judge = Screened { matcher, screen: screen(options, rules.patterns()) };
        // The texts of the patterns are dropped, because they can be large.
        let ids: Arc<[String]> = rules.accepted.into_iter().map(|rule| rule.id).collect();
        Ok(Stream::launch((options, sources), ids, Arc::new(judge), progress_wanted))
    }

    /// Starts to read the events. `ids` has the name of each id that the judge appends.
    pub(crate) fn launch(
        (options, sources): (&'a StreamOptions, Vec<Source>),
        ids: Arc<[String]>,
        judge: Arc<impl Judge>,
        progress_wanted: bool,
    ) -> Stream<'a> {
        let jobs = threads(options.jobs);
        let start = Instant::now();
        let consumed = Arc::new(AtomicU64::new(0));
        let progress_wanted = progress_wanted && !options.no_progress && !options.quiet;
        let progress = Progress::start(&sources, &consumed, progress_wanted);
        let interrupt = Interrupt::listen();
        let pipeline = Pipeline::start(judge, sources, (jobs, options.unwrap), consumed);
        let hits = Hits::new(ids.len());
        Stream {
            options,
            ids,
            hits,
            pipeline,
            progress,
            interrupt,
            start,
            ending: None,
            source: None,
            rule_files: Vec::new(),
            foreign: Vec::new(),
        }
    }

    /// Gives every answer to `each`, in the order of the events, and reports refused events. `each`
    /// gets the output as well; the output is flushed after each batch.
    pub(crate) fn run(
        &mut self,
        out: &mut dyn Write,
        mut each: impl FnMut(&mut dyn Write, &Batch, &Answer<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        loop {
            let batch = match self.pipeline.next(&self.interrupt) {
                Ok(Some(batch)) => batch,
                Ok(None) => break,
                Err(Interrupted) => {
                    self.ending = Some(Ending::Interrupted);
                    break;
                }
            };
            self.inspect_source(&batch);
            for answer in batch.answers() {
                self.hits.add(&answer);
                each(out, &batch, &answer)?;
                if let Err(error) = answer.rules {
                    let report = Refusal { batch: &batch, answer: &answer, error };
                    self.progress.suspend(|| note(report.line()));
                    if self.options.fail_fast {
                        self.ending = Some(Ending::Trouble);
                        self.progress.finish();
                        return Ok(());
                    }
                }
            }
            if let Some(trouble) = &batch.trouble {
                self.progress.suspend(|| note(Painter::stderr().paint(&trouble.text(&batch.label))));
                self.ending = Some(Ending::Trouble);
            }
            // A reader of the pipe may wait for the results of this batch.
            out.flush()?;
            self.progress.update(self.hits.totals.events);
            self.pipeline.recycle(batch);
        }
        self.progress.finish();
        Ok(())
    }

    /// Stores the name of a source whose first event looks like a rule, or like another format than
    /// JSON.
    fn inspect_source(&mut self, batch: &Batch) {
        if self.source.as_ref() == Some(&batch.label) {
            return;
        }
        let Some(first) = batch.answers().next() else { return };
        self.source = Some(Arc::clone(&batch.label));
        if looks_like_rule(first.event) {
            self.rule_files.push(Arc::clone(&batch.label));
        }
        if !self.options.unwrap
            && !self.options.quiet
            && let Some(hint) = unwrap::hint(&batch.label, first.event)
        {
            self.progress.suspend(|| complain(hint));
        }
        if let Some(foreign) = batch.foreign() {
            self.foreign.push((Arc::clone(&batch.label), foreign));
        }
    }

    /// Returns the totals so far.
    pub(crate) fn totals(&self) -> Totals {
        Totals { elapsed: self.start.elapsed(), ..self.hits.totals }
    }

    /// Writes the totals to standard error, unless the command is quiet.
    pub(crate) fn note_totals(&self, line: &str) {
        if !self.options.quiet {
            note(line);
        }
    }

    /// Writes the last notes. Returns the ending: yes if `found` is true.
    pub(crate) fn end(&self, found: bool) -> Ending {
        for file in self.rule_files.iter().filter(|_| !self.options.quiet) {
            complain(format_args!(
                "{file} looks like rules, and was read as events: give each file of rules its own --rules"
            ));
        }
        for (file, foreign) in &self.foreign {
            note(Painter::stderr().paint(&foreign.report().text(file)));
        }
        let rejected =
            !self.foreign.is_empty() || self.options.deny_rejected && self.hits.totals.rejected > 0;
        self.ending.unwrap_or(match (rejected, found) {
            (true, _) => Ending::Trouble,
            (false, true) => Ending::Yes,
            (false, false) => Ending::No,
        })
    }
}

/// Returns the sources of the events.
pub(crate) fn sources(options: &StreamOptions) -> Result<Vec<Source>, Failure> {
    if options.events.is_empty() { Ok(vec![Source::stdin()]) } else { source::find(&options.events) }
}

/// Reads the rules of some files, and reports the refused ones.
pub(crate) fn read_rules(options: &StreamOptions, files: &[PathBuf]) -> Result<Rules, Failure> {
    source::check_stdin(files, &options.events)?;
    let rules = rules::read(files, &options.patterns)?;
    accept(&rules, options.skip_bad_rules, options.quiet)?;
    Ok(rules)
}

/// Returns the matcher of rules for the events of a stream.
pub(crate) fn compile(options: &StreamOptions, rules: &Rules) -> Result<Matcher, Failure> {
    let mut builder = options.patterns.builder();
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    builder.event_limits(limits).trusted(options.trusted).distinct_names(options.distinct_names);
    builder.build(&rules.set).map_err(|error| rules.build_failure(&error))
}

/// Returns the search for literals before the matcher, if events are trusted and if the rules have
/// literals.
pub(crate) fn screen<'p>(
    options: &StreamOptions,
    patterns: impl IntoIterator<Item = &'p Pattern>,
) -> Option<Screen> {
    if options.trusted { Screen::new(patterns, options.distinct_names) } else { None }
}

/// Leaves only the rules with the given ids.
pub(crate) fn select(rules: &mut Rules, only: &[String], patterns: &PatternOptions) -> Result<(), Failure> {
    let mut set = RuleSet::with_limits(patterns.limits());
    let mut accepted = Vec::new();
    for id in only {
        if !rules.accepted.iter().any(|rule| rule.id == *id) {
            return Err(Failure::Input(unknown(id, rules.accepted.iter().map(|rule| &*rule.id))));
        }
    }
    for (rule, (_, pattern)) in std::mem::take(&mut rules.accepted).into_iter().zip(rules.set.iter()) {
        if only.contains(&rule.id) {
            set.add_pattern(pattern.clone()).map_err(|error| Failure::Input(error.to_string()))?;
            accepted.push(rule);
        }
    }
    rules.set = set;
    rules.accepted = accepted;
    Ok(())
}

/// Reports the refused rules. Returns an error if a file is unreadable, if no rule is accepted, or
/// if rules are refused and `skip_refused` is false.
pub(crate) fn accept(rules: &Rules, skip_refused: bool, quiet: bool) -> Result<(), Failure> {
    for diagnostic in &rules.refusals {
        note(Painter::stderr().paint(&diagnostic.to_string()));
    }
    for remark in rules.remarks.iter().filter(|_| !quiet) {
        note(Painter::stderr().paint(&remark.to_string()));
    }
    let Rules { refused, disabled, .. } = *rules;
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
    if quiet {
        return Ok(());
    }
    if refused > 0 {
        complain(format_args!("going on without {}", Count(refused, "rule", "rules")));
    }
    if disabled > 0 {
        complain(format_args!("{} included", Count(disabled, "disabled rule", "disabled rules")));
    }
    rules.left_out().into_iter().for_each(complain);
    Ok(())
}

/// A refused event.
pub(crate) struct Refusal<'a> {
    pub(crate) batch: &'a Batch,
    pub(crate) answer: &'a Answer<'a>,
    pub(crate) error: &'a EventError,
}

impl Refusal<'_> {
    fn line(&self) -> String {
        let Refusal { batch, answer, error } = self;
        let mut line =
            format!("{}:{}: event refused[{}]: {}", batch.label, answer.place, error.code(), error.kind());
        let Some(offset) = error.offset() else { return line };
        line += &format!(" at byte {offset}");
        let before = &answer.event[..offset.min(answer.event.len())];
        let breaks = memchr::memchr_iter(b'\n', before).count() as u64;
        if breaks > 0 && !answer.is_decoded {
            line += &format!(", on line {} of the file", answer.place.line + breaks);
        }
        line
    }

    /// Writes the refusal as a line of JSON.
    pub(crate) fn print_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let Refusal { batch, answer, error } = self;
        let record = RefusedEvent::new(&batch.label, answer.number, answer.place, error);
        json_line(out, &record)
    }
}
