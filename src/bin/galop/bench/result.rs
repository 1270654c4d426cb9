//! The result of a benchmark: printed, saved, and compared.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::output::word;

use super::cost::{Costs, Share};
use super::measure::{Size, Speed};
use super::rounds::Rounds;
use super::scale::Point;
use super::units::{grouped, size, time};
use super::verdict::{Difference, Verdict};

/// All figures of one run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct BenchResult {
    pub(super) version: String,
    pub(super) kernel: String,
    pub(super) size: Size,
    pub(super) events: usize,
    pub(super) event_bytes: usize,
    pub(super) refused: u64,
    pub(super) speed: Speed,
    pub(super) scale: Vec<Point>,
    pub(super) costs: Option<Costs>,
}

/// The figures of this run divided by the figures of another run or rule set.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Comparison {
    pub(super) time: Verdict,
    pub(super) steps: f64,
    pub(super) bytes: f64,
    pub(super) compile: f64,
}

impl Comparison {
    pub(super) fn of_runs(this: &BenchResult, before: &BenchResult) -> Comparison {
        Comparison {
            time: Verdict::of_runs(&this.speed, &before.speed),
            steps: this.speed.steps / before.speed.steps.max(f64::MIN_POSITIVE),
            bytes: this.size.bytes as f64 / before.size.bytes as f64,
            compile: this.size.compile_seconds / before.size.compile_seconds,
        }
    }
}

/// The JSON form: the saved figures, with the figures that are computed from them.
#[derive(Serialize)]
pub(super) struct Record<'a> {
    #[serde(flatten)]
    result: &'a BenchResult,
    events_per_second: f64,
    events_per_second_all_threads: f64,
    megabytes_per_second: f64,
    spread: f64,
    reading_share: f64,
    bytes_per_rule: f64,
    comparison: Option<&'a Comparison>,
}

impl BenchResult {
    /// Returns true if the result has the figures of a measurement, which a file can lack.
    pub(super) fn is_measured(&self) -> bool {
        let is_time = |seconds: &f64| seconds.is_finite() && *seconds > 0.0;
        let Speed { one_thread, yardstick, .. } = &self.speed;
        let rounds = [one_thread, yardstick].map(|rounds| &rounds.0);
        rounds.iter().all(|times| !times.is_empty() && times.iter().all(is_time))
            && rounds[0].len() == rounds[1].len()
            && is_time(&self.size.compile_seconds)
            && self.size.bytes > 0
    }

    /// Returns true if both results are of as many events with as many bytes.
    pub(super) fn has_events_of(&self, other: &BenchResult) -> bool {
        (self.events, self.event_bytes) == (other.events, other.event_bytes)
    }

    pub(super) fn record<'a>(&'a self, comparison: Option<&'a Comparison>) -> Record<'a> {
        Record {
            result: self,
            events_per_second: self.speed.one_thread.events_per_second(),
            events_per_second_all_threads: self.speed.all_threads.events_per_second(),
            megabytes_per_second: self.megabytes_per_second(&self.speed.one_thread),
            spread: self.speed.one_thread.spread(),
            reading_share: self.speed.reading_share(),
            bytes_per_rule: self.size.bytes as f64 / self.size.rules as f64,
            comparison,
        }
    }

    pub(super) fn megabytes_per_second(&self, rounds: &Rounds) -> f64 {
        self.event_bytes as f64 / self.events as f64 * rounds.events_per_second() / 1e6
    }

