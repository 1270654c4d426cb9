//! JSON values of files that are read into types, and their faults with places.

use std::sync::Arc;

use galop::error::JsonError;
use galop::json::value_span;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::diagnostic::{Diagnostic, Severity};
use crate::foreign::Foreign;
use crate::pattern_text::Place;
use crate::rule_entry::Fault;

/// Returns the fault of an error in a text whose first line is the line `line` of a file.
pub(crate) fn json_fault(error: &JsonError, text: &[u8], line: usize) -> Fault {
    let at = place(text, error.span().start, line);
    let report = Some(Box::new((error.report(text).to_string(), line)));
    Fault { help: error.help(), report, ..Fault::new(at, error.code(), error.kind().to_string()) }
}

/// Returns the fault of a text that is in another format than JSON, if the format is known.
pub(crate) fn foreign_fault(text: &[u8]) -> Option<Fault> {
    let head = text.trim_ascii_start();
    Some(Foreign::of_head(head)?.fault(place(text, text.len() - head.len(), 1)))
}

/// Reads the only value of a text whose first line is the line `line` of a file. `code` is the code
/// of a value that does not have the form of the type.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8], line: usize, code: &'static str) -> Result<T, Fault> {
    let span = value_span(text, 0).map_err(|error| json_fault(&error, text, line))?;
    let rest = text[span.end..].trim_ascii_start();
    if !rest.is_empty() {
        let at = place(text, text.len() - rest.len(), line);
        return Err(Fault::new(at, code, "text after the value"));
    }
    serde_json::from_slice(text).map_err(|error| {
        let lines = text.split_inclusive(|&byte| byte == b'\n').take(error.line().max(1) - 1);
        let offset = lines.map(<[u8]>::len).sum::<usize>() + error.column().max(1) - 1;
        Fault::new(place(text, offset, line), code, without_place(&error))
    })
}

/// Returns the message of an error without its place, which counts from the start of the value.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}

/// Returns the place of a byte. The column counts characters.
pub(crate) fn place(text: &[u8], offset: usize, line: usize) -> Place {
    let before = &text[..offset.min(text.len())];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    // Each byte that is not a continuation byte begins a character.
    let characters = before[start..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    Place { line: line + memchr::memchr_iter(b'\n', before).count(), column: characters + 1 }
}

/// Returns the failure of a command whose file has a fault.
pub(crate) fn failure(fault: Fault, file: &str) -> Failure {
    let report = Diagnostic::of_file(Severity::Error, fault, &Arc::from(file), 0).to_string();
    Failure::Report(report.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn faults_have_the_place_in_the_file() {
        let fault = |text: &str| {
            let fault = read::<Vec<bool>>(text.as_bytes(), 7, "not-a-list").unwrap_err();
            (fault.place.line, fault.place.column, fault.code)
        };
        assert_eq!(fault("[true,\n \"ä\" 5]"), (8, 6, "unexpected-character"));
        assert_eq!(fault("[true] []"), (7, 8, "not-a-list"));
        assert_eq!(fault("[\n5]"), (8, 1, "not-a-list"));
        assert_eq!(fault(""), (7, 1, "unexpected-end"));
        assert!(read::<Vec<bool>>(b" [true]\n", 1, "not-a-list").is_ok());
    }
}
