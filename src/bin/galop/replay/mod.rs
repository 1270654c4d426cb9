//! `galop replay`: matches an archive with a rule set, and compares the routing with another set.

mod markdown;
mod replay_name;
mod report;
mod route;
mod window;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use galop::Matcher;
use jiff::Timestamp;

use crate::instant::instant;
use crate::output::note;
use crate::pattern_options::rule_files;
use crate::rules::Rules;
use crate::stream::{self, Stream, StreamOptions, event_files};
use crate::unwrap::wrappers;
use crate::{Ending, Failure};

use replay_name::ReplayName;
use report::Report;
use route::{Against, Ids, Route};
use window::Window;

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop replay --rules rules.jsonl archive.ndjson.gz
  galop replay -r changed/ --against rules/ archive/
  galop replay -r changed/ --against rules/ --from 2026-06-02T00:00:00Z --to 2026-06-03T00:00:00Z archive/
  galop replay -r changed/ --against rules/ --format markdown archive/ > comment.md
  galop replay -r rules/ --pattern '{\"source\":[\"aws.ec2\"]}' --replay-name again archive.jsonl

With --against, each rule that gains or loses events is printed: it gains the events that it matches with \
--rules and not with --against. Rules of both sets belong together if their ids are equal; a rule that one set \
lacks matches no event there. Without --against, the events of each rule are counted.

Under --from or --to, an event is replayed if its member `time` is in the window. Events without `time`, with \
another value than one time of RFC 3339, or with several, are counted and left out. --pattern is \
matched before --replay-name is added.

",
    rule_files!(),
    "

",
    event_files!(),
    "

",
    wrappers!(),
    "

JSON output is one object for each rule that gains or loses events or is in one set only, {\"rule\",\"sets\",\
\"gained\",\"lost\",\"kept\",\"gained_places\",\"lost_places\"}, where sets is both, rules or against, and \
a place is {\"file\",\"line\",\"event\",\"offset\"}. Without --against it is {\"rule\",\"hits\"}. The last \
object has the totals. The output of a replay depends on the rules, the events and the options only.

Exit codes: 0 no event is routed otherwise, or without --against an event matched; 1 the opposite; 2 trouble, \
also if only one of two sets refuses an event; 130 after Ctrl-C. Another refused event is trouble only with \
--fail-fast or --deny-rejected, a refused rule unless there is --skip-bad-rules."
);

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) stream: StreamOptions,
    /// Compare the routing with these rules; may be repeated
    #[arg(long, value_name = "RULES")]
    pub(crate) against: Vec<PathBuf>,
    /// Replay only events from this time on, for example 2026-06-02T04:00:00Z
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) from: Option<Timestamp>,
    /// Replay only events before this time
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) to: Option<Timestamp>,
    /// Replay only events that match this pattern: a file, or the pattern itself, which begins with {
    #[arg(long, value_name = "PATTERN")]
    pub(crate) pattern: Option<PathBuf>,
    /// Add the member replay-name to each event, as the service does
    #[arg(long, value_name = "NAME", value_parser = ReplayName::new)]
    pub(crate) replay_name: Option<ReplayName>,
    /// Print only the first N rules
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// Print the first N events that a rule gains, and the first N that it loses
    #[arg(long, value_name = "N", default_value_t = 3, requires = "against")]
    pub(crate) places: u16,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReplayFormat,
}

/// The reader of the report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum ReplayFormat {
    /// People
    #[default]
    Human,
    /// Programs: one JSON object per line
    Json,
    /// A comment of a pull request
    Markdown,
}

pub(crate) fn run(args: &ReplayArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let options = &args.stream;
    let window = Window { from: args.from, to: args.to };
    if let (Some(from), Some(to)) = (window.from, window.to)
        && from >= to
    {
        return Err(Failure::Input(format!("no time is from {from} on and before {to}")));
    }
    let files = options.rules.iter().chain(&args.against).chain(&args.pattern);
    if files.filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Failure::Input("standard input cannot be read twice".to_owned()));
    }
    let sources = stream::sources(options)?;
    let rules = stream::read_rules(options, &options.rules)?;
    let other = match &args.against[..] {
        [] => None,
        files => Some(stream::read_rules(options, files)?),
    };
    let matcher = stream::compile(options, &rules)?;
    let against = other.as_ref().map(|rules| stream::compile(options, rules)).transpose()?;
    let pattern = args.pattern.as_ref().map(|file| archive_pattern(options, file)).transpose()?;
    // A rule may match by the name of the replay, which is not in the text of an event.
    let screen = match &args.replay_name {
        None => stream::screen(options, rules.patterns().chain(other.iter().flat_map(Rules::patterns))),
        Some(_) => None,
    };
    let ids = |rules: Rules| rules.accepted.into_iter().map(|rule| rule.id).collect();
    let (rules, indices) = route::join(ids(rules), other.map(ids));
    let ids = Ids::new(rules.len()).ok_or_else(|| Failure::Input("there are too many rules".to_owned()))?;
    let route = Arc::new(Route {
        window,
        pattern,
        name: args.replay_name.clone(),
        rules: matcher,
        against: against.map(|matcher| Against { matcher, indices }),
        ids,
        screen,
    });
    let mut report = Report::new(args, rules, ids);
    let names = vec![String::new(); ids.len()].into();
    let mut stream = Stream::launch((options, sources), names, Arc::clone(&route), true);
    stream.run(out, |_, batch, answer| {
        if let Some(message) = report.add(batch, answer, &route) {
            note(message);
        }
        Ok(())
    })?;
    report.count(&stream.hits);
    match args.format {
        ReplayFormat::Human => report.print(out)?,
        ReplayFormat::Json => report.print_json(out)?,
        ReplayFormat::Markdown => markdown::print(&report, out)?,
    }
    let is_different = report.totals.changed > 0;
    let ending = stream.end(if report.is_comparison() { !is_different } else { report.totals.matched > 0 });
    let is_undecided = report.totals.skipped[route::Skip::RefusedByOne as usize] > 0;
    Ok(if is_undecided && ending != Ending::Interrupted { Ending::Trouble } else { ending })
}

/// Reads the pattern of the archive.
fn archive_pattern(options: &StreamOptions, file: &PathBuf) -> Result<Matcher, Failure> {
    let rules = stream::read_rules(options, std::slice::from_ref(file))?;
    if rules.set.len() != 1 {
        let message = format!("{}: {} rules where one pattern is expected", file.display(), rules.set.len());
        return Err(Failure::Input(message));
    }
    stream::compile(options, &rules)
}
