//! The data model of tests, and the faults of files of tests with their places.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use crate::pattern_text::Place;
use crate::rule_choice::nearest;
use crate::rule_entry::Fault;
use crate::test_event::EventText;

/// The tests of a file.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) file: Arc<str>,
    /// The rule files.
    pub(crate) rules: Vec<PathBuf>,
    pub(crate) tests: Vec<Test>,
}

/// A test: an event, and the rules that must and must not match.
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) event: EventText,
    pub(crate) expected: Expected,
}

/// The expected result of a test.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// Rules that must match.
    pub(crate) matches: Vec<String>,
    /// Rules that must not match.
    pub(crate) misses: Vec<String>,
    /// All rules that match.
    pub(crate) exactly: Option<Vec<String>>,
    /// The code with which the event must be refused.
    pub(crate) rejected: Option<String>,
}

impl Expected {
    /// Returns every id that is named.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let exactly = self.exactly.iter().flatten();
        self.matches.iter().chain(&self.misses).chain(exactly).map(String::as_str)
    }
}

/// The names of all members, for "did you mean".
const MEMBERS: [&str; 8] = ["rules", "test", "name", "event", "matches", "misses", "exactly", "rejected"];

/// Returns the fault of an error in a part of the text.
pub(crate) fn json_fault(places: &Places<'_>, part: &str, error: &serde_json::Error) -> Fault {
    let begin = places.of(part);
    let column = error.column().max(1);
    let at = match error.line() {
        0 | 1 => Place { line: begin.line, column: begin.column + column - 1 },
        line => Place { line: begin.line + line - 1, column },
    };
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    invalid(at, "invalid-json", message.strip_suffix(&position).unwrap_or(&message))
}

/// Returns the fault of a text that does not have the form of tests. A misspelt member has a code of
/// its own.
pub(crate) fn invalid(place: Place, code: &'static str, message: &str) -> Fault {
    let message = message.trim();
    let unknown = message.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`'));
    match unknown {
        None => fault(place, code, message),
        Some((name, _)) => {
            let mut message = format!("there is no member `{name}`");
            if let Some(near) = nearest(name, MEMBERS.into_iter()) {
                message += &format!("; did you mean `{near}`?");
            }
            fault(place, "unknown-member", &message)
        }
    }
}

pub(crate) fn fault(place: Place, code: &'static str, message: &str) -> Fault {
    Fault { id: None, place, code, message: message.to_owned(), help: None, report: None }
}

/// A text, and the place of each of its bytes.
///
/// The last place is the start of the search for the next one, so places in the order of the text
/// take linear time.
pub(crate) struct Places<'t> {
    pub(crate) text: &'t str,
    last: Cell<(usize, Place)>,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t str) -> Places<'t> {
        Places { text, last: Cell::new((0, Place { line: 1, column: 1 })) }
    }

    /// Returns the place of an offset.
    pub(crate) fn at(&self, offset: usize) -> Place {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (from, mut place) = match self.last.get() {
            (last, place) if last <= offset => (last, place),
            _ => (0, Place { line: 1, column: 1 }),
        };
        let between = &self.text[from..offset];
        match between.rfind('\n') {
            None => place.column += between.chars().count(),
            Some(at) => {
                place.line += between.matches('\n').count();
                place.column = between[at + 1..].chars().count() + 1;
            }
        }
        self.last.set((offset, place));
        place
    }

    /// Returns the place of a part of the text.
    pub(crate) fn of(&self, part: &str) -> Place {
        self.at(part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr()))
    }
}
