//! Base64 ([RFC 4648](https://www.rfc-editor.org/rfc/rfc4648)), the encoding of JSON in some events.

/// Decodes a text in the standard or the URL alphabet, with or without padding. Returns `None` if the
/// text is not Base64.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut body = text;
    for _ in 0..2 {
        body = body.strip_suffix(b"=").unwrap_or(body);
    }
    if body.is_empty() || body.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 2);
    for group in body.chunks(4) {
        let mut bits = 0;
        for &character in group {
            bits = bits << 6 | digit(character)?;
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u32> {
    Some(match character {
        b'A'..=b'Z' => u32::from(character - b'A'),
        b'a'..=b'z' => u32::from(character - b'a') + 26,
        b'0'..=b'9' => u32::from(character - b'0') + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts_of_every_length_are_decoded() {
        let decoded = |text: &str| decode(text.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        for (text, plain) in [("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob")] {
            assert_eq!(decoded(text).as_deref(), Some(plain));
        }
        assert_eq!(decoded("eyJhIjoxfQ=="), Some(r#"{"a":1}"#.to_owned()));
        for text in ["", "=", "Zm9vY", "Zm 9v", "aws.s3", "====="] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
