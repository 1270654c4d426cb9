//! Rules made from an event, which match the event or nearly do.

use galop_harness::generate::Dice;

use crate::address;
use crate::change::{joined, near};
use crate::tree::{Tree, unquoted};

type Members = Vec<(String, Tree)>;

/// A value of an event: the names of its path, and its spelling.
struct Leaf<'a> {
    names: Vec<&'a str>,
    raw: &'a str,
}

/// Returns a rule about some of the values of an event. Some rules are invalid.
pub(crate) fn rule(dice: &mut Dice, event: &Tree, pool: &[String]) -> Tree {
    let mut leaves = Vec::new();
    collect(event, &mut Vec::new(), &mut leaves);
    let mut members = Members::new();
    let fields = dice.pick(&[1, 1, 1, 2, 2, 2, 3, 4, 6]);
    conjunction(dice, &leaves, pool, fields, &mut members);
    for _ in 0..dice.pick(&[0, 0, 0, 0, 1, 1, 2]) {
        let alternatives = (0..dice.pick(&[2, 2, 3])).map(|_| {
            let mut members = Members::new();
            let fields = dice.pick(&[1, 1, 2]);
            conjunction(dice, &leaves, pool, fields, &mut members);
            Tree::Object(members)
        });
        let choice = ("\"$or\"".to_owned(), Tree::Array(alternatives.collect()));
        members.insert(dice.below(members.len() + 1), choice);
    }
    Tree::Object(members)
}

fn collect<'a>(tree: &'a Tree, names: &mut Vec<&'a str>, leaves: &mut Vec<Leaf<'a>>) {
    match tree {
        Tree::Scalar(raw) => leaves.push(Leaf { names: names.clone(), raw }),
        Tree::Array(elements) => elements.iter().for_each(|element| collect(element, names, leaves)),
        Tree::Object(members) => {
            for (name, value) in members {
                names.push(name);
                collect(value, names, leaves);
                names.pop();
            }
        }
    }
}

fn conjunction(dice: &mut Dice, leaves: &[Leaf], pool: &[String], fields: usize, members: &mut Members) {
    for _ in 0..fields {
        if leaves.is_empty() || dice.percent(4) {
            let name = dice.pick(&["\"no-such\"", "\"a\"", "\"detail.no-such\""]);
            let value = Tree::Array(vec![Tree::member("exists", Tree::Scalar("false".into()))]);
            members.push((name.to_owned(), value));
            continue;
        }
        let leaf = &leaves[dice.below(leaves.len())];
        let list = Tree::Array(tests(dice, leaf.raw, pool));
        let mut names: Vec<String> = leaf.names.iter().map(|&name| name.to_owned()).collect();
        while names.len() > 1 && dice.percent(25) {
            let at = dice.below(names.len() - 1);
            let both = joined(&names[at..at + 2]);
            names.splice(at..at + 2, [both]);
        }
        insert(members, &names, list);
    }
}

/// Inserts a list at the end of a path, into existing objects. An existing path is repeated.
fn insert(members: &mut Members, names: &[String], list: Tree) {
    let Some((name, rest)) = names.split_first() else { return };
    if rest.is_empty() {
        members.push((name.clone(), list));
        return;
    }
    let found = members.iter().position(|(other, value)| other == name && matches!(value, Tree::Object(_)));
    let at = found.unwrap_or_else(|| {
        members.push((name.clone(), Tree::Object(Vec::new())));
        members.len() - 1
    });
    let Tree::Object(inner) = &mut members[at].1 else { return };
    insert(inner, rest, list);
}

/// Returns the alternatives of a field. Most are about the value.
fn tests(dice: &mut Dice, raw: &str, pool: &[String]) -> Vec<Tree> {
    let mut tests = Vec::new();
    let text = unquoted(raw);
    if let Some(address) = text.as_deref().and_then(address::address)
        && dice.percent(80)
    {
        tests = addresses(dice, text.as_deref().unwrap_or_default(), address);
    }
    let more = if tests.is_empty() { dice.pick(&[1, 1, 1, 2, 3]) } else { dice.pick(&[0, 0, 0, 1]) };
    for _ in 0..more {
        let about = if !pool.is_empty() && dice.percent(20) { dice.pick(pool) } else { raw.to_owned() };
        let about = if dice.percent(10) { near(dice, &about) } else { about };
        tests.push(test(dice, &about));
    }
    dice.shuffle(&mut tests);
    tests
}

/// Returns alternatives that match an address and exclude its texts.
fn addresses(dice: &mut Dice, text: &str, address: std::net::IpAddr) -> Vec<Tree> {
    let same = Tree::string(text);
    let other = Tree::string(&address::spelled(dice, address));
    let any = Tree::string(&address::any(dice));
    let without = |trees: Vec<Tree>| Tree::member("anything-but", Tree::Array(trees));
    match dice.below(12) {
        0 => vec![same],
        1 => vec![other],
        2 => vec![other, Tree::string(&address::spelled(dice, address)), any],
        3 => vec![same.clone(), without(vec![same])],
        4 => vec![other, without(vec![same])],
        5 => vec![same, without(vec![other])],
        6 => vec![other.clone(), without(vec![same, other, any])],
        7 => vec![Tree::member("exactly", same), without(vec![other])],
        8 => vec![Tree::member("cidr", Tree::string(&address::block(dice, address))), without(vec![same])],
        9 => vec![Tree::member("cidr", Tree::string(&address::block(dice, address)))],
        10 => {
            let text: String = text.chars().take(dice.between(1, 4)).collect();
            let prefix = Tree::member("prefix", Tree::string(&text));
            vec![other, Tree::member("anything-but", prefix)]
        }
        _ => vec![without(vec![other, any])],
    }
}

