//! The texts of a drawing: tests for people, shortened to a width.

use galop::graph::{Choice, Field, Graph};
use galop::pattern::{AnythingBut, Bound, JsonString, NumericRange, ValueTest};

/// The maximum number of characters of a text that a reader can point at.
const TOOLTIP: usize = 2_000;

/// The levels of nested `$or`s that are written out.
const LEVELS: usize = 3;

/// Returns a test in the words of patterns, without their brackets.
pub(super) fn test(test: &ValueTest) -> String {
    line(&words(test))
}

/// Returns a text on one line. Control characters and directional marks become escapes of JSON.
pub(super) fn line(text: &str) -> String {
    let is_mark =
        |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_mark(c) || matches!(c, '\u{fffe}' | '\u{ffff}') {
            line.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            line.push(c);
        }
    }
    line
}

fn words(test: &ValueTest) -> String {
    match test {
        ValueTest::Exactly(text) => format!("exactly {text}"),
        ValueTest::Prefix(text) => format!("prefix {text}"),
        ValueTest::PrefixIgnoreCase(text) => format!("prefix {text} in any case"),
        ValueTest::Suffix(text) => format!("suffix {text}"),
        ValueTest::SuffixIgnoreCase(text) => format!("suffix {text} in any case"),
        ValueTest::EqualsIgnoreCase(text) => format!("{text} in any case"),
        ValueTest::Wildcard(wildcard) => format!("wildcard {}", wildcard.text()),
        ValueTest::Numeric(range) => numeric(range),
        ValueTest::Cidr(cidr) => format!("cidr {}", cidr.text()),
        ValueTest::Regexp(regexp) => format!("regexp {}", regexp.text()),
        ValueTest::Exists(true) => "exists".to_owned(),
        ValueTest::Exists(false) => "is absent".to_owned(),
        ValueTest::AnythingBut(excluded) => anything_but(excluded),
        value => value.to_string(),
    }
}

fn numeric(range: &NumericRange) -> String {
    let bound = |bound: &Bound, exclusive: char, inclusive: char| {
        format!("{} {}", if bound.inclusive { inclusive } else { exclusive }, bound.number.as_str())
    };
    let lower = range.lower.as_ref().map(|lower| bound(lower, '>', '≥'));
    let upper = range.upper.as_ref().map(|upper| bound(upper, '<', '≤'));
    match (lower, upper) {
        (Some(lower), Some(upper)) => format!("{lower} and {upper}"),
        (lower, upper) => lower.or(upper).unwrap_or_default(),
    }
}

fn anything_but(excluded: &AnythingBut) -> String {
    let texts = |texts: &[JsonString]| list(texts.iter().map(ToString::to_string));
    let excluded = match excluded {
        AnythingBut::Strings(excluded) => texts(excluded),
        AnythingBut::Numbers(numbers) => list(numbers.iter().map(|number| number.as_str().to_owned())),
        AnythingBut::Prefix(excluded) => format!("prefix {}", texts(excluded)),
        AnythingBut::Suffix(excluded) => format!("suffix {}", texts(excluded)),
        AnythingBut::EqualsIgnoreCase(excluded) => format!("{} in any case", texts(excluded)),
        AnythingBut::Wildcard(wildcards) => {
            let wildcards = wildcards.iter().map(|wildcard| wildcard.text().to_string());
            format!("wildcard {}", list(wildcards))
        }
        other => format!("{other}"),
    };
    format!("anything but {excluded}")
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// Returns a path as a text.
pub(super) fn path(path: &JsonString) -> String {
    path.as_str().map_or_else(|| path.to_string(), line)
}

/// Returns the alternatives of a field.
pub(super) fn alternatives(field: &Field) -> Vec<String> {
    field.alternatives.iter().map(test).collect()
}

/// Returns the alternatives of a `$or`. `$or`s that are nested deeply are left out.
pub(super) fn choice(graph: &Graph, choice: &Choice) -> Vec<String> {
    choice_at(graph, choice, LEVELS)
}

/// The recursion ends at the level zero.
fn choice_at(graph: &Graph, choice: &Choice, level: usize) -> Vec<String> {
    if level == 0 {
        return vec!["…".to_owned()];
    }
    let alternatives = choice.alternatives.iter().map(|alternative| {
        let fields = alternative.fields.iter().map(|&field| {
            let field = &graph.fields[field];
            let is_plain = field.alternatives.iter().all(|test| test.operator().is_none());
            let relation = if is_plain { " =" } else { "" };
            format!("{}{relation} {}", path(&field.path), join(&self::alternatives(field)))
        });
        let choices = alternative
            .choices
            .iter()
            .map(|&inner| format!("({})", join(&choice_at(graph, &graph.choices[inner], level - 1))));
        fields.chain(choices).collect::<Vec<_>>().join(" and ")
    });
    alternatives.collect()
}

/// Returns alternatives as one text.
pub(super) fn join(alternatives: &[String]) -> String {
    alternatives.join(" or ")
}

/// Returns the first of some alternatives as one text with at most `most` columns, and the number of
/// the others.
pub(super) fn fit(alternatives: &[String], most: usize) -> String {
    let whole = join(alternatives);
    let [first, rest @ ..] = alternatives else { return whole };
    if width(&whole) <= most {
        return whole;
    }
    let count = |shown: usize| match alternatives.len() - shown {
        0 => String::new(),
        left => format!(" or {left} more"),
    };
    let mut fitting = cut(first, most - count(1).len()) + &count(1);
    let mut text = first.clone();
    for (alternative, shown) in rest.iter().zip(2..) {
        text = text + " or " + alternative;
        if width(&text) + count(shown).len() > most {
            break;
        }
        fitting = text.clone() + &count(shown);
    }
    fitting
}

/// Returns a text that a reader can point at, with a bounded length.
pub(super) fn tooltip(text: &str) -> String {
    match text.char_indices().nth(TOOLTIP) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Returns the columns that a text takes in a font whose characters are equally wide. Characters of
/// East Asia and pictures take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115f | 0x2e80..=0xd7ff | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 => 2,
        0x1_f000.. => 2,
        _ => 1,
    }
}

