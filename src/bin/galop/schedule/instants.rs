//! The instants of a schedule, in their order.
//!
//! Local times follow the documentation of EventBridge Scheduler. A local time that the clocks skip is
//! left out. A local time that the clocks show twice counts once, the first time. A rate is a
//! distance between instants, so a day has 24 hours.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::Schedule;
use super::cron::Cron;

/// The instants after an instant.
#[derive(Clone, Debug)]
pub(crate) struct Instants<'s> {
    from: Timestamp,
    zone: &'s TimeZone,
    rest: Rest<'s>,
}

/// The instants that have not been returned.
#[derive(Clone, Debug)]
enum Rest<'s> {
    None,
    Rate(SignedDuration),
    /// The local times from this one.
    Cron(&'s Cron, DateTime),
    At(DateTime),
}

impl<'s> Instants<'s> {
    pub(super) fn new(schedule: &'s Schedule, from: Timestamp, zone: &'s TimeZone) -> Instants<'s> {
        let rest = match schedule {
            Schedule::Rate(distance) => Rest::Rate(*distance),
            // The start is in the local minute of `from`: local times before it are not after `from`.
            Schedule::Cron(cron) => Rest::Cron(cron, zone.to_datetime(from)),
            Schedule::At(local) => Rest::At(*local),
        };
        Instants { from, zone, rest }
    }

    /// Returns the instant of a local time, or `None` if there is none.
    fn instant(&self, local: DateTime) -> Option<Timestamp> {
        let offset = match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Fold { before, .. } => before,
            AmbiguousOffset::Gap { .. } => return None,
        };
        offset.to_timestamp(local).ok()
    }
}

impl Iterator for Instants<'_> {
    type Item = Timestamp;

    fn next(&mut self) -> Option<Timestamp> {
        match self.rest {
            Rest::None => None,
            Rest::Rate(distance) => {
                let next = self.from.checked_add(distance).ok();
                match next {
                    Some(next) => self.from = next,
                    None => self.rest = Rest::None,
                }
                next
            }
            Rest::At(local) => {
                self.rest = Rest::None;
                self.instant(local).filter(|instant| *instant > self.from)
            }
            // The loop ends: each turn is a later minute, and minutes without an instant after `from` are
            // in the minute of `from` or in an hour at which clocks are set.
            Rest::Cron(cron, mut local) => loop {
                let minute = cron.from(local);
                let after = minute.and_then(|minute| minute.checked_add(SignedDuration::from_secs(60)).ok());
                let (Some(minute), Some(after)) = (minute, after) else {
                    self.rest = Rest::None;
                    return None;
                };
                local = after;
                if let Some(instant) = self.instant(minute).filter(|instant| *instant > self.from) {
                    self.rest = Rest::Cron(cron, local);
                    return Some(instant);
                }
            },
        }
    }
}
