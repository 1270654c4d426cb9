//! The text of a pattern for the library, and the place of each of its bytes in the file.

use std::sync::Arc;

/// A pattern of a rule file.
#[derive(Clone, Debug)]
pub(crate) struct PatternText {
    /// The text for the library: the bytes of the file, or the decoded JSON string.
    pub(crate) text: String,
    pub(crate) file: Arc<str>,
    /// The place where the text begins. For a JSON string, the place after the quote.
    pub(crate) begin: Place,
    spelling: Spelling,
}

/// The spelling of a pattern in its file.
#[derive(Clone, Debug)]
enum Spelling {
    /// The text itself.
    Plain,
    /// A JSON string: its undecoded text without the quotes.
    Quoted(Box<str>),
    /// JSON that is made of another notation.
    Written(Arc<Written>),
}

/// The places of a text that the file spells in another notation.
#[derive(Clone, Debug)]
struct Written {
    /// The offsets where the places do not follow the one before, and the places there.
    steps: Vec<(usize, Place)>,
    source: Arc<SourceText>,
}

/// The text of a file, by lines.
#[derive(Debug)]
pub(crate) struct SourceText {
    text: Box<str>,
    starts: Vec<usize>,
}

impl SourceText {
    pub(crate) fn new(text: &str) -> SourceText {
        SourceText { starts: line_starts(text.as_bytes()), text: text.into() }
    }

    /// Returns a line. Lines count from one.
    fn line(&self, line: usize) -> &str {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        self.text.get(start..end).unwrap_or_default().trim_end_matches('\r')
    }
}

/// Returns the offsets of the first bytes of the lines.
pub(crate) fn line_starts(text: &[u8]) -> Vec<usize> {
    [0].into_iter().chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1)).collect()
}

/// A place in a file, counted from one. Columns count characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    /// Returns the place after the text.
    fn after(self, text: &str) -> Place {
        match text.rfind('\n') {
            None => Place { line: self.line, column: self.column + text.chars().count() },
            Some(at) => Place {
                line: self.line + text.matches('\n').count(),
                column: text[at + 1..].chars().count() + 1,
            },
        }
    }
}

impl PatternText {
    /// Returns the text of a pattern that is a JSON object in the file.
    pub(crate) fn plain(text: &str, file: &Arc<str>, begin: Place) -> PatternText {
        PatternText { text: text.to_owned(), file: Arc::clone(file), begin, spelling: Spelling::Plain }
    }

    /// Returns the text of a pattern that is a JSON string in the file. `string` includes the
    /// quotes; `begin` is the place of the first quote.
    pub(crate) fn quoted(
        string: &str,
        file: &Arc<str>,
        begin: Place,
    ) -> Result<PatternText, serde_json::Error> {
        let text = serde_json::from_str(string)?;
        let inside = string.strip_prefix('"').and_then(|string| string.strip_suffix('"'));
        let inside = inside.unwrap_or(string).into();
        let begin = Place { line: begin.line, column: begin.column + 1 };
        Ok(PatternText { text, file: Arc::clone(file), begin, spelling: Spelling::Quoted(inside) })
    }

    /// Returns the text of characters with their places.
    pub(crate) fn written(
        characters: impl IntoIterator<Item = (char, Place)>,
        file: &Arc<str>,
        begin: Place,
        source: &Arc<SourceText>,
    ) -> PatternText {
        let mut text = String::new();
        let mut steps = Vec::new();
        let mut next = None;
        for (c, place) in characters {
            if next != Some(place) {
                steps.push((text.len(), place));
            }
            text.push(c);
            next = Some(Place { column: place.column + 1, ..place });
        }
        let begin = steps.first().map_or(begin, |&(_, place)| place);
        let written = Written { steps, source: Arc::clone(source) };
        PatternText { text, file: Arc::clone(file), begin, spelling: Spelling::Written(Arc::new(written)) }
    }

    /// Returns a line of the file, if the file spells the pattern in another notation than JSON.
    pub(crate) fn source_line(&self, line: usize) -> Option<&str> {
        match &self.spelling {
            Spelling::Written(written) => Some(written.source.line(line)),
            Spelling::Plain | Spelling::Quoted(_) => None,
        }
    }

