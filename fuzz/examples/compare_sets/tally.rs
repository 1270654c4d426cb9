//! The numbers of comparisons.

use std::collections::BTreeMap;
use std::fmt;

use crate::way::kernels;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rounds: u64,
    pub(crate) rules: u64,
    pub(crate) events: u64,
    /// The answers of a rule alone for an event, and the numbers of matches and errors among them.
    pub(crate) alone: u64,
    pub(crate) hits: u64,
    pub(crate) errors: u64,
    /// Pairs of a rule alone and an event that were compared with the oracle.
    pub(crate) by_oracle: u64,
    /// Answers of sets that reached the work limit.
    pub(crate) given_up: u64,
    /// Compared verdicts of rules in sets, by kernel, by parser, and by the way to build and to
    /// match.
    pub(crate) by_kernel: BTreeMap<String, u64>,
    pub(crate) by_parser: BTreeMap<String, u64>,
    pub(crate) by_way: BTreeMap<String, u64>,
    pub(crate) by_world: BTreeMap<String, u64>,
}

pub(crate) fn count(counts: &mut BTreeMap<String, u64>, name: &str, more: u64) {
    match counts.get_mut(name) {
        Some(count) => *count += more,
        None => drop(counts.insert(name.to_owned(), more)),
    }
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Tally) {
        for (mine, more) in [
            (&mut self.rounds, other.rounds),
            (&mut self.rules, other.rules),
            (&mut self.events, other.events),
            (&mut self.alone, other.alone),
            (&mut self.hits, other.hits),
            (&mut self.errors, other.errors),
            (&mut self.by_oracle, other.by_oracle),
            (&mut self.given_up, other.given_up),
        ] {
            *mine += more;
        }
        for (mine, more) in [
            (&mut self.by_kernel, &other.by_kernel),
            (&mut self.by_parser, &other.by_parser),
            (&mut self.by_way, &other.by_way),
            (&mut self.by_world, &other.by_world),
        ] {
            more.iter().for_each(|(name, more)| count(mine, name, *more));
        }
    }

    pub(crate) fn compared(&self) -> u64 {
        self.by_kernel.values().chain(self.by_parser.values()).sum()
    }

    /// Returns the kinds of comparison that a run has not made. A program without comparisons would
    /// find no fault.
    pub(crate) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        let counts = [
            ("rounds", self.rounds),
            ("hits", self.hits),
            ("errors", self.errors),
            ("answers of the oracle", self.by_oracle),
        ];
        missing.extend(counts.into_iter().filter(|(_, count)| *count == 0).map(|(name, _)| name.to_owned()));
        let kernels = kernels().into_iter().map(|kernel| format!("{kernel:?}"));
        missing.extend(kernels.filter(|kernel| self.by_kernel.get(kernel).is_none_or(|count| *count == 0)));
        if self.by_parser.values().all(|count| *count == 0) {
            missing.push("parsed events".to_owned());
        }
        missing
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { rounds, rules, events, alone, hits, errors, by_oracle, given_up, .. } = self;
        writeln!(f, "{rounds} rounds, {rules} rules, {events} events")?;
        writeln!(
            f,
            "{alone} answers of rules alone: {hits} hits, {errors} errors; {by_oracle} put to the oracle"
        )?;
        writeln!(f, "{} verdicts of sets compared; {given_up} answers given up", self.compared())?;
        for (title, counts) in [
            ("kernel", &self.by_kernel),
            ("parser", &self.by_parser),
            ("way", &self.by_way),
            ("rounds of world", &self.by_world),
        ] {
            let mut line = format!("by {title}:");
            for (name, count) in counts {
                line.push_str(&format!("  {name} {count}"));
            }
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
