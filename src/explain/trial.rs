//! Trials: patterns and events that are matched to test a suspicion.

use crate::builder::MatcherBuilder;
use crate::json::JsonString;
use crate::pattern::Pattern;
use crate::rules::RuleSet;
use crate::scratch::Scratch;

/// Returns true for each pattern that an event matches. Returns `None` if the event is refused, or if
/// the patterns cannot be compiled.
pub(crate) fn matching(patterns: Vec<Pattern>, event: &[u8]) -> Option<Vec<bool>> {
    let mut answer = vec![false; patterns.len()];
    let rules: RuleSet = patterns.into_iter().collect();
    let matcher = MatcherBuilder::new().rule_size_limit(usize::MAX).build(&rules).ok()?;
    for id in matcher.matches(&mut Scratch::new(), event).ok()? {
        answer[id.as_usize()] = true;
    }
    Some(answer)
}

/// Returns an event with one value, given as JSON text, at a path.
pub(crate) fn event(path: &[u8], value: &[u8]) -> Vec<u8> {
    let name = JsonString::from_wtf8(path).to_string();
    [b"{", name.as_bytes(), b":", value, b"}"].concat()
}
