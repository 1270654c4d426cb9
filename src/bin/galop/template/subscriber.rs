//! The subscribers and event sources of custom event buses: the resources of `AWS::EventsV2`.
//!
//! A subscriber has up to three filters, one for each part of an event: `DATA`, `METADATA` and
//! `SYSTEM_METADATA`. An event has to match all of them. The events of galop are data, so a filter of
//! another part has no answer here, and a subscriber with one is refused as a whole.

use crate::rule_entry::Fault;
use crate::template::resources::Resources;
use crate::template::tree::NodeId;

impl Resources<'_> {
    pub(super) fn subscriber(&mut self, name: &str, properties: NodeId) -> Result<(), Fault> {
        let tree = self.values.tree;
        let Some(configuration) = self.member(properties, "FilterConfiguration")? else {
            return self.unfiltered();
        };
        if let Some(language) = self.member(configuration, "Language")? {
            let text = self.text(language)?;
            if text != "EVENT_BRIDGE_PATTERN" {
                let message = format!("`{text}` is not a language of filters that galop knows");
                let help = "galop reads EVENT_BRIDGE_PATTERN";
                let fault = Fault::new(tree.node(language).place, "unknown-filter-language", message);
                return Err(fault.with_help(help));
            }
        }
        let filters = match self.member(configuration, "Filters")? {
            Some(filters) => self.elements(filters, "Filters")?,
            None => Vec::new(),
        };
        if filters.is_empty() {
            return self.unfiltered();
        }
        let mut data = None;
        for &filter in &filters {
            let Some(scope) = self.member(filter, "Scope")? else {
                let message = "the filter has no `Scope`";
                return Err(Fault::new(tree.node(filter).place, "invalid-template", message));
            };
            let text = self.text(scope)?;
            let fault = |code, message| Err(Fault::new(tree.node(scope).place, code, message));
            match text.as_str() {
                "DATA" if data.is_none() => data = Some(filter),
                "DATA" => {
                    return fault("invalid-template", "a second filter of the scope DATA".to_owned());
                }
                "METADATA" | "SYSTEM_METADATA" => {
                    let message = format!("a filter of the scope {text} tests what the data does not have");
                    return fault("filter-of-metadata", message).map_err(|fault| {
                        fault.with_help(
                            "galop matches the data of events: give it a filter of the scope DATA alone",
                        )
                    });
                }
                _ => return fault("invalid-template", format!("`{text}` is not a scope of filters")),
            }
        }
        let Some(data) = data else { return self.unfiltered() };
        let Some(pattern) = self.member(data, "Pattern")? else {
            return Err(self.no_pattern(data, "Pattern"));
        };
        self.check_text(pattern)?;
        let is_stopped = tree.text_at(properties, &["State"]) == Some("STOPPED");
        self.push_rule(name, pattern, self.bus(properties, "EventBusArn"), is_stopped)
    }

    /// Reads a source that forwards events to a custom event bus: those that match its pattern.
    pub(super) fn event_source(&mut self, name: &str, id: NodeId, properties: NodeId) -> Result<(), Fault> {
        let kinds = ["AwsServiceEventsConfiguration", "PartnerEventsConfiguration"];
        let source = match self.member(properties, "Configuration")? {
            Some(configuration) => {
                let sources: Result<Vec<_>, _> =
                    kinds.iter().map(|kind| self.member(configuration, kind)).collect();
                sources?.into_iter().flatten().next()
            }
            None => None,
        };
        let Some(source) = source else {
            let message = "the event source has no configuration of service or partner events";
            return Err(Fault::new(self.values.tree.node(id).place, "invalid-template", message));
        };
        match self.member(source, "Pattern")? {
            Some(pattern) => {
                self.check_text(pattern)?;
                self.push_rule(name, pattern, self.bus(properties, "EventBusArn"), false)
            }
            None => self.unfiltered(),
        }
    }

    fn text(&self, id: NodeId) -> Result<String, Fault> {
        Ok(self.values.text(id)?.into_iter().map(|(c, _)| c).collect())
    }
}
