//! Which limit a rule set crosses and because of which rule, and what is left of a set without the rules that are too large.

use crate::automaton::Automaton;
use crate::error::{BuildError, BuildErrorKind};
use crate::id::RuleId;
use crate::pattern::branch::expand;
use crate::rules::RuleSet;
use crate::strategy::Strategy;

use super::compiler::{Crossed, SizeLimits, attempt, written_out};
use super::extent;

/// The bytes of a rule and the rule. Of rules with as many bytes the later one is the greater.
type Extent = (usize, RuleId);

/// Compiles a rule set within limits. The error names the rule that takes the most bytes if the set is too large, and the
/// first one that is too large otherwise.
pub(crate) fn compile(
    rules: &RuleSet,
    limits: SizeLimits,
    strategy: Strategy,
) -> Result<Automaton, BuildError> {
    attempt(rules, |_| true, limits, strategy).map_err(|crossed| match crossed {
        Crossed::Rule(rule, rule_bytes) => of_rule((rule_bytes, rule), limits),
        Crossed::Set => {
            let largest = extents(rules, rules.len(), strategy).max();
            of_set(largest.unwrap_or((0, RuleId::new(0))), limits)
        }
    })
}

/// Compiles as many of the first `count` rules as fit into the limits; an error for each other rule, in the order of their ids.
pub(crate) fn compile_within(
    rules: &RuleSet,
    count: usize,
    limits: SizeLimits,
    strategy: Strategy,
) -> (Automaton, Vec<BuildError>) {
    let mut is_wanted = vec![false; rules.len()];
    let (mut errors, mut rest) = (Vec::new(), Vec::new());
    for extent in extents(rules, count, strategy) {
        let is_too_large = extent.0 > limits.rule;
        is_wanted[extent.1.as_usize()] = !is_too_large;
        if is_too_large {
            errors.push(of_rule(extent, limits));
        } else {
            rest.push(extent);
        }
    }
    rest.sort_unstable();
    // How much a rule adds to the set depends on the others, so it is found by trying. The number of rules that are left out
    // doubles, so that there are few attempts; rules of another order of size are spared, as they would not help.
    let mut more = 1;
    let automaton = loop {
        match attempt(rules, |rule| is_wanted[rule.as_usize()], limits, strategy) {
            Ok(automaton) => break automaton,
            Err(_) => {
                let least = rest.last().map_or(0, |largest| largest.0 / 2);
                let count = rest.iter().rev().take(more).take_while(|extent| extent.0 >= least).count();
                for extent in rest.split_off(rest.len() - count) {
                    is_wanted[extent.1.as_usize()] = false;
                    errors.push(of_set(extent, limits));
                }
                more *= 2;
            }
        }
    };
    errors.sort_unstable_by_key(BuildError::rule);
    (automaton, errors)
}

/// What each of the first `count` rules takes.
fn extents(rules: &RuleSet, count: usize, strategy: Strategy) -> impl Iterator<Item = Extent> {
    let written_out = written_out(strategy);
    rules.iter().take(count).map(move |(id, pattern)| (extent::bytes(&expand(pattern, written_out)), id))
}

fn of_set((rule_bytes, rule): Extent, limits: SizeLimits) -> BuildError {
    BuildError::new(BuildErrorKind::SizeLimit { limit: limits.set, rule_bytes }, rule)
}

fn of_rule((rule_bytes, rule): Extent, limits: SizeLimits) -> BuildError {
    BuildError::new(BuildErrorKind::RuleSizeLimit { limit: limits.rule, rule_bytes }, rule)
}

#[cfg(test)]
mod tests {
    use super::{attempt, compile_within, extents};
    use crate::compile::SizeLimits;
    use crate::rules::RuleSet;
    use crate::strategy::Strategy;

    #[test]
    fn no_rule_at_the_limit_is_left_out() {
        let mut rules = RuleSet::new();
        for pattern in [r#"{"a":[1]}"#, r#"{"a":["a long text"]}"#, r#"{"b":[1]}"#] {
            rules.add(pattern).unwrap();
        }
        let strategy = Strategy::default();
        let (most, _) = extents(&rules, rules.len(), strategy).max().unwrap();
        for (rule, left_out) in [(most, 0), (most - 1, 1)] {
            let limits = SizeLimits { set: usize::MAX, rule };
            assert_eq!(compile_within(&rules, rules.len(), limits, strategy).1.len(), left_out);
        }
    }

    /// A rule that takes these bytes, which are many.
    fn of_bytes(number: usize, bytes: usize) -> String {
        let pattern = |length: usize| format!(r#"{{"a":["{number:03}{}"]}}"#, "x".repeat(length));
        let mut rules = RuleSet::new();
        rules.add(&pattern(0)).unwrap();
        let least = extents(&rules, 1, Strategy::default()).next().unwrap().0;
        pattern(bytes - least)
    }

    /// How many rules of these bytes are left out where there is room for the first ones alone.
    fn left_out(bytes: &[usize], room: usize) -> usize {
        let mut rules = RuleSet::new();
        for (number, bytes) in bytes.iter().enumerate() {
            rules.add(&of_bytes(number, *bytes)).unwrap();
        }
        let (strategy, most) = (Strategy::default(), usize::MAX);
        let unlimited = SizeLimits { set: most, rule: most };
        let Ok(first) = attempt(&rules, |rule| rule.as_usize() < room, unlimited, strategy) else { panic!() };
        let limits = SizeLimits { set: first.memory_usage(), rule: most };
        let (automaton, errors) = compile_within(&rules, rules.len(), limits, strategy);
        assert!(automaton.memory_usage() <= limits.set);
        errors.len()
    }

    #[test]
    #[cfg_attr(miri, ignore = "so many rules take an interpreter minutes")]
    fn numbers_of_rules_that_are_left_out_double() {
        for (too_many, expected) in [(0, 0), (1, 1), (2, 3), (3, 3), (4, 7), (7, 7), (8, 15), (15, 15)] {
            assert_eq!(left_out(&[1_000; 40], 40 - too_many), expected, "{too_many}");
        }
        // Others that are nearly as large, down to half of the bytes.
        assert_eq!(left_out(&[600, 601, 602, 603, 604, 605], 4), 3);
        assert_eq!(left_out(&[600, 600, 600, 600, 1_200, 1_200], 4), 3);
        assert_eq!(left_out(&[600, 600, 600, 600, 1_202, 1_202], 4), 2);
    }
}
