//! Tests of all lints.

use super::{EventProfile, Level, Lints, Needs, Warning, WarningKind, lint, lint_with_events};
use crate::pattern::Pattern;
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
    assert_eq!(warnings(&[pattern]), [("duplicate-key", r#""b""#.into()), ("dotted-key", r#""a.b""#.into())]);
    // Inside one alternative, only the other alternative keeps the field.
    assert_eq!(warnings(&[r#"{"a":[1],"$or":[{"a":[2]},{"b":[3]}]}"#]), []);
    assert_eq!(warnings(&[r#"{"a":[1],"$or":[{"a":[2]},{"a":[3]}]}"#]).len(), 1);
}

#[test]
fn dotted_names_beside_their_object_are_reported() {
    assert_eq!(warnings(&[r#"{"a":{"b":[1]},"a.c":[2]}"#]), [("dotted-key", r#""a.c""#.into())]);
    assert_eq!(warnings(&[r#"{"d":{"a":{"b":[1]},"a.c":{"x":[2]}}}"#]), [("dotted-key", r#""a.c""#.into())]);
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
        assert!(!found.is_empty() && found.iter().all(|(code, _)| *code == "envelope-field"), "{pattern}");
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
    assert_eq!(warnings(&[number, r#"{"detail":{"code":["404"]}}"#]), [("quoted-number", r#""404""#.into())]);
    assert_eq!(warnings(&[number, r#"{"detail":{"code":["E404"]}}"#]), []);
    assert_eq!(warnings(&[r#"{"detail":{"code":["404"]}}"#]), []);
}

/// Returns the warnings about the last pattern of a set, compared with events.
fn warnings_of(patterns: &[&str], events: &[&str], lints: &Lints) -> Vec<Warning> {
    let rules: RuleSet = patterns.iter().map(|text| text.parse::<Pattern>().unwrap()).collect();
    let mut profile = EventProfile::new();
    for event in events {
        profile.add(event.as_bytes()).unwrap();
    }
    let last = |warning: &Warning| warning.rule().as_usize() == patterns.len() - 1;
    lint_with_events(&rules, lints, &profile).into_iter().filter(last).collect()
}

#[test]
fn examples_have_their_warning_and_no_other() {
    for &kind in WarningKind::ALL {
        let text = kind.example()[kind.example().len() - 1];
        let found = warnings_of(kind.example(), kind.example_events(), &Lints::new());
        let found: Vec<_> = found
            .iter()
            .map(|warning| (warning.kind(), &text[warning.span().start..warning.span().end]))
            .collect();
        assert_eq!(found, [(kind, kind.marked())], "{text}");
        assert_eq!(kind.needs() == Needs::Events, !kind.example_events().is_empty());
        // The other rules of the example make the warning, and not the sample.
        let alone = warnings_of(&[text], kind.example_events(), &Lints::new());
        assert_eq!(
            alone.is_empty(),
            kind.needs() == Needs::Set && kind != WarningKind::UnknownMember,
            "{text}"
        );
    }
}

#[test]
fn remedies_have_no_warning() {
    for &kind in WarningKind::ALL {
        let found = warnings_of(kind.remedy(), kind.example_events(), &Lints::new());
        assert_eq!(found, [], "{:?}", kind.remedy());
    }
}

#[test]
fn lints_that_are_allowed_are_silent() {
    for &kind in WarningKind::ALL {
        let mut lints = Lints::new();
        lints.set(kind, Level::Allow);
        assert_eq!(warnings_of(kind.example(), kind.example_events(), &lints), [], "{kind:?}");
        let mut lints = Lints::all(Level::Allow);
        lints.set_code(kind.code(), Level::Deny).unwrap();
        let found = warnings_of(kind.example(), kind.example_events(), &lints);
        assert_eq!(found.iter().map(|w| (w.kind(), w.level())).collect::<Vec<_>>(), [(kind, Level::Deny)]);
    }
}
