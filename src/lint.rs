//! Warnings about valid patterns that probably have a mistake.
//!
//! ```
//! let mut rules = galop::RuleSet::new();
//! let text = r#"{"source":["aws.ec2"],"source":["aws.s3"]}"#;
//! rules.add(text)?;
//!
//! let warnings = galop::lint::lint(&rules);
//! assert_eq!(warnings[0].code(), "duplicate-key");
//! assert_eq!(&text[warnings[0].span().start..warnings[0].span().end], r#""source""#);
//! # Ok::<(), galop::PatternError>(())
//! ```

mod impossible;
mod warning;

use std::collections::{HashMap, HashSet};

use crate::error::Span;
use crate::json::number;
use crate::pattern::branch::{Branches, EXPANSION_BUDGET, expand, fields};
use crate::pattern::{Alternative, Member, Object, ValueTest};
use crate::rules::RuleSet;

use impossible::{impossible_fields, is_numeric};

pub use warning::{Warning, WarningKind};

/// Returns the warnings about a rule set, in the order of the rules. The warnings of one rule are
/// in the order of the text.
///
/// The time is proportional to the length of the patterns after expansion. `$or`s are expanded as
/// in [`MatcherBuilder::build`](crate::MatcherBuilder::build).
#[must_use]
pub fn lint(rules: &RuleSet) -> Vec<Warning> {
    // For each path compared with numbers, the only rule with the comparison, or `None` if there
    // are several rules.
    let mut numeric_paths = HashMap::new();
    for (rule, pattern) in rules.iter() {
        for field in fields(pattern) {
            if field.alternatives.iter().any(|alternative| is_numeric(&alternative.test)) {
                let only = numeric_paths.entry(field.path).or_insert(Some(rule));
                *only = only.filter(|only| *only == rule);
            }
        }
    }
    let mut warnings = Vec::new();
    for (rule, pattern) in rules.iter() {
        let mut found = Vec::new();
        let expansion = expand(pattern, EXPANSION_BUDGET);
        duplicate_keys(&expansion, &mut found);
        dotted_keys(pattern.root(), &mut found);
        impossible_fields(&expansion, &mut found);
        for field in &expansion.fields {
            if numeric_paths.get(&field.path).is_some_and(|only| *only != Some(rule)) {
                quoted_numbers(field.alternatives, &mut found);
            }
        }
        found.sort_by_key(|(span, _)| (span.start, span.end));
        warnings.extend(found.into_iter().map(|(span, kind)| Warning { rule, kind, span }));
    }
    warnings
}

type Found = Vec<(Span, WarningKind)>;

/// Reports fields that are in no branch.
fn duplicate_keys(expansion: &Branches<'_>, found: &mut Found) {
    let mut kept = vec![false; expansion.fields.len()];
    let alternatives = expansion.choices.iter().flat_map(|choice| &choice.alternatives);
    for &field in expansion.branches.iter().chain(alternatives).flat_map(|branch| &branch.fields) {
        kept[field as usize] = true;
    }
    let lost = expansion.fields.iter().zip(kept).filter(|(_, kept)| !kept);
    found.extend(lost.map(|(field, _)| (field.span, WarningKind::DuplicateKey)));
}

/// Reports names with dots whose first part names an object beside them.
fn dotted_keys(root: &Object, found: &mut Found) {
    let mut open = vec![root];
    while let Some(object) = open.pop() {
        dotted_keys_of(object, found);
        for member in &object.members {
            match member {
                Member::Nested { object, .. } => open.push(object),
                Member::Or { alternatives, .. } => open.extend(alternatives),
                Member::Field { .. } => {}
            }
        }
    }
}

/// Reports the dotted names of one object.
fn dotted_keys_of(object: &Object, found: &mut Found) {
    let nested: HashSet<&[u8]> = object
        .members
        .iter()
        .filter_map(|member| match member {
            Member::Nested { name, .. } => Some(name.text.as_bytes()),
            _ => None,
        })
        .collect();
    // A prefix is hashed only if a nested name has its length: a name may be nothing but dots.
    let lengths: HashSet<usize> = nested.iter().map(|name| name.len()).collect();
    for member in &object.members {
        let (Member::Nested { name, .. } | Member::Field { name, .. }) = member else { continue };
        let text = name.text.as_bytes();
        let mut dots = memchr::memchr_iter(b'.', text);
        if dots.any(|at| lengths.contains(&at) && nested.contains(&text[..at])) {
            found.push((name.span, WarningKind::DottedKey));
        }
    }
}

