//! The structure of a text: where its tokens begin, found 64 bytes at a time.
//!
//! The idea is that of simdjson (Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019): from
//! the masks of quotes and backslashes follows which bytes are inside strings, and from that which of the others are
//! structure. An index does not say that the text is valid; whoever walks it has to.

use crate::simd::Masks;

#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The offsets of the tokens in ascending order, in the first `count` entries: operators, both quotes of each
    /// string, and the first byte of every other run of bytes that are not blank.
    positions: Vec<u32>,
    count: usize,
    /// For each block of 64 bytes, which of them are backslashes or dots.
    special: Vec<u64>,
    /// A string has no end, or has a control character.
    pub(crate) is_broken: bool,
    /// A byte is a backslash.
    pub(crate) has_backslash: bool,
    /// A byte is not ASCII.
    pub(crate) has_high: bool,
}

impl Index {
    pub(crate) fn positions(&self) -> &[u32] {
        &self.positions[..self.count]
    }

    /// Finds the structure of a text, given what makes masks of a block, and what fills in between quotes.
    #[inline(always)]
    pub(crate) fn build(
        &mut self,
        text: &[u8],
        classify: impl Fn(&[u8; 64]) -> Masks,
        prefix_xor: impl Fn(u64) -> u64,
    ) {
        // Each byte is at most one token.
        if self.positions.len() < text.len() + 64 {
            self.positions.resize(text.len() + 64, 0);
        }
        self.special.clear();
        self.special.reserve(text.len() / 64 + 1);
        let mut state = State::default();
        let mut count = 0;
        let (blocks, tail) = text.as_chunks::<64>();
        for (block, base) in blocks.iter().zip((0..).step_by(64)) {
            let masks = classify(block);
            self.special.push(masks.special);
            let tokens = state.tokens(&masks, &prefix_xor);
            count = write(&mut self.positions, count, base, tokens);
        }
        if !tail.is_empty() {
            // Blanks behind the end change nothing.
            let mut block = [b' '; 64];
            block[..tail.len()].copy_from_slice(tail);
            let masks = classify(&block);
            self.special.push(masks.special);
            let tokens = state.tokens(&masks, &prefix_xor);
            count = write(&mut self.positions, count, (text.len() - tail.len()) as u32, tokens);
        }
        self.count = count;
        self.is_broken = state.control != 0 || state.inside != 0;
        self.has_backslash = state.backslash != 0;
        self.has_high = state.high != 0;
    }

    /// Whether there is a backslash or a dot from `start` up to, but not including, `end`, both inside the text.
    #[inline(always)]
    pub(crate) fn has_special(&self, start: usize, end: usize) -> bool {
        let (first, last) = (start / 64, end / 64);
        let from_start = u64::MAX << (start % 64);
        let before_end = !(u64::MAX << (end % 64));
        if first == last {
            return self.special[first] & from_start & before_end != 0;
        }
        self.special[first] & from_start != 0
            || self.special[last] & before_end != 0
            || self.special[first + 1..last].iter().any(|&block| block != 0)
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.special.capacity() * size_of::<u64>() + self.positions.capacity() * size_of::<u32>()
    }
}

/// What one block hands to the next.
#[derive(Default)]
struct State {
    /// All bits if the next block begins inside a string, or none.
    inside: u64,
    /// One if the first byte of the next block is escaped.
    escaped: u64,
    /// One if the last byte belonged to a run of bytes that are neither structure nor blank.
    run: u64,
    /// What was seen of control characters inside strings, backslashes and bytes that are not ASCII.
    control: u64,
    backslash: u64,
    high: u64,
}

impl State {
    /// The first bytes of the tokens of a block.
    #[inline(always)]
    fn tokens(&mut self, masks: &Masks, prefix_xor: impl Fn(u64) -> u64) -> u64 {
        let quotes = masks.quote & !self.escaped_bytes(masks.backslash);
        // From an opening quote up to, but not including, the closing one.
        let inside = prefix_xor(quotes) ^ self.inside;
        self.inside = ((inside as i64) >> 63) as u64;
        self.control |= masks.control & inside;
        self.backslash |= masks.backslash;
        self.high |= masks.high;
        let outside = !(inside | quotes);
        let run = outside & !(masks.operator | masks.white);
        let run_starts = run & !(run << 1 | self.run);
        self.run = run >> 63;
        quotes | outside & masks.operator | run_starts
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

/// Appends the offsets of the bits; the new number of entries.
#[inline(always)]
fn write(positions: &mut [u32], count: usize, base: u32, mut bits: u64) -> usize {
    let found = bits.count_ones() as usize;
    let out = &mut positions[count..count + 64];
    let mut at = 0;
    while bits != 0 {
        // Four at a time, so that the end of the loop is easier to foresee; what is written too many is overwritten.
        for entry in &mut out[at..at + 4] {
            *entry = base + bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
        }
        at += 4;
    }
    count + found
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::simd::Kernel;

    /// The tokens of a text, found byte by byte.
    fn expected(text: &[u8]) -> (Vec<u32>, bool) {
        let (mut found, mut inside, mut escaped, mut run, mut broken) =
            (Vec::new(), false, false, false, false);
        for (&byte, at) in text.iter().zip(0..) {
            if inside {
                broken |= byte < 0x20;
                if byte == b'"' && !escaped {
                    found.push(at);
                    inside = false;
                }
                escaped = byte == b'\\' && !escaped;
                continue;
            }
            let is_quote = byte == b'"' && !escaped;
            let is_run = !is_quote && !b"{}[]:,\x0c\x1a \t\r\n".contains(&byte);
            if is_quote || b"{}[]:,".contains(&byte) || is_run && !run {
                found.push(at);
            }
            inside = is_quote;
            escaped = byte == b'\\' && !escaped;
            run = is_run;
        }
        (found, broken || inside)
    }

    #[test]
    fn kernels_find_the_tokens() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut index = Index::default();
        for length in (0..400_usize).chain([1_000, 4_096]) {
            for alphabet in [&b"{}[]:,\"\\ a1\n"[..], b"\"\\\\\\a.", b"{\"a\":1,\xc3\xa4}"] {
                let text: Vec<u8> = (0..length)
                    .map(|_| {
                        state ^= state << 13;
                        state ^= state >> 7;
                        state ^= state << 17;
                        alphabet[state as usize % alphabet.len()]
                    })
                    .collect();
                let (positions, broken) = expected(&text);
                for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
                    kernel.index(&text, &mut index);
                    let shown = String::from_utf8_lossy(&text);
                    assert_eq!(index.positions(), positions, "{kernel:?} {shown:?}");
                    assert_eq!(index.is_broken, broken, "{kernel:?} {shown:?}");
                    assert_eq!(index.has_backslash, text.contains(&b'\\'));
                    assert_eq!(index.has_high, !text.is_ascii());
                    let last = length.saturating_sub(1);
                    for (start, end) in [(0, last), (length / 3, length / 2), (length / 2, last)] {
                        if length > 0 {
                            let special = text[start..end].iter().any(|byte| matches!(byte, b'\\' | b'.'));
                            assert_eq!(index.has_special(start, end), special, "{shown:?} {start} {end}");
                        }
                    }
                }
            }
        }
    }
}
