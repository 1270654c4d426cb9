//! The command line `galop`. The table of commands is in `args.rs`.
//!
//! The exit codes are the codes of `grep`: 0 for yes, 1 for no, 2 for trouble. The help of each command
//! defines yes. A closed output pipe is no trouble: the reader has read enough.

mod annotations;
mod archive;
mod args;
mod bench;
#[allow(unreachable_pub, reason = "the harness of the tests has this file too, and exports it")]
mod cases;
mod check;
mod color;
mod conform;
mod coverage;
mod diagnostic;
mod each_event;
mod event_file;
mod event_scan;
mod explain;
mod explanation;
mod filter;
mod fmt;
mod foreign;
mod gen_events;
mod hits;
mod instant;
mod interrupt;
mod json_value;
mod judge;
mod lines;
mod lint_list;
mod lint_options;
mod man;
mod marked_line;
mod markup;
mod match_events;
mod output;
mod pattern_options;
mod pattern_text;
mod pipeline;
mod prefilter;
mod progress;
mod quotas;
mod refused_event;
mod replay;
mod rule_choice;
mod rule_entry;
mod rule_file;
mod rule_members;
mod rule_schedule;
mod rules;
mod sample;
mod sarif;
mod schedule;
mod schedule_next;
mod schema;
mod silent;
mod source;
mod split;
mod stats;
mod stream;
mod template;
mod test_event;
mod test_file;
mod test_init;
mod test_model;
mod test_pattern;
mod test_report;
mod test_rules;
mod tests_beside_rules;
mod text_fault;
mod transform;
mod transform_events;
mod unwrap;
mod verdicts;
mod whole_file;

#[cfg(test)]
#[path = "schedule/tests.rs"]
mod schedule_tests;
#[cfg(test)]
#[path = "transform/tests.rs"]
mod transform_tests;

use std::fmt::{Display, Formatter};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::{Args, Command};
use crate::color::Painter;
use crate::output::{complain, note};

/// The result of a command that ran to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// All rules are accepted, an event matched, every case agrees.
    Yes,
    /// A rule is refused, no event matched, or a case disagrees.
    No,
    /// Some input could not be read. The command processed the rest.
    Trouble,
    /// The user has interrupted the command.
    Interrupted,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> ExitCode {
        ExitCode::from(match ending {
            Ending::Yes => 0,
            Ending::No => 1,
            Ending::Trouble => 2,
            Ending::Interrupted => interrupt::EXIT_CODE,
        })
    }
}

/// The reason why a command stopped early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The output cannot be written.
    Output(io::Error),
    /// The command cannot process the input.
    Input(String),
    /// A file is at fault. The report begins with the name of the file.
    Report(String),
}

impl From<io::Error> for Failure {
    /// An error of a write to the output. Errors of input are converted where the file is known.
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Output(error) => write!(f, "cannot write the output: {error}"),
            Failure::Input(message) | Failure::Report(message) => f.write_str(message),
        }
    }
}

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // The parser reports help and version as errors. A closed pipe is no error here.
            let _ = error.print();
            return if error.use_stderr() { Ending::Trouble } else { Ending::Yes }.into();
        }
    };
    args.color.choose();
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let result = run(&args.command, &mut out).and_then(|ending| {
        out.flush()?;
        Ok(ending)
    });
    match result {
        Ok(ending) => ending.into(),
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ending::Yes.into(),
        Err(failure) => {
            // Earlier results are written before the message.
            let _ = out.flush();
            match &failure {
                Failure::Report(report) => note(Painter::stderr().paint(report)),
                Failure::Output(_) | Failure::Input(_) => complain(&failure),
            }
            Ending::Trouble.into()
        }
    }
}

fn run(command: &Command, out: &mut dyn Write) -> Result<Ending, Failure> {
    match command {
        Command::Check(args) => check::run(args, out),
        Command::Match(args) => match_events::run(args, out),
        Command::Bench(args) => bench::run(args, out),
        Command::Explain(args) => explain::run(args, out),
        Command::Coverage(args) => coverage::run(args, out),
        Command::Filter(args) => filter::run(args, out),
        Command::Replay(args) => replay::run(args, out),
        Command::Stats(args) => stats::run(args, out),
        Command::TestPattern(args) => test_pattern::run(args, out),
        Command::Schema(args) => schema::run(args, out),
        Command::Schedule(args) => schedule_next::run(args, out),
        Command::Fmt(args) => fmt::run(args, out),
        Command::Conform(args) => conform::run(args, out),
        Command::Test(args) => test_rules::run(args, out),
        Command::Gen(args) => gen_events::run(args, out),
        Command::Transform(args) => transform_events::run(args, out),
        Command::Completions { shell } => {
            // The generator panics if a write fails, so it writes to memory.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "galop", &mut script);
            out.write_all(&script)?;
            Ok(Ending::Yes)
        }
        Command::Man(args) => man::run(args, out),
    }
}
