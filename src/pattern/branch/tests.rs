use super::{Branch, Branches, WRITTEN_OUT, expand};
use crate::pattern::Pattern;
use crate::rules::PatternLimits;

/// A branch as text: paths with the number of their alternatives, and choices in brackets.
fn show(expansion: &Branches<'_>, branch: &Branch) -> String {
    let field = |&at: &u32| {
        let field = &expansion.fields[at as usize];
        format!("{}:{}", String::from_utf8_lossy(&field.path), field.alternatives.len())
    };
    let choice = |&at: &u32| {
        let alternatives = &expansion.choices[at as usize].alternatives;
        format!("({})", alternatives.iter().map(|it| show(expansion, it)).collect::<Vec<_>>().join(" | "))
    };
    branch.fields.iter().map(field).chain(branch.choices.iter().map(choice)).collect::<Vec<_>>().join(" ")
}

fn expanded(text: &str, written_out: usize) -> Vec<String> {
    let limits = PatternLimits { combinations: usize::MAX, ..PatternLimits::default() };
    let pattern = Pattern::parse_bytes(text.as_bytes(), &limits).unwrap();
    let expansion = expand(&pattern, written_out);
    expansion.branches.iter().map(|branch| show(&expansion, branch)).collect()
}

/// All combinations written out.
fn branches(text: &str) -> Vec<String> {
    expanded(text, usize::MAX)
}

/// As much kept as can be.
fn kept(text: &str) -> Vec<String> {
    expanded(text, 0)
}

