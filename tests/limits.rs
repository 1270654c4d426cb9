//! Every limit: a case at the limit passes, and a case one past it is refused with the code of the
//! limit and the place.
//!
//! `properties` tests the laws of limits with other sets and events. The tests here show the
//! figures, the defaults included.

use std::time::{Duration, Instant};

use galop::error::Operator;
use galop::pattern::Pattern;
use galop::tuning::Kernel;
use galop::{EventError, Extensions, Matcher, MatcherBuilder, PatternLimits, RuleSet, Scratch};
use galop_harness::kernel;

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

/// Returns `count` items, separated by commas.
fn repeated(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn rules(patterns: &[&str]) -> RuleSet {
    let mut rules = RuleSet::new();
    for pattern in patterns {
        rules.add(pattern).expect("the pattern is valid");
    }
    rules
}

/// Returns the number of rules that an event matches.
fn matches(matcher: &Matcher, event: &str) -> Result<usize, EventError> {
    matcher.matches(&mut Scratch::new(), event.as_bytes()).map(<[_]>::len)
}

/// Tests a limit of a builder with an event at the limit and an event one past it. The place is
/// that of the text in the event.
fn event_limit(
    pattern: &str,
    set: impl Fn(&mut MatcherBuilder),
    at: &str,
    past: &str,
    code: &str,
    place: &str,
) {
    for (trusted, distinct) in [(false, false), (true, false), (true, true)] {
        let mut builder = kernel::builder();
        builder.trusted(trusted).distinct_names(distinct);
        set(&mut builder);
        let matcher = builder.build(&rules(&[pattern])).expect("one rule compiles");
        assert!(matches(&matcher, at).is_ok(), "at the limit of {code}: {at:.200}");
        let error = matches(&matcher, past).expect_err("past the limit");
        assert_eq!(error.code(), code, "{past:.200}");
        assert_eq!(&past[error.offset().expect("a place")..][..place.len()], place, "{code}, {past:.200}");
    }
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

    // The limit is that of all expressions of a pattern together.
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
    for text in ["(a|b)*a(a|b){60}", "((.{1,99}){1,99}){1,99}", "(.*.*.*.*x){20}", r"(\\p{L}|\\p{N}|x){99}"] {
        let pattern = format!(r#"{{"a":[{{"regexp":"{text}"}}]}}"#);
        let error = refused(&pattern, |limits| limits.extensions = Extensions::ALL);
        assert!(error.is_none_or(|error| error.0 == "regexp-too-large"), "{text}");
    }
    let many = format!(r#"{{"a":[{}]}}"#, repeated(400, |n| format!(r#"{{"regexp":"\\p{{L}}+{n}"}}"#)));
    let error = refused(&many, |limits| limits.extensions = Extensions::ALL);
    assert_eq!(error.map(|error| error.0), Some("regexp-too-large"));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// A look at the table for each byte counts as a step, unless the ends of a value tell enough.
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

#[test]
fn rules_of_a_set_are_limited() {
    let set = rules(&[r#"{"a":[1]}"#; 3]);
    assert!(kernel::builder().rule_limit(3).build(&set).is_ok());
    let error = kernel::builder().rule_limit(2).build(&set).expect_err("a rule too many");
    assert_eq!((error.code(), error.rule().expect("a rule").as_usize()), ("too-many-rules", 2));
    assert!(kernel::builder().rule_limit(0).build(&RuleSet::new()).is_ok());
}

/// Each machine lacks some kernel: none has the vectors of both x86-64 and AArch64.
#[test]
fn missing_kernels_are_errors() {
    let set = rules(&[r#"{"a":[1]}"#]);
    let missing: Vec<_> = Kernel::ALL.into_iter().filter(|kernel| !kernel.is_available()).collect();
    assert!(!missing.is_empty());
    for kernel in missing {
        let mut builder = kernel::builder();
        let error = builder.kernel(kernel).build(&set).expect_err("there is no such kernel");
        assert_eq!((error.code(), error.rule()), ("kernel-unavailable", None));
        assert_eq!(error.to_string(), format!("{} [kernel-unavailable]", error.kind()));
        let (matcher, errors) = builder.rule_limit(0).build_within_limits(&set);
        assert_eq!(
            errors.iter().map(|error| error.code()).collect::<Vec<_>>(),
            [error.code(), "too-many-rules"]
        );
        assert_eq!(matcher.kernel(), Kernel::Portable);
        assert_eq!(matches(&matcher, r#"{"a":1}"#), Ok(0));
    }
}

#[test]
fn leaves_of_an_event_are_limited() {
    let limit = |most: usize| {
        move |builder: &mut MatcherBuilder| {
            _ = builder.event_limits(kernel::event_limits(|it| it.leaves = most))
        }
    };
    let code = "too-many-leaves";
    let pattern = r#"{"a":[1],"b":{"c":[1]}}"#;
    event_limit(pattern, limit(2), r#"{"a":1,"b":{"c":2}}"#, r#"{"a":[1,2],"b":{"c":"x"}}"#, code, r#""x"#);
    // Values on paths that no rule names do not count.
    event_limit(pattern, limit(1), r#"{"z":[1,2,3],"a":1}"#, r#"{"z":[1,2,3],"a":[1,null]}"#, code, "null");
    event_limit(pattern, limit(0), "{}", r#"{"z":0,"b":{"d":1,"c":true}}"#, code, "true");
    let array = |count: usize| format!(r#"{{"a":[{}]}}"#, vec!["0"; count].join(","));
    let matcher = kernel::builder()
        .event_limits(kernel::event_limits(|it| it.elements = usize::MAX))
        .build(&rules(&[pattern]))
        .expect("one rule compiles");
    assert_eq!(matches(&matcher, &array(1 << 20)), Ok(0));
    let error = matches(&matcher, &array((1 << 20) + 1)).map_err(|error| (error.code(), error.offset()));
    assert_eq!(error, Err((code, Some(6 + (2 << 20)))));
}

#[test]
fn elements_of_an_event_are_limited() {
    let limit = |most: usize| {
        move |builder: &mut MatcherBuilder| {
            _ = builder.event_limits(kernel::event_limits(|it| it.elements = most))
        }
    };
    let code = "too-many-elements";
    let pattern = r#"{"a":[1],"b":{"c":[1]}}"#;
    event_limit(
        pattern,
        limit(2),
        r#"{"a":[1,2],"b":{"c":2}}"#,
        r#"{"a":[1,2],"b":{"c":["x"]}}"#,
        code,
        r#""x"#,
    );
    // Elements may be of any kind, and on paths that lead on.
    event_limit(pattern, limit(3), r#"{"b":[{},[7]]}"#, r#"{"b":[{},[7],null]}"#, code, "null");
    event_limit(
        pattern,
        limit(1),
        r#"{"b":[{"c":1,"d":[1,2]}]}"#,
        r#"{"b":[{"c":1},{"c":2}]}"#,
        code,
        r#"{"c":2"#,
    );
    event_limit(pattern, limit(0), r#"{"z":[1,2,3],"a":[]}"#, r#"{"z":[1,2,3],"a":[[]]}"#, code, "[]]");
    let array = |count: usize| format!(r#"{{"b":[{}]}}"#, vec!["0"; count].join(","));
    let matcher = kernel::matcher(&rules(&[pattern])).expect("one rule compiles");
    assert_eq!(matches(&matcher, &array(1 << 20)), Ok(0));
    let error = matches(&matcher, &array((1 << 20) + 1)).map_err(|error| (error.code(), error.offset()));
    assert_eq!(error, Err((code, Some(6 + (2 << 20)))));
}

#[test]
fn first_fault_of_an_event_is_reported() {
    let mut builder = kernel::builder();
    builder.event_limits(kernel::event_limits(|it| (it.leaves, it.elements, it.depth) = (1, 2, 3)));
    let matcher = builder.build(&rules(&[r#"{"a":[1]}"#])).expect("one rule compiles");
    for (event, code) in [
        (r#"{"a":[1,2,}"#, "too-many-leaves"),
        (r#"{"a":[1,]}"#, "unexpected-character"),
        (r#"{"a":[[],[],[[[]]]]}"#, "too-many-elements"),
        (r#"{"a":[[[]],[],[]]}"#, "too-deep"),
        ("{\"a\":[1,2],\"\u{1}\":1}", "too-many-leaves"),
        ("{\"\u{1}\":1,\"a\":[1,2]}", "control-character"),
    ] {
        assert_eq!(matches(&matcher, event).map_err(|error| error.code()), Err(code), "{event}");
    }
}

#[test]
fn length_and_nesting_of_an_event_are_limited() {
    let set = |builder: &mut MatcherBuilder| {
        _ = builder.event_limits(kernel::event_limits(|it| (it.length, it.depth) = (9, 2)))
    };
    let pattern = r#"{"a":[1]}"#;
    event_limit(pattern, set, r#"{"a":[7]}"#, r#"{"a":[7]} "#, "event-too-long", " ");
    event_limit(pattern, set, r#"{"a":[]}"#, r#"{"a":[[]}"#, "too-deep", "[]}");
    let nested = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    event_limit(pattern, |_| {}, &nested(1_000), &nested(1_001), "too-deep", "[]");
}

/// Events with the most possible work: the error comes soon, and memory is bounded.
#[test]
fn work_of_an_event_is_limited() {
    let number = |n: usize| n.to_string();
    let every_element = |count: usize| {
        let element = |n: usize| if n.is_multiple_of(2) { r#"{"c":1}"# } else { r#"{"b":""}"# }.to_owned();
        format!(r#"{{"a":[{}]}}"#, repeated(count, element))
    };
    let numbers = |path: &str, count: usize| format!(r#""{path}":[{}]"#, vec!["0"; count].join(","));
    let patterns =
        |count: usize, pattern: &dyn Fn(usize) -> String| (0..count).map(pattern).collect::<Vec<_>>();
    let paths = repeated(30, |n| format!(r#""p{n}":2"#));
    for (name, patterns, event) in [
        // Each list of alternatives is tested with each element.
        (
            "elements and field tests",
            patterns(1_000, &|n| format!(r#"{{"a":{{"b":[{{"anything-but":{n}}}],"c":[1]}}}}"#)),
            every_element(10_000),
        ),
        // Each group reads all values of the path.
        (
            "values and groups",
            patterns(3_000, &|n| {
                format!(r#"{{"a":[{{"numeric":["<",-{n}]}}],"p{}":[{{"anything-but":1}}]}}"#, n % 30)
            }),
            format!("{{{},{paths}}}", numbers("a", 10_000)),
        ),
        // For each value, one bit per test is computed.
        (
            "values and tests",
            patterns(2_000, &|n| format!(r#"{{"a":[{{"numeric":[">",{n}.5]}}]}}"#)),
            format!("{{{}}}", numbers("a", 50_000)),
        ),
        // Each value passes the filters of most wildcards.
        (
            "values and wildcards",
            patterns(1_000, &|n| {
                let letter = |at: u32| char::from(b'a' + (n >> (4 * at) & 15) as u8);
                format!(r#"{{"a":[{{"wildcard":"*{}*{}*{}*"}}]}}"#, letter(0), letter(1), letter(2))
            }),
            format!(r#"{{"a":[{}]}}"#, repeated(1_000, |_| format!(r#""{}""#, "abcdefghijklmnop".repeat(3)))),
        ),
        // The search for consistent elements has to try pairs of elements.
        (
            "pairs of elements",
            patterns(200, &|n| format!(r#"{{"a":{{"b":[{n},1],"c":[{n},1],"d":[{n},1],"e":[{n},1]}}}}"#)),
            format!(
                r#"{{"a":[{}]}}"#,
                repeated(10_000, |n| {
                    let (one, other) = [("b", "c"), ("c", "d"), ("d", "e"), ("e", "b")][n % 4];
                    format!(r#"{{"{one}":1,"{other}":1}}"#)
                })
            ),
        ),
        // For fourteen choices, each element can satisfy all but one choice, in thousands of ways.
        (
            "combinations of alternatives",
            patterns(1, &|_| {
                let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#);
                format!(r#"{{"a":{{{}}}}}"#, repeated(14, or))
            }),
            format!(
                r#"{{"a":[{}]}}"#,
                repeated(14, |without| {
                    let name = |n: usize| if n == without { "z" } else { "" };
                    format!("{{{}}}", repeated(14, |n| format!(r#""a{n}{0}":1,"b{n}{0}":1"#, name(n))))
                })
            ),
        ),
    ] {
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        let set = rules(&patterns);
        // A hundredth of the default, because tests are not optimised and run in parallel.
        let matcher = kernel::builder()
            .event_limits(kernel::event_limits(|it| it.work = 1_000_000))
            .build(&set)
            .expect("the rules compile");
        let mut scratch = Scratch::new();
        let start = Instant::now();
        let error = matcher.is_match(&mut scratch, event.as_bytes()).expect_err(name);
        assert!(start.elapsed() < Duration::from_secs(30), "{name}: {:?}", start.elapsed());
        assert_eq!(error.code(), "too-much-work", "{name}");
        let memory = scratch.memory_usage();
        assert!(memory < 16 << 20, "{name}: {memory} bytes of scratch for {} bytes of event", event.len());
        // The same scratch can be used for other events.
        assert_eq!(
            matcher.is_match(&mut scratch, number(7).as_bytes()).map_err(|error| error.code()),
            Err("root-not-object")
        );
        assert_eq!(matcher.is_match(&mut scratch, b"{}"), Ok(false), "{name}");
    }
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

/// A work limit one below the work of an event gives the error. A limit equal to the work gives the
/// result.
#[test]
fn work_is_counted_exactly() {
    let set = rules(&[r#"{"l":{"a":[1],"b":[2]}}"#]);
    let event = r#"{"l":[{"a":1},{"b":2},{"a":1},{"b":2}]}"#;
    let within = |steps: u64| {
        let matcher = kernel::builder()
            .event_limits(kernel::event_limits(|it| it.work = steps))
            .build(&set)
            .expect("one rule compiles");
        matches(&matcher, event).map_err(|error| error.code())
    };
    let least = (0..10_000).find(|&steps| within(steps).is_ok()).expect("a few elements are little work");
    assert!(least > 0, "a search takes steps");
    assert_eq!(within(least), Ok(0));
    assert_eq!(within(least - 1), Err("too-much-work"));
    // The scratch reports the number of steps, also for an event that exceeds the limit. It reports
    // zero for an event that is not read.
    let (mut scratch, mut builder) = (Scratch::new(), kernel::builder());
    let matcher = builder.build(&set).expect("one rule compiles");
    assert_eq!(matcher.matches(&mut scratch, event.as_bytes()).map(<[_]>::len), Ok(0));
    assert_eq!(scratch.steps(), least);
    let matcher = builder
        .event_limits(kernel::event_limits(|it| it.work = least / 2))
        .build(&set)
        .expect("one rule compiles");
    matcher.matches(&mut scratch, event.as_bytes()).expect_err("the limit is exceeded");
    assert!((least / 2 + 1..=least).contains(&scratch.steps()));
    matcher.matches(&mut scratch, b"{").expect_err("the event is cut short");
    assert_eq!(scratch.steps(), 0);
    // For elements, choices cost the same at every place in their rule, apart from the steps to
    // another branch.
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#);
    let rule = |path: &str| format!(r#"{{"{path}":{{{}}}}}"#, repeated(6, or));
    let event = format!(r#"{{"l":[{{{}}},{{"b5":1}}]}}"#, repeated(5, |n| format!(r#""a{n}":1"#)));
    let least = |patterns: &[&str]| {
        let (set, mut builder) = (rules(patterns), kernel::builder());
        let mut within = |steps: u64| {
            let matcher = builder
                .event_limits(kernel::event_limits(|it| it.work = steps))
                .build(&set)
                .expect("few rules compile");
            matches(&matcher, &event).map_err(|error| error.code())
        };
        assert_eq!(within(0), Err("too-much-work"));
        (0..10_000).find(|&steps| within(steps) == Ok(0)).expect("a few elements are little work")
    };
    let (alone, beside) = (least(&[&rule("l")]), least(&[&rule("k"), &rule("l")]));
    assert!((alone..alone + 50).contains(&beside), "{alone} {beside}");
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

#[test]
fn nesting_of_skipped_values_is_limited_unless_trusted() {
    let deep = |name: &str, levels: usize| {
        format!(r#"{{"a":1,"{name}":{{"y":{}{}}}}}"#, "[".repeat(levels - 2), "]".repeat(levels - 2))
    };
    let rules = rules(&[r#"{"a":[1]}"#, r#"{"b":[1]}"#]);
    for (trusted, distinct) in [(false, false), (true, false), (true, true)] {
        let matcher = kernel::builder().trusted(trusted).distinct_names(distinct).build(&rules);
        let matcher = matcher.expect("two rules compile");
        // No rule looks into an object at `b`, although a rule tests values there.
        for name in ["x", "b"] {
            assert_eq!(matches(&matcher, &deep(name, 1_000)), Ok(1));
            let past = matches(&matcher, &deep(name, 1_001)).map_err(|error| error.code());
            assert_eq!(past, if trusted { Ok(1) } else { Err("too-deep") }, "{name} {trusted} {distinct}");
        }
    }
}
