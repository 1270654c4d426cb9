//! Brackets, and which of them belong together.

use super::block::Block;

/// A bracket outside of strings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    /// Where it stands.
    pub(crate) at: u32,
    /// How many colons stand before it.
    pub(crate) colons: u32,
    /// The number of the bracket that closes this one; [`Bracket::OPEN`] if none is found yet, and for one that closes.
    pub(crate) close: u32,
}

impl Bracket {
    pub(crate) const OPEN: u32 = u32::MAX;
}

#[derive(Debug, Default)]
pub(super) struct Brackets {
    /// All that are known, in the first `count` entries.
    all: Vec<Bracket>,
    count: usize,
    /// Those that are open behind what is indexed.
    open: Vec<Opened>,
}

/// A bracket that is open.
#[derive(Clone, Copy, Debug)]
struct Opened {
    number: u32,
    /// `{` or `[`
    byte: u8,
}

/// Where a block of 64 bytes stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    /// How many colons stand before it.
    pub(super) colons: usize,
    /// The most levels of brackets.
    pub(super) depth: usize,
}

impl Brackets {
    pub(super) fn clear(&mut self) {
        self.count = 0;
        self.open.clear();
    }

    pub(super) fn all(&self) -> &[Bracket] {
        &self.all[..self.count]
    }

    /// Whether brackets are open behind what is indexed.
    pub(super) fn are_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Pairs the brackets of a block, and says which of its bytes stand in an object rather than in an array, given the same
    /// for the block before it. Nothing if one closes what is not open, or opens too deep a level; with `CHECKED`, also if two
    /// of a pair are not of one kind. Otherwise nobody asks what stands in an object.
    #[inline(always)]
    pub(super) fn pair<const CHECKED: bool>(
        &mut self,
        block: &Block,
        around: Around<'_>,
        before: u64,
    ) -> Option<u64> {
        let mut in_object = ((before as i64) >> 63) as u64;
        let mut bits = block.open | block.close;
        if bits == 0 {
            return Some(in_object);
        }
        if self.all.len() < self.count + 64 {
            let nothing = Bracket { at: 0, colons: 0, close: Bracket::OPEN };
            self.all.resize((self.count + 64).next_power_of_two(), nothing);
        }
        let mut is_paired = true;
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            let at = around.at + bits.trailing_zeros() as usize;
            bits ^= bit;
            let byte = around.text[at];
            let colons = around.colons as u32 + (block.colon & (bit - 1)).count_ones();
            let number = self.count;
            self.all[number] = Bracket { at: at as u32, colons, close: Bracket::OPEN };
            self.count += 1;
            let mut behind = byte;
            if block.open & bit != 0 {
                is_paired &= self.open.len() < around.depth;
                self.open.push(Opened { number: number as u32, byte });
            } else {
                let opened = self.open.pop()?;
                self.all[opened.number as usize].close = number as u32;
                // Both brackets that open stand two before those that close.
                is_paired &= !CHECKED || opened.byte + 2 == byte;
                behind = self.open.last().map_or(0, |around| around.byte);
            }
            if CHECKED {
                in_object &= bit - 1;
                in_object |= if behind == b'{' { bit.wrapping_neg() } else { 0 };
            }
        }
        is_paired.then_some(in_object)
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.all.capacity() * size_of::<Bracket>() + self.open.capacity() * size_of::<Opened>()
    }
}
