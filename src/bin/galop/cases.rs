//! Reads conformance cases: patterns, events, and the expected matches and errors.
//!
//! Two formats become one flat list of [`Case`]s. The project's own format is TOML, described in
//! `corpus/README.md`. JSON lines (`{"id","topic","pattern","event","valid","matches"}`) are for
//! cases that other programs write.
//!
//! Texts are bytes, because some are deliberately not UTF-8. The module does not use the engine:
//! the caller compares the engine's answer with the expected one.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

// The paths are explicit because tests include this file in other crates.
#[path = "cases/toml.rs"]
mod toml_format;

#[cfg(test)]
#[path = "cases/tests.rs"]
mod tests;

pub use toml_format::parse as parse_toml;

/// One pattern, at most one event, and the expected result.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Case {
    /// Unique among all cases that were read together.
    pub id: String,
    /// The subject, from general to special: `numeric.match`.
    pub topic: String,
    /// The name for people: topic, pattern and event, shortened. Unique like the id.
    pub name: String,
    /// The file of the case, and its line, counted from one.
    pub file: PathBuf,
    pub line: usize,
    /// The rule set of the pattern, if several rules are matched with the same event.
    pub group: Option<Group>,
    /// The limits for the pattern.
    pub limits: Limits,
    pub pattern: Vec<u8>,
    pub event: Option<Vec<u8>>,
    pub expect: Expect,
}

/// The place of a case in a rule set. Cases of one set are adjacent, ordered by event, then by
/// rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// The id of the set. Unique like the id of a case.
    pub id: String,
    /// The name of this case's rule in the set.
    pub rule: String,
}

/// The limits for a pattern.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Limits {
    /// The default limits.
    #[default]
    Default,
    /// The limits for rules from trusted authors.
    Wide,
    /// The limits of the EventBridge service.
    Aws,
    /// The default limits, with all extensions allowed.
    Extensions,
}

/// The expected result of a case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expect {
    /// The pattern is refused. `code` or `at` is `None` if the case does not specify it.
    PatternRejected { code: Option<String>, at: Option<At> },
    /// The pattern is accepted; there is no event.
    PatternAccepted,
    /// The event is refused, independent of the pattern.
    EventRejected { code: Option<String>, offset: Option<usize> },
    /// Both are accepted. The value tells if the event matches the pattern.
    Matches(bool),
}

/// The place of an error in a pattern, in bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct At {
    pub start: usize,
    /// `None` if the case specifies only the start.
    pub end: Option<usize>,
}

/// An error for a file that cannot be read, or has no valid cases.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadError {
    pub file: PathBuf,
    /// Counted from one. Zero if the error has no line.
    pub line: usize,
    /// Counted from one, in characters. Zero if the error has no column.
    pub column: usize,
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ReadError {}

/// The maximum size of a file of cases in bytes.
pub const FILE_LIMIT: u64 = 1 << 30;

/// Reads a file of cases, or every file of cases in a directory, in the order of their names.
///
/// A directory without files of cases is an error, because a test without cases is a mistake.
pub fn read(path: &Path) -> Result<Vec<Case>, ReadError> {
    let mut files = Vec::new();
    if path.is_dir() {
        let (mut found, _) = entries(path).map_err(|e| fault(path, e.to_string()))?;
        if found.is_empty() {
            return Err(fault(path, "no file of cases in this directory".to_owned()));
        }
        files.append(&mut found);
    } else {
        files.push(path.to_path_buf());
    }
    let mut cases = Vec::new();
    for file in &files {
        let text = text(file)?;
        cases.extend(match format(file) {
            Some(Format::JsonLines) => parse_json_lines(file, &text)?,
            _ => parse_toml(file, &text)?,
        });
    }
    make_unique(&mut cases)?;
    Ok(cases)
}

/// Returns the entries of a directory that [`read`] leaves out, except hidden ones. Returns nothing
/// for a file.
pub fn skipped(path: &Path) -> Vec<PathBuf> {
    let (_, mut skipped) = entries(path).unwrap_or_default();
    skipped.retain(|entry| !entry.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")));
    skipped
}

/// Returns the files of cases of a directory, and the other entries, in the order of their names.
fn entries(directory: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let entries: io::Result<Vec<_>> = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect();
    let mut entries = entries?;
    entries.sort();
    Ok(entries.into_iter().partition(|entry| format(entry).is_some()))
}

fn fault(file: &Path, message: String) -> ReadError {
    ReadError { file: file.to_path_buf(), line: 0, column: 0, message }
}

fn text(file: &Path) -> Result<String, ReadError> {
    let mut text = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut text))
        .map_err(|e| fault(file, e.to_string()))?;
    if text.len() as u64 > FILE_LIMIT {
        return Err(fault(file, format!("longer than {FILE_LIMIT} bytes")));
    }
    String::from_utf8(text).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let (line, column) = place(&valid, valid.len());
        ReadError { line, column, ..fault(file, "the text is not UTF-8".to_owned()) }
    })
}

