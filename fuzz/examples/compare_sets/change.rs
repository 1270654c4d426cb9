//! Changes of events: unusual and valid spellings of producers, and some invalid text.

use galop_harness::generate::Dice;

use crate::address;
use crate::tree::{Tree, quoted, unquoted};

/// Changes the values of an event, each with a chance of `rate` in a hundred. The root stays an
/// object.
pub(crate) fn event(dice: &mut Dice, event: &mut Tree, pool: &[String], rate: u64) {
    let Tree::Object(members) = event else { return };
    for (_, value) in members.iter_mut() {
        change(dice, value, pool, rate);
    }
    if dice.percent(rate) {
        rename(dice, members, pool);
    }
}

/// Replaces a few scalars by addresses.
pub(crate) fn plant_addresses(dice: &mut Dice, event: &mut Tree) {
    let mut scalars = 0;
    event.scalars(&mut |_| scalars += 1);
    for _ in 0..dice.between(1, 3).min(scalars) {
        let mut before = dice.below(scalars);
        plant_at(dice, event, &mut before);
    }
}

fn plant_at(dice: &mut Dice, tree: &mut Tree, before: &mut usize) -> bool {
    match tree {
        Tree::Scalar(_) if *before == 0 => {
            let one = Tree::string(&address::any(dice));
            *tree = if dice.percent(15) {
                Tree::Array(vec![one, Tree::string(&address::any(dice))])
            } else {
                one
            };
            true
        }
        Tree::Scalar(_) => {
            *before -= 1;
            false
        }
        Tree::Array(elements) => elements.iter_mut().any(|element| plant_at(dice, element, before)),
        Tree::Object(members) => members.iter_mut().any(|(_, value)| plant_at(dice, value, before)),
    }
}

fn change(dice: &mut Dice, tree: &mut Tree, pool: &[String], rate: u64) {
    match tree {
        Tree::Scalar(_) => {}
        Tree::Array(elements) => elements.iter_mut().for_each(|element| change(dice, element, pool, rate)),
        Tree::Object(members) => members.iter_mut().for_each(|(_, value)| change(dice, value, pool, rate)),
    }
    if !dice.percent(rate) {
        return;
    }
    let taken = std::mem::replace(tree, Tree::Array(Vec::new()));
    *tree = match taken {
        Tree::Object(mut members) => match dice.below(5) {
            0 => halves(dice, members),
            1 => {
                let mut other = Tree::Object(members.clone());
                event(dice, &mut other, pool, 30);
                let mut elements = vec![Tree::Object(members), other, any_scalar(dice, pool)];
                elements.truncate(dice.between(1, 3));
                dice.shuffle(&mut elements);
                Tree::Array(elements)
            }
            _ => {
                rename(dice, &mut members, pool);
                Tree::Object(members)
            }
        },
        Tree::Array(mut elements) => {
            match dice.below(5) {
                0 => elements.clear(),
                1 => elements = vec![Tree::Array(elements), Tree::Object(Vec::new())],
                2 if !elements.is_empty() => elements.push(dice.pick(&elements)),
                3 if !elements.is_empty() => drop(elements.remove(dice.below(elements.len()))),
                _ => elements.push(any_scalar(dice, pool)),
            }
            dice.shuffle(&mut elements);
            Tree::Array(elements)
        }
        Tree::Scalar(raw) => match dice.below(10) {
            0 => Tree::Array(vec![Tree::Scalar(raw), any_scalar(dice, pool)]),
            1 => Tree::Array(vec![Tree::Array(vec![Tree::Scalar(raw)]), Tree::Object(Vec::new())]),
            2 => dice.pick(&[Tree::Array(Vec::new()), Tree::Object(Vec::new()), Tree::Scalar("null".into())]),
            3 => Tree::string(&address::any(dice)),
            4..7 => Tree::Scalar(near(dice, &raw)),
            _ => any_scalar(dice, pool),
        },
    };
}

fn any_scalar(dice: &mut Dice, pool: &[String]) -> Tree {
    if pool.is_empty() { Tree::Scalar("1".into()) } else { Tree::Scalar(dice.pick(pool)) }
}

/// Divides the members of an object between two elements of an array.
fn halves(dice: &mut Dice, members: Vec<(String, Tree)>) -> Tree {
    let mut halves = [Vec::new(), Vec::new()];
    for member in members {
        halves[dice.below(2)].push(member);
    }
    Tree::Array(halves.map(Tree::Object).into())
}

/// Repeats, removes or moves a member, or spells its path differently.
fn rename(dice: &mut Dice, members: &mut Vec<(String, Tree)>, pool: &[String]) {
    if members.is_empty() {
        return;
    }
    let (name, value) = members.remove(dice.below(members.len()));
    match dice.below(6) {
        0 => {}
        1 | 2 => {
            let value_again = if dice.percent(50) { any_scalar(dice, pool) } else { value.clone() };
            members.push((name.clone(), value));
            members.push((name, value_again));
        }
        3 => match value {
            Tree::Object(inner) if !inner.is_empty() => {
                members.extend(inner.into_iter().map(|(inner, value)| (joined(&[&name, &inner]), value)));
            }
            value => members.push((name, Tree::Object(vec![("\"\"".into(), value)]))),
        },
        _ => match name.split_once('.') {
            // A new member, or a repeated one.
            Some((outer, inner)) => {
                members.push((format!("{outer}\""), Tree::Object(vec![(format!("\"{inner}"), value)])));
            }
            None => members.insert(dice.below(members.len() + 1), (name, value)),
        },
    }
}

/// Returns one name of all names joined with dots. All names are spelled with their quotes.
pub(crate) fn joined(names: &[impl AsRef<str>]) -> String {
    let inside: Vec<&str> = names.iter().map(|name| &name.as_ref()[1..name.as_ref().len() - 1]).collect();
    format!("\"{}\"", inside.join("."))
}

/// Returns a scalar that is nearly the same.
pub(crate) fn near(dice: &mut Dice, raw: &str) -> String {
    let Some(text) = unquoted(raw) else {
        let is_whole = raw.bytes().all(|byte| byte.is_ascii_digit()) && raw.len() < 15;
        return match dice.below(4) {
            0 if is_whole => format!("{raw}.0"),
            1 if is_whole => format!("{raw}0e-1"),
            2 if is_whole && raw != "0" => format!("-{raw}"),
            _ => quoted(raw),
        };
    };
    let changed = match dice.below(6) {
        0 => format!("{text}{}", dice.pick(&["a", "0", " ", "*", ".exe"])),
        1 => format!("{}{text}", dice.pick(&["a", "0", " ", "A", "é"])),
        2 => text.to_uppercase(),
        3 => text.to_lowercase(),
        4 => text.chars().skip(1).collect(),
        _ => text.chars().take(text.chars().count().saturating_sub(1)).collect(),
    };
    quoted(&changed)
}

/// Truncates a text, or changes one of its bytes. The result is mostly invalid JSON.
pub(crate) fn damage(dice: &mut Dice, text: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    let at = dice.below(text.len());
    match dice.below(4) {
        0 => text.truncate(at),
        1 => drop(text.remove(at)),
        2 => text[at] ^= 1 << dice.below(8),
        _ => text.insert(at, dice.pick(b"\"\\{}[],: 0-\x01\xff")),
    }
}
