//! The report of a replay: counts, the first events of each rule, and their printed forms.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use galop::RuleId;
use serde::Serialize;

use crate::archive::Place;
use crate::hits::Hits;
use crate::output::{Count, json_line, table, word};
use crate::pipeline::{Answer, Batch};

use super::ReplayArgs;
use super::route::{Fate, Finding, Ids, Route, Rule, Sets, Skip};

/// The findings of a replay.
pub(super) struct Report<'a> {
    args: &'a ReplayArgs,
    rules: Vec<Rule>,
    ids: Ids,
    /// The first events that a rule gains or loses.
    places: HashMap<RuleId, Vec<Seen>>,
    /// The number of events of each finding.
    counts: Vec<u64>,
    /// The reasons that were noted already.
    noted: [bool; Skip::ALL.len()],
    pub(super) totals: Totals,
}

/// An event of the archive.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    place: Place,
    /// The number of the event in its file.
    number: u64,
}

/// The numbers of events.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    events: u64,
    replayed: u64,
    /// Indexed by [`Skip`].
    pub(super) skipped: [u64; Skip::ALL.len()],
    rejected: u64,
    /// The events that matched a rule of either set.
    pub(super) matched: u64,
    /// The pairs of an event and a matching rule, without `--against`.
    matches: u64,
    /// The events that a rule gains or loses.
    pub(super) changed: u64,
}

/// The counts of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) rule: &'r Rule,
    index: usize,
    pub(super) gained: u64,
    pub(super) lost: u64,
    pub(super) kept: u64,
}

impl<'a> Report<'a> {
    pub(super) fn new(args: &'a ReplayArgs, rules: Vec<Rule>, ids: Ids) -> Report<'a> {
        let (places, counts, noted, totals) = Default::default();
        Report { args, rules, ids, places, counts, noted, totals }
    }

    /// Adds an event. Returns a message if it is the first that is left out for a reason that the
    /// user may not expect.
    pub(super) fn add(&mut self, batch: &Batch, answer: &Answer<'_>, route: &Route) -> Option<String> {
        self.totals.events += 1;
        let Ok(ids) = answer.rules else {
            self.totals.rejected += 1;
            return None;
        };
        let mut is_changed = false;
        for &id in ids {
            match self.ids.finding(id) {
                Finding::Skip(skip) => {
                    self.totals.skipped[skip as usize] += 1;
                    let is_first = !std::mem::replace(&mut self.noted[skip as usize], true);
                    return is_first.then(|| remark(skip, batch, answer, route)).flatten();
                }
                Finding::Rule(_, Fate::Kept) => {}
                Finding::Rule(_, Fate::Gained | Fate::Lost) => {
                    is_changed = true;
                    let places = self.places.entry(id).or_default();
                    if places.len() < usize::from(self.args.places) {
                        let place = Place { file: Arc::clone(&batch.label), event: answer.place };
                        places.push(Seen { place, number: answer.number });
                    }
                }
            }
        }
        self.totals.replayed += 1;
        self.totals.matched += u64::from(!ids.is_empty());
        self.totals.matches += ids.len() as u64;
        self.totals.changed += u64::from(is_changed);
        None
    }

    /// Takes the counts of the stream.
    pub(super) fn count(&mut self, hits: &Hits) {
        self.counts = hits.by_rule().to_vec();
    }

    pub(super) fn is_comparison(&self) -> bool {
        !self.args.against.is_empty()
    }

    /// Returns the rules of the report. With two sets they are those that gain or lose events, most
    /// first, otherwise all, with the most events first.
    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let mut rows: Vec<Row<'_>> = self.all_rows().collect();
        if self.is_comparison() {
            rows.retain(|row| row.gained + row.lost > 0);
            rows.sort_by_key(|row| std::cmp::Reverse(row.gained + row.lost));
        } else {
            rows.sort_by_key(|row| std::cmp::Reverse(row.kept));
        }
        rows
    }

