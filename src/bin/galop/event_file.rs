//! Cuts input into events without validation: the bytes of an event reach the matcher unchanged,
//! valid or not.
//!
//! Three formats are told apart by content. In JSON lines, each line is an event, so an invalid
//! line does not affect others. In documents, objects of any number of lines or several on one
//! line, an event ends where its brackets close. In an array, each element is an event. Input is
//! JSON lines if its first line is one complete object, or if a string in its first line has no
//! end.
//!
//! The formats may follow each other in one input. Among JSON lines, a line that begins with `[`
//! begins an array. An object of a line that has no end goes on if the next line is indented or
//! begins with a closing bracket.
//!
//! JSON lines are cut at line breaks only, because that is several times as fast as a search for
//! the ends of objects. A line can thus hold several values: [`cut_line`] cuts such a line.

use std::fmt;
use std::io::{self, BufRead};
use std::ops::Range;

use crate::event_scan::Scan;
use crate::foreign::Foreign;
use crate::output::Report;
use crate::source::Input;

/// The maximum size of an event in bytes. At most one byte more of a longer event is kept.
pub(crate) const EVENT_LIMIT: usize = 64 << 20;

/// The number of bytes that decide on the format of an input that is not JSON.
const SNIFFED: usize = 512;

/// The events of one input.
pub(crate) struct Events<R> {
    input: R,
    shape: Shape,
    /// The line of the next byte, counted from one.
    line: u64,
    /// The offset of the next byte.
    offset: u64,
    /// The offset of the first byte of the line.
    line_start: u64,
    /// The line of the last event.
    last_line: u64,
}

/// The place of an event in its input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct EventPlace {
    /// The line where the event begins, counted from one.
    pub(crate) line: u64,
    /// The byte of that line, counted from one.
    pub(crate) column: u64,
    /// The number of bytes before the event.
    pub(crate) offset: u64,
    /// True if another event begins earlier on the line.
    pub(crate) shares_line: bool,
    /// True if the text is a line, which can hold several values.
    pub(crate) is_line: bool,
}

impl EventPlace {
    /// The place of an event that is the whole text.
    pub(crate) const START: EventPlace =
        EventPlace { line: 1, column: 1, offset: 0, shares_line: false, is_line: false };
}

/// The line, and the column if another event begins earlier on the line.
impl fmt::Display for EventPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.line)?;
        if self.shares_line { write!(f, ":{}", self.column) } else { Ok(()) }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shape {
    Unknown,
    Lines,
    Documents,
    /// Inside an array. `empty` is true before the first element. `among_lines` is true if JSON
    /// lines follow the array.
    Array {
        empty: bool,
        among_lines: bool,
    },
}

impl<R: BufRead> Events<R> {
    /// Returns the events of an input whose first byte has the offset `offset` in the file.
    pub(crate) fn new(input: R, offset: u64) -> Events<R> {
        Events { input, shape: Shape::Unknown, line: 1, offset, line_start: offset, last_line: 0 }
    }

    /// Appends the next event to `out`. Returns the place where the event begins, or `None` at the
    /// end of the input.
    pub(crate) fn next_into(&mut self, out: &mut Vec<u8>) -> Result<Option<EventPlace>, Report> {
        let line = self.line;
        self.next(out).map_err(|report| Report { line: report.line.or(Some(line)), ..report })
    }

    fn next(&mut self, out: &mut Vec<u8>) -> Result<Option<EventPlace>, Report> {
        loop {
            let Some(first) = self.skip_space()? else {
                if let Shape::Array { .. } = self.shape {
                    self.shape = Shape::Documents;
                    let message = "the array of events is not closed".to_owned();
                    return Err(Report {
                        line: Some(self.line),
                        code: "unclosed-array",
                        message,
                        help: None,
                    });
                }
                return Ok(None);
            };
            let mut place = EventPlace {
                line: self.line,
                column: self.offset - self.line_start + 1,
                offset: self.offset,
                shares_line: self.line == self.last_line,
                is_line: false,
            };
            match (self.shape, first) {
                (Shape::Unknown | Shape::Documents | Shape::Lines, b'[') => {
                    self.consume(1);
                    let among_lines = self.shape == Shape::Lines;
                    self.shape = Shape::Array { empty: true, among_lines };
                    continue;
                }
                (Shape::Array { empty: true, .. }, b']') => {
                    self.consume(1);
                    self.end_array();
                    continue;
                }
                (Shape::Unknown, b'{') => place.is_line = self.first_value(out)?,
                (Shape::Documents, b'{') => {
                    let mut scan = Scan::default();
                    self.document(out, &mut scan)?;
                }
                (Shape::Lines, b'{') => place.is_line = self.line_value(out)?,
                (Shape::Unknown, _) => {
                    let head = self.input.fill_buf()?;
                    if let Some(foreign) = Foreign::of_binary(&head[..head.len().min(SNIFFED)]) {
                        return Err(foreign.report());
                    }
                    self.rest_of_line(out)?;
                    self.shape = Shape::Lines;
                }
                (Shape::Lines | Shape::Documents, _) => {
                    self.rest_of_line(out)?;
                }
                (Shape::Array { .. }, _) => self.element(out)?,
            }
            self.last_line = place.line;
            return Ok(Some(place));
        }
    }

