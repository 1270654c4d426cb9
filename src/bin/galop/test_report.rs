//! The report of `galop test`: for people, as JSON, as JUnit XML, as annotations of GitHub.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;

use crate::annotations;
use crate::markup;
use crate::output::{Count, json_line, note, word};
use crate::pattern_text::Place;

/// The reader of the output.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum TestFormat {
    /// People
    #[default]
    Human,
    /// Programs: one JSON object per line
    Json,
    /// Servers for builds: JUnit XML
    Junit,
    /// Annotations of GitHub Actions
    Github,
}

/// The result of a test.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) file: Arc<str>,
    pub(crate) place: Place,
    /// The differences from the expected result. The test passes if there are none.
    pub(crate) surprises: Vec<Surprise>,
}

/// A difference from the expected result.
#[derive(Debug)]
pub(crate) enum Surprise {
    /// A rule must match, and does not.
    Missing { rule: String, reason: String },
    /// A rule must not match, and does.
    Unexpected { rule: String, reason: String },
    /// The event is refused, but not with the expected code.
    Rejected { code: &'static str, expected: Option<String>, report: String },
    /// The event must be refused, and is not.
    Accepted { code: String },
}

impl Surprise {
    /// Returns the difference in a line, and its reason in further lines.
    fn lines(&self) -> (String, &str) {
        match self {
            Surprise::Missing { rule, reason } => {
                (format!("rule {} must match, but misses", word(rule)), reason)
            }
            Surprise::Unexpected { rule, reason } => {
                (format!("rule {} must miss, but matches", word(rule)), reason)
            }
            Surprise::Rejected { code, expected: None, report } => {
                (format!("the event is refused with {code}"), report)
            }
            Surprise::Rejected { code, expected: Some(expected), report } => {
                (format!("the event is refused with {code}, and not with {}", word(expected)), report)
            }
            Surprise::Accepted { code } => {
                (format!("the event must be refused with {}, but is accepted", word(code)), "")
            }
        }
    }
}

/// The report, which is written test by test. JUnit XML is written at the end, because its head has
/// the counts.
pub(crate) struct Report {
    format: TestFormat,
    passed: u64,
    pub(crate) failed: u64,
    cases: String,
}

/// A line of JSON output.
#[derive(Serialize)]
struct Record<'a> {
    test: &'a str,
    passed: bool,
    file: &'a str,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unexpected: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Report {
    pub(crate) fn new(format: TestFormat) -> Report {
        Report { format, passed: 0, failed: 0, cases: String::new() }
    }

    /// Returns the number of tests.
    pub(crate) fn total(&self) -> u64 {
        self.passed + self.failed
    }

    /// Adds the result of a test.
    pub(crate) fn add(&mut self, outcome: Outcome, out: &mut dyn Write) -> io::Result<()> {
        let is_passed = outcome.surprises.is_empty();
        *(if is_passed { &mut self.passed } else { &mut self.failed }) += 1;
        match self.format {
            TestFormat::Human if is_passed => Ok(()),
            TestFormat::Human => {
                let Outcome { file, place, name, .. } = &outcome;
                writeln!(
                    out,
                    "{file}:{}:{}: failed: {name}\n{}",
                    place.line,
                    place.column,
                    indented(&outcome)
                )
            }
            TestFormat::Json => json(&outcome, out),
            TestFormat::Junit => {
                junit(&outcome, &mut self.cases);
                Ok(())
            }
            TestFormat::Github => github(&outcome, out),
        }
    }

    /// Writes the end of the report.
    pub(crate) fn finish(&self, files: u64, out: &mut dyn Write) -> io::Result<()> {
        let summary = format!(
            "{} in {}: {} passed, {} failed",
            Count(self.total(), "test", "tests"),
            Count(files, "file", "files"),
            self.passed,
            self.failed
        );
        match self.format {
            TestFormat::Human | TestFormat::Github => writeln!(out, "{summary}"),
            TestFormat::Json => {
                note(summary);
                Ok(())
            }
            TestFormat::Junit => {
                note(summary);
                let counts = format!("tests=\"{}\" failures=\"{}\"", self.total(), self.failed);
                writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
                writeln!(out, "<testsuites {counts}>\n  <testsuite name=\"galop\" {counts}>")?;
                write!(out, "{}", self.cases)?;
                writeln!(out, "  </testsuite>\n</testsuites>")
            }
        }
    }
}

/// Returns the differences, each with its reason below.
fn message(outcome: &Outcome) -> String {
    let mut message = String::new();
    for surprise in &outcome.surprises {
        let (line, reason) = surprise.lines();
        message += &line;
        message.push('\n');
        for line in reason.lines() {
            let _ = writeln!(message, "  {line}");
        }
    }
    message.truncate(message.trim_end().len());
    message
}

fn indented(outcome: &Outcome) -> String {
    let lines: Vec<String> = message(outcome).lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

fn json(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let (mut missing, mut unexpected) = (Vec::new(), Vec::new());
    for surprise in &outcome.surprises {
        match surprise {
            Surprise::Missing { rule, .. } => missing.push(&**rule),
            Surprise::Unexpected { rule, .. } => unexpected.push(&**rule),
            Surprise::Rejected { .. } | Surprise::Accepted { .. } => {}
        }
    }
    let passed = outcome.surprises.is_empty();
    let Place { line, column } = outcome.place;
    let message = (!passed).then(|| message(outcome));
    let (test, file) = (&*outcome.name, &*outcome.file);
    json_line(out, &Record { test, passed, file, line, column, missing, unexpected, message })
}

fn junit(outcome: &Outcome, cases: &mut String) {
    let Outcome { name, file, place, surprises } = outcome;
    let _ = write!(
        cases,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
        escaped(name),
        escaped(file),
        escaped(file),
        place.line
    );
    let Some(first) = surprises.first() else {
        *cases += "/>\n";
        return;
    };
    let _ = writeln!(
        cases,
        ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
        escaped(&first.lines().0),
        escaped(&message(outcome))
    );
}

/// Returns a text for an attribute or the content of an element. Characters that XML does not have
/// become replacement characters.
fn escaped(text: &str) -> String {
    markup::escaped(text, |xml, c| match c {
        '\n' => xml.push_str("&#10;"),
        '\t' => xml.push_str("&#9;"),
        '\r' => xml.push_str("&#13;"),
        '\0'..' ' | '\u{fffe}' | '\u{ffff}' => xml.push('\u{fffd}'),
        c => xml.push(c),
    })
}

fn github(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    if outcome.surprises.is_empty() {
        return Ok(());
    }
    let Outcome { name, file, place: Place { line, column }, .. } = outcome;
    let title = annotations::escaped(&format!("test failed: {name}"), true);
    let file = annotations::escaped(file, true);
    let message = annotations::escaped(&message(outcome), false);
    writeln!(out, "::error file={file},line={line},col={column},title={title}::{message}")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("<a b=\"c\">&\n\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\u{fffd}");
    }
}
