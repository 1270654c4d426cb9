//! Printers: human and JSON lines, tables, messages on standard error.

use std::fmt::{self, Display};
use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

/// The reader of the output.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// People
    #[default]
    Human,
    /// Programs: one JSON object per line
    Json,
}

/// Writes a message of the program to standard error.
pub(crate) fn complain(message: impl Display) {
    note(format_args!("galop: {message}"));
}

/// A report about a file or one of its lines.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) line: Option<u64>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl From<io::Error> for Report {
    fn from(error: io::Error) -> Report {
        Report::new("unreadable", error.to_string())
    }
}

impl Report {
    /// Returns a report about a file as a whole, without help.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Report {
        Report { line: None, code, message: message.into(), help: None }
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> Report {
        Report { help: Some(help.into()), ..self }
    }

    /// Returns the report as text for people. `file` is the name of the file.
    pub(crate) fn text(&self, file: &str) -> String {
        let line = self.line.map(|line| format!("{line}:")).unwrap_or_default();
        let help = self.help.as_ref().map(|help| format!("\n  = help: {help}")).unwrap_or_default();
        format!("{file}:{line} error[{}]: {}{help}", self.code, self.message)
    }
}

/// Writes a line to standard error. Errors are ignored, because a closed standard error has no
/// reader.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a value as a line of JSON.
pub(crate) fn json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Returns a text as a JSON string.
pub(crate) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns a text as one word: unchanged, or as a JSON string if it is empty or has spaces, quotes
/// or control characters.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '"';
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { json_string(text) }
}

/// A number with its noun in the singular and the plural.
pub(crate) struct Count(pub(crate) u64, pub(crate) &'static str, pub(crate) &'static str);

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(number, one, many) = *self;
        write!(f, "{number} {}", if number == 1 { one } else { many })
    }
}

/// Writes rows in columns. Columns of numbers are aligned to the right. The last column, of texts,
/// is not padded.
pub(crate) fn table<const N: usize>(
    out: &mut dyn Write,
    head: [&str; N],
    rows: &[([u64; N], impl AsRef<str>)],
    last: &str,
) -> io::Result<()> {
    let width = |column: usize| {
        let numbers = rows.iter().map(|(numbers, _)| numbers[column].to_string().len());
        numbers.chain([head[column].len()]).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    for (title, width) in head.iter().zip(widths) {
        write!(out, "{title:>width$}  ")?;
    }
    writeln!(out, "{last}")?;
    for (numbers, text) in rows {
        for (number, width) in numbers.iter().zip(widths) {
            write!(out, "{number:>width$}  ")?;
        }
        writeln!(out, "{}", text.as_ref())?;
    }
    Ok(())
}
