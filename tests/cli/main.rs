//! Runs the command line `galop` as users do: arguments and files in; output, messages and exit
//! codes out.

#![cfg(feature = "cli")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use galop_harness::process;

mod bad_input;
mod bench;
#[cfg(unix)]
mod browser;
mod check;
mod conform;
mod corpus;
mod drawing;
#[cfg(unix)]
mod drawn;
mod explain;
mod filter;
mod fmt;
mod gen_events;
mod general;
mod lints;
mod man;
mod match_events;
mod prefilter;
mod recorded_templates;
mod replay;
#[cfg(unix)]
mod report;
mod schedule;
mod stats;
mod svg;
mod templates;
mod test_pattern;
mod test_rules;
mod transform;
mod unwrap;

/// A directory for one test, in which the program runs.
struct Dir(PathBuf);

impl Dir {
    /// The name must be unique among all tests.
    fn new(name: &str) -> Dir {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    /// Writes a file, and creates its directories.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Dir {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"")
    }

    /// Returns the command, which is not started yet.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galop"));
        command.args(arguments).current_dir(&self.0);
        command
    }

    /// Runs with the standard input.
    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        let output = process::output(&mut self.command(arguments), input, process::LIMIT).unwrap();
        Run {
            code: output.status.code().expect("ended by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The result of a run.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    /// Returns the lines of JSON on standard output.
    fn json(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// Returns the last line on standard error without the elapsed time.
    fn totals(&self) -> &str {
        self.err.lines().last().unwrap().split(" in ").next().unwrap()
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 0).unwrap()
}