    pub(super) fn print(&self, out: &mut dyn Write, compared: Option<&Comparison>) -> io::Result<()> {
        let Size { rules, branches, paths, field_tests, compile_seconds, bytes, .. } = &self.size;
        let speed = &self.speed;
        writeln!(
            out,
            "rules    {}; {} branches, {} paths, {} lists of alternatives",
            grouped(*rules),
            grouped(*branches),
            grouped(*paths),
            grouped(*field_tests)
        )?;
        let per_second = *rules as f64 / compile_seconds;
        writeln!(out, "compile  {} ({} rules/s)", time(*compile_seconds), grouped(per_second as usize))?;
        writeln!(
            out,
            "memory   {}, {} a rule; {} a scratch",
            size(*bytes),
            size(bytes / rules),
            size(speed.scratch_bytes)
        )?;
        let refused = if self.refused > 0 { format!("; {} refused", self.refused) } else { String::new() };
        writeln!(
            out,
            "events   {}, {}, {} each; {} match, {:.2} rules an event{refused}",
            grouped(self.events),
            size(self.event_bytes),
            size(self.event_bytes / self.events),
            grouped(speed.matched_events),
            speed.matches
        )?;
        writeln!(out, "\n{:<14}{:>12}{:>9}{:>12}{:>9}", "", "events/s", "MB/s", "time", "spread")?;
        self.print_rounds(out, "one thread", &speed.one_thread)?;
        if speed.jobs > 1 {
            self.print_rounds(out, &format!("{} threads", speed.jobs), &speed.all_threads)?;
        }
        let reading = speed.reading_share();
        writeln!(
            out,
            "reading {:.0} %, deciding {:.0} % of the time; {:.0} steps an event; kernel {}",
            reading * 100.0,
            (1.0 - reading) * 100.0,
            speed.steps,
            self.kernel
        )?;
        let nanoseconds = |value: u32| time(f64::from(value) / 1e9);
        let latency = &speed.latency;
        writeln!(
            out,
            "latency  p50 {}, p90 {}, p99 {}, p99.9 {}, max {} (clock {})",
            nanoseconds(latency.p50),
            nanoseconds(latency.p90),
            nanoseconds(latency.p99),
            nanoseconds(latency.p999),
            nanoseconds(latency.max),
            nanoseconds(latency.clock)
        )?;
        self.print_scale(out)?;
        if let Some(costs) = &self.costs {
            print_costs(out, costs)?;
        }
        compared.map_or(Ok(()), |compared| print_comparison(out, compared))
    }

    fn print_rounds(&self, out: &mut dyn Write, title: &str, rounds: &Rounds) -> io::Result<()> {
        writeln!(
            out,
            "{title:<14}{:>12}{:>9.0}{:>12}{:>7.1} %",
            grouped(rounds.events_per_second() as usize),
            self.megabytes_per_second(rounds),
            time(rounds.median()),
            rounds.spread() * 100.0
        )
    }

    fn print_scale(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(first) = self.scale.first() else { return Ok(()) };
        writeln!(
            out,
            "\n{:>10}{:>12}{:>12}{:>9}{:>12}{:>12}",
            "rules", "events/s", "time", "ratio", "compile", "memory"
        )?;
        for Point { size: sample, one_thread } in &self.scale {
            writeln!(
                out,
                "{:>10}{:>12}{:>12}{:>9.2}{:>12}{:>12}",
                grouped(sample.rules),
                grouped(one_thread.events_per_second() as usize),
                time(one_thread.median()),
                one_thread.median() / first.one_thread.median(),
                time(sample.compile_seconds),
                size(sample.bytes)
            )?;
        }
        Ok(())
    }
}

fn print_costs(out: &mut dyn Write, costs: &Costs) -> io::Result<()> {
    for (title, shares) in [("rule", &costs.rules), ("field", &costs.fields)] {
        writeln!(out, "\n{:>9}{:>9}  {title}", "steps", "share")?;
        for Share { name, steps, share } in shares {
            writeln!(out, "{steps:>9.1}{:>7.1} %  {}", share * 100.0, word(name))?;
        }
    }
    if !costs.is_complete {
        writeln!(out, "the search ended with its time; other rules or fields may cost more")?;
    }
    Ok(())
}

fn print_comparison(out: &mut dyn Write, compared: &Comparison) -> io::Result<()> {
    let Verdict { ratio, low, high, verdict } = compared.time;
    let verdict = match verdict {
        Difference::Faster => "faster",
        Difference::Slower => "slower",
        Difference::None => "no difference beyond the noise",
    };
    writeln!(out, "\ncompared: {verdict}; time x{ratio:.3} ({low:.3} to {high:.3})")?;
    let Comparison { steps, bytes, compile, .. } = compared;
    writeln!(out, "          steps x{steps:.3}, memory x{bytes:.3}, compile time x{compile:.2}")
}
