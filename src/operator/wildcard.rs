//! Wildcards: texts in which `*` matches any characters, or none.

use std::mem;

use memchr::memmem::Finder;

use crate::work::BYTES;

use super::text::{Between, Condition, Ends, TextOperator};

/// A compiled wildcard: literal pieces with any text between adjacent pieces.
#[derive(Clone, Debug)]
pub(crate) enum Wildcard {
    /// The wildcard has no `*`, so the value must equal this text.
    Exact(Box<[u8]>),
    /// The value begins with the first text and ends with the last. The others occur between, in
    /// order, and no two overlap.
    Pieces { first: Box<[u8]>, middle: Box<[Finder<'static>]>, last: Box<[u8]>, least: usize },
}

/// The reason why a text is not a wildcard, with the offset of the invalid byte.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum WildcardError {
    AdjacentStars(usize),
    Escape(usize),
}

/// The literal pieces of a wildcard. There is one more piece than stars.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Pieces {
    pub(crate) first: Box<[u8]>,
    /// For each star, the piece after it.
    pub(crate) rest: Box<[Box<[u8]>]>,
}

impl Pieces {
    /// Splits a text in WTF-8. `\*` and `\\` are the characters themselves.
    pub(crate) fn parse(text: &[u8]) -> Result<Pieces, WildcardError> {
        let (mut first, mut rest, mut piece) = (None, Vec::new(), Vec::new());
        let mut at = 0;
        while at < text.len() {
            match (text[at], text.get(at + 1)) {
                (b'*', Some(b'*')) => return Err(WildcardError::AdjacentStars(at)),
                (b'*', _) => {
                    let before = mem::take(&mut piece).into_boxed_slice();
                    match first {
                        None => first = Some(before),
                        Some(_) => rest.push(before),
                    }
                }
                (b'\\', Some(&escaped @ (b'*' | b'\\'))) => {
                    piece.push(escaped);
                    at += 1;
                }
                (b'\\', _) => return Err(WildcardError::Escape(at)),
                (byte, _) => piece.push(byte),
            }
            at += 1;
        }
        let last = piece.into_boxed_slice();
        let Some(first) = first else { return Ok(Pieces { first: last, rest: Box::default() }) };
        rest.push(last);
        Ok(Pieces { first, rest: rest.into() })
    }

    /// Returns the pieces in another encoding.
    pub(crate) fn encode(&self, encode: impl Fn(&[u8]) -> Box<[u8]>) -> Pieces {
        Pieces { first: encode(&self.first), rest: self.rest.iter().map(|piece| encode(piece)).collect() }
    }
}

impl Wildcard {
    pub(crate) fn new(pieces: &Pieces) -> Wildcard {
        let first = pieces.first.clone();
        let Some((last, middle)) = pieces.rest.split_last() else { return Wildcard::Exact(first) };
        let least = first.len() + pieces.rest.iter().map(|piece| piece.len()).sum::<usize>();
        let middle = middle.iter().map(|piece| Finder::new(piece).into_owned()).collect();
        Wildcard::Pieces { first, middle, last: last.clone(), least }
    }

    /// Compiles a text in WTF-8 or CESU-8.
    #[cfg(test)]
    pub(crate) fn parse(text: &[u8]) -> Result<Wildcard, WildcardError> {
        Pieces::parse(text).map(|pieces| Wildcard::new(&pieces))
    }
}

impl TextOperator for Wildcard {
    /// Each piece is matched at its first occurrence, which leaves the most room for the next. The
    /// search never backtracks.
    #[inline]
    fn is_match(&self, value: &[u8]) -> bool {
        match self {
            Wildcard::Exact(text) => value == &text[..],
            Wildcard::Pieces { first, middle, last, least } => {
                if value.len() < *least || !value.starts_with(first) || !value.ends_with(last) {
                    return false;
                }
                let mut rest = &value[first.len()..value.len() - last.len()];
                for piece in middle {
                    let Some(at) = piece.find(rest) else { return false };
                    rest = &rest[at + piece.needle().len()..];
                }
                true
            }
        }
    }

    #[inline]
    fn compared(&self, value: &[u8]) -> usize {
        match self {
            Wildcard::Exact(text) => text.len().min(value.len()),
            Wildcard::Pieces { least, .. } if value.len() < *least => 0,
            Wildcard::Pieces { middle, .. } => value.len() + middle.len() * BYTES,
        }
    }

