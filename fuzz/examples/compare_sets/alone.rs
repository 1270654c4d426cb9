//! What each rule answers when it is alone: the reference for every set.

use galop::{Builder, EventError, EventErrorKind, Scratch};

use crate::way::build;

/// What rules answer to one event, each alone.
#[derive(Clone, Debug)]
pub(crate) enum Alone {
    /// Whether the event fits, for each rule.
    Fits(Vec<bool>),
    Refused(EventError),
}

/// The answers of each rule alone to each event.
///
/// # Errors
///
/// The event and what is wrong, if it is refused beside one rule and not beside another.
pub(crate) fn alone(
    rules: &[&str],
    events: &[&[u8]],
    scratch: &mut Scratch,
) -> Result<Vec<Alone>, (usize, String)> {
    let mut answers = vec![Alone::Fits(Vec::with_capacity(rules.len())); events.len()];
    for (number, rule) in rules.iter().enumerate() {
        let matcher = build(&Builder::new(), &[rule]);
        for (at, event) in events.iter().enumerate() {
            match (matcher.is_match(scratch, event), &mut answers[at]) {
                (Ok(fits), Alone::Fits(so_far)) if so_far.len() == number => so_far.push(fits),
                (Err(error), Alone::Refused(first)) if error == *first => {}
                (Err(error), answer) if number == 0 => *answer = Alone::Refused(error),
                (found, _) => {
                    return Err((
                        at,
                        format!(
                            "beside rule {number} alone it gives {found:?}, beside the rules before it something else"
                        ),
                    ));
                }
            }
        }
    }
    Ok(answers)
}

/// Whether the answer was given up, which depends on the rules.
pub(crate) fn is_given_up(error: &EventError) -> bool {
    matches!(error.kind(), EventErrorKind::TooMuchWork { .. })
}
