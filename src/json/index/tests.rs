use super::{Bracket, Index, Plan, View, last_before};
use crate::json::{Lexer, Token};
use crate::simd::Kernel;

/// Texts of these pieces are sometimes valid, and often nearly so.
const PIECES: [&str; 26] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"a\"",
    "\"\"",
    "\"a\\\"\\u00e9\\\\\"",
    "1",
    "-0.5e3",
    "true",
    "null",
    " ",
    "\n \t",
    "{\"a\":1}",
    "[1,2]",
    "\"{,:}\"",
    "\\",
    "\"",
    "01",
    "{\"b\" : [ ] , \"c\":{}}",
    "tru",
    "é",
    "\u{1}",
    "\"\\x\"",
];

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

/// A text that is valid as JSON goes, with blanks here and there.
fn value(random: &mut Random, depth: usize, out: &mut String) {
    let blank = |random: &mut Random, out: &mut String| {
        for _ in 0..[0, 0, 0, 0, 1, 2, 70][random.below(7)] {
            out.push([' ', '\n', '\t', '\r'][random.below(4)]);
        }
    };
    blank(random, out);
    let scalars = [
        "1",
        "-12.50",
        "0",
        "1e9",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a:{,}\"",
        "\"\\\"\\\\\\n\"",
        "\"é😀\"",
    ];
    match if depth == 0 { 2 } else { random.below(4) } {
        0 => {
            out.push('{');
            let members = random.below(4);
            for member in 0..members {
                blank(random, out);
                out.push_str(["\"a\"", "\"\"", "\"b.c\"", "\"\\u0061\\\"\"", "\"x,y:[\""][random.below(5)]);
                blank(random, out);
                out.push(':');
                value(random, depth - 1, out);
                if member + 1 < members {
                    out.push(',');
                }
            }
            blank(random, out);
            out.push('}');
        }
        1 => {
            out.push('[');
            let elements = random.below(4);
            for element in 0..elements {
                value(random, depth - 1, out);
                if element + 1 < elements {
                    out.push(',');
                }
            }
            blank(random, out);
            out.push(']');
        }
        _ => out.push_str(scalars[random.below(scalars.len())]),
    }
    blank(random, out);
}

/// Each makes at least one text that is valid.
const ROUNDS: usize = if cfg!(miri) { 8 } else { 6_000 };

fn texts() -> Vec<String> {
    let mut random = Random(88_172_645_463_325_252);
    let mut texts = Vec::new();
    for round in 0..ROUNDS {
        let length = random.below(if round % 8 == 0 { 60 } else { 12 });
        texts.push((0..length).map(|_| PIECES[random.below(PIECES.len())]).collect());
        let mut text = "{\"r\":".to_owned();
        value(&mut random, 4, &mut text);
        text.push('}');
        texts.push(text.clone());
        // The same with something taken away, put in, or doubled.
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = places[random.below(places.len())];
        let rest = &text[at..];
        let after = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        texts.push(format!("{}{after}", &text[..at]));
        texts.push(format!("{}{}{rest}", &text[..at], PIECES[random.below(PIECES.len())]));
    }
    texts
}