    fn memory_usage(&self) -> usize {
        match self {
            Wildcard::Exact(text) => text.len(),
            Wildcard::Pieces { first, middle, last, .. } => {
                let needles: usize = middle.iter().map(|piece| piece.needle().len()).sum();
                first.len() + last.len() + needles + size_of_val(&**middle)
            }
        }
    }

    fn ends(&self) -> Ends<'_> {
        let (prefix, suffix, least, between) = match self {
            Wildcard::Exact(text) => (&**text, &b""[..], text.len(), Between::Nothing),
            Wildcard::Pieces { first, middle, last, least } => {
                let between = if middle.is_empty() { Between::Anything } else { Between::Something };
                (&**first, &**last, *least, between)
            }
        };
        Ends { prefix: prefix.into(), suffix: suffix.into(), least, ignores_case: false, between }
    }

    fn condition(&self) -> Condition<'_> {
        match self {
            Wildcard::Exact(text) => Condition::Exact(text),
            Wildcard::Pieces { first, middle, last, .. } => {
                let pieces = middle.iter().map(|piece| piece.needle());
                Condition::Pieces(first, pieces.collect(), last)
            }
        }
    }
}

/// Returns the offset of a star in a valid wildcard, or the length of the text if there are not
/// enough stars. Stars are counted from zero.
pub(crate) fn star(text: &[u8], number: usize) -> usize {
    let (mut at, mut left) = (0, number);
    while at < text.len() {
        match text[at] {
            b'*' if left == 0 => return at,
            b'*' => left -= 1,
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Finder, Pieces, TextOperator, Wildcard, WildcardError};
    use crate::json::JsonString;
    use crate::json::string::to_cesu8;

    fn matches(wildcard: &str, value: &str) -> bool {
        Wildcard::parse(wildcard.as_bytes()).unwrap().is_match(value.as_bytes())
    }

    #[test]
    fn stars_stand_for_any_text() {
        for (wildcard, yes, no) in [
            ("a*c", &["ac", "abcc", "a\n\"c"][..], &["a", "c", "acx", "xac"][..]),
            ("*", &["", "x"], &[]),
            ("", &[""], &["x"]),
            ("a?", &["a?"], &["ab"]),
            ("*ab*ab", &["abab", "xabyab", "ababab"], &["ab", "aab", "abxb"]),
            ("a*a", &["aa", "aba"], &["a"]),
            ("*b*", &["b", "abc"], &["ac", ""]),
            ("*大*", &["x大"], &["x"]),
        ] {
            for value in yes {
                assert!(matches(wildcard, value), "{wildcard} {value}");
            }
            for value in no {
                assert!(!matches(wildcard, value), "{wildcard} {value}");
            }
        }
    }

    #[test]
    fn escapes_stand_for_themselves() {
        assert!(matches(r"a\*b", "a*b"));
        assert!(!matches(r"a\*b", "axb"));
        assert!(matches(r"\**", "*x"));
        assert!(matches(r"\\*", r"\x"));
        assert!(matches(r"*\*", "x*"));
    }

    /// A split never separates the halves of a surrogate pair, so pieces can be encoded one by one.
    #[test]
    fn encoding_the_pieces_equals_encoding_the_text() {
        let in_units = |text: &[u8]| -> Box<[u8]> {
            let mut units = Vec::new();
            to_cesu8(text, &mut units);
            units.into()
        };
        for json in
            [r"", r"*", r"a*😀", r"\ud83d*\ude00*", r"\ud83d\\*\ude00", r"\ud83d\\\\\ude00*😀é*\ud83d"]
        {
            let text = JsonString::decode(json.as_bytes());
            let pieces = Pieces::parse(text.as_bytes()).unwrap().encode(in_units);
            assert_eq!(pieces, Pieces::parse(&in_units(text.as_bytes())).unwrap(), "{json}");
        }
    }

    #[test]
    fn memory_usage_counts_the_pieces() {
        let usage = |text: &str| Wildcard::parse(text.as_bytes()).unwrap().memory_usage();
        assert_eq!(usage("abc"), 3);
        assert_eq!(usage("abc*defg"), 7);
        assert_eq!(usage("abc*de*fghij*klmn"), 3 + (2 + 5) + 4 + 2 * size_of::<Finder<'static>>());
    }

    #[test]
    fn faults_have_a_place() {
        let fault = |text: &str| Wildcard::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault("a**"), WildcardError::AdjacentStars(1));
        assert_eq!(fault(r"a\b"), WildcardError::Escape(1));
        assert_eq!(fault("a\\"), WildcardError::Escape(1));
    }
}
