//! `galop schedule`: the instants of a schedule.

use std::io::Write;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::Serialize;

use crate::instant::instant;
use crate::output::{Format, complain, json_line};
use crate::schedule::{Schedule, ScheduleError};
use crate::text_fault::TextFault;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop schedule next 'rate(5 minutes)'
  galop schedule next 'cron(0 9 ? * MON-FRI *)' --timezone Europe/Berlin --count 10
  galop schedule next 'cron(0 0 LW * ? *)' --from 2026-06-02T04:00:14Z --format json

The expressions have the syntax of EventBridge:
  rate(VALUE UNIT)         minute, minutes, hour, hours, day or days, counted from --from
  cron(M H DAY MONTH WEEKDAY YEAR)
                           one of DAY and WEEKDAY is ?; Sunday is 1; JAN-DEC, SUN-SAT
                           lists 1,2  ranges 1-5  steps 0/15
                           DAY: L last, L-3, 15W nearest workday, LW; WEEKDAY: 6L last, 3#2 second
  at(yyyy-mm-ddThh:mm:ss)  once

As in EventBridge Scheduler, a local time that the clocks skip in spring is left out, and a local time \
that they show twice in autumn counts once, the first time. Schedules of rules are in UTC.

JSON output is an object {\"time\",\"unix\"} on a line for each instant, or \
{\"error\":{\"of\",\"code\",\"message\",\"start\",\"end\",\"help\"}}, where start and end are bytes of the expression.

Exit codes: 0 there is an instant, 1 there is none, 2 the expression or another argument is refused.";

#[derive(Debug, Args)]
pub(crate) struct ScheduleArgs {
    /// The action
    #[arg(value_enum)]
    pub(crate) action: Action,
    /// The schedule: rate(…), cron(…) or at(…)
    #[arg(value_name = "EXPRESSION")]
    pub(crate) expression: String,
    /// Number of instants
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) count: u32,
    /// Instants after this time, in the format of RFC 3339; default: now
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) from: Option<Timestamp>,
    /// Time zone of cron(…), at(…) and the output, by its name in the IANA database
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    pub(crate) timezone: TimeZone,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Action {
    /// The next instants
    Next,
}

/// Reads the name of a time zone.
fn zone(name: &str) -> Result<TimeZone, String> {
    let database = jiff::tz::db();
    let Ok(zone) = database.get(name) else {
        let lower = name.to_lowercase();
        let known = database.available().map(|known| known.as_str().to_owned());
        let distance = |known: &String| strsim::damerau_levenshtein(&known.to_lowercase(), &lower);
        // A name that is far from all others has no near one.
        let near = known.map(|known| (distance(&known), known)).min().filter(|(distance, _)| *distance <= 3);
        return Err(match near {
            Some((_, near)) => format!("no time zone of the IANA database; did you mean {near}?"),
            None => "no time zone of the IANA database, such as Europe/Berlin".to_owned(),
        });
    };
    Ok(zone)
}

pub(crate) fn run(args: &ScheduleArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let Action::Next = args.action;
    let text = &args.expression;
    let schedule = match Schedule::parse(text) {
        Ok(schedule) => schedule,
        Err(error) => {
            let fault = TextFault::from(error);
            if args.format == Format::Json {
                json_line(out, &fault.record("expression"))?;
            }
            return Err(fault.failure("<expression>", text));
        }
    };
    let from = args.from.unwrap_or_else(now);
    let mut count = 0;
    for instant in schedule.after(from, &args.timezone).take(args.count as usize) {
        count += 1;
        let time = if args.timezone == TimeZone::UTC {
            instant.to_string()
        } else {
            instant.display_with_offset(args.timezone.to_offset(instant)).to_string()
        };
        match args.format {
            Format::Human => writeln!(out, "{time}")?,
            Format::Json => json_line(out, &Record { time, unix: instant.as_second() })?,
        }
    }
    if count == args.count {
        return Ok(Ending::Yes);
    }
    out.flush()?;
    complain(match (count, &schedule) {
        (0, Schedule::At(local)) if is_skipped(*local, &args.timezone) => {
            format!("no instant: the clocks skip {local}")
        }
        (0, _) => format!("no instant after {from}"),
        _ => "no other instant".to_owned(),
    });
    Ok(if count > 0 { Ending::Yes } else { Ending::No })
}

/// Returns true if clocks never show a local time.
fn is_skipped(local: DateTime, zone: &TimeZone) -> bool {
    matches!(zone.to_ambiguous_timestamp(local).offset(), AmbiguousOffset::Gap { .. })
}

/// Returns the current time in whole seconds.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

impl From<ScheduleError> for TextFault {
    fn from(error: ScheduleError) -> TextFault {
        let ScheduleError { code, message, span, help } = error;
        TextFault { code, message, span, help }
    }
}

/// An instant, for programs.
#[derive(Serialize)]
struct Record {
    time: String,
    /// Seconds since 1970 in UTC.
    unix: i64,
}
