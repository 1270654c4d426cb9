use serde_json::json;

use super::{Dir, Run, gzip, zstd};

const RULES: &str = r#"{"id":"five","pattern":{"a":[5]}}
{"id":"any a","pattern":{"a":[{"exists":true}]}}
{"id":"b","pattern":{"b":[{"exists":true}]}}
"#;

const EVENTS: &str = r#"{"a":5}
{"c":1}

{"a":5.0,"b":null}
{"a":6}
"#;

/// Returns a directory with the rules and events.
fn sample(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.file("rules.jsonl", RULES).file("events.jsonl", EVENTS);
    dir
}

/// Returns the expected output for the events of `EVENTS` in `file`.
fn expected(file: &str) -> String {
    format!("{file}:1: five \"any a\"\n{file}:2:\n{file}:4: five \"any a\" b\n{file}:5: \"any a\"\n")
}

#[track_caller]
fn assert_totals(run: &Run, code: i32, totals: &str) {
    assert_eq!((run.code, run.totals()), (code, totals), "{}", run.err);
}

#[test]
fn each_event_is_a_line_with_the_ids_of_its_rules() {
    let dir = sample("match");
    let run = dir.run(&["match", "--rules", "rules.jsonl", "events.jsonl"]);
    assert_eq!(run.out, expected("events.jsonl"));
    assert_totals(&run, 0, "4 events: 3 matched, 0 rejected; 6 matches");
    assert_eq!(run.err.lines().count(), 1);

    let run = dir.run(&["match", "--rules", "rules.jsonl", "--only-matched", "events.jsonl"]);
    assert_eq!(run.out, expected("events.jsonl").replace("events.jsonl:2:\n", ""));
}

#[test]
fn each_event_is_a_line_of_json() {
    let dir = sample("match-json");
    dir.file("more.jsonl", "{\"b\":1}\n{\"b\":}\n");
    let run = dir.run(&["match", "-r", "rules.jsonl", "--format", "json", "events.jsonl", "more.jsonl"]);
    let event = |line, event, offset, rules: &[&str]| json!({"file": "events.jsonl", "line": line, "event": event, "offset": offset, "rules": rules});
    assert_eq!(
        run.json(),
        [
            event(1, 1, 0, &["five", "any a"]),
            event(2, 2, 8, &[]),
            event(4, 3, 17, &["five", "any a", "b"]),
            event(5, 4, 36, &["any a"]),
            json!({"file": "more.jsonl", "line": 1, "event": 1, "offset": 0, "rules": ["b"]}),
            json!({
                "file": "more.jsonl", "line": 2, "event": 2, "offset": 8,
                "error": {
                    "code": "unexpected-character", "offset": 5,
                    "message": "unexpected character, expected a value",
                },
            }),
        ]
    );
    assert_totals(&run, 0, "6 events: 4 matched, 1 rejected; 7 matches");
}

#[test]
fn exit_code_is_zero_if_an_event_matched() {
    let dir = sample("match-none");
    let run = dir.run_with(&["match", "-r", "rules.jsonl"], b"{\"c\":5}\n{\"c\":6}\n");
    assert_eq!((run.code, run.out.as_str()), (1, "<stdin>:1:\n<stdin>:2:\n"));
    let run = dir.run(&["match", "-r", "rules.jsonl"]);
    assert_eq!(run.out, "");
    assert_totals(&run, 1, "0 events: 0 matched, 0 rejected; 0 matches");
}

