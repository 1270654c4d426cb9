//! A set of intervals. One binary search finds all intervals that contain a key.
//!
//! The bounds of all intervals divide the keys into segments: one at each bound and one between two
//! adjacent bounds. From one segment to the next, intervals begin and end. Each begin or end is a
//! *toggle*, which changes one bit. The result for a segment is the result for any other segment,
//! changed by the toggles between them.
//!
//! Results are stored as *checkpoints* at a fixed distance in toggles. The distance is chosen so
//! that checkpoints take at most a constant factor of the memory of the toggles.

/// The begin or the end of an interval: a position before or after a key.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Boundary<K> {
    key: K,
    after: bool,
}

impl<K> Boundary<K> {
    pub(super) fn before(key: K) -> Boundary<K> {
        Boundary { key, after: false }
    }

    pub(super) fn after(key: K) -> Boundary<K> {
        Boundary { key, after: true }
    }
}

/// An interval and its bit. `None` is an infinite bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval<K> {
    pub(super) from: Option<Boundary<K>>,
    pub(super) to: Option<Boundary<K>>,
    pub(super) bit: u32,
}

#[derive(Debug)]
pub(super) struct IntervalIndex<K> {
    /// The keys of all boundaries, in ascending order. The segments are: below the first key, at
    /// the first key, between the first and the second key, at the second key, and so on.
    keys: Box<[K]>,
    /// For each segment, the end of its range in `toggles`. The range contains the toggles between
    /// the segment below and this one.
    ends: Box<[u32]>,
    /// The bits that change, in the order of the segments.
    toggles: Box<[u32]>,
    /// The number of toggles between two checkpoints.
    distance: usize,
    /// The indices of the words that contain bits of intervals, in ascending order.
    words: Box<[u32]>,
    /// For each checkpoint, the result there: one word for each element of `words`.
    checkpoints: Box<[u64]>,
}

/// The least distance between checkpoints. Fewer toggles cost less than the read of a checkpoint.
const LEAST_DISTANCE: usize = 64;

