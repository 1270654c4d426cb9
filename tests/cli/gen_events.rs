use serde_json::json;

use super::Dir;

const RULES: &str = r#"{"id":"cpu","pattern":{"source":["aws.ec2"],"detail":{"cpu":[{"numeric":[">",90]}]}}}
{"id":"my rule","pattern":{"name":["a",{"prefix":"b"}]}}
"#;

#[test]
fn every_event_is_a_line_of_json() {
    let dir = Dir::new("gen-json");
    dir.file("rules.jsonl", RULES);
    let run = dir.run(&["gen", "rules.jsonl"]);
    let expected = r#"{"rule":"cpu","matches":true,"field":null,"alternative":null,"event":{"source":"aws.ec2","detail":{"cpu":91}}}
{"rule":"cpu","matches":true,"field":"source","alternative":"aws.ec2","event":{"source":"aws.ec2","detail":{"cpu":91}}}
{"rule":"cpu","matches":false,"field":"source","alternative":"aws.ec2","event":{"source":"Aws.ec2","detail":{"cpu":91}}}
{"rule":"cpu","matches":true,"field":"detail.cpu","alternative":{"numeric":[">",90]},"event":{"source":"aws.ec2","detail":{"cpu":91}}}
{"rule":"cpu","matches":false,"field":"detail.cpu","alternative":{"numeric":[">",90]},"event":{"source":"aws.ec2","detail":{"cpu":90}}}
{"rule":"my rule","matches":true,"field":null,"alternative":null,"event":{"name":"a"}}
{"rule":"my rule","matches":true,"field":"name","alternative":"a","event":{"name":"a"}}
{"rule":"my rule","matches":false,"field":"name","alternative":"a","event":{"name":"A"}}
{"rule":"my rule","matches":true,"field":"name","alternative":{"prefix":"b"},"event":{"name":"b"}}
{"rule":"my rule","matches":false,"field":"name","alternative":{"prefix":"b"},"event":{"name":"B"}}
"#;
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    let summary = "2 rules: 0 without an event that matches; 4 of 4 alternatives with both events\n";
    assert_eq!(run.err, summary);
}

#[test]
fn human_output_has_comments_and_indented_events() {
    let dir = Dir::new("gen-human");
    dir.file("rules.jsonl", RULES);
    let run = dir.run(&["gen", "--format", "human", "--rule", "my rule", "rules.jsonl"]);
    let expected = r#"// rule "my rule": {"name":["a",{"prefix":"b"}]}
// matches
{
  "name": "a"
}
// misses: "name" beside "a"
{
  "name": "A"
}
// matches: "name" through {"prefix":"b"}
{
  "name": "b"
}
// misses: "name" beside {"prefix":"b"}
{
  "name": "B"
}

"#;
    assert_eq!((run.code, run.out.as_str()), (0, expected));
}

#[test]
fn events_of_one_verdict_are_selected() {
    let dir = Dir::new("gen-only");
    dir.file("rules.jsonl", RULES);
    let verdicts = |only: &str| -> Vec<bool> {
        let run = dir.run(&["gen", "--only", only, "rules.jsonl"]);
        run.json().iter().map(|line| line["matches"].as_bool().unwrap()).collect()
    };
    assert_eq!(verdicts("matching"), [true; 6]);
    assert_eq!(verdicts("missing"), [false; 4]);
}

