//! `galop filter`: writes the events that match, unchanged.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use galop::RuleId;

use crate::output::{Count, json_string, note};
use crate::pattern_options::rule_files;
use crate::pipeline::{Answer, Batch};
use crate::rule_members::has_member;
use crate::split::Split;
use crate::stream::{Stream, StreamOptions, event_files};
use crate::unwrap::wrappers;
use crate::{Ending, Failure};

pub(crate) const HELP: &str = concat!(
    "\
Examples:
  galop filter -r rules.jsonl events.ndjson.gz > matching.ndjson
  galop filter -r '{\"detail-type\":[{\"prefix\":\"EC2\"}]}' events/ | jq .detail
  galop filter -r rules/ --rule my-rule --invert-match events.json
  galop filter -r rules.jsonl --annotate rules events.json | jq -c '[.id,.rules]'
  galop filter -r rules.jsonl --split by-rule events/

",
    rule_files!(),
    "

",
    event_files!(),
    "

",
    wrappers!(),
    "

An event that matches is written byte for byte as it is in the file, in the order of the input, with a line \
break after it: an event over several lines is written over several lines. The commas and brackets of an \
array, and white space between events, are not written. A record that --unwrap decodes is written decoded.

--annotate NAME adds a member NAME at the end of the event, an array of the ids of the matching rules. An \
event that has the member already is refused, because readers of JSON differ in the member that they take.

--split DIR writes no event to standard output. Each rule that an event matches has a file DIR/ID.jsonl; an existing \
file is replaced. Other characters of an ID than letters, digits, -, _ and . are written as %XX.

Refused events are reported on standard error, and so are the totals. Ctrl-C ends the run.

Exit codes: 0 an event was written, 1 no event was written, 2 trouble, 130 after Ctrl-C. A refused event is \
trouble only with --fail-fast or --deny-rejected, and a refused rule only without --skip-bad-rules."
);

#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    pub(crate) stream: StreamOptions,
    /// Write the events that match no rule
    #[arg(short = 'v', long, conflicts_with_all = ["annotate", "split"])]
    pub(crate) invert_match: bool,
    /// Match only the rule with this id; repeatable
    #[arg(long = "rule", value_name = "ID")]
    pub(crate) only: Vec<String>,
    /// Write the events of each rule to a separate file in this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) split: Option<PathBuf>,
    /// Add the ids of the matching rules to each event, as a member with this name
    #[arg(long, value_name = "NAME")]
    pub(crate) annotate: Option<String>,
}

pub(crate) fn run(args: &FilterArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let progress_wanted = args.split.is_some() || !io::stdout().is_terminal();
    let mut stream = Stream::start(&args.stream, &args.only, progress_wanted)?;
    let mut split = args.split.as_deref().map(|directory| Split::new(directory, &stream.ids)).transpose()?;
    let mut annotation = args.annotate.as_deref().map(|name| Annotation::new(name, &stream.ids));
    let (mut written, mut taken) = (0_u64, 0_u64);
    stream.run(out, |out, batch, answer| {
        let Ok(rules) = answer.rules else { return Ok(()) };
        if rules.is_empty() != args.invert_match {
            return Ok(());
        }
        let event = answer.event.trim_ascii_end();
        let event = match &mut annotation {
            None => event,
            Some(annotation) => match annotation.add(event, rules) {
                Some(event) => event,
                None => {
                    note(refusal(batch, answer, &annotation.name));
                    taken += 1;
                    return Ok(());
                }
            },
        };
        written += 1;
        match &mut split {
            Some(split) => split.write(rules, event),
            None => {
                out.write_all(event)?;
                out.write_all(b"\n")?;
                Ok(())
            }
        }
    })?;
    if let Some(split) = split {
        split.finish()?;
    }
    stream.hits.totals.rejected += taken;
    let totals = stream.totals();
    stream.note_totals(&format!("{}; {} written", totals.line(), Count(written, "event", "events")));
    Ok(stream.end(written > 0))
}

fn refusal(batch: &Batch, answer: &Answer<'_>, name: &str) -> String {
    format!(
        "{}:{}: event refused[annotation-taken]: the event has a member {name}",
        batch.label, answer.place
    )
}

/// Adds the ids of rules to events.
struct Annotation {
    /// The name of the member as a JSON string.
    name: String,
    /// The ids as JSON strings.
    ids: Vec<String>,
    event: Vec<u8>,
}

impl Annotation {
    fn new(name: &str, ids: &[String]) -> Annotation {
        Annotation {
            name: json_string(name),
            ids: ids.iter().map(|id| json_string(id)).collect(),
            event: Vec::new(),
        }
    }

    /// Returns the event with the ids. Returns `None` if the event has a member with the name, or is
    /// no object.
    fn add(&mut self, event: &[u8], rules: &[RuleId]) -> Option<&[u8]> {
        // A search for bytes does not find a name with escapes.
        let may_have_name = memchr::memmem::find(event, self.name.as_bytes()).is_some()
            || memchr::memchr(b'\\', event).is_some();
        if may_have_name && has_member(event, &self.name)? {
            return None;
        }
        let inside = event.strip_suffix(b"}")?.trim_ascii_end();
        self.event.clear();
        self.event.extend_from_slice(inside);
        if inside.last() != Some(&b'{') {
            self.event.push(b',');
        }
        self.event.extend_from_slice(self.name.as_bytes());
        self.event.extend_from_slice(b":[");
        for (index, rule) in rules.iter().enumerate() {
            if index > 0 {
                self.event.push(b',');
            }
            self.event.extend_from_slice(self.ids[rule.as_usize()].as_bytes());
        }
        self.event.extend_from_slice(b"]}");
        Some(&self.event)
    }
}
