//! Alternatives that are about one value: its spellings, parts of it, and their exclusion. Random values meet too rarely
//! for one alternative to name what another excludes.

use super::dice::Dice;
use super::node::{Node, Units, spell};
use super::test::{Test, operands, operator, string_node};
use super::value::{Address, near, number, other_case, scalar, spelling, string, utf16};

/// What a field is about.
enum Subject {
    Address(Address),
    /// One of the numbers that can be compared.
    Number(usize),
    Text(Units),
}

/// Several alternatives on one value. Each accepts or refuses it in one of its spellings.
pub(super) fn related(dice: &mut Dice) -> Vec<Test> {
    let subject = match dice.below(10) {
        0..5 => Subject::Address(Address::any(dice)),
        5..7 => Subject::Number(number(dice)),
        _ => Subject::Text(string(dice)),
    };
    (0..dice.pick(&[2, 2, 2, 3, 4])).map(|_| subject.test(dice)).collect()
}

impl Subject {
    /// A value that an alternative may name, as JSON.
    fn value(&self, dice: &mut Dice) -> String {
        match self {
            Subject::Address(address) => address.spell(dice),
            Subject::Number(number) => spelling(dice, *number),
            Subject::Text(text) => spell(dice, text),
        }
    }

    /// The text of a value, for alternatives that ask for text.
    fn text(&self, dice: &mut Dice) -> Units {
        match self {
            Subject::Address(address) => utf16(&address.text(dice)),
            Subject::Number(number) => utf16(&spelling(dice, *number)),
            Subject::Text(text) => text.clone(),
        }
    }

    /// An alternative; what it says of the value in this spelling or that is not worked out, so the same values may be hits
    /// and misses.
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

    /// The exclusion of the value, of its text, or of what has a part of it.
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
                // Not all that can be asked of a part can be excluded, and an empty part cannot be.
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

    /// A block around an address, a comparison with a number, or the text in another case.
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

/// An operator on a part of the text.
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

/// A wildcard that the text fits, with a star in the place of some of it.
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
