//! The positions of the pieces of wildcards in a value.
//!
//! Few positions of a value begin with a piece. A filter rejects most of the others by their first
//! bytes, up to four. At a position that passes, a trie finds all pieces that begin there.
//!
//! An Aho-Corasick automaton was rejected, because each state lists all pieces that end there. The
//! lists are quadratic for pieces like a, aa, aaa. With a full transition table the automaton is
//! faster for most sets, but takes several times the memory. Without the table it is slower up to
//! about a thousand pieces, and only a little faster beyond.
//!
//! The memory for each piece is bounded: its first few occurrences are stored, and the position up
//! to which they are complete. Later occurrences are searched on demand, so no value makes a table
//! grow. A piece that occurs everywhere would have a long list, but a search finds its next
//! occurrence at once.

use memchr::memmem::{self, Finder};

use crate::work::{TEST, Work};

use super::trie::{Front, Trie};

#[derive(Debug)]
pub(super) struct Factors {
    trie: Trie<Front>,
    filter: Filter,
    /// The texts of all pieces, concatenated.
    texts: Box<[u8]>,
    /// For each piece, its end in `texts`.
    ends: Box<[usize]>,
    /// For each piece, a prepared searcher, or `None` if it is seldom searched alone and fast to
    /// prepare.
    finders: Box<[Option<Box<Finder<'static>>>]>,
}

/// At most `FEW` pieces have a searcher each, which takes a few hundred bytes.
const FEW: usize = 64;

/// Pieces of at least `LONG` bytes always have a searcher, because its preparation takes time in
/// proportion to their length.
const LONG: usize = 64;

impl Factors {
    /// Numbers the pieces in their order. The pieces are distinct, not empty, and in ascending
    /// order.
    pub(super) fn new(pieces: &[&[u8]]) -> Factors {
        let mut end = 0;
        let ends = pieces.iter().map(|piece| {
            end += piece.len();
            end
        });
        let finders = pieces.iter().map(|piece| {
            let is_prepared = pieces.len() <= FEW || piece.len() >= LONG;
            is_prepared.then(|| Box::new(Finder::new(piece).into_owned()))
        });
        Factors {
            trie: Trie::new(pieces),
            filter: Filter::new(pieces),
            ends: ends.collect(),
            texts: pieces.concat().into(),
            finders: finders.collect(),
        }
    }

    pub(super) fn get(&self, piece: u32) -> &[u8] {
        let piece = piece as usize;
        let start = if piece == 0 { 0 } else { self.ends[piece - 1] };
        &self.texts[start..self.ends[piece]]
    }

    /// Returns the first occurrence of a piece in a text, and the number of bytes that were
    /// searched. The search stops at the work limit, and exhausts the work if the text is longer.
    fn search(&self, piece: u32, text: &[u8], work: &mut Work) -> (Option<usize>, usize) {
        work.spend(TEST);
        let affordable = text.len().min(work.affordable_bytes());
        let part = &text[..affordable];
        let found = match &self.finders[piece as usize] {
            Some(finder) => finder.find(part),
            None => memmem::find(part, self.get(piece)),
        };
        let passed = found.unwrap_or(affordable);
        work.spend_bytes(passed);
        if found.is_none() && affordable < text.len() {
            work.exhaust();
        }
        (found, passed)
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.trie.memory_usage()
            + size_of_val(&*self.filter.bits)
            + size_of_val(&*self.filter.masks)
            + self.texts.len()
            + size_of_val(&*self.ends)
            + size_of_val(&*self.finders)
            + self
                .finders
                .iter()
                .flatten()
                .map(|finder| size_of_val(&**finder) + finder.needle().len())
                .sum::<usize>()
    }
}

/// A set of hashes of the first bytes of all pieces. A lookup may return false positives.
#[derive(Debug)]
struct Filter {
    /// For each length of a prefix, from four bytes down, a mask of the next four bytes. Lengths
    /// that no piece has are absent.
    masks: Box<[u32]>,
    bits: Box<[u64]>,
    shift: u32,
}

impl Filter {
    fn new(pieces: &[&[u8]]) -> Filter {
        // With 64 bits for each piece, one position of 64 passes by chance. Large filters have
        // fewer bits, because a filter that exceeds the cache of a core costs more than it saves.
        let generous = (pieces.len() * 64).next_power_of_two().min(1 << 17);
        let size = (pieces.len() * 16).next_power_of_two().clamp(generous, 1 << 30);
        let mut filter = Filter {
            masks: Box::default(),
            bits: vec![0; size / 64].into(),
            shift: u32::BITS - size.trailing_zeros(),
        };
        let mut lengths = [false; 5];
        for piece in pieces {
            lengths[piece.len().min(4)] = true;
            let at = filter.place(first_bytes(piece));
            filter.bits[at / 64] |= 1 << (at % 64);
        }
        let mask = |length: usize| if length == 4 { u32::MAX } else { (1 << (length * 8)) - 1 };
        filter.masks = (1..=4).rev().filter(|&length| lengths[length]).map(mask).collect();
        filter
    }