    fn all_rows(&self) -> impl Iterator<Item = Row<'_>> {
        let count = |index, fate| self.counts[self.ids.rule(index, fate).as_usize()];
        self.rules.iter().enumerate().map(move |(index, rule)| Row {
            rule,
            index,
            gained: count(index, Fate::Gained),
            lost: count(index, Fate::Lost),
            kept: count(index, Fate::Kept),
        })
    }

    /// Returns the ids of the rules that only one set has.
    pub(super) fn only(&self, sets: Sets) -> Vec<&str> {
        let rules = self.rules.iter().filter(|rule| rule.sets == sets);
        rules.map(|rule| rule.id.as_str()).collect()
    }

    pub(super) fn top(&self) -> usize {
        self.args.top.unwrap_or(usize::MAX)
    }

    /// Returns the first events of a rule.
    fn seen(&self, row: &Row<'_>, fate: Fate) -> &[Seen] {
        self.places.get(&self.ids.rule(row.index, fate)).map_or(&[], Vec::as_slice)
    }

    /// Returns the gains and the losses of a rule, each with its first events and the number of others.
    pub(super) fn changes(&self, row: &Row<'_>) -> impl Iterator<Item = (&'static str, Vec<String>, u64)> {
        let changes = [("gained", Fate::Gained, row.gained), ("lost", Fate::Lost, row.lost)];
        let changes = changes.map(|(verb, fate, count)| {
            let seen = self.seen(row, fate);
            let places = seen.iter().map(|seen| format!("{}:{}", seen.place.file, seen.place.event));
            (verb, places.collect::<Vec<_>>(), count - seen.len() as u64)
        });
        changes.into_iter().filter(|(_, places, _)| !places.is_empty())
    }

    /// Writes the report for people.
    pub(super) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.is_comparison() { self.print_changes(out) } else { self.print_hits(out) }
    }

    fn print_hits(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows: Vec<_> =
            self.rows().iter().take(self.top()).map(|row| ([row.kept], word(&row.rule.id))).collect();
        table(out, ["hits"], &rows, "rule")?;
        writeln!(out, "\n{}", self.summary())
    }

    fn print_changes(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows();
        let shown = &rows[..rows.len().min(self.top())];
        let lines: Vec<_> =
            shown.iter().map(|row| ([row.gained, row.lost, row.kept], word(&row.rule.id))).collect();
        if !rows.is_empty() {
            table(out, ["gained", "lost", "kept"], &lines, "rule")?;
            if rows.len() > shown.len() {
                writeln!(out, "and {} more", rows.len() - shown.len())?;
            }
            writeln!(out)?;
        }
        let mut has_places = false;
        for row in shown {
            for (verb, places, more) in self.changes(row) {
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(out, "{} {verb} {}{more}", word(&row.rule.id), places.join(" "))?;
                has_places = true;
            }
        }
        if has_places {
            writeln!(out)?;
        }
        for (option, sets) in [("--rules", Sets::Rules), ("--against", Sets::Against)] {
            let only = self.only(sets);
            if !only.is_empty() {
                let ids: Vec<String> = only.iter().take(self.top()).map(|id| word(id)).collect();
                let more = only.len() - ids.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(out, "only in {option}: {}{more}", ids.join(" "))?;
            }
        }
        writeln!(out, "{}", self.summary())
    }

    /// Returns the numbers of events in one line.
    pub(super) fn summary(&self) -> String {
        let Totals { events, replayed, skipped, rejected, matched, matches, changed } = &self.totals;
        let mut line = format!("{}: {replayed} replayed", Count(*events, "event", "events"));
        for (skip, text) in [
            (Skip::OutsideWindow, "outside the window"),
            (Skip::WithoutTime, "without `time`"),
            (Skip::UnreadableTime, "with an unreadable `time`"),
            (Skip::OutsidePattern, "not of the pattern"),
            (Skip::RefusedByOne, "refused by one of the sets"),
        ] {
            let is_asked = match skip {
                Skip::OutsideWindow => self.args.from.is_some() || self.args.to.is_some(),
                Skip::OutsidePattern => self.args.pattern.is_some(),
                Skip::WithoutTime | Skip::UnreadableTime | Skip::RefusedByOne => false,
            };
            let count = skipped[skip as usize];
            if is_asked || count > 0 {
                line += &format!(", {count} {text}");
            }
        }
        line += &format!(", {rejected} rejected; {matched} matched, ");
        if self.is_comparison() {
            line += &format!("{changed} routed otherwise");
        } else {
            line += &Count(*matches, "match", "matches").to_string();
        }
        line
    }

    /// Writes the report as lines of JSON.
    pub(super) fn print_json(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct HitsRecord<'a> {
            rule: &'a str,
            hits: u64,
        }

        #[derive(Serialize)]
        struct ChangeRecord<'a> {
            rule: &'a str,
            sets: &'static str,
            gained: u64,
            lost: u64,
            kept: u64,
            gained_places: Vec<PlaceRecord<'a>>,
            lost_places: Vec<PlaceRecord<'a>>,
        }

        if self.is_comparison() {
            let mut rows = self.rows();
            let unchanged = |row: &Row<'_>| row.gained + row.lost == 0 && row.rule.sets != Sets::Both;
            rows.extend(self.all_rows().filter(unchanged));
            for row in rows.iter().take(self.top()) {
                let places = |fate| self.seen(row, fate).iter().map(PlaceRecord::new).collect();
                let record = ChangeRecord {
                    rule: &row.rule.id,
                    sets: match row.rule.sets {
                        Sets::Both => "both",
                        Sets::Rules => "rules",
                        Sets::Against => "against",
                    },
                    gained: row.gained,
                    lost: row.lost,
                    kept: row.kept,
                    gained_places: places(Fate::Gained),
                    lost_places: places(Fate::Lost),
                };
                json_line(out, &record)?;
            }
        } else {
            for row in self.rows().iter().take(self.top()) {
                json_line(out, &HitsRecord { rule: &row.rule.id, hits: row.kept })?;
            }
        }
        json_line(out, &self.totals_record())
    }

    fn totals_record(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Record {
            events: u64,
            replayed: u64,
            outside_window: u64,
            without_time: u64,
            unreadable_time: u64,
            outside_pattern: u64,
            refused_by_one: u64,
            rejected: u64,
            matched: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            matches: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            changed: Option<u64>,
        }

        let Totals { events, replayed, skipped, rejected, matched, matches, changed } = self.totals;
        let [outside_window, without_time, unreadable_time, outside_pattern, refused_by_one] = skipped;
        Record {
            events,
            replayed,
            outside_window,
            without_time,
            unreadable_time,
            outside_pattern,
            refused_by_one,
            rejected,
            matched,
            matches: (!self.is_comparison()).then_some(matches),
            changed: self.is_comparison().then_some(changed),
        }
    }
}

/// An event for programs.
#[derive(Serialize)]
struct PlaceRecord<'a> {
    file: &'a str,
    line: u64,
    event: u64,
    offset: u64,
}

impl PlaceRecord<'_> {
    fn new(seen: &Seen) -> PlaceRecord<'_> {
        let Seen { place: Place { file, event }, number } = seen;
        PlaceRecord { file, line: event.line, event: *number, offset: event.offset }
    }
}

/// Returns the message about the first event that is left out for a reason.
fn remark(skip: Skip, batch: &Batch, answer: &Answer<'_>, route: &Route) -> Option<String> {
    let reason = match skip {
        Skip::OutsideWindow | Skip::OutsidePattern => return None,
        Skip::WithoutTime => "event left out: it has no `time`".to_owned(),
        Skip::UnreadableTime => "event left out: its `time` is not one time of RFC 3339".to_owned(),
        Skip::RefusedByOne => match route.refusal(answer.event) {
            Some((set, error)) => {
                format!("event refused[{}] with {set} only: {}", error.code(), error.kind())
            }
            None => "event refused by one of the sets".to_owned(),
        },
    };
    Some(format!("{}:{}: {reason}; further events of this kind are counted", batch.label, answer.place))
}
