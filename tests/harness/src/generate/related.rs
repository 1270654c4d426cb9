//! Alternatives about one value: its spellings, parts of it, and their exclusion. With random
//! values, one alternative rarely names the value that another excludes.

use super::dice::Dice;
use super::node::{Node, Units, spell};
use super::test::{Test, operands, operator, string_node};
use super::value::{Address, near, number, other_case, scalar, spelling, string, utf16};

/// The subject of a field.
enum Subject {
    Address(Address),
    /// The index of a comparable number.
    Number(usize),
    Text(Units),
}

/// Returns several alternatives about one value. Each has spellings of the value as hits and
/// misses.
pub(super) fn related(dice: &mut Dice) -> Vec<Test> {
    let subject = match dice.below(10) {
        0..5 => Subject::Address(Address::any(dice)),
        5..7 => Subject::Number(number(dice)),
        _ => Subject::Text(string(dice)),
    };
    (0..dice.pick(&[2, 2, 2, 3, 4])).map(|_| subject.test(dice)).collect()
}

impl Subject {
    /// Returns a JSON value for an alternative.
    fn value(&self, dice: &mut Dice) -> String {
        match self {
            Subject::Address(address) => address.spell(dice),
            Subject::Number(number) => spelling(dice, *number),
            Subject::Text(text) => spell(dice, text),
        }
    }

    /// Returns the text of the value, for operators on text.
    fn text(&self, dice: &mut Dice) -> Units {
        match self {
            Subject::Address(address) => utf16(&address.text(dice)),
            Subject::Number(number) => utf16(&spelling(dice, *number)),
            Subject::Text(text) => text.clone(),
        }
    }

    /// Returns an alternative. The same values may be hits and misses, because the result of the
    /// alternative is not computed.
    fn test(&self, dice: &mut Dice) -> Test {
        let text = self.text(dice);
        let node = match dice.below(10) {
            0..3 => Node::Scalar(self.value(dice)),
            3 => text_operator(dice, "exactly", &text),
            4..7 => self.exclusion(dice, &text),
            7 => self.order(dice, &text),
            _ => part(dice, &text),
        };
        let (close, other) = (near(dice, &text), scalar(dice));
        let hits = vec![self.value(dice), self.value(dice), spell(dice, &text)];
        let misses = vec![spell(dice, &text), spell(dice, &close), self.value(dice), other];
        Test { node, hits, misses }
    }

    /// Returns an exclusion of the value, of its text, or of a part of its text.
    fn exclusion(&self, dice: &mut Dice, text: &[u16]) -> Node {
        let argument = match (self, dice.below(3)) {
            (Subject::Number(number), 0 | 1) => {
                let nodes = (0..dice.between(1, 2)).map(|_| Node::Scalar(spelling(dice, *number))).collect();
                operands(dice, nodes)
            }
            (_, 0 | 1) => {
                let mut nodes = vec![string_node(dice, text)];
                if dice.percent(50) {
                    let other = self.text(dice);
                    nodes.push(string_node(dice, &other));
                }
                operands(dice, nodes)
            }
            _ => {
                // Not all operators can be excluded, and an empty operand cannot be.
                let text = if text.is_empty() { utf16("a") } else { text.to_vec() };
                match dice.below(4) {
                    0 => {
                        let end = dice.between(1, text.len());
                        text_operator(dice, "prefix", &text[..end])
                    }
                    1 => {
                        let start = dice.below(text.len());
                        text_operator(dice, "suffix", &text[start..])
                    }
                    2 => {
                        let other = other_case(dice, &text);
                        text_operator(dice, "equals-ignore-case", &other)
                    }
                    _ => {
                        let wildcard = starred(dice, &text);
                        text_operator(dice, "wildcard", &wildcard)
                    }
                }
            }
        };
        operator(dice, "anything-but", argument)
    }

    /// Returns a block around an address, a comparison with a number, or the text in another case.
    fn order(&self, dice: &mut Dice, text: &[u16]) -> Node {
        match self {
            Subject::Address(address) => {
                let bits = dice.below(address.width());
                let block = format!("{}/{bits}", address.text(dice));
                text_operator(dice, "cidr", &utf16(&block))
            }
            Subject::Number(number) => {
                let name = dice.pick(&["=", "<", "<=", ">", ">="]);
                let terms = vec![Node::Scalar(format!("\"{name}\"")), Node::Scalar(spelling(dice, *number))];
                operator(dice, "numeric", Node::Array(terms))
            }
            Subject::Text(_) => {
                let other = other_case(dice, text);
                text_operator(dice, "equals-ignore-case", &other)
            }
        }
    }
}

/// Returns an operator on a part of the text.
fn part(dice: &mut Dice, text: &[u16]) -> Node {
    let at = dice.below(text.len() + 1);
    let ignore_case = dice.percent(30);
    let (name, part) = match dice.below(3) {
        0 => ("prefix", &text[..at]),
        1 => ("suffix", &text[at..]),
        _ => {
            let wildcard = starred(dice, text);
            return text_operator(dice, "wildcard", &wildcard);
        }
    };
    if ignore_case {
        let part = other_case(dice, part);
        let argument = text_operator(dice, "equals-ignore-case", &part);
        return operator(dice, name, argument);
    }
    text_operator(dice, name, part)
}

/// Returns a wildcard that the text matches, with a star in place of a part of the text.
fn starred(dice: &mut Dice, text: &[u16]) -> Units {
    let (star, backslash) = (u16::from(b'*'), u16::from(b'\\'));
    let start = dice.below(text.len() + 1);
    let end = dice.between(start, text.len());
    let escaped = |part: &[u16]| {
        let escape = |&unit: &u16| {
            let escape = (unit == star || unit == backslash).then_some(backslash);
            escape.into_iter().chain([unit])
        };
        part.iter().flat_map(escape).collect::<Units>()
    };
    [escaped(&text[..start]), vec![star], escaped(&text[end..])].concat()
}

fn text_operator(dice: &mut Dice, name: &str, text: &[u16]) -> Node {
    let argument = string_node(dice, text);
    operator(dice, name, argument)
}
