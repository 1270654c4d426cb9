//! A test of eight bytes at once for digits.

/// A word with a one in each byte.
pub(super) const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Returns the number of leading bytes, from the lowest on, that are at most nine.
#[inline(always)]
pub(super) fn digits_of(values: u64) -> usize {
    // Adding 118 sets the highest bit of every byte from 10 to 127. Bytes from 128 on have the bit
    // already. A carry comes only from a byte that is not a digit, and only changes bytes after it.
    let others = (values.wrapping_add(ONES * 118) | values) & ONES << 7;
    others.trailing_zeros() as usize / 8
}
