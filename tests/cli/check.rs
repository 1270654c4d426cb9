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
            "span": {"start": 6, "end": 8}, "help": "for any value of a field write `[{\"exists\":true}]`",
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
            json!(["error", "empty-list", 2, 33, "a", 13]),
            json!(["warning", "duplicate-key", 3, 22, "b", 1]),
            json!(["error", "duplicate-id", 4, 21, "a", null]),
            json!(["error", "unknown-operator", 5, 31, "c", 7]),
            json!(["error", "unexpected-character", 6, 28, null, null]),
            json!(["error", "missing-pattern", 7, 1, "e", null]),
        ]
    );
    assert_eq!(diagnostics[3]["message"], "the id is taken by the rule at r.jsonl:2");
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
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    assert!(run.out.starts_with("nowhere.json: error[unreadable]: "), "{}", run.out);
    assert!(run.out.contains("\ncut.gz: error[unreadable]: "), "{}", run.out);
    let utf16 =
        "\nutf16.json: error[utf-16]: this is text in UTF-16, not JSON\n  = help: convert it to UTF-8: ";
    assert!(run.out.contains(utf16), "{}", run.out);
    assert!(
        run.out.ends_with("\n1 rule in 4 files: 0 refused, 0 warnings; 3 files unreadable\n"),
        "{}",
        run.out
    );

    let run = dir.run(&["check", "empty.json"]);
    assert_eq!((run.code, run.err.as_str()), (2, "galop: there is no rule in these files\n"));
    let run = dir.run(&["check", "directory"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("\ndirectory: error[empty-directory]: no file in this directory"),
        "{}",
        run.err
    );
}

#[test]
fn rules_of_several_buses_have_different_ids() {
    let dir = Dir::new("check-buses");
    let rule = |name: &str, bus: &str, region: &str| {
        format!(
            r#"{{"Name":"{name}","Arn":"arn:aws:events:{region}:1:rule/{bus}/{name}","EventPattern":"{{\"a\":[]}}","EventBusName":"{bus}"}}"#
        )
    };
    let list = |rules: &[String]| format!("{{\n  \"Rules\": [\n    {}\n  ]\n}}\n", rules.join(",\n    "));
    let first = list(&[rule("x", "default", "r1"), rule("y", "default", "r1"), rule("z", "default", "r1")]);
    let second = list(&[rule("x", "orders", "r1"), rule("z", "default", "r2"), rule("y", "default", "r1")]);
    // Several outputs in one file, and one output for each file.
    dir.file("all.json", format!("{first}{second}")).file("1.json", first).file("2.json", second);
    for files in [&["all.json"][..], &["1.json", "2.json"]] {
        let run = dir.run(&[&["check", "--format=json"], files].concat());
        let found: Vec<_> = run.json().iter().map(|d| json!([d["id"], d["code"]])).collect();
        assert_eq!(
            found,
            [
                json!(["default/x", "empty-list"]),
                json!(["y", "empty-list"]),
                json!(["arn:aws:events:r1:1:rule/default/z", "empty-list"]),
                json!(["orders/x", "empty-list"]),
                json!(["arn:aws:events:r2:1:rule/default/z", "empty-list"]),
                json!(["y", "duplicate-id"]),
                json!(["y", "empty-list"]),
            ],
            "{files:?}"
        );
        assert!(run.err.starts_with("6 rules in "), "{}", run.err);
    }
}

#[test]
fn cut_off_list_is_a_warning() {
    let dir = Dir::new("check-next-token");
    let list =
        |token: &str| format!("{{\"Rules\":[{{\"Name\":\"x\",\"EventPattern\":{{\"a\":[1]}}}}]{token}}}");
    dir.file("whole.json", list(",\"NextToken\":null")).file("part.json", list(",\"NextToken\":\"abc\""));
    assert_eq!(
        dir.run(&["check", "--deny-warnings", "whole.json"]).out,
        "1 rule in 1 file: 0 refused, 0 warnings\n"
    );
    let run = dir.run(&["check", "part.json"]);
    let expected = "part.json:1:1: warning[list-cut-off]: the list goes on: it has a `NextToken`, so rules are missing\n  = help: ";
    assert!(run.code == 0 && run.out.starts_with(expected), "{}", run.out);
    assert_eq!(dir.run(&["check", "--deny-warnings", "part.json"]).code, 1);
    let run = dir.run_with(&["match", "-r", "part.json"], b"{\"a\":1}");
    assert_eq!((run.code, run.out.as_str()), (0, "<stdin>:1: x\n"));
    assert!(run.err.starts_with("part.json:1:1: warning[list-cut-off]: "), "{}", run.err);
}

