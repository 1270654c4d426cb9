//! What once broke a law, or nearly did: the files of `fuzz/regressions`, a directory for each fuzz target.

use std::fs;
use std::path::{Path, PathBuf};

use case::Case;

#[path = "support/case.rs"]
mod case;
#[allow(dead_code, unused_imports, reason = "not every law has a fuzz target")]
#[path = "support/check.rs"]
mod check;
#[allow(dead_code, reason = "the oracle serves other tests too")]
#[path = "support/oracle.rs"]
mod oracle;
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
#[path = "support/parsed.rs"]
mod parsed;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions")
}

/// Runs over every file of a target. The name of the file stands above the message of a failure.
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
fn pattern() {
    replay("pattern", check::pattern);
}

#[test]
fn event() {
    replay("event", check::event);
}

#[test]
fn differential() {
    replay("differential", |text| {
        let Case { rules, events } = Case::parse(text);
        check::differential(&rules, &events);
    });
}

#[test]
fn independence() {
    replay("independence", |text| {
        let Case { rules, events } = Case::parse(text);
        check::independence(&rules, &events);
    });
}

#[test]
fn no_directory_is_forgotten() {
    let entries = fs::read_dir(directory()).expect("there are regressions");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("the directory can be listed").file_name()).collect();
    names.sort();
    assert_eq!(names, ["differential", "event", "independence", "pattern"]);
}
