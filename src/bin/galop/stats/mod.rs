//! `galop stats`: the parts of a rule set, and the size of the compiled set.

mod count;
mod drawing;
mod print;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::output::{Format, json_line};
use crate::pattern_options::{PatternOptions, rule_files};
use crate::stream::{accept, select};
use crate::{Ending, Failure, rules};

use count::{Compiled, Stats};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop stats rules.jsonl
  galop stats --top 20 rules/
  galop stats --graph rules.svg rules.jsonl
  aws events list-rules | galop stats -
  galop stats --format json rules/ | jq '.operators[] | select(.name == \"wildcard\")'

",
    rule_files!(),
    "

An alternative is a value or an operator in the list of a field. Alternatives count as they are written. \
A predicate is an alternative on a path; it is shared if several rules have it. Branches, paths and lists are \
those of the compiled set, where $or is expanded only if the set needs it. Bytes are those of the compiled \
set, which rules share.

--graph draws the decision tree of the compiled set: the paths that are looked up, the values and tests that \
lead on, and the rules with the tests that are left. The file is one SVG without scripts, for light and dark \
pages; browsers show the whole of a shortened text under the pointer. A drawing of more than 300 boxes is refused. A set of at most 64 branches is one group, because that is faster; --switches shows the tree \
that a larger set would have.

JSON output is one object.

Exit codes: 0 the numbers are printed, 2 trouble: no rule, rules that are refused unless there is \
--skip-bad-rules, or a drawing that is too large or cannot be written."
);

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Print at most N shared predicates, N equal patterns and N event buses for people
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) top: usize,
    /// Count only the rule with this id; repeatable
    #[arg(long = "rule", value_name = "ID")]
    pub(crate) only: Vec<String>,
    /// Draw the compiled set to an SVG file
    #[arg(long, value_name = "FILE")]
    pub(crate) graph: Option<PathBuf>,
    /// Draw the set with a switch wherever one is possible
    #[arg(long, requires = "graph")]
    pub(crate) switches: bool,
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
    let mut rules = rules::read(&args.rules, &args.patterns)?;
    accept(&rules, args.skip_bad_rules, false)?;
    if !args.only.is_empty() {
        select(&mut rules, &args.only, &args.patterns)?;
    }
    let matcher = args.patterns.builder().build(&rules.set).map_err(|error| rules.build_failure(&error))?;
    let compiled = Compiled::of(&matcher);
    if let Some(path) = &args.graph {
        drawing::write(path, &rules, &args.patterns, args.switches)?;
    }
    let stats = Stats::of(&rules, compiled);
    match args.format {
        Format::Human => print::human(&stats, args.top, out)?,
        Format::Json => json_line(out, &stats)?,
    }
    Ok(Ending::Yes)
}
