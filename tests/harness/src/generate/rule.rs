//! Generated event patterns.

use super::dice::Dice;
use super::node::{Name, Node, Units};
use super::related::related;
use super::test::{Test, absent, test};
use super::value::{scalar, utf16};

pub(super) type Object = Vec<Member>;

#[derive(Clone, Debug)]
pub(super) enum Member {
    List(Name, Vec<Test>),
    Nested(Name, Object),
    Or(Name, Vec<Object>),
}

/// Returns a name of a field. The names are few, so rules and paths of one rule often share names.
pub(super) fn name(dice: &mut Dice) -> Units {
    match dice.below(40) {
        0 => Units::new(),
        1 => utf16(dice.pick(&[".", "a.", ".a", "a..b"])),
        2 => utf16(dice.pick(&["é", "😀", "a b", "\"", "a\\", "\u{e000}", "A", "$"])),
        3 => vec![dice.pick(&[0xd800, 0xdc00])],
        4..7 => utf16(dice.pick(&["a.b", "b.c", "c.d.a", "a.a", "d.b"])),
        _ => utf16(dice.pick(&["a", "b", "c", "d"])),
    }
}

pub(super) fn object(dice: &mut Dice, depth: usize, in_or: bool) -> Object {
    let mut members: Object =
        (0..dice.pick(&[1, 1, 1, 2, 2, 3])).map(|_| member(dice, depth, in_or)).collect();
    if dice.percent(if in_or { 10 } else { 15 }) {
        let alternatives = (0..dice.pick(&[2, 2, 2, 3])).map(|_| object(dice, depth.min(1), true)).collect();
        let or = Member::Or(Name::new(dice, utf16("$or")), alternatives);
        // An object has `$or` alone, or beside fields, which may override each other.
        if dice.percent(30) {
            members.clear();
        }
        members.insert(dice.below(members.len() + 1), or);
    }
    members
}

fn member(dice: &mut Dice, depth: usize, in_or: bool) -> Member {
    let mut units = name(dice);
    if !in_or && dice.percent(2) {
        units = utf16(dice.pick(&["prefix", "exists", "numeric", "="]));
    }
    let name = Name::new(dice, units);
    if depth > 0 && dice.percent(35) {
        Member::Nested(name, object(dice, depth - 1, in_or))
    } else {
        Member::List(name, list(dice))
    }
}

fn list(dice: &mut Dice) -> Vec<Test> {
    if dice.percent(20) {
        return related(dice);
    }
    (0..dice.pick(&[1, 1, 1, 1, 2, 2, 3])).map(|_| test(dice)).collect()
}

/// Returns a rule with several adjacent `$or`s and thus many combinations. Most of their paths are
/// disjoint from those around them.
pub(super) fn combined(dice: &mut Dice) -> Object {
    let mut members: Object = (0..dice.below(3)).map(|_| member(dice, 0, false)).collect();
    // The fields below one name may be in one array.
    let below = dice.pick(&[Below::All, Below::All, Below::Some, Below::Nothing]);
    if below == Below::Some {
        // The choice of an element can make a later field absent, although another choice satisfies
        // the fields outside.
        let name = Name::new(dice, utf16("d"));
        members.push(Member::List(name, vec![absent(dice)]));
        members = vec![below_a_name(dice, members)];
    }
    for at in 0..dice.between(4, 5) {
        let alternatives = (0..3)
            .map(|_| {
                let members = alternative(dice, &at.to_string());
                let is_below = below == Below::Some && dice.percent(50);
                if is_below { vec![below_a_name(dice, members)] } else { members }
            })
            .collect();
        let or = Member::Or(Name::new(dice, utf16("$or")), alternatives);
        members.insert(dice.below(members.len() + 1), or);
    }
    if below == Below::All { vec![below_a_name(dice, members)] } else { members }
}

/// The fields of a rule that are below one name.
#[derive(Clone, Copy, PartialEq)]
enum Below {
    All,
    Some,
    Nothing,
}

fn below_a_name(dice: &mut Dice, members: Object) -> Member {
    Member::Nested(Name::new(dice, utf16("a")), members)
}

/// Returns an object. The names of most of its fields have the suffix `end`.
fn alternative(dice: &mut Dice, end: &str) -> Object {
    let mut members: Object = (0..dice.pick(&[1, 1, 1, 2]))
        .map(|_| {
            let units = match dice.below(30) {
                0 => name(dice),
                _ => utf16(&format!("{}{end}", dice.pick(&["a", "b", "c", "d"]))),
            };
            Member::List(Name::new(dice, units), list(dice))
        })
        .collect();
    if end.len() < 3 && dice.percent(8) {
        let alternatives = (0..2).map(|at| alternative(dice, &format!("{end}-{at}"))).collect();
        members.push(Member::Or(Name::new(dice, utf16("$or")), alternatives));
    }
    members
}

/// Returns a rule that shares most of its fields with another.
pub(super) fn varied(dice: &mut Dice, rule: &Object) -> Object {
    let mut rule = rule.clone();
    let at = dice.below(rule.len());
    match (&mut rule[at], dice.below(4)) {
        (_, 0) => rule.push(member(dice, 1, false)),
        (Member::List(_, tests), 1) => tests.push(test(dice)),
        (Member::List(_, tests), _) => *tests = list(dice),
        (Member::Nested(_, inner), _) => *inner = varied(dice, inner),
        (Member::Or(_, alternatives), 1) => alternatives.reverse(),
        (Member::Or(_, alternatives), _) => alternatives.push(object(dice, 0, true)),
    }
    rule
}

pub(super) fn node(rule: &Object) -> Node {
    let member = |member: &Member| match member {
        Member::List(name, tests) => {
            (name.clone(), Node::Array(tests.iter().map(|test| test.node.clone()).collect()))
        }
        Member::Nested(name, inner) => (name.clone(), node(inner)),
        Member::Or(name, alternatives) => {
            (name.clone(), Node::Array(alternatives.iter().map(node).collect()))
        }
    };
    Node::Object(rule.iter().map(member).collect())
}

/// Adds a fault, or a possible fault, to a pattern.
pub(super) fn spoil(dice: &mut Dice, rule: &mut Node) {
    let odd = [
        "[]",
        "{}",
        "1",
        "\"a\"",
        "null",
        "[[1]]",
        "[{}]",
        "[{\"prefix\":1}]",
        "[{\"regex\":\"a\"}]",
        "{\"prefix\":\"a\"}",
        "[{\"prefix\":\"a\",\"prefix\":\"a\"}]",
        "[{\"exists\":\"true\"}]",
        "[{\"numeric\":[\">\",1e400]}]",
        "[{\"numeric\":[\"<\",2,\">\",1]}]",
        "[{\"anything-but\":[]}]",
        "[{\"anything-but\":[\"a\",1]}]",
        "[{\"anything-but\":{\"prefix\":\"\"}}]",
        "[{\"wildcard\":\"a**\"}]",
        "[{\"wildcard\":\"\\\\a\"}]",
        "[{\"cidr\":\"10.0.0.0/32\"}]",
        "{\"$or\":[{\"a\":[1]}]}",
        "{\"$or\":[{\"a\":[1]},{\"prefix\":[1]}]}",
    ];
    let odd = if dice.percent(80) { dice.pick(&odd).to_string() } else { scalar(dice) };
    *rule.any(dice) = Node::Scalar(odd);
}
