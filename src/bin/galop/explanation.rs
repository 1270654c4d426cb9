//! The reason why an event matches a pattern, or misses it, as text.

use galop::explain::explain_pattern;
use galop::pattern::Pattern;

/// Returns the explanation of a pattern for an event, without the first line, which says whether
/// the event matches.
pub(crate) fn explanation(pattern: &Pattern, event: &[u8]) -> String {
    match explain_pattern(pattern, event) {
        Ok(explanation) => {
            let text = explanation.to_string();
            let lines: Vec<&str> =
                text.lines().skip(1).map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
            lines.join("\n")
        }
        Err(error) => error.to_string(),
    }
}
