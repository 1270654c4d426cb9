//! Cuts input into events without validation: the bytes of an event reach the matcher unchanged,
//! valid or not.
//!
//! Three formats are told apart by content. In JSON lines, each line is an event, so an invalid
//! line does not affect others. In documents, objects of any number of lines, an event ends where
//! its brackets close. In an array, each element is an event. Input is JSON lines if its first line
//! is a complete object, or if a string in its first line has no end.

use std::io::{self, BufRead};

use crate::source::Input;

/// The maximum size of an event in bytes. At most one byte more of a longer event is kept.
pub(crate) const EVENT_LIMIT: usize = 64 << 20;

/// The events of one input.
pub(crate) struct Events {
    input: Input,
    shape: Shape,
    /// The line of the next byte, counted from one.
    line: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shape {
    Unknown,
    Lines,
    Documents,
    /// Inside an array. `empty` is true before the first element.
    Array {
        empty: bool,
    },
}

impl Events {
    pub(crate) fn new(input: Input) -> Events {
        Events { input, shape: Shape::Unknown, line: 1 }
    }

    /// Returns true if the next event needs a read, which may block.
    pub(crate) fn would_read(&self) -> bool {
        self.input.buffer().trim_ascii_start().is_empty()
    }

    /// Appends the next event to `out`. Returns the line where the event begins, or `None` at the
    /// end of the input.
    pub(crate) fn next_into(&mut self, out: &mut Vec<u8>) -> io::Result<Option<u64>> {
        loop {
            let Some(first) = self.skip_space()? else {
                if let Shape::Array { .. } = self.shape {
                    self.shape = Shape::Documents;
                    let message = format!("line {}: the array of events is not closed", self.line);
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
                }
                return Ok(None);
            };
            let line = self.line;
            match (self.shape, first) {
                (Shape::Unknown | Shape::Documents, b'[') => {
                    self.input.consume(1);
                    self.shape = Shape::Array { empty: true };
                }
                (Shape::Array { empty: true }, b']') => {
                    self.input.consume(1);
                    self.shape = Shape::Documents;
                }
                (Shape::Unknown, _) => {
                    self.first_line(out)?;
                    return Ok(Some(line));
                }
                (Shape::Documents, b'{') => {
                    let mut scan = Scan::default();
                    self.take(out, |bytes| scan.value_end(bytes))?;
                    return Ok(Some(line));
                }
                (Shape::Lines | Shape::Documents, _) => {
                    self.take(out, |bytes| memchr::memchr(b'\n', bytes))?;
                    return Ok(Some(line));
                }
                (Shape::Array { .. }, _) => {
                    self.element(out)?;
                    return Ok(Some(line));
                }
            }
        }
    }

    /// Reads the first event, which decides on the format of the rest.
    fn first_line(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut scan = Scan::default();
        let mut closed = false;
        let more = self.take(out, |bytes| {
            let end = memchr::memchr(b'\n', bytes);
            closed |= scan.value_end(&bytes[..end.unwrap_or(bytes.len())]).is_some();
            end
        })?;
        if closed || scan.depth == 0 || scan.in_string {
            self.shape = Shape::Lines;
        } else {
            self.shape = Shape::Documents;
            if more {
                self.take(out, |bytes| scan.value_end(bytes))?;
            }
        }
        Ok(())
    }

    /// Reads an element of an array, and the comma or bracket after the element.
    fn element(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        let mut scan = Scan::default();
        self.take(out, |bytes| scan.element_end(bytes))?;
        out.truncate(start + out[start..].trim_ascii_end().len());
        self.shape = Shape::Array { empty: false };
        if let Some(byte) = self.peek()? {
            self.input.consume(1);
            if byte == b']' {
                self.shape = Shape::Documents;
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
            let chunk = self.input.buffer();
            let found = end(chunk);
            let taken = &chunk[..found.unwrap_or(chunk.len())];
            let room = (EVENT_LIMIT + 1).saturating_sub(out.len() - start);
            out.extend_from_slice(&taken[..taken.len().min(room)]);
            self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
            let length = taken.len();
            self.input.consume(length);
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    /// Skips white space. Returns the byte after the white space without consuming it.
    fn skip_space(&mut self) -> io::Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return Ok(Some(byte)),
            }
            self.input.consume(1);
        }
        Ok(None)
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

/// Tracks brackets and strings in a text that comes in chunks. In invalid JSON, the found end is
/// arbitrary, and the matcher reports the error.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Returns the offset after the object or array at the start of the text.
    fn value_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            match self.next(bytes, &mut at)? {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Returns the offset of the comma or bracket after an element of an array.
    fn element_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            match self.next(bytes, &mut at)? {
                b',' | b']' if self.depth == 0 => return Some(at - 1),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    /// Returns the next byte outside strings, and sets `at` to the offset after the byte.
    fn next(&mut self, bytes: &[u8], at: &mut usize) -> Option<u8> {
        loop {
            if *at == bytes.len() {
                return None;
            }
            if self.escaped {
                self.escaped = false;
                *at += 1;
            }
            if self.in_string {
                *at += memchr::memchr2(b'"', b'\\', &bytes[*at..])? + 1;
                self.escaped = bytes[*at - 1] == b'\\';
                self.in_string = self.escaped;
            } else {
                let byte = bytes[*at];
                *at += 1;
                if byte != b'"' {
                    return Some(byte);
                }
                self.in_string = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::{EVENT_LIMIT, Events};

    /// Returns the events of a text, each with its line. Asserts that chunks of every size give the
    /// same events.
    fn events(text: &[u8]) -> Vec<(u64, String)> {
        let read = |chunk: usize| {
            let input = Cursor::new(text.to_vec());
            let mut events = Events::new(BufReader::with_capacity(chunk, Box::new(input)));
            let mut found = Vec::new();
            loop {
                let mut event = Vec::new();
                match events.next_into(&mut event) {
                    Ok(Some(line)) => found.push((line, String::from_utf8_lossy(&event).into_owned())),
                    Ok(None) => return found,
                    Err(error) => found.push((0, error.to_string())),
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
        let expected = [(2, "{\"a\":\"\\\"{\"}\r"), (4, "{]"), (5, "\"x"), (6, "{}{}"), (7, "{")];
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
        assert_eq!(texts("[{},\n{}"), ["{}", "{}", "line 2: the array of events is not closed"]);
        assert_eq!(texts("["), ["line 1: the array of events is not closed"]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_kept() {
        let mut events = Events::new(BufReader::new(Box::new(Cursor::new(b"{\"a\":\"\xff\0\"}\n".to_vec()))));
        let mut event = Vec::new();
        assert_eq!(events.next_into(&mut event).unwrap(), Some(1));
        assert_eq!(event, b"{\"a\":\"\xff\0\"}");
    }

    #[test]
    fn too_long_event_keeps_one_byte_over_the_limit() {
        let mut text = vec![b' '; EVENT_LIMIT + 500];
        text[0] = b'"';
        text.extend_from_slice(b"\n{}");
        let mut events = Events::new(BufReader::new(Box::new(Cursor::new(text))));
        let mut event = Vec::new();
        assert_eq!(events.next_into(&mut event).unwrap(), Some(1));
        assert_eq!(event.len(), EVENT_LIMIT + 1);
        event.clear();
        assert_eq!(events.next_into(&mut event).unwrap(), Some(2));
        assert_eq!(event, b"{}");
    }
}
