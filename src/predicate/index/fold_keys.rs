//! Keys of characters: equal for both spellings of a character.
//!
//! In CESU-8, a character above U+FFFF is a surrogate pair, and a text may contain half of a pair.
//! Both spellings of a character have the same high surrogate, so a high surrogate is its own key.
//! The key of a low surrogate is the least low surrogate of its class. Two low surrogates are in
//! one class if a case mapping of some character connects them.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::operator::IgnoreCase;
use crate::table_range::TableRange;

/// The keys of the characters beyond ASCII that occur in some text.
///
/// Other characters match no text, so they need no key. A table is several times as fast as the
/// case mappings.
#[derive(Debug)]
pub(super) struct CharacterKeys {
    /// For each character or surrogate, the range of its key in `text`.
    places: HashMap<u32, TableRange<u8>>,
    text: Box<[u8]>,
}

impl CharacterKeys {
    /// Computes the keys of texts that are in WTF-8 without surrogates, or in CESU-8.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t IgnoreCase>) -> CharacterKeys {
        let (mut places, mut text) = (HashMap::new(), Vec::new());
        for point in texts.flat_map(|text| Points(text.spellings())) {
            if let Point::Code(code) = point {
                places.entry(code).or_insert_with(|| {
                    let start = text.len();
                    push_key(code, &mut text);
                    TableRange::to_end(start, &text)
                });
            }
        }
        CharacterKeys { places, text: text.into() }
    }

    /// Stores the key of a text in `key`.
    pub(super) fn fold_text(&self, text: &[u8], key: &mut Vec<u8>) {
        key.clear();
        for point in Points(text) {
            match point {
                Point::Ascii(byte) => key.push(byte.to_ascii_lowercase()),
                Point::Code(code) => match self.places.get(&code) {
                    Some(range) => key.extend_from_slice(range.of(&self.text)),
                    None => push_key(code, key),
                },
                Point::Invalid(bytes) => key.extend_from_slice(bytes),
            }
        }
    }

    /// Stores the key of the front of a value in `key`, up to the first character that occurs in no
    /// text.
    pub(super) fn fold_front(&self, part: &[u8], key: &mut Vec<u8>) {
        self.fold(part, key, |_| false);
    }

    /// Stores the key of the back of a value in `key`, after the last character that occurs in no
    /// text.
    pub(super) fn fold_back(&self, part: &[u8], key: &mut Vec<u8>) {
        self.fold(part, key, |key| {
            key.clear();
            true
        });
    }

    /// Stores the key of a part of a value in `key`. At a character that occurs in no text, `cut`
    /// returns whether to continue.
    fn fold(&self, part: &[u8], key: &mut Vec<u8>, cut: impl Fn(&mut Vec<u8>) -> bool) {
        key.clear();
        key.reserve(part.len());
        if part.is_ascii() {
            key.extend(part.iter().map(u8::to_ascii_lowercase));
            return;
        }
        for point in Points(part) {
            let place = match point {
                Point::Ascii(byte) => {
                    key.push(byte.to_ascii_lowercase());
                    continue;
                }
                Point::Code(code) => self.places.get(&code),
                Point::Invalid(_) => None,
            };
            match place {
                Some(range) => key.extend_from_slice(range.of(&self.text)),
                None if cut(key) => {}
                None => return,
            }
        }
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.places.allocation_size() + self.text.len()
    }
}

/// A character or surrogate of a text in WTF-8 or CESU-8.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Point<'t> {
    Ascii(u8),
    Code(u32),
    /// Bytes that are valid in neither encoding.
    Invalid(&'t [u8]),
}

/// The characters and surrogates of a text, in order.
struct Points<'t>(&'t [u8]);

impl<'t> Iterator for Points<'t> {
    type Item = Point<'t>;

    fn next(&mut self) -> Option<Point<'t>> {
        let first = *self.0.first()?;
        if first.is_ascii() {
            self.0 = &self.0[1..];
            return Some(Point::Ascii(first));
        }
        // A character has at most four bytes, so no more are decoded.
        let chunk = self.0[..self.0.len().min(4)].utf8_chunks().next()?;
        let (point, length) = match (chunk.valid().chars().next(), self.0) {
            (Some(c), _) => (Point::Code(u32::from(c)), c.len_utf8()),
            (None, &[0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..]) => {
                (Point::Code(0xD000 | u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F)), 3)
            }
            (None, text) => {
                let length = chunk.invalid().len().max(1);
                (Point::Invalid(&text[..length]), length)
            }
        };
        self.0 = &self.0[length..];
        Some(point)
    }
}

/// Appends the key of a character or surrogate.
fn push_key(code: u32, key: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => fold(c).for_each(|c| key.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes())),
        None => {
            let unit = if code < 0xDC00 { code } else { 0xDC00 | u32::from(low_key(code as u16 & 0x3FF)) };
            key.extend_from_slice(&[0xED, 0x80 | (unit >> 6 & 0x3F) as u8, 0x80 | (unit & 0x3F) as u8]);
        }
    }
}

