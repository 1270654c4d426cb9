use super::{Masks, Stops, bracket, string};
use crate::json::{Lexer, Token};

fn stops(block: &[u8; 32]) -> Stops {
    let bits = |is: fn(u8) -> bool| (0..32).filter(|&at| is(block[at])).map(|at| 1 << at).sum();
    Stops {
        quotes: bits(|byte| byte == b'"'),
        others: bits(|byte| byte == b'\\' || byte < 0x20),
        dots: bits(|byte| byte == b'.'),
    }
}

fn classify(block: &[u8; 64]) -> Masks {
    let bits = |is: fn(u8) -> bool| (0..64).filter(|&at| is(block[at])).map(|at| 1 << at).sum();
    Masks {
        quote: bits(|byte| byte == b'"'),
        backslash: bits(|byte| byte == b'\\'),
        open: bits(|byte| matches!(byte, b'{' | b'[')),
        close: bits(|byte| matches!(byte, b'}' | b']')),
    }
}

fn prefix_xor(bits: u64) -> u64 {
    (0..64).filter(|at| (bits & u64::MAX >> (63 - at)).count_ones() % 2 == 1).map(|at| 1 << at).sum()
}

/// Tests strings of all lengths around the length of a block, with an escape or an invalid byte at
/// some place.
#[test]
fn strings_end_at_their_quote() {
    let lengths = (0..=100).step_by(if cfg!(miri) { 13 } else { 1 });
    for (length, special) in lengths.flat_map(|length| {
        ["", "\\\"", "\\\\", "\\u00e9", "\\", "\\x", "\\u00", "\n", "é", "\\\\\\\""].map(|it| (length, it))
    }) {
        for at in (0..=length).step_by(7) {
            let text = format!("{}{special}{}\", and more \\", "x".repeat(at), "y".repeat(length - at));
            let quoted = format!("\"{text}");
            let expected = match Lexer::new(quoted.as_bytes()).next() {
                Ok(Token::String { escaped }) => {
                    let mut lexer = Lexer::new(quoted.as_bytes());
                    lexer.next().expect("it was read before");
                    Some((lexer.span().len() - 2, escaped))
                }
                _ => None,
            };
            assert_eq!(string(text.as_bytes(), stops), expected, "{text}");
            let end = expected.map_or(0, |(end, _)| end);
            assert_eq!(string(&text.as_bytes()[..end], stops), None, "{text}");
        }
    }
}

#[test]
fn bracket_finds_the_closing_bracket() {
    let fillings = [
        "",
        "\"}\"",
        "\"]\\\"}\\\\\"",
        "{}",
        "[[],[{}]]",
        "{\"a\":[{\"b\":\"{[\"}]}",
        "\"\\\\\\\"}\\\\\\\\\"",
    ];
    let lengths = (0..=140).step_by(if cfg!(miri) { 37 } else { 1 });
    for (length, filling) in lengths.flat_map(|length| fillings.map(|filling| (length, filling))) {
        for blanks in [" ", "[]", "1,", "\"x\","] {
            let inside = blanks.repeat(length / blanks.len()) + filling;
            for close in ["}", "]"] {
                let text = format!("{inside}{close}}}]\"{{");
                assert_eq!(bracket(text.as_bytes(), classify, prefix_xor), Some(inside.len()), "{text}");
                assert_eq!(bracket(inside.as_bytes(), classify, prefix_xor), None, "{inside}");
            }
        }
    }
}

#[test]
fn bracket_counts_depth() {
    for depth in [1, 2, 31, 63, 64, 65, 200] {
        let text = format!("{}{}", "[{".repeat(depth), "}]".repeat(depth));
        assert_eq!(bracket(text.as_bytes(), classify, prefix_xor), None);
        assert_eq!(bracket(format!("{text}]").as_bytes(), classify, prefix_xor), Some(text.len()));
        assert_eq!(bracket(&text.as_bytes()[1..], classify, prefix_xor), Some(text.len() - 2));
    }
}
