//! The oracle: a second implementation of the specification, which is simple enough to be obviously
//! right.
//!
//! The oracle shares no code with the engine, because a fault in shared code would not be found.
//! `serde_json` parses JSON. All branches of `$or` are expanded, an event is a list of leaves, and
//! matching tries every assignment. The oracle avoids exponential time, and has no other
//! optimisation. Section numbers refer to `LANGUAGE.md`, whose section 0 has priority over the
//! others.

mod address;
mod json;
pub mod number;
mod object;
mod operator;
mod regexp;
mod test;
mod text;

use json::{Json, Units, Value, read_root};
use object::{Member, branches, object};
use std::collections::{BTreeMap, HashSet};
use test::Test;

const MAX_BRANCHES: u128 = 1_000_000;
const MAX_PATHS: usize = 256;

/// The reason why a text is not a pattern, or not an event.
///
/// If there are several faults, the first in the text is reported. The place of a fault is where
/// the text makes it certain: too few alternatives are reported at the end of their list. Three
/// kinds have a fixed rank. Text that is not JSON up to the end of its root is always `json`. Text
/// after the root is reported after every other fault. The limits on branches come last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reject {
    pub code: &'static str,
}

fn reject<T>(code: &'static str) -> Result<T, Reject> {
    Err(Reject { code })
}

#[derive(Debug)]
struct Field {
    path: Units,
    tests: Vec<Test>,
}

/// One conjunction: the indices of its fields.
type Branch = Vec<usize>;

/// A parsed event pattern.
#[derive(Debug)]
pub struct Pattern {
    fields: Vec<Field>,
    branches: Vec<Branch>,
}

impl Pattern {
    pub fn parse(text: &[u8]) -> Result<Pattern, Reject> {
        let (members, ends) = read_root(text)?;
        let members = object(&members, &[], false)?;
        if !ends {
            return reject("trailing-text");
        }
        if branches(&members) > MAX_BRANCHES {
            return reject("too-many-combinations");
        }
        let mut pattern = Pattern { fields: Vec::new(), branches: Vec::new() };
        pattern.branches = pattern.extend(vec![Branch::new()], members)?;
        Ok(pattern)
    }

    /// Section 6: a list is added to every branch so far, and replaces the branch's list at the
    /// same path (section 7). `$or` replaces the branches by one copy per alternative, each
    /// extended by the alternative.
    fn extend(&mut self, mut so_far: Vec<Branch>, members: Vec<Member>) -> Result<Vec<Branch>, Reject> {
        for member in members {
            match member {
                Member::List(path, tests) => {
                    for branch in &mut so_far {
                        branch.retain(|&field| self.fields[field].path != path);
                        branch.push(self.fields.len());
                        if branch.len() > MAX_PATHS {
                            return reject("too-many-fields");
                        }
                    }
                    self.fields.push(Field { path, tests });
                }
                Member::Nested(members) => so_far = self.extend(so_far, members)?,
                Member::Or(alternatives) => {
                    let mut all = Vec::new();
                    for alternative in alternatives {
                        all.extend(self.extend(so_far.clone(), alternative)?);
                    }
                    so_far = all;
                }
            }
        }
        Ok(so_far)
    }

    /// Section 1: returns true if at least one branch matches.
    pub fn matches(&self, event: &Event) -> bool {
        self.branches.iter().any(|branch| {
            let mut fields: Vec<&Field> = branch.iter().map(|&field| &self.fields[field]).collect();
            // Section 5.9: in ascending order of the joined names, by code units.
            fields.sort_by(|a, b| a.path.cmp(&b.path));
            walk(&fields, &Elements::new(), &event.leaves, &mut HashSet::new())
        })
    }
}

/// Sections 1, 4.3 and 5.9: one leaf for each field. All leaves are from the same element of each
/// array.
///
/// The result for the remaining fields depends only on their number and on the chosen elements.
/// Both are the key of the memo of failures.
fn walk(
    fields: &[&Field],
    chosen: &Elements,
    leaves: &[Leaf],
    failed: &mut HashSet<(usize, Elements)>,
) -> bool {
    let Some((field, rest)) = fields.split_first() else {
        return true;
    };
    if failed.contains(&(fields.len(), chosen.clone())) {
        return false;
    }
    let present: Vec<&Leaf> =
        leaves.iter().filter(|leaf| leaf.path == field.path && consistent(chosen, &leaf.elements)).collect();
    let asks_absence = field.tests.iter().any(|test| matches!(test, Test::Absent));

    let mut matched = present.is_empty() && asks_absence && walk(rest, chosen, leaves, failed);
    for leaf in present {
        if !matched && field.tests.iter().any(|test| test.holds(&leaf.value)) {
            let both =
                chosen.iter().chain(&leaf.elements).map(|(&array, &element)| (array, element)).collect();
            matched = walk(rest, &both, leaves, failed);
        }
    }
    if !matched {
        failed.insert((fields.len(), chosen.clone()));
    }
    matched
}

