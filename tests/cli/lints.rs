//! The lints of `galop check`: their options, the comparison with events, and the formats of output.

use serde_json::{Value, json};

use super::{Dir, Run};

/// Three rules with one warning each, and one without.
const RULES: &str = r#"{"id":"blank","pattern":{"source":["aws.ec2 "]}}
{"id":"star","pattern":{"source":["aws.s3"],"detail":{"key":["in/*"]}}}
{"id":"member","pattern":{"source":["aws.s3"],"details":{"key":["a"]}}}
{"id":"good","pattern":{"source":["aws.ec2"]}}
"#;

/// Returns the severities and codes of JSON output.
fn codes(run: &Run) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    run.json().iter().map(|d| (text(&d["severity"]), text(&d["code"]))).collect()
}

fn check(dir: &Dir, options: &[&str]) -> (i32, Vec<(String, String)>) {
    let run = dir.run(&[&["check", "--format=json", "rules.jsonl"], options].concat());
    (run.code, codes(&run))
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(severity, code)| ((*severity).to_owned(), (*code).to_owned())).collect()
}

#[test]
fn lints_are_denied_and_allowed_by_their_codes() {
    let dir = Dir::new("lints-levels");
    dir.file("rules.jsonl", RULES);
    let all = [("warning", "blank-ends"), ("warning", "star-in-text"), ("warning", "unknown-member")];
    assert_eq!(check(&dir, &[]), (0, pairs(&all)));
    assert_eq!(check(&dir, &["--deny-warnings"]), (1, pairs(&all)));
    assert_eq!(check(&dir, &["--allow=blank-ends,star-in-text"]), (0, pairs(&all[2..])));
    assert_eq!(
        check(&dir, &["--allow=blank-ends", "--allow=star-in-text", "--deny-warnings"]),
        (1, pairs(&all[2..]))
    );
    assert_eq!(check(&dir, &["--allow=all", "--deny-warnings"]), (0, vec![]));
    let denied = [("warning", "blank-ends"), ("error", "star-in-text"), ("warning", "unknown-member")];
    assert_eq!(check(&dir, &["--deny=star-in-text"]), (1, pairs(&denied)));
    assert_eq!(check(&dir, &["--deny=same-pattern"]), (0, pairs(&all)));
    // A code takes precedence over all, in any order.
    assert_eq!(check(&dir, &["--deny=star-in-text", "--allow=all"]), (1, pairs(&denied[1..2])));
    assert_eq!(
        check(&dir, &["--allow=star-in-text,unknown-member", "--deny=all"]),
        (1, pairs(&[("error", "blank-ends")]))
    );
    assert_eq!(check(&dir, &["--allow=all", "--warn=blank-ends"]), (0, pairs(&all[..1])));
    let run = dir.run(&["check", "--deny=star-in-text", "rules.jsonl"]);
    assert!(run.out.contains("rules.jsonl:2:62: error[star-in-text]: "), "{}", run.out);
    assert!(run.out.ends_with("\n4 rules in 1 file: 0 refused, 2 warnings, 1 denied\n"), "{}", run.out);
}

