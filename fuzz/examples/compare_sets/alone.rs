//! The answers of each rule alone, which are the reference for every set.

use galop::error::EventErrorKind;
use galop::{EventError, MatcherBuilder, RuleSet, Scratch};
use galop_harness::check::configuration::Promise;

/// An event, and the answer of each rule alone.
#[derive(Clone, Debug)]
pub(crate) struct Reference<'a> {
    pub(crate) event: &'a [u8],
    pub(crate) answer: Alone,
    /// The promises that the event keeps.
    promises: Vec<Promise>,
}

#[derive(Clone, Debug)]
pub(crate) enum Alone {
    /// For each rule, true if the event matches.
    Fits(Vec<bool>),
    Refused(EventError),
}

impl Reference<'_> {
    /// Returns true if the event keeps the promise, so that the answer is specified.
    pub(crate) fn keeps(&self, promise: Promise) -> bool {
        self.promises.contains(&promise)
    }
}

/// Returns the answers of each rule alone for each event.
///
/// # Errors
///
/// The event and the fault, if one rule alone gives an error and another does not give the same
/// error.
pub(crate) fn references<'a>(
    rules: &RuleSet,
    events: &[&'a [u8]],
    scratch: &mut Scratch,
) -> Result<Vec<Reference<'a>>, (usize, String)> {
    let reference = |event: &&'a [u8]| Reference {
        event,
        answer: Alone::Fits(Vec::with_capacity(rules.len())),
        promises: Promise::ALL.into_iter().filter(|promise| promise.admits(event)).collect(),
    };
    let mut references: Vec<Reference> = events.iter().map(reference).collect();
    for (number, (_, pattern)) in rules.iter().enumerate() {
        let mut rule = RuleSet::new();
        rule.add_pattern(pattern.clone()).expect("the set has room");
        let matcher = MatcherBuilder::new().build(&rule).expect("one rule is within the limits");
        for (at, reference) in references.iter_mut().enumerate() {
            match (matcher.is_match(scratch, reference.event), &mut reference.answer) {
                (Ok(fits), Alone::Fits(so_far)) if so_far.len() == number => so_far.push(fits),
                (Err(error), Alone::Refused(first)) if error == *first => {}
                (Err(error), answer) if number == 0 => *answer = Alone::Refused(error),
                (found, _) => {
                    return Err((at, format!("rule {number} alone gives {found:?}, and rule 0 does not")));
                }
            }
        }
    }
    Ok(references)
}

/// Returns true if the work limit was reached, which depends on the rules.
pub(crate) fn is_given_up(error: &EventError) -> bool {
    matches!(error.kind(), EventErrorKind::TooMuchWork { .. })
}
