use std::fs;
use std::path::Path;

use super::{At, Case, Expect, Limits, parse_json_lines, parse_toml, read};

fn toml(text: &str) -> Vec<Case> {
    parse_toml(Path::new("corpus/prefix.toml"), text).unwrap()
}

fn toml_error(text: &str) -> String {
    parse_toml(Path::new("prefix.toml"), text).unwrap_err().to_string()
}

#[test]
fn each_pair_of_pattern_and_event_is_a_case() {
    let cases = toml(
        r#"
# A comment.
[[case]]
topic = "prefix"
note = "the empty prefix"
pattern = '{"a":[{"prefix":""}]}'
match = ['{"a":"x"}']
no-match = ['{"a":1}', '{}']
reject-event = ['[]', { event = '{"a"}', code = "unexpected-character", offset = 4 }]
"#,
    );
    let found: Vec<_> =
        cases.iter().map(|c| (c.id.as_str(), c.name.as_str(), c.line, c.expect.clone())).collect();
    let rejected =
        |code: Option<&str>, offset| Expect::EventRejected { code: code.map(str::to_owned), offset };
    assert_eq!(
        found,
        [
            ("prefix:prefix#1", r#"prefix {"a":[{"prefix":""}]} {"a":"x"}"#, 4, Expect::Matches(true)),
            ("prefix:prefix#2", r#"prefix {"a":[{"prefix":""}]} {"a":1}"#, 4, Expect::Matches(false)),
            ("prefix:prefix#3", r#"prefix {"a":[{"prefix":""}]} {}"#, 4, Expect::Matches(false)),
            ("prefix:prefix#4", r#"prefix {"a":[{"prefix":""}]} []"#, 4, rejected(None, None)),
            (
                "prefix:prefix#5",
                r#"prefix {"a":[{"prefix":""}]} {"a"}"#,
                4,
                rejected(Some("unexpected-character"), Some(4))
            ),
        ]
    );
    assert!(cases.iter().all(|c| c.pattern == br#"{"a":[{"prefix":""}]}"# && c.limits == Limits::Default));
    assert_eq!(cases[4].event.as_deref(), Some(br#"{"a"}"#.as_slice()));
}

#[test]
fn a_rule_set_becomes_pairs_that_keep_their_group() {
    let cases = toml(
        r#"
[[case]]
topic = "sets"
name = "two"
limits = "aws"
rules.b = '{"b":[1]}'
rules.a = '{"a":[1]}'
events = [{ event = '{"a":1}', matches = ["a"] }, { event = '{}', matches = [] }]
"#,
    );
    let found: Vec<_> = cases
        .iter()
        .map(|c| {
            let group = c.group.as_ref().unwrap();
            assert_eq!((group.id.as_str(), c.limits), ("prefix:sets#1", Limits::Aws));
            (c.name.as_str(), group.rule.as_str(), &c.expect)
        })
        .collect();
    assert_eq!(
        found,
        [
            (r#"sets two: a {"a":1}"#, "a", &Expect::Matches(true)),
            (r#"sets two: b {"a":1}"#, "b", &Expect::Matches(false)),
            ("sets two: a {}", "a", &Expect::Matches(false)),
            ("sets two: b {}", "b", &Expect::Matches(false)),
        ]
    );
}

#[test]
fn at_finds_the_place_of_an_error() {
    let place = |lines: &str| {
        let entry =
            format!("[[error]]\ntopic = 't'\npattern = '{{\"a\":[\"x\"],\"b\":\"x\"}}'\ncode = 'c'\n{lines}");
        let [case] = toml(&entry).try_into().unwrap();
        let Expect::PatternRejected { code, at } = case.expect else { panic!("{:?}", case.expect) };
        assert_eq!((code.as_deref(), case.event), (Some("c"), None));
        at
    };
    assert_eq!(place(""), None);
    assert_eq!(place("offset = 7"), Some(At { start: 7, end: None }));
    assert_eq!(place("at = '\"b\"'"), Some(At { start: 11, end: Some(14) }));
    assert_eq!(place("at = '\"x\"'\nnth = 2"), Some(At { start: 15, end: Some(18) }));
}

#[test]
fn parts_of_a_text_are_joined() {
    let cases = toml(
        r#"
[[case]]
topic = "t"
pattern = ['{', { repeat = '"k%":[1],', times = 2, count = "%" }, '"z":[1]}']
match = [['"', { hex = "c3A9ff" }, { repeat = "ab", times = 3 }, '"']]
"#,
    );
    assert_eq!(cases[0].pattern, br#"{"k0":[1],"k1":[1],"z":[1]}"#);
    assert_eq!(cases[0].event.as_deref(), Some(b"\"\xC3\xA9\xFFababab\"".as_slice()));
}

#[test]
fn names_are_short_and_unique() {
    let event = format!(r#"{{"a":"{}"}}"#, "x".repeat(500));
    let pattern = r#"{"a":[1]}"#;
    let text = format!(
        "[[case]]\ntopic = 't'\npattern = '{pattern}'\nno-match = ['{event}', '{event} ', \"{{\\n}}\"]"
    );
    let cases = toml(&text);
    let xs = "x".repeat(34);
    assert_eq!(cases[0].name, format!(r#"t {{"a":[1]}} {{"a":"{xs}…{}"}}"#, "x".repeat(18)));
    assert_eq!(cases[1].name, format!(r#"t {{"a":[1]}} {{"a":"{xs}…{}"}} "#, "x".repeat(17)));
    assert_eq!(cases[2].name, r#"t {"a":[1]} {\n}"#);
    let again = toml(&format!("{text}\n[[case]]\ntopic = 't'\npattern = '{pattern}'\nmatch = [\"{{\\n}}\"]"));
    assert_eq!(again[3].name, r#"t {"a":[1]} {\n} #2"#);
}

#[test]
fn errors_have_file_and_line() {
    let case = "[[case]]\ntopic = 't'\npattern = '{}'\n";
    let error = "[[error]]\ntopic = 't'\npattern = '{}{}'\ncode = 'c'\n";
    for (text, message) in [
        (format!("{case}mach = []"), "prefix.toml:4:1: unknown field `mach`"),
        (format!("\n{case}"), "prefix.toml:3: a case without events"),
        (
            format!("{case}events = [{{ event = '', matches = [] }}]"),
            "prefix.toml:2: a case has `pattern` and",
        ),
        (format!("{case}match = [['x', {{ hex = 'f' }}]]"), "prefix.toml:2: `f` is not hexadecimal"),
        (format!("{case}match = [1]"), "prefix.toml:4:9: a text, or a list of texts"),
        (
            format!("{case}id = 'x'\nmatch = ['']\n{case}id = 'x'\nmatch = ['1']"),
            "prefix.toml:7: the id `x` is taken",
        ),
        (
            "[[case]]\ntopic = 't'\nrules = { a = '{}' }".to_owned(),
            "prefix.toml:2: a rule set has several rules",
        ),
        (
            "[[case]]\ntopic = 't'\nrules = { a = '', b = '' }\nevents = [{ event = '', matches = ['c'] }]"
                .to_owned(),
            "prefix.toml:2: no rule is named `c`",
        ),
        (format!("{error}at = '[]'"), "prefix.toml:2: the pattern does not contain `[]`"),
        (format!("{error}at = '{{}}'"), "prefix.toml:2: the pattern contains `{}` 2 times: say `nth`"),
        (format!("{error}at = '{{}}'\nnth = 3"), "prefix.toml:2: the pattern contains `{}` 2 times"),
        (format!("{error}nth = 1"), "prefix.toml:2: `nth` needs `at`"),
        (format!("{error}at = '}}{{'\noffset = 1"), "prefix.toml:2: an error has `at` or `offset`, not both"),
        ("[[error]]\ntopic = 't'\npattern = '{}'".to_owned(), "prefix.toml:1:1: missing field `code`"),
        ("[[case]".to_owned(), "prefix.toml:1:8: "),
    ] {
        let found = toml_error(&text);
        assert!(found.starts_with(message), "{text}\n  gives {found}\n  wanted {message}");
    }
}

#[test]
fn json_lines_are_read() {
    let file = Path::new("other.jsonl");
    let cases = parse_json_lines(
        file,
        concat!(
            r#"{"id":"a","topic":"t","pattern":"{\"a\":[\"\\u0062\"]}","event":"{}","valid":true,"matches":false}"#,
            "\n\n",
            r#"{"id":"b","topic":"t","pattern":"{","event":"{}","valid":false,"matches":null}"#,
            "\n",
            r#"{"id":"c","topic":"t","pattern":"{}","event":null,"valid":true,"matches":null}"#,
            "\n",
            r#"{"id":"d","topic":"t","pattern":"{}","event":"","valid":true,"matches":null}"#,
        ),
    )
    .unwrap();
    let found: Vec<_> =
        cases.iter().map(|c| (c.id.as_str(), c.line, c.event.as_deref(), &c.expect)).collect();
    assert_eq!(
        found,
        [
            ("a", 1, Some(b"{}".as_slice()), &Expect::Matches(false)),
            ("b", 3, None, &Expect::PatternRejected { code: None, at: None }),
            ("c", 4, None, &Expect::PatternAccepted),
            ("d", 5, Some(b"".as_slice()), &Expect::EventRejected { code: None, offset: None }),
        ]
    );
    assert_eq!(cases[0].pattern, br#"{"a":["\u0062"]}"#);
    for (line, message) in [
        (
            r#"{"id":"a","topic":"t","pattern":"","valid":false,"matches":true}"#,
            "other.jsonl:1: `matches` needs",
        ),
        (
            r#"{"id":"a","topic":"t","pattern":"","valid":true,"match":true}"#,
            "other.jsonl:1:55: unknown field `match`",
        ),
    ] {
        let found = parse_json_lines(file, line).unwrap_err().to_string();
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn directory_is_read_in_order_and_must_have_cases() {
    let dir = std::env::temp_dir().join(format!("galop-cases-{}", std::process::id()));
    let empty = dir.join("empty");
    fs::create_dir_all(&empty).unwrap();
    assert!(read(&empty).unwrap_err().to_string().ends_with("no file of cases in this directory"));
    for name in ["suffix.toml", "exists.toml", "prefix.toml"] {
        fs::write(
            dir.join(name),
            "[[case]]\ntopic = \"t\"\npattern = '{\"a\":[1]}'\nmatch = ['{\"a\":1}']\n",
        )
        .unwrap();
    }
    fs::write(dir.join("README.md"), "no cases").unwrap();
    let files: Vec<_> = read(&dir).unwrap().into_iter().map(|case| case.file).collect();
    fs::remove_dir_all(&dir).unwrap();
    assert_eq!(files, ["exists.toml", "prefix.toml", "suffix.toml"].map(|name| dir.join(name)));
    let none = read(Path::new("no/such/file.toml")).unwrap_err().to_string();
    assert!(none.starts_with("no/such/file.toml: "), "{none}");
}
