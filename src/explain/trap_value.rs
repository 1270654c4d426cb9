//! Traps of a field whose values satisfy no alternative.

use crate::id::RuleId;
use crate::json::{JsonString, Kind, number};
use crate::pattern::form::Kinds;
use crate::pattern::{AnythingBut, Pattern, ValueTest, Wildcard};

use super::decomposition::FieldPart;
use super::explainer::Observation;
use super::outline::{Leaf, Place};
use super::part;
use super::shown::{quoted, shown};
use super::trap::{Trap, TrapKind};
use super::trial;
use super::value::{content, excerpt, kind_name};

/// The maximum number of values of a field that are examined.
const VALUES: usize = 4;

/// The maximum number of alternatives of a field that are examined.
const ALTERNATIVES: usize = 64;

/// The maximum length in bytes of a value that is examined.
const LENGTH: usize = 1 << 12;

type Tests<'a> = Vec<(RuleId, &'a ValueTest)>;

/// Returns the known reasons why the values on a path satisfy no alternative, at most one of each
/// kind.
pub(crate) fn traps(observation: &Observation<'_>, part: &FieldPart, place: &Place) -> Vec<Trap> {
    let tests = observation.tests(part);
    let mut traps: Vec<Trap> = Vec::new();
    for leaf in place.leaves.iter().take(VALUES) {
        let value = Value { observation, part, tests: &tests, leaf };
        for trap in value.traps() {
            if traps.iter().all(|known| known.kind() != trap.kind()) {
                traps.push(trap);
            }
        }
    }
    // The kind of one value is no reason if another value has the right kind.
    if traps.is_empty() && place.leaf_count <= place.leaves.len() {
        traps.extend(other_kind(&tests, &place.leaves));
    }
    traps
}

/// An alternative that holds for another value.
struct Holding<'a> {
    test: &'a ValueTest,
    pattern: Pattern,
    event: Vec<u8>,
}

impl Holding<'_> {
    fn trap(&self, kind: TrapKind, message: String) -> Trap {
        Trap::new(kind, message).proven(&self.pattern, Some(&self.event))
    }
}

/// One value of the event, and the alternatives that it does not satisfy.
struct Value<'a> {
    observation: &'a Observation<'a>,
    part: &'a FieldPart,
    tests: &'a Tests<'a>,
    leaf: &'a Leaf,
}

