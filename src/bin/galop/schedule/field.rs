//! A field of a cron expression: values, ranges, steps and lists.

use super::error::{Part, ScheduleError, fault};

/// A field: its name, its values, and the names of its values.
#[derive(Debug)]
pub(super) struct Field {
    /// The name in messages.
    pub(super) name: &'static str,
    pub(super) min: u16,
    pub(super) max: u16,
    /// The names of the values from `min`.
    pub(super) names: &'static [&'static str],
    /// True if a value can have a step.
    pub(super) has_steps: bool,
    /// True if the first value follows the last, so that a range can end before it begins.
    pub(super) is_circular: bool,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fn field(name: &'static str, min: u16, max: u16) -> Field {
    Field { name, min, max, names: &[], has_steps: true, is_circular: true }
}

pub(super) const MINUTES: Field = field("minutes", 0, 59);
pub(super) const HOURS: Field = field("hours", 0, 23);
pub(super) const DAY_OF_MONTH: Field = field("day of the month", 1, 31);
pub(super) const MONTH: Field = Field { names: &MONTHS, ..field("month", 1, 12) };
/// The first day of the week is Sunday. The service documents no steps of days of the week.
pub(super) const DAY_OF_WEEK: Field =
    Field { names: &DAYS, has_steps: false, ..field("day of the week", 1, 7) };
pub(super) const YEAR: Field = Field { is_circular: false, ..field("year", 1970, 2199) };

/// A set of values of a field.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Set {
    /// The value of the first bit.
    min: u16,
    /// A bit for each value, enough for the years.
    bits: [u64; 4],
}

impl Set {
    fn insert(&mut self, value: u16) {
        let bit = usize::from(value - self.min);
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    pub(super) fn contains(&self, value: u16) -> bool {
        let Some(bit) = value.checked_sub(self.min).map(usize::from) else { return false };
        self.bits.get(bit / 64).is_some_and(|bits| bits & 1 << (bit % 64) != 0)
    }

    /// Returns the values of the set from a value on, in their order.
    pub(super) fn from(&self, value: u16) -> impl Iterator<Item = u16> + '_ {
        let last = self.min + (self.bits.len() * 64 - 1) as u16;
        (value.max(self.min)..=last).filter(|&value| self.contains(value))
    }
}

impl Field {
    /// Reads a list of values, ranges and steps.
    pub(super) fn read(&self, part: Part<'_>) -> Result<Set, ScheduleError> {
        let mut set = Set { min: self.min, bits: [0; 4] };
        for item in part.split(|c| c == ',') {
            self.item(item, &mut set)?;
        }
        Ok(set)
    }

    /// Returns the set of one value.
    pub(super) fn only(&self, value: u16) -> Set {
        let mut set = Set { min: self.min, bits: [0; 4] };
        set.insert(value.clamp(self.min, self.max));
        set
    }

    fn item(&self, item: Part<'_>, set: &mut Set) -> Result<(), ScheduleError> {
        let (range, step) = match item.split_once('/') {
            Some((_, _)) if !self.has_steps => {
                let message = format!("the field {} has no steps", self.name);
                let error = fault("misplaced-wildcard", item, message);
                return Err(error.with_help("list the days: MON,WED,FRI"));
            }
            Some((range, step)) => (range, Some(self.step(step)?)),
            None => (item, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range.text == "*" => (self.min, self.max),
            Some((first, last)) => (self.value(first)?, self.value(last)?),
            // A step goes on from its value to the end of the field.
            None => {
                let first = self.value(range)?;
                (first, if step.is_some() { self.max } else { first })
            }
        };
        let count = self.max - self.min + 1;
        let length = match last.checked_sub(first) {
            Some(length) => length,
            None if self.is_circular => last + count - first,
            None => {
                let message = format!("the range of the field {} ends before it begins", self.name);
                return Err(fault("field-range", range, message));
            }
        };
        for distance in (0..=length).step_by(step.unwrap_or(1)) {
            set.insert((first - self.min + distance) % count + self.min);
        }
        Ok(())
    }

    fn step(&self, part: Part<'_>) -> Result<usize, ScheduleError> {
        match part.text.parse() {
            Ok(step @ 1..) if part.is_digits() => Ok(step),
            _ => Err(fault("field-step", part, "a step is a whole number from 1")),
        }
    }

    /// Reads a number or a name.
    pub(super) fn value(&self, part: Part<'_>) -> Result<u16, ScheduleError> {
        let named = (self.min..).zip(self.names).find(|(_, name)| part.text.eq_ignore_ascii_case(name));
        if let Some((value, _)) = named {
            return Ok(value);
        }
        if part.is_digits() {
            return match part.text.parse() {
                Ok(value) if (self.min..=self.max).contains(&value) => Ok(value),
                _ => {
                    let message =
                        format!("the field {} has values from {} to {}", self.name, self.min, self.max);
                    let error = fault("field-value", part, message);
                    let is_sunday = self.names.len() == DAYS.len() && part.text == "0";
                    Err(if is_sunday { error.with_help("Sunday is 1, or SUN") } else { error })
                }
            };
        }
        if let Some(wildcard) = part.text.chars().find(|c| "?*#/-".contains(*c)) {
            let message = format!("`{wildcard}` has no meaning here in the field {}", self.name);
            return Err(fault("misplaced-wildcard", part, message));
        }
        if part.text.is_empty() {
            let message = format!("a value of the field {} is missing", self.name);
            return Err(fault("field-value", part, message));
        }
        let message = format!("`{}` is no value of the field {}", part.shown(), self.name);
        let error = fault("field-value", part, message);
        let names = self.names.join(", ");
        Err(if names.is_empty() { error } else { error.with_help(format!("the names are {names}")) })
    }
}
