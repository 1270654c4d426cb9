//! Reads all rule files into one set, and collects the refused rules.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use galop::pattern::Pattern;
use galop::{PatternLimits, RuleSet};

use crate::diagnostic::Diagnostic;
use crate::output::complain;
use crate::pattern_text::PatternText;
use crate::rule_file::{self, Entry, Fault, FileRule};
use crate::{Failure, source};

/// The maximum size of a rule file in bytes, decompressed. A rule file is read into memory.
const FILE_LIMIT: u64 = 1 << 30;

/// The contents of all rule files.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) set: RuleSet,
    /// The rules of the set, indexed by their ids in the set.
    pub(crate) accepted: Vec<Accepted>,
    /// The reasons why the other rules are not in the set. A rule can have several reasons.
    pub(crate) refusals: Vec<Diagnostic>,
    pub(crate) refused: u64,
    pub(crate) files: u64,
    /// The number of unreadable files. Each was reported.
    pub(crate) unreadable: u64,
    pub(crate) schedules: u64,
    pub(crate) disabled: u64,
}

/// A rule of the set.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) id: String,
    pub(crate) pattern: PatternText,
    pub(crate) bus: Option<String>,
    /// The index among all rules, refused ones included.
    pub(crate) order: usize,
}

/// Reads the rules of the files and directories.
pub(crate) fn read(arguments: &[PathBuf], limits: PatternLimits) -> Result<Rules, Failure> {
    let rules = Rules {
        set: RuleSet::with_limits(limits.clone()),
        accepted: Vec::new(),
        refusals: Vec::new(),
        refused: 0,
        files: 0,
        unreadable: 0,
        schedules: 0,
        disabled: 0,
    };
    let mut reader = Reader { rules, limits, taken: HashMap::new(), count: 0 };
    for source in source::find(arguments)? {
        reader.rules.files += 1;
        match source.read(FILE_LIMIT) {
            Ok(text) => {
                for entry in rule_file::read(&text, &source.label, &source.stem) {
                    reader.add(entry, &source.label);
                }
            }
            Err(error) => {
                complain(format_args!("{}: {error}", source.label));
                reader.rules.unreadable += 1;
            }
        }
    }
    Ok(reader.rules)
}

struct Reader {
    rules: Rules,
    limits: PatternLimits,
    /// The file and line of the rule with an id.
    taken: HashMap<String, (Arc<str>, usize)>,
    /// The number of rules and schedules read.
    count: usize,
}

impl Reader {
    fn add(&mut self, entry: Entry, file: &Arc<str>) {
        self.count += 1;
        let refusals = self.rules.refusals.len();
        match entry {
            Entry::Schedule => self.rules.schedules += 1,
            Entry::Fault(fault) => {
                self.rules.refusals.push(Diagnostic::of_file(fault, file, self.count));
            }
            Entry::Rule(rule) => self.add_rule(rule, file),
        }
        self.rules.refused += u64::from(self.rules.refusals.len() > refusals);
    }

    fn add_rule(&mut self, rule: FileRule, file: &Arc<str>) {
        let FileRule { id, pattern: text, disabled, bus } = rule;
        let Reader { rules, limits, taken, count } = self;
        let order = *count;
        rules.disabled += u64::from(disabled);
        let first = taken.get(&id);
        if let Some((file, line)) = first {
            let message = format!("the id is taken by the rule at {file}:{line}");
            let fault = Fault { id: Some(id.clone()), place: text.begin, code: "duplicate-id", message };
            rules.refusals.push(Diagnostic::of_file(fault, &text.file, order));
        }
        let is_first = first.is_none();
        if is_first {
            taken.insert(id.clone(), (Arc::clone(file), text.begin.line));
        }
        let pattern = Pattern::parse_with(&text.text, limits);
        let added = pattern.and_then(|pattern| is_first.then(|| rules.set.add_pattern(pattern)).transpose());
        match added {
            Err(error) => rules.refusals.push(Diagnostic::of_error(&error, &id, &text, order)),
            Ok(Some(_)) => rules.accepted.push(Accepted { id, pattern: text, bus, order }),
            Ok(None) => {}
        }
    }
}

impl Rules {
    /// Returns the number of rules, accepted or refused.
    pub(crate) fn len(&self) -> u64 {
        self.accepted.len() as u64 + self.refused
    }
}
