use serde_json::json;

use super::{Dir, Run};

const RULES: &str = r#"{"id":"stopped","pattern":{"source":["aws.ec2"],"detail":{"state":["stopped","terminated"],"code":["80"]}}}
{"id":"removed","pattern":{"Records":{"eventName":[{"prefix":"ObjectRemoved"}],"s3":{"object":{"key":[{"prefix":"uploads/"}]}}}}}
{"id":"choice","pattern":{"$or":[{"source":["aws.rds"]},{"detail":{"$or":[{"state":["running"]},{"x":[1]}]}}],"region":[{"exists":false}]}}
"#;

/// Returns a directory with the rules.
fn sample(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.file("rules.jsonl", RULES);
    dir
}

fn explain(dir: &Dir, rule: &str, event: &str) -> Run {
    dir.run(&["explain", "-r", "rules.jsonl", "--rule", rule, event])
}

#[test]
fn missed_fields_name_value_place_and_trap() {
    let dir = sample("explain-miss");
    dir.file(
        "event.json",
        "{\n  \"source\": \"aws.ec2\",\n  \"detail\": { \"state\": \"stoped\", \"code\": 80 }\n}\n",
    );
    let run = explain(&dir, "stopped", "event.json");
    assert_eq!(
        run.out,
        r#"event.json:1: stopped: no match: 2 of 3 fields fail
  holds   source is "aws.ec2" (2:13)
  missed  detail
  missed    state is "stoped" (3:24), wanted "stopped" or "terminated"
              nearest: "stoped" for "stopped", 1 character apart
  missed    code is 80 (3:42), wanted "80"
              kind-differs: the value is a number; the field holds for the string "80"
"#
    );
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}

#[test]
fn fields_in_different_elements_are_named() {
    let dir = sample("explain-elements");
    let event = concat!(
        r#"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"uploads/a"}}},"#,
        r#"{"eventName":"ObjectRemoved:Delete","s3":{"object":{"key":"tmp/b"}}}]}"#,
    );
    let run = explain(&dir, "removed", event);
    assert_eq!(
        run.out,
        r#"<event>:1: removed: no match: 2 fields hold one by one, but not together
  different-elements: `Records.eventName` holds in Records[1] and `Records.s3.object.key` in Records[0]; both must hold in one element of the array `Records`
  holds   Records
  holds     eventName is "ObjectRemoved:Delete" (1:96), as {"prefix":"ObjectRemoved"}
  holds     s3
  holds       object
  holds         key is "uploads/a" (1:68), as {"prefix":"uploads/"}
"#
    );
    assert_eq!(run.code, 1);
}

#[test]
fn every_alternative_of_or_is_shown() {
    let dir = sample("explain-or");
    let run = explain(&dir, "choice", r#"{"source":"aws.ec2","detail":{"state":"running"}}"#);
    assert_eq!(
        run.out,
        r#"<event>:1: choice: match: 2 fields
  holds   $or
  missed    alternative
  missed      source is "aws.ec2" (1:11), wanted "aws.rds"
  holds     alternative
  holds       detail
  holds         $or
  holds           alternative
  holds             state is "running" (1:39)
  missed          alternative
  absent            x has no value, wanted 1
  holds   region is absent, as {"exists":false}
"#
    );
    assert_eq!(run.code, 0);
}

#[test]
fn nearest_rules_are_explained_first() {
    let dir = sample("explain-order");
    let event = r#"{"source":"aws.rds","detail":{"state":"stopped","code":"80"}}"#;
    let run = dir.run(&["explain", "-r", "rules.jsonl", "--top", "1", event]);
    assert_eq!(
        run.out,
        r#"<event>:1: choice: match
<event>:1: stopped: no match: 1 of 3 fields fails
  missed  source is "aws.rds" (1:11), wanted "aws.ec2"
  holds   detail
  holds     state is "stopped" (1:39)
  holds     code is "80" (1:56)
<event>:1: 1 more rule does not match either
"#
    );
    assert_eq!(run.code, 0);
    let run = dir.run(&["explain", "-r", "rules.jsonl", "--rule", "choice", "--rule", "stopped", event]);
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with("<event>:1: choice: match: 2 fields\n"), "{}", run.out);
}

