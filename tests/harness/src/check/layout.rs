//! The law that the layout of a text does not matter (section 14 of the specification): white
//! space, the spelling of strings and numbers, and the order of members and elements.

use std::collections::BTreeSet;

use galop::pattern::{Member, Name, Object, Pattern};
use galop::{RuleSet, Scratch};

use super::reproduction::{Argument, law};
use super::{Configuration, answer, build, bytes, configurations, lossy, rule_set, valid};
use crate::oracle;

/// Returns the tokens of valid JSON.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(&first) = rest.as_bytes().first() {
        let length = match first {
            b'"' => {
                let mut escaped = false;
                let end = rest.bytes().skip(1).position(|byte| {
                    let closes = byte == b'"' && !escaped;
                    escaped = byte == b'\\' && !escaped;
                    closes
                });
                end.expect("a string ends") + 2
            }
            b'{' | b'}' | b'[' | b']' | b':' | b',' => 1,
            _ => rest.bytes().position(|byte| b"}],: \t\r\n".contains(&byte)).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// Returns the code units of a string token.
pub(super) fn units(token: &str) -> Vec<u16> {
    let mut units = Vec::new();
    let mut chars = token[1..token.len() - 1].chars();
    while let Some(char) = chars.next() {
        let escape = if char == '\\' { chars.next() } else { None };
        let plain = match escape {
            None => char,
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&digits, 16).expect("four digits"));
                continue;
            }
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(itself) => itself,
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    units
}

/// Returns the text with white space at every allowed place.
fn spaced(text: &str) -> String {
    let mut spaced = String::from("\r");
    for token in tokens(text) {
        spaced.push_str(token);
        spaced.push_str("\n\t ");
    }
    spaced
}

/// Returns the text with every string in escapes, and every surely comparable number in another
/// spelling.
fn respelled(text: &str) -> String {
    let respell = |token: &str| match token.as_bytes()[0] {
        b'"' => escaped(token),
        b'-' | b'0'..=b'9' if token.len() <= 15 && !token.contains(['e', 'E']) => format!("{token}e+00"),
        _ => token.to_owned(),
    };
    tokens(text).into_iter().map(respell).collect()
}

fn escaped(token: &str) -> String {
    let units: String = units(token).into_iter().map(|unit| format!("\\u{unit:04X}")).collect();
    format!("\"{units}\"")
}

/// Returns the text with all members of objects and all elements of arrays reversed.
fn reversed(text: &str) -> String {
    // The parts of open values are stored. A closed value is already reversed.
    let mut open: Vec<Vec<String>> = Vec::new();
    let mut name: Vec<Option<&str>> = Vec::new();
    let mut done = String::new();
    let mut tokens = tokens(text).into_iter().peekable();
    while let Some(token) = tokens.next() {
        let value = match token {
            "{" | "[" => {
                open.push(Vec::new());
                name.push(None);
                continue;
            }
            "," => continue,
            "}" | "]" => {
                let mut parts = open.pop().expect("what closes has been opened");
                name.pop();
                parts.reverse();
                format!("{}{}{token}", if token == "}" { '{' } else { '[' }, parts.join(","))
            }
            token => {
                if tokens.peek() == Some(&":") {
                    tokens.next();
                    *name.last_mut().expect("a name is inside an object") = Some(token);
                    continue;
                }
                token.to_owned()
            }
        };
        match (open.last_mut(), name.last_mut().and_then(Option::take)) {
            (Some(parts), Some(name)) => parts.push(format!("{name}:{value}")),
            (Some(parts), None) => parts.push(value),
            (None, _) => done = value,
        }
    }
    done
}

/// Returns the pattern with members of objects, alternatives and branches of `$or` reversed.
/// Returns none if a path is written twice, because the later one counts.
fn reversed_pattern(pattern: &Pattern) -> Option<String> {
    paths(pattern.root(), b"")?;
    let mut root = pattern.root().clone();
    reverse(&mut root);
    Some(root.to_string())
}

fn reverse(object: &mut Object) {
    object.members.reverse();
    for member in &mut object.members {
        match member {
            Member::Nested { object, .. } => reverse(object),
            Member::Field { alternatives, .. } => alternatives.reverse(),
            Member::Or { alternatives, .. } => {
                alternatives.reverse();
                alternatives.iter_mut().for_each(reverse);
            }
        }
    }
}

