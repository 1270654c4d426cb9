//! A tree of JSON before printing. Scalars and names have their final spelling.

use super::dice::Dice;
use std::iter;

/// UTF-16 code units, because names and strings may hold unpaired surrogates.
pub(super) type Units = Vec<u16>;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Scalar(String),
    Array(Vec<Node>),
    Object(Vec<(Name, Node)>),
}

#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) units: Units,
    raw: String,
}

impl Name {
    pub(super) fn new(dice: &mut Dice, units: Units) -> Name {
        let raw = spell(dice, &units);
        Name { units, raw }
    }
}

/// The layout of a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Space {
    None,
    Some,
    Everywhere,
}

impl Node {
    pub(super) fn print(&self, space: Space) -> String {
        let mut text = String::new();
        self.print_into(space, &mut text);
        match space {
            Space::Everywhere => format!("\r\n {text}\t\n"),
            Space::None | Space::Some => text,
        }
    }

    fn print_into(&self, space: Space, text: &mut String) {
        let (before, after) = match space {
            Space::None => ("", ""),
            Space::Some => ("", " "),
            Space::Everywhere => ("\n\t", "\r "),
        };
        let separate = |text: &mut String, token: &str| {
            text.push_str(before);
            text.push_str(token);
            text.push_str(after);
        };
        match self {
            Node::Scalar(raw) => text.push_str(raw),
            Node::Array(elements) => {
                text.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        separate(text, ",");
                    }
                    element.print_into(space, text);
                }
                text.push(']');
            }
            Node::Object(members) => {
                text.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        separate(text, ",");
                    }
                    text.push_str(&name.raw);
                    separate(text, ":");
                    value.print_into(space, text);
                }
                text.push('}');
            }
        }
    }

    /// Returns the number of nodes in the tree.
    pub(super) fn size(&self) -> usize {
        1 + match self {
            Node::Scalar(_) => 0,
            Node::Array(elements) => elements.iter().map(Node::size).sum(),
            Node::Object(members) => members.iter().map(|(_, value)| value.size()).sum(),
        }
    }

    /// Returns the node with `before` nodes before it in the text.
    pub(super) fn find(&mut self, before: &mut usize) -> Option<&mut Node> {
        if *before == 0 {
            return Some(self);
        }
        *before -= 1;
        match self {
            Node::Scalar(_) => None,
            Node::Array(elements) => elements.iter_mut().find_map(|element| element.find(before)),
            Node::Object(members) => members.iter_mut().find_map(|(_, value)| value.find(before)),
        }
    }

    pub(super) fn any(&mut self, dice: &mut Dice) -> &mut Node {
        let mut before = dice.below(self.size());
        self.find(&mut before).expect("fewer nodes before it than there are")
    }

    /// Returns every tree after one step of simplification. Large steps come first.
    pub(super) fn simpler(&self) -> Vec<Node> {
        match self {
            Node::Scalar(raw) => simpler_scalars(raw).into_iter().map(Node::Scalar).collect(),
            Node::Array(elements) => {
                let fewer = (0..elements.len()).map(|index| Node::Array(without(elements, index)));
                let steps = elements.iter().enumerate().flat_map(|(index, element)| {
                    element
                        .simpler()
                        .into_iter()
                        .map(move |element| Node::Array(with(elements, index, element)))
                });
                elements.iter().cloned().chain(fewer).chain(steps).collect()
            }
            Node::Object(members) => {
                let inner = members.iter().map(|(_, value)| value.clone());
                let fewer = (0..members.len()).map(|index| Node::Object(without(members, index)));
                let names = members.iter().enumerate().flat_map(|(index, (name, value))| {
                    name.simpler()
                        .into_iter()
                        .map(move |name| Node::Object(with(members, index, (name, value.clone()))))
                });
                let steps = members.iter().enumerate().flat_map(|(index, (name, value))| {
                    value
                        .simpler()
                        .into_iter()
                        .map(move |value| Node::Object(with(members, index, (name.clone(), value))))
                });
                inner.chain(fewer).chain(steps).chain(names).collect()
            }
        }
    }
}

