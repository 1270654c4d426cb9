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

#[test]
fn check_refuses_schedules_with_their_places() {
    let dir = Dir::new("schedule-check");
    let rules = r#"{"Rules": [
  {"Name": "a", "EventPattern": "{\"a\":[1]}", "State": "ENABLED"},
  {"Name": "nightly", "ScheduleExpression": "cron(0 3 * * * *)"},
  {"Name": "both", "EventPattern": "{\"a\":[2]}", "ScheduleExpression": "rate(1\u0020days)"}
]}"#;
    dir.file("rules.json", rules);
    let run = dir.run(&["check", "rules.json"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert_eq!(
        run.out,
        "rules.json:3:55: error[day-fields]: the day of the month and the day of the week are both given (rule nightly)
  |
3 | cron(0 3 * * * *)
  |          ^
  = help: write ? for one of them

rules.json:4:86: error[rate-number]: the unit of 1 is singular (rule both)
  |
4 | rate(1 days)
  |        ^^^^
  = help: write rate(1 day)

2 rules in 1 file: 0 refused, 0 warnings; 1 schedule without event pattern left out; 2 schedules refused
"
    );
    let run = dir.run(&["check", "--format", "json", "rules.json"]);
    let record = &run.json()[0];
    assert_eq!((&record["id"], &record["span"]), (&json!("nightly"), &json!({ "start": 9, "end": 10 })));
    // Matching needs no schedules.
    let run = dir.run_with(&["match", "-r", "rules.json"], b"{\"a\":2}\n");
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn check_reads_the_schedules_of_templates() {
    let dir = Dir::new("schedule-templates");
    dir.file(
        "template.yaml",
        "AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: >-
        cron(0 25 * * ? *)
  Later:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: !Sub 'rate(${Minutes} minutes)'}
  Once:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: at(2026-11-20T13:00:00)
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Often:
          Type: Schedule
          Properties: {Schedule: rate(5 minute)}
        Once:
          Type: ScheduleV2
          Properties: {ScheduleExpression: at(2026-11-20T13:00:00)}
  Rule:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [aws.ec2]}}
",
    );
    let errors = |run: &super::Run| -> Vec<String> {
        assert_eq!(run.code, 1, "{}{}", run.out, run.err);
        run.lines().into_iter().filter(|line| line.contains(": error[")).map(str::to_owned).collect()
    };
    let run = dir.run(&["check", "template.yaml"]);
    assert_eq!(
        errors(&run),
        [
            "template.yaml:7:16: error[field-value]: the field hours has values from 0 to 23 (rule Nightly)",
            "template.yaml:14:27: error[at-in-rule]: rules have rate(…) and cron(…) (rule Once)",
            "template.yaml:21:41: error[rate-number]: the unit is plural (rule Function/Often)",
        ]
    );
    assert!(run.out.contains("7 |         cron(0 25 * * ? *)\n  |                ^^\n"), "{}", run.out);
    assert!(
        run.out.contains("; 5 schedules without event pattern left out; 3 schedules refused"),
        "{}",
        run.out
    );
    let run = dir.run(&["check", "--define", "Minutes=0", "template.yaml"]);
    assert_eq!(
        errors(&run)[1],
        "template.yaml:10:49: error[rate-value]: the value is a whole number from 1 (rule Later)"
    );
    dir.file(
        "serverless.yml",
        "service: s
provider: {name: aws}
functions:
  f:
    events:
      - schedule: rate(1 days)
      - schedule: {rate: 'at(2026-11-20T13:00:00)', method: scheduler}
      - schedule: ${file(rates.yml)}
      - schedule: {rate: [rate(1 day), rate(2 days)]}
      - eventBridge: {schedule: cron(0 0 * * * *)}
      - eventBridge: {pattern: {source: [a]}}
",
    );
    let run = dir.run(&["check", "serverless.yml"]);
    assert_eq!(
        errors(&run),
        [
            "serverless.yml:6:26: error[rate-number]: the unit of 1 is singular (rule f/1)",
            "serverless.yml:10:42: error[day-fields]: the day of the month and the day of the week are both given (rule f/5)",
        ]
    );
    assert!(
        run.out.contains("; 5 schedules without event pattern left out; 2 schedules refused"),
        "{}",
        run.out
    );
    let resource =
        "resource \"aws_cloudwatch_event_rule\" \"r\" {\n  schedule_expression = \"rate(0 days)\"\n}\n";
    dir.file("main.tf", resource);
    let run = dir.run(&["check", "main.tf"]);
    assert!(run.out.starts_with("main.tf:2:31: error[rate-value]: "), "{}{}", run.out, run.err);
    dir.file(
        "main.tf.json",
        r#"{"resource":{"aws_cloudwatch_event_rule":{"r":{"schedule_expression":"rate(0 days)"}}}}"#,
    );
    let run = dir.run(&["check", "main.tf.json"]);
    assert!(run.out.starts_with("main.tf.json:1:76: error[rate-value]: "), "{}{}", run.out, run.err);
    dir.file(
        "plan.json",
        r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[
{"address":"aws_cloudwatch_event_rule.a","type":"aws_cloudwatch_event_rule","values":
{"event_pattern":null,"schedule_expression":"rate(1 week)"}},
{"address":"aws_cloudwatch_event_rule.b","type":"aws_cloudwatch_event_rule","values":
{"event_pattern":"{\"a\":[1]}","schedule_expression":""}}]}}}"#,
    );
    assert_eq!(
        errors(&dir.run(&["check", "plan.json"])),
        ["plan.json:3:53: error[rate-unit]: `week` is no unit of a rate (rule aws_cloudwatch_event_rule.a)"]
    );
}