#[test]
fn wrong_codes_are_wrong_usage() {
    let dir = Dir::new("lints-usage");
    dir.file("rules.jsonl", RULES);
    for (option, message) in [
        ("--deny=blank-end", "no lint has the code `blank-end`; did you mean `blank-ends`?"),
        ("--allow=blank-ends,nothing", "no lint has the code `nothing` (--list-lints lists the codes)"),
        ("--explain=x", "no lint has the code `x`"),
    ] {
        let run = dir.run(&["check", option, "rules.jsonl"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains(message), "{}", run.err);
    }
    let run = dir.run(&["check", "--deny=blank-ends", "--allow=blank-ends", "rules.jsonl"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "galop: the lint blank-ends has two levels in the options\n")
    );
    assert_eq!(dir.run(&["check"]).code, 2);
}

#[test]
fn lints_are_listed_and_explained() {
    let dir = Dir::new("lints-list");
    let run = dir.run(&["check", "--list-lints"]);
    let codes: Vec<&str> = run.lines().iter().map(|line| line.split(' ').next().unwrap()).collect();
    let quotas = ["too-many-rules", "too-many-wildcard-rules"];
    assert_eq!(codes, [galop::lint::WarningKind::CODES, &quotas].concat());
    for &code in &codes {
        let run = dir.run(&["check", "--explain", code]);
        assert_eq!(run.code, 0);
        assert!(run.out.starts_with(&format!("{code}: ")), "{}", run.out);
        let report = format!("\nwarning[{code}]: ");
        assert_eq!(run.out.contains(&report), !quotas.contains(&code), "{}", run.out);
    }
    let listed = dir.run(&["check", "--list-lints", "--format=json"]).json();
    let listed_codes: Vec<&str> = listed.iter().map(|lint| lint["code"].as_str().unwrap()).collect();
    assert_eq!(listed_codes, codes);
    assert_eq!(listed[0]["example"], json!([r#"{"source":["aws.ec2"],"source":["aws.s3"]}"#]));
}

#[test]
fn rules_are_compared_with_events() {
    let dir = Dir::new("lints-events");
    dir.file("rules.jsonl", r#"{"detail":{"instanceId":["i-1"],"code":[{"numeric":[">",400]}]}}"#)
        .file("events/a.jsonl", "{\"detail\":{\"instance-id\":\"i-1\"}}\n{\"detail\":{\"code\":\"404\"}}\n")
        .file("good.json", r#"{"detail":{"instanceId":"i-1","code":404}}"#);
    assert_eq!(check(&dir, &[]), (0, vec![]));
    let run = dir.run(&["check", "--events", "events", "rules.jsonl"]);
    assert_eq!(run.code, 0);
    assert!(
        run.out.contains("warning[path-not-seen]") && run.out.contains("warning[kind-not-seen]"),
        "{}",
        run.out
    );
    assert!(run.out.contains("  = help: did you mean `detail.instance-id`?\n"), "{}", run.out);
    assert!(
        run.out.ends_with("1 rule in 1 file: 0 refused, 2 warnings; compared with 2 events\n"),
        "{}",
        run.out
    );
    assert_eq!(check(&dir, &["--events=events", "--events=good.json"]), (0, vec![]));
    let run =
        dir.run_with(&["check", "--events=-", "rules.jsonl"], br#"{"detail":{"instanceId":"","code":"1"}}"#);
    assert!(run.out.contains("help: the events have strings here"), "{}", run.out);
    assert_eq!(check(&dir, &["--events=events", "--deny=path-not-seen,kind-not-seen"]).0, 1);
}

#[test]
fn events_that_cannot_be_read_are_trouble() {
    let dir = Dir::new("lints-bad-events");
    dir.file("rules.jsonl", r#"{"detail":{"a":["x"]}}"#).file("empty.json", "\n");
    dir.file("bad.jsonl", format!("{{\"detail\":{{\"a\":\"x\"}}}}\n{}", "{\"a\":}\n".repeat(12)));
    let run = dir.run(&["check", "--events=bad.jsonl", "rules.jsonl"]);
    assert_eq!(run.code, 2);
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines.len(), 11, "{}", run.err);
    assert!(lines[0].starts_with("bad.jsonl:2: event refused: unexpected character"), "{}", run.err);
    assert_eq!(lines[10], "galop: 2 more events refused");
    assert!(run.out.ends_with("0 refused, 0 warnings; compared with 1 event\n"), "{}", run.out);
    let run = dir.run(&["check", "--events=nowhere.json", "rules.jsonl"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("nowhere.json: error[unreadable]: "), "{}", run.err);
    let run = dir.run(&["check", "--events=empty.json", "rules.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (2, "galop: there is no event in these files\n"));
    let run = dir.run(&["check", "--events=-", "-"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "galop: standard input cannot be the rules and the events\n")
    );
}

#[test]
fn many_warnings_are_cut_short() {
    let dir = Dir::new("lints-many");
    let fields = vec![r#""a":[1]"#; 130_000].join(",");
    dir.file("many.json", format!("{{{fields}}}"));
    let run = dir.run(&["check", "--limits=wide", "many.json"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.out.matches("warning[duplicate-key]").count(), 100);
    assert!(
        run.out.ends_with(
            "many.json:1:1: warning[more-warnings]: … and 129899 more of duplicate-key (rule many)\n\
             1 rule in 1 file: 0 refused, 129999 warnings\n"
        ),
        "{}",
        &run.out[run.out.len() - 300..]
    );
    // JSON output has all warnings, each with its place.
    let run = dir.run(&["check", "--format=json", "many.json"]);
    let last: Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
    assert_eq!(run.out.lines().count(), 129_999);
    assert_eq!((&last["line"], &last["column"]), (&json!(1), &json!(2 + 8 * 129_998)));
}

#[test]
fn rules_with_the_same_pattern_are_named() {
    let dir = Dir::new("lints-same");
    let rule = |name: &str, bus: &str| {
        format!("{{\"Name\":\"{name}\",\"EventPattern\":\"{{\\\"a\\\":[1]}}\",\"EventBusName\":\"{bus}\"}}\n")
    };
    let rules: String = [rule("a", "x"), rule("b", "y"), rule("c", "y"), rule("d", "x")].concat();
    dir.file("rules.jsonl", rules);
    let found = dir.run(&["check", "--format=json", "rules.jsonl"]).json();
    let found: Vec<_> = found.iter().map(|d| json!([d["id"], d["message"]])).collect();
    let message = "an earlier rule has the same pattern";
    // The rules of another bus do not count.
    let expected = [
        json!(["c", format!("{message}: b at rules.jsonl:2")]),
        json!(["d", format!("{message}: a at rules.jsonl:1")]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn sarif_has_the_required_members() {
    let dir = Dir::new("lints-sarif");
    dir.file("a dir/rules.jsonl", format!("{RULES}{{\"id\":\"bad\",\"pattern\":{{\"a\":[]}}}}\n"));
    let run = dir.run(&["check", "--format=sarif", "--deny=star-in-text", "a dir"]);
    assert_eq!((run.code, run.err.as_str()), (1, "5 rules in 1 file: 1 refused, 2 warnings, 1 denied\n"));
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "galop");
    let rules: Vec<&str> =
        driver["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(rules, [galop::lint::WarningKind::CODES, &["empty-list"]].concat());
    assert_eq!(runs[0]["invocations"][0]["executionSuccessful"], true);
    let results = runs[0]["results"].as_array().unwrap();
    for result in results {
        assert!(rules.contains(&result["ruleId"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20dir/rules.jsonl");
    }
    let brief: Vec<_> = results
        .iter()
        .map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let place =
                [&region["startLine"], &region["startColumn"], &region["endLine"], &region["endColumn"]];
            json!([result["ruleId"], result["level"], place])
        })
        .collect();
    assert_eq!(
        brief,
        [
            json!(["blank-ends", "warning", [1, 36, 1, 46]]),
            json!(["star-in-text", "error", [2, 62, 2, 68]]),
            json!(["unknown-member", "warning", [3, 47, 3, 56]]),
            json!(["empty-list", "error", [5, 28, 5, 30]]),
        ]
    );
}

#[test]
fn annotations_escape_their_texts() {
    let dir = Dir::new("lints-github");
    let rule = r#"{"id":"50%","pattern":{"detail":{"key":["in/*"]}}}"#;
    dir.file("a,b.jsonl", format!("{rule}\n{{\"id\":\"bad\",\"pattern\":{{\"a\":[]}}}}\n"));
    let run = dir.run(&["check", "--format=github", "a,b.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (1, "2 rules in 1 file: 1 refused, 1 warning\n"));
    let expected = "\
::warning file=a%2Cb.jsonl,line=1,col=41,endLine=1,endColumn=46,title=star-in-text::the star is compared as a \
character (rule 50%25)%0Ahelp: for any text, use `wildcard`; for a star, use `exactly`
::error file=a%2Cb.jsonl,line=2,col=28,endLine=2,endColumn=29,title=empty-list::a list must hold at least one \
alternative (rule bad)%0Ahelp: for any value of a field write `[{\"exists\":true}]`
";
    assert_eq!(run.out, expected);
}

#[test]
fn unreadable_files_make_an_incomplete_log() {
    let dir = Dir::new("lints-sarif-unreadable");
    dir.file("rules.jsonl", RULES);
    let run = dir.run(&["check", "--format=sarif", "--allow=all", "rules.jsonl", "nowhere.json"]);
    assert_eq!(run.code, 2);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], "unreadable");
    let location = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(*location, json!({"artifactLocation": {"uri": "nowhere.json"}}));
}

#[test]
fn quotas_of_a_bus_have_codes() {
    let dir = Dir::new("lints-quotas");
    let rules: String =
        (0..301).map(|n| format!("{{\"id\":\"{n}\",\"pattern\":{{\"a\":[{n}]}}}}\n")).collect();
    dir.file("rules.jsonl", rules);
    let limits = "--limits=aws";
    assert_eq!(check(&dir, &[limits]), (0, pairs(&[("warning", "too-many-rules")])));
    assert_eq!(check(&dir, &[limits, "--deny=too-many-rules"]), (1, pairs(&[("error", "too-many-rules")])));
    assert_eq!(check(&dir, &[limits, "--allow=too-many-rules"]), (0, vec![]));
}
