//! The resources of Terraform configuration in JSON that have event patterns: the files `*.tf.json`, which
//! the CDK for Terraform writes as well.
//!
//! Each text is a template of Terraform, so it can have expressions.

use std::cell::Cell;
use std::sync::Arc;

use hcl_edit::parser::parse_template;

use crate::pattern_text::{PatternText, Place};
use crate::rule_entry::{Entry, Fault, FileRule, RuleSchedule};
use crate::template::filter_id;
use crate::template::hcl_value::{self, Expressions};
use crate::template::scalar::Placed;
use crate::template::tree::{Kind, NodeId};
use crate::template::values::{Values, string};

/// Returns the entries of a file, in the order of its text. The id of a rule is its address.
pub(super) fn read(values: &Values<'_>) -> Vec<Entry> {
    let tree = values.tree;
    let mut reader = Reader { values, expanded: Cell::new(0), entries: Vec::new() };
    for resources in reader.blocks(tree.get(tree.root, "resource")) {
        for &(kind, named) in tree.members(resources) {
            for named in reader.blocks(Some(named)) {
                for &(name, bodies) in tree.members(named) {
                    let (Some(kind), Some(name)) = (tree.scalar(kind), tree.scalar(name)) else { continue };
                    for body in reader.blocks(Some(bodies)) {
                        reader.resource(kind, &format!("{kind}.{name}"), body);
                    }
                }
            }
        }
    }
    for modules in reader.blocks(tree.get(tree.root, "module")) {
        for &(name, body) in tree.members(modules) {
            reader.module(tree.scalar(name).unwrap_or_default(), body);
        }
    }
    reader.entries
}

