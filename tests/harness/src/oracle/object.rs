//! Sections 4.1, 4.4, 5 and 6: the grammar of objects, the paths of their fields, `$or`.

use super::json::{Json, Units, utf16};
use super::operator::{element, fault};
use super::test::Test;
use super::{Reject, reject};

pub(super) enum Member {
    List(Units, Vec<Test>),
    Nested(Vec<Member>),
    Or(Vec<Vec<Member>>),
}

/// Section 6: no field inside an alternative may have one of these names.
const RESERVED: &str = "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr \
    = < <= > >= regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before \
    date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range";

/// Section 4.1: the names are joined with dots. Section 4.4: the dot before the last name is left
/// out if nothing is before it.
fn pattern_path(outer: &[Units], name: &Units) -> Units {
    let mut path = outer.join(&u16::from(b'.'));
    if !path.is_empty() {
        path.push(u16::from(b'.'));
    }
    path.extend(name);
    path
}

pub(super) fn object(members: &[(Units, Json)], outer: &[Units], in_or: bool) -> Result<Vec<Member>, Reject> {
    if members.is_empty() {
        return reject("empty-object");
    }
    let mut read = Vec::new();
    for (name, value) in members {
        if *name == utf16("$or") {
            read.push(alternatives(value, outer)?);
            continue;
        }
        if in_or && RESERVED.split(' ').any(|reserved| *name == utf16(reserved)) {
            return reject("or-reserved-name");
        }
        read.push(match value {
            Json::Object(members) => {
                Member::Nested(object(members, &[outer, std::slice::from_ref(name)].concat(), in_or)?)
            }
            Json::Array(elements) if elements.is_empty() => return reject("empty-list"),
            Json::Array(elements) => {
                let tests = elements.iter().map(element).collect::<Result<_, _>>()?;
                Member::List(pattern_path(outer, name), tests)
            }
            Json::Leaf(_) | Json::TooDeep => return fault(value, "leaf-not-array"),
        });
    }
    Ok(read)
}

fn alternatives(value: &Json, outer: &[Units]) -> Result<Member, Reject> {
    let Json::Array(elements) = value else {
        return fault(value, "or-not-list");
    };
    let mut alternatives = Vec::new();
    for element in elements {
        match element {
            Json::Object(members) => alternatives.push(object(members, outer, true)?),
            _ => return fault(element, "or-not-object"),
        }
    }
    if alternatives.len() < 2 { reject("or-too-few") } else { Ok(Member::Or(alternatives)) }
}

/// Returns the number of branches that an object makes from one branch.
pub(super) fn branches(members: &[Member]) -> u128 {
    let factor = |member: &Member| match member {
        Member::List(..) => 1,
        Member::Nested(members) => branches(members),
        Member::Or(alternatives) => {
            alternatives.iter().map(|members| branches(members)).fold(0, u128::saturating_add)
        }
    };
    members.iter().map(factor).fold(1, u128::saturating_mul)
}
