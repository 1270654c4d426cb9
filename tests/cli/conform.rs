use serde_json::json;

use super::Dir;

const CASES: &str = r#"{"id":"1","topic":"a","pattern":"{\"a\":[1]}","event":"{\"a\":1}","valid":true,"matches":true}
{"id":"2","topic":"a","pattern":"{\"a\":[1]}","event":"{\"a\":2}","valid":true,"matches":false}
{"id":"3","topic":"b","pattern":"{\"a\":1}","event":"{\"a\":1}","valid":false,"matches":null}
{"id":"4","topic":"b","pattern":"{\"a\":[1]}","event":"{\"a\":1","valid":true,"matches":null}
"#;

#[test]
fn agreeing_cases_are_counted_by_topic() {
    let dir = Dir::new("conform-agree");
    dir.file("cases.jsonl", CASES);
    let run = dir.run(&["conform", "cases.jsonl"]);
    let expected = "\
cases  disagree  topic
    2         0  a
    2         0  b

4 cases: 4 agree, 0 disagree
";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, expected, ""));
}

#[test]
fn each_disagreement_is_shown() {
    let dir = Dir::new("conform-disagree");
    let wrong = CASES
        .replace("\"matches\":true", "\"matches\":false")
        .replace("\"valid\":false", "\"valid\":true")
        .replacen("\"matches\":false", "\"matches\":null", 2);
    dir.file("cases.jsonl", wrong);
    let run = dir.run(&["conform", "cases.jsonl"]);
    let expected = r#"1 (a) cases.jsonl:1
  pattern   {"a":[1]}
  event     {"a":1}
  expected  event refused
  got       match
2 (a) cases.jsonl:2
  pattern   {"a":[1]}
  event     {"a":2}
  expected  event refused
  got       no match
3 (b) cases.jsonl:3
  pattern   {"a":1}
  event     {"a":1}
  expected  event refused
  got       pattern refused[leaf-not-array] at bytes 5 to 6
cases  disagree  topic
    2         2  a
    2         1  b

4 cases: 1 agree, 3 disagree
"#;
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn corpus_format_compares_codes_and_places() {
    let dir = Dir::new("conform-toml");
    let cases = r#"
[[case]]
topic = "set"
rules.x = '{"a":[1]}'
rules.y = '{"b":[1]}'
events = [{ event = '{"a":1}', matches = ["x"] }, { event = '{"b":1}', matches = [] }]

[[case]]
topic = "event"
pattern = '{"a":[1]}'
reject-event = [{ event = '{"a":1', code = "unexpected-end", offset = 5 }]

[[error]]
topic = "code"
pattern = '{"a":[]}'
code = "empty-object"
at = '[]'

[[error]]
topic = "place"
pattern = '{"a":[]}'
code = "empty-list"
at = '"a"'

[[error]]
topic = "right"
pattern = '{"a":[]}'
code = "empty-list"
at = '[]'

[[error]]
topic = "limits"
limits = "aws"
pattern = '{"a":[{"wildcard":"*a*a*a*a*a*a"}]}'
code = "too-complex"
at = '[{"wildcard":"*a*a*a*a*a*a"}]'
"#;
    dir.file("cases/some.toml", cases);
    let run = dir.run(&["conform", "cases"]);
    assert_eq!(run.code, 1);
    let found: Vec<_> = run
        .lines()
        .into_iter()
        .filter(|line| ["  rule", "  expected", "  got"].iter().any(|start| line.starts_with(start)))
        .collect();
    assert_eq!(
        found[..9],
        [
            "  rule      y",
            "  expected  no match",
            "  got       match",
            "  expected  event refused[unexpected-end] at byte 5",
            "  got       event refused[unexpected-end] at byte 6",
            "  expected  pattern refused[empty-object] at bytes 5 to 7",
            "  got       pattern refused[empty-list] at bytes 5 to 7",
            "  expected  pattern refused[empty-list] at bytes 1 to 4",
            "  got       pattern refused[empty-list] at bytes 5 to 7",
        ],
        "{}",
        run.out
    );
    assert!(run.out.contains("    1         0  right\n"), "{}", run.out);
}

#[test]
fn verdicts_can_be_written_and_compared() {
    let dir = Dir::new("conform-verdicts");
    dir.file("cases.jsonl", CASES);
    let run = dir.run(&["conform", "--format", "json", "cases.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (0, "4 cases: 4 agree, 0 disagree\n"));
    assert_eq!(
        run.json(),
        [
            json!({"id": "1", "valid": true, "matches": true, "error": null, "agrees": true}),
            json!({"id": "2", "valid": true, "matches": false, "error": null, "agrees": true}),
            json!({
                "id": "3", "valid": false, "matches": null, "agrees": true,
                "error": {"code": "leaf-not-array", "start": 5, "end": 6},
            }),
            json!({
                "id": "4", "valid": true, "matches": null, "agrees": true,
                "error": {"code": "unexpected-end", "start": 6, "end": null},
            }),
        ]
    );
    dir.file("verdicts.jsonl", &run.out);
    let run = dir.run(&["conform", "--verdicts", "verdicts.jsonl", "cases.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.ends_with("\n4 cases: 4 agree, 0 disagree\n"), "{}", run.out);
}

#[test]
fn missing_unknown_and_wrong_verdicts_disagree() {
    let dir = Dir::new("conform-wrong-verdicts");
    dir.file("cases.jsonl", CASES);
    let verdicts = r#"{"id":"4","valid":true,"matches":false}
{"id":"9","valid":true,"matches":false}
{"id":"1","valid":true,"matches":true}
{"id":"3","valid":false,"matches":null}
"#;
    dir.file("verdicts.jsonl", verdicts);
    let run = dir.run(&["conform", "--verdicts", "verdicts.jsonl", "cases.jsonl"]);
    let expected = r#"2 (a) cases.jsonl:2
  pattern   {"a":[1]}
  event     {"a":2}
  expected  no match
  got       no verdict
4 (b) cases.jsonl:4
  pattern   {"a":[1]}
  event     {"a":1
  expected  event refused
  got       no match
cases  disagree  topic
    2         1  a
    2         1  b

4 cases: 2 agree, 1 disagree, 1 without verdict; 1 verdict on unknown cases
"#;
    assert_eq!((run.code, run.out.as_str()), (1, expected));
    assert_eq!(run.err, "galop: verdicts.jsonl: no case has the id 9\n");

    // An unknown id alone is enough.
    let all: String = (1..=4).map(|id| format!("{{\"id\":\"{id}\",\"valid\":null}}\n")).collect();
    dir.file("none.jsonl", all);
    let run = dir.run(&["conform", "--verdicts", "none.jsonl", "cases.jsonl"]);
    assert_eq!(run.code, 1);
    assert!(run.out.ends_with("\n4 cases: 0 agree, 0 disagree, 4 without verdict\n"), "{}", run.out);
}

#[test]
fn unreadable_cases_and_verdicts_are_trouble() {
    let dir = Dir::new("conform-trouble");
    dir.file("cases.jsonl", CASES).file("more.jsonl", CASES).file("bad.jsonl", "{\"id\":\"1\"}\n");
    dir.file("twice.jsonl", "{\"id\":\"1\",\"valid\":true}\n".repeat(2)).file("empty/readme.txt", "");
    let trouble = |arguments: &[&str]| {
        let run = dir.run(&[&["conform"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        run.err
    };
    assert!(trouble(&["nowhere.jsonl"]).starts_with("nowhere.jsonl: error[unreadable]: "));
    assert!(trouble(&["bad.jsonl"]).starts_with("bad.jsonl:1:10: error[not-a-case]: missing field `topic`"));
    assert!(trouble(&["empty"]).starts_with("empty: error[unreadable]: "));
    assert_eq!(
        trouble(&["cases.jsonl", "more.jsonl"]),
        "more.jsonl:1: error[duplicate-id]: the id 1 is taken by cases.jsonl:1\n"
    );
    assert!(trouble(&["--verdicts", "nowhere", "cases.jsonl"]).starts_with("nowhere: error[unreadable]: "));
    assert!(
        trouble(&["--verdicts", "cases.toml", "cases.jsonl"]).starts_with("cases.toml: error[unreadable]: ")
    );
    assert_eq!(
        trouble(&["--verdicts", "twice.jsonl", "cases.jsonl"]),
        "twice.jsonl:2: error[not-a-verdict]: a second verdict on 1\n"
    );
    dir.file("cut.jsonl", format!("{CASES}{{\"id\":\n"));
    assert!(trouble(&["cut.jsonl"]).starts_with("cut.jsonl:5:7: error[unexpected-end]: "));
    assert!(trouble(&["--verdicts", "cut.jsonl", "cases.jsonl"]).starts_with("cut.jsonl:5:7: error["));
    dir.file(
        "endless.toml",
        "[[case]]\ntopic = 'a'\npattern = [{ repeat = 'a', times = 9223372036854775807 }]",
    );
    assert!(trouble(&["endless.toml"]).starts_with("endless.toml:2: error[not-a-case]: a text is longer"));
}

#[test]
fn entries_of_a_directory_that_are_no_cases_are_named() {
    let dir = Dir::new("conform-skipped");
    dir.file("all/a.jsonl", CASES)
        .file("all/notes.md", "")
        .file("all/more/b.jsonl", CASES)
        .file("all/.git", "");
    let run = dir.run(&["conform", "all"]);
    let reason = "skipped: neither .toml nor .jsonl or .ndjson";
    assert_eq!(run.code, 0);
    assert_eq!(run.err, format!("galop: all/more: {reason}\ngalop: all/notes.md: {reason}\n"));
}