#[test]
fn reason_is_given_where_there_is_no_event() {
    let dir = Dir::new("gen-reasons");
    dir.file(
        "rules.jsonl",
        r#"{"id":"never","pattern":{"a":[{"numeric":[">",1,"<",1.0000000000000002]}]}}
{"id":"always","pattern":{"a":[{"exists":true},{"exists":false}]}}"#,
    );
    let run = dir.run(&["gen", "rules.jsonl"]);
    assert_eq!(run.code, 1);
    let reasons: Vec<_> = run
        .json()
        .iter()
        .filter(|line| line["event"].is_null())
        .map(|line| json!([line["rule"], line["field"], line["matches"], line["reason"]]))
        .collect();
    assert_eq!(
        reasons,
        [
            json!(["never", null, true, "no-value"]),
            json!(["never", "a", true, "no-value"]),
            json!(["never", "a", false, "no-value"]),
            json!(["always", "a", false, "always-holds"]),
            json!(["always", "a", false, "always-holds"]),
        ]
    );
    let run = dir.run(&["gen", "--format", "human", "--rule", "always", "rules.jsonl"]);
    let line = "// no event misses: \"a\" beside {\"exists\":true}: \
        the field holds for every value that was tried, and for absence [always-holds]";
    assert!(run.lines().contains(&line), "{}", run.out);
}

#[test]
fn envelope_has_all_members() {
    let dir = Dir::new("gen-envelope");
    dir.file("rules.jsonl", RULES);
    let run = dir.run(&["gen", "--envelope", "--rule", "cpu", "--only", "matching", "rules.jsonl"]);
    let expected = r#"{"version":"0","id":"00000000-0000-0000-0000-000000000000","detail-type":"example","source":"aws.ec2","account":"123456789012","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{"cpu":91}}"#;
    assert!(run.lines()[0].contains(expected), "{}", run.out);
}

#[test]
fn generated_events_have_the_verdict_of_match() {
    let dir = Dir::new("gen-match");
    dir.file("rules.jsonl", RULES);
    for (only, count) in [("matching", 6), ("missing", 0)] {
        let run = dir.run(&["gen", "--only", only, "rules.jsonl"]);
        let events: Vec<String> = run.json().iter().map(|line| line["event"].to_string()).collect();
        dir.file("events.jsonl", events.join("\n"));
        let run = dir.run(&["match", "--rules", "rules.jsonl", "--only-matched", "events.jsonl"]);
        assert_eq!(run.out.lines().count(), count, "{only}: {}", run.out);
    }
}

#[test]
fn limit_cuts_the_alternatives_of_a_rule() {
    let dir = Dir::new("gen-limit");
    dir.file("rules.json", r#"{"a":[1,2,3]}"#);
    let run = dir.run(&["gen", "--max-events", "4", "rules.json"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 5));
    assert!(run.err.ends_with("; 1 rule cut at the limit\n"), "{}", run.err);
}

#[test]
fn bad_input_is_trouble() {
    let dir = Dir::new("gen-trouble");
    dir.file("rules.jsonl", format!("{RULES}{{\"id\":\"bad\",\"pattern\":{{\"a\":[]}}}}\n"));
    dir.file("empty.json", "");
    let run = dir.run(&["gen", "rules.jsonl"]);
    assert_eq!((run.code, run.out.lines().count()), (2, 10));
    assert!(run.err.starts_with("rules.jsonl:3:28: error[empty-list]: "), "{}", run.err);
    let run = dir.run(&["gen", "--rule", "cpi", "rules.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.ends_with("galop: no rule has the id cpi; did you mean cpu?\n"), "{}", run.err);
    let run = dir.run(&["gen", "empty.json"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            2,
            "empty.json: warning[no-rules]: no rule is in this file\ngalop: there is no rule in these files\n"
        )
    );
    let run = dir.run(&["gen", "nowhere.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("nowhere.json: error[unreadable]: "), "{}", run.err);
}

#[test]
fn lone_surrogates_are_escapes() {
    let dir = Dir::new("gen-surrogates");
    dir.file("rules.json", r#"{"\ud800":["\udc00"]}"#);
    let run = dir.run(&["gen", "--only", "matching", "rules.json"]);
    let expected =
        r#"{"rule":"rules","matches":true,"field":null,"alternative":null,"event":{"\ud800":"\udc00"}}"#;
    assert_eq!((run.code, run.lines()[0]), (0, expected));
}
