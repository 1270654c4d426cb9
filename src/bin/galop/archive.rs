//! Matches all events of an archive with the parts of rules, and counts.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::Args;
use galop::explain::{Coverage, Decomposition};
use galop::{EventLimits, RuleId};

use crate::color::Painter;
use crate::event_file::{EVENT_LIMIT, EventPlace};
use crate::foreign::Foreign;
use crate::interrupt::Interrupt;
use crate::output::{Format, complain, note};
use crate::pattern_options::PatternOptions;
use crate::pipeline::{Interrupted, Pipeline, threads};
use crate::progress::Progress;
use crate::rules::{self, Rules};
use crate::source::{self, Source};
use crate::stream::accept;
use crate::unwrap;
use crate::{Ending, Failure};

/// The options of commands that count the events of an archive.
#[derive(Debug, Args)]
pub(crate) struct ArchiveOptions {
    /// File or directory of rules; may be repeated
    #[arg(short, long, required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Go on without the rules that are refused
    #[arg(long)]
    pub(crate) skip_bad_rules: bool,
    /// Number of matching threads; default: one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Take the records of wrappers such as {"Records":[…]} as events
    #[arg(long)]
    pub(crate) unwrap: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

impl ArchiveOptions {
    /// Reads the rules, and reports the refused ones.
    pub(crate) fn read_rules(&self) -> Result<Rules, Failure> {
        let rules = rules::read(&self.rules, &self.patterns)?;
        accept(&rules, self.skip_bad_rules, false)?;
        Ok(rules)
    }
}

/// The place of an event.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) event: EventPlace,
}

/// The counts of an archive.
pub(crate) struct Archive<'d> {
    pub(crate) coverage: Coverage<'d, Place>,
    pub(crate) rejected: u64,
    /// The ending, if a source could not be read to its end.
    ending: Option<Ending>,
}

impl Archive<'_> {
    /// Returns the ending: yes if `found` is true.
    pub(crate) fn end(&self, found: bool) -> Ending {
        self.ending.unwrap_or(if found { Ending::Yes } else { Ending::No })
    }
}

/// Reads the events of files and directories, or of standard input if there are none.
pub(crate) fn read<'d>(
    events: &[PathBuf],
    decomposition: &'d Decomposition,
    options: &ArchiveOptions,
) -> Result<Archive<'d>, Failure> {
    let sources = if events.is_empty() { vec![Source::stdin()] } else { source::find(events)? };
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    // The parts take a multiple of the work of the rules.
    limits.work *= 10;
    let mut builder = options.patterns.builder();
    builder.rule_limit(RuleId::MAX_RULES).event_limits(limits);
    let matcher = builder
        .build(decomposition.rule_set())
        .map_err(|error| Failure::Input(format!("the parts of the rules: {error}")))?;
    let jobs = threads(options.jobs);
    let consumed = Arc::new(AtomicU64::new(0));
    let progress = Progress::start(&sources, &consumed, !options.no_progress && io::stderr().is_terminal());
    let mut pipeline = Pipeline::start(Arc::new(matcher), sources, (jobs, options.unwrap), consumed);
    let interrupt = Interrupt::listen();
    let mut label: Option<Arc<str>> = None;
    let mut archive = Archive { coverage: Coverage::new(decomposition), rejected: 0, ending: None };
    loop {
        let batch = match pipeline.next(&interrupt) {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(Interrupted) => {
                archive.ending = Some(Ending::Interrupted);
                break;
            }
        };
        if label.as_ref() != Some(&batch.label)
            && let Some(first) = batch.answers().next()
        {
            label = Some(Arc::clone(&batch.label));
            if let Some(hint) = unwrap::hint(&batch.label, first.event).filter(|_| !options.unwrap) {
                progress.suspend(|| complain(hint));
            }
        }
        for answer in batch.answers() {
            match answer.rules {
                Ok(ids) => {
                    let place = Place { file: Arc::clone(&batch.label), event: answer.place };
                    archive.coverage.add(ids, &place);
                }
                Err(error) => {
                    archive.rejected += 1;
                    let (code, kind) = (error.code(), error.kind());
                    progress.suspend(|| {
                        note(format_args!("{}:{}: event refused[{code}]: {kind}", batch.label, answer.place));
                    });
                }
            }
        }
        let foreign = batch.foreign().map(Foreign::report);
        for trouble in foreign.iter().chain(&batch.trouble) {
            progress.suspend(|| note(Painter::stderr().paint(&trouble.text(&batch.label))));
            archive.ending = Some(Ending::Trouble);
        }
        progress.update(archive.coverage.events() + archive.rejected);
        pipeline.recycle(batch);
    }
    progress.finish();
    if archive.coverage.events() == 0 && archive.ending.is_none() {
        let message = if archive.rejected > 0 { "every event is refused" } else { "there is no event" };
        return Err(Failure::Input(message.to_owned()));
    }
    Ok(archive)
}
