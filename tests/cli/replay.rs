use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Dir, Run, gzip};

/// The rules in force.
const OLD: &str = r#"{"id":"stays","pattern":{"a":[1,2]}}
{"id":"widens","pattern":{"a":[2]}}
{"id":"narrows","pattern":{"a":[1,2,3]}}
{"id":"goes","pattern":{"a":[{"exists":true}]}}
{"id":"goes unseen","pattern":{"z":[1]}}
"#;

/// The changed rules, in another order.
const NEW: &str = r#"{"id":"comes","pattern":{"b":[1]}}
{"id":"narrows","pattern":{"a":[1]}}
{"id":"stays","pattern":{"a":[1,2]}}
{"id":"widens","pattern":{"a":[1,2,3]}}
{"id":"comes unseen","pattern":{"z":[2]}}
"#;

const EVENTS: &str = r#"{"a":1,"time":"2026-06-02T04:00:00Z"}
{"a":2,"time":"2026-06-02T05:00:00Z"}

{"a":2,"time":"2026-06-02T06:00:00Z"} {"a":3,"time":"2026-06-02T07:00:00Z"}
{"b":1,"time":"2026-06-02T08:00:00Z"}
{"c":1,"time":"2026-06-02T09:00:00Z"}
"#;

fn sample(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.file("old.jsonl", OLD).file("new.jsonl", NEW).file("events.jsonl", EVENTS);
    dir
}

fn compare(dir: &Dir, more: &[&str]) -> Run {
    let arguments = ["replay", "-r", "new.jsonl", "--against", "old.jsonl", "events.jsonl"];
    dir.run(&[&arguments, more].concat())
}

