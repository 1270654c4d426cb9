//! Arguments of the commands, and their help texts.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use galop::error::Operator;
use galop::{MatcherBuilder, PatternLimits};

use crate::output::Format;

/// Matches JSON events against Amazon EventBridge event patterns.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  yes: all rules accepted (check), an event matched (match), all cases agree (conform)
  1  no
  2  trouble: wrong usage, or input that cannot be read or is refused";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check rules: report every error and warning with its place
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Match events: print the rules that each event matches
    #[command(after_help = MATCH_HELP)]
    Match(MatchArgs),
    /// Match one event against one pattern, like `aws events test-event-pattern`
    #[command(after_help = TEST_PATTERN_HELP)]
    TestPattern(TestPatternArgs),
    /// Run conformance cases, or compare the verdicts of another program with them
    #[command(after_help = CONFORM_HELP)]
    Conform(ConformArgs),
    /// Print the completion script of a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// The formats of rule files. `check` and `match` read the same formats.
macro_rules! rule_files {
    () => {
        "\
Files of rules, plain or compressed with gzip or zstd, told by content:
  JSON lines      {\"id\":\"…\",\"pattern\":{…}}; the pattern may be a JSON string,
                  other members are ignored; or a pattern on each line, whose
                  id is FILE:LINE
  one pattern     its id is the name of the file without extension
  a JSON array    of rules like those lines
  AWS CLI output  of `aws events list-rules` or `describe-rule`; disabled
                  rules are included, schedules left out
  a directory     of such files: *.json, *.jsonl, *.ndjson and each with .gz or
                  .zst, at any depth, in the order of their names; the id of a
                  file with one pattern is its path in the directory, without
                  extension
An id belongs to one rule: a second rule with the same id is refused."
    };
}

const CHECK_HELP: &str = concat!(
    "\
Examples:
  galop check rules.jsonl
  galop check --limits aws --deny-warnings rules/
  aws events list-rules | galop check -
  galop check --format json rules.jsonl | jq 'select(.severity == \"error\")'

",
    rule_files!(),
    "

JSON output is one object for each diagnostic, with severity, code, message, file, line, column, id, \
span and help. Line and column count from the start of the file, the span from the start of the pattern.

Exit codes: 0 all rules accepted, 1 a rule is refused (or, with --deny-warnings, warned of), 2 trouble."
);

#[derive(Debug, Group)]
pub(crate) struct CheckArgs {
    /// Files of rules, directories of them, or - for standard input
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Limits that patterns must keep
    #[arg(long, value_enum, default_value_t)]
    pub(crate) limits: Limits,
    /// Operators that EventBridge does not have and that patterns may use: regexp
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = extension)]
    pub(crate) extensions: Vec<Operator>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Treat warnings like errors: exit with 1
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

/// Limits that patterns must keep.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Limits {
    /// For rules from trusted authors: 1 MiB, 65,536 branches, 65,536 values in a field, 1,000
    /// stars in a wildcard
    #[default]
    Wide,
    /// The default limits of the library, for rules from untrusted authors: 16 KiB, 1,000 branches
    /// where paths are written twice, 4,096 values, 100 stars
    Default,
    /// The limits of the EventBridge service: 2,048 characters, 1,000 combinations of $or, wildcard
    /// complexity 10; a warning past 300 rules, or 30 with wildcards, on one event bus
    Aws,
}

impl Limits {
    pub(crate) fn pattern_limits(self, extensions: &[Operator]) -> PatternLimits {
        let mut limits = match self {
            Limits::Wide => PatternLimits::wide(),
            Limits::Default => PatternLimits::default(),
            Limits::Aws => PatternLimits::aws(),
        };
        for &extension in extensions {
            limits.extensions = limits.extensions.with(extension);
        }
        limits
    }

    /// Returns a builder of matchers for rules within these limits. The wide limits allow very many
    /// branches, so the builder then has no size limit for a single rule.
    pub(crate) fn builder(self) -> MatcherBuilder {
        let mut builder = MatcherBuilder::new();
        if self == Limits::Wide {
            builder.rule_size_limit(usize::MAX);
        }
        builder
    }
}

/// The extension of a name.
fn extension(name: &str) -> Result<Operator, String> {
    Operator::from_name(name).filter(|operator| operator.is_extension()).ok_or_else(|| {
        let known: Vec<&str> = Operator::EXTENSIONS.iter().map(|operator| operator.name()).collect();
        format!("no extension has this name; there is: {}", known.join(", "))
    })
}

