//! Short texts as numbers, so that they are compared in one go.

/// The first eight bytes of a text, or as many as there are: the first in the lowest place, zeros behind the last.
#[inline(always)]
pub(super) fn word(text: &[u8]) -> u64 {
    let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    match text.len() {
        8.. => text.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)),
        // Of two halves from either end, what overlaps is the same.
        length @ 4..8 => half(text.first_chunk()) | half(text.last_chunk()) << (8 * (length - 4)),
        _ => text.iter().rfold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn bytes_stand_in_ascending_places() {
        let text = b"abcdefghijkl";
        for length in 0..text.len() {
            let mut padded = [0; 8];
            let kept = length.min(8);
            padded[..kept].copy_from_slice(&text[..kept]);
            assert_eq!(word(&text[..length]), u64::from_le_bytes(padded), "{length}");
        }
    }
}
