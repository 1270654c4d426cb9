use std::fmt::Write;

use super::{Defines, define};
use crate::rule_entry::Entry;
use crate::rule_file;

/// Returns the entries of a file `f`: `id=pattern`, `schedule`, `unfiltered`, or
/// `code@line:column`.
fn entries(text: &str, defined: &[(&str, &str)]) -> Vec<String> {
    let defined: Vec<_> =
        defined.iter().map(|(name, value)| define(&format!("{name}={value}")).unwrap()).collect();
    let show = |entry| match entry {
        Entry::Rule(rule) => format!("{}={}", rule.id, rule.pattern.text),
        Entry::Schedule(_) => "schedule".to_owned(),
        Entry::Unfiltered => "unfiltered".to_owned(),
        Entry::Fault(fault) | Entry::Cut(fault) => {
            format!("{}@{}:{}", fault.code, fault.place.line, fault.place.column)
        }
    };
    rule_file::read(text.as_bytes(), &"f".into(), "f", &Defines::new(&defined))
        .into_iter()
        .map(show)
        .collect()
}

/// Returns a template of one rule, with a pattern as YAML of one line.
fn rule(pattern: &str) -> String {
    format!("Resources:\n  R:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {pattern}\n")
}

#[track_caller]
fn assert_pattern(yaml: &str, json: &str) {
    let defined = [("Stage", "prod"), ("AWS::Region", "eu"), ("Bucket.Arn", "arn:x"), ("Quote", "\"\\")];
    assert_eq!(entries(&rule(yaml), &defined), [format!("R={json}")], "{yaml}");
}

