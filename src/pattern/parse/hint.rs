//! Chooses the hint for a fault: the probable intention of the author.

use crate::error::{Hint, Operator, PatternError, PatternErrorKind};
use crate::json::{JsonString, Lexer, Token, number};

/// Returns the hint for a scalar value in the place of a list. `token` and `bytes` are the value,
/// `name` is the name of its field, and `around` is the name of the object around the field.
/// `is_root` is true for a field of the root, which is not meant as an operator.
pub(super) fn of_leaf(
    name: &JsonString,
    around: Option<&JsonString>,
    is_root: bool,
    token: Token,
    bytes: &[u8],
) -> Option<Hint> {
    if let Some(hint) = name.as_str().and_then(of_name) {
        return Some(hint);
    }
    if is_json_text(token, bytes) {
        return Some(Hint::JsonInString);
    }
    let operator = (!is_root).then(|| Operator::nearest(name.as_str()?)).flatten()?;
    // `prefix` under `anything-but` is an operand of `anything-but`.
    let outer = around.and_then(|around| Operator::nearest(around.as_str()?));
    let outer = outer.filter(|&outer| outer == Operator::AnythingBut);
    Some(Hint::OperatorInList(outer.unwrap_or(operator)))
}

/// Returns the hint for an operand of the wrong kind. The last token of the lexer begins the
/// operand.
pub(super) fn of_operand(lexer: &Lexer<'_>, token: Token, kind: &PatternErrorKind) -> Option<Hint> {
    let text = || JsonString::decode(lexer.string_content());
    let is_string = matches!(token, Token::String { .. });
    match kind {
        PatternErrorKind::ArgumentNotString { .. } if token == Token::Number => Some(Hint::Unquoted),
        PatternErrorKind::ExistsNotBoolean if is_string => {
            matches!(text().as_str(), Some("true" | "false")).then_some(Hint::Quoted)
        }
        PatternErrorKind::NumericNotList if is_string => Some(Hint::ComparisonInText),
        PatternErrorKind::NumericSyntax if is_string => of_comparison(text().as_str()?),
        PatternErrorKind::OrNotObject if is_string || token == Token::Number => Some(Hint::OrOfValues),
        PatternErrorKind::AnythingButOperand if token == Token::ObjectOpen => {
            // The object is read again from its opening brace.
            let mut object = lexer.clone();
            let Ok(Token::String { .. }) = object.next() else { return None };
            let name = JsonString::decode(object.string_content());
            let name = name.as_str()?;
            of_name(name).or_else(|| match Operator::nearest(name)? {
                operator if is_allowed(Operator::AnythingBut, operator) => {
                    Some(Hint::ExcludedOperators(operator))
                }
                _ => Some(Hint::AnythingBut),
            })
        }
        _ => None,
    }
}

/// Returns the hint for a name in the place of an operator.
pub(super) fn of_operator(name: &str) -> Option<Hint> {
    of_name(name).or_else(|| match name {
        "$or" => Some(Hint::OrOfValues),
        _ => {
            // A misspelling of another kind has the help of the error, which asks.
            let operator = Operator::nearest(name)?;
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let is_spelling =
                letters(&name.to_ascii_lowercase()) == letters(operator.name()) || name == "not";
            is_spelling.then_some(Hint::Spelling(operator))
        }
    })
}

/// Returns the hint for an operator that the operator `outer` does not allow.
pub(super) fn of_nested(outer: Operator, name: &str) -> Option<Hint> {
    let hint = of_operator(name).filter(|hint| match hint {
        // Another spelling helps only if the operator is allowed.
        Hint::Spelling(operator) => is_allowed(outer, *operator),
        _ => true,
    });
    hint.or((outer == Operator::AnythingBut).then_some(Hint::AnythingBut))
}

/// Returns true if an operator is allowed in the operand of the operator `outer`.
fn is_allowed(outer: Operator, operator: Operator) -> bool {
    match operator {
        Operator::EqualsIgnoreCase => true,
        Operator::Prefix | Operator::Suffix | Operator::Wildcard => outer == Operator::AnythingBut,
        Operator::Exactly
        | Operator::AnythingBut
        | Operator::Numeric
        | Operator::Cidr
        | Operator::Exists
        | Operator::Regexp => false,
    }
}

/// Adds the hint for an error in the list of a field.
pub(super) fn of_field(name: &JsonString, error: PatternError) -> PatternError {
    let Some(name) = name.as_str() else { return error };
    let hint = match error.kind() {
        PatternErrorKind::UnknownOperator { .. } if is_or(name) => Some(Hint::Or),
        PatternErrorKind::UnknownOperator { .. } | PatternErrorKind::NestedList => of_name(name),
        _ => None,
    };
    error.or_hint(hint)
}

/// Returns the hint for a reserved name inside `$or`. `is_alternative` is true for a field of an
/// alternative itself. `next` is the first token of the value.
pub(super) fn of_reserved(name: &str, is_alternative: bool, next: Token) -> Option<Hint> {
    let operator = Operator::nearest(name)?;
    if !is_alternative {
        return Some(Hint::OperatorInList(operator));
    }
    // A list can be the list of a field with this name.
    let takes_list = matches!(operator, Operator::Numeric | Operator::AnythingBut);
    (next != Token::ArrayOpen || takes_list).then_some(Hint::OrOfValues)
}

/// Returns the hint for a second operator in the object of the first one.
pub(super) fn of_second(first: Operator, second: &JsonString) -> Option<Hint> {
    let second = Operator::from_name(second.as_str()?)?;
    let is_pair = matches!(
        (first, second),
        (Operator::Prefix, Operator::Suffix) | (Operator::Suffix, Operator::Prefix)
    );
    is_pair.then_some(Hint::PrefixAndSuffix)
}

/// Returns the hint for a root that is not an object.
pub(super) fn of_root(token: Token, bytes: &[u8]) -> Option<Hint> {
    is_json_text(token, bytes).then_some(Hint::JsonInString)
}

/// Returns the hint for a name that the language does not have anywhere.
fn of_name(name: &str) -> Option<Hint> {
    match name {
        "Ref" => Some(Hint::Template),
        _ if name.starts_with("Fn::") => Some(Hint::Template),
        "$and" | "$AND" | "and" | "AND" | "allOf" | "$all" => Some(Hint::And),
        _ => None,
    }
}

fn is_or(name: &str) -> bool {
    matches!(name, "or" | "OR" | "Or" | "$OR" | "$Or" | "anyOf" | "$any")
}

/// Returns true if a token is a string that holds JSON.
fn is_json_text(token: Token, bytes: &[u8]) -> bool {
    matches!(token, Token::String { .. })
        && matches!(bytes[1..].trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Returns the hint for a text in `numeric` that is no comparison, or is in the place of a number.
fn of_comparison(text: &str) -> Option<Hint> {
    match text.trim() {
        "==" | "===" | "eq" => Some(Hint::EqualSign),
        "!=" | "<>" | "!==" | "ne" => Some(Hint::NotEqual),
        text if number::is_valid(text.as_bytes()) => Some(Hint::Quoted),
        text if text.starts_with(['<', '>', '=']) && text.contains(|c: char| c.is_ascii_digit()) => {
            Some(Hint::ComparisonInText)
        }
        _ => None,
    }
}
