//! Where strings, objects and arrays end, found many bytes at a time by what a kernel says of them.

use crate::json::string;

/// What a kernel says of 32 bytes of a string: in each word, bit `i` is about byte `i`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Stops {
    /// `"`
    pub(crate) quotes: u32,
    /// `\`, and bytes below 0x20.
    pub(crate) others: u32,
    /// `.`
    pub(crate) dots: u32,
}

/// What a kernel says of 64 bytes, anywhere in a text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Masks {
    /// `"`
    pub(crate) quote: u64,
    /// `\`
    pub(crate) backslash: u64,
    /// `{` and `[`
    pub(crate) open: u64,
    /// `}` and `]`
    pub(crate) close: u64,
}

/// The length of the string that begins with a text, up to its closing quote, and whether it has escapes; nothing if it is not
/// valid, but for its UTF-8.
#[inline(always)]
pub(crate) fn string(text: &[u8], stops: impl Fn(&[u8; 32]) -> Stops) -> Option<(usize, bool)> {
    let mut at = 0;
    let mut escaped = false;
    loop {
        let rest = text.get(at..)?;
        let stops = match rest.first_chunk() {
            Some(block) => stops(block),
            // Zeros are not valid, and stand behind the end.
            None => stops(&padded(rest)),
        };
        let mut left = u64::from(stops.quotes | stops.others);
        let mut next = at + 32;
        while left != 0 {
            let place = left.trailing_zeros();
            let stop = at + place as usize;
            match *text.get(stop)? {
                b'"' => return Some((stop, escaped)),
                b'\\' if string::is_escape(text.get(stop + 1..)?) => {
                    escaped = true;
                    // What is escaped means nothing by itself, be it in the next block.
                    left &= u64::MAX << (place + 2);
                    next = next.max(stop + 2);
                }
                _ => return None,
            }
        }
        at = next;
    }
}

/// Where the bracket stands that closes an object or array, inside of which a text begins, but not inside a string. What
/// is before it is not checked.
#[inline(always)]
pub(crate) fn bracket(
    text: &[u8],
    classify: impl Fn(&[u8; 64]) -> Masks,
    prefix_xor: impl Fn(u64) -> u64,
) -> Option<usize> {
    let mut strings = Strings::default();
    let mut depth = 1;
    for at in (0..text.len()).step_by(64) {
        let rest = &text[at..];
        let masks = match rest.first_chunk() {
            Some(block) => classify(block),
            None => classify(&padded(rest)),
        };
        let outside = !strings.inside(&masks, &prefix_xor);
        let (open, close) = (masks.open & outside, masks.close & outside);
        let mut left = if close.count_ones() < depth { 0 } else { close };
        while left != 0 {
            let below = (left - 1) & !left;
            if depth + (open & below).count_ones() == (close & below).count_ones() + 1 {
                return Some(at + left.trailing_zeros() as usize);
            }
            left &= left - 1;
        }
        depth = depth + open.count_ones() - close.count_ones();
    }
    None
}

/// Fewer bytes than make a block, and zeros.
#[inline(always)]
fn padded<const LENGTH: usize>(rest: &[u8]) -> [u8; LENGTH] {
    let mut block = [0; LENGTH];
    block[..rest.len()].copy_from_slice(rest);
    block
}

/// Strings told from what is between them, block by block. How is simdjson's idea (Langdale and Lemire, "Parsing gigabytes of
/// JSON per second", VLDB Journal 2019).
#[derive(Clone, Copy, Debug, Default)]
struct Strings {
    /// All bits if the next block begins inside a string, or none.
    inside: u64,
    /// One if the first byte of the next block is escaped.
    escaped: u64,
}

impl Strings {
    /// The bytes of strings, from the opening quote up to, but not including, the closing one.
    #[inline(always)]
    fn inside(&mut self, masks: &Masks, prefix_xor: impl Fn(u64) -> u64) -> u64 {
        let quotes = masks.quote & !self.escaped_bytes(masks.backslash);
        let inside = prefix_xor(quotes) ^ self.inside;
        self.inside = ((inside as i64) >> 63) as u64;
        inside
    }

    /// The bytes behind an odd number of backslashes.
    #[inline(always)]
    fn escaped_bytes(&mut self, backslash: u64) -> u64 {
        if backslash == 0 {
            return std::mem::take(&mut self.escaped);
        }
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslash = backslash & !self.escaped;
        let behind = backslash << 1 | self.escaped;
        // Adding a run of backslashes to its first bit carries into the byte behind it. Runs that begin at an odd
        // place are added, so behind them the places of escaped bytes are the other ones.
        let odd_starts = backslash & !EVEN & !behind;
        let (sum, carry) = odd_starts.overflowing_add(backslash);
        self.escaped = u64::from(carry);
        (EVEN ^ sum << 1) & behind
    }
}

#[cfg(test)]
mod tests;
