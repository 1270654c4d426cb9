//! Cases that once broke a law, or are near a fault: the files of `fuzz/regressions`, a directory
//! for each fuzz target.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use galop::{RuleSet, Scratch};
use galop_harness::case::Case;
use galop_harness::{check, kernel};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions")
}

/// Runs a law over every file of a target. The name of the file is printed before the message of a
/// failure.
fn replay(target: &str, law: impl Fn(&[u8])) {
    let entries = fs::read_dir(directory().join(target)).expect("every target has a directory");
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the directory can be listed").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no regressions");
    for file in files {
        eprintln!("{}", file.display());
        law(&fs::read(&file).expect("the file can be read"));
    }
}

#[test]
fn pattern_regressions() {
    replay("pattern", check::pattern);
}

#[test]
fn generate_regressions() {
    replay("generate", check::examples_are_right);
}

#[test]
fn event_regressions() {
    replay("event", check::event);
}

#[test]
fn differential_regressions() {
    replay("differential", |text| {
        let Case { rules, events } = Case::parse(text);
        check::differential(&rules, &events);
    });
}

#[test]
fn independence_regressions() {
    replay("independence", |text| {
        let Case { rules, events } = Case::parse(text);
        check::independence(&rules, &events);
    });
}

#[test]
fn kernels_regressions() {
    replay("kernels", |text| {
        let Case { rules, events } = Case::parse(text);
        check::kernels(&rules, &events);
    });
}

#[cfg(feature = "capi")]
#[test]
fn capi_regressions() {
    replay("capi", galop_harness::any_calls_get_an_answer);
}

/// The time limit excludes quadratic time, which would take minutes.
#[test]
fn time_is_linear_in_the_event() {
    const PARTS: usize = 100_000;
    let (short, members) = ("[]".repeat(PARTS), r#""b":1,"#.repeat(PARTS));
    let (open, close, blanks) = ("[".repeat(PARTS), "]".repeat(PARTS), " ".repeat(PARTS * 8));
    for (event, is_valid) in [
        // Brackets that are no values lead back to names that were passed.
        (format!(r#"{{"x":1{short},{members}"y":[]}}"#), false),
        // After each array, the reader searches for the next element.
        (format!(r#"{{"a":{open}{close}{blanks}}}"#), true),
    ] {
        for (trusted, distinct) in [(false, false), (true, false), (true, true)] {
            let mut rules = RuleSet::new();
            rules.add(r#"{"a":[1]}"#).expect("the pattern is valid");
            let mut builder = kernel::builder();
            builder
                .trusted(trusted)
                .distinct_names(distinct)
                .event_limits(kernel::event_limits(|it| it.depth = 2 * PARTS));
            let matcher = builder.build(&rules).expect("one rule is within the limits");
            let start = Instant::now();
            let found = matcher.is_match(&mut Scratch::new(), event.as_bytes());
            assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
            if is_valid {
                assert_eq!(found, Ok(false));
            } else if !trusted {
                assert!(found.is_err(), "{found:?}");
            }
        }
    }
}

/// Ranges of numbers with recurring values: the time once was 33 ns for each pair of a range and a
/// value.
#[test]
fn time_is_not_values_times_ranges() {
    let mut rules = RuleSet::new();
    for range in 0..5_000 {
        rules.add(&format!(r#"{{"a":[{{"numeric":[">",{range}.5]}}]}}"#)).expect("the pattern is valid");
    }
    let matcher = kernel::matcher(&rules).expect("the rules are within the limits");
    let event = format!(r#"{{"a":[0{}]}}"#, ",0".repeat(100_000));
    let start = Instant::now();
    assert_eq!(matcher.is_match(&mut Scratch::new(), event.as_bytes()), Ok(false));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// The memory for the values of an event does not grow with the number of tests on each value.
#[test]
fn memory_for_an_event_does_not_depend_on_the_rules() {
    let event = format!(r#"{{"a":[""{}]}}"#, r#","""#.repeat(20_000));
    let memory = |tests: u32| {
        let mut rules = RuleSet::new();
        for test in 0..tests {
            rules.add(&format!(r#"{{"a":[{{"wildcard":"*{test}x*y"}}]}}"#)).expect("the pattern is valid");
        }
        let matcher = kernel::matcher(&rules).expect("the rules are within the limits");
        let mut scratch = Scratch::new();
        assert_eq!(matcher.is_match(&mut scratch, event.as_bytes()), Ok(false));
        scratch.memory_usage()
    };
    let (few, many) = (memory(1), memory(4_000));
    assert!(many < few + (4 << 20), "{few} bytes with one test, {many} bytes with 4,000");
}

#[test]
fn every_directory_has_a_test() {
    let entries = fs::read_dir(directory()).expect("there are regressions");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("the directory can be listed").file_name()).collect();
    names.sort();
    assert_eq!(names, ["capi", "differential", "event", "generate", "independence", "kernels", "pattern"]);
}