#[test]
fn events_are_read_in_every_format() {
    let dir = sample("match-shapes");
    let lines = |run: Run| run.out;
    let stdin = |text: &[u8]| lines(dir.run_with(&["match", "-r", "rules.jsonl", "-"], text));
    assert_eq!(stdin(EVENTS.as_bytes()), expected("<stdin>"));
    assert_eq!(stdin(&gzip(EVENTS.as_bytes())), expected("<stdin>"));
    assert_eq!(stdin(&zstd(EVENTS.as_bytes())), expected("<stdin>"));
    // Compressed in two parts, with a byte order mark in front.
    let (first, second) = EVENTS.split_at(20);
    let marked = format!("\u{feff}{first}");
    let parts = [gzip(marked.as_bytes()), gzip(second.as_bytes())].concat();
    assert_eq!(stdin(&parts), expected("<stdin>"));
    let parts = [zstd(first.as_bytes()), zstd(second.as_bytes())].concat();
    assert_eq!(stdin(&parts), expected("<stdin>"));

    let by_line = |lines: [&str; 4]| {
        let [a, b, c, d] = lines.map(|line| format!("<stdin>:{line}:"));
        format!("{a} five \"any a\"\n{b}\n{c} five \"any a\" b\n{d} \"any a\"\n")
    };
    let array = "[\n{\"a\":5},\n{\"c\":1},{\"a\":5.0,\n\"b\":null},\n{\"a\":6}\n]\n";
    assert_eq!(stdin(array.as_bytes()), by_line(["2", "3", "3:9", "5"]));
    let pretty = "{\n  \"a\": 5\n}\n{\n  \"c\": 1\n}\n{\n  \"a\": 5.0,\n  \"b\": null\n}\n{\n  \"a\": 6\n}\n";
    assert_eq!(stdin(pretty.as_bytes()), by_line(["1", "4", "7", "11"]));
    assert_eq!(stdin(b"{\n  \"a\": 5\n}"), "<stdin>:1: five \"any a\"\n");
}

#[test]
fn directories_are_read_in_the_order_of_names() {
    let dir = sample("match-directory");
    dir.file("e/2.ndjson.zst", zstd(b"{\"a\":2}\n"))
        .file("e/10.json", "[{\"a\":1},\n{\"a\":5}]")
        .file("e/a/x.jsonl.gz", gzip(b"{\"b\":1}"))
        .file("e/notes.md", "# notes");
    let run = dir.run(&["match", "-r", "rules.jsonl", "e"]);
    let expected = "\
e/10.json:1: \"any a\"
e/10.json:2: five \"any a\"
e/2.ndjson.zst:1: \"any a\"
e/a/x.jsonl.gz:1: b
";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
}

#[test]
fn refused_event_is_reported_and_skipped() {
    let dir = sample("match-bad");
    dir.file(
        "bad.jsonl",
        b"{\"a\":5}\n{\"a\":tru}\n{\"a\":\"\xff\"}\n{\"a\" 5}\n{\"a\":5,\"b\":\"cut off\n{\"a\":6}\n",
    );
    let run = dir.run(&["match", "-r", "rules.jsonl", "bad.jsonl"]);
    assert_eq!(run.out, "bad.jsonl:1: five \"any a\"\nbad.jsonl:6: \"any a\"\n");
    assert_totals(&run, 0, "6 events: 2 matched, 4 rejected; 3 matches");
    let reports: Vec<_> = run.err.lines().map(|line| line.split(": ").collect::<Vec<_>>()).collect();
    let places = |report: &Vec<&str>| {
        (report[0].to_owned(), report[1].to_owned(), report[2].rsplit(" at ").next().unwrap().to_owned())
    };
    let expected = [
        ("bad.jsonl:2", "event refused[invalid-literal]", "byte 5"),
        ("bad.jsonl:3", "event refused[invalid-utf8]", "byte 6"),
        ("bad.jsonl:4", "event refused[unexpected-character]", "byte 5"),
        ("bad.jsonl:5", "event refused[unexpected-end]", "byte 19"),
    ];
    let expected = expected.map(|(place, code, byte)| (place.to_owned(), code.to_owned(), byte.to_owned()));
    assert_eq!(reports[..4].iter().map(places).collect::<Vec<_>>(), expected);

    let run = dir.run_with(&["match", "-r", "rules.jsonl"], b"{\n \"b\": 1,\n \"a\": 5,\n}\n");
    assert_totals(&run, 1, "1 event: 0 matched, 1 rejected; 0 matches");
    assert!(run.err.contains("<stdin>:1: event refused[unexpected-character]"), "{}", run.err);
    assert!(run.err.contains(" at byte 20, on line 4 of the file\n"), "{}", run.err);
}

