use serde_json::json;

use super::{Dir, gzip};

const RULES: &str = r#"{"id":"s3","pattern":{"s3":{"bucket":{"name":["b1"]}}}}
{"id":"body","pattern":{"body":{"x":[1]}}}
{"id":"data","pattern":{"kinesis":{"data":{"x":[1]}}}}
{"id":"new image","pattern":{"dynamodb":{"NewImage":{"id":{"S":["k"]}}}}}
{"id":"event","pattern":{"source":["shop"],"detail":{"x":[1]}}}
"#;

/// A file of each wrapper.
const WRAPPERS: [(&str, &str); 6] = [
    (
        "1-s3.json",
        r#"{
  "Records": [
    {"eventVersion":"2.1","eventSource":"aws:s3","s3":{"bucket":{"name":"b1"}}},
    {"eventVersion":"2.1","eventSource":"aws:s3","s3":{"bucket":{"name":"b2"}}}
  ]
}
"#,
    ),
    (
        "2-lambda.jsonl",
        r#"{"Records":[{"eventSource":"aws:sqs","body":"{\"x\":1}"},{"eventSource":"aws:sqs","body":"text"}]}
{"Records":[{"eventSource":"aws:kinesis","kinesis":{"data":"eyJ4IjoxfQ=="}}]}
{"Records":[{"eventSource":"aws:dynamodb","dynamodb":{"NewImage":{"id":{"S":"k"}}}}]}
{"Records":[{"EventSource":"aws:sns","Sns":{"Message":"{\"x\":1}"}}]}
"#,
    ),
    (
        "3-entries.json",
        r#"{"Entries":[{"Source":"shop","DetailType":"t","Detail":"{\"x\":1}"},
{"Source":"shop","DetailType":"t","Detail":"{\n\"x\":}"}]}
"#,
    ),
    (
        "4-messages.json",
        r#"{"Messages":[{"MessageId":"m","Body":"{\"source\":\"shop\",\"detail\":{\"x\":1}}"}]}"#,
    ),
    ("5-logs.json", r#"{"events":[{"message":"{\"source\":\"shop\",\"detail\":{\"x\":1}}","timestamp":1}]}"#),
    ("6-plain.jsonl", "{\"source\":\"shop\",\"detail\":{\"x\":1}}\n"),
];

fn sample(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.file("rules.jsonl", RULES);
    for (file, text) in WRAPPERS {
        dir.file(&format!("events/{file}"), text);
    }
    dir
}

#[test]
fn records_are_matched_at_their_places() {
    let dir = sample("unwrap-match");
    let run = dir.run(&["match", "-r", "rules.jsonl", "--unwrap", "events"]);
    let expected = "\
events/1-s3.json:3: s3
events/1-s3.json:4:
events/2-lambda.jsonl:1: body
events/2-lambda.jsonl:1:58:
events/2-lambda.jsonl:2: data
events/2-lambda.jsonl:3: \"new image\"
events/2-lambda.jsonl:4:
events/3-entries.json:1: event
events/4-messages.json:1: event
events/5-logs.json:1: event
events/6-plain.jsonl:1: event
";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    // The line of the fault is a line of the detail, not of the file.
    let refused = "events/3-entries.json:2: event refused[unexpected-character]: unexpected character, \
        expected a value at byte 6\n";
    assert!(run.err.starts_with(refused), "{}", run.err);
    assert_eq!(run.totals(), "12 events: 8 matched, 1 rejected; 8 matches");
}

