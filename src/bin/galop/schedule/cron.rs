//! Cron expressions: six fields. The last field is the year.

use jiff::civil::{Date, DateTime, Weekday};

use super::error::{Part, ScheduleError, fault};
use super::field::{self, Set};

/// The calendar of a cron expression.
#[derive(Clone, Debug)]
pub(crate) struct Cron {
    minutes: Set,
    hours: Set,
    months: Set,
    years: Set,
    days: Days,
}

/// The days of a month that fit: the field of the two that is not `?`.
#[derive(Clone, Debug)]
enum Days {
    OfMonth(Set),
    /// The day this number of days before the last day of the month.
    FromLast(i8),
    LastWorkday,
    /// The day from Monday to Friday, in the same month, that is nearest to this day.
    NearestWorkday(i8),
    OfWeek(Set),
    /// The last day of the month with this number in the week.
    LastOfWeek(i8),
    /// The day of the month with the first number in the week, and the second among these days.
    NthOfWeek(i8, i8),
}

impl Cron {
    pub(super) fn parse(inside: Part<'_>) -> Result<Cron, ScheduleError> {
        let words = inside.words();
        let &[minutes, hours, day_of_month, month, day_of_week, year] = words.as_slice() else {
            return Err(field_count(inside, words.len()));
        };
        let minutes = field::MINUTES.read(minutes)?;
        let hours = field::HOURS.read(hours)?;
        let in_month = (day_of_month.text != "?").then(|| of_month(day_of_month)).transpose()?;
        let months = field::MONTH.read(month)?;
        let in_week = (day_of_week.text != "?").then(|| of_week(day_of_week)).transpose()?;
        let years = field::YEAR.read(year)?;
        let days = match (in_month, in_week) {
            (Some(days), None) | (None, Some(days)) => days,
            (Some(_), Some(_)) => {
                // The star says less than a value.
                let part = if day_of_month.text == "*" { day_of_month } else { day_of_week };
                let message = "the day of the month and the day of the week are both given";
                return Err(fault("day-fields", part, message).with_help("write ? for one of them"));
            }
            (None, None) => {
                let message = "neither the day of the month nor the day of the week is given";
                let error = fault("day-fields", day_of_week, message);
                return Err(error.with_help("write * for the day of the month"));
            }
        };
        Ok(Cron { minutes, hours, months, years, days })
    }

    /// Returns the first local time of the calendar that is not before a time. It takes at most one
    /// walk through the years, whose days have at most one look each.
    pub(super) fn from(&self, from: DateTime) -> Option<DateTime> {
        let start = from.date();
        for year in self.years.from(u16::try_from(start.year()).unwrap_or(0)) {
            let year = i16::try_from(year).ok()?;
            let first_month = if year == start.year() { start.month() } else { 1 };
            for month in self.months.from(first_month.unsigned_abs().into()) {
                let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
                for day in 1..=first.days_in_month() {
                    let date = Date::new(year, first.month(), day).ok()?;
                    if date < start || !self.days.contain(date) {
                        continue;
                    }
                    let (hour, minute) = if date == start { (from.hour(), from.minute()) } else { (0, 0) };
                    if let Some((hour, minute)) = self.time(hour, minute) {
                        return Some(date.at(hour, minute, 0, 0));
                    }
                }
            }
        }
        None
    }

    /// Returns the first time of a day that is not before a time.
    fn time(&self, hour: i8, minute: i8) -> Option<(i8, i8)> {
        let first_of = |minute: i8| self.minutes.from(minute.unsigned_abs().into()).next();
        let times = self.hours.from(hour.unsigned_abs().into()).filter_map(|at| {
            let at = i8::try_from(at).ok()?;
            let minute = first_of(if at == hour { minute } else { 0 })?;
            Some((at, i8::try_from(minute).ok()?))
        });
        times.take(1).next()
    }
}

impl Days {
    fn contain(&self, date: Date) -> bool {
        let (day, last) = (date.day(), date.days_in_month());
        match *self {
            Days::OfMonth(ref days) => days.contains(day.unsigned_abs().into()),
            Days::FromLast(distance) => day == last - distance,
            Days::LastWorkday => Some(day) == workday(date, last),
            Days::NearestWorkday(target) => target <= last && Some(day) == workday(date, target),
            Days::OfWeek(ref days) => days.contains(number_in_week(date).unsigned_abs().into()),
            Days::LastOfWeek(number) => number_in_week(date) == number && day + 7 > last,
            Days::NthOfWeek(number, nth) => number_in_week(date) == number && (day - 1) / 7 + 1 == nth,
        }
    }
}

