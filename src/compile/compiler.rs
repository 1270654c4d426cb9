//! Compiles rules to branches, field predicates and numbers of values, and those to the compiled
//! set.

use hashbrown::{HashMap, HashSet};

use crate::automaton::Automaton;
use crate::decision::tree::{Branch, Decision};
use crate::id::{FieldPredicateId, PathId, RuleId};
use crate::json::JsonString;
use crate::json::string::compare_units;
use crate::path::trie::PathTrie;
use crate::pattern::Pattern;
use crate::pattern::branch::{Branches, EXPANSION_BUDGET, expand, fields};
use crate::predicate::Predicates;
use crate::predicate::dictionary::Dictionary;
use crate::predicate::field::FieldPredicate;
use crate::predicate::prefilter::Prefilter;
use crate::rules::RuleSet;
use crate::table_range::TableRange;
use crate::tuning::{Toggle, Tuning};

use super::intern::{CompiledTests, Lists, Tests};
use super::names::Names;
use super::{choice, extent, field, tree};

/// The maximum sizes, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeLimits {
    /// The limit for the compiled set.
    pub(crate) set: usize,
    /// The limit for each rule.
    pub(crate) rule: usize,
}

/// The limit that is exceeded.
pub(super) enum Crossed {
    /// The limit for the compiled set.
    Set,
    /// The limit for a rule, which takes this number of bytes.
    Rule(RuleId, usize),
}

/// Compiles the wanted rules within limits. Rules keep their ids. Other rules never match.
///
/// `size` counts only parts that the finished set contains, so compilation stops as soon as `size`
/// exceeds the limit. A set that fits is never rejected, and a set that is far too large is not
/// compiled to its end. A set without rules exceeds no limit.
pub(super) fn attempt(
    rules: &RuleSet,
    is_wanted: impl Fn(RuleId) -> bool,
    limits: SizeLimits,
    tuning: Tuning,
) -> Result<Automaton, Crossed> {
    let (compiler, limit) = compiler(rules, is_wanted, limits, tuning)?;
    compiler.finish(tuning, limit).ok_or(Crossed::Set)
}

/// Compiles all rules within limits. Returns also the names of the numbers.
pub(super) fn attempt_with_names(
    rules: &RuleSet,
    limits: SizeLimits,
    tuning: Tuning,
) -> Result<(Automaton, Names<'_>), Crossed> {
    let (mut compiler, limit) = compiler(rules, |_| true, limits, tuning)?;
    let names = compiler.names();
    Ok((compiler.finish(tuning, limit).ok_or(Crossed::Set)?, names))
}

/// Compiles the wanted rules without the tree. Returns also the limit of the set.
fn compiler(
    rules: &RuleSet,
    is_wanted: impl Fn(RuleId) -> bool,
    limits: SizeLimits,
    tuning: Tuning,
) -> Result<(Compiler<'_>, usize), Crossed> {
    let wanted = || rules.iter().filter(|(id, _)| is_wanted(*id));
    let limit = if wanted().next().is_some() { limits.set } else { usize::MAX };
    let mut compiler = Compiler::new(rules.len(), wanted().map(|(_, pattern)| pattern));
    for (id, pattern) in wanted() {
        let branches = expand(pattern, expansion_budget(tuning));
        let bytes = extent::bytes(&branches);
        if bytes > limits.rule {
            return Err(Crossed::Rule(id, bytes));
        }
        compiler.rule(id, &branches);
        if compiler.size > limit {
            return Err(Crossed::Set);
        }
    }
    Ok((compiler, limit))
}

/// Returns the number of combinations of a pattern that are always expanded.
pub(super) fn expansion_budget(tuning: Tuning) -> usize {
    tuning.choices.beyond(EXPANSION_BUDGET)
}

struct Compiler<'p> {
    /// The numbers of all paths, computed first: they are in the order in which array consistency
    /// visits the paths.
    paths: HashMap<Box<[u8]>, PathId>,
    trie: PathTrie,
    dictionaries: Vec<Dictionary>,
    tests: Tests<'p>,
    lists: Lists<'p>,
    field_tests: Vec<FieldPredicate>,
    branches: Vec<Branch>,
    /// The field predicates of all branches, one branch after the other.
    branch_tests: Vec<FieldPredicateId>,
    choices: choice::Compiled,
    /// The bytes that the finished set takes at least: all of its present parts whose size is
    /// final.
    size: usize,
    rules: usize,
}

