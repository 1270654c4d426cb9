use std::io::{BufReader, Cursor};
use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{EVENT_LIMIT, Events, cut_line};

/// Returns the events of a text, each with its line. Asserts that chunks of every size give the
/// same events.
fn events(text: &[u8]) -> Vec<(u64, String)> {
    let read = |chunk: usize| {
        let input = Cursor::new(text.to_vec());
        let mut events = Events::new(BufReader::with_capacity(chunk, input), 0);
        let mut found = Vec::new();
        loop {
            let mut event = Vec::new();
            match events.next_into(&mut event) {
                Ok(Some(place)) => {
                    let start = place.offset as usize;
                    assert_eq!(text[start..start + event.len()], event, "the offset is right");
                    let mut before = text[..start].split(|byte| *byte == b'\n');
                    assert_eq!(place.column as usize, before.next_back().unwrap().len() + 1);
                    found.push((place.line, String::from_utf8_lossy(&event).into_owned()));
                }
                Ok(None) => return found,
                Err(report) => found.push((report.line.unwrap(), report.code.to_owned())),
            }
        }
    };
    let found = read(1 << 16);
    for chunk in 1..=text.len() {
        assert_eq!(read(chunk), found, "in chunks of {chunk}");
    }
    found
}

fn texts(text: &str) -> Vec<String> {
    events(text.as_bytes()).into_iter().map(|(_, event)| event).collect()
}

#[test]
fn each_line_is_an_event() {
    let found = events(b"\n {\"a\":\"\\\"{\"}\r\n\t\n{]\n\"x\n{}{}\n{");
    let expected = [(2, "{\"a\":\"\\\"{\"}"), (4, "{]"), (5, "\"x"), (6, "{}{}"), (7, "{")];
    assert_eq!(found, expected.map(|(line, event)| (line, event.to_owned())));
    assert_eq!(texts(""), [""; 0]);
    assert_eq!(texts(" \r\n\t"), [""; 0]);
}

#[test]
fn line_with_an_open_string_is_one_event() {
    assert_eq!(texts("{\"a\":\"b\n{\"a\":1}\n"), ["{\"a\":\"b", "{\"a\":1}"]);
    assert_eq!(texts("{\"a\":\"b\\\n{\"a\":1}\n"), ["{\"a\":\"b\\", "{\"a\":1}"]);
}

#[test]
fn object_over_several_lines_ends_with_its_bracket() {
    let first = "{\n \"a\": [\"}\\\"\", {}]\n}";
    let found = events(format!("{first}\n{{\n}}{first} x\n{{").as_bytes());
    let expected = [(1, first), (4, "{\n}"), (5, first), (7, "x"), (8, "{")];
    assert_eq!(found, expected.map(|(line, event)| (line, event.to_owned())));
}

#[test]
fn array_elements_are_events() {
    assert_eq!(texts("[]"), [""; 0]);
    assert_eq!(texts("[ {\"a\":[1,2]} , {\n} ]\n"), ["{\"a\":[1,2]}", "{\n}"]);
    assert_eq!(texts("[{\"a\":\"],\"}][{}] {\"b\":1}"), ["{\"a\":\"],\"}", "{}", "{\"b\":1}"]);
    assert_eq!(texts("[{} {},5,{}]"), ["{} {}", "5", "{}"]);
    assert_eq!(texts("[{},]"), ["{}", ""]);
}

#[test]
fn unclosed_array_is_an_error() {
    assert_eq!(texts("[{},\n{}"), ["{}", "{}", "unclosed-array"]);
    assert_eq!(texts("["), ["unclosed-array"]);
}

#[test]
fn bytes_that_are_not_utf8_are_kept() {
    let mut events = Events::new(&b"{\"a\":\"\xff\0\"}\n"[..], 0);
    let mut event = Vec::new();
    assert_eq!(events.next_into(&mut event).unwrap().unwrap().line, 1);
    assert_eq!(event, b"{\"a\":\"\xff\0\"}");
}

#[test]
fn too_long_event_keeps_one_byte_over_the_limit() {
    let mut text = vec![b' '; EVENT_LIMIT + 500];
    text[0] = b'"';
    text.extend_from_slice(b"\n{}");
    let mut events = Events::new(&text[..], 0);
    let mut event = Vec::new();
    assert_eq!(events.next_into(&mut event).unwrap().unwrap().line, 1);
    assert_eq!(event.len(), EVENT_LIMIT + 1);
    event.clear();
    assert_eq!(events.next_into(&mut event).unwrap().unwrap().line, 2);
    assert_eq!(event, b"{}");
}

#[test]
fn several_values_on_a_line_are_events() {
    assert_eq!(texts("{\"a\":1}{\"a\":2}"), ["{\"a\":1}", "{\"a\":2}"]);
    assert_eq!(texts("{\"a\":1} {\"a\":2}\n{}{}\n"), ["{\"a\":1}", "{\"a\":2}", "{}", "{}"]);
    assert_eq!(texts("{\"a\":1}[{\"a\":2},{}]{}"), ["{\"a\":1}", "{\"a\":2}", "{}", "{}"]);
    assert_eq!(texts("{\"a\":1} x"), ["{\"a\":1}", "x"]);
}

