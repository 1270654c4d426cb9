//! Shows people the place of a fault in a text: line, column, the line itself, and a row of carets below it.

use std::fmt::{self, Display};

use super::Span;

/// The most characters of a line that are shown; of a longer one, only what stands around the place.
const WIDTH: usize = 100;

pub(crate) enum Severity {
    Error,
    Warning,
}

/// A message about a place of `text`.
pub(crate) struct Report<'a, M> {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: M,
    pub(crate) help: Option<String>,
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

impl<M: Display> Display for Report<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{severity}[{}]: {}", self.code, self.message)?;
        let place = Place::find(self.text, self.span);
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

/// A span as people count: lines and columns from one, columns in characters.
struct Place {
    line: usize,
    column: usize,
    shown: String,
    indent: usize,
    carets: usize,
}

impl Place {
    fn find(text: &str, span: Span) -> Place {
        // The text may not be the one that the error came from, so no offset is trusted.
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let before = text[line_start..start].chars().count();
        let inside = text[start..end.min(line_end)].chars().count().max(1);
        let line = text[line_start..line_end].trim_end_matches('\r');
        let length = line.chars().count();

        let (skip, take) =
            if length <= WIDTH { (0, length) } else { (before.saturating_sub(WIDTH / 3), WIDTH) };
        let mut shown = String::new();
        if skip > 0 {
            shown.push('…');
        }
        // A tab or another control character would move the carets away from the place.
        shown.extend(line.chars().skip(skip).take(take).map(|c| if c.is_control() { ' ' } else { c }));
        if skip + take < length {
            shown.push('…');
        }
        Place {
            line: text[..start].matches('\n').count() + 1,
            column: before + 1,
            indent: before - skip + usize::from(skip > 0),
            carets: inside.min((skip + take).saturating_sub(before).max(1)),
            shown,
        }
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{Report, Severity};
    use crate::error::Span;

    fn show(text: &str, start: usize, end: usize) -> String {
        let span = Span::new(start, end);
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
}
