use super::Dir;

const RULES: &str = r#"{"id":"stopped","pattern":{"source":["aws.ec2"],"detail":{"state":["stopped"]}}}
{"id":"ec2","pattern":{"source":["aws.ec2"]}}
"#;

const TESTS: &str = r#"rules = ["rules.jsonl"]

[[test]]
name = "a stopped instance"
event = '{"source":"aws.ec2","detail":{"state":"stopped"}}'
exactly = ["ec2", "stopped"]

[[test]]
name = "a table"
event = { source = "aws.ec2", detail = { state = "running" } }
matches = ["ec2"]
misses = ["stopped"]

[[test]]
name = "a file"
event = "events/s3.json"
exactly = []

[[test]]
event = '{"a":}'
rejected = "unexpected-character"
"#;

fn dir(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.file("rules.jsonl", RULES).file("events/s3.json", r#"{"source":"aws.s3"}"#);
    dir
}

const FAILING: &str = r#"rules = "rules.jsonl"

[[test]]
name = "<a> & \"b\""
event = '{"source":"aws.ec2","detail":{"state":"running"}}'
matches = ["stopped"]
misses = ["ec2"]

[[test]]
name = "refused, 100%"
event = "{}}"
matches = ["ec2"]
"#;

#[test]
fn passing_tests_are_counted() {
    let dir = dir("test-pass");
    dir.file("tests.toml", TESTS);
    let run = dir.run(&["test", "tests.toml"]);
    assert_eq!((run.code, run.out.as_str()), (0, "4 tests in 1 file: 4 passed, 0 failed\n"));
    assert_eq!(run.err, "");
    let run = dir.run(&["test", "--filter", "a ", "tests.toml"]);
    assert_eq!(run.out, "3 tests in 1 file: 3 passed, 0 failed\n");
}

#[test]
fn failing_tests_are_explained() {
    let dir = dir("test-fail");
    dir.file("tests.toml", FAILING);
    let run = dir.run(&["test", "tests.toml"]);
    let expected = r#"tests.toml:3:1: failed: <a> & "b"
  rule stopped must match, but misses
    holds   source is "aws.ec2" (1:11)
    missed  detail
    missed    state is "running" (1:39), wanted "stopped"
  rule ec2 must miss, but matches
    holds   source is "aws.ec2" (1:11)
tests.toml:9:1: failed: refused, 100%
  the event is refused with trailing-text
    error[trailing-text]: text follows the root object
     --> 1:3
      |
    1 | {}}
      |   ^
2 tests in 1 file: 0 passed, 2 failed
"#;
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));
}

