//! Parsed events, case by case, as far as the laws of `galop_harness::check` cannot generate them.

#![cfg(all(feature = "serde_json", feature = "simd-json"))]

use galop::error::{EventErrorKind, JsonErrorKind};
use galop::{Matcher, ParsedEvent, RuleSet, Scratch};
use galop_harness::kernel;
use serde_json::{Map, Value, json};
use simd_json::{BorrowedValue, Node, OwnedValue, StaticNode, Tape};

fn rules(patterns: &[&str]) -> RuleSet {
    let mut rules = RuleSet::new();
    for pattern in patterns {
        rules.add(pattern).expect("a valid pattern");
    }
    rules
}

fn matcher(patterns: &[&str]) -> Matcher {
    kernel::matcher(&rules(patterns)).expect("a few rules compile")
}

/// Returns the rules that an event matches, as indices.
fn matches(matcher: &Matcher, event: &impl ParsedEvent) -> Vec<usize> {
    let mut scratch = Scratch::new();
    let ids = matcher.matches_parsed(&mut scratch, event).expect("an event").to_vec();
    assert_eq!(matcher.is_match_parsed(&mut scratch, event), Ok(!ids.is_empty()));
    ids.iter().map(|id| id.as_usize()).collect()
}

fn kind(matcher: &Matcher, event: &impl ParsedEvent) -> Option<EventErrorKind> {
    let mut scratch = Scratch::new();
    let error = matcher.matches_parsed(&mut scratch, event).err()?;
    assert_eq!(error.offset(), None, "{error}");
    assert_eq!(error.to_string(), format!("{} [{}]", error.kind(), error.code()));
    assert_eq!(matcher.is_match_parsed(&mut scratch, event), Err(error.clone()));
    Some(error.kind().clone())
}

fn value(text: &str) -> Value {
    text.parse().expect("JSON")
}

