//! [`Layer`]: some rules, compiled together.

use std::sync::Arc;

use crate::automaton::Automaton;
use crate::builder::MatcherBuilder;
use crate::error::BuildError;
use crate::pattern::Pattern;
use crate::pattern::limits::PatternLimits;
use crate::rules::RuleSet;

use super::rule::LiveRule;

/// Some rules, compiled together. A layer is immutable; rules of a layer can end.
#[derive(Debug)]
pub(super) struct Layer<K, V> {
    pub(super) automaton: Automaton,
    /// The rules, indexed by their ids in the compiled set.
    pub(super) rules: Box<[Arc<LiveRule<K, V>>]>,
    /// The paths, indexed by their ids in the compiled set.
    pub(super) paths: Box<[Box<[u8]>]>,
    /// The number of bytes that the layer takes.
    pub(super) bytes: usize,
}

impl<K, V> Layer<K, V> {
    /// Compiles rules. The other layers of the set take `others` bytes.
    ///
    /// The id of an error is the index of the rule.
    pub(super) fn compile(
        rules: Vec<Arc<LiveRule<K, V>>>,
        (builder, limits): (&MatcherBuilder, &PatternLimits),
        others: usize,
    ) -> Result<Layer<K, V>, BuildError> {
        let mut set = RuleSet::with_limits(limits.clone());
        for rule in &rules {
            let pattern = Pattern::parse_with(rule.pattern.as_bytes(), limits);
            let pattern = pattern.expect("the pattern was accepted when the rule was inserted");
            set.add_pattern(pattern).expect("a layer has no more rules than a set");
        }
        let automaton = builder.build_part(&set, others)?;
        let mut paths = automaton.predicates.paths.paths();
        paths.sort_unstable_by_key(|(_, id)| *id);
        let paths: Box<[Box<[u8]>]> = paths.into_iter().map(|(path, _)| path).collect();
        let rules: Box<[_]> = rules.into();
        let names: usize = paths.iter().map(|path| path.len()).sum();
        let bytes = automaton.memory_usage() + size_of_val(&*rules) + size_of_val(&*paths) + names;
        Ok(Layer { automaton, rules, paths, bytes })
    }

    /// Returns the rules that have not ended.
    pub(super) fn open_rules(&self) -> impl Iterator<Item = &Arc<LiveRule<K, V>>> {
        self.rules.iter().filter(|rule| rule.is_open())
    }
}
