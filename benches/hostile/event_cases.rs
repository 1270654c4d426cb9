//! Events whose cost multiplies with the rules: long strings, and many names.

use crate::array_cases::{mixed_test, nested_range};
use crate::paths;
use crate::tenant::{MOST_RULES, Tenant, list};

/// Rules, and events of any size for them.
pub(crate) struct EventCase {
    pub(crate) tenant: Tenant,
    /// Returns an event of at most a number of bytes, for a number of rules.
    pub(crate) event: fn(usize, usize) -> String,
    pub(crate) expected: Expected,
}

/// The rules that match, if the event is not refused.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Expected {
    All,
    None,
    /// Unknown: the rules are ordinary ones.
    Some,
}

impl EventCase {
    pub(crate) fn new(
        name: &str,
        rules: usize,
        size: usize,
        rule: fn(usize, usize) -> String,
        event: fn(usize, usize) -> String,
        expected: Expected,
    ) -> EventCase {
        EventCase { tenant: Tenant::new(name, rules, size, rule), event, expected }
    }
}

/// The sizes of the events in bytes, besides the limit of the library.
pub(crate) const SIZES: [usize; 3] = [16 << 10, 256 << 10, 1_000_000];

/// Cases with one long string or with many names.
pub(crate) fn all() -> Vec<EventCase> {
    use Expected::{All, None};
    let case = EventCase::new;
    let prefixes = |_: usize, size: usize| not("prefix", size, "\\ud800");
    vec![
        case("reading-only/string", 1, 1, |_, _| r#"{"b":[1]}"#.to_owned(), long_x, None),
        case("reading-only/members", 1, 1, |_, _| r#"{"b":[1]}"#.to_owned(), members, None),
        case("not-prefix-surrogates/0.9MB", 1, 900_000, prefixes, long_x, All),
        case("not-prefix-surrogates/0.9MB-é", 1, 900_000, prefixes, long_e, All),
        case("not-prefix-surrogates/12KB", 1, 12_000, prefixes, long_x, All),
        case("not-prefix-surrogates/2KB", 1, 1_800, prefixes, long_x, All),
        case("not-prefix-surrogates/1000x2KB", MOST_RULES, 1_800, prefixes_of, long_x, All),
        case("not-suffix-surrogates/12KB", 1, 12_000, |_, size| not("suffix", size, "\\ud800"), long_x, All),
        case(
            "not-ignore-case-surrogates/12KB",
            1,
            12_000,
            |_, size| not("equals-ignore-case", size, "\\ud800"),
            long_x,
            All,
        ),
        case("not-wildcard/0.65MB", 1, 650_000, not_wildcard, long_x, All),
        case("not-wildcard/2KB", 1, 2_000, not_wildcard, long_x, All),
        case("not-wildcard/6x2KB", 6, 2_000, not_wildcard, long_x, All),
        case("not-wildcard/1000x2KB", MOST_RULES, 2_000, not_wildcard, long_x, All),
        case("far-piece/300", 300, 1, far_rule, far_event, None),
        case("far-piece/1000", MOST_RULES, 1, far_rule, far_event, None),
        case("far-piece/10000", 10 * MOST_RULES, 1, far_rule, far_event, None),
        case("many-stars/1-rule", 1, 1_000, many_stars, long_a, None),
        case("many-stars/1000", MOST_RULES, 1_000, many_stars, long_a, None),
        case("nested-pieces/1000", MOST_RULES, MOST_RULES, nested_piece, long_a, None),
        case("nested-prefixes/1000", MOST_RULES, MOST_RULES, nested_prefix, long_a, All),
        case("letters-in-order/1000", MOST_RULES, 8, letters_in_order, long_letters, None),
        case("ignore-case/10x0.9MB", 10, 900_000, long_ignore_case, long_sharp, None),
        case("escapes/1000-tests", MOST_RULES, 1, mixed_test, escapes, None),
        case("long-number/1000-ranges", MOST_RULES, 1, |number, _| nested_range(number), long_number, None),
        case("names-unknown/1000x250", MOST_RULES, 250, paths::many_names, unknown_names, None),
        case("names-of-dots/7x0.8MB", 7, 800_000, paths::dots, dots, None),
        case("names-of-dots/1000x50", MOST_RULES, 50, paths::some_dots, some_dots, None),
    ]
}

fn not(operator: &str, size: usize, start: &str) -> String {
    let texts = list(size.saturating_sub(50), |at| format!("\"{start}{at}\""));
    format!(r#"{{"a":[{{"anything-but":{{"{operator}":[{texts}]}}}}]}}"#)
}

fn not_wildcard(number: usize, size: usize) -> String {
    let texts = list(size.saturating_sub(50), |at| format!("\"*{number}q{at}*\""));
    format!(r#"{{"a":[{{"anything-but":{{"wildcard":[{texts}]}}}}]}}"#)
}

/// An event with one string, on the path `a`.
fn long(piece: &str, bytes: usize) -> String {
    format!(r#"{{"a":"{}"}}"#, piece.repeat(bytes.saturating_sub(8) / piece.len()))
}

fn long_x(bytes: usize, _: usize) -> String {
    long("x", bytes)
}

fn long_e(bytes: usize, _: usize) -> String {
    long("é", bytes)
}

fn long_a(bytes: usize, _: usize) -> String {
    long("a", bytes)
}

fn long_sharp(bytes: usize, _: usize) -> String {
    long("ß", bytes)
}

/// A wildcard with a first piece of its own and the second piece `azb`.
fn far_rule(number: usize, _: usize) -> String {
    format!(r#"{{"a":[{{"wildcard":"*<{number}>*azb*"}}],"z":[1]}}"#)
}

/// The second piece more often than the engine remembers, then all first pieces, then a long text without the
/// second.
fn far_event(bytes: usize, rules: usize) -> String {
    // The first pieces take at most half of the event.
    let places: String = (0..rules).map(|at| format!("<{at}>")).take(bytes / 16).collect();
    let rest = bytes.saturating_sub(places.len() + 40) / 3;
    format!(r#"{{"a":"azbazbazbazbazb{places}{}azbx"}}"#, "czb".repeat(rest))
}

fn many_stars(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"wildcard":"{}*b{number}*"}}]}}"#, "*a".repeat(size.max(2) - 1))
}

fn nested_prefix(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"prefix":"{}"}}]}}"#, "a".repeat((number + 1).min(size)))
}

