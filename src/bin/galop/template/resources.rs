//! The resources of a CloudFormation template that have event patterns.
//!
//! The condition of a resource is ignored: galop checks every resource that can be deployed.

use std::sync::Arc;

use crate::pattern_text::PatternText;
use crate::rule_entry::{Entry, Fault, FileRule, RuleSchedule};
use crate::template::filter_id;
use crate::template::tree::{Kind, NodeId};
use crate::template::values::Values;

/// The types of SAM events that are event source mappings, which have filters.
const SOURCES: [&str; 7] = ["SQS", "Kinesis", "DynamoDB", "MSK", "MQ", "SelfManagedKafka", "DocumentDB"];

/// Returns the entries of a template, in the order of its text.
pub(super) fn read(values: &Values<'_>) -> Vec<Entry> {
    let mut resources = Resources { values, entries: Vec::new() };
    if let Err(fault) = resources.all() {
        resources.entries.push(Entry::Fault(fault));
    }
    resources.entries
}

struct Resources<'a> {
    values: &'a Values<'a>,
    entries: Vec<Entry>,
}

impl Resources<'_> {
    fn all(&mut self) -> Result<(), Fault> {
        let Some(all) = self.member(self.values.tree.root, "Resources")? else { return Ok(()) };
        for (name, id) in self.members(all)? {
            self.resource(&name, id);
        }
        Ok(())
    }

    fn resource(&mut self, name: &str, id: NodeId) {
        let before = self.entries.len();
        if let Err(fault) = self.entries_of(name, id) {
            self.entries.truncate(before);
            self.entries.push(Entry::Fault(Fault { id: Some(name.to_owned()), ..fault }));
        }
    }

    fn entries_of(&mut self, name: &str, id: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        let fault = |code, message| Err(Fault::new(tree.node(id).place, code, message));
        if name.starts_with("Fn::") {
            let message = format!("`{name}` has no value before the template is deployed");
            let help = "run galop on the template after its transforms: aws cloudformation get-template \
                        --template-stage Processed";
            let fault = Fault::new(tree.node(id).place, "unresolved-intrinsic", message);
            return Err(fault.with_help(help));
        }
        let Some(kind) = self.member(id, "Type")?.and_then(|kind| tree.scalar(kind)) else {
            return fault("invalid-template", "the resource has no `Type`");
        };
        let is_relevant = matches!(
            kind,
            "AWS::Events::Rule"
                | "AWS::Events::Archive"
                | "AWS::Lambda::EventSourceMapping"
                | "AWS::Pipes::Pipe"
                | "AWS::Serverless::Function"
                | "AWS::Serverless::StateMachine"
        );
        if !is_relevant {
            return Ok(());
        }
        let Some(properties) = self.member(id, "Properties")? else {
            return match kind {
                "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => Ok(()),
                _ => fault("invalid-template", "the resource has no `Properties`"),
            };
        };
        match kind {
            "AWS::Events::Rule" => self.rule(name, id, properties, "EventPattern"),
            "AWS::Events::Archive" => match self.member(properties, "EventPattern")? {
                Some(pattern) => self.push(name.to_owned(), pattern, properties),
                None => {
                    self.entries.push(Entry::Unfiltered);
                    Ok(())
                }
            },
            "AWS::Pipes::Pipe" => match self.member(properties, "SourceParameters")? {
                Some(parameters) => self.filters(name, parameters),
                None => {
                    self.entries.push(Entry::Unfiltered);
                    Ok(())
                }
            },
            "AWS::Lambda::EventSourceMapping" => self.filters(name, properties),
            _ => self.events(name, properties),
        }
    }

    /// Reads the events of a function or a state machine of SAM.
    fn events(&mut self, name: &str, properties: NodeId) -> Result<(), Fault> {
        let Some(events) = self.member(properties, "Events")? else { return Ok(()) };
        for (event, id) in self.members(events)? {
            let name = format!("{name}/{event}");
            if let Err(fault) = self.event(&name, id) {
                self.entries.push(Entry::Fault(Fault { id: Some(name), ..fault }));
            }
        }
        Ok(())
    }

    fn event(&mut self, name: &str, id: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        let kind = self.member(id, "Type")?.and_then(|kind| tree.scalar(kind));
        let properties = self.member(id, "Properties")?;
        match (kind, properties) {
            (None, _) => Err(Fault::new(tree.node(id).place, "invalid-template", "the event has no `Type`")),
            (Some("EventBridgeRule" | "CloudWatchEvent"), Some(properties)) => {
                self.rule(name, id, properties, "Pattern")
            }
            (Some("EventBridgeRule" | "CloudWatchEvent"), None) => Err(self.no_pattern(id, "Pattern")),
            (Some(kind @ ("Schedule" | "ScheduleV2")), properties) => {
                let is_of_scheduler = kind == "ScheduleV2";
                let member = if is_of_scheduler { "ScheduleExpression" } else { "Schedule" };
                let expression = properties.and_then(|properties| self.schedule(properties, member));
                let schedule = RuleSchedule { id: name.to_owned(), expression, is_of_scheduler };
                self.entries.push(Entry::Schedule(Box::new(schedule)));
                Ok(())
            }
            (Some(kind), Some(properties)) if SOURCES.contains(&kind) => self.filters(name, properties),
            // Other events have no event pattern. The filter policy of SNS is another language.
            _ => Ok(()),
        }
    }

    fn rule(&mut self, name: &str, id: NodeId, properties: NodeId, member: &str) -> Result<(), Fault> {
        match self.member(properties, member)? {
            Some(pattern) => self.push(name.to_owned(), pattern, properties),
            None if self.member(properties, "ScheduleExpression")?.is_some() => {
                let expression = self.schedule(properties, "ScheduleExpression");
                let schedule = RuleSchedule::of_rule(name, expression);
                self.entries.push(Entry::Schedule(Box::new(schedule)));
                Ok(())
            }
            None => Err(self.no_pattern(id, member)),
        }
    }

    /// Returns the expression of a schedule, or `None` if a deployment gives it.
    fn schedule(&self, properties: NodeId, member: &str) -> Option<PatternText> {
        let expression = self.values.tree.get(properties, member)?;
        self.values.pattern(expression).ok().filter(|_| !self.values.is_null(expression))
    }

    fn no_pattern(&self, id: NodeId, member: &str) -> Fault {
        let message = format!("the rule has no `{member}`");
        Fault::new(self.values.tree.node(id).place, "missing-pattern", message)
    }

    /// Reads the filters of an event source. An event that matches one of them is delivered.
    fn filters(&mut self, name: &str, source: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        let filters = match self.member(source, "FilterCriteria")? {
            Some(criteria) => self.member(criteria, "Filters")?,
            None => None,
        };
        let Some(filters) = filters else {
            self.entries.push(Entry::Unfiltered);
            return Ok(());
        };
        if let Some(call) = self.values.call(filters) {
            return Err(call.unresolved());
        }
        let Kind::Sequence(filters) = &tree.node(filters).kind else {
            let message = "`Filters` is a list";
            return Err(Fault::new(tree.node(filters).place, "invalid-template", message));
        };
        if filters.is_empty() {
            self.entries.push(Entry::Unfiltered);
        }
        for (index, &filter) in filters.iter().enumerate() {
            let name = filter_id(name, index, filters.len());
            if let Err(fault) = self.filter(&name, filter, source) {
                self.entries.push(Entry::Fault(Fault { id: Some(name), ..fault }));
            }
        }
        Ok(())
    }

    fn filter(&mut self, name: &str, filter: NodeId, source: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        let Some(pattern) = self.member(filter, "Pattern")? else {
            return Err(self.no_pattern(filter, "Pattern"));
        };
        if tree.scalar(pattern).is_none() && self.values.call(pattern).is_none() {
            let message = "the pattern of a filter is a text with JSON, not an object";
            let help = "write it as a text: Pattern: '{…}'";
            let fault = Fault::new(tree.node(pattern).place, "invalid-template", message);
            return Err(fault.with_help(help));
        }
        self.push(name.to_owned(), pattern, source)
    }

    fn push(&mut self, id: String, pattern: NodeId, properties: NodeId) -> Result<(), Fault> {
        let pattern: PatternText = self.values.pattern(pattern)?;
        let state = self.values.tree.text_at(properties, &["State"]);
        let entry = FileRule {
            id,
            pattern,
            schedule: self.schedule(properties, "ScheduleExpression"),
            disabled: state == Some("DISABLED"),
            bus: self.bus(properties),
            arn: None,
            template: Some(Arc::from(self.values.context.stem)),
        };
        self.entries.push(Entry::Rule(entry));
        Ok(())
    }

    /// Returns the event bus of a rule. For a reference without a value, returns the name in the
    /// reference: equal names are equal buses.
    fn bus(&self, properties: NodeId) -> Option<String> {
        let bus = self.values.tree.get(properties, "EventBusName")?;
        match self.values.text(bus) {
            Ok(text) => Some(text.into_iter().map(|(c, _)| c).collect()),
            Err(_) => self.values.reference(bus),
        }
    }

    /// Returns the value of a member. A value of `null` counts as none.
    fn member(&self, id: NodeId, name: &str) -> Result<Option<NodeId>, Fault> {
        let tree = self.values.tree;
        self.check(id)?;
        let value = tree.get(id, name);
        Ok(value.filter(|&value| !self.values.is_null(value)))
    }

    /// Returns the names and values of all members.
    fn members(&self, id: NodeId) -> Result<Vec<(String, NodeId)>, Fault> {
        let tree = self.values.tree;
        if let (&[(key, _)], Some(call)) = (tree.members(id), self.values.call(id))
            && tree.scalar(key).is_some()
        {
            return Err(call.unresolved());
        }
        self.check(id)?;
        let members = tree.members(id).iter();
        Ok(members.filter_map(|&(key, value)| Some((tree.scalar(key)?.to_owned(), value))).collect())
    }

    /// Returns a fault if a node is not a mapping with different names.
    fn check(&self, id: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        if let Some(call) = self.values.call(id) {
            return Err(call.unresolved());
        }
        if !tree.is_mapping(id) {
            return Err(Fault::new(tree.node(id).place, "invalid-template", "expected a mapping"));
        }
        tree.repeated(id).map_or(Ok(()), Err)
    }
}