impl<'p> Compiler<'p> {
    fn new(rules: usize, patterns: impl Iterator<Item = &'p Pattern>) -> Compiler<'p> {
        // Most patterns name the same few paths.
        let mut distinct: HashSet<Box<[u8]>> = HashSet::new();
        for pattern in patterns {
            distinct.extend(fields(pattern).into_iter().map(|field| field.path));
        }
        let mut names: Vec<Box<[u8]>> = distinct.into_iter().collect();
        names.sort_unstable_by(|a, b| compare_units(a, b));
        let mut trie = PathTrie::new();
        let mut paths = HashMap::with_capacity(names.len());
        for name in names {
            let id = PathId(paths.len() as u32);
            trie.insert(&name, id);
            paths.insert(name, id);
        }
        trie.choose_seeds();
        let mut dictionaries = Vec::new();
        dictionaries.resize_with(paths.len(), Dictionary::default);
        let size = trie.memory_usage() + paths.len() * size_of::<Dictionary>();
        Compiler {
            paths,
            trie,
            dictionaries,
            tests: Tests::default(),
            lists: Lists::default(),
            field_tests: Vec::new(),
            branches: Vec::new(),
            branch_tests: Vec::new(),
            choices: choice::Compiled::default(),
            size,
            rules,
        }
    }

    fn rule(&mut self, rule: RuleId, pattern: &Branches<'p>) {
        let mut fields = Vec::with_capacity(pattern.fields.len());
        for field in &pattern.fields {
            let path = self.paths[&field.path];
            let next = FieldPredicateId(self.field_tests.len() as u32);
            let id = self.lists.add(path, field.alternatives, next);
            if id == next {
                let dictionary = &mut self.dictionaries[path.index()];
                let size = self.tests.size() + dictionary.least_memory_usage();
                let test = field::compile(path, field.alternatives, dictionary, &mut self.tests);
                self.size +=
                    size_of::<FieldPredicate>() + size_of_val(&*test.ids) + size_of_val(&*test.tests);
                self.size += self.tests.size() + dictionary.least_memory_usage() - size;
                self.field_tests.push(test);
            }
            fields.push(id);
        }
        let (mut of_rule, size) = (choice::OfRule::default(), self.choices.size());
        for branch in &pattern.branches {
            let start = self.branch_tests.len();
            self.branch_tests.extend(branch.fields.iter().map(|&field| fields[field as usize]));
            let field_tests = &self.field_tests;
            self.branch_tests[start..].sort_unstable_by_key(|test| field_tests[test.index()].path);
            let choices = self.choices.of_branch(branch, pattern, &fields, &mut of_rule);
            self.branches.push(Branch {
                rule,
                tests: TableRange::to_end(start, &self.branch_tests),
                choices,
            });
            self.size += size_of::<Branch>() + branch.fields.len() * size_of::<FieldPredicateId>();
        }
        self.size += self.choices.size() - size;
    }

    fn names(&mut self) -> Names<'p> {
        let mut paths: Vec<(PathId, &[u8])> = self.paths.iter().map(|(path, &id)| (id, &**path)).collect();
        paths.sort_unstable();
        let mut names = Names {
            paths: paths.into_iter().map(|(_, path)| JsonString::from_wtf8(path)).collect(),
            fields: vec![Vec::new(); self.field_tests.len()],
            predicates: self.tests.names(),
            values: HashMap::new(),
        };
        for (path, tests, field) in self.lists.iter() {
            names.fields[field.index()] = tests.to_vec();
            for &test in tests {
                if let Some(id) = field::value(test, &mut self.dictionaries[path.index()]) {
                    let named = names.values.entry((path, id)).or_insert(test);
                    *named = test.min(named);
                }
            }
        }
        names
    }

