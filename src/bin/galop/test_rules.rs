//! `galop test`: unit tests of rules.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use galop::{Matcher, RuleId, Scratch};

use crate::diagnostic::{Diagnostic, Severity};
use crate::explanation::explanation;
use crate::output::{complain, note};
use crate::pattern_options::PatternOptions;
use crate::rule_choice::unknown;
use crate::rule_entry::Fault;
use crate::rules::{self, Rules};
use crate::test_file;
use crate::test_init;
use crate::test_model::{Suite, Test, fault};
use crate::test_report::{Outcome, Report, Surprise, TestFormat};
use crate::{Ending, Failure, source};

/// The maximum size of a file of tests in bytes, decompressed.
const FILE_LIMIT: u64 = 1 << 28;

/// The faults of a file that suggest another id: each compares all ids.
const SUGGESTIONS: usize = 20;

pub(crate) const HELP: &str = "\
Examples:
  galop test tests.toml
  galop test --format junit tests/*.yaml > report.xml
  galop test --format github tests.toml
  galop test --init rules.jsonl > tests.toml

A file of tests names rule files and events, and the ids that must and must not match:

  rules = [\"rules.jsonl\"]

  [[test]]
  name = \"a stopped instance\"
  event = '{\"source\":\"aws.ec2\",\"detail\":{\"state\":\"stopped\"}}'
  matches = [\"stopped\"]    # these match
  misses = [\"running\"]     # these do not
  # exactly = [\"stopped\"]  # these match, and no others
  # rejected = \"too-deep\"  # the event is refused with this code

The same members in YAML or JSON are read as well. An event is JSON text, a table, or the name of a
file. JSON text is taken as it is; a table of TOML or YAML has no repeated names and no spelling of
numbers. Names of files are relative to the file of tests.

A rule file can have tests beside its rules, which other commands ignore. Events are objects, JSON
text, or names of files; other members of \"tests\" are refused:
  {\"id\":\"a\",\"pattern\":{\"x\":[1]},\"tests\":{\"matches\":[{\"x\":1}],\"misses\":[{\"x\":2}]}}

JSON output is one object for each test, with test, passed, file, line and column; for a test that
fails also missing, unexpected and message.

Exit codes: 0 all tests pass, 1 some fail, 2 trouble: input that cannot be read, or no test.";

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Files of tests, or - for standard input; with --init, files of rules
    #[arg(required = true, value_name = "TESTS")]
    pub(crate) tests: Vec<PathBuf>,
    /// Write a file of tests for these rules: events that just match and just miss, as `galop gen`
    #[arg(long)]
    pub(crate) init: bool,
    /// Only tests whose name contains this text
    #[arg(long, value_name = "NAME")]
    pub(crate) filter: Option<String>,
    #[command(flatten)]
    pub(crate) patterns: PatternOptions,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TestFormat,
}

pub(crate) fn run(args: &TestArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    if args.init {
        return test_init::run(&args.tests, &args.patterns, out);
    }
    let mut report = Report::new(args.format);
    let mut is_trouble = false;
    for path in &args.tests {
        match suite(path) {
            Ok(suite) => is_trouble |= !run_suite(&suite, args, &mut report, out)?,
            Err(message) => {
                note(message);
                is_trouble = true;
            }
        }
    }
    if report.total() == 0 && !is_trouble {
        return Err(Failure::Input(match &args.filter {
            None => "there is no test in these files".to_owned(),
            Some(filter) => format!("no test has a name with {filter:?}"),
        }));
    }
    report.finish(args.tests.len() as u64, out)?;
    Ok(if is_trouble {
        Ending::Trouble
    } else if report.failed > 0 {
        Ending::No
    } else {
        Ending::Yes
    })
}

/// Reads a file of tests. Returns a message if the file cannot be read.
fn suite(path: &Path) -> Result<Suite, String> {
    if path.is_dir() {
        return Err(format!("galop: {}: a directory; name the files of tests", path.display()));
    }
    let sources = source::find(&[path.to_owned()]).map_err(|error| format!("galop: {error}"))?;
    let Some(source) = sources.first() else { return Err(format!("galop: {}: no file", path.display())) };
    let text = source.read(FILE_LIMIT).map_err(|report| report.text(&source.label))?;
    test_file::read(&text, path, &source.label)
        .map_err(|fault| Diagnostic::of_file(Severity::Error, fault, &source.label, 0).to_string())
}

/// Runs the tests of a file. Returns false if there was trouble.
fn run_suite(
    suite: &Suite,
    args: &TestArgs,
    report: &mut Report,
    out: &mut dyn Write,
) -> Result<bool, Failure> {
    let rules = match rules::read(&suite.rules, &args.patterns) {
        Ok(rules) => rules,
        Err(failure @ Failure::Output(_)) => return Err(failure),
        Err(failure) => {
            complain(format_args!("{}: {failure}", suite.file));
            return Ok(false);
        }
    };
    for diagnostic in rules.refusals.iter().chain(&rules.remarks) {
        note(diagnostic);
    }
    let known: HashMap<&str, RuleId> =
        rules.accepted.iter().zip(rules.set.iter()).map(|(rule, (number, _))| (&*rule.id, number)).collect();
    let faults = faults(suite, &rules, &known);
    for fault in &faults {
        note(Diagnostic::of_file(Severity::Error, fault.clone(), &suite.file, 0));
    }
    let mut is_fine = faults.is_empty() && rules.refused == 0 && rules.unreadable == 0;
    if !is_fine {
        return Ok(false);
    }
    let matcher = args.patterns.builder().build(&rules.set).map_err(|error| rules.build_failure(&error))?;
    let mut scratch = Scratch::new();
    for test in &suite.tests {
        if args.filter.as_ref().is_some_and(|filter| !test.name.contains(filter)) {
            continue;
        }
        match test.event.read() {
            Err(message) => {
                note(Diagnostic::of_file(
                    Severity::Error,
                    fault(test.place, "unreadable-event", &message),
                    &suite.file,
                    0,
                ));
                is_fine = false;
            }
            Ok(event) => {
                let outcome = outcome(test, &suite.file, &rules, &known, &matcher, &mut scratch, &event);
                report.add(outcome, out)?;
            }
        }
    }
    Ok(is_fine)
}

/// Returns the faults of tests: ids that no rule has, and tests that expect nothing.
fn faults(suite: &Suite, rules: &Rules, known: &HashMap<&str, RuleId>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for test in &suite.tests {
        let place = test.place;
        let Test { expected, name, .. } = test;
        for id in expected.ids().filter(|id| !known.contains_key(id)) {
            let suggestions = if faults.len() < SUGGESTIONS { rules.accepted.len() } else { 0 };
            let message = unknown(id, rules.accepted.iter().map(|rule| &*rule.id).take(suggestions));
            faults.push(fault(place, "unknown-rule", &format!("{message} (test {name:?})")));
        }
        let expects_rules = expected.exactly.is_some() || expected.ids().next().is_some();
        if expects_rules == expected.rejected.is_some() {
            let message = if expects_rules {
                "an event that is rejected matches no rules"
            } else {
                "the test expects nothing: it needs `matches`, `misses`, `exactly` or `rejected`"
            };
            faults.push(fault(place, "bad-expectation", &format!("{message} (test {name:?})")));
        }
    }
    faults
}

fn outcome(
    test: &Test,
    file: &Arc<str>,
    rules: &Rules,
    known: &HashMap<&str, RuleId>,
    matcher: &Matcher,
    scratch: &mut Scratch,
    event: &[u8],
) -> Outcome {
    let mut surprises = Vec::new();
    let expected = &test.expected;
    match (matcher.matches(scratch, event), &expected.rejected) {
        (Ok(_), Some(code)) => surprises.push(Surprise::Accepted { code: code.clone() }),
        (Err(error), Some(code)) if error.code() == code => {}
        (Err(error), code) => surprises.push(Surprise::Rejected {
            code: error.code(),
            expected: code.clone(),
            report: error.report(event).to_string(),
        }),
        (Ok(found), None) => {
            let is_match = |id: &RuleId| found.binary_search(id).is_ok();
            let numbers = |ids: &[String]| ids.iter().filter_map(|id| known.get(&**id).copied()).collect();
            let exactly: Option<BTreeSet<RuleId>> = expected.exactly.as_deref().map(numbers);
            let mut missing: BTreeSet<RuleId> = numbers(&expected.matches);
            let mut unexpected: BTreeSet<RuleId> = numbers(&expected.misses);
            if let Some(exactly) = exactly {
                unexpected.extend(found.iter().filter(|id| !exactly.contains(id)));
                missing.extend(exactly);
            }
            missing.retain(|id| !is_match(id));
            unexpected.retain(is_match);
            let reason = |id: RuleId| rules.set.get(id).map(|pattern| explanation(pattern, event));
            let rule = |id: RuleId| rules.accepted[id.as_usize()].id.clone();
            for id in missing {
                surprises.push(Surprise::Missing { rule: rule(id), reason: reason(id).unwrap_or_default() });
            }
            for id in unexpected {
                surprises
                    .push(Surprise::Unexpected { rule: rule(id), reason: reason(id).unwrap_or_default() });
            }
        }
    }
    Outcome { name: test.name.clone(), file: Arc::clone(file), place: test.place, surprises }
}
