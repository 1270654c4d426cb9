//! Converts Rust source to tokens: identifiers, `::`, and every other character by itself.
//! Comments, literals and lifetimes are left out, and so are items under `#[cfg(test)]` or
//! `#[cfg(doctest)]`.

/// Returns the tokens of a source file without its tests.
pub(crate) fn tokens(source: &str) -> Vec<&str> {
    without_tests(&lex(source))
}

fn lex(source: &str) -> Vec<&str> {
    let bytes = source.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source[at..];
        let is_ident = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        at += match bytes[at] {
            byte if byte.is_ascii_whitespace() => 1,
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => block_comment(rest),
            b'"' => string(rest),
            b'\'' => quote(rest),
            byte if is_ident(&byte) => {
                let length = rest.bytes().position(|byte| !is_ident(&byte)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(length);
                match literal_of_prefix(word, after) {
                    Some(literal) => length + literal,
                    None => {
                        if !byte.is_ascii_digit() {
                            tokens.push(word);
                        }
                        length
                    }
                }
            }
            b':' if rest.starts_with("::") => {
                tokens.push("::");
                2
            }
            _ => {
                tokens.push(&rest[..1]);
                1
            }
        };
    }
    tokens
}

/// Returns the length of a literal that a word is the prefix of, as in `b"…"` and `r#"…"#`.
fn literal_of_prefix(word: &str, after: &str) -> Option<usize> {
    match word {
        "r" | "br" | "cr" => {
            let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
            let end = format!("\"{}", &after[..hashes]);
            let content = after[hashes..].strip_prefix('"')?;
            Some(hashes + 1 + content.find(&end).expect("a raw string ends") + end.len())
        }
        "b" | "c" if after.starts_with('"') => Some(string(after)),
        "b" if after.starts_with('\'') => Some(quote(after)),
        _ => None,
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let rest = &text.as_bytes()[at..];
        (depth, at) = match rest {
            [b'/', b'*', ..] => (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth - 1, at + 2),
            [_, ..] => (depth, at + 1),
            [] => panic!("a comment does not end"),
        };
        if depth == 0 {
            return at;
        }
    }
}

fn string(text: &str) -> usize {
    let mut at = 1;
    loop {
        at += match text.as_bytes()[at] {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
}

/// Returns the length of a character literal or a lifetime.
fn quote(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let end = text[escaped + 1..].find('\'').expect("a character ends");
            escaped + 1 + end + 1
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1 + text[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count(),
    }
}

fn without_tests<'s>(tokens: &[&'s str]) -> Vec<&'s str> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].starts_with(&["#", "["]) {
            let end = at + 1 + group(&tokens[at + 1..]);
            if is_test(&tokens[at + 2..end - 1]) {
                at = end + item(&tokens[end..]);
                continue;
            }
        }
        kept.push(tokens[at]);
        at += 1;
    }
    kept
}

/// Returns true if an attribute leaves its item out of the library: `cfg` with `test` alone or as
/// one of `all`.
fn is_test(attribute: &[&str]) -> bool {
    match attribute {
        ["cfg", "(", "test" | "doctest", ")"] => true,
        ["cfg", "(", "all", "(", conditions @ ..] => {
            let mut depth = 0;
            conditions.iter().any(|token| {
                match *token {
                    "(" => depth += 1,
                    ")" => depth -= 1,
                    _ => {}
                }
                depth == 0 && matches!(*token, "test" | "doctest")
            })
        }
        _ => false,
    }
}

/// Returns the number of tokens up to the bracket that closes the first one.
pub(crate) fn group(tokens: &[impl AsRef<str>]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.as_ref() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    panic!("a bracket is not closed");
}

/// Returns the number of tokens of an item, its other attributes included.
fn item(tokens: &[&str]) -> usize {
    let mut at = 0;
    while tokens[at..].starts_with(&["#", "["]) {
        at += 1 + group(&tokens[at + 1..]);
    }
    let mut ends_with_semicolon = false;
    loop {
        match tokens[at] {
            "use" | "const" | "static" | "type" | "let" => ends_with_semicolon = true,
            // `const fn` has a body.
            "fn" => ends_with_semicolon = false,
            ";" => return at + 1,
            "(" | "[" => {
                at += group(&tokens[at..]);
                continue;
            }
            "{" => {
                at += group(&tokens[at..]);
                if ends_with_semicolon {
                    continue;
                }
                return at;
            }
            _ => {}
        }
        at += 1;
    }
}

#[test]
fn comments_and_literals_are_no_tokens() {
    let source = "a/* crate::x /* */ */b // crate::y\n\"crate::\\\"z\" r#\"\"crate::u\"# b'\\'' 'c' '\\u{1F}' 'a: c\"x\" 1_u8 r x::y";
    assert_eq!(tokens(source), ["a", "b", ":", "r", "x", "::", "y"]);
}

#[test]
fn tests_are_left_out() {
    let source = "
        #[cfg(test)] #[allow(x)] mod a { use b; }
        #[cfg(all(unix, test))] use c::{d, e};
        #[cfg(test)] mod f;
        #[cfg(test)] pub(crate) const fn g() -> [u8; 2] { h }
        #[cfg(not(test))] i
        #[cfg(test)] const J: K = K { l: 1 };
        m";
    assert_eq!(tokens(source), ["#", "[", "cfg", "(", "not", "(", "test", ")", ")", "]", "i", "m"]);
}
