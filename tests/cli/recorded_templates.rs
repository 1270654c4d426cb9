//! `check` reports the faults of the templates in `tests/templates` that are recorded beside them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use galop_harness::process;

/// Returns the files with the recorded entries, in the order of their names.
fn recorded() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates");
    let entries = |path: &Path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let importers = entries(&root).filter(|path| path.is_dir());
    let files = importers.flat_map(|importer| entries(&importer).collect::<Vec<_>>());
    let mut recorded: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "expected")).collect();
    recorded.sort();
    recorded
}

#[test]
fn check_reports_the_recorded_faults() {
    let recorded = recorded();
    assert!(recorded.len() >= 70);
    for path in recorded {
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        let command = lines.next().unwrap().strip_prefix("$ galop ").unwrap();
        let faults: Vec<_> = lines.filter(|line| line.starts_with("error[")).collect();
        let mut check = Command::new(env!("CARGO_BIN_EXE_galop"));
        check.args(command.split(' ')).arg("--format=json").current_dir(path.parent().unwrap());
        let output = process::output(&mut check, b"", process::LIMIT).unwrap();
        let code = output.status.code().expect("ended by a signal");
        // A file without any rule is trouble.
        let has_rules = text.contains("\nrule ") || !faults.is_empty();
        let expected = if has_rules { i32::from(!faults.is_empty()) } else { 2 };
        assert_eq!(code, expected, "{}: {output:?}", path.display());
        let reports = String::from_utf8(output.stdout).unwrap();
        let reports = reports.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let errors: Vec<_> = reports.filter(|report| report["severity"] == "error").collect();
        assert_eq!(errors.len(), faults.len(), "{}: {errors:#?}", path.display());
        for (error, fault) in errors.iter().zip(faults) {
            let text = |name: &str| error[name].as_str().unwrap_or_default();
            let id = if error["id"].is_null() { String::new() } else { format!(" {}", text("id")) };
            let start = format!("error[{}] {}:{}{id}: ", text("code"), error["line"], error["column"]);
            assert!(fault.starts_with(&start), "{}: {fault}: {start}", path.display());
        }
    }
}