/// Maps the number of an array to the index of its chosen element.
type Elements = BTreeMap<usize, usize>;

fn consistent(a: &Elements, b: &Elements) -> bool {
    a.iter().all(|(array, element)| b.get(array).is_none_or(|other| other == element))
}

#[derive(Debug)]
struct Leaf {
    path: Units,
    value: Value,
    elements: Elements,
}

/// A parsed event: its leaves.
#[derive(Debug)]
pub struct Event {
    leaves: Vec<Leaf>,
    arrays: usize,
}

impl Event {
    pub fn parse(text: &[u8]) -> Result<Event, Reject> {
        let (members, ends) = read_root(text)?;
        let mut event = Event { leaves: Vec::new(), arrays: 0 };
        event.object(members, &[], &Elements::new())?;
        if ends { Ok(event) } else { reject("trailing-text") }
    }

    /// Returns true if the leaves differ on the path of the only leaf of `path`, and are equal on all
    /// other paths.
    pub fn differs_only_at(&self, other: &Event, path: &Event) -> bool {
        let path = &path.leaves[0].path;
        let parts = |event: &Event| {
            let leaves = event.leaves.iter().map(|leaf| (leaf.path.clone(), leaf.value.clone()));
            leaves.partition::<Vec<_>, _>(|(at, _)| at == path)
        };
        let ((one, rest), (two, other_rest)) = (parts(self), parts(other));
        one != two && rest == other_rest
    }

    /// Section 7: repeated names all count.
    fn object(
        &mut self,
        members: Vec<(Units, Json)>,
        outer: &[Units],
        elements: &Elements,
    ) -> Result<(), Reject> {
        for (name, value) in members {
            self.value(value, &[outer, &[name]].concat(), elements)?;
        }
        Ok(())
    }

