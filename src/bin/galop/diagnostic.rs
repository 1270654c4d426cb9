//! Diagnostics of rules, with their places in the file, and their printed form.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use galop::PatternError;
use galop::error::Span;
use galop::lint::{Level, Warning};
use serde::Serialize;

use crate::marked_line::marked_line;
use crate::output::{Report, json_line, word};
use crate::pattern_text::{PatternText, Place};
use crate::rule_entry::Fault;

/// An error or a warning.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// `None` if the diagnostic is about the rules as a whole.
    pub(crate) file: Option<Arc<str>>,
    pub(crate) place: Option<Place>,
    /// The place after the bytes at fault.
    pub(crate) end: Option<Place>,
    pub(crate) id: Option<String>,
    /// The bytes of the pattern at fault.
    pub(crate) span: Option<Span>,
    pub(crate) help: Option<String>,
    /// The line of the file with the place marked, and the help.
    pub(crate) excerpt: Option<String>,
    /// The index of the rule among all rules.
    pub(crate) order: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    Error,
    Warning,
}

impl Severity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }

    /// Returns the severity of a lint of a level.
    pub(crate) fn of_lint(level: Level) -> Severity {
        if level == Level::Deny { Severity::Error } else { Severity::Warning }
    }
}

impl Diagnostic {
    /// Returns a diagnostic of the rules as a whole.
    pub(crate) fn new(severity: Severity, code: &'static str, message: String) -> Diagnostic {
        Diagnostic {
            severity,
            code,
            message,
            file: None,
            place: None,
            end: None,
            id: None,
            span: None,
            help: None,
            excerpt: None,
            order: usize::MAX,
        }
    }

    /// Returns a diagnostic of an entry of a file that is not a rule.
    pub(crate) fn of_file(severity: Severity, fault: Fault, file: &Arc<str>, order: usize) -> Diagnostic {
        let excerpt = match &fault.report {
            Some(report) => Some(excerpt(&report.0, |line| report.1 + line - 1)),
            None => help_line(fault.help.as_deref()),
        };
        Diagnostic {
            file: Some(Arc::clone(file)),
            place: Some(fault.place),
            id: fault.id,
            excerpt,
            help: fault.help,
            order,
            ..Diagnostic::new(severity, fault.code, fault.message)
        }
    }

    /// Returns a diagnostic of a file that cannot be read.
    pub(crate) fn of_unreadable(report: Report, file: &Arc<str>, order: usize) -> Diagnostic {
        Diagnostic {
            file: Some(Arc::clone(file)),
            excerpt: help_line(report.help.as_deref()),
            help: report.help,
            order,
            ..Diagnostic::new(Severity::Error, report.code, report.message)
        }
    }

    /// Returns a diagnostic of a file without rules.
    pub(crate) fn of_empty_file(file: &Arc<str>, order: usize) -> Diagnostic {
        let message = "no rule is in this file".to_owned();
        Diagnostic {
            file: Some(Arc::clone(file)),
            order,
            ..Diagnostic::new(Severity::Warning, "no-rules", message)
        }
    }

    /// Returns a diagnostic of a refused pattern.
    pub(crate) fn of_error(
        error: &PatternError,
        id: &str,
        pattern: &PatternText,
        order: usize,
    ) -> Diagnostic {
        let report = error.report(&pattern.text).to_string();
        Diagnostic {
            help: error.help(),
            order,
            ..Diagnostic::new(Severity::Error, error.code(), error.kind().to_string())
        }
        .at(error.span(), &report, id, pattern)
    }