#[test]
fn every_test_is_a_line_of_json() {
    let dir = dir("test-json");
    dir.file("tests.toml", FAILING).file("good.toml", TESTS);
    let run = dir.run(&["test", "--format", "json", "tests.toml", "good.toml"]);
    assert_eq!((run.code, run.err.as_str()), (1, "6 tests in 2 files: 4 passed, 2 failed\n"));
    let lines = run.lines();
    assert_eq!(
        lines[0],
        r#"{"test":"<a> & \"b\"","passed":false,"file":"tests.toml","line":3,"column":1,"missing":["stopped"],"unexpected":["ec2"],"message":"rule stopped must match, but misses\n  holds   source is \"aws.ec2\" (1:11)\n  missed  detail\n  missed    state is \"running\" (1:39), wanted \"stopped\"\nrule ec2 must miss, but matches\n  holds   source is \"aws.ec2\" (1:11)"}"#
    );
    assert_eq!(
        lines[2],
        r#"{"test":"a stopped instance","passed":true,"file":"good.toml","line":3,"column":1}"#
    );
    assert!(lines[5].starts_with(r#"{"test":"test 4","passed":true"#), "{}", lines[5]);
}

#[test]
fn junit_report_is_xml() {
    let dir = dir("test-junit");
    dir.file("tests.toml", format!("{FAILING}\n[[test]]\nname = \"good\"\nevent = \"{{}}\"\nexactly = []\n"));
    let run = dir.run(&["test", "--format", "junit", "tests.toml"]);
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="2">
  <testsuite name="galop" tests="3" failures="2">
    <testcase name="&lt;a&gt; &amp; &quot;b&quot;" classname="tests.toml" file="tests.toml" line="3">
      <failure message="rule stopped must match, but misses">rule stopped must match, but misses&#10;  holds   source is &quot;aws.ec2&quot; (1:11)&#10;  missed  detail&#10;  missed    state is &quot;running&quot; (1:39), wanted &quot;stopped&quot;&#10;rule ec2 must miss, but matches&#10;  holds   source is &quot;aws.ec2&quot; (1:11)</failure>
    </testcase>
"#;
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with(expected), "{}", run.out);
    let last = r#"    <testcase name="good" classname="tests.toml" file="tests.toml" line="14"/>
  </testsuite>
</testsuites>
"#;
    assert!(run.out.ends_with(last), "{}", run.out);
}

#[test]
fn github_output_is_annotations() {
    let dir = dir("test-github");
    dir.file("tests.toml", FAILING);
    let run = dir.run(&["test", "--format", "github", "tests.toml"]);
    let lines = run.lines();
    assert_eq!(
        lines[0],
        r#"::error file=tests.toml,line=3,col=1,title=test failed%3A <a> & "b"::rule stopped must match, but misses%0A  holds   source is "aws.ec2" (1:11)%0A  missed  detail%0A  missed    state is "running" (1:39), wanted "stopped"%0Arule ec2 must miss, but matches%0A  holds   source is "aws.ec2" (1:11)"#
    );
    assert!(
        lines[1].starts_with("::error file=tests.toml,line=9,col=1,title=test failed%3A refused%2C 100%25::")
    );
    assert_eq!(lines[2], "2 tests in 1 file: 0 passed, 2 failed");
}

#[test]
fn three_formats_have_one_model() {
    let dir = dir("test-formats");
    dir.file(
        "t/tests.yaml",
        r#"rules: ../rules.jsonl
tests:
  - name: native
    event: {source: aws.ec2, detail: {state: stopped, n: [1, 2.5, -3, true, null, "é\n"]}}
    exactly: [stopped, ec2]
  - event: '{"source":"aws.s3"}'
    matches: [ec2]
"#,
    );
    dir.file(
        "t/tests.json",
        r#"{"rules":["../rules.jsonl"],"tests":[
  {"name":"exact","event":{"source":"aws.ec2","n":9007199254740993,"n":1},"misses":["stopped"]},
  {"event":"../events/s3.json","matches":["ec2"]}]}"#,
    );
    let run = dir.run(&["test", "t/tests.yaml", "t/tests.json"]);
    let expected = r#"t/tests.yaml:6:5: failed: test 2
  rule ec2 must match, but misses
    missed  source is "aws.s3" (1:11), wanted "aws.ec2"
t/tests.json:3:3: failed: test 2
  rule ec2 must match, but misses
    missed  source is "aws.s3" (1:11), wanted "aws.ec2"
4 tests in 2 files: 2 passed, 2 failed
"#;
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));
}