#[test]
fn difference_names_the_rules_and_their_events() {
    let dir = sample("replay");
    let run = compare(&dir, &["--places", "2"]);
    let expected = "\
gained  lost  kept  rule
     0     4     0  goes
     0     3     1  narrows
     2     0     2  widens
     1     0     0  comes

goes lost events.jsonl:1 events.jsonl:2 and 2 more
narrows lost events.jsonl:2 events.jsonl:4 and 1 more
widens gained events.jsonl:1 events.jsonl:4:39
comes gained events.jsonl:5

only in --rules: comes \"comes unseen\"
only in --against: goes \"goes unseen\"
6 events: 6 replayed, 0 rejected; 5 matched, 5 routed otherwise
";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));

    let run = compare(&dir, &["--places", "0", "--top", "1"]);
    let expected = "\
gained  lost  kept  rule
     0     4     0  goes
and 3 more

only in --rules: comes and 1 more
only in --against: goes and 1 more
6 events: 6 replayed, 0 rejected; 5 matched, 5 routed otherwise
";
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn difference_is_lines_of_json() {
    let dir = sample("replay-json");
    let run = compare(&dir, &["--format", "json", "--places", "1"]);
    let place = |line, event, offset| json!([{"file": "events.jsonl", "line": line, "event": event, "offset": offset}]);
    let rule = |rule: &str, sets: &str, [gained, lost, kept]: [u64; 3], gains: Value, losses: Value| {
        json!({
            "rule": rule, "sets": sets, "gained": gained, "lost": lost, "kept": kept,
            "gained_places": gains, "lost_places": losses,
        })
    };
    let expected = [
        rule("goes", "against", [0, 4, 0], json!([]), place(1, 1, 0)),
        rule("narrows", "both", [0, 3, 1], json!([]), place(2, 2, 38)),
        rule("widens", "both", [2, 0, 2], place(1, 1, 0), json!([])),
        rule("comes", "rules", [1, 0, 0], place(5, 5, 153), json!([])),
        rule("comes unseen", "rules", [0, 0, 0], json!([]), json!([])),
        rule("goes unseen", "against", [0, 0, 0], json!([]), json!([])),
        json!({
            "events": 6, "replayed": 6, "outside_window": 0, "without_time": 0, "unreadable_time": 0,
            "outside_pattern": 0, "refused_by_one": 0, "rejected": 0, "matched": 5, "changed": 5,
        }),
    ];
    assert_eq!((run.code, run.json()), (1, expected.to_vec()));
}

#[test]
fn difference_is_markdown_for_a_pull_request() {
    let dir = sample("replay-markdown");
    dir.file("new.jsonl", NEW.replace("comes", "a|`b`"));
    let run = compare(&dir, &["--format", "markdown", "--top", "4"]);
    let expected = "\
### Routing: 4 rules differ on 5 events

| rule | gained | lost | kept |
|---|--:|--:|--:|
| `goes` | 0 | 4 | 0 |
| `narrows` | 0 | 3 | 1 |
| `widens` | 2 | 0 | 2 |
| `` a\\|`b` `` | 1 | 0 | 0 |

<details>
<summary>Events</summary>

- `goes` lost `events.jsonl:1`, `events.jsonl:2`, `events.jsonl:4` and 1 more
- `narrows` lost `events.jsonl:2`, `events.jsonl:4`, `events.jsonl:4:39`
- `widens` gained `events.jsonl:1`, `events.jsonl:4:39`
- `` a|`b` `` gained `events.jsonl:5`

</details>

Only in `--rules`: `` a|`b` ``, ``\"a|`b` unseen\"``

Only in `--against`: `goes`, `goes unseen`

6 events: 6 replayed, 0 rejected; 5 matched, 5 routed otherwise
"
    .replace("`goes unseen`", "`\"goes unseen\"`");
    assert_eq!((run.code, run.out.as_str()), (1, expected.as_str()));

    let run = dir.run(&["replay", "-r", "old.jsonl", "--format", "markdown", "--top", "1", "events.jsonl"]);
    let expected = "\
### Replay: 4 of 5 rules matched an event

| rule | hits |
|---|--:|
| `narrows` | 4 |

6 events: 6 replayed, 0 rejected; 4 matched, 13 matches
";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
}

#[test]
fn equal_routing_is_success() {
    let dir = sample("replay-equal");
    // Another order of the rules, and another form of a pattern.
    let mut lines: Vec<&str> = OLD.lines().rev().collect();
    lines[4] = r#"{"id":"stays","pattern":{"a":[{"numeric":["=",2]},1]}}"#;
    dir.file("new.jsonl", lines.join("\n"));
    let run = compare(&dir, &[]);
    let expected = "6 events: 6 replayed, 0 rejected; 4 matched, 0 routed otherwise\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    let run = compare(&dir, &["--format", "markdown"]);
    assert_eq!((run.code, run.out), (0, format!("### Routing: no difference\n\n{expected}")));
}

#[test]
fn one_rule_set_counts_like_match() {
    let dir = sample("replay-count");
    let run = dir.run(&["replay", "-r", "old.jsonl", "events.jsonl"]);
    let expected = "\
hits  rule
   4  narrows
   4  goes
   3  stays
   2  widens
   0  \"goes unseen\"

6 events: 6 replayed, 0 rejected; 4 matched, 13 matches
";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    let counted = dir.run(&["match", "-r", "old.jsonl", "--count", "events.jsonl"]);
    let table = |run: &Run| run.out.split("\n\n").next().unwrap().to_owned();
    assert_eq!(table(&run), table(&counted));

    let run = dir.run(&["replay", "-r", "old.jsonl", "--format", "json", "--top", "1", "events.jsonl"]);
    let totals = json!({
        "events": 6, "replayed": 6, "outside_window": 0, "without_time": 0, "unreadable_time": 0,
        "outside_pattern": 0, "refused_by_one": 0, "rejected": 0, "matched": 4, "matches": 13,
    });
    assert_eq!(run.json(), [json!({"rule": "narrows", "hits": 4}), totals]);
    assert_eq!(dir.run_with(&["replay", "-r", "old.jsonl"], b"{\"b\":1}").code, 1);
}

#[test]
fn window_has_its_start_and_not_its_end() {
    let dir = sample("replay-window");
    let run = |more: &[&str]| {
        let run = dir.run(&[&["replay", "-r", "old.jsonl", "--top", "0", "events.jsonl"], more].concat());
        run.lines().last().unwrap().split("; ").next().unwrap().to_owned()
    };
    let (five, seven) = ("2026-06-02T05:00:00Z", "2026-06-02T09:00:00+02:00");
    let line =
        |inside: u64| format!("6 events: {inside} replayed, {} outside the window, 0 rejected", 6 - inside);
    assert_eq!(run(&["--from", five, "--to", seven]), line(2));
    assert_eq!(run(&["--from", five]), line(5));
    assert_eq!(run(&["--to", seven]), line(3));

    let wrong = dir.run(&["replay", "-r", "old.jsonl", "--from", "yesterday", "events.jsonl"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("expected a time of RFC 3339"), "{}", wrong.err);
    let empty = dir.run(&["replay", "-r", "old.jsonl", "--from", seven, "--to", five, "events.jsonl"]);
    let expected = "galop: no time is from 2026-06-02T07:00:00Z on and before 2026-06-02T05:00:00Z\n";
    assert_eq!((empty.code, empty.err.as_str()), (2, expected));
}

#[test]
fn events_without_a_time_are_counted_and_reported() {
    let dir = sample("replay-times");
    dir.file(
        "events.jsonl",
        r#"{"a":1,"time":"2026-06-02T04:00:00Z"}
{"a":1}
{"a":1,"detail":{"time":"2026-06-02T04:00:00Z"}}
{"a":1,"time":1780372800}
{"a":1,"time":"2026-06-02"}
{"a":1,"time":"2026-06-02T04:00:00Z","time":"2026-06-02T04:00:00Z"}
{"a":1,"time":}
"#,
    );
    let window = ["--from", "2026-06-01T00:00:00Z"];
    let run = dir.run(&[&["replay", "-r", "old.jsonl", "--top", "0", "events.jsonl"], &window[..]].concat());
    let totals = "7 events: 1 replayed, 0 outside the window, 2 without `time`, 3 with an unreadable `time`, \
        1 rejected; 1 matched, 3 matches";
    assert_eq!((run.code, run.lines().last()), (0, Some(&totals)));
    let expected = "\
events.jsonl:2: event left out: it has no `time`; further events of this kind are counted
events.jsonl:4: event left out: its `time` is not one time of RFC 3339; further events of this kind are counted
events.jsonl:7: event refused[unexpected-character]: unexpected character, expected a value at byte 14
";
    assert_eq!(run.err, expected);
    // Without a window the time does not matter.
    let run = dir.run(&["replay", "-r", "old.jsonl", "--top", "0", "events.jsonl"]);
    assert_eq!(run.lines().last(), Some(&"7 events: 6 replayed, 1 rejected; 6 matched, 18 matches"));
}

#[test]
fn archive_pattern_selects_events() {
    let dir = sample("replay-pattern");
    let run = |pattern: &str| {
        dir.run(&["replay", "-r", "old.jsonl", "--top", "0", "--pattern", pattern, "events.jsonl"])
    };
    let totals = "6 events: 2 replayed, 4 not of the pattern, 0 rejected; 2 matched, 8 matches";
    assert_eq!(run(r#"{"a":[2]}"#).lines().last(), Some(&totals));
    dir.file("archive.json", r#"{"a":[2]}"#);
    assert_eq!(run("archive.json").lines().last(), Some(&totals));
    let several = run("old.jsonl");
    let message = "galop: old.jsonl: 5 rules where one pattern is expected\n";
    assert_eq!((several.code, several.err.as_str()), (2, message));
    assert_eq!(run(r#"{"a":2}"#).code, 2);
}

#[test]
fn replay_name_is_added_after_the_archive_pattern() {
    let dir = Dir::new("replay-name");
    dir.file(
        "rules.jsonl",
        r#"{"id":"live","pattern":{"replay-name":[{"exists":false}]}}
{"id":"again","pattern":{"replay-name":["again"]}}
{"id":"first","pattern":{"replay-name":["first"]}}
"#,
    );
    dir.file(
        "events.jsonl",
        "{\"a\":1}\n{\"a\":1,\"replay-name\":\"first\"}\n{\"replay\\u002dname\":\"first\"} {}\n",
    );
    let run = |more: &[&str]| {
        let run = dir.run(&[&["replay", "-r", "rules.jsonl", "events.jsonl"], more].concat());
        run.out
    };
    let expected = "\
hits  rule
   4  again
   0  live
   0  first

4 events: 4 replayed, 0 rejected; 4 matched, 4 matches
";
    assert_eq!(run(&["--replay-name", "again"]), expected);
    assert!(run(&[]).starts_with("hits  rule\n   2  live\n   2  first\n   0  again\n"));
    let live = ["--replay-name", "again", "--pattern", r#"{"replay-name":[{"exists":false}]}"#];
    assert!(run(&live).starts_with("hits  rule\n   2  again\n   0  live\n"), "{}", run(&live));
    let wrong = dir.run(&["replay", "-r", "rules.jsonl", "--replay-name", "a b", "events.jsonl"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("expected 1 to 64 letters"), "{}", wrong.err);
}

#[test]
fn replay_name_moves_no_fault() {
    let dir = Dir::new("replay-name-fault");
    dir.file("events.jsonl", "{\"a\":1\n{\"a\":}\n[1]\n{\"a\":1}}\n{\"a\" }\n");
    let plain = dir.run(&["replay", "-r", r#"{"a":[1]}"#, "events.jsonl"]);
    let named = dir.run(&["replay", "-r", r#"{"a":[1]}"#, "--replay-name", "again", "events.jsonl"]);
    assert_eq!((&plain.out, &plain.err), (&named.out, &named.err));
    assert_eq!(plain.err.matches("event refused").count(), 5, "{}", plain.err);
}

#[test]
fn event_that_one_set_refuses_is_trouble() {
    let dir = Dir::new("replay-refused");
    dir.file("old.json", r#"{"b":[1]}"#).file("new.json", r#"{"a":{"c":["1"]}}"#);
    // A trusted event is checked only on paths that a rule names.
    dir.file("events.jsonl", "{\"a\":{\"c\":nul},\"b\":1}\n{\"b\":1}\n");
    let arguments = ["replay", "-r", "new.json", "--against", "old.json", "--trusted", "events.jsonl"];
    let run = dir.run(&arguments);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.out.contains("1 refused by one of the sets, 0 rejected"), "{}", run.out);
    assert!(
        run.err.starts_with("events.jsonl:1: event refused[invalid-literal] with --rules only: "),
        "{}",
        run.err
    );
}

#[test]
fn threads_and_files_change_no_output() {
    let dir = sample("replay-jobs");
    let mut events = String::new();
    for number in 0..30_000 {
        let time = format!("2026-06-02T{:02}:00:00Z", number % 24);
        writeln!(events, r#"{{"a":{},"b":{},"time":"{time}"}}"#, number % 5, number % 3).unwrap();
    }
    dir.file("events/a.jsonl.gz", gzip(events.as_bytes())).file("events/b.jsonl", &events);
    let run = |jobs: &str| {
        let arguments = ["replay", "-r", "new.jsonl", "--against", "old.jsonl", "--format", "json"];
        let window = ["--from", "2026-06-02T06:00:00Z", "--replay-name", "again", "--jobs", jobs, "events"];
        dir.run(&[&arguments[..], &window[..]].concat())
    };
    let one = run("1");
    assert_eq!(one.code, 1);
    let totals = one.json().pop().unwrap();
    assert_eq!((&totals["events"], &totals["replayed"]), (&json!(60_000), &json!(45_000)));
    assert_eq!(one.out, run("4").out);
}

#[test]
fn archive_that_is_cut_off_is_trouble() {
    let dir = sample("replay-cut");
    let packed = gzip(EVENTS.repeat(1000).as_bytes());
    dir.file("cut.jsonl.gz", &packed[..packed.len() - 20]);
    let run = dir.run(&["replay", "-r", "old.jsonl", "cut.jsonl.gz"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cut.jsonl.gz:"), "{}", run.err);
    assert!(run.out.contains("replayed"), "{}", run.out);
    let both = dir.run_with(&["replay", "-r", "old.jsonl", "--against", "-"], b"{}");
    let expected = "galop: standard input cannot be the rules and the events\n";
    assert_eq!((both.code, both.err.as_str()), (2, expected));
    let twice = dir.run_with(&["replay", "-r", "-", "--against", "-", "events.jsonl"], b"{}");
    assert_eq!((twice.code, twice.err.as_str()), (2, "galop: standard input cannot be read twice\n"));
}

/// Returns the pairs of a rule and an event that `match` finds.
fn pairs(dir: &Dir, rules: &str, events: &str) -> BTreeSet<(String, u64)> {
    let run = dir.run(&["match", "-r", rules, "--format", "json", events]);
    let of_event = |line: Value| {
        let event = line["event"].as_u64().unwrap();
        let rules = line["rules"].as_array().unwrap().iter();
        rules.map(|rule| (rule.as_str().unwrap().to_owned(), event)).collect::<Vec<_>>()
    };
    run.json().into_iter().flat_map(of_event).collect()
}

#[test]
fn difference_equals_two_matches() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let read = |directory: &str| {
        let mut files: Vec<_> =
            fs::read_dir(corpus.join(directory)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<String>()
    };
    let rules = read("rulesets");
    let parse = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let mut rules: Vec<Value> = rules.lines().filter(|line| !line.trim().is_empty()).map(parse).collect();
    let dir = Dir::new("replay-law");
    let write = |name: &str, rules: &[Value]| {
        dir.file(name, rules.iter().map(|rule| format!("{rule}\n")).collect::<String>());
    };
    dir.file("events.jsonl", read("events"));
    write("old.jsonl", &rules);
    // Some rules go, some exchange their patterns with others, and all are in another order.
    rules.retain(|rule| rule["id"].as_str().unwrap().len() % 5 != 0);
    for at in (0..rules.len() - 1).step_by(3) {
        let pattern = rules[at]["pattern"].take();
        rules[at]["pattern"] = std::mem::replace(&mut rules[at + 1]["pattern"], pattern);
    }
    rules.reverse();
    write("new.jsonl", &rules);

    let (old, new) = (pairs(&dir, "old.jsonl", "events.jsonl"), pairs(&dir, "new.jsonl", "events.jsonl"));
    let run = compare(&dir, &["--format", "json", "--places", "10000"]);
    assert_eq!(run.code, 1);
    let mut lines = run.json();
    let totals = lines.pop().unwrap();
    let (mut gained, mut lost) = (BTreeSet::new(), BTreeSet::new());
    for line in &lines {
        let rule = line["rule"].as_str().unwrap();
        let events = |name: &str| -> Vec<(String, u64)> {
            let places = line[name].as_array().unwrap().iter();
            places.map(|place| (rule.to_owned(), place["event"].as_u64().unwrap())).collect()
        };
        assert_eq!(events("gained_places").len() as u64, line["gained"].as_u64().unwrap());
        assert_eq!(events("lost_places").len() as u64, line["lost"].as_u64().unwrap());
        let kept = old.intersection(&new).filter(|(id, _)| id == rule).count();
        assert_eq!(line["kept"], json!(kept), "{rule}");
        gained.extend(events("gained_places"));
        lost.extend(events("lost_places"));
    }
    assert_eq!(gained, new.difference(&old).cloned().collect());
    assert_eq!(lost, old.difference(&new).cloned().collect());
    assert!(gained.len() > 100 && lost.len() > 100, "{} {}", gained.len(), lost.len());
    let events: BTreeSet<u64> = gained.union(&lost).map(|(_, event)| *event).collect();
    assert_eq!(totals["changed"], json!(events.len()));
}