    /// Returns the place in the file of a byte of the text.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        match &self.spelling {
            Spelling::Plain => self.begin.after(before),
            // A JSON string has no line break.
            Spelling::Quoted(quoted) => {
                let column = self.begin.column + written_length(quoted, before.chars().count());
                Place { line: self.begin.line, column }
            }
            Spelling::Written(written) => {
                let steps = &written.steps;
                match steps[..steps.partition_point(|&(at, _)| at <= offset)].last() {
                    None => self.begin,
                    Some(&(at, place)) => {
                        let characters = self.text[at..offset].chars().count();
                        Place { column: place.column + characters, ..place }
                    }
                }
            }
        }
    }

    /// Returns the places in the file of some bytes of the text. One pass over the text finds all
    /// places, and each call of [`PatternText::place`] is a pass.
    pub(crate) fn places(&self, mut offsets: Vec<usize>) -> Places {
        offsets.sort_unstable();
        offsets.dedup();
        let mut places = Vec::with_capacity(offsets.len());
        let mut offsets = offsets.into_iter().peekable();
        let mut place = self.begin;
        let (mut quoted, mut steps) = match &self.spelling {
            Spelling::Plain => (None, [].iter().peekable()),
            Spelling::Quoted(quoted) => (Some(quoted.chars()), [].iter().peekable()),
            Spelling::Written(written) => (None, written.steps.iter().peekable()),
        };
        let is_plain = matches!(self.spelling, Spelling::Plain);
        for (at, c) in self.text.char_indices() {
            if let Some(&(_, step)) = steps.next_if(|&&(step, _)| step == at) {
                place = step;
            }
            while let Some(offset) = offsets.next_if(|offset| *offset < at + c.len_utf8()) {
                places.push((offset, place));
            }
            place = match (&mut quoted, c) {
                (None, '\n') if is_plain => Place { line: place.line + 1, column: 1 },
                (None, _) => Place { column: place.column + 1, ..place },
                (Some(quoted), _) => Place { column: place.column + next_length(quoted), ..place },
            };
        }
        places.extend(offsets.map(|offset| (offset, place)));
        Places(places)
    }

    /// Returns the line of the file of a line of the text. Lines count from one.
    pub(crate) fn file_line(&self, line: usize) -> usize {
        match self.spelling {
            Spelling::Plain => self.begin.line + line - 1,
            Spelling::Quoted(_) | Spelling::Written(_) => self.begin.line,
        }
    }
}

/// The places of some bytes of a pattern.
pub(crate) struct Places(Vec<(usize, Place)>);

impl Places {
    /// Returns the place of a byte, or `None` if the offset is not one of the offsets of
    /// [`PatternText::places`].
    pub(crate) fn get(&self, offset: usize) -> Option<Place> {
        let index = self.0.binary_search_by_key(&offset, |(offset, _)| *offset).ok()?;
        Some(self.0[index].1)
    }
}

/// Returns the number of undecoded characters of the first `count` characters of a JSON string.
fn written_length(quoted: &str, count: usize) -> usize {
    let mut rest = quoted.chars();
    (0..count).map(|_| next_length(&mut rest)).sum()
}

/// Returns the number of undecoded characters of the next character, and skips them. Returns zero at
/// the end.
fn next_length(rest: &mut std::str::Chars<'_>) -> usize {
    match rest.next() {
        None => 0,
        Some('\\') => match rest.next() {
            Some('u') => 6 + surrogate(rest),
            _ => 2,
        },
        Some(_) => 1,
    }
}

/// Reads the four digits of an escape. Returns the length of the second escape if the digits are a
/// high surrogate, and skips that escape.
fn surrogate(rest: &mut std::str::Chars<'_>) -> usize {
    let digits: String = rest.by_ref().take(4).collect();
    if matches!(u32::from_str_radix(&digits, 16), Ok(0xd800..0xdc00)) {
        rest.by_ref().take(6).count()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{PatternText, Place, SourceText};

    #[test]
    fn place_in_a_quoted_pattern_counts_escapes() {
        let string = r#""{\"\u0061\uD83D\uDE00\\n\":1}""#;
        let pattern = PatternText::quoted(string, &"f".into(), Place { line: 3, column: 10 }).unwrap();
        assert_eq!(pattern.text, "{\"a😀\\n\":1}");
        let column = |c: char| {
            let place = pattern.place(pattern.text.find(c).unwrap());
            assert_eq!(place.line, 3);
            string.chars().nth(place.column - 10).unwrap()
        };
        assert_eq!(column('{'), '{');
        assert_eq!(column('"'), '\\');
        assert_eq!(column('😀'), '\\');
        assert_eq!(column('n'), 'n');
        assert_eq!(column(':'), ':');
        assert_eq!(column('}'), '}');
    }

    #[test]
    fn place_in_a_plain_pattern_counts_lines() {
        let pattern = PatternText::plain("{\n \"ä\":1}", &"f".into(), Place { line: 3, column: 10 });
        assert_eq!(pattern.place(0), Place { line: 3, column: 10 });
        assert_eq!(pattern.place(3), Place { line: 4, column: 2 });
        assert_eq!(pattern.place(8), Place { line: 4, column: 6 });
        assert_eq!(pattern.place(99), Place { line: 4, column: 8 });
        assert_eq!(pattern.file_line(2), 4);
    }

    #[test]
    fn many_places_equal_single_places() {
        let plain = PatternText::plain("{\n \"ä\":\n1}", &"f".into(), Place { line: 3, column: 10 });
        let string = r#""{\"\u0061\uD83D\uDE00\\n\":1}""#;
        let quoted = PatternText::quoted(string, &"f".into(), Place { line: 3, column: 10 }).unwrap();
        let source = Arc::new(SourceText::new("ä:\n- |\n  b"));
        let at = |line, column| Place { line, column };
        let characters =
            [('{', at(1, 1)), ('"', at(1, 1)), ('ä', at(1, 1)), ('"', at(1, 2)), ('\n', at(2, 3))];
        let written = PatternText::written(characters, &"f".into(), at(1, 1), &source);
        for pattern in [plain, quoted, written] {
            let places = pattern.places((0..99).rev().collect());
            for offset in 0..99 {
                assert_eq!(places.get(offset), Some(pattern.place(offset)), "{offset} of {}", pattern.text);
            }
        }
    }
}