struct Reader<'a> {
    values: &'a Values<'a>,
    expanded: Cell<usize>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    /// Returns the blocks of a member: one, or a list of them.
    fn blocks(&self, value: Option<NodeId>) -> Vec<NodeId> {
        let Some(value) = value else { return Vec::new() };
        match &self.values.tree.node(value).kind {
            Kind::Sequence(elements) => elements.clone(),
            Kind::Mapping(_) => vec![value],
            Kind::Scalar { .. } => Vec::new(),
        }
    }

    fn resource(&mut self, kind: &str, address: &str, body: NodeId) {
        let result = match kind {
            "aws_cloudwatch_event_rule" | "aws_cloudwatch_event_archive" => self.rule(address, body),
            "aws_lambda_event_source_mapping" => self.filters(address, vec![body]),
            "aws_pipes_pipe" => {
                let parameters = self.inner(&[body], "source_parameters");
                parameters.and_then(|parameters| self.filters(address, parameters))
            }
            _ => Ok(()),
        };
        if let Err(fault) = result {
            self.fault(address, fault);
        }
    }

    fn fault(&mut self, id: &str, fault: Fault) {
        self.entries.push(Entry::Fault(Fault { id: Some(id.to_owned()), ..fault }));
    }

    /// Returns the blocks with a name. A fault if Terraform makes such blocks when it runs.
    fn inner(&self, parents: &[NodeId], name: &str) -> Result<Vec<NodeId>, Fault> {
        let tree = self.values.tree;
        let mut found = Vec::new();
        for &parent in parents {
            tree.repeated(parent).map_or(Ok(()), Err)?;
            for dynamic in self.blocks(tree.get(parent, "dynamic")) {
                if let Some(block) = tree.get(dynamic, name) {
                    return Err(hcl_value::dynamic_block(name, tree.node(block).place));
                }
            }
            found.extend(self.blocks(tree.get(parent, name)));
        }
        Ok(found)
    }

    /// Adds a fault for each pattern among the arguments of a module: only the module knows its rule.
    fn module(&mut self, name: &str, body: NodeId) {
        let tree = self.values.tree;
        let mut open = vec![body];
        while let Some(id) = open.pop() {
            for &(key, _) in tree.members(id) {
                if tree.scalar(key) == Some("event_pattern") {
                    let fault = hcl_value::pattern_of_module(tree.node(key).place);
                    self.fault(&format!("module.{name}"), fault);
                }
            }
            open.extend(tree.elements(id).iter().rev());
            open.extend(tree.members(id).iter().rev().map(|&(_, value)| value));
        }
    }

    fn rule(&mut self, address: &str, body: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        tree.repeated(body).map_or(Ok(()), Err)?;
        if let Some(pattern) = self.value(body, "event_pattern") {
            let rule = self.file_rule(address, body, pattern)?;
            self.entries.push(Entry::Rule(rule));
        } else if self.value(body, "schedule_expression").is_some() {
            let schedule = RuleSchedule::of_rule(address, self.schedule(body));
            self.entries.push(Entry::Schedule(Box::new(schedule)));
        } else if self.value(body, "event_source_arn").is_some() {
            self.entries.push(Entry::Unfiltered);
        } else {
            let message = "the rule has no `event_pattern`";
            return Err(Fault::new(tree.node(body).place, "missing-pattern", message));
        }
        Ok(())
    }

    fn filters(&mut self, address: &str, parents: Vec<NodeId>) -> Result<(), Fault> {
        let criteria = self.inner(&parents, "filter_criteria")?;
        let filters = self.inner(&criteria, "filter")?;
        if filters.is_empty() {
            self.entries.push(Entry::Unfiltered);
        }
        for (index, &filter) in filters.iter().enumerate() {
            let id = filter_id(address, index, filters.len());
            let Some(pattern) = self.value(filter, "pattern") else {
                let place = self.values.tree.node(filter).place;
                self.fault(&id, Fault::new(place, "missing-pattern", "the filter has no `pattern`"));
                continue;
            };
            match self.file_rule(&id, filter, pattern) {
                Ok(rule) => self.entries.push(Entry::Rule(rule)),
                Err(fault) => self.fault(&id, fault),
            }
        }
        Ok(())
    }

    /// Returns the value of a member. `null` is no value.
    fn value(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.values.tree.get(id, name).filter(|&value| !self.values.is_null(value))
    }

    fn file_rule(&self, id: &str, body: NodeId, pattern: NodeId) -> Result<FileRule, Fault> {
        let tree = self.values.tree;
        let characters = self.text(pattern)?;
        let has = |name, expected| tree.text_at(body, &[name]) == Some(expected);
        Ok(FileRule {
            id: id.to_owned(),
            pattern: self.values.written(characters, pattern),
            schedule: self.schedule(body),
            disabled: has("state", "DISABLED") || has("is_enabled", "false"),
            bus: self.value(body, "event_bus_name").and_then(|bus| match self.text(bus) {
                Ok(text) => Some(string(&text)),
                Err(_) => tree.scalar(bus).map(str::to_owned),
            }),
            arn: None,
            template: Some(Arc::from(self.values.context.stem)),
        })
    }

    /// Returns the expression of the schedule of a rule, or `None` if its text has no value.
    fn schedule(&self, body: NodeId) -> Option<PatternText> {
        let expression = self.value(body, "schedule_expression")?;
        Some(self.values.written(self.text(expression).ok()?, expression))
    }

    /// Returns the value of a text, which is a template.
    fn text(&self, id: NodeId) -> Result<Placed, Fault> {
        let node = self.values.tree.node(id);
        let placed = self.values.characters(id)?;
        if !placed.iter().zip(placed.iter().skip(1)).any(|pair| matches!(pair, (('$' | '%', _), ('{', _)))) {
            return Ok(placed);
        }
        let text = string(&placed);
        let places: Vec<Place> =
            placed.iter().flat_map(|&(c, place)| std::iter::repeat_n(place, c.len_utf8())).collect();
        let places = |offset: usize| places.get(offset).or(places.last()).copied().unwrap_or(node.place);
        let template = parse_template(&text)
            .map_err(|error| Fault::new(places(error.location().offset()), "invalid-hcl", error.message()))?;
        let expressions = Expressions {
            text: &text,
            defines: self.values.context.defines,
            places: &places,
            expanded: &self.expanded,
        };
        expressions.template(&template, None, None)
    }
}
