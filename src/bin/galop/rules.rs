//! Reads all rule files into one set, and collects the refused rules.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use galop::pattern::Pattern;
use galop::{BuildError, PatternLimits, RuleSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::output::{Count, word};
use crate::pattern_options::PatternOptions;
use crate::pattern_text::PatternText;
use crate::rule_entry::{Entry, Fault, FileRule, RuleSchedule};
use crate::rule_file;
use crate::rule_schedule;
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
    /// Warnings about the files.
    pub(crate) remarks: Vec<Diagnostic>,
    pub(crate) files: u64,
    /// The number of unreadable files. Each was reported.
    pub(crate) unreadable: u64,
    pub(crate) schedules: u64,
    /// The faults of schedules. Matching needs no schedules, so they refuse no rule.
    pub(crate) bad_schedules: Vec<Diagnostic>,
    /// The number of resources of templates that take every event.
    pub(crate) unfiltered: u64,
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
pub(crate) fn read(arguments: &[PathBuf], patterns: &PatternOptions) -> Result<Rules, Failure> {
    let (limits, defines) = (patterns.limits(), patterns.defines());
    let rules = Rules {
        set: RuleSet::with_limits(limits.clone()),
        accepted: Vec::new(),
        refusals: Vec::new(),
        refused: 0,
        remarks: Vec::new(),
        files: 0,
        unreadable: 0,
        schedules: 0,
        bad_schedules: Vec::new(),
        unfiltered: 0,
        disabled: 0,
    };
    let mut reader = Reader { rules, limits, taken: HashMap::new(), count: 0 };
    // All files are read before the first pattern is parsed, because an id depends on other ids.
    let mut entries = Vec::new();
    for source in source::find(arguments)? {
        reader.rules.files += 1;
        match source.read(FILE_LIMIT) {
            Ok(text) => {
                let read = rule_file::read(&text, &source.label, &source.stem, &defines);
                if read.is_empty() {
                    let remark = Diagnostic::of_empty_file(&source.label, entries.len());
                    reader.rules.remarks.push(remark);
                }
                entries.extend(read.into_iter().map(|entry| (entry, Arc::clone(&source.label))));
            }
            Err(error) => {
                let order = entries.len();
                reader.rules.refusals.push(Diagnostic::of_unreadable(error, &source.label, order));
                reader.rules.unreadable += 1;
            }
        }
    }
    qualify(&mut entries);
    for (entry, file) in entries {
        reader.add(entry, &file);
    }
    Ok(reader.rules)
}

/// Makes ids of names and logical ids. A logical id is unique in its template only: if several
/// templates have it, the id begins with the template. A rule name is unique on its bus only: if several
/// buses have it, the id begins with the bus. If a bus has a name in several accounts or regions, the id
/// is the ARN of the rule.
fn qualify(entries: &mut [(Entry, Arc<str>)]) {
    let mut names: HashMap<String, HashMap<Option<String>, HashSet<String>>> = HashMap::new();
    let mut templates: HashMap<String, HashSet<Arc<str>>> = HashMap::new();
    let mut rules: Vec<&mut FileRule> = Vec::new();
    for (entry, _) in entries {
        if let Entry::Rule(rule) = entry {
            if let Some(template) = &rule.template {
                templates.entry(rule.id.clone()).or_default().insert(Arc::clone(template));
            }
            rules.push(rule);
        }
    }
    for rule in &mut rules {
        if let Some(template) = rule.template.as_ref().filter(|_| templates[&rule.id].len() > 1) {
            rule.id = format!("{template}/{}", rule.id);
        }
    }
    rules.retain(|rule| rule.template.is_none());
    for rule in &rules {
        let arns = names.entry(rule.id.clone()).or_default().entry(rule.bus.clone()).or_default();
        arns.extend(rule.arn.clone());
    }
    for rule in rules {
        let buses = &names[&rule.id];
        match (&rule.arn, &rule.bus) {
            (Some(arn), _) if buses[&rule.bus].len() > 1 => rule.id.clone_from(arn),
            (_, Some(bus)) if buses.len() > 1 => rule.id = format!("{bus}/{}", rule.id),
            _ => {}
        }
    }
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
            Entry::Schedule(schedule) => {
                self.rules.schedules += 1;
                self.rules.bad_schedules.extend(rule_schedule::check(&schedule, self.count));
            }
            Entry::Unfiltered => self.rules.unfiltered += 1,
            Entry::Fault(fault) => {
                let refusal = Diagnostic::of_file(Severity::Error, fault, file, self.count);
                self.rules.refusals.push(refusal);
            }
            Entry::Cut(fault) => {
                let remark = Diagnostic::of_file(Severity::Warning, fault, file, self.count);
                self.rules.remarks.push(remark);
            }
            Entry::Rule(rule) => self.add_rule(rule, file),
        }
        self.rules.refused += u64::from(self.rules.refusals.len() > refusals);
    }

    fn add_rule(&mut self, rule: FileRule, file: &Arc<str>) {
        let FileRule { id, pattern: text, schedule, disabled, bus, .. } = rule;
        let Reader { rules, limits, taken, count } = self;
        let order = *count;
        rules.disabled += u64::from(disabled);
        rules.bad_schedules.extend(rule_schedule::check(&RuleSchedule::of_rule(&id, schedule), order));
        let first = taken.get(&id);
        if let Some((file, line)) = first {
            let message = format!("the id is taken by the rule at {file}:{line}");
            let fault = Fault { id: Some(id.clone()), ..Fault::new(text.begin, "duplicate-id", message) };
            rules.refusals.push(Diagnostic::of_file(Severity::Error, fault, &text.file, order));
        }
        let is_first = first.is_none();
        if is_first {
            taken.insert(id.clone(), (Arc::clone(file), text.begin.line));
        }
        let pattern = Pattern::parse_with(&text.text, limits);
        let added = pattern.and_then(|pattern| is_first.then(|| rules.set.add_pattern(pattern)).transpose());
        match added {
            Err(error) => {
                let mut faults = Pattern::check(&text.text, limits);
                if faults.is_empty() {
                    // The set refuses a pattern that is valid by itself.
                    faults.push(error);
                }
                rules
                    .refusals
                    .extend(faults.iter().map(|fault| Diagnostic::of_error(fault, &id, &text, order)));
            }
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

    /// Returns the patterns of the accepted rules.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.set.iter().map(|(_, pattern)| pattern)
    }

    /// Returns a note for each kind of entry that has no pattern.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.schedules > 0 {
            let schedules = Count(self.schedules, "schedule", "schedules");
            notes.push(format!("{schedules} without event pattern left out"));
        }
        if self.unfiltered > 0 {
            let sources = Count(self.unfiltered, "event source", "event sources");
            notes.push(format!("{sources} without filter left out"));
        }
        notes
    }

    /// Returns the failure of a set that cannot be compiled, with the id of the rule at fault.
    pub(crate) fn build_failure(&self, error: &BuildError) -> Failure {
        let rule = error.rule().map(|rule| format!("rule {}: ", word(&self.accepted[rule.as_usize()].id)));
        Failure::Input(format!("{}{error}", rule.unwrap_or_default()))
    }
}
