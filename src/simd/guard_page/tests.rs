//! Tests that no reader depends on bytes outside of the text, or reads memory that does not exist.

use std::fmt::Debug;
use std::path::Path;

use super::Guarded;
use crate::json::number::{self, Comparable};
use crate::json::string;
use crate::tuning::{Kernel, Toggle, Tuning};
use crate::{EventError, Matcher, RuleId, RuleSet, Scratch};

/// The length of the longest generated text.
const LONGEST: usize = 300;

/// Patterns with every operator, for the paths of the generated texts.
const PATTERNS: [&str; 12] = [
    r#"{"a":[{"exists":true}]}"#,
    r#"{"a":["",1,true,null,"x",1e5,-0.5]}"#,
    r#"{"a":[{"prefix":"x"},{"suffix":"\\"}]}"#,
    r#"{"a":[{"wildcard":"*x*\\\\*"}]}"#,
    r#"{"a":[{"equals-ignore-case":"X"}]}"#,
    r#"{"a":[{"numeric":[">",5]}]}"#,
    r#"{"a":[{"cidr":"10.0.0.0/8"}]}"#,
    r#"{"a":[{"anything-but":["x",""]}]}"#,
    r#"{"a":{"b":[1],"d":[{"exists":false}]}}"#,
    r#"{"detail":{"instance-id":[{"prefix":"i-"}],"a name of more than sixteen bytes":[1]}}"#,
    r#"{"list":{"of":[{"numeric":["<",3]}]}}"#,
    r#"{"not-there":["x"]}"#,
];

/// An event with every kind of value, longer than the longest generated text.
const EVENT: &str = concat!(
    r#"{"a":"10.1.2.3", "detail" : {"instance-id":"i-0\u0031\"\\","a name of more than sixteen bytes":1,"#,
    r#""b":[-1.5e+10,true,false,null,[],{},[[{"a.b":0}]]],"é":"😀\ud83d\ude00"},"list":[{"of":1},{"of":4}],"#,
    "\n\t\r \"blanks\":   12345678901234567890   ,",
    r#""a":{"b":1},"a":{"c":0.000001},"a.b":1,"a":[1,"x",[true,null,6.25,1E5,"x\\"]],"detail":{"x":[[],[[]]]}}"#,
);

/// Returns a text of this length: a start, a repeated part that is cut off, and an end.
fn filled(length: usize, start: &str, part: &str, end: &str) -> Option<Vec<u8>> {
    let room = length.checked_sub(start.len() + end.len())?;
    let filling = part.bytes().cycle().take(room);
    Some(start.bytes().chain(filling).chain(end.bytes()).collect())
}

/// Returns texts of every length: events, and texts that are nearly events.
fn texts() -> impl Iterator<Item = Vec<u8>> {
    assert!(EVENT.len() > LONGEST);
    (0..=LONGEST).flat_map(|length| {
        let whole = [
            ("{\"a\":\"", "x", "\"}"),
            ("{\"a\":\"", "é", "\"}"),
            ("{\"a\":\"", "\\\\", "\"}"),
            ("{\"a\":\"", "\\u0078", "\"}"),
            ("{\"a\":1", "23456", "}"),
            ("{\"a\":0.", "0", "1}"),
            ("{\"a\":1", " ", "}"),
            ("{\"a\":1}", "\n", ""),
            ("{\"a\":[1", ",\"x\"", "]}"),
            ("{\"a\":[{\"b\":1}", ",[]", "]}"),
            ("{\"", "n", "\":[{}],\"a\":true}"),
            ("{\"a.b\":1", ",\"list.of\":2", "}"),
        ];
        // Texts that are not events and end inside of a token or container.
        let broken = [
            ("{\"a\":\"", "x", ""),
            ("{\"a\":\"", "\\u0078", ""),
            ("{\"a\":\"", "x", "\\"),
            ("{\"a\":\"", "x", "\\u00"),
            ("{\"", "n", ""),
            ("{\"a\":", "1", ""),
            ("{\"a\":", "1", ".5e"),
            ("{\"a\":-", " ", "tru"),
            ("{\"a\":", "[", ""),
            ("", "{\"a\":", ""),
            ("{\"a\":[]", "]", ""),
            ("{\"a\":\"x\"", ",", ""),
            ("", "\"", ""),
            ("", "\\", ""),
            ("", ":", ""),
            ("", " ", ""),
            ("", " ", "{"),
        ];
        let made = whole.into_iter().chain(broken);
        let made = made.filter_map(move |(start, part, end)| filled(length, start, part, end));
        let half = filled(length, "{\"a\":\"", "x", "").map(|mut text| {
            // The first three bytes of a character of four bytes.
            text.extend_from_slice(&[0xF0, 0x9F, 0x98]);
            text
        });
        made.chain(half).chain([EVENT.as_bytes()[..length].to_vec()])
    })
}

