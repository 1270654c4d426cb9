//! Explanations as text, for people.

use std::fmt::{self, Display, Formatter};

use super::tree::{Explanation, Field, Found, NodeKind, Status};

/// The maximum number of levels that are indented.
const LEVELS: usize = 24;

/// The maximum numbers of alternatives and values of a field that are listed.
const LISTED: usize = 4;

/// The style of a [`Rendering`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Style {
    /// Plain text.
    #[default]
    Plain,
    /// Text with the colours of a terminal (ANSI escapes).
    Ansi,
}

/// The role of a piece of text. Each role has a colour.
#[derive(Clone, Copy)]
enum Role {
    Good,
    Bad,
    Missing,
    Faint,
    Note,
}

/// An [`Explanation`] in a style. [`Explanation::rendering`] returns it.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    explanation: &'a Explanation,
    style: Style,
    start: (usize, usize),
}

impl Explanation {
    /// Returns the explanation for people, in a style. `start` is the line and the column of a file
    /// where the event begins, counted from one: `(1, 1)` for an event without a file.
    ///
    /// ```
    /// use galop::explain::{Style, explain_pattern};
    ///
    /// let pattern = galop::Pattern::parse(r#"{"a":[5]}"#)?;
    /// let explanation = explain_pattern(&pattern, br#"{"a":5}"#)?;
    /// assert_eq!(
    ///     explanation.rendering(Style::Ansi, (1, 1)).to_string(),
    ///     "\u{1b}[32mmatch\u{1b}[0m: 1 field\n  \u{1b}[32mholds   \u{1b}[0m\
    ///      a is 5\u{1b}[2m (1:6)\u{1b}[0m\n",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rendering(&self, style: Style, start: (usize, usize)) -> Rendering<'_> {
        Rendering { explanation: self, style, start }
    }

    /// Returns the first line of the rendering without colour: `no match: 1 of 3 fields fails`.
    #[must_use]
    pub fn summary(&self) -> String {
        let (verdict, rest) = self.verdict();
        format!("{verdict}: {rest}")
    }

    fn verdict(&self) -> (&'static str, String) {
        let plural = if self.counted == 1 { "field" } else { "fields" };
        if self.matches {
            return ("match", format!("{} {plural}", self.counted));
        }
        let rest = match self.failing {
            0 => format!("{} {plural} hold one by one, but not together", self.counted),
            1 => format!("1 of {} {plural} fails", self.counted),
            failing => format!("{failing} of {} {plural} fail", self.counted),
        };
        ("no match", rest)
    }
}

/// Writes the explanation for people, without colour.
impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.rendering(Style::Plain, (1, 1)).fmt(f)
    }
}