    fn place(&self, bytes: u32) -> usize {
        (bytes.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }

    /// Calls `found` with each position of a value, from `from` on, where a piece may begin. Stops
    /// if `found` returns false, and returns the next position.
    fn positions(&self, value: &[u8], from: usize, found: impl FnMut(usize) -> bool) -> usize {
        match *self.masks {
            [a] => self.positions_by([a], value, from, found),
            [a, b] => self.positions_by([a, b], value, from, found),
            [a, b, c] => self.positions_by([a, b, c], value, from, found),
            [a, b, c, d] => self.positions_by([a, b, c, d], value, from, found),
            _ => value.len(),
        }
    }

    #[inline]
    fn positions_by<const N: usize>(
        &self,
        masks: [u32; N],
        value: &[u8],
        from: usize,
        mut found: impl FnMut(usize) -> bool,
    ) -> usize {
        let may_begin = |bytes: u32| {
            // Every mask is looked up, because a branch after each would take more time.
            let passes = masks.iter().fold(0, |passes, mask| {
                let place = self.place(bytes & mask);
                passes | self.bits[place / 64] >> (place % 64)
            });
            passes & 1 == 1
        };
        let rest = value.get(from..).unwrap_or_default();
        for (at, window) in (from..).zip(rest.windows(4)) {
            if may_begin(first_bytes(window)) && !found(at) {
                return at + 1;
            }
        }
        for at in value.len().saturating_sub(3).max(from)..value.len() {
            if may_begin(first_bytes(&value[at..])) && !found(at) {
                return at + 1;
            }
        }
        value.len()
    }
}

/// Returns the first four bytes of a text, padded with zeros.
fn first_bytes(text: &[u8]) -> u32 {
    match text.first_chunk() {
        Some(bytes) => u32::from_le_bytes(*bytes),
        None => text.iter().rev().fold(0, |bytes, &byte| bytes << 8 | u32::from(byte)),
    }
}

/// The occurrences of pieces in one value, computed on demand.
///
/// Pieces are searched one by one at first. Once the searches have taken about as long as one scan
/// for all pieces, the scan runs. As a result the time is never far from the lesser of both (the
/// ski rental problem; Karlin, Manasse, Rudolph and Sleator, "Competitive snoopy caching", 1988).
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    /// For each piece, the index of its slot plus one, or zero.
    slots_of: Vec<u32>,
    slots: Vec<Slot>,
    /// All occurrences that begin before this position are recorded.
    scanned: usize,
    /// The time that is left for single searches, or `None` after a scan for all pieces.
    credit: Option<usize>,
    /// True if pieces without a slot do not occur.
    complete: bool,
}

/// The occurrences of one piece.
#[derive(Debug)]
struct Slot {
    piece: u32,
    /// The number of entries of `starts` that are in use.
    count: u32,
    /// The first occurrences, in ascending order.
    starts: [usize; RECORDED],
    /// The position before which no other occurrence begins.
    known: usize,
    /// The position from which no occurrence begins.
    absent: usize,
    /// The last search beyond `known`: its start, and the first occurrence that it found.
    last: (usize, usize),
}

/// The number of occurrences that are stored for each piece.
const RECORDED: usize = 4;

impl Slot {
    fn new(piece: u32, known: usize) -> Slot {
        Slot { piece, count: 0, starts: [0; RECORDED], known, absent: usize::MAX, last: (usize::MAX, 0) }
    }

