//! Lists in which values are searched by their fingerprints.
//!
//! Prints are as good as random, so where one stands in a sorted list can be told from what it is: that of a half of the largest
//! fingerprint stands in the middle (interpolation search; Perl, Itai and Avni, "Interpolation search: a log log N search", 1978). A
//! list of many is made half as long again, by entries that are there more than once, so that hardly one stands far from there.
//! So what is looked at is mostly one line of memory, where halving the list would look at several, one after the other.

use crate::predicate::digest::Fingerprint;

/// An entry of such a list.
pub(crate) trait Fingerprinted: Copy {
    fn fingerprint(&self) -> Fingerprint;
}

/// Lists of so few entries are left as they are.
const FEW: usize = 8;

/// How far a search goes step by step, before it halves what is left.
const NEAR: usize = 8;

/// Appends entries that are sorted by their fingerprints, some of them more than once if there are many.
pub(crate) fn pad<T: Fingerprinted>(sorted: &[T], list: &mut Vec<T>) {
    let (count, start) = (sorted.len(), list.len());
    if count <= FEW {
        list.extend_from_slice(sorted);
        return;
    }
    let room = count + count / 2;
    let mut last = sorted[0];
    for (at, entry) in sorted.iter().enumerate() {
        // What is to come must have room too.
        let place = start + entry.fingerprint().place_in(room).min(room - (count - at));
        list.resize(place.max(list.len()), last);
        list.push(*entry);
        last = *entry;
    }
    list.resize(start + room, last);
}

/// The part with one fingerprint of a list made by [`pad`], if there is one.
///
/// Somebody may choose values whose fingerprints are the same, or near to each other, so what does not stand near to where it is expected
/// is searched for by halves.
#[inline]
pub(super) fn equal_range<T: Fingerprinted>(list: &[T], fingerprint: Fingerprint) -> Option<&[T]> {
    let mut at = fingerprint.place_in(list.len());
    if list.get(at)?.fingerprint() < fingerprint {
        let behind = &list[at..];
        at += near(behind.len(), |at| behind[at].fingerprint() < fingerprint)
            .unwrap_or_else(|| behind.partition_point(|entry| entry.fingerprint() < fingerprint));
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

/// For how many of so many places this holds, which it does up to some place; nothing if that is not near.
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

    /// Looks for what is in a list and for others; the list.
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
    fn what_is_in_a_list_is_found_and_nothing_else() {
        let others: Vec<Fingerprint> =
            (1_000..1_100).map(fingerprint).chain([Fingerprint::NONE, Fingerprint::TRUE]).collect();
        for count in (0..40).chain([300, 500]).take(if cfg!(miri) { 12 } else { 42 }) {
            check((0..count).map(fingerprint).collect(), &others);
        }
    }

    #[test]
    fn prints_that_are_alike_or_near_are_found() {
        let same = [Fingerprint::SPELLING; 20];
        let literals = [
            Fingerprint::TRUE,
            Fingerprint::FALSE,
            Fingerprint::NULL,
            Fingerprint::SPELLING,
            Fingerprint::NONE,
        ];
        let high = fingerprint(1);
        check(same.to_vec(), &literals);
        check([&same[..], &literals].concat(), &literals);
        check([&same[..], &[high; 9], &literals].concat(), &literals);
        check([&[high; 30][..], &literals].concat(), &[]);
        assert_eq!(equal_range::<Fingerprint>(&[], Fingerprint::TRUE), None);
    }

    #[test]
    fn entries_stand_near_to_where_they_are_expected() {
        let list = check((0..1_000).map(fingerprint).collect(), &[]);
        let far =
            |(at, fingerprint): &(usize, &Fingerprint)| fingerprint.place_in(list.len()).abs_diff(*at) > 8;
        let far = list.iter().enumerate().filter(far).count();
        assert!(far < list.len() / 20, "{far}");
    }
}
