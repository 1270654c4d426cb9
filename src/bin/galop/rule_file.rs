//! Rule files: their formats, and the rules to tell the formats apart.
//!
//! A file is a sequence of JSON values: rules, patterns, arrays of rules, or the output of the AWS
//! CLI. A value ends where it ends, on the same line or lines later. The kind of a value is decided
//! by its members, never by the name of the file. The text of a pattern is taken unchanged from the
//! file: a parsed JSON value would lose repeated names and the spelling of numbers.
//!
//! The text after an invalid value is read again from a line that can begin a value. An invalid line
//! thus does not affect other lines.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use galop::error::{JsonError, Span};
use galop::json::value_span;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::foreign::{self, Foreign};
use crate::pattern_text::{PatternText, Place};

/// An entry of a rule file.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Rule(FileRule),
    /// A rule without a pattern, which the service runs on a schedule.
    Schedule,
    /// An entry that is not a rule.
    Fault(Fault),
    /// A list that lacks rules.
    Cut(Fault),
}

/// A rule of a file. Its pattern is not parsed yet.
#[derive(Clone, Debug)]
pub(crate) struct FileRule {
    pub(crate) id: String,
    pub(crate) pattern: PatternText,
    pub(crate) disabled: bool,
    /// The event bus, if the file names one.
    pub(crate) bus: Option<String>,
    /// The name of the rule among all rules of the service, if the file has it.
    pub(crate) arn: Option<String>,
}

/// The reason why an entry is not a rule.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) id: Option<String>,
    pub(crate) place: Place,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The report of the library, and the line of the file that is the first line of its text.
    pub(crate) report: Option<Box<(String, usize)>>,
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
    let values = reader.values();
    if let [Value { fault: Some(_), span }, ..] = values.as_slice() {
        let head = &text[span.start..];
        if let Some(foreign) = Foreign::of_head(&head[..head.len().min(HEAD)]) {
            return vec![Entry::Fault(reader.foreign(foreign, span.start))];
        }
    }
    let alone = values.len() == 1;
    let mut last_line = 0;
    for Value { span, fault } in values {
        if let Some(fault) = fault {
            reader.entries.push(Entry::Fault(fault));
            continue;
        }
        let Place { line, column } = reader.place(span.start);
        let name = match (alone, line == last_line) {
            (true, _) => stem.to_owned(),
            (false, false) => format!("{stem}:{line}"),
            (false, true) => format!("{stem}:{line}:{column}"),
        };
        last_line = line;
        reader.root(&text[span.start..span.end], &name, alone);
    }
    reader.entries
}

/// The number of bytes that decide on the format of a text that is not JSON.
const HEAD: usize = 1 << 14;

/// A value of the text, or the reason why there is none.
struct Value {
    span: Span,
    fault: Option<Fault>,
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
    /// Returns the values of the text, in order.
    fn values(&self) -> Vec<Value> {
        let mut values = Vec::new();
        let mut at = 0;
        loop {
            let rest = self.text[at..].trim_ascii_start();
            if rest.is_empty() {
                return values;
            }
            at = self.text.len() - rest.len();
            match value_span(self.text, at) {
                Ok(span) => {
                    values.push(Value { span, fault: None });
                    at = span.end;
                }
                Err(error) => {
                    let span = Span::new(at, error.span().start);
                    values.push(Value { span, fault: Some(self.json_fault(at)) });
                    at = self.next_begin(span);
                }
            }
        }
    }

    /// Returns the fault of the value that begins at `begin`.
    fn json_fault(&self, begin: usize) -> Fault {
        // The report is made of the text from the first line of the value: the library counts the
        // lines before the fault.
        let line = self.line(begin);
        let start = self.line_starts[line - 1];
        let lines = &self.text[start..];
        match value_span(lines, begin - start) {
            Err(error) => {
                let fault = self.fault(start + error.span().start, error.code(), error.kind().to_string());
                Fault { help: error.help(), report: Some(Box::new((report(&error, lines), line))), ..fault }
            }
            Ok(_) => self.fault(begin, "invalid-json", "not JSON"),
        }
    }

