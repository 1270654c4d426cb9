use std::fs;

use super::{Dir, gzip};

const PATTERN: &str = r#"{ "source":["aws.ec2"],"detail":{"state":["a","b"]} }"#;
const PRETTY: &str = "{\n  \"source\": [\"aws.ec2\"],\n  \"detail\": {\"state\": [\"a\", \"b\"]}\n}\n";

#[test]
fn files_are_replaced_and_then_stay() {
    let dir = Dir::new("fmt");
    dir.file("rules/a.json", PATTERN).file("rules/b.jsonl", format!("{PATTERN}\n\n{{\"x\":[1.0]}}\n"));
    let run = dir.run(&["fmt", "rules"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "2 files: 2 changed\n"));
    let text = |name: &str| fs::read_to_string(dir.0.join(name)).unwrap();
    assert_eq!(text("rules/a.json"), PRETTY);
    let line = r#"{"source": ["aws.ec2"], "detail": {"state": ["a", "b"]}}"#;
    assert_eq!(text("rules/b.jsonl"), format!("{line}\n{{\"x\": [1.0]}}\n"));
    assert_eq!(dir.run(&["fmt", "rules"]).err, "2 files: 0 changed\n");
    assert_eq!(fs::read_dir(dir.0.join("rules")).unwrap().count(), 2, "no other file is left");
}

#[test]
fn value_on_a_line_among_others_stays_on_a_line() {
    let run =
        Dir::new("fmt-several").run_with(&["fmt", "-"], b"{\n\"a\":[1]}{\"b\":[2]} [\n]\n{\"c\":\n[3]}");
    assert_eq!(
        (run.code, run.out.as_str()),
        (0, "{\n  \"a\": [1]\n}\n{\"b\": [2]}\n[]\n{\n  \"c\": [3]\n}\n")
    );
}

#[test]
fn check_changes_no_file() {
    let dir = Dir::new("fmt-check");
    dir.file("a.json", PATTERN).file("b.json", PRETTY);
    let run = dir.run(&["fmt", "--check", "a.json", "b.json"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "a.json\n", "2 files: 1 to change\n"));
    assert_eq!(fs::read_to_string(dir.0.join("a.json")).unwrap(), PATTERN);
    assert_eq!(dir.run(&["fmt", "--check", "b.json"]).code, 0);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let run = Dir::new("fmt-stdin").run_with(&["fmt", "-"], PATTERN.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (0, PRETTY));
}

#[test]
fn text_without_a_layout_stays() {
    let dir = Dir::new("fmt-trouble");
    dir.file("ok.json", PATTERN);
    for (name, text, message) in [
        ("broken.json", b"{\"a\":".to_vec(), "1:6: error[unexpected-end]: "),
        ("lines.jsonl", b"{\"a\":[1]}\n{\"a\":[1}\n".to_vec(), "2:8: error[unexpected-character]: "),
        ("bytes.json", b"{\"\xff\":[1]}".to_vec(), "1:3: error[invalid-utf8]: "),
        ("packed.json", gzip(PATTERN.as_bytes()), " error[compressed]: the file is compressed\n  = help: "),
    ] {
        dir.file(name, &text);
        let run = dir.run(&["fmt", name, "ok.json"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}");
        assert!(run.err.starts_with(&format!("{name}:{message}")), "{}", run.err);
        assert_eq!(fs::read(dir.0.join(name)).unwrap(), text);
        // The other file is written in any case.
        assert_eq!(fs::read_to_string(dir.0.join("ok.json")).unwrap(), PRETTY);
    }
}