#[test]
fn other_formats_are_named() {
    let dir = Dir::new("check-foreign");
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = format!("\u{feff}{GOOD}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let tar = [&[b'x'; 257][..], b"ustar\x0000", GOOD.as_bytes()].concat();
    for (name, content, code) in [
        ("rules.yaml", &b"Rules:\n- Name: x\n  EventPattern: '{}'\n"[..], "yaml"),
        ("text", b"RULES\tarn:aws\tdefault\tx\n", "aws-text-output"),
        ("table", b"-----\n|  ListRules |\n", "aws-table-output"),
        ("rules.zip", b"PK\x03\x04....", "zip"),
        ("rules.xz", b"\xfd7zXZ\0...", "xz"),
        ("rules.bz2", b"BZh91AY", "bzip2"),
        ("rules.parquet", b"PAR1....", "parquet"),
        ("little.json", &utf16, "utf-16"),
        ("big.json", &marked, "utf-16"),
        ("rules.tar", &tar, "tar"),
        ("twice.gz", &gzip(&gzip(GOOD.as_bytes())), "compressed-twice"),
        ("page.html", b"<!doctype html>", "xml"),
    ] {
        dir.file(name, content);
        let run = dir.run(&["check", name]);
        let message = format!("error[{code}]: this is ");
        assert!(
            run.code > 0 && run.out.starts_with(name) && run.out.contains(&message),
            "{name}: {}",
            run.out
        );
        assert!(run.out.contains("  = help: "), "{name}: {}", run.out);
        let run = dir.run(&["match", "-r", name]);
        assert!(run.code == 2 && run.err.contains(&message), "{name}: {}", run.err);
    }
}

#[test]
fn fault_of_json_is_shown_with_its_place() {
    let dir = Dir::new("check-json-fault");
    dir.file("a.json", "\n\n{\n  \"source\": [\"x\"],\n  detail: [1]\n}\n")
        .file("b.jsonl", format!("{GOOD}\n{{\"id\":\"x\",}}\n"));
    let run = dir.run(&["check", "a.json", "b.jsonl"]);
    let expected = r#"a.json:5:3: error[unexpected-character]: unexpected character, expected a name in double quotes
  |
5 |   detail: [1]
  |   ^
  = help: names are in double quotes; no comma before `}`, and no comments

b.jsonl:2:11: error[unexpected-character]: unexpected character, expected a name in double quotes
  |
2 | {"id":"x",}
  |           ^
  = help: names are in double quotes; no comma before `}`, and no comments

3 rules in 2 files: 2 refused, 0 warnings
"#;
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn content_decides_on_the_files_of_a_directory() {
    let dir = Dir::new("check-contents");
    let rule = |id: &str| format!("{{\"id\":\"{id}\",\"pattern\":{{\"a\":[]}}}}\n");
    dir.file("r/stream-1-2026-01-01-00-00-00-abc", rule("1"))
        .file("r/compressed", gzip(rule("2").as_bytes()))
        .file("r/rules.txt", format!("\n[{}]", rule("3")))
        .file("r/notes.md", "[a link](x)")
        .file("r/rules.yml", "Rules: []\n")
        .file("r/empty", "")
        .file("r/archive", "PK\u{3}\u{4}");
    let run = dir.run(&["check", "--format=json", "r"]);
    let found: Vec<_> = run.json().iter().map(|d| d["id"].clone()).collect();
    assert_eq!(found, ["2", "3", "1"]);
    let skipped: Vec<_> = run.err.lines().filter(|line| line.contains("skipped")).collect();
    assert_eq!(
        skipped,
        [
            "galop: r/archive: skipped: this is a zip archive, not JSON",
            "galop: r/empty: skipped: nothing in it",
            "galop: r/notes.md: skipped: not JSON",
            "galop: r/rules.yml: skipped: this is YAML, not JSON",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_of_a_directory_are_named() {
    use std::os::unix::fs::symlink;

    let dir = Dir::new("check-links");
    dir.file("r/a.json", "{\"a\":[1]}").file("b/b.json", "{\"b\":[1]}");
    symlink(dir.0.join("b"), dir.0.join("r/directory")).unwrap();
    symlink(dir.0.join("b/b.json"), dir.0.join("r/link.json")).unwrap();
    let run = dir.run(&["check", "r"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 rules in 2 files: 0 refused, 0 warnings\n"));
    assert_eq!(run.err, "galop: r/directory: skipped: a link to a directory\n");
    symlink("nowhere", dir.0.join("r/dangling")).unwrap();
    let run = dir.run(&["check", "r"]);
    assert!(run.code == 2 && run.out.starts_with("r/dangling: error[unreadable]: "), "{}", run.out);
}
