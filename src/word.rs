//! Short texts as integers, so that they are compared with one comparison.

/// Returns the first eight bytes of a text as an integer, the first byte in the lowest place.
/// Shorter texts are padded with zeros.
#[inline(always)]
pub(super) fn word(text: &[u8]) -> u64 {
    let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    match text.len() {
        8.. => text.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)),
        // The two halves overlap, and the overlapping bytes are equal.
        length @ 4..8 => half(text.first_chunk()) | half(text.last_chunk()) << (8 * (length - 4)),
        _ => text.iter().rfold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn bytes_are_in_ascending_places() {
        let text = b"abcdefghijkl";
        for length in 0..text.len() {
            let mut padded = [0; 8];
            let kept = length.min(8);
            padded[..kept].copy_from_slice(&text[..kept]);
            assert_eq!(word(&text[..length]), u64::from_le_bytes(padded), "{length}");
        }
    }
}
