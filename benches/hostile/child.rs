//! Child processes: one per measurement, so that a crash or an endless build costs one row only.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock;
use crate::options::Options;
use crate::workload::trial;

/// The interval at which the parent tests the deadline.
const POLL: Duration = Duration::from_millis(100);

/// The factor between processor time and wall-clock time after which a child is always stopped.
const MOST_SLOWDOWN: u32 = 20;

/// A line of a child's output.
pub(crate) enum Said {
    /// A row of the table, and whether its figures are within their bounds.
    Row { is_within: bool, cells: Vec<String> },
    /// The start of a step. Each step has its own deadline.
    Step(String),
}

impl Said {
    /// Writes the line for the parent process.
    pub(crate) fn say(&self) {
        match self {
            Said::Row { is_within, cells } => println!("row\t{is_within}\t{}", cells.join("\t")),
            Said::Step(step) => println!("step\t{step}"),
        }
    }

    fn read(line: &str) -> Option<Said> {
        let mut parts = line.split('\t');
        match parts.next()? {
            "row" => {
                let is_within = parts.next()? == "true";
                Some(Said::Row { is_within, cells: parts.map(str::to_owned).collect() })
            }
            "step" => Some(Said::Step(parts.next()?.to_owned())),
            _ => None,
        }
    }
}

/// The end of a child.
pub(crate) enum End {
    Finished,
    /// A crash, a panic or a missed deadline.
    Failed {
        step: String,
        reason: String,
    },
}

/// Runs a child and passes its rows to `on_row`.
///
/// # Panics
///
/// If the child fails in the test mode.
pub(crate) fn run(options: &Options, name: &str, mut on_row: impl FnMut(bool, &[String])) -> End {
    let program = std::env::current_exe().expect("the program has a path");
    let mut command = Command::new(program);
    command.args(options.of_child(name)).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can start itself");
    let (sender, lines) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let reader = thread::spawn(move || {
        output.lines().map_while(Result::ok).filter_map(|line| Said::read(&line)).for_each(|said| {
            // The receiver is gone after a missed deadline.
            let _ = sender.send(said);
        });
    });
    let mut errors = child.stderr.take().expect("it is a pipe");
    let complaints = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = errors.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });

    let time = || clock::process_time(child.id());
    let (mut step, mut began, mut wall) = ("start".to_owned(), time(), Instant::now());
    let is_late = loop {
        match lines.recv_timeout(POLL) {
            Ok(Said::Row { is_within, cells }) => on_row(is_within, &cells),
            Ok(Said::Step(next)) => (step, began, wall) = (next, time(), Instant::now()),
            Err(RecvTimeoutError::Timeout) => {
                let is_late = time().saturating_sub(began) > options.deadline();
                if is_late || wall.elapsed() > options.deadline() * MOST_SLOWDOWN {
                    break true;
                }
            }
            Err(RecvTimeoutError::Disconnected) => break false,
        }
    };
    let end = finish(&mut child, is_late, step, options);
    reader.join().expect("it only reads");
    let complaints = complaints.join().expect("it only reads");
    if let End::Failed { step, reason } = &end {
        assert!(!trial(), "{name}: {reason} during {step}\n{complaints}");
        // The message of a panic contains the wrong answer.
        eprint!("{complaints}");
    }
    end
}

fn finish(child: &mut Child, is_late: bool, step: String, options: &Options) -> End {
    if is_late {
        // The child may already have ended.
        let _ = child.kill();
        let _ = child.wait();
        let reason = format!("> {} s", options.deadline().as_secs());
        return End::Failed { step, reason };
    }
    let status = child.wait().expect("the child is one of this process");
    if status.success() { End::Finished } else { End::Failed { step, reason: status.to_string() } }
}
