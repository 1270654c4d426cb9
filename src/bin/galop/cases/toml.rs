//! The project's own TOML format of cases. `corpus/README.md` describes the format.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{At, Case, Expect, Group, Limits, ReadError, fault, make_unique, name, place};

/// A TOML file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    case: Vec<CaseEntry>,
    #[serde(default)]
    error: Vec<ErrorEntry>,
}

/// `[[case]]`: a pattern and its events, or several rules and their events.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CaseEntry {
    topic: Spanned<String>,
    id: Option<String>,
    name: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: Option<String>,
    #[serde(default)]
    limits: Limits,
    pattern: Option<Text>,
    #[serde(rename = "match", default)]
    matches: Vec<Text>,
    #[serde(default)]
    no_match: Vec<Text>,
    #[serde(default)]
    reject_event: Vec<RejectedEvent>,
    rules: Option<BTreeMap<String, Text>>,
    #[serde(default)]
    events: Vec<GroupEvent>,
}

/// `[[error]]`: a pattern that is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorEntry {
    topic: Spanned<String>,
    id: Option<String>,
    name: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: Option<String>,
    #[serde(default)]
    limits: Limits,
    pattern: Text,
    code: String,
    at: Option<String>,
    nth: Option<usize>,
    offset: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an event, or { event, code, offset }")]
enum RejectedEvent {
    Plain(Text),
    Placed(PlacedEvent),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacedEvent {
    event: Text,
    code: Option<String>,
    offset: Option<usize>,
}

/// An event for a rule set, and the names of the matching rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupEvent {
    event: Text,
    matches: Vec<String>,
}

/// A text, written as one string or in parts.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a list of texts, { repeat, times, count } and { hex }")]
enum Text {
    Whole(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, { repeat, times, count } or { hex }")]
enum Part {
    Plain(String),
    Repeat(Repeat),
    Bytes(Bytes),
}

/// A repeated text. Each copy replaces the substring `count` by the number of the copy, counted
/// from zero.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    repeat: String,
    times: usize,
    count: Option<String>,
}

/// Bytes in hexadecimal, for texts that are not UTF-8.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bytes {
    hex: String,
}

/// The maximum length of a text with repeated parts.
const TEXT_LIMIT: usize = 1 << 24;

impl Text {
    fn bytes(&self) -> Result<Vec<u8>, String> {
        let parts = match self {
            Text::Whole(text) => return Ok(text.clone().into_bytes()),
            Text::Parts(parts) => parts,
        };
        let mut bytes = Vec::new();
        for part in parts {
            match part {
                Part::Plain(text) => bytes.extend_from_slice(text.as_bytes()),
                Part::Repeat(Repeat { repeat, times, count }) => {
                    let length = times.saturating_mul(repeat.len().max(1));
                    if bytes.len().saturating_add(length) > TEXT_LIMIT {
                        return Err(format!("a text is longer than {TEXT_LIMIT} bytes"));
                    }
                    for number in 0..*times {
                        match count {
                            Some(count) => bytes.extend(repeat.replace(count, &number.to_string()).bytes()),
                            None => bytes.extend_from_slice(repeat.as_bytes()),
                        }
                    }
                }
                Part::Bytes(Bytes { hex }) => {
                    for digits in hex.as_bytes().chunks(2) {
                        let pair = std::str::from_utf8(digits).ok().filter(|_| digits.len() == 2);
                        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
                        bytes.push(byte.ok_or_else(|| format!("`{hex}` is not hexadecimal"))?);
                    }
                }
            }
        }
        Ok(bytes)
    }
}

/// Returns the cases of a text in TOML. `file` is used for ids and messages only.
pub fn parse(file: &Path, text: &str) -> Result<Vec<Case>, ReadError> {
    let line_ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |byte: usize| line_ends.partition_point(|&end| end < byte) + 1;
    let read: File = toml::from_str(text).map_err(|e| {
        let (line, column) = e.span().map_or((0, 0), |span| place(text, span.start));
        ReadError { line, column, ..fault(file, e.message().to_owned()) }
    })?;
    let mut builder = Builder { file, line: 0, numbers: HashMap::new(), cases: Vec::new() };
    for entry in &read.case {
        builder.line = line_of(entry.topic.span().start);
        match (&entry.pattern, &entry.rules) {
            (Some(pattern), None) if entry.events.is_empty() => builder.add_pattern(entry, pattern),
            (None, Some(rules)) if entry.has_no_lists() => builder.add_group(entry, rules),
            _ => Err("a case has `pattern` and lists of events, or `rules` and `events`".to_owned()),
        }
        .map_err(|message| builder.fault(message))?;
    }
    for entry in &read.error {
        builder.line = line_of(entry.topic.span().start);
        builder.add_error(entry).map_err(|message| builder.fault(message))?;
    }
    make_unique(&mut builder.cases)?;
    Ok(builder.cases)
}

impl CaseEntry {
    fn has_no_lists(&self) -> bool {
        self.matches.is_empty() && self.no_match.is_empty() && self.reject_event.is_empty()
    }
}

