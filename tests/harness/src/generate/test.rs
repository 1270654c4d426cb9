//! One alternative of a field, with likely hits and likely near misses. No test relies on them;
//! they only make matches and near misses frequent.

use super::dice::Dice;
use super::node::{Name, Node, Units, spell};
use super::value::{
    Address, NUMBERS, near, not_comparable, not_empty, number, other_case, scalar, spelling, string, utf16,
};

#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) node: Node,
    /// Empty if the alternative tests for absence.
    pub(super) hits: Vec<String>,
    pub(super) misses: Vec<String>,
}

pub(super) fn test(dice: &mut Dice) -> Test {
    match dice.below(41) {
        0..5 => literal_string(dice),
        5..7 => literal_number(dice),
        7 => literal(dice),
        8..10 => literal_address(dice),
        10 => exactly(dice),
        11..13 => affix(dice, "prefix", false),
        13..15 => affix(dice, "suffix", false),
        15 => affix(dice, "prefix", true),
        16 => affix(dice, "suffix", true),
        17..19 => equals_ignore_case(dice),
        19..22 => wildcard(dice),
        22..25 => numeric(dice),
        25..27 => cidr(dice),
        27 => exists(dice),
        28..31 => absent(dice),
        31..33 => anything_but_strings(dice),
        33..35 => anything_but_numbers(dice),
        35..37 => regexp(dice),
        _ => anything_but_operator(dice),
    }
}

pub(super) fn string_node(dice: &mut Dice, units: &[u16]) -> Node {
    Node::Scalar(spell(dice, units))
}

pub(super) fn operator(dice: &mut Dice, name: &str, argument: Node) -> Node {
    Node::Object(vec![(Name::new(dice, utf16(name)), argument)])
}

/// Returns a test of strings. The units are spelled, and every other kind of value is a miss.
fn strings(dice: &mut Dice, node: Node, hits: &[Units], misses: &[Units]) -> Test {
    let hits = hits.iter().map(|units| spell(dice, units)).collect();
    let mut misses: Vec<String> = misses.iter().map(|units| spell(dice, units)).collect();
    misses.push(scalar(dice));
    Test { node, hits, misses }
}

fn literal_string(dice: &mut Dice) -> Test {
    let text = string(dice);
    let node = string_node(dice, &text);
    let miss = near(dice, &text);
    strings(dice, node, &[text], &[miss])
}

fn literal_number(dice: &mut Dice) -> Test {
    if dice.percent(15) {
        let (text, other) = (not_comparable(dice), not_comparable(dice));
        let near = spelling(dice, NUMBERS.len() - 5);
        return Test { node: Node::Scalar(text.clone()), hits: vec![text], misses: vec![other, near] };
    }
    let at = number(dice);
    Test { node: Node::Scalar(spelling(dice, at)), hits: vec![spelling(dice, at)], misses: beside(dice, at) }
}

fn beside(dice: &mut Dice, at: usize) -> Vec<String> {
    vec![
        spelling(dice, at.saturating_sub(1)),
        spelling(dice, (at + 1).min(NUMBERS.len() - 1)),
        not_comparable(dice),
        format!("\"{}\"", NUMBERS[at][0]),
    ]
}

fn literal(dice: &mut Dice) -> Test {
    let literals = ["true", "false", "null"];
    let at = dice.below(3);
    let other = literals[(at + 1) % 3];
    Test {
        node: Node::Scalar(literals[at].into()),
        hits: vec![literals[at].into()],
        misses: vec![other.into(), format!("\"{}\"", literals[at])],
    }
}

fn literal_address(dice: &mut Dice) -> Test {
    let address = Address::any(dice);
    let bit = dice.below(address.width());
    let (hit, miss) = (address.spell(dice), address.leave_at(dice, bit).spell(dice));
    Test { node: Node::Scalar(address.spell(dice)), hits: vec![hit], misses: vec![miss] }
}

fn exactly(dice: &mut Dice) -> Test {
    let address = Address::any(dice).text(dice);
    let text = if dice.percent(30) { utf16(&address) } else { string(dice) };
    let argument = string_node(dice, &text);
    let node = operator(dice, "exactly", argument);
    let misses = [near(dice, &text), other_case(dice, &text)];
    strings(dice, node, &[text], &misses)
}

/// Returns a value with the operand at the end that the operator tests, and one with the operand at
/// the other end.
fn attach(dice: &mut Dice, name: &str, part: &[u16]) -> (Units, Units) {
    let more = string(dice);
    let (first, last) = ([part, &more].concat(), [&more, part].concat());
    if name == "prefix" { (first, last) } else { (last, first) }
}