/// Returns the paths of an object, or none if one of its branches may name a path twice. Leading
/// dots are left out, because one of them may be missing from the path.
fn paths(object: &Object, prefix: &[u8]) -> Option<BTreeSet<Vec<u8>>> {
    let mut all = BTreeSet::new();
    for member in &object.members {
        let join = |name: &Name| {
            let path = [prefix, name.text.as_bytes()].join(&b'.');
            let dots = path.iter().take_while(|&&byte| byte == b'.').count();
            path[dots..].to_vec()
        };
        let mut new = match member {
            Member::Nested { name, object } => paths(object, &join(name))?,
            Member::Field { name, .. } => BTreeSet::from([join(name)]),
            Member::Or { alternatives, .. } => {
                let mut either = BTreeSet::new();
                for alternative in alternatives {
                    either.append(&mut paths(alternative, prefix)?);
                }
                either
            }
        };
        if !all.is_disjoint(&new) {
            return None;
        }
        all.append(&mut new);
    }
    Some(all)
}

/// Another layout of the patterns or of the events does not change results.
pub fn layout_does_not_matter(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("layout_does_not_matter", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (patterns, set) = valid(&rules);
        let relaid_rules = relaid_rules(&patterns, &set);
        for configuration in configurations() {
            let Configuration { name, builder, .. } = &configuration;
            let matcher = build(builder, &set);
            let relaid: Vec<_> = relaid_rules
                .iter()
                .map(|(layout, texts)| (layout, build(builder, &rule_set(&bytes(texts)))))
                .collect();
            for event in events.iter().filter(|event| configuration.admits(event)) {
                if oracle::Event::parse(event).is_err() {
                    continue;
                }
                let text = std::str::from_utf8(event).expect("an event is UTF-8");
                let expected = answer(&matcher, &mut Scratch::new(), event);
                for (layout, matcher) in &relaid {
                    let found = answer(matcher, &mut Scratch::new(), event);
                    assert_eq!(found, expected, "{name}: rules {layout}, {}", lossy(event));
                }
                for (layout, event) in [
                    ("spaced", spaced(text)),
                    ("respelled", respelled(text)),
                    ("reversed", reversed(text)),
                    ("reversed and spaced", spaced(&reversed(text))),
                ] {
                    let found = answer(&matcher, &mut Scratch::new(), event.as_bytes());
                    assert_eq!(found, expected, "{name}: event {layout}, {event}");
                }
            }
        }
    });
}

fn relaid_rules(patterns: &[&[u8]], set: &RuleSet) -> [(&'static str, Vec<String>); 3] {
    let texts: Vec<&str> =
        patterns.iter().map(|text| std::str::from_utf8(text).expect("a pattern is UTF-8")).collect();
    let reversed = set
        .iter()
        .zip(&texts)
        .map(|((_, pattern), text)| reversed_pattern(pattern).unwrap_or_else(|| (*text).to_owned()));
    [
        ("spaced", texts.iter().map(|text| spaced(text)).collect()),
        ("respelled", texts.iter().map(|text| respelled(text)).collect()),
        ("reversed", reversed.collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Pattern, respelled, reversed, reversed_pattern, spaced};

    const TEXT: &str = r#" {"a" : [1,-2.5 ,"\"é\\"], "b\u0000":{"c":{},"d":[]},"a":null}"#;

    #[test]
    fn layouts_change_the_text() {
        assert_eq!(spaced(r#"{"a":[]}"#), "\r{\n\t \"a\"\n\t :\n\t [\n\t ]\n\t }\n\t ");
        assert_eq!(
            respelled(TEXT),
            r#"{"\u0061":[1e+00,-2.5e+00,"\u0022\u00E9\u005C"],"\u0062\u0000":{"\u0063":{},"\u0064":[]},"\u0061":null}"#
        );
        assert_eq!(reversed(TEXT), r#"{"a":null,"b\u0000":{"d":[],"c":{}},"a":["\"é\\",-2.5,1]}"#);
    }

    #[test]
    fn pattern_is_reversed_unless_its_meaning_changes() {
        let turned = |text| reversed_pattern(&Pattern::parse(text).expect("a pattern"));
        assert_eq!(
            turned(r#"{"a":[1,2],"$or":[{"b":[1]},{"b":[2],"c":{"d":[1]}}]}"#).as_deref(),
            Some(r#"{"$or":[{"c":{"d":[1]},"b":[2]},{"b":[1]}],"a":[2,1]}"#)
        );
        for twice in [
            r#"{"a":[1],"a":[2]}"#,
            r#"{"a":{"b":[1]},"a.b":[2]}"#,
            r#"{"a":[1],"$or":[{"a":[2]},{"b":[1]}]}"#,
            r#"{"":{"a":[1]},"a":[2]}"#,
        ] {
            assert_eq!(turned(twice), None, "{twice}");
        }
    }
}
