//! The commands. The arguments of a command are in its own file.

use clap::{Parser, Subcommand};

use crate::check::{self, CheckArgs};
use crate::color::Color;
use crate::conform::{self, ConformArgs};
use crate::filter::{self, FilterArgs};
use crate::match_events::{self, MatchArgs};
use crate::test_pattern::{self, TestPatternArgs};

/// Matches JSON events against Amazon EventBridge event patterns.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When reports have colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  yes: all rules accepted (check), an event matched (match) or was written (filter), all
     cases agree (conform)
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
    /// Write the events that match, unchanged
    #[command(after_help = filter::HELP)]
    Filter(FilterArgs),
    /// Match one event against one pattern, like `aws events test-event-pattern`
    #[command(after_help = test_pattern::HELP)]
    TestPattern(TestPatternArgs),
    /// Run conformance cases, or compare the verdicts of another program with them
    #[command(after_help = conform::HELP)]
    Conform(ConformArgs),
    /// Print the completion script of a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

const COMPLETIONS_HELP: &str = "\
Examples:
  galop completions bash > ~/.local/share/bash-completion/completions/galop
  galop completions fish > ~/.config/fish/completions/galop.fish";