#[test]
fn json_has_an_object_for_each_rule_and_event() {
    let dir = sample("explain-json");
    dir.file("events.jsonl", "{\"source\":\"aws.ec2\"}\n\n{\"source\":\"aws.rds\",\"region\":null}\n");
    let run = dir.run(&["explain", "-r", "rules.jsonl", "--format", "json", "events.jsonl"]);
    let lines = run.json();
    let heads: Vec<_> = lines
        .iter()
        .map(|line| {
            (line["id"].as_str(), line["event"].as_u64(), line["line"].as_u64(), line["failing"].as_u64())
        })
        .collect();
    let head = |id, event, line, failing| (Some(id), Some(event), Some(line), Some(failing));
    assert_eq!(
        heads,
        [
            head("stopped", 1, 1, 2),
            head("removed", 1, 1, 2),
            head("choice", 1, 1, 1),
            head("stopped", 2, 3, 3),
            head("removed", 2, 3, 2),
            head("choice", 2, 3, 1),
        ]
    );
    assert_eq!(
        lines[5]["fields"][3],
        json!({
            "path": "region", "status": "missed", "holds": false, "nearest": true,
            "span": {"start": 85, "end": 93},
            "alternative_count": 1, "alternatives": ["{\"exists\":false}"], "decided": null,
            "found_count": 1,
            "found": [{"kind": "null", "text": "null", "start": 29, "end": 33, "line": 1, "column": 30}],
            "near": null,
            "traps": [{"code": "present", "message": "`null` is a value, so the field exists"}],
        })
    );
    assert_eq!(
        lines[5]["choices"],
        json!([
            {"holds": true, "alternatives": [{"failing": 0, "fields": [0]}, {"failing": 1, "fields": []}]},
            {"holds": false, "alternatives": [{"failing": 1, "fields": [1]}, {"failing": 1, "fields": [2]}]},
        ])
    );
    assert_eq!(run.code, 1);
}

#[test]
fn refused_event_is_trouble() {
    let dir = sample("explain-refused");
    let run =
        dir.run_with(&["explain", "-r", "rules.jsonl", "--format", "json"], b"{\"a\":1}\n{\"a\":tru}\n");
    assert_eq!(run.code, 2);
    assert_eq!(run.json().len(), 4);
    let error = json!({
        "code": "invalid-literal", "offset": 5, "message": "unknown word, expected `true`, `false` or `null`",
    });
    assert_eq!(run.json()[3], json!({"file": "<stdin>", "event": 2, "line": 2, "offset": 8, "error": error}));
    assert!(run.err.contains("<stdin>:2: event refused\nerror[invalid-literal]"), "{}", run.err);
    assert_eq!(dir.run(&["explain", "-r", "rules.jsonl", "missing.json"]).code, 2);
    assert_eq!(dir.run_with(&["explain", "-r", "rules.jsonl"], b"").code, 2);
}

#[test]
fn unknown_rule_is_trouble() {
    let dir = sample("explain-unknown");
    let run = explain(&dir, "stop", "{}");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "galop: no rule has the id stop; did you mean stopped?\n");
}

#[test]
fn color_option_decides_on_colours() {
    let dir = sample("explain-colour");
    let arguments = ["explain", "-r", "rules.jsonl", "--rule", "choice", "--color", "always", "{}"];
    assert!(dir.run(&arguments).out.contains("\u{1b}[31mno match\u{1b}[0m"));
    let arguments = arguments.map(|argument| if argument == "always" { "auto" } else { argument });
    assert!(!dir.run(&arguments).out.contains('\u{1b}'));
}

#[test]
fn places_count_from_the_start_of_the_file() {
    let dir = sample("explain-places");
    dir.file("array.json", "[{\"a\":1},{\"source\":\"aws.s3\",\n\"detail\":{\"code\":\"81\"}}]");
    let run = explain(&dir, "stopped", "array.json");
    let expected = r#"array.json:1:10: stopped: no match: 3 of 3 fields fail
  missed  source is "aws.s3" (1:20), wanted "aws.ec2"
  missed  detail
  absent    state has no value, wanted "stopped" or "terminated"
  missed    code is "81" (2:18), wanted "80"
"#;
    assert!(run.out.ends_with(expected), "{}", run.out);
}