/// Whether a text is an object, read token by token.
fn is_object(text: &str) -> bool {
    let mut lexer = Lexer::new(text.as_bytes());
    let mut open: Vec<bool> = Vec::new();
    // What may come next: 0 a value, 1 a value or `]`, 2 a name or `}`, 3 a name, 4 a colon, 5 a comma or the end.
    let mut state = 0;
    loop {
        let Ok(token) = lexer.next() else { return false };
        if open.is_empty() && (state == 5) != (token == Token::End) {
            return false;
        }
        let is_value = state <= 1;
        match token {
            Token::End => return state == 5 && open.is_empty(),
            Token::ObjectOpen if is_value => (state, _) = (2, open.push(true)),
            Token::ArrayOpen if is_value && !open.is_empty() => (state, _) = (1, open.push(false)),
            Token::ObjectClose if matches!(state, 2 | 5) && open.last() == Some(&true) => {
                (state, _) = (5, open.pop())
            }
            Token::ArrayClose if matches!(state, 1 | 5) && open.last() == Some(&false) => {
                (state, _) = (5, open.pop())
            }
            Token::Colon if state == 4 => state = 0,
            Token::Comma if state == 5 => state = if open.last() == Some(&true) { 3 } else { 0 },
            Token::String { .. } if matches!(state, 2 | 3) => state = 4,
            Token::String { .. } | Token::Number | Token::True | Token::False | Token::Null
                if is_value && !open.is_empty() =>
            {
                state = 5;
            }
            _ => return false,
        }
    }
}

fn kernels() -> impl Iterator<Item = Kernel> {
    Kernel::ALL.into_iter().filter(|kernel| kernel.is_available())
}

#[test]
fn an_index_is_broken_if_the_text_is_not_an_object() {
    let (mut index, mut valid) = (Index::default(), 0);
    for text in texts() {
        let expected = is_object(&text);
        valid += usize::from(expected);
        for &shift in if cfg!(miri) { &[0, 58][..] } else { &[0, 1, 31, 58, 63] } {
            let text = format!("{}{text}", " ".repeat(shift));
            for kernel in kernels() {
                index.clear();
                let plan = Plan { depth: 100, upto: text.len() };
                kernel.extend::<true>(text.as_bytes(), plan, &mut index);
                assert!(index.is_finished(text.as_bytes()) || index.is_broken());
                assert_eq!(!index.is_broken(), expected, "{kernel:?} {text:?}");
                if expected {
                    assert_eq!(index.has_high(), !text.is_ascii());
                    assert_eq!(index.has_backslash(), text.contains('\\'));
                }
            }
        }
    }
    assert!(valid >= ROUNDS, "{valid}");
}

#[test]
fn what_is_found_does_not_depend_on_the_pieces() {
    for text in texts().into_iter().filter(|text| is_object(text)).step_by(3) {
        let text = text.as_bytes();
        let mut whole = Index::default();
        Kernel::Portable.extend::<true>(text, Plan { depth: 100, upto: text.len() }, &mut whole);
        assert!(!whole.is_broken());
        for kernel in kernels() {
            let mut pieces = Index::default();
            for upto in (0..=text.len() + 63).step_by(64) {
                kernel.extend::<false>(text, Plan { depth: 100, upto: upto.min(text.len()) }, &mut pieces);
            }
            assert!(pieces.is_finished(text));
            assert_eq!(pieces.quotes, whole.quotes);
            assert_eq!(pieces.view().colons, whole.view().colons);
            assert_eq!(format!("{:?}", pieces.view().brackets), format!("{:?}", whole.view().brackets));
        }
    }
}

/// The places of the bits that are set.
fn places(blocks: &[u64]) -> Vec<usize> {
    (0..blocks.len() * 64).filter(|at| blocks[at / 64] >> (at % 64) & 1 == 1).collect()
}

/// What an index would say of a valid text: quotes, colons, brackets.
fn by_tokens(text: &[u8]) -> (Vec<usize>, Vec<usize>, Vec<[usize; 3]>) {
    let (mut quotes, mut colons) = (Vec::new(), Vec::new());
    let (mut brackets, mut open) = (Vec::<[usize; 3]>::new(), Vec::new());
    let mut lexer = Lexer::new(text);
    loop {
        let token = lexer.next().unwrap();
        let at = lexer.span().start;
        match token {
            Token::End => return (quotes, colons, brackets),
            Token::String { .. } => quotes.extend([at, lexer.span().end - 1]),
            Token::Colon => colons.push(at),
            Token::ObjectOpen | Token::ArrayOpen => open.push(brackets.len()),
            Token::ObjectClose | Token::ArrayClose => brackets[open.pop().unwrap()][2] = brackets.len(),
            Token::Comma | Token::Number | Token::True | Token::False | Token::Null => {}
        }
        if matches!(token, Token::ObjectOpen | Token::ArrayOpen | Token::ObjectClose | Token::ArrayClose) {
            brackets.push([at, colons.len(), Bracket::OPEN as usize]);
        }
    }
}

