//! The search for literals in trusted events does not change the output of a command.

use std::fmt::Write;

use super::Dir;

const RULES: &str = r#"{"id":"stopped","pattern":{"source":["aws.ec2"],"detail":{"state":["stopped"]}}}
{"id":"path","pattern":{"detail":{"path":[{"prefix":"/data/x"}]}}}
{"id":"either","pattern":{"$or":[{"detail":{"kind":["rare"]}},{"detail-type":[{"wildcard":"*od*ly"}]}]}}
"#;

/// The other set of a replay.
const AGAINST: &str = r#"{"id":"stopped","pattern":{"source":["aws.ec2"],"detail":{"state":["stopping"]}}}
{"id":"path","pattern":{"detail":{"path":["/data/xy"]}}}
"#;

/// Returns an archive in which the literals are rare, on lines of every form.
fn archive() -> String {
    let ordinary = |number: usize| {
        format!(
            r#"{{"source":"aws.ec2","detail-type":"t","time":"2026-06-02T04:00:00Z","detail":{{"state":"running","n":{number},"text":"a\nb"}}}}"#
        )
    };
    let special = [
        r#"{"source":"aws.ec2","detail":{"state":"stopped"}}"#,
        r#"{"source":"aws.ec2","detail":{"state":"\u0073topped"}}"#,
        r#"{"source":"aws.ec2","detail":{"st\u0061te":"stopping"}}"#,
        r#"{"source":"aws.ec2","detail.state":"stopped"}"#,
        r#"{"detail":{"path":"\/data\/xy"}}"#,
        r#"{"detail":{"path":"/data/xy"}} {"detail":{"path":"no"}}	{"detail":{"path":"/data/x"}}"#,
        r#"{"a":1}{"b":2}"#,
        r#"{"detail":{"path":"no"}} {"b":{"c":{}}}"#,
        r#"[{"detail":{"kind":"rare"}},{"x":1}]"#,
        "{\n  \"detail\": {\n    \"kind\": \"rare\"\n  }\n}",
        "{\n  \"detail\": {\n    \"kind\": \"frequent\"\n  }\n}",
        r#"  {"detail-type":"oddly"}  "#,
        r#"{"detail-type":"od"}"#,
        "",
    ];
    let mut archive = String::new();
    for number in 0..4_000 {
        writeln!(archive, "{}", ordinary(number)).unwrap();
        if number > 1_000 && number % 100 == 0 {
            writeln!(archive, "{}", special[number / 100 % special.len()]).unwrap();
        }
    }
    archive
}

#[test]
fn output_for_trusted_events_is_the_same() {
    let dir = Dir::new("prefilter");
    dir.file("rules.jsonl", RULES).file("against.jsonl", AGAINST).file("events.jsonl", archive());
    let commands: [&[&str]; 7] = [
        &["match", "--only-matched"],
        &["match"],
        &["match", "--format", "json"],
        &["filter"],
        &["filter", "-v"],
        &["replay", "--from", "2020-01-01T00:00:00Z", "--against", "against.jsonl"],
        &["replay", "--against", "against.jsonl", "--replay-name", "stopped"],
    ];
    for command in commands {
        for jobs in ["1", "2"] {
            let arguments = [command, &["-r", "rules.jsonl", "--jobs", jobs, "events.jsonl"]].concat();
            let checked = dir.run(&arguments);
            let trusted = dir.run(&[&arguments[..], &["--trusted"]].concat());
            assert!(!checked.out.is_empty(), "{command:?}");
            assert_eq!((trusted.code, &trusted.out), (checked.code, &checked.out), "{command:?}");
        }
    }
}

#[test]
fn totals_for_trusted_events_are_the_same() {
    let dir = Dir::new("prefilter-totals");
    dir.file("rules.jsonl", RULES).file("events.jsonl", archive());
    let totals = |trusted: &[&str]| {
        let run = dir.run(&[&["match", "-r", "rules.jsonl", "--count", "events.jsonl"], trusted].concat());
        let (totals, _) = run.out.rsplit_once(" in ").expect("the last line has the totals");
        totals.to_owned()
    };
    assert!(totals(&[]).contains("4037 events"), "{}", totals(&[]));
    assert_eq!(totals(&["--trusted"]), totals(&[]));
}

#[test]
fn text_that_was_cut_off_is_refused() {
    let dir = Dir::new("prefilter-cut");
    let mut archive = archive();
    archive.push_str(r#"{"source":"aws.ec2","detail":{"#);
    dir.file("rules.jsonl", RULES).file("events.jsonl", archive);
    let run = dir.run(&["match", "-r", "rules.jsonl", "--count", "--trusted", "events.jsonl"]);
    assert!(run.err.contains("event refused[unexpected-end]"), "{}", run.err);
    assert!(run.out.contains(" 1 rejected"), "{}", run.out);
}