impl Display for Rendering<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (verdict, rest) = self.explanation.verdict();
        let role = if self.explanation.matches { Role::Good } else { Role::Bad };
        self.paint(f, role, verdict)?;
        writeln!(f, ": {rest}")?;
        for trap in &self.explanation.traps {
            f.write_str("  ")?;
            self.paint(f, Role::Note, trap.code())?;
            writeln!(f, ": {}", trap.message())?;
        }
        for node in &self.explanation.nodes {
            let indent = 2 * node.depth.min(LEVELS);
            let status = if node.failing > 0 { Status::Missed } else { Status::Holds };
            match &node.kind {
                NodeKind::Object(name) => {
                    self.mark(f, status, indent)?;
                    writeln!(f, "{}", bare(name))?;
                }
                NodeKind::Or => {
                    self.mark(f, status, indent)?;
                    writeln!(f, "$or")?;
                }
                NodeKind::OrAlternative => {
                    self.mark(f, status, indent)?;
                    writeln!(f, "alternative")?;
                }
                NodeKind::Field(index) => {
                    if let Some(field) = self.explanation.fields.get(*index) {
                        self.field(f, field, indent)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Rendering<'_> {
    fn field(&self, f: &mut Formatter<'_>, field: &Field, indent: usize) -> fmt::Result {
        self.mark(f, field.status, indent)?;
        f.write_str(bare(&field.name))?;
        match field.status {
            Status::Holds => self.held(f, field)?,
            Status::ElementAbsent => {
                f.write_str(" is absent in the elements that the other fields choose")?;
            }
            Status::Missed => {
                f.write_str(" is ")?;
                self.values(f, field)?;
                self.wanted(f, field)?;
            }
            Status::Absent => {
                f.write_str(" has no value")?;
                if let Some(found) = field.found.first() {
                    f.write_str(", but an ")?;
                    f.write_str(found.kind)?;
                    self.place(f, found)?;
                }
                self.wanted(f, field)?;
            }
            Status::Overwritten => self.wanted(f, field)?,
        }
        f.write_str("\n")?;
        self.near(f, field, indent)?;
        for trap in &field.traps {
            write!(f, "{:1$}", "", indent + 12)?;
            self.paint(f, Role::Note, trap.code())?;
            writeln!(f, ": {}", trap.message())?;
        }
        Ok(())
    }

    fn held(&self, f: &mut Formatter<'_>, field: &Field) -> fmt::Result {
        let Some(decided) = &field.decided else { return Ok(()) };
        let value = decided.value.and_then(|value| field.found.get(value));
        match value {
            Some(found) => {
                write!(f, " is {}", found.text)?;
                self.place(f, found)?;
                if !decided.is_plain {
                    write!(f, ", as {}", decided.text)?;
                }
            }
            None if field.found_count == 0 => write!(f, " is absent, as {}", decided.text)?,
            None => write!(f, " has a value for {}", decided.text)?,
        }
        Ok(())
    }

    fn values(&self, f: &mut Formatter<'_>, field: &Field) -> fmt::Result {
        for (index, found) in field.found.iter().take(LISTED).enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            f.write_str(&found.text)?;
            self.place(f, found)?;
        }
        match field.found_count.saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }

    fn wanted(&self, f: &mut Formatter<'_>, field: &Field) -> fmt::Result {
        f.write_str(", wanted ")?;
        // The nearest alternative has a line of its own.
        let listed = if field.alternative_count > LISTED { LISTED - 1 } else { LISTED };
        let texts = &field.alternatives[..field.alternatives.len().min(listed)];
        for (index, text) in texts.iter().enumerate() {
            let is_last = index + 1 == field.alternative_count;
            f.write_str(if index == 0 {
                ""
            } else if is_last {
                " or "
            } else {
                ", "
            })?;
            f.write_str(text)?;
        }
        match field.alternative_count.saturating_sub(listed) {
            0 => Ok(()),
            more => write!(f, " or one of {more} more"),
        }
    }

    /// Writes the nearest alternative if it differs from the value in few characters.
    fn near(&self, f: &mut Formatter<'_>, field: &Field, indent: usize) -> fmt::Result {
        let Some(near) = field.near else { return Ok(()) };
        let Some(found) = field.found.get(near.value) else { return Ok(()) };
        // Texts that differ in more than a quarter of their characters are alike by chance.
        if near.distance == 0 || near.distance * 4 > near.length {
            return Ok(());
        }
        let plural = if near.distance == 1 { "character" } else { "characters" };
        write!(f, "{:1$}", "", indent + 12)?;
        self.paint(f, Role::Note, "nearest")?;
        writeln!(f, ": {} for {}, {} {plural} apart", found.text, field.near_text, near.distance)
    }

    fn place(&self, f: &mut Formatter<'_>, found: &Found) -> fmt::Result {
        let (first_line, first_column) = self.start;
        let line = first_line.saturating_add(found.line.saturating_sub(1));
        // Columns of later lines do not depend on the column of the event.
        let before = if found.line == 1 { first_column.saturating_sub(1) } else { 0 };
        let column = before.saturating_add(found.column);
        self.paint(f, Role::Faint, &format!(" ({line}:{column})"))
    }

    fn mark(&self, f: &mut Formatter<'_>, status: Status, indent: usize) -> fmt::Result {
        let (role, word) = match status {
            Status::Holds | Status::ElementAbsent => (Role::Good, "holds   "),
            Status::Missed => (Role::Bad, "missed  "),
            Status::Absent => (Role::Missing, "absent  "),
            Status::Overwritten => (Role::Faint, "unused  "),
        };
        f.write_str("  ")?;
        self.paint(f, role, word)?;
        write!(f, "{:indent$}", "")
    }

    fn paint(&self, f: &mut Formatter<'_>, role: Role, text: &str) -> fmt::Result {
        let start = match role {
            Role::Good => "\u{1b}[32m",
            Role::Bad => "\u{1b}[31m",
            Role::Missing => "\u{1b}[33m",
            Role::Faint => "\u{1b}[2m",
            Role::Note => "\u{1b}[1m",
        };
        match self.style {
            Style::Plain => f.write_str(text),
            Style::Ansi => write!(f, "{start}{text}\u{1b}[0m"),
        }
    }
}

/// Returns a name that can be seen.
fn bare(name: &str) -> &str {
    if name.is_empty() { "\"\"" } else { name }
}
