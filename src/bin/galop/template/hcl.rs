//! The resources of Terraform configuration in HCL that have event patterns.
//!
//! A resource with `count` or `for_each` is one rule: its instances have one pattern, or the pattern
//! refers to `each` or `count` and has no value.

use std::cell::Cell;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body};

use crate::lines::Lines;
use crate::pattern_text::{PatternText, Place, SourceText};
use crate::rule_entry::{Entry, Fault, FileRule, RuleSchedule};
use crate::template::hcl_value::{self, Expressions};
use crate::template::{Context, filter_id, hcl_names};

/// The maximum size of a file in bytes.
const LIMIT: usize = 1 << 20;

/// The maximum number of names in an object or a block.
const NAMES: usize = 1 << 10;

/// Returns the entries of a file, in the order of its text.
pub(super) fn read(text: &str, lines: &Lines<'_>, context: Context<'_>) -> Vec<Entry> {
    let fault = |place, code, message| vec![Entry::Fault(Fault::new(place, code, message))];
    let start = Place { line: 1, column: 1 };
    if text.len() > LIMIT {
        return fault(start, "template-too-large", format!("the configuration is longer than {LIMIT} bytes"));
    }
    if let Some(at) = hcl_names::first_beyond(text, NAMES) {
        let message = format!("the object has more than {NAMES} names");
        return fault(lines.place(at), "template-too-large", message);
    }
    let body = match hcl_edit::parser::parse_body(text) {
        Ok(body) => body,
        Err(error) => {
            let at = error.location();
            // The parser gives a fault at the end the offset of the last byte, and a column after it.
            let last = lines.place(at.offset());
            let is_end = last.column < at.column();
            let place = if is_end { lines.place(text.len()) } else { last };
            return fault(place, "invalid-hcl", error.message().to_owned());
        }
    };
    let places = |offset| lines.place(offset);
    let expanded = Cell::new(0);
    let expressions = Expressions { text, defines: context.defines, places: &places, expanded: &expanded };
    let source = Arc::new(SourceText::new(text));
    let mut reader = Reader { expressions, source, context, entries: Vec::new() };
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        match (block.ident.as_str(), labels.as_slice()) {
            ("resource", &[kind, name]) => reader.resource(kind, &format!("{kind}.{name}"), block),
            ("module", &[name]) => reader.module(name, block),
            _ => {}
        }
    }
    reader.entries
}

