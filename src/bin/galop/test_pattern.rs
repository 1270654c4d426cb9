//! `galop test-pattern`: one event against one pattern, as `aws events test-event-pattern` does.

use std::io::Write;

use galop::{RuleSet, Scratch};

use crate::args::TestPatternArgs;
use crate::{Ending, Failure};

pub(crate) fn run(args: &TestPatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let pattern = read(&args.event_pattern)?;
    let event = read(&args.event)?;
    let mut rules = RuleSet::with_limits(args.limits.pattern_limits());
    rules.add_bytes(&pattern).map_err(|error| {
        // Where bytes are no text, the report shows a mark in their place.
        Failure::Input(format!(
            "the pattern is refused\n{}",
            error.report(&String::from_utf8_lossy(&pattern))
        ))
    })?;
    let matcher = args.limits.builder().build(&rules).map_err(|error| Failure::Input(error.to_string()))?;
    let matched = matcher
        .is_match(&mut Scratch::new(), &event)
        .map_err(|error| Failure::Input(format!("the event is refused\n{}", error.report(&event))))?;
    writeln!(out, "{{\n    \"Result\": {matched}\n}}")?;
    Ok(Ending::Yes)
}

/// What an argument stands for: itself if it is the text of an object, otherwise what the file says.
fn read(argument: &str) -> Result<Vec<u8>, Failure> {
    if argument.trim_start().starts_with('{') {
        return Ok(argument.as_bytes().to_vec());
    }
    let path = argument.strip_prefix("file://").unwrap_or(argument);
    std::fs::read(path).map_err(|error| Failure::Input(format!("{path}: {error}")))
}