    fn end_array(&mut self) {
        let among_lines = matches!(self.shape, Shape::Array { among_lines: true, .. });
        self.shape = if among_lines { Shape::Lines } else { Shape::Documents };
    }

    /// Reads the first value, which decides on the format of the rest. Returns true if the value is
    /// a line.
    fn first_value(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let mut scan = Scan::default();
        let mut closed = false;
        self.take(out, |bytes| {
            let end = memchr::memchr(b'\n', bytes);
            let value_end = scan.value_end(&bytes[..end.unwrap_or(bytes.len())]);
            closed = value_end.is_some();
            value_end.or(end)
        })?;
        if closed {
            // Several values on one line can be a file without line breaks, of any size.
            let alone = matches!(self.skip_blanks_of_line()?, None | Some(b'\n'));
            self.shape = if alone { Shape::Lines } else { Shape::Documents };
            return Ok(false);
        }
        if scan.in_string() {
            self.shape = Shape::Lines;
            return Ok(true);
        }
        self.shape = Shape::Documents;
        self.document(out, &mut scan)?;
        Ok(false)
    }

    /// Reads an object of any number of lines. `scan` has the state of the part that is read.
    fn document(&mut self, out: &mut Vec<u8>, scan: &mut Scan) -> io::Result<()> {
        let start = out.len();
        self.take(out, |bytes| scan.value_end(bytes))?;
        if scan.is_cut() {
            // The object has no end. The next line decides on the format of the rest.
            out.truncate(start + out[start..].trim_ascii_end().len());
            self.shape = Shape::Unknown;
        }
        Ok(())
    }

    /// Reads a line among JSON lines that begins with `{`. Returns true if the text is a line, and
    /// false if it is an object of several lines.
    fn line_value(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let start = out.len();
        let more = self.rest_of_line(out)?;
        let last = out[start..].trim_ascii_end().last();
        if !more || matches!(last, Some(b'}' | b']')) || out.len() - start > EVENT_LIMIT {
            return Ok(true);
        }
        let mut scan = Scan::default();
        if scan.value_end(&out[start..]).is_some() || scan.in_string() {
            return Ok(true);
        }
        // The line break stays part of the text of an object that goes on.
        self.consume_line_break();
        if !matches!(self.peek()?, Some(b' ' | b'\t' | b'}' | b']')) {
            return Ok(true);
        }
        out.push(b'\n');
        scan.value_end(b"\n");
        self.take(out, |bytes| scan.value_end(bytes))?;
        if scan.is_cut() {
            out.truncate(start + out[start..].trim_ascii_end().len());
        }
        Ok(false)
    }

    /// Reads up to the line break. Returns true if there is one.
    fn rest_of_line(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        self.take(out, |bytes| memchr::memchr(b'\n', bytes))
    }

    /// Reads an element of an array, and the comma or bracket after the element.
    fn element(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        let mut scan = Scan::default();
        self.take(out, |bytes| scan.element_end(bytes))?;
        out.truncate(start + out[start..].trim_ascii_end().len());
        if scan.is_cut() {
            self.shape = Shape::Unknown;
            return Ok(());
        }
        if let Shape::Array { empty, .. } = &mut self.shape {
            *empty = false;
        }
        if let Some(byte) = self.peek()? {
            self.consume(1);
            if byte == b']' {
                self.end_array();
            }
        }
        Ok(())
    }

