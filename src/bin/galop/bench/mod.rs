//! `galop bench`: measures the cost of a rule set on events.

mod cost;
mod events;
mod latency;
mod measure;
mod prefilter;
mod random;
mod report;
mod result;
mod rounds;
mod scale;
mod units;
mod verdict;
mod yardstick;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use galop::{BuildError, EventLimits, MatcherBuilder};

use crate::event_file::EVENT_LIMIT;
use crate::json_value::{self, foreign_fault};
use crate::output::{Format, Report, complain, json_line, note};
use crate::pattern_options::{PatternOptions, rule_files};
use crate::pipeline::threads;
use crate::rule_entry::Fault;
use crate::rules::{self, Rules};
use crate::source::Source;
use crate::unwrap::wrappers;
use crate::whole_file;
use crate::{Ending, Failure};

use events::Workload;
use measure::{Compiled, Effort, Speed};
use prefilter::Prefiltered;
use result::{BenchResult, Comparison};
use rounds::round;
use verdict::{Difference, Verdict};
use yardstick::Yardstick;

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop bench -r rules.jsonl events.ndjson.gz
  galop bench -r rules/ --scale 10,100,1000,10000 --costs events/
  galop bench -r rules/ --scale 10,100,1000,10000 --costs --report report.html events/
  galop bench -r rules.jsonl --save before.json events.ndjson
  galop bench -r changed.jsonl --compare before.json events.ndjson
  galop bench -r changed.jsonl --against rules.jsonl events.ndjson
  galop bench -r rules/ --unwrap AWSLogs/

",
    rule_files!(),
    "

",
    wrappers!(),
    "

Events stay in memory; reading of files is not measured. Refused events are left out and counted. A round \
on one thread adds the first quartiles of the times of parts of the events, so interruptions by other programs \
do not count. Each figure is the median of the rounds, and the spread is the difference between the quartiles. \
The kinds of rounds alternate, because the speed of a machine changes with time. Latency includes one reading of \
the clock.

--compare divides the times of both runs by the times of other rules, which are made from the events and \
measured in turn. --against measures both rule sets in turn, and is more exact. The range of the ratio contains the noise \
of the rounds and of the layout of code and memory; a difference is reported if 1 is outside the range. \
Differences of less than 5 % can be missed.

With --trusted, the rounds match every event. If `match` and `filter` would search the events for \
literals of the rules first, this is measured as well.

--costs leaves rules and fields out, and counts the steps of the matcher that this saves. The costs do not add \
up to the whole, because rules share work. The search takes up to 40 seconds.

--report writes one page that needs no other file, no network and no script. The sections of --scale, --costs \
and of a comparison have figures if these are measured.

Exit codes: 0 measured, 1 slower than the other rules or run, 2 trouble."
);

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// File or directory of rules; may be repeated
    #[arg(short, long, required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Files of events, directories of them, or - for standard input, which is also the default
    #[arg(value_name = "EVENTS")]
    pub(crate) events: Vec<PathBuf>,
    /// Measure these rules in turn with the others, and compare
    #[arg(long, value_name = "RULES", conflicts_with = "compare")]
    pub(crate) against: Vec<PathBuf>,
    /// Write the result to a file for --compare
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Compare with a saved result
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
    /// Write a page of HTML with plots of all figures
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Measure also samples of the rules, of these sizes; a greater number is the whole set
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub(crate) scale: Vec<usize>,
    /// Find the rules and the fields that cost the most
    #[arg(long)]
    pub(crate) costs: bool,
    /// Number of rounds
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(3..=1000))]
    pub(crate) rounds: u16,
    /// Seconds of all rounds of one kind
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0, value_parser = seconds)]
    pub(crate) seconds: f64,
    /// Seconds of matching before the first round
    #[arg(long, value_name = "SECONDS", default_value_t = 0.5, value_parser = seconds)]
    pub(crate) warm_up: f64,
    /// Number of matching threads; default: one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Take the records of wrappers such as {"Records":[…]} as events
    #[arg(long)]
    pub(crate) unwrap: bool,
    /// Decide only whether an event matches any rule
    #[arg(long)]
    pub(crate) any: bool,
    /// Use at most this many MiB of events
    #[arg(long, value_name = "MIB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub(crate) memory: u32,
    /// Assume that events are valid JSON, and skip checks of values on paths that no rule names
    #[arg(long)]
    pub(crate) trusted: bool,
    /// Assume that the names in every object are distinct and have no dots
    #[arg(long)]
    pub(crate) distinct_names: bool,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Reads a number of seconds up to an hour.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.01..=3600.0).contains(seconds));
    seconds.ok_or_else(|| "expected a number of seconds from 0.01 to 3600".to_owned())
}

/// The longest search for the costliest rules, and for the costliest fields.
const COST_TIME: Duration = Duration::from_secs(20);

/// The maximum size of a saved result in bytes.
const RESULT_LIMIT: u64 = 1 << 26;

