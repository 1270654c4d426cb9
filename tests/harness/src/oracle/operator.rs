//! Section 5: the grammar of a list and of the operators in it.

use super::address::Address;
use super::json::{Json, Units, Value, utf16};
use super::number::comparable;
use super::regexp;
use super::test::Test;
use super::text::{Piece, any_case, ending, plain, starting, wildcard};
use super::{Reject, reject};

/// Returns an error for a value that is not allowed at its place. The error for excessive depth has
/// priority.
pub(super) fn fault<T>(value: &Json, code: &'static str) -> Result<T, Reject> {
    reject(if matches!(value, Json::TooDeep) { "too-deep" } else { code })
}

fn string<'a>(value: &'a Json, code: &'static str) -> Result<&'a Units, Reject> {
    match value {
        Json::Leaf(Value::String(text)) => Ok(text),
        _ => fault(value, code),
    }
}

pub(super) fn element(value: &Json) -> Result<Test, Reject> {
    match value {
        // Section 5.1: a string that is an address compares as one.
        Json::Leaf(Value::String(text)) => Ok(match Address::read(text) {
            Some(address) => Test::Block(address, address.width()),
            None => Test::Is(Value::String(text.clone())),
        }),
        Json::Leaf(Value::Number(literal)) => Ok(match comparable(literal) {
            Some(n) => equal_to(n),
            None => Test::Is(Value::Number(literal.clone())),
        }),
        Json::Leaf(literal) => Ok(Test::Is(literal.clone())),
        Json::Object(members) => only_member(members, operator),
        Json::Array(_) | Json::TooDeep => fault(value, "nested-list"),
    }
}

/// Returns the only member of an operator object. A fault of the first member has priority over the
/// existence of a second.
fn only_member<T>(
    members: &[(Units, Json)],
    read: impl Fn(&str, &Json) -> Result<T, Reject>,
) -> Result<T, Reject> {
    let Some((name, argument)) = members.first() else {
        return reject("empty-operator");
    };
    // No operator contains a replacement character, so a name that is not Unicode is unknown.
    let result = read(&String::from_utf16_lossy(name), argument)?;
    if members.len() > 1 { reject("multiple-operators") } else { Ok(result) }
}

fn operator(name: &str, argument: &Json) -> Result<Test, Reject> {
    let text = || string(argument, "argument-not-string");
    match name {
        "exactly" => Ok(Test::Is(Value::String(text()?.clone()))),
        "prefix" => Ok(Test::Made(starting(affix(argument)?))),
        "suffix" => Ok(Test::Made(ending(affix(argument)?))),
        "equals-ignore-case" => Ok(Test::Made(any_case(text()?))),
        "wildcard" => Ok(Test::Made(wildcard(text()?)?)),
        "numeric" => numeric(argument),
        "cidr" => cidr(text()?),
        "regexp" => Ok(Test::Regexp(regexp::read(text()?)?)),
        "exists" => match argument {
            Json::Leaf(Value::True) => Ok(Test::Present),
            Json::Leaf(Value::False) => Ok(Test::Absent),
            _ => fault(argument, "exists-not-boolean"),
        },
        "anything-but" => anything_but(argument),
        _ => reject("unknown-operator"),
    }
}

/// Section 5.2: the argument of prefix and suffix.
fn affix(argument: &Json) -> Result<Vec<Piece>, Reject> {
    match argument {
        Json::Object(members) => only_member(members, |name, argument| match name {
            "equals-ignore-case" => Ok(any_case(string(argument, "argument-not-string")?)),
            _ => reject("unsupported-nesting"),
        }),
        _ => Ok(plain(string(argument, "argument-not-string")?)),
    }
}

/// Section 5.5.
fn anything_but(argument: &Json) -> Result<Test, Reject> {
    let operand = |value: &Json| match value {
        Json::Leaf(Value::String(text)) => Ok(Test::Is(Value::String(text.clone()))),
        Json::Leaf(Value::Number(literal)) => Ok(equal_to(number(literal)?)),
        _ => fault(value, "anything-but-operand"),
    };
    let is_string = |value: &Json| matches!(value, Json::Leaf(Value::String(_)));
    let excluded = match argument {
        Json::Object(members) => only_member(members, anything_but_operator)?,
        Json::Array(values) => {
            let Some(first) = values.first() else {
                return reject("anything-but-empty");
            };
            let mut excluded = Vec::new();
            for value in values {
                if matches!(value, Json::Leaf(Value::String(_) | Value::Number(_)))
                    && is_string(value) != is_string(first)
                {
                    return reject("anything-but-mixed");
                }
                excluded.push(operand(value)?);
            }
            excluded
        }
        _ => vec![operand(argument)?],
    };
    Ok(Test::Not(excluded))
}