    /// Appends all bytes before the position that `end` finds. `end` is called with one chunk after
    /// the other. Returns true if `end` found a position.
    fn take(&mut self, out: &mut Vec<u8>, mut end: impl FnMut(&[u8]) -> Option<usize>) -> io::Result<bool> {
        let start = out.len();
        loop {
            if self.peek()?.is_none() {
                return Ok(false);
            }
            let chunk = self.input.fill_buf()?;
            let found = end(chunk);
            let taken = &chunk[..found.unwrap_or(chunk.len())];
            let room = (EVENT_LIMIT + 1).saturating_sub(out.len() - start);
            out.extend_from_slice(&taken[..taken.len().min(room)]);
            let length = taken.len();
            if let Some(last) = memchr::memrchr(b'\n', taken) {
                self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
                self.line_start = self.offset + last as u64 + 1;
            }
            self.consume(length);
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    /// Skips white space. Returns the byte after the white space without consuming it.
    fn skip_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.skip_blanks_of_line()? {
                Some(b'\n') => self.consume_line_break(),
                next => return Ok(next),
            }
        }
    }

    /// Skips white space up to the end of the line. Returns the byte after the white space without
    /// consuming it.
    fn skip_blanks_of_line(&mut self) -> io::Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            match byte {
                b' ' | b'\t' | b'\r' => self.consume(1),
                _ => return Ok(Some(byte)),
            }
        }
        Ok(None)
    }

    fn consume_line_break(&mut self) {
        self.consume(1);
        self.line += 1;
        self.line_start = self.offset;
    }

    fn consume(&mut self, length: usize) {
        self.input.consume(length);
        self.offset += length as u64;
    }

    /// Returns the next byte, and fills the buffer if it is empty.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Ok(chunk) => return Ok(chunk.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Events<Input> {
    /// Returns true if the next event needs a read, which may block.
    pub(crate) fn would_read(&self) -> bool {
        self.input.buffer().trim_ascii_start().is_empty()
    }
}

/// Returns true if a line that holds valid JSON holds more than one value. A line with one value
/// can return true if a string of the value looks like the end of an object.
pub(crate) fn may_hold_several(line: &[u8]) -> bool {
    memchr::memchr_iter(b'}', line)
        .any(|at| matches!(line[at + 1..].trim_ascii_start().first(), Some(b'{' | b'[')))
}

/// Cuts a line that begins with `{` into its values. Returns the range of each value in the line,
/// and the reason why the rest cannot be cut. Returns no ranges if the line is one value. After
/// `most` values, the rest of the line is one range.
pub(crate) fn cut_line(line: &[u8], most: usize) -> (Vec<Range<usize>>, Option<Report>) {
    let alone = match Scan::default().value_end(line) {
        None => true,
        Some(end) => line[end..].trim_ascii().is_empty(),
    };
    if alone {
        return (Vec::new(), None);
    }
    let mut events = Events { shape: Shape::Documents, ..Events::new(line, 0) };
    let (mut value, mut ranges) = (Vec::new(), Vec::new());
    loop {
        value.clear();
        match events.next_into(&mut value) {
            Ok(Some(place)) => {
                let start = place.offset as usize;
                if ranges.len() == most {
                    ranges.push(start..line.len());
                    return (ranges, None);
                }
                ranges.push(start..start + value.len());
            }
            Ok(None) => return (ranges, None),
            Err(report) => return (ranges, Some(report)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::{EVENT_LIMIT, Events, cut_line, may_hold_several};

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
    fn values_behind_each_other_are_events() {
        assert_eq!(texts("{\"a\":1}{\"a\":2}"), ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(texts("{\"a\":1} {\"a\":2}\n{}{}\n"), ["{\"a\":1}", "{\"a\":2}", "{}", "{}"]);
        assert_eq!(texts("{\"a\":1}[{\"a\":2},{}]{}"), ["{\"a\":1}", "{\"a\":2}", "{}", "{}"]);
        assert_eq!(texts("{\"a\":1} x"), ["{\"a\":1}", "x"]);
    }

    #[test]
    fn arrays_and_objects_of_several_lines_may_follow_lines() {
        let text =
            "{\"a\":1}\n[\n{\"a\":2},\n{}\n]\n{\"a\":3}\n{\n  \"b\": [\n    {}\n  ]\n}\n{\n}\n{\"a\":4}\n";
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
    fn event_without_end_does_not_swallow_the_next_line() {
        let good = "{\"b\":1}";
        for bad in ["{\"a\":1", "{\"a\":[1,", "{\"a\":", "{\"a\":{\"b\":\"c", "{\"a\":tru", "[{\"a\":1", "{"]
        {
            assert_eq!(texts(&format!("{good}\n{bad}\n{good}\n{good}")).len(), 4, "{bad}");
        }
        // A first line whose brackets are open can be a document, if the next line can go on with it.
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
        assert!(may_hold_several(b"{} \t{}") && may_hold_several(b"{}[") && !may_hold_several(b"{\"a\":{}}"));
    }
}
