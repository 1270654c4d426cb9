//! `galop conform`: runs conformance cases, or compares the verdicts of another program with them.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::Args;
use galop::json::value_span;
use galop::{Extensions, Matcher, PatternLimits, RuleId, RuleSet, Scratch};

use crate::cases::{self, At, Case, Expect, Limits};
use crate::json_value::{self, foreign_fault, json_fault};
use crate::output::{Count, Format, Report, complain, json_line, note, table};
use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::source;
use crate::verdicts::{self, Verdict};
use crate::{Ending, Failure};

pub(crate) const HELP: &str = "\
Examples:
  galop conform corpus/cases
  galop conform --format json cases.jsonl > verdicts.jsonl
  galop conform --verdicts theirs.jsonl cases.jsonl

Cases are JSON lines {\"id\",\"topic\",\"pattern\",\"event\",\"valid\",\"matches\"}, or TOML as in the project's \
corpus, where an error also has a code and a place; a directory gives all its files \
named *.toml, *.jsonl and *.ndjson, and other entries are named and skipped. \
Verdicts are JSON lines {\"id\",\"valid\",\"matches\"}: whether the pattern is accepted, and whether the \
event matches it, which is null if one of them is refused or there is no event.

Exit codes: 0 every case agrees, 1 some disagree or have no verdict, 2 trouble.";

#[derive(Debug, Args)]
pub(crate) struct ConformArgs {
    /// Files of cases, or directories of them
    #[arg(required = true)]
    pub(crate) cases: Vec<PathBuf>,
    /// Compare these verdicts of another program instead of running the cases
    #[arg(long, value_name = "FILE")]
    pub(crate) verdicts: Option<PathBuf>,
    /// Format of the output; json prints a verdict for each case: id, valid, matches, error, agrees
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &ConformArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let cases = read(args)?;
    let (verdicts, unknown) = match &args.verdicts {
        None => (answer(&cases)?.into_iter().map(Some).collect(), 0),
        Some(file) => {
            let mut given = verdicts::read(file)?;
            let verdicts: Vec<_> = cases.iter().map(|case| given.remove(&case.id)).collect();
            // The order of a hash table changes between runs, so the ids are sorted.
            let mut unknown: Vec<_> = given.into_keys().collect();
            unknown.sort();
            for id in &unknown {
                complain(format_args!("{}: no case has the id {id}", file.display()));
            }
            (verdicts, unknown.len() as u64)
        }
    };
    let mut totals = Totals::default();
    for (case, verdict) in cases.iter().zip(&verdicts) {
        let agrees = verdict.as_ref().is_some_and(|verdict| agrees(&case.expect, verdict));
        totals.add(case, verdict.is_some(), agrees);
        match args.format {
            Format::Json => json_line(out, &verdicts::line(&case.id, verdict.as_ref(), agrees))?,
            Format::Human if !agrees => out.write_all(disagreement(case, verdict.as_ref()).as_bytes())?,
            Format::Human => {}
        }
        if args.format == Format::Json && !agrees {
            note(disagreement(case, verdict.as_ref()).trim_end());
        }
    }
    match args.format {
        Format::Human => {
            totals.print_table(out)?;
            writeln!(out, "\n{}", totals.line(unknown))?;
        }
        Format::Json => note(totals.line(unknown)),
    }
    Ok(if totals.disagree + totals.missing + unknown > 0 { Ending::No } else { Ending::Yes })
}

/// Reads the cases of all files. Equal ids in two files are an error.
fn read(args: &ConformArgs) -> Result<Vec<Case>, Failure> {
    let mut all = Vec::new();
    let mut taken = HashMap::new();
    for path in &args.cases {
        let cases = cases::read(path).map_err(|error| unreadable(&error))?;
        for file in cases::skipped(path) {
            complain(format_args!("{}: skipped: neither .toml nor .jsonl or .ndjson", file.display()));
        }
        for case in &cases {
            let place = format!("{}:{}", case.file.display(), case.line);
            if let Some(other) = taken.insert(case.id.clone(), place.clone()) {
                let id = &case.id;
                let report = format!("{place}: error[duplicate-id]: the id {id} is taken by {other}");
                return Err(Failure::Report(report));
            }
        }
        all.extend(cases);
    }
    if all.is_empty() {
        return Err(Failure::Input("there is no case in these files".to_owned()));
    }
    Ok(all)
}

/// Returns the failure of a file of cases. The fault of a line that is not JSON has the code and the
/// place of the library.
fn unreadable(error: &cases::ReadError) -> Failure {
    let cases::ReadError { file, line, column, message } = error;
    let name = file.to_string_lossy();
    let fail = |report: Report| Failure::Report(report.text(&name));
    let mut text = Vec::new();
    let read = File::open(file).and_then(|file| file.take(cases::FILE_LIMIT).read_to_end(&mut text));
    if let Some(report) = source::not_plain(&text).filter(|_| read.is_ok()) {
        return fail(report);
    }
    let (message, help) = (message.clone(), None);
    let (line, column) = match (*line, *column) {
        (0, _) => return fail(Report { line: None, code: "unreadable", message, help }),
        (line, 0) => {
            return fail(Report { line: Some(line as u64), code: "not-a-case", message, help });
        }
        place => place,
    };
    if cases::is_json_lines(file) {
        let at_fault = text.split(|&byte| byte == b'\n').nth(line - 1).unwrap_or_default();
        if let Err(error) = value_span(at_fault, 0) {
            let foreign = foreign_fault(&text).filter(|_| line == 1);
            return json_value::failure(foreign.unwrap_or_else(|| json_fault(&error, at_fault, line)), &name);
        }
    }
    json_value::failure(Fault::new(Place { line, column }, "not-a-case", message), &name)
}

/// Returns the verdicts of galop on the cases, in the same order.
fn answer(cases: &[Case]) -> Result<Vec<Verdict>, Failure> {
    let mut scratch = Scratch::new();
    let mut verdicts = Vec::with_capacity(cases.len());
    let mut rest = cases;
    while let [first, ..] = rest {
        // The rules of one set are compiled as one set. Cases that share a pattern share its
        // compiled form.
        let count = rest.iter().take_while(|case| belongs(first, case)).count();
        let (run, others) = rest.split_at(count);
        answer_together(run, &mut scratch, &mut verdicts)?;
        rest = others;
    }
    Ok(verdicts)
}

fn belongs(first: &Case, case: &Case) -> bool {
    let same_rules = match (&first.group, &case.group) {
        (Some(first), Some(case)) => first.id == case.id,
        (None, None) => first.pattern == case.pattern,
        _ => false,
    };
    same_rules && first.limits == case.limits
}

fn answer_together(
    cases: &[Case],
    scratch: &mut Scratch,
    verdicts: &mut Vec<Verdict>,
) -> Result<(), Failure> {
    let mut rules = RuleSet::with_limits(match cases[0].limits {
        Limits::Default => PatternLimits::default(),
        Limits::Wide => PatternLimits::wide(),
        Limits::Aws => PatternLimits::aws(),
        Limits::Extensions => {
            let mut limits = PatternLimits::default();
            limits.extensions = Extensions::ALL;
            limits
        }
    });
    let mut read: HashMap<&[u8], Result<RuleId, Verdict>> = HashMap::new();
    for case in cases {
        read.entry(&case.pattern).or_insert_with(|| {
            rules.add_bytes(&case.pattern).map_err(|error| Verdict {
                valid: false,
                matches: None,
                error: Some(verdicts::Fault::of_pattern(&error)),
            })
        });
    }
    let matcher = Matcher::new(&rules)
        .map_err(|error| Failure::Input(format!("{}: {error}", cases[0].file.display())))?;
    for case in cases {
        verdicts.push(match (&read[case.pattern.as_slice()], &case.event) {
            (Err(verdict), _) => verdict.clone(),
            (Ok(_), None) => Verdict { valid: true, matches: None, error: None },
            (Ok(rule), Some(event)) => match matcher.matches(scratch, event) {
                Ok(ids) => Verdict { valid: true, matches: Some(ids.contains(rule)), error: None },
                Err(error) => {
                    Verdict { valid: true, matches: None, error: Some(verdicts::Fault::of_event(&error)) }
                }
            },
        });
    }
    Ok(())
}

/// Returns true if the verdict is the expected one. Error codes and places are compared only if
/// both sides have them.
fn agrees(expect: &Expect, verdict: &Verdict) -> bool {
    let fault = |code: &Option<String>, at: Option<At>| match &verdict.error {
        None => true,
        Some(fault) => {
            code.as_ref().is_none_or(|code| *code == fault.code)
                && at.is_none_or(|at| {
                    Some(at.start) == fault.start
                        && (at.end.is_none() || fault.end.is_none() || at.end == fault.end)
                })
        }
    };
    match expect {
        Expect::PatternRejected { code, at } => !verdict.valid && fault(code, *at),
        Expect::PatternAccepted => verdict.valid,
        Expect::EventRejected { code, offset } => {
            let at = offset.map(|start| At { start, end: None });
            verdict.valid && verdict.matches.is_none() && fault(code, at)
        }
        Expect::Matches(matches) => verdict.valid && verdict.matches == Some(*matches),
    }
}

fn disagreement(case: &Case, verdict: Option<&Verdict>) -> String {
    let mut text = format!("{} ({}) {}:{}\n", case.id, case.topic, case.file.display(), case.line);
    if let Some(group) = &case.group {
        text += &format!("  rule      {}\n", group.rule);
    }
    text += &format!("  pattern   {}\n", String::from_utf8_lossy(&case.pattern));
    if let Some(event) = &case.event {
        text += &format!("  event     {}\n", String::from_utf8_lossy(event));
    }
    let got = verdict.map_or_else(|| "no verdict".to_owned(), |verdict| verdict.phrase(case.event.is_some()));
    text + &format!("  expected  {}\n  got       {got}\n", expectation(&case.expect))
}

fn expectation(expect: &Expect) -> String {
    let refused = |what: &str, code: &Option<String>, at: Option<At>| {
        let code = code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
        let place = at.map(|at| verdicts::place(Some(at.start), at.end)).unwrap_or_default();
        format!("{what} refused{code}{place}")
    };
    match expect {
        Expect::PatternRejected { code, at } => refused("pattern", code, *at),
        Expect::PatternAccepted => "pattern accepted".to_owned(),
        Expect::EventRejected { code, offset } => {
            refused("event", code, offset.map(|start| At { start, end: None }))
        }
        Expect::Matches(true) => "match".to_owned(),
        Expect::Matches(false) => "no match".to_owned(),
    }
}

#[derive(Debug, Default)]
struct Totals<'a> {
    /// The number of cases and of disagreeing cases, by topic.
    topics: BTreeMap<&'a str, (u64, u64)>,
    cases: u64,
    disagree: u64,
    missing: u64,
}

impl<'a> Totals<'a> {
    fn add(&mut self, case: &'a Case, has_verdict: bool, agrees: bool) {
        let (cases, failed) = self.topics.entry(&case.topic).or_default();
        *cases += 1;
        *failed += u64::from(!agrees);
        self.cases += 1;
        self.missing += u64::from(!has_verdict);
        self.disagree += u64::from(has_verdict && !agrees);
    }

    fn print_table(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows: Vec<_> =
            self.topics.iter().map(|(&topic, &(cases, failed))| ([cases, failed], topic)).collect();
        table(out, ["cases", "disagree"], &rows, "topic")
    }

    fn line(&self, unknown: u64) -> String {
        let agree = self.cases - self.disagree - self.missing;
        let cases = Count(self.cases, "case", "cases");
        let mut line = format!("{cases}: {agree} agree, {} disagree", self.disagree);
        if self.missing > 0 {
            line += &format!(", {} without verdict", self.missing);
        }
        if unknown > 0 {
            line += &format!("; {} on unknown cases", Count(unknown, "verdict", "verdicts"));
        }
        line
    }
}
