//! Texts that match in any case, all at once.
//!
//! A text matches two spellings of each character, so it cannot be looked up directly. Its *key*
//! can be: the key maps characters one by one, and both spellings of a character have the same key.
//! A value that matches a text has the same key as the text. The converse does not hold, because
//! other strings may share the key: `ß`, `SS` and `ss` do. For this reason every text that is found
//! by its key is compared with the value, unless both are ASCII.

use crate::operator::IgnoreCase;
use crate::operator::text::Place;
use crate::work::Work;

use super::fold_keys::CharacterKeys;
use super::trie::{Back, End, Front, Trie};

#[derive(Debug)]
pub(super) struct CaseFold {
    keys: CharacterKeys,
    fronts: Keys<Front>,
    backs: Keys<Back>,
}

impl CaseFold {
    /// Compiles texts, each with the number of its condition. Texts and values are both in WTF-8,
    /// where the texts have no surrogates, or both in CESU-8.
    pub(super) fn new(texts: &[(Place, &IgnoreCase, u32)]) -> CaseFold {
        let keys = CharacterKeys::new(texts.iter().map(|text| text.1));
        CaseFold {
            fronts: Keys::new(texts, &keys, |place| place != Place::Back),
            backs: Keys::new(texts, &keys, |place| place == Place::Back),
            keys,
        }
    }

    /// Calls `met` with each condition that a string meets. Stops early if the work limit is
    /// exceeded. `key` is a buffer.
    pub(super) fn find(&self, value: &[u8], key: &mut Vec<u8>, work: &mut Work, met: &mut impl FnMut(u32)) {
        if self.fronts.longest.is_some() {
            let mut end = self.fronts.reach(value.len(), SHRINKING);
            if value[..end].is_ascii() {
                end = self.fronts.reach(value.len(), 1);
            }
            while value.get(end).is_some_and(|&byte| is_inside(byte)) {
                end += 1;
            }
            self.fold(&value[..end], key, work, CharacterKeys::fold_front);
            self.fronts.find(value, key, work, met);
        }
        if self.backs.longest.is_some() {
            let mut start = value.len() - self.backs.reach(value.len(), SHRINKING);
            if value[start..].is_ascii() {
                start = value.len() - self.backs.reach(value.len(), 1);
            }
            // The text of a trusted event is not validated, so it may begin inside a character.
            while start > 0 && value.get(start).is_some_and(|&byte| is_inside(byte)) {
                start -= 1;
            }
            self.fold(&value[start..], key, work, CharacterKeys::fold_back);
            self.backs.find(value, key, work, met);
        }
    }

    /// Stores the key of a part of a value in `key`, or an empty key if the work limit is exceeded.
    fn fold(
        &self,
        part: &[u8],
        key: &mut Vec<u8>,
        work: &mut Work,
        fold: impl Fn(&CharacterKeys, &[u8], &mut Vec<u8>),
    ) {
        // Every non-ASCII character takes a lookup.
        if part.is_ascii() {
            work.spend_bytes(part.len())
        } else {
            work.spend(2 * part.len() as u64)
        }
        key.clear();
        if !work.is_exhausted() {
            fold(&self.keys, part, key);
        }
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.keys.memory_usage() + self.fronts.memory_usage() + self.backs.memory_usage()
    }
}

/// A character is at most `SHRINKING` times as long as its key.
pub(super) const SHRINKING: usize = 3;

