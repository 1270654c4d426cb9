//! `galop stats`: the parts of a rule set, and the size of the compiled set.

mod count;
mod print;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::output::{Format, json_line};
use crate::pattern_options::{PatternOptions, rule_files};
use crate::stream::accept;
use crate::{Ending, Failure, rules};

use count::{Compiled, Stats};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop stats rules.jsonl
  galop stats --top 20 rules/
  aws events list-rules | galop stats -
  galop stats --format json rules/ | jq '.operators[] | select(.name == \"wildcard\")'

",
    rule_files!(),
    "

An alternative is a value or an operator in the list of a field. Alternatives count as they are written. \
A predicate is an alternative on a path; it is shared if several rules have it. Branches, paths and lists are \
those of the compiled set, where $or is expanded only if the set needs it. Bytes are those of the compiled \
set, which rules share.

JSON output is one object.

Exit codes: 0 the numbers are printed, 2 trouble: no rule, or rules that are refused unless there is \
--skip-bad-rules."
);

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Print at most N shared predicates, N equal patterns and N event buses for people
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) top: usize,
    /// Go on without the rules that are refused
    #[arg(long)]
    pub(crate) skip_bad_rules: bool,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &StatsArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let rules = rules::read(&args.rules, &args.patterns)?;
    accept(&rules, args.skip_bad_rules, false)?;
    let matcher = args.patterns.builder().build(&rules.set).map_err(|error| rules.build_failure(&error))?;
    let compiled = Compiled::of(&matcher);
    let stats = Stats::of(&rules, compiled);
    match args.format {
        Format::Human => print::human(&stats, args.top, out)?,
        Format::Json => json_line(out, &stats)?,
    }
    Ok(Ending::Yes)
}