/// An index that is wrong makes nothing wrong, because the event is then read token by token; but that is slow.
#[test]
fn what_is_found_is_what_the_tokens_are() {
    let dense = [
        format!("{{{}\"\":0}}", "\"\":0,".repeat(60)),
        format!("{{\"a\":[{}[]]}}", "[],{},".repeat(60)),
        format!("{{\"a\":{}{}}}", "[".repeat(70), "]".repeat(70)),
        format!("{{\"a\":\"{}\"}}", "\\\"".repeat(70)),
    ];
    let valid = texts().into_iter().filter(|text| is_object(text)).step_by(3);
    for text in valid.chain(dense) {
        let text = text.as_bytes();
        let expected = by_tokens(text);
        for kernel in kernels() {
            let mut index = Index::default();
            kernel.extend::<true>(text, Plan { depth: 100, upto: text.len() }, &mut index);
            let colons = index.view().colons.iter().map(|&at| at as usize).collect();
            let brackets =
                index.view().brackets.iter().map(|b| [b.at, b.colons, b.close].map(|n| n as usize)).collect();
            let found = (places(&index.quotes), colons, brackets);
            assert_eq!(found, expected, "{kernel:?} {}", String::from_utf8_lossy(text));
        }
    }
}

#[test]
fn memory_is_linear_in_the_text() {
    for members in if cfg!(miri) { [25, 50, 100] } else { [100, 1_000, 10_000] } {
        let text = format!("{{\"a\":[{}{{}}]}}", r#"{"bcd":12345},"#.repeat(members));
        let mut index = Index::default();
        Kernel::Portable.extend::<true>(text.as_bytes(), Plan { depth: 3, upto: text.len() }, &mut index);
        let least = text.len() / 64 * 8 + 4 * members + 2 * 12 * members;
        let usage = index.memory_usage();
        assert!((least..3 * least).contains(&usage), "{usage} {least}");
    }
}

#[test]
fn depth_is_limited() {
    let text = br#"{"a":[{"b":[]}]}"#;
    for (depth, is_broken) in [(0, true), (3, true), (4, false), (5, false)] {
        let mut index = Index::default();
        Kernel::detect().extend::<true>(text, Plan { depth, upto: text.len() }, &mut index);
        assert_eq!(index.is_broken(), is_broken, "{depth}");
    }
}

#[test]
fn places_are_found() {
    let text = format!(r#"{{"name":"v","list":[1,"two",{{}}],"pad":"{}","last":null}}"#, "x".repeat(200));
    let mut index = Index::default();
    Kernel::detect().extend::<true>(text.as_bytes(), Plan { depth: 10, upto: text.len() }, &mut index);
    assert!(!index.is_broken());
    let View { quotes, colons, .. } = index.view();
    let name = |colon: usize| &text[last_before(quotes, colon - 1).unwrap() + 1..colon - 1];
    let names: Vec<&str> = colons.iter().map(|colon| name(*colon as usize)).collect();
    assert_eq!(names, ["name", "list", "pad", "last"]);
    let list = index.bracket(1).unwrap();
    let end = index.bracket(list.close).unwrap();
    assert_eq!(&text[list.at as usize..=end.at as usize], r#"[1,"two",{}]"#);
    assert_eq!((list.colons, end.colons), (2, 2));
    assert_eq!(index.quote_from(0), text.find('"'));
    assert_eq!(index.quote_from(text.len()), None);
    assert_eq!(last_before(quotes, 0), None);
}