#[test]
fn fail_fast_stops_at_the_first_refused_event() {
    let dir = sample("match-fail-fast");
    let mut events = "{\"a\":5}\n".repeat(1_000);
    events += "{\"a\":}\n{\"a\":1]\n";
    events += &"{\"a\":6}\n".repeat(100_000);
    dir.file("bad.jsonl", events);
    for jobs in ["1", "3"] {
        let run = dir.run(&["match", "-r", "rules.jsonl", "--fail-fast", "--jobs", jobs, "bad.jsonl"]);
        assert_eq!(run.lines().len(), 1_000);
        assert!(run.err.starts_with("bad.jsonl:1001: event refused[unexpected-character]: "), "{}", run.err);
        assert_totals(&run, 2, "1001 events: 1000 matched, 1 rejected; 2000 matches");
        assert_eq!(run.err.lines().count(), 2);
    }
    let run = dir.run(&["match", "-r", "rules.jsonl", "--fail-fast", "events.jsonl"]);
    assert_eq!(run.code, 0);
}

#[test]
fn hits_are_counted_by_rule() {
    let dir = sample("match-count");
    dir.file("more.jsonl", RULES.to_owned() + r#"{"id":"none","pattern":{"z":[1]}}"#);
    let arguments = ["match", "--rules", "more.jsonl", "--count", "events.jsonl"];
    let run = dir.run(&arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let (table, totals) = run.out.rsplit_once("\n\n").unwrap();
    assert_eq!(table, "hits  rule\n   3  \"any a\"\n   2  five\n   1  b\n   0  none");
    let (counts, speed) = totals.split_once(" in ").unwrap();
    assert_eq!(counts, "4 events: 3 matched, 0 rejected; 6 matches");
    // A short run has no rate.
    let (seconds, rate) = speed.split_once(" s").unwrap();
    assert_eq!(rate == "\n", seconds.parse::<f64>().unwrap() < 0.1, "{speed}");

    let run = dir.run(&[&arguments[..], &["--format=json"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines = run.json();
    let hits = [("any a", 3), ("five", 2), ("b", 1), ("none", 0)];
    assert_eq!(lines[..4], hits.map(|(rule, hits)| json!({"rule": rule, "hits": hits})));
    let totals = &lines[4];
    assert_eq!(
        json!([totals["events"], totals["matched"], totals["rejected"], totals["matches"]]),
        json!([4, 3, 0, 6])
    );
    assert!(totals["elapsed_seconds"].as_f64().unwrap() > 0.0);
    let is_short = totals["elapsed_seconds"].as_f64().unwrap() < 0.1;
    assert_eq!(totals["events_per_second"].is_null(), is_short, "{totals}");
}

#[test]
fn output_order_equals_input_order_for_any_jobs() {
    let dir = sample("match-jobs");
    // Events of very different length, over many batches, in two files.
    let event = |n: usize| {
        let padding = "x".repeat(if n.is_multiple_of(97) { 300_000 } else { n % 50 });
        format!("{{\"p\":\"{padding}\",\"a\":{}}}\n", n % 7)
    };
    let (first, second): (String, String) = ((0..3_000).map(event).collect(), (0..500).map(event).collect());
    dir.file("1.jsonl", &first).file("2.jsonl.gz", gzip(second.as_bytes()));
    let run = |jobs: &str| {
        let run =
            dir.run(&["match", "-r", "rules.jsonl", "-j", jobs, "--no-progress", "1.jsonl", "2.jsonl.gz"]);
        assert_eq!(run.code, 0);
        run.out
    };
    let rules = |n: usize| if n % 7 == 5 { "five \"any a\"" } else { "\"any a\"" };
    let lines = |file, count| (0..count).map(move |n| format!("{file}:{}: {}\n", n + 1, rules(n)));
    let expected: String = lines("1.jsonl", 3_000).chain(lines("2.jsonl.gz", 500)).collect();
    for jobs in ["1", "2", "7"] {
        assert!(run(jobs) == expected, "{jobs} jobs");
    }
}

#[test]
fn refused_rule_is_trouble_unless_skipped() {
    let dir = sample("match-bad-rules");
    dir.file("bad.jsonl", format!("{{\"id\":\"x\",\"pattern\":{{\"a\":[]}}}}\n{RULES}{RULES}"));
    let run = dir.run(&["match", "-r", "bad.jsonl", "events.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("bad.jsonl:1:26: error[empty-list]: "), "{}", run.err);
    assert!(
        run.err.contains("\nbad.jsonl:5:24: error[duplicate-id]: the id is taken by the rule at bad.jsonl:2")
    );
    assert!(
        run.err.ends_with("\ngalop: 4 of 7 rules refused (--skip-bad-rules goes on without)\n"),
        "{}",
        run.err
    );

    let run = dir.run(&["match", "-r", "bad.jsonl", "--skip-bad-rules", "events.jsonl"]);
    assert_eq!(run.out, expected("events.jsonl"));
    assert!(run.err.contains("\ngalop: going on without 4 rules\n"), "{}", run.err);
    assert_totals(&run, 0, "4 events: 3 matched, 0 rejected; 6 matches");

    dir.file("worst.jsonl", "{\"a\":[]}");
    let run = dir.run(&["match", "-r", "worst.jsonl", "--skip-bad-rules", "events.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.ends_with("\ngalop: there is no rule to match\n"), "{}", run.err);
}

#[test]
fn ids_are_unique_over_all_files() {
    let dir = sample("match-duplicates");
    let run = dir.run(&["match", "-r", "rules.jsonl", "--rules", "./rules.jsonl", "events.jsonl"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains(
            "./rules.jsonl:1:24: error[duplicate-id]: the id is taken by the rule at rules.jsonl:1"
        )
    );
}

#[test]
fn rules_of_the_aws_cli_match() {
    let dir = sample("match-list-rules");
    let list = r#"{"Rules": [
  {"Name": "five", "EventPattern": "{\"a\":[5]}", "State": "DISABLED"},
  {"Name": "nightly", "ScheduleExpression": "rate(1 day)"}
]}"#;
    let run = dir.run_with(&["match", "-r", "-", "--only-matched", "events.jsonl"], list.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (0, "events.jsonl:1: five\nevents.jsonl:4: five\n"));
    let notes = "galop: 1 disabled rule included\ngalop: 1 schedule without event pattern left out\n";
    assert!(run.err.starts_with(notes), "{}", run.err);

    let run = dir.run_with(&["match", "-r", "-"], list.as_bytes());
    assert_eq!(run.code, 2);
    assert_eq!(run.err, "galop: standard input cannot be the rules and the events\n");
}

#[test]
fn unreadable_input_is_trouble_and_the_rest_is_matched() {
    let dir = sample("match-unreadable");
    let cut = gzip("{\"a\":5}\n".repeat(100).as_bytes());
    dir.file("cut.gz", &cut[..cut.len() - 4]).file("open.json", "[{\"a\":6},\n{\"b\":1}\n");
    let run = dir.run(&["match", "-r", "rules.jsonl", "nowhere", "cut.gz", "open.json", "events.jsonl"]);
    assert!(
        run.out.ends_with(&format!("open.json:1: \"any a\"\nopen.json:2: b\n{}", expected("events.jsonl")))
    );
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("nowhere: error[unreadable]: "), "{}", run.err);
    assert!(run.err.contains("\ncut.gz:100: error[unreadable]: "), "{}", run.err);
    assert!(
        run.err.contains("\nopen.json:3: error[unclosed-array]: the array of events is not closed\n"),
        "{}",
        run.err
    );

    let run = dir.run(&["match", "-r", "nowhere", "--skip-bad-rules", "events.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn long_and_deep_events_are_matched() {
    let dir = sample("match-long");
    let long = format!("{{\"p\":\"{}\",\"a\":5}}\n", "x".repeat(5 << 20));
    let deep = format!("{{\"a\":5,\"d\":{}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    // The maximum depth of events and patterns.
    let nested = |leaf: &str| format!("{}{leaf}{}", "{\"d\":".repeat(998), "}".repeat(998));
    dir.file("deep.json", nested("{\"a\":[5]}"));
    dir.file("long.jsonl", long + &deep + "{\"b\":1}\n" + &nested("{\"a\":5}"));
    let run = dir.run(&["match", "-r", "rules.jsonl", "-r", "deep.json", "long.jsonl"]);
    assert_eq!(run.out, "long.jsonl:1: five \"any a\"\nlong.jsonl:3: b\nlong.jsonl:4: deep\n");
    assert!(run.err.starts_with("long.jsonl:2: event refused[too-deep]: "), "{}", run.err);
}

#[test]
fn trusted_events_have_the_same_matches() {
    let dir = sample("match-trusted");
    let run = dir.run(&["match", "--trusted", "--rules", "rules.jsonl", "events.jsonl"]);
    assert_eq!(run.out, expected("events.jsonl"));
    assert_totals(&run, 0, "4 events: 3 matched, 0 rejected; 6 matches");
}

#[test]
fn several_values_on_a_line_are_events() {
    let dir = sample("match-concatenated");
    let more = "{\"c\":1}\n{\"a\":5}{\"b\":1} {\"a\":tru}{\"a\":6} [{\"b\":2},{\"c\":2}]\n[{\"a\":7},\n {\"a\":5}]\n";
    dir.file("one.json", "{\"a\":5}{\"b\":1} {\"c\":1}").file("more.jsonl", more);
    for extra in [&[] as &[&str], &["--jobs=1"], &["--trusted"], &["--distinct-names"]] {
        let arguments = [&["match", "-r", "rules.jsonl", "one.json", "more.jsonl"], extra].concat();
        let run = dir.run(&arguments);
        let expected = "\
one.json:1: five \"any a\"
one.json:1:8: b
one.json:1:16:
more.jsonl:1:
more.jsonl:2: five \"any a\"
more.jsonl:2:8: b
more.jsonl:2:25: \"any a\"
more.jsonl:2:34: b
more.jsonl:2:42:
more.jsonl:3: \"any a\"
more.jsonl:4: five \"any a\"
";
        assert_eq!(run.out, expected, "{extra:?}");
        assert!(run.err.starts_with("more.jsonl:2:16: event refused[invalid-literal]: "), "{}", run.err);
        assert_totals(&run, 0, "12 events: 8 matched, 1 rejected; 11 matches");

        // The events of one line differ in the number and the offset.
        let run = dir.run(&[&arguments[..], &["--format=json"]].concat());
        for line in run.json() {
            let text = if line["file"] == "one.json" { &dir.read("one.json") } else { more };
            assert_eq!(text.as_bytes()[line["offset"].as_u64().unwrap() as usize], b'{', "{line}");
        }
        let numbers: Vec<u64> = run.json().iter().map(|line| line["event"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}

#[test]
fn offsets_count_the_byte_order_mark() {
    let dir = sample("match-mark");
    let run = dir.run_with(&["match", "-r", "rules.jsonl", "--format=json"], "\u{feff}{}\n{}".as_bytes());
    let places: Vec<_> = run.json().iter().map(|line| json!([line["line"], line["offset"]])).collect();
    assert_eq!(places, [json!([1, 3]), json!([2, 6])]);
}

#[test]
fn several_rule_files_and_patterns_are_given_by_repetition() {
    let dir = sample("match-repeated");
    dir.file("more.jsonl", "{\"id\":\"six\",\"pattern\":{\"a\":[6]}}\n");
    let pattern = r#"{"b":[null]}"#;
    let run = dir.run(&["match", "-r", "more.jsonl", "-r", pattern, "-r", "{\"c\":[1]}", "events.jsonl"]);
    let expected =
        "events.jsonl:1:\nevents.jsonl:2: pattern:2\nevents.jsonl:4: pattern\nevents.jsonl:5: six\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    let run = dir.run(&["match", "-r", "{\"a\":1}", "events.jsonl"]);
    assert!(run.err.starts_with("<argument 1>:1:6: error[leaf-not-array]: "), "{}", run.err);

    // Without the option, the second file has events.
    let hint = "more.jsonl looks like rules, and was read as events: give each file of rules its own --rules";
    let run = dir.run(&["match", "--rules", "rules.jsonl", "more.jsonl", "events.jsonl"]);
    assert!(run.err.ends_with(&format!("\ngalop: {hint}\n")), "{}", run.err);
    let run = dir.run(&["match", "--rules", "rules.jsonl", "events.jsonl"]);
    assert!(!run.err.contains("looks like rules"), "{}", run.err);
}

#[test]
fn rejected_events_are_trouble_if_denied() {
    let dir = sample("match-deny");
    let run = |extra: &[&str]| {
        dir.run_with(&[&["match", "-r", "rules.jsonl"], extra].concat(), b"{\"a\":5}\n{\"a\":}\n")
    };
    assert_eq!(run(&[]).code, 0);
    assert_eq!(run(&["--deny-rejected"]).code, 2);
    assert_eq!(run(&["--deny-rejected", "--count"]).code, 2);
    assert_eq!(dir.run(&["match", "-r", "rules.jsonl", "--deny-rejected", "events.jsonl"]).code, 0);
}

#[test]
fn quiet_command_reports_only_faults() {
    let dir = sample("match-quiet");
    let run = dir.run(&["match", "-q", "-r", "rules.jsonl", "events.jsonl"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, expected("events.jsonl").as_str(), ""));
    let run = dir.run_with(&["match", "-q", "-r", "rules.jsonl"], b"{");
    assert_eq!((run.code, run.err.lines().count()), (1, 1), "{}", run.err);
    assert_eq!(dir.run(&["check", "--quiet", "rules.jsonl"]).out, "");
}

#[test]
fn shown_rules_of_a_count_are_chosen() {
    let dir = sample("match-top");
    dir.file("more.jsonl", RULES.to_owned() + r#"{"id":"none","pattern":{"z":[1]}}"#);
    let rules = |extra: &[&str]| {
        let run = dir.run(&[&["match", "-r", "more.jsonl", "--count", "events.jsonl"], extra].concat());
        let lines: Vec<String> = run.lines().into_iter().map(str::to_owned).collect();
        lines[1..lines.iter().position(String::is_empty).unwrap()].to_vec()
    };
    assert_eq!(rules(&["--hide-zero"]), ["   3  \"any a\"", "   2  five", "   1  b"]);
    assert_eq!(rules(&["--top", "1"]), ["   3  \"any a\""]);
    assert_eq!(rules(&["--top=9"]).len(), 4);
    assert_eq!(dir.run(&["match", "-r", "more.jsonl", "--top=1", "events.jsonl"]).code, 2);
}

#[test]
fn reports_have_colours_on_request() {
    let dir = sample("match-colour");
    dir.file("bad.json", "{\"a\":1}");
    let out = |arguments: &[&str]| dir.run(&[&["check", "bad.json"], arguments].concat()).out;
    assert!(!out(&[]).contains('\x1b') && !out(&["--color=never"]).contains('\x1b'));
    let painted = out(&["--color", "always"]);
    assert!(painted.starts_with("bad.json:1:6: \x1b[1;31merror[leaf-not-array]\x1b[0m: "), "{painted}");
    let run = dir.run(&["--color=always", "match", "-r", "bad.json", "events.jsonl"]);
    assert!(run.err.contains("\x1b[1;31merror[leaf-not-array]"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn interruption_prints_the_counts_so_far() {
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};

    use galop_harness::process::{self, Process};

    let dir = sample("match-interrupt");
    let mut command = dir.command(&["match", "-r", "rules.jsonl", "--only-matched"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = Process::start(&mut command, process::LIMIT).unwrap();
    let mut stdin = program.stdin().unwrap();
    stdin.write_all(b"{\"a\":5}\n{\"c\":5}\n").unwrap();
    let mut line = [0; 24];
    program.stdout().unwrap().read_exact(&mut line).unwrap();
    assert_eq!(&line[..], b"<stdin>:1: five \"any a\"\n".get(..24).unwrap());
    let kill = Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let status = program.wait().unwrap();
    let mut err = String::new();
    program.stderr().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(status.code(), Some(130), "{err}");
    assert!(err.contains(" events: ") || err.contains("1 event: "), "{err}");
    assert!(err.contains("1 matched, 0 rejected; 2 matches in "), "{err}");
}
