//! The literals of a pattern: texts that an event must contain to match.
//!
//! The literals are in events without the escapes `\u` and `\/`: each text has at most one spelling there.

use std::collections::HashMap;

use galop::Pattern;
use galop::pattern::{Alternative, JsonString, Member, Object, ValueTest, Wildcard};

/// A condition that the text of each matching event satisfies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Need {
    /// The text contains one of these literals.
    AnyOf(Vec<Vec<u8>>),
    /// All needs of one of these alternatives are satisfied.
    Either(Vec<Vec<Need>>),
}

/// The maximum depth of a pattern with needs. The walk is recursive.
const DEPTH: usize = 64;

/// The maximum number of alternatives of one need.
pub(super) const ALTERNATIVES: usize = 64;

/// The maximum number of names of a field that are literals. Many fields can share a path with many names,
/// so the names would take much more memory than the text of the pattern.
const NAMES: usize = 8;

/// Returns conditions that the text of each matching event satisfies, all of them. The result is empty
/// if none is known.
pub(super) fn needs(pattern: &Pattern) -> Vec<Need> {
    let Some(paths) = paths(pattern.root(), "", 0) else { return Vec::new() };
    let mut needs = Vec::new();
    collect(pattern.root(), "", &paths, &mut needs);
    needs
}

/// Returns the number of fields with each path that one branch can have. Returns `None` if the object
/// is too deep.
fn paths(object: &Object, around: &str, depth: usize) -> Option<HashMap<String, usize>> {
    if depth > DEPTH {
        return None;
    }
    let mut counts = HashMap::new();
    for member in &object.members {
        let inner = match member {
            Member::Field { name, .. } => HashMap::from([(join(around, &name.text), 1)]),
            Member::Nested { name, object } => paths(object, &join(around, &name.text), depth + 1)?,
            Member::Or { alternatives, .. } => {
                let mut most: HashMap<String, usize> = HashMap::new();
                for alternative in alternatives {
                    for (path, count) in paths(alternative, around, depth + 1)? {
                        let entry = most.entry(path).or_default();
                        *entry = count.max(*entry);
                    }
                }
                most
            }
        };
        for (path, count) in inner {
            *counts.entry(path).or_default() += count;
        }
    }
    Some(counts)
}

/// Returns a path inside another one. Empty names are left out, because an empty name at the root is
/// not always part of the path. Different paths can thus be joined to one text.
fn join(around: &str, name: &JsonString) -> String {
    let name = String::from_utf8_lossy(name.as_bytes());
    let names = around.split('.').chain(name.split('.'));
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(".")
}

fn collect(object: &Object, around: &str, paths: &HashMap<String, usize>, needs: &mut Vec<Need>) {
    for member in &object.members {
        match member {
            Member::Nested { name, object } => collect(object, &join(around, &name.text), paths, needs),
            Member::Field { name, alternatives } => {
                let path = join(around, &name.text);
                // A later field with the same path takes the place of the field.
                if paths.get(&path) == Some(&1) {
                    field(&path, &name.text, alternatives, needs);
                }
            }
            Member::Or { alternatives, .. } => {
                let alternatives = alternatives.iter().map(|alternative| {
                    let mut needs = Vec::new();
                    collect(alternative, around, paths, &mut needs);
                    needs
                });
                let alternatives: Vec<_> = alternatives.take(ALTERNATIVES + 1).collect();
                if alternatives.len() <= ALTERNATIVES && alternatives.iter().all(|needs| !needs.is_empty()) {
                    needs.push(Need::Either(alternatives));
                }
            }
        }
    }
}