#[test]
fn yaml_becomes_json() {
    assert_pattern("{a: [b, 'c', \"d\"]}", r#"{"a":["b","c","d"]}"#);
    assert_pattern("{a: [1, 1.50, '1', true, null]}", r#"{"a":[1,1.50,"1",true,null]}"#);
    assert_pattern(r#"{a: ["\x41\n\"", 'it''s \ "']}"#, r#"{"a":["A\u000a\"","it's \\ \""]}"#);
    assert_pattern("{a: [!!str 1, ! 2]}", r#"{"a":["1","2"]}"#);
    assert_pattern("{a: {b: [{exists: true}]}}", r#"{"a":{"b":[{"exists":true}]}}"#);
    assert_pattern("'{\"a\": [1]}'", r#"{"a": [1]}"#);
    assert_pattern("|\n        {\n          \"a\": [1]\n        }", "{\n  \"a\": [1]\n}\n");
}

#[test]
fn functions_have_the_values_that_are_defined() {
    assert_pattern("{a: [!Ref Stage, {Ref: AWS::Region}]}", r#"{"a":["prod","eu"]}"#);
    assert_pattern("{a: [!GetAtt Bucket.Arn, Fn::GetAtt: [Bucket, Arn]]}", r#"{"a":["arn:x","arn:x"]}"#);
    assert_pattern("{a: [!Sub 'x-${Stage}-${!Stage}-${']}", r#"{"a":["x-prod-${Stage}-${"]}"#);
    assert_pattern("{a: [!Sub ['${X}${Stage}', {X: !Ref AWS::Region}]]}", r#"{"a":["euprod"]}"#);
    assert_pattern("{a: [!Join ['-', [a, !Ref Stage, 'b']]]}", r#"{"a":["a-prod-b"]}"#);
    assert_pattern("{a: [!Sub [x]]}", r#"{"a":["x"]}"#);
    assert_pattern("{a: [!Ref Quote]}", r#"{"a":["\"\\"]}"#);
    assert_pattern("!Sub '{\"a\": [\"${Stage}\"]}'", r#"{"a": ["prod"]}"#);
    assert_pattern("{Fn::ToJsonString: {a: [!Ref Stage]}}", r#"{"a":["prod"]}"#);
}

#[test]
fn functions_without_a_value_are_faults() {
    for (pattern, column) in [
        ("{a: [!Ref Other]}", 26),
        ("{a: [!Sub 'x${Other}']}", 33),
        ("{a: [!Select [0, [x]]]}", 26),
        ("!If [A, {}, {}]", 21),
        ("{a: [Fn::ImportValue: x]}", 26),
        ("{a: !Unknown [x]}", 25),
    ] {
        let expected = format!("unresolved-intrinsic@5:{column}");
        assert_eq!(entries(&rule(pattern), &[]), [expected], "{pattern}");
    }
}

#[test]
fn json_keeps_its_spelling() {
    let pattern = r#"{ "a" : [1.00, "\u0061\ud800", {"Ref": "Stage"}] }"#;
    let text = format!(
        r#"{{"Resources":{{"R":{{"Type":"AWS::Events::Rule","Properties":{{"EventPattern":{pattern}}}}}}}}}"#
    );
    assert_eq!(entries(&text, &[("Stage", "p")]), [r#"R={"a":[1.00,"\u0061\ud800","p"]}"#]);
}

#[test]
fn aliases_take_bounded_time_and_memory() {
    // Each list repeats the one before ten times.
    let mut bomb = "AWSTemplateFormatVersion: x\na0: &a0 [x]\n".to_owned();
    for level in 1..30 {
        let elements = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{elements}]").unwrap();
    }
    let many = format!("a: &a [x]\nb: [{}]\n", vec!["*a"; 1_000_000].join(","));
    // Each list has the one before as its element.
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for level in 1..100_000 {
        writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    let merged: String = (0..3_000).map(|n| format!("m{n}: {{<<: *a, x: 1}}\n")).collect();
    let members: Vec<String> = (0..3_000).map(|n| format!("k{n}: 1")).collect();
    let merged = format!("a: &a {{{}}}\n{merged}", members.join(","));
    for (text, pattern, code) in [
        (bomb, "{a: *a29}", "template-too-large"),
        (many, "{a: [1]}", "R={\"a\":[1]}"),
        (chain, "{a: *a99999}", "template-too-large"),
        (merged, "{a: [1]}", "template-too-large"),
    ] {
        let entries = entries(&(text + &rule(pattern)), &[]);
        assert!(entries.len() == 1 && entries[0].starts_with(code), "{code}: {entries:?}");
    }
}

#[test]
fn repeated_events_take_bounded_time_and_memory() {
    let events = vec!["{schedule: x}"; 2_000].join(", ");
    let functions: String = (0..2_000).map(|n| format!("  f{n}: {{events: *e}}\n")).collect();
    let text = format!("service: x\nprovider: aws\ncustom: {{e: &e [{events}]}}\nfunctions:\n{functions}");
    let entries = entries(&text, &[]);
    assert!(entries.len() < 600_000, "{}", entries.len());
    assert!(entries.last().is_some_and(|entry| entry.starts_with("template-too-large@")));
}

#[test]
fn deep_variables_take_bounded_time() {
    let service = |custom: &str, value: &str| {
        format!(
            "service: x\nprovider: aws\n{custom}functions: {{f: {{events: [{{eventBridge: {{pattern: {{a: ['{value}']}}}}}}]}}}}\n"
        )
    };
    // Each value has the one before twice.
    let doubled: String = (1..60)
        .map(|n| format!("  a{n}: ['${{self:custom.a{0}}}', '${{self:custom.a{0}}}']\n", n - 1))
        .collect();
    let chain: String = (0..5_000).map(|n| format!("  a{n}: '${{self:custom.a{}.k}}'\n", n + 1)).collect();
    let nested = format!("{}{}", "${a:".repeat(10_000), "}".repeat(10_000));
    for (text, code) in [
        (service(&format!("custom:\n  a0: x\n{doubled}"), "${self:custom.a59}"), "template-too-large"),
        (service(&format!("custom:\n{chain}"), "${self:custom.a0}"), "unresolved-variable"),
        (service("", &nested), "template-too-large"),
        (service("", &"${a:".repeat(100_000)), "invalid-variable"),
        (service("", &"${".repeat(100_000)), "f/1="),
    ] {
        let entries = entries(&text, &[]);
        assert!(entries.len() == 1 && entries[0].starts_with(code), "{code}: {entries:.200?}");
    }
}

#[test]
fn hostile_configuration_takes_bounded_time() {
    let rule = |pattern: &str| {
        format!("resource \"aws_cloudwatch_event_rule\" \"a\" {{\n  event_pattern = {pattern}\n}}\n")
    };
    let names: String = (0..100_000).map(|n| format!("a{n} = 1\n")).collect();
    for (pattern, code) in [
        (format!("jsonencode({{\n{names}}})"), "template-too-large"),
        (format!("jsonencode({})", "[".repeat(100_000)), "invalid-hcl"),
        ("(".repeat(100_000), "invalid-hcl"),
        ("!".repeat(100_000), "invalid-hcl"),
        ("f(".repeat(100_000), "invalid-hcl"),
        (format!("\"{}", "${\"".repeat(100_000)), "invalid-hcl"),
        (format!("1{}", " + 1".repeat(100_000)), "invalid-hcl"),
        (format!("\"{}\"", "%{ if a }".repeat(60)), "invalid-hcl"),
        (format!("a{}", ".b".repeat(100_000)), "unresolved-expression"),
        (format!("<<E\n{}E", "\n".repeat(100_000)), "aws_cloudwatch_event_rule.a="),
        (format!("<<E\n{}", "<<E\n".repeat(100_000)), "invalid-hcl"),
    ] {
        let entries = entries(&rule(&pattern), &[]);
        assert!(entries.len() == 1 && entries[0].starts_with(code), "{code}: {entries:.200?}");
    }
}

#[test]
fn broken_texts_have_a_place() {
    let head = "AWSTemplateFormatVersion: x\n";
    for (text, expected) in [
        ("a: &a [*a]\n", "yaml-cycle@2:8"),
        ("a: &a {b: {c: *a}}\n", "yaml-cycle@2:15"),
        ("a: *b\n", "invalid-yaml@2:4"),
        ("a: [1\n", "invalid-yaml@2:4"),
        ("a: 'x\n", "invalid-yaml@2:4"),
        ("a: 1\n b: 2\n", "invalid-yaml@3:3"),
        ("a:\n\t- x\n", "invalid-yaml@3:2"),
        ("---\nb: 1\n", "invalid-yaml@2:1"),
        ("<<: 5\n", "invalid-yaml@2:1"),
        ("Resources: 5\n", "invalid-template@2:12"),
        ("Resources:\n  A: 5\n", "invalid-template@3:6"),
        ("Resources:\n  A: {}\n  A: {}\n", "repeated-member@4:3"),
        ("Resources: !Ref X\n", "unresolved-intrinsic@2:12"),
    ] {
        assert_eq!(entries(&format!("{head}{text}"), &[]), [expected], "{text}");
    }
}

#[test]
fn every_cut_of_a_template_has_a_result() {
    let text = rule("{a: [!Sub \"x${Stage}\", 'y', {prefix: &b \"\\u00e4\"}], d: *b}");
    let json = r#"{"Resources":{"R":{"Type":"AWS::Pipes::Pipe","Properties":{"SourceParameters":{"FilterCriteria":{"Filters":[{"Pattern":"{\"a\":[1]}"}]}}}}}}"#;
    for text in [text.as_str(), json] {
        for (end, _) in text.char_indices() {
            entries(&text[..end], &[("Stage", "p")]);
        }
    }
    assert_eq!(entries(json, &[]), [r#"R={"a":[1]}"#]);
}