/// Returns the key of a character: its lower case of the upper case of the lower case.
///
/// Lower case alone would separate `ς` and `σ`, which share an upper case. Without the first step,
/// `ẞ` would not meet `ß`, its lower case.
fn fold(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The range of the characters above U+FFFF that have a case.
const CASED: std::ops::Range<u32> = 0x1_0000..0x2_0000;

/// Returns the least low surrogate of the class of this one. Both are without their upper bits.
fn low_key(low: u16) -> u16 {
    /// For each low surrogate, the least one of its class.
    static CLASSES: LazyLock<[u16; 1024]> = LazyLock::new(|| {
        let mut classes: [u16; 1024] = std::array::from_fn(|low| low as u16);
        for c in CASED.filter_map(char::from_u32) {
            for other in c.to_lowercase().chain(c.to_uppercase()) {
                let (one, other) = (classes[(u32::from(c) & 0x3FF) as usize], u32::from(other) & 0x3FF);
                let other = classes[other as usize];
                let (least, most) = (one.min(other), one.max(other));
                classes.iter_mut().filter(|class| **class == most).for_each(|class| *class = least);
            }
        }
        classes
    });
    CLASSES[usize::from(low)]
}

#[cfg(test)]
mod tests {
    use super::{CASED, CharacterKeys, Point, Points, push_key};
    use crate::json::string::to_cesu8;
    use crate::operator::IgnoreCase;

    fn key(text: &[u8]) -> Vec<u8> {
        let mut key = Vec::new();
        CharacterKeys::new(std::iter::empty()).fold_text(text, &mut key);
        key
    }

    fn cesu8(text: &str) -> Vec<u8> {
        let mut units = Vec::new();
        to_cesu8(text.as_bytes(), &mut units);
        units
    }

    /// Characters are mapped one by one, so a lookup is right for texts if it is right for
    /// characters.
    #[test]
    fn both_spellings_of_every_character_have_one_key() {
        for c in ('\0'..=char::MAX).step_by(if cfg!(miri) { 9_001 } else { 1 }) {
            let (lower, upper): (String, String) = (c.to_lowercase().collect(), c.to_uppercase().collect());
            assert_eq!(key(lower.as_bytes()), key(upper.as_bytes()), "{c:?}");
            assert_eq!(key(&cesu8(&lower)), key(&cesu8(&upper)), "{c:?}");
            let alone = key(c.encode_utf8(&mut [0; 4]).as_bytes());
            assert!(!alone.is_empty() && c.len_utf8() <= alone.len() * super::super::casefold::SHRINKING);
        }
    }

    #[test]
    fn both_spellings_of_a_supplementary_character_share_the_high_surrogate() {
        for c in ('\u{10000}'..=char::MAX).step_by(if cfg!(miri) { 9_001 } else { 1 }) {
            for other in c.to_lowercase().chain(c.to_uppercase()) {
                assert_eq!(u32::from(c) >> 10, u32::from(other) >> 10, "{c:?}");
                assert!(c == other || CASED.contains(&u32::from(c)), "{c:?}");
            }
        }
    }

    #[test]
    fn low_surrogates_without_case_keep_a_key_of_their_own() {
        let mut keys = std::collections::HashSet::new();
        for unit in 0xDC00..0xE000 {
            let mut key = Vec::new();
            push_key(unit, &mut key);
            assert_eq!(key.len(), 3);
            keys.insert(key);
        }
        assert!(keys.len() > 300, "{}", keys.len());
    }

    #[test]
    fn points_of_a_text_in_any_encoding() {
        let text = [b"a\xC3\xA9\xED\xA0\xBD\xED\xB8\x80", "😀".as_bytes(), b"\xED\xA0", b"\xFF"].concat();
        let points: Vec<Point<'_>> = Points(&text).collect();
        let expected = [
            Point::Ascii(b'a'),
            Point::Code(0xE9),
            Point::Code(0xD83D),
            Point::Code(0xDE00),
            Point::Code(0x1F600),
            Point::Invalid(b"\xED"),
        ];
        assert_eq!(points[..6], expected);
        assert!(points[6..].iter().all(|point| matches!(point, Point::Invalid(_))), "{points:?}");
    }

    #[test]
    fn keys_end_at_a_character_that_is_in_no_text() {
        let keys = CharacterKeys::new([IgnoreCase::new("É".as_bytes())].iter());
        let mut key = Vec::new();
        keys.fold_front("AéÉñB".as_bytes(), &mut key);
        assert_eq!(key, "aéé".as_bytes());
        keys.fold_back("AéñÉB".as_bytes(), &mut key);
        assert_eq!(key, "éb".as_bytes());
    }
}