fn anything_but_operator(name: &str, argument: &Json) -> Result<Vec<Test>, Reject> {
    if !["prefix", "suffix", "equals-ignore-case", "wildcard"].contains(&name) {
        return reject("unsupported-nesting");
    }
    let operands = match argument {
        // Prefix and suffix allow a nested operator elsewhere, but not here.
        Json::Object(members) if name == "prefix" || name == "suffix" => {
            return only_member(members, |_, _| reject("unsupported-nesting"));
        }
        Json::Array(operands) if operands.is_empty() => return reject("anything-but-empty"),
        Json::Array(operands) => operands.iter().collect(),
        _ => vec![argument],
    };
    let mut excluded = Vec::new();
    for operand in operands {
        let text = string(operand, "argument-not-string")?;
        excluded.push(match name {
            "prefix" | "suffix" if text.is_empty() => return reject("anything-but-empty-affix"),
            "prefix" => Test::Made(starting(plain(text))),
            "suffix" => Test::Made(ending(plain(text))),
            "equals-ignore-case" => Test::Made(any_case(text)),
            _ => Test::Made(wildcard(text)?),
        });
    }
    Ok(excluded)
}

/// Section 5.6.
fn numeric(argument: &Json) -> Result<Test, Reject> {
    let Json::Array(terms) = argument else {
        return fault(argument, "numeric-not-list");
    };
    let comparison = |at: usize, allowed: &[&str]| -> Result<String, Reject> {
        let Some(term) = terms.get(at) else { return reject("numeric-syntax") };
        let name = String::from_utf16_lossy(string(term, "numeric-syntax")?);
        if allowed.contains(&name.as_str()) { Ok(name) } else { reject("numeric-syntax") }
    };
    let operand = |at: usize| match terms.get(at) {
        Some(Json::Leaf(Value::Number(literal))) => number(literal),
        Some(term) => fault(term, "numeric-syntax"),
        None => reject("numeric-syntax"),
    };
    let end = |at: usize| terms.get(at).map_or(Ok(()), |term| fault(term, "numeric-syntax"));

    let first = comparison(0, &["=", "<", "<=", ">", ">="])?;
    let bound = operand(1)?;
    match first.as_str() {
        "=" => {
            end(2)?;
            Ok(equal_to(bound))
        }
        "<" | "<=" => {
            end(2)?;
            // Section 12, E6: at most one number remains, and the reference engine fails.
            if bound == f64::MIN {
                return reject("numeric-empty-range");
            }
            Ok(Test::Between {
                low: f64::NEG_INFINITY,
                with_low: false,
                high: bound,
                with_high: first == "<=",
            })
        }
        _ if terms.len() == 2 => {
            if bound == f64::MAX {
                return reject("numeric-empty-range");
            }
            Ok(Test::Between { low: bound, with_low: first == ">=", high: f64::INFINITY, with_high: false })
        }
        _ => {
            let second = comparison(2, &["<", "<="])?;
            let top = operand(3)?;
            end(4)?;
            if bound >= top {
                return reject("numeric-empty-range");
            }
            Ok(Test::Between { low: bound, with_low: first == ">=", high: top, with_high: second == "<=" })
        }
    }
}

fn number(literal: &str) -> Result<f64, Reject> {
    comparable(literal).ok_or(Reject { code: "number-not-comparable" })
}

fn equal_to(n: f64) -> Test {
    Test::Between { low: n, with_low: true, high: n, with_high: true }
}

/// The argument of `cidr`: trailing slashes are dropped, and the number of bits may have a sign and
/// leading zeros.
fn cidr(text: &[u16]) -> Result<Test, Reject> {
    let text = String::from_utf16_lossy(text);
    let Some((address, bits)) =
        text.trim_end_matches('/').split_once('/').filter(|(_, bits)| !bits.contains('/'))
    else {
        return reject("cidr-syntax");
    };
    let Some(address) = Address::read(&utf16(address)) else {
        return reject("cidr-address");
    };
    match bits.parse::<i32>() {
        Ok(bits) if (0..address.width() as i32).contains(&bits) => Ok(Test::Block(address, bits as u32)),
        _ => reject("cidr-mask"),
    }
}
