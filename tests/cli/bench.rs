use std::fs;

use super::Dir;

const RULES: &str = r#"{"id":"stopped","pattern":{"source":["aws.ec2"],"detail":{"state":["stopped"]}}}
{"id":"large","pattern":{"detail":{"size":[{"numeric":[">",100]}]}}}
{"id":"costly","pattern":{"detail":{"name":[{"wildcard":"*a*b*c*d*"},{"wildcard":"*x*y*z*"}]}}}
"#;

const EVENTS: &str = r#"{"source":"aws.ec2","detail":{"state":"stopped","size":7,"name":"aabbccd"}}
{"source":"aws.s3","detail":{"size":4096}}
{broken
"#;

const QUICK: [&str; 6] = ["--seconds", "0.05", "--warm-up", "0.01", "--rounds", "3"];

fn bench(dir: &Dir, arguments: &[&str]) -> super::Run {
    let all: Vec<&str> = ["bench"].into_iter().chain(QUICK).chain(arguments.iter().copied()).collect();
    dir.run(&all)
}

#[test]
fn all_figures_are_measured() {
    let dir = Dir::new("bench");
    // The wildcard is searched in a long text.
    let events = EVENTS.replace("aabbccd", &"abcd".repeat(1000));
    dir.file("rules.jsonl", RULES).file("events.ndjson", events);
    let options = ["-r", "rules.jsonl", "--format", "json", "--jobs", "2", "--scale", "1,2,100", "--costs"];
    let run = bench(&dir, &[&options[..], &["events.ndjson"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let result = &run.json()[0];
    assert_eq!(result["size"]["rules"], 3);
    assert_eq!((&result["events"], &result["refused"]), (&2.into(), &1.into()));
    assert_eq!((&result["speed"]["matches"], &result["speed"]["matched_events"]), (&1.5.into(), &2.into()));
    for name in
        ["events_per_second", "events_per_second_all_threads", "megabytes_per_second", "bytes_per_rule"]
    {
        assert!(result[name].as_f64().unwrap() > 0.0, "{name}");
    }
    for rounds in ["one_thread", "all_threads", "reading", "yardstick"] {
        let rounds = result["speed"][rounds].as_array().unwrap();
        assert_eq!(rounds.len(), 3);
        assert!(rounds.iter().all(|seconds| seconds.as_f64().unwrap() > 0.0));
    }
    let reading = result["reading_share"].as_f64().unwrap();
    assert!(reading > 0.0 && reading <= 1.0, "{reading}");
    let latency = |name: &str| result["speed"]["latency"][name].as_u64().unwrap();
    assert!(latency("p50") <= latency("p99") && latency("p99") <= latency("max"));
    // A sample is at most the whole set.
    let sizes: Vec<_> =
        result["scale"].as_array().unwrap().iter().map(|point| &point["size"]["rules"]).collect();
    assert_eq!(sizes, [1, 2, 3]);
    let costs = &result["costs"];
    assert_eq!(costs["rules"][0]["name"], "costly");
    assert_eq!(costs["fields"][0]["name"], "detail.name");
    assert_eq!(costs["is_complete"], true);
}

#[test]
fn human_figures_have_units() {
    let dir = Dir::new("bench-human");
    dir.file("rules.jsonl", RULES).file("events.ndjson", EVENTS);
    let run = bench(&dir, &["-r", "rules.jsonl", "events.ndjson"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for part in [
        "rules    3; ",
        " match, 1.50 rules an event; 1 refused\n",
        "events/s",
        "one thread",
        "latency  p50 ",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
}

#[test]
fn saved_result_is_compared() {
    let dir = Dir::new("bench-save");
    dir.file("rules.jsonl", RULES)
        .file("events.ndjson", EVENTS)
        .file("one.jsonl", RULES.lines().next().unwrap());
    let first = bench(&dir, &["-r", "one.jsonl", "--save", "saved.json", "events.ndjson"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let options = ["-r", "rules.jsonl", "--compare", "saved.json", "--format", "json", "events.ndjson"];
    let comparison = bench(&dir, &options).json()[0]["comparison"].clone();
    assert!(comparison["steps"].as_f64().unwrap() > 1.0 && comparison["bytes"].as_f64().unwrap() > 1.0);
    let time = &comparison["time"];
    assert!(time["low"].as_f64().unwrap() <= time["high"].as_f64().unwrap());

    dir.file("other.ndjson", "{\"source\":\"aws.ec2\"}");
    let run = bench(&dir, &["-r", "one.jsonl", "--compare", "saved.json", "other.ndjson"]);
    assert!(run.err.starts_with("galop: the saved result is of other events (2 of "), "{}", run.err);

    dir.file("broken.json", "{\"version\":1}");
    let run = bench(&dir, &["-r", "rules.jsonl", "--compare", "broken.json", "events.ndjson"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("broken.json:1:12: error[not-a-result]: "), "{}", run.err);
    let mut saved: serde_json::Value = serde_json::from_str(&dir.read("saved.json")).unwrap();
    saved["speed"]["one_thread"] = serde_json::json!([]);
    dir.file("empty.json", saved.to_string());
    let run = bench(&dir, &["-r", "rules.jsonl", "--compare", "empty.json", "events.ndjson"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("empty.json:1: error[not-a-result]: "), "{}", run.err);
    let run = bench(&dir, &["-r", "rules.jsonl", "--save", "no/such/dir.json", "events.ndjson"]);
    assert_eq!(run.code, 2);
    assert!(fs::metadata(dir.0.join("no")).is_err());
}

#[test]
fn slower_rules_exit_with_1() {
    let dir = Dir::new("bench-against");
    let rule = |i: usize| {
        format!("{{\"detail\":{{\"name\":[{{\"exists\":true}}]}},\"absent{i}\":[{{\"exists\":false}}]}}\n")
    };
    let many = |count: usize| -> String { (0..count).map(rule).collect() };
    dir.file("many.jsonl", many(2000)).file("few.jsonl", many(2)).file("events.ndjson", EVENTS);
    let options = ["-r", "many.jsonl", "--against", "few.jsonl", "--format", "json", "events.ndjson"];
    let run = bench(&dir, &options);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert_eq!(run.json()[0]["comparison"]["time"]["verdict"], "slower");
}

#[test]
fn input_without_rules_or_events_is_trouble() {
    let dir = Dir::new("bench-trouble");
    dir.file("rules.jsonl", RULES).file("bad.jsonl", "{\"a\":1}").file("none.ndjson", "[]").file("empty", "");
    for (arguments, message) in [
        (["-r", "rules.jsonl", "none.ndjson"], "there is no event that can be matched"),
        (["-r", "bad.jsonl", "none.ndjson"], "some rules are refused or cannot be read"),
        (["-r", "empty", "none.ndjson"], "there is no rule to measure"),
    ] {
        let run = bench(&dir, &arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.ends_with(&format!("galop: {message}\n")), "{}", run.err);
    }
    let run = dir.run(&["bench", "-r", "rules.jsonl", "--seconds", "nan", "none.ndjson"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("expected a number of seconds"), "{}", run.err);
}
