//! The reason why an event matches a pattern, or misses it, as text.

use galop::pattern::{Member, Pattern};
use galop::{Extensions, Matcher, PatternLimits, RuleSet, Scratch};

/// Returns the members at the root of the pattern that do not hold for the event, each on a line. If
/// all of them hold, this is said.
pub(crate) fn explanation(pattern: &Pattern, event: &[u8]) -> String {
    let failing: Vec<String> = pattern
        .root()
        .members
        .iter()
        .filter(|member| holds(member, event) == Some(false))
        .map(|member| format!("does not hold: {member}"))
        .collect();
    if failing.is_empty() {
        let members: Vec<String> =
            pattern.root().members.iter().map(|member| format!("holds: {member}")).collect();
        return members.join("\n");
    }
    failing.join("\n")
}

/// Returns true if the event matches the member alone, or `None` if this cannot be told.
fn holds(member: &Member, event: &[u8]) -> Option<bool> {
    let mut limits = PatternLimits::wide();
    limits.extensions = Extensions::ALL;
    let mut rules = RuleSet::with_limits(limits);
    rules.add(&format!("{{{member}}}")).ok()?;
    Matcher::new(&rules).ok()?.is_match(&mut Scratch::new(), event).ok()
}
