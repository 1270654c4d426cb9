//! Matches all events of an archive with the parts of rules, and counts.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;

use clap::Args;
use galop::explain::{Coverage, Decomposition};
use galop::{EventLimits, RuleId};

use crate::Failure;
use crate::color::Painter;
use crate::event_file::{EVENT_LIMIT, EventPlace};
use crate::foreign::Foreign;
use crate::interrupt::Interrupt;
use crate::output::{complain, note};
use crate::pattern_options::PatternOptions;
use crate::pipeline::{Interrupted, Pipeline};
use crate::progress::Progress;
use crate::source::{self, Source};
use crate::unwrap;

/// The options for reading an archive.
#[derive(Debug, Args)]
pub(crate) struct ArchiveOptions {
    /// Number of matching threads; default: one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Take the records of wrappers such as {"Records":[…]} as events
    #[arg(long)]
    pub(crate) unwrap: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
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
    /// True if a source could not be read to its end.
    pub(crate) is_incomplete: bool,
}

/// Reads the events of files and directories, or of standard input if there are none.
pub(crate) fn read<'d>(
    events: &[PathBuf],
    decomposition: &'d Decomposition,
    patterns: &PatternOptions,
    options: &ArchiveOptions,
) -> Result<Archive<'d>, Failure> {
    let sources = if events.is_empty() { vec![Source::stdin()] } else { source::find(events)? };
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    // The parts take a multiple of the work of the rules.
    limits.work *= 10;
    let mut builder = patterns.builder();
    builder.rule_limit(RuleId::MAX_RULES).event_limits(limits);
    let matcher = builder
        .build(decomposition.rule_set())
        .map_err(|error| Failure::Input(format!("the parts of the rules: {error}")))?;
    let jobs =
        options.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let consumed = Arc::new(AtomicU64::new(0));
    let progress = Progress::start(&sources, &consumed, !options.no_progress && io::stderr().is_terminal());
    let mut pipeline = Pipeline::start(Arc::new(matcher), sources, (jobs, options.unwrap), consumed);
    let interrupt = Interrupt::listen();
    let mut label: Option<Arc<str>> = None;
    let mut archive = Archive { coverage: Coverage::new(decomposition), rejected: 0, is_incomplete: false };
    loop {
        let batch = match pipeline.next(&interrupt) {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(Interrupted) => {
                archive.is_incomplete = true;
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
            archive.is_incomplete = true;
        }
        progress.update(archive.coverage.events() + archive.rejected);
        pipeline.recycle(batch);
    }
    progress.finish();
    if archive.coverage.events() == 0 && !archive.is_incomplete {
        let message = if archive.rejected > 0 { "every event is refused" } else { "there is no event" };
        return Err(Failure::Input(message.to_owned()));
    }
    Ok(archive)
}

/// Returns an error if rules and events are both read from standard input.
pub(crate) fn check_stdin(rules: &[PathBuf], events: &[PathBuf]) -> Result<(), Failure> {
    let reads_stdin = |paths: &[PathBuf]| paths.iter().any(|path| path.as_os_str() == "-");
    if reads_stdin(rules) && (events.is_empty() || reads_stdin(events)) {
        return Err(Failure::Input("standard input cannot be the rules and the events".to_owned()));
    }
    Ok(())
}
