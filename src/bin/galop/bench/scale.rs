//! Samples of a rule set, to show how cost grows with the number of rules.

use galop::{BuildError, MatcherBuilder, Pattern, RuleSet};
use serde::{Deserialize, Serialize};

use super::events::Workload;
use super::measure::{Compiled, Effort, Size, decide};
use super::random::Random;
use super::rounds::{Rounds, round};

/// The cost of a sample of the rules.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Point {
    pub(super) size: Size,
    pub(super) one_thread: Rounds,
}

/// Measures a sample of each size, at most the whole set. A larger sample contains the smaller ones.
pub(super) fn measure(
    builder: &MatcherBuilder,
    rules: &RuleSet,
    sizes: &[usize],
    workload: &Workload,
    effort: &Effort,
) -> Result<Vec<Point>, BuildError> {
    let order = shuffled(rules.len());
    let mut sizes: Vec<usize> = sizes.iter().map(|size| *size.min(&rules.len())).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut samples = Vec::new();
    for size in sizes {
        let sample: RuleSet =
            order[..size].iter().filter_map(|&rule| pattern(rules, rule)).cloned().collect();
        samples.push((Compiled::new(builder, &sample)?, Rounds::default()));
    }
    let mut scratch = galop::Scratch::new();
    // The samples alternate, so a slow phase of the machine affects all of them.
    for _ in 0..effort.rounds {
        for (compiled, rounds) in &mut samples {
            let one = |event: &[u8]| decide(&compiled.matcher, &mut scratch, event, effort.any);
            rounds.0.push(round(effort.round / 4, workload, one));
        }
    }
    Ok(samples.into_iter().map(|(compiled, one_thread)| Point { size: compiled.size, one_thread }).collect())
}

fn pattern(rules: &RuleSet, rule: usize) -> Option<&Pattern> {
    rules.get(galop::RuleId::new(u32::try_from(rule).ok()?))
}

/// Returns the numbers below `length` in an order that looks random and is the same in each run (the shuffle of Fisher
/// and Yates).
fn shuffled(length: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    let mut random = Random::new();
    for at in (1..length).rev() {
        order.swap(at, random.below(at + 1));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::shuffled;

    #[test]
    fn shuffle_is_a_permutation() {
        let mut order = shuffled(1000);
        assert_ne!(order[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
        assert!(shuffled(0).is_empty());
    }
}
