//! Tests of the lints about alternatives that others cover.

use galop::lint::{WarningKind, lint};
use galop::pattern::{Member, Pattern};
use galop::{RuleSet, Scratch};
use galop_harness::kernel;

use super::{assert_found, codes};

#[test]
fn covered_alternatives_are_reported() {
    for (list, covered) in [
        (r#""x","y","x""#, r#""x""#),
        (r#"300,3.0e2"#, "3.0e2"),
        (r#""::1","0:0:0:0:0:0:0:1""#, r#""0:0:0:0:0:0:0:1""#),
        (r#"{"exactly":"x"},"x""#, r#"{"exactly":"x"}"#),
        (r#"{"exactly":"10.0.0.1"},"010.0.0.1""#, r#"{"exactly":"10.0.0.1"}"#),
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
        let pattern = format!(r#"{{"a":[{list}]}}"#);
        assert!(codes(&pattern).iter().all(|(code, _)| *code != "covered-alternative"), "{list}");
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
        kernel::matcher(&rules).unwrap().is_match(&mut Scratch::new(), event.as_bytes()).unwrap()
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
            let spans: Vec<_> = list.iter().map(|alternative| alternative.span).collect();
            let warnings = lint(&[pattern.clone()].into_iter().collect());
            for warning in warnings.iter().filter(|it| it.kind() == WarningKind::CoveredAlternative) {
                let (inner, outer) = if warning.span() == spans[0] { (one, other) } else { (other, one) };
                let (inner, outer) = (&accepted[inner], &accepted[outer]);
                assert!(inner.iter().zip(outer).all(|(inner, outer)| !inner || *outer), "{first} {second}");
            }
        }
    }
}
