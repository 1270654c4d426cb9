//! Eight bytes at once: how many of them are digits.

/// A word with a one in each byte.
pub(super) const ONES: u64 = u64::from_le_bytes([1; 8]);

/// How many of eight bytes, from the lowest on, are at most nine.
#[inline(always)]
pub(super) fn digits_of(values: u64) -> usize {
    // Adding 118 reaches the highest bit of all other bytes below 128, and those from 128 on have it. What is carried into
    // the next byte comes from a byte that is no digit, and stands before it.
    let others = (values.wrapping_add(ONES * 118) | values) & ONES << 7;
    others.trailing_zeros() as usize / 8
}
