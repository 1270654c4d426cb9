//! The templates of `tests/templates`, with the entries that each has: beside `NAME.EXT` is
//! `NAME.expected`.
//!
//! The first line of an expected text is the command that reads the template. Each entry follows with its
//! place, its event bus and its pattern; each fault with its code, place and help.
//! `TRYCMD=overwrite cargo test --features cli --bin galop recorded` writes the texts again.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use galop::PatternLimits;
use galop::pattern::Pattern;

use super::{Defines, define};
use crate::pattern_text::{PatternText, Place};
use crate::rule_entry::{Entry, Fault, FileRule};
use crate::rule_file;
use crate::source::Source;

/// The importers, and the minimum number of templates of each.
const IMPORTERS: [&str; 7] = [
    "cdk",
    "cloudformation-json",
    "cloudformation-yaml",
    "sam",
    "serverless",
    "terraform-hcl",
    "terraform-json",
];

const MINIMUM: usize = 10;

/// Returns the templates of a directory, in the order of their names.
fn templates(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut templates: Vec<_> =
        entries.filter(|path| path.extension().is_none_or(|extension| extension != "expected")).collect();
    templates.sort();
    templates
}

/// Returns the values after `--define` in the command of an expected text.
fn defines(command: &str) -> Defines {
    let words = command.split(" --define ").skip(1);
    let defined: Vec<_> = words.map(|value| define(value.trim_matches('\'')).unwrap()).collect();
    Defines::new(&defined)
}

fn place(place: Place) -> String {
    format!("{}:{}", place.line, place.column)
}

fn write_fault(
    text: &mut String,
    id: Option<&str>,
    code: &str,
    at: Place,
    message: &str,
    help: Option<&str>,
) {
    let id = id.map_or_else(String::new, |id| format!(" {id}"));
    writeln!(text, "error[{code}] {}{id}: {message}", place(at)).unwrap();
    if let Some(help) = help {
        writeln!(text, "  help: {help}").unwrap();
    }
}

fn write_rule(text: &mut String, rule: &FileRule) {
    let FileRule { id, pattern, disabled, bus, .. } = rule;
    let bus = bus.as_ref().map_or_else(String::new, |bus| format!(" bus={bus}"));
    let disabled = if *disabled { " disabled" } else { "" };
    writeln!(text, "rule {} {id}{bus}{disabled}", place(pattern.begin)).unwrap();
    for line in pattern.text.lines() {
        writeln!(text, "  {line}").unwrap();
    }
    write_pattern_faults(text, id, pattern);
}

fn write_pattern_faults(text: &mut String, id: &str, pattern: &PatternText) {
    for fault in Pattern::check(&pattern.text, &PatternLimits::wide()) {
        let at = pattern.place(fault.span().start);
        write_fault(text, Some(id), fault.code(), at, &fault.kind().to_string(), None);
    }
}

/// Returns the entries of a template as text.
fn entries(template: &Path, defines: &Defines) -> String {
    let source = Source::of_file(template);
    let read = source.read(1 << 20).unwrap();
    let mut text = String::new();
    for entry in rule_file::read(&read, &source.label, "template", defines) {
        match entry {
            Entry::Rule(rule) => write_rule(&mut text, &rule),
            Entry::Schedule(_) => text.push_str("schedule\n"),
            Entry::Unfiltered => text.push_str("source without filter\n"),
            Entry::Fault(fault) | Entry::Cut(fault) => {
                let Fault { id, place, code, message, help, .. } = fault;
                write_fault(&mut text, id.as_deref(), code, place, &message, help.as_deref());
            }
        }
    }
    text
}

#[test]
fn recorded_templates_have_their_entries() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates");
    let mut different = Vec::new();
    for importer in IMPORTERS {
        let templates = templates(&root.join(importer));
        assert!(templates.len() >= MINIMUM, "{importer} has {} templates", templates.len());
        for template in templates {
            let path = template.with_extension("expected");
            let expected = fs::read_to_string(&path).unwrap_or_default();
            let name = template.file_name().unwrap().to_string_lossy();
            let command =
                expected.lines().next().map_or_else(|| format!("$ galop check {name}"), str::to_owned);
            assert!(command.starts_with(&format!("$ galop check {name}")), "{}: {command}", path.display());
            let read = format!("{command}\n{}", entries(&template, &defines(&command)));
            if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
                fs::write(&path, read).unwrap();
            } else if read != expected {
                different.push(format!("{}\n{read}", path.display()));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn every_cut_of_recorded_templates_has_a_result() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates");
    for template in IMPORTERS.iter().flat_map(|importer| templates(&root.join(importer))) {
        let text = fs::read(&template).unwrap();
        // Long templates are cut at fewer places.
        for end in (0..text.len()).step_by(text.len() / 200 + 1) {
            rule_file::read(&text[..end], &"f".into(), "f", &Defines::default());
        }
    }
}