fn affix(dice: &mut Dice, name: &str, ignore_case: bool) -> Test {
    let text = string(dice);
    let part = if dice.percent(50) { text } else { text[..dice.below(text.len() + 1)].to_vec() };
    let (hit, miss) = attach(dice, name, &part);
    let mut argument = string_node(dice, &part);
    if ignore_case {
        argument = operator(dice, "equals-ignore-case", argument);
    }
    let node = operator(dice, name, argument);
    let misses = [near(dice, &part), miss, other_case(dice, &part)];
    if ignore_case {
        let hits = [other_case(dice, &part), other_case(dice, &hit)];
        strings(dice, node, &hits, &misses)
    } else {
        strings(dice, node, &[part, hit], &misses)
    }
}

fn equals_ignore_case(dice: &mut Dice) -> Test {
    let text = string(dice);
    let argument = string_node(dice, &text);
    let node = operator(dice, "equals-ignore-case", argument);
    let hits = [other_case(dice, &text), text.clone()];
    let misses = [near(dice, &text)];
    strings(dice, node, &hits, &misses)
}

/// Returns the argument of a wildcard, and a string that should match it.
fn stars(dice: &mut Dice) -> (Units, Units) {
    let (star, backslash) = (u16::from(b'*'), u16::from(b'\\'));
    let (mut pattern, mut hit) = (Units::new(), Units::new());
    let text = string(dice);
    let text = &text[..text.len().min(dice.between(1, 12))];
    let mut after_star = false;
    for place in 0..=text.len() {
        if !after_star && dice.percent(35) {
            pattern.push(star);
            hit.extend(if dice.percent(50) { string(dice) } else { Units::new() });
            after_star = true;
        }
        let Some(&unit) = text.get(place) else { break };
        // Sometimes the star covers the character.
        if after_star && dice.percent(30) {
            hit.push(unit);
            continue;
        }
        if unit == star || unit == backslash {
            pattern.push(backslash);
        }
        pattern.push(unit);
        hit.push(unit);
        after_star = false;
    }
    (pattern, hit)
}

fn wildcard(dice: &mut Dice) -> Test {
    let (pattern, hit) = stars(dice);
    let argument = string_node(dice, &pattern);
    let node = operator(dice, "wildcard", argument);
    let misses = [near(dice, &hit), other_case(dice, &hit), string(dice)];
    strings(dice, node, &[hit], &misses)
}

/// Each character of a text as itself or as an expression that matches it and others, sometimes repeated.
fn regexp(dice: &mut Dice) -> Test {
    let (mut pattern, mut hit) = (String::new(), String::new());
    let text = String::from_utf16_lossy(&string(dice));
    for char in text.chars().take(dice.between(1, 8)) {
        let special = "()*+-.?[\\]^{|}".contains(char);
        let itself = if special { format!("\\{char}") } else { char.to_string() };
        let atom = match dice.below(12) {
            0 => ".".to_owned(),
            1 => format!("[{itself}a-c]"),
            2 => format!("[^{}]", dice.pick(&["x", "b", "\\-A-Z"])),
            3 => format!("\\{}{{{}}}", dice.pick(&["p", "P"]), dice.pick(&["Lu", "N", "Zs", "Cc"])),
            4 => format!("({itself}|{})", dice.pick(&["ab", "", "a*"])),
            _ => itself,
        };
        let (quantifier, times) = match dice.below(14) {
            0 => ("*", dice.below(4)),
            1 => ("+", dice.between(1, 3)),
            2 => ("?", dice.below(2)),
            3 => ("{2}", 2),
            4 => ("{1,3}", dice.between(1, 3)),
            5 => ("{0,}", dice.below(3)),
            _ => ("", 1),
        };
        pattern.extend([&*atom, quantifier]);
        hit.extend(std::iter::repeat_n(char, times));
    }
    if dice.percent(15) {
        pattern.push_str("|b*");
    }
    let (pattern, hit) = (utf16(&pattern), utf16(&hit));
    let argument = string_node(dice, &pattern);
    let node = operator(dice, "regexp", argument);
    let misses = [near(dice, &hit), other_case(dice, &hit), string(dice)];
    strings(dice, node, &[hit], &misses)
}

