//! [`RuleSet`] to [`Automaton`].
//!
//! Every rule is unfolded into branches, every list of alternatives on a path becomes a field test that all rules
//! share which write it, and every alternative becomes a test of the values on its path. The limit of the compiled
//! set is enforced here and nowhere else.

mod access;
mod value;

use std::collections::HashMap;

use crate::automaton::Automaton;
use crate::automaton::decision::{Branch, Decision, FieldTest};
use crate::automaton::path::PathTrie;
use crate::error::{BuildError, BuildErrorKind};
use crate::id::{FieldTestId, PathId, RuleId};
use crate::json::string::compare_units;
use crate::pattern::branch::{Branches, expand, fields};
use crate::rules::RuleSet;

use value::{ListKey, PathCompiler};

/// Compiles a rule set to at most `size_limit` bytes.
pub(crate) fn compile(rules: &RuleSet, size_limit: usize) -> Result<Automaton, BuildError> {
    let mut compiler = Compiler::new(rules);
    for (id, pattern) in rules.iter() {
        compiler.rule(id, &expand(pattern));
        // The estimate is made again from what was compiled only where it decides.
        if compiler.size > size_limit {
            return Err(BuildError::new(BuildErrorKind::SizeLimit { limit: size_limit }, id));
        }
    }
    Ok(compiler.finish())
}

struct Compiler {
    /// Paths are numbered in the order in which array consistency takes them, so all of them must be known first.
    paths: HashMap<Box<[u8]>, PathId>,
    trie: PathTrie,
    values: Vec<PathCompiler>,
    lists: HashMap<(PathId, ListKey), FieldTestId>,
    field_tests: Vec<FieldTest>,
    branches: Vec<Branch>,
    tests: Vec<FieldTestId>,
    /// An estimate of the bytes of the compiled set.
    size: usize,
    rules: usize,
}

impl Compiler {
    fn new(rules: &RuleSet) -> Compiler {
        let mut names: Vec<Box<[u8]>> = Vec::new();
        for (_, pattern) in rules.iter() {
            names.extend(fields(pattern).into_iter().map(|field| field.path));
            // The same few paths come again and again.
            if names.len() > 1 << 16 {
                names.sort_unstable();
                names.dedup();
            }
        }
        names.sort_unstable_by(|a, b| compare_units(a, b));
        names.dedup();
        let mut trie = PathTrie::new();
        let mut paths = HashMap::with_capacity(names.len());
        for name in names {
            let id = PathId(paths.len() as u32);
            trie.insert(&name, id);
            paths.insert(name, id);
        }
        let values = (0..paths.len()).map(|_| PathCompiler::default()).collect();
        let size = trie.memory_usage() + paths.len() * size_of::<crate::automaton::value::ValueTests>();
        let (lists, field_tests, branches, tests) = Default::default();
        Compiler { paths, trie, values, lists, field_tests, branches, tests, size, rules: rules.len() }
    }

    fn rule(&mut self, rule: RuleId, pattern: &Branches<'_>) {
        let fields: Vec<FieldTestId> = pattern
            .fields
            .iter()
            .map(|field| {
                let path = self.paths[&field.path];
                let key = ListKey::new(field.alternatives);
                let next = FieldTestId(self.field_tests.len() as u32);
                let test = *self.lists.entry((path, key)).or_insert(next);
                if test == next {
                    let (absence, size) = self.values[path.index()].add(test, field.alternatives);
                    self.field_tests.push(FieldTest { path, absence });
                    self.size += size + size_of::<FieldTest>();
                }
                test
            })
            .collect();
        for branch in &pattern.branches {
            let start = self.tests.len() as u32;
            self.tests.extend(branch.iter().map(|&field| fields[field as usize]));
            let field_tests = &self.field_tests;
            self.tests[start as usize..].sort_unstable_by_key(|test| field_tests[test.index()].path);
            self.branches.push(Branch { rule, tests: (start, self.tests.len() as u32) });
            self.size += size_of::<Branch>() + size_of::<u32>() + branch.len() * size_of::<FieldTestId>();
        }
    }

    fn finish(self) -> Automaton {
        let weights: Vec<_> = self.values.iter().flat_map(PathCompiler::weights).collect();
        let (access, entries) = access::choose(&self.branches, &self.tests, self.field_tests.len(), &weights);
        let with_absence = self.field_tests.iter().zip(0..).filter(|(test, _)| test.absence);
        let absences = with_absence.map(|(test, id)| (test.path, FieldTestId(id))).collect();
        Automaton {
            paths: self.trie,
            values: self.values.into_iter().map(PathCompiler::finish).collect(),
            absences,
            decision: Decision {
                access,
                entries,
                branches: self.branches.into(),
                tests: self.tests.into(),
                field_tests: self.field_tests.into(),
                rules: self.rules,
            },
        }
    }
}