#[test]
fn numbers_equal_those_of_the_parser() {
    let keeps_text = "1e400".parse::<serde_json::Number>().is_ok();
    let mut compared = 0;
    for (pattern, event, in_text, in_value) in [
        // Stored exactly.
        ("0", "-0", true, true),
        ("0", "-0.0", true, true),
        ("-0", "0", true, true),
        ("300", "3.0e2", true, true),
        ("9007199254740992", "9007199254740992.0", true, true),
        ("9007199254740993", "9007199254740993", true, true),
        ("9007199254740992", "9007199254740993", false, false),
        ("9007199254740993", "9007199254740992", false, false),
        ("-9007199254740993", "-9007199254740993", true, true),
        ("-9007199254740993", "9007199254740993", false, false),
        ("18446744073709551615", "18446744073709551615", true, true),
        ("-9223372036854775808", "-9223372036854775808", true, true),
        ("1152921504606846976", "1152921504606846976", true, true),
        ("1152921504606847000", "1152921504606846976", false, false),
        ("1.152921504606847e18", "1152921504606847000", true, true),
        ("4.9e-324", "4.9e-324", true, true),
        (r#"{"numeric":[">",1,"<",1e300]}"#, "9007199254740993", false, false),
        (r#"{"anything-but":[1,2]}"#, "9007199254740993", true, true),
        // Stored as a double.
        ("9007199254740993.0", "9007199254740993.0", true, keeps_text),
        ("9007199254740992", "9007199254740993.0", false, !keeps_text),
        ("5e-324", "5e-324", true, keeps_text),
        ("4.9e-324", "5e-324", false, !keeps_text),
        ("0", "1e-400", false, !keeps_text),
        ("0.1", "0.1000000000000000055", false, !keeps_text),
        (r#"{"numeric":[">",1e22]}"#, "123456789012345678901234", false, !keeps_text),
    ] {
        let matcher = matcher(&[&format!(r#"{{"a":[{pattern}]}}"#)]);
        let text = format!(r#"{{"a":{event}}}"#);
        let found = matcher.is_match(&mut Scratch::new(), text.as_bytes());
        assert_eq!(found, Ok(in_text), "{pattern}, {text}");
        let value = value(&text);
        // Without its feature `float_roundtrip`, serde_json may store a neighbour of the nearest
        // double.
        if value["a"].as_f64() == event.parse().ok() {
            compared += 1;
            assert_eq!(!matches(&matcher, &value).is_empty(), in_value, "{pattern}, {text}");
        }
        if keeps_text {
            continue;
        }
        let mut room = text.clone().into_bytes();
        // simd_json refuses integers of more than 64 bits.
        if let Ok(tape) = simd_json::to_tape(&mut room) {
            compared += 1;
            assert_eq!(!matches(&matcher, &tape).is_empty(), in_value, "{pattern}, {text}, as a tape");
        }
    }
    assert!(compared >= 25, "{compared}");
}

#[test]
fn invalid_number_is_refused_if_a_rule_reads_it() {
    let matcher = matcher(&[r#"{"a":{"b":[{"anything-but":1}]}}"#]);
    let invalid = Some(EventErrorKind::Json(JsonErrorKind::InvalidNumber));
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let with = |name: &str| {
            let inner = [(name.to_owned(), OwnedValue::Static(StaticNode::F64(number)))];
            let inner = OwnedValue::Object(Box::new(inner.into_iter().collect()));
            OwnedValue::Object(Box::new([("a".to_owned(), inner)].into_iter().collect()))
        };
        assert_eq!(kind(&matcher, &with("b")), invalid, "{number}");
        assert_eq!(kind(&matcher, &with("c")), None, "{number}");
    }
}

#[test]
fn root_must_be_an_object() {
    let matcher = matcher(&[r#"{"a":[{"exists":false}]}"#]);
    let expected = Some(EventErrorKind::Json(JsonErrorKind::RootNotObject));
    for text in ["[]", r#"[{"a":1}]"#, "1", r#""a""#, "null", "true"] {
        assert_eq!(kind(&matcher, &value(text)), expected, "{text}");
        let mut room = text.as_bytes().to_vec();
        assert_eq!(kind(&matcher, &simd_json::to_tape(&mut room).expect("JSON")), expected, "{text}");
        let mut room = text.as_bytes().to_vec();
        assert_eq!(kind(&matcher, &simd_json::to_owned_value(&mut room).expect("JSON")), expected, "{text}");
        let mut room = text.as_bytes().to_vec();
        assert_eq!(
            kind(&matcher, &simd_json::to_borrowed_value(&mut room).expect("JSON")),
            expected,
            "{text}"
        );
    }
    assert_eq!(kind(&matcher, &Tape(Vec::new())), expected);
    assert_eq!(matches(&matcher, &json!({})), [0]);
    assert_eq!(matches(&matcher, &Map::new()), [0]);
}

/// Returns an object with a member `name`, of `levels` nested arrays, or of objects with a member
/// `b`.
fn nested(name: &str, levels: usize, arrays: bool) -> Value {
    let wrap = |value| if arrays { Value::Array(vec![value]) } else { json!({ "b": value }) };
    let inner = (1..levels).fold(json!(1), |value, _| wrap(value));
    json!({ name: inner })
}

/// Returns the value as a tape and as values of `simd_json`. The parser of `simd_json` does not
/// allow the depth.
fn converted(value: &Value) -> (OwnedValue, BorrowedValue<'static>, Tape<'static>) {
    fn owned(value: &Value) -> OwnedValue {
        match value {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.clone(), owned(value)));
                OwnedValue::Object(Box::new(members.collect()))
            }
            Value::Array(elements) => OwnedValue::Array(Box::new(elements.iter().map(owned).collect())),
            _ => OwnedValue::Static(StaticNode::U64(1)),
        }
    }
    fn nodes(value: &Value, tape: &mut Vec<Node<'static>>) {
        let at = tape.len();
        tape.push(Node::Static(StaticNode::U64(1)));
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    tape.push(Node::String(
                        ["a", "b", "z"].into_iter().find(|it| it == name).expect("a name"),
                    ));
                    nodes(value, tape);
                }
                tape[at] = Node::Object { len: members.len(), count: tape.len() - at - 1 };
            }
            Value::Array(elements) => {
                elements.iter().for_each(|element| nodes(element, tape));
                tape[at] = Node::Array { len: elements.len(), count: tape.len() - at - 1 };
            }
            _ => {}
        }
    }
    let mut tape = Vec::new();
    nodes(value, &mut tape);
    (owned(value), owned(value).into(), Tape(tape))
}

#[test]
fn depth_is_limited_as_in_a_text() {
    let rules = rules(&[r#"{"a":{"b":[1]}}"#, r#"{"a":[1]}"#]);
    for limit in [0, 1, 2, 3, 10, 300] {
        let mut builder = kernel::builder();
        builder.event_limits(kernel::event_limits(|it| it.depth = limit));
        let checking = builder.build(&rules).expect("a few rules compile");
        let trusting = builder.trusted(true).build(&rules).expect("a few rules compile");
        for (name, arrays) in [("a", true), ("a", false), ("z", true), ("z", false)] {
            for levels in [limit.max(1), limit + 1, limit + 100] {
                let event = nested(name, levels, arrays);
                let text = event.to_string();
                let expected = checking.matches(&mut Scratch::new(), text.as_bytes()).map(|ids| ids.len());
                let expected = expected.map_err(|error| error.kind().clone());
                assert_eq!(expected.is_err(), levels > limit, "{text}");
                let (owned, borrowed, tape) = converted(&event);
                fn answer(matcher: &Matcher, event: &impl ParsedEvent) -> Result<usize, EventErrorKind> {
                    kind(matcher, event).map_or_else(|| Ok(matches(matcher, event).len()), Err)
                }
                for found in [
                    answer(&checking, &event),
                    answer(&checking, &owned),
                    answer(&checking, &borrowed),
                    answer(&checking, &tape),
                ] {
                    assert_eq!(found, expected, "{limit} levels: {text}");
                }
                // The depth of a skipped value is not limited if events are trusted.
                if name == "z" && limit > 0 {
                    assert_eq!(kind(&trusting, &event), None, "{limit} levels: {text}");
                    assert_eq!(kind(&trusting, &tape), None, "{limit} levels: {text}");
                }
            }
        }
    }
}

#[test]
fn stored_text_is_limited() {
    let rules = rules(&[r#"{"a":[{"prefix":"x"}]}"#]);
    // Numbers that are not comparable are stored as text.
    let numbers = vec![json!(9_007_199_254_740_993_u64); 20];
    for event in [
        json!({"a": "x".repeat(100)}),
        json!({"a": [[], {}, [[1, 2], "x"], {"b": {}}]}),
        json!({"a": [numbers, "x"]}),
    ] {
        let text = event.to_string();
        let limited = |limit: usize| {
            kernel::builder()
                .event_limits(kernel::event_limits(|it| it.length = limit))
                .build(&rules)
                .expect("one rule compiles")
        };
        // A text within the limit gives a value within the limit.
        assert_eq!(matches(&limited(text.len()), &event), [0], "{text}");
        let limit = 8;
        assert_eq!(kind(&limited(limit), &event), Some(EventErrorKind::EventTooLong { limit }), "{text}");
    }
    // Skipped values are not stored.
    let matcher = kernel::builder()
        .event_limits(kernel::event_limits(|it| it.length = 8))
        .build(&rules)
        .expect("one rule compiles");
    assert_eq!(matches(&matcher, &json!({"b": "x".repeat(100), "a": "x"})), [0]);
}

#[test]
fn work_is_limited() {
    let rules = rules(&[r#"{"a":{"b":[1],"c":[1]}}"#]);
    let elements: Vec<Value> =
        (0..100).flat_map(|_| [json!({"b": 1, "c": 2}), json!({"b": 2, "c": 1})]).collect();
    let event = json!({ "a": elements });
    let matcher = kernel::builder()
        .event_limits(kernel::event_limits(|it| it.work = 10))
        .build(&rules)
        .expect("one rule compiles");
    assert_eq!(kind(&matcher, &event), Some(EventErrorKind::TooMuchWork { limit: 10 }));
    assert_eq!(matches(&kernel::matcher(&rules).expect("one rule compiles"), &event), [0; 0]);
}

#[test]
fn repeated_names_equal_those_of_the_parser() {
    let matcher = matcher(&[r#"{"a":[1]}"#, r#"{"a":[2]}"#]);
    let text = r#"{"a":1,"a":2}"#;
    assert_eq!(matcher.matches(&mut Scratch::new(), text.as_bytes()).map(<[_]>::len), Ok(2));
    assert_eq!(matches(&matcher, &value(text)), [1]);
    let mut room = text.as_bytes().to_vec();
    assert_eq!(matches(&matcher, &simd_json::to_tape(&mut room).expect("JSON")), [0, 1]);
}

#[test]
fn texts_and_parsed_events_share_a_scratch() {
    let matcher = matcher(&[r#"{"a":["x\ny"],"b":[{"exists":false}]}"#, r#"{"a":[12]}"#]);
    let mut scratch = Scratch::new();
    for turn in 0..3 {
        for (event, expected) in [
            (r#"{"a":"x\ny"}"#, &[0][..]),
            (r#"{"a":[12,"x\ny"],"b":[{"c":1}]}"#, &[0, 1]),
            (r#"{"b":1,"a":["x",13]}"#, &[]),
        ] {
            let of = |ids: &[galop::RuleId]| ids.iter().map(|id| id.as_usize()).collect::<Vec<_>>();
            let text = matcher.matches(&mut scratch, event.as_bytes()).map(of);
            let parsed = matcher.matches_parsed(&mut scratch, &value(event)).map(of);
            assert_eq!(
                (text.as_deref(), parsed.as_deref()),
                (Ok(expected), Ok(expected)),
                "turn {turn}: {event}"
            );
            assert!(matcher.matches_parsed(&mut scratch, &json!([1])).is_err());
        }
    }
}

/// A tape is a vector with arbitrary contents.
#[test]
fn invalid_tape_does_not_panic() {
    let matcher = matcher(&[r#"{"a":[{"exists":false}]}"#, r#"{"a":{"b":[1]}}"#]);
    let parts = [
        Node::Object { len: 2, count: usize::MAX },
        Node::Object { len: usize::MAX, count: 1 },
        Node::Object { len: 0, count: 0 },
        Node::Array { len: usize::MAX, count: 0 },
        Node::Array { len: 1, count: 2 },
        Node::String("a"),
        Node::String("b"),
        Node::Static(StaticNode::U64(1)),
    ];
    let mut scratch = Scratch::new();
    for code in 0..parts.len().pow(5) {
        let tape = (0..5).map(|at| parts[code / parts.len().pow(at) % parts.len()]).collect();
        let answer = matcher.matches_parsed(&mut scratch, &Tape(tape)).map(<[_]>::len);
        let expected = matches!(parts[code % parts.len()], Node::Object { .. });
        assert_eq!(answer.is_ok(), expected, "{code}");
    }
}
