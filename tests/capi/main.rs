//! C programs with the C interface, compiled and run: `cargo test --features capi --test capi`.
//!
//! Each program of `tests/capi` exits with 1 at the first failure. It runs with the shared library,
//! with the static one, under AddressSanitizer, LeakSanitizer and UBSan, and under Valgrind. The
//! last two are ignored, and listed as ignored, if the tools are missing. A C compiler is required:
//! without it, every test here fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use build::{C99, CPP11, Mode, library, root, run};

mod build;
mod conformance;

const PROGRAMS: [&str; 7] = ["matching", "errors", "misuse", "callback", "batch", "threads", "explain"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let modes: Vec<_> = Mode::ALL.into_iter().map(|mode| (mode, !mode.is_available())).collect();
    let mut trials = vec![
        Trial::test("every program of tests/capi runs", every_program_runs),
        Trial::test("the header is C99", || build::compiles(&C99, HEADER_TWICE).map_err(Failed::from)),
        Trial::test("the header is C++11", || build::compiles(&CPP11, HEADER_TWICE).map_err(Failed::from))
            .with_ignored_flag(!CPP11.is_available()),
        Trial::test("the shared library exports the functions of the header and nothing else", exports)
            .with_ignored_flag(cfg!(not(target_os = "linux"))),
        Trial::test("the program of the README", readme),
    ];
    for mode in [Mode::Shared, Mode::Sanitized] {
        let source = root().join("tests/capi/wrapper.cpp");
        let trial = Trial::test(format!("wrapper for C++: {mode}"), move || {
            run(&source, mode, &[]).map(drop).map_err(Failed::from)
        });
        trials.push(trial.with_ignored_flag(!CPP11.is_available() || !mode.is_available()));
    }
    for program in PROGRAMS {
        let source = root().join(format!("tests/capi/{program}.c"));
        for &(mode, is_missing) in &modes {
            let source = source.clone();
            let trial = Trial::test(format!("{program}: {mode}"), move || {
                run(&source, mode, &[]).map(drop).map_err(Failed::from)
            });
            trials.push(trial.with_ignored_flag(is_missing));
        }
    }
    // Valgrind would take minutes, and find nothing that the programs above do not cover.
    for (mode, is_missing) in modes {
        if !matches!(mode, Mode::Shared | Mode::Sanitized) {
            continue;
        }
        let trial = Trial::test(format!("conformance: {mode}"), move || conformance::verify(mode));
        trials.push(trial.with_ignored_flag(is_missing));
    }
    trials
}

const HEADER_TWICE: &str = "#include <galop.h>\n#include <galop.h>\nint main(void) { return 0; }\n";

/// Every program is in a list. Otherwise it would never run.
fn every_program_runs() -> Result<(), Failed> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join("tests/capi"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            found.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    let listed: BTreeSet<_> = PROGRAMS.iter().chain(&["conformance"]).map(ToString::to_string).collect();
    if found == listed { Ok(()) } else { Err(format!("found {found:?}, listed {listed:?}").into()) }
}

fn exports() -> Result<(), Failed> {
    let library = library()?.shared();
    let listing = build::output("nm", &["-D".as_ref(), "--defined-only".as_ref(), library.as_ref()])?;
    let exported: BTreeSet<_> = listing.lines().filter_map(|line| line.split(' ').next_back()).collect();
    let header = fs::read_to_string(root().join("src/capi/galop.h"))?;
    let declared: BTreeSet<_> =
        header.lines().filter(|line| !line.starts_with([' ', '/'])).filter_map(declared_name).collect();
    if exported.is_empty() || exported != declared {
        return Err(format!("exported {exported:?}, declared {declared:?}").into());
    }
    Ok(())
}

/// Returns the name of the function whose declaration begins in the line.
fn declared_name(line: &str) -> Option<&str> {
    let (before, _) = line.split_once('(')?;
    let name = before.rsplit([' ', '*']).next()?;
    name.starts_with("galop_").then_some(name)
}

/// The program in the README compiles without a warning, and prints its documented output.
fn readme() -> Result<(), Failed> {
    let text = fs::read_to_string(root().join("README.md"))?;
    let program = text.split("```c\n").nth(1).and_then(|rest| rest.split("```").next());
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme.c");
    fs::write(&source, program.ok_or("the README has no program in C")?)?;
    let printed = run(&source, Mode::Shared, &[])?;
    if printed == "rule 0, value 42\n" { Ok(()) } else { Err(format!("it printed {printed:?}").into()) }
}
