//! The size limits: the rule that an error names, and the part of a set that remains without the
//! rules that are too large.

use crate::automaton::Automaton;
use crate::error::{BuildError, BuildErrorKind};
use crate::id::RuleId;
use crate::pattern::branch::expand;
use crate::rules::RuleSet;
use crate::tuning::Tuning;

use super::compiler::{Crossed, SizeLimits, attempt, attempt_with_names, expansion_budget};
use super::extent;
use super::names::Names;

/// The bytes of a rule, and the rule. If two rules have equal bytes, the later rule is the greater.
type Extent = (usize, RuleId);

/// Compiles a rule set within limits. If the set is too large, the error names the rule that takes
/// the most bytes. Otherwise the error names the first rule that is too large.
pub(crate) fn compile(rules: &RuleSet, limits: SizeLimits, tuning: Tuning) -> Result<Automaton, BuildError> {
    attempt(rules, |_| true, limits, tuning).map_err(|crossed| error(crossed, rules, limits, tuning))
}

/// Compiles a rule set as [`compile`] does. Returns also the names of its numbers.
pub(crate) fn compile_with_names(
    rules: &RuleSet,
    limits: SizeLimits,
    tuning: Tuning,
) -> Result<(Automaton, Names<'_>), BuildError> {
    attempt_with_names(rules, limits, tuning).map_err(|crossed| error(crossed, rules, limits, tuning))
}

fn error(crossed: Crossed, rules: &RuleSet, limits: SizeLimits, tuning: Tuning) -> BuildError {
    match crossed {
        Crossed::Rule(rule, rule_bytes) => of_rule((rule_bytes, rule), limits),
        Crossed::Set => {
            let largest = extents(rules, rules.len(), tuning).max();
            of_set(largest.unwrap_or((0, RuleId::new(0))), limits)
        }
    }
}

/// Compiles as many of the first `count` rules as fit into the limits. Returns an error for each
/// other rule, in the order of their ids.
pub(crate) fn compile_within(
    rules: &RuleSet,
    count: usize,
    limits: SizeLimits,
    tuning: Tuning,
) -> (Automaton, Vec<BuildError>) {
    let mut is_wanted = vec![false; rules.len()];
    let (mut errors, mut rest) = (Vec::new(), Vec::new());
    for extent in extents(rules, count, tuning) {
        let is_too_large = extent.0 > limits.rule;
        is_wanted[extent.1.as_usize()] = !is_too_large;
        if is_too_large {
            errors.push(of_rule(extent, limits));
        } else {
            rest.push(extent);
        }
    }
    rest.sort_unstable();
    // The bytes that a rule adds to the set depend on the other rules, so the rules that fit are
    // found by trial. The number of rules that are left out doubles with each attempt, so there are
    // few attempts. A rule with less than half of the bytes of the largest one is kept, because its
    // removal would not help.
    let mut more = 1;
    let automaton = loop {
        match attempt(rules, |rule| is_wanted[rule.as_usize()], limits, tuning) {
            Ok(automaton) => break automaton,
            Err(_) => {
                let least = rest.last().map_or(0, |largest| least_left_out(largest.0));
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

/// Returns the fewest bytes of a rule that is left out together with one of this size: half, rounded up.
fn least_left_out(largest: usize) -> usize {
    largest.div_ceil(2)
}

/// Returns the size of each of the first `count` rules.
fn extents(rules: &RuleSet, count: usize, tuning: Tuning) -> impl Iterator<Item = Extent> {
    let budget = expansion_budget(tuning);
    rules.iter().take(count).map(move |(id, pattern)| (extent::bytes(&expand(pattern, budget)), id))
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
    use crate::tuning::Tuning;

    #[test]
    fn rules_below_half_of_the_largest_are_kept() {
        for largest in 0..100 {
            let least = super::least_left_out(largest);
            assert!(2 * least >= largest && (least == 0 || 2 * (least - 1) < largest), "{largest}");
        }
    }

    #[test]
    fn no_rule_at_the_limit_is_left_out() {
        let mut rules = RuleSet::new();
        for pattern in [r#"{"a":[1]}"#, r#"{"a":["a long text"]}"#, r#"{"b":[1]}"#] {
            rules.add(pattern).unwrap();
        }
        let tuning = Tuning::default();
        let (most, _) = extents(&rules, rules.len(), tuning).max().unwrap();
        for (rule, left_out) in [(most, 0), (most - 1, 1)] {
            let limits = SizeLimits { set: usize::MAX, rule };
            assert_eq!(compile_within(&rules, rules.len(), limits, tuning).1.len(), left_out);
        }
    }

    /// A rule that takes these bytes, which are many.
    fn of_bytes(number: usize, bytes: usize) -> String {
        let pattern = |length: usize| format!(r#"{{"a":["{number:03}{}"]}}"#, "x".repeat(length));
        let mut rules = RuleSet::new();
        rules.add(&pattern(0)).unwrap();
        let least = extents(&rules, 1, Tuning::default()).next().unwrap().0;
        pattern(bytes - least)
    }

    /// How many rules of these bytes are left out where there is room for the first ones alone.
    fn left_out(bytes: &[usize], room: usize) -> usize {
        let mut rules = RuleSet::new();
        for (number, bytes) in bytes.iter().enumerate() {
            rules.add(&of_bytes(number, *bytes)).unwrap();
        }
        let (tuning, most) = (Tuning::default(), usize::MAX);
        let unlimited = SizeLimits { set: most, rule: most };
        let Ok(first) = attempt(&rules, |rule| rule.as_usize() < room, unlimited, tuning) else { panic!() };
        let limits = SizeLimits { set: first.memory_usage(), rule: most };
        let (automaton, errors) = compile_within(&rules, rules.len(), limits, tuning);
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
