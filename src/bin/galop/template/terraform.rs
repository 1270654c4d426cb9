//! The resources of `terraform show -json` that have event patterns: of a plan or of a state.

use std::sync::Arc;

use crate::pattern_text::PatternText;
use crate::rule_entry::{Entry, Fault, FileRule, RuleSchedule};
use crate::template::filter_id;
use crate::template::tree::NodeId;
use crate::template::values::Values;

/// Returns the entries of a plan or a state, in the order of its text. The id of a rule is its address.
pub(super) fn read(values: &Values<'_>) -> Vec<Entry> {
    let mut reader = Reader { values, entries: Vec::new() };
    let root = values.tree.root;
    // A plan also has the state before the plan, as `prior_state`.
    let module =
        ["planned_values", "values"].iter().find_map(|name| values.tree.at(root, &[name, "root_module"]));
    let mut modules: Vec<NodeId> = module.into_iter().collect();
    while let Some(module) = modules.pop() {
        let elements = |name| values.tree.get(module, name).map_or(&[][..], |id| values.tree.elements(id));
        for &resource in elements("resources") {
            reader.resource(resource);
        }
        modules.extend(elements("child_modules").iter().rev());
    }
    reader.entries
}

struct Reader<'a> {
    values: &'a Values<'a>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn resource(&mut self, id: NodeId) {
        let tree = self.values.tree;
        // A data source reads a resource of another configuration.
        if tree.text_at(id, &["mode"]) == Some("data") {
            return;
        }
        let address = tree.text_at(id, &["address"]).unwrap_or_default().to_owned();
        let Some(values) = tree.get(id, "values") else { return };
        match tree.text_at(id, &["type"]) {
            Some("aws_cloudwatch_event_rule" | "aws_cloudwatch_event_archive") => {
                self.pattern(&address, values, "event_pattern");
            }
            Some("aws_lambda_event_source_mapping") => self.filters(&address, &[values]),
            Some("aws_pipes_pipe") => {
                let parameters = tree.get(values, "source_parameters");
                self.filters(&address, parameters.map_or(&[], |id| tree.elements(id)));
            }
            _ => {}
        }
    }

    /// Reads the filters of the blocks `filter_criteria` in `parents`. A block of Terraform is a list in
    /// JSON.
    fn filters(&mut self, address: &str, parents: &[NodeId]) {
        let tree = self.values.tree;
        let blocks = |parents: Vec<NodeId>, name: &str| -> Vec<NodeId> {
            let blocks = parents.into_iter().filter_map(|id| tree.get(id, name));
            blocks.flat_map(|id| tree.elements(id).to_vec()).collect()
        };
        let criteria = blocks(parents.to_vec(), "filter_criteria");
        let filters = [blocks(criteria.clone(), "filter"), blocks(criteria, "filters")].concat();
        if filters.is_empty() {
            self.entries.push(Entry::Unfiltered);
        }
        for (index, &filter) in filters.iter().enumerate() {
            self.pattern(&filter_id(address, index, filters.len()), filter, "pattern");
        }
    }

    /// Returns the expression of the schedule of a rule.
    fn schedule(&self, values: NodeId) -> Option<PatternText> {
        let tree = self.values.tree;
        let expression = tree.get(values, "schedule_expression")?;
        // Without a schedule, the text is empty.
        tree.scalar(expression).filter(|text| !text.is_empty())?;
        self.values.expression(expression)
    }

    fn pattern(&mut self, id: &str, values: NodeId, name: &str) {
        let tree = self.values.tree;
        let pattern = tree.get(values, name).filter(|&pattern| !self.values.is_null(pattern));
        let has = |name| tree.text_at(values, &[name]).is_some_and(|text| !text.is_empty());
        let Some(pattern) = pattern.filter(|_| has(name)) else {
            let is_known = tree.get(values, name).is_some();
            self.entries.push(if has("schedule_expression") {
                Entry::Schedule(Box::new(RuleSchedule::of_rule(id, self.schedule(values))))
            } else if has("event_source_arn") {
                Entry::Unfiltered
            } else {
                // A plan leaves out the values that are known after it is applied.
                let message = if is_known {
                    format!("the rule has no `{name}`")
                } else {
                    format!("the rule has no `{name}`, or its value is known only after the plan is applied")
                };
                let fault = Fault::new(tree.node(values).place, "missing-pattern", message);
                Entry::Fault(Fault { id: Some(id.to_owned()), ..fault })
            });
            return;
        };
        self.entries.push(match self.values.pattern(pattern) {
            Ok(pattern) => Entry::Rule(FileRule {
                id: id.to_owned(),
                pattern,
                schedule: self.schedule(values),
                disabled: tree.text_at(values, &["state"]) == Some("DISABLED")
                    || tree.text_at(values, &["is_enabled"]) == Some("false"),
                bus: tree.text_at(values, &["event_bus_name"]).map(str::to_owned),
                arn: None,
                template: Some(Arc::from(self.values.context.stem)),
            }),
            Err(fault) => Entry::Fault(Fault { id: Some(id.to_owned()), ..fault }),
        });
    }
}