/// Adds the needs of a field.
fn field(path: &str, name: &JsonString, alternatives: &[Alternative], needs: &mut Vec<Need>) {
    // A field that absence satisfies needs no text.
    if alternatives.iter().any(|alternative| alternative.test == ValueTest::Exists(false)) {
        return;
    }
    // An event joins names by dots: `b` of the path `a.b` ends a name, and `a` may not.
    let mut names = path.rsplit('.');
    let last = names.next().filter(|last| name.as_str().is_some_and(|name| name.ends_with(last)));
    let last = last.filter(|last| !last.is_empty()).and_then(|last| quoted(false, last, true));
    let others = names.filter(|name| !name.is_empty() && !name.contains(char::REPLACEMENT_CHARACTER));
    let names = last.into_iter().chain(others.filter_map(spelled)).take(NAMES);
    needs.extend(names.map(|name| Need::AnyOf(vec![name])));
    if alternatives.len() <= ALTERNATIVES {
        let literals = alternatives.iter().map(|alternative| literal(&alternative.test));
        needs.extend(literals.collect::<Option<Vec<_>>>().map(Need::AnyOf));
    }
}

/// Returns a text that an event contains if a value satisfies the test.
fn literal(test: &ValueTest) -> Option<Vec<u8>> {
    let literal = match test {
        ValueTest::String(text) if may_spell_address(text.as_str()?) => return None,
        ValueTest::String(text) | ValueTest::Exactly(text) => quoted(true, text.as_str()?, true)?,
        ValueTest::Prefix(text) => quoted(true, text.as_str()?, false)?,
        ValueTest::Suffix(text) => quoted(false, text.as_str()?, true)?,
        ValueTest::Wildcard(wildcard) => piece(wildcard)?,
        ValueTest::True => b"true".to_vec(),
        ValueTest::False => b"false".to_vec(),
        ValueTest::Null => b"null".to_vec(),
        // Numbers, addresses, text in any case and regular expressions have many spellings.
        _ => return None,
    };
    (!literal.is_empty()).then_some(literal)
}

/// Returns true if the text is an address, which other texts can spell as well, and for some other texts.
fn may_spell_address(text: &str) -> bool {
    let is_address_byte = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    text.bytes().all(is_address_byte) && text.contains(['.', ':'])
}

/// Returns the spelling of the longest text between two stars.
fn piece(wildcard: &Wildcard) -> Option<Vec<u8>> {
    let mut pieces = vec![String::new()];
    let mut characters = wildcard.text().as_str()?.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => pieces.push(String::new()),
            // A backslash precedes a star or another backslash.
            '\\' => pieces.last_mut()?.extend(characters.next()),
            _ => pieces.last_mut()?.push(character),
        }
    }
    let last = pieces.len() - 1;
    let spelled = pieces.iter().enumerate().map(|(index, piece)| quoted(index == 0, piece, index == last));
    spelled.collect::<Option<Vec<_>>>()?.into_iter().max_by_key(Vec::len)
}

/// Returns the spelling of a text, with a quote before or after it.
fn quoted(before: bool, text: &str, after: bool) -> Option<Vec<u8>> {
    let quote = |wanted: bool| if wanted { &b"\""[..] } else { b"" };
    Some([quote(before), &spelled(text)?, quote(after)].concat())
}

