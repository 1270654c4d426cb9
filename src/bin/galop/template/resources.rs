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
    if let Err(fault) = resources.all(values.tree.root) {
        resources.entries.push(Entry::Fault(fault));
    }
    resources.entries
}

pub(super) struct Resources<'a> {
    pub(super) values: &'a Values<'a>,
    pub(super) entries: Vec<Entry>,
}

impl Resources<'_> {
    /// Reads the resources of a template.
    pub(super) fn all(&mut self, template: NodeId) -> Result<(), Fault> {
        let Some(all) = self.member(template, "Resources")? else { return Ok(()) };
        for (name, id) in self.members(all)? {
            self.named(&name, id, |resources| resources.resource(&name, id));
        }
        Ok(())
    }

    /// Reads the entries of a node. If one is a fault, there are no others, and the fault has the name.
    pub(super) fn named(
        &mut self,
        name: &str,
        id: NodeId,
        read: impl FnOnce(&mut Self) -> Result<(), Fault>,
    ) {
        let before = self.entries.len();
        let place = self.values.tree.node(id).place;
        if let Err(fault) = self.values.spend_entry(place).and_then(|()| read(self)) {
            self.entries.truncate(before);
            self.entries.push(Entry::Fault(Fault { id: Some(name.to_owned()), ..fault }));
        }
    }

    fn resource(&mut self, name: &str, id: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        let id = self.values.follow(id)?;
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
                | "AWS::EventsV2::Subscriber"
                | "AWS::EventsV2::EventSource"
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
                Some(pattern) => self.push(name, pattern, properties),
                None => self.unfiltered(),
            },
            "AWS::Pipes::Pipe" => match self.member(properties, "SourceParameters")? {
                Some(parameters) => self.filters(name, parameters),
                None => self.unfiltered(),
            },
            "AWS::EventsV2::Subscriber" => self.subscriber(name, properties),
            "AWS::EventsV2::EventSource" => self.event_source(name, id, properties),
            "AWS::Lambda::EventSourceMapping" => self.filters(name, properties),
            _ => self.events(name, properties),
        }
    }

    /// Reads the events of a function or a state machine of SAM.
    fn events(&mut self, name: &str, properties: NodeId) -> Result<(), Fault> {
        let Some(events) = self.member(properties, "Events")? else { return Ok(()) };
        for (event, id) in self.members(events)? {
            let name = format!("{name}/{event}");
            self.named(&name, id, |resources| resources.event(&name, id));
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
                let member = if kind == "Schedule" { "Schedule" } else { "ScheduleExpression" };
                let expression = properties.and_then(|properties| tree.get(properties, member));
                self.schedule(name, expression, kind == "ScheduleV2")
            }
            (Some(kind), Some(properties)) if SOURCES.contains(&kind) => self.filters(name, properties),
            // Other events have no event pattern. The filter policy of SNS is another language.
            _ => Ok(()),
        }
    }

    fn rule(&mut self, name: &str, id: NodeId, properties: NodeId, member: &str) -> Result<(), Fault> {
        match self.member(properties, member)? {
            Some(pattern) => self.push(name, pattern, properties),
            None => match self.member(properties, "ScheduleExpression")? {
                Some(expression) => self.schedule(name, Some(expression), false),
                None => Err(self.no_pattern(id, member)),
            },
        }
    }

    pub(super) fn no_pattern(&self, id: NodeId, member: &str) -> Fault {
        let message = format!("the rule has no `{member}`");
        Fault::new(self.values.tree.node(id).place, "missing-pattern", message)
    }

    /// Reads the filters of an event source. An event that matches one of them is delivered.
    fn filters(&mut self, name: &str, source: NodeId) -> Result<(), Fault> {
        let filters = match self.member(source, "FilterCriteria")? {
            Some(criteria) => self.member(criteria, "Filters")?,
            None => None,
        };
        let Some(filters) = filters else { return self.unfiltered() };
        let filters = self.elements(filters, "Filters")?;
        if filters.is_empty() {
            return self.unfiltered();
        }
        for (index, &filter) in filters.iter().enumerate() {
            let name = filter_id(name, index, filters.len());
            self.named(&name, filter, |resources| resources.filter(&name, filter, source));
        }
        Ok(())
    }

    fn filter(&mut self, name: &str, filter: NodeId, source: NodeId) -> Result<(), Fault> {
        let Some(pattern) = self.member(filter, "Pattern")? else {
            return Err(self.no_pattern(filter, "Pattern"));
        };
        self.check_text(pattern)?;
        self.push(name, pattern, source)
    }

    /// Returns a fault if the pattern of a filter is not a text.
    pub(super) fn check_text(&self, pattern: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        if tree.scalar(pattern).is_none() && self.values.call(pattern).is_none() {
            let message = "the pattern of a filter is a text with JSON, not an object";
            let help = "write it as a text: Pattern: '{…}'";
            let fault = Fault::new(tree.node(pattern).place, "invalid-template", message);
            return Err(fault.with_help(help));
        }
        Ok(())
    }

    fn push(&mut self, id: &str, pattern: NodeId, properties: NodeId) -> Result<(), Fault> {
        let disabled = self.values.tree.text_at(properties, &["State"]) == Some("DISABLED");
        let bus = self.bus(properties, "EventBusName");
        self.push_rule(id, pattern, bus, disabled)?;
        let schedule = self.values.tree.get(properties, "ScheduleExpression");
        if let (Some(Entry::Rule(rule)), Some(schedule)) = (self.entries.last_mut(), schedule) {
            rule.schedule = self.values.expression(schedule);
        }
        Ok(())
    }

    /// Adds a rule.
    pub(super) fn push_rule(
        &mut self,
        id: &str,
        pattern: NodeId,
        bus: Option<String>,
        disabled: bool,
    ) -> Result<(), Fault> {
        let pattern: PatternText = self.values.pattern(pattern)?;
        let template = Some(Arc::from(self.values.context.stem));
        let entry =
            FileRule { id: id.to_owned(), pattern, schedule: None, disabled, bus, arn: None, template };
        self.entries.push(Entry::Rule(entry));
        Ok(())
    }

    /// Adds a source without filter.
    pub(super) fn unfiltered(&mut self) -> Result<(), Fault> {
        self.entries.push(Entry::Unfiltered);
        Ok(())
    }

    /// Adds a rule without pattern that has a schedule.
    pub(super) fn schedule(
        &mut self,
        id: &str,
        expression: Option<NodeId>,
        is_of_scheduler: bool,
    ) -> Result<(), Fault> {
        let expression = expression.and_then(|expression| self.values.expression(expression));
        let schedule = RuleSchedule { id: id.to_owned(), expression, is_of_scheduler };
        self.entries.push(Entry::Schedule(Box::new(schedule)));
        Ok(())
    }

    /// Returns the event bus of a rule. For a reference without a value, returns the name in the
    /// reference: equal names are equal buses.
    pub(super) fn bus(&self, properties: NodeId, member: &str) -> Option<String> {
        let bus = self.values.tree.get(properties, member)?;
        match self.values.text(bus) {
            Ok(text) => Some(text.into_iter().map(|(c, _)| c).collect()),
            Err(_) => self.values.reference(bus).or_else(|| self.values.tree.scalar(bus).map(str::to_owned)),
        }
    }

    /// Returns the elements of a list.
    pub(super) fn elements(&self, list: NodeId, name: &str) -> Result<Vec<NodeId>, Fault> {
        if let Some(call) = self.values.call(list) {
            return Err(call.unresolved());
        }
        match &self.values.tree.node(list).kind {
            Kind::Sequence(elements) => elements.iter().map(|&id| self.values.follow(id)).collect(),
            _ => {
                let message = format!("`{name}` is a list");
                Err(Fault::new(self.values.tree.node(list).place, "invalid-template", message))
            }
        }
    }

    /// Returns the value of a member. A value of `null` counts as none.
    pub(super) fn member(&self, id: NodeId, name: &str) -> Result<Option<NodeId>, Fault> {
        self.check(id)?;
        let Some(value) = self.values.tree.get(id, name) else { return Ok(None) };
        let value = self.values.follow(value)?;
        Ok((!self.values.is_null(value)).then_some(value))
    }

    /// Returns the names and values of all members.
    pub(super) fn members(&self, id: NodeId) -> Result<Vec<(String, NodeId)>, Fault> {
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
    pub(super) fn check(&self, id: NodeId) -> Result<(), Fault> {
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
