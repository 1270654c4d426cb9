//! Compiles the factored `$or`s of a pattern to the instructions of [`Choices`], with
//! *backpatching* (Aho, Lam, Sethi and Ullman, "Compilers", 2006, section 6.7).
//!
//! The target of a jump is unknown when the jump is written. Instructions that wait for the same
//! target form a linked list: each stores the index of the previous one in place of its target.
//! `backpatch` walks the list and stores the target once it is known. The target of a failed test
//! is the next alternative; the target of a `Jump` is the end of the `$or`.
//!
//! For `{"$or":[{"a":[1],"b":[1]},{"c":[1]}]}`, the code of the first alternative before and after
//! backpatching is
//!
//! ```text
//! 1  Alternative { next: NONE }          { next: 5 }
//! 2  Test        { a, on_fail: NONE }    { a, on_fail: 5 }
//! 3  Test        { b, on_fail: 2 }       { b, on_fail: 5 }    head of the list of tests
//! 4  Jump        { end: NONE }           { end: 7 }           head of the list of jumps
//! ```

use std::slice;

use hashbrown::HashMap;

use crate::decision::choice::{Choices, Instruction, NONE};
use crate::decision::tree::Branch;
use crate::id::{ChoiceId, FieldPredicateId};
use crate::pattern::branch::{self, Branches};

/// The instructions of all rules that are compiled so far.
#[derive(Default)]
pub(super) struct Compiled {
    steps: Vec<Instruction>,
    starts: Vec<u32>,
    lists: Vec<ChoiceId>,
}

/// The choices of one rule.
#[derive(Default)]
pub(super) struct OfRule<'p> {
    ids: HashMap<u32, ChoiceId>,
    /// For each list of choices, its start in [`Compiled::lists`].
    lists: HashMap<&'p [u32], u32>,
}

impl Compiled {
    /// Returns the start of the list of choices of a branch. `fields` are the field predicates of
    /// the pattern.
    pub(super) fn of_branch<'p>(
        &mut self,
        branch: &'p branch::Branch,
        pattern: &Branches<'_>,
        fields: &[FieldPredicateId],
        of_rule: &mut OfRule<'p>,
    ) -> u32 {
        if branch.choices.is_empty() {
            return Branch::NO_CHOICES;
        }
        // Most branches of a rule have the same choices.
        if let Some(&list) = of_rule.lists.get(&*branch.choices) {
            return list;
        }
        for &choice in &branch.choices {
            of_rule.ids.entry(choice).or_insert_with(|| {
                self.starts.push(self.steps.len() as u32);
                write(choice, pattern, fields, &mut self.steps);
                ChoiceId(self.starts.len() as u32 - 1)
            });
        }
        let list = self.lists.len() as u32;
        self.lists.extend(branch.choices.iter().map(|choice| of_rule.ids[choice]));
        self.lists.push(ChoiceId::NONE);
        of_rule.lists.insert(&branch.choices, list);
        list
    }

    /// Returns the size of the compiled choices, in bytes.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.steps) + size_of_val(&*self.starts) + size_of_val(&*self.lists)
    }

    pub(super) fn finish(self) -> Choices {
        Choices { instructions: self.steps.into(), starts: self.starts.into(), lists: self.lists.into() }
    }
}

/// A `$or` that is partly written.
struct Open<'p> {
    /// The index of its first instruction.
    start: usize,
    /// The alternatives that are not yet begun.
    alternatives: slice::Iter<'p, branch::Branch>,
    /// The index of the first instruction of the current alternative.
    alternative: usize,
    /// The choices of the current alternative that are not yet written.
    choices: slice::Iter<'p, u32>,
    /// The head of the list of jumps to the end of the `$or`.
    leaves: u32,
    /// The head of the list of waiting tests from before the `$or`.
    waiting: u32,
}

/// Appends the instructions of a choice.
fn write<'p>(
    choice: u32,
    pattern: &'p Branches<'_>,
    fields: &[FieldPredicateId],
    steps: &mut Vec<Instruction>,
) {
    let open = |choice: u32, waiting: u32, steps: &mut Vec<Instruction>| {
        steps.push(Instruction::Or { end: NONE });
        let alternatives = pattern.choices[choice as usize].alternatives.iter();
        let start = steps.len() - 1;
        Open { start, alternatives, alternative: NONE as usize, choices: [].iter(), leaves: NONE, waiting }
    };
    // The head of the list of tests whose `on_fail` target is unknown. Until it is backpatched,
    // `on_fail` is the previous test of the list.
    let mut waiting = NONE;
    let mut opened: Vec<Open<'p>> = vec![open(choice, waiting, steps)];
    while let Some(or) = opened.last_mut() {
        if let Some(&choice) = or.choices.next() {
            let inner = open(choice, waiting, steps);
            opened.push(inner);
            continue;
        }
        let Some(alternative) = or.alternatives.next() else {
            let end = steps.len() as u32;
            steps[or.start] = Instruction::Or { end };
            backpatch(steps, or.leaves, end);
            opened.pop();
            continue;
        };
        if or.alternative != NONE as usize {
            steps.push(Instruction::Jump { end: or.leaves });
            or.leaves = steps.len() as u32 - 1;
            let next = steps.len() as u32;
            steps[or.alternative] = Instruction::Alternative { next };
            backpatch(steps, waiting, next);
        }
        or.alternative = steps.len();
        steps.push(Instruction::Alternative { next: NONE });
        // A test that fails in the last alternative fails the `$or`, so it continues where the
        // tests before the `$or` continue.
        waiting = if or.alternatives.len() == 0 { or.waiting } else { NONE };
        for &field in &alternative.fields {
            steps.push(Instruction::Test { test: fields[field as usize], on_fail: waiting });
            waiting = steps.len() as u32 - 1;
        }
        or.choices = alternative.choices.iter();
    }
    backpatch(steps, waiting, NONE);
}