impl<K: Copy + Ord> IntervalIndex<K> {
    /// Every bit must belong to one interval only.
    pub(super) fn new(intervals: &[Interval<K>]) -> IntervalIndex<K> {
        let mut words: Vec<u32> = intervals.iter().map(|interval| interval.bit / 64).collect();
        words.sort_unstable();
        words.dedup();
        // The boundary `None` is less than every other one, so an interval without a lower bound
        // begins below every key.
        let mut events = Vec::with_capacity(intervals.len() * 2);
        for interval in intervals {
            if interval.from.is_some() && interval.to.is_some() && interval.from >= interval.to {
                continue;
            }
            events.push((interval.from, interval.bit));
            if interval.to.is_some() {
                events.push((interval.to, interval.bit));
            }
        }
        events.sort_unstable();
        let mut keys: Vec<K> = events.iter().filter_map(|event| event.0).map(|bound| bound.key).collect();
        keys.dedup();

        let mut ends = Vec::with_capacity(keys.len() * 2 + 1);
        let mut end = events.partition_point(|event| event.0.is_none());
        ends.push(end as u32);
        for &key in &keys {
            for bound in [Boundary::before(key), Boundary::after(key)] {
                end += events[end..].partition_point(|event| event.0 <= Some(bound));
                ends.push(end as u32);
            }
        }

        let distance = words.len().max(LEAST_DISTANCE);
        let mut checkpoints = Vec::new();
        let mut state = vec![0; words.len()];
        for (at, &(_, bit)) in events.iter().enumerate() {
            if at % distance == 0 {
                checkpoints.extend_from_slice(&state);
            }
            let word = words.binary_search(&(bit / 64)).expect("the word of every bit is listed");
            state[word] ^= 1_u64 << (bit % 64);
        }
        if events.len() % distance == 0 {
            checkpoints.extend_from_slice(&state);
        }
        IntervalIndex {
            keys: keys.into(),
            ends: ends.into(),
            toggles: events.into_iter().map(|event| event.1).collect(),
            distance,
            words: words.into(),
            checkpoints: checkpoints.into(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.toggles.is_empty()
    }

    /// Sets the bits of the intervals that contain the key. All of their bits are clear before.
    pub(super) fn find(&self, key: K, satisfied: &mut [u64]) {
        let segment = match self.keys.binary_search(&key) {
            Ok(at) => at * 2 + 1,
            Err(above) => above * 2,
        };
        let end = self.ends[segment] as usize;
        // The nearest stored checkpoint, in either direction.
        let last = self.toggles.len() / self.distance;
        let checkpoint = ((end + self.distance / 2) / self.distance).min(last);
        // The first checkpoint is all zeros.
        if checkpoint > 0 {
            let states = &self.checkpoints[checkpoint * self.words.len()..];
            for (&word, state) in self.words.iter().zip(states) {
                satisfied[word as usize] |= state;
            }
        }
        let start = checkpoint * self.distance;
        for &bit in &self.toggles[start.min(end)..start.max(end)] {
            satisfied[bit as usize / 64] ^= 1 << (bit % 64);
        }
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        size_of_val(&*self.keys)
            + size_of_val(&*self.ends)
            + size_of_val(&*self.toggles)
            + size_of_val(&*self.words)
            + size_of_val(&*self.checkpoints)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::{Boundary, Interval, IntervalIndex};

    fn holds(interval: &Interval<u8>, key: u8) -> bool {
        let at = Some(Boundary::before(key));
        interval.from.is_none_or(|_| interval.from <= at) && interval.to.is_none_or(|_| at < interval.to)
    }

    fn check(intervals: &[Interval<u8>], words: usize) {
        let table = IntervalIndex::new(intervals);
        for key in 0..=u8::MAX {
            let mut satisfied = vec![0; words];
            table.find(key, &mut satisfied);
            let mut expected = vec![0; words];
            for interval in intervals.iter().filter(|interval| holds(interval, key)) {
                expected[interval.bit as usize / 64] |= 1_u64 << (interval.bit % 64);
            }
            assert_eq!(satisfied, expected, "{key} {intervals:?}");
        }
    }

    #[test]
    fn bounds_are_exact() {
        let bounds = |key| [Boundary::before(key), Boundary::after(key)];
        let mut intervals = Vec::new();
        for from in bounds(3).into_iter().chain(bounds(5)).map(Some).chain([None]) {
            for to in bounds(3).into_iter().chain(bounds(5)).chain(bounds(255)).map(Some).chain([None]) {
                intervals.push(Interval { from, to, bit: intervals.len() as u32 });
            }
        }
        check(&intervals, 1);
        check(&[], 1);
        check(&[Interval { from: None, to: None, bit: 70 }], 2);
    }

    #[test]
    fn memory_is_linear_in_the_intervals() {
        for spread in [1, 64] {
            for count in if cfg!(miri) { [100_u32, 200, 400] } else { [100, 1_000, 10_000] } {
                let interval = |i: u32| Interval {
                    from: Some(Boundary::before(i)),
                    to: Some(Boundary::after(i * 2)),
                    bit: i * spread,
                };
                let intervals: Vec<_> = (0..count).map(interval).collect();
                assert!(IntervalIndex::new(&intervals).memory_usage() < 60 * count as usize);
            }
        }
    }

    const MOST: usize = if cfg!(miri) { 100 } else { 500 };

    fn boundary() -> impl Strategy<Value = Option<Boundary<u8>>> {
        option::weighted(0.8, (0..30_u8, any::<bool>()).prop_map(|(key, after)| Boundary { key, after }))
    }

    proptest! {
        #[test]
        fn intervals_equal_one_by_one(bounds in vec((boundary(), boundary()), 0..MOST), stride in 1..9_u32) {
            let interval = |(i, &(from, to))| Interval { from, to, bit: i as u32 * stride };
            let intervals: Vec<_> = bounds.iter().enumerate().map(interval).collect();
            check(&intervals, MOST * 9 / 64 + 1);
        }
    }
}
