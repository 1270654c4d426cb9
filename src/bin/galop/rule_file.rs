//! Rule files: their formats, which the content decides.
//!
//! A file is a sequence of JSON values: rules, patterns, arrays of rules, or the output of the AWS
//! CLI. A value can end on any line, and the next value can begin on the same line. The members of a
//! value decide on its kind, never the name of the file. The text of a pattern is taken unchanged from the
//! file: a parsed JSON value would lose repeated names and the spelling of numbers.
//!
//! After an invalid value, reading continues at the next line that can begin a value. An invalid line
//! thus does not affect other lines.

use std::sync::Arc;

use galop::error::Span;
use galop::json::value_span;
use serde_json::value::RawValue;

use crate::foreign::Foreign;
use crate::json_value::json_fault;
use crate::lines::Lines;
use crate::pattern_text::{PatternText, Place};
use crate::rule_entry::{Entry, Fault, FileRule, RuleSchedule};
use crate::rule_members::{Members, is_string};
use crate::template::{self, Defines};

/// Returns the entries of a rule file, in the order of the text. `file` and `stem` name the file
/// and rules without id.
pub(crate) fn read(text: &[u8], file: &Arc<str>, stem: &str, defines: &Defines) -> Vec<Entry> {
    let mut reader = Reader { text, file, stem, lines: Lines::new(text), defines, entries: Vec::new() };
    let values = reader.values();
    if let [Value { fault: Some(_), span }, ..] = values.as_slice()
        && let Some(foreign) = Foreign::of_head(&text[span.start..])
    {
        return match template::read_foreign(text, foreign, &reader.lines, reader.context()) {
            Some(entries) => entries,
            None => vec![Entry::Fault(foreign.fault(reader.place(span.start)))],
        };
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

/// A value of the text, or the reason why there is none.
struct Value {
    span: Span,
    fault: Option<Fault>,
}

struct Reader<'t> {
    text: &'t [u8],
    file: &'t Arc<str>,
    stem: &'t str,
    lines: Lines<'t>,
    defines: &'t Defines,
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
        let line = self.lines.line(begin);
        let start = self.lines.start(line);
        let lines = &self.text[start..];
        match value_span(lines, begin - start) {
            Err(error) => json_fault(&error, lines, line),
            Ok(_) => self.fault(begin, "invalid-json", "not JSON"),
        }
    }

    /// Returns the offset of the next line after an invalid value that can begin a value: a line
    /// after the fault, or a line that is a value by itself.
    fn next_begin(&self, invalid: Span) -> usize {
        let line = self.lines.line(invalid.start);
        let is_begin = |&(index, &start): &(usize, &usize)| {
            let end = self.lines.starts().get(index + 1).map_or(self.text.len(), |next| next - 1);
            let line = &self.text[start..end];
            let is_whole = || value_span(line, 0).is_ok_and(|span| line[span.end..].trim_ascii().is_empty());
            match line.first() {
                None | Some(b' ' | b'\t' | b'\r') => false,
                Some(b'{' | b'[') => start >= invalid.end || is_whole(),
                Some(_) => is_whole(),
            }
        };
        let mut later = self.lines.starts().iter().enumerate().skip(line);
        later.find(is_begin).map_or(self.text.len(), |(_, &start)| start)
    }

    fn context(&self) -> template::Context<'_> {
        template::Context { file: self.file, stem: self.stem, defines: self.defines }
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
                    self.entries.push(Entry::Cut(fault.with_help(help)));
                }
            }
            _ if members.is_template()
                || members.is_service()
                || members.is_terraform()
                || members.is_terraform_configuration() =>
            {
                let entries = template::read_json(self.text, offset, &self.lines, self.context());
                self.entries.extend(entries);
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
            (None, Some(id)) if members.get("ScheduleExpression").is_some() => {
                let schedule = RuleSchedule::of_rule(id, self.schedule(members));
                self.entries.push(Entry::Schedule(Box::new(schedule)));
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
                schedule: self.schedule(members),
                disabled: members.scalar("State").as_deref() == Some("DISABLED"),
                bus: members.scalar("EventBusName"),
                arn: members.scalar("Arn"),
                template: None,
            }),
            Err(fault) => Entry::Fault(Fault { id, ..fault }),
        });
    }

    /// Returns the expression of the schedule of a rule.
    fn schedule(&self, members: &Members<'_>) -> Option<PatternText> {
        let value = members.get("ScheduleExpression").filter(|value| value.get() != "null")?;
        let begin = self.place(self.offset(value.get().as_bytes()));
        if is_string(value) {
            PatternText::quoted(value.get(), self.file, begin).ok()
        } else {
            Some(PatternText::plain(value.get(), self.file, begin))
        }
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

    fn place(&self, offset: usize) -> Place {
        self.lines.place(offset)
    }
}

#[cfg(test)]
mod tests;
