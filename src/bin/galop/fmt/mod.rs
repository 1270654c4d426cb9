//! `galop fmt`: writes rule files in the canonical layout.

mod layout;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::value::RawValue;

use crate::output::{Count, complain, note};
use crate::source::{self, Source};
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop fmt rules/
  galop fmt --check rules/ pattern.json
  galop fmt - < pattern.json

White space changes, and nothing else: members keep their order, strings and numbers their spelling. Each \
line of JSON lines stays a line. Files are replaced if their layout differs; standard input is written to \
standard output. Compressed files are refused.

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
            Err(message) => {
                complain(format_args!("{}: {message}", source.label));
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
fn format(source: &Source, check: bool, out: &mut dyn Write) -> io::Result<Result<bool, String>> {
    let text = match source.path() {
        // A compressed file must not be replaced by its text.
        Some(path) => read(path).map_err(|error| error.to_string()),
        None => source.read(FILE_LIMIT).map_err(|report| report.message),
    };
    let text = match text {
        Ok(text) => text,
        Err(message) => return Ok(Err(message)),
    };
    let formatted = match canonical(&text) {
        Ok(formatted) => formatted,
        Err(message) => return Ok(Err(message)),
    };
    let differs = formatted.as_bytes() != text;
    match source.path() {
        None if !check => out.write_all(formatted.as_bytes())?,
        Some(path) if differs && !check => {
            if let Err(error) = replace(path, formatted.as_bytes()) {
                return Ok(Err(error.to_string()));
            }
        }
        _ => {}
    }
    Ok(Ok(differs))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(FILE_LIMIT + 1).read_to_end(&mut text)?;
    if text.len() as u64 > FILE_LIMIT {
        return Err(io::Error::other(format!("longer than {FILE_LIMIT} bytes")));
    }
    Ok(text)
}

/// Returns the text in the canonical layout, or the reason why it has none.
fn canonical(text: &[u8]) -> Result<String, String> {
    if text.starts_with(&[0x1f, 0x8b]) || text.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return Err("the file is compressed".to_owned());
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    let is_json = |text: &str| serde_json::from_str::<&RawValue>(text).map(|_| ());
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    if lines().nth(1).is_none() || lines().next().is_some_and(|line| is_json(line).is_err()) {
        if lines().next().is_none() {
            return Ok(String::new());
        }
        is_json(text).map_err(|error| format!("not JSON: {error}"))?;
        return Ok(layout::pretty(text) + "\n");
    }
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        is_json(line).map_err(|error| format!("line {}: not JSON: {error}", number + 1))?;
        out.push_str(&layout::flat(line));
        out.push('\n');
    }
    Ok(out)
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
