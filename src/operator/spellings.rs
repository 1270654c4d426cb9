//! A text in all spellings that match in any case, with the semantics of EventBridge.
//!
//! Neither the text of the pattern nor the value is folded. Each character of the pattern has two
//! spellings: its lower case and its upper case by the [full mappings of Unicode][case], regardless
//! of its neighbours. The value must have one of the two in the place of the character. As a result
//! `ß` matches `ß` and `SS` but not `ss`; the Kelvin sign matches `k` but `k` does not match the
//! Kelvin sign; and a titlecase letter does not match itself.
//!
//! [case]: https://www.unicode.org/Public/UCD/latest/ucd/SpecialCasing.txt

use crate::json::string::{has_surrogate, to_cesu8};

/// A compiled text: pairs of spellings. The value must have one spelling of each pair.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct IgnoreCase {
    /// The spellings of all pairs, concatenated. In each pair, the lower case precedes the upper
    /// case.
    spellings: Box<[u8]>,
    /// The lengths of each pair of spellings. The second is zero if both spellings are equal.
    lengths: Box<[(u8, u8)]>,
}

impl IgnoreCase {
    /// Compiles a text in WTF-8. A surrogate has no case. A text with a surrogate is compiled for
    /// values in CESU-8.
    pub(crate) fn new(text: &[u8]) -> IgnoreCase {
        let push = if has_surrogate(text) { push_cesu8 } else { push_utf8 };
        let mut spellings = Vec::with_capacity(text.len() * 2);
        let mut lengths = Vec::with_capacity(text.len());
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                let start = spellings.len();
                c.to_lowercase().for_each(|c| push(c, &mut spellings));
                let middle = spellings.len();
                c.to_uppercase().for_each(|c| push(c, &mut spellings));
                if spellings[start..middle] == spellings[middle..] {
                    spellings.truncate(middle);
                }
                lengths.push(((middle - start) as u8, (spellings.len() - middle) as u8));
            }
            for &byte in chunk.invalid() {
                spellings.push(byte);
                lengths.push((1, 0));
            }
        }
        IgnoreCase { spellings: spellings.into(), lengths: lengths.into() }
    }

    pub(crate) fn is_match(&self, value: &[u8]) -> bool {
        self.strip_prefix(value) == Some(b"")
    }

    pub(crate) fn is_prefix_of(&self, value: &[u8]) -> bool {
        self.strip_prefix(value).is_some()
    }

    /// Returns the rest of a value after the text, or `None` if the value does not begin with the
    /// text.
    ///
    /// The spellings of a pair never begin alike, so the match takes no backtracking.
    fn strip_prefix<'v>(&self, value: &'v [u8]) -> Option<&'v [u8]> {
        let mut rest = value;
        let mut at = 0;
        for &(lower, upper) in &self.lengths {
            let (one, other, next) = self.pair(at, lower, upper);
            rest = match rest.strip_prefix(one) {
                Some(rest) => rest,
                None if upper > 0 => rest.strip_prefix(other)?,
                None => return None,
            };
            at = next;
        }
        Some(rest)
    }

    /// Returns true if a value ends with the text.
    ///
    /// The spellings of a pair never end alike, so the match takes no backtracking.
    pub(crate) fn is_suffix_of(&self, value: &[u8]) -> bool {
        let mut rest = value;
        let mut end = self.spellings.len();
        for &(lower, upper) in self.lengths.iter().rev() {
            let start = end - usize::from(lower) - usize::from(upper);
            let (one, other, _) = self.pair(start, lower, upper);
            rest = match rest.strip_suffix(one) {
                Some(rest) => rest,
                None => match rest.strip_suffix(other) {
                    Some(rest) if upper > 0 => rest,
                    _ => return false,
                },
            };
            end = start;
        }
        true
    }

    /// Returns the two spellings that begin at an offset, and the offset of the next pair.
    fn pair(&self, at: usize, lower: u8, upper: u8) -> (&[u8], &[u8], usize) {
        let middle = at + usize::from(lower);
        let next = middle + usize::from(upper);
        (&self.spellings[at..middle], &self.spellings[middle..next], next)
    }

    /// Returns the text with all characters in lower case.
    pub(crate) fn lower(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.spellings.len());
        let mut at = 0;
        for &(lower, upper) in &self.lengths {
            let (one, _, next) = self.pair(at, lower, upper);
            text.extend_from_slice(one);
            at = next;
        }
        text
    }

    /// Returns the longest beginning of the text, in lower case, that only ASCII characters match.
    pub(crate) fn ascii_prefix(&self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut at = 0;
        for &(lower, upper) in &self.lengths {
            let (one, other, next) = self.pair(at, lower, upper);
            match (one, other) {
                ([lower], [] | [_]) if lower.is_ascii() && other.is_ascii() => text.push(*lower),
                _ => break,
            }
            at = next;
        }
        text
    }

    /// Returns the longest end of the text, in lower case, that only ASCII characters match.
    pub(crate) fn ascii_suffix(&self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut end = self.spellings.len();
        for &(lower, upper) in self.lengths.iter().rev() {
            let start = end - usize::from(lower) - usize::from(upper);
            match self.pair(start, lower, upper) {
                ([lower], other @ ([] | [_]), _) if lower.is_ascii() && other.is_ascii() => text.push(*lower),
                _ => break,
            }
            end = start;
        }
        text.reverse();
        text
    }

    /// Returns both spellings of all characters, concatenated.
    pub(crate) fn spellings(&self) -> &[u8] {
        &self.spellings
    }

    /// Returns the number of characters.
    pub(super) fn characters(&self) -> usize {
        self.lengths.len()
    }

    /// Returns the number of bytes that the value has allocated.
    pub(crate) fn memory_usage(&self) -> usize {
        self.spellings.len() + size_of_val(&*self.lengths)
    }
}