/// Returns the only spelling of a text in JSON without `\u` and `\/`. Returns `None` if there is none.
fn spelled(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        let escaped = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0x08 => b'b',
            0x0c => b'f',
            0..0x20 => return None,
            _ => {
                bytes.push(byte);
                continue;
            }
        };
        bytes.extend([b'\\', escaped]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use galop::Pattern;

    use super::{Need, needs};

    fn of(pattern: &str) -> String {
        let pattern = Pattern::parse(pattern).expect("the pattern is valid");
        show(&needs(&pattern))
    }

    fn show(needs: &[Need]) -> String {
        let shown = needs.iter().map(|need| match need {
            Need::AnyOf(literals) => {
                let literals = literals.iter().map(|literal| String::from_utf8_lossy(literal).into_owned());
                literals.collect::<Vec<_>>().join("|")
            }
            Need::Either(alternatives) => {
                format!("({})", alternatives.iter().map(|needs| show(needs)).collect::<Vec<_>>().join(" or "))
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn strings_and_names_are_literals() {
        assert_eq!(of(r#"{"a":["x","y"]}"#), r#"a" "x"|"y""#);
        assert_eq!(of(r#"{"a":{"b.c":[{"prefix":"x"},{"suffix":"y"}]}}"#), r#"c" b a "x|y""#);
        assert_eq!(of(r#"{"a":[{"wildcard":"x*long\\*er*y"}]}"#), r#"a" long*er"#);
        assert_eq!(of(r#"{"a":[{"wildcard":"xyz*"}]}"#), r#"a" "xyz"#);
        assert_eq!(of(r#"{"a":[true,null]}"#), r#"a" true|null"#);
        assert_eq!(of(r#"{"a":["\"\\\n/é"]}"#), r#"a" "\"\\\n/é""#);
        assert_eq!(of(r#"{"a":[{"exactly":"10.0.0.1"}]}"#), r#"a" "10.0.0.1""#);
    }

    #[test]
    fn values_of_many_spellings_are_no_literals() {
        for alternative in [
            "1",
            r#""10.0.0.1""#,
            r#""::1""#,
            r#""\u0001""#,
            r#""\ud800""#,
            r#"{"equals-ignore-case":"x"}"#,
            r#"{"prefix":{"equals-ignore-case":"x"}}"#,
            r#"{"numeric":["=",1]}"#,
            r#"{"cidr":"10.0.0.0/8"}"#,
            r#"{"anything-but":"x"}"#,
            r#"{"exists":true}"#,
        ] {
            assert_eq!(of(&format!(r#"{{"a":[{alternative}]}}"#)), r#"a""#, "{alternative}");
            assert_eq!(of(&format!(r#"{{"a":["x",{alternative}]}}"#)), r#"a""#, "{alternative}");
        }
        assert_eq!(of(r#"{"a":["x",{"exists":false}]}"#), "");
        assert_eq!(of(r#"{"a.":[1]}"#), "");
        assert_eq!(of(r#"{"a":{"":[1]}}"#), "");
        assert_eq!(of(r#"{"\ud800":[1]}"#), "");
        assert_eq!(of(r#"{"a\u0001":{"b":[1]}}"#), r#"b""#);
        assert_eq!(of(r#"{"a":{"b\u0001":[1]}}"#), "a");
    }

    #[test]
    fn alternatives_of_or_all_need_literals() {
        assert_eq!(of(r#"{"$or":[{"a":["x"]},{"b":["y"]}]}"#), r#"(a" "x" or b" "y")"#);
        assert_eq!(of(r#"{"c":["z"],"$or":[{"a":["x"]},{"b":[{"exists":false}]}]}"#), r#"c" "z""#);
    }

    #[test]
    fn last_names_of_a_long_path_are_literals() {
        assert_eq!(of(r#"{"a.b.c.d.e.f.g.h":{"i.j":["x"]}}"#), r#"j" i h g f e d c "x""#);
        let fields: Vec<String> = (0..100).map(|field| format!(r#""{field}":[1]"#)).collect();
        let pattern = format!(r#"{{"{}":{{{}}}}}"#, "a.".repeat(1_000) + "b", fields.join(","));
        let needs = needs(&Pattern::parse(&pattern).expect("the pattern is valid"));
        assert_eq!(needs.len(), 100 * 8);
    }

    #[test]
    fn fields_that_others_replace_have_no_literals() {
        assert_eq!(of(r#"{"a":["x"],"a":["y"]}"#), "");
        assert_eq!(of(r#"{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}"#), "");
        assert_eq!(of(r#"{"$or":[{"a":["x"]},{"a":["y"]}]}"#), r#"(a" "x" or a" "y")"#);
        assert_eq!(of(r#"{"":{"a":["x"]},"a":["y"]}"#), "");
    }
}
