//! Lints of single values and names: texts that are written in a wrong way.

use crate::error::{Operator, Span};
use crate::json::{JsonString, number};
use crate::operator::Address;
use crate::pattern::branch::Field;
use crate::pattern::form::Kinds;
use crate::pattern::walk::{Step, Walk};
use crate::pattern::{Alternative, AnythingBut, Cidr, Name, Object, Pattern, ValueTest, Wildcard};

use super::codes::WarningKind;
use super::found::{Found, shown};

/// Reports names with white space at an end.
pub(super) fn names(root: &Object, found: &mut Found<'_>) {
    for step in Walk::new(root) {
        if let Step::Field { name, .. } | Step::Enter { name, .. } = step {
            let Name { text, span, .. } = name;
            blank_ends(text, *span, (true, true), found);
        }
    }
}

/// Reports the texts of the alternatives of a field.
pub(super) fn texts(field: &Field<'_>, found: &mut Found<'_>) {
    let mut before = None;
    for alternative in field.alternatives {
        let Alternative { test, span, .. } = alternative;
        match test {
            ValueTest::String(text) => {
                blank_ends(text, *span, (true, true), found);
                if !quoted_pattern(text, *span, before, field.alternatives, found) {
                    star(text, *span, found);
                }
            }
            ValueTest::Exactly(text) | ValueTest::EqualsIgnoreCase(text) => {
                blank_ends(text, *span, (true, true), found);
            }
            ValueTest::Prefix(text) | ValueTest::PrefixIgnoreCase(text) => {
                blank_ends(text, *span, (true, false), found);
                star(text, *span, found);
            }
            ValueTest::Suffix(text) | ValueTest::SuffixIgnoreCase(text) => {
                blank_ends(text, *span, (false, true), found);
                star(text, *span, found);
            }
            ValueTest::Wildcard(wildcard) => needless_wildcards(&[wildcard], false, *span, found),
            ValueTest::Cidr(block) => host_bits(block, *span, found),
            ValueTest::AnythingBut(excluded) => excluded_texts(excluded, *span, found),
            _ => {}
        }
        before = Some(test);
    }
}

fn excluded_texts(excluded: &AnythingBut, span: Span, found: &mut Found<'_>) {
    let (texts, ends) = match excluded {
        AnythingBut::Strings(texts) | AnythingBut::EqualsIgnoreCase(texts) => (texts, (true, true)),
        AnythingBut::Prefix(texts) => (texts, (true, false)),
        AnythingBut::Suffix(texts) => (texts, (false, true)),
        AnythingBut::Wildcard(wildcards) => {
            return needless_wildcards(&wildcards.iter().collect::<Vec<_>>(), true, span, found);
        }
        AnythingBut::Numbers(_) => return,
    };
    // The list has one span, so it has one warning of each kind.
    if let Some(text) = texts.iter().find(|text| has_blank_end(text, ends)) {
        blank_ends(text, span, ends, found);
    }
    if let Some(text) = texts.iter().find(|text| is_starred(text.as_bytes())) {
        star(text, span, found);
    }
}

/// Returns true if a text has white space at one of the ends. A text of white space alone is meant
/// to be one.
fn has_blank_end(text: &JsonString, (front, back): (bool, bool)) -> bool {
    text.as_str().is_some_and(|text| {
        !text.trim().is_empty()
            && (front && text.starts_with(char::is_whitespace) || back && text.ends_with(char::is_whitespace))
    })
}

fn blank_ends(text: &JsonString, span: Span, ends: (bool, bool), found: &mut Found<'_>) {
    if has_blank_end(text, ends) {
        found.add(WarningKind::BlankEnds, span);
    }
}

/// Returns true if a text has a star and other characters. A star alone is a value of its own: all
/// principals, all origins.
fn is_starred(text: &[u8]) -> bool {
    text.len() > 1 && memchr::memchr(b'*', text).is_some()
}

fn star(text: &JsonString, span: Span, found: &mut Found<'_>) {
    if is_starred(text.as_bytes()) {
        found.add(WarningKind::StarInText, span);
    }
}

/// Reports a string that is the text of an operator, a comparison, an alternative or a pattern.
/// Returns true if it was reported.
fn quoted_pattern(
    text: &JsonString,
    span: Span,
    before: Option<&ValueTest>,
    list: &[Alternative],
    found: &mut Found<'_>,
) -> bool {
    let Some(text) = text.as_str() else { return false };
    let text = text.trim();
    let help = match text.as_bytes() {
        [] => return false,
        [b'{', .., b'}'] => {
            let is_alternative = Pattern::parse(&format!("{{\"a\":[{text}]}}")).is_ok();
            (is_alternative || Pattern::parse(text).is_ok())
                .then(|| format!("leave out the quotes: `{}`", shown(&text)))
        }
        [b'[', .., b']'] => Pattern::parse(&format!("{{\"a\":{text}}}"))
            .is_ok()
            .then(|| format!("leave out the quotes: `{}`", shown(&text))),
        _ => named(text, before, list).or_else(|| comparison(text, before, list)),
    };
    match help {
        Some(help) => found.add_help(WarningKind::QuotedPattern, span, || help),
        None => return false,
    }
    true
}