type Answer = Result<Vec<RuleId>, EventError>;

/// A matcher with one way to read events.
#[derive(Debug)]
struct Way {
    reader: Reader,
    matcher: Matcher,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reader {
    TokenByToken,
    Checking(Kernel),
    Trusting(Kernel),
    /// A trusting reader for names that are distinct and have no dots.
    Stopping(Kernel),
}

impl Way {
    fn new(reader: Reader, rules: &RuleSet) -> Way {
        let mut builder = Matcher::builder();
        match reader {
            Reader::TokenByToken => builder.tuning(Tuning { fast_reader: Toggle::Off, ..Tuning::default() }),
            Reader::Checking(kernel) => builder.kernel(kernel),
            Reader::Trusting(kernel) => builder.kernel(kernel).trusted(true),
            Reader::Stopping(kernel) => builder.kernel(kernel).trusted(true).distinct_names(true),
        };
        Way { reader, matcher: builder.build(rules).unwrap() }
    }
}

/// Matchers of the same rules with every kernel and every way to read an event. The first one
/// defines the expected answer.
struct Ways {
    ways: Vec<Way>,
    scratch: Scratch,
    guarded: Guarded,
}

impl Ways {
    fn new(rules: &RuleSet, longest: usize) -> Ways {
        let kernels = Kernel::ALL.into_iter().filter(|kernel| kernel.is_available());
        let readers = kernels.flat_map(|kernel| {
            [Reader::Checking(kernel), Reader::Trusting(kernel), Reader::Stopping(kernel)]
        });
        let ways = [Reader::TokenByToken].into_iter().chain(readers).map(|reader| Way::new(reader, rules));
        Ways { ways: ways.collect(), scratch: Scratch::new(), guarded: Guarded::new(longest) }
    }