impl Name {
    /// Returns the name without needless escapes, and simpler names.
    fn simpler(&self) -> Vec<Name> {
        let plain = spell_plainly(&self.units);
        let shorter = self.units.len() > 1;
        let first =
            shorter.then(|| Name { units: self.units[..1].to_vec(), raw: spell_plainly(&self.units[..1]) });
        let respelled = (plain != self.raw).then(|| Name { units: self.units.clone(), raw: plain });
        first.into_iter().chain(respelled).collect()
    }
}

fn without<T: Clone>(values: &[T], index: usize) -> Vec<T> {
    [&values[..index], &values[index + 1..]].concat()
}

fn with<T: Clone>(values: &[T], index: usize, value: T) -> Vec<T> {
    values[..index]
        .iter()
        .cloned()
        .chain(iter::once(value))
        .chain(values[index + 1..].iter().cloned())
        .collect()
}

/// Returns shorter spellings. A string loses one character or escape, or half of them.
fn simpler_scalars(raw: &str) -> Vec<String> {
    let Some(inside) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
        return ["0", "1"].into_iter().filter(|simple| simple.len() < raw.len()).map(str::to_owned).collect();
    };
    let mut pieces: Vec<&str> = Vec::new();
    let mut rest = inside;
    while let Some(first) = rest.chars().next() {
        let length = match (first, rest.as_bytes().get(1)) {
            ('\\', Some(b'u')) => 6,
            ('\\', _) => 2,
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    let plain: String = pieces.iter().map(|piece| plain_piece(piece)).collect();
    let plain = (plain != inside).then_some(plain);
    let half = pieces.len() / 2;
    let halves = if half > 1 { vec![pieces[..half].concat(), pieces[half..].concat()] } else { Vec::new() };
    let shorter = (0..pieces.len()).map(|index| without(&pieces, index).concat());
    plain.into_iter().chain(halves).chain(shorter).map(|inside| format!("\"{inside}\"")).collect()
}

/// Returns a character without its needless escape.
fn plain_piece(piece: &str) -> String {
    let char = piece
        .strip_prefix("\\u")
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .and_then(char::from_u32)
        .filter(|char| *char >= ' ' && !['"', '\\'].contains(char));
    char.map_or_else(|| piece.to_owned(), String::from)
}

fn spell_plainly(units: &[u16]) -> String {
    spell_by(units, |_| false)
}

/// Returns a JSON string. Some strings have needless escapes.
pub(super) fn spell(dice: &mut Dice, units: &[u16]) -> String {
    let chance = match dice.below(20) {
        0 => 100,
        1 => 30,
        _ => 0,
    };
    spell_by(units, |_| dice.percent(chance))
}

fn spell_by(units: &[u16], mut escaped: impl FnMut(char) -> bool) -> String {
    let mut raw = String::from('"');
    for char in char::decode_utf16(units.iter().copied()) {
        match char {
            Err(unpaired) => raw.push_str(&format!("\\u{:04x}", unpaired.unpaired_surrogate())),
            Ok(char) => {
                let short = match char {
                    '"' | '\\' => Some(char),
                    '/' if escaped(char) => Some('/'),
                    '\n' => Some('n'),
                    '\r' => Some('r'),
                    '\t' => Some('t'),
                    '\u{8}' => Some('b'),
                    '\u{c}' => Some('f'),
                    _ => None,
                };
                if char < ' ' && short.is_none() || escaped(char) {
                    for unit in char.encode_utf16(&mut [0; 2]) {
                        raw.push_str(&if *unit % 2 == 0 {
                            format!("\\u{unit:04x}")
                        } else {
                            format!("\\u{unit:04X}")
                        });
                    }
                } else if let Some(short) = short {
                    raw.extend(['\\', short]);
                } else {
                    raw.push(char);
                }
            }
        }
    }
    raw.push('"');
    raw
}
