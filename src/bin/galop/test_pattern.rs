//! `galop test-pattern`: matches one event with one pattern, like `aws events test-event-pattern`.

use std::io::Write;

use clap::Args;
use galop::{RuleSet, Scratch};

use crate::pattern_options::PatternOptions;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop test-pattern --event-pattern '{\"source\":[\"aws.ec2\"]}' --event '{\"source\":\"aws.ec2\"}'
  galop test-pattern --event-pattern file://pattern.json --event event.json

Unlike the service, this asks for no envelope: the event needs no id, account, source, time, region \
or detail-type.

Exit codes: 0 whatever the result, 2 if the pattern or the event is refused.";

#[derive(Debug, Args)]
pub(crate) struct TestPatternArgs {
    /// The pattern: JSON text that begins with {, a file, or file://PATH
    #[arg(long, value_name = "PATTERN")]
    pub(crate) event_pattern: String,
    /// The event: JSON text that begins with {, a file, or file://PATH
    #[arg(long)]
    pub(crate) event: String,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
}

pub(crate) fn run(args: &TestPatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let pattern = read(&args.event_pattern)?;
    let event = read(&args.event)?;
    let mut rules = RuleSet::with_limits(args.patterns.limits());
    rules.add_bytes(&pattern).map_err(|error| {
        // The report shows a replacement character for bytes that are not UTF-8.
        Failure::Input(format!(
            "the pattern is refused\n{}",
            error.report(&String::from_utf8_lossy(&pattern))
        ))
    })?;
    let matcher = args.patterns.builder().build(&rules).map_err(|error| Failure::Input(error.to_string()))?;
    let matched = matcher
        .is_match(&mut Scratch::new(), &event)
        .map_err(|error| Failure::Input(format!("the event is refused\n{}", error.report(&event))))?;
    writeln!(out, "{{\n    \"Result\": {matched}\n}}")?;
    Ok(Ending::Yes)
}

/// Returns the text of an argument: the argument itself if it begins with `{`, otherwise the
/// contents of the file.
fn read(argument: &str) -> Result<Vec<u8>, Failure> {
    if argument.trim_start().starts_with('{') {
        return Ok(argument.as_bytes().to_vec());
    }
    let path = argument.strip_prefix("file://").unwrap_or(argument);
    std::fs::read(path).map_err(|error| Failure::Input(format!("{path}: {error}")))
}