    /// Appends the next occurrence after the known ones, if there is room.
    fn record(&mut self, start: usize) {
        if let Some(place) = self.starts.get_mut(self.count as usize) {
            *place = start;
            self.count += 1;
            self.known = start + 1;
        }
    }
}

/// The number of bytes that a single search reads while a scan reads one.
const SEARCHED: usize = 64;

/// The least cost of a single search, in units of the time in which a scan reads a byte.
const SEARCH: usize = 16;

/// The number of bytes that a scan reads in one step of work.
const SCANNED: usize = 2;

impl Occurrences {
    /// Starts with a new value. At least `searches` pieces will be searched from `from` on.
    pub(super) fn begin(
        &mut self,
        pieces: &Factors,
        value: &[u8],
        from: usize,
        searches: usize,
        work: &mut Work,
    ) {
        if self.slots_of.len() < pieces.ends.len() {
            self.slots_of.resize(pieces.ends.len(), 0);
        }
        self.forget();
        self.scanned = from;
        self.complete = false;
        let credit = value.len() - from + SEARCH;
        self.credit = Some(credit);
        if searches.saturating_mul(SEARCH) > credit {
            self.scan(pieces, value, work);
        }
    }

    fn forget(&mut self) {
        for slot in self.slots.drain(..) {
            self.slots_of[slot.piece as usize] = 0;
        }
    }

    /// Scans for all pieces at once. Stops if the scan takes much more time than the value is long,
    /// or if the work limit is exceeded.
    fn scan(&mut self, pieces: &Factors, value: &[u8], work: &mut Work) {
        self.forget();
        self.credit = None;
        let from = self.scanned;
        work.spend(((value.len() - from) / SCANNED) as u64);
        if work.is_exhausted() {
            return;
        }
        let mut budget = (value.len() - from) * 8 + 1024;
        let mut is_affordable = true;
        self.scanned = pieces.filter.positions(value, from, |at| {
            // A step to a node may compare many bytes, so the longest piece adds to the cost.
            let mut longest = 0;
            let visited = pieces.trie.walk(&value[at..], |piece, length| {
                longest = length;
                let slot = self.slot(piece, from);
                self.slots[slot].record(at);
            });
            let cost = visited + longest / 16;
            work.spend(2 * cost as u64);
            is_affordable = cost <= budget && !work.is_exhausted();
            budget = budget.saturating_sub(cost);
            is_affordable
        });
        for slot in &mut self.slots {
            if (slot.count as usize) < RECORDED {
                slot.known = self.scanned;
            }
        }
        self.complete = is_affordable;
    }

    fn slot(&mut self, piece: u32, known: usize) -> usize {
        let slot = &mut self.slots_of[piece as usize];
        if *slot == 0 {
            self.slots.push(Slot::new(piece, known));
            *slot = self.slots.len() as u32;
        }
        *slot as usize - 1
    }

    /// Returns the number of distinct pieces that occur, or `None` if there was no complete scan.
    pub(super) fn occurring(&self) -> Option<usize> {
        self.complete.then_some(self.slots.len())
    }

    /// Returns the piece of a slot. After a complete scan, the slots are the pieces that occur.
    pub(super) fn piece(&self, at: usize) -> u32 {
        self.slots[at].piece
    }