#[test]
fn arrays_and_objects_of_several_lines_may_follow_lines() {
    let text = "{\"a\":1}\n[\n{\"a\":2},\n{}\n]\n{\"a\":3}\n{\n  \"b\": [\n    {}\n  ]\n}\n{\n}\n{\"a\":4}\n";
    let found = events(text.as_bytes());
    let expected = [
        (1, "{\"a\":1}"),
        (3, "{\"a\":2}"),
        (4, "{}"),
        (6, "{\"a\":3}"),
        (7, "{\n  \"b\": [\n    {}\n  ]\n}"),
        (12, "{\n}"),
        (14, "{\"a\":4}"),
    ];
    assert_eq!(found, expected.map(|(line, event)| (line, event.to_owned())));
}

#[test]
fn event_without_end_does_not_contain_the_next_line() {
    let good = "{\"b\":1}";
    for bad in ["{\"a\":1", "{\"a\":[1,", "{\"a\":", "{\"a\":{\"b\":\"c", "{\"a\":tru", "[{\"a\":1", "{"] {
        assert_eq!(texts(&format!("{good}\n{bad}\n{good}\n{good}")).len(), 4, "{bad}");
    }
    // A first line with open brackets can be a document, if the next line can continue the document.
    for bad in ["{\"a\":1", "{\"a\":{\"b\":\"c", "{\"a\":{\"b\":tru", "[{\"a\":1", "{"] {
        let found = texts(&format!("{bad}\n{good}\n{good}"));
        assert_eq!(found[found.len() - 2..], [good, good], "{bad}");
        let document = "{\n \"c\": {\n }\n}";
        let found = texts(&format!("{document}\n{bad}\n{good}\n{document}"));
        assert_eq!(found[found.len() - 2..], [good, document], "{bad}");
    }
}

#[test]
fn line_is_cut_into_its_values() {
    let cut = |line: &str| {
        let (ranges, rest) = cut_line(line.as_bytes(), 9);
        (ranges.into_iter().map(|range| line[range].to_owned()).collect::<Vec<_>>(), rest.is_some())
    };
    let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
    for line in ["{}", "{\"a\":\"}{\"} \r", "{", "{\"a\":1"] {
        assert_eq!(cut(line), (Vec::new(), false), "{line}");
    }
    assert_eq!(cut("{} {\"a\":1}"), (values(&["{}", "{\"a\":1}"]), false));
    assert_eq!(cut("{}[{},{}] {}"), (values(&["{}", "{}", "{}", "{}"]), false));
    assert_eq!(cut("{\"a\":tru}{}"), (values(&["{\"a\":tru}", "{}"]), false));
    assert_eq!(cut("{},{}"), (values(&["{}", ",{}"]), false));
    assert_eq!(cut("{}[{}"), (values(&["{}", "{}"]), true));
    assert_eq!(cut_line(b"{} {} {}{}", 2).0, [0..2, 3..5, 6..10]);
}

/// Returns the spans of the events that are read in chunks of a size.
fn spans(text: &[u8], chunk: usize) -> Vec<Range<usize>> {
    let mut events = Events::new(BufReader::with_capacity(chunk, text), 0);
    let (mut spans, mut event) = (Vec::new(), Vec::new());
    loop {
        event.clear();
        match events.next_into(&mut event) {
            Ok(Some(place)) => {
                let start = place.offset as usize;
                assert_eq!(text[start..start + event.len()], event);
                let breaks = text[..start].iter().filter(|byte| **byte == b'\n').count() as u64;
                assert_eq!(place.line, breaks + 1);
                spans.push(start..start + event.len());
            }
            Ok(None) => return spans,
            Err(report) => assert_eq!(report.code, "unclosed-array"),
        }
    }
}

/// Asserts that the spans are in order, and that only separators are between them.
fn assert_complete(text: &[u8], spans: &[Range<usize>]) {
    let mut at = 0;
    let end = text.len()..text.len();
    for span in spans.iter().chain(std::iter::once(&end)) {
        let between = &text[at..span.start];
        assert!(
            between.iter().all(|byte| b" \n[],".contains(byte)),
            "{:?}",
            String::from_utf8_lossy(between)
        );
        at = span.end;
    }
}

proptest! {
    #[test]
    fn events_and_separators_are_the_input_in_chunks_of_every_size(
        parts in vec(select(&["{", "}", "[", "]", "\"", "\\", ",", "\n", " ", ":", "a", "{}", "{\"a\":1}\n"][..]), 0..24)
    ) {
        let text = parts.concat().into_bytes();
        let whole = spans(&text, 1 << 16);
        assert_complete(&text, &whole);
        for chunk in 1..=text.len() {
            prop_assert_eq!(&spans(&text, chunk), &whole, "in chunks of {}", chunk);
        }
        let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if line.starts_with(b"{") {
            let (values, rest) = cut_line(line, usize::MAX);
            if !values.is_empty() && rest.is_none() {
                assert_complete(line, &values);
            }
        }
    }
}
