//! Tests of all lints.

use super::{EventProfile, Level, Lints, Needs, Warning, WarningKind, lint, lint_with_events};
use crate::pattern::{Member, Pattern};
use crate::rules::RuleSet;
use crate::{Matcher, PatternLimits, Scratch};

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
fn covered_alternatives_are_reported() {
    for (list, covered) in [
        (r#""x","y","x""#, r#""x""#),
        (r#"300,3.0e2"#, "3.0e2"),
        (r#""::1","0:0:0:0:0:0:0:1""#, r#""0:0:0:0:0:0:0:1""#),
        (r#"{"exactly":"x"},"x""#, r#"{"exactly":"x"}"#),
        (r#""abc",{"prefix":"a"}"#, r#""abc""#),
        (r#"{"prefix":"ab"},{"prefix":"a"}"#, r#"{"prefix":"ab"}"#),
        (r#"{"suffix":"c"},{"suffix":"bc"}"#, r#"{"suffix":"bc"}"#),
        (r#"{"wildcard":"ab*c"},{"prefix":"a"}"#, r#"{"wildcard":"ab*c"}"#),
        (r#"{"wildcard":"a*bc"},{"suffix":"c"}"#, r#"{"wildcard":"a*bc"}"#),
        (r#""ABC",{"equals-ignore-case":"abc"}"#, r#""ABC""#),
        (r#""É",{"equals-ignore-case":"é"}"#, r#""É""#),
        (
            r#"{"equals-ignore-case":"ABC"},{"prefix":{"equals-ignore-case":"ab"}}"#,
            r#"{"equals-ignore-case":"ABC"}"#,
        ),
        (r#"{"suffix":"C"},{"suffix":{"equals-ignore-case":"c"}}"#, r#"{"suffix":"C"}"#),
        (r#""axc",{"wildcard":"a*c"}"#, r#""axc""#),
        (r#"5,{"numeric":[">",4]}"#, "5"),
        (r#"{"numeric":[">",4,"<",6]},{"numeric":[">=",4,"<=",6]}"#, r#"{"numeric":[">",4,"<",6]}"#),
        (r#"{"numeric":[">",5]},{"numeric":[">",4]}"#, r#"{"numeric":[">",5]}"#),
        (r#"{"numeric":["=",5]},5"#, "5"),
        (r#""10.1.2.3",{"cidr":"10.0.0.0/8"}"#, r#""10.1.2.3""#),
        (r#"{"cidr":"10.0.0.0/8"},{"cidr":"10.1.0.0/16"}"#, r#"{"cidr":"10.1.0.0/16"}"#),
        (r#""x",{"exists":true}"#, r#""x""#),
        (r#"{"prefix":""},{"cidr":"10.0.0.0/8"}"#, r#"{"cidr":"10.0.0.0/8"}"#),
        (r#"null,{"anything-but":"x"}"#, "null"),
    ] {
        assert_found("covered-alternative", &format!(r#"{{"a":[{list}]}}"#), &[covered]);
    }
    for list in [
        r#""x","X",{"exactly":"y"}"#,
        r#"9007199254740993,9007199254740993.0"#,
        r#""10.0.0.1",{"prefix":"10."},{"wildcard":"1*1"}"#,
        r#""a",{"prefix":"ab"},{"suffix":"b"}"#,
        r#"{"wildcard":"*ab*c"},{"prefix":"a"}"#,
        r#"{"equals-ignore-case":"abc"},{"prefix":"a"}"#,
        r#""ss",{"equals-ignore-case":"ß"}"#,
        r#"5,{"numeric":[">",5]},{"numeric":["<",5]}"#,
        r#"{"numeric":[">",1,"<",3]},{"numeric":[">",2,"<",4]}"#,
        r#"{"cidr":"10.0.0.0/9"},"10.200.0.1","a00::1""#,
        r#"{"exists":false},"x""#,
        r#"5,{"prefix":""}"#,
    ] {
        let found = codes(&format!(r#"{{"a":[{list}]}}"#)).len();
        let other =
            codes(&format!(r#"{{"a":[{list}]}}"#)).iter().filter(|w| w.0 != "covered-alternative").count();
        assert_eq!(found, other, "{list}");
    }
}

#[test]
fn covered_alternatives_are_covered_by_the_matcher() {
    let alternatives = [
        r#""ab""#,
        r#""AB""#,
        r#""abb""#,
        r#"{"exactly":"ab"}"#,
        r#"{"prefix":"a"}"#,
        r#"{"prefix":"ab"}"#,
        r#"{"suffix":"b"}"#,
        r#"{"suffix":""}"#,
        r#"{"wildcard":"a*b"}"#,
        r#"{"wildcard":"*"}"#,
        r#"{"equals-ignore-case":"aB"}"#,
        r#"{"prefix":{"equals-ignore-case":"A"}}"#,
        r#"{"suffix":{"equals-ignore-case":"BB"}}"#,
        "5",
        "5.0",
        r#"{"numeric":["=",5]}"#,
        r#"{"numeric":[">=",5]}"#,
        r#"{"numeric":[">",5,"<=",7]}"#,
        r#""10.0.0.1""#,
        r#"{"exactly":"10.0.0.1"}"#,
        r#"{"cidr":"10.0.0.0/8"}"#,
        r#"{"cidr":"10.0.0.0/30"}"#,
        r#"{"exists":true}"#,
        "null",
        "true",
    ];
    let values = [
        r#""ab""#,
        r#""AB""#,
        r#""aB""#,
        r#""abb""#,
        r#""aBB""#,
        r#""b""#,
        r#""""#,
        r#""a""#,
        "5",
        "6",
        "7",
        "8",
        r#""10.0.0.1""#,
        r#""010.0.0.1""#,
        r#""10.9.9.9""#,
        "null",
        "true",
        "false",
    ];
    let matches = |alternative: &str, value: &str| {
        let rules: RuleSet =
            [format!(r#"{{"a":[{alternative}]}}"#).parse::<Pattern>().unwrap()].into_iter().collect();
        let event = format!(r#"{{"a":{value}}}"#);
        Matcher::new(&rules).unwrap().is_match(&mut Scratch::new(), event.as_bytes()).unwrap()
    };
    let accepted: Vec<Vec<bool>> = alternatives
        .iter()
        .map(|alternative| values.iter().map(|value| matches(alternative, value)).collect())
        .collect();
    for (one, first) in alternatives.iter().enumerate() {
        for (other, second) in alternatives.iter().enumerate().filter(|(other, _)| *other != one) {
            let pattern = Pattern::parse(&format!(r#"{{"a":[{first},{second}]}}"#)).unwrap();
            let Member::Field { alternatives: list, .. } = &pattern.root().members[0] else {
                panic!("{pattern}")
            };
            let indices = [one, other];
            for (inner, outer) in super::cover::covered(list).into_iter().enumerate() {
                let Some(outer) = outer else { continue };
                let (inner, outer) = (&accepted[indices[inner]], &accepted[indices[outer]]);
                assert!(inner.iter().zip(outer).all(|(inner, outer)| !inner || *outer), "{first} {second}");
            }
        }
    }
}

#[test]
fn alternatives_meant_as_conditions_are_reported() {
    for (list, marked) in [
        (r#"{"suffix":".png"},{"prefix":"in/"}"#, r#"{"prefix":"in/"}"#),
        (r#"{"anything-but":"x"},{"anything-but":"y"}"#, r#"{"anything-but":"y"}"#),
        (r#"{"prefix":"in/"},{"anything-but":{"suffix":".tmp"}}"#, r#"{"anything-but":{"suffix":".tmp"}}"#),
        (r#""x",{"anything-but":["x","y"]}"#, r#"{"anything-but":["x","y"]}"#),
        (r#"{"numeric":[">",5]},{"numeric":["<",10]}"#, r#"{"numeric":["<",10]}"#),
        (r#"{"numeric":["<=",5]},{"numeric":[">",5]}"#, r#"{"numeric":[">",5]}"#),
    ] {
        assert_found("meant-as-and", &format!(r#"{{"a":[{list}]}}"#), &[marked]);
    }
    for list in [
        r#"{"prefix":"a"},{"prefix":"b"}"#,
        r#"{"prefix":"a"},{"suffix":"b"},"c""#,
        r#"{"anything-but":"x"},{"exists":false}"#,
        r#"{"numeric":["<",5]},{"numeric":[">",10]}"#,
        r#"{"numeric":["<",5]},{"numeric":[">",5]}"#,
    ] {
        assert_found("meant-as-and", &format!(r#"{{"a":[{list}]}}"#), &[]);
    }
    let mut lints = Lints::all(Level::Allow);
    lints.set(WarningKind::MeantAsAnd, Level::Warn);
    let help = |list: &str| warnings_of(&[&format!(r#"{{"a":[{list}]}}"#)], &[], &lints)[0].help().unwrap();
    assert!(help(r#"{"prefix":"a*"},{"suffix":"\\b"}"#).ends_with(r#"`{"wildcard":"a\\**\\\\b"}`"#));
    let two = r#"{"anything-but":{"prefix":"a"}},{"anything-but":{"prefix":"b"}}"#;
    assert_eq!(help(two), r#"write one list: `{"anything-but":{"prefix":[…]}}`"#);
    let bounds = r#"{"numeric":["<",10]},{"numeric":[">=",5]}"#;
    assert_eq!(help(bounds), r#"write one range: `{"numeric":[">=",5,"<",10]}`"#);
}

#[test]
fn quoted_patterns_are_reported() {
    for (list, marked) in [
        (r#""{ \"suffix\": \"x\" }""#, r#""{ \"suffix\": \"x\" }""#),
        (r#""{\"source\":[\"x\"]}""#, r#""{\"source\":[\"x\"]}""#),
        (r#""[\"a\",\"b\"]""#, r#""[\"a\",\"b\"]""#),
        (r#""prefix:a""#, r#""prefix:a""#),
        (r#""anything-but: x""#, r#""anything-but: x""#),
        (r#""exists""#, r#""exists""#),
        (r#""prefix","a""#, r#""prefix""#),
        (r#""> 70""#, r#""> 70""#),
        (r#"">=",5"#, r#"">=""#),
    ] {
        assert_found("quoted-pattern", &format!(r#"{{"a":[{list}]}}"#), &[marked]);
    }
    for list in [
        r#""{}""#,
        r#""{\"a\":5}""#,
        r#""[]""#,
        r#""prefix""#,
        r#""a","prefix""#,
        r#""numeric","text","date""#,
        r#""prefixes:a""#,
        r#""prefix:""#,
        r#"">""#,
        r#""=>""#,
        r#""<none>""#,
        r#""""#,
    ] {
        assert_found("quoted-pattern", &format!(r#"{{"a":[{list}]}}"#), &[]);
    }
}

#[test]
fn quoted_literals_are_reported() {
    let real = r#"{"a":[true]}"#;
    assert_eq!(warnings(&[real, r#"{"a":["true","false","x"]}"#]).len(), 2);
    assert_eq!(warnings(&[real, r#"{"a":["null"]}"#]), [("quoted-literal", r#""null""#.into())]);
    assert_eq!(warnings(&[real, r#"{"a":["true",true]}"#]), []);
    assert_eq!(warnings(&[real, r#"{"b":["true"]}"#]), []);
    assert_eq!(warnings(&[r#"{"a":[5]}"#, r#"{"a":["5",5]}"#]), []);
}

#[test]
fn texts_are_checked() {
    for (code, list, marked) in [
        ("star-in-text", r#""a*b""#, r#""a*b""#),
        ("star-in-text", r#"{"prefix":"a*"}"#, r#"{"prefix":"a*"}"#),
        ("star-in-text", r#"{"anything-but":["x","*.tmp"]}"#, r#"{"anything-but":["x","*.tmp"]}"#),
        ("needless-wildcard", r#"{"wildcard":"abc"}"#, r#"{"wildcard":"abc"}"#),
        ("needless-wildcard", r#"{"wildcard":"*.png"}"#, r#"{"wildcard":"*.png"}"#),
        ("needless-wildcard", r#"{"wildcard":"*"}"#, r#"{"wildcard":"*"}"#),
        (
            "needless-wildcard",
            r#"{"anything-but":{"wildcard":["a*","b*"]}}"#,
            r#"{"anything-but":{"wildcard":["a*","b*"]}}"#,
        ),
        ("cidr-host-bits", r#"{"cidr":"2001:db8::1/32"}"#, r#"{"cidr":"2001:db8::1/32"}"#),
        ("blank-ends", r#"" x""#, r#"" x""#),
        ("blank-ends", r#""x\n""#, r#""x\n""#),
        ("blank-ends", r#"{"prefix":" x"}"#, r#"{"prefix":" x"}"#),
        ("blank-ends", r#"{"suffix":"x "}"#, r#"{"suffix":"x "}"#),
        ("blank-ends", r#"{"anything-but":["x","y "]}"#, r#"{"anything-but":["x","y "]}"#),
    ] {
        assert_found(code, &format!(r#"{{"a":[{list}]}}"#), &[marked]);
    }
    for list in [
        r#""*""#,
        r#"{"exactly":"a*"}"#,
        r#"{"wildcard":"a*b"}"#,
        r#"{"wildcard":"*a*"}"#,
        r#"{"wildcard":"a\\**"}"#,
        r#"{"anything-but":{"wildcard":["a*","*b"]}}"#,
        r#"{"cidr":"10.0.0.0/8"}"#,
        r#"{"cidr":"::/0"}"#,
        r#"{"prefix":"EC2 "}"#,
        r#"{"suffix":" x"}"#,
        r#"" ""#,
        r#""a b""#,
    ] {
        assert_eq!(codes(&format!(r#"{{"a":[{list}]}}"#)), [], "{list}");
    }
    assert_found("blank-ends", r#"{"detail":{"key ":["x"]}}"#, &[r#""key ""#]);
    let help = |text: &str| warnings_of(&[text], &[], &Lints::new())[0].help().unwrap();
    assert!(help(r#"{"a":[{"wildcard":"beta\\*"}]}"#).starts_with(r#"`{"exactly":"beta*"}` is the same"#));
    assert_eq!(help(r#"{"a":[{"cidr":"10.1.2.3/16"}]}"#), "the block is `10.1.0.0/16`");
}

#[test]
fn account_ids_have_twelve_digits() {
    for value in [r#""12345""#, r#""1234567890123""#, r#""12345678901a""#, r#"{"anything-but":["1"]}"#] {
        assert_found("account-id", &format!(r#"{{"account":[{value}]}}"#), &[value]);
    }
    assert_found("account-id", r#"{"account":["012345678901",{"prefix":"9"}]}"#, &[]);
    assert_found("account-id", r#"{"detail":{"account":["5"]}}"#, &[]);
}

#[test]
fn kinds_of_dynamodb_are_known() {
    let image = |field: &str| format!(r#"{{"dynamodb":{{"NewImage":{{"a":{field}}}}}}}"#);
    for field in [
        r#"{"N":[5]}"#,
        r#"{"S":[5]}"#,
        r#"{"BOOL":["true"]}"#,
        r#"{"NULL":[1]}"#,
        r#"{"M":{"b":{"N":[5]}}}"#,
    ] {
        assert_eq!(codes(&image(field)).len(), 1, "{field}");
    }
    for field in
        [r#"{"N":["5"]}"#, r#"{"BOOL":[true]}"#, r#"{"L":{"S":["x"]}}"#, r#"{"N":[{"exists":true}]}"#]
    {
        assert_eq!(codes(&image(field)), [], "{field}");
    }
    assert_eq!(codes(r#"{"detail":{"N":[5]}}"#), []);
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
