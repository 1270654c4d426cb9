//! The examples of patterns: which are found, and why others are not.

use galop::generate::{Examples, NotFound, Options, examples, examples_with};
use galop::{Extensions, Pattern, PatternLimits};

fn parsed(pattern: &str) -> Pattern {
    let mut limits = PatternLimits::wide();
    limits.extensions = Extensions::ALL;
    Pattern::parse_with(pattern, &limits).unwrap()
}

fn of(pattern: &str) -> Examples {
    examples(&parsed(pattern))
}

/// Returns the value on the path `a` of an event `{"a":…}`, or nothing for absence.
fn value(event: &Result<String, NotFound>) -> &str {
    match event {
        Err(reason) => reason.code(),
        Ok(event) if event == "{}" => "absent",
        Ok(event) => &event[5..event.len() - 1],
    }
}

#[test]
fn values_of_each_form_are_minimal() {
    for (alternative, matching, missing) in [
        (r#""aws.s3""#, r#""aws.s3""#, r#""Aws.s3""#),
        (r#""10""#, r#""10""#, r#""10x""#),
        (r#""FD00::1""#, r#""FD00::1""#, r#""FD00::1x""#),
        ("5", "5", "6"),
        ("0.25", "0.25", "0.26"),
        ("9007199254740993", "9007199254740993", r#""9007199254740993""#),
        ("true", "true", "false"),
        ("null", "null", r#""null""#),
        (r#"{"exactly":"::1"}"#, r#""::1""#, r#""::1x""#),
        (r#"{"prefix":"ab"}"#, r#""ab""#, r#""Ab""#),
        (r#"{"prefix":"1."}"#, r#""1.""#, r#""1""#),
        (r#"{"prefix":{"equals-ignore-case":"ab"}}"#, r#""ab""#, r#""a""#),
        (r#"{"suffix":".png"}"#, r#"".png""#, r#"".Png""#),
        (r#"{"suffix":{"equals-ignore-case":"ab"}}"#, r#""ab""#, r#""b""#),
        (r#"{"equals-ignore-case":"ab"}"#, r#""ab""#, r#""abx""#),
        (r#"{"equals-ignore-case":"\u01c5"}"#, r#""ǆ""#, r#""ǅ""#),
        (r#"{"wildcard":"a/*.c"}"#, r#""a/x.c""#, r#""A/x.c""#),
        (r#"{"wildcard":"*-Map*"}"#, r#""x-Mapx""#, r#""x-mapx""#),
        (r#"{"wildcard":"*"}"#, r#""x""#, "0"),
        (r#"{"numeric":[">",5]}"#, "6", "5"),
        (r#"{"numeric":[">=",5]}"#, "5", "4"),
        (r#"{"numeric":["<",0.5]}"#, "0.4", "0.5"),
        (r#"{"numeric":["=",5]}"#, "5", "4"),
        (r#"{"numeric":[">",1,"<",2]}"#, "1.5", "1"),
        (r#"{"cidr":"10.0.0.0/24"}"#, r#""10.0.0.0""#, r#""10.0.1.0""#),
        (r#"{"cidr":"0.0.0.0/0"}"#, r#""0.0.0.0""#, r#""0.0.0.0x""#),
        (r#"{"cidr":"2001:db8::/32"}"#, r#""2001:db8::""#, r#""2001:db9::""#),
        (r#"{"regexp":"[a-z]+-[0-9]{2}"}"#, r#""a-00""#, r#""A-00""#),
        (r#"{"exists":true}"#, r#""x""#, "absent"),
        (r#"{"exists":false}"#, "absent", r#""x""#),
        (r#"{"anything-but":"on"}"#, r#""other""#, r#""on""#),
        (r#"{"anything-but":["other","on"]}"#, r#""other-other""#, r#""other""#),
        (r#"{"anything-but":[1,2]}"#, "0", "1"),
        (r#"{"anything-but":{"prefix":"o"}}"#, r#""xo""#, r#""o""#),
        (r#"{"anything-but":{"suffix":["r","s"]}}"#, r#""rx""#, r#""r""#),
        (r#"{"anything-but":{"equals-ignore-case":"on"}}"#, r#""other""#, r#""ON""#),
        (r#"{"anything-but":{"wildcard":"*~"}}"#, r#""other""#, r#""x~""#),
        (r#"{"anything-but":{"wildcard":"*"}}"#, "0", r#""x""#),
        (r#""\ud83d""#, r#""\ud83d""#, r#""\ud83dx""#),
    ] {
        let examples = of(&format!("{{\"a\":[{alternative}]}}"));
        let found = &examples.fields[0].alternatives[0];
        assert_eq!((value(&found.matching), value(&found.missing)), (matching, missing), "{alternative}");
        assert_eq!(found.text.replace("\\\\", "\\"), found.text, "{alternative}");
    }
}

#[test]
fn value_satisfies_its_alternative_alone_if_possible() {
    let examples = of(r#"{"a":["ab",{"prefix":"ab"},{"exists":false},{"anything-but":"c"}]}"#);
    let values: Vec<_> =
        examples.fields[0].alternatives.iter().map(|of| (value(&of.matching), value(&of.missing))).collect();
    assert_eq!(
        values,
        [(r#""ab""#, r#""c""#), (r#""abx""#, r#""c""#), ("absent", r#""c""#), (r#""other""#, r#""c""#)]
    );
    let examples = of(r#"{"a":["ab",{"prefix":"ab"}]}"#);
    assert_eq!(value(&examples.fields[0].alternatives[1].matching), r#""abx""#);
}

#[test]
fn each_branch_has_events() {
    let examples = of(r#"{"s":[0],"$or":[{"a":[1]},{"b":[{"exists":false}]},{"c":[2],"d":[3]}]}"#);
    assert_eq!(examples.matching.as_deref(), Ok(r#"{"s":0,"a":1}"#));
    let events: Vec<_> = examples.fields.iter().map(|field| field.alternatives[0].clone()).collect();
    let found: Vec<_> =
        events.iter().map(|of| (of.matching.as_deref().unwrap(), of.missing.as_deref().unwrap())).collect();
    assert_eq!(
        found,
        [
            (r#"{"s":0,"a":1}"#, r#"{"s":1,"a":1}"#),
            (r#"{"s":0,"a":1,"b":"x"}"#, r#"{"s":0,"a":2,"b":"x"}"#),
            (r#"{"s":0}"#, r#"{"s":0,"b":"x"}"#),
            (r#"{"s":0,"c":2,"d":3,"b":"x"}"#, r#"{"s":0,"c":3,"d":3,"b":"x"}"#),
            (r#"{"s":0,"c":2,"d":3,"b":"x"}"#, r#"{"s":0,"c":2,"d":4,"b":"x"}"#),
        ]
    );
}

#[test]
fn one_value_fails_several_fields_of_a_path() {
    let examples = of(concat!(
        r#"{"$or":[{"a":[{"anything-but":{"prefix":"ab"}},{"exists":false}]},"#,
        r#"{"a":[{"anything-but":{"wildcard":["*-*","*c*"]}},{"exists":false}]},"#,
        r#"{"a":[{"anything-but":{"suffix":["yz"]}},{"exists":false}]}]}"#
    ));
    for of in examples.fields.iter().flat_map(|field| &field.alternatives) {
        assert_eq!(value(&of.missing), r#""abx-xyz""#, "{}", of.text);
    }
}

#[test]
fn values_on_other_paths_exclude_other_branches() {
    // No value fails both fields on the path `q`, and one of them is enough.
    let examples = of(concat!(
        r#"{"$or":[{"p":["P"]},{"q":[{"anything-but":"C"},{"exists":false}]},"#,
        r#"{"q":[{"anything-but":"D"},{"exists":false}],"r":[2]}]}"#
    ));
    let of_p = &examples.fields[0].alternatives[0];
    assert_eq!(of_p.matching.as_deref(), Ok(r#"{"p":"P","q":"C"}"#));
    assert_eq!(of_p.missing.as_deref(), Ok(r#"{"p":"p","q":"C"}"#));
}

#[test]
fn reasons_are_named() {
    let reasons = |pattern: &str| {
        let examples = of(pattern);
        let field = examples.fields.last().unwrap().alternatives[0].clone();
        (field.matching.err().map(NotFound::code), field.missing.err().map(NotFound::code))
    };
    let none = r#"{"numeric":[">",1,"<",1.0000000000000002]}"#;
    assert_eq!(reasons(&format!("{{\"a\":[{none}]}}")), (Some("no-value"), Some("no-value")));
    let other = format!("{{\"a\":[{none}],\"b\":[1]}}");
    assert_eq!(reasons(&other), (Some("other-field"), Some("other-field")));
    assert_eq!(of(&other).matching, Err(NotFound::NoValue));
    assert_eq!(reasons(r#"{"a":[{"exists":true},{"exists":false}]}"#), (None, Some("always-holds")));
    assert_eq!(
        reasons(r#"{"$or":[{"a":[{"prefix":""}]},{"a":["x"],"b":[1]}]}"#),
        (None, Some("other-branch"))
    );
}

#[test]
fn overwritten_fields_have_no_examples() {
    let examples = of(r#"{"a":[1],"a":[2]}"#);
    assert_eq!(examples.fields.len(), 1);
    assert_eq!(value(&examples.fields[0].alternatives[0].matching), "2");
}

#[test]
fn alternatives_within_the_limit_have_examples() {
    let pattern = parsed(r#"{"a":[1,2,3],"b":[1,2],"a":[4,5,6]}"#);
    let mut options = Options::default();
    options.events = 14;
    let examples = examples_with(&pattern, &options);
    let counts: Vec<usize> = examples.fields.iter().map(|field| field.alternatives.len()).collect();
    assert!(examples.is_cut && counts == [2, 2], "{counts:?}");
    let mut all = examples.fields.iter().flat_map(|field| &field.alternatives);
    assert!(all.all(|of| of.matching.is_ok() && of.missing.is_ok()));
}

#[test]
fn leaf_and_object_are_on_one_path() {
    let examples = of(r#"{"a":["x"],"a.b":[1],"a.c":[{"exists":false}]}"#);
    assert_eq!(examples.matching.as_deref(), Ok(r#"{"a":["x",{"b":1}]}"#));
    let missing: Vec<_> = examples.fields.iter().map(|field| field.alternatives[0].missing.clone()).collect();
    assert_eq!(
        missing,
        [
            Ok(r#"{"a":["X",{"b":1}]}"#.to_owned()),
            Ok(r#"{"a":["x",{"b":2}]}"#.to_owned()),
            Ok(r#"{"a":["x",{"b":1,"c":"x"}]}"#.to_owned()),
        ]
    );
}

#[test]
fn limits_are_kept() {
    let values: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
    let long = format!("{{\"{}\":[{}]}}", "n".repeat(10_000), values.join(","));
    let examples = of(&long);
    assert!(examples.is_cut);
    assert_eq!(examples.fields[0].alternatives.len(), 500);
    let mut options = Options::default();
    options.bytes = 200_000;
    let examples = examples_with(&parsed(&long), &options);
    let found = examples.fields[0].alternatives.iter().filter(|of| of.matching.is_ok()).count();
    assert!(examples.is_cut && (5..20).contains(&found), "{found}");
    assert_eq!(examples.fields[0].alternatives.last().unwrap().matching, Err(NotFound::Limit));
}

#[test]
fn envelope_is_complete_unless_it_changes_the_answer() {
    let mut options = Options::default();
    options.envelope = true;
    let examples = examples_with(&parsed(r#"{"source":["aws.s3"],"detail":{"a":[1]}}"#), &options);
    let event = examples.matching.unwrap();
    for name in ["version", "id", "detail-type", "account", "time", "region", "resources"] {
        assert!(event.contains(&format!("\"{name}\":")), "{event}");
    }
    let examples = examples_with(&parsed(r#"{"$or":[{"a":[1]},{"source":["example"]}]}"#), &options);
    let of_a = &examples.fields[0].alternatives[0];
    assert_eq!(of_a.missing.as_deref(), Ok(r#"{"a":2}"#));
}
