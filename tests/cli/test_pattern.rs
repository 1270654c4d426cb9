use serde_json::json;

use super::Dir;

const PATTERN: &str = r#"{"source":["aws.ec2"]}"#;
const MATCHING: &str = r#"{"source":"aws.ec2"}"#;
const OTHER: &str = r#"{"source":"aws.s3"}"#;

#[test]
fn output_equals_the_output_of_the_aws_cli() {
    let dir = Dir::new("test-pattern");
    let run = dir.run(&["test-pattern", "--event-pattern", PATTERN, "--event", MATCHING]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "{\n    \"Result\": true\n}\n", ""));
    let run = dir.run(&["test-pattern", "--event-pattern", PATTERN, "--event", OTHER]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "{\n    \"Result\": false\n}\n", ""));
}

#[test]
fn files_and_texts_are_read() {
    let dir = Dir::new("test-pattern-files");
    dir.file("pattern.json", PATTERN).file("event.json", format!("\n{MATCHING}\n"));
    for pattern in ["pattern.json", "file://pattern.json", &format!(" {PATTERN}")] {
        let run = dir.run(&["test-pattern", "--event-pattern", pattern, "--event", "file://event.json"]);
        assert_eq!((run.code, run.out.as_str()), (0, "{\n    \"Result\": true\n}\n"), "{pattern}");
    }
}

