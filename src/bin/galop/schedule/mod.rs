//! Schedules in the spelling of EventBridge, and their instants: `rate(…)`, `cron(…)` and `at(…)`.
//!
//! The module depends on jiff alone. Its tests are declared by the command line, so that another package
//! can have the module without them. The parser is not a crate for cron, because the crates read
//! other dialects: their weeks begin on Monday or with zero, they take a day of the month and a day of
//! the week together, and they repeat local times when clocks are set back.

mod cron;
mod error;
mod field;
mod instants;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub(crate) use error::ScheduleError;
pub(crate) use instants::Instants;

use cron::Cron;
use error::{Part, fault};

/// The maximum length of an expression in the API of the service.
pub(crate) const LENGTH: usize = 256;

/// A schedule.
#[derive(Clone, Debug)]
pub(crate) enum Schedule {
    /// Instants at equal distances.
    Rate(SignedDuration),
    /// The minutes of a calendar that fit.
    Cron(Box<Cron>),
    /// One local time.
    At(DateTime),
}

impl Schedule {
    /// Reads an expression.
    pub(crate) fn parse(text: &str) -> Result<Schedule, ScheduleError> {
        let whole = Part { text, start: 0 };
        if text.len() > LENGTH {
            let message = format!("the expression is {} bytes long, and {LENGTH} are allowed", text.len());
            return Err(fault("too-long", whole, message));
        }
        let (kind, rest) = match text.find('(') {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text, ""),
        };
        if !["rate", "cron", "at"].contains(&kind) || kind.len() == text.len() {
            return Err(not_a_schedule(whole, kind));
        }
        let start = kind.len() + 1;
        let Some(end) = rest.find(')') else {
            let message = "the closing parenthesis is missing";
            return Err(fault("missing-parenthesis", Part { text: "", start: text.len() }, message));
        };
        if end + 1 < rest.len() {
            let after = Part { text: &rest[end + 1..], start: start + end + 1 };
            return Err(fault("text-after-schedule", after, "text after the closing parenthesis"));
        }
        let inside = Part { text: &rest[..end], start };
        match kind {
            "rate" => rate(inside).map(Schedule::Rate),
            "cron" => Cron::parse(inside).map(|cron| Schedule::Cron(Box::new(cron))),
            _ => at(inside).map(Schedule::At),
        }
    }

    /// Returns the instants after `from`, in their order. Local times are times in `zone`. A rate counts
    /// from `from`.
    pub(crate) fn after<'s>(&'s self, from: Timestamp, zone: &'s TimeZone) -> Instants<'s> {
        Instants::new(self, from, zone)
    }
}

/// Returns the error of a text that is none of the three expressions.
fn not_a_schedule(whole: Part<'_>, kind: &str) -> ScheduleError {
    let error = fault("not-a-schedule", whole, "expected rate(…), cron(…) or at(…)");
    let fields = whole.words().len();
    let lower = kind.trim().to_ascii_lowercase();
    if ["rate", "cron", "at"].contains(&lower.as_str()) && kind.len() < whole.text.len() {
        return error.with_help(format!("write `{lower}(` in small letters and without white space"));
    }
    match fields {
        5 => error.with_help("write cron(…) with six fields: the last is the year, and a day field is ?"),
        6 => error.with_help("write the six fields as cron(…)"),
        2 => error.with_help("write the value and the unit as rate(…)"),
        _ => error,
    }
}

/// The units of rates in seconds: the singular and the plural.
const UNITS: [(&str, &str, i64); 3] =
    [("minute", "minutes", 60), ("hour", "hours", 3600), ("day", "days", 86_400)];

/// Reads the value and the unit of a rate.
fn rate(inside: Part<'_>) -> Result<SignedDuration, ScheduleError> {
    let words = inside.words();
    let &[value, unit] = words.as_slice() else {
        let error = fault("rate-form", inside, "a rate has a value and a unit");
        return Err(error.with_help("for example rate(5 minutes) or rate(1 day)"));
    };
    let number: i64 = match value.text.parse::<u32>() {
        Ok(number @ 1..) if value.is_digits() => number.into(),
        Err(_) if value.is_digits() => return Err(fault("rate-value", value, "the value is too large")),
        _ => return Err(fault("rate-value", value, "the value is a whole number from 1")),
    };
    let known = UNITS.iter().find(|(one, many, _)| [*one, *many].contains(&unit.text));
    let Some(&(one, many, seconds)) = known else {
        let error = fault("rate-unit", unit, format!("`{}` is no unit of a rate", unit.shown()));
        return Err(error.with_help("the units are minute, minutes, hour, hours, day and days"));
    };
    let right = if number == 1 { one } else { many };
    if unit.text != right {
        let message = if number == 1 { "the unit of 1 is singular" } else { "the unit is plural" };
        let help = format!("write rate({number} {right})");
        return Err(fault("rate-number", unit, message).with_help(help));
    }
    Ok(SignedDuration::from_secs(number * seconds))
}

/// Reads the local time of an `at`.
fn at(inside: Part<'_>) -> Result<DateTime, ScheduleError> {
    let text = inside.text.as_bytes();
    let form = b"dddd-dd-ddTdd:dd:dd";
    let has_form = text.len() == form.len()
        && text.iter().zip(form).all(|(byte, mark)| match mark {
            b'd' => byte.is_ascii_digit(),
            mark => byte == mark,
        });
    if !has_form {
        let error = fault("at-form", inside, "expected a local time in the form yyyy-mm-ddThh:mm:ss");
        let has_zone = inside.text.ends_with('Z') || inside.text.contains('+');
        return Err(if has_zone { error.with_help("the time zone is not in the expression") } else { error });
    }
    inside.text.parse().map_err(|_| fault("at-time", inside, "there is no such date or time"))
}
