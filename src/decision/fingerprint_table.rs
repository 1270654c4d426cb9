//! Sorted tables that are searched by fingerprint.
//!
//! Fingerprints are as good as random, so the place of an entry in a sorted table can be estimated
//! from its fingerprint. For example, half of the largest fingerprint is near the middle. The
//! method is interpolation search (Perl, Itai and Avni, "Interpolation search: a log log N search",
//! 1978).
//!
//! A large table is padded with repeated entries to 1.5 times its length, so that almost every
//! entry is near its estimated place. A search then reads one cache line in most cases. A binary
//! search would read several lines, one after the other.

use crate::predicate::digest::Fingerprint;

/// An entry of a table.
pub(crate) trait Fingerprinted: Copy {
    fn fingerprint(&self) -> Fingerprint;
}

/// The largest number of entries that is not padded.
const FEW: usize = 8;

/// The number of entries that are searched one by one before a binary search.
const NEAR: usize = 8;

/// Appends entries to `list`. `sorted` must be sorted by fingerprint. Entries are repeated if there
/// are more than `FEW`.
pub(crate) fn pad<T: Fingerprinted>(sorted: &[T], list: &mut Vec<T>) {
    let (count, start) = (sorted.len(), list.len());
    if count <= FEW {
        list.extend_from_slice(sorted);
        return;
    }
    let room = count + count / 2;
    let mut last = sorted[0];
    for (at, entry) in sorted.iter().enumerate() {
        // The remaining entries need places too.
        let place = start + entry.fingerprint().place_in(room).min(room - (count - at));
        list.resize(place.max(list.len()), last);
        list.push(*entry);
        last = *entry;
    }
    list.resize(start + room, last);
}

/// Returns the entries with this fingerprint in a table made by [`pad`], or `None` if there are
/// none.
///
/// An attacker may choose values with equal or close fingerprints. Entries that are not near
/// the estimated place are therefore found by binary search.
#[inline]
pub(super) fn equal_range<T: Fingerprinted>(list: &[T], fingerprint: Fingerprint) -> Option<&[T]> {
    let mut at = fingerprint.place_in(list.len());
    if list.get(at)?.fingerprint() < fingerprint {
        let rest = &list[at..];
        at += near(rest.len(), |at| rest[at].fingerprint() < fingerprint)
            .unwrap_or_else(|| rest.partition_point(|entry| entry.fingerprint() < fingerprint));
    } else {
        let before = &list[..at];
        at -= near(before.len(), |back| before[at - 1 - back].fingerprint() >= fingerprint)
            .unwrap_or_else(|| at - before.partition_point(|entry| entry.fingerprint() < fingerprint));
    }
    let same = &list[at..];
    let count = near(same.len(), |at| same[at].fingerprint() == fingerprint)
        .unwrap_or_else(|| same.partition_point(|entry| entry.fingerprint() == fingerprint));
    (count > 0).then_some(&same[..count])
}

/// Returns the first index below `count` for which `holds` is false, or `count`. `holds` is true
/// before that index and false after it. Returns `None` if the index is not among the first `NEAR`.
#[inline(always)]
fn near(count: usize, holds: impl Fn(usize) -> bool) -> Option<usize> {
    let first = (0..count.min(NEAR)).find(|&at| !holds(at));
    if count <= NEAR { Some(first.unwrap_or(count)) } else { first }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Fingerprinted, equal_range, pad};
    use crate::predicate::digest::Fingerprint;

    impl Fingerprinted for Fingerprint {
        fn fingerprint(&self) -> Fingerprint {
            *self
        }
    }

    /// Asserts that the fingerprints of a table are found and others are not. Returns the table.
    fn check(mut fingerprints: Vec<Fingerprint>, others: &[Fingerprint]) -> Vec<Fingerprint> {
        fingerprints.sort_unstable();
        let mut list = vec![Fingerprint::TRUE; 3];
        pad(&fingerprints, &mut list);
        list.drain(..3);
        let room = if fingerprints.len() <= FEW {
            fingerprints.len()
        } else {
            fingerprints.len() + fingerprints.len() / 2
        };
        assert!(list.is_sorted() && list.len() == room, "{list:?}");
        let mut distinct = list.clone();
        distinct.dedup();
        fingerprints.dedup();
        assert_eq!(distinct, fingerprints);
        for fingerprint in fingerprints.iter().chain(others) {
            let same: Vec<Fingerprint> = list.iter().copied().filter(|other| other == fingerprint).collect();
            assert_eq!(
                equal_range(&list, *fingerprint).unwrap_or_default(),
                same,
                "{fingerprint:?} in {list:?}"
            );
        }
        list
    }

    fn fingerprint(number: usize) -> Fingerprint {
        Fingerprint::of_string(format!("value {number}").as_bytes())
    }

    #[test]
    fn equal_range_finds_all_entries_and_no_others() {
        let others: Vec<Fingerprint> =
            (1_000..1_100).map(fingerprint).chain([Fingerprint::NONE, Fingerprint::TRUE]).collect();
        for count in (0..40).chain([300, 500]).take(if cfg!(miri) { 12 } else { 42 }) {
            check((0..count).map(fingerprint).collect(), &others);
        }
    }

    #[test]
    fn equal_and_close_fingerprints_are_found() {
        let same = [Fingerprint::from_bits(2); 20];
        let literals = [4, 6, 8, 2, 0].map(Fingerprint::from_bits);
        let high = fingerprint(1);
        check(same.to_vec(), &literals);
        check([&same[..], &literals].concat(), &literals);
        check([&same[..], &[high; 9], &literals].concat(), &literals);
        check([&[high; 30][..], &literals].concat(), &[]);
        assert_eq!(equal_range::<Fingerprint>(&[], Fingerprint::TRUE), None);
    }

    #[test]
    fn entries_are_near_their_estimated_places() {
        let list = check((0..1_000).map(fingerprint).collect(), &[]);
        let far =
            |(at, fingerprint): &(usize, &Fingerprint)| fingerprint.place_in(list.len()).abs_diff(*at) > 8;
        let far = list.iter().enumerate().filter(far).count();
        assert!(far < list.len() / 20, "{far}");
    }
}