#[test]
fn numbers_and_names_of_json_are_exact() {
    let dir = Dir::new("test-exact");
    dir.file("rules.jsonl", r#"{"id":"n","pattern":{"n":[9007199254740993],"m":[1e400],"x":[1]}}"#);
    let event = r#"{"n":9007199254740993,"m":1e400,"x":2,"x":1}"#;
    dir.file("t.json", format!(r#"{{"rules":"rules.jsonl","test":[{{"event":{event},"matches":["n"]}}]}}"#));
    dir.file("t.toml", format!("rules = \"rules.jsonl\"\n[[test]]\nevent = '{event}'\nmatches = [\"n\"]\n"));
    dir.file("t.yml", format!("rules: rules.jsonl\ntest:\n- event: '{event}'\n  matches: [n]\n"));
    let run = dir.run(&["test", "t.json", "t.toml", "t.yml"]);
    assert_eq!((run.code, run.out.as_str()), (0, "3 tests in 3 files: 3 passed, 0 failed\n"));
}

#[test]
fn events_beside_a_rule_are_tests() {
    let dir = Dir::new("test-beside");
    dir.file(
        "rules.jsonl",
        r#"{"id":"a","pattern":{"x":[1]},"owner":"me","tests":{"matches":[{"x":1},"{\"x\":1.0}"],"misses":[{"x":2}, {"x":[2,1]}]}}
{"id":"b","pattern":{"tests":{"matches":[1]}}}
"#,
    );
    let run = dir.run(&["test", "rules.jsonl"]);
    let expected = r#"rules.jsonl:1:106: failed: a misses 2
  rule a must miss, but matches
    holds   x is 1 (1:9)
4 tests in 1 file: 3 passed, 1 failed
"#;
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));
    assert_eq!(dir.run(&["check", "rules.jsonl"]).code, 0);
}

#[test]
fn written_tests_pass() {
    let dir = dir("test-init");
    let more = r#"{"id":"odd","pattern":{"a'b":["it's",{"anything-but":["\u007f"]},"\ud800"],"$or":[{"a.b":[{"exists":false}]},{"c":[1e3]}]}}"#;
    dir.file("more.json", more);
    let run = dir.run(&["test", "--init", "rules.jsonl", "more.json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.starts_with(
            r#"rules = ["rules.jsonl", "more.json"]

[[test]]
name = "stopped matches"
event = '{"source":"aws.ec2","detail":{"state":"stopped"}}'
matches = ["stopped"]

[[test]]
name = 'stopped misses: "source" beside "aws.ec2"'
event = '{"source":"Aws.ec2","detail":{"state":"stopped"}}'
misses = ["stopped"]
"#
        ),
        "{}",
        run.out
    );
    dir.file("tests.toml", &run.out);
    let tests = run.out.matches("[[test]]").count();
    assert_eq!(run.err, format!("{tests} tests for 3 rules\n"));
    let run = dir.run(&["test", "tests.toml"]);
    assert_eq!((run.code, run.out), (0, format!("{tests} tests in 1 file: {tests} passed, 0 failed\n")));
}

#[test]
fn faults_have_a_place_and_a_code() {
    let dir = dir("test-faults");
    let toml = |test: &str| format!("rules = \"rules.jsonl\"\n[[test]]\n{test}\n");
    for (name, text, fault) in [
        (
            "a.toml",
            toml("event = '{}'\nmatchs = [\"ec2\"]"),
            "a.toml:4:1: error[unknown-member]: there is no member `matchs`; did you mean `matches`?",
        ),
        (
            "b.toml",
            toml("event = '{}'\nmatches = [\"ec3\"]"),
            "b.toml:2:1: error[unknown-rule]: no rule has the id ec3; did you mean ec2? (test \"test 1\")",
        ),
        (
            "c.toml",
            toml("event = '{}'"),
            "c.toml:2:1: error[bad-expectation]: the test expects nothing: it needs `matches`, `misses`, \
                `exactly` or `rejected` (test \"test 1\")",
        ),
        (
            "d.toml",
            toml("event = '{}'\nmisses = [\"ec2\"]\nrejected = \"x\""),
            "d.toml:2:1: error[bad-expectation]: an event that is rejected matches no rules (test \"test 1\")",
        ),
        ("e.toml", toml("event = '{}'\nmatches = \"ec2\""), "e.toml:4:11: error[invalid-toml]: "),
        ("f.toml", "rules = [\n".to_owned(), "f.toml:1:10: error[invalid-toml]: unclosed array"),
        (
            "g.toml",
            toml("event = 'no.json'\nmisses = [\"ec2\"]"),
            "g.toml:2:1: error[unreadable-event]: no.json: ",
        ),
        (
            "h.toml",
            toml("event = { a = inf }\nmisses = [\"ec2\"]"),
            "h.toml:3:15: error[invalid-toml]: JSON has no",
        ),
        ("i.toml", "test = []\n".to_owned(), "i.toml:1:1: error[invalid-toml]: missing field `rules`"),
        (
            "a.yaml",
            "rules: rules.jsonl\ntest:\n- events: '{}'\n".to_owned(),
            "a.yaml:3:3: error[unknown-member]: there is no member `events`; did you mean `event`?",
        ),
        ("b.yaml", "rules: [\n".to_owned(), "b.yaml:1:8: error[invalid-yaml]: unclosed bracket '['"),
        (
            "a.json",
            "{\"rules\":\"rules.jsonl\",\"tests\":[\n {\"event\":{},\n  \"match\":[]}]}".to_owned(),
            "a.json:3:9: error[unknown-member]: there is no member `match`; did you mean `matches`?",
        ),
        (
            "b.json",
            r#"{"id":"a","pattern":{"x":[1]},"tests":{"mises":[]}}"#.to_owned(),
            "b.json:1:46: error[unknown-member]: there is no member `mises`; did you mean `misses`?",
        ),
        (
            "c.json",
            r#"{"EventPattern":"{\"x\":[1]}","tests":{"misses":[{}]}}"#.to_owned(),
            "c.json:1:1: error[missing-id]: a rule with tests has no `id`",
        ),
    ] {
        dir.file(name, text);
        let run = dir.run(&["test", name]);
        assert_eq!(run.code, 2, "{name}: {}", run.err);
        assert!(run.err.starts_with(fault), "{name}: {}", run.err);
    }
}

#[test]
fn unreadable_input_is_trouble() {
    let dir = dir("test-trouble");
    dir.file("tests.toml", TESTS).file("none.toml", "rules = \"rules.jsonl\"\ntest = []\n");
    dir.file("bad.jsonl", "{\"id\":\"bad\",\"pattern\":{\"a\":[]}}\n");
    dir.file("bad.toml", "rules = \"bad.jsonl\"\n[[test]]\nevent = '{}'\nexactly = []\n");
    dir.file("utf8.toml", b"rules = \"\xff\"").file("gone.toml", "rules = \"gone.jsonl\"\ntest = []");
    for (arguments, message) in [
        (&["test", "none.toml"][..], "galop: there is no test in these files\n"),
        (&["test", "rules.jsonl"], "galop: there is no test in these files\n"),
        (&["test", "--filter", "x", "tests.toml"], "galop: no test has a name with \"x\"\n"),
        (&["test", "nowhere.toml"], "nowhere.toml: error[unreadable]: "),
        (&["test", "events"], "galop: events: a directory; name the files of tests\n"),
        (&["test", "utf8.toml"], "utf8.toml:1:10: error[invalid-utf8]: the text is not UTF-8"),
        (&["test", "bad.toml"], "bad.jsonl:1:28: error[empty-list]: "),
        (&["test", "gone.toml"], "gone.jsonl: error[unreadable]: "),
        (&["test", "--init", "-"], "galop: --init needs names of rule files"),
    ] {
        let run = dir.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.starts_with(message), "{arguments:?}: {}", run.err);
    }
    // The other files are still tested.
    let run = dir.run(&["test", "nowhere.toml", "tests.toml"]);
    assert_eq!((run.code, run.out.as_str()), (2, "4 tests in 2 files: 4 passed, 0 failed\n"));
}

#[test]
fn standard_input_is_read() {
    let dir = dir("test-stdin");
    let run = dir.run_with(&["test", "-"], TESTS.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (0, "4 tests in 1 file: 4 passed, 0 failed\n"));
}
