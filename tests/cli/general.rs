use std::io::{Read, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use galop_harness::process::{self, Process};

use super::Dir;

#[test]
fn wrong_usage_is_trouble() {
    let dir = Dir::new("usage");
    for arguments in [
        &[] as &[&str],
        &["frobnicate"],
        &["check"],
        &["check", "--format", "xml", "a.json"],
        &["match", "events.json"],
        &["match", "--rules", "a.json", "--jobs", "0"],
        &["match", "--rules", "a.json", "--count", "--only-matched"],
        &["test-pattern", "--event", "{}"],
        &["completions", "cmd.exe"],
    ] {
        let run = dir.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains("--help"), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let dir = Dir::new("help");
    for command in [
        "bench",
        "check",
        "conform",
        "coverage",
        "explain",
        "filter",
        "fmt",
        "gen",
        "man",
        "match",
        "replay",
        "schedule",
        "schema",
        "stats",
        "test",
        "test-pattern",
        "transform",
    ] {
        let run = dir.run(&[command, "--help"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        for part in ["Usage:", "Examples:\n", &format!("galop {command} "), "Exit codes: 0 "] {
            assert!(run.out.contains(part), "{command}: {part}");
        }
    }
    let run = dir.run(&["--version"]);
    assert_eq!((run.code, run.out), (0, format!("galop {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn completions_name_the_commands() {
    let dir = Dir::new("completions");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = dir.run(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("test-pattern") && run.out.contains("skip-bad-rules"), "{shell}");
    }
}

/// Runs until the first bytes of output, then closes the pipe. Returns the exit code and the
/// standard error.
///
/// The pipe may stay open for a moment: a process that another test starts has a copy of its
/// reading end until it runs its program. Answers written meanwhile are lost without an error, so
/// the input is repeated until the program ends.
fn close_early(dir: &Dir, arguments: &[&str], input: Option<&[u8]>) -> (Option<i32>, String) {
    let mut command = dir.command(arguments);
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = Process::start(&mut command, process::LIMIT).unwrap();
    // Standard input stays open: the program must not wait for its end.
    let mut stdin = program.stdin();
    if let (Some(stdin), Some(input)) = (&mut stdin, input) {
        stdin.write_all(input).unwrap();
    }
    program.stdout().unwrap().read_exact(&mut [0; 1]).unwrap();
    while let (Some(stdin), Some(input), None) = (&mut stdin, input, program.ended().unwrap()) {
        // The next answer cannot be written. A program that has ended takes no input.
        if stdin.write_all(input).is_err() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let status = program.wait().unwrap();
    let mut err = String::new();
    program.stderr().unwrap().read_to_string(&mut err).unwrap();
    (status.code(), err)
}

#[test]
fn closed_pipe_is_success() {
    let dir = Dir::new("closed-pipe");
    let rule = "{\"id\":\"a rule with a name of some length\",\"pattern\":{\"a\":[5]}}\n";
    let refused = "{\"id\":\"x\",\"id\":\"y\",\"pattern\":[]}\n";
    dir.file("rule.jsonl", rule).file("rules.jsonl", refused.repeat(20_000));
    dir.file("events.jsonl", "{\"a\":5}\n".repeat(100_000));
    let case = r#"{"topic":"t","pattern":"{\"a\":[1]}","event":"{\"a\":1}","valid":true,"matches":true"#;
    let cases: String = (0..20_000).map(|id| format!("{case},\"id\":\"{id}\"}}\n")).collect();
    dir.file("cases.jsonl", cases);

    let quiet = (Some(0), String::new());
    assert_eq!(close_early(&dir, &["match", "-r", "rule.jsonl", "events.jsonl"], None), quiet);
    assert_eq!(close_early(&dir, &["filter", "-r", "rule.jsonl", "events.jsonl"], None), quiet);
    assert_eq!(close_early(&dir, &["check", "rules.jsonl"], None), quiet);
    assert_eq!(close_early(&dir, &["conform", "--format=json", "cases.jsonl"], None), quiet);
    assert_eq!(close_early(&dir, &["match", "-r", "rule.jsonl"], Some(b"{\"a\":5}\n")), quiet);
}
