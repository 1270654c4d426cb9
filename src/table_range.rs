//! [`TableRange`]: a range of a table in half the bytes of a `Range<usize>`.

use std::fmt;
use std::marker::PhantomData;

/// A range of a table of `T`s. The type keeps the ranges of different tables apart.
///
/// The compiled set has one or more ranges for every branch, edge and value, so their size counts.
pub(crate) struct TableRange<T> {
    start: u32,
    end: u32,
    table: PhantomData<fn() -> T>,
}

impl<T> TableRange<T> {
    /// Returns the range of no entries.
    pub(crate) const fn empty() -> TableRange<T> {
        TableRange { start: 0, end: 0, table: PhantomData }
    }

    /// Returns the range from `start` to the end of a table that is being filled. The table must
    /// have fewer than 2^32 entries, which the size limit of a compiled set ensures.
    pub(crate) fn to_end(start: usize, table: &[T]) -> TableRange<T> {
        debug_assert!(start <= table.len() && u32::try_from(table.len()).is_ok());
        TableRange { start: start as u32, end: table.len() as u32, table: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Returns the entries of the range.
    #[inline(always)]
    pub(crate) fn of(self, table: &[T]) -> &[T] {
        &table[self.start as usize..self.end as usize]
    }
}

impl<T> Clone for TableRange<T> {
    fn clone(&self) -> TableRange<T> {
        *self
    }
}

impl<T> Copy for TableRange<T> {}

impl<T> fmt::Debug for TableRange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::TableRange;

    #[test]
    fn range_has_the_entries_from_its_start() {
        let mut table = vec![1, 2, 3];
        let first = TableRange::to_end(1, &table);
        table.push(4);
        let second = TableRange::to_end(3, &table);
        assert_eq!((first.of(&table), second.of(&table)), (&[2, 3][..], &[4][..]));
        assert!(!first.is_empty() && TableRange::to_end(4, &table).is_empty());
        assert!(TableRange::<u8>::empty().is_empty());
        assert_eq!(format!("{first:?}"), "1..3");
    }
}
