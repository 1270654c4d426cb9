use super::{Entry, read};
use crate::template::Defines;

/// Returns the entries of a file `f`: `id=pattern@line:column`, `schedule`, or `code@line:column`.
fn entries(text: &[u8]) -> Vec<String> {
    let show = |entry| match entry {
        Entry::Rule(rule) => {
            let begin = rule.pattern.begin;
            format!("{}={}@{}:{}", rule.id, rule.pattern.text, begin.line, begin.column)
        }
        Entry::Schedule(_) => "schedule".to_owned(),
        Entry::Unfiltered => "unfiltered".to_owned(),
        Entry::Fault(fault) | Entry::Cut(fault) => {
            format!("{}@{}:{}", fault.code, fault.place.line, fault.place.column)
        }
    };
    read(text, &"f.json".into(), "f", &Defines::default()).into_iter().map(show).collect()
}

#[test]
fn lines_are_rules_or_patterns() {
    let text = br#"{"id":"x","pattern":{"a":[1.0]},"owner":{"team":[]}}

{"pattern":"{\"a\":[2]}"}
{"id":7,"note":"","pattern":[3]}
 {"a":[4]}
{"pattern":["p"],"id":["q"]}"#;
    let expected = [
        r#"x={"a":[1.0]}@1:21"#,
        r#"f:3={"a":[2]}@3:13"#,
        "7=[3]@4:29",
        r#"f:5={"a":[4]}@5:2"#,
        r#"f:6={"pattern":["p"],"id":["q"]}@6:1"#,
    ];
    assert_eq!(entries(text), expected);
}

#[test]
fn single_value_is_named_after_the_file() {
    assert_eq!(entries(b"{\"a\":[1]}\n"), ["f={\"a\":[1]}@1:1"]);
    assert_eq!(entries(b"\n{\n \"a\": [1]\n}\n"), ["f={\n \"a\": [1]\n}@2:1"]);
    assert_eq!(entries(b"{\n \"id\": \"x\",\n \"pattern\": {\"a\": [1]}\n}\n"), ["x={\"a\": [1]}@3:13"]);
    assert_eq!(entries(b"{\"pattern\":{\"a\":[1]}}"), ["f={\"a\":[1]}@1:12"]);
    assert_eq!(entries(b"{\"pattern\":[1]}"), ["f={\"pattern\":[1]}@1:1"]);
    assert_eq!(entries(b""), [""; 0]);
    assert_eq!(entries(b" \n\n"), [""; 0]);
}

#[test]
fn pattern_text_is_unchanged() {
    let pattern = r#"{ "a":[1.00, 1e400], "a" :["\u0061\/\ud800"] , "\ud800":[1]}"#;
    assert_eq!(entries(pattern.as_bytes()), [format!("f={pattern}@1:1")]);
    let line = format!("{{\"id\":\"x\",\"pattern\":{pattern}}}\n{pattern}");
    assert_eq!(entries(line.as_bytes()), [format!("x={pattern}@1:21"), format!("f:2={pattern}@2:1")]);
}

#[test]
fn array_elements_are_rules() {
    let text = br#"[
  {"id": "x", "pattern": {"a": [1]}},
  {"a": [2]}, 5, [{"a": [3]}]
]"#;
    assert_eq!(
        entries(text),
        [r#"x={"a": [1]}@2:26"#, r#"f:2={"a": [2]}@3:3"#, "not-a-rule@3:15", "not-a-rule@3:18"]
    );
}