const ARCHIVE: &str = r#"{"source":"aws.ec2","detail":{"state":"running","code":"80"}}
{"source":"aws.ec2","detail":{"state":"pending","code":"80"}}
{"source":"aws.ec2"}
{"source":"aws.rds"}
"#;

#[test]
fn silent_rules_have_their_nearest_events() {
    let dir = sample("explain-silent");
    dir.file("events.jsonl", ARCHIVE);
    let run = dir.run(&["explain", "--silent", "-r", "rules.jsonl", "events.jsonl"]);
    assert_eq!(
        run.out,
        r#"stopped: 1 field fails in the nearest 2 events, first events.jsonl:1
failed  holds  field
     2      0  detail.state ["stopped","terminated"]
     0      2  detail.code ["80"]
     0      3  source ["aws.ec2"]

removed: no event satisfies any of its fields
failed  holds  field
     0      0  Records.eventName [{"prefix":"ObjectRemoved"}]
     0      0  Records.s3.object.key [{"prefix":"uploads/"}]

2 of 3 rules never matched; 4 events, 0 rejected
"#
    );
    assert_eq!(run.code, 1);
    let run = dir.run(&["explain", "--silent", "-r", "rules.jsonl", "--format", "json", "events.jsonl"]);
    assert_eq!(
        run.json()[0],
        json!({
            "id": "stopped", "hits": 0, "events": 4,
            "nearest": {"file": "events.jsonl", "line": 1, "failing": 1, "events": 2},
            "fields": [
                {"path": "detail.state", "start": 32, "end": 39, "holds": 0, "failed": 2},
                {"path": "detail.code", "start": 65, "end": 71, "holds": 2, "failed": 0},
                {"path": "source", "start": 1, "end": 9, "holds": 3, "failed": 0},
            ],
        })
    );
    let run = dir.run(&["explain", "--silent", "-r", "rules.jsonl", "--rule", "choice", "events.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, "0 of 1 rule never matched; 4 events, 0 rejected\n"));
}

#[test]
fn coverage_lists_unreached_parts() {
    let dir = sample("coverage");
    dir.file("events.jsonl", ARCHIVE);
    let run = dir.run(&["coverage", "-r", "rules.jsonl", "events.jsonl"]);
    assert_eq!(
        run.out,
        r#"hits  rule
   0  stopped
        never reached: field detail.state
   0  removed
        never reached: field Records.eventName
        never reached: field Records.s3.object.key
   2  choice
        never reached: field detail.x

4 events, 0 rejected: 1 of 3 rules, 5 of 9 fields, 5 of 10 alternatives reached
"#
    );
    assert_eq!(run.code, 1);
    let run = dir.run(&["coverage", "-r", "rules.jsonl", "--format", "json", "events.jsonl"]);
    let lines = run.json();
    assert_eq!(
        lines[0]["fields"][1],
        json!({
            "path": "detail.state", "start": 32, "end": 39, "hits": 0,
            "alternatives": [
                {"text": "\"stopped\"", "start": 41, "end": 50, "hits": 0},
                {"text": "\"terminated\"", "start": 51, "end": 63, "hits": 0},
            ],
        })
    );
    assert_eq!(
        lines[3],
        json!({
            "events": 4, "rejected": 0,
            "rules": {"reached": 1, "total": 3},
            "fields": {"reached": 5, "total": 9},
            "alternatives": {"reached": 5, "total": 10},
        })
    );
}

#[test]
fn archive_without_events_is_trouble() {
    let dir = sample("explain-empty");
    dir.file("empty.jsonl", "");
    for command in [&["coverage"][..], &["explain", "--silent"]] {
        let run = dir.run(&[command, &["-r", "rules.jsonl", "empty.jsonl"]].concat());
        assert_eq!((run.code, run.err.as_str()), (2, "galop: there is no event\n"));
    }
    let run = dir.run_with(&["coverage", "-r", "rules.jsonl"], b"{\"a\":tru}\n");
    assert_eq!((run.code, run.err.lines().last()), (2, Some("galop: every event is refused")));
    let run = dir.run_with(&["coverage", "-r", "-"], b"");
    assert_eq!(run.code, 2);
}
