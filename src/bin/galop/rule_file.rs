//! Rule files: their formats, and the rules to tell the formats apart.
//!
//! A file is JSON lines if its first line is a complete JSON value. Otherwise the file is one JSON
//! value. The kind of a value is decided by its members, never by the name of the file. The text of
//! a pattern is taken unchanged from the file: a parsed JSON value would lose repeated names and
//! the spelling of numbers.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::pattern_text::{PatternText, Place};

/// An entry of a rule file.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Rule(FileRule),
    /// A rule without a pattern, which the service runs on a schedule.
    Schedule,
    /// An entry that is not a rule.
    Fault(Fault),
}

/// A rule of a file. Its pattern is not parsed yet.
#[derive(Clone, Debug)]
pub(crate) struct FileRule {
    pub(crate) id: String,
    pub(crate) pattern: PatternText,
    pub(crate) disabled: bool,
    /// The event bus, if the file names one.
    pub(crate) bus: Option<String>,
}

/// The reason why an entry is not a rule.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) id: Option<String>,
    pub(crate) place: Place,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Returns the entries of a rule file, in the order of the text. `file` and `stem` name the file
/// and rules without id.
pub(crate) fn read(text: &[u8], file: &Arc<str>, stem: &str) -> Vec<Entry> {
    let mut reader = Reader {
        text,
        file,
        stem,
        line_starts: line_starts(text),
        last_place: Cell::default(),
        entries: Vec::new(),
    };
    let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').filter(|line| !is_blank(line)).collect();
    let is_lines = match lines.as_slice() {
        [] => return reader.entries,
        [_] => false,
        // If neither format is valid, the file is JSON lines if a later line is a valid object.
        [first, rest @ ..] => {
            is_json(first) || !is_json(text) && rest.iter().any(|line| line[0] == b'{' && is_json(line))
        }
    };
    if is_lines {
        for line in lines {
            let name = format!("{stem}:{}", reader.place(reader.offset(line)).line);
            reader.text(line, &name);
        }
    } else {
        reader.text(text, stem);
    }
    reader.entries
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(text).is_ok()
}

fn line_starts(text: &[u8]) -> Vec<usize> {
    [0].into_iter().chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1)).collect()
}

struct Reader<'t> {
    text: &'t [u8],
    file: &'t Arc<str>,
    stem: &'t str,
    line_starts: Vec<usize>,
    /// The last requested offset, and the number of characters before it on its line. The cache
    /// keeps a file of one long line with many rules linear, because places are requested in the
    /// order of the text.
    last_place: Cell<(usize, usize)>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    /// Reads the text of one JSON value, which may be surrounded by white space.
    fn text(&mut self, text: &[u8], name: &str) {
        match serde_json::from_slice::<&RawValue>(text) {
            Ok(value) if value.get().starts_with('[') => self.list(value),
            Ok(value) => self.value(value, name, true),
            Err(error) => {
                let offset = self.offset(text);
                let fault = match std::str::from_utf8(text) {
                    Err(error) => self.fault(offset + error.valid_up_to(), "invalid-utf8", "not UTF-8"),
                    Ok(text) => {
                        self.fault(offset + error_offset(text, &error), "invalid-json", message(&error))
                    }
                };
                self.entries.push(Entry::Fault(fault));
            }
        }
    }

    /// Reads an array of rules.
    fn list(&mut self, value: &RawValue) {
        match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            Ok(elements) => self.elements(elements),
            Err(error) => self.misread(value, &error),
        }
    }

    fn elements(&mut self, elements: Vec<&RawValue>) {
        for (index, element) in elements.into_iter().enumerate() {
            self.value(element, &format!("{}:{}", self.stem, index + 1), false);
        }
    }

    /// Reads a value. `name` is its id if the value has none. Only a value at the root can be a
    /// list of rules.
    fn value(&mut self, value: &RawValue, name: &str, is_root: bool) {
        if !value.get().starts_with('{') {
            let message = "neither a rule nor a pattern: expected a JSON object";
            let fault = self.fault(self.offset(value.get().as_bytes()), "not-a-rule", message);
            self.entries.push(Entry::Fault(fault));
            return;
        }
        let members = match serde_json::from_str::<Members<'_>>(value.get()) {
            Ok(members) => members,
            Err(error) => return self.misread(value, &error),
        };
        match members.rule_list() {
            Some(rules) if is_root => self.elements(rules),
            _ => self.rule(value, &members, name),
        }
    }

    fn rule(&mut self, value: &RawValue, members: &Members<'_>, name: &str) {
        let id = ["id", "name", "Name"].into_iter().find_map(|name| members.scalar(name));
        let pattern = match (members.get("pattern"), members.get("EventPattern")) {
            (_, Some(pattern)) if is_string(pattern) => Some(pattern),
            (Some(pattern), _) if id.is_some() || is_string(pattern) || members.is_alone(pattern) => {
                Some(pattern)
            }
            _ => None,
        };
        let begin = self.place(self.offset(value.get().as_bytes()));
        let fault = |code, message: String| Err(Fault { id: id.clone(), place: begin, code, message });
        let text = match (pattern, &id) {
            (Some(pattern), _) => self.pattern(pattern),
            (None, None) => Ok(PatternText::plain(value.get(), self.file, begin)),
            (None, Some(_)) if members.get("ScheduleExpression").is_some() => {
                self.entries.push(Entry::Schedule);
                return;
            }
            (None, Some(_)) => fault("missing-pattern", "the rule has no `pattern`".to_owned()),
        };
        let text = match (members.repeated(), text) {
            (Some(name), _) if pattern.is_some() => {
                fault("repeated-member", format!("the rule has `{name}` twice"))
            }
            (_, text) => text,
        };
        self.entries.push(match text {
            Ok(pattern) => Entry::Rule(FileRule {
                id: id.unwrap_or_else(|| name.to_owned()),
                pattern,
                disabled: members.scalar("State").as_deref() == Some("DISABLED"),
                bus: members.scalar("EventBusName"),
            }),
            Err(fault) => Entry::Fault(Fault { id, ..fault }),
        });
    }

    fn pattern(&self, value: &RawValue) -> Result<PatternText, Fault> {
        let offset = self.offset(value.get().as_bytes());
        let begin = self.place(offset);
        if !is_string(value) {
            return Ok(PatternText::plain(value.get(), self.file, begin));
        }
        PatternText::quoted(value.get(), self.file, begin)
            .map_err(|error| self.fault(offset, "invalid-json", message(&error)))
    }

    fn misread(&mut self, value: &RawValue, error: &serde_json::Error) {
        let fault = self.fault(self.offset(value.get().as_bytes()), "invalid-json", message(error));
        self.entries.push(Entry::Fault(fault));
    }

    fn fault(&self, offset: usize, code: &'static str, message: impl Into<String>) -> Fault {
        Fault { id: None, place: self.place(offset), code, message: message.into() }
    }

    /// Returns the offset of a part of the text.
    fn offset(&self, part: &[u8]) -> usize {
        (part.as_ptr().addr() - self.text.as_ptr().addr()).min(self.text.len())
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let line_start = self.line_starts[line - 1];
        let (last, before_last) = self.last_place.get();
        let (from, before) =
            if (line_start..=offset).contains(&last) { (last, before_last) } else { (line_start, 0) };
        // Each byte that is not a continuation byte begins a character.
        let characters = self.text[from..offset].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        self.last_place.set((offset, before + characters));
        Place { line, column: before + characters + 1 }
    }
}