impl Value<'_> {
    fn traps(&self) -> Vec<Trap> {
        let mut traps: Vec<Trap> = self.present().into_iter().collect();
        if self.leaf.span.len() > LENGTH {
            return traps;
        }
        traps.extend(self.kind());
        let Some(text) = content(self.observation.event, self.leaf) else {
            traps.extend(self.excluded_number());
            return traps;
        };
        if text.is_empty() {
            traps.push(Trap::new(TrapKind::EmptyString, "the value is the empty string"));
        }
        traps.extend(self.blanks(&text));
        traps.extend(self.case(&text));
        traps.extend(self.percent(&text));
        traps.extend(self.plain(&text));
        traps.extend(self.quoted_operator());
        traps.extend(self.excluded(&text));
        traps
    }

    fn alternatives(&self) -> impl Iterator<Item = &ValueTest> {
        self.tests.iter().take(ALTERNATIVES).map(|(_, test)| *test)
    }

    /// Returns the first alternative that holds for another value on the path. Alternatives that can
    /// hold for every kind of value are left out.
    fn holding(&self, value: &str) -> Option<Holding<'_>> {
        let event = trial::event(&self.part.path, value.as_bytes());
        let held = self.observation.trial(&event)?;
        let is_telling = |test: &ValueTest| test.form().kinds != Kinds::All;
        let (_, test) = self.tests.iter().find(|(id, test)| is_telling(test) && held.has(*id))?;
        Some(Holding { test, pattern: part::field(&self.part.path, vec![(*test).clone()]), event })
    }

    /// Returns an event with the value only.
    fn alone(&self) -> Vec<u8> {
        let text = &self.observation.event[self.leaf.span.start..self.leaf.span.end];
        trial::event(&self.part.path, text)
    }

    /// Returns a trap with the proof that a test holds for the value.
    fn proven(&self, kind: TrapKind, message: String, test: ValueTest) -> Trap {
        let pattern = part::field(&self.part.path, vec![test]);
        Trap::new(kind, message).proven(&pattern, Some(&self.alone()))
    }

    /// Returns the trap of a value on a path that must have none.
    fn present(&self) -> Option<Trap> {
        self.tests.iter().find(|(_, test)| matches!(test, ValueTest::Exists(false)))?;
        let message = match self.leaf.kind {
            Kind::Null => "`null` is a value, so the field exists".to_owned(),
            _ if self.tests.len() > 1 => return None,
            _ => "the field exists; {\"exists\":false} holds only if there is no value".to_owned(),
        };
        Some(self.proven(TrapKind::Present, message, ValueTest::Exists(true)))
    }

    /// Returns the trap of a value for which the field holds with, or without, quotes.
    fn kind(&self) -> Option<Trap> {
        let raw = excerpt(self.observation.event, self.leaf.span);
        let other = match content(self.observation.event, self.leaf) {
            Some(text) => {
                let is_literal = matches!(text.as_str(), "true" | "false" | "null");
                (is_literal || number::is_valid(text.as_bytes())).then_some(text)?
            }
            None if self.leaf.kind == Kind::String => return None,
            None => format!("\"{raw}\""),
        };
        let holding = self.holding(&other)?;
        let test = holding.test;
        let kind = kind_name(self.leaf.kind);
        let is = match self.leaf.kind {
            Kind::String | Kind::Number => format!("a {kind}"),
            _ => format!("the literal {kind}"),
        };
        let holds = match test.operator() {
            None => format!("the field holds for {}", described(&other)),
            Some(_) => format!("{} holds for {}", shown(&test.to_string()), described(&other)),
        };
        Some(holding.trap(TrapKind::KindDiffers, format!("the value is {is}; {holds}")))
    }

    fn blanks(&self, text: &str) -> Option<Trap> {
        let trimmed = text.trim();
        if trimmed != text
            && let Some(holding) = self.holding(&JsonString::from(trimmed).to_string())
        {
            let message = format!("the value has blanks around it; the field holds for {}", quoted(trimmed));
            return Some(holding.trap(TrapKind::Blanks, message));
        }
        let alternative = self.plain_texts().find(|plain| *plain != text && plain.trim() == trimmed)?;
        let message = format!("the alternative {} has other blanks around it", quoted(alternative));
        Some(Trap::new(TrapKind::Blanks, message))
    }

    fn case(&self, text: &str) -> Option<Trap> {
        let in_any_case = |test: &ValueTest| match test {
            ValueTest::String(text) | ValueTest::Exactly(text) => {
                Some(ValueTest::EqualsIgnoreCase(text.clone()))
            }
            ValueTest::Prefix(text) => Some(ValueTest::PrefixIgnoreCase(text.clone())),
            ValueTest::Suffix(text) => Some(ValueTest::SuffixIgnoreCase(text.clone())),
            _ => None,
        };
        if let Some(test) = self.first_match(self.alternatives().filter_map(in_any_case).collect()) {
            let message = format!("only the case differs; {} holds", shown(&test.to_string()));
            return Some(self.proven(TrapKind::CaseDiffers, message, test));
        }
        [text.to_lowercase(), text.to_uppercase()].into_iter().filter(|other| other != text).find_map(
            |other| {
                let holding = self.holding(&JsonString::from(other.as_str()).to_string())?;
                holding.test.operator()?;
                let test = shown(&holding.test.to_string());
                Some(
                    holding
                        .trap(TrapKind::CaseDiffers, format!("{test} holds for the value in another case")),
                )
            },
        )
    }

    fn percent(&self, text: &str) -> Option<Trap> {
        let decoded = percent_decoded(text)?;
        let holding = self.holding(&JsonString::from(decoded.as_str()).to_string())?;
        let message = format!("the value is percent-encoded; the field holds for {}", quoted(&decoded));
        Some(holding.trap(TrapKind::PercentEncoded, message))
    }

    fn plain_texts(&self) -> impl Iterator<Item = &str> {
        self.alternatives().filter_map(|test| match test {
            ValueTest::String(text) | ValueTest::Exactly(text) => text.as_str(),
            _ => None,
        })
    }

    /// Returns the trap of a plain value that is a prefix, suffix, part or wildcard of the value.
    fn plain(&self, text: &str) -> Option<Trap> {
        for plain in self.plain_texts().filter(|plain| plain.contains('*')) {
            let Ok(wildcard) = Wildcard::parse(JsonString::from(plain)) else { continue };
            let test = ValueTest::Wildcard(wildcard);
            let help = shown(&test.to_string());
            if let Some(test) = self.first_match(vec![test]) {
                let message = format!("a star is an ordinary character in a plain value; {help} holds");
                return Some(self.proven(TrapKind::StarInPlain, message, test));
            }
        }
        let mut plains = self.plain_texts().filter(|plain| plain.chars().count() > 1 && *plain != text);
        let plain = plains.find(|plain| text.contains(plain))?;
        let operand = JsonString::from(plain);
        let (place, test) = if text.starts_with(plain) {
            ("begins with", Some(ValueTest::Prefix(operand)))
        } else if text.ends_with(plain) {
            ("ends with", Some(ValueTest::Suffix(operand)))
        } else {
            ("contains", None)
        };
        let message =
            format!("the value {place} {}, but a plain value must be the whole value", quoted(plain));
        Some(match test {
            Some(test) => {
                let message = format!("{message}; {} holds", shown(&test.to_string()));
                self.proven(TrapKind::PlainIsWhole, message, test)
            }
            None => Trap::new(TrapKind::PlainIsWhole, message + "; `wildcard` can hold"),
        })
    }

    /// Returns the trap of an alternative that is an operator in quotes.
    fn quoted_operator(&self) -> Option<Trap> {
        let (text, pattern) =
            self.plain_texts().filter(|text| text.trim_start().starts_with('{')).find_map(|text| {
                let pattern = Pattern::parse(&format!("{{\"v\":[{text}]}}")).ok()?;
                Some((text, pattern))
            })?;
        let tests: Vec<ValueTest> =
            part::alternatives(&pattern).iter().map(|alternative| alternative.test.clone()).collect();
        let message = "the alternative is an operator in quotes, which is a plain string";
        let Some(matching) = self.matching(&tests) else {
            return Some(Trap::new(TrapKind::QuotedOperator, message));
        };
        let operator = shown(text);
        Some(match tests.into_iter().zip(matching).find(|(_, matches)| *matches) {
            Some((test, _)) => {
                self.proven(TrapKind::QuotedOperator, format!("{message}; {operator} holds"), test)
            }
            None => {
                Trap::new(TrapKind::QuotedOperator, format!("{message}; {operator} does not hold either"))
            }
        })
    }

    /// Returns the trap of a string that `anything-but` excludes.
    fn excluded(&self, text: &str) -> Option<Trap> {
        let value = JsonString::from(text);
        let mut tests: Vec<ValueTest> = Vec::new();
        for test in self.alternatives() {
            let ValueTest::AnythingBut(excluded) = test else { continue };
            match excluded {
                AnythingBut::Strings(texts) if texts.contains(&value) => {
                    let message = format!("`anything-but` lists {}", quoted(text));
                    return Some(Trap::new(TrapKind::Excluded, message));
                }
                AnythingBut::Prefix(texts) => tests.extend(texts.iter().cloned().map(ValueTest::Prefix)),
                AnythingBut::Suffix(texts) => tests.extend(texts.iter().cloned().map(ValueTest::Suffix)),
                AnythingBut::EqualsIgnoreCase(texts) => {
                    tests.extend(texts.iter().cloned().map(ValueTest::EqualsIgnoreCase));
                }
                AnythingBut::Wildcard(texts) => tests.extend(texts.iter().cloned().map(ValueTest::Wildcard)),
                _ => {}
            }
        }
        tests.truncate(ALTERNATIVES);
        let test = self.first_match(tests)?;
        let message = format!("`anything-but` excludes the value by {}", shown(&test.to_string()));
        Some(self.proven(TrapKind::Excluded, message, test))
    }

    fn excluded_number(&self) -> Option<Trap> {
        if self.leaf.kind != Kind::Number {
            return None;
        }
        let excludes = |test: &&ValueTest| matches!(test, ValueTest::AnythingBut(AnythingBut::Numbers(_)));
        self.alternatives().find(excludes)?;
        let message = format!("`anything-but` lists {}", excerpt(self.observation.event, self.leaf.span));
        Some(Trap::new(TrapKind::Excluded, message))
    }

    /// Returns the first test that the value satisfies.
    fn first_match(&self, tests: Vec<ValueTest>) -> Option<ValueTest> {
        let matching = self.matching(&tests)?;
        tests.into_iter().zip(matching).find_map(|(test, matches)| matches.then_some(test))
    }

    /// Returns true for each test that the value satisfies, or `None` as [`Observation::matching`] does.
    fn matching(&self, tests: &[ValueTest]) -> Option<Vec<bool>> {
        if tests.is_empty() {
            return None;
        }
        let patterns = tests.iter().map(|test| part::field(&self.part.path, vec![test.clone()]));
        self.observation.matching(patterns.collect(), &self.alone())
    }
}

