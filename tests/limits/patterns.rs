//! The limits of patterns.

use std::time::{Duration, Instant};

use galop::error::Operator;
use galop::pattern::Pattern;
use galop::{Extensions, PatternLimits, RuleSet};
use galop_harness::kernel;

use super::{matches, repeated, rules};

/// Returns the code and the text at the place if the pattern is refused under the changed default
/// limits.
fn refused(pattern: &str, change: impl FnOnce(&mut PatternLimits)) -> Option<(&'static str, String)> {
    let mut limits = PatternLimits::default();
    change(&mut limits);
    refused_within(pattern, &limits)
}

fn refused_within(pattern: &str, limits: &PatternLimits) -> Option<(&'static str, String)> {
    let error = Pattern::parse_with(pattern, limits).err()?;
    Some((error.code(), pattern[error.span().start..error.span().end].to_owned()))
}

#[test]
fn values_of_a_field_are_limited() {
    for (list, third) in [
        ("[1,2,3]", "3"),
        (r#"["a",{"prefix":"b"},"c"]"#, r#""c""#),
        (r#"[1,2,{"exists":true}]"#, "{"),
        (r#"[{"anything-but":[1,2,3]}]"#, "3"),
        (r#"[{"anything-but":["a","b"]},"c"]"#, r#""c""#),
        (r#"[1,{"anything-but":{"prefix":["a","b"]}}]"#, r#""b""#),
        (r#"[1,[2],3]"#, ""),
    ] {
        let pattern = format!(r#"{{"x":[1,2],"a":{list}}}"#);
        let error = refused(&pattern, |limits| limits.values = 2);
        if third.is_empty() {
            assert_eq!(error.map(|error| error.0), Some("nested-list"), "the first fault is reported");
            continue;
        }
        assert_eq!(error, Some(("too-many-values", third.to_owned())), "{pattern}");
        assert_eq!(refused(&pattern, |limits| limits.values = 3), None, "{pattern}");
    }
    // The values are single digits. As many longer numbers would exceed the default length.
    for (limits, most) in [(PatternLimits::default(), 4_096), (PatternLimits::wide(), 65_536)] {
        let pattern = format!(r#"{{"a":[{}]}}"#, repeated(most, |n| (n % 10).to_string()));
        assert_eq!(refused_within(&pattern, &limits), None);
        let more = pattern.replace(']', r#","more"]"#);
        assert_eq!(refused_within(&more, &limits), Some(("too-many-values", r#""more""#.to_owned())));
    }
}

#[test]
fn stars_of_a_wildcard_are_limited() {
    let pattern = |text: &str| format!(r#"{{"a":[{{"wildcard":"x*"}},{{"wildcard":"{text}"}}]}}"#);
    for text in ["*b*c*", r"\\**\\*c*\\\\x*", "a*b*c*d", "é*\\u0061*\\ud83d\\ude00*"] {
        let third = refused(&pattern(text), |limits| limits.stars = 2);
        assert_eq!(third, Some(("too-many-stars", "*".to_owned())), "{text}");
        assert_eq!(refused(&pattern(text), |limits| limits.stars = 3), None, "{text}");
    }
    let error = Pattern::parse_with(br#"{"a":[{"wildcard":"\\**b\\*c*d"}]}"#, &{
        let mut limits = PatternLimits::default();
        limits.stars = 1;
        limits
    });
    assert_eq!(error.map_or_else(|error| Some(error.span().start), |_| None), Some(28));
    let excluded = r#"{"a":[{"anything-but":{"wildcard":["a*","*b*"]}}]}"#;
    assert_eq!(refused(excluded, |limits| limits.stars = 1), Some(("too-many-stars", "*".to_owned())));
    assert_eq!(refused(excluded, |limits| limits.stars = 2), None);
    for (limits, most) in [(PatternLimits::default(), 100), (PatternLimits::wide(), 1_000)] {
        assert_eq!(refused_within(&pattern(&"*x".repeat(most)), &limits), None);
        let error = refused_within(&pattern(&"*x".repeat(most + 1)), &limits);
        assert_eq!(error, Some(("too-many-stars", "*".to_owned())));
    }
}

#[test]
fn extensions_and_size_of_regexps() {
    let pattern = r#"{"a":["x",{"regexp":"a|b"}]}"#;
    let error = Some(("extension-not-allowed", r#""regexp""#.to_owned()));
    for limits in [PatternLimits::default(), PatternLimits::wide(), PatternLimits::aws()] {
        assert_eq!(refused_within(pattern, &limits), error);
    }
    assert_eq!(refused(pattern, |limits| limits.extensions = Extensions::REGEXP), None);
    let others = |limits: &mut PatternLimits| limits.extensions = Extensions::NONE.with(Operator::Prefix);
    assert_eq!(refused(pattern, others), error, "an operator that is no extension allows none");

    // All expressions of a pattern share the limit.
    let two = r#"{"a":[{"regexp":"a{50}"}],"b":[{"regexp":"b{50}"}]}"#;
    let within = |size: usize| {
        refused(two, |limits| (limits.extensions, limits.regexp_size) = (Extensions::ALL, size))
    };
    let least =
        (0..1 << 18).step_by(256).find(|&size| within(size).is_none()).expect("the default is enough");
    assert_eq!(within(least - 256), Some(("regexp-too-large", r#""b{50}""#.to_owned())));
    assert_eq!(within(least / 3), Some(("regexp-too-large", r#""a{50}""#.to_owned())));
    assert_eq!(within(0), Some(("regexp-too-large", r#""a{50}""#.to_owned())));
}

/// Expressions that take long to compile are refused before they are compiled.
#[test]
fn regexps_compile_in_bounded_time() {
    let start = Instant::now();
    // Each entry of the table visits all empty branches.
    let empty = format!("(a|c(b{}){{10}})*a(a|c){{12}}", "|".repeat(10_000));
    for text in [
        &empty[..],
        "(a|b)*a(a|b){60}",
        "((.{1,99}){1,99}){1,99}",
        "(.*.*.*.*x){20}",
        r"(\\p{L}|\\p{N}|x){99}",
    ] {
        let pattern = format!(r#"{{"a":[{{"regexp":"{text}"}}]}}"#);
        let error = refused(&pattern, |limits| limits.extensions = Extensions::ALL);
        assert!(error.is_none_or(|error| error.0 == "regexp-too-large"), "{text}");
    }
    let many = format!(r#"{{"a":[{}]}}"#, repeated(400, |n| format!(r#"{{"regexp":"\\p{{L}}+{n}"}}"#)));
    let error = refused(&many, |limits| limits.extensions = Extensions::ALL);
    assert_eq!(error.map(|error| error.0), Some("regexp-too-large"));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// An expression as long as the wide limits allow is read in bounded time.
#[test]
fn long_regexps_are_read_in_bounded_time() {
    // Characters apart from each other, in descending order: no two of them are one range.
    let class: String = ('\u{20000}'..='\u{10FFFF}').rev().step_by(2).take(200_000).collect();
    for text in [
        format!("[{class}]"),
        format!("[{}]", r"\\p{Lu}".repeat(100_000)),
        format!("({})", "a|".repeat(300_000)),
        "(ab|a)".repeat(100_000),
        "a?".repeat(300_000),
        "a{9}".repeat(200_000),
        format!("(a|c(b{}){{10}})*a(a|c){{14}}", "|d".repeat(300_000)),
        format!("(a|c(b{}){{10}})*a(a|c){{14}}", "|d?".repeat(20_000)),
        r"\\p{L}".repeat(140_000),
        format!("{}{}", "(".repeat(17), "a)".repeat(200_000)),
    ] {
        let start = Instant::now();
        let mut limits = PatternLimits::wide();
        limits.extensions = Extensions::ALL;
        _ = refused_within(&format!(r#"{{"a":[{{"regexp":"{text}"}}]}}"#), &limits);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", text.chars().take(12).collect::<String>());
    }
}

/// A lookup in the table for each byte counts as a step, unless the ends of a value show the result.
#[test]
fn regexps_take_work_in_proportion_to_the_value() {
    let mut limits = PatternLimits::default();
    limits.extensions = Extensions::ALL;
    let mut rules = RuleSet::with_limits(limits);
    rules.add(r#"{"a":[{"regexp":"(x|y|xy)*z"}]}"#).expect("the pattern is valid");
    let matcher = kernel::builder()
        .event_limits(kernel::event_limits(|it| it.work = 5_000))
        .build(&rules)
        .expect("one rule compiles");
    let code = |event: String| matches(&matcher, &event).map_err(|error| error.code());
    assert_eq!(code(format!(r#"{{"a":"{}z"}}"#, "xy".repeat(2_000))), Ok(1));
    assert_eq!(code(format!(r#"{{"a":"{}z"}}"#, "xy".repeat(3_000))), Err("too-much-work"));
    assert_eq!(code(format!(r#"{{"a":"{}"}}"#, "xy".repeat(3_000))), Ok(0));
}

#[test]
fn nesting_of_a_pattern_is_limited() {
    // The list of alternatives is a level too.
    let nested = |levels: usize| format!("{}[1]{}", r#"{"a":"#.repeat(levels - 1), "}".repeat(levels - 1));
    let most = PatternLimits::MAX_DEPTH;
    assert_eq!(refused(&nested(most), |_| {}), None);
    assert_eq!(refused(&nested(most + 1), |_| {}), Some(("too-deep", "[".to_owned())));
    let error = refused(&nested(most + 1), |limits| limits.depth = usize::MAX);
    assert_eq!(error, Some(("too-deep", "[".to_owned())), "no limit is above the highest");
    assert_eq!(refused(&nested(7), |limits| limits.depth = 7), None);
    assert_eq!(refused(&nested(8), |limits| limits.depth = 7), Some(("too-deep", "[".to_owned())));
}

#[test]
fn length_fields_and_combinations_of_a_pattern_are_limited() {
    let pattern = r#"{"a":[1],"$or":[{"b":[1]},{"c":[1]}]}"#;
    assert_eq!(refused(pattern, |limits| limits.length = pattern.len()), None);
    let error = refused(pattern, |limits| limits.length = pattern.len() - 1);
    assert_eq!(error, Some(("pattern-too-long", "}".to_owned())));
    for (limits, most) in [(PatternLimits::default(), 1 << 14), (PatternLimits::wide(), 1 << 20)] {
        let padded = format!("{pattern}{}", " ".repeat(most - pattern.len()));
        assert_eq!(refused_within(&padded, &limits), None);
        let error = refused_within(&format!("{padded} "), &limits);
        assert_eq!(error, Some(("pattern-too-long", " ".to_owned())));
    }
    assert_eq!(refused(pattern, |limits| limits.fields = 2), None);
    assert_eq!(refused(pattern, |limits| limits.fields = 1), Some(("too-many-fields", r#""b""#.to_owned())));
    assert_eq!(refused(pattern, |limits| limits.combinations = 2), None);
    let error = refused(pattern, |limits| limits.combinations = 1);
    assert_eq!(error.map(|error| error.0), Some("too-many-combinations"));
    // An overwritten field counts once, however often it is written.
    let pattern = r#"{"a":[1],"$or":[{"a":[2]},{"b":[1],"c":[1]}]}"#;
    assert_eq!(refused(pattern, |limits| limits.fields = 3), None);
    assert_eq!(refused(pattern, |limits| limits.fields = 2), Some(("too-many-fields", r#""c""#.to_owned())));
    // All limits at once.
    let pattern = r#"{"$or":[{"a":[1],"b":[1]},{"c":[1],"d":[1]}]}"#;
    assert_eq!(refused(pattern, |limits| (limits.combinations, limits.fields) = (2, 2)), None);
    let fields = |count: usize| format!("{{{}}}", repeated(count, |n| format!(r#""{n}":[1]"#)));
    assert_eq!(refused(&fields(256), |_| {}), None);
    assert_eq!(refused(&fields(257), |_| {}), Some(("too-many-fields", r#""256""#.to_owned())));
    let or = |n: usize| format!(r#""$or":[{}]"#, repeated(2, |m| format!(r#"{{"{n}":[{m}]}}"#)));
    let doubled = |count: usize| format!("{{{}}}", repeated(count, or));
    assert_eq!(refused(&doubled(16), |_| {}), None);
    assert_eq!(refused(&doubled(17), |_| {}).map(|error| error.0), Some("too-many-combinations"));
}

/// A path that is also written outside of a `$or` makes a branch of each combination.
#[test]
fn expanded_branches_are_limited() {
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}],"a{n}":[0]"#);
    let twice = |count: usize| format!("{{{}}}", repeated(count, or));
    let error = Some(("too-many-branches", r#""$or""#.to_owned()));
    for (count, branches) in [(1, 2), (2, 4), (7, 128)] {
        let pattern = twice(count);
        assert_eq!(refused(&pattern, |limits| limits.branches = branches), None);
        assert_eq!(refused(&pattern, |limits| limits.branches = branches - 1), error);
        // The compiled set has as many branches.
        let matcher = kernel::matcher(&rules(&[&pattern])).expect("one rule compiles");
        assert_eq!(matcher.stats().branches, branches);
    }
    assert_eq!(refused(&twice(9), |_| {}), None);
    assert_eq!(refused(&twice(10), |_| {}), error);
    assert_eq!(
        refused_within(&twice(10), &PatternLimits::aws()).map(|error| error.0),
        Some("too-many-combinations")
    );
    assert_eq!(refused_within(&twice(16), &PatternLimits::wide()), None);
    // The error is at the first `$or` that crosses the limit, and has the text for people.
    let text = twice(10);
    let found = Pattern::parse(&text).expect_err("too many branches");
    assert_eq!(Some(found.span().start), text.rfind(r#""$or""#));
    assert!(found.help().is_some_and(|help| help.contains("outside of it as well")));
    // Without repeated paths there are as many combinations, and none is expanded.
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#);
    assert_eq!(refused(&format!("{{{}}}", repeated(16, or)), |limits| limits.branches = 1), None);
    // Inside an alternative of an unexpanded `$or` the branches multiply as well. The alternatives
    // add up.
    let inside = |count: usize| format!(r#"{{"$or":[{},{{"z":[1]}},{}]}}"#, twice(count), twice(count));
    assert_eq!(refused(&inside(3), |limits| limits.branches = 15), None);
    assert_eq!(refused(&inside(3), |limits| limits.branches = 14), error);
    assert_eq!(refused(&inside(9), |_| {}), error);
}

/// Patterns of a megabyte whose expanded paths or branches would take gigabytes.
#[test]
fn lengths_of_paths_are_limited() {
    let long = |length: usize, fields: usize| {
        let fields = repeated(fields, |n| format!(r#"{{"{n:05}":[1]}}"#));
        format!(r#"{{"{}":{{"$or":[{fields}]}}}}"#, "x".repeat(length))
    };
    let error = refused_within(&long(500_000, 30_000), &PatternLimits::wide());
    assert_eq!(error, Some(("paths-too-long", r#""00008""#.to_owned())));
    let error = refused(&long(10_000, 100), |_| {});
    assert_eq!(error, Some(("paths-too-long", r#""00026""#.to_owned())));
    assert_eq!(refused(&long(10, 3), |limits| limits.paths = 45), None);
    let error = refused(&long(10, 3), |limits| limits.paths = 44);
    assert_eq!(error, Some(("paths-too-long", r#""00002""#.to_owned())));

    // Every field is written into every branch, and overwrites the previous field.
    let ors = repeated(16, |n| format!(r#""$or":[{{"{n}":[1]}},{{"{n}":[2]}}]"#));
    let rewritten = format!("{{{ors},{}}}", repeated(100_000, |_| r#""a":[1]"#.to_owned()));
    let error = refused_within(&rewritten, &PatternLimits::wide());
    assert_eq!(error, Some(("too-many-fields", r#""a""#.to_owned())));
    let once = format!(r#"{{{ors},"a":[1],"a":[2]}}"#);
    assert_eq!(refused(&once, |_| {}), None);
}

/// The number of combinations is astronomical, but no path is repeated, so none is expanded. The
/// fields are counted.
#[test]
fn unexpanded_combinations_count_their_fields() {
    let set = |limits: &mut PatternLimits| (limits.combinations, limits.fields) = (usize::MAX, 60);
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1],"c{n}":[1]}}]"#);
    let pattern = |count: usize, more: &str| format!("{{{}{more}}}", repeated(count, or));
    assert_eq!(refused(&pattern(30, ""), set), None);
    assert_eq!(refused(&pattern(30, r#","z":[1]"#), set), Some(("too-many-fields", r#""z""#.to_owned())));
    assert_eq!(refused(&pattern(31, ""), set), Some(("too-many-fields", r#""a30""#.to_owned())));
    let nested = |more: &str| format!(r#"{{"x":[1],"$or":[{{"y":[1]}},{}]}}"#, pattern(29, more));
    assert_eq!(refused(&nested(r#","z":[1]"#), set), None);
    let error = refused(&nested(r#","z":[1],"zz":[1]"#), set);
    assert_eq!(error, Some(("too-many-fields", r#""zz""#.to_owned())));
    assert_eq!(
        refused(&pattern(64, ""), |limits| limits.combinations = usize::MAX).map(|error| error.0),
        Some("too-many-combinations")
    );
    let mut limits = PatternLimits::default();
    limits.combinations = usize::MAX;
    let mut set = RuleSet::with_limits(limits);
    set.add(&pattern(60, "")).expect("the pattern is within the limits");
    assert_eq!(galop::lint::lint(&set), []);
    let matcher = kernel::matcher(&set).expect("one rule compiles");
    let event =
        |n: usize| if n.is_multiple_of(3) { format!(r#""a{n}":1"#) } else { format!(r#""b{n}":1,"c{n}":1"#) };
    assert_eq!(matches(&matcher, &format!("{{{}}}", repeated(60, event))), Ok(1));
    assert_eq!(matches(&matcher, &format!("{{{}}}", repeated(59, event))), Ok(0));
}

/// Unexpanded `$or`s take memory too, and the memory is counted.
#[test]
fn unexpanded_combinations_count_as_memory() {
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}},{{"c{n}":[1]}}]"#);
    let rule = format!("{{{}}}", repeated(10, or));
    for count in [1, 100] {
        let set = rules(&vec![&*rule; count]);
        let usage = kernel::matcher(&set).expect("the rules compile").memory_usage();
        let is_enough = |size: usize| kernel::builder().size_limit(size).build(&set).is_ok();
        assert!(!is_enough(usage - 1), "{count} {usage}");
        assert!(is_enough(usage), "{count} {usage}");
    }
}
