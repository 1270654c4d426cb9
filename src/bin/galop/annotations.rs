//! Annotations of GitHub Actions: commands in the log of a job.

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;

/// Writes a diagnostic as an annotation.
pub(crate) fn print(out: &mut dyn Write, diagnostic: &Diagnostic) -> io::Result<()> {
    write!(out, "::{} ", diagnostic.severity.name())?;
    if let Some(file) = &diagnostic.file {
        write!(out, "file={},", escaped(file, true))?;
    }
    if let Some(place) = diagnostic.place {
        write!(out, "line={},col={},", place.line, place.column)?;
        // GitHub ignores the columns if the end is on another line. `endColumn` is inclusive.
        let end = diagnostic.end.filter(|end| end.line == place.line && end.column > place.column);
        if let Some(end) = end {
            write!(out, "endLine={},endColumn={},", end.line, end.column - 1)?;
        }
    }
    writeln!(out, "title={}::{}", diagnostic.code, escaped(&diagnostic.text(), false))
}

/// Returns a text with the escapes of a command. Properties need more escapes than messages.
pub(crate) fn escaped(text: &str, is_property: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' if is_property => escaped.push_str("%3A"),
            ',' if is_property => escaped.push_str("%2C"),
            c => escaped.push(c),
        }
    }
    escaped
}
