//! Runs the command line `galop` as users do: arguments and files in; output, messages and exit codes out.

#![cfg(feature = "cli")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use galop_harness::process;

mod check;
mod conform;
mod corpus;
mod general;
mod match_events;
mod test_pattern;

/// A directory of its own for one test, where the program runs.
struct Dir(PathBuf);

impl Dir {
    /// The name must not be that of another test.
    fn new(name: &str) -> Dir {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    /// Writes a file, and the directories it is in.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Dir {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"")
    }

    /// The program with these arguments, not yet started.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galop"));
        command.args(arguments).current_dir(&self.0);
        command
    }

    /// Runs with this standard input.
    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        let output = process::output(&mut self.command(arguments), input, process::LIMIT).unwrap();
        Run {
            code: output.status.code().expect("ended by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// How a run ended.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    /// The lines of JSON on standard output.
    fn json(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// The last line on standard error, without what depends on the clock.
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