/// Returns one alternative that the value satisfies or nearly satisfies.
fn test(dice: &mut Dice, raw: &str) -> Tree {
    if dice.percent(4) {
        return Tree::member("exists", Tree::Scalar(dice.pick(&["true", "true", "false"]).to_owned()));
    }
    if let Some(text) = unquoted(raw) {
        return of_string(dice, raw, &text);
    }
    let same = Tree::Scalar(raw.to_owned());
    let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if !is_number || dice.percent(30) {
        return same;
    }
    let operator = |name: &str| Tree::string(name);
    match dice.below(6) {
        0 => Tree::member("anything-but", same),
        1 => Tree::member(
            "anything-but",
            Tree::Array(vec![same, Tree::Scalar(dice.pick(&["0", "1", "1e3"]).into())]),
        ),
        2 | 3 => {
            let name = dice.pick(&["=", "<", "<=", ">", ">="]);
            Tree::member("numeric", Tree::Array(vec![operator(name), same]))
        }
        _ => {
            let (low, high) = (dice.pick(&[">", ">="]), dice.pick(&["<", "<="]));
            let bound = Tree::Scalar(dice.pick(&["-5", "0", "0.5", "1", "3e2", "443", "1e6", "5e9"]).into());
            let terms = if dice.percent(50) {
                vec![operator(low), same, operator(high), bound]
            } else {
                vec![operator(low), bound, operator(high), same]
            };
            Tree::member("numeric", Tree::Array(terms))
        }
    }
}

fn of_string(dice: &mut Dice, raw: &str, text: &str) -> Tree {
    let same = || Tree::Scalar(raw.to_owned());
    let other = Tree::Scalar(near(dice, raw));
    let ignoring = |text: &str| Tree::member("equals-ignore-case", Tree::string(text));
    match dice.below(16) {
        0..3 => same(),
        3 => Tree::member("exactly", same()),
        4 => Tree::member("prefix", Tree::string(first(dice, text))),
        5 => Tree::member("suffix", Tree::string(last(dice, text))),
        6 => {
            let part = first(dice, text);
            Tree::member("prefix", ignoring(&other_case(dice, part)))
        }
        7 => {
            let part = last(dice, text);
            Tree::member("suffix", ignoring(&other_case(dice, part)))
        }
        8 => ignoring(&other_case(dice, text)),
        9 | 10 => Tree::member("wildcard", Tree::string(&wildcard(dice, text))),
        11 => Tree::member("anything-but", if dice.percent(50) { same() } else { other }),
        12 => Tree::member("anything-but", Tree::Array(vec![other, same()])),
        _ => {
            let name = dice.pick(&["prefix", "suffix", "equals-ignore-case", "wildcard"]);
            let operand = |dice: &mut Dice, text: &str| match name {
                "prefix" => Tree::string(first(dice, text)),
                "suffix" => Tree::string(last(dice, text)),
                "wildcard" => Tree::string(&wildcard(dice, text)),
                _ => Tree::string(&other_case(dice, text)),
            };
            let mut operands = vec![operand(dice, text)];
            if dice.percent(40) {
                let text = unquoted(&near(dice, raw)).unwrap_or_default();
                operands.push(operand(dice, &text));
            }
            let one = operands.len() == 1 && dice.percent(50);
            let operands = if one { operands.remove(0) } else { Tree::Array(operands) };
            Tree::member("anything-but", Tree::member(name, operands))
        }
    }
}

/// Returns some characters from the start.
fn first<'a>(dice: &mut Dice, text: &'a str) -> &'a str {
    &text[..boundary(dice, text)]
}

/// Returns some characters up to the end.
fn last<'a>(dice: &mut Dice, text: &'a str) -> &'a str {
    &text[boundary(dice, text)..]
}

fn boundary(dice: &mut Dice, text: &str) -> usize {
    let mut at = dice.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn other_case(dice: &mut Dice, text: &str) -> String {
    match dice.below(3) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text.to_owned(),
    }
}

/// Returns the text with stars in place of some of its parts.
fn wildcard(dice: &mut Dice, text: &str) -> String {
    let mut pattern = String::new();
    let chance = dice.pick(&[5, 15, 40]);
    let mut swallowed = 0;
    for char in text.chars() {
        if swallowed > 0 {
            swallowed -= 1;
            continue;
        }
        if !pattern.ends_with('*') && dice.percent(chance) {
            pattern.push('*');
            swallowed = dice.below(6);
            continue;
        }
        if matches!(char, '*' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    if dice.percent(30) && !pattern.ends_with('*') {
        pattern.push('*');
    }
    pattern
}
