//! The commands. The arguments of a command are in its own file.

use clap::{Parser, Subcommand};

use crate::bench::{self, BenchArgs};
use crate::check::{self, CheckArgs};
use crate::color::Color;
use crate::conform::{self, ConformArgs};
use crate::coverage::{self, CoverageArgs};
use crate::explain::{self, ExplainArgs};
use crate::filter::{self, FilterArgs};
use crate::fmt::{self, FmtArgs};
use crate::gen_events::{self, GenArgs};
use crate::man::{self, ManArgs};
use crate::match_events::{self, MatchArgs};
use crate::replay::{self, ReplayArgs};
use crate::schedule_next::{self, ScheduleArgs};
use crate::schema::{self, SchemaArgs};
use crate::stats::{self, StatsArgs};
use crate::test_pattern::{self, TestPatternArgs};
use crate::test_rules::{self, TestArgs};
use crate::transform_events::{self, TransformArgs};

/// Matches JSON events against Amazon EventBridge event patterns.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Colours in reports
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  yes: all rules accepted (check), an event matched (match, replay) or was written (filter), the
     rules match (explain), every rule matched an event (explain --silent, coverage), no slower
     (bench --against, --compare), two rule sets route alike (replay --against), no layout differs
     (fmt --check), all cases agree (conform), all tests pass (test), every rule has an event that
     matches (gen), there is an instant (schedule); the output of any other command is written
  1  no
  2  trouble: wrong usage, or input that cannot be read or is refused
  130  ended by Ctrl-C";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check rules: report every error and warning with its place
    #[command(after_help = check::HELP)]
    Check(CheckArgs),
    /// Match events: print the rules that each event matches
    #[command(after_help = match_events::HELP)]
    Match(MatchArgs),
    /// Measure the cost of rules on events: speed, latency, memory, compile time
    #[command(after_help = bench::HELP)]
    Bench(BenchArgs),
    /// Explain why an event matches rules or not, or why rules match no event of an archive
    #[command(after_help = explain::HELP)]
    Explain(ExplainArgs),
    /// Show the rules, fields and alternatives that events reach
    #[command(after_help = coverage::HELP)]
    Coverage(CoverageArgs),
    /// Write the events that match, unchanged
    #[command(after_help = filter::HELP)]
    Filter(FilterArgs),
    /// Replay an archive through rules, or compare the routes of its events under two sets
    #[command(after_help = replay::HELP)]
    Replay(ReplayArgs),
    /// Count the parts of a rule set, and the size of its compiled form
    #[command(after_help = stats::HELP)]
    Stats(StatsArgs),
    /// Match one event against one pattern, like `aws events test-event-pattern`
    #[command(after_help = test_pattern::HELP)]
    TestPattern(TestPatternArgs),
    /// Print a JSON Schema of the pattern language, for editors
    #[command(after_help = schema::HELP)]
    Schema(SchemaArgs),
    /// Print the next instants of a schedule, as EventBridge and its Scheduler write it
    #[command(after_help = schedule_next::HELP)]
    Schedule(ScheduleArgs),
    /// Write rule files in the canonical layout
    #[command(after_help = fmt::HELP)]
    Fmt(FmtArgs),
    /// Run conformance cases, or compare the verdicts of another program with them
    #[command(after_help = conform::HELP)]
    Conform(ConformArgs),
    /// Run unit tests of rules: events with the rules that they must match
    #[command(after_help = test_rules::HELP)]
    Test(TestArgs),
    /// Generate events that just match and events that just miss, for each rule
    #[command(after_help = gen_events::HELP)]
    Gen(GenArgs),
    /// Print what a target gets for events, by the input transformer of EventBridge
    #[command(after_help = transform_events::HELP)]
    Transform(TransformArgs),
    /// Print the completion script of a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print or write the manual pages
    #[command(after_help = man::HELP)]
    Man(ManArgs),
}

const COMPLETIONS_HELP: &str = "\
Examples:
  galop completions bash > ~/.local/share/bash-completion/completions/galop
  galop completions fish > ~/.config/fish/completions/galop.fish";