/// Stores a target in every instruction of the list whose head is `last`.
fn backpatch(steps: &mut [Instruction], mut last: u32, place: u32) {
    while last != NONE {
        let (Instruction::Test { on_fail: waiting, .. } | Instruction::Jump { end: waiting }) =
            &mut steps[last as usize]
        else {
            return;
        };
        last = std::mem::replace(waiting, place);
    }
}

#[cfg(test)]
mod tests {
    use super::{Compiled, OfRule, write};
    use crate::decision::choice::{Instruction, NONE};
    use crate::id::FieldPredicateId;
    use crate::pattern::Pattern;
    use crate::pattern::branch::expand;

    /// Returns the instructions as text. The pattern is a single `$or`.
    fn steps(text: &str) -> String {
        let pattern = Pattern::parse(text).unwrap();
        let expansion = expand(&pattern, 0);
        let fields: Vec<FieldPredicateId> =
            (0..expansion.fields.len() as u32).map(FieldPredicateId).collect();
        let mut steps = Vec::new();
        write(expansion.branches[0].choices[0], &expansion, &fields, &mut steps);
        let place = |at: u32| if at == NONE { "-".to_owned() } else { at.to_string() };
        let show = |step: &Instruction| match *step {
            Instruction::Or { end } => format!("or {end}"),
            Instruction::Alternative { next } => format!("alternative {}", place(next)),
            Instruction::Test { test, on_fail } => {
                let path = String::from_utf8_lossy(&expansion.fields[test.index()].path);
                format!("{path} {}", place(on_fail))
            }
            Instruction::Jump { end } => format!("jump {end}"),
        };
        steps.iter().map(show).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn alternatives_follow_each_other() {
        assert_eq!(
            steps(r#"{"$or":[{"a":[1],"b":[1]},{"c":[1]},{"d":[1],"e":[1]}]}"#),
            "or 11, alternative 5, a 5, b 5, jump 11, alternative 8, c 8, jump 11, alternative -, d -, e -"
        );
    }

    #[test]
    fn failed_inner_or_continues_after_outer_alternative() {
        assert_eq!(
            steps(r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}],"c":[1]},{"d":[1]}]}"#),
            "or 12, alternative 10, c 10, or 9, alternative 7, a 7, jump 9, alternative -, b 10, jump 12, alternative -, d -"
        );
        assert_eq!(
            steps(r#"{"$or":[{"a":[1]},{"$or":[{"b":[1]},{"c":[1]}],"$or":[{"d":[1]},{"e":[1]}]}]}"#),
            "or 17, alternative 4, a 4, jump 17, alternative -, or 11, alternative 9, b 9, jump 11, alternative -, c -, \
             or 17, alternative 15, d 15, jump 17, alternative -, e -"
        );
        // Several tests before the inner $or wait for the same alternative.
        assert_eq!(
            steps(r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}],"c":[1],"e":[1]},{"d":[1]}]}"#),
            "or 13, alternative 11, c 11, e 11, or 10, alternative 8, a 8, jump 10, alternative -, b 11, jump 13, \
             alternative -, d -"
        );
    }

    #[test]
    fn choices_are_compiled_once_and_their_bytes_are_counted() {
        let pattern = Pattern::parse(r#"{"$or":[{"a":[1]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}]}"#).unwrap();
        let expansion = expand(&pattern, 0);
        let fields: Vec<FieldPredicateId> =
            (0..expansion.fields.len() as u32).map(FieldPredicateId).collect();
        let (mut compiled, mut of_rule) = (Compiled::default(), OfRule::default());
        let branch = &expansion.branches[0];
        let list = compiled.of_branch(branch, &expansion, &fields, &mut of_rule);
        // Six steps and a start for each of two choices, and a list of two with its end.
        let bytes = 12 * size_of::<Instruction>() + 5 * size_of::<u32>();
        assert_eq!(compiled.size(), bytes);
        assert_eq!(compiled.of_branch(branch, &expansion, &fields, &mut of_rule), list);
        assert_eq!(compiled.size(), bytes);
        assert_eq!(compiled.finish().memory_usage(), bytes);
    }
}
