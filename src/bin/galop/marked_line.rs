//! A line of a text with a mark under a part of it.

use crate::pattern_text::Place;

/// The maximum number of characters of a line that are shown.
const LINE: usize = 100;

/// Returns the line with its number, and the carets below the part from a place to another. `line` is
/// the line of the place.
pub(crate) fn marked_line(line: &str, place: Place, end: Option<Place>) -> String {
    let before = place.column - 1;
    // The middle of a long line is shown.
    let cut = if before < LINE { 0 } else { before - LINE / 2 };
    let shown: String = line.chars().skip(cut).take(LINE).map(|c| if c == '\t' { ' ' } else { c }).collect();
    let rest = shown.chars().count().saturating_sub(before - cut);
    let marked = match end {
        Some(end) if end.line == place.line => end.column.saturating_sub(place.column),
        _ => 1,
    };
    let number = place.line.to_string();
    let margin = number.len();
    let (spaces, marks) = (" ".repeat(before - cut), "^".repeat(marked.min(rest).max(1)));
    format!("{:margin$} |\n{number} | {shown}\n{:margin$} | {spaces}{marks}\n", "", "")
}
