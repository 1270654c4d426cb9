//! Every command returns a result for every file, or a report with the file and a code.

use super::{Dir, Run, gzip, zstd};

const RULE: &str = r#"{"id":"x","pattern":{"a":[{"exists":true}]}}"#;
const EVENT: &str = r#"{"a":1}"#;

/// A service whose pattern is a part of itself.
const CYCLE: &str = "service: x\nprovider: aws\ncustom: {a: '${self:custom.a}'}\n\
                     functions: {f: {events: [{eventBridge: {pattern: '${self:custom.a}'}}]}}\n";

/// The start of configuration of Terraform.
const RESOURCE: &str = "resource \"aws_cloudwatch_event_rule\" \"a\" {\n  event_pattern = ";

/// The result of a file of events: the exit code of `match` with one rule that matches any `a`, and the
/// code of the report, or nothing.
type Expected = (i32, &'static str);

/// A file, the result of `match` if the file holds events, and the code of the report if the file
/// holds rules.
struct Case {
    name: &'static str,
    content: Vec<u8>,
    events: Expected,
    rules: &'static str,
}

fn case(name: &'static str, content: impl AsRef<[u8]>, events: Expected, rules: &'static str) -> Case {
    Case { name, content: content.as_ref().to_vec(), events, rules }
}

fn cases() -> Vec<Case> {
    let cut = |mut text: Vec<u8>| {
        text.truncate(text.len() - 9);
        text
    };
    let many = format!("{EVENT}\n").repeat(500);
    let noise: Vec<u8> = (0..4_096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let utf16: Vec<u8> = EVENT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked =
        [&[0xfe, 0xff][..], &EVENT.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()].concat();
    vec![
        case("empty", "", (1, ""), "no-rules"),
        case("blank", " \r\n\t\n", (1, ""), "no-rules"),
        case("mark", "\u{feff}", (1, ""), "no-rules"),
        case("empty.gz", gzip(b""), (1, ""), "no-rules"),
        case("list", "[]", (1, ""), "no-rules"),
        case("noise", noise, (2, "binary"), "binary"),
        case("nul", [0; 100], (2, "binary"), "binary"),
        case("nul.json", "{\"a\":\"\0\"}", (1, "control-character"), "control-character"),
        case("utf16", utf16, (2, "utf-16"), "utf-16"),
        case("utf16-marked", marked, (2, "utf-16"), "utf-16"),
        case("latin1", b"{\"a\":[\"\xe4\"]}", (1, "invalid-utf8"), "invalid-utf8"),
        case("cut.gz", cut(gzip(many.as_bytes())), (2, "unreadable"), "unreadable"),
        case("cut.zst", cut(zstd(many.as_bytes())), (2, "unreadable"), "unreadable"),
        case("gzip-head", [0x1f, 0x8b], (2, "unreadable"), "unreadable"),
        case("twice.gz", gzip(&gzip(EVENT.as_bytes())), (2, "compressed-twice"), "compressed-twice"),
        case("zip", "PK\u{3}\u{4}....", (2, "zip"), "zip"),
        case("xz", b"\xfd7zXZ\0....", (2, "xz"), "xz"),
        case("bzip2", "BZh9....", (2, "bzip2"), "bzip2"),
        case("parquet", "PAR1....", (2, "parquet"), "parquet"),
        case("yaml", "Rules:\n- Name: x\n", (2, "yaml"), "yaml"),
        case("template.yml", "Resources:\n  R:\n    Type: x\n", (2, "cloudformation-template"), "no-rules"),
        case("serverless.yml", "service: x\nprovider: aws\n", (2, "yaml"), "no-rules"),
        case(
            "serverless.json",
            "{\"a\":1,\"service\":\"x\",\"provider\":\"aws\",\"functions\":5}",
            (0, ""),
            "invalid-template",
        ),
        case("cycle.yml", CYCLE, (2, "yaml"), "reference-cycle"),
        case("alias.yml", "Resources:\n  R: &r [*r]\n", (2, "cloudformation-template"), "yaml-cycle"),
        case("main.tf", "locals {\n  a = 1\n}\n", (2, "terraform"), "no-rules"),
        case("cut.tf", RESOURCE, (2, "terraform"), "invalid-hcl"),
        case("deep.tf", format!("{RESOURCE}{}", "[".repeat(10_000)), (2, "terraform"), "invalid-hcl"),
        case("braces.tf", format!("{RESOURCE}{}", "{".repeat(300_000)), (2, "terraform"), "invalid-hcl"),
        case(
            "templates.tf",
            format!("{RESOURCE}\"{}", "${\"".repeat(300_000)),
            (2, "terraform"),
            "invalid-hcl",
        ),
        case(
            "names.tf",
            format!("{RESOURCE}{{{}", "a = 1,".repeat(100_000)),
            (2, "terraform"),
            "template-too-large",
        ),
        case("long.tf", format!("{RESOURCE}{}", " ".repeat(2 << 20)), (2, "terraform"), "template-too-large"),
        case("latin1.tf", b"locals {\n  a = \"\xe4\"\n}\n", (2, "terraform"), "invalid-utf8"),
        case("references.tf", format!("{RESOURCE}var.x\n}}\n"), (2, "terraform"), "unresolved-reference"),
        case(
            "cut.tf.json",
            "{\"resource\":{\"aws_cloudwatch_event_rule\":{\"a\":{\"event_pattern\":\"${",
            (1, "unexpected-end"),
            "unexpected-end",
        ),
        case("html", "<html>\n</html>\n", (2, "xml"), "xml"),
        case("words", "what is this\n", (1, "invalid-literal"), "invalid-literal"),
        case("number", "5", (1, "root-not-object"), "not-a-rule"),
        case("string", "\"{\\\"a\\\":[1]}\"", (1, "root-not-object"), "not-a-rule"),
        case("null", "null", (1, "root-not-object"), "not-a-rule"),
        case("open", "{\"a\":", (1, "unexpected-end"), "unexpected-end"),
        case("open-list", "[{\"a\":1}", (2, "unclosed-array"), "unexpected-end"),
        case("open-string", "{\"a\":\"x", (1, "unexpected-end"), "unexpected-end"),
        case("closed", "}}}}", (1, "unexpected-character"), "unexpected-character"),
        case("objects", "{".repeat(300_000), (1, "unexpected-character"), "unexpected-character"),
        case("lists", "[".repeat(300_000), (2, "unclosed-array"), "unexpected-end"),
        case(
            "deep",
            format!("{{\"a\":{}1{}}}", "[".repeat(300_000), "]".repeat(300_000)),
            (1, "too-deep"),
            "nested-list",
        ),
        case("deepest", "{\"a\":".repeat(2_000_000), (1, "too-deep"), "too-deep"),
        case("commas", ",".repeat(10_000), (1, "unexpected-character"), "unexpected-character"),
        case("comment", "// x\n{\"a\":1}\n", (0, "unexpected-character"), "unexpected-character"),
        case("long", format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20)), (0, ""), "pattern-too-long"),
    ]
}