/// A long text of `ẞ`, whose lower case is shorter in bytes.
fn long_ignore_case(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"equals-ignore-case":"{}{number}"}}]}}"#, "ẞ".repeat(size / 3))
}

fn prefixes_of(number: usize, size: usize) -> String {
    not("prefix", size, &format!("\\ud800{number}q"))
}

/// The pieces a, aa, aaa and so on, each before a piece that the event lacks.
fn nested_piece(number: usize, size: usize) -> String {
    format!(r#"{{"a":[{{"wildcard":"*{}*b*"}}]}}"#, "a".repeat((number + 1).min(size)))
}

/// A wildcard of letters that the event repeats, and a last piece that the event lacks.
fn letters_in_order(number: usize, size: usize) -> String {
    let letters: Vec<String> = (0..size.max(1))
        .map(|at| char::from(b'a' + (number >> at & 7) as u8 + at as u8 % 3).to_string())
        .collect();
    format!(r#"{{"a":[{{"wildcard":"*{}*z{number}*"}}]}}"#, letters.join("*"))
}

fn long_letters(bytes: usize, _: usize) -> String {
    long("abcdefghij", bytes)
}

fn escapes(bytes: usize, _: usize) -> String {
    long("\\u0061", bytes)
}

fn long_number(bytes: usize, _: usize) -> String {
    format!(r#"{{"a":{}}}"#, "9".repeat(bytes.saturating_sub(6)))
}

/// The same unknown name again and again.
fn members(bytes: usize, _: usize) -> String {
    format!("{{{}}}", list(bytes.saturating_sub(2), |_| r#""k":0"#.to_owned()))
}

/// Unknown names of twenty lengths.
fn unknown_names(bytes: usize, _: usize) -> String {
    let names = list(bytes.saturating_sub(40), |at| format!("\"{at:0width$}z\":0", width = 1 + at % 20));
    format!(r#"{{"version":"0","detail":{{{names}}}}}"#)
}

fn dots(bytes: usize, _: usize) -> String {
    format!(r#"{{"version":"0","{}":0}}"#, ".".repeat(bytes.saturating_sub(24)))
}

/// Names of dots that are the beginning of a path.
fn some_dots(bytes: usize, _: usize) -> String {
    let name = format!("\"detail{}\":0", ".".repeat(49));
    format!(r#"{{"version":"0",{}}}"#, list(bytes.saturating_sub(20), |_| name.clone()))
}