/// Returns true if the byte is a continuation byte of UTF-8.
fn is_inside(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Texts at one end of the value, indexed by their keys.
#[derive(Debug)]
struct Keys<E> {
    trie: Trie<E>,
    /// The length of the longest key, or `None` without keys.
    longest: Option<usize>,
    /// For each key, the end of its range in `candidates`.
    ends: Box<[u32]>,
    candidates: Box<[Candidate]>,
    texts: Box<[IgnoreCase]>,
}

#[derive(Debug)]
struct Candidate {
    condition: u32,
    place: Place,
    /// The index of its text, or [`ASCII`] if only ASCII strings match the text.
    text: u32,
}

const ASCII: u32 = u32::MAX;

impl<E: End> Keys<E> {
    fn new(
        all: &[(Place, &IgnoreCase, u32)],
        keys: &CharacterKeys,
        is_here: impl Fn(Place) -> bool,
    ) -> Keys<E> {
        let mut texts = Vec::new();
        let mut candidates = Vec::new();
        for &(place, text, condition) in all.iter().filter(|text| is_here(text.0)) {
            let mut key = Vec::new();
            keys.fold_text(&text.lower(), &mut key);
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

    /// Returns the maximum number of bytes of a value that the keys cover. A character is at most
    /// `growth` times as long as its key.
    fn reach(&self, length: usize, growth: usize) -> usize {
        self.longest.unwrap_or_default().saturating_mul(growth).min(length)
    }

    /// Calls `met` with the texts that a value has. `key` is the key of at least the part that the
    /// longest key covers.
    fn find(&self, value: &[u8], key: &[u8], work: &mut Work, met: &mut impl FnMut(u32)) {
        let mut steps = 0;
        let visited = self.trie.walk(key, |found, length| {
            let start = if found == 0 { 0 } else { self.ends[found as usize - 1] };
            for candidate in &self.candidates[start as usize..self.ends[found as usize] as usize] {
                steps += 1;
                let is_met = match self.texts.get(candidate.text as usize) {
                    Some(text) => {
                        // A text with spellings beyond ASCII is compared character by character.
                        work.spend(length as u64);
                        !work.is_exhausted()
                            && match candidate.place {
                                Place::Whole => text.is_match(value),
                                Place::Front => text.is_prefix_of(value),
                                Place::Back => text.is_suffix_of(value),
                            }
                    }
                    None if candidate.place == Place::Whole => {
                        // An ASCII value is as long as its key, and texts with equal keys differ in
                        // case alone.
                        length == value.len() && value.is_ascii()
                    }
                    None => {
                        work.spend_bytes(length);
                        length <= value.len() && E::slice(value, 0, length).is_ascii()
                    }
                };
                if is_met {
                    met(candidate.condition);
                }
            }
        });
        work.spend((visited + steps) as u64);
    }

    fn memory_usage(&self) -> usize {
        self.trie.memory_usage()
            + size_of_val(&*self.ends)
            + size_of_val(&*self.candidates)
            + size_of_val(&*self.texts)
            + self.texts.iter().map(IgnoreCase::memory_usage).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::{CaseFold, Place};
    use crate::operator::IgnoreCase;
    use crate::work::Work;

    #[test]
    fn only_ascii_characters_have_ascii_spellings() {
        for c in ('\0'..=char::MAX).step_by(if cfg!(miri) { 9_001 } else { 1 }) {
            let text = IgnoreCase::new(c.encode_utf8(&mut [0; 4]).as_bytes());
            assert_eq!(text.spellings().is_ascii(), c.is_ascii(), "{c:?}");
        }
    }

    #[test]
    fn invalid_utf_8_is_accepted() {
        let texts = ["a", "ß", "大a"].map(|text| IgnoreCase::new(text.as_bytes()));
        let places = [Place::Whole, Place::Front, Place::Back];
        let all: Vec<_> = texts.iter().flat_map(|text| places.map(|place| (place, text))).zip(0..).collect();
        let all: Vec<_> =
            all.into_iter().map(|((place, text), condition)| (place, text, condition)).collect();
        let folded = CaseFold::new(&all);
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
            folded.find(value, &mut key, &mut Work::default(), &mut |condition| found.push(condition));
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn texts_with_equal_keys_are_compared() {
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
        let folded = CaseFold::new(&all);
        let mut scratch = Vec::new();
        let pairs = texts.iter().flat_map(|a| texts.iter().map(move |b| format!("{a}{b}")));
        for value in pairs.chain(["大ss".into(), "ssß大".into(), "İi\u{307}".into(), "大".repeat(40) + "fi"])
        {
            let mut found = Vec::new();
            folded.find(value.as_bytes(), &mut scratch, &mut Work::default(), &mut |condition| {
                found.push(condition)
            });
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
