//! The report of an error in a text: line, column, the line itself, and a row of carets below it.

use std::fmt::{self, Display};

use super::Span;

/// The maximum number of characters of a line that are shown. For a longer line, the report shows
/// the part around the position.
const WIDTH: usize = 100;

pub(crate) enum Severity {
    Error,
    Warning,
}

/// A message about a position in `text`.
pub(crate) struct Report<'a, M> {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: M,
    pub(crate) help: Option<String>,
    /// The text, which need not be UTF-8.
    pub(crate) text: &'a [u8],
    /// The position, or `None`.
    pub(crate) span: Option<Span>,
}

impl<M: Display> Display for Report<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: {}", self.code, self.message)?;
        let Some(span) = self.span else { return Ok(()) };
        let place = Place::find(self.text, span);
        writeln!(f)?;
        let margin = place.line.to_string().len();
        writeln!(f, "{:margin$}--> {}:{}", "", place.line, place.column)?;
        writeln!(f, "{:margin$} |", "")?;
        writeln!(f, "{} | {}", place.line, place.shown)?;
        write!(
            f,
            "{:margin$} | {:indent$}{:^<carets$}",
            "",
            "",
            "",
            indent = place.indent,
            carets = place.carets
        )?;
        match &self.help {
            Some(help) => write!(f, "\n{:margin$} = help: {help}", ""),
            None => Ok(()),
        }
    }
}

/// A position as lines and columns, both from one. Columns count characters.
struct Place {
    line: usize,
    column: usize,
    shown: String,
    indent: usize,
    carets: usize,
}

impl Place {
    fn find(text: &[u8], span: Span) -> Place {
        // The text may not be the one that the error is about, so no offset is trusted.
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end).max(start);
        let line_start = memchr::memrchr(b'\n', &text[..start]).map_or(0, |at| at + 1);
        let line_end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
        let before = characters(&text[line_start..start]).count();
        let inside = characters(&text[start..end.min(line_end)]).count().max(1);
        let mut line = &text[line_start..line_end];
        while let [rest @ .., b'\r'] = line {
            line = rest;
        }
        let length = characters(line).count();

        let (skip, take) =
            if length <= WIDTH { (0, length) } else { (before.saturating_sub(WIDTH / 3), WIDTH) };
        let mut shown = String::new();
        if skip > 0 {
            shown.push('…');
        }
        // A tab or another control character would displace the carets.
        shown.extend(characters(line).skip(skip).take(take).map(|c| if c.is_control() { ' ' } else { c }));
        if skip + take < length {
            shown.push('…');
        }
        Place {
            line: memchr::memchr_iter(b'\n', &text[..start]).count() + 1,
            column: before + 1,
            indent: before - skip + usize::from(skip > 0),
            carets: inside.min((skip + take).saturating_sub(before).max(1)),
            shown,
        }
    }
}

/// Returns the characters of a text, with U+FFFD for bytes that are not UTF-8.
fn characters(text: &[u8]) -> impl Iterator<Item = char> {
    text.utf8_chunks().flat_map(|chunk| {
        let replacement = (!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(replacement)
    })
}

/// Returns the offset of the character that contains `offset`, at most the length.
fn floor_char_boundary(text: &[u8], offset: usize) -> usize {
    let at = offset.min(text.len());
    let length = |start: usize| {
        let chunk = text[start..text.len().min(start + 4)].utf8_chunks().next();
        chunk.and_then(|chunk| chunk.valid().chars().next()).map_or(0, char::len_utf8)
    };
    (at.saturating_sub(3)..at).find(|&start| start + length(start) > at).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::{Report, Severity};
    use crate::error::Span;

    fn show(text: impl AsRef<[u8]>, start: usize, end: usize) -> String {
        let (text, span) = (text.as_ref(), Some(Span::new(start, end)));
        Report { severity: Severity::Error, code: "c", message: "m", help: None, text, span }.to_string()
    }

    #[test]
    fn marks_the_place_on_its_line() {
        assert_eq!(show("{\n \"ä\": x }", 9, 10), "error[c]: m\n --> 2:7\n  |\n2 |  \"ä\": x }\n  |       ^");
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        assert_eq!(show("{", 1, 1), "error[c]: m\n --> 1:2\n  |\n1 | {\n  |  ^");
        assert_eq!(show("", 0, 0), "error[c]: m\n --> 1:1\n  |\n1 | \n  | ^");
    }

    #[test]
    fn offsets_outside_the_text_or_inside_a_character_do_no_harm() {
        assert!(show("ä", 1, 700).ends_with("1 | ä\n  | ^"));
        assert!(show("ab", 9, 3).ends_with("1 | ab\n  |   ^"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = show(&text, 500, 501);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[1], " --> 1:501");
        assert_eq!(lines[3].chars().count(), 4 + 102);
        let caret = lines[4].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[3].chars().nth(caret), Some('X'));
    }

    #[test]
    fn bytes_that_are_not_utf8_count_as_one_character() {
        assert_eq!(show(b"a\xffb\n\xe2\x82{", 6, 6), "error[c]: m\n --> 2:2\n  |\n2 | \u{fffd}{\n  |  ^");
        assert!(show(b"\xff\xfe", 1, 1).ends_with("1 | \u{fffd}\u{fffd}\n  |  ^"));
        assert!(show(b"\x80\xc3", 9, 9).ends_with("1 | \u{fffd}\u{fffd}\n  |   ^"));
    }

    #[test]
    fn every_place_of_any_bytes_is_marked_within_its_line() {
        let bytes = *b"a\xf0\x9f\x98\x80\n\r\xc3\xa4\xff\x1b\xe2\x82\n\xed\xa0\x80z\r\n";
        for start in 0..=bytes.len() + 1 {
            for end in 0..=bytes.len() + 1 {
                let shown = show(bytes, start, end);
                let lines: Vec<&str> = shown.lines().collect();
                let caret = lines[4].chars().position(|c| c == '^').expect("a caret");
                assert!(caret <= lines[3].chars().count() + 1, "{start} {end}: {shown}");
                assert!(!shown.contains(['\r', '\x1b']), "{start} {end}: {shown}");
            }
        }
    }

    #[test]
    fn without_a_place_there_is_the_message_alone() {
        let report = Report {
            severity: Severity::Error,
            code: "c",
            message: "m",
            help: None,
            text: b"{}",
            span: None,
        };
        assert_eq!(report.to_string(), "error[c]: m");
    }
}