#[test]
fn extensions_must_be_allowed_by_each_command() {
    let dir = Dir::new("extensions");
    let pattern = r#"{"a":[{"regexp":"x+"}]}"#;
    dir.file("rules.jsonl", pattern).file("events.jsonl", r#"{"a":"xx"}"#);
    let test_pattern = ["test-pattern", "--event-pattern", pattern, "--event", r#"{"a":"xx"}"#];
    for command in
        [&["check", "rules.jsonl"][..], &["match", "-r", "rules.jsonl", "events.jsonl"], &test_pattern]
    {
        let run = dir.run(command);
        assert_ne!(run.code, 0, "{command:?}");
        assert!(
            format!("{}{}", run.out, run.err).contains("extension-not-allowed"),
            "{command:?}: {}",
            run.err
        );
        let run = dir.run(&[command, &["--extensions", "regexp"]].concat());
        assert_eq!(run.code, 0, "{command:?}: {}", run.err);
        let run = dir.run(&[command, &["--extensions", "prefix"]].concat());
        assert!(run.code == 2 && run.err.contains("regexp"), "{command:?}: {}", run.err);
    }
}

#[test]
fn refusal_has_a_reason() {
    let dir = Dir::new("test-pattern-refused");
    let refused = |pattern: &str, event: &str| {
        let run = dir.run(&["test-pattern", "--event-pattern", pattern, "--event", event]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{pattern} {event}");
        run.err
    };
    assert_eq!(
        refused(r#"{"a":1}"#, "{}"),
        "galop: the pattern is refused\nerror[leaf-not-array]: a field takes a list of alternatives, or an \
         object\n --> 1:6\n  |\n1 | {\"a\":1}\n  |      ^\n  = help: put the value in a list: `[…]`\n"
    );
    assert_eq!(
        refused(PATTERN, r#"{"source":tru}"#),
        "galop: the event is refused\nerror[invalid-literal]: unknown word, expected `true`, `false` or `null`\n \
         --> 1:11\n  |\n1 | {\"source\":tru}\n  |           ^\n"
    );
    assert!(refused("nowhere.json", "{}").starts_with("nowhere.json: error[unreadable]: "));
    assert!(refused(PATTERN, "file://nowhere.json").starts_with("nowhere.json: error[unreadable]: "));

    let long = format!("{{\"a\":[\"{}\"]}}", "x".repeat(2_048));
    assert_eq!(dir.run(&["test-pattern", "--event-pattern", &long, "--event", "{}"]).code, 0);
    let run = dir.run(&["test-pattern", "--limits=aws", "--event-pattern", &long, "--event", "{}"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("error[pattern-too-long]"), "{}", run.err);
}

#[test]
fn limits_are_wide_by_default() {
    let dir = Dir::new("test-pattern-limits");
    let long = format!(r#"{{"a":["{}"]}}"#, "x".repeat(20_000));
    let or = |n: usize| format!(r#"{{"$or":[{{"a":[1]}},{{"b":[1]}}],"a":[{n}]}}"#);
    let twice: Vec<String> = (0..10).map(|n| format!(r#""o{n}":{}"#, or(n))).collect();
    let twice = format!("{{{}}}", twice.join(","));
    // A rule that takes 60 MB of compiled memory.
    let fields: Vec<String> = (0..220).map(|n| format!(r#""f{n}":[1]"#)).collect();
    let ors: Vec<String> = (0..16).map(|n| format!(r#""o{n}":{}"#, or(n))).collect();
    let large = format!("{{{},{}}}", fields.join(","), ors.join(","));
    for (name, pattern, code) in [
        ("long", long, "pattern-too-long"),
        ("twice", twice, "too-many-branches"),
        ("large", large, "too-many-branches"),
    ] {
        dir.file(name, pattern);
        let run = |limits: &[&str]| {
            dir.run(&[&["test-pattern", "--event-pattern", name, "--event", "{}"], limits].concat())
        };
        assert_eq!((run(&[]).code, run(&["--limits=wide"]).code), (0, 0), "{name}");
        let run = run(&["--limits=default"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(&format!("error[{code}]")), "{}", run.err);
    }
}

#[test]
fn rules_standard_input_and_byte_order_marks_are_read() {
    let dir = Dir::new("test-pattern-rules");
    dir.file("marked.json", format!("\u{feff}{MATCHING}"));
    let quoted = serde_json::Value::from(PATTERN).to_string();
    for pattern in [
        PATTERN.to_owned(),
        format!("\u{feff}{PATTERN}"),
        format!("{{\"Name\":\"x\",\"EventPattern\":{quoted}}}"),
        format!("{{\"Name\":\"x\",\"EventPattern\":{PATTERN}}}"),
        format!("{{\"id\":\"x\",\"pattern\":{PATTERN}}}"),
        format!("{{\"Rules\":[{{\"Name\":\"x\",\"EventPattern\":{quoted}}}]}}"),
    ] {
        dir.file("pattern.json", &pattern);
        for event in [MATCHING, "marked.json"] {
            let run = dir.run(&["test-pattern", "--event-pattern", "pattern.json", "--event", event]);
            assert_eq!(
                (run.code, run.out.as_str()),
                (0, "{\n    \"Result\": true\n}\n"),
                "{pattern} {}",
                run.err
            );
            let run =
                dir.run_with(&["test-pattern", "--event-pattern", "-", "--event", event], pattern.as_bytes());
            assert_eq!((run.code, run.out.as_str()), (0, "{\n    \"Result\": true\n}\n"), "{pattern}");
        }
    }
    let run = dir.run_with(&["test-pattern", "--event-pattern", PATTERN, "--event", "-"], OTHER.as_bytes());
    assert_eq!(run.out, "{\n    \"Result\": false\n}\n");
    let run = dir.run(&["test-pattern", "--event-pattern", "-", "--event", "-"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "galop: standard input cannot be the pattern and the event\n")
    );
    dir.file("two.jsonl", format!("{PATTERN}\n{PATTERN}\n"));
    let run = dir.run(&["test-pattern", "--event-pattern", "two.jsonl", "--event", MATCHING]);
    assert!(
        run.code == 2 && run.err.starts_with("galop: two.jsonl: 2 rules where one pattern"),
        "{}",
        run.err
    );
}

#[test]
fn output_for_programs_is_a_line_of_json() {
    let dir = Dir::new("test-pattern-json");
    let run = |pattern: &str, event: &str| {
        let run = dir.run(&["test-pattern", "--format=json", "--event-pattern", pattern, "--event", event]);
        (run.code, run.json())
    };
    assert_eq!(run(PATTERN, MATCHING), (0, vec![json!({"matches": true})]));
    assert_eq!(run(PATTERN, OTHER), (0, vec![json!({"matches": false})]));
    let error = json!({
        "of": "pattern", "code": "leaf-not-array", "message": "a field takes a list of alternatives, or an object",
        "start": 5, "end": 6, "help": "put the value in a list: `[…]`",
    });
    assert_eq!(run(r#"{"a":1}"#, "{}"), (2, vec![json!({ "error": error })]));
    let error = json!({
        "of": "event", "code": "invalid-literal", "message": "unknown word, expected `true`, `false` or `null`",
        "start": 10, "end": 10, "help": null,
    });
    assert_eq!(run(PATTERN, r#"{"source":tru}"#), (2, vec![json!({ "error": error })]));
}
