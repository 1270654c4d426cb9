//! `galop fmt`: writes rule files in the canonical layout.

pub(crate) mod layout;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use galop::json::value_span;

use crate::color::Painter;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json_value::{foreign_fault, json_fault, place};
use crate::output::{Count, Report, note};
use crate::rule_entry::Fault;
use crate::source::{self, Source};
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop fmt rules/
  galop fmt --check rules/ pattern.json
  galop fmt - < pattern.json

White space changes, and nothing else: members keep their order, strings and numbers their spelling. Of \
several values in a file, each that is on one line stays on one line. Files are replaced if their \
layout differs; standard input is written to standard output. Compressed files and files that are not JSON \
are reported and stay as they are.

Exit codes: 0 done, 1 with --check if the layout of a file differs, 2 trouble.";

#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Change no file, and print the names of the files whose layout differs
    #[arg(long)]
    pub(crate) check: bool,
}

/// The maximum size of a rule file in bytes.
const FILE_LIMIT: u64 = 1 << 30;

pub(crate) fn run(args: &FmtArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let (mut changed, mut failed, mut files) = (0, 0, 0);
    for source in source::find(&args.rules)? {
        files += 1;
        match format(&source, args.check, out)? {
            Ok(true) => {
                changed += 1;
                if args.check {
                    writeln!(out, "{}", source.label)?;
                }
            }
            Ok(false) => {}
            Err(diagnostic) => {
                note(Painter::stderr().paint(diagnostic.to_string().trim_end()));
                failed += 1;
            }
        }
    }
    let files = Count(files, "file", "files");
    note(format_args!("{files}: {changed} {}", if args.check { "to change" } else { "changed" }));
    Ok(match (failed, args.check && changed > 0) {
        (0, false) => Ending::Yes,
        (0, true) => Ending::No,
        _ => Ending::Trouble,
    })
}

/// Formats a source. Returns true if its layout differs, or the reason why it stays as it is.
fn format(source: &Source, check: bool, out: &mut dyn Write) -> io::Result<Result<bool, Diagnostic>> {
    let unreadable = |report: Report| Diagnostic::of_unreadable(report, &source.label, 0);
    let text = match source.path() {
        // A compressed file must not be replaced by its text.
        Some(path) => read(path),
        None => source.read(FILE_LIMIT),
    };
    let text = match text {
        Ok(text) => text,
        Err(report) => return Ok(Err(unreadable(report))),
    };
    let formatted = match canonical(&text) {
        Ok(formatted) => formatted,
        Err(fault) => return Ok(Err(Diagnostic::of_file(Severity::Error, fault, &source.label, 0))),
    };
    let differs = formatted.as_bytes() != text;
    match source.path() {
        None if !check => out.write_all(formatted.as_bytes())?,
        Some(path) if differs && !check => {
            if let Err(error) = replace(path, formatted.as_bytes()) {
                return Ok(Err(unreadable(Report { code: "unwritable", ..Report::from(error) })));
            }
        }
        _ => {}
    }
    Ok(Ok(differs))
}

fn read(path: &Path) -> Result<Vec<u8>, Report> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(FILE_LIMIT + 1).read_to_end(&mut text)?;
    if text.len() as u64 > FILE_LIMIT {
        return Err(io::Error::other(format!("longer than {FILE_LIMIT} bytes")).into());
    }
    source::not_plain(&text).map_or(Ok(text), Err)
}

/// Returns the text in the canonical layout, or the reason why it has none.
///
/// The only value of a text is laid out over several lines. Of several values, a value on one line
/// stays on one line.
fn canonical(text: &[u8]) -> Result<String, Fault> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let values = values(text)?;
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for value in &values {
        let is_line = values.len() > 1 && !value.contains('\n');
        out.push_str(&if is_line { layout::flat(value) } else { layout::pretty(value) });
        out.push('\n');
    }
    Ok(out)
}

/// Returns the JSON values of a text.
fn values(text: &[u8]) -> Result<Vec<&str>, Fault> {
    let mut values = Vec::new();
    let mut at = 0;
    loop {
        let rest = text[at..].trim_ascii_start();
        if rest.is_empty() {
            return Ok(values);
        }
        at = text.len() - rest.len();
        let span = value_span(text, at).map_err(|error| {
            let foreign = if values.is_empty() { foreign_fault(text) } else { None };
            foreign.unwrap_or_else(|| json_fault(&error, text, 1))
        })?;
        let value = std::str::from_utf8(&text[span.start..span.end])
            .map_err(|_| Fault::new(place(text, at, 1), "invalid-utf8", "the text is not UTF-8"))?;
        values.push(value);
        at = span.end;
    }
}

/// Replaces a file. The new text is written beside the file first, so a full disk loses nothing.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let path = fs::canonicalize(path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".galop-fmt");
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, text)
        .and_then(|()| fs::set_permissions(&beside, fs::metadata(&path)?.permissions()))
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