/// Returns the trap of values of kinds for which no alternative holds.
fn other_kind(tests: &Tests<'_>, leaves: &[Leaf]) -> Option<Trap> {
    let may_hold = |leaf: &Leaf, test: &ValueTest| match test.form().kinds {
        Kinds::Strings => leaf.kind == Kind::String,
        Kinds::Numbers => leaf.kind == Kind::Number,
        Kinds::Literals => !matches!(leaf.kind, Kind::String | Kind::Number),
        Kinds::All => true,
        Kinds::Absence => false,
    };
    if leaves.iter().any(|leaf| tests.iter().any(|(_, test)| may_hold(leaf, test))) {
        return None;
    }
    if tests.iter().all(|(_, test)| matches!(test, ValueTest::Null)) {
        let message = "`null` holds for the value null only; {\"exists\":true} holds for every value";
        return Some(Trap::new(TrapKind::NullIsValue, message));
    }
    let kind = leaves.first()?.kind;
    if tests.iter().all(|(_, test)| test.form().kinds == Kinds::Absence) {
        return None;
    }
    let is = match kind {
        Kind::String | Kind::Number => format!("a {}", kind_name(kind)),
        _ => kind_name(kind).to_owned(),
    };
    let message = format!("the value is {is}, and no alternative holds for any value of this kind");
    Some(Trap::new(TrapKind::OtherKind, message))
}

/// Returns a JSON text with its kind.
fn described(json: &str) -> String {
    let json = shown(json);
    match json.as_bytes().first() {
        Some(b'"') => format!("the string {json}"),
        Some(b'-' | b'0'..=b'9') => format!("the number {json}"),
        _ => format!("the literal {json}"),
    }
}

/// Decodes percent escapes, and `+` as a blank. Returns `None` if the text has neither.
fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high << 4 | low) as u8);
                at += 3;
            }
            (b'+', ..) => {
                decoded.push(b' ');
                at += 1;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    (decoded != bytes).then(|| String::from_utf8(decoded).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn percent_escapes_are_decoded() {
        assert_eq!(percent_decoded("a%2fb%C3%A9+c").as_deref(), Some("a/bé c"));
        for text in ["", "abc", "100%", "%zz", "%ff"] {
            assert_eq!(percent_decoded(text), None, "{text}");
        }
    }
}