    /// Returns the diagnostics of the warnings about one rule, in their order. Only the first
    /// `excerpts` warnings have an excerpt, because an excerpt takes time in proportion to the text.
    pub(crate) fn of_warnings<'a>(
        warnings: &'a [Warning],
        (id, pattern, order): (&'a str, &'a PatternText, usize),
        excerpts: usize,
    ) -> impl Iterator<Item = Diagnostic> + 'a {
        let spans = warnings.iter().map(Warning::span);
        let places = pattern.places(spans.flat_map(|Span { start, end }| [start, end]).collect());
        warnings.iter().enumerate().map(move |(index, warning)| {
            let Span { start, end } = warning.span();
            let (place, end) = (places.get(start), places.get(end));
            let report = || warning.report(&pattern.text).to_string();
            let excerpt = (index < excerpts).then(|| pattern_excerpt(&report(), pattern, place, end));
            Diagnostic {
                file: Some(Arc::clone(&pattern.file)),
                place,
                end,
                id: Some(id.to_owned()),
                span: Some(warning.span()),
                help: warning.help(),
                excerpt,
                order,
                ..Diagnostic::new(
                    Severity::of_lint(warning.level()),
                    warning.code(),
                    warning.kind().to_string(),
                )
            }
        })
    }

    /// Adds the place in a pattern, and the excerpt of the library's report.
    fn at(self, span: Span, report: &str, id: &str, pattern: &PatternText) -> Diagnostic {
        let (place, end) = (Some(pattern.place(span.start)), Some(pattern.place(span.end)));
        Diagnostic {
            file: Some(Arc::clone(&pattern.file)),
            place,
            end,
            id: Some(id.to_owned()),
            span: Some(span),
            excerpt: Some(pattern_excerpt(report, pattern, place, end)),
            ..self
        }
    }

    /// Returns the message with the id of the rule and the help, for programs that show a text.
    pub(crate) fn text(&self) -> String {
        let mut text = self.message.clone();
        if let Some(id) = &self.id {
            text += &format!(" (rule {id})");
        }
        if let Some(help) = &self.help {
            text += &format!("\nhelp: {help}");
        }
        text
    }

    /// Writes the diagnostic as an object on one line.
    pub(crate) fn print_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json_line(out, &self.record())
    }

    fn record(&self) -> Record<'_> {
        Record {
            severity: self.severity,
            code: self.code,
            message: &self.message,
            file: self.file.as_deref(),
            line: self.place.map(|place| place.line),
            column: self.place.map(|place| place.column),
            id: self.id.as_deref(),
            span: self.span.map(|Span { start, end }| RecordSpan { start, end }),
            help: self.help.as_deref(),
        }
    }
}

fn help_line(help: Option<&str>) -> Option<String> {
    help.map(|help| format!("  = help: {help}\n"))
}

/// Returns the line of the file with the place marked, and the help of a report of the library.
pub(crate) fn pattern_excerpt(
    report: &str,
    pattern: &PatternText,
    place: Option<Place>,
    end: Option<Place>,
) -> String {
    match (place, place.and_then(|place| pattern.source_line(place.line))) {
        (Some(place), Some(line)) => source_excerpt(report, line, place, end),
        _ => excerpt(report, |line| pattern.file_line(line)),
    }
}

/// Returns the line of the file instead of the line of the report: the pattern is JSON that the file
/// does not have.
fn source_excerpt(report: &str, line: &str, place: Place, end: Option<Place>) -> String {
    let mut excerpt = marked_line(line, place, end);
    let margin = place.line.to_string().len();
    let notes = report.lines().skip_while(|line| !line.trim_start().starts_with("= "));
    for note in notes {
        let note = note.trim_start();
        excerpt.push_str(&format!("{:margin$} {note}\n", ""));
    }
    excerpt
}

/// Returns the marked line of a report of the library. The library counts lines from the start of
/// its text; the excerpt has line numbers of the file, which `file_line` returns.
fn excerpt(report: &str, file_line: impl Fn(usize) -> usize) -> String {
    let lines: Vec<&str> = report.lines().skip(2).collect();
    let number = |line: &&str| line.split_once(" | ").and_then(|(number, _)| number.parse::<usize>().ok());
    let Some(line) = lines.iter().find_map(number) else { return String::new() };
    let old_margin = line.to_string().len();
    let file_line = file_line(line).to_string();
    let margin = file_line.len();
    let mut excerpt = String::new();
    for line in lines {
        let (gutter, rest) = line.split_at_checked(old_margin).unwrap_or(("", line));
        let gutter = if gutter.trim_start().is_empty() { "" } else { &file_line };
        excerpt.push_str(&format!("{gutter:margin$}{rest}\n"));
    }
    excerpt
}

/// The format for people. The place comes first, as in messages of compilers.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
            if let Some(Place { line, column }) = self.place {
                write!(f, "{line}:{column}:")?;
            }
            write!(f, " ")?;
        }
        write!(f, "{}[{}]: {}", self.severity.name(), self.code, self.message)?;
        if let Some(id) = &self.id {
            write!(f, " (rule {})", word(id))?;
        }
        match &self.excerpt {
            Some(excerpt) => write!(f, "\n{excerpt}"),
            None => Ok(()),
        }
    }
}

/// The format for programs.
#[derive(Serialize)]
struct Record<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    id: Option<&'a str>,
    span: Option<RecordSpan>,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct RecordSpan {
    start: usize,
    end: usize,
}
