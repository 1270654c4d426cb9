//! Trials: patterns and values that are matched to find out whether a suspicion is true.

use crate::builder::MatcherBuilder;
use crate::json::JsonString;
use crate::pattern::Pattern;
use crate::rules::RuleSet;
use crate::scratch::Scratch;

/// Returns which of the patterns match an event. None do if the event is refused.
pub(crate) fn matching(patterns: Vec<Pattern>, event: &[u8]) -> Vec<bool> {
    let mut answer = vec![false; patterns.len()];
    let rules: RuleSet = patterns.into_iter().collect();
    let Ok(matcher) = MatcherBuilder::new().rule_size_limit(usize::MAX).build(&rules) else { return answer };
    for id in matcher.matches(&mut Scratch::new(), event).unwrap_or_default() {
        answer[id.as_usize()] = true;
    }
    answer
}

/// Returns true if the pattern matches an event.
pub(crate) fn matches(pattern: Pattern, event: &[u8]) -> bool {
    matching(vec![pattern], event) == [true]
}

/// Returns an event with one value, given as JSON text, at a path.
pub(crate) fn event(path: &[u8], value: &[u8]) -> Vec<u8> {
    let name = JsonString::from_wtf8(path).to_string();
    [b"{", name.as_bytes(), b":", value, b"}"].concat()
}