/// Returns true for files that are one valid event.
fn is_event(name: &str) -> bool {
    ["long", "serverless.json"].contains(&name)
}

#[track_caller]
fn assert_report(run: &Run, name: &str, code: i32, report: &str) {
    let all = format!("{}{}", run.out, run.err);
    assert!(!all.contains("panicked"), "{name}: {all}");
    assert_eq!(run.code, code, "{name}: {all}");
    assert!(report.is_empty() || all.contains(&format!("[{report}]")), "{name}: {report}: {all}");
    assert!(report.is_empty() || all.contains(&format!("{name}:")), "{name}: {all}");
}

#[test]
fn every_file_of_events_has_a_result_or_a_report() {
    let dir = Dir::new("bad-events");
    dir.file("rules.jsonl", RULE);
    for Case { name, content, events: (code, report), .. } in cases() {
        dir.file(name, content);
        assert_report(&dir.run(&["match", "-r", "rules.jsonl", name]), name, code, report);
        assert_report(
            &dir.run(&["match", "-r", "rules.jsonl", "--count", "--format=json", name]),
            name,
            code,
            report,
        );
        assert_report(&dir.run(&["filter", "-r", "rules.jsonl", name]), name, code, report);
        if code == 1 && !report.is_empty() {
            let run = dir.run(&["filter", "-r", "rules.jsonl", "--deny-rejected", name]);
            assert_report(&run, name, 2, report);
        }
    }
}

