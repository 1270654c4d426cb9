//! The faults of schedules in rule files, with their places.

use galop::error::Span;

use crate::diagnostic::{Diagnostic, Severity, pattern_excerpt};
use crate::rule_entry::RuleSchedule;
use crate::schedule::Schedule;
use crate::text_fault::TextFault;

/// Returns the diagnostic of an expression that the service refuses.
pub(crate) fn check(schedule: &RuleSchedule, order: usize) -> Option<Diagnostic> {
    let expression = schedule.expression.as_ref()?;
    let fault = match Schedule::parse(&expression.text) {
        Err(error) => TextFault::from(error),
        Ok(Schedule::At(_)) if !schedule.is_of_scheduler => TextFault {
            code: "at-in-rule",
            message: "rules have rate(…) and cron(…)".to_owned(),
            span: 0..expression.text.len(),
            help: Some("at(…) is a schedule of EventBridge Scheduler".to_owned()),
        },
        Ok(_) => return None,
    };
    let (start, end) = (fault.span.start, fault.span.end);
    let (place, end_place) = (Some(expression.place(start)), Some(expression.place(end)));
    // The form of the library's reports: two lines, and the excerpt.
    let report = format!("\n\n{}", fault.excerpt(&expression.text));
    Some(Diagnostic {
        file: Some(expression.file.clone()),
        place,
        end: end_place,
        id: Some(schedule.id.clone()),
        span: Some(Span::new(start, end)),
        excerpt: Some(pattern_excerpt(&report, expression, place, end_place)),
        help: fault.help,
        order,
        ..Diagnostic::new(Severity::Error, fault.code, fault.message)
    })
}