/// Returns a text with at most `most` columns. An ellipsis replaces its end.
pub(super) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut left = most.saturating_sub(1);
    for c in text.chars() {
        let Some(rest) = left.checked_sub(columns(c)) else { break };
        left = rest;
        shown.push(c);
    }
    shown.push('…');
    shown
}

/// Returns a text with at most `most` columns. An ellipsis replaces its beginning: the last names of
/// a path distinguish it.
pub(super) fn cut_front(text: &str, most: usize) -> String {
    let reversed: String = text.chars().rev().collect();
    cut(&reversed, most).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use galop::pattern::{Member, ValueTest};
    use galop::{Extensions, Pattern, PatternLimits};

    use super::{cut, cut_front, fit, line, test, tooltip, width};

    fn one(text: &str) -> ValueTest {
        let mut limits = PatternLimits::default();
        limits.extensions = Extensions::ALL;
        let pattern = Pattern::parse_with(format!("{{\"a\":[{text}]}}"), &limits).unwrap();
        let Member::Field { alternatives, .. } = &pattern.root().members[0] else { panic!() };
        alternatives[0].test.clone()
    }

    #[test]
    fn tests_have_the_words_of_patterns() {
        for (pattern, text) in [
            (r#""a\n""#, r#""a\n""#),
            ("1e5", "1e5"),
            ("null", "null"),
            (r#"{"exactly":"a"}"#, r#"exactly "a""#),
            (r#"{"prefix":"a"}"#, r#"prefix "a""#),
            (r#"{"prefix":{"equals-ignore-case":"a"}}"#, r#"prefix "a" in any case"#),
            (r#"{"suffix":"a"}"#, r#"suffix "a""#),
            (r#"{"suffix":{"equals-ignore-case":"a"}}"#, r#"suffix "a" in any case"#),
            (r#"{"equals-ignore-case":"a"}"#, r#""a" in any case"#),
            (r#"{"wildcard":"a*b"}"#, r#"wildcard "a*b""#),
            (r#"{"numeric":["=",5]}"#, "≥ 5 and ≤ 5"),
            (r#"{"numeric":[">",5,"<=",6.0]}"#, "> 5 and ≤ 6.0"),
            (r#"{"numeric":["<",5]}"#, "< 5"),
            (r#"{"cidr":"10.0.0.0/8"}"#, r#"cidr "10.0.0.0/8""#),
            (r#"{"regexp":"x|y"}"#, r#"regexp "x|y""#),
            (r#"{"exists":true}"#, "exists"),
            (r#"{"exists":false}"#, "is absent"),
            (r#"{"anything-but":["a","b"]}"#, r#"anything but "a", "b""#),
            (r#"{"anything-but":[1,2.0]}"#, "anything but 1, 2.0"),
            (r#"{"anything-but":{"prefix":"a"}}"#, r#"anything but prefix "a""#),
            (r#"{"anything-but":{"suffix":"a"}}"#, r#"anything but suffix "a""#),
            (r#"{"anything-but":{"equals-ignore-case":"a"}}"#, r#"anything but "a" in any case"#),
            (r#"{"anything-but":{"wildcard":["a*","b*"]}}"#, r#"anything but wildcard "a*", "b*""#),
        ] {
            assert_eq!(test(&one(pattern)), text);
        }
    }

    #[test]
    fn text_is_on_one_line() {
        assert_eq!(line("a\u{1b}\n\u{0}\u{202e}\u{ffff}é<"), "a\\u001b\\u000a\\u0000\\u202e\\uffffé<");
    }

    #[test]
    fn texts_are_shortened_to_their_width() {
        assert_eq!((cut("abcd", 4), cut("abcde", 4)), ("abcd".to_owned(), "abc…".to_owned()));
        assert_eq!((cut_front("abcd", 4), cut_front("abcde", 4)), ("abcd".to_owned(), "…cde".to_owned()));
        let fit = |count: usize, most| fit(&vec!["abc".to_owned(); count], most);
        assert_eq!(
            (fit(0, 20), fit(1, 2), fit(3, 17)),
            (String::new(), "a…".to_owned(), "abc or abc or abc".to_owned())
        );
        assert_eq!(
            (fit(3, 16), fit(9, 19), fit(9, 20)),
            ("abc or 2 more".to_owned(), "abc or 8 more".to_owned(), "abc or abc or 7 more".to_owned())
        );
        assert_eq!((width("日本"), cut("日本語日本語", 6)), (4, "日本…".to_owned()));
        assert_eq!(tooltip(&"é".repeat(3_000)).chars().count(), 2_001);
    }
}