#[test]
fn every_file_of_rules_has_a_result_or_a_report() {
    let dir = Dir::new("bad-rules");
    dir.file("events.jsonl", EVENT);
    for Case { name, content, rules: report, .. } in cases() {
        dir.file(name, content);
        let run = dir.run(&["check", name]);
        assert!(run.code > 0, "{name}");
        assert_report(&run, name, run.code, report);
        assert_report(&dir.run(&["check", "--format=json", name]), name, run.code, "");
        assert_report(&dir.run(&["match", "-r", name, "events.jsonl"]), name, 2, report);
        assert_report(&dir.run(&["filter", "-r", name, "events.jsonl"]), name, 2, report);
        // An accepted rule does not change the result.
        dir.file("rules.jsonl", RULE);
        assert_report(
            &dir.run(&["match", "-r", "rules.jsonl", "-r", name, "events.jsonl"]),
            name,
            if report == "no-rules" { 0 } else { 2 },
            report,
        );
    }
}

/// The options of the shortest benchmark.
const SHORT: [&str; 7] = ["bench", "--seconds", "0.02", "--warm-up", "0.01", "--rounds", "3"];

#[test]
fn every_file_of_rules_has_a_report_from_every_command() {
    let dir = Dir::new("bad-rules-everywhere");
    dir.file("events.jsonl", EVENT);
    for Case { name, content, rules: report, .. } in cases() {
        dir.file(name, content).file(
            "tests.toml",
            format!("rules = \"{name}\"\n[[test]]\nevent = '{EVENT}'\nmatches = [\"x\"]\n"),
        );
        let bench = [&SHORT[..], &["-r", name, "events.jsonl"]].concat();
        let against = [&SHORT[..], &["-r", EVENT_RULE, "--against", name, "events.jsonl"]].concat();
        for arguments in [
            &["explain", "-r", name, "events.jsonl"][..],
            &["explain", "--silent", "-r", name, "events.jsonl"],
            &["coverage", "-r", name, "events.jsonl"],
            &["gen", name],
            &["test", "--init", name],
            &["test", "tests.toml"],
            &bench,
            &against,
        ] {
            let run = dir.run(arguments);
            assert_report(&run, name, 2, report);
            // A run of tests ends with its summary.
            assert!(run.out.is_empty() || run.out.starts_with("0 tests in "), "{arguments:?}: {}", run.out);
        }
    }
}

/// A pattern that matches the event.
const EVENT_RULE: &str = r#"{"a":[{"exists":true}]}"#;

