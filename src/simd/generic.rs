//! Ends of strings, objects and arrays, found from the bitmasks that a kernel returns for blocks.
//!
//! ```text
//! string:   for each block of 32 bytes, visit the bits of `"`, `\` and control bytes in order:
//!               `"`     -> end of the string
//!               escape  -> skip two bytes, also if the second is in the next block
//!               other   -> invalid
//! bracket:  for each block of 64 bytes, remove the brackets inside strings from the masks:
//!               fewer closing brackets than the depth -> add the counts to the depth
//!               otherwise visit the closing brackets until the depth is 0
//! ```

use crate::json::string;

/// The bitmasks that a kernel returns for 32 bytes of a string. Bit `i` is the class of byte `i`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Stops {
    /// `"`
    pub(crate) quotes: u32,
    /// `\`, and bytes below 0x20.
    pub(crate) others: u32,
    /// `.`
    pub(crate) dots: u32,
}

/// The bitmasks that a kernel returns for 64 bytes of any text.
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

/// Returns the length of the string at the start of a text, without the closing quote, and true if
/// it has escapes. Returns `None` if the string is not valid. UTF-8 is not checked.
#[inline(always)]
pub(crate) fn string(text: &[u8], stops: impl Fn(&[u8; 32]) -> Stops) -> Option<(usize, bool)> {
    let mut at = 0;
    let mut escaped = false;
    loop {
        let rest = text.get(at..)?;
        let stops = match rest.first_chunk() {
            Some(block) => stops(block),
            // The padding is a control byte, which is not valid, and its offset is after the end.
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
                    // The escaped byte is skipped, also if it is in the next block.
                    left &= u64::MAX << (place + 2);
                    next = next.max(stop + 2);
                }
                _ => return None,
            }
        }
        at = next;
    }
}

/// Returns the offset of the bracket that closes an object or array. The text begins inside the
/// object or array and outside of strings. The bytes before the bracket are not checked.
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

/// Returns a block with the rest of a text, padded with zeros.
#[inline(always)]
fn padded<const LENGTH: usize>(rest: &[u8]) -> [u8; LENGTH] {
    let mut block = [0; LENGTH];
    block[..rest.len()].copy_from_slice(rest);
    block
}

/// The state that separates strings from the text between them, block by block. The method is from
/// simdjson (Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019).
#[derive(Clone, Copy, Debug, Default)]
struct Strings {
    /// All ones if the next block begins inside a string, and zero otherwise.
    inside: u64,
    /// One if the first byte of the next block is escaped, and zero otherwise.
    escaped: u64,
}

impl Strings {
    /// Returns the bytes of strings, from the opening quote up to, but not including, the closing
    /// quote.
    #[inline(always)]
    fn inside(&mut self, masks: &Masks, prefix_xor: impl Fn(u64) -> u64) -> u64 {
        let quotes = masks.quote & !self.escaped_bytes(masks.backslash);
        let inside = prefix_xor(quotes) ^ self.inside;
        self.inside = ((inside as i64) >> 63) as u64;
        inside
    }

    /// Returns the bytes that follow an odd number of backslashes.
    #[inline(always)]
    fn escaped_bytes(&mut self, backslash: u64) -> u64 {
        if backslash == 0 {
            return std::mem::take(&mut self.escaped);
        }
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslash = backslash & !self.escaped;
        let following = backslash << 1 | self.escaped;
        // The sum of a run of backslashes and its first bit carries into the byte after the run.
        // Only runs that begin at an odd place are added. After those runs the parity of escaped
        // bytes is inverted.
        let odd_starts = backslash & !EVEN & !following;
        let (sum, carry) = odd_starts.overflowing_add(backslash);
        self.escaped = u64::from(carry);
        (EVEN ^ sum << 1) & following
    }
}

#[cfg(test)]
mod tests;