/// Returns the line and the column of a byte, counted from one.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

enum Format {
    Toml,
    JsonLines,
}

/// Returns true if a file has cases in JSON lines.
pub fn is_json_lines(file: &Path) -> bool {
    matches!(format(file), Some(Format::JsonLines))
}

fn format(file: &Path) -> Option<Format> {
    match file.extension()?.to_str()? {
        "toml" => Some(Format::Toml),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        _ => None,
    }
}

/// Rejects equal ids, and appends numbers to equal names. Names can be equal because they are
/// shortened.
fn make_unique(cases: &mut [Case]) -> Result<(), ReadError> {
    let mut ids = HashSet::new();
    let mut names = HashMap::new();
    for case in cases {
        if !ids.insert(case.id.clone()) {
            let message = format!("the id `{}` is taken", case.id);
            return Err(ReadError { line: case.line, ..fault(&case.file, message) });
        }
        let seen: &mut usize = names.entry(case.name.clone()).or_default();
        *seen += 1;
        if *seen > 1 {
            case.name = format!("{} #{seen}", case.name);
        }
    }
    Ok(())
}

/// A line of a JSON-lines file. The programs that write these files define the keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    topic: String,
    pattern: String,
    event: Option<String>,
    valid: bool,
    matches: Option<bool>,
}

/// Returns the cases of a text in JSON lines. `file` is used for messages only.
pub fn parse_json_lines(file: &Path, text: &str) -> Result<Vec<Case>, ReadError> {
    let mut cases = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let line = index + 1;
        let fault = |column, message: String| ReadError { line, column, ..fault(file, message) };
        let read: Line = serde_json::from_str(text).map_err(|error| {
            // The message counts lines and columns from the start of this line.
            let place = format!(" at line {} column {}", error.line(), error.column());
            fault(error.column().max(1), error.to_string().replace(&place, ""))
        })?;
        let expect = match (read.valid, &read.event, read.matches) {
            (false, _, None) => Expect::PatternRejected { code: None, at: None },
            (true, None, None) => Expect::PatternAccepted,
            (true, Some(_), None) => Expect::EventRejected { code: None, offset: None },
            (true, Some(_), Some(matches)) => Expect::Matches(matches),
            _ => return Err(fault(0, "`matches` needs a valid pattern and an event".to_owned())),
        };
        let event = read.event.filter(|_| read.valid).map(String::into_bytes);
        cases.push(Case {
            id: read.id,
            name: name(&read.topic, None, read.pattern.as_bytes(), event.as_deref()),
            topic: read.topic,
            file: file.to_path_buf(),
            line,
            group: None,
            limits: Limits::Default,
            pattern: read.pattern.into_bytes(),
            event,
            expect,
        });
    }
    Ok(cases)
}

/// The maximum length, in characters, of a pattern or event that a name contains in full.
const NAMED: usize = 60;

/// Returns `topic pattern event`, or `topic title event` if the case has a title. Pattern and event
/// are shortened.
fn name(topic: &str, title: Option<&str>, pattern: &[u8], event: Option<&[u8]>) -> String {
    let mut name = topic.to_owned();
    name.push(' ');
    match title {
        Some(title) => name.push_str(title),
        None => name.push_str(&shorten(pattern)),
    }
    if let Some(event) = event {
        name.push(' ');
        name.push_str(&shorten(event));
    }
    name
}

/// Returns the start and the end of a text on one line. Unprintable characters are escaped.
fn shorten(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let length = text.chars().count();
    let mut short = String::new();
    for (index, c) in text.chars().enumerate() {
        if length > NAMED && index == NAMED * 2 / 3 {
            short.push('…');
        }
        let kept = length <= NAMED || index < NAMED * 2 / 3 || index >= length - NAMED / 3;
        match c {
            _ if !kept => {}
            '\'' | '"' | '\\' => short.push(c),
            _ => short.extend(c.escape_debug()),
        }
    }
    if short.is_empty() { "(empty)".to_owned() } else { short }
}
