//! Section 6: regular expressions (RFC 9485), read by descent and matched with sets of places.

use super::{Reject, reject};
use std::collections::BTreeSet;
use unicode_general_category::get_general_category;

const MAX_GROUPS: usize = 16;

#[derive(Debug)]
pub(super) enum Node {
    /// One character that one of the items has, or none of them.
    One {
        items: Vec<Item>,
        negated: bool,
    },
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    /// The least and the largest number of repetitions.
    Repeat(Box<Node>, usize, Option<usize>),
}

#[derive(Debug)]
pub(super) enum Item {
    Range(char, char),
    /// The first letters of a general category; negated for `\P`.
    Category(String, bool),
}

impl Item {
    fn has(&self, char: char) -> bool {
        match self {
            Item::Range(first, last) => (*first..=*last).contains(&char),
            Item::Category(name, negated) => {
                get_general_category(char).abbreviation().starts_with(name.as_str()) != *negated
            }
        }
    }
}

/// Returns true if the expression matches the whole text. Unpaired surrogates match nothing.
pub(super) fn matches(node: &Node, text: &[u16]) -> bool {
    let chars: Result<Vec<char>, _> = char::decode_utf16(text.iter().copied()).collect();
    chars.is_ok_and(|text| ends(node, &text, &BTreeSet::from([0])).contains(&text.len()))
}

/// The places in the text that a match from one of these places can end at.
fn ends(node: &Node, text: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    match node {
        Node::One { items, negated } => {
            let fits =
                |start: &usize| text.get(*start).is_some_and(|&c| items.iter().any(|i| i.has(c)) != *negated);
            starts.iter().copied().filter(fits).map(|start| start + 1).collect()
        }
        Node::Sequence(nodes) => nodes.iter().fold(starts.clone(), |places, node| ends(node, text, &places)),
        Node::Choice(nodes) => nodes.iter().flat_map(|node| ends(node, text, starts)).collect(),
        Node::Repeat(node, min, max) => {
            let mut places = starts.clone();
            for _ in 0..*min {
                let next = ends(node, text, &places);
                // Once more makes no difference, so neither does any number of times.
                if next == places {
                    break;
                }
                places = next;
            }
            let (mut all, mut times) = (places.clone(), *min);
            while max.is_none_or(|max| times < max) {
                places = ends(node, text, &places).difference(&all).copied().collect();
                if places.is_empty() {
                    break;
                }
                all.extend(&places);
                times += 1;
            }
            all
        }
    }
}

pub(super) fn read(text: &[u16]) -> Result<Node, Reject> {
    let chars: Result<Vec<char>, _> = char::decode_utf16(text.iter().copied()).collect();
    let node = chars.ok().and_then(|chars| {
        let mut reader = Reader { chars, at: 0 };
        let node = reader.choice(0)?;
        (reader.at == reader.chars.len()).then_some(node)
    });
    node.map_or_else(|| reject("regexp-syntax"), Ok)
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += 1;
        Some(char)
    }

    fn skip(&mut self, char: char) -> bool {
        let found = self.peek() == Some(char);
        self.at += usize::from(found);
        found
    }

    /// `i-regexp`, at this depth of groups.
    fn choice(&mut self, depth: usize) -> Option<Node> {
        if depth > MAX_GROUPS {
            return None;
        }
        let mut branches = vec![self.branch(depth)?];
        while self.skip('|') {
            branches.push(self.branch(depth)?);
        }
        Some(Node::Choice(branches))
    }

    fn branch(&mut self, depth: usize) -> Option<Node> {
        let mut pieces = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')')) {
            let atom = self.atom(depth)?;
            pieces.push(self.quantifier(atom)?);
        }
        Some(Node::Sequence(pieces))
    }

    fn atom(&mut self, depth: usize) -> Option<Node> {
        let is = |item| Node::One { items: vec![item], negated: false };
        match self.next()? {
            '(' => {
                let inner = self.choice(depth + 1)?;
                self.skip(')').then_some(inner)
            }
            '.' => Some(Node::One {
                items: vec![Item::Range('\n', '\n'), Item::Range('\r', '\r')],
                negated: true,
            }),
            '\\' => self.escape().map(is),
            '[' => self.class(),
            '*' | '+' | '?' | ']' | '{' | '}' => None,
            char => Some(is(Item::Range(char, char))),
        }
    }

    /// A quantifier, which no other may follow: that one would not be an atom.
    fn quantifier(&mut self, atom: Node) -> Option<Node> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let min = self.number()?;
                let max = if !self.skip(',') {
                    Some(min)
                } else if self.peek() == Some('}') {
                    None
                } else {
                    Some(self.number()?)
                };
                if self.peek() != Some('}') || max.is_some_and(|max| max < min) {
                    return None;
                }
                (min, max)
            }
            _ => return Some(atom),
        };
        self.at += 1;
        Some(Node::Repeat(Box::new(atom), min, max))
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|char| char.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.chars[start..self.at].iter().collect();
        // No larger number makes a difference.
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX))
    }

    /// Behind a backslash.
    fn escape(&mut self) -> Option<Item> {
        let char = match self.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            negated @ ('p' | 'P') => {
                let name: String = self.chars[self.at..].iter().skip(1).take_while(|c| **c != '}').collect();
                let is_braced = self.skip('{');
                self.at += name.chars().count();
                let is_known = [
                    "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P",
                    "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Z", "Zl", "Zp", "Zs", "S", "Sc", "Sk", "Sm",
                    "So", "C", "Cc", "Cf", "Cn", "Co",
                ]
                .contains(&name.as_str());
                return (is_braced && is_known && self.skip('}'))
                    .then_some(Item::Category(name, negated == 'P'));
            }
            char if "()*+-.?[\\]^{|}".contains(char) => char,
            _ => return None,
        };
        Some(Item::Range(char, char))
    }

    /// Behind an opening bracket.
    fn class(&mut self) -> Option<Node> {
        let negated = self.skip('^');
        let mut items = Vec::new();
        if self.skip('-') {
            items.push(Item::Range('-', '-'));
        }
        loop {
            match self.peek()? {
                ']' if !items.is_empty() => break,
                '-' if !items.is_empty() => {
                    self.at += 1;
                    items.push(Item::Range('-', '-'));
                    break;
                }
                _ => {
                    let first = self.class_item()?;
                    let goes_on = self.peek() == Some('-') && self.chars.get(self.at + 1) != Some(&']');
                    match first {
                        Item::Range(first, _) if goes_on => {
                            self.at += 1;
                            let Item::Range(last, _) = self.class_item()? else { return None };
                            if last < first {
                                return None;
                            }
                            items.push(Item::Range(first, last));
                        }
                        item => items.push(item),
                    }
                }
            }
        }
        self.skip(']').then_some(Node::One { items, negated })
    }

    fn class_item(&mut self) -> Option<Item> {
        match self.next()? {
            '\\' => self.escape(),
            '-' | '[' | ']' => None,
            char => Some(Item::Range(char, char)),
        }
    }
}
