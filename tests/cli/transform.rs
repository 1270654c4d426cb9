use serde_json::json;

use super::{Dir, gzip};

const PATHS: &str = r#"{"state":"$.detail.state","detail":"$.detail"}"#;
const EVENTS: &str = r#"{"detail":{"state":"off"}}
{"detail":{"state":"on", "n": 1}}
"#;

#[test]
fn events_of_any_source_are_transformed() {
    let dir = Dir::new("transform");
    dir.file("paths.json", PATHS).file("template.json", "{\n  \"is\": <state>,\n  \"all\": <detail>\n}\n");
    dir.file("events.jsonl", EVENTS).file("packed/events.jsonl.gz", gzip(EVENTS.as_bytes()));
    let output =
        "{\"is\":\"off\",\"all\":{\"state\":\"off\"}}\n{\"is\":\"on\",\"all\":{\"state\":\"on\",\"n\":1}}\n";
    let files = ["transform", "--input-paths", "paths.json", "--template", "file://template.json"];
    for events in ["events.jsonl", "packed"] {
        let run = dir.run(&[&files[..], &[events]].concat());
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, output, ""), "{events}");
    }
    let run = dir.run_with(&files, EVENTS.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (0, output));
    let texts = ["transform", "--input-paths", PATHS, "--template", "\"is <state>\"", "events.jsonl"];
    assert_eq!(dir.run(&texts).out, "\"is off\"\n\"is on\"\n");
    let run = dir.run(&[&texts[..], &["--format", "json"]].concat());
    assert_eq!(run.json(), [json!({ "output": "\"is off\"" }), json!({ "output": "\"is on\"" })]);
    let run = dir.run_with(&["transform", "--template", "-", "events.jsonl"], b"<aws.events.event.json>\n");
    assert_eq!(run.lines()[1], r#"{"detail":{"state":"on","n":1}}"#);
    let run = dir.run_with(
        &["transform", "--unwrap", "--template", "<aws.events.event.json>"],
        br#"{"Records":[{"eventSource":"aws:sqs","body":"{\"a\":1}"}]}"#,
    );
    assert_eq!((run.code, run.out.as_str()), (0, "{\"eventSource\":\"aws:sqs\",\"body\":{\"a\":1}}\n"));
}

#[test]
fn target_of_the_service_is_read() {
    let dir = Dir::new("transform-target");
    let target = r#"{"Targets":[{"Id":"1","Arn":"arn","InputTransformer":{
        "InputPathsMap":{"state":"$.detail.state"},
        "InputTemplate":"\"<aws.events.rule-name>: <state>\""}}]}"#;
    dir.file("events.jsonl", EVENTS);
    let command = ["transform", "--target", "-", "--rule-name", "stopped", "events.jsonl"];
    let run = dir.run_with(&command, target.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (0, "\"stopped: off\"\n\"stopped: on\"\n"));
    let run = dir.run_with(&["transform", "--target", "-", "events.jsonl"], target.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "<stdin>:3:28: error[no-value]: the variable has no value
  |
3 |         \"InputTemplate\":\"\\\"<aws.events.rule-name>: <state>\\\"\"}}]}
  |                            ^^^^^^^^^^^^^^^^^^^^^^
  = help: give it with --rule-arn, --rule-name or --ingestion-time
"
    );
}

#[test]
fn refused_texts_have_a_place_and_a_help() {
    let dir = Dir::new("transform-refused");
    dir.file("paths.json", "{\n  \"state\": \"$.detail['state']\"\n}");
    let run = dir.run(&["transform", "--input-paths", "paths.json", "--template", "<state>"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "paths.json:2:22: error[path-bracket]: the service takes names after a dot, not in brackets
  |
2 |   \"state\": \"$.detail['state']\"
  |                      ^^^^^^^
  = help: write .state
"
    );
    let run = dir.run(&["transform", "--input-paths", PATHS, "--template", "\"<stat>\"", "--format", "json"]);
    assert_eq!(run.code, 2);
    let error = json!({
        "of": "template",
        "code": "unknown-variable",
        "message": "the variable stat has no path",
        "start": 1,
        "end": 7,
        "help": "the variables are state, detail",
    });
    assert_eq!(run.json(), [json!({ "error": error })]);
    let run = dir.run(&["transform", "--template", "instance <a>"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("instance <a>: error[unreadable]: "), "{}", run.err);
    assert!(
        run.err.ends_with("  = help: a text on the command line begins with {, [, < or \"\n"),
        "{}",
        run.err
    );
    let run = dir.run_with(&["transform", "--template", "-", "events.jsonl"], b"\"\xff\"");
    assert_eq!((run.code, run.err.as_str()), (2, "<stdin>: error[invalid-utf8]: this is not UTF-8\n"));
}

#[test]
fn other_events_have_their_output() {
    let dir = Dir::new("transform-events");
    dir.file("events.jsonl", "{\"a\":\"x\\\"y\"}\n{\"a\":\"b\"}\n{\"a\":tru}\n{\"a\":\"c\"}\n");
    let paths = r#"{"a":"$.a"}"#;
    let command = ["transform", "--input-paths", paths, "--template", r#"{"a":"<a>"}"#, "events.jsonl"];
    let run = dir.run(&command);
    assert_eq!((run.code, run.out.as_str()), (2, "{\"a\":\"b\"}\n{\"a\":\"c\"}\n"));
    assert_eq!(
        run.err,
        "galop: events.jsonl:1: the event has no output
<template>:1:7: error[output-not-json]: the value has a quotation mark, a backslash or a line break, which the \
service does not escape
  |
1 | {\"a\":\"<a>\"}
  |       ^^^
  = help: write the variable as a whole value, without quotation marks around it
galop: events.jsonl:3: the event has no output
<event>:1:6: error[invalid-literal]: unknown word, expected `true`, `false` or `null`
  |
1 | {\"a\":tru}
  |      ^^^
  = help: put a text in double quotes; the words are in lower case
"
    );
    let run = dir.run(&[&command[..], &["--format", "json"]].concat());
    let codes: Vec<_> = run.json().iter().map(|line| line["error"]["code"].clone()).collect();
    assert_eq!(codes, [json!("output-not-json"), json!(null), json!("invalid-literal"), json!(null)]);
}

#[test]
fn sources_that_cannot_be_read_are_trouble() {
    let dir = Dir::new("transform-sources");
    dir.file("ok.jsonl", "{\"a\":1}\n").file("yaml.jsonl", "Rules:\n- Name: x\n");
    let run = dir.run(&["transform", "--template", "<aws.events.event>", "absent.jsonl", "ok.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (2, "{\"a\":1}\n"));
    assert!(run.err.starts_with("absent.jsonl: error[unreadable]: "), "{}", run.err);
    for twice in [
        &["transform", "--template", "-"][..],
        &["transform", "--template", "-", "--input-paths", "-", "ok.jsonl"],
        &["transform", "--target", "-", "ok.jsonl", "-"],
    ] {
        let run = dir.run(twice);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{twice:?}");
        assert!(run.err.contains("standard input cannot be two"), "{twice:?}: {}", run.err);
    }
    for usage in
        [&["transform", "ok.jsonl"][..], &["transform", "--target", "{}", "--input-paths", "{}", "ok.jsonl"]]
    {
        let run = dir.run(usage);
        assert!(run.code == 2 && run.err.contains("--help"), "{usage:?}: {}", run.err);
    }
}