#[test]
fn without_or_there_is_one_branch() {
    for branches in [branches, kept] {
        assert_eq!(branches(r#"{"a":[1],"b":{"c":[1,2],"d.e":[3]}}"#), ["a:1 b.c:2 b.d.e:1"]);
    }
}

#[test]
fn alternatives_multiply() {
    assert_eq!(
        branches(r#"{"a":[0],"$or":[{"b":[1]},{"c":[1],"$or":[{"d":[1]},{"e":[1]}]}],"f":[2]}"#),
        ["a:1 b:1 f:1", "a:1 c:1 d:1 f:1", "a:1 c:1 e:1 f:1"]
    );
}

#[test]
fn the_later_text_wins() {
    assert_eq!(branches(r#"{"a":[1],"a":[1,2]}"#), ["a:2"]);
    assert_eq!(branches(r#"{"a":[1],"$or":[{"a":[1,2]},{"b":[3]}]}"#), ["a:2", "a:1 b:1"]);
    assert_eq!(branches(r#"{"$or":[{"a":[1,2]},{"b":[3]}],"a":[1]}"#), ["a:1", "b:1 a:1"]);
}

#[test]
fn an_empty_name_at_the_root_adds_no_dot() {
    for branches in [branches, kept] {
        assert_eq!(branches(r#"{"":{"a":[1]},"d":{"":{"v":[1]}},"":[1]}"#), ["a:1 d..v:1 :1"]);
        assert_eq!(branches(r#"{"":{"a":{"b":[1]},"":{"c":[1]}}}"#), [".a.b:1 ..c:1"]);
    }
}

#[test]
fn alternatives_of_what_is_kept_do_not_multiply() {
    assert_eq!(
        kept(r#"{"a":[0],"$or":[{"b":[1]},{"c":[1],"$or":[{"d":[1]},{"e":[1]}]}],"f":[2]}"#),
        ["a:1 f:1 (b:1 | c:1 (d:1 | e:1))"]
    );
    assert_eq!(
        kept(r#"{"$or":[{"a":[1]},{"b":[1]}],"x":{"$or":[{"a":[1]},{"b":[1],"c":[1]}]}}"#),
        ["(a:1 | b:1) (x.a:1 | x.b:1 x.c:1)"]
    );
    // One path in several alternatives is no reason to write them out.
    assert_eq!(
        kept(r#"{"$or":[{"a":[1]},{"a":[2]},{"$or":[{"a":[3]},{"b":[4]}]}]}"#),
        ["(a:1 | a:1 | (a:1 | b:1))"]
    );
}

#[test]
fn what_overwrites_is_written_out() {
    // A field before, behind, and one that is spelled otherwise.
    assert_eq!(kept(r#"{"a":[1],"$or":[{"a":[1,2]},{"b":[3]}]}"#), ["a:2", "a:1 b:1"]);
    assert_eq!(kept(r#"{"$or":[{"a":[1,2]},{"b":[3]}],"a":[1]}"#), ["a:1", "b:1 a:1"]);
    assert_eq!(kept(r#"{"$or":[{"a":{"b":[1,2]}},{"b":[3]}],"a.b":[1]}"#), ["a.b:1", "b:1 a.b:1"]);
    // Two `$or`s with a path in common, and one that has none.
    assert_eq!(
        kept(r#"{"$or":[{"a":[1]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}],"$or":[{"a":[1,2]},{"e":[1]}]}"#),
        ["a:2 (c:1 | d:1)", "a:1 e:1 (c:1 | d:1)", "b:1 a:2 (c:1 | d:1)", "b:1 e:1 (c:1 | d:1)"]
    );
    // Deep inside: what is around is written out as well, but not what stands beside.
    assert_eq!(
        kept(r#"{"x":[0],"$or":[{"$or":[{"x":[1,2]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}]},{"e":[1]}]}"#),
        ["x:2 (c:1 | d:1)", "x:1 b:1 (c:1 | d:1)", "x:1 e:1"]
    );
    // Inside one alternative only: the rest is kept.
    assert_eq!(
        kept(r#"{"$or":[{"x":[0],"$or":[{"x":[1,2]},{"b":[1]}]},{"x":[1,2,3]}],"c":[1]}"#),
        ["c:1 (x:2 | x:1 b:1 | x:3)"]
    );
    // Neighbours in the text are in different alternatives; those further away are not.
    assert_eq!(
        kept(r#"{"a":[0],"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"$or":[{"a":[1]},{"c":[1]}]}],"d":[1]}"#),
        ["a:1 d:1", "a:1 b:1 d:1", "a:1 d:1", "a:1 c:1 d:1"]
    );
    assert_eq!(
        kept(r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"$or":[{"a":[1]},{"c":[1]}]}],"d":[1],"a":[0]}"#),
        ["a:1 d:1", "b:1 d:1 a:1", "a:1 d:1", "c:1 d:1 a:1"]
    );
}

#[test]
fn as_much_is_written_out_as_there_is_room_for() {
    let or = |name: &str, value: &str| format!(r#""$or":[{{"{name}1":[{value}]}},{{"{name}2":[{value}]}}]"#);
    let exists = r#"{"exists":true}"#;
    let pattern = format!("{{{},{},{}}}", or("a", exists), or("b", "1"), or("c", r#"{"prefix":"x"}"#));
    assert_eq!(expanded(&pattern, 8).len(), 8);
    assert_eq!(kept(&pattern).len(), 1);
    // Exact values first, then what is nearly as good.
    assert_eq!(
        expanded(&pattern, 3),
        ["b1:1 (a1:1 | a2:1) (c1:1 | c2:1)", "b2:1 (a1:1 | a2:1) (c1:1 | c2:1)"]
    );
    assert_eq!(expanded(&pattern, 7)[0], "b1:1 c1:1 (a1:1 | a2:1)");
    assert_eq!(expanded(&pattern, 7).len(), 4);
    // What is inside comes after what is around it.
    let nested = format!(r#"{{"$or":[{{{}}},{{"x":[1],{}}}]}}"#, or("a", "1"), or("b", "1"));
    assert_eq!(expanded(&nested, 3), ["a1:1", "a2:1", "x:1 (b1:1 | b2:1)"]);
    assert_eq!(expanded(&nested, 2), ["(a1:1 | a2:1)", "x:1 (b1:1 | b2:1)"]);
}

#[test]
fn what_is_kept_takes_no_more_than_the_text() {
    let ors: Vec<String> = (0..16).map(|n| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#)).collect();
    let pattern = format!("{{{}}}", ors.join(","));
    let pattern = Pattern::parse(&pattern).unwrap();
    let expansion = expand(&pattern, WRITTEN_OUT);
    assert_eq!((expansion.branches.len(), expansion.choices.len()), (64, 10));
    let expansion = expand(&pattern, 0);
    assert_eq!((expansion.branches.len(), expansion.choices.len()), (1, 16));
}
