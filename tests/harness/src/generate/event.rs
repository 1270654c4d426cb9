//! Events made from rules. Most events match some rules, or almost do.

use super::dice::Dice;
use super::node::{Name, Node, spell};
use super::rule::{Member, Object, name};
use super::value::{scalar, string, utf16};

type Members = Vec<(Name, Node)>;

const DOT: u16 = b'.' as u16;

/// Returns an event for several of the rules at once.
pub(super) fn event(dice: &mut Dice, rules: &[Object]) -> Node {
    let mut members = Members::new();
    let accuracy = dice.pick(&[100, 95, 90, 60]);
    // An event made from every rule of a large set would match nearly all of them.
    let planted = (20 + 200 / rules.len() as u64).min(70);
    for rule in rules {
        if dice.percent(planted) {
            let planted = plant(dice, rule, accuracy);
            merge(dice, &mut members, planted);
        }
    }
    if dice.percent(25) {
        members.insert(dice.below(members.len() + 1), filler(dice));
    }
    let mut event = Node::Object(members);
    for _ in 0..dice.pick(&[0, 0, 1, 1, 2, 4]) {
        let before = event.clone();
        let at = event.any(dice);
        perturb(dice, at);
        if !matches!(event, Node::Object(_)) {
            event = before;
        }
    }
    event
}

/// Returns members that satisfy the rule, each with a chance of `accuracy` in a hundred.
fn plant(dice: &mut Dice, rule: &Object, accuracy: u64) -> Members {
    let mut members = Members::new();
    for member in rule {
        let planted = match member {
            Member::Or(_, alternatives) => {
                let at = dice.below(alternatives.len());
                let mut planted = plant(dice, &alternatives[at], accuracy);
                // Several matching alternatives must not change the result.
                if dice.percent(30) {
                    let more = plant(dice, &alternatives[(at + 1) % alternatives.len()], accuracy);
                    merge(dice, &mut planted, more);
                }
                planted
            }
            Member::List(name, tests) => {
                let test = dice.pick(tests);
                let hit = dice.percent(accuracy);
                let from = if hit { &test.hits } else { &test.misses };
                if from.is_empty() {
                    continue;
                }
                let value = Node::Scalar(dice.pick(from));
                vec![(name.clone(), dressed(dice, value))]
            }
            Member::Nested(name, inner) => {
                let inner = plant(dice, inner, accuracy);
                let value = if dice.percent(20) { in_array(dice, inner) } else { Node::Object(inner) };
                vec![(name.clone(), value)]
            }
        };
        for (name, value) in planted {
            let member = respell(dice, name, value);
            merge(dice, &mut members, vec![member]);
        }
    }
    members
}

/// Returns the value alone, or in an equivalent place.
fn dressed(dice: &mut Dice, value: Node) -> Node {
    match dice.below(20) {
        0 => Node::Array(vec![value]),
        1 => Node::Array(vec![Node::Scalar(scalar(dice)), value]),
        2 => Node::Array(vec![value, Node::Scalar(scalar(dice)), Node::Array(Vec::new())]),
        3 => Node::Array(vec![Node::Array(vec![Node::Array(vec![value])]), Node::Object(Vec::new())]),
        _ => value,
    }
}

/// Returns an object as one element among others.
fn in_array(dice: &mut Dice, members: Members) -> Node {
    let mut elements = vec![Node::Object(members.clone())];
    match dice.below(5) {
        0 => elements = split(dice, members),
        1 => {
            let mut other = Node::Object(members);
            let at = other.any(dice);
            perturb(dice, at);
            elements.push(other);
        }
        2 => elements.push(Node::Scalar(scalar(dice))),
        3 => elements = vec![Node::Array(elements), Node::Array(Vec::new())],
        _ => {}
    }
    dice.shuffle(&mut elements);
    Node::Array(elements)
}

/// Divides the members of an object between two elements of an array.
fn split(dice: &mut Dice, members: Members) -> Vec<Node> {
    let mut halves = [Members::new(), Members::new()];
    for member in members {
        halves[dice.below(2)].push(member);
    }
    halves.into_iter().map(Node::Object).collect()
}

/// Returns the same path, divided into names differently.
fn respell(dice: &mut Dice, name: Name, value: Node) -> (Name, Node) {
    if let Some(dot) = name.units.iter().position(|&unit| unit == DOT)
        && dice.percent(50)
    {
        let (outer, inner) = (name.units[..dot].to_vec(), name.units[dot + 1..].to_vec());
        let inner = (Name::new(dice, inner), value);
        return (Name::new(dice, outer), Node::Object(vec![inner]));
    }
    match value {
        Node::Object(mut members) if members.len() == 1 && dice.percent(10) => {
            let (inner, value) = members.remove(0);
            let joined = [&name.units[..], &[DOT], &inner.units].concat();
            (Name::new(dice, joined), value)
        }
        value if dice.percent(5) => (Name::new(dice, name.units), value),
        value => (name, value),
    }
}

