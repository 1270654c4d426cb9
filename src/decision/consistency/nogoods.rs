//! [`Nogoods`]: combinations of choices that are known to fail.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::table_range::TableRange;

/// A set of sequences of numbers. Its memory is reused by the next search.
#[derive(Debug, Default)]
pub(super) struct Nogoods {
    /// The concatenated sequences.
    pub(super) keys: Vec<u32>,
    /// The range of each sequence in `keys`.
    pub(super) entries: Vec<TableRange<u32>>,
    /// A hasher with random seeds, so that no event can be built for which all sequences collide.
    hasher: DefaultHashBuilder,
    /// A hash table with open addressing. An entry is an index into `entries` plus one, or zero.
    /// The length is a power of two, and at most half of the entries are used.
    pub(super) table: Vec<u32>,
}

impl Nogoods {
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        if !self.entries.is_empty() {
            self.entries.clear();
            // Otherwise each search after a large one would have to clear a large table.
            self.table.truncate(64);
            self.table.fill(0);
        }
    }

    /// Returns the index of a sequence in the table, or the index of the empty entry for it.
    fn place(&self, key: &[u32]) -> usize {
        let mask = self.table.len() - 1;
        let mut place = self.hasher.hash_one(key) as usize & mask;
        while let Some(entry) = self.table[place].checked_sub(1) {
            if self.entries[entry as usize].of(&self.keys) == key {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    /// Returns true if the set has the sequence that ends `keys` and begins at `start`.
    pub(super) fn contains(&self, start: usize) -> bool {
        !self.entries.is_empty() && self.table[self.place(&self.keys[start..])] != 0
    }

    /// Adds the sequence that ends `keys` and begins at `start`.
    pub(super) fn insert(&mut self, start: usize) {
        if self.table.len() <= self.entries.len() * 2 {
            let length = (self.table.len() * 2).max(64);
            self.table.clear();
            self.table.resize(length, 0);
            for entry in 0..self.entries.len() {
                let place = self.place(self.entries[entry].of(&self.keys));
                self.table[place] = entry as u32 + 1;
            }
        }
        let place = self.place(&self.keys[start..]);
        self.entries.push(TableRange::to_end(start, &self.keys));
        self.table[place] = self.entries.len() as u32;
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.keys.capacity() * 4 + self.entries.capacity() * 8 + self.table.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::Nogoods;

    #[test]
    fn inserted_sequences_are_contained() {
        let count = if cfg!(miri) { 100 } else { 1_000_u32 };
        let mut nogoods = Nogoods::default();
        for round in 0..3 {
            nogoods.clear();
            for number in 0..count {
                let start = nogoods.keys.len();
                nogoods.keys.extend([number, number / 7, round]);
                assert!(!nogoods.contains(start));
                nogoods.insert(start);
            }
            for number in 0..=count {
                let start = nogoods.keys.len();
                nogoods.keys.extend([number, number / 7, round]);
                assert_eq!(nogoods.contains(start), number < count);
                nogoods.keys.truncate(start);
            }
        }
    }
}
