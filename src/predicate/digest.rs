//! Digests: a few words that distinguish most values.

use crate::json::number::Comparable;
use crate::operator::Address;

use crate::json::Kind;
use crate::word::word;

/// The words of a [`Digest`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Word {
    /// The first eight bytes of a string, the first in the highest place. A shorter string is
    /// padded with zeros.
    First = 0,
    /// The last eight bytes of a string, the last in the highest place.
    Last = 1,
    /// The ordinal of a number.
    Number = 2,
    /// The bits of an IPv4 address.
    V4 = 3,
    /// The upper half of an IPv6 address.
    V6 = 4,
    /// The lower half of an IPv6 address. Every value has the word, so a prefilter that rejects
    /// nothing reads it.
    Rest = 5,
}

/// A few words of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest {
    pub(super) words: [u64; 6],
    /// For each word, a bit: whether the value has the word.
    pub(super) has: u8,
    /// The fingerprint of the value.
    pub(crate) fingerprint: Fingerprint,
    /// The fingerprint of the address that a string spells.
    pub(crate) address_fingerprint: Fingerprint,
}

/// A number that equal values on a path have in common, and few others have.
///
/// The hash has no seed, so values with equal fingerprints can be constructed. A lookup by
/// fingerprint must be as fast for them.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Fingerprint(u32);

impl Fingerprint {
    /// The fingerprint of no value.
    pub(crate) const NONE: Fingerprint = Fingerprint(0);
    /// The fingerprint of every number that is not comparable.
    pub(crate) const SPELLING: Fingerprint = Fingerprint::of_literal(Kind::Number);
    pub(crate) const TRUE: Fingerprint = Fingerprint::of_literal(Kind::True);
    pub(crate) const FALSE: Fingerprint = Fingerprint::of_literal(Kind::False);
    pub(crate) const NULL: Fingerprint = Fingerprint::of_literal(Kind::Null);

    /// Returns the fingerprint of a value of this kind that is not hashed. The kind is in the
    /// highest bits, so each kind has a place of its own in a [`FingerprintFilter`], apart from
    /// [`Fingerprint::NONE`].
    #[inline(always)]
    pub(crate) const fn of_literal(kind: Kind) -> Fingerprint {
        Fingerprint((kind as u32) << 27)
    }

    /// Returns the fingerprint with these bits.
    #[cfg(test)]
    pub(crate) const fn from_bits(bits: u32) -> Fingerprint {
        Fingerprint(bits)
    }

    pub(crate) fn of_string(text: &[u8]) -> Fingerprint {
        Fingerprint::new(first(text), last(text), text.len() as u64)
    }

    #[inline]
    pub(crate) fn of_number(number: Comparable) -> Fingerprint {
        Fingerprint::new(number.ordinal(), 0, 0)
    }

    #[inline]
    pub(crate) fn of_address(address: Address) -> Fingerprint {
        match address {
            Address::V4(address) => Fingerprint::new(u64::from(address), 0, 1),
            Address::V6(address) => Fingerprint::new((address >> 64) as u64, address as u64, 2),
        }
    }

    /// Returns the highest six bits.
    #[inline(always)]
    fn place(self) -> u32 {
        self.0 >> (u32::BITS - 6)
    }

    /// Returns the index of the fingerprint among `places` slots, if fingerprints are distributed
    /// uniformly.
    #[inline(always)]
    pub(crate) fn place_in(self, places: usize) -> usize {
        ((u64::from(self.0) * places as u64) >> u32::BITS) as usize
    }

    #[inline]
    fn new(one: u64, other: u64, length: u64) -> Fingerprint {
        // Digits of pi, so that no word of text is zero after the XOR.
        const PI: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];
        let product = u128::from(one ^ PI[0]) * u128::from((other ^ PI[1]).wrapping_add(length));
        Fingerprint((product ^ product >> 64) as u32 | 1)
    }
}

/// A Bloom filter over the fingerprints of a list: one word, and one bit for each fingerprint
/// (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970).
///
/// Most values of events are not in the list. The filter is stored beside each use of the list, and
/// rejects most of them without a read of the list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FingerprintFilter(u64);