/// Adds members. The rules satisfied by both lists mostly stay satisfied.
fn merge(dice: &mut Dice, members: &mut Members, more: Members) {
    for (name, value) in more {
        let same = members.iter_mut().find(|(other, _)| other.units == name.units);
        match same {
            Some((_, other)) if dice.percent(93) => {
                *other = match (std::mem::replace(other, Node::Array(Vec::new())), value) {
                    (Node::Object(mut inner), Node::Object(more)) if dice.percent(90) => {
                        merge(dice, &mut inner, more);
                        Node::Object(inner)
                    }
                    (Node::Array(mut elements), Node::Array(more)) => {
                        elements.extend(more);
                        Node::Array(elements)
                    }
                    (Node::Array(mut elements), value) | (value, Node::Array(mut elements)) => {
                        elements.insert(dice.below(elements.len() + 1), value);
                        Node::Array(elements)
                    }
                    (one, other) => Node::Array(vec![one, other]),
                };
            }
            // A repeated name is a member of its own.
            _ => members.insert(dice.below(members.len() + 1), (name, value)),
        }
    }
}

/// Returns a member on a path of no rule, whose text is hard to skip.
fn filler(dice: &mut Dice) -> (Name, Node) {
    let hard = [r#"{"a":["b"]}"#, r#"\"#, r#"\\" "#, r#"":[{"#, "],", "\t", "é😀", "]}", "0123456789"];
    let mut text = String::new();
    for _ in 0..dice.between(1, 30) {
        text.push_str(dice.pick(&hard));
    }
    let mut value = Node::Scalar(spell(dice, &utf16(&text)));
    for _ in 0..dice.below(4) {
        value = match dice.below(3) {
            0 => Node::Array(vec![value, Node::Scalar(scalar(dice))]),
            1 => Node::Object(vec![(Name::new(dice, utf16("a")), value)]),
            _ => Node::Array(vec![Node::Object(Vec::new()), value]),
        };
    }
    let units = utf16(dice.pick(&["z", "aa", "detail", "a\"b", "ab"]));
    (Name::new(dice, units), value)
}

fn perturb(dice: &mut Dice, node: &mut Node) {
    let way = dice.below(10);
    let taken = std::mem::replace(node, Node::Array(Vec::new()));
    *node = match (taken, way) {
        (_, 0) => Node::Scalar(scalar(dice)),
        (_, 1) => {
            dice.pick(&[Node::Array(Vec::new()), Node::Object(Vec::new()), Node::Scalar("null".into())])
        }
        (value, 2) => Node::Array(vec![value]),
        (value, 3) => Node::Object(vec![(any_name(dice), value)]),
        (Node::Object(members), 4) => Node::Array(split(dice, members)),
        (Node::Object(members), 5) => in_array(dice, members),
        (Node::Object(mut members), way) => {
            if way < 8 && !members.is_empty() {
                let at = dice.below(members.len());
                let (name, value) = members.remove(at);
                match way {
                    // Removed, repeated with another value, or respelled.
                    6 => {}
                    7 if dice.percent(50) => {
                        members.insert(at, (name.clone(), value));
                        members.push((name, Node::Scalar(scalar(dice))));
                    }
                    _ => members.insert(at, respell(dice, name, value)),
                }
            } else {
                members.push((any_name(dice), Node::Scalar(scalar(dice))));
                dice.shuffle(&mut members);
            }
            Node::Object(members)
        }
        (Node::Array(mut elements), way) => {
            if elements.is_empty() || way < 6 {
                elements.push(Node::Scalar(scalar(dice)));
            } else if way < 8 {
                elements.remove(dice.below(elements.len()));
            } else {
                let mut copy = dice.pick(&elements);
                perturb(dice, &mut copy);
                elements.push(copy);
            }
            dice.shuffle(&mut elements);
            Node::Array(elements)
        }
        (Node::Scalar(_), 4) => {
            let text = string(dice);
            Node::Scalar(spell(dice, &text))
        }
        (scalar_value, 5) => Node::Array(vec![scalar_value, Node::Scalar(scalar(dice))]),
        (_, _) => Node::Scalar(scalar(dice)),
    };
}

fn any_name(dice: &mut Dice) -> Name {
    let units = name(dice);
    Name::new(dice, units)
}