/// Returns the number of a day in the week: Sunday is 1.
fn number_in_week(date: Date) -> i8 {
    date.weekday().to_sunday_one_offset()
}

/// Returns the day from Monday to Friday that is nearest to a day of the month of a date. The day is in
/// the same month, as in the scheduler Quartz, from which the notation is.
fn workday(date: Date, target: i8) -> Option<i8> {
    let last = date.days_in_month();
    let day = Date::new(date.year(), date.month(), target).ok()?;
    Some(match day.weekday() {
        Weekday::Saturday if target == 1 => target + 2,
        Weekday::Saturday => target - 1,
        Weekday::Sunday if target == last => target - 2,
        Weekday::Sunday => target + 1,
        _ => target,
    })
}

fn field_count(inside: Part<'_>, count: usize) -> ScheduleError {
    let error = fault("field-count", inside, format!("cron has six fields, and here are {count}"));
    error.with_help(match count {
        5 => "the sixth field is the year: add *",
        _ => "the fields are minutes, hours, day of the month, month, day of the week, year",
    })
}

/// Reads the day of the month.
fn of_month(part: Part<'_>) -> Result<Days, ScheduleError> {
    let upper = part.text.to_ascii_uppercase();
    let Some(wildcard) = upper.chars().find(|c| "LW".contains(*c)) else {
        return field::DAY_OF_MONTH.read(part).map(Days::OfMonth);
    };
    stands_alone(part, wildcard)?;
    if let Some((_, distance)) = part.split_once('-').filter(|_| upper.starts_with("L-")) {
        let message = "the distance from the last day is 0 to 30";
        let distance = distance.number(0..=30).ok_or_else(|| fault("field-value", distance, message));
        return Ok(Days::FromLast(distance?));
    }
    match (upper.as_str(), part.without_last(['W', 'w']).filter(|day| day.is_digits())) {
        ("L", _) => Ok(Days::FromLast(0)),
        ("LW", _) => Ok(Days::LastWorkday),
        (_, Some(day)) => {
            field::DAY_OF_MONTH.value(day)?;
            Ok(Days::NearestWorkday(day.number(1..=31).unwrap_or(1)))
        }
        _ => {
            let message = format!("`{}` is no value of the field day of the month", part.shown());
            Err(fault("field-value", part, message).with_help("with wildcards: L, L-3, LW, 15W"))
        }
    }
}

/// Reads the day of the week.
fn of_week(part: Part<'_>) -> Result<Days, ScheduleError> {
    let is_last = |item: Part<'_>| item.text.ends_with(['L', 'l']);
    if part.text.contains('#') {
        stands_alone(part, '#')?;
    } else if part.split(|c| c == ',').into_iter().any(is_last) {
        stands_alone(part, 'L')?;
    }
    if let Some((day, nth)) = part.split_once('#') {
        let day = day_of_week(day)?;
        let message = "the number after `#` is 1 to 5";
        let nth = nth.number(1..=5).ok_or_else(|| fault("field-value", nth, message));
        return Ok(Days::NthOfWeek(day, nth?));
    }
    match part.without_last(['L', 'l']) {
        // The last day of the week.
        Some(day) if day.text.is_empty() => Ok(Days::OfWeek(field::DAY_OF_WEEK.only(7))),
        Some(day) => Ok(Days::LastOfWeek(day_of_week(day)?)),
        None => field::DAY_OF_WEEK.read(part).map(Days::OfWeek),
    }
}

/// Reads the number or the name of a day of the week.
fn day_of_week(part: Part<'_>) -> Result<i8, ScheduleError> {
    let day = field::DAY_OF_WEEK.value(part)?;
    i8::try_from(day).map_err(|_| fault("field-value", part, "the days of the week are 1 to 7"))
}

/// Returns an error if a field with a wildcard is a list, or has a step.
fn stands_alone(part: Part<'_>, wildcard: char) -> Result<(), ScheduleError> {
    if !part.text.contains([',', '/']) {
        return Ok(());
    }
    let message = format!("`{wildcard}` stands alone, without a list and without a step");
    Err(fault("not-alone", part, message))
}
