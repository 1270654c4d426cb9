//! Strings, numbers and addresses. The values are few, so they recur, and all awkward values are
//! among them.

use super::dice::Dice;
use super::node::{Units, spell};

pub(super) fn utf16(text: &str) -> Units {
    text.encode_utf16().collect()
}

/// The first strings are drawn most often.
const STRINGS: [&str; 52] = [
    "a",
    "b",
    "ab",
    "abc",
    "aba",
    "x",
    "",
    "A",
    "Ab",
    "ABC",
    "xab",
    "abx",
    "ba",
    "bab",
    "aab", // letters
    "a*b",
    "*",
    "a\\b",
    "\\",
    "a\\*",
    "\"",
    "a\"",
    "\"a",
    "a/b",
    "\n",
    "\u{0}a",
    "\u{7f}",
    " a ", // signs
    "1",
    "1.0",
    "true",
    "null",
    "[1]",
    "{\"a\":1}",
    "10.0.0.256",
    "12:30", // similar to other kinds
    "é",
    "É",
    "e\u{301}",
    "ß",
    "SS",
    "ss",
    "İ",
    "ı",
    "K",
    "ǅ",
    "ς",
    "ﬁ",
    "大", // case and width
    "😀",
    "𐐀",
    "𐐨", // two code units
];

const SURROGATES: [&[u16]; 5] = [&[0xd800], &[0xdc00], &[0xd83d, b'a' as u16], &[0xdc00, 0xd800], &[0xde00]];

pub(super) fn string(dice: &mut Dice) -> Units {
    match dice.below(20) {
        0 => {
            let mut long = utf16(STRINGS[dice.below(4)]).repeat(dice.between(5, 40));
            if dice.percent(50) {
                let at = dice.below(long.len());
                long.splice(at..at, utf16(dice.pick(&STRINGS)));
            }
            long
        }
        1 => dice.pick(&SURROGATES).to_vec(),
        2..10 => utf16(STRINGS[dice.below(15)]),
        _ => utf16(dice.pick(&STRINGS)),
    }
}

pub(super) fn not_empty(dice: &mut Dice) -> Units {
    let units = string(dice);
    if units.is_empty() { utf16("a") } else { units }
}

/// Returns a string that is similar to `units` and different.
pub(super) fn near(dice: &mut Dice, units: &[u16]) -> Units {
    let other = utf16(dice.pick(&["a", "b", "x", "A", "*", "\""]));
    match dice.below(6) {
        0 => [units, &other].concat(),
        1 => [&other, units].concat(),
        2 if !units.is_empty() => units[1..].to_vec(),
        3 if !units.is_empty() => units[..units.len() - 1].to_vec(),
        4 => other_case(dice, units),
        _ => {
            let mut near = units.to_vec();
            let at = dice.below(units.len() + 1);
            near.splice(at..(at + 1).min(units.len()), other);
            near
        }
    }
}

pub(super) fn other_case(dice: &mut Dice, units: &[u16]) -> Units {
    let change = |dice: &mut Dice, char: char| match dice.below(3) {
        0 => char.to_string(),
        1 => char.to_lowercase().to_string(),
        _ => char.to_uppercase().to_string(),
    };
    let mut changed = Units::new();
    for char in char::decode_utf16(units.iter().copied()) {
        match char {
            Ok(char) => changed.extend(change(dice, char).encode_utf16()),
            Err(unpaired) => changed.push(unpaired.unpaired_surrogate()),
        }
    }
    changed
}

/// Comparable numbers in ascending order, each with several spellings.
pub(super) const NUMBERS: [&[&str]; 27] = [
    &["-1.7976931348623157e308", "-17976931348623157E292"],
    &["-1e100", "-10E99"],
    &["-9007199254740992", "-9007199254740992.0"],
    &["-2.5", "-25e-1", "-2.50"],
    &["-1", "-1.0", "-1e0", "-0.1E+1"],
    &["-4.9e-324"],
    &["0", "-0", "0.0", "0e400", "-0.00E-400", "0e99999999999999999999"],
    &["4.9e-324", "0.49e-323"],
    &["2.2250738585072014e-308"],
    &["0.1", "1e-1", "0.10", "100e-3"],
    &["0.10000000000000002"],
    &["0.3", "3E-1"],
    &["0.30000000000000004"],
    &["1", "1.0", "1e0", "10.0e-1", "0.1E1"],
    &["1.5", "15e-1", "1.50"],
    &["2", "2.0", "2e+0"],
    &["3", "3.0", "30e-1"],
    &["5", "5.00"],
    &["10", "1e1", "1E+1", "10.0"],
    &["300", "3e2", "3.0e2", "300.000"],
    &["123456789012", "123456789012.0", "1.23456789012e11"],
    &["9007199254740991"],
    &["9007199254740992", "9007199254740992.0", "9.007199254740992e15"],
    &["1152921504606847000", "1.152921504606847e18"],
    &["2e23", "200000000000000000000000"],
    &["1e100", "10e99"],
    &["1.7976931348623157e308", "0.17976931348623157e309"],
];

