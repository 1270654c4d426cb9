//! The lines of a text, and the places of its bytes.

use std::cell::Cell;

use crate::pattern_text::{Place, line_starts};

/// The lines of a text.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
    /// The last requested offset, and the number of characters before it on its line. The cache
    /// keeps a text of one long line with many places linear, because places are requested in the
    /// order of the text.
    last: Cell<(usize, usize)>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Lines<'t> {
        Lines { text, starts: line_starts(text), last: Cell::default() }
    }

    /// Returns the offsets of the first bytes of the lines.
    pub(crate) fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// Returns the offset of the first byte of a line. Lines count from one.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts[line - 1]
    }

    /// Returns the line of an offset, counted from one.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    pub(crate) fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.line(offset);
        let line_start = self.start(line);
        let (last, before_last) = self.last.get();
        let (from, before) =
            if (line_start..=offset).contains(&last) { (last, before_last) } else { (line_start, 0) };
        // Each byte that is not a continuation byte begins a character.
        let characters = self.text[from..offset].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        self.last.set((offset, before + characters));
        Place { line, column: before + characters + 1 }
    }
}