impl FingerprintFilter {
    pub(crate) fn of(fingerprints: impl IntoIterator<Item = Fingerprint>) -> FingerprintFilter {
        FingerprintFilter(
            fingerprints.into_iter().fold(0, |bits, fingerprint| bits | 1 << fingerprint.place()),
        )
    }

    /// Returns true if the fingerprint is in the list, and seldom if it is not.
    #[inline(always)]
    pub(crate) fn may_have(self, fingerprint: Fingerprint) -> bool {
        self.0 >> fingerprint.place() & 1 == 1
    }
}

impl Digest {
    /// Returns the digest of a value that has no words, only a fingerprint.
    pub(crate) fn new(fingerprint: Fingerprint) -> Digest {
        Digest {
            words: [0; 6],
            has: 1 << Word::Rest as u8,
            fingerprint,
            address_fingerprint: Fingerprint::NONE,
        }
    }

    /// Returns the digest of the string at `start` in `text`. `address` is the address that the
    /// string spells, if its path has predicates on addresses.
    #[inline(always)]
    pub(crate) fn of_string(
        text: &[u8],
        (start, length): (usize, usize),
        address: Option<Address>,
    ) -> Digest {
        let (first, last) = ends(text, start, length);
        let mut digest = Digest::new(Fingerprint::new(first, last, length as u64));
        digest.words[..2].copy_from_slice(&[first, last]);
        digest.has |= 1 << Word::First as u8 | 1 << Word::Last as u8;
        if let Some(address) = address {
            digest.address_fingerprint = Fingerprint::of_address(address);
            match address {
                Address::V4(address) => digest.set(Word::V4, u64::from(address)),
                Address::V6(address) => {
                    digest.set(Word::V6, (address >> 64) as u64);
                    digest.set(Word::Rest, address as u64);
                }
            }
        }
        digest
    }

    #[inline]
    pub(crate) fn of_number(number: Comparable) -> Digest {
        let mut digest = Digest::new(Fingerprint::of_number(number));
        digest.set(Word::Number, number.ordinal());
        digest
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

    /// Returns the number, if the value is a comparable number.
    pub(crate) fn number(&self) -> Option<Comparable> {
        self.get(Word::Number).map(Comparable::from_ordinal)
    }

    /// Returns the address that the value spells, if its path has predicates on addresses.
    pub(crate) fn address(&self) -> Option<Address> {
        if let Some(address) = self.get(Word::V4) {
            return Some(Address::V4(address as u32));
        }
        let upper = u128::from(self.get(Word::V6)?);
        Some(Address::V6(upper << 64 | u128::from(self.words[Word::Rest as usize])))
    }
}

/// Returns the first eight bytes, the first in the highest place.
#[inline]
pub(super) fn first(text: &[u8]) -> u64 {
    word(text).swap_bytes()
}

/// Returns the last eight bytes, the last in the highest place.
#[inline]
pub(super) fn last(text: &[u8]) -> u64 {
    match text.last_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        // For an empty text the shift is 64, and the word is zero.
        None => word(text).checked_shl(64 - 8 * text.len() as u32).unwrap_or(0),
    }
}

/// Returns the first and the last eight bytes of a part of a text.
///
/// The order of short and long strings is unpredictable, so a branch on the length would
/// mispredict. Eight bytes are read in either case, and the bytes outside the part are masked.
#[inline(always)]
fn ends(text: &[u8], start: usize, length: usize) -> (u64, u64) {
    let end = start + length;
    let (Some(head), Some(tail)) = (text[start..].first_chunk(), text[..end].last_chunk()) else {
        return (first(&text[start..end]), last(&text[start..end]));
    };
    // For length 8 the shift is 0. For length 0 the shift is 64, so both masks are 0 instead.
    let unused_bits = 64 - 8 * length.min(8) as u32;
    let high = u64::MAX.wrapping_shl(unused_bits);
    let (low, high) = if length == 0 { (0, 0) } else { (u64::MAX.wrapping_shr(unused_bits), high) };
    ((u64::from_le_bytes(*head) & low).swap_bytes(), u64::from_le_bytes(*tail) & high)
}