    /// Returns the offset of the next line after an invalid value that can begin a value: a line
    /// after the fault, or a line that is a value by itself.
    fn next_begin(&self, invalid: Span) -> usize {
        let line = self.line(invalid.start);
        let is_begin = |&(index, &start): &(usize, &usize)| {
            let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
            let line = &self.text[start..end];
            let is_whole = || value_span(line, 0).is_ok_and(|span| line[span.end..].trim_ascii().is_empty());
            match line.first() {
                None | Some(b' ' | b'\t' | b'\r') => false,
                Some(b'{' | b'[') => start >= invalid.end || is_whole(),
                Some(_) => is_whole(),
            }
        };
        let mut later = self.line_starts.iter().enumerate().skip(line);
        later.find(is_begin).map_or(self.text.len(), |(_, &start)| start)
    }

    fn foreign(&self, foreign: Foreign, offset: usize) -> Fault {
        let fault = self.fault(offset, foreign.code, foreign.to_string());
        Fault { help: Some(foreign.help.to_owned()), ..fault }
    }

    /// Reads a value of the file. `alone` is true if the file has no other value.
    fn root(&mut self, text: &[u8], name: &str, alone: bool) {
        match serde_json::from_slice::<&RawValue>(text) {
            Ok(value) if value.get().starts_with('[') => {
                self.list(value, if alone { self.stem } else { name })
            }
            Ok(value) => self.value(value, name, true),
            Err(error) => self.misread(text, &error),
        }
    }