    /// Returns the answer. Asserts that the answer does not depend on the position of the event,
    /// and on the reader as far as its answer is defined.
    fn answer(&mut self, event: &[u8]) -> Answer {
        let Ways { ways, scratch, guarded } = self;
        let mut ask = |way: &Way, event: &[u8]| way.matcher.matches(scratch, event).map(<[RuleId]>::to_vec);
        let expected: Answer = ask(&ways[0], event);
        for way in ways.iter() {
            let elsewhere = ask(way, event);
            let shown = || format!("{:?}: {}", way.reader, String::from_utf8_lossy(event));
            assert_eq!(ask(way, guarded.at_end(event)), elsewhere, "before a guard, {}", shown());
            assert_eq!(ask(way, guarded.at_start(event)), elsewhere, "after a guard, {}", shown());
            let is_defined = match way.reader {
                Reader::TokenByToken | Reader::Checking(_) => true,
                Reader::Trusting(_) => expected.is_ok(),
                // Some events here have repeated names, so the answer is unspecified.
                Reader::Stopping(_) => false,
            };
            assert!(!is_defined || elsewhere == expected, "{elsewhere:?} {expected:?} {}", shown());
        }
        expected
    }
}

#[test]
fn answers_do_not_depend_on_position_for_any_length() {
    let mut rules = RuleSet::new();
    for pattern in PATTERNS {
        rules.add(pattern).unwrap();
    }
    let mut ways = Ways::new(&rules, EVENT.len());
    let (mut valid, mut broken, mut matches) = (0, 0, 0);
    for text in texts() {
        match ways.answer(&text) {
            Ok(ids) => (valid, matches) = (valid + 1, matches + ids.len()),
            Err(_) => broken += 1,
        }
    }
    let all_but_the_last = (0..PATTERNS.len() as u32 - 1).map(RuleId::new);
    assert_eq!(ways.answer(EVENT.as_bytes()), Ok(all_but_the_last.collect()));
    assert!(valid > 2_000 && broken > 6_000 && matches > 6_000, "{valid} {broken} {matches}");
}

/// Returns the lines of the files in a folder of the corpus.
fn lines(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .flat_map(|file| {
            std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn answers_do_not_depend_on_position_for_the_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("corpus").exists() {
        // Cargo adds this file to a package, which has no corpus.
        assert!(root.join("Cargo.toml.orig").exists(), "the repository has a corpus");
        return;
    }
    let mut rules = RuleSet::new();
    for line in lines("rulesets") {
        let rule: serde_json::Value = serde_json::from_str(&line).unwrap();
        rules.add(&rule["pattern"].to_string()).unwrap();
    }
    let events = lines("events");
    let mut ways = Ways::new(&rules, events.iter().map(String::len).max().unwrap());
    let matches: usize = events.iter().map(|event| ways.answer(event.as_bytes()).unwrap().len()).sum();
    assert!(matches > events.len() / 2, "{matches}");
}

/// Asserts that the result of a function does not depend on the position of the text.
fn everywhere<T: Debug + PartialEq>(guarded: &mut Guarded, text: &[u8], function: impl Fn(&[u8]) -> T) {
    let expected = function(text);
    assert_eq!(function(guarded.at_end(text)), expected, "{}", String::from_utf8_lossy(text));
    assert_eq!(function(guarded.at_start(text)), expected, "{}", String::from_utf8_lossy(text));
}

#[test]
fn pattern_results_do_not_depend_on_position() {
    let mut guarded = Guarded::new(LONGEST);
    for pattern in PATTERNS {
        for length in 0..=pattern.len() {
            everywhere(&mut guarded, &pattern.as_bytes()[..length], |text| RuleSet::new().add_bytes(text));
        }
    }
}

#[test]
fn number_results_do_not_depend_on_position() {
    let mut guarded = Guarded::new(LONGEST);
    let mut read = 0;
    for length in 0..=40 {
        for (start, part, end) in [
            ("", "7", ""),
            ("-", "7", ""),
            ("0.", "1", ""),
            ("1", "0", ".0"),
            ("3", ".", "5"),
            ("12", "3", "e+10"),
            ("12", "3", "e"),
            ("1e-", "2", ""),
            ("1", "2", "."),
            ("-", "-", ""),
            ("", "6", "x"),
            ("", "6", "\u{ff}"),
        ] {
            let Some(text) = filled(length, start, part, end) else { continue };
            everywhere(&mut guarded, &text, number::run);
            everywhere(&mut guarded, &text, number::end);
            everywhere(&mut guarded, &text, number::is_valid);
            if let Some(end) = number::end(&text) {
                everywhere(&mut guarded, &text, Comparable::parse_short);
                everywhere(&mut guarded, &text[..end], Comparable::parse);
                read += 1;
            }
        }
    }
    assert!(read > 6 * 40, "{read}");
}

#[test]
fn string_results_do_not_depend_on_position() {
    let mut guarded = Guarded::new(LONGEST);
    let decoded = |text: &[u8]| {
        let mut out = Vec::new();
        string::decode(text, &mut out);
        out
    };
    let cesu8 = |text: &[u8]| {
        let mut out = Vec::new();
        string::to_cesu8(text, &mut out);
        out
    };
    for length in 0..=LONGEST {
        for (part, end) in [
            ("x", ""),
            ("x", "\""),
            ("x", "\\"),
            ("x", "\\u"),
            ("x", "\\u0"),
            ("x", "\\u00e"),
            ("x", "\\u00e9"),
            ("x", "\\ud83d"),
            ("x", "\\ud83d\\u"),
            ("x", "\\ud83d\\ude0"),
            ("x", "\\ud83d\\ude00"),
            ("\\n", "\\x"),
            ("é", "😀"),
            ("\\ud83d\\ude00", "\n"),
        ] {
            let Some(text) = filled(length, "", part, end) else { continue };
            let quoted = [b"\"", &text[..]].concat();
            if length < LONGEST {
                everywhere(&mut guarded, &quoted, |text| string::scan(text).map_err(|fault| fault.at(0)));
            }
            everywhere(&mut guarded, &text, string::is_escape);
            everywhere(&mut guarded, &text, decoded);
            let wtf8 = decoded(&text);
            everywhere(&mut guarded, &wtf8, cesu8);
            everywhere(&mut guarded, &wtf8, string::has_surrogate);
            everywhere(&mut guarded, &wtf8, |copy| string::compare_units(copy, &wtf8));
        }
    }
}
