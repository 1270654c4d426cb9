use super::{Branch, Branches, EXPANSION_BUDGET, expand};
use crate::pattern::Pattern;
use crate::pattern::limits::PatternLimits;

/// Returns a branch as text: paths with the number of their alternatives, and choices in brackets.
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

fn expanded(text: &str, budget: usize) -> Vec<String> {
    let limits = PatternLimits { combinations: usize::MAX, branches: usize::MAX, ..PatternLimits::default() };
    let pattern = Pattern::parse_with(text, &limits).unwrap();
    let expansion = expand(&pattern, budget);
    expansion.branches.iter().map(|branch| show(&expansion, branch)).collect()
}

/// Expands all combinations.
fn branches(text: &str) -> Vec<String> {
    expanded(text, usize::MAX)
}

/// Factors every `$or` that can be factored.
fn factored(text: &str) -> Vec<String> {
    expanded(text, 0)
}

#[test]
fn without_or_there_is_one_branch() {
    for branches in [branches, factored] {
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
fn later_field_overwrites_earlier() {
    assert_eq!(branches(r#"{"a":[1],"a":[1,2]}"#), ["a:2"]);
    assert_eq!(branches(r#"{"a":[1],"$or":[{"a":[1,2]},{"b":[3]}]}"#), ["a:2", "a:1 b:1"]);
    assert_eq!(branches(r#"{"$or":[{"a":[1,2]},{"b":[3]}],"a":[1]}"#), ["a:1", "b:1 a:1"]);
}

#[test]
fn an_empty_name_at_the_root_adds_no_dot() {
    for branches in [branches, factored] {
        assert_eq!(branches(r#"{"":{"a":[1]},"d":{"":{"v":[1]}},"":[1]}"#), ["a:1 d..v:1 :1"]);
        assert_eq!(branches(r#"{"":{"a":{"b":[1]},"":{"c":[1]}}}"#), [".a.b:1 ..c:1"]);
    }
}

#[test]
fn factored_ors_do_not_multiply() {
    assert_eq!(
        factored(r#"{"a":[0],"$or":[{"b":[1]},{"c":[1],"$or":[{"d":[1]},{"e":[1]}]}],"f":[2]}"#),
        ["a:1 f:1 (b:1 | c:1 (d:1 | e:1))"]
    );
    assert_eq!(
        factored(r#"{"$or":[{"a":[1]},{"b":[1]}],"x":{"$or":[{"a":[1]},{"b":[1],"c":[1]}]}}"#),
        ["(a:1 | b:1) (x.a:1 | x.b:1 x.c:1)"]
    );
    // A path that is in several alternatives of one `$or` is not overwritten.
    assert_eq!(
        factored(r#"{"$or":[{"a":[1]},{"a":[2]},{"$or":[{"a":[3]},{"b":[4]}]}]}"#),
        ["(a:1 | a:1 | (a:1 | b:1))"]
    );
}

#[test]
fn overwritten_ors_are_expanded() {
    // The field is before the `$or`, after it, or spelled with a dot.
    assert_eq!(factored(r#"{"a":[1],"$or":[{"a":[1,2]},{"b":[3]}]}"#), ["a:2", "a:1 b:1"]);
    assert_eq!(factored(r#"{"$or":[{"a":[1,2]},{"b":[3]}],"a":[1]}"#), ["a:1", "b:1 a:1"]);
    assert_eq!(factored(r#"{"$or":[{"a":{"b":[1,2]}},{"b":[3]}],"a.b":[1]}"#), ["a.b:1", "b:1 a.b:1"]);
    // Two `$or`s share a path; the third does not.
    assert_eq!(
        factored(
            r#"{"$or":[{"a":[1]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}],"$or":[{"a":[1,2]},{"e":[1]}]}"#
        ),
        ["a:2 (c:1 | d:1)", "b:1 a:2 (c:1 | d:1)", "a:1 e:1 (c:1 | d:1)", "b:1 e:1 (c:1 | d:1)"]
    );
    // The `$or`s around the overwritten field are expanded as well, but not the sibling.
    assert_eq!(
        factored(
            r#"{"x":[0],"$or":[{"$or":[{"x":[1,2]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}]},{"e":[1]}]}"#
        ),
        ["x:2 (c:1 | d:1)", "x:1 b:1 (c:1 | d:1)", "x:1 e:1"]
    );
    // Only the inner `$or` is overwritten, so the outer one is factored.
    assert_eq!(
        factored(r#"{"$or":[{"x":[0],"$or":[{"x":[1,2]},{"b":[1]}]},{"x":[1,2,3]}],"c":[1]}"#),
        ["c:1 (x:2 | x:1 b:1 | x:3)"]
    );
    // Adjacent fields are in different alternatives, but those further apart overwrite each other.
    assert_eq!(
        factored(r#"{"a":[0],"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"$or":[{"a":[1]},{"c":[1]}]}],"d":[1]}"#),
        ["a:1 d:1", "a:1 b:1 d:1", "a:1 d:1", "a:1 c:1 d:1"]
    );
    assert_eq!(
        factored(r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"$or":[{"a":[1]},{"c":[1]}]}],"d":[1],"a":[0]}"#),
        ["a:1 d:1", "b:1 d:1 a:1", "c:1 d:1 a:1"]
    );
}

#[test]
fn equal_branches_are_merged() {
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}],"a{n}":[0],"b{n}":[0]"#);
    let ors = |count: usize| (0..count).map(or).collect::<Vec<_>>().join(",");
    for branches in [branches, factored] {
        assert_eq!(branches(&format!("{{{}}}", ors(2))), ["a0:1 b0:1 a1:1 b1:1"]);
        assert_eq!(branches(&format!("{{{}}}", ors(16))).len(), 1);
        // A field that overwrites another one is distinct from it, even if their alternatives are
        // equal.
        assert_eq!(branches(r#"{"a":[1],"$or":[{"a":[1]},{"b":[1]}]}"#), ["a:1", "a:1 b:1"]);
        assert_eq!(
            branches(r#"{"a":[1],"$or":[{"a":[1]},{"b":[1]},{"a":[1],"b":[1]}],"b":[1],"a":[1]}"#).len(),
            1
        );
    }
    // Branches merge in an alternative of a factored `$or`, and between choices.
    assert_eq!(factored(&format!(r#"{{"$or":[{{{}}},{{"z":[1]}}]}}"#, ors(3))).len(), 1);
    assert_eq!(
        factored(r#"{"$or":[{"a":[1]},{"b":[1],"$or":[{"c":[1]},{"d":[1]}]}],"a":[1,2],"b":[1,2]}"#),
        ["a:2 b:2", "b:2 a:2 (c:1 | d:1)"]
    );
}

/// Returns a `$or` of `count` fields with this prefix, each with this value.
fn or(name: &str, count: usize, value: &str) -> String {
    let alternatives: Vec<String> = (0..count).map(|n| format!(r#"{{"{name}{n}":[{value}]}}"#)).collect();
    format!(r#""$or":[{}]"#, alternatives.join(","))
}

#[test]
fn expansion_fills_the_budget() {
    let parts =
        [or("a", 2, r#"{"exists":true}"#), or("b", 2, "1"), or("c", 2, r#"{"prefix":"x"}"#), or("d", 3, "1")];
    let pattern = format!("{{{}}}", parts.join(","));
    assert_eq!(expanded(&pattern, 24).len(), 24);
    // There are nine alternatives. Exact values come first, more alternatives before fewer, and
    // then the next best rank.
    for room in [1, 9, 11] {
        let branches = expanded(&pattern, room);
        assert_eq!((branches.len(), &*branches[0]), (6, "b0:1 d0:1 (a0:1 | a1:1) (c0:1 | c1:1)"), "{room}");
    }
    let branches = expanded(&pattern, 23);
    assert_eq!((branches.len(), &*branches[0]), (12, "b0:1 c0:1 d0:1 (a0:1 | a1:1)"));
    assert_eq!(factored(&pattern).len(), 1);
    // An inner `$or` comes after the `$or` around it.
    let nested =
        format!(r#"{{"$or":[{{{},{}}},{{"x":[1],{}}}]}}"#, or("a", 2, "1"), or("b", 2, "1"), or("c", 9, "1"));
    let branches = expanded(&nested, 1);
    assert_eq!(branches.len(), 13, "{branches:?}");
    let nested = format!(r#"{{"$or":[{{{},{}}},{{"x":[1]}}]}}"#, or("a", 3, "1"), or("b", 3, "1"));
    assert_eq!(expanded(&nested, 9)[0], "a0:1 (b0:1 | b1:1 | b2:1)");
    // Nothing inside a factored `$or` is expanded.
    let inside = format!(r#"{{"x":[1],{}}},{{"y":[1]}},{{"z":[1]}}"#, or("b", 2, "1"));
    let nested = format!(r#"{{{},"$or":[{inside}]}}"#, or("a", 4, "1"));
    assert_eq!(expanded(&nested, 1)[0], "a0:1 (x:1 (b0:1 | b1:1) | y:1 | z:1)");
    // There are five alternatives and six combinations.
    let branches = expanded(&format!("{{{},{}}}", or("a", 2, "1"), or("b", 3, "1")), 1);
    assert_eq!((branches.len(), &*branches[0]), (3, "b0:1 (a0:1 | a1:1)"));
    // A value comes before a prefix, in any spelling.
    for value in ["1", r#""x""#, r#"{"exactly":"x"}"#] {
        let pattern = format!("{{{},{}}}", or("a", 3, r#"{"prefix":"x"}"#), or("b", 3, value));
        assert_eq!(expanded(&pattern, 1)[0], "b0:1 (a0:1 | a1:1 | a2:1)", "{value}");
    }
}

#[test]
fn single_or_is_expanded_fully() {
    let long = format!(r#"{{"x":[1],{}}}"#, or("a", 1_000, "1"));
    assert_eq!(expanded(&long, EXPANSION_BUDGET).len(), 1_000);
    let nested: String = (0..200).map(|n| format!(r#"{{"$or":[{{"{n}":[1]}},"#)).collect();
    let nested = format!(r#"{nested}{{"x":[1]}}{}"#, "]}".repeat(200));
    assert_eq!(expanded(&nested, EXPANSION_BUDGET).len(), 201);
    let beside = format!(r#"{{"x":[1],{},{}}}"#, or("b", 2, "1"), or("a", 1_000, "1"));
    let branches = expanded(&beside, EXPANSION_BUDGET);
    assert_eq!((branches.len(), &*branches[7]), (1_000, "x:1 a7:1 (b0:1 | b1:1)"));
}

#[test]
fn factored_pattern_is_linear_in_its_text() {
    let ors: Vec<String> = (0..16).map(|n| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#)).collect();
    let pattern = format!("{{{}}}", ors.join(","));
    let pattern = Pattern::parse(&pattern).unwrap();
    let expansion = expand(&pattern, EXPANSION_BUDGET);
    assert_eq!((expansion.branches.len(), expansion.choices.len()), (32, 11));
    let expansion = expand(&pattern, 0);
    assert_eq!((expansion.branches.len(), expansion.choices.len()), (1, 16));
}
