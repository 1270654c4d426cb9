//! The size of one compiled rule.

use crate::decision::choice::Instruction;
use crate::decision::tree::Branch;
use crate::id::{ChoiceId, FieldPredicateId};
use crate::pattern::branch::{self, Branches, Field};
use crate::predicate::dictionary::ValueId;
use crate::predicate::field::FieldPredicate;

/// Returns the bytes of a rule: its branches with the numbers of their fields, its choices, and its
/// fields with the text of their alternatives.
///
/// The size depends on the pattern alone, so a rule that is too large is too large in every set.
/// Parts that are shared with other rules count in full, although the set stores them once. The
/// decision tree does not count.
pub(super) fn bytes(pattern: &Branches<'_>) -> usize {
    let branch = |branch: &branch::Branch| {
        size_of::<Branch>() + branch.fields.len() * size_of::<FieldPredicateId>() + list(branch)
    };
    pattern.fields.iter().map(field).sum::<usize>()
        + pattern.branches.iter().map(branch).sum::<usize>()
        + choices(pattern) * size_of::<Instruction>()
}

fn field(field: &Field<'_>) -> usize {
    let alternatives = field.alternatives.iter();
    size_of::<FieldPredicate>()
        + alternatives.map(|alternative| size_of::<ValueId>() + alternative.span.len()).sum::<usize>()
}

/// Returns the bytes of the list of choices of a branch, as if no other branch shared it.
fn list(branch: &branch::Branch) -> usize {
    branch.choices.len() * size_of::<ChoiceId>()
}

/// Returns the number of instructions of all choices that branches have.
fn choices(pattern: &Branches<'_>) -> usize {
    // An inner choice precedes the choice around it, and its instructions are copied into each
    // alternative.
    let mut steps: Vec<usize> = Vec::with_capacity(pattern.choices.len());
    for choice in &pattern.choices {
        let alternative = |branch: &branch::Branch| {
            let inside: usize = branch.choices.iter().map(|&choice| steps[choice as usize]).sum();
            // One `Alternative` and one `Jump`.
            2 + branch.fields.len() + inside
        };
        // The last alternative has no `Jump`, but the `$or` has one `Or`.
        steps.push(choice.alternatives.iter().map(alternative).sum());
    }
    let mut is_made = vec![false; steps.len()];
    for branch in &pattern.branches {
        branch.choices.iter().for_each(|&choice| is_made[choice as usize] = true);
    }
    steps.iter().zip(is_made).filter(|(_, is_made)| *is_made).map(|(steps, _)| steps).sum()
}

#[cfg(test)]
mod tests {
    use super::{bytes, choices};
    use crate::decision::choice::Instruction;
    use crate::id::{ChoiceId, FieldPredicateId};
    use crate::pattern::Pattern;
    use crate::pattern::branch::expand;

    fn of(text: &str) -> usize {
        bytes(&expand(&Pattern::parse(text).unwrap(), 0))
    }

    #[test]
    fn every_part_of_a_rule_counts() {
        let least = of(r#"{"a":[1]}"#);
        assert!((80..200).contains(&least), "{least}");
        assert!(of(r#"{"a":[1,2]}"#) > least);
        assert_eq!(of(r#"{"a":["0123456789"]}"#) - of(r#"{"a":["0"]}"#), 9);
        assert!(of(r#"{"a":[1],"b":[1]}"#) > least + 64);
        assert!(of(r#"{"$or":[{"a":[1]},{"b":[1]}],"a":[1]}"#) > of(r#"{"a":[1],"b":[1]}"#));
        assert!(of(r#"{"$or":[{"a":[1]},{"b":[1]}]}"#) > of(r#"{"a":[1],"b":[1]}"#));
    }

    #[test]
    fn choices_count_by_their_steps() {
        let alternative =
            of(r#"{"$or":[{"a":[1]},{"b":[1]},{"c":[1]}]}"#) - of(r#"{"$or":[{"a":[1]},{"b":[1]}]}"#);
        let field = of(r#"{"a":[1],"b":[1]}"#) - of(r#"{"a":[1]}"#) - size_of::<FieldPredicateId>();
        assert_eq!(alternative, field + 3 * size_of::<Instruction>());
        // One of two choices that have the same fields adds its number to the list of the branch.
        let two = of(r#"{"$or":[{"a":[1]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}]}"#);
        let one = of(r#"{"$or":[{"a":[1]},{"b":[1]},{"c":[1]},{"d":[1]}]}"#);
        assert_eq!(two, one + size_of::<ChoiceId>());
    }

    #[test]
    fn steps_of_choices_are_counted() {
        let steps = |text: &str| choices(&expand(&Pattern::parse(text).unwrap(), 0));
        assert_eq!(steps(r#"{"a":[1]}"#), 0);
        // The numbers equal the instructions in the tests of `choice`.
        assert_eq!(steps(r#"{"$or":[{"a":[1],"b":[1]},{"c":[1]},{"d":[1],"e":[1]}]}"#), 11);
        assert_eq!(steps(r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}],"c":[1]},{"d":[1]}]}"#), 12);
    }
}
