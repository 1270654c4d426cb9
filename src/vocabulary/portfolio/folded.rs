//! Texts that match whatever their case, all at once.
//!
//! A text stands for two spellings of each character, so it cannot be looked up. What can is a *key*: a string that
//! maps characters one by one such that the two spellings of any character have the same key. Then a value that matches
//! a text has the same key as the text. The reverse does not hold, because more strings share a key than a text stands
//! for: `ß`, `SS` and `ss` do. So what is found by its key is checked, unless everything about it is ASCII.

use hashbrown::HashMap;

use crate::text::IgnoreCase;
use crate::work::BYTES;

use super::trie::{Back, End, Front, Trie};

/// Where a text is to stand in the value.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Place {
    Whole,
    Front,
    Back,
}

#[derive(Debug)]
pub(super) struct Folded {
    keys: CharacterKeys,
    fronts: Keys<Front>,
    backs: Keys<Back>,
}

impl Folded {
    /// Each text has the number of its condition.
    pub(super) fn new(texts: &[(Place, &IgnoreCase, u32)]) -> Folded {
        Folded {
            keys: CharacterKeys::new(texts.iter().map(|text| text.1)),
            fronts: Keys::new(texts, |place| place != Place::Back),
            backs: Keys::new(texts, |place| place == Place::Back),
        }
    }

    /// Calls `met` with each condition that a string meets. `key` is room for keys. Returns the steps that it took.
    pub(super) fn find(&self, value: &[u8], key: &mut Vec<u8>, mut met: impl FnMut(u32)) -> u64 {
        let mut steps = 0;
        let spread = if value.is_ascii() { 1 } else { SHRINKING };
        if self.fronts.longest.is_some() {
            let mut end = self.fronts.reach(value, spread);
            while value.get(end).is_some_and(|&byte| is_inside(byte)) {
                end += 1;
            }
            self.keys.fold_front(&value[..end], key);
            steps += self.fronts.find(value, key, &mut met);
        }
        if self.backs.longest.is_some() {
            let mut start = value.len() - self.backs.reach(value, spread);
            // Of a trusted event, the text may begin in the midst of a character.
            while start > 0 && value.get(start).is_some_and(|&byte| is_inside(byte)) {
                start -= 1;
            }
            self.keys.fold_back(&value[start..], key);
            steps += self.backs.find(value, key, &mut met);
        }
        steps
    }

    /// The bytes of memory behind this value.
    pub(super) fn memory_usage(&self) -> usize {
        self.keys.memory_usage() + self.fronts.memory_usage() + self.backs.memory_usage()
    }
}

/// No character is more than so many times as long as its key.
const SHRINKING: usize = 3;

