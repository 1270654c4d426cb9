use serde_json::json;

use super::{Dir, gzip, zstd};

const GOOD: &str = r#"{"id":"good","pattern":{"source":["aws.ec2"]}}"#;

#[test]
fn accepted_rules_are_counted() {
    let dir = Dir::new("check-accepted");
    dir.file("rules.jsonl", format!("{GOOD}\n{{\"a\":[1]}}\n"));
    let run = dir.run(&["check", "rules.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 rules in 1 file: 0 refused, 0 warnings\n"));
    assert_eq!(run.err, "");
}

#[test]
fn refused_rule_is_shown_with_its_place() {
    let dir = Dir::new("check-refused");
    let bad = r#"{"id":"my rule","pattern":{"source":[{"prefx":"aws."}]}}"#;
    dir.file("rules.jsonl", (0..9).map(|n| format!("{{\"a\":[{n}]}}\n")).collect::<String>() + bad + "\n");
    let run = dir.run(&["check", "rules.jsonl"]);
    let expected = r#"rules.jsonl:10:39: error[unknown-operator]: not the name of an operator (rule "my rule")
   |
10 | {"source":[{"prefx":"aws."}]}
   |             ^^^^^^^
   = help: did you mean `"prefix"`?

10 rules in 1 file: 1 refused, 0 warnings
"#;
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));
}