impl ErrorEntry {
    /// Returns the place of the error. `at` is the text at the place, and must be unambiguous;
    /// `offset` is the start of the place.
    fn place(&self, pattern: &[u8]) -> Result<Option<At>, String> {
        let Some(text) = &self.at else {
            return match self.nth {
                Some(_) => Err("`nth` needs `at`".to_owned()),
                None => Ok(self.offset.map(|start| At { start, end: None })),
            };
        };
        if self.offset.is_some() {
            return Err("an error has `at` or `offset`, not both".to_owned());
        }
        let found: Vec<usize> =
            (0..pattern.len()).filter(|&i| pattern[i..].starts_with(text.as_bytes())).collect();
        let start = match (self.nth, found.as_slice()) {
            (None, &[start]) => start,
            (None, &[]) => return Err(format!("the pattern does not contain `{text}`")),
            (None, _) => {
                return Err(format!("the pattern contains `{text}` {} times: say `nth`", found.len()));
            }
            (Some(nth), _) => match nth.checked_sub(1).and_then(|index| found.get(index)) {
                Some(&start) => start,
                None => return Err(format!("the pattern contains `{text}` {} times", found.len())),
            },
        };
        Ok(Some(At { start, end: Some(start + text.len()) }))
    }
}

/// The flat list under construction, and the line of the current entry.
struct Builder<'a> {
    file: &'a Path,
    line: usize,
    /// The number of ids made for each topic.
    numbers: HashMap<String, usize>,
    cases: Vec<Case>,
}

impl Builder<'_> {
    fn fault(&self, message: String) -> ReadError {
        ReadError { line: self.line, ..fault(self.file, message) }
    }

    /// Returns a new id of the form `file:topic#n`.
    fn next_id(&mut self, topic: &str) -> String {
        let number = self.numbers.entry(topic.to_owned()).or_default();
        *number += 1;
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        format!("{stem}:{topic}#{number}")
    }

    fn add_pattern(&mut self, entry: &CaseEntry, pattern: &Text) -> Result<(), String> {
        let pattern = pattern.bytes()?;
        let mut found = Vec::new();
        for event in &entry.matches {
            found.push((event.bytes()?, Expect::Matches(true)));
        }
        for event in &entry.no_match {
            found.push((event.bytes()?, Expect::Matches(false)));
        }
        for rejected in &entry.reject_event {
            let (event, code, offset) = match rejected {
                RejectedEvent::Plain(event) => (event, None, None),
                RejectedEvent::Placed(placed) => (&placed.event, placed.code.clone(), placed.offset),
            };
            found.push((event.bytes()?, Expect::EventRejected { code, offset }));
        }
        if found.is_empty() {
            return Err("a case without events".to_owned());
        }
        let several = found.len() > 1;
        for (index, (event, expect)) in found.into_iter().enumerate() {
            let id = match &entry.id {
                Some(id) if several => format!("{id}#{}", index + 1),
                Some(id) => id.clone(),
                None => self.next_id(entry.topic.get_ref()),
            };
            self.cases.push(Case {
                id,
                topic: entry.topic.get_ref().clone(),
                name: name(entry.topic.get_ref(), entry.name.as_deref(), &pattern, Some(&event)),
                file: self.file.to_path_buf(),
                line: self.line,
                group: None,
                limits: entry.limits,
                pattern: pattern.clone(),
                event: Some(event),
                expect,
            });
        }
        Ok(())
    }

    fn add_group(&mut self, entry: &CaseEntry, rules: &BTreeMap<String, Text>) -> Result<(), String> {
        if rules.len() < 2 || entry.events.is_empty() {
            return Err("a rule set has several rules and at least one event".to_owned());
        }
        let topic = entry.topic.get_ref();
        let group_id = entry.id.clone().unwrap_or_else(|| self.next_id(topic));
        for (event_index, GroupEvent { event, matches }) in entry.events.iter().enumerate() {
            if let Some(unknown) = matches.iter().find(|name| !rules.contains_key(*name)) {
                return Err(format!("no rule is named `{unknown}`"));
            }
            let event = event.bytes()?;
            for (rule, pattern) in rules {
                let title = entry.name.as_ref().map(|name| format!("{name}: {rule}"));
                let pattern = pattern.bytes()?;
                self.cases.push(Case {
                    id: format!("{group_id}/{}/{rule}", event_index + 1),
                    topic: topic.clone(),
                    name: name(topic, title.as_deref(), &pattern, Some(&event)),
                    file: self.file.to_path_buf(),
                    line: self.line,
                    group: Some(Group { id: group_id.clone(), rule: rule.clone() }),
                    limits: entry.limits,
                    pattern,
                    event: Some(event.clone()),
                    expect: Expect::Matches(matches.contains(rule)),
                });
            }
        }
        Ok(())
    }

    fn add_error(&mut self, entry: &ErrorEntry) -> Result<(), String> {
        let topic = entry.topic.get_ref();
        let pattern = entry.pattern.bytes()?;
        let at = entry.place(&pattern)?;
        let id = entry.id.clone().unwrap_or_else(|| self.next_id(topic));
        self.cases.push(Case {
            id,
            topic: topic.clone(),
            name: name(topic, entry.name.as_deref(), &pattern, None),
            file: self.file.to_path_buf(),
            line: self.line,
            group: None,
            limits: entry.limits,
            pattern,
            event: None,
            expect: Expect::PatternRejected { code: Some(entry.code.clone()), at },
        });
        Ok(())
    }
}