    fn value(&mut self, value: Json, path: &[Units], elements: &Elements) -> Result<(), Reject> {
        match value {
            // Section 4.1: unlike in a pattern, the dot is never left out.
            Json::Leaf(value) => {
                self.leaves.push(Leaf {
                    path: path.join(&u16::from(b'.')),
                    value,
                    elements: elements.clone(),
                });
            }
            Json::Object(members) => self.object(members, path, elements)?,
            Json::Array(values) => {
                let array = self.arrays;
                self.arrays += 1;
                for (index, value) in values.into_iter().enumerate() {
                    // Section 4.3: an element that is a leaf is not bound to its index.
                    let mut elements = elements.clone();
                    if !matches!(value, Json::Leaf(_)) {
                        elements.insert(array, index);
                    }
                    self.value(value, path, &elements)?;
                }
            }
            Json::TooDeep => return reject("too-deep"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::number::comparable;
    use super::{Event, Pattern};

    fn outcome(pattern: &str, event: &str) -> Result<bool, &'static str> {
        let pattern = Pattern::parse(pattern.as_bytes()).map_err(|fault| fault.code)?;
        let event = Event::parse(event.as_bytes()).map_err(|fault| fault.code)?;
        Ok(pattern.matches(&event))
    }

    fn nested(depth: usize, open: &str, middle: &str, close: &str) -> String {
        open.repeat(depth) + middle + &close.repeat(depth)
    }

    #[test]
    fn depth_counts_objects_and_arrays() {
        let pattern = |depth: usize| nested(depth - 1, r#"{"a":"#, "[1]", "}");
        let event = |depth: usize| format!(r#"{{"a":{}}}"#, nested(depth - 1, "[", "1", "]"));
        assert_eq!(outcome(&pattern(1000), "{}"), Ok(false));
        assert_eq!(outcome(&pattern(1001), "{}"), Err("too-deep"));
        assert_eq!(outcome(r#"{"a":[1]}"#, &event(1000)), Ok(true));
        assert_eq!(outcome(r#"{"a":[1]}"#, &event(1001)), Err("too-deep"));
        assert_eq!(outcome(&format!(r#"{{"a":{}}}"#, nested(2000, "[", "", "]")), "{}"), Err("nested-list"));
    }

    #[test]
    fn branches_are_limited_before_expansion() {
        let or = |alternatives: usize, field: usize| {
            let all: Vec<String> = (0..alternatives).map(|n| format!(r#"{{"{field}":[{n}]}}"#)).collect();
            format!(r#""$or":[{}]"#, all.join(","))
        };
        let pattern = |ors: &[String]| format!("{{{}}}", ors.join(","));
        let most: Vec<String> = (0..3).map(|field| or(100, field)).collect();
        assert_eq!(outcome(&pattern(&most), r#"{"0":0,"1":0,"2":0}"#), Ok(true));
        let more: Vec<String> = (0..200).map(|field| or(2, field)).collect();
        assert_eq!(outcome(&pattern(&more), "{}"), Err("too-many-combinations"));
    }

    #[test]
    fn distinct_paths_are_counted_per_branch() {
        let fields = |count| {
            (0..count).map(|n| format!(r#""{n}":[{{"exists":false}}]"#)).collect::<Vec<_>>().join(",")
        };
        assert_eq!(outcome(&format!(r#"{{{},"0":[1]}}"#, fields(256)), r#"{"0":1}"#), Ok(true));
        assert_eq!(outcome(&format!("{{{}}}", fields(257)), "{}"), Err("too-many-fields"));
    }

    #[test]
    fn numbers_are_comparable_up_to_the_limits_of_a_double() {
        let zeros = "0".repeat(1_000_000);
        let one = format!("0.{zeros}1e1000001");
        for (literal, value) in [
            ("-0.00e99999999999999999999999999999999999999999", Some(0.0)),
            ("1.7976931348623157e308", Some(f64::MAX)),
            ("1.7976931348623158e308", None),
            ("4.9e-324", Some(f64::from_bits(1))),
            ("5e-324", None),
            ("9.9e-324", Some(f64::from_bits(2))),
            ("2e23", Some(2e23)),
            ("1152921504606846976", None),
            ("1152921504606847000", Some(1_152_921_504_606_847_000.0)),
            ("1e99999999999999999999999999999999999999999", None),
            ("1e-99999999999999999999999999999999999999999", None),
            (&one, Some(1.0)),
        ] {
            assert_eq!(comparable(literal), value, "{:.60}", literal);
        }
    }

    #[test]
    fn any_bytes_are_read() {
        let code = |event: &[u8]| Event::parse(event).err().map(|fault| fault.code);
        assert_eq!(code(b"{\"a\":\"\xc3\xa9\"}"), None);
        assert_eq!(code(b"{\"a\":\"\xed\xa0\x80\"}"), Some("json"));
        assert_eq!(code(b"{\"a\":1}\xff"), Some("trailing-text"));
        assert_eq!(code(b"\xef\xbb\xbf{}"), Some("json"));
        assert_eq!(code(nested(2_000, r#"{"a":"#, "1", "}").as_bytes()), Some("too-deep"));
        assert_eq!(code("[".repeat(2_000).as_bytes()), Some("json"));
        // An unpaired surrogate is a code unit like any other.
        assert_eq!(
            outcome(r#"{"a":[{"wildcard":"\udc00*x"}]}"#, r#"{"a":"\udc00\ud800\ud83d\ude00x"}"#),
            Ok(true)
        );
        assert_eq!(outcome(r#"{"a":[{"suffix":"\ude00"}]}"#, r#"{"a":"\ud83d\ude00"}"#), Ok(true));
        assert_eq!(outcome(r#"{"\ud800":["\udc00"]}"#, r#"{"\ud800":"\ud800"}"#), Ok(false));
    }

    #[test]
    fn first_fault_in_the_text_is_reported() {
        for (pattern, code) in [
            (r#"{"a":1,"b":[]} x"#, "leaf-not-array"),
            (r#"{"a":[{"prefix":1,"suffix":2}]}"#, "argument-not-string"),
            (r#"{"a":[{"numeric":[">",1e400,"<","x"]}]}"#, "number-not-comparable"),
            (r#"{"$or":[{"a":[[]]}]}"#, "nested-list"),
            (r#"{"a":[1]} {"#, "trailing-text"),
            (r#"{"a":[1]"#, "json"),
            ("[]", "root-not-object"),
        ] {
            assert_eq!(outcome(pattern, "{}"), Err(code), "{pattern}");
        }
    }
}
