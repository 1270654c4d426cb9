//! Finds the ends of JSON values in a text that comes in chunks, by brackets and strings alone.

/// The state of the search. In invalid JSON, the end is arbitrary, and the matcher reports the error.
///
/// A `{` at the start of a line begins a new value in two cases: in a string, because a string has no
/// line break, and after a text that no value may follow. The value before it is then cut, so an object
/// without end does not take the objects after it.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    is_cut: bool,
    /// The last byte that is not white space of the chunks before this one.
    last: u8,
    /// True if a line break follows `last`.
    line_break: bool,
    /// True if the last chunk ends with a line break in a string.
    string_break: bool,
}

impl Scan {
    pub(crate) fn in_string(&self) -> bool {
        self.in_string
    }

    /// Returns true if the value has no end and was cut before the next line.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Returns the offset after the object or array at the start of the text.
    pub(crate) fn value_end(&mut self, bytes: &[u8]) -> Option<usize> {
        self.find(bytes, |depth, byte, at| (depth == 0 && byte != b',').then_some(at + 1))
    }

    /// Returns the offset of the comma or bracket after an element of an array.
    pub(crate) fn element_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut open = self.depth;
        self.find(bytes, |depth, byte, at| {
            let is_outside = open == 0 && matches!(byte, b',' | b']');
            open = depth;
            is_outside.then_some(at)
        })
    }

    /// Counts the brackets of a chunk. `end` gets the depth, the byte and its offset after each bracket
    /// and comma, and returns the end of the value. The result of an opening bracket is ignored.
    fn find(
        &mut self,
        bytes: &[u8],
        mut end: impl FnMut(usize, u8, usize) -> Option<usize>,
    ) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at = match self.string_end(bytes, at) {
                    Ok(after) => after,
                    Err(cut) => return cut,
                };
                continue;
            }
            let byte = bytes[at];
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => {
                    if byte == b'{' && self.depth > 0 && self.begins_anew(bytes, at) {
                        self.is_cut = true;
                        return Some(at);
                    }
                    self.depth += 1;
                    // `element_end` stores the depth.
                    let _ = end(self.depth, byte, at);
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if let Some(end) = end(self.depth, byte, at) {
                        return Some(end);
                    }
                }
                b',' => {
                    if let Some(end) = end(self.depth, byte, at) {
                        return Some(end);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.remember(bytes);
        None
    }

    /// Returns the offset after the string, or the offset where the value is cut, or `None` at the
    /// end of the chunk.
    fn string_end(&mut self, bytes: &[u8], mut at: usize) -> Result<usize, Option<usize>> {
        if std::mem::take(&mut self.escaped) {
            at += usize::from(bytes[at] != b'\n');
        }
        if std::mem::take(&mut self.string_break) && bytes[at] == b'{' {
            self.is_cut = true;
            return Err(Some(at));
        }
        loop {
            let Some(next) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]) else {
                self.remember(bytes);
                return Err(None);
            };
            at += next + 1;
            match bytes[at - 1] {
                b'"' => {
                    self.in_string = false;
                    return Ok(at);
                }
                b'\\' if at == bytes.len() => {
                    self.escaped = true;
                    self.remember(bytes);
                    return Err(None);
                }
                // A line break after a backslash is a line break.
                b'\\' => at += usize::from(bytes[at] != b'\n'),
                _ if at == bytes.len() => self.string_break = true,
                _ if bytes[at] == b'{' => {
                    self.is_cut = true;
                    return Err(Some(at));
                }
                _ => {}
            }
        }
    }

    /// Returns true if the `{` at `at` is the first byte of its line, and no value may follow the
    /// text before it.
    fn begins_anew(&self, bytes: &[u8], at: usize) -> bool {
        let (last, line_break) = self.before(&bytes[..at]);
        line_break && !matches!(last, b',' | b'[' | b':')
    }

    fn remember(&mut self, bytes: &[u8]) {
        (self.last, self.line_break) = self.before(bytes);
    }

    /// Returns the last byte that is not white space, and true if a line break follows the byte.
    fn before(&self, bytes: &[u8]) -> (u8, bool) {
        let text = bytes.trim_ascii_end();
        let line_break = memchr::memchr(b'\n', &bytes[text.len()..]).is_some();
        match text.last() {
            Some(&last) => (last, line_break),
            None => (self.last, self.line_break || line_break),
        }
    }
}
