//! Tests of all lints.

mod covered;
mod values;

use galop::lint::{EventProfile, Level, Lints, Needs, Warning, WarningKind, lint, lint_with_events};
use galop::pattern::Pattern;
use galop::{PatternLimits, RuleSet};

/// Returns the warnings about the last pattern of a set: the code, and the text at the place.
fn warnings(patterns: &[&str]) -> Vec<(&'static str, String)> {
    let mut rules = RuleSet::new();
    for pattern in patterns {
        rules.add(pattern).unwrap();
    }
    let text = patterns[patterns.len() - 1];
    let last = |warning: &Warning| warning.rule().as_usize() == patterns.len() - 1;
    let show = |warning: Warning| (warning.code(), text[warning.span().start..warning.span().end].into());
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

/// Returns the codes of the warnings about one pattern, with the marked text.
fn codes(pattern: &str) -> Vec<(&'static str, &str)> {
    let found = warnings_of(&[pattern], &[], &Lints::new());
    found.iter().map(|warning| (warning.code(), &pattern[warning.span().start..warning.span().end])).collect()
}

/// Asserts that the pattern has only warnings of one code, at these texts.
#[track_caller]
fn assert_found(code: &'static str, pattern: &str, texts: &[&str]) {
    let expected: Vec<_> = texts.iter().map(|text| (code, *text)).collect();
    assert_eq!(codes(pattern), expected, "{pattern}");
}

#[test]
fn members_outside_of_the_envelope_are_reported() {
    for (pattern, name) in [
        (r#"{"source":["x"],"detailType":["y"]}"#, r#""detailType""#),
        (r#"{"detail":{"a":[1]},"state":["on"]}"#, r#""state""#),
        (r#"{"detail":{"a":[1]},"state.code":["on"]}"#, r#""state.code""#),
        (r#"{"Source":["aws.ec2"]}"#, r#""Source""#),
        (r#"{"details":{"state":["on"]}}"#, r#""details""#),
        (r#"{"detail-type":["x"],"$or":[{"resource":["a"]},{"region":["b"]}]}"#, r#""resource""#),
        // `detail` makes sure that the rule is for a bus.
        (r#"{"detail":{"a":[1]},"body":{"b":[2]}}"#, r#""body""#),
    ] {
        assert_found("unknown-member", pattern, &[name]);
    }
    for pattern in [
        r#"{"version":["0"],"id":["x"],"detail-type":["x"],"time":["x"],"detail":{"Source":["y"]}}"#,
        r#"{"detail.state":["on"],"replay-name":["x"]}"#,
        r#"{"body":{"detail":{"a":[1]},"source":["x"]}}"#,
        r#"{"eventName":["INSERT"],"dynamodb":{"Keys":{"id":{"S":["x"]}}}}"#,
        r#"{"specversion":["1.0"],"source":["/shop"],"type":["order"]}"#,
        r#"{"userId":[5],"region":["eu"]}"#,
        r#"{"":{"a":[1]},"source":["x"]}"#,
    ] {
        assert_found("unknown-member", pattern, &[]);
    }
}

#[test]
fn sets_for_other_envelopes_are_known_by_their_rules() {
    let rule = |n: usize| format!(r#"{{"source":["s{n}"],"kind":["k"]}}"#);
    let texts: Vec<String> = (0..8).map(rule).collect();
    let patterns = |count: usize| texts[..count].iter().map(String::as_str).collect::<Vec<_>>();
    let count = |patterns: &[&str]| {
        let rules: RuleSet = patterns.iter().map(|text| text.parse::<Pattern>().unwrap()).collect();
        lint(&rules).len()
    };
    assert_eq!(count(&patterns(7)), 7);
    assert_eq!(count(&patterns(8)), 0);
    // A member in another spelling is reported in any set.
    assert_eq!(count(&[&patterns(8)[..], &[r#"{"details":{"a":[1]}}"#]].concat()), 1);
    // Eight rules for a bus outweigh eight others.
    let bus: Vec<String> = (0..8).map(|n| format!(r#"{{"detail":{{"a":[{n}]}}}}"#)).collect();
    let bus: Vec<&str> = bus.iter().map(String::as_str).collect();
    assert_eq!(count(&[&patterns(8)[..], &bus].concat()), 8);
}

#[test]
fn maps_of_rules_are_reported() {
    for (pattern, name) in [
        (r#"{"a":{"source":["x"]},"b":{"source":["y"]}}"#, r#""a""#),
        (r#"{"only":{"detail-type":["x"]}}"#, r#""only""#),
        (r#"{"EventPattern":{"source":["x"]}}"#, r#""EventPattern""#),
        (r#"{"pattern":{"detail":{"a":[1]}}}"#, r#""pattern""#),
        (r#"{"a":{"EventPattern":{"source":["aws.ec2"]}}}"#, r#""a""#),
    ] {
        assert_found("map-of-rules", pattern, &[name]);
    }
    for pattern in [
        r#"{"detail":{"source":["x"],"detail-type":["y"]}}"#,
        r#"{"data":{"source":["x"]}}"#,
        r#"{"only":{"source":["x"]}}"#,
        r#"{"a":{"source":["x"]},"b":{"state":["y"]}}"#,
        r#"{"a":{"source":["x"]},"b":["y"]}"#,
    ] {
        assert_found("map-of-rules", pattern, &[]);
    }
}

#[test]
fn fields_that_hold_always_are_reported() {
    for pattern in [
        r#"{"a":[{"exists":true},{"exists":false}]}"#,
        r#"{"a":["x",{"anything-but":"x"}]}"#,
        r#"{"a":["x",{"anything-but":["x","y"]},{"exactly":"y"}]}"#,
        r#"{"a":[5.0,{"anything-but":5}]}"#,
        r#"{"a":[{"prefix":"x"},{"anything-but":{"prefix":"x"}},{"exists":false}]}"#,
        r#"{"a":[{"suffix":"x"},{"anything-but":{"suffix":["x"]}}]}"#,
        r#"{"a":[{"equals-ignore-case":"x"},{"anything-but":{"equals-ignore-case":"x"}}]}"#,
        r#"{"a":[{"wildcard":"x*y"},{"anything-but":{"wildcard":"x*y"}}]}"#,
    ] {
        assert_found("always-true", pattern, &[r#""a""#]);
    }
    let pattern = r#"{"source":[{"prefix":""}],"detail":{"a":[1]}}"#;
    assert_found("always-true", pattern, &[r#""source""#]);
    // Both reasons hold, and the field has one warning.
    let pattern = r#"{"source":["x",{"prefix":""},{"anything-but":"x"}],"detail":{"a":[1]}}"#;
    assert_found("always-true", pattern, &[r#""source""#]);
    for pattern in [
        r#"{"source":[{"prefix":""}]}"#,
        r#"{"source":[{"prefix":""}],"body":{"a":[1]}}"#,
        r#"{"a":[{"exists":true}]}"#,
        r#"{"a":["x",{"exists":false}]}"#,
        r#"{"a":[{"anything-but":"x"},{"exists":false}]}"#,
        r#"{"detail":{"source":[{"exists":true}],"a":[1]}}"#,
    ] {
        assert_found("always-true", pattern, &[]);
    }
}

#[test]
fn same_patterns_name_the_first_rule() {
    let found = warnings_of(&[r#"{"a":[1]}"#, r#"{"b":[1]}"#, r#"{ "a":[1]}"#], &[], &Lints::new());
    assert_eq!((found.len(), found[0].other_rule().map(|rule| rule.as_u32())), (1, Some(0)));
    assert_eq!(warnings(&[r#"{"a":[1]}"#, r#"{"a":[1.0]}"#]), []);
}

#[test]
fn rules_are_compared_with_events() {
    let events = [r#"{"a":{"b":"x","c":[5,{"d":null}]},"e.f":true,"g":[],"h":"","h":7,"i":{"h":""}}"#];
    let found = |pattern: &str| {
        let found = warnings_of(&[pattern], &events, &Lints::new());
        found.iter().map(|warning| (warning.code(), warning.help().unwrap())).collect::<Vec<_>>()
    };
    for pattern in [
        r#"{"a":{"b":["y"],"c":[6],"c.d":[true]},"e":{"f":[false]},"h":["x",9]}"#,
        r#"{"z":[{"exists":false}]}"#,
        r#"{"z":["x",{"exists":false}]}"#,
        r#"{"a":{"b":[5,"x"]}}"#,
        r#"{"a":{"b":[{"anything-but":5}]}}"#,
    ] {
        assert_eq!(found(pattern), [], "{pattern}");
    }
    for (pattern, code, help) in [
        (r#"{"z":[1]}"#, "path-not-seen", "compare the spelling"),
        (r#"{"A":{"B":["x"]}}"#, "path-not-seen", "did you mean `a.b`?"),
        (r#"{"x":{"B":["x"]}}"#, "path-not-seen", "did you mean `a.b`?"),
        (r#"{"x":{"D":["x"]}}"#, "path-not-seen", "did you mean `a.c.d`?"),
        (r#"{"x":{"H":["x"]}}"#, "path-not-seen", "the name occurs at 2 other places"),
        (r#"{"a":["x"]}"#, "path-not-seen", "the events have an object"),
        (r#"{"g":["x"]}"#, "path-not-seen", "the events have an object or an empty list"),
        (r#"{"a":{"b":[{"numeric":[">",5]}]}}"#, "kind-not-seen", "the events have strings here"),
        (r#"{"a":{"c":["5"]}}"#, "kind-not-seen", "the events have numbers here"),
        (r#"{"h":[null]}"#, "kind-not-seen", "the events have strings and numbers here"),
        (r#"{"e.f":["true"]}"#, "kind-not-seen", "the events have `true`, `false` or `null` here"),
    ] {
        let found = found(pattern);
        assert!(
            found.len() == 1 && found[0].0 == code && found[0].1.starts_with(help),
            "{pattern}: {found:?}"
        );
    }
    assert_eq!(warnings_of(&[r#"{"z":[1]}"#], &[], &Lints::new()), []);
}

#[test]
fn profiles_are_bounded() {
    let mut profile = EventProfile::new();
    let names: Vec<String> = (0..EventProfile::MAX_PATHS).map(|name| format!("\"{name}\":1")).collect();
    profile.add(format!("{{{}}}", names.join(",")).as_bytes()).unwrap();
    assert!(profile.is_complete());
    profile.add(br#"{"one":{"more":1},"0":"x"}"#).unwrap();
    assert!(!profile.is_complete());
    // A missing path may be one that is not stored. The kinds of a stored path are known.
    let rules: RuleSet =
        [r#"{"z":[1]}"#, r#"{"1":["x"]}"#].iter().map(|text| text.parse::<Pattern>().unwrap()).collect();
    let found = lint_with_events(&rules, &Lints::new(), &profile);
    assert_eq!(found.iter().map(Warning::code).collect::<Vec<_>>(), ["kind-not-seen"]);
    // A name of dots has as many nodes.
    let mut profile = EventProfile::new();
    profile.add(format!("{{\"{}\":1}}", ".".repeat(EventProfile::MAX_PATHS + 1)).as_bytes()).unwrap();
    assert!(!profile.is_complete());
}

#[test]
fn long_lists_are_compared_without_pairs() {
    let list = |item: &dyn Fn(usize) -> String| {
        let items: Vec<String> = (0..20_000).map(item).collect();
        format!("{{\"a\":[{}]}}", items.join(","))
    };
    // If each pair of alternatives were compared, the test would take minutes.
    for (text, count) in [
        (list(&|n| format!("{{\"prefix\":\"{}{n}\"}}", "x".repeat(20))), 19_990),
        (list(&|n| format!("{{\"wildcard\":\"*a{n}*b\"}}")), 0),
        (list(&|n| format!("{{\"numeric\":[\">\",{n},\"<\",{}]}}", 50_000 - n)), 19_999),
        (list(&|n| format!("\" {n} \"")), 20_000),
    ] {
        let mut rules = RuleSet::with_limits(PatternLimits::wide());
        rules.add(&text).unwrap();
        assert_eq!(lint(&rules).len(), count, "{}", &text[..50]);
    }
}
