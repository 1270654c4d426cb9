//! Counts matches, by rule and in total.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use crate::output::{Count, json_line, table, word};
use crate::pipeline::Answer;

/// The number of matching events of each rule.
pub(crate) struct Hits {
    by_rule: Vec<u64>,
    pub(crate) totals: Totals,
}

/// The rules that are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// True if rules without hits are left out.
    pub(crate) hide_zero: bool,
    /// The maximum number of rules.
    pub(crate) top: usize,
}

/// The minimum duration of a run whose rate is printed. The rate of a shorter run varies too much.
const RATED: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) events: u64,
    /// The number of events that matched at least one rule.
    pub(crate) matched: u64,
    /// The number of refused events.
    pub(crate) rejected: u64,
    /// The number of pairs of an event and a matching rule.
    pub(crate) matches: u64,
    pub(crate) elapsed: Duration,
}

impl Hits {
    pub(crate) fn new(rules: usize) -> Hits {
        Hits { by_rule: vec![0; rules], totals: Totals::default() }
    }

    /// Returns the number of events of each rule.
    pub(crate) fn by_rule(&self) -> &[u64] {
        &self.by_rule
    }

    pub(crate) fn add(&mut self, answer: &Answer<'_>) {
        self.totals.events += 1;
        match answer.rules {
            Ok(rules) => {
                self.totals.matched += u64::from(!rules.is_empty());
                self.totals.matches += rules.len() as u64;
                for rule in rules {
                    self.by_rule[rule.as_usize()] += 1;
                }
            }
            Err(_) => self.totals.rejected += 1,
        }
    }

    /// Returns the shown rules with their hits, in descending order of the hits. Rules with equal hits
    /// stay in the order of the files.
    pub(crate) fn sorted<'a>(&self, ids: &'a [String], shown: Shown) -> Vec<(u64, &'a str)> {
        let mut rows: Vec<_> = self.by_rule.iter().copied().zip(ids.iter().map(String::as_str)).collect();
        rows.retain(|&(hits, _)| hits > 0 || !shown.hide_zero);
        rows.sort_by_key(|&(hits, _)| std::cmp::Reverse(hits));
        rows.truncate(shown.top);
        rows
    }
}

/// Writes rules with their hits, and the totals, for people.
pub(crate) fn print_table(out: &mut dyn Write, hits: &[(u64, &str)], totals: &Totals) -> io::Result<()> {
    let rows: Vec<_> = hits.iter().map(|&(hits, id)| ([hits], word(id))).collect();
    table(out, ["hits"], &rows, "rule")?;
    writeln!(out, "\n{}", totals.line())
}

/// Writes rules with their hits, and the totals, as lines of JSON.
pub(crate) fn print_json(out: &mut dyn Write, hits: &[(u64, &str)], totals: &Totals) -> io::Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        rule: &'a str,
        hits: u64,
    }

    #[derive(Serialize)]
    struct Record {
        events: u64,
        matched: u64,
        rejected: u64,
        matches: u64,
        elapsed_seconds: f64,
        events_per_second: Option<f64>,
    }

    for &(hits, rule) in hits {
        json_line(out, &Row { rule, hits })?;
    }
    let &Totals { events, matched, rejected, matches, elapsed } = totals;
    let record = Record {
        events,
        matched,
        rejected,
        matches,
        elapsed_seconds: elapsed.as_secs_f64(),
        events_per_second: totals.rate(),
    };
    json_line(out, &record)
}

impl Totals {
    /// Returns the number of events per second, if the run has the minimum duration.
    fn rate(&self) -> Option<f64> {
        (self.elapsed >= RATED).then(|| self.events as f64 / self.elapsed.as_secs_f64())
    }

    pub(crate) fn line(&self) -> String {
        format!(
            "{}: {} matched, {} rejected; {} in {:.3} s{}",
            Count(self.events, "event", "events"),
            self.matched,
            self.rejected,
            Count(self.matches, "match", "matches"),
            self.elapsed.as_secs_f64(),
            self.rate().map(|rate| format!(" ({rate:.0} events/s)")).unwrap_or_default(),
        )
    }
}
