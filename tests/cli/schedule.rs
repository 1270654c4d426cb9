use serde_json::json;

use super::Dir;

#[test]
fn instants_are_printed_in_the_time_zone() {
    let dir = Dir::new("schedule-next");
    let schedule = |arguments: &[&str]| {
        let run = dir.run(&[&["schedule", "next"], arguments].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        run.out
    };
    let from = ["--from", "2026-10-23T12:00:00Z", "--count", "3"];
    assert_eq!(
        schedule(&[&["cron(30 2 * * ? *)"], &from[..]].concat()),
        "2026-10-24T02:30:00Z\n2026-10-25T02:30:00Z\n2026-10-26T02:30:00Z\n"
    );
    let berlin = ["--timezone", "europe/berlin"];
    assert_eq!(
        schedule(&[&["cron(30 2 * * ? *)"], &from[..], &berlin].concat()),
        "2026-10-24T02:30:00+02:00\n2026-10-25T02:30:00+02:00\n2026-10-26T02:30:00+01:00\n"
    );
    assert_eq!(schedule(&["cron(* * * * ? *)"]).lines().count(), 5);
    assert_eq!(schedule(&["rate(1 minute)", "--count", "10000"]).lines().count(), 10_000);
}

#[test]
fn json_has_the_seconds() {
    let run = Dir::new("schedule-json").run(&[
        "schedule",
        "next",
        "at(2026-11-20T13:00:00)",
        "--timezone",
        "America/New_York",
        "--from",
        "2026-01-01T00:00:00Z",
        "--format",
        "json",
    ]);
    assert_eq!(run.json(), [json!({ "time": "2026-11-20T13:00:00-05:00", "unix": 1_795_197_600 })]);
    assert_eq!((run.code, run.err.as_str()), (0, "galop: no other instant\n"));
}

#[test]
fn schedule_without_instants_ends_with_no() {
    let dir = Dir::new("schedule-never");
    let from = ["--from", "2026-01-01T00:00:00Z", "--timezone", "Europe/Berlin"];
    for (expression, message) in [
        ("cron(0 0 30 2 ? *)", "galop: no instant after 2026-01-01T00:00:00Z\n"),
        ("at(2025-12-31T00:00:00)", "galop: no instant after 2026-01-01T00:00:00Z\n"),
        ("at(2026-03-29T02:30:00)", "galop: no instant: the clocks skip 2026-03-29T02:30:00\n"),
    ] {
        let run = dir.run(&[&["schedule", "next", expression], &from[..]].concat());
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "", message), "{expression}");
    }
}

#[test]
fn refused_expression_has_a_place_and_a_help() {
    let dir = Dir::new("schedule-refused");
    let run = dir.run(&["schedule", "next", "cron(0 12 ? * MON-FRO *)"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "<expression>:1:19: error[field-value]: `FRO` is no value of the field day of the week
  |
1 | cron(0 12 ? * MON-FRO *)
  |                   ^^^
  = help: the names are SUN, MON, TUE, WED, THU, FRI, SAT
"
    );
    let run = dir.run(&["schedule", "next", "rate(1 days)", "--format", "json"]);
    assert_eq!(run.code, 2);
    let error = json!({
        "of": "expression",
        "code": "rate-number",
        "message": "the unit of 1 is singular",
        "start": 7,
        "end": 11,
        "help": "write rate(1 day)",
    });
    assert_eq!(run.json(), [json!({ "error": error })]);
}

#[test]
fn other_arguments_are_checked() {
    let dir = Dir::new("schedule-arguments");
    for (arguments, message) in [
        (["--timezone", "Europe/Berlim"], "did you mean Europe/Berlin?"),
        (["--timezone", "nowhere at all"], "such as Europe/Berlin"),
        (["--from", "tomorrow"], "RFC 3339"),
        (["--count", "0"], "1..=10000"),
        (["--count", "10001"], "1..=10000"),
    ] {
        let run = dir.run(&[&["schedule", "next", "rate(1 day)"], &arguments[..]].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
}