fn numeric(dice: &mut Dice) -> Test {
    let last = NUMBERS.len() - 1;
    let at = number(dice);
    let (below, above) = (dice.below(at + 1), dice.between(at, last));
    let quoted = |name: &str| Node::Scalar(format!("\"{name}\""));
    let bound = Node::Scalar(spelling(dice, at));
    let name = dice.pick(&["=", "<", "<=", ">", ">="]);
    let mut terms = vec![quoted(name), bound];
    let (mut hits, mut misses) = match name {
        "=" => (vec![at], vec![below, above]),
        "<" | "<=" => (vec![below], vec![above]),
        _ => (vec![above], vec![below]),
    };
    if name.ends_with('=') {
        hits.push(at);
    } else {
        misses.push(at);
    }
    if name.starts_with('>') && at < last && dice.percent(60) {
        let top = dice.between(at + 1, last);
        let second = dice.pick(&["<", "<="]);
        terms.extend([quoted(second), Node::Scalar(spelling(dice, top))]);
        hits = vec![
            dice.between(at, top),
            (at + top) / 2,
            if second == "<=" { top } else { (at + 1).min(top - 1) },
        ];
        misses = vec![below, top, (top + 1).min(last)];
    }
    let node = operator(dice, "numeric", Node::Array(terms));
    let mut misses: Vec<String> = misses.into_iter().map(|number| spelling(dice, number)).collect();
    misses.extend([not_comparable(dice), format!("\"{}\"", NUMBERS[at][0])]);
    Test { node, hits: hits.into_iter().map(|number| spelling(dice, number)).collect(), misses }
}

fn cidr(dice: &mut Dice) -> Test {
    let base = Address::any(dice);
    let bits = dice.below(base.width());
    let argument = format!("{}/{bits}", base.text(dice));
    let argument = string_node(dice, &utf16(&argument));
    let node = operator(dice, "cidr", argument);
    let inside = dice.between(bits, base.width());
    let hits = vec![base.leave_at(dice, inside).spell(dice), base.spell(dice)];
    let outside = dice.below(bits.max(1));
    // The last value is no valid address.
    let misses = vec![
        base.leave_at(dice, outside).spell(dice),
        Address::any(dice).spell(dice),
        scalar(dice),
        "\"::ffff:10.0.0.1\"".into(),
    ];
    Test { node, hits, misses }
}

fn exists(dice: &mut Dice) -> Test {
    let node = operator(dice, "exists", Node::Scalar("true".into()));
    Test { node, hits: vec![scalar(dice)], misses: Vec::new() }
}

pub(super) fn absent(dice: &mut Dice) -> Test {
    let node = operator(dice, "exists", Node::Scalar("false".into()));
    Test { node, hits: Vec::new(), misses: vec![scalar(dice)] }
}

/// Returns one operand, bare or as a list, or several as a list.
pub(super) fn operands(dice: &mut Dice, mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1 && dice.percent(60) { nodes.remove(0) } else { Node::Array(nodes) }
}

fn anything_but_strings(dice: &mut Dice) -> Test {
    let texts: Vec<Units> = (0..dice.between(1, 3)).map(|_| string(dice)).collect();
    let nodes = texts.iter().map(|text| string_node(dice, text)).collect();
    let argument = operands(dice, nodes);
    let node = operator(dice, "anything-but", argument);
    let misses = texts.iter().map(|text| spell(dice, text)).collect();
    let other = near(dice, &texts[0]);
    Test { node, hits: vec![spell(dice, &other), scalar(dice)], misses }
}

fn anything_but_numbers(dice: &mut Dice) -> Test {
    let numbers: Vec<usize> = (0..dice.between(1, 3)).map(|_| number(dice)).collect();
    let nodes = numbers.iter().map(|&number| Node::Scalar(spelling(dice, number))).collect();
    let argument = operands(dice, nodes);
    let node = operator(dice, "anything-but", argument);
    let mut hits = beside(dice, numbers[0]);
    hits.push(scalar(dice));
    Test { node, hits, misses: numbers.iter().map(|&number| spelling(dice, number)).collect() }
}

fn anything_but_operator(dice: &mut Dice) -> Test {
    let name = dice.pick(&["prefix", "suffix", "equals-ignore-case", "wildcard"]);
    let (mut nodes, mut misses) = (Vec::new(), Vec::new());
    for _ in 0..dice.between(1, 2) {
        let (text, miss) = match name {
            "wildcard" => stars(dice),
            "equals-ignore-case" => {
                let text = string(dice);
                (text.clone(), other_case(dice, &text))
            }
            _ => {
                let text = not_empty(dice);
                let (miss, _) = attach(dice, name, &text);
                (text, miss)
            }
        };
        nodes.push(string_node(dice, &text));
        misses.push(spell(dice, &miss));
    }
    let argument = operands(dice, nodes);
    let argument = operator(dice, name, argument);
    let node = operator(dice, "anything-but", argument);
    let other = string(dice);
    Test { node, hits: vec![spell(dice, &other), scalar(dice)], misses }
}