/// Whether a byte goes on with a character.
fn is_inside(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Texts at one end of the value, by their keys.
#[derive(Debug)]
struct Keys<E> {
    trie: Trie<E>,
    /// The length of the longest key, if there is any.
    longest: Option<usize>,
    /// For each key the end of its part of `candidates`.
    ends: Box<[u32]>,
    candidates: Box<[Candidate]>,
    texts: Box<[IgnoreCase]>,
}

#[derive(Debug)]
struct Candidate {
    condition: u32,
    place: Place,
    /// The index of its text, or [`ASCII`] if none but ASCII characters match it.
    text: u32,
}

const ASCII: u32 = u32::MAX;

impl<E: End> Keys<E> {
    fn new(all: &[(Place, &IgnoreCase, u32)], is_here: impl Fn(Place) -> bool) -> Keys<E> {
        let mut texts = Vec::new();
        let mut candidates = Vec::new();
        for &(place, text, condition) in all.iter().filter(|text| is_here(text.0)) {
            let mut key = Vec::new();
            fold(&text.lower(), &mut key);
            let number = if text.spellings().is_ascii() {
                ASCII
            } else {
                texts.push(text.clone());
                texts.len() as u32 - 1
            };
            candidates.push((key, Candidate { condition, place, text: number }));
        }
        candidates.sort_by(|a, b| E::compare(&a.0, &b.0));
        let parts = || candidates.chunk_by(|a, b| a.0 == b.0);
        let keys: Vec<&[u8]> = parts().map(|part| &*part[0].0).collect();
        let ends = parts().scan(0, |end, part| {
            *end += part.len() as u32;
            Some(*end)
        });
        Keys {
            trie: Trie::new(&keys),
            longest: keys.iter().map(|key| key.len()).max(),
            ends: ends.collect(),
            candidates: candidates.into_iter().map(|candidate| candidate.1).collect(),
            texts: texts.into(),
        }
    }

    /// How much of a value can matter at all.
    fn reach(&self, value: &[u8], spread: usize) -> usize {
        self.longest.unwrap_or_default().saturating_mul(spread).min(value.len())
    }

    /// Finds texts in a value by its key, or as much of it as the longest key needs. Returns the steps that it took.
    fn find(&self, value: &[u8], key: &[u8], met: &mut impl FnMut(u32)) -> u64 {
        let mut steps = 0;
        self.trie.walk(key, |found, length| {
            let start = if found == 0 { 0 } else { self.ends[found as usize - 1] };
            for candidate in &self.candidates[start as usize..self.ends[found as usize] as usize] {
                // A text that is not ASCII is compared character by character.
                let bytes = if candidate.text == ASCII { BYTES } else { 1 };
                steps += 1 + (length / bytes) as u64;
                let is_met = match (candidate.place, self.texts.get(candidate.text as usize)) {
                    (Place::Whole, Some(text)) => text.is_match(value),
                    (Place::Front, Some(text)) => text.is_prefix_of(value),
                    (Place::Back, Some(text)) => text.is_suffix_of(value),
                    // Where a value is ASCII, its key is as long as it is, and equal keys differ in case alone.
                    (Place::Whole, None) => length == value.len() && value.is_ascii(),
                    (Place::Front | Place::Back, None) => {
                        length <= value.len() && E::slice(value, 0, length).is_ascii()
                    }
                };
                if is_met {
                    met(candidate.condition);
                }
            }
        });
        steps
    }

    fn memory_usage(&self) -> usize {
        self.trie.memory_usage()
            + size_of_val(&*self.ends)
            + size_of_val(&*self.candidates)
            + size_of_val(&*self.texts)
            + self.texts.iter().map(IgnoreCase::memory_usage).sum::<usize>()
    }
}

/// Appends the key of a text in WTF-8.
fn fold(text: &[u8], key: &mut Vec<u8>) {
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            fold_character(c).for_each(|c| key.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()));
        }
        key.extend_from_slice(chunk.invalid());
    }
}