/// Numbers that equal only their own spelling.
const NOT_COMPARABLE: [&str; 10] = [
    "9007199254740993",
    "9007199254740993.0",
    "12345678901234567890",
    "1152921504606846976",
    "1e400",
    "-1e400",
    "1e-400",
    "5e-324",
    "0.1234567890123456789",
    "1.0000000000000001",
];

pub(super) fn spelling(dice: &mut Dice, number: usize) -> String {
    dice.pick(NUMBERS[number]).to_string()
}

/// Returns the index of a number. Small numbers are most frequent.
pub(super) fn number(dice: &mut Dice) -> usize {
    if dice.percent(60) { dice.between(13, 18) } else { dice.below(NUMBERS.len()) }
}

pub(super) fn not_comparable(dice: &mut Dice) -> String {
    dice.pick(&NOT_COMPARABLE).to_string()
}

/// Returns the spelling of any scalar.
pub(super) fn scalar(dice: &mut Dice) -> String {
    match dice.below(20) {
        0..10 => {
            let units = string(dice);
            spell(dice, &units)
        }
        10..15 => {
            let number = number(dice);
            spelling(dice, number)
        }
        15 => not_comparable(dice),
        16 => {
            let address = Address::any(dice);
            address.spell(dice)
        }
        _ => dice.pick(&["true", "false", "null"]).to_string(),
    }
}

#[derive(Clone, Copy)]
pub(super) enum Address {
    V4(u32),
    V6(u128),
}

impl Address {
    pub(super) fn any(dice: &mut Dice) -> Address {
        if dice.percent(60) {
            Address::V4(dice.pick(&[0x0a00_0001, 0x0a00_000f, 0x0a01_0203, 0, u32::MAX, 0xc0a8_0101]))
        } else {
            Address::V6(dice.pick(&[
                1,
                0,
                0x2001_0db8 << 96 | 0xf,
                0x0a00 << 112 | 1,
                0xfe80 << 112,
                u128::MAX,
            ]))
        }
    }

    pub(super) fn width(self) -> usize {
        match self {
            Address::V4(_) => 32,
            Address::V6(_) => 128,
        }
    }

    /// Returns another address: equal in the first `bits` bits, different in the next bit, random
    /// after it.
    pub(super) fn leave_at(self, dice: &mut Dice, bits: usize) -> Address {
        let noise = u128::from(dice.bits()) << 64 | u128::from(dice.bits());
        let flip = if bits < self.width() { (noise | 1 << 127) >> bits } else { 0 };
        match self {
            Address::V4(address) => Address::V4(address ^ (flip >> 96) as u32),
            Address::V6(address) => Address::V6(address ^ flip),
        }
    }

    pub(super) fn text(self, dice: &mut Dice) -> String {
        let groups = |address: u128| (0..8).rev().map(|at| (address >> (16 * at)) as u16).collect::<Vec<_>>();
        match self {
            Address::V4(address) => {
                let [a, b, c, d] = address.to_be_bytes();
                match dice.below(8) {
                    0 => format!("{a:03}.{b}.{c}.{d:02}"),
                    1 => format!("::ffff:{:x}:{:x}", address >> 16, address & 0xffff),
                    _ => format!("{a}.{b}.{c}.{d}"),
                }
            }
            Address::V6(address) => match dice.below(4) {
                0 => groups(address).iter().map(|group| format!("{group:X}")).collect::<Vec<_>>().join(":"),
                1 => groups(address).iter().map(|group| format!("{group:04x}")).collect::<Vec<_>>().join(":"),
                _ => std::net::Ipv6Addr::from_bits(address).to_string(),
            },
        }
    }

    pub(super) fn spell(self, dice: &mut Dice) -> String {
        let text = self.text(dice);
        spell(dice, &utf16(&text))
    }
}