#[test]
fn output_of_the_aws_cli_is_read() {
    let text = br#"{
  "Rules": [
    {"Name": "r", "Arn": "arn", "EventPattern": "{\"a\":[1]}", "State": "DISABLED", "EventBusName": "b"},
    {"Name": "s", "ScheduleExpression": "rate(1 day)", "State": "ENABLED"},
    {"Name": "t"}
  ]
}"#;
    assert_eq!(entries(text), [r#"r={"a":[1]}@3:50"#, "schedule", "missing-pattern@5:5"]);
    let Entry::Rule(rule) = &read(text, &"f".into(), "f", &Defines::default())[0] else {
        panic!("not a rule")
    };
    assert!(rule.disabled);
    assert_eq!(rule.bus.as_deref(), Some("b"));
    assert_eq!(entries(br#"{"Name":"r","EventPattern":"{\"a\":[1]}"}"#), [r#"r={"a":[1]}@1:29"#]);
    assert_eq!(entries(br#"{"Rules":[]}"#), [""; 0]);
    // A pattern with a field `Rules`.
    assert_eq!(entries(br#"{"Rules":["x"]}"#), [r#"f={"Rules":["x"]}@1:1"#]);
}

#[test]
fn invalid_line_does_not_affect_other_lines() {
    let text = b"{\"a\":[1]}\n{\"a\":[\xc3\xa4}\n{\"\xc3\xa4\":[2}\n{\"a\":\"\xff\"}\n5\n{\"id\":\"x\"}\n{\"a\":[1]}";
    let expected = [
        r#"f:1={"a":[1]}@1:1"#,
        "unexpected-character@2:7",
        "unexpected-character@3:8",
        "invalid-utf8@4:7",
        "not-a-rule@5:1",
        "missing-pattern@6:1",
        r#"f:7={"a":[1]}@7:1"#,
    ];
    assert_eq!(entries(text), expected);
    // The first line may be invalid too if a later line is valid.
    assert_eq!(entries(b"{\"a\":[1}\n{\"a\":[1]}"), ["unexpected-character@1:8", r#"f:2={"a":[1]}@2:1"#]);
    assert_eq!(entries(b"{\"a\":[1\n{\"a\":[1]}"), ["unexpected-character@2:1", r#"f:2={"a":[1]}@2:1"#]);
}

#[test]
fn invalid_document_is_reported_at_the_error() {
    assert_eq!(entries(b"{\n \"a\": [1\n}\n"), ["unexpected-character@3:1"]);
    assert_eq!(entries(b"{\n \"a\": [1],\n"), ["unexpected-end@3:1"]);
    assert_eq!(entries(b"{\n \"a\": [\"\xff\"]\n}"), ["invalid-utf8@2:9"]);
    assert_eq!(entries(br#"{"id":"x","pattern":"\ud800"}"#), ["unpaired-surrogate@1:21"]);
}

#[test]
fn repeated_member_of_a_rule_is_an_error() {
    let text = br#"{"id":"x","pattern":{"a":[1]},"pattern":{"a":[2]}}"#;
    assert_eq!(entries(text), ["repeated-member@1:1"]);
    // In a pattern, repeated members are left to the library.
    assert_eq!(entries(br#"{"id":[1],"id":[2]}"#), [r#"f={"id":[1],"id":[2]}@1:1"#]);
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    for bytes in ["[", "{\"a\":", "{\"Rules\":["] {
        assert_eq!(entries(bytes.repeat(200_000).as_bytes()).len(), 1);
    }
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(entries(deep.as_bytes()), ["not-a-rule@1:2"]);
}

#[test]
fn many_rules_on_one_line_take_linear_time() {
    let count = 100_000;
    let rule = "{\"id\":\"ä\",\"pattern\":{\"a\":[1]}}";
    let entries = entries(format!("[{}]", vec![rule; count].join(",")).as_bytes());
    assert_eq!(entries.len(), count);
    let column = 22 + (count - 1) * (rule.chars().count() + 1);
    assert_eq!(entries[count - 1], format!("ä={{\"a\":[1]}}@1:{column}"));
}

#[test]
fn several_values_on_a_line_are_rules() {
    let one = r#"{"id":"x","pattern":{"a":[1]}}"#;
    assert_eq!(
        entries(format!("{one}{{\"b\":[1]}} {{\"c\":[1]}}").as_bytes()),
        [r#"x={"a":[1]}@1:21"#, r#"f:1:31={"b":[1]}@1:31"#, r#"f:1:41={"c":[1]}@1:41"#]
    );
    let pretty = "{\n  \"Rules\": [\n    {\"Name\": \"NAME\", \"EventPattern\": {\"a\": [1]}}\n  ]\n}\n";
    let two = pretty.replace("NAME", "x") + &pretty.replace("NAME", "y");
    assert_eq!(entries(two.as_bytes()), [r#"x={"a": [1]}@3:35"#, r#"y={"a": [1]}@8:35"#]);
    assert_eq!(
        entries(b"[{\"a\":[1]}]\n[{\"a\":[2]}]"),
        [r#"f:1:1={"a":[1]}@1:2"#, r#"f:2:1={"a":[2]}@2:2"#]
    );
    // A document without end does not take the one after it.
    let cut = pretty.replace("NAME", "x").replace("\n  ]\n}", "") + &pretty.replace("NAME", "y");
    assert_eq!(entries(cut.as_bytes()), ["unexpected-character@4:1", r#"y={"a": [1]}@6:35"#]);
    assert_eq!(
        entries(b"{\"a\":[1]},\n{\"a\":[2]}\n"),
        [r#"f:1={"a":[1]}@1:1"#, "unexpected-character@1:10", r#"f:2={"a":[2]}@2:1"#]
    );
}

#[test]
fn event_pattern_may_be_an_object() {
    assert_eq!(entries(br#"{"Name":"x","EventPattern":{"a":[1]}}"#), [r#"x={"a":[1]}@1:28"#]);
    assert_eq!(entries(br#"{"EventPattern":{"a":[1]}}"#), [r#"f={"a":[1]}@1:17"#]);
    assert_eq!(entries(br#"{"EventPattern":["x"]}"#), [r#"f={"EventPattern":["x"]}@1:1"#]);
}