    /// Returns the compiled set, or `None` if it takes more bytes than the limit.
    fn finish(self, tuning: Tuning, limit: usize) -> Option<Automaton> {
        let CompiledTests { tests, indexes, bits } =
            self.tests.finish(self.dictionaries.len(), tuning.indexes);
        let predicates = Predicates {
            costs: tests.iter().map(|test| Prefilter::of(test).cost()).collect(),
            paths: self.trie,
            has_addresses: self.dictionaries.iter().map(Dictionary::has_addresses).collect(),
            dictionaries: self.dictionaries.into(),
            tests,
            indexes,
            bits,
            always_indexed: tuning.indexes == Toggle::On,
        };
        let mut decision = Decision {
            branches: self.branches.into(),
            tests: self.branch_tests.into(),
            field_tests: self.field_tests.into(),
            choices: self.choices.finish(),
            rules: self.rules,
            ..Decision::default()
        };
        let without_tree = predicates.memory_usage() + decision.memory_usage();
        tree::build(&mut decision, &predicates, tuning, limit.checked_sub(without_tree)?)?;
        let automaton = Automaton { predicates, decision };
        (automaton.memory_usage() <= limit).then_some(automaton)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Crossed, SizeLimits, attempt};
    use crate::pattern::limits::PatternLimits;
    use crate::rules::RuleSet;
    use crate::tuning::{Toggle, Tuning};

    /// `is_wanted` is called once for the first rule, once for each rule when paths are numbered, and
    /// once for each rule that is compiled.
    #[test]
    #[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
    fn compiling_ends_where_the_limit_is_crossed() {
        const RULES: usize = 200;
        let list = |count: usize, text: &str| {
            (0..count).map(|at| text.replace('#', &at.to_string())).collect::<Vec<_>>().join(",")
        };
        let mut tuning = Tuning::default();
        (tuning.switches, tuning.gates, tuning.groups) = (Toggle::Off, Toggle::Off, Toggle::Off);
        tuning.indexes = Toggle::Off;
        for (name, choices, pattern, most) in [
            ("tests", Toggle::Off, format!(r#"{{"a":[{}]}}"#, list(20, r##"{"wildcard":"%*#*x"}"##)), 55),
            ("lists", Toggle::Off, format!(r#"{{"a":[{}]}}"#, list(20, r#"#,"%""#)), 80),
            ("values", Toggle::Off, format!(r#"{{"a":[{}]}}"#, list(50, r##""%-#""##)), 80),
            ("fields", Toggle::Off, format!("{{{}}}", list(50, r##""a#":[1]"##)), 37),
            (
                "branches",
                Toggle::Off,
                format!(r#"{{{},"$or":[{}]}}"#, list(20, r##""a#":[1]"##), list(50, r##"{"b#":[1]}"##)),
                110,
            ),
            ("choices", Toggle::On, format!(r#"{{"$or":[{}]}}"#, list(50, r##"{"b#":[1]}"##)), 47),
        ] {
            tuning.choices = choices;
            let mut rules = RuleSet::with_limits(PatternLimits::wide());
            for at in 0..RULES {
                rules.add(&pattern.replace('%', &at.to_string())).unwrap();
            }
            let asked = Cell::new(0);
            let is_wanted = |_| {
                asked.set(asked.get() + 1);
                true
            };
            let limits = |set: usize| SizeLimits { set, rule: usize::MAX };
            let Ok(all) = attempt(&rules, is_wanted, limits(usize::MAX), tuning) else { panic!("{name}") };
            assert_eq!(asked.replace(0), 1 + 2 * RULES, "{name}");
            let usage = all.memory_usage();
            assert!(attempt(&rules, is_wanted, limits(usage), tuning).is_ok(), "{name}");
            asked.set(0);
            let crossed = attempt(&rules, is_wanted, limits(usage / 4), tuning);
            assert!(matches!(crossed, Err(Crossed::Set)), "{name}");
            let compiled = asked.get() - 1 - RULES;
            // A part of the set that is not counted before the end would let more rules pass.
            assert!((1..=most).contains(&compiled), "{name}: {compiled}");
        }
    }
}
