//! Lists in which values are searched by their prints.
//!
//! Prints are as good as random, so where one stands in a sorted list can be told from what it is: that of a half of the largest
//! print stands in the middle (interpolation search; Perl, Itai and Avni, "Interpolation search: a log log N search", 1978). A
//! list of many is made half as long again, by entries that are there more than once, so that hardly one stands far from there.
//! So what is looked at is mostly one line of memory, where halving the list would look at several, one after the other.

use crate::predicate::digest::Print;

/// An entry of such a list.
pub(crate) trait Printed: Copy {
    fn print(&self) -> Print;
}

/// Lists of so few entries are left as they are.
const FEW: usize = 8;

/// How far a search goes step by step, before it halves what is left.
const NEAR: usize = 8;

/// Appends entries that are sorted by their prints, some of them more than once if there are many.
pub(crate) fn spread<T: Printed>(sorted: &[T], list: &mut Vec<T>) {
    let (count, start) = (sorted.len(), list.len());
    if count <= FEW {
        list.extend_from_slice(sorted);
        return;
    }
    let room = count + count / 2;
    let mut last = sorted[0];
    for (at, entry) in sorted.iter().enumerate() {
        // What is to come must have room too.
        let place = start + entry.print().place_in(room).min(room - (count - at));
        list.resize(place.max(list.len()), last);
        list.push(*entry);
        last = *entry;
    }
    list.resize(start + room, last);
}

/// The part with one print of a list made by [`spread`], if there is one.
///
/// Somebody may choose values whose prints are the same, or near to each other, so what does not stand near to where it is expected
/// is searched for by halves.
#[inline]
pub(super) fn find<T: Printed>(list: &[T], print: Print) -> Option<&[T]> {
    let mut at = print.place_in(list.len());
    if list.get(at)?.print() < print {
        let behind = &list[at..];
        at += near(behind.len(), |at| behind[at].print() < print)
            .unwrap_or_else(|| behind.partition_point(|entry| entry.print() < print));
    } else {
        let before = &list[..at];
        at -= near(before.len(), |back| before[at - 1 - back].print() >= print)
            .unwrap_or_else(|| at - before.partition_point(|entry| entry.print() < print));
    }
    let same = &list[at..];
    let count = near(same.len(), |at| same[at].print() == print)
        .unwrap_or_else(|| same.partition_point(|entry| entry.print() == print));
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
    use super::{FEW, Printed, find, spread};
    use crate::predicate::digest::Print;

    impl Printed for Print {
        fn print(&self) -> Print {
            *self
        }
    }

    /// Looks for what is in a list and for others; the list.
    fn check(mut prints: Vec<Print>, others: &[Print]) -> Vec<Print> {
        prints.sort_unstable();
        let mut list = vec![Print::TRUE; 3];
        spread(&prints, &mut list);
        list.drain(..3);
        let room = if prints.len() <= FEW { prints.len() } else { prints.len() + prints.len() / 2 };
        assert!(list.is_sorted() && list.len() == room, "{list:?}");
        let mut distinct = list.clone();
        distinct.dedup();
        prints.dedup();
        assert_eq!(distinct, prints);
        for print in prints.iter().chain(others) {
            let same: Vec<Print> = list.iter().copied().filter(|other| other == print).collect();
            assert_eq!(find(&list, *print).unwrap_or_default(), same, "{print:?} in {list:?}");
        }
        list
    }

    fn print(number: usize) -> Print {
        Print::of_string(format!("value {number}").as_bytes())
    }

    #[test]
    fn what_is_in_a_list_is_found_and_nothing_else() {
        let others: Vec<Print> = (1_000..1_100).map(print).chain([Print::NONE, Print::TRUE]).collect();
        for count in (0..40).chain([300, 500]).take(if cfg!(miri) { 12 } else { 42 }) {
            check((0..count).map(print).collect(), &others);
        }
    }

    #[test]
    fn prints_that_are_alike_or_near_are_found() {
        let same = [Print::SPELLING; 20];
        let literals = [Print::TRUE, Print::FALSE, Print::NULL, Print::SPELLING, Print::NONE];
        let high = print(1);
        check(same.to_vec(), &literals);
        check([&same[..], &literals].concat(), &literals);
        check([&same[..], &[high; 9], &literals].concat(), &literals);
        check([&[high; 30][..], &literals].concat(), &[]);
        assert_eq!(find::<Print>(&[], Print::TRUE), None);
    }

    #[test]
    fn entries_stand_near_to_where_they_are_expected() {
        let list = check((0..1_000).map(print).collect(), &[]);
        let far = |(at, print): &(usize, &Print)| print.place_in(list.len()).abs_diff(*at) > 8;
        let far = list.iter().enumerate().filter(far).count();
        assert!(far < list.len() / 20, "{far}");
    }
}
