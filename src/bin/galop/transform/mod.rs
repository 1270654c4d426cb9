//! The input transformer of EventBridge: the text that a target gets for an event.
//!
//! The module depends on `galop::json` and serde_json, and on no other module of the command line. Its
//! tests are declared by the command line, so that another package can have the module without them.
//! `tests/transform` has the cases, each with the statement of the documentation that it is from.

mod error;
mod json;
mod path;
mod paths;
mod render;
mod target;
mod template;

pub(crate) use error::{Of, TransformError};
pub(crate) use paths::InputPaths;
pub(crate) use target::Target;

use template::{Name, ReservedName, Template};

/// The maximum length of an event in bytes.
pub(crate) const EVENT: usize = 16 << 20;

/// The maximum length of an output in bytes. A template can name an event a thousand times.
pub(crate) const OUTPUT: usize = 64 << 20;

/// Variables with their paths, and a template.
#[derive(Clone, Debug)]
pub(crate) struct Transformer {
    paths: InputPaths,
    template: Template,
}

/// The values of the variables of the service that are not in the event.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reserved<'v> {
    pub(crate) rule_arn: Option<&'v str>,
    pub(crate) rule_name: Option<&'v str>,
    pub(crate) ingestion_time: Option<&'v str>,
}

impl<'v> Reserved<'v> {
    fn value(&self, name: ReservedName) -> Option<&'v str> {
        match name {
            ReservedName::RuleArn => self.rule_arn,
            ReservedName::RuleName => self.rule_name,
            ReservedName::IngestionTime => self.ingestion_time,
            ReservedName::Event | ReservedName::EventJson => None,
        }
    }
}

impl Transformer {
    /// Reads a template for the variables of a map.
    pub(crate) fn new(paths: InputPaths, template: &str) -> Result<Transformer, TransformError> {
        let template = Template::parse(template, &paths)?;
        Ok(Transformer { paths, template })
    }

    /// Returns the error of the first variable of the service whose value is missing.
    pub(crate) fn unset(&self, reserved: &Reserved<'_>) -> Option<TransformError> {
        let is_unset = |name| match name {
            Name::Reserved(ReservedName::Event | ReservedName::EventJson) | Name::Path(_) => false,
            Name::Reserved(name) => reserved.value(name).is_none(),
        };
        self.template.uses().find(|variable| is_unset(variable.name)).map(render::unset)
    }

    /// Returns the output for an event.
    pub(crate) fn apply(&self, event: &[u8], reserved: &Reserved<'_>) -> Result<String, TransformError> {
        render::render(self, read_event(event)?, reserved)
    }
}

/// Returns the JSON value of an event.
fn read_event(event: &[u8]) -> Result<&str, TransformError> {
    if event.len() > EVENT {
        let message = format!("the event is longer than {EVENT} bytes");
        return Err(TransformError::new(Of::Event, "event-too-long", EVENT..event.len(), message));
    }
    json::only_value(event, Of::Event)
}
