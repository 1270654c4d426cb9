//! Reads all files of rules into one set, and finds out which rules cannot be in it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use galop::RuleSet;
use galop::pattern::Pattern;

use crate::args::Limits;
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::complain;
use crate::pattern_text::PatternText;
use crate::rule_file::{self, Entry, FileRule};
use crate::{Failure, source};

/// The most bytes of a file of rules, decompressed: it is held in memory.
const FILE_LIMIT: u64 = 1 << 30;

/// Everything that files of rules contain.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) set: RuleSet,
    /// The rules of the set, by their ids there.
    pub(crate) accepted: Vec<Accepted>,
    /// Why the others are not in the set. One rule may be refused for several reasons.
    pub(crate) refusals: Vec<Diagnostic>,
    pub(crate) refused: u64,
    pub(crate) files: u64,
    /// Files that could not be read; that was said.
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
    /// The place among all rules, also the refused ones.
    pub(crate) order: usize,
}

/// Reads the rules in these files and directories.
pub(crate) fn read(arguments: &[PathBuf], limits: Limits) -> Result<Rules, Failure> {
    let limits = limits.pattern_limits();
    let mut rules = Rules {
        set: RuleSet::with_limits(limits.clone()),
        accepted: Vec::new(),
        refusals: Vec::new(),
        refused: 0,
        files: 0,
        unreadable: 0,
        schedules: 0,
        disabled: 0,
    };
    let mut taken: HashMap<String, (Arc<str>, usize)> = HashMap::new();
    let mut order = 0;
    for source in source::find(arguments)? {
        rules.files += 1;
        let text = match source.read(FILE_LIMIT) {
            Ok(text) => text,
            Err(error) => {
                complain(format_args!("{}: {error}", source.label));
                rules.unreadable += 1;
                continue;
            }
        };
        for entry in rule_file::read(&text, &source.label, &source.stem) {
            order += 1;
            let rule = match entry {
                Entry::Schedule => {
                    rules.schedules += 1;
                    continue;
                }
                Entry::Fault(fault) => {
                    rules.refused += 1;
                    rules.refusals.push(Diagnostic::of_file(fault, &source.label, order));
                    continue;
                }
                Entry::Rule(rule) => rule,
            };
            rules.disabled += u64::from(rule.disabled);
            let pattern = Pattern::parse_bytes(rule.pattern.text.as_bytes(), &limits);
            let before = rules.refusals.len();
            if let Some((file, line)) = taken.get(&rule.id) {
                rules.refusals.push(duplicate(&rule, file, *line, order));
            } else {
                taken.insert(rule.id.clone(), (Arc::clone(&source.label), rule.pattern.begin.line));
            }
            match pattern {
                Err(error) => {
                    rules.refusals.push(Diagnostic::of_error(&error, &rule.id, &rule.pattern, order));
                }
                Ok(pattern) if rules.refusals.len() == before => {
                    rules.set.add_pattern(pattern);
                    let FileRule { id, pattern, bus, .. } = rule;
                    rules.accepted.push(Accepted { id, pattern, bus, order });
                }
                Ok(_) => {}
            }
            rules.refused += u64::from(rules.refusals.len() > before);
        }
    }
    Ok(rules)
}

fn duplicate(rule: &FileRule, file: &str, line: usize, order: usize) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code: "duplicate-id",
        message: format!("the id is taken by the rule at {file}:{line}"),
        file: Some(Arc::clone(&rule.pattern.file)),
        place: Some(rule.pattern.begin),
        id: Some(rule.id.clone()),
        span: None,
        help: None,
        excerpt: None,
        order,
    }
}

impl Rules {
    /// The number of rules, accepted or refused.
    pub(crate) fn len(&self) -> u64 {
        self.accepted.len() as u64 + self.refused
    }
}
