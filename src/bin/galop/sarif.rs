//! Results in [SARIF 2.1.0], which services that scan code accept.
//!
//! [SARIF 2.1.0]: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

use std::collections::BTreeSet;
use std::io::{self, Write};

use galop::lint::{Level, WarningKind};
use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;

/// The results of a run.
#[derive(Default)]
pub(crate) struct Log {
    results: Vec<Value>,
    /// The codes that are not in the table of lints.
    others: BTreeSet<&'static str>,
}

impl Log {
    pub(crate) fn add(&mut self, diagnostic: &Diagnostic) {
        if WarningKind::from_code(diagnostic.code).is_none() {
            self.others.insert(diagnostic.code);
        }
        let mut result = json!({
            "ruleId": diagnostic.code,
            "level": diagnostic.severity.name(),
            "message": {"text": diagnostic.text()},
        });
        if let Some(location) = location(diagnostic) {
            result["locations"] = json!([location]);
        }
        self.results.push(result);
    }

    /// Writes the log. `is_complete` is false if some rules could not be read.
    pub(crate) fn print(self, out: &mut dyn Write, is_complete: bool) -> io::Result<()> {
        let lints = WarningKind::ALL.iter().map(|kind| {
            json!({
                "id": kind.code(),
                "shortDescription": {"text": kind.to_string()},
                "fullDescription": {"text": kind.meaning()},
                "defaultConfiguration": {"enabled": kind.default_level() != Level::Allow, "level": "warning"},
            })
        });
        let others = self.others.iter().map(|code| json!({"id": code}));
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "galop",
                    "version": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": lints.chain(others).collect::<Vec<Value>>(),
                }},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": is_complete}],
                "results": self.results,
            }],
        });
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }
}

fn location(diagnostic: &Diagnostic) -> Option<Value> {
    let file = diagnostic.file.as_ref()?;
    let mut location = json!({"artifactLocation": {"uri": uri(file)}});
    if let Some(place) = diagnostic.place {
        let mut region = json!({"startLine": place.line, "startColumn": place.column});
        if let Some(end) = diagnostic.end {
            region["endLine"] = end.line.into();
            region["endColumn"] = end.column.into();
        }
        location["region"] = region;
    }
    Some(json!({"physicalLocation": location}))
}

/// Returns a path as a relative or absolute URI reference.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
