use super::{Plain, Style, placed, plain};
use crate::lines::Lines;
use crate::pattern_text::Place;

#[test]
fn plain_scalars_have_the_value_of_both_versions() {
    let literal = |text: &str| Plain::Literal(text.to_owned());
    for (text, value) in [
        ("", "null"),
        ("~", "null"),
        ("True", "true"),
        ("FALSE", "false"),
        ("12", "12"),
        ("-1.50", "-1.50"),
        ("+3", "3"),
        (".5", "0.5"),
        ("1.", "1"),
        ("1.5e+3", "1.5e+3"),
        ("0", "0"),
        ("0.25", "0.25"),
    ] {
        assert_eq!(plain(text), literal(value), "{text}");
    }
    for text in ["aws.ec2", "2012-10-17", "1.2.3.4", "-", "10.0.0.0/8", "a:b", "1e", "12ab", "..", "true x"] {
        assert_eq!(plain(text), Plain::Text, "{text}");
    }
    for text in ["yes", "Off", "y", "012345678901", "007", "0x1F", "0o17", "1_000", "12:30:45", "1e3", ".inf"]
    {
        assert_eq!(plain(text), Plain::Unclear, "{text}");
    }
}

/// Asserts that each character of the value that is not white space is at its place of the spelling.
#[track_caller]
fn assert_places(text: &str, style: Style, source: &str) {
    // A block begins at its content.
    let content = source.trim_start_matches(['|', '>', '-', '2', '\r', '\n', ' ']);
    let start = if style == Style::Block {
        source.len() - content.len() - (text.trim_start_matches('\n').starts_with(' ') as usize)
    } else {
        0
    };
    let begin = Lines::new(source.as_bytes()).place(start);
    let lines: Vec<Vec<char>> = source.split('\n').map(|line| line.chars().collect()).collect();
    for (c, place) in placed(text, style, &source[start..], begin) {
        if !c.is_whitespace() {
            assert_eq!(lines[place.line - 1].get(place.column - 1), Some(&c), "{c} at {place:?} of {source}");
        }
    }
}

#[test]
fn characters_have_the_places_of_their_spelling() {
    assert_places("a b", Style::Plain, "a b # comment");
    assert_places("a b c", Style::Plain, "a b\n    c");
    assert_places("it is {}", Style::Single, "'it is {}'");
    assert_places("{\"ä\": 1}", Style::Single, "'{\"ä\": 1}'");
    assert_places("{\n  \"a\": 1\n}\n", Style::Block, "|\n      {\n        \"a\": 1\n      }\n");
    assert_places("\n a\nb\n", Style::Block, "|2\n\n   a\n  b\n");
    assert_places("{ \"a\": 1 }\n", Style::Block, ">-\n  {\n  \"a\": 1\n  }\n");
    assert_places("a\nb c", Style::Block, ">\r\n  a\r\n\r\n  b\r\n  c\r\n");
    assert_places("one two", Style::Double, "\"one \\\n   two\"");
    assert_places("[1]", Style::Json, "\"[1]\"");
}

#[test]
fn escapes_are_at_their_backslash() {
    let columns = |text, style, source| -> Vec<usize> {
        let placed = placed(text, style, source, Place { line: 1, column: 1 });
        placed.iter().map(|(_, place)| place.column).collect()
    };
    assert_eq!(columns("a\"b", Style::Double, r#""a\"b""#), [2, 3, 5]);
    assert_eq!(columns("a\u{e4}b", Style::Double, r#""a\xE4b""#), [2, 3, 7]);
    assert_eq!(columns("\u{1f600}b", Style::Json, r#""\ud83d\ude00b""#), [2, 14]);
    assert_eq!(columns("it's", Style::Single, "'it''s'"), [2, 3, 4, 6]);
}
