use super::{ReadOptions, ReadScratch};
use crate::id::PathId;
use crate::json::{Kind, Lexer, Token};
use crate::path::trie::PathTrie;
use crate::simd::Kernel;

/// Sequences of these pieces are sometimes valid JSON, and often nearly valid.
const PIECES: [&str; 27] = [
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
    "\"thirty-two or more bytes, with no more than letters\"",
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

/// Appends a random valid JSON value with random blanks.
fn value(random: &mut Random, depth: usize, out: &mut String) {
    const SCALARS: [&str; 13] = [
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
        "\"12345678901234567890123456789012\"",
        "\"a long text, and after the end of a vector \\\" a quote\"",
    ];
    const NAMES: [&str; 8] = [
        "\"a\"",
        "\"\"",
        "\"b.c\"",
        "\"\\u0061\\\"\"",
        "\"\\u0061\"",
        "\"x,y:[\"",
        "\"b\"",
        "\"a name of more than thirty-two bytes\"",
    ];
    let blank = |random: &mut Random, out: &mut String| {
        for _ in 0..[0, 0, 0, 0, 1, 2, 70][random.below(7)] {
            out.push([' ', '\n', '\t', '\r'][random.below(4)]);
        }
    };
    blank(random, out);
    match if depth == 0 { 2 } else { random.below(4) } {
        0 => {
            out.push('{');
            let members = random.below(4);
            for member in 0..members {
                blank(random, out);
                out.push_str(NAMES[random.below(NAMES.len())]);
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
        _ => out.push_str(SCALARS[random.below(SCALARS.len())]),
    }
    blank(random, out);
}

/// The number of rounds. Each round makes at least one valid text.
const ROUNDS: usize = if cfg!(miri) { 8 } else { 6_000 };

fn texts() -> Vec<String> {
    let mut random = Random(88_172_645_463_325_252);
    let mut texts = Vec::new();
    for round in 0..ROUNDS {
        let length = random.below(if round % 8 == 0 { 60 } else { 12 });
        texts.push((0..length).map(|_| PIECES[random.below(PIECES.len())]).collect());
        let mut text = "{\"r\":".to_owned();
        value(&mut random, 5, &mut text);
        text.push('}');
        texts.push(text.clone());
        // The same text with a character removed, or a piece inserted or put in place of a
        // character.
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = places[random.below(places.len())];
        let rest = &text[at..];
        let after = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        texts.push(format!("{}{after}", &text[..at]));
        let suffix = [rest, after][random.below(2)];
        texts.push(format!("{}{}{suffix}", &text[..at], PIECES[random.below(PIECES.len())]));
    }
    texts
}

/// Returns the trie of these paths.
fn paths(names: &[&str]) -> PathTrie {
    let mut paths = PathTrie::new();
    for (id, path) in names.iter().enumerate() {
        paths.insert(path.as_bytes(), PathId(id as u32));
    }
    paths.choose_seeds();
    paths
}

const PATH_SETS: [&[&str]; 4] = [
    &["not there"],
    &["r"],
    &["r.a", "r.b.c", "r.a.b", "r.", "r.a name of more than thirty-two bytes"],
    &["r.a.a", "r.a.b", "r.b", "r.a\"", "r.x,y:["],
];

fn reader(kernel: Kernel) -> ReadOptions {
    let (depth, leaves, elements) = (100, 1_000, 1_000);
    ReadOptions { kernel, depth, leaves, elements, trusted: false, distinct: false, fast: true }
}

fn fast<const SKIPS: bool, const STOPS: bool>(
    options: &ReadOptions,
    paths: &PathTrie,
    text: &[u8],
    scratch: &mut ReadScratch,
) -> bool {
    super::read_fast::<SKIPS, STOPS>(options, paths, text, (&mut scratch.builder, &mut scratch.fast))
}

fn reference(options: &ReadOptions, paths: &PathTrie, text: &[u8], scratch: &mut ReadScratch) -> bool {
    let ReadScratch { builder, reference, .. } = scratch;
    super::reference::read(options, paths, text, builder, reference).is_ok()
}

fn kernels() -> impl Iterator<Item = Kernel> {
    Kernel::ALL.into_iter().filter(|kernel| kernel.is_available())
}

/// Returns the state of the scratch as text. It omits the state of leaves, and scopes and arrays
/// without leaves.
fn found(scratch: &ReadScratch) -> String {
    let event = &scratch.builder;
    let leaf = |leaf: &super::Leaf| {
        let scope = event.scopes[leaf.scope.index()];
        (leaf.path, scope.leaves, leaf.start, leaf.length, leaf.kind)
    };
    let leaves: Vec<_> = scratch.builder.leaves.iter().map(leaf).collect();
    let is_filled = |leaves: super::leaf::LeafRange| leaves.start < leaves.end;
    let scopes = event.scopes.iter().filter(|scope| is_filled(scope.leaves));
    let scopes: Vec<_> =
        scopes.map(|scope| (scope.leaves, event.arrays[scope.array.index()].leaves)).collect();
    let arrays = event.arrays.iter().filter(|array| is_filled(array.leaves));
    let arrays: Vec<_> =
        arrays.map(|array| (array.leaves, event.scopes[array.scope.index()].leaves)).collect();
    format!("{leaves:?} {scopes:?} {arrays:?} {}", scratch.builder.elements)
}

/// If the fast reader rejects a valid event, the result is still correct, because the reference
/// reader reads the event again. But reading is slow.
#[test]
fn fast_reader_stores_the_leaves_of_the_reference_reader() {
    let texts = texts();
    let (mut by_reference, mut by_fast) = (ReadScratch::default(), ReadScratch::default());
    let (mut valid, mut leaves) = (0, 0);
    for paths in PATH_SETS.map(paths) {
        for text in &texts {
            for &shift in if cfg!(miri) { &[0, 58][..] } else { &[0, 31] } {
                let text = format!("{}{text}", " ".repeat(shift));
                let text = text.as_bytes();
                let is_valid = reference(&reader(Kernel::Portable), &paths, text, &mut by_reference);
                let expected = found(&by_reference);
                valid += usize::from(is_valid);
                leaves += if is_valid { by_reference.builder.leaves.len() } else { 0 };
                for kernel in kernels() {
                    let reader = reader(kernel);
                    let shown = || format!("{kernel:?} {}", String::from_utf8_lossy(text));
                    let is_read = fast::<false, false>(&reader, &paths, text, &mut by_fast);
                    assert_eq!(is_read, is_valid, "{}", shown());
                    if is_valid {
                        assert_eq!(found(&by_fast), expected, "{}", shown());
                        assert!(fast::<true, false>(&reader, &paths, text, &mut by_fast), "{}", shown());
                        assert_eq!(found(&by_fast), expected, "{}", shown());
                    }
                }
            }
        }
    }
    assert!(valid >= 8 * ROUNDS && leaves > 4 * ROUNDS, "{valid} {leaves}");
}

/// The text after the members is long, because short members are read only from whole blocks.
#[test]
fn fast_reader_rejects_the_texts_that_the_reference_reader_rejects() {
    let paths = paths(&["r.a", "r.b", "r.e.a"]);
    let members = r#""a":-10.5,"b":"u","":0,"c.d":true,"e":{"a":false,"b":null},"a b":"é\n","b":[1,"v"]"#;
    let text = format!("{{\"r\":{{{members}}},\"s\":{{{members}}}}}");
    let blanks = [b' '; 80];
    let (mut by_reference, mut by_fast) = (ReadScratch::default(), ReadScratch::default());
    let mut valid = 0;
    // Miri tests only a fraction of the offsets.
    for at in (0..text.len()).step_by(if cfg!(miri) { 17 } else { 1 }) {
        let (before, rest) = text.as_bytes().split_at(at);
        let changed = (0..=u8::MAX)
            .step_by(if cfg!(miri) { 31 } else { 1 })
            .flat_map(|byte| [&rest[1..], rest].map(|rest| [before, &[byte], rest, &blanks].concat()));
        for text in changed.chain([[before, &rest[1..], &blanks].concat()]) {
            let is_valid = reference(&reader(Kernel::Portable), &paths, &text, &mut by_reference);
            valid += usize::from(is_valid);
            for kernel in kernels() {
                let shown = || format!("{kernel:?} {}", String::from_utf8_lossy(&text));
                let is_read = fast::<false, false>(&reader(kernel), &paths, &text, &mut by_fast);
                assert_eq!(is_read, is_valid, "{}", shown());
                assert!(!is_valid || found(&by_fast) == found(&by_reference), "{}", shown());
            }
        }
    }
    assert!(valid > if cfg!(miri) { 10 } else { 5_000 }, "{valid}");
}

#[test]
fn invalid_utf8_is_rejected() {
    let paths = paths(&["a"]);
    let mut scratch = ReadScratch::default();
    for (bytes, is_valid) in
        [(&b"\xC3\xA9"[..], true), (b"\xC3", false), (b"\xFF", false), (b"\xED\xA0\x80", false)]
    {
        for (before, suffix) in
            [("{\"a\":\"", "\"}"), ("{\"", "\":1}"), ("{\"b\":[{\"\":[\"", "\"]}]}"), ("{\"a\":1", "}")]
        {
            let text = [before.as_bytes(), bytes, suffix.as_bytes()].concat();
            for kernel in kernels() {
                let is_read = fast::<false, false>(&reader(kernel), &paths, &text, &mut scratch);
                let is_in_string = before.ends_with('"');
                assert_eq!(
                    is_read,
                    is_valid && is_in_string,
                    "{kernel:?} {}",
                    String::from_utf8_lossy(&text)
                );
            }
        }
    }
}

#[test]
fn depth_is_limited() {
    let mut scratch = ReadScratch::default();
    for (names, text) in [
        (&["a.b"][..], &br#"{"a":[{"b":[]}]}"#[..]),
        (&["c"], br#"{"a":[{"b":[]}],"c":1}"#),
        (&["a.c"], br#"{"a":[{"b":{}}],"c":1}"#),
    ] {
        let paths = paths(names);
        for (depth, is_valid) in [(0, false), (1, false), (3, false), (4, true), (5, true)] {
            let reader = ReadOptions { depth, ..reader(Kernel::detect()) };
            assert_eq!(fast::<false, false>(&reader, &paths, text, &mut scratch), is_valid, "{depth}");
            assert_eq!(reference(&reader, &paths, text, &mut scratch), is_valid, "{depth}");
        }
    }
}

#[test]
fn fast_reader_stops_after_every_path_was_found() {
    let mut scratch = ReadScratch::default();
    let text = br#"{"x":[1,{}],"d":{"y":1,"b":"u","z":{"b":2},"c":"v","e":"]}"},"a":"w","f":3"#;
    let values = |scratch: &ReadScratch| -> Vec<&[u8]> {
        let strings = scratch.builder.leaves.iter().filter(|leaf| leaf.kind == Kind::String);
        strings.map(|leaf| &text[leaf.start as usize..][..leaf.length as usize]).collect()
    };
    for (names, last, expected) in [
        (&["d.b"][..], "\"b\":\"u\"", &[&b"u"[..]][..]),
        (&["d.b", "d.c"], "\"c\":\"v\"", &[b"u", b"v"]),
        (&["a", "d.b"], "\"a\":\"w\"", &[b"u", b"w"]),
        (&["a"], "\"a\":\"w\"", &[b"w"]),
        (&["d.b", "x.b"], "\"b\":\"u\"", &[b"u"]),
        // An object on the path of a leaf is skipped.
        (&["d"], "\"e\":\"]}\"}", &[]),
    ] {
        let paths = paths(names);
        for kernel in kernels() {
            let reader = ReadOptions { trusted: true, distinct: true, ..reader(kernel) };
            let at = text.windows(last.len()).position(|window| window == last.as_bytes());
            let end = at.expect("it is there") + last.len();
            // With text after the end, the short members are read from whole blocks.
            let broken = [&text[..end], &br#","?"#.repeat(40)].concat();
            for text in [&text[..], &text[..end], &broken] {
                assert!(fast::<true, true>(&reader, &paths, text, &mut scratch), "{kernel:?} {names:?}");
                assert_eq!(values(&scratch), expected, "{kernel:?} {names:?}");
            }
            assert!(!fast::<true, true>(&reader, &paths, &text[..end - 1], &mut scratch), "{names:?}");
        }
    }
}

#[test]
fn without_paths_nothing_is_read() {
    let paths = paths(&[]);
    let mut scratch = ReadScratch::default();
    for (depth, is_read) in [(0, false), (1, true)] {
        let reader = ReadOptions { depth, trusted: true, distinct: true, ..reader(Kernel::detect()) };
        assert_eq!(fast::<true, true>(&reader, &paths, b"", &mut scratch), is_read, "{depth}");
    }
}

#[test]
fn nothing_is_stored_for_paths_that_no_rule_names() {
    let repeated = |part: &str| part.repeat(if cfg!(miri) { 50 } else { 50_000 });
    let paths = paths(&["a.b"]);
    let mut scratch = ReadScratch::default();
    for filling in
        [r#""x":{"y":[1,"z"],"a":{"b":1}},"#, r#""x":"y","z":-1.5,"#, r#""a":[],"b":{},"c":[[],[{}]],"#]
    {
        let text = format!("{{{}\"a\":1}}", repeated(filling));
        assert!(fast::<false, false>(&reader(Kernel::detect()), &paths, text.as_bytes(), &mut scratch));
        if !filling.contains("\"a\":[]") {
            assert!(scratch.memory_usage() < 1_000, "{}", scratch.memory_usage());
        }
    }
}

#[test]
fn leaves_start_at_tokens() {
    let paths = paths(&["r"]);
    let mut scratch = ReadScratch::default();
    let text = br#" {"r" : "one","s":2,"r":[ "two" , 3.5e1,true ] , "r":{"r":4}, "r" :null}"#;
    assert!(fast::<false, false>(&reader(Kernel::detect()), &paths, text, &mut scratch));
    let mut lexer = Lexer::new(text);
    let mut values = Vec::new();
    loop {
        match lexer.next().expect("the text is valid") {
            Token::End => break,
            Token::String { .. } => values.push(lexer.span().start + 1),
            Token::Number | Token::True | Token::Null => values.push(lexer.span().start),
            _ => {}
        }
    }
    let starts: Vec<_> = scratch.builder.leaves.iter().map(|leaf| leaf.start as usize).collect();
    assert_eq!(starts.len(), 5);
    assert!(starts.iter().all(|start| values.contains(start)), "{starts:?} {values:?}");
}