fn push_utf8(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn push_cesu8(c: char, out: &mut Vec<u8>) {
    to_cesu8(c.encode_utf8(&mut [0; 4]).as_bytes(), out);
}

#[cfg(test)]
mod tests {
    use super::IgnoreCase;

    fn equal(pattern: &str, value: &str) -> bool {
        IgnoreCase::new(pattern.as_bytes()).is_match(value.as_bytes())
    }

    #[test]
    fn both_cases_match() {
        assert!(equal("aB-9é", "Ab-9É"));
        assert!(equal("", ""));
        assert!(!equal("", "a"));
        assert!(!equal("a", ""));
        assert!(equal("𐐀", "𐐨"));
        assert!(equal("😀a", "😀A"));
    }

    #[test]
    fn spellings_may_differ_in_length() {
        assert!(equal("straße", "STRASSE"));
        assert!(!equal("ß", "ss"));
        assert!(!equal("SS", "ß"));
        assert!(equal("\u{130}", "i\u{307}"));
        assert!(!equal("\u{130}", "i"));
        assert!(equal("ﬁ", "FI"));
    }

    #[test]
    fn the_pattern_alone_is_expanded() {
        assert!(equal("\u{212A}", "k"));
        assert!(!equal("\u{212A}", "K"));
        assert!(!equal("K", "\u{212A}"));
        assert!(equal("ς", "Σ"));
        assert!(!equal("ς", "σ"));
        assert!(!equal("ǅ", "ǅ"));
        assert!(equal("ǅ", "ǆ"));
    }

    #[test]
    fn prefixes_and_suffixes() {
        let text = IgnoreCase::new("aß".as_bytes());
        assert!(text.is_prefix_of("ASSx".as_bytes()));
        assert!(text.is_suffix_of("xAß".as_bytes()));
        assert!(text.is_suffix_of("aSS".as_bytes()));
        assert!(!text.is_suffix_of("SS".as_bytes()));
        assert!(!text.is_prefix_of("xaß".as_bytes()));
    }

    #[test]
    fn memory_usage_counts_the_spellings() {
        // `a`, `A`, `-`, and the lengths of two pairs.
        assert_eq!(IgnoreCase::new(b"a-").memory_usage(), 3 + 2 * 2);
    }

    /// `strip_prefix` and `is_suffix_of` depend on the property.
    #[test]
    fn no_two_spellings_of_a_character_begin_or_end_alike() {
        for c in ('\0'..=char::MAX).step_by(if cfg!(miri) { 9_001 } else { 1 }) {
            let (lower, upper): (String, String) = (c.to_lowercase().collect(), c.to_uppercase().collect());
            if lower != upper {
                assert!(!lower.starts_with(&upper) && !upper.starts_with(&lower), "{c:?}");
                assert!(!lower.ends_with(&upper) && !upper.ends_with(&lower), "{c:?}");
            }
        }
    }
}
