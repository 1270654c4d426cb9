//! The limit on the branches of a pattern that must be expanded.

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::pattern::ast::Pattern;
use crate::pattern::walk::{Step, Walk};

use super::factored;

/// A `$or` that is open.
struct Open {
    is_factored: bool,
    span: Span,
    /// The number of branches before it.
    before: usize,
    /// The number of branches after its alternatives so far, if it is expanded.
    after: usize,
}

/// Rejects a pattern that must be expanded to more branches than the limit. The count has the
/// branches that remain if every `$or` that can be factored is factored. Each alternative of a
/// factored `$or` adds its branches beyond the first.
///
/// Takes time in proportion to the pattern, however many branches there are.
pub(super) fn check(pattern: &Pattern, limit: usize) -> Result<(), PatternError> {
    // Every branch is one of the combinations.
    if pattern.combinations <= limit {
        return Ok(());
    }
    let mut factored = factored(pattern, 0).into_iter();
    // The branches of the innermost open alternative of a factored `$or`, and the sum of the
    // branches beyond one in the closed ones.
    let (mut branches, mut beyond) = (1_usize, 0_usize);
    let mut open: Vec<Open> = Vec::new();
    for step in Walk::new(&pattern.root) {
        match step {
            Step::Or { span } => {
                let is_factored = factored.next().unwrap_or_default();
                open.push(Open { is_factored, span, before: branches, after: 0 });
            }
            Step::Alternative { .. } => {
                branches = open.last().map_or(1, |or| if or.is_factored { 1 } else { or.before });
            }
            Step::EndAlternative => {
                let Some(or) = open.last_mut() else { continue };
                let around = if or.is_factored {
                    beyond = beyond.saturating_add(branches - 1);
                    or.before
                } else {
                    or.after = or.after.saturating_add(branches);
                    or.after
                };
                // Later steps never reduce the number of branches.
                if around.saturating_add(beyond) > limit {
                    return Err(PatternError::new(PatternErrorKind::TooManyBranches { limit }, or.span));
                }
            }
            Step::EndOr => {
                branches = open.pop().map_or(1, |or| if or.is_factored { or.before } else { or.after });
            }
            Step::Field { .. } | Step::Enter { .. } | Step::Leave => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::pattern::Pattern;
    use crate::pattern::branch::expand;
    use crate::pattern::limits::PatternLimits;

    /// Returns the least limit within which a pattern is accepted.
    fn least(text: &str) -> usize {
        let limits = PatternLimits { branches: usize::MAX, ..PatternLimits::wide() };
        let pattern = Pattern::parse_with(text, &limits).unwrap();
        (1..).find(|&limit| check(&pattern, limit).is_ok()).unwrap()
    }

    #[test]
    fn factored_or_counts_one() {
        assert_eq!(least(r#"{"a":[1],"$or":[{"b":[1]},{"c":[1]}],"$or":[{"d":[1]},{"e":[1]}]}"#), 1);
        assert_eq!(least(r#"{"$or":[{"a":[1],"$or":[{"b":[1]},{"c":[1]}]},{"a":[1]},{"a":[2]}]}"#), 1);
    }

    #[test]
    fn expanded_ors_multiply() {
        let or = |path: usize| format!(r#""$or":[{{"a{path}":[1]}},{{"b":[{path}]}}],"a{path}":[0]"#);
        let ors = |count: usize| (0..count).map(or).collect::<Vec<_>>().join(",");
        assert_eq!(least(&format!("{{{}}}", ors(1))), 2);
        assert_eq!(least(&format!("{{{}}}", ors(3))), 8);
        assert_eq!(least(&format!("{{{},\"$or\":[{{\"x\":[1]}},{{\"y\":[1]}}]}}", ors(3))), 8);
        // Two alternatives of the factored `$or` have seven branches beyond one each.
        assert_eq!(least(&format!(r#"{{"$or":[{{{0}}},{{{0}}},{{"z":[1]}}]}}"#, ors(3))), 15);
    }

    #[test]
    fn count_equals_expanded_branches() {
        // The number is the number of alternatives of all factored `$or`s.
        for (text, alternatives) in [
            (r#"{"a":[0],"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"$or":[{"a":[1]},{"c":[1]}]}],"d":[1]}"#, 0),
            (r#"{"x":[0],"$or":[{"$or":[{"x":[1]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}]},{"e":[1]}]}"#, 2),
            (r#"{"$or":[{"x":[0],"$or":[{"x":[1]},{"b":[1]}]},{"x":[1,2,3]}],"c":[1]}"#, 2),
            (r#"{"$or":[{"x":[0],"y":[1],"$or":[{"x":[1]},{"$or":[{"y":[2]},{"z":[1]}]}]},{"w":[1]}]}"#, 2),
        ] {
            let pattern = Pattern::parse(text).unwrap();
            let expansion = expand(&pattern, 0);
            let of_choices: usize = expansion.choices.iter().map(|choice| choice.alternatives.len()).sum();
            assert_eq!(expansion.branches.len() + of_choices - alternatives, least(text), "{text}");
        }
    }
}
