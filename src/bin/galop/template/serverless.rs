//! The events of functions in files of the Serverless Framework, and the resources in them.
//!
//! The state machines of the plugin `serverless-step-functions` are read like functions.

use crate::rule_entry::{Entry, Fault};
use crate::template::filter_id;
use crate::template::resources::Resources;
use crate::template::tree::{Kind, NodeId, Tree};
use crate::template::values::Values;

/// The events that are event source mappings, which have filters.
const SOURCES: [&str; 6] = ["stream", "sqs", "kafka", "msk", "activemq", "rabbitmq"];

/// Returns true if the root has the members that every service has.
pub(super) fn is_service(tree: &Tree<'_>) -> bool {
    let has_name = |member| {
        tree.text_at(tree.root, &[member]).or_else(|| tree.text_at(tree.root, &[member, "name"])).is_some()
    };
    has_name("service") && has_name("provider")
}

/// Returns the entries of a service: of functions, state machines and resources.
pub(super) fn read(values: &Values<'_>) -> Vec<Entry> {
    let mut service = Resources { values, entries: Vec::new() };
    let functions = service.functions();
    service.fault_of(functions);
    let machines = service.state_machines();
    service.fault_of(machines);
    let resources = service.resources();
    service.fault_of(resources);
    service.entries
}

