//! A walk through JSON text that is known to be valid. The values are parts of the text, so numbers,
//! the order of members and repeated members stay as they are. Nothing here calls itself: the depth of
//! a text takes no stack.

use galop::json::value_span;

use super::error::{Of, TransformError};

/// Returns the only value of a text.
pub(super) fn only_value(text: &[u8], of: Of) -> Result<&str, TransformError> {
    let span = value_span(text, 0).map_err(|error| TransformError::of_json(of, &error))?;
    let rest = text[span.end..].trim_ascii_start();
    if !rest.is_empty() {
        let at = text.len() - rest.len();
        return Err(TransformError::new(of, "text-after-value", at..text.len(), "text after the value"));
    }
    // The text is UTF-8, because its value has been read.
    Ok(str::from_utf8(&text[span.start..span.end]).unwrap_or_default())
}

pub(super) fn is_object(value: &str) -> bool {
    value.starts_with('{')
}

pub(super) fn is_array(value: &str) -> bool {
    value.starts_with('[')
}

pub(super) fn is_string(value: &str) -> bool {
    value.starts_with('"')
}

/// Returns the characters of a string. A string with half of a surrogate pair has none.
pub(super) fn decoded(value: &str) -> Option<String> {
    if is_string(value) { serde_json::from_str(value).ok() } else { None }
}

/// The members of an object or the elements of an array: the names and the values.
#[derive(Clone, Debug)]
pub(super) struct Items<'t> {
    text: &'t str,
    at: usize,
    has_names: bool,
}

/// Returns the members or elements of a value. A scalar has none.
pub(super) fn items(value: &str) -> Items<'_> {
    let at = if is_object(value) || is_array(value) { 1 } else { value.len() };
    Items { text: value, at, has_names: is_object(value) }
}

impl<'t> Iterator for Items<'t> {
    /// The name as it is written, which is empty in arrays, and the value.
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<(&'t str, &'t str)> {
        self.skip(b" \t\r\n,");
        if matches!(self.text.as_bytes().get(self.at), None | Some(b']' | b'}')) {
            return None;
        }
        let name = if self.has_names { self.value() } else { "" };
        self.skip(b" \t\r\n:");
        Some((name, self.value()))
    }
}

impl<'t> Items<'t> {
    fn skip(&mut self, skipped: &[u8]) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| skipped.contains(byte)).count();
    }

    fn value(&mut self) -> &'t str {
        let end = value_end(self.text.as_bytes(), self.at);
        let value = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        value
    }
}

/// Returns the end of the value that begins at an offset.
fn value_end(text: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = string_end(text, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ if depth > 0 => {
                at += 1;
                continue;
            }
            _ => {
                let is_end = |byte: &u8| b" \t\r\n,:]}".contains(byte);
                return at + text[at..].iter().position(is_end).unwrap_or(text.len() - at).max(1);
            }
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Returns the end of the string that begins at an offset.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Appends a value without the white space between its tokens.
pub(super) fn minify(value: &str, out: &mut String) {
    let bytes = value.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b' ' | b'\t' | b'\r' | b'\n' => {
                out.push_str(&value[copied..at]);
                at += 1;
                copied = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&value[copied..]);
}

/// Appends a value without white space and without quotation marks, so that it is the content of a
/// string. Other escapes stay.
pub(super) fn without_quotes(value: &str, out: &mut String) {
    let mut small = String::with_capacity(value.len());
    minify(value, &mut small);
    let mut rest = small.as_str();
    while let Some(at) = rest.find(['"', '\\']) {
        out.push_str(&rest[..at]);
        let escape = rest.get(at..at + 2).filter(|escape| escape.starts_with('\\') && *escape != "\\\"");
        out.push_str(escape.unwrap_or_default());
        let length = if rest[at..].starts_with('"') { 1 } else { 2 };
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Returns the offset of a part of a text.
pub(super) fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr()).min(text.len())
}

/// Returns the offset in a string as it is written, with its first quotation mark, of an offset in its
/// characters.
pub(super) fn written_offset(string: &str, decoded: usize) -> usize {
    let mut left = decoded;
    let mut at = 1;
    while left > 0 && at + 1 < string.len() {
        let rest = &string[at..];
        let escape =
            |from: usize| rest.get(from + 2..from + 6).and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let (written, length) = match (rest.starts_with('\\'), rest.as_bytes().get(1), escape(0)) {
            (false, _, _) => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                (length, length)
            }
            // A pair of surrogates is one character of four bytes.
            (true, Some(b'u'), Some(0xd800..=0xdbff)) => (12, 4),
            (true, Some(b'u'), Some(code)) => (6, char::from_u32(code.into()).map_or(3, char::len_utf8)),
            (true, _, _) => (2, 1),
        };
        left = left.saturating_sub(length);
        at += written;
    }
    at.min(string.len())
}