#[test]
fn records_are_numbered_in_their_file() {
    let dir = sample("unwrap-json");
    let file = "events/2-lambda.jsonl";
    let run =
        dir.run(&["match", "-r", "rules.jsonl", "--unwrap", "--format", "json", "--only-matched", file]);
    let text = WRAPPERS[1].1;
    let event = |line, event, rule: &str, source: &str| {
        let offset = text.find(&format!(r#"{{"eventSource":"{source}"#)).unwrap();
        json!({"file": file, "line": line, "event": event, "offset": offset, "rules": [rule]})
    };
    let expected = [
        event(1, 1, "body", "aws:sqs"),
        event(2, 3, "data", "aws:kinesis"),
        event(3, 4, "new image", "aws:dynamodb"),
    ];
    assert_eq!(run.json(), expected);
}

#[test]
fn decoded_records_are_written() {
    let dir = sample("unwrap-filter");
    let run = dir.run(&["filter", "-r", "rules.jsonl", "--unwrap", "events"]);
    let event = r#"{"source":"shop","detail":{"x":1}}"#;
    let expected = [
        r#"{"eventVersion":"2.1","eventSource":"aws:s3","s3":{"bucket":{"name":"b1"}}}"#,
        r#"{"eventSource":"aws:sqs","body":{"x":1}}"#,
        r#"{"eventSource":"aws:kinesis","kinesis":{"data":{"x":1}}}"#,
        r#"{"eventSource":"aws:dynamodb","dynamodb":{"NewImage":{"id":{"S":"k"}}}}"#,
        r#"{"detail-type":"t","source":"shop","resources":[],"detail":{"x":1}}"#,
        event,
        event,
        event,
    ];
    assert_eq!(run.lines(), expected);
}

#[test]
fn records_are_replayed() {
    let dir = sample("unwrap-replay");
    let arguments = ["replay", "-r", "rules.jsonl", "--against", r#"{"a":[1]}"#, "--unwrap", "--top", "1"];
    let run = dir.run(&[&arguments[..], &["--replay-name", "again", "events"]].concat());
    let expected = "\
gained  lost  kept  rule
     4     0     0  event
and 4 more

event gained events/3-entries.json:1 events/4-messages.json:1 events/5-logs.json:1 and 1 more

only in --rules: s3 and 4 more
only in --against: pattern
12 events: 11 replayed, 1 rejected; 8 matched, 8 routed otherwise
";
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn records_are_explained_and_covered() {
    let dir = sample("unwrap-explain");
    let explain = |file: &str| {
        let run =
            dir.run(&["explain", "-r", "rules.jsonl", "--unwrap", "--top", "0", "--format", "json", file]);
        let matching = run.json().into_iter().filter(|line| line["matches"] == json!(true));
        matching.map(|line| (line["id"].clone(), line["event"].clone())).collect::<Vec<_>>()
    };
    let expected = [(json!("body"), json!(1)), (json!("data"), json!(3)), (json!("new image"), json!(4))];
    assert_eq!(explain("events/2-lambda.jsonl"), expected);
    assert_eq!(explain(WRAPPERS[3].1), [(json!("event"), json!(1))]);

    // A place in a record that is written in the file is a place of the file.
    let run = dir.run(&["explain", "-r", "rules.jsonl", "--rule", "s3", "--unwrap", "events/1-s3.json"]);
    assert!(run.out.contains("events/1-s3.json:4: s3: "), "{}", run.out);
    let covered = dir.run(&["coverage", "-r", "rules.jsonl", "--unwrap", "events"]);
    assert_eq!(covered.code, 0, "{}{}", covered.out, covered.err);
    assert!(covered.out.contains("11 events, 1 rejected: 5 of 5 rules"), "{}", covered.out);
}

#[test]
fn wrappers_are_hinted_at_once_for_each_file() {
    let dir = sample("unwrap-hint");
    dir.file("many.jsonl", WRAPPERS[1].1.repeat(3000)).file("packed.json.gz", gzip(WRAPPERS[0].1.as_bytes()));
    let hint =
        |file: &str| format!("galop: {file} has events in a wrapper: --unwrap takes its records as events\n");
    let hints = hint("many.jsonl") + &hint("packed.json.gz");
    let bench = [&["bench"][..], &QUICK].concat();
    for command in [&["match"][..], &["filter"], &["replay"], &["explain"], &["coverage"], &bench] {
        let files = ["many.jsonl", "packed.json.gz", "events/6-plain.jsonl"];
        let run = dir.run(&[command, &["-r", "rules.jsonl"], &files].concat());
        let found: String = run
            .err
            .lines()
            .filter(|line| line.contains("--unwrap"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(found, hints, "{command:?}");
    }
    let quiet = dir.run(&["match", "-r", "rules.jsonl", "--quiet", "events"]);
    assert_eq!(quiet.err, "");
    let unwrapped = dir.run(&["match", "-r", "rules.jsonl", "--unwrap", "many.jsonl"]);
    assert_eq!((unwrapped.err.lines().count(), unwrapped.out.lines().count()), (1, 15_000));
}

/// A rule is compared with the records of a wrapper, and not with the wrapper.
#[test]
fn rules_are_compared_with_records() {
    let dir = sample("unwrap-check");
    let file = WRAPPERS[1].0;
    let arguments = ["check", "--format", "json", "--events", &format!("events/{file}"), "rule.jsonl"];
    dir.file("rule.jsonl", r#"{"id":"data","pattern":{"kinesis":{"data":{"x":[1]}}}}"#);
    let unwrapped = dir.run(&[&arguments[..], &["--unwrap"]].concat());
    let summary = |warnings: &str, events: &str| {
        format!("1 rule in 1 file: 0 refused, {warnings}; compared with {events}\n")
    };
    assert_eq!((unwrapped.code, unwrapped.out.as_str()), (0, ""));
    assert_eq!(unwrapped.err, summary("0 warnings", "5 events"));
    let run = dir.run(&arguments);
    assert_eq!((run.code, &run.json()[0]["code"]), (0, &json!("path-not-seen")));
    let hint =
        format!("galop: events/{file} has events in a wrapper: --unwrap takes its records as events\n");
    assert_eq!(run.err, hint + &summary("1 warning", "4 events"));
}

/// The options of a short benchmark.
const QUICK: [&str; 6] = ["--seconds", "0.05", "--warm-up", "0.01", "--rounds", "3"];

#[test]
fn records_are_measured() {
    let dir = sample("unwrap-bench");
    let measured = |arguments: &[&str]| {
        let run = dir.run(
            &[&["bench", "--format", "json", "-r", "rules.jsonl"], &QUICK[..], arguments, &["events"]]
                .concat(),
        );
        assert_eq!(run.code, 0, "{}", run.err);
        let result = run.json().pop().unwrap();
        ["events", "event_bytes", "refused"].map(|name| result[name].as_u64().unwrap())
    };
    let filtered = dir.run(&["filter", "-r", "rules.jsonl", "--unwrap", "--invert-match", "events"]);
    let matched = dir.run(&["filter", "-r", "rules.jsonl", "--unwrap", "events"]);
    let bytes = filtered.out.len() + matched.out.len() - 11;
    assert_eq!(measured(&["--unwrap"]), [11, bytes as u64, 1]);
    let whole: usize = WRAPPERS.iter().map(|(_, text)| text.trim_end().len()).sum();
    // The line breaks between the events of two files are part of none.
    assert_eq!(measured(&[]), [9, whole as u64 - 3, 0]);
}

#[test]
fn too_many_records_are_trouble() {
    let dir = Dir::new("unwrap-many");
    let record = r#"{"eventSource":""}"#;
    let records = vec![record; (1 << 18) + 1].join(",");
    dir.file("many.json", format!("{{\"Records\":[{records}]}}"));
    let run = dir.run(&["replay", "-r", r#"{"eventSource":[""]}"#, "--unwrap", "many.json"]);
    let expected = "many.json:1: error[too-many-records]: one event has too many records or matches: \
        from here on it is not read\n";
    assert_eq!((run.code, run.err.as_str()), (2, expected));
    assert!(run.out.contains("262144 events: 262144 replayed"), "{}", run.out);
}

#[test]
fn many_rules_leave_out_no_records() {
    let dir = Dir::new("unwrap-rules");
    let rules: String =
        (0..5000).map(|id| format!("{{\"id\":\"{id}\",\"pattern\":{{\"x\":[{id}]}}}}\n")).collect();
    let records: Vec<String> = (0..5000).map(|x| format!("{{\"eventSource\":\"s\",\"x\":{x}}}")).collect();
    dir.file("rules.jsonl", rules).file("records.json", format!("{{\"Records\":[{}]}}", records.join(",\n")));
    let run = dir.run(&["replay", "-r", "rules.jsonl", "--unwrap", "--top", "0", "records.json"]);
    let totals = "5000 events: 5000 replayed, 0 rejected; 5000 matched, 5000 matches";
    assert_eq!((run.code, run.lines().last()), (0, Some(&totals)), "{}", run.err);
}
