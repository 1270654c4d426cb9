use std::fs;

use serde_json::{Value, json};

use super::{Dir, gzip};

const RULES: &str = r#"{"id":"five","pattern":{"a":[5]}}
{"id":"any a","pattern":{"a":[{"exists":true}]}}
{"id":"b/c","pattern":{"b":[{"exists":true}]}}
"#;

const EVENTS: &str = "{\"a\":5}\r\n {\"c\" : 1} \n{\"a\": 5.0,\"b\":\"\\u00e9é\" } {\"b\":[1]}\n{\"a\":tru}\n{\n  \"a\": 6\n}\n[{\"a\":7} , {\"c\":2}]\n";

fn sample(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.file("rules.jsonl", RULES).file("events.jsonl", EVENTS);
    dir
}

#[test]
fn matching_events_are_written_unchanged_and_in_order() {
    let dir = sample("filter");
    let matching = "{\"a\":5}\n{\"a\": 5.0,\"b\":\"\\u00e9é\" }\n{\"b\":[1]}\n{\n  \"a\": 6\n}\n{\"a\":7}\n";
    for jobs in ["1", "3"] {
        let run = dir.run(&["filter", "-r", "rules.jsonl", "--jobs", jobs, "events.jsonl"]);
        assert_eq!((run.code, run.out.as_str()), (0, matching));
        assert!(run.err.starts_with("events.jsonl:4: event refused[invalid-literal]: "), "{}", run.err);
        assert!(run.err.ends_with("; 5 events written\n"), "{}", run.err);
        assert_eq!(run.err.lines().count(), 2);
    }
    let run = dir.run_with(&["filter", "-r", "rules.jsonl", "-v", "-q"], EVENTS.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (0, "{\"c\" : 1}\n{\"c\":2}\n"));
    assert_eq!(run.err.lines().count(), 1);

    let run = dir.run(&["filter", "-r", "rules.jsonl", "--rule", "five", "--rule", "b/c", "events.jsonl"]);
    assert_eq!(run.out, "{\"a\":5}\n{\"a\": 5.0,\"b\":\"\\u00e9é\" }\n{\"b\":[1]}\n");
    let run = dir.run(&["filter", "-r", "{\"c\":[2]}", "events.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, "{\"c\":2}\n"));
}

#[test]
fn filter_writes_the_events_that_match_finds() {
    let dir = sample("filter-law");
    let events: String = (0..20_000).map(|n| format!("{{\"a\":{},\"n\":{n}}}\n", n % 7)).collect();
    dir.file("many.jsonl.gz", gzip(events.as_bytes()));
    let rules = "{\"a\":[5,{\"numeric\":[\"<\",2]}]}";
    let found = dir.run(&["match", "-r", rules, "--format=json", "many.jsonl.gz"]).json();
    let expected: Vec<u64> = found
        .iter()
        .filter(|line| line["rules"] != json!([]))
        .map(|line| line["event"].as_u64().unwrap() - 1)
        .collect();
    assert_eq!(expected.len(), 8_572);
    let numbers =
        |run: super::Run| run.json().iter().map(|event| event["n"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(numbers(dir.run(&["filter", "-r", rules, "many.jsonl.gz"])), expected);
    let others = numbers(dir.run(&["filter", "-v", "-r", rules, "many.jsonl.gz"]));
    assert_eq!(others, (0..20_000).filter(|n| !expected.contains(n)).collect::<Vec<_>>());
}

#[test]
fn exit_codes_are_those_of_grep() {
    let dir = sample("filter-codes");
    let code = |arguments: &[&str]| dir.run(&[&["filter", "-r"], arguments].concat()).code;
    assert_eq!(code(&["rules.jsonl", "events.jsonl"]), 0);
    assert_eq!(code(&["{\"z\":[1]}", "events.jsonl"]), 1);
    assert_eq!(code(&["{\"z\":[1]}", "-v", "events.jsonl"]), 0);
    assert_eq!(code(&["rules.jsonl", "nowhere", "events.jsonl"]), 2);
    assert_eq!(code(&["rules.jsonl", "--deny-rejected", "events.jsonl"]), 2);
    assert_eq!(code(&["rules.jsonl", "--fail-fast", "events.jsonl"]), 2);
    assert_eq!(code(&["{\"z\":1}", "events.jsonl"]), 2);
    let run = dir.run(&["filter", "-r", "rules.jsonl", "--rule", "x y", "events.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (2, "galop: no rule has the id \"x y\"\n"));
}

#[test]
fn annotation_is_a_member_at_the_end() {
    let dir = sample("filter-annotate");
    let annotate = |name: &str, events: &str| {
        dir.run_with(
            &[
                "filter",
                "-q",
                "-r",
                "rules.jsonl",
                "-r",
                "{\"$or\":[{\"a\":[{\"exists\":false}]},{\"a\":[5]}]}",
                "--annotate",
                name,
            ],
            events.as_bytes(),
        )
    };
    let run = annotate("rules", "{\"a\":5}\n{ }\n{\"b\":1 }\n{\n  \"a\": 6\n}\n");
    let expected = "{\"a\":5,\"rules\":[\"five\",\"any a\",\"pattern\"]}\n{\"rules\":[\"pattern\"]}\n{\"b\":1,\"rules\":[\"b/c\",\"pattern\"]}\n{\n  \"a\": 6,\"rules\":[\"any a\"]}\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, expected, ""));

    // The name is a JSON string, and the event has it at most once.
    let events =
        "{\"a\":5,\"x\\\"\":1}\n{\"a\":5,\"\\u0078\\u0022\":1}\n{\"a\":5,\"b\":{\"x\\\"\":\"\\\\\"}}\n";
    let run = annotate("x\"", events);
    let last: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(last, json!({"a": 5, "b": {"x\"": "\\"}, "x\"": ["five", "any a", "pattern"]}));
    let refused = "event refused[annotation-taken]: the event has a member \"x\\\"\"\n";
    assert_eq!(run.err, format!("<stdin>:1: {refused}<stdin>:2: {refused}"));
    assert_eq!(annotate("a", "{\"a\":5}").code, 1);
}

#[test]
fn each_rule_has_a_file() {
    let dir = sample("filter-split");
    dir.file("out/five.jsonl", "old");
    let run = dir.run(&[
        "filter",
        "-q",
        "-r",
        "rules.jsonl",
        "-r",
        "{\"z\":[1]}",
        "--split",
        "out",
        "events.jsonl",
    ]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    let five = "{\"a\":5}\n{\"a\": 5.0,\"b\":\"\\u00e9é\" }\n";
    assert_eq!(dir.read("out/five.jsonl"), five);
    assert_eq!(dir.read("out/any%20a.jsonl"), format!("{five}{{\n  \"a\": 6\n}}\n{{\"a\":7}}\n"));
    assert_eq!(dir.read("out/b%2Fc.jsonl"), "{\"a\": 5.0,\"b\":\"\\u00e9é\" }\n{\"b\":[1]}\n");
    assert_eq!(fs::read_dir(dir.0.join("out")).unwrap().count(), 3);
}

#[test]
fn more_rules_than_open_files_have_files() {
    let dir = Dir::new("filter-many");
    let rules: String =
        (0..300).map(|n| format!("{{\"id\":\"r{n}\",\"pattern\":{{\"n\":[{n}]}}}}\n")).collect();
    let events: String = (0..900).map(|n| format!("{{\"n\":{},\"i\":{n}}}\n", n % 300)).collect();
    dir.file("rules.jsonl", rules).file("events.jsonl", events);
    assert_eq!(dir.run(&["filter", "-r", "rules.jsonl", "--split", "out", "events.jsonl"]).code, 0);
    for n in [0, 7, 299] {
        let expected: String =
            (0..3).map(|round| format!("{{\"n\":{n},\"i\":{}}}\n", n + 300 * round)).collect();
        assert_eq!(dir.read(&format!("out/r{n}.jsonl")), expected);
    }
    let run = dir.run(&["filter", "-r", "rules.jsonl", "--split", "rules.jsonl", "events.jsonl"]);
    assert!(run.code == 2 && run.err.starts_with("galop: rules.jsonl: "), "{}", run.err);
}