/// Returns the help for a text that begins with the name of an operator: `prefix:a`, `exists`.
fn named(text: &str, before: Option<&ValueTest>, list: &[Alternative]) -> Option<String> {
    let (name, operand) = match text.split_once([':', '=']) {
        Some((name, operand)) => (name.trim(), Some(operand.trim())),
        None => (text, None),
    };
    let operator = Operator::from_name(name)?;
    match (operator, operand) {
        (Operator::Regexp, _) => None,
        (_, Some(operand)) if !operand.is_empty() => Some(format!("write an object: `{{\"{operator}\":…}}`")),
        (_, Some(_)) => None,
        // The other names are words that an event may contain. They are operators if an operand
        // follows in the list.
        (Operator::Exists, None) => Some("write an object: `{\"exists\":true}`".to_owned()),
        (Operator::AnythingBut | Operator::EqualsIgnoreCase, None) => {
            Some(format!("write an object: `{{\"{operator}\":…}}`"))
        }
        (_, None) => {
            (list.len() == 2 && before.is_none()).then(|| format!("write an object: `{{\"{operator}\":…}}`"))
        }
    }
}

/// Returns the help for a comparison: `>= 5`, or `>=` before a number.
fn comparison(text: &str, before: Option<&ValueTest>, list: &[Alternative]) -> Option<String> {
    let operand = text.trim_start_matches(['<', '>', '=']);
    let operator = &text[..text.len() - operand.len()];
    if !["<", "<=", ">", ">=", "="].contains(&operator) {
        return None;
    }
    let operand = operand.trim();
    let has_number = number::is_valid(operand.as_bytes());
    let is_list = || list.iter().any(|alternative| matches!(alternative.test, ValueTest::Number(_)));
    // A comparison alone is reported once, at the first of a list.
    (has_number || operand.is_empty() && before.is_none() && is_list()).then(|| {
        let operand = if has_number { shown(&operand) } else { "…".to_owned() };
        format!("write an object: `{{\"numeric\":[\"{operator}\",{operand}]}}`")
    })
}

/// Reports wildcards if all are plain values, all are prefixes, or all are suffixes. Other lists of
/// `anything-but` have no simpler form.
fn needless_wildcards(wildcards: &[&Wildcard], excludes: bool, span: Span, found: &mut Found<'_>) {
    let mut first = None;
    for wildcard in wildcards {
        let Some((operator, text)) = simpler(wildcard) else { return };
        if first.get_or_insert((operator, text)).0 != operator {
            return;
        }
    }
    let Some((operator, text)) = first else { return };
    found.add_help(WarningKind::NeedlessWildcard, span, || {
        let simpler = match operator {
            Operator::Exactly if excludes || is_plain(&text) => text.to_string(),
            _ => format!("{{\"{operator}\":{text}}}"),
        };
        let same = match (excludes, wildcards.len()) {
            (false, _) => format!("`{}` is the same", shown(&simpler)),
            (true, 1) => format!("`{}` is the same", shown(&format_args!("{{\"anything-but\":{simpler}}}"))),
            (true, _) if operator == Operator::Exactly => "a list of the texts is the same".to_owned(),
            (true, _) => format!("`{operator}` with a list of texts is the same"),
        };
        format!("{same}; the service allows 30 rules with wildcards on a bus")
    });
}

/// Returns true if a plain value means the text alone, and has no star that reads like a wildcard.
fn is_plain(text: &JsonString) -> bool {
    Address::parse(text.as_bytes()).is_none() && !is_starred(text.as_bytes())
}

/// Returns the operator and the operand that are equal to a wildcard. A star that is escaped is kept in
/// the wildcard, where it is clear that the star is meant.
fn simpler(wildcard: &Wildcard) -> Option<(Operator, JsonString)> {
    let pieces = wildcard.pieces();
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(JsonString::from);
    let (operator, text) = match &*pieces.rest {
        [] => return Some((Operator::Exactly, text(&pieces.first)?)),
        [last] if last.is_empty() => (Operator::Prefix, text(&pieces.first)?),
        [last] if pieces.first.is_empty() => (Operator::Suffix, text(last)?),
        _ => return None,
    };
    memchr::memchr(b'*', text.as_bytes()).is_none().then_some((operator, text))
}

fn host_bits(block: &Cidr, span: Span, found: &mut Found<'_>) {
    if let Some(plain) = block.without_host_bits() {
        found.add_help(WarningKind::CidrHostBits, span, || format!("the block is `{plain}`"));
    }
}

/// Reports values of `account` that are not account ids.
pub(super) fn account_ids(field: &Field<'_>, found: &mut Found<'_>) {
    let is_id =
        |text: &JsonString| text.as_bytes().len() == 12 && text.as_bytes().iter().all(u8::is_ascii_digit);
    for Alternative { test, span, .. } in field.alternatives {
        let is_wrong = match test {
            ValueTest::String(text) | ValueTest::Exactly(text) => !is_id(text),
            ValueTest::AnythingBut(AnythingBut::Strings(texts)) => texts.iter().any(|text| !is_id(text)),
            _ => false,
        };
        if is_wrong {
            found.add(WarningKind::AccountId, *span);
        }
    }
}

/// Reports values whose kind the notation of DynamoDB does not have on the path.
pub(super) fn dynamodb_types(field: &Field<'_>, found: &mut Found<'_>) {
    let mut names = field.path.rsplit(|&byte| byte == b'.');
    let last = names.next().unwrap_or_default();
    if !matches!(last, b"N" | b"S" | b"BOOL" | b"NULL") {
        return;
    }
    if !names.any(|name| matches!(name, b"NewImage" | b"OldImage" | b"Keys")) {
        return;
    }
    let is_text = matches!(last, b"N" | b"S");
    for Alternative { test, span, .. } in field.alternatives {
        match (test.form().kinds, is_text) {
            (Kinds::Numbers, true) if last == b"N" => {
                found.add_help(WarningKind::DynamodbType, *span, || {
                    "`N` contains a string such as `\"100\"`: no filter compares it as a number".to_owned()
                });
            }
            (Kinds::Numbers | Kinds::Literals, true) | (Kinds::Numbers | Kinds::Strings, false) => {
                found.add(WarningKind::DynamodbType, *span);
            }
            _ => {}
        }
    }
}