/// The key of a character: it is mapped to lower, to upper, and to lower case again.
///
/// Lower case alone would keep `ς` and `σ` apart, which share an upper case; without the first step `ẞ` would not meet
/// `ß`, which is its lower case.
fn fold_character(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The keys of those characters beyond ASCII that some text is spelled with.
///
/// Others need none, because no text reaches beyond them. A table is several times as fast as the mappings are.
#[derive(Debug)]
struct CharacterKeys {
    /// Where in `text` the key of a character stands.
    places: HashMap<char, (u32, u32)>,
    text: Box<[u8]>,
}

impl CharacterKeys {
    fn new<'t>(texts: impl Iterator<Item = &'t IgnoreCase>) -> CharacterKeys {
        let (mut places, mut text) = (HashMap::new(), String::new());
        for c in texts.flat_map(|text| text.spellings().utf8_chunks()).flat_map(|chunk| chunk.valid().chars())
        {
            if !c.is_ascii() {
                places.entry(c).or_insert_with(|| {
                    let start = text.len() as u32;
                    text.extend(fold_character(c));
                    (start, text.len() as u32)
                });
            }
        }
        CharacterKeys { places, text: text.into_bytes().into() }
    }

    /// Puts the key of the front of a value into `key`, up to a character that is in no text.
    fn fold_front(&self, part: &[u8], key: &mut Vec<u8>) {
        self.fold(part, key, |_| false);
    }

    /// Puts the key of the back of a value into `key`, from behind the last character that is in no text.
    fn fold_back(&self, part: &[u8], key: &mut Vec<u8>) {
        self.fold(part, key, |key| {
            key.clear();
            true
        });
    }

    /// Puts the key of a part of a value into `key`. Where a character is in no text, `cut` says whether to go on.
    fn fold(&self, part: &[u8], key: &mut Vec<u8>, cut: impl Fn(&mut Vec<u8>) -> bool) {
        key.clear();
        key.reserve(part.len());
        if part.is_ascii() {
            key.extend(part.iter().map(u8::to_ascii_lowercase));
            return;
        }
        for chunk in part.utf8_chunks() {
            for c in chunk.valid().chars() {
                if c.is_ascii() {
                    key.push(c.to_ascii_lowercase() as u8);
                } else if let Some(&(start, end)) = self.places.get(&c) {
                    key.extend_from_slice(&self.text[start as usize..end as usize]);
                } else if !cut(key) {
                    return;
                }
            }
            // A surrogate, which is in no text that is compared with WTF-8.
            if !chunk.invalid().is_empty() && !cut(key) {
                return;
            }
        }
    }

    fn memory_usage(&self) -> usize {
        self.places.allocation_size() + self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{Folded, Place, SHRINKING, fold};
    use crate::text::IgnoreCase;

    fn key(text: &str) -> Vec<u8> {
        let mut key = Vec::new();
        fold(text.as_bytes(), &mut key);
        key
    }

    /// What the look-up rests on: characters are mapped one by one, so it holds for texts if it does for characters.
    #[test]
    fn both_spellings_of_every_character_have_one_key() {
        for c in ('\0'..=char::MAX).step_by(if cfg!(miri) { 9_001 } else { 1 }) {
            let (lower, upper): (String, String) = (c.to_lowercase().collect(), c.to_uppercase().collect());
            assert_eq!(key(&lower), key(&upper), "{c:?}");
            let alone = key(c.encode_utf8(&mut [0; 4]));
            assert!(!alone.is_empty() && c.len_utf8() <= alone.len() * SHRINKING, "{c:?}");
        }
    }

    #[test]
    fn only_ascii_is_spelled_in_ascii_alone() {
        for c in ('\0'..=char::MAX).step_by(if cfg!(miri) { 9_001 } else { 1 }) {
            let text = IgnoreCase::new(c.encode_utf8(&mut [0; 4]).as_bytes());
            assert_eq!(text.spellings().is_ascii(), c.is_ascii(), "{c:?}");
        }
    }

    #[test]
    fn what_is_not_utf_8_does_no_harm() {
        let texts = ["a", "ß", "大a"].map(|text| IgnoreCase::new(text.as_bytes()));
        let places = [Place::Whole, Place::Front, Place::Back];
        let all: Vec<_> = texts.iter().flat_map(|text| places.map(|place| (place, text))).zip(0..).collect();
        let all: Vec<_> =
            all.into_iter().map(|((place, text), condition)| (place, text, condition)).collect();
        let folded = Folded::new(&all);
        let mut key = Vec::new();
        for (value, expected) in [
            (&b"\x80"[..], &[][..]),
            (
                b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
                &[],
            ),
            (b"\x80A", &[2]),
            (b"A\xe5\xa4", &[1]),
        ] {
            let mut found = Vec::new();
            folded.find(value, &mut key, |condition| found.push(condition));
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn what_shares_a_key_is_checked() {
        let texts = [
            "", "a", "ß", "SS", "ss", "ﬁ", "fi", "k", "\u{212A}", "\u{130}", "i", "ı", "ς", "Σ", "σ", "ǅ",
            "ǆ", "aß", "ßa", "𐐀", "ẞ", "ŉ", "n",
        ];
        let compiled: Vec<IgnoreCase> = texts.iter().map(|text| IgnoreCase::new(text.as_bytes())).collect();
        let places = [Place::Whole, Place::Front, Place::Back];
        let mut all = Vec::new();
        for text in &compiled {
            for place in places {
                all.push((place, text, all.len() as u32));
            }
        }
        let folded = Folded::new(&all);
        let mut scratch = Vec::new();
        let pairs = texts.iter().flat_map(|a| texts.iter().map(move |b| format!("{a}{b}")));
        for value in pairs.chain(["大ss".into(), "ssß大".into(), "İi\u{307}".into(), "大".repeat(40) + "fi"])
        {
            let mut found = Vec::new();
            folded.find(value.as_bytes(), &mut scratch, |condition| found.push(condition));
            found.sort_unstable();
            let expected = all.iter().filter(|(place, text, _)| match place {
                Place::Whole => text.is_match(value.as_bytes()),
                Place::Front => text.is_prefix_of(value.as_bytes()),
                Place::Back => text.is_suffix_of(value.as_bytes()),
            });
            assert_eq!(found, expected.map(|text| text.2).collect::<Vec<_>>(), "{value}");
        }
    }
}