/// Reports strings that are numbers.
fn quoted_numbers(alternatives: &[Alternative], found: &mut Found) {
    for alternative in alternatives {
        if let ValueTest::String(text) = &alternative.test
            && number::is_valid(text.as_bytes())
        {
            found.push((alternative.span, WarningKind::QuotedNumber));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lint;
    use crate::rules::RuleSet;

    /// Returns the warnings about the last pattern of a set: the code, and the text at the place.
    fn warnings(patterns: &[&str]) -> Vec<(&'static str, String)> {
        let mut rules = RuleSet::new();
        for pattern in patterns {
            rules.add(pattern).unwrap();
        }
        let text = patterns[patterns.len() - 1];
        let last = |warning: &super::Warning| warning.rule().as_usize() == patterns.len() - 1;
        let show =
            |warning: super::Warning| (warning.code(), text[warning.span().start..warning.span().end].into());
        lint(&rules).into_iter().filter(last).map(show).collect()
    }

    #[test]
    fn ordinary_patterns_have_no_warning() {
        let pattern = r#"{"source":["aws.ec2"],"detail":{"a.b":["5"],"c":[5],"d":{"e":[{"exists":false}]}}}"#;
        assert_eq!(warnings(&[pattern]), []);
    }

    #[test]
    fn overwritten_fields_are_reported() {
        assert_eq!(warnings(&[r#"{"a":[1],"a":[2]}"#]), [("duplicate-key", r#""a""#.into())]);
        let pattern = r#"{"a":{"b":[1]},"a.b":[2]}"#;
        assert_eq!(
            warnings(&[pattern]),
            [("duplicate-key", r#""b""#.into()), ("dotted-key", r#""a.b""#.into())]
        );
        // Inside one alternative, only the other alternative keeps the field.
        assert_eq!(warnings(&[r#"{"a":[1],"$or":[{"a":[2]},{"b":[3]}]}"#]), []);
        assert_eq!(warnings(&[r#"{"a":[1],"$or":[{"a":[2]},{"a":[3]}]}"#]).len(), 1);
    }

    #[test]
    fn dotted_names_beside_their_object_are_reported() {
        assert_eq!(warnings(&[r#"{"a":{"b":[1]},"a.c":[2]}"#]), [("dotted-key", r#""a.c""#.into())]);
        assert_eq!(
            warnings(&[r#"{"d":{"a":{"b":[1]},"a.c":{"x":[2]}}}"#]),
            [("dotted-key", r#""a.c""#.into())]
        );
    }

    #[test]
    fn impossible_rules_are_reported() {
        let range = r#"{"a":[{"numeric":[">",1,"<",1.0000000000000002]}]}"#;
        assert_eq!(warnings(&[range]), [("empty-range", r#""a""#.into())]);
        assert_eq!(warnings(&[r#"{"a":[{"numeric":[">=",1,"<",1.0000000000000002]}]}"#]), []);
        for pattern in [
            r#"{"account":[111122223333]}"#,
            r#"{"detail":["x"]}"#,
            r#"{"source":{"x":["y"]}}"#,
            r#"{"resources":[null]}"#,
            r#"{"$or":[{"account":[1]},{"region":[true]}]}"#,
        ] {
            let found = warnings(&[pattern]);
            assert!(
                !found.is_empty() && found.iter().all(|(code, _)| *code == "envelope-field"),
                "{pattern}"
            );
        }
        for pattern in [
            r#"{"account":["111122223333",5]}"#,
            r#"{"detail":[{"exists":false}]}"#,
            r#"{"source":[{"anything-but":[5]}]}"#,
            r#"{"$or":[{"account":[1]},{"region":["x"]}]}"#,
        ] {
            assert_eq!(warnings(&[pattern]), [], "{pattern}");
        }
    }

    #[test]
    fn quoted_numbers_are_reported() {
        let number = r#"{"detail":{"code":[{"numeric":[">",400]}]}}"#;
        assert_eq!(
            warnings(&[number, r#"{"detail":{"code":["404"]}}"#]),
            [("quoted-number", r#""404""#.into())]
        );
        assert_eq!(warnings(&[number, r#"{"detail":{"code":["E404"]}}"#]), []);
        assert_eq!(warnings(&[r#"{"detail":{"code":["404"]}}"#]), []);
    }
}