    /// Returns the first occurrence of a piece that begins at `from` or later. The result is
    /// arbitrary if the work limit is exceeded. No part of the value is searched twice for a piece
    /// if `from` ascends between its calls.
    pub(super) fn next(
        &mut self,
        pieces: &Factors,
        piece: u32,
        value: &[u8],
        from: usize,
        work: &mut Work,
    ) -> Option<usize> {
        if self.complete && self.slots_of[piece as usize] == 0 {
            return None;
        }
        let at = self.slot(piece, self.scanned);
        let slot = &mut self.slots[at];
        if let Some(&start) = slot.starts[..slot.count as usize].iter().find(|&&start| start >= from) {
            return Some(start);
        }
        let from = from.max(slot.known);
        if from >= slot.absent {
            return None;
        }
        if slot.last.0 <= from && from <= slot.last.1 {
            return Some(slot.last.1);
        }
        if let Some(credit) = self.credit {
            if credit < SEARCH {
                self.scan(pieces, value, work);
                return self.next(pieces, piece, value, from, work);
            }
            self.credit = Some(credit - SEARCH);
        }
        let rest = value.get(from..).unwrap_or_default();
        let (found, passed) = pieces.search(piece, rest, work);
        self.credit = self.credit.map(|credit| credit.saturating_sub(passed / SEARCHED));
        let slot = &mut self.slots[at];
        match found {
            Some(passed) if from == slot.known && (slot.count as usize) < RECORDED => {
                slot.record(from + passed)
            }
            Some(passed) => slot.last = (from, from + passed),
            None => slot.absent = from,
        }
        found.map(|passed| from + passed)
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.slots_of.capacity() * size_of::<u32>() + self.slots.capacity() * size_of::<Slot>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{FEW, Factors, LONG, Occurrences, RECORDED};
    use crate::work::Work;

    fn pieces(texts: &mut Vec<Vec<u8>>) -> Factors {
        texts.sort_unstable();
        texts.dedup();
        Factors::new(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// Looks up every piece from every position, in an arbitrary order.
    fn check(texts: &[Vec<u8>], pieces: &Factors, occurrences: &mut Occurrences, value: &[u8], first: usize) {
        for turn in (0..=value.len()).step_by(if cfg!(miri) { 100 } else { 1 }) {
            let from = first + (turn * 7 + 3) % (value.len() + 1);
            for (piece, text) in texts.iter().enumerate() {
                let expected = (from..value.len()).find(|&at| value[at..].starts_with(text));
                assert_eq!(
                    occurrences.next(pieces, piece as u32, value, from, &mut Work::default()),
                    expected,
                    "{text:?} {from}"
                );
            }
        }
    }

    #[test]
    fn scan_of_a_value_full_of_pieces_is_bounded() {
        // The sets have more than `FEW` pieces, and some pieces have at least `LONG` bytes.
        let (longest, many) = if cfg!(miri) { (LONG + 6, 100) } else { (300, 500) };
        let mut texts: Vec<Vec<u8>> = (1..longest).map(|length| vec![b'a'; length]).collect();
        assert!(texts.len() > FEW);
        let pieces = pieces(&mut texts);
        let mut occurrences = Occurrences::default();
        for length in [10, many] {
            let value = [vec![b'a'; length], b"b".to_vec(), vec![b'a'; 20]].concat();
            occurrences.begin(&pieces, &value, 0, usize::MAX, &mut Work::default());
            assert_eq!(occurrences.complete, length == 10);
            assert!(occurrences.slots.iter().all(|slot| slot.count as usize <= RECORDED));
            check(&texts, &pieces, &mut occurrences, &value, 0);
        }
    }

    #[test]
    fn absent_pieces_have_no_slot() {
        let mut texts = ["ab", "abcde", "x", "yz"].map(|text| text.into()).to_vec();
        let pieces = pieces(&mut texts);
        let mut occurrences = Occurrences::default();
        occurrences.begin(&pieces, b"xyabcdy", 1, usize::MAX, &mut Work::default());
        assert_eq!((occurrences.occurring(), occurrences.piece(0)), (Some(1), 0));
        occurrences.begin(&pieces, b"xyabcdy", 0, 1, &mut Work::default());
        assert_eq!(occurrences.occurring(), None);
    }

    /// During single searches, an occurrence that is found from a later position must not hide an
    /// earlier one.
    #[test]
    fn positions_may_come_in_any_order() {
        let mut texts = vec![b"ab".to_vec(), b"abc".to_vec()];
        let pieces = pieces(&mut texts);
        let mut value = b"--ab".repeat(30);
        value.extend_from_slice(b"c----");
        let mut occurrences = Occurrences::default();
        for froms in
            [[100, 0, 50, 3, 118, 121], [0, 3, 7, 11, 15, 19], [121, 118, 50, 19, 3, 0], [0, 0, 1, 3, 3, 3]]
        {
            occurrences.begin(&pieces, &value, 0, 1, &mut Work::default());
            for from in froms {
                for (piece, text) in texts.iter().enumerate() {
                    let expected = (from..value.len()).find(|&at| value[at..].starts_with(text));
                    assert_eq!(
                        occurrences.next(&pieces, piece as u32, &value, from, &mut Work::default()),
                        expected
                    );
                }
            }
        }
        // Three single searches cost less than a scan, so no scan runs.
        occurrences.begin(&pieces, &value, 0, 1, &mut Work::default());
        for from in [100, 0, 50] {
            assert_eq!(
                occurrences.next(&pieces, 0, &value, from, &mut Work::default()),
                Some(from / 4 * 4 + 2)
            );
        }
        assert_eq!(occurrences.occurring(), None);
    }

    proptest! {
        #[test]
        fn occurrences_equal_a_naive_search(
            mut texts in vec(vec(0..3_u8, 1..6), 1..40),
            values in vec((vec(0..3_u8, 0..60), 0..9_usize, 0..4_usize), 1..8),
        ) {
            let pieces = pieces(&mut texts);
            let mut occurrences = Occurrences::default();
            for (value, searches, first) in &values {
                let first = *first.min(&value.len());
                occurrences.begin(&pieces, value, first, *searches, &mut Work::default());
                check(&texts, &pieces, &mut occurrences, value, first);
            }
        }
    }
}