#[cfg(test)]
mod tests {
    use super::{Digest, Fingerprint, FingerprintFilter, ends, first, last};
    use crate::operator::Address;

    #[test]
    fn ends_equal_first_and_last() {
        let text = b"abcdefghijkl";
        for length in 0..text.len() {
            let (mut padded, mut reversed) = ([0; 8], [0; 8]);
            let kept = length.min(8);
            padded[..kept].copy_from_slice(&text[..kept]);
            reversed[8 - kept..].copy_from_slice(&text[length - kept..length]);
            assert_eq!(first(&text[..length]), u64::from_be_bytes(padded), "{length}");
            assert_eq!(last(&text[..length]), u64::from_le_bytes(reversed), "{length}");
            for before in 0..10 {
                for behind in 0..10 {
                    let within =
                        [&b"0123456789"[..before], &text[..length], &b"9876543210"[..behind]].concat();
                    let expected = (first(&text[..length]), last(&text[..length]));
                    assert_eq!(ends(&within, before, length), expected, "{before} {length} {behind}");
                }
            }
        }
    }

    #[test]
    fn fingerprints_of_short_texts_differ() {
        let texts: Vec<String> =
            (0..if cfg!(miri) { 200 } else { 20_000 }).map(|number| format!("value {number}")).collect();
        let mut fingerprints: Vec<Fingerprint> =
            texts.iter().map(|text| Fingerprint::of_string(text.as_bytes())).collect();
        fingerprints.extend(
            ["", "\0", "\0\0", "a", "a\0", "\0a"].map(|text| Fingerprint::of_string(text.as_bytes())),
        );
        fingerprints.extend([
            Fingerprint::NONE,
            Fingerprint::SPELLING,
            Fingerprint::TRUE,
            Fingerprint::FALSE,
            Fingerprint::NULL,
        ]);
        let all = fingerprints.len();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        assert!(fingerprints.len() + 2 >= all, "{} of {all}", fingerprints.len());
    }

    #[test]
    fn filter_has_its_fingerprints_and_few_others() {
        let fingerprint = |number: usize| Fingerprint::of_string(format!("value {number}").as_bytes());
        let mut others = 0;
        // Miri runs one start of fifty.
        for start in (0..4_000).step_by(if cfg!(miri) { 400 } else { 8 }) {
            let filter = FingerprintFilter::of((start..start + 8).map(fingerprint));
            assert!((start..start + 8).all(|number| filter.may_have(fingerprint(number))));
            others += (5_000..5_064).filter(|&number| filter.may_have(fingerprint(number))).count();
        }
        // With eight of 64 bits set, an eighth of the 32,000 passes by chance; with eight of 32, a
        // quarter.
        assert!(others < if cfg!(miri) { 100 } else { 3_500 }, "{others}");
        assert!(
            !FingerprintFilter::of([]).may_have(Fingerprint::TRUE)
                && FingerprintFilter::of([Fingerprint::TRUE]).may_have(Fingerprint::TRUE)
        );
    }

    #[test]
    fn fingerprints_of_addresses_differ() {
        let texts = ["2001:db8::1", "2001:db9::1", "2001:db8::2", "::2001:db8:0:1", "10.1.2.3"];
        let addresses = texts.map(|text| Address::parse(text.as_bytes()).expect("it is an address"));
        let mut fingerprints = addresses.map(Fingerprint::of_address);
        fingerprints.sort_unstable();
        assert!(fingerprints.windows(2).all(|pair| pair[0] != pair[1]), "{fingerprints:?}");
    }

    #[test]
    fn digest_restores_address() {
        for text in ["10.1.2.3", "2001:db8::1", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
            let address = Address::parse(text.as_bytes());
            let digest = |address| Digest::of_string(text.as_bytes(), (0, text.len()), address);
            assert_eq!(digest(address).address(), address, "{text}");
            assert_eq!(digest(None).address(), None, "{text}");
        }
    }
}