pub(crate) fn run(args: &BenchArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let before = args.compare.as_deref().map(read_result).transpose()?;
    let rules = read_rules(&args.rules, &args.patterns)?;
    let other = match &args.against[..] {
        [] => None,
        paths => Some(read_rules(paths, &args.patterns)?),
    };
    let builder = builder(args);
    let compiled = compile(&builder, &rules)?;
    let limit = (args.memory as usize) << 20;
    let workload = Workload::read(&args.events, (limit, args.unwrap), &compiled.matcher)?;
    let jobs = threads(args.jobs);
    let effort = Effort {
        warm_up: Duration::from_secs_f64(args.warm_up),
        rounds: args.rounds.into(),
        round: Duration::from_secs_f64(args.seconds / f64::from(args.rounds)),
        jobs,
        any: args.any,
    };
    let yardstick_rules = before.as_ref().map_or(compiled.size.rules, |before| before.speed.yardstick_rules);
    let mut yardstick =
        Yardstick::new(yardstick_rules, &workload).map_err(|error| Failure::Input(error.to_string()))?;
    let against = match &other {
        None => None,
        Some(other) => Some(against(&compiled, &compile(&builder, other)?, &workload, &effort)),
    };
    let fault = |error: BuildError| Failure::Input(error.to_string());
    let result = BenchResult {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kernel: format!("{:?}", compiled.matcher.kernel()).to_lowercase(),
        speed: Speed::measure(&compiled, &workload, &mut yardstick, &effort),
        events: workload.len(),
        event_bytes: workload.bytes(),
        refused: workload.refused,
        prefilter: if args.trusted {
            let set = (&rules.set, args.distinct_names);
            Prefiltered::measure(&builder, set, &workload, &effort).map_err(fault)?
        } else {
            None
        },
        scale: scale::measure(&builder, &rules.set, &args.scale, &workload, &effort).map_err(fault)?,
        costs: if args.costs {
            Some(cost::find(&builder, &rules, &workload, COST_TIME).map_err(fault)?)
        } else {
            None
        },
        size: compiled.size,
    };
    if let Some(before) = before.as_ref().filter(|before| !result.has_events_of(before)) {
        complain(format_args!(
            "the saved result is of other events ({} of {} bytes): the comparison says nothing about the rules",
            before.events, before.event_bytes
        ));
    }
    let compared = against.or_else(|| before.map(|before| Comparison::of_runs(&result, &before)));
    match args.format {
        Format::Human => result.print(out, compared.as_ref())?,
        Format::Json => json_line(out, &result.record(compared.as_ref()))?,
    }
    out.flush()?;
    if let Some(path) = &args.save {
        let text = serde_json::to_vec(&result).map_err(std::io::Error::from)?;
        whole_file::write(path, &text)?;
    }
    if let Some(path) = &args.report {
        whole_file::write(path, report::page(&result, compared.as_ref(), args).as_bytes())?;
    }
    let is_slower = compared.is_some_and(|compared| compared.time.verdict == Difference::Slower);
    Ok(if is_slower { Ending::No } else { Ending::Yes })
}

fn read_rules(paths: &[PathBuf], patterns: &PatternOptions) -> Result<Rules, Failure> {
    let rules = rules::read(paths, patterns)?;
    rules.refusals.iter().chain(&rules.remarks).for_each(note);
    if rules.unreadable > 0 || rules.refused > 0 {
        return Err(Failure::Input("some rules are refused or cannot be read".to_owned()));
    }
    if rules.accepted.is_empty() {
        return Err(Failure::Input("there is no rule to measure".to_owned()));
    }
    Ok(rules)
}

fn builder(args: &BenchArgs) -> MatcherBuilder {
    let mut builder = args.patterns.builder();
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    builder.event_limits(limits).trusted(args.trusted).distinct_names(args.distinct_names);
    builder
}

fn compile(builder: &MatcherBuilder, rules: &Rules) -> Result<Compiled, Failure> {
    Compiled::new(builder, &rules.set).map_err(|error| rules.build_failure(&error))
}

/// Measures two rule sets in turn.
fn against(this: &Compiled, other: &Compiled, workload: &Workload, effort: &Effort) -> Comparison {
    let mut scratch = galop::Scratch::new();
    let mut seconds = [Vec::new(), Vec::new()];
    let mut steps = [0, 0];
    for (compiled, steps) in [this, other].into_iter().zip(&mut steps) {
        for event in workload.iter() {
            let _ = compiled.matcher.matches(&mut scratch, event);
            *steps += scratch.steps();
        }
    }
    for at in 0..effort.rounds + 1 {
        for (compiled, seconds) in [this, other].into_iter().zip(&mut seconds) {
            let one = |event: &[u8]| measure::decide(&compiled.matcher, &mut scratch, event, effort.any);
            let time = round(effort.round, workload, one);
            // The first round warms up.
            if at > 0 {
                seconds.push(time);
            }
        }
    }
    Comparison {
        time: Verdict::of_pairs(&seconds[0], &seconds[1]),
        steps: steps[0] as f64 / (steps[1] as f64).max(1.0),
        bytes: this.size.bytes as f64 / other.size.bytes as f64,
        compile: this.size.compile_seconds / other.size.compile_seconds,
    }
}

fn read_result(path: &Path) -> Result<BenchResult, Failure> {
    let file = path.to_string_lossy();
    let text = Source::of_file(path).read(RESULT_LIMIT);
    let text = text.map_err(|report| Failure::Report(report.text(&file)))?;
    let help = || Some("`galop bench --save FILE` writes a result".to_owned());
    let result: BenchResult = json_value::read(&text, 1, NOT_A_RESULT).map_err(|fault| {
        let help = fault.help.or_else(help);
        json_value::failure(foreign_fault(&text).unwrap_or(Fault { help, ..fault }), &file)
    })?;
    if !result.is_measured() {
        let message = "the figures are not those of a measurement".to_owned();
        let report = Report { line: Some(1), code: NOT_A_RESULT, message, help: help() };
        return Err(Failure::Report(report.text(&file)));
    }
    Ok(result)
}

/// The code of a file that is not the result of a benchmark.
const NOT_A_RESULT: &str = "not-a-result";
