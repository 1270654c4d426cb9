//! Scalars of templates: the values of plain ones, and the place of each character.

use std::iter::Peekable;
use std::str::Chars;

use crate::pattern_text::Place;

/// The notation of a scalar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    /// A literal or folded block.
    Block,
    /// A string of JSON.
    Json,
    /// A number, `true`, `false` or `null` of JSON.
    JsonLiteral,
}

impl Style {
    /// Returns the place of the first quote of a scalar that begins at a place.
    pub(super) fn quote(self, begin: Place) -> Option<Place> {
        matches!(self, Style::Single | Style::Double | Style::Json).then_some(begin)
    }
}

/// The characters of a text, each with its place in the file.
pub(super) type Placed = Vec<(char, Place)>;

/// The value of a plain scalar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Plain {
    /// A number, `true`, `false` or `null`, as JSON.
    Literal(String),
    Text,
    /// A scalar that YAML 1.1 and YAML 1.2 read differently. CloudFormation documents YAML 1.1, the
    /// parsers of its tools differ. galop does not decide for the author.
    Unclear,
}

/// Returns the value of a plain scalar. A date is text, as CloudFormation has no timestamps.
pub(super) fn plain(text: &str) -> Plain {
    let literal = |text: &str| Plain::Literal(text.to_owned());
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return literal("null"),
        "true" | "True" | "TRUE" => return literal("true"),
        "false" | "False" | "FALSE" => return literal("false"),
        "y" | "Y" | "n" | "N" => return Plain::Unclear,
        _ => {}
    }
    if ["yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Plain::Unclear;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Plain::Text;
    }
    if [".inf", ".nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        return Plain::Unclear;
    }
    match number(text) {
        Some(number) => number,
        None if is_other_number(unsigned) => Plain::Unclear,
        None => Plain::Text,
    }
}

/// Returns the value of a decimal number.
fn number(text: &str) -> Option<Plain> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // YAML 1.1 takes an exponent after a point and with a sign only.
    let is_clear = match exponent {
        None => true,
        Some(digits) => {
            let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
            if unsigned.is_empty() || !is_digits(unsigned) {
                return None;
            }
            mantissa.contains('.') && unsigned.len() < digits.len()
        }
    };
    // A number with a zero in front is octal, decimal or text.
    if !is_clear || whole.len() > 1 && whole.starts_with('0') {
        return Some(Plain::Unclear);
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    let exponent = exponent.map_or_else(String::new, |exponent| format!("e{exponent}"));
    Some(Plain::Literal(format!("{sign}{whole}{fraction}{exponent}")))
}

/// Returns true for numbers of one version of YAML only: hexadecimal, octal, binary, with underscores,
/// and to the base of sixty.
fn is_other_number(unsigned: &str) -> bool {
    let all = |text: &str, is_digit: fn(&u8) -> bool| {
        !text.is_empty() && text.bytes().all(|byte| byte == b'_' || is_digit(&byte))
    };
    let other_base = match unsigned.as_bytes() {
        [b'0', b'x', ..] => all(&unsigned[2..], u8::is_ascii_hexdigit),
        [b'0', b'o' | b'b', ..] => all(&unsigned[2..], u8::is_ascii_digit),
        _ => false,
    };
    let parts = |separator| unsigned.split(separator).all(|part| all(part, u8::is_ascii_digit));
    let is_decimal = parts('.') && unsigned.matches('.').count() < 2;
    let is_sexagesimal = unsigned.contains(':')
        && unsigned.split(':').all(|part| part.split('.').all(|part| all(part, u8::is_ascii_digit)));
    other_base || unsigned.contains('_') && is_decimal || is_sexagesimal
}

/// Returns the characters of a scalar with their places. `source` is the text of the file from the
/// first byte of the scalar, `begin` is the place of this byte. A block begins at its first line that
/// is not blank, after the spaces that indent it.
///
/// The value and the spelling are read side by side. White space of the spelling that the value
/// lacks is skipped.
pub(super) fn placed(text: &str, style: Style, source: &str, begin: Place) -> Placed {
    let mut spelling = Spelling { rest: source.chars().peekable(), place: begin };
    let indent = match style {
        Style::Block => Some(begin.column - 1),
        Style::Single | Style::Double | Style::Json => {
            spelling.next();
            None
        }
        Style::Plain | Style::JsonLiteral => None,
    };
    let mut placed = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    if indent.is_some() && !source.starts_with(['\r', '\n']) {
        let breaks = text.len() - text.trim_start_matches('\n').len();
        placed.extend(rest.by_ref().take(breaks).map(|c| (c, begin)));
    }
    for c in rest {
        if let Some(indent) = indent.filter(|_| spelling.place.column == 1) {
            (0..indent).for_each(|_| spelling.skip_if(' '));
        }
        if spelling.rest.peek() != Some(&c) {
            spelling.skip_to(c, style, indent.unwrap_or(0));
        }
        placed.push((c, spelling.place));
        spelling.skip_one(c, style);
    }
    placed
}

/// The rest of the spelling of a scalar.
struct Spelling<'t> {
    rest: Peekable<Chars<'t>>,
    place: Place,
}

impl Spelling<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.place = match c {
            '\n' => Place { line: self.place.line + 1, column: 1 },
            _ => Place { column: self.place.column + 1, ..self.place },
        };
        Some(c)
    }

    fn skip_if(&mut self, c: char) {
        if self.rest.peek() == Some(&c) {
            self.next();
        }
    }

    /// Skips white space up to a character of the value. A folded line break is a space of the value.
    fn skip_to(&mut self, c: char, style: Style, indent: usize) {
        let is_break = |c: Option<&char>| matches!(c, Some('\n' | '\r'));
        if c == ' ' && is_break(self.rest.peek()) {
            return;
        }
        loop {
            match self.rest.peek().copied() {
                Some('\n') => {
                    self.next();
                    (0..indent).for_each(|_| self.skip_if(' '));
                    if indent > 0 && self.rest.peek() == Some(&c) {
                        return;
                    }
                }
                Some(' ' | '\t' | '\r') => _ = self.next(),
                // A line break that the double quoted style leaves out.
                Some('\\') if style == Style::Double && self.is_continued() => _ = self.next(),
                _ => return,
            }
            if self.rest.peek() == Some(&c) {
                return;
            }
        }
    }

    fn is_continued(&self) -> bool {
        let mut rest = self.rest.clone();
        rest.next();
        matches!(rest.next(), Some('\n' | '\r'))
    }

    /// Skips the spelling of a character of the value.
    fn skip_one(&mut self, c: char, style: Style) {
        match (self.rest.peek(), style) {
            (Some('\''), Style::Single) => _ = (self.next(), self.next()),
            (Some('\\'), Style::Double | Style::Json) => {
                self.next();
                let digits = match self.next() {
                    Some('x') => 2,
                    Some('u') => 4,
                    Some('U') => 8,
                    _ => 0,
                };
                let written: String = (0..digits).filter_map(|_| self.next()).collect();
                if matches!(u32::from_str_radix(&written, 16), Ok(0xd800..0xdc00)) {
                    (0..6).for_each(|_| _ = self.next());
                }
            }
            (Some(' '), _) if c == '\n' => {}
            (Some(_), _) => _ = self.next(),
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests;
