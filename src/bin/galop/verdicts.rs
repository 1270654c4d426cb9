//! Verdicts of galop or another program on conformance cases, as lines of JSON.

use std::collections::HashMap;
use std::path::Path;

use galop::{EventError, PatternError};
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::json_value::{self, foreign_fault};
use crate::output::Report;
use crate::source::Source;

/// The maximum size of a file of verdicts in bytes.
const FILE_LIMIT: u64 = 1 << 30;

/// The verdict on a case.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    /// True if the pattern is accepted.
    pub(crate) valid: bool,
    /// True if the event matches the pattern. `None` if the pattern or the event is refused, or if
    /// there is no event.
    pub(crate) matches: Option<bool>,
    pub(crate) error: Option<Fault>,
}

/// The reason why a pattern or an event is refused.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    /// `None` for events without a place.
    pub(crate) start: Option<usize>,
    /// `None` for events, because their errors have an offset only.
    pub(crate) end: Option<usize>,
}

impl Fault {
    pub(crate) fn of_pattern(error: &PatternError) -> Fault {
        Fault { code: error.code(), start: Some(error.span().start), end: Some(error.span().end) }
    }

    pub(crate) fn of_event(error: &EventError) -> Fault {
        Fault { code: error.code(), start: error.offset(), end: None }
    }
}

impl Verdict {
    /// Returns the verdict as text for people.
    pub(crate) fn phrase(&self, has_event: bool) -> String {
        let refused = |what: &str| match &self.error {
            None => format!("{what} refused"),
            Some(Fault { code, start, end }) => format!("{what} refused[{code}]{}", place(*start, *end)),
        };
        match (self.valid, self.matches) {
            (false, None) => refused("pattern"),
            (false, Some(_)) => "pattern refused, and yet an answer".to_owned(),
            (true, Some(true)) => "match".to_owned(),
            (true, Some(false)) => "no match".to_owned(),
            (true, None) if has_event => refused("event"),
            (true, None) => "pattern accepted".to_owned(),
        }
    }
}

/// Returns a place in a pattern or an event as text for people.
pub(crate) fn place(start: Option<usize>, end: Option<usize>) -> String {
    match (start, end) {
        (Some(start), Some(end)) => format!(" at bytes {start} to {end}"),
        (Some(start), None) => format!(" at byte {start}"),
        (None, _) => String::new(),
    }
}

/// Returns the JSON line of a verdict. `valid` is null if there is no verdict.
pub(crate) fn line<'a>(id: &'a str, verdict: Option<&'a Verdict>, agrees: bool) -> impl Serialize + 'a {
    #[derive(Serialize)]
    struct Line<'a> {
        id: &'a str,
        valid: Option<bool>,
        matches: Option<bool>,
        error: Option<&'a Fault>,
        agrees: bool,
    }

    Line {
        id,
        valid: verdict.map(|verdict| verdict.valid),
        matches: verdict.and_then(|verdict| verdict.matches),
        error: verdict.and_then(|verdict| verdict.error.as_ref()),
        agrees,
    }
}

/// Reads the verdicts of another program, by the ids of the cases. Error codes are not compared,
/// because they are galop's own.
pub(crate) fn read(file: &Path) -> Result<HashMap<String, Verdict>, Failure> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
        valid: Option<bool>,
        matches: Option<bool>,
    }

    let name = file.to_string_lossy();
    let text = Source::of_file(file).read(FILE_LIMIT);
    let text = text.map_err(|report| Failure::Report(report.text(&name)))?;
    let mut verdicts = HashMap::new();
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read: Line = json_value::read(line, index + 1, "not-a-verdict").map_err(|fault| {
            let foreign = if verdicts.is_empty() { foreign_fault(&text) } else { None };
            json_value::failure(foreign.unwrap_or(fault), &name)
        })?;
        // An explicit null is no verdict.
        let Some(valid) = read.valid else { continue };
        let verdict = Verdict { valid, matches: read.matches, error: None };
        if verdicts.insert(read.id.clone(), verdict).is_some() {
            let message = format!("a second verdict on {}", read.id);
            let report = Report { line: Some(index as u64 + 1), code: "not-a-verdict", message, help: None };
            return Err(Failure::Report(report.text(&name)));
        }
    }
    Ok(verdicts)
}