impl Resources<'_> {
    fn fault_of(&mut self, result: Result<(), Fault>) {
        self.entries.extend(result.err().map(Entry::Fault));
    }

    fn functions(&mut self) -> Result<(), Fault> {
        let functions = self.member(self.values.tree.root, "functions")?;
        self.each_part("functions", functions, |service, part| service.receivers(part))
    }

    fn state_machines(&mut self) -> Result<(), Fault> {
        let machines = match self.member(self.values.tree.root, "stepFunctions")? {
            Some(plugin) => self.member(plugin, "stateMachines")?,
            None => None,
        };
        self.each_part("stateMachines", machines, |service, part| service.receivers(part))
    }

    fn resources(&mut self) -> Result<(), Fault> {
        let resources = self.member(self.values.tree.root, "resources")?;
        self.each_part("resources", resources, |service, part| {
            service.all(part)?;
            service.extensions(part)
        })
    }

    /// Reads a mapping, or each mapping of a list.
    fn each_part(
        &mut self,
        name: &str,
        value: Option<NodeId>,
        mut read: impl FnMut(&mut Self, NodeId) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let Some(value) = value else { return Ok(()) };
        let Kind::Sequence(parts) = &self.values.tree.node(value).kind else { return read(self, value) };
        for &part in parts {
            let result = self.values.spend_entry(self.values.tree.node(part).place);
            let result = result.and_then(|()| self.values.follow(part)).and_then(|part| read(self, part));
            if let Err(fault) = result {
                self.entries.push(Entry::Fault(Fault { id: Some(name.to_owned()), ..fault }));
            }
        }
        Ok(())
    }

    /// Reads the events of functions or state machines.
    fn receivers(&mut self, all: NodeId) -> Result<(), Fault> {
        for (name, id) in self.members(all)? {
            self.named(&name, id, |service| {
                let id = service.values.follow(id)?;
                if service.values.is_null(id) {
                    return Ok(());
                }
                let Some(events) = service.member(id, "events")? else { return Ok(()) };
                for (index, &event) in service.list(events)?.iter().enumerate() {
                    let name = format!("{name}/{}", index + 1);
                    service.named(&name, event, |service| service.event_of_function(&name, event));
                }
                Ok(())
            });
        }
        Ok(())
    }

    /// Returns the elements of `events`, which are not followed yet.
    fn list(&self, events: NodeId) -> Result<Vec<NodeId>, Fault> {
        match &self.values.tree.node(events).kind {
            Kind::Sequence(elements) => Ok(elements.clone()),
            _ => self.elements(events, "events"),
        }
    }

    fn event_of_function(&mut self, name: &str, event: NodeId) -> Result<(), Fault> {
        let event = self.values.follow(event)?;
        // An event without properties, for instance of Alexa.
        if self.values.tree.scalar(event).is_some() {
            return Ok(());
        }
        for (kind, properties) in self.members(event)? {
            match kind.as_str() {
                "eventBridge" | "cloudwatchEvent" => {
                    let properties = self.values.follow(properties)?;
                    self.rule_of_function(name, event, properties)?;
                }
                "schedule" => self.schedule_of_function(name, properties)?,
                kind if SOURCES.contains(&kind) => {
                    let properties = self.values.follow(properties)?;
                    self.filters_of_function(name, properties)?;
                }
                // Other events have no event pattern. The filter policy of SNS is another language.
                _ => {}
            }
        }
        Ok(())
    }

    fn rule_of_function(&mut self, name: &str, event: NodeId, properties: NodeId) -> Result<(), Fault> {
        let pattern = match self.member(properties, "pattern")? {
            Some(pattern) => Some(pattern),
            // The name in `cloudwatchEvent`, and in events of state machines.
            None => self.member(properties, "event")?,
        };
        match pattern {
            Some(pattern) => {
                let buses = ["eventBus", "eventBusName"];
                let bus = buses.iter().find_map(|member| self.bus(properties, member));
                self.push_rule(name, pattern, bus, self.is_disabled(properties))
            }
            None => match self.member(properties, "schedule")? {
                Some(expression) => self.schedule(name, Some(expression), false),
                None => Err(self.no_pattern(event, "pattern")),
            },
        }
    }

    /// Adds the schedule of a function: the expression, or properties with one expression or a list.
    fn schedule_of_function(&mut self, name: &str, schedule: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        // A reference without a value is a schedule as well.
        let schedule = self.values.follow(schedule).unwrap_or(schedule);
        let rate = tree.get(schedule, "rate").unwrap_or(schedule);
        let is_of_scheduler = tree.text_at(schedule, &["method"]) == Some("scheduler");
        // A list is one event of the function. Its expressions are not checked.
        let expression = tree.elements(rate).is_empty().then_some(rate);
        self.schedule(name, expression, is_of_scheduler)
    }

    fn filters_of_function(&mut self, name: &str, properties: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        // The source alone, without properties.
        if tree.scalar(properties).is_some() || self.values.call(properties).is_some() {
            return self.unfiltered();
        }
        let Some(filters) = self.member(properties, "filterPatterns")? else { return self.unfiltered() };
        let filters = self.elements(filters, "filterPatterns")?;
        if filters.is_empty() {
            return self.unfiltered();
        }
        for (index, &filter) in filters.iter().enumerate() {
            let name = filter_id(name, index, filters.len());
            self.named(&name, filter, |service| {
                if !tree.is_mapping(filter) {
                    let message = "a pattern of `filterPatterns` is an object";
                    return Err(Fault::new(tree.node(filter).place, "invalid-template", message));
                }
                service.push_rule(&name, filter, None, service.is_disabled(properties))
            });
        }
        Ok(())
    }

    fn is_disabled(&self, properties: NodeId) -> bool {
        self.values.tree.text_at(properties, &["enabled"]) == Some("false")
    }

    /// Returns a fault if an extension replaces the pattern of a resource that Serverless makes.
    fn extensions(&mut self, resources: NodeId) -> Result<(), Fault> {
        let Some(extensions) = self.member(resources, "extensions")? else { return Ok(()) };
        for (name, id) in self.members(extensions)? {
            self.named(&name, id, |service| {
                let id = service.values.follow(id)?;
                let Some(properties) = service.member(id, "Properties")? else { return Ok(()) };
                match service.member(properties, "EventPattern")? {
                    Some(pattern) => {
                        let place = service.values.tree.node(pattern).place;
                        let message = "the pattern replaces another one when the service is deployed";
                        let help = "run galop on the template that `serverless package` writes";
                        Err(Fault::new(place, "unresolved-extension", message).with_help(help))
                    }
                    None => Ok(()),
                }
            });
        }
        Ok(())
    }
}
