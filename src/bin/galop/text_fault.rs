//! A fault in a text of the command line or of a file, with its place: for people and as JSON.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::Failure;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json_value::place;
use crate::marked_line::marked_line;

/// A fault in a text.
#[derive(Clone, Debug)]
pub(crate) struct TextFault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The bytes of the text at fault.
    pub(crate) span: Range<usize>,
    pub(crate) help: Option<String>,
}

impl TextFault {
    /// Returns the report for people, with the line and the place marked. `name` is the name of the text.
    pub(crate) fn report(&self, name: &str, text: &str) -> String {
        let excerpt = self.excerpt(text);
        let diagnostic = Diagnostic {
            file: Some(Arc::from(name)),
            place: Some(place(text.as_bytes(), self.span.start, 1)),
            excerpt: Some(excerpt),
            ..Diagnostic::new(Severity::Error, self.code, self.message.clone())
        };
        diagnostic.to_string().trim_end().to_owned()
    }

    /// Returns the line of the text with the place marked, and the help.
    pub(crate) fn excerpt(&self, text: &str) -> String {
        let at = |offset| place(text.as_bytes(), offset, 1);
        let (begin, end) = (at(self.span.start), at(self.span.end));
        let line = text.lines().nth(begin.line - 1).unwrap_or_default();
        // Control characters would displace the marks.
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut excerpt = marked_line(&line, begin, Some(end));
        if let Some(help) = &self.help {
            let margin = begin.line.to_string().len();
            excerpt += &format!("{:margin$} = help: {help}\n", "");
        }
        excerpt
    }

    /// Returns the failure of a command whose text has the fault.
    pub(crate) fn failure(&self, name: &str, text: &str) -> Failure {
        Failure::Report(self.report(name, text))
    }

    /// Returns the record for programs. `of` is the name of the text.
    pub(crate) fn record(&self, of: &'static str) -> impl Serialize {
        serde_json::json!({ "error": {
            "of": of,
            "code": self.code,
            "message": self.message,
            "start": self.span.start,
            "end": self.span.end,
            "help": self.help,
        } })
    }
}