struct Reader<'a> {
    expressions: Expressions<'a>,
    source: Arc<SourceText>,
    context: Context<'a>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn resource(&mut self, kind: &str, address: &str, block: &Block) {
        let result = match kind {
            "aws_cloudwatch_event_rule" | "aws_cloudwatch_event_archive" => self.rule(address, block),
            "aws_lambda_event_source_mapping" => self.filters(address, &[block]),
            "aws_pipes_pipe" => {
                self.blocks(&[block], "source_parameters").and_then(|parents| self.filters(address, &parents))
            }
            _ => Ok(()),
        };
        if let Err(fault) = result {
            self.fault(address, fault);
        }
    }

    fn rule(&mut self, address: &str, block: &Block) -> Result<(), Fault> {
        let body = &block.body;
        if let Some(pattern) = attribute(body, "event_pattern") {
            let rule = self.file_rule(address, body, pattern)?;
            self.entries.push(Entry::Rule(rule));
        } else if attribute(body, "schedule_expression").is_some() {
            let schedule = RuleSchedule::of_rule(address, self.schedule(body));
            self.entries.push(Entry::Schedule(Box::new(schedule)));
        } else if attribute(body, "event_source_arn").is_some() {
            self.entries.push(Entry::Unfiltered);
        } else {
            let place = self.expressions.place(block);
            return Err(Fault::new(place, "missing-pattern", "the rule has no `event_pattern`"));
        }
        Ok(())
    }

    /// Reads the filters of the blocks `filter_criteria` in `parents`.
    fn filters(&mut self, address: &str, parents: &[&Block]) -> Result<(), Fault> {
        let criteria = self.blocks(parents, "filter_criteria")?;
        let filters = self.blocks(&criteria, "filter")?;
        if filters.is_empty() {
            self.entries.push(Entry::Unfiltered);
        }
        for (index, filter) in filters.iter().enumerate() {
            let id = filter_id(address, index, filters.len());
            let Some(pattern) = attribute(&filter.body, "pattern") else {
                let place = self.expressions.place(*filter);
                self.fault(&id, Fault::new(place, "missing-pattern", "the filter has no `pattern`"));
                continue;
            };
            match self.file_rule(&id, &filter.body, pattern) {
                Ok(rule) => self.entries.push(Entry::Rule(rule)),
                Err(fault) => self.fault(&id, fault),
            }
        }
        Ok(())
    }

    /// Returns the blocks with a name. A fault if Terraform makes such blocks when it runs.
    fn blocks<'b>(&self, parents: &[&'b Block], name: &str) -> Result<Vec<&'b Block>, Fault> {
        let mut found = Vec::new();
        for parent in parents {
            for block in parent.body.blocks() {
                let is_dynamic = block.ident.as_str() == "dynamic"
                    && block.labels.first().is_some_and(|label| label.as_str() == name);
                if is_dynamic {
                    return Err(hcl_value::dynamic_block(name, self.expressions.place(block)));
                }
                if block.ident.as_str() == name {
                    found.push(block);
                }
            }
        }
        Ok(found)
    }

    fn file_rule(&self, id: &str, body: &Body, pattern: &Expression) -> Result<FileRule, Fault> {
        let characters = self.expressions.text(pattern)?;
        let begin = self.expressions.place(pattern);
        let has = |name, expected: &str| {
            attribute(body, name).is_some_and(|value| match value {
                Expression::Bool(value) => value.value().to_string() == expected,
                value => value.as_str() == Some(expected),
            })
        };
        Ok(FileRule {
            id: id.to_owned(),
            pattern: PatternText::written(characters, self.context.file, begin, &self.source),
            schedule: self.schedule(body),
            disabled: has("state", "DISABLED") || has("is_enabled", "false"),
            bus: attribute(body, "event_bus_name").map(|bus| self.bus(bus)),
            arn: None,
            template: Some(Arc::from(self.context.stem)),
        })
    }

    /// Returns the expression of the schedule of a rule, or `None` if its text has no value.
    fn schedule(&self, body: &Body) -> Option<PatternText> {
        let expression = attribute(body, "schedule_expression")?;
        let characters = self.expressions.text(expression).ok()?;
        let begin = self.expressions.place(expression);
        Some(PatternText::written(characters, self.context.file, begin, &self.source))
    }

    /// Returns the event bus of a rule. For an expression without a value, returns its spelling: equal
    /// expressions are equal buses.
    fn bus(&self, bus: &Expression) -> String {
        match self.expressions.text(bus) {
            Ok(text) => text.into_iter().map(|(c, _)| c).collect(),
            Err(_) => self.expressions.spelling(bus).to_owned(),
        }
    }

    /// Adds a fault for each pattern among the arguments of a module: only the module knows its rule.
    fn module(&mut self, name: &str, block: &Block) {
        let mut found = Vec::new();
        for attribute in block.body.attributes() {
            if attribute.key.as_str() == "event_pattern" {
                found.push(self.expressions.place(&attribute.key));
            }
            self.patterns_in(&attribute.value, &mut found);
        }
        for place in found {
            self.fault(&format!("module.{name}"), hcl_value::pattern_of_module(place));
        }
    }

    fn patterns_in(&self, expression: &Expression, found: &mut Vec<Place>) {
        match expression {
            Expression::Parenthesis(inner) => self.patterns_in(inner.inner(), found),
            Expression::Array(array) => array.iter().for_each(|element| self.patterns_in(element, found)),
            Expression::Object(object) => {
                for (key, value) in object {
                    let (name, span) = match key {
                        ObjectKey::Ident(name) => (Some(name.as_str()), name.span()),
                        ObjectKey::Expression(name) => (name.as_str(), name.span()),
                    };
                    if let (Some("event_pattern"), Some(span)) = (name, span) {
                        found.push((self.expressions.places)(span.start));
                    }
                    self.patterns_in(value.expr(), found);
                }
            }
            _ => {}
        }
    }

    fn fault(&mut self, id: &str, fault: Fault) {
        self.entries.push(Entry::Fault(Fault { id: Some(id.to_owned()), ..fault }));
    }
}

/// Returns the value of an attribute. `null` is no value.
fn attribute<'b>(body: &'b Body, name: &str) -> Option<&'b Expression> {
    body.get_attribute(name).map(|attribute| &attribute.value).filter(|value| !value.is_null())
}