#[test]
fn every_file_of_events_has_a_result_or_a_report_from_every_command() {
    let dir = Dir::new("bad-events-everywhere");
    dir.file("rules.jsonl", RULE);
    for Case { name, content, events: (code, report), .. } in cases() {
        dir.file(name, content).file(
            "tests.toml",
            format!("rules = \"rules.jsonl\"\n[[test]]\nevent = \"{name}\"\nmatches = [\"x\"]\n"),
        );
        // A file without an event is trouble.
        let expected = if code == 0 { 0 } else { 2 };
        for command in [&["explain", "--silent"][..], &["coverage"], &SHORT] {
            let run = dir.run(&[command, &["-r", "rules.jsonl", name]].concat());
            // A benchmark counts refused events.
            let report = if command[0] == "bench" && name == "comment" { "" } else { report };
            assert_report(&run, name, expected, report);
        }
        // A refused event is trouble here.
        let strict = if is_event(name) { 0 } else { 2 };
        let run = dir.run(&["explain", "-r", "rules.jsonl", name]);
        assert_report(&run, name, strict, if name == "comment" { "" } else { report });
        let run = dir.run(&["check", "--events", name, "rules.jsonl"]);
        assert_report(&run, name, strict, report);

        // The whole file is one event.
        let run = dir.run(&["test", "tests.toml"]);
        assert!(!run.err.contains("panicked"), "{name}: {}", run.err);
        assert_eq!(run.code > 0, !is_event(name), "{name}: {}{}", run.out, run.err);
        let is_told = run.err.contains(&format!("{name}:")) || run.out.contains("refused with ");
        assert!(run.code == 0 || is_told, "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn every_other_file_has_a_result_or_a_report() {
    let dir = Dir::new("bad-others");
    let case =
        r#"{"id":"1","topic":"a","pattern":"{\"a\":[1]}","event":"{\"a\":1}","valid":true,"matches":true}"#;
    dir.file("case.jsonl", case);
    for Case { name, content, .. } in cases() {
        dir.file(name, &content);
        let compare = [&SHORT[..], &["-r", EVENT_RULE, "--compare", name, "case.jsonl"]].concat();
        for arguments in [
            &["test-pattern", "--event-pattern", name, "--event", EVENT][..],
            &["test-pattern", "--event-pattern", r#"{"a":[1]}"#, "--event", name],
            &["conform", name],
            &["conform", "--verdicts", name, "case.jsonl"],
            &["test", name],
            &["test", "--format", "json", name],
            &compare,
        ] {
            let run = dir.run(arguments);
            let all = format!("{}{}", run.out, run.err);
            assert!(!all.contains("panicked"), "{arguments:?}: {all}");
            assert!(run.code == 2 || run.code == 1 || is_event(name), "{arguments:?}: {all}");
            assert!(run.code == 0 || !all.is_empty(), "{arguments:?}");
        }
        // The extension decides on the format of the tests and the cases.
        for extension in ["toml", "yaml", "jsonl"] {
            let named = format!("{name}.{extension}");
            dir.file(&named, &content);
            let run = dir.run(&["test", &named]);
            let is_told = run.err.contains("error[") || run.err.contains("there is no test");
            assert!(run.code == 2 && is_told, "{named}: {}{}", run.out, run.err);
            let run = dir.run(&["conform", &named]);
            assert!(run.code == 2 && !run.err.contains("panicked"), "{named}: {}{}", run.out, run.err);
        }
    }
}

/// The faults of rules in files that have a layout.
const LAYOUT: [&str; 5] = ["no-rules", "not-a-rule", "nested-list", "pattern-too-long", "invalid-template"];

#[test]
fn every_file_to_format_has_a_layout_or_a_report() {
    let dir = Dir::new("bad-layout");
    for Case { name, content, rules, .. } in cases() {
        dir.file(name, &content);
        let report = match name {
            // A compressed file is not replaced by its text.
            "empty.gz" | "cut.gz" | "cut.zst" | "gzip-head" | "twice.gz" => "compressed",
            // A template in YAML has rules, but no layout.
            "template.yml" | "alias.yml" => "cloudformation-template",
            "serverless.yml" | "cycle.yml" => "serverless-service",
            _ if name.ends_with(".tf") => "terraform",
            // JSON has a layout even if it is no rule.
            _ if LAYOUT.contains(&rules) => "",
            _ => rules,
        };
        let run = dir.run(&["fmt", "--check", name]);
        if !report.is_empty() {
            assert_report(&run, name, 2, report);
            assert!(run.err.starts_with(&format!("{name}:")), "{}", run.err);
            assert_report(&dir.run(&["fmt", name]), name, 2, report);
            assert_eq!(std::fs::read(dir.0.join(name)).unwrap(), content, "{name}");
            continue;
        }
        assert!(run.code == 0 || run.code == 1, "{name}: {}", run.err);
        assert_eq!(dir.run(&["fmt", name]).code, 0, "{name}");
        assert_eq!(dir.run(&["fmt", "--check", name]).code, 0, "{name}");
    }
}

#[test]
fn directories_and_missing_files_are_reported() {
    let dir = Dir::new("bad-places");
    dir.file("rules.jsonl", RULE).file("events.jsonl", EVENT).file("none/.hidden", "");
    for (name, report) in [("nowhere", "unreadable"), ("none", "empty-directory")] {
        assert_report(&dir.run(&["check", name]), name, 2, report);
        assert_report(&dir.run(&["match", "-r", name, "events.jsonl"]), name, 2, report);
        assert_report(&dir.run(&["match", "-r", "rules.jsonl", name]), name, 2, report);
        assert_report(&dir.run(&["filter", "-r", "rules.jsonl", name]), name, 2, report);
        assert_report(&dir.run(&["conform", name]), name, 2, "unreadable");
        assert_report(
            &dir.run(&["test-pattern", "--event-pattern", name, "--event", EVENT]),
            name,
            2,
            "unreadable",
        );
        assert_report(
            &dir.run(&["test-pattern", "--event-pattern", r#"{"a":[1]}"#, "--event", name]),
            name,
            2,
            "unreadable",
        );
    }
}
