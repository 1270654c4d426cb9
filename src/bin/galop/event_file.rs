//! Cuts input into events without validation: the bytes of an event reach the matcher unchanged,
//! valid or not.
//!
//! The content decides between three formats:
//!
//! - JSON lines: each line is an event, so an invalid line does not affect other lines. Input is JSON
//!   lines if its first line is one complete object, or if a string in its first line has no end.
//! - Documents: objects over several lines, or several objects on one line. An event ends with its last
//!   closing bracket.
//! - An array: each element is an event.
//!
//! One input can change its format. Among JSON lines, a line that begins with `[` begins an array. An
//! object without an end on its line continues on the next line, if the next line is indented or begins
//! with a closing bracket.
//!
//! JSON lines are cut at line breaks only, because a search for line breaks is faster than a search for
//! the ends of objects. A line can thus hold several values: [`cut_line`] cuts the line.

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

    /// Returns the place of the value that begins `start` bytes after the begin of a line.
    pub(crate) fn within_line(self, start: usize) -> EventPlace {
        EventPlace {
            column: self.column + start as u64,
            offset: self.offset + start as u64,
            shares_line: self.shares_line || start > 0,
            ..self
        }
    }
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
                    let report = Report::new("unclosed-array", "the array of events is not closed");
                    return Err(Report { line: Some(self.line), ..report });
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
            trim_end(out, start);
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
            trim_end(out, start);
        }
        Ok(false)
    }

    /// Reads up to the line break. Returns true if there is one.
    fn rest_of_line(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        // `take` would search the text for line breaks again.
        self.copy(out, |bytes| memchr::memchr(b'\n', bytes))
    }

    /// Reads an element of an array, and the comma or bracket after the element.
    fn element(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        let mut scan = Scan::default();
        self.take(out, |bytes| scan.element_end(bytes))?;
        trim_end(out, start);
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

    /// Appends all bytes before the position that `end` finds, and counts their lines.
    fn take(&mut self, out: &mut Vec<u8>, mut end: impl FnMut(&[u8]) -> Option<usize>) -> io::Result<bool> {
        let (mut line, mut line_start, mut offset) = (self.line, self.line_start, self.offset);
        let found = self.copy(out, |chunk| {
            let found = end(chunk);
            let taken = &chunk[..found.unwrap_or(chunk.len())];
            if let Some(last) = memchr::memrchr(b'\n', taken) {
                line += memchr::memchr_iter(b'\n', taken).count() as u64;
                line_start = offset + last as u64 + 1;
            }
            offset += taken.len() as u64;
            found
        });
        (self.line, self.line_start) = (line, line_start);
        found
    }

    /// Appends all bytes before the position that `end` finds. `end` is called with one chunk after
    /// the other. Returns true if `end` found a position.
    fn copy(&mut self, out: &mut Vec<u8>, mut end: impl FnMut(&[u8]) -> Option<usize>) -> io::Result<bool> {
        let start = out.len();
        loop {
            if self.peek()?.is_none() {
                return Ok(false);
            }
            let chunk = self.input.fill_buf()?;
            let found = end(chunk);
            let length = found.unwrap_or(chunk.len());
            let room = (EVENT_LIMIT + 1).saturating_sub(out.len() - start);
            out.extend_from_slice(&chunk[..length.min(room)]);
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

/// Removes the white space at the end of the event that begins at `start`.
fn trim_end(out: &mut Vec<u8>, start: usize) {
    out.truncate(start + out[start..].trim_ascii_end().len());
}

impl Events<Input> {
    /// Returns true if the next event needs a read, which may block.
    pub(crate) fn would_read(&self) -> bool {
        self.input.buffer().trim_ascii_start().is_empty()
    }
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
mod tests;
