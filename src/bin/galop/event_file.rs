//! Cuts input into events without understanding them: the bytes of an event reach the matcher as they are, valid or
//! not.
//!
//! Three shapes are told apart by content. In JSON lines an event ends with its line, so that a broken one spoils
//! no other. In documents, objects of any number of lines, an event ends where its brackets close. An array is
//! transparent: its elements are events. Input is JSON lines if its first line is an object of its own, or can never
//! become one because a string in it does not end.

use std::io::{self, BufRead};

use crate::source::Input;

/// The most bytes that an event may have. Of a longer one, only one byte more is kept.
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
    /// Inside an array; nothing has come in it yet if `empty`.
    Array {
        empty: bool,
    },
}

impl Events {
    pub(crate) fn new(input: Input) -> Events {
        Events { input, shape: Shape::Unknown, line: 1 }
    }

    /// Whether asking for the next event reads, and may have to wait.
    pub(crate) fn would_read(&self) -> bool {
        self.input.buffer().trim_ascii_start().is_empty()
    }

    /// Appends the next event to `out`. Its first line is returned, or `None` at the end of the input.
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

    /// The first event, which decides on the shape of the rest.
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

    /// An element of an array, and the comma or bracket behind it.
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

    /// Appends everything before the place that `end` finds in one of the chunks that it is shown, one after the
    /// other. Whether such a place was found.
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

    /// Skips white space. The byte behind it stays unread.
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

    /// The next byte, read into the buffer if it is not there yet.
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

/// Follows brackets and strings through a text that comes in chunks. In text that is not JSON, what it finds is the
/// end of something, and the matcher will say what is wrong with it.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// The end of the object or array that the text begins with.
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

    /// The comma or bracket behind an element of an array.
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

    /// The next byte outside strings; `at` moves behind it.
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

    /// The events of a text, each with its line; the same for chunks of every size.
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
    fn a_line_that_is_cut_off_in_a_string_is_one_bad_event() {
        assert_eq!(texts("{\"a\":\"b\n{\"a\":1}\n"), ["{\"a\":\"b", "{\"a\":1}"]);
        assert_eq!(texts("{\"a\":\"b\\\n{\"a\":1}\n"), ["{\"a\":\"b\\", "{\"a\":1}"]);
    }

    #[test]
    fn an_object_over_several_lines_ends_where_its_brackets_close() {
        let first = "{\n \"a\": [\"}\\\"\", {}]\n}";
        let found = events(format!("{first}\n{{\n}}{first} x\n{{").as_bytes());
        let expected = [(1, first), (4, "{\n}"), (5, first), (7, "x"), (8, "{")];
        assert_eq!(found, expected.map(|(line, event)| (line, event.to_owned())));
    }

    #[test]
    fn the_elements_of_an_array_are_events() {
        assert_eq!(texts("[]"), [""; 0]);
        assert_eq!(texts("[ {\"a\":[1,2]} , {\n} ]\n"), ["{\"a\":[1,2]}", "{\n}"]);
        assert_eq!(texts("[{\"a\":\"],\"}][{}] {\"b\":1}"), ["{\"a\":\"],\"}", "{}", "{\"b\":1}"]);
        assert_eq!(texts("[{} {},5,{}]"), ["{} {}", "5", "{}"]);
        assert_eq!(texts("[{},]"), ["{}", ""]);
    }

    #[test]
    fn an_array_that_is_not_closed_is_an_error() {
        assert_eq!(texts("[{},\n{}"), ["{}", "{}", "line 2: the array of events is not closed"]);
        assert_eq!(texts("["), ["line 1: the array of events is not closed"]);
    }

    #[test]
    fn bytes_that_are_not_text_are_kept() {
        let mut events = Events::new(BufReader::new(Box::new(Cursor::new(b"{\"a\":\"\xff\0\"}\n".to_vec()))));
        let mut event = Vec::new();
        assert_eq!(events.next_into(&mut event).unwrap(), Some(1));
        assert_eq!(event, b"{\"a\":\"\xff\0\"}");
    }

    #[test]
    fn of_an_event_that_is_too_long_one_byte_more_is_kept() {
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