#[test]
fn lines_count_from_the_start_of_the_file() {
    let dir = Dir::new("check-pretty");
    dir.file("rules/bad.json", "\n{\n  \"source\": [\"x\"],\n  \"detail\": { \"state\": \"y\" }\n}\n");
    let run = dir.run(&["check", "rules"]);
    let expected = r#"rules/bad.json:4:24: error[leaf-not-array]: a field takes a list of alternatives, or an object (rule bad)
  |
4 |   "detail": { "state": "y" }
  |                        ^^^
  = help: put the value in a list: `[…]`

1 rule in 1 file: 1 refused, 0 warnings
"#;
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn every_diagnostic_is_a_line_of_json() {
    let dir = Dir::new("check-json");
    let lines = [
        GOOD,
        r#"{"id":"a","pattern":{"ä":[],"b":[]}}"#,
        r#"{"id":"b","pattern":{"a":[1],"a":[2]}}"#,
        r#"{"id":"a","pattern":{"a":[1]}}"#,
        r#"{"id":"c","pattern":"{\"a\":[{\"x\":1}]}"}"#,
        r#"{"id":"d","pattern":{"a":[1}}"#,
        r#"{"id":"e"}"#,
    ];
    dir.file("r.jsonl", lines.join("\n"));
    let run = dir.run(&["check", "--format", "json", "r.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (1, "7 rules in 1 file: 5 refused, 1 warning\n"));
    let diagnostics = run.json();
    assert_eq!(
        diagnostics[0],
        json!({
            "severity": "error", "code": "empty-list",
            "message": "a list must hold at least one alternative",
            "file": "r.jsonl", "line": 2, "column": 26, "id": "a",
            "span": {"start": 6, "end": 8}, "help": null,
        })
    );
    let brief: Vec<_> = diagnostics
        .iter()
        .map(|d| json!([d["severity"], d["code"], d["line"], d["column"], d["id"], d["span"]["start"]]))
        .collect();
    assert_eq!(
        brief,
        [
            json!(["error", "empty-list", 2, 26, "a", 6]),
            json!(["warning", "duplicate-key", 3, 22, "b", 1]),
            json!(["error", "duplicate-id", 4, 21, "a", null]),
            json!(["error", "unknown-operator", 5, 31, "c", 7]),
            json!(["error", "invalid-json", 6, 28, null, null]),
            json!(["error", "missing-pattern", 7, 1, "e", null]),
        ]
    );
    assert_eq!(diagnostics[2]["message"], "the id is taken by the rule at r.jsonl:2");
}

#[test]
fn warnings_are_accepted_unless_denied() {
    let dir = Dir::new("check-warnings");
    dir.file("r.json", r#"{"a":[1],"a":[2]}"#);
    let run = dir.run(&["check", "r.json"]);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("r.json:1:2: warning[duplicate-key]: "), "{}", run.out);
    assert!(run.out.contains("\n1 | {\"a\":[1],\"a\":[2]}\n  |  ^^^\n"), "{}", run.out);
    assert!(run.out.ends_with("\n1 rule in 1 file: 0 refused, 1 warning\n"), "{}", run.out);
    assert_eq!(dir.run(&["check", "--deny-warnings", "r.json"]).code, 1);
}

#[test]
fn limits_of_the_service_are_optional() {
    let dir = Dir::new("check-aws");
    let ors: Vec<_> =
        (0..10).map(|n| format!("\"f{n}\":{{\"$or\":[{{\"a\":[1]}},{{\"b\":[2]}}]}}")).collect();
    let rules = [
        format!("{{\"id\":\"long\",\"pattern\":{{\"a\":[\"{}\"]}}}}", "x".repeat(2_048)),
        format!("{{\"id\":\"or\",\"pattern\":{{{}}}}}", ors.join(",")),
        r#"{"id":"complex","pattern":{"a":[{"wildcard":"*a*a*a*a*a*a"}]}}"#.to_owned(),
        GOOD.to_owned(),
    ];
    dir.file("rules.jsonl", rules.join("\n"));
    assert_eq!(dir.run(&["check", "rules.jsonl"]).code, 0);
    let run = dir.run(&["check", "--limits", "aws", "--format", "json", "rules.jsonl"]);
    let codes: Vec<_> = run.json().iter().map(|d| json!([d["id"], d["code"]])).collect();
    assert_eq!(run.code, 1);
    assert_eq!(
        codes,
        [
            json!(["long", "pattern-too-long"]),
            json!(["or", "too-many-combinations"]),
            json!(["complex", "too-complex"])
        ]
    );
}

#[test]
fn too_many_rules_on_an_event_bus_are_a_warning() {
    let dir = Dir::new("check-quotas");
    let plain = |n: usize| format!("{{\"id\":\"p{n}\",\"pattern\":{{\"a\":[{n}]}}}}\n");
    let wildcard =
        |n: usize| format!("{{\"id\":\"w{n}\",\"pattern\":{{\"a\":[{{\"wildcard\":\"{n}*x\"}}]}}}}\n");
    let rules = |plains, wildcards| -> String {
        (0..plains).map(plain).chain((0..wildcards).map(wildcard)).collect()
    };
    dir.file("most.jsonl", rules(270, 30)).file("over.jsonl", rules(270, 31));
    let run = dir.run(&["check", "--limits=aws", "most.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, "300 rules in 1 file: 0 refused, 0 warnings\n"));
    let run = dir.run(&["check", "--limits=aws", "over.jsonl"]);
    let expected = "\
warning[too-many-rules]: 301 rules: the service allows 300 on one event bus
warning[too-many-wildcard-rules]: 31 rules with wildcards: the service allows 30 on one event bus
301 rules in 1 file: 0 refused, 2 warnings
";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    assert_eq!(dir.run(&["check", "over.jsonl"]).out, "301 rules in 1 file: 0 refused, 0 warnings\n");

    // Each bus has its own quota.
    let listed = |bus: &str, n: usize| {
        format!(
            "{{\"Name\":\"{bus}{n}\",\"EventPattern\":\"{{\\\"a\\\":[{n}]}}\",\"EventBusName\":\"{bus}\"}}\n"
        )
    };
    let two: String = (0..300).map(|n| listed("x", n)).chain((0..301).map(|n| listed("y", n))).collect();
    dir.file("two.jsonl", two);
    let run = dir.run(&["check", "--limits=aws", "two.jsonl"]);
    assert!(
        run.out
            .starts_with("warning[too-many-rules]: 301 rules: the service allows 300 on the event bus y\n")
    );
    assert!(run.out.ends_with("\n601 rules in 1 file: 0 refused, 1 warning\n"), "{}", run.out);
}

#[test]
fn output_of_list_rules_is_read() {
    let dir = Dir::new("check-list-rules");
    let list = r#"{
    "Rules": [
        {
            "Name": "on",
            "EventPattern": "{\n  \"source\": [\"aws.ec2\"]\n}",
            "State": "ENABLED"
        },
        { "Name": "off", "EventPattern": "{\"source\":\"x\"}", "State": "DISABLED" },
        { "Name": "nightly", "ScheduleExpression": "cron(0 3 * * ? *)", "State": "ENABLED" }
    ]
}"#;
    let run = dir.run_with(&["check", "-"], list.as_bytes());
    let expected = r#"<stdin>:8:55: error[leaf-not-array]: a field takes a list of alternatives, or an object (rule off)
  |
8 | {"source":"x"}
  |           ^^^
  = help: put the value in a list: `[…]`

2 rules in 1 file: 1 refused, 0 warnings; 1 disabled; 1 schedule without event pattern left out
"#;
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));
}

#[test]
fn compressed_files_and_directories_are_read_in_order() {
    let dir = Dir::new("check-directory");
    let rule = |id: &str| format!("{{\"id\":\"{id}\",\"pattern\":{{\"a\":[]}}}}\n");
    dir.file("r/b.jsonl.gz", gzip(rule("1").as_bytes()))
        .file("r/a/z.ndjson.zst", zstd(rule("2").as_bytes()))
        .file("r/a/one.json", "{\"a\":[]}")
        // The name does not show the compression.
        .file("r/c.json", gzip(b"\xef\xbb\xbf{\"a\":[]}"))
        .file("r/readme.txt", "not a rule")
        .file("r/.hidden.json", "not a rule");
    let run = dir.run(&["check", "--format=json", "r"]);
    let found: Vec<_> = run.json().iter().map(|d| json!([d["file"], d["id"]])).collect();
    let expected =
        [["r/a/one.json", "a/one"], ["r/a/z.ndjson.zst", "2"], ["r/b.jsonl.gz", "1"], ["r/c.json", "c"]];
    assert_eq!(found, expected.map(|pair| json!(pair)));
    assert_eq!(run.code, 1);
}

#[test]
fn unreadable_files_are_trouble() {
    let dir = Dir::new("check-unreadable");
    let cut = gzip(GOOD.as_bytes());
    dir.file("good.jsonl", GOOD).file("cut.gz", &cut[..cut.len() - 9]).file("utf16.json", b"\xff\xfe{\0}\0");
    dir.file("empty.json", "\n").file("directory/readme.txt", "");
    let run = dir.run(&["check", "nowhere.json", "cut.gz", "utf16.json", "good.jsonl"]);
    assert_eq!((run.code, run.err.lines().count()), (2, 3), "{}", run.err);
    assert!(run.err.starts_with("galop: nowhere.json: "), "{}", run.err);
    assert!(run.err.contains("\ngalop: cut.gz: "), "{}", run.err);
    assert!(run.err.contains("\ngalop: utf16.json: the text is UTF-16"), "{}", run.err);
    assert_eq!(run.out, "1 rule in 4 files: 0 refused, 0 warnings; 3 files unreadable\n");

    let run = dir.run(&["check", "empty.json"]);
    assert_eq!((run.code, run.err.as_str()), (2, "galop: there is no rule in these files\n"));
    let run = dir.run(&["check", "directory"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("galop: directory: no file in this directory"), "{}", run.err);
}