const MATCH_HELP: &str = concat!(
    "\
Examples:
  galop match --rules rules.jsonl events.ndjson.gz
  galop match -r rules/ --count events/
  tail -f events.ndjson | galop match -r rules.jsonl --only-matched
  galop match -r rules.jsonl --format json events.json | jq 'select(.rules | index(\"my-rule\"))'

",
    rule_files!(),
    "

Events, plain or compressed with gzip or zstd, are JSON lines, a JSON array, or JSON objects over \
several lines, from files, directories of them, or standard input. Input of any length takes little \
memory. An event may have up to 64 MiB.

Human output is FILE:LINE: and the ids of the matching rules, separated by spaces; an id that holds a \
space, a quote or a control character is written as a JSON string. JSON output is one object for each \
event, {\"file\",\"line\",\"rules\":[…]}, or {\"file\",\"line\",\"error\":{\"code\",\"offset\",\"message\"}} for one \
that is refused. The line is the one where the event begins; offsets count bytes of the event, and are \
null where there is no place. \
Refused events are reported on standard error as well, and so are the totals, unless --count has them.

Exit codes: 0 an event matched, 1 none did, 2 trouble. A refused event is trouble only with \
--fail-fast, a refused rule unless there is --skip-bad-rules."
);

#[derive(Debug, Group)]
pub(crate) struct MatchArgs {
    /// File or directory of rules; may be repeated
    #[arg(short, long, required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
    /// Files of events, directories of them, or - for standard input, which is also the default
    #[arg(value_name = "EVENTS")]
    pub(crate) events: Vec<PathBuf>,
    /// Print no line for an event that matches no rule
    #[arg(long)]
    pub(crate) only_matched: bool,
    /// Print how many events each rule matches, most first, and totals
    #[arg(short, long, conflicts_with = "only_matched")]
    pub(crate) count: bool,
    /// Number of matching threads; default: one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Stop at the first event that is refused
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Assume that events are valid JSON, and skip checks of values on paths that no rule names
    #[arg(long)]
    pub(crate) trusted: bool,
    /// Assume that the names in every object are distinct and have no dots; with --trusted, reading
    /// an event then ends when all paths are found
    #[arg(long)]
    pub(crate) distinct_names: bool,
    /// Go on without the rules that are refused
    #[arg(long)]
    pub(crate) skip_bad_rules: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Limits that patterns must keep
    #[arg(long, value_enum, default_value_t)]
    pub(crate) limits: Limits,
    /// Operators that EventBridge does not have and that patterns may use: regexp
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = extension)]
    pub(crate) extensions: Vec<Operator>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

const TEST_PATTERN_HELP: &str = "\
Examples:
  galop test-pattern --event-pattern '{\"source\":[\"aws.ec2\"]}' --event '{\"source\":\"aws.ec2\"}'
  galop test-pattern --event-pattern file://pattern.json --event event.json

Unlike the service, this asks for no envelope: the event needs no id, account, source, time, region \
or detail-type.

Exit codes: 0 whatever the result, 2 if the pattern or the event is refused.";

#[derive(Debug, Group)]
pub(crate) struct TestPatternArgs {
    /// The pattern: JSON text that begins with {, a file, or file://PATH
    #[arg(long, value_name = "PATTERN")]
    pub(crate) event_pattern: String,
    /// The event: JSON text that begins with {, a file, or file://PATH
    #[arg(long)]
    pub(crate) event: String,
    /// Limits that the pattern must keep
    #[arg(long, value_enum, default_value_t)]
    pub(crate) limits: Limits,
    /// Operators that EventBridge does not have and that patterns may use: regexp
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = extension)]
    pub(crate) extensions: Vec<Operator>,
}

const CONFORM_HELP: &str = "\
Examples:
  galop conform corpus/cases
  galop conform --format json cases.jsonl > verdicts.jsonl
  galop conform --verdicts theirs.jsonl cases.jsonl

Cases are JSON lines {\"id\",\"topic\",\"pattern\",\"event\",\"valid\",\"matches\"}, or TOML as in the project's \
corpus, where an error also has a code and a place; a directory gives all its files of cases. \
Verdicts are JSON lines {\"id\",\"valid\",\"matches\"}: whether the pattern is accepted, and whether the \
event matches it, which is null if one of them is refused or there is no event.

Exit codes: 0 every case agrees, 1 some disagree or have no verdict, 2 trouble.";

#[derive(Debug, Group)]
pub(crate) struct ConformArgs {
    /// Files of cases, or directories of them
    #[arg(required = true)]
    pub(crate) cases: Vec<PathBuf>,
    /// Compare these verdicts of another program instead of running the cases
    #[arg(long, value_name = "FILE")]
    pub(crate) verdicts: Option<PathBuf>,
    /// How to print; json prints a verdict for each case: id, valid, matches, error, agrees
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

const COMPLETIONS_HELP: &str = "\
Examples:
  galop completions bash > ~/.local/share/bash-completion/completions/galop
  galop completions fish > ~/.config/fish/completions/galop.fish";
