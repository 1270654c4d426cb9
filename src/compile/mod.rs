//! [`RuleSet`] to [`Automaton`].
//!
//! Every rule is unfolded into branches, and what is not unfolded into choices of them. Every list of alternatives on a path
//! becomes a field test that all rules share which write it, every value gets a number, and every other alternative becomes
//! a test that is kept once. The branches are then sorted into the groups of the decision tree. The limit of the compiled
//! set is enforced here and nowhere else.

mod choice;
mod field;
mod group;
mod intern;
mod tree;

use hashbrown::{HashMap, HashSet};

use crate::automaton::Automaton;
use crate::decision::{Branch, Decision};
use crate::error::{BuildError, BuildErrorKind};
use crate::id::{FieldTestId, PathId, RuleId};
use crate::json::string::compare_units;
use crate::pattern::branch::{Branches, WRITTEN_OUT, expand, fields};
use crate::rules::RuleSet;
use crate::strategy::{Strategy, Use};
use crate::vocabulary::Vocabulary;
use crate::vocabulary::dictionary::Dictionary;
use crate::vocabulary::guard::Guard;
use crate::vocabulary::path::PathTrie;
use crate::vocabulary::test::FieldTest;

use intern::{CompiledTests, Lists, Tests};

/// Compiles a rule set to at most `size_limit` bytes.
pub(crate) fn compile(
    rules: &RuleSet,
    size_limit: usize,
    strategy: Strategy,
) -> Result<Automaton, BuildError> {
    if let Some(automaton) = compile_first(rules, rules.len(), size_limit, strategy) {
        return Ok(automaton);
    }
    // How much a rule takes depends on those before it, so the one that crosses the limit is found by trying.
    let (mut fits, mut crosses) = (0, rules.len());
    while crosses - fits > 1 {
        let middle = fits + (crosses - fits) / 2;
        match compile_first(rules, middle, size_limit, strategy) {
            Some(_) => fits = middle,
            None => crosses = middle,
        }
    }
    Err(BuildError::new(BuildErrorKind::SizeLimit { limit: size_limit }, RuleId::new(fits as u32)))
}

/// Compiles the first `count` rules, unless they cross the limit.
fn compile_first(rules: &RuleSet, count: usize, size_limit: usize, strategy: Strategy) -> Option<Automaton> {
    let mut compiler = Compiler::new(rules, count);
    let written_out = strategy.choices.beyond(WRITTEN_OUT);
    for (id, pattern) in rules.iter().take(count) {
        compiler.rule(id, &expand(pattern, written_out));
        // A set that is far too large is not even finished.
        if compiler.size > size_limit {
            return None;
        }
    }
    let automaton = compiler.finish(strategy);
    (count == 0 || automaton.memory_usage() <= size_limit).then_some(automaton)
}

struct Compiler<'p> {
    /// Paths are numbered in the order in which array consistency takes them, so all of them must be known first.
    paths: HashMap<Box<[u8]>, PathId>,
    trie: PathTrie,
    dictionaries: Vec<Dictionary>,
    tests: Tests<'p>,
    lists: Lists<'p>,
    field_tests: Vec<FieldTest>,
    branches: Vec<Branch>,
    /// The field tests of all branches, one branch after the other.
    branch_tests: Vec<FieldTestId>,
    choices: choice::Compiled,
    /// An estimate of the bytes of the compiled set.
    size: usize,
    rules: usize,
}

impl<'p> Compiler<'p> {
    fn new(rules: &'p RuleSet, count: usize) -> Compiler<'p> {
        // The same few paths come again and again.
        let mut distinct: HashSet<Box<[u8]>> = HashSet::new();
        for (_, pattern) in rules.iter().take(count) {
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
        trie.settle();
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
            rules: count,
        }
    }

    fn rule(&mut self, rule: RuleId, pattern: &Branches<'p>) {
        let mut fields = Vec::with_capacity(pattern.fields.len());
        for field in &pattern.fields {
            let path = self.paths[&field.path];
            let next = FieldTestId(self.field_tests.len() as u32);
            let id = self.lists.add(path, field.alternatives, next);
            if id == next {
                let dictionary = &mut self.dictionaries[path.index()];
                self.field_tests.push(field::compile(path, field.alternatives, dictionary, &mut self.tests));
                let text: usize =
                    field.alternatives.iter().map(|alternative| alternative.span.len() + 64).sum();
                self.size += size_of::<FieldTest>() + text;
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
                tests: (start as u32, self.branch_tests.len() as u32),
                choices,
            });
            self.size += size_of::<Branch>() + 64 + branch.fields.len() * (size_of::<FieldTestId>() + 16);
        }
        self.size += self.choices.size() - size;
    }

    fn finish(self, strategy: Strategy) -> Automaton {
        let CompiledTests { tests, portfolios, bits } =
            self.tests.finish(self.dictionaries.len(), strategy.portfolios);
        let vocabulary = Vocabulary {
            weights: tests.iter().map(|test| Guard::of(test).weight()).collect(),
            paths: self.trie,
            has_addresses: self.dictionaries.iter().map(Dictionary::has_addresses).collect(),
            dictionaries: self.dictionaries.into(),
            tests,
            portfolios,
            bits,
            always_together: strategy.portfolios == Use::Always,
        };
        let mut decision = Decision {
            branches: self.branches.into(),
            tests: self.branch_tests.into(),
            field_tests: self.field_tests.into(),
            choices: self.choices.finish(),
            rules: self.rules,
            ..Decision::default()
        };
        tree::build(&mut decision, &vocabulary, strategy);
        Automaton { vocabulary, decision }
    }
}