fn is_string(value: &RawValue) -> bool {
    value.get().starts_with('"')
}

/// Returns the offset of an error. serde_json gives a line and a column in bytes.
fn error_offset(text: &str, error: &serde_json::Error) -> usize {
    if error.is_eof() {
        return text.trim_end().len();
    }
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut offset = (line + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Returns the message of an error without its place, because the place is relative to another
/// start.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// The members of an object in the order of the text.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Members<'t> {
    fn get(&self, name: &str) -> Option<&'t RawValue> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }

    /// Returns the member if its value is a string or a number.
    fn scalar(&self, name: &str) -> Option<String> {
        let text = self.get(name)?.get();
        match text.as_bytes()[0] {
            b'"' => serde_json::from_str(text).ok(),
            b'-' | b'0'..=b'9' => Some(text.to_owned()),
            _ => None,
        }
    }

    /// Returns true if the object has only one member and `value` is an object.
    fn is_alone(&self, value: &RawValue) -> bool {
        self.0.len() == 1 && value.get().starts_with('{')
    }

    /// Returns the name of a repeated member of a rule.
    fn repeated(&self) -> Option<&'static str> {
        let count = |name: &&str| self.0.iter().filter(|(member, _)| member == name).count();
        ["id", "pattern", "EventPattern"].into_iter().find(|name| count(name) > 1)
    }

    /// Returns the rules of `aws events list-rules`. A pattern can have a field `Rules`, but its
    /// alternatives never have a `Name`.
    fn rule_list(&self) -> Option<Vec<&'t RawValue>> {
        let rules: Vec<&RawValue> = serde_json::from_str(self.get("Rules")?.get()).ok()?;
        let is_rule = |rule: &&RawValue| {
            serde_json::from_str::<Members<'_>>(rule.get()).is_ok_and(|rule| rule.scalar("Name").is_some())
        };
        rules.iter().all(is_rule).then_some(rules)
    }
}

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Members<'t>, D::Error> {
        struct InOrder;

        impl<'t> Visitor<'t> for InOrder {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    // A name with an unpaired surrogate is legal in a pattern. It becomes empty
                    // here, and equals no name of a rule member.
                    members.push((serde_json::from_str(name.get()).unwrap_or_default(), value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests;
