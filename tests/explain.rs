//! Explanations: each trap is named where it is the reason, and hostile input is explained in
//! bounded time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use galop::explain::{Explanation, Status, TrapKind, explain_pattern};
use galop::{Pattern, PatternLimits};
use galop_harness::oracle;

fn explain(pattern: &str, event: &str) -> Explanation {
    let pattern = Pattern::parse_with(pattern, &PatternLimits::wide()).expect("a valid pattern");
    explain_pattern(&pattern, event.as_bytes()).expect("a valid event")
}

/// Pattern, event, the code of a trap, and a part of its message.
const TRAPS: [(&str, &str, &str, &str); 48] = [
    (r#"{"a":["5"]}"#, r#"{"a":5}"#, "kind-differs", r#"is a number; the field holds for the string "5""#),
    (r#"{"a":[5]}"#, r#"{"a":"5.0"}"#, "kind-differs", "is a string; the field holds for the number 5.0"),
    (r#"{"a":["true"]}"#, r#"{"a":true}"#, "kind-differs", "is the literal true"),
    (r#"{"a":[null]}"#, r#"{"a":"null"}"#, "kind-differs", "the field holds for the literal null"),
    (r#"{"a":[{"numeric":[">",9]}]}"#, r#"{"a":"10"}"#, "kind-differs", "holds for the number 10"),
    (r#"{"a":[{"prefix":"1"}]}"#, r#"{"a":10}"#, "kind-differs", r#"holds for the string "10""#),
    (r#"{"a":["x"]}"#, r#"{"a":5}"#, "other-kind", "is a number"),
    (r#"{"a":[5,{"numeric":[">",9]}]}"#, r#"{"a":"x"}"#, "other-kind", "is a string"),
    (r#"{"a":["x"]}"#, r#"{"a":" x "}"#, "blanks", r#"the field holds for "x""#),
    (r#"{"a":["x "]}"#, r#"{"a":"x"}"#, "blanks", r#"the alternative "x ""#),
    (r#"{"a":["Ab"]}"#, r#"{"a":"aB"}"#, "case-differs", r#"{"equals-ignore-case":"Ab"} holds"#),
    (r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"x.PNG"}"#, "case-differs", "suffix"),
    (r#"{"a":[{"wildcard":"a*c"}]}"#, r#"{"a":"ABC"}"#, "case-differs", "in another case"),
    (r#"{"a":["a b/c"]}"#, r#"{"a":"a+b%2Fc"}"#, "percent-encoded", r#"holds for "a b/c""#),
    (r#"{"a":["arn:x"]}"#, r#"{"a":"arn:x:y"}"#, "plain-is-whole", r#"{"prefix":"arn:x"} holds"#),
    (r#"{"a":["y:z"]}"#, r#"{"a":"x:y:z"}"#, "plain-is-whole", r#"{"suffix":"y:z"} holds"#),
    (r#"{"a":["x:y"]}"#, r#"{"a":"w:x:y:z"}"#, "plain-is-whole", "contains"),
    (r#"{"a":["x*z"]}"#, r#"{"a":"xyz"}"#, "star-in-plain", r#"{"wildcard":"x*z"} holds"#),
    (r#"{"a":["{\"prefix\":\"x\"}"]}"#, r#"{"a":"xy"}"#, "quoted-operator", r#"{"prefix":"x"} holds"#),
    (r#"{"a":["{\"prefix\":\"x\"}"]}"#, r#"{"a":"y"}"#, "quoted-operator", "does not hold either"),
    (r#"{"a":[{"anything-but":["x","y"]}]}"#, r#"{"a":"y"}"#, "excluded", r#"lists "y""#),
    (r#"{"a":[{"anything-but":[1,2]}]}"#, r#"{"a":2.0}"#, "excluded", "lists 2.0"),
    (r#"{"a":[{"anything-but":{"suffix":["x","y"]}}]}"#, r#"{"a":"zy"}"#, "excluded", r#"{"suffix":"y"}"#),
    (r#"{"a":[{"anything-but":{"wildcard":"*b*"}}]}"#, r#"{"a":"abc"}"#, "excluded", r#"{"wildcard":"*b*"}"#),
    (r#"{"a":[{"prefix":"x"}]}"#, r#"{"a":""}"#, "empty-string", "the empty string"),
    (r#"{"a":[null]}"#, r#"{"a":"x"}"#, "null-is-value", r#"{"exists":true}"#),
    (r#"{"a":[null]}"#, "{}", "null-is-value", r#"{"exists":false}"#),
    (r#"{"a":[{"exists":false}]}"#, r#"{"a":null}"#, "present", "`null` is a value"),
    (r#"{"a":[{"exists":false}]}"#, r#"{"a":1}"#, "present", "the field exists"),
    (r#"{"a":["x"]}"#, r#"{"a":{"S":"x"}}"#, "value-is-object", "the field holds on the path `a.S`"),
    (
        r#"{"a":["x"]}"#,
        r#"{"a":[{"b":1,"c":2}]}"#,
        "value-is-object",
        "an array of objects here, with `b`, `c`",
    ),
    (r#"{"a":["x"]}"#, r#"{"a":[[],[]]}"#, "value-is-empty", "array"),
    (r#"{"a":["x"]}"#, r#"{"a":{}}"#, "value-is-empty", "object"),
    (r#"{"a":{"b":["x"]}}"#, r#"{"a":5}"#, "parent-is-value", "`a` is the number 5"),
    (r#"{"a":{"b":["x"]}}"#, r#"{"a":"{\"b\":\"x\"}"}"#, "json-in-string", "parsed, the field would hold"),
    (r#"{"a":{"b":{"c":["x"]}}}"#, r#"{"a":"{\"b\":{\"c\":1}}"}"#, "json-in-string", "would miss, too"),
    (r#"{"data":{"a":[1]}}"#, r#"{"data":"eyJhIjoxfQ=="}"#, "json-in-base64", "the field would hold"),
    (r#"{"a":{"0":{"b":[1]}}}"#, r#"{"a":[{"b":1}]}"#, "array-index", "leave out `0`"),
    (r#"{"a":{"[1]":[1]}}"#, r#"{"a":[1,2]}"#, "array-index", "leave out `[1]`"),
    (r#"{"details":{"x":[1]}}"#, r#"{"detail":{"x":1}}"#, "other-spelling", "holds on the path `detail.x`"),
    (r#"{"d":{"eventName":[1]}}"#, r#"{"d":{"event_name":2}}"#, "other-spelling", "no `eventName` in `d`"),
    (r#"{"d":{"e":{"user":[1]}}}"#, r#"{"q":{"user":1}}"#, "other-level", "holds on the path `q.user`"),
    (r#"{"d":{"user":[1]}}"#, r#"{"user":2}"#, "other-level", "on the path `user`"),
    (r#"{"d":{"f":{"user":[1]}}}"#, r#"{"d":{"x":1}}"#, "no-object", "the event has no `f` in `d`"),
    (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"b":1}"#, "needs-value", r#"{"exists":false}"#),
    (r#"{"a":[1],"a":[2]}"#, r#"{"a":2}"#, "overwritten", "later field"),
    (
        r#"{"a":{"b":[1],"c":[2]}}"#,
        r#"{"a":[{"b":1},{"c":2}]}"#,
        "different-elements",
        "holds in a[0] and `a.c` in a[1]",
    ),
    (
        r#"{"a":{"b":[1],"c":[2]}}"#,
        r#"{"a":[[{"b":1},{"c":2}]]}"#,
        "different-elements",
        "a[0][0] and `a.c` in a[0][1]",
    ),
];

#[test]
fn every_trap_is_named_and_proven() {
    let mut named = BTreeSet::new();
    for (pattern, event, code, message) in TRAPS {
        let explanation = explain(pattern, event);
        let of_fields = explanation.fields().iter().flat_map(|field| field.traps());
        let traps: Vec<_> = explanation.traps().iter().chain(of_fields).collect();
        let trap = traps.iter().find(|trap| trap.code() == code && trap.message().contains(message));
        assert!(trap.is_some(), "{pattern} {event}: {traps:?}");
        named.insert(code);
        for proof in traps.iter().filter_map(|trap| trap.proof()) {
            let event = proof.event.as_deref().unwrap_or(event);
            let holds = oracle::Pattern::parse(proof.pattern.as_bytes())
                .unwrap()
                .matches(&oracle::Event::parse(event.as_bytes()).unwrap());
            assert!(holds, "{proof:?}");
        }
    }
    let all: BTreeSet<_> = TrapKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(named, all);
}

#[test]
fn fields_that_hold_have_no_trap() {
    for (pattern, event) in [
        (r#"{"a":["5",5]}"#, r#"{"a":5}"#),
        (r#"{"a":[{"exists":false}]}"#, r#"{"b":5}"#),
        (r#"{"a":["x"]}"#, r#"{"a":["y","x"]}"#),
        (r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#, r#"{"a":[{"b":1},{"b":2,"c":3}]}"#),
    ] {
        let explanation = explain(pattern, event);
        assert!(explanation.matches() && explanation.failing() == 0, "{explanation}");
        assert!(explanation.fields().iter().all(|field| field.traps().is_empty()), "{explanation}");
    }
}

#[test]
fn absence_in_elements_is_a_status_of_its_own() {
    let pattern = r#"{"a":{"b":[1],"c":[{"exists":false}],"d":[5]}}"#;
    let explanation = explain(pattern, r#"{"a":[{"b":1},{"b":2,"c":3}]}"#);
    let statuses: Vec<Status> = explanation.fields().iter().map(|field| field.status()).collect();
    assert_eq!(statuses, [Status::Holds, Status::ElementAbsent, Status::Absent]);
    assert_eq!(explanation.failing(), 1);
}

#[test]
fn suggestion_without_a_trial_has_no_verdict() {
    // Each trial takes more than 1 MiB, and the trials of an event at most 64 MiB.
    let members =
        |member: &str| (0..100).map(|n| format!(r#""d{n}":{{{member}}}"#)).collect::<Vec<_>>().join(",");
    let pattern = format!("{{{}}}", members(r#""eventName":[1]"#));
    let event = format!(r#"{{{},"text":"{}"}}"#, members(r#""event_name":1"#), "x".repeat(1 << 20));
    let explanation = explain(&pattern, &event);
    let traps: Vec<_> = explanation.fields().iter().map(|field| &field.traps()[0]).collect();
    assert!(traps.iter().all(|trap| trap.kind() == TrapKind::OtherSpelling));
    let proven = traps.iter().take_while(|trap| trap.proof().is_some()).count();
    assert!((1..64).contains(&proven), "{proven}");
    assert!(traps[..proven].iter().all(|trap| trap.message().contains("the field holds on the path")));
    for trap in &traps[proven..] {
        assert!(trap.proof().is_none() && trap.message().ends_with("but `event_name`"), "{trap}");
    }
}

#[test]
fn nearest_alternative_is_named_among_many() {
    let others: String = (0..40).map(|n| format!(r#""running-{n}","#)).collect();
    let pattern = format!(r#"{{"a":[{others}"stopped"]}}"#);
    let explanation = explain(&pattern, r#"{"a":"stoped"}"#);
    assert_eq!(explanation.fields()[0].near().map(|near| (near.alternative, near.distance)), Some((40, 1)));
    let text = explanation.to_string();
    assert!(text.contains(r#"nearest: "stoped" for "stopped", 1 character apart"#), "{text}");
}

#[test]
fn overwritten_field_does_not_fail_the_object_around_it() {
    let explanation = explain(r#"{"x":{"a":[3],"$or":[{"a":[1]},{"b":[2]}]}}"#, r#"{"x":{"a":1}}"#);
    assert!(explanation.matches());
    assert_eq!(explanation.nodes()[0].failing, 0, "{explanation}");
}

#[test]
fn empty_names_are_names() {
    let explanation = explain(r#"{".eventName":[1]}"#, r#"{"":{"event_name":1}}"#);
    let trap = &explanation.fields()[0].traps()[0];
    assert_eq!(
        (trap.code(), trap.proof().map(|proof| &*proof.pattern)),
        ("other-spelling", Some(r#"{".event_name":[1]}"#))
    );
    assert!(trap.message().contains("no `eventName`"), "{trap}");
}

#[test]
fn values_and_alternatives_that_decide_are_named() {
    let explanation =
        explain(r#"{"a":["x",{"prefix":"y"},{"suffix":"z"}]}"#, r#"{"a":[1,"ab",["abz","yz"]]}"#);
    let field = &explanation.fields()[0];
    // The first alternative that holds, although the value for the second one comes first.
    assert_eq!((field.decided(), field.decided_value(), field.found_count()), (Some(1), Some(3), 4));
    assert_eq!(field.found()[3].text, r#""yz""#);
}

#[test]
fn hostile_input_is_explained_in_bounded_time() {
    let name = "n".repeat(10_000);
    let members = |count: usize| (0..count).map(|n| format!(r#""k{n}":{n}"#)).collect::<Vec<_>>().join(",");
    let fields = |count: usize| {
        (0..count).map(|n| format!(r#""s{n}":["z",{{"prefix":"y"}}]"#)).collect::<Vec<_>>().join(",")
    };
    let long = |count: usize| {
        let text = "Z".repeat(60_000);
        (0..count).map(|n| format!(r#""s{n}":"{text}""#)).collect::<Vec<_>>().join(",")
    };
    let levels = 999;
    let cases = [
        // A long name above many members.
        (
            format!(r#"{{"{name}":{{"k1":[-1],"l1":[2]}},"k2":[1]}}"#),
            format!(r#"{{"{name}":{{{}}}}}"#, members(200_000)),
        ),
        // Long values of many fields.
        (format!("{{{}}}", fields(250)), format!("{{{}}}", long(250))),
        // Deep nesting.
        (
            format!("{}[1]{}", r#"{"a":"#.repeat(levels), "}".repeat(levels)),
            format!("{}2{}", r#"{"a":"#.repeat(levels), "}".repeat(levels)),
        ),
        // Many elements that conflict.
        (
            r#"{"a":{"b":[1],"c":[2],"d":[{"exists":false}]}}"#.to_owned(),
            format!(r#"{{"a":[{}{{"d":1}}]}}"#, r#"{"b":1,"d":1},{"c":2,"d":1},"#.repeat(1_000)),
        ),
        // JSON in a string, asked for by many fields.
        (
            format!(r#"{{"body":{{{}}}}}"#, fields(250)),
            format!(r#"{{"body":"{{{}}}"}}"#, members(50_000).replace('"', r#"\""#)),
        ),
    ];
    for (pattern, event) in cases {
        let start = Instant::now();
        let explanation = explain(&pattern, &event);
        assert!(!explanation.matches());
        let (text, json) = (explanation.to_string(), explanation.to_json());
        assert!(text.len() + json.len() < 4 << 20, "{} and {} bytes", text.len(), json.len());
        let elapsed = start.elapsed();
        assert!(elapsed < Duration::from_secs(60), "{elapsed:?} for {pattern:.60}");
    }
}
