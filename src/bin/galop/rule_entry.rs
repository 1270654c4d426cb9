//! The entries of rule files: rules, schedules, and faults with their places.

use std::sync::Arc;

use crate::pattern_text::{PatternText, Place};

/// An entry of a rule file.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Rule(FileRule),
    /// A rule without a pattern, which the service runs on a schedule.
    Schedule(Box<RuleSchedule>),
    /// A resource of a template that has no pattern, and gets every event.
    Unfiltered,
    /// An entry that is not a rule.
    Fault(Fault),
    /// A list whose other rules are in another output.
    Cut(Fault),
}

/// A rule of a file. Its pattern is not parsed yet.
#[derive(Clone, Debug)]
pub(crate) struct FileRule {
    pub(crate) id: String,
    pub(crate) pattern: PatternText,
    /// The expression of the schedule, if the rule has one besides its pattern.
    pub(crate) schedule: Option<PatternText>,
    pub(crate) disabled: bool,
    /// The event bus, if the file names one.
    pub(crate) bus: Option<String>,
    /// The name of the rule among all rules of the service, if the file has it.
    pub(crate) arn: Option<String>,
    /// The template with the rule. Names of rules are unique in a template only.
    pub(crate) template: Option<Arc<str>>,
}

/// The schedule of a rule, whose expression is not read yet.
#[derive(Clone, Debug)]
pub(crate) struct RuleSchedule {
    pub(crate) id: String,
    /// `None` if the expression is known only after the template is deployed.
    pub(crate) expression: Option<PatternText>,
    /// True for EventBridge Scheduler, which has one-time schedules.
    pub(crate) is_of_scheduler: bool,
}

impl RuleSchedule {
    /// Returns the schedule of a rule.
    pub(crate) fn of_rule(id: &str, expression: Option<PatternText>) -> RuleSchedule {
        RuleSchedule { id: id.to_owned(), expression, is_of_scheduler: false }
    }
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

impl Fault {
    pub(crate) fn new(place: Place, code: &'static str, message: impl Into<String>) -> Fault {
        Fault { id: None, place, code, message: message.into(), help: None, report: None }
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> Fault {
        Fault { help: Some(help.into()), ..self }
    }
}