    /// Reads an array of rules.
    fn list(&mut self, value: &RawValue, name: &str) {
        match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            Ok(elements) => self.elements(elements, name),
            Err(error) => self.misread(value.get().as_bytes(), &error),
        }
    }

    fn elements(&mut self, elements: Vec<&RawValue>, name: &str) {
        for (index, element) in elements.into_iter().enumerate() {
            self.value(element, &format!("{name}:{}", index + 1), false);
        }
    }

    /// Reads a value. `name` is its id if the value has none. Only a value at the root can be a
    /// list of rules.
    fn value(&mut self, value: &RawValue, name: &str, is_root: bool) {
        let offset = self.offset(value.get().as_bytes());
        if !value.get().starts_with('{') {
            let message = "neither a rule nor a pattern: expected a JSON object";
            let help = is_string(value)
                .then(|| "a pattern as a text needs a member: {\"id\":\"…\",\"pattern\":\"{…}\"}".to_owned());
            let fault = Fault { help, ..self.fault(offset, "not-a-rule", message) };
            self.entries.push(Entry::Fault(fault));
            return;
        }
        let members = match serde_json::from_str::<Members<'_>>(value.get()) {
            Ok(members) => members,
            Err(error) => return self.misread(value.get().as_bytes(), &error),
        };
        match members.rule_list() {
            Some(rules) if is_root => {
                self.elements(rules, name);
                if members.get("NextToken").is_some_and(|token| token.get() != "null") {
                    let message = "the list goes on: it has a `NextToken`, so rules are missing";
                    let help = "list the rest with `--starting-token`, or leave out `--max-items` and `--no-paginate`";
                    let fault = self.fault(offset, "list-cut-off", message);
                    self.entries.push(Entry::Cut(Fault { help: Some(help.to_owned()), ..fault }));
                }
            }
            _ if members.is_template() => {
                let fault = self.foreign(foreign::JSON_TEMPLATE, offset);
                self.entries.push(Entry::Fault(fault));
            }
            _ => self.rule(value, &members, name),
        }
    }

    fn rule(&mut self, value: &RawValue, members: &Members<'_>, name: &str) {
        let id = ["id", "name", "Name"].into_iter().find_map(|name| members.scalar(name));
        let is_pattern = |pattern: &RawValue| id.is_some() || is_string(pattern) || members.is_alone(pattern);
        let pattern = ["EventPattern", "pattern"].into_iter().find_map(|name| {
            // A pattern can have a field with this name, whose value is a list.
            let pattern = members.get(name)?;
            let is_list = pattern.get().starts_with('[');
            (is_pattern(pattern) && !(name == "EventPattern" && is_list)).then_some(pattern)
        });
        let begin = self.place(self.offset(value.get().as_bytes()));
        let fault = |code, message: &str| Err(Fault { id: id.clone(), ..Fault::new(begin, code, message) });
        let text = match (pattern, &id) {
            (Some(pattern), _) => self.pattern(pattern),
            (None, None) => Ok(PatternText::plain(value.get(), self.file, begin)),
            (None, Some(_)) if members.get("ScheduleExpression").is_some() => {
                self.entries.push(Entry::Schedule);
                return;
            }
            (None, Some(_)) => fault("missing-pattern", "the rule has no `pattern`"),
        };
        let text = match (members.repeated(), text) {
            (Some(name), _) if pattern.is_some() => {
                fault("repeated-member", &format!("the rule has `{name}` twice"))
            }
            (_, text) => text,
        };
        self.entries.push(match text {
            Ok(pattern) => Entry::Rule(FileRule {
                id: id.unwrap_or_else(|| name.to_owned()),
                pattern,
                disabled: members.scalar("State").as_deref() == Some("DISABLED"),
                bus: members.scalar("EventBusName"),
                arn: members.scalar("Arn"),
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
        PatternText::quoted(value.get(), self.file, begin).map_err(|_| {
            self.fault(
                offset,
                "unpaired-surrogate",
                "the string with the pattern has half of a surrogate pair",
            )
        })
    }

    /// Adds the fault of a value that is JSON for the library and not for serde_json.
    fn misread(&mut self, text: &[u8], error: &serde_json::Error) {
        let fault = self.fault(self.offset(text), "invalid-json", error.to_string());
        self.entries.push(Entry::Fault(fault));
    }

    fn fault(&self, offset: usize, code: &'static str, message: impl Into<String>) -> Fault {
        Fault::new(self.place(offset), code, message)
    }

    /// Returns the offset of a part of the text.
    fn offset(&self, part: &[u8]) -> usize {
        (part.as_ptr().addr() - self.text.as_ptr().addr()).min(self.text.len())
    }

    /// Returns the line of an offset, counted from one.
    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.line(offset);
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

impl Fault {
    pub(crate) fn new(place: Place, code: &'static str, message: impl Into<String>) -> Fault {
        Fault { id: None, place, code, message: message.into(), help: None, report: None }
    }
}

fn report(error: &JsonError, text: &[u8]) -> String {
    error.report(text).to_string()
}

fn is_string(value: &RawValue) -> bool {
    value.get().starts_with('"')
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

    /// Returns true if the object is a CloudFormation template. A leaf of a pattern is never a
    /// string.
    fn is_template(&self) -> bool {
        let members = |value: &'t RawValue| serde_json::from_str::<Members<'t>>(value.get()).ok();
        let is_resource = |value: &'t RawValue| {
            members(value).and_then(|resource| resource.get("Type")).is_some_and(is_string)
        };
        let resources = self.get("Resources").and_then(members);
        self.get("AWSTemplateFormatVersion").is_some_and(is_string)
            || resources.is_some_and(|resources| resources.0.iter().any(|(_, value)| is_resource(value)))
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

/// Returns true if an event looks like a rule: an object with a name and a pattern, or a list of
/// rules of the AWS CLI.
pub(crate) fn looks_like_rule(event: &[u8]) -> bool {
    let Ok(members) = serde_json::from_slice::<Members<'_>>(event) else { return false };
    let is_pattern = |pattern: &RawValue| is_string(pattern) || pattern.get().starts_with('{');
    let has_pattern =
        ["pattern", "EventPattern"].into_iter().filter_map(|name| members.get(name)).any(is_pattern);
    let has_name = ["id", "name", "Name"].into_iter().any(|name| members.scalar(name).is_some());
    has_pattern && (has_name || members.0.len() == 1)
        || members.rule_list().is_some_and(|rules| !rules.is_empty())
}

/// Returns true if an object has a member. `name` is a JSON string. Returns `None` if the text is no
/// object.
pub(crate) fn has_member(object: &[u8], name: &str) -> Option<bool> {
    let name: String = serde_json::from_str(name).ok()?;
    let members = serde_json::from_slice::<Members<'_>>(object).ok()?;
    Some(members.get(&name).is_some())
}

#[cfg(test)]
mod tests;
