//! A few words that tell most values apart.

use crate::json::number::Comparable;
use crate::text::Address;

use super::word::word;

/// The words of a [`Sketch`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Word {
    /// The first eight bytes of a string, the first in the highest place; zeros behind a shorter one.
    First = 0,
    /// The last eight bytes, the last in the highest place.
    Last = 1,
    /// The value of a number.
    Number = 2,
    /// The bits of an address, or the upper half of them.
    V4 = 3,
    V6 = 4,
    /// The lower half. To guards, what tells nothing.
    Rest = 5,
}

/// A few words of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sketch {
    pub(super) words: [u64; 6],
    /// The words that the value has, a bit for each.
    pub(super) has: u8,
    /// That of the value.
    pub(crate) print: Print,
    /// That of the address which a string spells.
    pub(crate) address_print: Print,
}

/// A number that equal values of a path have in common, and few others.
///
/// Whoever knows how it is made can make values with one print, so what looks values up by it has to be as fast then.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Print(u32);

impl Print {
    /// Nothing has this print.
    pub(crate) const NONE: Print = Print(0);
    /// Of a number that is not comparable.
    pub(crate) const SPELLING: Print = Print(2);
    pub(crate) const TRUE: Print = Print(4);
    pub(crate) const FALSE: Print = Print(6);
    pub(crate) const NULL: Print = Print(8);

    pub(crate) fn of_string(text: &[u8]) -> Print {
        Print::new(first(text), last(text), text.len() as u64)
    }

    #[inline]
    pub(crate) fn of_number(number: Comparable) -> Print {
        Print::new(number.ordinal(), 0, 0)
    }

    #[inline]
    pub(crate) fn of_address(address: Address) -> Print {
        match address {
            Address::V4(address) => Print::new(u64::from(address), 0, 1),
            Address::V6(address) => Print::new((address >> 64) as u64, address as u64, 2),
        }
    }

    #[inline]
    fn new(one: u64, other: u64, length: u64) -> Print {
        // Digits of pi, so that no word of text is zero behind them.
        const PI: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];
        let product = u128::from(one ^ PI[0]) * u128::from((other ^ PI[1]).wrapping_add(length));
        Print((product ^ product >> 64) as u32 | 1)
    }
}

impl Sketch {
    /// Of a value of which nothing is said but what it is not.
    pub(crate) fn new(print: Print) -> Sketch {
        Sketch { words: [0; 6], has: 1 << Word::Rest as u8, print, address_print: Print::NONE }
    }

    /// Of a string, and the address that it spells, if that matters on its path.
    #[inline]
    pub(crate) fn of_string(text: &[u8], address: Option<Address>) -> Sketch {
        let (first, last) = (first(text), last(text));
        let mut sketch = Sketch::new(Print::new(first, last, text.len() as u64));
        sketch.words[..2].copy_from_slice(&[first, last]);
        sketch.has |= 1 << Word::First as u8 | 1 << Word::Last as u8;
        if let Some(address) = address {
            sketch.address_print = Print::of_address(address);
            match address {
                Address::V4(address) => sketch.set(Word::V4, u64::from(address)),
                Address::V6(address) => {
                    sketch.set(Word::V6, (address >> 64) as u64);
                    sketch.set(Word::Rest, address as u64);
                }
            }
        }
        sketch
    }

    #[inline]
    pub(crate) fn of_number(number: Comparable) -> Sketch {
        let mut sketch = Sketch::new(Print::of_number(number));
        sketch.set(Word::Number, number.ordinal());
        sketch
    }

    #[inline]
    fn set(&mut self, word: Word, value: u64) {
        self.words[word as usize] = value;
        self.has |= 1 << word as u8;
    }

    #[inline]
    pub(super) fn get(&self, word: Word) -> Option<u64> {
        (self.has >> word as u8 & 1 == 1).then_some(self.words[word as usize])
    }

    /// The number that the value is, if it is comparable.
    pub(crate) fn number(&self) -> Option<Comparable> {
        self.get(Word::Number).map(Comparable::from_ordinal)
    }

    /// The address that the value spells, if that matters on its path.
    pub(crate) fn address(&self) -> Option<Address> {
        if let Some(address) = self.get(Word::V4) {
            return Some(Address::V4(address as u32));
        }
        let upper = u128::from(self.get(Word::V6)?);
        Some(Address::V6(upper << 64 | u128::from(self.words[Word::Rest as usize])))
    }
}

/// The first eight bytes, the first in the highest place.
#[inline]
pub(super) fn first(text: &[u8]) -> u64 {
    word(text).swap_bytes()
}

/// The last eight bytes, the last in the highest place.
#[inline]
fn last(text: &[u8]) -> u64 {
    match text.last_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        // Nothing is shifted by the whole word, which is nothing too.
        None => word(text).checked_shl(64 - 8 * text.len() as u32).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::{Print, Sketch, first, last};
    use crate::text::Address;

    #[test]
    fn words_are_those_of_the_ends() {
        let text = b"abcdefghijkl";
        for length in 0..text.len() {
            let (mut padded, mut reversed) = ([0; 8], [0; 8]);
            let kept = length.min(8);
            padded[..kept].copy_from_slice(&text[..kept]);
            reversed[8 - kept..].copy_from_slice(&text[length - kept..length]);
            assert_eq!(first(&text[..length]), u64::from_be_bytes(padded), "{length}");
            assert_eq!(last(&text[..length]), u64::from_le_bytes(reversed), "{length}");
        }
    }

    #[test]
    fn prints_tell_short_texts_apart() {
        let texts: Vec<String> =
            (0..if cfg!(miri) { 200 } else { 20_000 }).map(|number| format!("value {number}")).collect();
        let mut prints: Vec<Print> = texts.iter().map(|text| Print::of_string(text.as_bytes())).collect();
        prints.extend(["", "\0", "\0\0", "a", "a\0", "\0a"].map(|text| Print::of_string(text.as_bytes())));
        prints.extend([Print::NONE, Print::SPELLING, Print::TRUE, Print::FALSE, Print::NULL]);
        let all = prints.len();
        prints.sort_unstable();
        prints.dedup();
        assert!(prints.len() + 2 >= all, "{} of {all}", prints.len());
    }

    #[test]
    fn prints_tell_addresses_apart() {
        let texts = ["2001:db8::1", "2001:db9::1", "2001:db8::2", "::2001:db8:0:1", "10.1.2.3"];
        let addresses = texts.map(|text| Address::parse(text.as_bytes()).expect("it is an address"));
        let mut prints = addresses.map(Print::of_address);
        prints.sort_unstable();
        assert!(prints.windows(2).all(|pair| pair[0] != pair[1]), "{prints:?}");
    }

    #[test]
    fn addresses_are_kept() {
        for text in ["10.1.2.3", "2001:db8::1", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
            let address = Address::parse(text.as_bytes());
            assert_eq!(Sketch::of_string(text.as_bytes(), address).address(), address, "{text}");
            assert_eq!(Sketch::of_string(text.as_bytes(), None).address(), None, "{text}");
        }
    }
}
