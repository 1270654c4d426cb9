//! Texts in XML and HTML.

/// Returns a text for the content of an element or for an attribute in double quotes. `write` appends
/// the characters that are no markup.
pub(crate) fn escaped(text: &str, write: impl Fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c => write(&mut out, c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markup_is_escaped() {
        let upper = |out: &mut String, c: char| out.push(c.to_ascii_uppercase());
        assert_eq!(escaped("<a b=\"&lt;\">'é", upper), "&lt;A B=&quot;&amp;LT;&quot;&gt;'é");
    }
}
