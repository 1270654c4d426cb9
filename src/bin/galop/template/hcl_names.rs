//! Counts the names in the objects of Terraform configuration before it is parsed.
//!
//! The parser compares each name of an object with all names before it, so the time grows with the square
//! of their number.

/// A part of the text that is not complete.
enum Part<'t> {
    /// A bracket, and the number of names in it so far.
    Bracket(usize),
    Quoted,
    /// The delimiter of a heredoc.
    Heredoc(&'t [u8]),
}

/// Returns the offset of the first name beyond `limit` names in one pair of brackets. Each equals sign and
/// colon counts as a name.
pub(super) fn first_beyond(text: &str, limit: usize) -> Option<usize> {
    let text = text.as_bytes();
    let mut parts = vec![Part::Bracket(0)];
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = &text[at..];
        let step = match parts.last_mut() {
            Some(Part::Quoted) => match (byte, template(rest)) {
                (_, Some(step)) => begin(&mut parts, step),
                (b'\\', None) => 2,
                (b'"', None) => end(&mut parts),
                _ => 1,
            },
            Some(Part::Heredoc(delimiter)) => {
                let delimiter = *delimiter;
                match (byte, template(rest)) {
                    (_, Some(step)) => begin(&mut parts, step),
                    (b'\n', None) if is_end(&rest[1..], delimiter) => {
                        parts.pop();
                        1
                    }
                    _ => 1,
                }
            }
            top => match byte {
                b'#' => line(rest),
                b'/' if rest.starts_with(b"//") => line(rest),
                b'/' if rest.starts_with(b"/*") => {
                    memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4)
                }
                b'"' => {
                    parts.push(Part::Quoted);
                    1
                }
                b'<' if rest.starts_with(b"<<") => {
                    let delimiter = line_of(&rest[2..]).trim_ascii_end();
                    let delimiter = delimiter.strip_prefix(b"-").unwrap_or(delimiter);
                    // The line break is read again: it can be the one before the delimiter.
                    let step = line(rest);
                    parts.push(Part::Heredoc(delimiter));
                    step
                }
                b'{' | b'[' | b'(' => {
                    parts.push(Part::Bracket(0));
                    1
                }
                b'}' | b']' | b')' => end(&mut parts),
                b'=' | b':' => {
                    if let Some(Part::Bracket(names)) = top {
                        *names += 1;
                        if *names > limit {
                            return Some(at);
                        }
                    }
                    1
                }
                _ => 1,
            },
        };
        at += step;
    }
    None
}

/// Returns the number of bytes of `${` or `%{`, or of an escaped one, which has one byte more.
fn template(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => Some(3),
        [b'$' | b'%', b'{', ..] => Some(2),
        _ => None,
    }
}

/// Begins the expression of a template, if it is not escaped.
fn begin(parts: &mut Vec<Part<'_>>, step: usize) -> usize {
    if step == 2 {
        parts.push(Part::Bracket(0));
    }
    step
}

/// Ends a part. The root has no end.
fn end(parts: &mut Vec<Part<'_>>) -> usize {
    if parts.len() > 1 {
        parts.pop();
    }
    1
}

/// Returns the length of the rest of a line, without its end. It is not zero.
fn line(rest: &[u8]) -> usize {
    line_of(rest).len().max(1)
}

fn line_of(rest: &[u8]) -> &[u8] {
    &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
}

/// Returns true if a line ends a heredoc.
fn is_end(text: &[u8], delimiter: &[u8]) -> bool {
    line_of(text).trim_ascii().starts_with(delimiter)
}

#[cfg(test)]
mod tests {
    use super::first_beyond;

    #[test]
    fn names_of_one_object_count() {
        for (text, limit, expected) in [
            ("a { b = 1\n c = 2 }", 1, Some(13)),
            ("a { b = 1 }\nc { d = 2 }", 1, None),
            ("a { b = { c = 1, d : 2 } }", 1, Some(19)),
            ("a { b = \"===\" }", 1, None),
            ("a { b = \"\\\"==\" }", 1, None),
            ("a { b = \"${ { c = 1, d = 2 } }==\" }", 1, Some(23)),
            ("a { b = \"$${==\" }", 1, None),
            ("a { b = <<E\n===\n E\n c = 1 }", 1, Some(22)),
            ("a { b = <<-E\r\n==\r\nE\r\n}", 1, None),
            ("a { # ==\n // ==\n /* == */ b = 1 }", 1, None),
            ("\"}\" } ] = =", 1, Some(10)),
            ("/* = =", 0, None),
            ("<<", 0, None),
        ] {
            assert_eq!(first_beyond(text, limit), expected, "{text}");
        }
    }
}
